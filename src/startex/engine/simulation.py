"""The run itself: instant after instant with something due, phase after phase."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt

from startex.engine.calendar import Calendar, Phase
from startex.engine.communications.jamming import Area
from startex.engine.communications.network import Network
from startex.engine.desk import (
    Approach,
    Chase,
    Controller,
    Engage,
    Minefield,
    Notice,
    Report,
    Result,
)
from startex.engine.effects import Effects, Event
from startex.engine.engagement.component import Engagement
from startex.engine.execution import Execution
from startex.engine.livefire import LiveFire
from startex.engine.log import Log, Recorder
from startex.engine.orderbook import OrderBook, OrderRecord, Ticket
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.picture import Picture
from startex.engine.play import play_of
from startex.engine.resources import Resources
from startex.engine.sensing.component import Sensing
from startex.engine.sensing.roster import Sides
from startex.engine.signals import Content
from startex.engine.state import State
from startex.engine.statuses import Statuses
from startex.engine.supply.component import Supply
from startex.engine.sustainment import Sustainment
from startex.engine.systems.base import BatchSystem, InterruptibleSystem, System, World
from startex.foundation.clock import MS_PER_DAY
from startex.geography.surface import NoGroundError

SEGMENT_MS = MS_PER_DAY
"""Length of a segment of the record, ms; counted from the start of the run."""

MOST_ROUNDS = 10_000
"""What happens in an instant may cause more in the same instant, round after round; with so many
rounds it causes itself."""

Int32 = npt.NDArray[np.int32]


class EndlessInstantError(RuntimeError):
    """An instant whose events cause each other without end: an error of the program."""

    def __init__(self, t: int, latest: Sequence[Order]) -> None:
        told = ", ".join(f"{order.id} {order.kind} (unit {order.unit})" for order in latest)
        super().__init__(
            f"{t} ms goes on without end, {MOST_ROUNDS} rounds so far; latest orders: "
            f"{told or 'none'}"
        )


class Simulation:
    """One run: owns its state, calendar and log; nothing else does. It is the control's `Desk`.

    Parameters
    ----------
    world
        What stays the same.
    state
        Where everything stands at the start, with who is aboard what.
    systems
        System by kind of order.
    controller
        Control.
    recorder
        Takes the record, segment by segment.
    sensing, engagement, network
        Who finds whom in serials with an opposing force, who judges fire, and what carries reports
        and orders there; None: nobody plays.
    serials
        Ids of serials, by the index that orders and events carry.
    supply
        Accounts of what is used up; None: nothing is accounted for.
    """

    def __init__(
        self,
        world: World,
        state: State,
        systems: Mapping[str, System],
        controller: Controller,
        recorder: Recorder,
        sensing: Sensing | None = None,
        engagement: Engagement | None = None,
        network: Network | None = None,
        serials: Sequence[str] = (),
        supply: Supply | None = None,
    ) -> None:
        self.world = world
        self.state = state
        self.log = Log()
        magazine = None if engagement is None else engagement.magazine
        self.sustainment = None if supply is None else Sustainment(supply, self.log, magazine)
        self.play = None
        if sensing is not None and engagement is not None and network is not None:
            self.play = play_of(sensing, engagement, network, self.log, serials)
        self._execution = Execution(world, state, self.log)
        self.now = world.start_ms
        self._systems = systems
        self._controller = controller
        self._recorder = recorder
        self._calendar = Calendar()
        self.live_fire = None
        if engagement is not None:
            self.live_fire = LiveFire(
                engagement, state, self.log, self._calendar, serials, self.sustainment
            )
        self._resources = Resources()
        self._book = OrderBook()
        self._notices: list[Notice] = []
        self._segment = 0
        self._statuses = Statuses(state, self.log, world.start_ms)
        self._picture = Picture(world.force, world.catalogue, world.places, state)

    # --- the desk -------------------------------------------------------------------------

    def next_order(self) -> int:
        """Return the id that the next order must carry."""
        return len(self._book)

    def issue(self, order: Order) -> None:
        """Give an order."""
        ticket = self._book.enter(order, self.now)
        if ticket.waiting == 0:
            self._release(ticket)

    def report(self, event: Event) -> int:
        """Record an event and return its id."""
        return self.log.add_event(event)

    def set_status(self, unit: int, status: str) -> None:
        """Change the status of every person and platform of a unit's subtree."""
        units = self.world.force.units
        self._statuses.set(int(units.first[unit]), int(units.last[unit]), status)

    def tell_off(
        self, serial: int, opposing: Sides, others: Sides, cause: int = -1, *, closed: bool = False
    ) -> None:
        """Let platforms play the enemy in a serial: from now on all look for each other."""
        if self.play is not None:
            self.play.tell_off(serial, opposing, others, cause, closed=closed)

    def lay_mines(self, belt: Minefield) -> None:
        """Have mines laid, notionally."""
        if self.play is not None:
            self.play.land_mines.lay(belt)

    def jam(self, kinds: Sequence[str], area: Area, t0: int, t1: int, factor: float) -> None:
        """Have nets of some kinds jammed, for all sides, where they are received in an area."""
        if self.play is not None:
            for kind in kinds:
                self.play.network.jammed(kind, area, max(t0, self.now), t1, factor)

    def stand_down(self, serial: int) -> None:
        """End the play of a serial."""
        if self.play is not None:
            self.play.stand_down(serial, self.now)

    def set_silent(self, rows: Int32, *, silent: bool) -> None:
        """Let platforms keep their radars off, or use them again."""
        if self.play is not None:
            self.play.set_silent(rows, silent=silent)

    def set_weapons(self, rows: Int32, kinds: Sequence[str]) -> None:
        """Let platforms use weapons of some kinds alone, or of all."""
        if self.play is not None:
            self.play.firing.set_weapons(rows, kinds)

    def clear_range(self, serial: int) -> None:
        """Let the range crew put up again the targets that a serial has hit."""
        if self.live_fire is not None:
            self.live_fire.clear(serial, self.now)

    def engage(self, order: Engage) -> None:
        """Have a target engaged, notionally, at the end of this instant."""
        if self.play is not None:
            self.play.engage(order)

    def instruct(self, order: Chase) -> None:
        """Send an order to the unit of a platform, over the nets."""
        if self.play is not None:
            self.play.instruct(order, self.now)

    def approach(
        self, serial: int, target: int, among: Int32, *, opposing: bool
    ) -> Approach | None:
        """Return who of some ships can be at a target first, from a side's plot."""
        if self.play is None:
            return None
        return self.play.approach(self.now, serial, target, among, opposing=opposing)

    def release(self, rows: Int32) -> Int32:
        """Take platforms out of orders that can be interrupted: they stop where they are now."""
        state = self.state
        rows = rows[(state.order[rows] >= 0) & (state.carrier[rows] < 0)]
        can = [self._interruptible(self._book[n].order) for n in state.order[rows]]
        rows = np.unique(rows[np.array(can, dtype=np.bool_)])
        numbers = np.unique(state.order[rows])
        self._execution.stop(rows, self.now)
        if self.play is not None:
            self.play.note(rows)
        for ticket in (self._book[number] for number in numbers):
            if not any((state.order[r] == ticket.order.id).any() for r in ticket.touched):
                self.log.take_back_events(set(ticket.events), self.now)
                ticket.t_end = self.now
                for follower in self._book.followers(ticket):
                    if np.isin(follower.order.rows, rows).all():
                        self._finish(follower, "superseded", "other orders took its place", -1)
                self._finish(ticket, "ended", "", -1)
        return rows

    def _interruptible(self, order: Order) -> bool:
        system = self._systems[order.kind]
        return isinstance(system, InterruptibleSystem) and system.may_be_interrupted(order)

    def wake(self, t: int) -> None:
        """Call control at ``t``."""
        self._calendar.add(max(t, self.now), Phase.CONTROL)

    # --- the run --------------------------------------------------------------------------

    def run(
        self,
        until_ms: int | None = None,
        progress: Callable[[int], None] | None = None,
        pace: Callable[[int], None] | None = None,
    ) -> int:
        """Run to ``until_ms`` (default: the end of the scenario); return the time reached.

        ``progress`` is called with the simulated time after each segment. ``pace`` is called
        before each instant with its time, and with 1 ms after the last: all before is settled, and
        nothing goes on until it returns. It may look, and must change nothing.
        """
        end = self.world.end_ms if until_ms is None else min(until_ms, self.world.end_ms)
        self._controller.begin(self)
        if self._calendar.next_time() == self.world.start_ms:
            self._instant(self.world.start_ms)
        self._statuses.tell_first()
        while (t := self._calendar.next_time()) is not None and t <= end:
            if pace is not None:
                pace(t)
            self._flush_before(t, progress)
            self._instant(t)
        if pace is not None:
            pace(end + 1)
        self._flush_before(end, progress)
        self.now = end
        self._execution.rest(end)
        if self.sustainment is not None:
            self.sustainment.day(end, self.state)
            self.sustainment.close()
        self.log.close(end, self.state)
        self._write(np.iinfo(np.int64).max, cut=end < self.world.end_ms)
        return end

    def orders(self) -> list[OrderRecord]:
        """Return what became of every order so far."""
        return self._book.records()

    def _flush_before(self, t: int, progress: Callable[[int], None] | None) -> None:
        """Hand over every segment that ends before ``t``: nothing can be added to it any more."""
        while (boundary := self.world.start_ms + (self._segment + 1) * SEGMENT_MS) < t:
            if self.sustainment is not None:
                self.sustainment.day(boundary, self.state)
            self._write(boundary)
            if progress is not None:
                progress(boundary)

    def _write(self, until: int, *, cut: bool = False) -> None:
        tables, events = self.log.flush(until)
        self._recorder.segment(None if cut else self._segment, tables, events)
        self._segment += 1

    def _instant(self, t: int) -> None:
        self.now = t
        rounds = 0
        while self._calendar.next_time() == t:
            if (rounds := rounds + 1) > MOST_ROUNDS:
                raise EndlessInstantError(t, self._book.latest())
            for number in self._calendar.take(t, Phase.END):
                self._end(self._book[number])
            if self.play is not None and self._calendar.take(t, Phase.SENSE):
                self._inform(t, self.play.due(t))
            woken = bool(self._calendar.take(t, Phase.CONTROL))
            if woken or self._notices:
                notices, self._notices = self._notices, []
                self._controller.act(t, notices, self._picture, self)
            self._start_all(t, self._calendar.take(t, Phase.START))
            if self._calendar.take(t, Phase.FIRE) and self.live_fire is not None:
                self.live_fire.fire(t)
            self._look(t)
        if self.play is not None:
            arrival = self.play.settle(t)
            if arrival is not None:
                self._calendar.add(arrival, Phase.SENSE)
        self._statuses.record(t)

    def _inform(self, t: int, news: Sequence[Content]) -> None:
        """Hand over to control what is known to units and commands at ``t``."""
        reports = [item for item in news if isinstance(item, Report)]
        results = [item for item in news if isinstance(item, Result)]
        orders = [item for item in news if isinstance(item, Chase)]
        if results:
            self._controller.judged(t, results, self._picture, self)
        if reports:
            self._controller.informed(t, reports, self._picture, self)
        if orders:
            self._controller.instructed(t, orders, self._picture, self)
        if news:
            self.wake(t)

    def _look(self, t: int) -> None:
        """Let those in play fire, and work out what all will see after what has changed now."""
        if self.play is None:
            return
        fired = self.play.fire(t)
        if fired is not None and self.sustainment is not None:
            self.sustainment.note_shots(fired)
        self.play.look(t)
        due = self.play.next_time()
        if due is not None:
            self._calendar.add(max(due, t), Phase.SENSE)

    def _release(self, ticket: Ticket) -> None:
        """All predecessors have ended: the order may start, unless every one of them failed."""
        order = ticket.order
        if ticket.hopeless:
            self._finish(ticket, "cancelled", "what it waited for could not be carried out", -1)
        else:
            self._calendar.add(max(self.now, order.not_before_ms), Phase.START, order.id)

    def _start_all(self, t: int, numbers: list[int]) -> None:
        """Start orders: each reads the state as it was, then all effects apply."""
        started: list[tuple[Ticket, Effects]] = []
        tickets = [self._book[number] for number in numbers]
        for kind, group in groupby(tickets, key=lambda ticket: ticket.order.kind):
            alike = list(group)
            for ticket, effects in zip(alike, self._together(kind, alike, t), strict=True):
                try:
                    started.append((ticket, effects or self._start(ticket.order, t)))
                except OrderRefusedError as refusal:
                    self._refuse(ticket, refusal, t)
                else:
                    # at once, so that a second order of this instant to the same is refused
                    self.state.order[ticket.order.rows] = ticket.order.id
        for ticket, effects in started:
            self._apply(ticket, effects, t)

    def _together(self, kind: str, tickets: list[Ticket], t: int) -> Sequence[Effects | None]:
        """Return the effects of orders of one kind in one go; None for those to start singly."""
        system = self._systems[kind]
        if len(tickets) == 1 or not isinstance(system, BatchSystem):
            return [None] * len(tickets)
        rows = np.concatenate([ticket.order.rows for ticket in tickets])
        if (self.state.order[rows] >= 0).any() or np.unique(rows).size < rows.size:
            return [None] * len(tickets)  # some are busy or ordered twice: one by one, in order
        return system.start_all([ticket.order for ticket in tickets], t, self.world, self.state)

    def _start(self, order: Order, t: int) -> Effects:
        taken = order.rows[self.state.order[order.rows] >= 0]
        if taken.size:
            other = int(self.state.order[taken[0]])
            raise OrderRefusedError(
                f"{taken.size} of {order.rows.size} platforms still carry out another order "
                f"({self._book[other].order.kind}), {self.world.force.name[taken[0]]} first"
            )
        system = self._systems[order.kind]
        try:
            return system.start(order, t, self.world, self.state, self._resources)
        except NoGroundError as error:
            raise OrderRefusedError(str(error)) from error

    def _refuse(self, ticket: Ticket, refusal: OrderRefusedError, t: int) -> None:
        if refusal.retry_ms is not None and refusal.retry_ms > t:
            if not ticket.reason:
                ticket.reason = refusal.reason
                self._tell(ticket, "order_delayed", refusal.reason)
            self._calendar.add(refusal.retry_ms, Phase.START, ticket.order.id)
            return
        event = self._tell(ticket, "order_refused", refusal.reason)
        self._finish(ticket, "refused", refusal.reason, event)

    def _tell(self, ticket: Ticket, kind: str, reason: str) -> int:
        order = ticket.order
        return self.log.add_event(
            Event(
                t=self.now,
                kind=kind,
                text=f"{order.kind}: {reason}",
                unit=order.unit,
                serial=order.serial,
                cause=order.cause,
                data={"order": order.id},
            )
        )

    def _apply(self, ticket: Ticket, effects: Effects, t: int) -> None:
        order = ticket.order
        end = max(effects.end_ms, t)
        ticket.t_start, ticket.t_end, ticket.outcome = t, end, "running"
        self._execution.apply(order, effects)
        if self.play is not None:
            self.play.note_effects(order.rows, effects)
        ticket.touched = [order.rows, effects.rows]
        ticket.events = [self.log.add_event(event) for event in effects.events]
        if self.live_fire is not None:
            self.live_fire.plan(order, effects, ticket.events)
        self._calendar.add(end, Phase.END, order.id)

    def _end(self, ticket: Ticket) -> None:
        if ticket.outcome != "running":
            return  # all of its platforms were released before
        for rows in ticket.touched:
            mine = rows[self.state.order[rows] == ticket.order.id]
            self.state.order[mine] = -1
        ticket.touched = []
        if self.sustainment is not None:
            self.sustainment.note_ended(ticket.order)
        self._finish(ticket, "ended", "", -1)

    def _finish(self, ticket: Ticket, outcome: str, reason: str, event: int) -> None:
        """Tell control and whoever waits for this order."""
        ready = self._book.finish(ticket, outcome, reason)
        notice = Notice(ticket.order, outcome, reason, event)  # type: ignore[arg-type]
        self._notices.append(notice)
        self.wake(self.now)
        for follower in ready:
            self._release(follower)
