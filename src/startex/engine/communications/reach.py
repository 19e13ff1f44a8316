"""Which net carries a hop: where its ends are, how far apart, and who can be received."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.communications.chains import Hops
from startex.engine.communications.jamming import Jam
from startex.forces.communications import Communications
from startex.forces.communications_figures import LEVELS, MEDIA
from startex.forces.definitions import KINDS
from startex.forces.force import Force
from startex.geography.metric import distance_m
from startex.models.horizon import MAX_HEIGHT_M, line_of_sight_m

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

Where = Callable[[Int64], tuple[Float64, Float64, Float64]]
"""Latitudes, longitudes (degrees) and heights (m) of units; nan where a unit is nowhere."""

AIRBORNE_M = 50.0
"""From this height on a unit with aircraft flies; assumed: below it is taking off or landing."""

GROUND, SEA, SHORE, AIR = range(len(MEDIA))

OUT_OF_REACH, JAMMED = "out_of_reach", "jammed"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The net of each hop (-1: none), where its far end is, and why there is none."""

    net: Int64
    lat: Float64
    lon: Float64
    jammed: Bool


def nowhere(units: Int64) -> tuple[Float64, Float64, Float64]:
    """Return that nobody's place is known: every net reaches."""
    unknown = np.full(units.shape, math.nan)
    return unknown, unknown, unknown


class Reach:
    """Chooses nets; knows which units are afloat, and which have aircraft.

    Parameters
    ----------
    force
        Units and what they have.
    communications
        Nets and ladders.
    """

    def __init__(self, force: Force, communications: Communications) -> None:
        units = force.units
        self.nets, self.ladder = communications.nets, communications.ladder
        self.level: Int64 = np.array(
            [communications.levels[echelon] for echelon in units.echelon], dtype=np.int64
        )
        number = len(units.id)

        def having(kind: str) -> Bool:
            rows = force.unit[force.kind == KINDS.index(kind)]
            has: Bool = np.bincount(rows, minlength=number) > 0
            return has

        self.flies: Bool = having("aircraft")
        self.afloat: Bool = having("ship")
        ashore = having("vehicle") | having("team") | self.flies
        parent = units.parent
        # a unit with nothing of its own is afloat if all its parts are
        parts, floating = np.zeros(number, np.int64), np.zeros(number, np.int64)
        for row in range(number - 1, -1, -1):  # children stand behind their parents
            if parts[row] and not ashore[row]:
                self.afloat[row] |= bool(floating[row] == parts[row])
            if parent[row] >= 0:
                parts[parent[row]] += 1
                floating[parent[row]] += self.afloat[row]

    def choose(self, hops: Hops, t: Int64, where: Where, jams: list[Jam]) -> Chosen:
        """Choose the first net of the ladder that reaches, and is not silenced, for each hop.

        Parameters
        ----------
        hops
            Of any number of messages.
        t
            When each hop's message is sent, ms; shape (h,).
        where
            Asked once, for all units of the hops; they are taken to stay in place for the time
            a message takes.
        jams
            Jammers.
        """
        rows, at = np.unique(np.concatenate([hops.start, hops.end]), return_inverse=True)
        lat, lon, alt = where(rows)
        near, far = at[: hops.start.size], at[hops.start.size :]
        flying = self.flies[rows] & (np.nan_to_num(alt) >= AIRBORNE_M)
        afloat = self.afloat[rows]
        distance = distance_m(lat[near], lon[near], lat[far], lon[far])
        medium = np.where(afloat[near] & afloat[far], SEA, GROUND)
        medium = np.where(afloat[near] != afloat[far], SHORE, medium)
        medium = np.where(flying[near] | flying[far], AIR, medium)
        top = hops.upper < 0
        level = np.where(top, LEVELS.index("combined"), self.level[np.maximum(hops.upper, 0)])
        height = np.where(flying, np.clip(np.nan_to_num(alt), 0.0, MAX_HEIGHT_M / 2), 0.0)
        unknown = np.isnan(lat[far])  # a command without a place is with who tells it something
        to_lat = np.where(unknown, lat[near], lat[far])
        to_lon = np.where(unknown, lon[near], lon[far])
        tried = self.ladder[medium, level]  # shape (h, steps)
        limit = self._limit_m(tried, height[near][:, None], height[far][:, None])
        good = (tried >= 0) & ~(distance[:, None] > limit)  # unknown places are in reach
        silent = self._silenced(tried, good, t, to_lat, to_lon, jams)
        good &= ~silent
        found = good.any(axis=1)
        first = tried[np.arange(tried.shape[0]), good.argmax(axis=1)]
        net = np.where(found, first, -1).astype(np.int64)
        jammed: Bool = np.logical_and(silent.any(axis=1), ~found)
        return Chosen(net, to_lat, to_lon, jammed)

    def _limit_m(self, net: Int64, height: Float64, far_height: Float64) -> Float64:
        """Return how far a net reaches between antennas raised by such heights."""
        antenna, reach = self.nets.antenna_m[net], self.nets.range_m[net]
        sight = np.isfinite(antenna)
        mast = np.where(sight, antenna, 0.0)
        horizon = line_of_sight_m(mast + height, mast + far_height)
        limit: Float64 = np.where(sight, np.minimum(reach, horizon), reach)
        return limit

    def _silenced(
        self, net: Int64, of: Bool, t: Int64, lat: Float64, lon: Float64, jams: list[Jam]
    ) -> Bool:
        """Tell which of some nets are silenced for each hop, shape (h, steps)."""
        silent = np.zeros(of.shape, dtype=np.bool_)
        for jam in jams:
            if not math.isinf(jam.factor):
                continue
            kind = np.array([k == jam.kind for k in self.nets.kind])[net]
            at = (t >= jam.t0) & (t < jam.t1) & jam.area.holds(lat, lon)
            silent |= of & kind & at[:, None]
        return silent
