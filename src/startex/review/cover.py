"""Cover of convoys: how much of their way an escort was near enough to find what threatened them.

Equation::

    cover = sum over ships of |union over escorts of {t : d(ship, escort, t) <= R}| / (ships x way)

Symbols: ``d`` geodesic distance (m), ``R`` the reach of an escort against a kind of threat (m):
the median range at which escorts of the serial gained contact with platforms of that kind, all
contacts counted that were gained later than a minute after the start of the serial (who is in
reach at the start says nothing of how far that is); of all contacts where there are no others. The
times follow from the legs, nothing is sampled. An escort covers until it is out of action.

Source: the measure, time under cover, is assumed; that a screen is judged by the reach at which its
ships find: Wagner, Mylander and Sanders, "Naval Operations Analysis", chapter on screening.

Validity: the reach of one serial, with its weather and its sensors, taken as that of all escorts.
Left out: on which side of the ship the escort stands, aircraft that escort, what an escort could do
about what it finds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from startex.foundation.clock import MS_PER_MINUTE
from startex.recording.causation import parsed
from startex.review.figures import Figure, FigureBook
from startex.review.protection import union_ms
from startex.review.record import Record, id_list

_TABLES = ("serials", "orders", "detections", "shots", "entities")
_COVER = (*_TABLES, "legs", "events")

THREATS = {"01": "aircraft", "30": "ships", "35": "submarines", "36": "mines"}
"""Kinds of threat at sea, by the symbol set of MIL-STD-2525D (digits 5 and 6 of the code)."""

HEADINGS = ("There were", "Found", "Out of action", "Reach of escorts, km", "Under cover, %",
            "Longest without, min", "Ships struck")  # fmt: skip

_PUT_OUT = ("out_of_action", "target_destroyed")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CoverRow:
    """One convoy against one kind of threat: id and name of the serial, kind, and figures."""

    serial: str
    name: str
    threat: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class _Convoy:
    """Rows of ships, escorts and opposing platforms; its way, ms."""

    serial: Row
    ships: tuple[int, ...]
    escorts: tuple[int, ...]
    enemies: tuple[int, ...]
    begin: int
    end: int


def covers(record: Record, book: FigureBook) -> tuple[CoverRow, ...]:
    """Enter the figures of convoys that were escorted against an opposing force."""
    rows: list[CoverRow] = []
    for serial in sorted(
        record.rows("serials"), key=lambda row: (row["planned_start"], row["serial"])
    ):
        convoy = _convoy(record, serial) if serial["opfor"] and serial["start"] else None
        if convoy is not None and convoy.end > convoy.begin and convoy.escorts:
            rows += _rows(record, book, convoy)
    return tuple(rows)


def _convoy(record: Record, serial: Row) -> _Convoy | None:
    for order in record.rows("orders"):
        if order["serial"] != serial["serial"] or order["kind"] != "keep_station":
            continue
        ships = parsed(order["params"]).get("convoy") or ()
        if not ships or order["t_start"] is None:
            continue
        over = serial["end"] or record.until_ms
        units = (*id_list(serial["units"]), *id_list(serial["support"]))
        escorts = _of(record, units, "ship") - set(ships)
        return _Convoy(
            serial, tuple(ships), tuple(sorted(escorts)),
            tuple(sorted(_of(record, id_list(serial["opfor"])))),
            max(order["t_start"], serial["start"]), min(order["t_end"] or over, over),
        )  # fmt: skip
    return None


def _of(record: Record, units: Sequence[str], kind: str = "") -> set[int]:
    spans = [record.unit_rows[record.unit_by_id[u]] for u in units if u in record.unit_by_id]
    mine = {e for span in spans for e in range(span["first"], span["last"])}
    chosen = record.kind == kind
    return {e for e in mine if chosen[e]} if kind else mine


def _rows(record: Record, book: FigureBook, convoy: _Convoy) -> list[CoverRow]:
    codes = record.entities.column("sidc").to_pylist()
    kinds: dict[str, set[int]] = {}
    for row in convoy.enemies:
        if (word := THREATS.get(str(codes[row])[4:6])) is not None:
            kinds.setdefault(word, set()).add(row)
    return [
        _row(record, book, convoy, word, threat)
        for word, threat in sorted(kinds.items(), key=lambda item: list(THREATS.values()).index(
            item[0]))
    ]  # fmt: skip


def _row(
    record: Record, book: FigureBook, convoy: _Convoy, word: str, threat: set[int]
) -> CoverRow:
    key, name = str(convoy.serial["serial"]), str(convoy.serial["name"])
    seen = [
        d
        for d in record.rows("detections")
        if d["serial"] == key and not d["opposing"] and d["target"] in threat
    ]
    hit = [
        s for s in record.rows("shots") if s["serial"] == key and s["result"] in _PUT_OUT
    ]  # fmt: skip
    reach = _reach(seen, set(convoy.escorts), convoy.serial["start"])
    share, longest = (None, None) if reach is None else _cover(record, convoy, reach)

    def add(
        last: str, label: str, value: Any, unit: str, computed: str, decimals: int = 0
    ) -> Figure:
        return book.add(
            f"play.{key}.cover.{word}.{last}", f"{label}, {word}: {name}", value, unit, computed,
            _COVER if last in ("share", "gap_min") else _TABLES, decimals=decimals,
        )  # fmt: skip

    return CoverRow(key, name, word, (
        add("threats", "Threats", len(threat), "", "Opposing platforms of the kind."),
        add("found", "Threats found", len({d["target"] for d in seen}), "",
            "Those that anybody of the training audience had in contact."),
        add("out", "Threats out of action", len({s["target"] for s in hit} & threat), "",
            "Those that were put out of action or destroyed in the serial, notionally."),
        add("reach_km", "Reach of escorts", None if reach is None else reach / 1000.0, "km",
            "Median range at which escort ships gained contact with the kind, later than a minute "
            "after the start where there is such a contact; none where none did.", 1),
        add("share", "Convoy under cover", None if share is None else 100.0 * share, "%",
            "Share of the way of all ships of the convoy in which an escort ship that was not out "
            "of action was within that reach; assumed as the measure.", 1),
        add("gap_min", "Longest without cover",
            None if longest is None else longest / MS_PER_MINUTE, "min",
            "Longest time for which a ship of the convoy had no such escort within reach."),
        add("struck", "Convoy ships struck",
            len({s["target"] for s in hit if s["shooter"] in threat} & set(convoy.ships)), "",
            "Ships of the convoy that platforms of the kind put out of action, notionally."),
    ))  # fmt: skip


def _reach(seen: Sequence[Row], escorts: set[int], start: int) -> float | None:
    mine = [d for d in seen if d["looker"] in escorts]
    later = [d for d in mine if d["t"] > start + MS_PER_MINUTE] or mine
    return median(d["range_m"] for d in later) if later else None


def _cover(record: Record, convoy: _Convoy, reach_m: float) -> tuple[float, int]:
    """Return the share of the way under cover, and the longest time without, ms."""
    met = record.run.encounters(
        reach_m, (convoy.begin, convoy.end), first=convoy.ships, second=convoy.escorts
    ).to_pylist()
    out = {
        event["target"]: event["t"]
        for event in reversed(record.rows("events"))
        if event["kind"] == "out_of_action" and event["serial"] == convoy.serial["serial"]
    }
    ships = set(convoy.ships)
    by_ship: dict[int, list[tuple[int, int]]] = {ship: [] for ship in convoy.ships}
    for row in met:
        pair = (row["entity"], row["other"])
        ship, escort = pair if pair[0] in ships else (pair[1], pair[0])
        until = min(row["t1"], out.get(escort, row["t1"]))
        if until > row["t0"]:
            by_ship[ship].append((row["t0"], until))
    way = convoy.end - convoy.begin
    covered = sum(union_ms(each, convoy.begin, convoy.end) for each in by_ship.values())
    return (
        covered / (way * len(by_ship)),
        max(longest_gap_ms(each, convoy.begin, convoy.end) for each in by_ship.values()),
    )


def longest_gap_ms(spells: Sequence[tuple[int, int]], begin: int, end: int) -> int:
    """Return the longest time between two instants in which none of some spells lasts, ms."""
    longest, reached = 0, begin
    for first, last in sorted(spells):
        longest = max(longest, min(first, end) - reached)
        reached = max(reached, min(last, end))
    return max(longest, end - reached)
