"""The desk between control and engine: orders go in, notices come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from startex.engine.communications.jamming import Area
from startex.engine.effects import Event
from startex.engine.orders import Order
from startex.engine.picture import Picture
from startex.engine.tracking.levels import Level

Int32 = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Notice:
    """What became of an order.

    Attributes
    ----------
    order
        The order concerned.
    outcome
        ``ended``, ``refused`` (could not be carried out), ``cancelled`` (what it waited for
        was refused) or ``superseded`` (others took its place before it began).
    reason
        Why, in words; empty when it ended.
    event
        Id of the event that recorded it, -1 when it ended without one.
    """

    order: Order
    outcome: Literal["ended", "refused", "cancelled", "superseded"]
    reason: str = ""
    event: int = -1


@dataclass(frozen=True, slots=True)
class Report:
    """A contact with somebody who takes part in the play, as its receiver has it.

    Attributes
    ----------
    serial
        Index of the serial in which it is made.
    opposing
        Whether the opposing force reports (of the training audience), or is reported.
    gained
        Whether contact was gained, else it was lost.
    unit, looker, target
        Unit and platform that report; platform reported.
    t, lat, lon
        When and where it is thought to be (the last fix, where lost).
    sensor
        What it was seen with.
    detection
        Row of the detection in the record.
    event
        Event that records it, -1 for none.
    error_m
        Standard error of the place reported, m.
    level
        How well the target is known by now: detected, classified or identified.
    takes_part
        Whether the unit that reports takes part in the serial.
    receiver, command
        Unit that has the report, and whether it is a command of its side: the unit itself at once,
        others when it has come to them.
    mine
        Whether the target is a mine: nobody waits to be allowed to destroy one.
    """

    serial: int
    opposing: bool
    gained: bool
    unit: int
    looker: int
    target: int
    t: int
    lat: float
    lon: float
    sensor: str
    detection: int
    event: int = -1
    error_m: float = 0.0
    level: Level = Level.IDENTIFIED
    takes_part: bool = True
    receiver: int = -1
    command: bool = False
    mine: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Engage:
    """A target to be engaged by a side of a serial.

    Attributes
    ----------
    target, serial, opposing
        Platform, play and side.
    cause
        Event behind it, -1 for none.
    by
        Unit that orders: a command has platforms of its nation engage, others their own.
    without
        Units that a command leaves out: they have the target before them, and act on their own.
    shooter
        Platform that is to fire; -1: weapon control chooses.
    about
        Detection behind it.
    """

    target: int
    serial: int
    opposing: bool
    cause: int = -1
    by: int = -1
    without: tuple[int, ...] = ()
    shooter: int = -1
    about: int = -1


@dataclass(frozen=True, slots=True, order=True)
class Chase:
    """A platform that is taken out of what it does to go after a target, or back to its station.

    Attributes
    ----------
    serial, row, target
        Play, platform and target.
    lat, lon
        Where it is to go.
    by
        Unit that orders it.
    about, cause
        Detection behind it, and its event.
    kind
        ``sail``: to where a target was reported, and then back to the task; ``intercept``: to where
        it meets the target; ``station``: back to the task at once; ``recover``: home.
    """

    serial: int
    row: int
    target: int
    lat: float
    lon: float
    by: int
    about: int
    cause: int
    kind: str = "sail"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a target that was to be engaged, as the side knows it.

    Attributes
    ----------
    serial, opposing, target
        As ordered.
    event
        Event that records it; the one behind the order where nobody fired.
    shooter
        Platform that fired, -1 where none could.
    out
        Whether the target is out of action.
    nearest
        Where nobody could fire: the ship asked that is nearest of those that could from nearer, -1
        for none.
    where
        Where the side's best track has the target, for that ship: latitude, longitude, degrees.
    again_ms
        Where nobody could fire: when somebody may, as both go now, ms; 0 for not soon.
    about
        Detection behind the order.
    receiver, relayed
        Unit that knows it, and whether it was told by another.
    """

    serial: int
    opposing: bool
    target: int
    event: int
    shooter: int = -1
    out: bool = False
    nearest: int = -1
    where: tuple[float, float] | None = None
    again_ms: int = 0
    about: int = -1
    receiver: int = -1
    relayed: bool = False


