"""Claims held against what the run gave: the measures that ``homes.yaml`` names for them.

A measure is a figure of this review, by its id. That a bound is kept does not prove a claim; that
it is not kept speaks against it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from startex.review.figures import FigureBook
from startex.review.record import Record
from startex.sources.verdicts import Measured


def measured(record: Record, book: FigureBook) -> dict[str, tuple[Measured, ...]]:
    """Return what the run says of each claim for which a measure is named.

    Nothing, as long as the run has not come to its end. A measure that the run does not have (a
    nation that stayed at home, say) is told and decides nothing.
    """
    found: dict[str, list[Measured]] = defaultdict(list)
    rows = record.rows("measures") if record.complete else []
    for row in sorted(rows, key=lambda row: int(row["number"])):
        found[row["claim"]].append(_measured(row, book))
    return {claim: tuple(rows) for claim, rows in found.items()}


def _measured(row: Mapping[str, Any], book: FigureBook) -> Measured:
    name = str(row["measure"])
    said = str(row["says"]).strip().rstrip(".")
    if name not in book:
        return Measured(name, None, "", f"{said}: this run has no {name}.", True)
    figure = book[name]
    shown = f"{figure.text} {figure.noun}".strip()
    parts, kept = [], True
    for bound, word in (("at_least", "at least"), ("at_most", "at most")):
        if row[bound] is None:
            continue
        limit, text = _limit(book, str(row[bound]))
        if limit is None or figure.number is None:
            parts.append(f"{word} {text}, which this run does not have")
            continue
        parts.append(f"{word} {text}")
        kept &= figure.number >= limit if bound == "at_least" else figure.number <= limit
    wanted = f" (wanted: {' and '.join(parts)})" if parts else ""
    return Measured(name, figure.number, figure.unit, f"{said}: {shown}{wanted}.", kept)


def _limit(book: FigureBook, text: str) -> tuple[float | None, str]:
    try:
        return float(text), f"{float(text):,.10g}"
    except ValueError:
        if text not in book:
            return None, text
        figure = book[text]
        return figure.number, f"{figure.text} {figure.noun}".strip()
