"""An ensemble folder as it was written, and what can be asked of it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from startex.foundation.errors import StoreError, UsageError, did_you_mean

if TYPE_CHECKING:
    from startex.ensemble.comparison import Comparison
    from startex.ensemble.effects import Sensitivity
    from startex.ensemble.summary import Summary

Float64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

FILE = "ensemble.json"
FORMAT = 1

_COLUMNS = {
    "design.parquet": ("run", "variant", "replication", "seed", "policy"),
    "measures.parquet": ("run", "measure", "key", "value", "unit"),
    "failures.parquet": ("run", "attempt", "error", "detail"),
}


def is_ensemble(folder: str | Path) -> bool:
    """Tell whether a folder holds an ensemble."""
    return (Path(folder) / FILE).is_file()


def open_ensemble(folder: str | Path) -> Ensemble:
    """Return the ensemble in a folder.

    Raises
    ------
    StoreError
        If there is none, or it cannot be read.
    """
    path = Path(folder)
    try:
        header = json.loads((path / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        found = "no such folder" if not path.exists() else f"it has no {FILE}"
        raise StoreError(f"{folder} holds no ensemble: {found}.") from error
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise StoreError(
            f"{path / FILE} cannot be read ({error}). Run the ensemble again."
        ) from error
    if not isinstance(header, dict) or not isinstance(header.get("design"), dict):
        raise StoreError(f"{path / FILE} has no 'design'. Run the ensemble again.")
    if header.get("format") != FORMAT:
        raise StoreError(
            f"{folder}: the ensemble has format {header.get('format')!r}; this version reads "
            f"format {FORMAT}. Use the version that wrote it, or run the ensemble again."
        )
    return Ensemble(path, header)


def _table(folder: Path, name: str) -> pa.Table:
    path = folder / name
    try:
        table = pq.read_table(path)
    except FileNotFoundError as error:
        raise StoreError(f"{folder}: {name} is missing. Run the ensemble again.") from error
    except (OSError, pa.ArrowException) as error:
        raise StoreError(f"{path} cannot be read ({error}). Run the ensemble again.") from error
    missing = [column for column in _COLUMNS[name] if column not in table.column_names]
    if missing:
        raise StoreError(f"{path} has no column {', '.join(missing)}. Run the ensemble again.")
    return table


@dataclass(frozen=True, slots=True)
class Factor:
    """What the design varied.

    Attributes
    ----------
    name
        As the design calls it.
    unit
        Of its values; empty for words.
    numbers
        Its values by row of the design, shape (runs,); None for a factor of words.
    words
        The same as words, for every kind.
    about
        What ``ensemble.json`` says of it.
    """

    name: str
    unit: str
    numbers: Float64 | None
    words: tuple[str, ...]
    about: Mapping[str, Any]

    @property
    def varies(self) -> bool:
        """Whether it takes more than one value."""
        return len(set(self.words)) > 1


class Ensemble:
    """The tables of an ensemble; nothing in it is ever changed.

    Parameters
    ----------
    folder
        The ensemble folder.
    header
        Contents of ``ensemble.json``.

    Attributes
    ----------
    design
        One row a run, as in ``design.parquet``, sorted by run.
    measures
        One row a run and measure, as in ``measures.parquet``.
    failures
        As in ``failures.parquet``; empty where nothing failed.
    """

    def __init__(self, folder: Path, header: dict[str, Any]) -> None:
        self.folder = folder
        self.header = header
        self.design: pa.Table = _table(folder, "design.parquet").sort_by("run")
        self.measures: pa.Table = _table(folder, "measures.parquet")
        if (folder / "failures.parquet").exists():
            self.failures: pa.Table = _table(folder, "failures.parquet")
        else:
            names = _COLUMNS["failures.parquet"]
            self.failures = pa.table({name: pa.array([], "string") for name in names})
        self._row = {run: row for row, run in enumerate(self._column("run").tolist())}

    def _column(self, name: str) -> npt.NDArray[np.int64]:
        found: npt.NDArray[np.int64] = self.design.column(name).to_numpy().astype(np.int64)
        return found

    @property
    def title(self) -> str:
        """What the exercise is called."""
        return str(self.header.get("title") or self.header.get("scenario") or self.folder.name)

    @property
    def plan(self) -> dict[str, Any]:
        """The design as it was resolved: kind, factors, measures, conclusions."""
        plan: dict[str, Any] = self.header["design"]
        return plan

    @property
    def common(self) -> bool:
        """Whether the same replication has the same random numbers at every design point."""
        return bool(self.plan.get("common_random_numbers"))

    @cached_property
    def variant(self) -> npt.NDArray[np.int64]:
        """Design point of each row of the design, shape (runs,)."""
        return self._column("variant")

    @cached_property
    def seed(self) -> npt.NDArray[np.int64]:
        """Seed of each row of the design, shape (runs,)."""
        return self._column("seed")

    @cached_property
    def replication(self) -> npt.NDArray[np.int64]:
        """Replication of each row of the design, shape (runs,)."""
        return self._column("replication")

    @cached_property
    def point(self) -> npt.NDArray[np.int64]:
        """Number of each row's combination of factors, whatever its policy, shape (runs,)."""
        names = [name for name in self.design.column_names if name.startswith("factor:")]
        if not names:
            return self.variant
        number: dict[tuple[Any, ...], int] = {}
        rows = zip(*(self.design.column(name).to_pylist() for name in names), strict=True)
        return np.array([number.setdefault(row, len(number)) for row in rows], np.int64)

    @cached_property
    def role(self) -> tuple[str, ...]:
        """Role in a structured design, row by row; empty where it has none."""
        if "role" not in self.design.column_names:
            return ("",) * int(self.design.num_rows)
        words: list[str | None] = self.design.column("role").to_pylist()
        return tuple("" if word is None else word for word in words)

    @cached_property
    def block(self) -> npt.NDArray[np.int64]:
        """Block in a structured design, shape (runs,); -1 where it has none."""
        if "block" not in self.design.column_names:
            return np.full(self.design.num_rows, -1, np.int64)
        column = self.design.column("block").cast(pa.int64()).fill_null(-1)
        return np.asarray(column.to_numpy(), dtype=np.int64)

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """The factors in the order of the design; the policy too, if it varies by itself."""
        about = {str(one.get("name")): one for one in self.plan.get("factors", ())}
        found = []
        for column in self.design.column_names:
            if column.startswith("factor:"):
                name = column.removeprefix("factor:")
                found.append(_factor(name, self.design.column(column), about.get(name, {})))
        policy = _factor("policy", self.design.column("policy"), about.get("policy", {}))
        if policy.varies and not any(
            one.name == "policy" or one.words == policy.words for one in found
        ):
            found.append(policy)
        return tuple(found)

    @cached_property
    def done(self) -> Bool:
        """Which rows of the design have measures, shape (runs,)."""
        runs = pc.unique(self.measures.column("run")).to_pylist()
        there = np.zeros(self.design.num_rows, np.bool_)
        there[[self._row[run] for run in runs if run in self._row]] = True
        return there

    @cached_property
    def failed(self) -> tuple[dict[str, Any], ...]:
        """The last failed attempt of every run that has no measures, in the order of runs."""
        last: dict[int, dict[str, Any]] = {}
        for row in self.failures.sort_by(
            [("run", "ascending"), ("attempt", "ascending")]
        ).to_pylist():
            last[int(row["run"])] = row
        there = {run for run, row in self._row.items() if self.done[row]}
        return tuple(last[run] for run in sorted(last) if run not in there)

    @cached_property
    def _index(self) -> dict[tuple[str, str], tuple[npt.NDArray[np.int64], Float64, str]]:
        """Rows of the design, values and unit of each measure and key."""
        table = self.measures.sort_by(
            [("measure", "ascending"), ("key", "ascending"), ("run", "ascending")]
        )
        if not table.num_rows:
            return {}
        names, keys = (
            table.column(name).cast(pa.string()).fill_null("").combine_chunks().dictionary_encode()
            for name in ("measure", "key")
        )
        names, keys = _one(names), _one(keys)
        runs = table.column("run").to_numpy().astype(np.int64)
        order = np.full(int(max(runs.max(), max(self._row, default=0))) + 1, -1, np.int64)
        for run, row in self._row.items():
            order[run] = row
        values = table.column("value").cast(pa.float64()).to_numpy(zero_copy_only=False)
        units = table.column("unit").cast(pa.string())
        a = names.indices.to_numpy(zero_copy_only=False)
        b = keys.indices.to_numpy(zero_copy_only=False)
        cuts = np.flatnonzero((np.diff(a) != 0) | (np.diff(b) != 0)) + 1
        edges = [0, *cuts.tolist(), table.num_rows]
        found = {}
        for begin, end in itertools.pairwise(edges):
            name = str(names.dictionary[int(a[begin])].as_py())
            key = str(keys.dictionary[int(b[begin])].as_py())
            rows = order[runs[begin:end]]
            if (rows < 0).any():
                raise StoreError(
                    f"{self.folder}: measures.parquet has a run that design.parquet does not have."
                )
            found[name, key] = (rows, values[begin:end], str(units[begin].as_py() or ""))
        return found

    @cached_property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Every (measure, key), sorted."""
        return tuple(self._index)

    @cached_property
    def names_set(self) -> frozenset[tuple[str, str]]:
        """Every (measure, key)."""
        return frozenset(self._index)

    def keys(self, measure: str) -> tuple[str, ...]:
        """Return the keys of a measure, sorted; none where nothing is measured by that name."""
        return tuple(key for name, key in self._index if name == measure)

    def unit(self, measure: str, key: str = "") -> str:
        """Return the unit of a measure."""
        return self._find(measure, key)[2]

    def values(self, measure: str, key: str = "") -> Float64:
        """Return a measure by row of the design, shape (runs,); not a number where undefined.

        Raises
        ------
        UsageError
            If nothing is measured by that name.
        """
        rows, found, _ = self._find(measure, key)
        values = np.full(self.design.num_rows, np.nan)
        values[rows] = found
        return values

    def _find(self, measure: str, key: str) -> tuple[npt.NDArray[np.int64], Float64, str]:
        if (measure, key) in self._index:
            return self._index[measure, key]
        keys = self.keys(measure)
        if keys:
            raise UsageError(f"{measure} has no key {key!r}; {did_you_mean(key, keys)}")
        names = {name for name, _ in self._index}
        raise UsageError(f"no measure {measure!r}; {did_you_mean(measure, names)}")

    def summary(self, confidence: float = 0.95) -> Summary:
        """Return every measure with its interval; see `summary.summarise`."""
        from startex.ensemble.summary import summarise  # noqa: PLC0415

        return summarise(self, confidence)

    def sensitivity(self, measure: str, key: str = "", confidence: float = 0.95) -> Sensitivity:
        """Return what a measure depends on; see `sensitivity.sensitivity`."""
        from startex.ensemble.sensitivity import sensitivity  # noqa: PLC0415

        return sensitivity(self, self.values(measure, key), confidence)

    def compare(self, other: Ensemble, confidence: float = 0.95) -> Comparison:
        """Return what differs from another ensemble; see `compare.compare_ensembles`."""
        from startex.ensemble.compare import compare_ensembles  # noqa: PLC0415

        return compare_ensembles(self, other, confidence)


def _one(encoded: Any) -> Any:
    """Return one dictionary array, also of a chunked one."""
    return encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded


def _factor(name: str, column: pa.ChunkedArray, about: Mapping[str, Any]) -> Factor:
    unit = str(about.get("unit") or "")
    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        numbers = column.cast(pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False)
        words = tuple("" if np.isnan(x) else f"{x:g}" for x in numbers)
        return Factor(name, unit, np.asarray(numbers, np.float64), words, about)
    words = tuple(str(word) if word is not None else "" for word in column.to_pylist())
    return Factor(name, unit, None, words, about)
