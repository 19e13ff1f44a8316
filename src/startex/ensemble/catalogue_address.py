"""Paths into the catalogue: ``catalogue.sensors.RADAR.max_range_km`` to the row of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from startex.forces.armament_figures import SENSOR_FIGURES, WEAPON_FIGURES
from startex.forces.figures import FIGURES, FigureKind
from startex.foundation.document import Document
from startex.foundation.edits import REMOVED, Edit
from startex.foundation.errors import UsageError, did_you_mean
from startex.foundation.quantities import held_in

CATALOGUE_ROOTS = ("types", "sensors", "weapons")
"""What follows ``catalogue`` in a path."""

_ARMAMENT = "armament_figures.csv"
_FILES = {"types": "figures.csv", "sensors": _ARMAMENT, "weapons": _ARMAMENT}
_ITEMS = {"types": "types.csv", "sensors": "sensors.csv", "weapons": "weapons.csv"}
_KINDS: Mapping[str, Mapping[str, FigureKind]] = {
    "types": FIGURES,
    "sensors": SENSOR_FIGURES,
    "weapons": WEAPON_FIGURES,
}

_TOKENS = {
    "m": "m", "km": "km", "nmi": "nmi", "ft": "ft", "m_s": "m/s", "km_h": "km/h", "kn": "kn",
    "kg": "kg", "t": "t", "s": "s", "min": "min", "h": "h", "deg": "deg", "mrad": "mrad",
    "db": "dB",
}  # fmt: skip
"""Ends of names, and the unit each stands for: a path may name any unit of the right kind."""


@dataclass(frozen=True)
class CatalogueTarget:
    """A figure of the catalogue; see `address.Target`."""

    current: float
    unit: str
    whole: bool
    edits: Callable[[float | int | str], tuple[Edit, ...]]


def catalogue_items(kind: str, documents: Mapping[str, Document]) -> list[str]:
    """Return the items of one of `CATALOGUE_ROOTS`, in order; none of anything else."""
    if kind not in CATALOGUE_ROOTS:
        return []
    return sorted(
        {
            str(row.get(kind[:-1], ""))
            for document in _named(documents, _ITEMS[kind])
            for row in document[1].data or ()
        }
    )


def catalogue_target(
    path: str, kind: str, rest: str, documents: Mapping[str, Document], assumed: str
) -> CatalogueTarget:
    """Return the figure of an item.

    Parameters
    ----------
    path
        The whole path, for messages.
    kind
        One of `CATALOGUE_ROOTS`.
    rest
        Item and figure.
    documents
        Files as read, by path; of rows in several, that of the scenario comes last and counts.
    assumed
        What to write as the reason of a changed figure.

    Raises
    ------
    UsageError
        If there is none.
    """
    key = "type" if kind == "types" else "item"
    items = catalogue_items(kind, documents)
    item, _, figure = rest.rpartition(".") if rest not in items else (rest, "", "")
    if item not in items:
        wanted = item or figure
        raise UsageError(f"no path {path!r}: {kind} {wanted!r}: {did_you_mean(wanted, items)}")
    rows: dict[str, list[tuple[str, int, dict[str, Any]]]] = {}
    for name, document in _named(documents, _FILES[kind]):
        for index, row in enumerate(document.data or ()):
            if row.get(key) == item:
                rows.setdefault(row.get("figure", ""), []).append((name, index, row))
    known = {figure: (figure, "")} if figure in rows else _other_units(figure, rows)
    if figure not in known:
        raise UsageError(
            f"no path {path!r}: {item} has no {figure!r}: {did_you_mean(figure, rows)}"
        )
    declared, unit = known[figure]
    name, index, row = rows[declared][-1]
    dimension = _KINDS[kind][declared].dimension
    # The row may be written in another unit than the name's: what is given is put into the row's.
    row_scale = held_in(declared, 1.0, row["unit"], dimension)
    scale = held_in(declared, 1.0, unit, dimension) if unit else 1.0

    def edits(value: float | int | str) -> tuple[Edit, ...]:
        written = float(value) * scale / row_scale
        text = f"{written:.0f}" if dimension == "count" else f"{written:.12g}"
        return (
            Edit(name, (index, "value"), text),
            Edit(name, (index, "source"), REMOVED),
            Edit(name, (index, "assumed"), assumed),
        )

    current = float(row["value"]) * row_scale / scale
    return CatalogueTarget(current, unit or _unit(declared), dimension == "count", edits)


def _named(documents: Mapping[str, Document], file: str) -> Iterator[tuple[str, Document]]:
    """Yield the files of the catalogue that are called ``file``; the scenario's come last."""
    for name, document in documents.items():
        if Path(name).name == file:
            yield name, document


def _unit(name: str) -> str:
    fits = [token for token in _TOKENS if name.endswith("_" + token)]
    return _TOKENS[max(fits, key=len)] if fits else ""


def _other_units(figure: str, rows: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return the declared name and the unit of a figure that is asked for in another unit."""
    wanted = [token for token in _TOKENS if figure.endswith("_" + token)]
    for token in sorted(wanted, key=len, reverse=True):
        stem = figure.removesuffix("_" + token)
        for declared in sorted(rows):
            own = _unit(declared)
            ending = next((t for t, unit in _TOKENS.items() if unit == own), "")
            if own and declared == f"{stem}_{ending}":
                return {figure: (declared, _TOKENS[token])}
    return {}
