"""Paths of figures: from ``serials.s04-sail.params.speed_kn`` to a place in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from startex.ensemble.catalogue_address import CATALOGUE_ROOTS, catalogue_items, catalogue_target
from startex.ensemble.patterns import TIMES, matching, multiplied, together
from startex.ensemble.target import Target, Value
from startex.forces.orbat import SHIPPED_TEMPLATES
from startex.foundation.document import DataPath, Document
from startex.foundation.edits import REMOVED, Edit
from startex.foundation.errors import UsageError, did_you_mean
from startex.scenario.serials import Serial
from startex.scenario.vocabulary import TASKS

ASSUMED = "varied by an ensemble"
"""What stands as the reason of a figure that an ensemble has changed."""

_LISTS: Mapping[str, tuple[str, str]] = {
    "serials": ("serials.yaml", "serial"),
    "units": ("units.yaml", "unit"),
    "templates": ("templates.yaml", "template"),
    "places": ("places.geojson", "place"),
    "ways": ("ways.geojson", "way"),
    "weather": ("weather.csv", ""),
    "communications": ("communications.csv", ""),
}
"""Root of a path -> file of the scenario, and the key that names an entry in it."""

ROOTS = (*_LISTS, "figures", "catalogue")
"""Words with which a path begins."""

_LABELS = ("platform", "template", "name", "type", "place", "figure")
"""Keys by which an entry of a list within an entry may be named instead of by its number."""

_UNITS = {
    "kn": "kn", "km_h": "km/h", "m_s": "m/s", "km": "km", "m": "m", "nmi": "NM", "h": "h",
    "min": "min", "s": "s", "deg": "deg", "percent": "%", "mm_h": "mm/h", "kg": "kg", "t": "t",
    "l": "l", "c": "°C", "m2": "m²", "db": "dB", "mrad": "mrad",
}  # fmt: skip


class Addresses:
    """Everything in a scenario that can be varied.

    Parameters
    ----------
    folder
        Folder of the scenario.
    documents
        Its files as read, by resolved path (`foundation.edits.Session.documents`).
    """

    def __init__(self, folder: Path, documents: Mapping[str, Document]) -> None:
        self._folder = folder.resolve()
        self._documents = documents

    def find(self, path: str) -> Target:
        """Return what a path leads to.

        Raises
        ------
        UsageError
            If it leads nowhere (the nearest is named), or to something that cannot be varied.
        """
        if path.startswith(TIMES):
            return multiplied(path, self._all(path.removeprefix(TIMES).strip()))
        if "*" in path:
            return together(path, self._all(path))
        return self._one(path)

    def _all(self, path: str) -> list[Target]:
        """Return what a path with stars leads to; entries that have no such figure are left out."""
        if "*" not in path:
            return [self._one(path)]
        root, _, rest = path.partition(".")
        self._known(root, path)
        begin, known = f"{root}.", self._names(root)
        if root == "catalogue":
            kind, _, rest = rest.partition(".")
            begin, known = f"catalogue.{kind}.", catalogue_items(kind, self._documents)
        found = []
        for name in known:
            for cut in (i for i, sign in enumerate(f"{rest}.") if sign == "."):
                if matching(rest[:cut], (name,)):
                    try:
                        found.append(self._one(f"{begin}{name}{rest[cut:]}"))
                    except UsageError:
                        continue  # this entry has no such figure
                    break
        return found

    def _names(self, root: str) -> list[str]:
        if root == "figures":
            file = self._file("figures.yaml")
            return [str(entry.get("figure", "")) for entry in (file[1].data if file else ()) or ()]
        if root == "catalogue":
            return []
        found = {
            label: None
            for _, document in self._files_of(root)
            for label, _, _ in _entries(root, document)
        }
        return list(found)

    def _known(self, root: str, path: str) -> None:
        if root not in ROOTS:
            raise UsageError(f"no path {path!r}: {did_you_mean(root, ROOTS)}")

    def _one(self, path: str) -> Target:
        root, _, rest = path.partition(".")
        self._known(root, path)
        if root == "figures":
            return self._figure(path, rest)
        if root == "catalogue":
            return self._catalogue(path, rest)
        name, entry, data, at = self._entry(path, root, rest)
        where, found = _walk(path, entry, data, at)
        return _leaf(path, name, entry, where, found)

    def claims(self, figure: str) -> tuple[tuple[str, tuple[Edit, ...]], ...]:
        """Return the candidates of a figure: what each is called, and the edits that choose it.

        Raises
        ------
        UsageError
            If there is no such figure, or nothing to choose from.
        """
        name, index, entry = self._figure_entry(f"figures.{figure}", figure)
        candidates = entry.get("candidates") or []
        if not candidates:
            parts = ", ".join([*(entry.get("plus") or []), *(entry.get("minus") or [])])
            raise UsageError(
                f"the figure {figure!r} is computed; vary those that it is made of: {parts}"
            )
        labels = _candidate_labels(candidates)
        choices = (
            (label, (Edit(name, (index, "candidates"), [candidate]),))
            for label, candidate in zip(labels, candidates, strict=True)
        )
        return tuple(choices)

    def _file(self, name: str) -> tuple[str, Document] | None:
        path = str(self._folder / name)
        found = self._documents.get(path)
        return None if found is None else (path, found)

    def _figure_entry(self, path: str, figure: str) -> tuple[str, int, dict[str, Any]]:
        file = self._file("figures.yaml")
        entries = file[1].data if file and isinstance(file[1].data, list) else []
        for index, entry in enumerate(entries):
            if file and entry.get("figure") == figure:
                return file[0], index, entry
        known = [entry.get("figure", "") for entry in entries]
        raise UsageError(f"no figure at {path!r}: {did_you_mean(figure, known)}")

    def _figure(self, path: str, figure: str) -> Target:
        name, index, entry = self._figure_entry(path, figure)
        if entry.get("unit") == "date":
            raise UsageError(f"{path!r} is a date; only numbers can be varied")

        def edits(value: Value) -> tuple[Edit, ...]:
            candidate = {"value": value, "assumed": ASSUMED}
            return (
                Edit(name, (index, "candidates"), [candidate]),
                Edit(name, (index, "plus"), REMOVED),
                Edit(name, (index, "minus"), REMOVED),
            )

        return Target(path, None, str(entry.get("unit", "")), entry.get("whole", True), edits)

    def _catalogue(self, path: str, rest: str) -> Target:
        kind, _, item = rest.partition(".")
        if kind not in CATALOGUE_ROOTS:
            raise UsageError(f"no path {path!r}: {did_you_mean(kind, CATALOGUE_ROOTS)}")
        found = catalogue_target(path, kind, item, self._documents, ASSUMED)
        return Target(path, found.current, found.unit, found.whole, found.edits)

    def _entry(self, path: str, root: str, rest: str) -> tuple[str, Any, str, DataPath]:
        """Return file, entry, what is left of the path, and where the entry stands."""
        known: dict[str, tuple[str, Any, DataPath]] = {}
        for name, document in self._files_of(root):
            for label, entry, at in _entries(root, document):
                known.setdefault(label, (name, entry, at))
        found = _longest(rest, known)
        if found is None:
            first = rest.split(".", maxsplit=1)[0]
            raise UsageError(f"no path {path!r}: {root} {first!r}: {did_you_mean(first, known)}")
        name, entry, at = known[found]
        return name, entry, rest[len(found) + 1 :], at

    def _files_of(self, root: str) -> Iterator[tuple[str, Document]]:
        own = self._file(_LISTS[root][0])
        if own is not None:
            yield own
        if root == "templates":
            for name, document in self._documents.items():
                if Path(name).parent == SHIPPED_TEMPLATES.resolve():
                    yield name, document


def _entries(root: str, document: Document) -> Iterator[tuple[str, Any, DataPath]]:
    key = _LISTS[root][1]
    data = document.data
    if isinstance(data, dict):
        for index, feature in enumerate(data.get("features", ())):
            properties = feature.get("properties") or {}
            yield str(properties.get(key, "")), properties, ("features", index, "properties")
        return
    for index, entry in enumerate(data or ()):
        if root == "weather":
            label = f"{entry.get('area', '')}@{entry.get('from', '')}"
        elif root == "communications":
            label = f"{entry.get('item', '')}.{entry.get('figure', '')}"
        else:
            label = str(entry.get(key, ""))
        yield label, entry, (index,)


def _walk(path: str, data: Any, rest: str, at: DataPath) -> tuple[DataPath, Any]:
    """Follow the rest of a path below an entry; what the entry leaves out is None."""
    serial = isinstance(data, dict) and "task" in data and "serial" in data
    entry = data
    while rest:
        options = _options(data)
        label = _longest(rest, options)
        if label is None and serial and data is entry and rest.startswith("parameters."):
            rest = "params." + rest.removeprefix("parameters.")
            continue
        if label is None:
            if serial and _is_left_out(entry, at, rest):
                key = rest.rsplit(".", maxsplit=1)[-1]
                missing = data is entry and rest.startswith("params.")
                return ((*at, "params") if missing else at) + (key,), None
            raise UsageError(f"no path {path!r}: {did_you_mean(rest.split('.')[0], options)}")
        step, data = options[str(label)]
        at, rest = (*at, step), rest[len(str(label)) + 1 :]
    if isinstance(data, dict) and "figure" in data:
        raise UsageError(f"{path!r} is the figure {data['figure']}: vary figures.{data['figure']}")
    if isinstance(data, dict) and "value" in data:
        return (*at, "value"), data["value"]
    return at, data


def _is_left_out(entry: Mapping[str, Any], at: DataPath, rest: str) -> bool:
    """Tell whether a serial may have a number that it leaves out."""
    if rest in ("tolerance_h", "priority") and rest in Serial.model_fields:
        return True
    inside = at[-1:] == ("params",) or (rest.startswith("params.") and "params" not in entry)
    task = TASKS.get(str(entry.get("task")))
    param = task.param(rest.removeprefix("params.")) if task and inside else None
    return param is not None and param.type in ("number", "integer")


def _options(data: Any) -> dict[str, tuple[str | int, Any]]:
    """Return what stands below a piece of data, by what a path may call it."""
    if isinstance(data, dict):
        return {str(key): (key, value) for key, value in data.items()}
    if not isinstance(data, list):
        return {}
    found: dict[str, tuple[str | int, Any]] = {str(i): (i, item) for i, item in enumerate(data)}
    named = [
        next((str(item[key]) for key in _LABELS if key in item), "")
        if isinstance(item, dict) else ""
        for item in data
    ]  # fmt: skip
    for index, label in enumerate(named):
        if label and named.count(label) == 1 and label not in found:
            found[label] = (index, data[index])
    return found


def _longest(rest: str, labels: Mapping[str, Any]) -> str | None:
    """Return the longest label with which ``rest`` begins; ids may hold dots."""
    fits = [label for label in labels if rest == label or rest.startswith(label + ".")]
    return max(fits, key=len, default=None)


def _leaf(path: str, name: str, entry: Any, at: DataPath, found: Any) -> Target:
    text = isinstance(found, str)
    number = _number(found) if text else found
    if isinstance(found, (dict, list)):
        raise UsageError(f"{path!r} is no number: {did_you_mean('', _options(found))}")
    if isinstance(number, bool):
        raise UsageError(f"{path!r} is {str(found).lower()}; only numbers and words can be varied")
    key = str(at[-1])
    cell = text and number is not None  # a number in a table is text
    current = found if number is None else number

    def edits(value: Value) -> tuple[Edit, ...]:
        given = f"{value!r}" if cell and not isinstance(value, str) else value
        if len(at) > 1 and at[-2] == "params" and "params" not in entry:
            return (Edit(name, at[:-1], {key: given}),)
        changed = [Edit(name, at, given)]
        if key == "value":
            changed += [
                Edit(name, (*at[:-1], "claim"), REMOVED),
                Edit(name, (*at[:-1], "assumed"), ASSUMED),
            ]
        return tuple(changed)

    return Target(path, current, unit_of_name(key), False, edits)


def _number(text: str) -> float | None:
    try:
        return float(text) if re.fullmatch(r"[-+.\deE]+", text) else None
    except ValueError:
        return None


def unit_of_name(name: str) -> str:
    """Return the unit that the name of a figure ends in, as it is written; empty for none."""
    fits = [ending for ending in _UNITS if name == ending or name.endswith("_" + ending)]
    return _UNITS[max(fits, key=len)] if fits else ""


def _candidate_labels(candidates: Sequence[Mapping[str, Any]]) -> list[str]:
    names = [str(candidate.get("claim") or "assumed") for candidate in candidates]
    labels: list[str] = []
    for name, candidate in zip(names, candidates, strict=True):
        label = name
        if names.count(name) > 1:
            label = ".".join(
                [
                    name,
                    *(str(candidate[k]) for k in ("subject", "field", "value") if k in candidate),
                ]
            )
        labels.append(label)
    return labels