@dataclass(frozen=True, slots=True)
class Approach:
    """How a ship of a side can meet a target that the side has in contact.

    Attributes
    ----------
    row
        The ship.
    range_m
        How far apart they are now, m.
    t, lat, lon
        When and where they meet, at the ship's highest speed, if the target goes on as it does now.
    """

    row: int
    range_m: float
    t: int
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Minefield:
    """A belt of mines across the way of the opposing force of a serial.

    Attributes
    ----------
    serial
        Index of the serial.
    lat, lon
        Middle of the belt, degrees.
    bearing_deg
        Across the belt: where whoever crosses it comes from.
    front_m, depth_m
        Its length, and its width along the bearing.
    mines
        How many lie in it, at random.
    unit
        Who lays them.
    laid_ms
        When all are laid.
    cause
        Event behind it.
    """

    serial: int
    lat: float
    lon: float
    bearing_deg: float
    front_m: float
    depth_m: float
    mines: int
    unit: int
    laid_ms: int
    cause: int = -1


class Desk(Protocol):
    """What control may do. Everything it gives takes effect in the order given."""

    def next_order(self) -> int:
        """Return the id that the next order must carry."""
        ...

    def issue(self, order: Order) -> None:
        """Give an order; it starts when its ``after`` have ended and its time has come."""
        ...

    def report(self, event: Event) -> int:
        """Record an event; return its id, to be named as the cause of others."""
        ...

    def set_status(self, unit: int, status: str) -> None:
        """Change the status of every person and platform of a unit's subtree, as of now."""
        ...

    def tell_off(
        self,
        serial: int,
        opposing: Sequence[tuple[int, Int32]],
        others: Sequence[tuple[int, Int32]],
        cause: int = -1,
        *,
        closed: bool = False,
    ) -> None:
        """Let platforms play the enemy in a serial: from now on all look for each other.

        ``opposing`` and ``others``, the two sides of the serial, are units with their platforms;
        ``cause`` is the event behind it. ``closed``: those who take no part look for none of them,
        and they for none of those: they pass for ordinary traffic. Mines always do.
        """
        ...

    def lay_mines(self, belt: Minefield) -> None:
        """Have mines laid, notionally, after `tell_off`; they are lifted when the play ends."""
        ...

    def jam(self, kinds: Sequence[str], area: Area, t0: int, t1: int, factor: float) -> None:
        """Have nets of some kinds jammed, for all sides, where they are received in an area.

        From ``t0`` (not before now) to ``t1``, ms; see `communications.network.Network.jammed`.
        """
        ...

    def stand_down(self, serial: int) -> None:
        """End the play of a serial: nobody in it looks for anybody any more."""
        ...

    def set_silent(self, rows: Int32, *, silent: bool) -> None:
        """Let platforms keep their radars off (emission control), or use them again."""
        ...

    def set_weapons(self, rows: Int32, kinds: Sequence[str]) -> None:
        """Let platforms use weapons of some kinds alone (`WEAPON_KINDS`); of all where none named.

        Where others choose the weapon; live fire has its own rules.
        """
        ...

    def clear_range(self, serial: int) -> None:
        """Have the targets that a serial has hit put up again, as new."""
        ...

    def engage(self, order: Engage) -> None:
        """Have a target engaged, notionally, at the end of this instant."""
        ...

    def instruct(self, order: Chase) -> None:
        """Send an order to the unit of a platform, over the nets; it is told when it is there."""
        ...

    def approach(
        self, serial: int, target: int, among: Int32, *, opposing: bool
    ) -> Approach | None:
        """Return who of some ships can be at a target first, from the plot of a side of a serial.

        None where the side has no contact with it now, or nobody can reach it.
        """
        ...

    def release(self, rows: Int32) -> Int32:
        """Take platforms out of the orders they carry out, where those can be interrupted.

        They stop where they are, at once, and are free for other orders. An order of which
        nobody is left ends with that, and what they alone were to carry out after it is superseded;
        the others go on with theirs. Returns the rows released, ascending.
        """
        ...

    def wake(self, t: int) -> None:
        """Ask to be called at ``t`` (ms)."""
        ...


class Controller(Protocol):
    """Control: turns the events list into orders, seeing pictures only."""

    def begin(self, desk: Desk) -> None:
        """Enter the first wake-ups, before the run starts."""
        ...

    def act(self, t: int, notices: Sequence[Notice], picture: Picture, desk: Desk) -> None:
        """Do what is due at ``t``."""
        ...

    def judged(self, t: int, results: Sequence[Result], picture: Picture, desk: Desk) -> None:
        """Take note of what came of engagements, before `act` of that instant."""
        ...

    def informed(self, t: int, reports: Sequence[Report], picture: Picture, desk: Desk) -> None:
        """Take note of what is reported at ``t``, before `act` of that instant."""
        ...

    def instructed(self, t: int, orders: Sequence[Chase], picture: Picture, desk: Desk) -> None:
        """Carry out orders that have come to their units at ``t``."""
        ...
