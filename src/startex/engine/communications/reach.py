"""Which net carries a hop: where its ends are, how far apart, and who can be received."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from startex.engine.communications.chains import Way
from startex.engine.communications.jamming import Jam, silenced_until
from startex.forces.communications import Communications
from startex.forces.communications_figures import LEVELS, MEDIA
from startex.forces.definitions import KINDS
from startex.forces.force import Force
from startex.geography.metric import distance_of_two_m
from startex.models.horizon import MAX_HEIGHT_M, line_of_sight_m

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

Where = Callable[[Int64], tuple[Float64, Float64, Float64]]
"""Latitudes, longitudes (degrees) and heights (m) of units; nan where a unit is nowhere."""

AIRBORNE_M = 50.0
"""From this height on a unit with aircraft flies; assumed: below it is taking off or landing."""

GROUND, SEA, SHORE, AIR = range(len(MEDIA))

_COMBINED = LEVELS.index("combined")

OUT_OF_REACH, JAMMED = "out_of_reach", "jammed"


class Place(NamedTuple):
    """Where a unit is, degrees, how high its antennas are raised (m), and on what it is."""

    lat: float
    lon: float
    height_m: float
    afloat: bool
    flies: bool


Hop = tuple[int, int, int, int, float, float]
"""Start, end, superior (see `chains.Hops`), net, latitude and longitude of its far end."""


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
        self.nets = communications.nets
        self._tried = [
            [[net for net in nets if net >= 0] for nets in levels]
            for levels in communications.ladder.tolist()
        ]
        self._limits: dict[tuple[int, float, float], float] = {}
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

    def places(self, units: Sequence[int], where: Where) -> dict[int, Place]:
        """Return where units (ascending) are.

        They are taken to stay there for the time a message takes.
        """
        columns = (c.tolist() for c in where(np.array(units, dtype=np.int64)))
        found = {}
        for unit, lat, lon, alt in zip(units, *columns, strict=True):
            flies = bool(self.flies[unit]) and alt >= AIRBORNE_M
            height = min(max(alt, 0.0), MAX_HEIGHT_M / 2) if flies else 0.0
            found[unit] = Place(lat, lon, height, bool(self.afloat[unit]), flies)
        return found

    def over(
        self, way: Way, t: int, places: Mapping[int, Place], jams: Sequence[Jam]
    ) -> tuple[tuple[Hop, ...], str]:
        """Return the hops of a message with their nets, and why it cannot be sent, if so.

        For each hop the first net of the ladder that reaches, and is not silenced; -1 for none.
        """
        hops: list[Hop] = []
        failed = jammed = False
        for start, end, upper in way:
            near, far = places[start], places[end]
            unknown = math.isnan(far.lat)  # it is with who tells it something
            lat, lon = (near.lat, near.lon) if unknown else (far.lat, far.lon)
            medium = SEA if near.afloat and far.afloat else GROUND
            medium = SHORE if near.afloat != far.afloat else medium
            medium = AIR if near.flies or far.flies else medium
            level = _COMBINED if upper < 0 else int(self.level[upper])
            apart = distance_of_two_m(near.lat, near.lon, far.lat, far.lon)
            chosen, silent = -1, False
            for net in self._tried[medium][level]:
                if apart > self._limit_m(net, near.height_m, far.height_m):
                    continue  # unknown places are in reach
                if silenced_until(jams, self.nets.kind[net], t, lat, lon) is None:
                    chosen = net
                    break
                silent = True
            failed |= chosen < 0
            jammed |= chosen < 0 and silent
            hops.append((start, end, upper, chosen, lat, lon))
        reason = "" if not failed else JAMMED if jammed else OUT_OF_REACH
        return tuple(hops), reason

    def _limit_m(self, net: int, height: float, far_height: float) -> float:
        """Return how far a net reaches between antennas raised by such heights."""
        key = net, height, far_height
        limit = self._limits.get(key)
        if limit is None:
            limit, mast = float(self.nets.range_m[net]), float(self.nets.antenna_m[net])
            if math.isfinite(mast):
                horizon = float(line_of_sight_m(mast + height, mast + far_height))
                limit = min(limit, horizon)
            if not height and not far_height:  # of aircraft there would be no end
                self._limits[key] = limit
        return limit
