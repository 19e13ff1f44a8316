"""CSV (RFC 4180, UTF-8, header line) with the position of every cell."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from startex.foundation.document import DataPath, Document, Position, read_text
from startex.foundation.edits import through_session
from startex.foundation.errors import Problem, did_you_mean

_CELL = re.compile(r'("(?:[^"]|"")*"|[^",\n]*)(?:,|$)')


def parse_csv(
    text: str, file: str, required: Sequence[str], optional: Sequence[str] = ()
) -> Document:
    """Return the rows of a CSV text.

    Parameters
    ----------
    text
        The text, first line the header.
    file
        What to call it in problems.
    required, optional
        Names of the columns; others are problems.

    Returns
    -------
    A document whose data is a list of dicts, column name to text, blank cells left out (their
    positions are kept). Rows with a wrong number of cells are problems and left out.
    """
    problems: list[Problem] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines = text.splitlines(keepends=True)
    rows: list[dict[str, str]] = []
    values: dict[DataPath, Position] = {(): (1, 1)}
    keys: dict[DataPath, Position] = {}
    header: list[str] | None = None
    start = 0  # index of the first line of the row
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            message = f"broken CSV: {error}."
            problems.append(Problem(file, start + 1, 1, message, "Check the quotes of this row."))
            break
        if cells is None:
            break
        first, start = start, reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        places = _cell_positions("".join(lines[first:start]), first + 1, len(cells))
        if header is None:
            header = [cell.strip() for cell in cells]
            problems += _check_header(header, places, file, required, optional)
            if problems:  # else every row would tell the same again
                return Document(file, None, values, keys, tuple(problems))
            continue
        if len(cells) != len(header):
            message = f"{len(cells)} cells in this row, {len(header)} columns in the header."
            remedy = "Add or remove commas; put text that holds a comma in double quotes."
            problems.append(Problem(file, first + 1, 1, message, remedy))
            continue
        index = len(rows)
        values[(index,)] = (first + 1, 1)
        for name, place in zip(header, places, strict=True):
            values[(index, name)] = keys[(index, name)] = place
        pairs = zip(header, (cell.strip() for cell in cells), strict=True)
        rows.append({name: cell for name, cell in pairs if cell})
    if header is None and not problems:
        remedy = f"Start it with the header {','.join(required)}."
        problems.append(Problem(file, 0, 0, "the file is empty.", remedy))
    return Document(file, rows, values, keys, tuple(problems))


def _check_header(
    header: list[str],
    places: list[Position],
    file: str,
    required: Sequence[str],
    optional: Sequence[str],
) -> list[Problem]:
    if len(header) == 1 and ";" in header[0] and len(required) > 1:
        message = "the cells are separated by semicolons."
        return [Problem(file, *places[0], message, "Save the file with commas.")]
    problems = []
    allowed = [*required, *optional]
    missing = [name for name in required if name not in header]
    for index, (name, place) in enumerate(zip(header, places, strict=True)):
        if name not in allowed:
            remedy = did_you_mean(name, missing or allowed)
            remedy = remedy[:1].upper() + remedy[1:]
            problems.append(Problem(file, *place, f"unknown column {name!r}.", remedy))
        elif name in header[:index]:
            message = f"the column {name!r} is given twice."
            problems.append(Problem(file, *place, message, "Remove one."))
    for name in missing:
        message = f"the column {name!r} is missing."
        problems.append(Problem(file, *places[0], message, f"Add {name!r} to the header."))
    return problems


def _cell_positions(row: str, line: int, count: int) -> list[Position]:
    row = row.rstrip("\r\n")
    places: list[Position] = []
    offset = 0
    for _ in range(count):
        before = row[:offset]
        places.append((line + before.count("\n"), offset - before.rfind("\n")))
        match = _CELL.match(row, offset)
        offset = match.end() if match else len(row)
    return places


def read_csv(
    path: Path, file: str, required: Sequence[str], optional: Sequence[str] = ()
) -> Document:
    """Return the rows of a CSV file; parameters and result as `parse_csv`."""
    name = file or str(path)

    def read() -> Document:
        text, problems = read_text(path, name)
        if text is None:
            return Document(name, None, problems=problems)
        return parse_csv(text, name, required, optional)

    return through_session(path, read)
