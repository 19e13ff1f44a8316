"""Reading types.csv, figures.csv and sources.csv of a catalogue folder, with every problem."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from startex.forces.definitions import PLATFORM_KINDS
from startex.forces.figures import FIGURES
from startex.foundation.errors import Problem, did_you_mean
from startex.foundation.quantities import QuantityError, to_litres, to_si

TYPE_COLUMNS = ("type", "name", "kind", "symbol", "note")
FIGURE_COLUMNS = ("type", "figure", "value", "unit", "source", "assumed")
SOURCE_COLUMNS = ("source", "title", "publisher", "address", "note")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a CSV file that knows where it stands."""

    file: str
    line: int
    cells: dict[str, str]
    columns: dict[str, int]  # 1-based character column of each cell

    def problem(self, column: str, message: str, remedy: str = "") -> Problem:
        """Return a problem at a cell of this row."""
        return Problem(self.file, self.line, self.columns.get(column, 1), message, remedy)


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A row of types.csv."""

    name: str
    kind: str
    symbol: str
    note: str
    row: Row

    def problem(self, column: str, message: str, remedy: str = "") -> Problem:
        """Return a problem at a cell of this row."""
        return self.row.problem(column, message, remedy)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A row of figures.csv; ``si`` is the value in the unit of the column (litres for fuel)."""

    value: float
    unit: str
    si: float
    source: str
    assumed: str
    row: Row

    def problem(self, column: str, message: str, remedy: str = "") -> Problem:
        """Return a problem at a cell of this row."""
        return self.row.problem(column, message, remedy)


@dataclass(slots=True)
class Content:
    """What a catalogue folder says."""

    types: dict[str, TypeRow] = field(default_factory=dict)
    figures: dict[tuple[str, str], FigureRow] = field(default_factory=dict)
    bibliography: dict[str, tuple[str, str]] = field(default_factory=dict)  # title, address


def read_folder(folder: Path, problems: list[Problem]) -> Content:
    """Read a catalogue folder; a file may be absent, but not all three."""
    content = Content()
    if not any((folder / name).is_file() for name in ("types.csv", "figures.csv", "sources.csv")):
        problems.append(
            Problem(
                str(folder),
                0,
                0,
                "holds no catalogue;",
                "expected types.csv and figures.csv there.",
            )
        )
    for row in _read(folder / "types.csv", TYPE_COLUMNS, problems):
        _add_type(content, row, problems)
    for row in _read(folder / "figures.csv", FIGURE_COLUMNS, problems):
        _add_figure(content, row, problems)
    for row in _read(folder / "sources.csv", SOURCE_COLUMNS, problems):
        content.bibliography[row.cells["source"]] = (row.cells["title"], row.cells["address"])
    return content


def _add_type(content: Content, row: Row, problems: list[Problem]) -> None:
    cells = row.cells
    type_id, kind, symbol = cells["type"], cells["kind"], cells["symbol"]
    if not type_id:
        problems.append(row.problem("type", "a type without an id;", "give it a lower-case id."))
        return
    if type_id in content.types:
        problems.append(row.problem("type", f"type {type_id!r} stands twice;", "remove one row."))
    if kind not in PLATFORM_KINDS:
        problems.append(
            row.problem("kind", f"unknown kind {kind!r};", did_you_mean(kind, PLATFORM_KINDS))
        )
        return
    if not (len(symbol) == 8 and symbol.isdigit()):
        problems.append(
            row.problem(
                "symbol",
                f"{symbol!r} is not a symbol;",
                "write 8 digits: symbol set (2) and entity (6) of APP-6D.",
            )
        )
    content.types[type_id] = TypeRow(cells["name"] or type_id, kind, symbol, cells["note"], row)


def _add_figure(content: Content, row: Row, problems: list[Problem]) -> None:
    cells = row.cells
    key = (cells["type"], cells["figure"])
    kind = FIGURES.get(cells["figure"])
    if kind is None:
        problems.append(
            row.problem(
                "figure",
                f"unknown figure {cells['figure']!r};",
                did_you_mean(cells["figure"], FIGURES),
            )
        )
        return
    if key in content.figures:
        problems.append(row.problem("figure", f"{key[1]} of {key[0]} stands twice;", "keep one."))
    if not cells["source"] and not cells["assumed"]:
        problems.append(
            row.problem(
                "source", "neither source nor assumed;", "name a source, or say why it is assumed."
            )
        )
    try:
        value = float(cells["value"])
    except ValueError:
        problems.append(row.problem("value", f"{cells['value']!r} is not a number;", "write one."))
        return
    try:
        if cells["figure"].endswith("_l"):
            si = to_litres(value, cells["unit"])
        else:
            si = to_si(value, cells["unit"], kind.dimension)
    except QuantityError as error:
        problems.append(row.problem("unit", f"{error}."))
        return
    if not kind.least <= si <= kind.most:
        problems.append(
            row.problem(
                "value",
                f"{cells['value']} {cells['unit']} is not a possible {key[1]} ({kind.meaning});",
                f"it must lie between {kind.least:g} and {kind.most:g} in SI.",
            )
        )
        return
    if kind.dimension == "count" and si != round(si):
        problems.append(row.problem("value", f"{key[1]} must be a whole number."))
        return
    content.figures[key] = FigureRow(
        value, cells["unit"], si, cells["source"], cells["assumed"], row
    )


def _read(path: Path, columns: tuple[str, ...], problems: list[Problem]) -> list[Row]:
    if not path.is_file():
        return []
    file = path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(file, 0, 0, f"cannot be read ({error});", "save it as UTF-8."))
        return []
    lines = text.splitlines()
    reader = csv.reader(io.StringIO(text), strict=True)
    rows: list[Row] = []
    header: list[str] = []
    start = 1
    try:
        for cells in reader:
            line, start = start, reader.line_num + 1
            if not cells or cells[0].startswith("#"):
                continue
            if not header:
                header = [cell.strip() for cell in cells]
                if missing := [c for c in columns if c not in header]:
                    problems.append(
                        Problem(file, line, 1, f"lacks columns {', '.join(missing)}.", "Add them.")
                    )
                    return []
                continue
            if len(cells) != len(header):
                problems.append(
                    Problem(
                        file,
                        line,
                        1,
                        f"has {len(cells)} cells, the header {len(header)};",
                        "quote a text that holds a comma.",
                    )  # fmt: skip
                )
                continue
            places = _cell_columns(lines[line - 1])
            rows.append(
                Row(
                    file,
                    line,
                    {name: cell.strip() for name, cell in zip(header, cells, strict=True)},
                    dict(zip(header, places, strict=False)),
                )
            )
    except csv.Error as error:
        problems.append(Problem(file, reader.line_num, 1, f"broken CSV ({error}).", "Repair it."))
    return rows


def _cell_columns(line: str) -> list[int]:
    columns, quoted = [1], False
    for place, letter in enumerate(line, 1):
        if letter == '"':
            quoted = not quoted
        elif letter == "," and not quoted:
            columns.append(place + 1)
    return columns
