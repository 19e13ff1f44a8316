"""Supply over time: what there was, what was used and what came in, and which units fell lowest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.review.figures import Figure, FigureBook
from startex.review.play import SHOWN
from startex.review.record import Float64, Int64, Record, words

KINDS = ("fuel", "rations", "water", "ammunition")
"""What is plotted: ammunition is every item that is counted in rounds."""

LOWEST = 5
"""Units listed by kind."""

LOW = 0.75
"""Units are listed that fell below this share of what they had at first; assumed."""

_TABLES = ("supply",)

Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Stock:
    """One kind over time, of all units: ``t`` ms, shape (n,); amounts in ``unit``.

    ``used`` and ``delivered`` (from outside: what trains pass on is neither) since the row before.
    """

    kind: str
    unit: str
    t: Int64
    on_hand: Float64
    used: Float64
    delivered: Float64


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item that was used: at first, used, from outside, at the end, least of what was full."""

    item: str
    unit: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class LowRow:
    """A unit that fell low: shares of what it had at first, least and at the end; when, ms."""

    kind: str
    item: str
    unit: str
    share: float
    t: int
    last: float


@dataclass(frozen=True, slots=True)
class Stocks:
    """Supply over time, by item, and the units that fell lowest, the lowest of a kind first."""

    over_time: tuple[Stock, ...]
    items: tuple[ItemRow, ...]
    lowest: tuple[LowRow, ...]


HEADINGS = ("At first", "Used", "From outside", "At the end", "Least on hand, %")


@dataclass(frozen=True, slots=True)
class _Rows:
    """The table of supply as columns of one shape; ``item`` points into ``names``."""

    names: tuple[str, ...]
    item: Int64
    unit: Int64
    t: Int64
    basic: Bool
    on_hand: Int64
    consumed: Int64
    received: Int64
    issued: Int64
    measure: dict[str, str]

    @property
    def before(self) -> Int64:
        """What there was before each row's time."""
        return self.on_hand + self.consumed + self.issued - self.received


def stocks(record: Record, book: FigureBook) -> Stocks:
    """Enter the figures of supply by item, to those of `play.play`; nothing without accounts."""
    rows = _rows(record)
    if not rows.t.size:
        return Stocks((), (), ())
    times = np.unique(rows.t)
    over_time = tuple(
        stock for kind in KINDS if (stock := _over_time(rows, kind, times)) is not None
    )
    items = tuple(
        _item(book, rows, code, times)
        for code in range(len(rows.names))
        if rows.consumed[rows.item == code].any()
    )
    lowest = tuple(low for kind in KINDS for low in _lowest(record, rows, kind))
    return Stocks(over_time, items, lowest)


def _rows(record: Record) -> _Rows:
    table = record.run.table("supply")
    item = words(table.column("item"))
    measure = dict(
        zip(
            table.column("item").cast("string").to_pylist(),
            table.column("measure").cast("string").to_pylist(),
            strict=True,
        )
    )

    def whole(name: str) -> Int64:
        found: Int64 = table.column(name).to_numpy().astype(np.int64)
        return found

    return _Rows(
        item.word, item.code.astype(np.int64), whole("unit"), whole("t"),
        words(table.column("holding")) == "basic", whole("on_hand"), whole("consumed"),
        whole("received"), whole("issued"), measure,
    )  # fmt: skip


def _of_kind(rows: _Rows, kind: str) -> Bool:
    codes = [
        code
        for code, name in enumerate(rows.names)
        if (rows.measure[name] == "rounds" if kind == "ammunition" else name == kind)
    ]
    return np.isin(rows.item, codes)


def _over_time(rows: _Rows, kind: str, times: Int64) -> Stock | None:
    mine = _of_kind(rows, kind)
    if not mine.any():
        return None
    factor, unit, _ = SHOWN[rows.measure[rows.names[rows.item[mine][0]]]]
    at = np.searchsorted(times, rows.t[mine])

    def summed(values: Int64) -> Float64:
        total = np.zeros(times.size)
        np.add.at(total, at, values[mine] * factor)
        return total

    return Stock(
        kind, unit or "rounds", times, summed(rows.on_hand), summed(rows.consumed),
        summed(rows.received - rows.issued),
    )  # fmt: skip


def _item(book: FigureBook, rows: _Rows, code: int, times: Int64) -> ItemRow:
    name, mine = rows.names[code], rows.item == code
    factor, unit, decimals = SHOWN[rows.measure[name]]
    first = mine & (rows.t == times[0])
    full = int(rows.before[first].sum())
    held = np.array([int(rows.on_hand[mine & (rows.t == t)].sum()) for t in times])
    label = name.replace("_", " ")

    def add(word: str, text: str, value: float | None, unit: str, computed: str) -> Figure:
        return book.add(
            f"supply.{name}.{word}", f"{label.capitalize()}: {text}", value, unit, computed,
            _TABLES, decimals=1 if unit == "%" else decimals,
        )  # fmt: skip

    return ItemRow(
        label, unit or "rounds",
        (
            add("first", "on hand at first", full * factor, unit,
                "On hand at the first supply hour, and what had been used and given till then, "
                "less what had come in."),
            book[f"supply.{name}.used"],
            add("delivered", "come in from outside",
                float((rows.received - rows.issued)[mine].sum()) * factor, unit,
                "All that units received less what units issued: from depots and hosts."),
            add("end", "on hand at the end", float(held[-1]) * factor, unit,
                "Sum of what all units had on hand at the last supply hour."),
            add("least", "least on hand, of what there was at first",
                100.0 * float(held.min()) / full if full else None, "%",
                "Least sum of all units at any supply hour, by what there was at first."),
        ),
    )  # fmt: skip


def _lowest(record: Record, rows: _Rows, kind: str) -> list[LowRow]:
    """Return the units that fell lowest in what they themselves use, by share of what was full."""
    mine = np.flatnonzero(_of_kind(rows, kind) & rows.basic)
    mine = mine[np.lexsort((rows.t[mine], rows.item[mine], rows.unit[mine]))]
    if not mine.size:
        return []
    change = np.diff(rows.unit[mine]).astype(bool) | np.diff(rows.item[mine]).astype(bool)
    begins = np.append(0, np.flatnonzero(change) + 1)
    found: list[tuple[float, int, int, float, int]] = []
    for begin, end in zip(begins, [*begins[1:], mine.size], strict=True):
        part = mine[begin:end]
        full = int(rows.before[part[0]])
        least = int(np.argmin(rows.on_hand[part]))
        share = float(rows.on_hand[part[least]] / full) if full > 0 else 1.0
        if share < LOW:
            last = float(rows.on_hand[part[-1]] / full)
            found.append((share, -full, int(part[0]), last, int(rows.t[part[least]])))
    return [
        LowRow(
            kind, rows.names[rows.item[at]].replace("_", " "),
            str(record.unit_rows[int(rows.unit[at])]["name"]), share, t, last,
        )
        for share, _, at, last, t in sorted(found)[:LOWEST]
    ]  # fmt: skip
