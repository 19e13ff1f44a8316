"""What an order brings about: gathered while all systems read one state, then applied together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Int8 = npt.NDArray[np.int8]
Float64 = npt.NDArray[np.float64]

MODES: tuple[str, ...] = (
    "hold",
    "road",
    "cross_country",
    "foot",
    "rail",
    "sea",
    "air",
    "parachute",
    "raft",
    "landing",
)
"""Modes of a leg; the position is the code."""

MODE_CODE = {name: code for code, name in enumerate(MODES)}


@dataclass(frozen=True, slots=True)
class Legs:
    """Legs in columns of one shape (k,); times ms, angles degrees, heights m.

    The legs of one entity are contiguous, in time order, and do not overlap.
    """

    entity: Int32
    t0: Int64
    t1: Int64
    lat0: Float64
    lon0: Float64
    alt0: Float64
    lat1: Float64
    lon1: Float64
    alt1: Float64
    mode: Int8


@dataclass(frozen=True, slots=True)
class Boarding:
    """``rows`` go aboard ``carriers`` (-1: leave whatever carries them) at ``t``; shapes (k,)."""

    rows: Int32
    carriers: Int32
    slots: Int32
    t: Int64


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened or will have happened at ``t`` if the order is not cut short."""

    t: int
    kind: str
    text: str
    actor: int = -1  # entity row
    unit: int = -1  # unit row
    target: int = -1  # entity row
    place: int = -1  # place index
    serial: int = -1
    cause: int = -1  # event id
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bouts:
    """Live fire that an order brings: bouts, one element each, shape (k,), by time.

    Attributes
    ----------
    shooter
        Entity row of who fires.
    t
        When, ms.
    number
        Of the bout among those of its shooter, from 0.
    lat, lon, alt
        From where, degrees and metres.
    targets
        Rows of the range targets that may be fired at, shape (m,).
    of
        How many bouts a shooter fires in all.
    share
        Of each weapon's full load, what it may fire in all of them.
    span_ms
        How long one bout may take.
    limit
        Rounds that the serial may fire of each weapon, all shooters together; -1: no such limit.
    kinds
        Kinds of weapon that fire (`WEAPON_KINDS`); empty: all.
    opening
        Position, in the events of the effects, of the one that opens fire.
    """

    shooter: Int32
    t: Int64
    number: Int64
    lat: Float64
    lon: Float64
    alt: Float64
    targets: Int32
    of: int
    share: float
    span_ms: int
    limit: int = -1
    kinds: tuple[str, ...] = ()
    opening: int = 0


@dataclass(slots=True)
class Effects:
    """The result of starting one order.

    ``end_ms`` is when the order as a whole ends. ``rows`` (shape (k,)), with ``row_end_ms``,
    ``lat``, ``lon``, ``alt`` of the same shape, say when each platform is free again and where it
    then stands (for platforms that moved themselves; passengers need no row here).
    """

    end_ms: int
    rows: Int32 = field(default_factory=lambda: np.empty(0, np.int32))
    row_end_ms: Int64 = field(default_factory=lambda: np.empty(0, np.int64))
    lat: Float64 = field(default_factory=lambda: np.empty(0))
    lon: Float64 = field(default_factory=lambda: np.empty(0))
    alt: Float64 = field(default_factory=lambda: np.empty(0))
    legs: list[Legs] = field(default_factory=list)
    boardings: list[Boarding] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    bouts: Bouts | None = None
