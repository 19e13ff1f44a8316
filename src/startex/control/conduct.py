"""How plays are conducted: what both sides do about what is reported to them.

Put together here: fire and pursuit (`reactions`), guards and mines (`guarding`), fighters on alert
(`alerts`), raiders sent home (`raids`). The board starts and ends plays and gives the orders.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from startex.control.alerts import Alerts
from startex.control.brief import Brief, Draft
from startex.control.chasing import bound_for, redirected
from startex.control.guarding import Guarding
from startex.control.raids import Raiders
from startex.control.reactions import Reactions
from startex.engine.desk import Chase, Desk, Report, Result
from startex.engine.picture import Picture

Int32 = npt.NDArray[np.int32]


class Floor(Protocol):
    """What a play may ask of the board."""

    @property
    def picture(self) -> Picture:
        """What control sees."""
        ...

    @property
    def desk(self) -> Desk:
        """What control may do."""
        ...

    def running(self, number: int) -> Brief | None:
        """Return the brief of a serial as of its start; None where it does not run."""
        ...

    def give(self, number: int, drafts: list[Draft], cause: int) -> None:
        """Give further orders in a serial that runs."""
        ...


class Conduct:
    """Keeps what the sides of all plays know, and acts on it."""

    def __init__(self) -> None:
        self._reactions = Reactions()
        self._guarding = Guarding()
        self._raiders = Raiders()
        self._alerts = Alerts()

    def begin(self, number: int, brief: Brief, free_ms: int) -> None:
        """Begin a play in which weapons are free from ``free_ms`` on."""
        self._reactions.begin(number, free_ms)
        self._guarding.begin(number, brief)
        self._alerts.begin(number, brief)

    def end(self, number: int) -> None:
        """Forget a play."""
        self._reactions.end(number)
        self._guarding.end(number)
        self._alerts.end(number)

    def note(self, draft: Draft) -> None:
        """Note an order that is given."""
        self._raiders.note(draft.kind, draft.rows, draft.params)

    def informed(self, t: int, reports: Sequence[Report], floor: Floor) -> None:
        """Take note of contacts reported; have targets engaged, met, or gone near to."""
        near = [report for report in reports if self._guarding.takes(report)]
        rest = [report for report in reports if not self._guarding.takes(report)]
        for order in self._reactions.informed(t, rest):
            floor.desk.engage(order)
        for chase in self._guarding.informed(t, near, floor.picture, floor.desk):
            floor.desk.instruct(chase)
        for report in reports:
            if self._alerts.calls(report, floor.picture):
                brief = floor.running(report.serial)
                if brief is not None:
                    self._scramble(t, report, brief, floor)

    def _scramble(self, t: int, report: Report, brief: Brief, floor: Floor) -> None:
        """Let the next pair on alert take off against what is reported, if one is ready."""
        found = self._alerts.scramble(t, report, brief)
        if found is not None:
            draft, event = found
            floor.give(report.serial, [draft], floor.desk.report(event))

    def judged(self, t: int, results: Sequence[Result], floor: Floor) -> None:
        """Take note of what came of engagements: engage again, or go after the target."""
        desk = floor.desk
        wanted, chases, wake = self._reactions.judged(t, results)
        for order in wanted:
            desk.engage(order)
        for chase in [*chases, *self._guarding.judged(t, results, desk)]:
            desk.instruct(chase)
        for again in wake:
            desk.wake(again)
        for result in results:
            if result.out and not result.relayed:
                self._turn_home(result, floor)

    def _turn_home(self, result: Result, floor: Floor) -> None:
        """Let a raider that umpires have put out of action fly home."""
        params = self._raiders.home(result.target, floor.picture)
        if params is not None:
            gone = Chase(
                result.serial, result.target, -1, params["lat"], params["lon"], -1, -1,
                result.event, "recover",
            )  # fmt: skip
            self._redirect(gone, params, floor)

    def instructed(self, t: int, orders: Sequence[Chase], floor: Floor) -> None:
        """Let ships go after targets or take up their stations, as they have been told to."""
        for chase in orders:
            brief = floor.running(chase.serial)
            if brief is None:
                continue
            there: dict[str, Any] = {}
            if chase.kind != "station":
                point = bound_for(chase, brief, t)
                if point is None:
                    continue
                there = {"lat": point[0], "lon": point[1]}
            if chase.kind == "intercept":
                there["target"] = chase.target
            self._redirect(chase, there, floor, back=chase.kind == "sail")

    def _redirect(
        self, chase: Chase, params: dict[str, Any], floor: Floor, *, back: bool = False
    ) -> None:
        """Take a platform out of what it does and give it another order.

        ``back``: whether it takes up its task again after that.
        """
        rows = floor.desk.release(np.array([chase.row], dtype=np.int32))
        brief = floor.running(chase.serial)
        if brief is not None and rows.size:
            drafts = redirected(chase, brief, rows, params, back=back)
            floor.give(chase.serial, drafts, chase.cause)

    def act(self, t: int, floor: Floor) -> None:
        """Do what is due at ``t``."""
        for order in self._reactions.due(t):
            floor.desk.engage(order)
        for chase in self._guarding.due(t, floor.picture, floor.desk):
            floor.desk.instruct(chase)
