"""What has happened, in columns, until it is handed to the recorder segment by segment.

Rows may lie in the future: an order's legs and boardings are known when it starts. A row is
handed over in the segment in which it is over (legs: ``t1``; carriers: when closed; events and
statuses: when they happen), so no segment depends on how a run was cut into pieces.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Protocol

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Event, Legs
from startex.engine.recent import Columns, Recent, after, found_after, join
from startex.engine.state import State

OPEN = np.iinfo(np.int64).max
"""``t1`` of a carrier row that lasts when the run ends (null in the store)."""


class Recorder(Protocol):
    """Receives what happened; knows nothing of the engine."""

    def segment(
        self,
        index: int | None,
        tables: Mapping[str, Columns],
        events: Sequence[tuple[int, Event]],
    ) -> None:
        """Take the rows of segment ``index``; events come with their ids.

        ``index`` is None for the last, cut, segment of a run that stopped before its end.
        """
        ...


SHORTEST_MS = 1_000
"""What is run of a leg that is cut short is kept from this length on: rounding would spoil it."""

_LEG_COLUMNS = tuple(item.name for item in fields(Legs))
_LEG_TYPES = {"entity": np.int32, "t0": np.int64, "t1": np.int64, "mode": np.int8}
_NO_LEGS: Columns = {name: np.empty(0, _LEG_TYPES.get(name, np.float64)) for name in _LEG_COLUMNS}
_NO_STATUSES: Columns = {
    "entity": np.empty(0, np.int32),
    "t": np.empty(0, np.int64),
    "status": np.empty(0, np.int8),
}
_NO_CARRIERS: Columns = {
    name: np.empty(0, np.int64 if name[0] == "t" else np.int32)
    for name in ("entity", "carrier", "slot", "t0", "t1")
}


def _select(columns: Columns, mask: npt.NDArray[np.bool_]) -> Columns:
    return {name: column[mask] for name, column in columns.items()}


def cut_legs(legs: Columns, t: int) -> Columns:
    """Return the legs as far as they are run at ``t``: later ones gone, the current one cut."""
    kept = _select(legs, legs["t0"] < t)
    over = kept["t1"] > t
    share = (t - kept["t0"][over]) / (kept["t1"][over] - kept["t0"][over])
    for axis, decimals in (("lat", 7), ("lon", 7), ("alt", 1)):
        start, end = kept[axis + "0"][over], kept[axis + "1"][over]
        kept[axis + "1"] = kept[axis + "1"].copy()
        kept[axis + "1"][over] = np.round(start + (end - start) * share, decimals)
    kept["t1"] = np.minimum(kept["t1"], t)
    return kept


@dataclass(slots=True)
class Log:
    """Gathers rows; `flush` hands over those that are over."""

    _legs: list[Columns] = field(default_factory=list)
    _carriers: list[Columns] = field(default_factory=list)
    _statuses: list[Columns] = field(default_factory=list)
    _events: list[tuple[int, Event]] = field(default_factory=list)
    events_count: int = 0
    _recent_legs: Recent = field(default_factory=lambda: Recent(_NO_LEGS))
    _recent_carriers: Recent = field(default_factory=lambda: Recent(_NO_CARRIERS))

    def add_legs(self, legs: Legs) -> None:
        """Add legs (columns as in `effects.Legs`)."""
        if legs.entity.size:
            columns = {name: getattr(legs, name) for name in _LEG_COLUMNS}
            self._legs.append(columns)
            self._recent_legs.add(columns)

    def legs_after(self, t: int, rows: npt.NDArray[np.int64] | None = None) -> Columns:
        """Return the legs known so far that end after ``t``, as they were added.

        ``rows``: entities of which they are wanted; None: of all.
        """
        if not self._recent_legs.covers(t):
            return after(join([_NO_LEGS, *self._legs]), t, rows)
        return after(self._recent_legs.at(t), t, rows)

    def statuses_after(self, t: int) -> Columns:
        """Return the changes of status known so far that are after ``t``."""
        self._statuses = [join([*self._statuses, _NO_STATUSES])]
        return _select(self._statuses[0], self._statuses[0]["t"] > t)

    def carriers_after(self, t: int, rows: npt.NDArray[np.int64] | None = None) -> Columns:
        """Return the closed carrier rows known so far that end after ``t``; see `legs_after`."""
        if not self._recent_carriers.covers(t):
            return after(join([_NO_CARRIERS, *self._carriers]), t, rows)
        return after(self._recent_carriers.at(t), t, rows)

    def recent(self, t: int) -> tuple[Columns, Columns]:
        """Return legs and closed carrier rows, all that end after ``t`` (now) among them."""
        return self._recent_legs.at(t), self._recent_carriers.at(t)

    def moving(self, t: int, rows: Sequence[int]) -> set[int]:
        """Return who of some entities has legs that end after ``t`` (now)."""
        legs = self._recent_legs.at(t)
        index = found_after(legs, t, np.array(rows, dtype=np.int64))
        return set(legs["entity"][index].tolist())

    def stop_legs(self, rows: npt.NDArray[np.int32], t: int) -> Columns:
        """Take back what platforms would have done after ``t``; say where those then are.

        Parameters
        ----------
        rows
            Entity rows.
        t
            Instant, ms.

        Returns
        -------
        ``entity``, ``lat``, ``lon``, ``alt`` of those that had legs left to run, ascending: the
        others stand where the state says. What is left of a leg shorter than a second goes too.
        """
        legs = join([*self._legs, _NO_LEGS])
        gone = np.isin(legs["entity"], rows) & (legs["t1"] > t)
        mine = _select(legs, gone)
        order = np.lexsort((mine["t0"], mine["entity"]))
        mine = {name: column[order] for name, column in mine.items()}
        here = _select(mine, np.diff(mine["entity"], prepend=-1) != 0)
        begun = here["t0"] <= t - SHORTEST_MS
        run = cut_legs(_select(here, begun), t)
        self._legs = [join([_select(legs, ~gone), run])]
        self._recent_legs.renew(self._legs[0])
        stops = {"entity": here["entity"]}
        for axis in ("lat", "lon", "alt"):
            stops[axis] = here[axis + "0"].copy()
            stops[axis][begun] = run[axis + "1"]
        return stops

    def take_back_events(self, numbers: Collection[int], t: int) -> None:
        """Forget those of some events that would have happened after ``t``."""
        self._events = [
            (number, event)
            for number, event in self._events
            if event.t <= t or number not in numbers
        ]

    def add_carriers(self, columns: Columns) -> None:
        """Add closed carrier rows: entity, carrier, slot, t0, t1."""
        if columns["entity"].size:
            self._carriers.append(columns)
            self._recent_carriers.add(columns)

    def add_statuses(self, columns: Columns) -> None:
        """Add changes of status: entity, t, status (code)."""
        if columns["entity"].size:
            self._statuses.append(columns)

    def add_event(self, event: Event) -> int:
        """Add an event and return its id: its number in the order of happening to be known."""
        number = self.events_count
        self.events_count += 1
        self._events.append((number, event))
        return number

    def flush(self, until: int) -> tuple[dict[str, Columns], list[tuple[int, Event]]]:
        """Return and forget the rows that are over by ``until`` (ms).

        Rows of tables come as they were added: the store sorts them, in threads of its own. Events
        come in time order.
        """
        tables: dict[str, Columns] = {}
        for name, attribute, when in (
            ("legs", "_legs", "t1"),
            ("carriers", "_carriers", "t1"),
            ("statuses", "_statuses", "t"),
        ):
            chunks: list[Columns] = getattr(self, attribute)
            if not chunks:
                continue
            columns = join(chunks)
            over = columns[when] <= until
            later = _select(columns, ~over)
            setattr(self, attribute, [later] if later[when].size else [])
            tables[name] = _select(columns, over)
            if name == "legs":
                self._recent_legs.renew(later)
            elif name == "carriers":
                self._recent_carriers.renew(later)
        due = [(number, event) for number, event in self._events if event.t <= until]
        self._events = [(number, event) for number, event in self._events if event.t > until]
        due.sort(key=lambda item: (item[1].t, item[0]))
        return tables, due

    def so_far(self, since: int, t: int, state: State) -> tuple[dict[str, Columns], ...]:
        """Return what is over after ``since`` and by ``t``, and what lasts at ``t``.

        Nothing changes. The first holds ``legs``, ``carriers`` and ``statuses`` as `flush` would
        hand them over, the second ``legs`` cut at ``t`` and open ``carriers`` as `close` would
        leave them.
        """
        legs, carriers = self.legs_after(since), self.carriers_after(since)
        statuses = self.statuses_after(since)
        over = {
            "legs": _select(legs, legs["t1"] <= t),
            "carriers": _select(carriers, carriers["t1"] <= t),
            "statuses": _select(statuses, statuses["t"] <= t),
        }
        lasting = _select(carriers, (carriers["t1"] > t) & (carriers["t0"] <= t))
        aboard = np.flatnonzero((state.carrier >= 0) & (state.aboard_ms <= t)).astype(np.int32)
        rides = {
            "entity": np.concatenate([lasting["entity"], aboard]),
            "carrier": np.concatenate([lasting["carrier"], state.carrier[aboard]]),
            "slot": np.concatenate([lasting["slot"], state.slot[aboard]]),
            "t0": np.concatenate([lasting["t0"], state.aboard_ms[aboard]]),
        }
        rides["t1"] = np.full(rides["entity"].size, OPEN, dtype=np.int64)
        return over, {"legs": cut_legs(_select(legs, legs["t1"] > t), t), "carriers": rides}

    def events_until(self, t: int) -> list[tuple[int, Event]]:
        """Return the events until ``t`` that are not handed over yet, with their ids."""
        return [(number, event) for number, event in self._events if event.t <= t]

    def close(self, t: int, state: State) -> None:
        """Cut everything at ``t``: what would have happened later is forgotten.

        What is aboard something at ``t`` gets its open carrier row (``t1`` = `OPEN`).
        """
        if self._legs:
            self._legs = [cut_legs(join(self._legs), t)]
        aboard = np.flatnonzero(state.carrier >= 0).astype(np.int32)
        self._carriers.append(
            {
                "entity": aboard,
                "carrier": state.carrier[aboard],
                "slot": state.slot[aboard],
                "t0": state.aboard_ms[aboard],
                "t1": np.full(aboard.size, OPEN, dtype=np.int64),
            }
        )
        carriers = join(self._carriers)
        carriers["t1"] = np.where(carriers["t1"] > t, OPEN, carriers["t1"])
        self._carriers = [_select(carriers, carriers["t0"] <= t)]
        if self._statuses:
            statuses = join(self._statuses)
            self._statuses = [_select(statuses, statuses["t"] <= t)]
        self._events = [(number, event) for number, event in self._events if event.t <= t]
