"""The serial board: starts serials when they can start, says why when they cannot."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from startex.control.brief import Brief, CannotBeHeldError, Draft
from startex.control.conduct import Conduct
from startex.control.landplay import prepare
from startex.control.readiness import Engagements, Obstacle, obstacle, taking_part, task_of
from startex.control.tasks import TASK_ORDERS
from startex.control.tasks.targets import FIRE_WITH
from startex.engine.desk import Chase, Desk, Notice, Report, Result
from startex.engine.effects import Event
from startex.engine.orders import Order
from startex.engine.picture import Picture
from startex.foundation.clock import MS_PER_HOUR, format_time
from startex.geography.routes import Router
from startex.geography.surface import NoGroundError
from startex.scenario.serials import Serial
from startex.scenario.vocabulary import TASKS

LATE_MS = MS_PER_HOUR // 4
"""A serial is late when it starts or ends more than 15 min after plan; assumed."""


@dataclass(slots=True)
class SerialRun:
    """A serial and what became of it.

    Outcomes: planned, waiting, running, held, held_late, partly_held (some orders could not be
    carried out), not_held (none could), called_off.
    """

    serial: Serial
    outcome: str = "planned"
    start: int | None = None
    end: int | None = None
    reason: str = ""
    event: int = -1  # latest event that concerns it: the cause of what follows
    open_orders: int = 0
    orders: int = 0
    refused: int = 0
    units: tuple[int, ...] = field(default_factory=tuple)


class Board:
    """Control of the whole exercise by its schedule of serials.

    Serials are taken in the order of planned start, priority (higher first) and id, so that the
    order of rows in a file gives nobody an advantage.

    Parameters
    ----------
    serials
        As read.
    events
        Context events to record at their times, in time order.
    unit_row
        Unit row by unit id.
    router
        Ways.
    seed
        Seed of the run.
    utc_offset_h
        For times in texts.
    """

    def __init__(
        self,
        serials: Sequence[Serial],
        events: Sequence[Event],
        unit_row: Mapping[str, int],
        router: Router,
        seed: int,
        utc_offset_h: float,
    ) -> None:
        ordered = sorted(serials, key=lambda s: (s.start_ms, -s.priority, s.serial))
        self.runs = [SerialRun(serial) for serial in ordered]
        self._index = {run.serial.serial: number for number, run in enumerate(self.runs)}
        self._context = list(events)
        self._unit_row = unit_row
        self._router = router
        self._seed = seed
        self._utc_offset_h = utc_offset_h
        self._engaged = Engagements(np.empty(0, np.int32))
        self._conduct = Conduct()
        self._due = 0  # first serial whose time has not come
        self._open: list[int] = []  # serials whose time has come and that have not started

    def begin(self, desk: Desk) -> None:
        """Enter the planned starts and the context events."""
        for run in self.runs:
            desk.wake(run.serial.start_ms)
            desk.wake(self._deadline(run))
        for event in self._context:
            desk.report(event)

    def informed(self, t: int, reports: Sequence[Report], picture: Picture, desk: Desk) -> None:
        """Take note of contacts reported; act on them in serials of action."""
        acted = [r for r in reports if TASKS[self.runs[r.serial].serial.task].fights]
        self._conduct.informed(t, acted, _Floor(self, t, picture, desk))

    def judged(self, t: int, results: Sequence[Result], picture: Picture, desk: Desk) -> None:
        """Take note of what came of engagements."""
        self._conduct.judged(t, results, _Floor(self, t, picture, desk))

    def instructed(self, t: int, orders: Sequence[Chase], picture: Picture, desk: Desk) -> None:
        """Let ships go after targets or take up their stations, as they have been told to."""
        self._conduct.instructed(t, orders, _Floor(self, t, picture, desk))

    def running(self, number: int, t: int, picture: Picture) -> Brief | None:
        """Return the brief of a serial as of its start; None where it does not run."""
        run = self.runs[number]
        return self._brief(run, run.start or t, picture) if run.outcome == "running" else None

    def give(self, number: int, drafts: list[Draft], cause: int, desk: Desk) -> None:
        """Give further orders in a serial that runs."""
        self.runs[number].orders += len(drafts)
        self.runs[number].open_orders += len(drafts)
        self._issue(number, drafts, cause, desk)

    def act(self, t: int, notices: Sequence[Notice], picture: Picture, desk: Desk) -> None:
        """Note what ended, then start what can start."""
        self._conduct.act(t, _Floor(self, t, picture, desk))
        if not self._engaged.unit_serial.size:
            self._engaged.unit_serial = np.full(len(picture.force.units.id), -1, dtype=np.int32)
        touched = sorted({n.order.serial for n in notices if n.order.serial >= 0})
        for notice in notices:
            self._note(notice)
        for number in touched:
            if self.runs[number].open_orders == 0:
                self._end(number, self.runs[number], t, picture, desk)
        while self._due < len(self.runs) and self.runs[self._due].serial.start_ms <= t:
            self._open.append(self._due)
            self._due += 1
        for number in self._open:
            self._try(number, self.runs[number], t, picture, desk)
        self._open = [n for n in self._open if self.runs[n].outcome in ("planned", "waiting")]

    # --- starting ---------------------------------------------------------------------------

    def _try(self, number: int, run: SerialRun, t: int, picture: Picture, desk: Desk) -> None:
        brief = self._brief(run, t, picture)
        found = self._before(run) or obstacle(brief, number, self._engaged, self._event_of)
        drafts: list[Draft] = []
        if found is None:
            try:
                drafts = TASK_ORDERS[run.serial.task](brief)
                if not drafts:
                    found = Obstacle("nobody of its units can take part")
            except (CannotBeHeldError, NoGroundError) as error:
                found = Obstacle(str(error))
        if found is None:
            self._start(number, run, brief, drafts, desk)
            return
        reason = re.sub(r"\{(\d+)\}", lambda m: self.runs[int(m[1])].serial.serial, found.reason)
        if t >= self._deadline(run):
            run.outcome, run.reason = "called_off", reason
            run.event = self._tell(
                run, t, brief.place, "serial_called_off", f"called off: {reason}", desk,
                found.cause if found.cause >= 0 else run.event,
            )  # fmt: skip
        elif reason != run.reason:
            run.outcome, run.reason = "waiting", reason
            run.event = self._tell(
                run, t, brief.place, "serial_delayed", f"cannot start: {reason}", desk, found.cause
            )

    def _before(self, run: SerialRun) -> Obstacle | None:
        for name in run.serial.after:
            other = self.runs[self._index[name]]
            if other.outcome in ("planned", "waiting", "running"):
                return Obstacle(f"serial {name} has not ended", other.event)
            if other.outcome in ("called_off", "not_held"):
                return Obstacle(f"serial {name} was not held", other.event)
        return None

    def _start(
        self, number: int, run: SerialRun, brief: Brief, drafts: list[Draft], desk: Desk
    ) -> None:
        t, serial = brief.t, run.serial
        late = t - serial.start_ms
        run.start, run.outcome = t, "running"
        run.event = self._tell(
            run, t, brief.place, "serial_started",
            "starts" + (f" {late / 60_000:.0f} min late" if late > LATE_MS else ""),
            desk, run.event,
        )  # fmt: skip
        run.units = taking_part(brief)
        picture = brief.picture
        units = picture.force.units
        for unit in run.units:
            self._engaged.unit_serial[unit : units.last_unit[unit]] = number
        if serial.books_range:
            self._engaged.place_serial[brief.place] = number
        presence = task_of(brief).presence
        if presence == "there":
            self._engaged.place_users.setdefault(brief.place, set()).add(number)
        status = "en_route" if presence == "goes" else "exercising"
        for unit in run.units:
            desk.set_status(unit, status)
        self._restrain(brief, run, desk, on=True)
        if brief.opfor:
            enemy = [(unit, brief.picture.platforms(unit)) for unit in brief.opfor]
            others = [
                (unit, brief.picture.platforms(unit))
                for unit in run.units
                if unit not in brief.opfor
            ]
            # intruders in the air are reported by whoever's radar finds them
            closed = brief.param("roe", "engage") != "engage" and serial.task != "alert"
            desk.tell_off(number, enemy, others, run.event, closed=closed)
            free = t + brief.minutes("weapons_free_min")
            self._conduct.begin(number, brief, free)
            desk.wake(free)
            prepare(number, brief, run.event, desk)
        self._issue(number, drafts, run.event, desk)
        run.orders = run.open_orders = len(drafts)

    def _issue(self, number: int, drafts: list[Draft], cause: int, desk: Desk) -> None:
        """Give the orders of drafts."""
        first = desk.next_order()
        for draft in drafts:
            self._conduct.note(draft)
            desk.issue(
                Order(
                    id=desk.next_order(),
                    kind=draft.kind,
                    rows=np.asarray(draft.rows, dtype=np.int32),
                    params=draft.params,
                    serial=number,
                    unit=draft.unit,
                    after=tuple(first + earlier for earlier in draft.after),
                    not_before_ms=draft.not_before_ms,
                    cause=cause,
                )
            )

    @staticmethod
    def _restrain(brief: Brief, run: SerialRun, desk: Desk, *, on: bool) -> None:
        """Put on those who train, or lift, what the serial says of their radars and weapons."""
        weapons = brief.param("fire_with") if brief.opfor else None
        for unit in run.units:
            rows = brief.picture.platforms(unit)
            if unit not in brief.opfor and brief.param("emcon") == "silent":
                desk.set_silent(rows, silent=on)
            if unit not in brief.opfor and weapons is not None:
                desk.set_weapons(rows, FIRE_WITH[str(weapons)] if on else ())

    # --- ending -----------------------------------------------------------------------------

    def _note(self, notice: Notice) -> None:
        if notice.order.serial < 0:
            return
        run = self.runs[notice.order.serial]
        run.open_orders -= 1
        if notice.outcome not in ("ended", "superseded"):
            run.refused += 1
            if notice.event >= 0:
                run.event = notice.event
            if notice.outcome == "refused" and not run.reason:
                run.reason = notice.reason

    def _end(self, number: int, run: SerialRun, t: int, picture: Picture, desk: Desk) -> None:
        brief = self._brief(run, t, picture)
        run.end = t
        late = t > run.serial.end_ms + LATE_MS or (run.start or t) > run.serial.start_ms + LATE_MS
        if run.refused == run.orders:
            run.outcome = "not_held"
        elif run.refused:
            run.outcome = "partly_held"
        else:
            run.outcome = "held_late" if late else "held"
        text = {
            "held": "ends",
            "held_late": f"ends; planned end was {self._clock(run.serial.end_ms)}",
            "partly_held": f"ends; {run.refused} of {run.orders} orders were not carried out",
            "not_held": "could not be held: no order was carried out",
        }[run.outcome]
        run.event = self._tell(run, t, brief.place, "serial_ended", text, desk, run.event)
        self._restrain(brief, run, desk, on=False)
        desk.clear_range(number)
        if brief.opfor:
            desk.stand_down(number)
            self._conduct.end(number)
        units = picture.force.units
        for unit in run.units:
            span = self._engaged.unit_serial[unit : units.last_unit[unit]]
            span[span == number] = -1
        for unit in run.units:
            desk.set_status(unit, self._status_after(run, unit, brief))
        if self._engaged.place_serial.get(brief.place) == number:
            del self._engaged.place_serial[brief.place]
        self._engaged.place_users.get(brief.place, set()).discard(number)

    @staticmethod
    def _status_after(run: SerialRun, unit: int, brief: Brief) -> str:
        """Home again after a withdrawal to the home place, else in place."""
        home = brief.picture.force.units.home[unit]
        if run.serial.phase == "withdrawal" and home == brief.picture.places.id[brief.place]:
            return "returned"
        return "in_place"

    # --- helpers ----------------------------------------------------------------------------

    def _event_of(self, number: int) -> int:
        return self.runs[number].event

    def _deadline(self, run: SerialRun) -> int:
        return run.serial.start_ms + round(run.serial.tolerance_h * MS_PER_HOUR)

    def _clock(self, t: int) -> str:
        return format_time(t, self._utc_offset_h)[5:16].replace("T", " ")

    def _brief(self, run: SerialRun, t: int, picture: Picture) -> Brief:
        serial = run.serial
        return Brief(
            serial=serial,
            t=t,
            end_ms=max(t, serial.end_ms + max(0, t - serial.start_ms)),
            units=tuple(self._unit_row[unit] for unit in serial.units),
            support=tuple(self._unit_row[unit] for unit in serial.support),
            opfor=tuple(self._unit_row[unit] for unit in serial.opfor),
            place=picture.places.index(serial.place),
            picture=picture,
            router=self._router,
            seed=self._seed,
            unit_row=self._unit_row,
        )

    def _tell(
        self, run: SerialRun, t: int, place: int, kind: str, text: str, desk: Desk, cause: int
    ) -> int:
        return desk.report(
            Event(
                t=t,
                kind=kind,
                text=f"{run.serial.name}: {text}",
                place=place,
                serial=self._index[run.serial.serial],
                cause=cause,
                data={"task": run.serial.task},
            )
        )


@dataclass(frozen=True, slots=True)
class _Floor:
    """The board as plays see it at an instant; see `conduct.Floor`."""

    board: Board
    t: int
    picture: Picture
    desk: Desk

    def running(self, number: int) -> Brief | None:
        return self.board.running(number, self.t, self.picture)

    def give(self, number: int, drafts: list[Draft], cause: int) -> None:
        self.board.give(number, drafts, cause, self.desk)
