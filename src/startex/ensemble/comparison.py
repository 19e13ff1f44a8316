"""What differs between two runs or two ensembles, as lines that can be printed or drawn."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from typing import Any

from startex.ensemble.statistics import Interval
from startex.ensemble.summary import finite
from startex.ensemble.words import number, signed

Value = int | float | str | None

EPSILON = 1e-12
"""Relative difference below which two means are the same: sums round."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing on both sides.

    Attributes
    ----------
    part
        ``given`` (scenario, seed, policy, figures, factors) or ``outcome``.
    id, label, unit
        What it is.
    a, b
        Its value on either side; None where it has none there.
    change
        Mean of b less a with its interval (ensembles); None where there is none.
    pairs
        Independent pairs behind the interval, or 0.
    note
        What a reader must know: claims, values left out.
    """

    part: str
    id: str
    label: str
    unit: str
    a: Value
    b: Value
    change: Interval | None = None
    pairs: int = 0
    note: str = ""

    @property
    def difference(self) -> float | None:
        """The number by which b is above a; None where either is no number."""
        if self.change is not None:
            return self.change.value
        if isinstance(self.a, str) or isinstance(self.b, str) or self.a is None or self.b is None:
            return None
        return self.b - self.a

    @property
    def differs(self) -> bool:
        """Whether the sides are not the same."""
        if isinstance(self.a, float | int) and isinstance(self.b, float | int):
            return abs(self.b - self.a) > EPSILON * max(abs(self.a), abs(self.b))
        return self.a != self.b

    @property
    def sure(self) -> bool:
        """Whether the interval lies wholly on one side of 0; of single values, that they differ."""
        return self.differs and (self.change is None or self.change.excludes(0.0))

    @property
    def weight(self) -> float:
        """What lines are ordered by: the difference in widths of its interval, or of the values."""
        off = abs(self.difference or 0.0)
        if self.change is not None:
            half = self.change.half
            return 0.0 if math.isinf(half) else off / half if half else (math.inf if off else 0.0)
        size = max(abs(x) for x in (self.a, self.b, 0.0) if isinstance(x, int | float))
        return off / size if size else 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the line as plain data."""
        off, change = self.difference, self.change
        return {
            "part": self.part,
            "id": self.id,
            "label": self.label,
            "unit": self.unit,
            "a": finite(self.a) if isinstance(self.a, float) else self.a,
            "b": finite(self.b) if isinstance(self.b, float) else self.b,
            "difference": None if off is None else finite(float(off)),
            "low": None if change is None else finite(change.low),
            "high": None if change is None else finite(change.high),
            "method": "" if change is None else change.method,
            "pairs": self.pairs,
            "differs": self.differs,
            "sure": self.sure,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Bar:
    """A serial on one side: planned and actual times (ms; None where it never came to that)."""

    planned_start: int
    planned_end: int
    start: int | None
    end: int | None
    grade: str


@dataclass(frozen=True, slots=True)
class SerialPair:
    """A serial on both sides; None where a side does not have it."""

    serial: str
    name: str
    a: Bar | None
    b: Bar | None

    @property
    def differs(self) -> bool:
        """Whether it was planned or went otherwise."""
        return self.a != self.b


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs or two ensembles side by side.

    Attributes
    ----------
    kind
        ``runs`` or ``ensembles``.
    a, b
        What the sides are called.
    lines
        Everything that is on either side, what differs and what does not.
    confidence
        Of the intervals.
    how
        How the sides were put together, in a sentence.
    serials
        Of two runs.
    utc_offset_h
        Local time of the exercise, of two runs.
    """

    kind: str
    a: str
    b: str
    lines: tuple[Line, ...]
    confidence: float
    how: str
    serials: tuple[SerialPair, ...] = ()
    utc_offset_h: float = 0.0

    def of(self, name: str) -> Line:
        """Return a line by its id.

        Raises
        ------
        KeyError
            If there is none.
        """
        for line in self.lines:
            if line.id == name:
                return line
        raise KeyError(name)

    def part(self, part: str) -> list[Line]:
        """Return the lines of a part that differ; outcomes that surely do, the weightiest first."""
        found = [line for line in self.lines if line.part == part and line.differs]
        return sorted(found, key=lambda x: (not x.sure, -x.weight)) if part == "outcome" else found

    @property
    def verdict(self) -> str:
        """What there is to say, in a sentence or two."""
        given, outcome = self.part("given"), self.part("outcome")
        all_ = [line for line in self.lines if line.part == "outcome"]
        if not given and not outcome:
            return f"Nothing differs: all {len(self.lines):,} figures compared are the same."
        if not outcome:
            return f"No outcome differs, of {len(all_):,} compared."
        sure = [line for line in outcome if line.sure]
        if self.kind == "runs":
            return f"{len(outcome):,} of {len(all_):,} outcomes differ."
        tested = sum(line.change is not None for line in outcome)
        chance = f"{(1.0 - self.confidence) * 100:g}"
        rest = len(outcome) - len(sure)
        more = f"{rest:,} more {'differs' if rest == 1 else 'differ'} by no more than chance may do"
        return (
            f"{len(sure):,} of {len(all_):,} outcomes surely differ; {more}. Of {tested:,} "
            f"intervals, {chance} in 100 would exclude 0 by chance alone."
        )

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "kind": self.kind,
            "a": self.a,
            "b": self.b,
            "verdict": self.verdict,
            "how": self.how,
            "confidence": self.confidence,
            "lines": [line.to_json() for line in self.lines],
        }

    def to_csv(self) -> str:
        """Return all lines as CSV text."""
        stream = io.StringIO()
        names = list(Line("", "", "", "", None, None).to_json())
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(names)
        for line in self.lines:
            data = line.to_json()
            writer.writerow(["" if data[name] is None else data[name] for name in names])
        return stream.getvalue()

    def to_markdown(self, everything: bool = False) -> str:
        """Return the comparison as Markdown, which is readable as it is.

        Parameters
        ----------
        everything
            Whether lines stand in it that do not differ, or not surely.
        """
        text = [f"A: {self.a}", f"B: {self.b}", "", self.verdict]
        if self.how:
            text.append(self.how)
        for part, heading in (("given", "What was given"), ("outcome", "What came of it")):
            rows = self.part(part)
            if part == "outcome" and not everything:
                rows = [row for row in rows if row.sure]
            if everything:
                rows += [row for row in self.lines if row.part == part and not row.differs]
            if rows:
                text += ["", f"## {heading}", "", *_table(rows, part)]
        return "\n".join(text) + "\n"


def shown(value: Value) -> str:
    """Return a value for a reader."""
    if value is None:
        return "–"
    return value if isinstance(value, str) else number(float(value))


def change_text(line: Line) -> str:
    """Return the difference of a line with its interval."""
    if line.difference is None:
        return ""
    text = signed(float(line.difference))
    if line.change is None or signed(line.change.low) == signed(line.change.high):
        return text
    if math.isinf(line.change.half):
        return f"{text} (no interval)"
    return f"{text} ({signed(line.change.low)} to {signed(line.change.high)})"


def _table(lines: list[Line], part: str) -> list[str]:
    rows = [("", "A", "B", "B less A", "unit") if part == "outcome" else ("", "A", "B", "why")]
    for line in lines:
        cells = (line.label, shown(line.a), shown(line.b))
        more = (change_text(line), line.unit) if part == "outcome" else (line.note,)
        rows.append(tuple(cell.replace("|", "/").replace("\n", " ") for cell in (*cells, *more)))
    widths = [max(3, *(len(row[i]) for row in rows)) for i in range(len(rows[0]))]
    text = [
        "| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    return [text[0], "|" + "|".join("-" * (w + 2) for w in widths) + "|", *text[1:]]
