"""Reading the files of a catalogue folder, with every problem at its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from startex.forces.crews import CrewList, CrewRole
from startex.forces.definitions import PLATFORM_KINDS
from startex.forces.figures import FIGURES, FigureKind
from startex.foundation.csvfile import read_csv
from startex.foundation.document import Document
from startex.foundation.errors import Problem, did_you_mean
from startex.foundation.quantities import QuantityError, held_in

FILES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "types.csv": (("type", "name", "kind", "symbol"), ("crew_roles", "note")),
    "figures.csv": (("type", "figure", "value", "unit", "source", "assumed"), ()),
    "crew_roles.csv": (("crew_roles", "role", "division", "count"), ()),
    "sources.csv": (("source", "title", "publisher", "address", "note"), ()),
}
"""Files of a catalogue folder: required and optional columns."""

ARMAMENT_FILES = ("sensors.csv", "weapons.csv", "armament_figures.csv", "fits.csv")
"""Files of the same folder that `startex.forces.armament` reads."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file that knows where it stands."""

    document: Document
    index: int

    def cell(self, column: str) -> str:
        """Return the text of a cell, empty where it is blank."""
        return str(self.document.data[self.index].get(column, ""))

    def problem(self, column: str, message: str, remedy: str = "") -> Problem:
        """Return a problem at a cell of this row."""
        return self.document.problem((self.index, column), message, remedy)


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A row of types.csv."""

    name: str
    kind: str
    symbol: str
    crew_roles: str
    note: str
    row: Row


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A row of figures.csv; ``si`` is the value in the unit of the column (litres for fuel)."""

    value: float
    unit: str
    si: float
    source: str
    assumed: str
    row: Row


@dataclass(slots=True)
class Content:
    """What a catalogue folder says."""

    types: dict[str, TypeRow] = field(default_factory=dict)
    figures: dict[tuple[str, str], FigureRow] = field(default_factory=dict)
    crews: dict[str, CrewList] = field(default_factory=dict)
    bibliography: dict[str, tuple[str, str]] = field(default_factory=dict)  # title, address


def read_folder(folder: Path, problems: list[Problem]) -> Content:
    """Read a catalogue folder; a file may be absent, but not all of them.

    Parameters
    ----------
    folder
        Where types.csv, figures.csv, crew_roles.csv and sources.csv stand.
    problems
        What is wrong is added here.
    """
    content = Content()
    present = [name for name in FILES if (folder / name).is_file()]
    if not present and not any((folder / name).is_file() for name in ARMAMENT_FILES):
        remedy = "Put types.csv and figures.csv there."
        problems.append(Problem(folder.name, 0, 0, "the folder holds no catalogue.", remedy))
    for name in present:
        required, optional = FILES[name]
        document = read_csv(folder / name, f"{folder.name}/{name}", required, optional)
        problems += document.problems
        for row in _rows(document):
            _ADD[name](content, row, problems)
    return content


def nearest(word: str, allowed: Iterable[str]) -> str:
    """Return the nearest allowed word as a sentence."""
    text = did_you_mean(word, allowed)
    return text[:1].upper() + text[1:]


def _rows(document: Document) -> Iterator[Row]:
    for index in range(len(document.data or ())):
        yield Row(document, index)


def _add_source(content: Content, row: Row, problems: list[Problem]) -> None:
    content.bibliography[row.cell("source")] = (row.cell("title"), row.cell("address"))


def _add_role(content: Content, row: Row, problems: list[Problem]) -> None:
    text = row.cell("count")
    number, share = text.removesuffix("%"), text.endswith("%")
    if not number.isdigit() or not row.cell("role"):
        message = f"{text!r} is not a number of persons for a role."
        problems.append(row.problem("count", message, "Write 3, or a share such as 12%."))
        return
    crew = content.crews.setdefault(row.cell("crew_roles"), [])
    crew.append(CrewRole(row.cell("role"), row.cell("division"), int(number), share))


def _add_type(content: Content, row: Row, problems: list[Problem]) -> None:
    type_id, kind, symbol = row.cell("type"), row.cell("kind"), row.cell("symbol")
    if not type_id:
        problems.append(row.problem("type", "a type without an id.", "Give it a lower-case id."))
        return
    if type_id in content.types:
        problems.append(row.problem("type", f"the type {type_id!r} stands twice.", "Remove one."))
    if kind not in PLATFORM_KINDS:
        remedy = nearest(kind, PLATFORM_KINDS)
        problems.append(row.problem("kind", f"unknown kind {kind!r}.", remedy))
        return
    if not (len(symbol) == 8 and symbol.isdigit()):
        remedy = "Write 8 digits: symbol set (2) and entity (6) of APP-6D."
        problems.append(row.problem("symbol", f"{symbol!r} is not a symbol.", remedy))
        return
    content.types[type_id] = TypeRow(
        row.cell("name") or type_id, kind, symbol, row.cell("crew_roles"), row.cell("note"), row
    )


def _add_figure(content: Content, row: Row, problems: list[Problem]) -> None:
    figure = row.cell("figure")
    key = (row.cell("type"), figure)
    kind = FIGURES.get(figure)
    if kind is None:
        remedy = nearest(figure, FIGURES)
        problems.append(row.problem("figure", f"unknown figure {figure!r}.", remedy))
        return
    if key in content.figures:
        message = f"{figure} of {key[0]} stands twice."
        problems.append(row.problem("figure", message, "Keep one."))
    judged = judge_figure(row, figure, kind, problems)
    if judged is not None:
        content.figures[key] = judged


def judge_figure(
    row: Row, figure: str, kind: FigureKind, problems: list[Problem]
) -> FigureRow | None:
    """Return the figure of a row (``value``, ``unit``, ``source``, ``assumed``); None if wrong.

    Parameters
    ----------
    row
        Where it stands.
    figure, kind
        Its name, and what it may be; it is held in the unit of its name.
    problems
        Takes what is wrong with it.
    """
    unit, text = row.cell("unit"), row.cell("value")
    problems += unfounded(row)
    try:
        value = float(text)
    except ValueError:
        problems.append(row.problem("value", f"{text!r} is not a number.", "Write one."))
        return None
    try:
        held = held_in(figure, value, unit, kind.dimension)
    except QuantityError as error:
        problems.append(row.problem("unit", f"{error}."))
        return None
    if not kind.least <= held <= kind.most:
        message = f"{text} {unit} is not possible for {figure} ({kind.meaning})."
        remedy = f"It must lie between {kind.least:g} and {kind.most:g} in the unit of its name."
        problems.append(row.problem("value", message, remedy))
        return None
    if kind.dimension == "count" and held != round(held):
        problems.append(row.problem("value", f"{figure} must be a whole number."))
        return None
    return FigureRow(value, unit, held, row.cell("source"), row.cell("assumed"), row)


def unfounded(row: Row) -> Iterator[Problem]:
    """Yield a problem where a row names neither a source nor why it is assumed."""
    if not row.cell("source") and not row.cell("assumed"):
        remedy = "Name a source, or say in 'assumed' why the figure is what it is."
        yield row.problem("source", "neither source nor assumed.", remedy)


_ADD = {
    "types.csv": _add_type,
    "figures.csv": _add_figure,
    "crew_roles.csv": _add_role,
    "sources.csv": _add_source,
}
