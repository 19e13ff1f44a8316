"""Mines on land: vehicles of the opposing force that cross a belt strike one, or do not.

The mines of a belt lie at random. How much of a vehicle's way lies in the belt, and when, follows
from its legs; after how many encounters in the mean it strikes a mine is drawn by key, so that the
chance of a crossing is that of `models.minefield`. When somebody's legs change, what is before him
is drawn anew: the law has no memory, so that this changes no chance. Who strikes a mine is out of
action until umpires reset him; who leaves the belt unharmed is one row of ``shots``, too.

Who laid the mines knows the lanes. Rules, all assumed: whoever is out of action already strikes
none; teams on foot actuate none (anti-tank mines); belts are complete or not there.

What it leaves out: mines used up, clearing, tracks of those in front, and what a column does when
its first vehicle is stopped.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.desk import Minefield
from startex.engine.effects import Event
from startex.engine.engagement.component import Engagement
from startex.engine.log import Log
from startex.engine.sensing.component import Sensing
from startex.engine.sensing.outlook import known
from startex.forces.armament_figures import WEAPON_KINDS
from startex.forces.definitions import KINDS
from startex.foundation.clock import MS_PER_HOUR
from startex.foundation.streams import Stream, entity_key, uniform
from startex.geography.metric import distance_m
from startex.geography.pieces import Pieces
from startex.models.minefield import (
    encounters_until_strike,
    mean_encounters,
    strike_probability,
)

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

WEAPON = "mine-antitank"

WIDTH_M = 1.5
"""Within which a vehicle actuates mines: both its tracks or rows of wheels, of 0.4 to 0.5 m each,
and half the plate of a mine on either side; assumed."""

AHEAD_MS = 48 * MS_PER_HOUR
"""Crossings are worked out so far ahead; longer than any order of such a play."""

CHANCE_DECIMALS = 12
WAY_DECIMALS = 3
"""Digits of chances and ways (m) that are kept: further ones may differ between processors."""

_NEVER = np.iinfo(np.int64).max
_NOBODY = np.empty(0, np.int32)
_VEHICLE = KINDS.index("vehicle")


@dataclass(slots=True)
class _Belt:
    """A belt, and what is before those who may cross it, shape (n,) by row, ascending."""

    laid: Minefield
    rows: Int64
    due_ms: Int64  # of the strike, or of leaving it unharmed
    way_m: Float64
    mean: Float64
    draw: Float64
    strikes: npt.NDArray[np.bool_]
    event: int = -1  # that told of it


@dataclass(slots=True)
class LandMines:
    """Owns the belts of the plays that are on.

    Parameters
    ----------
    engagement, sensing, log, serials
        As in `firing.Firing`.

    Attributes
    ----------
    shots
        Parts of the table ``shots``: one row for each crossing.
    """

    engagement: Engagement
    sensing: Sensing
    log: Log
    serials: Sequence[str]
    shots: list[dict[str, Any]] = field(default_factory=list)
    _belts: dict[int, list[_Belt]] = field(default_factory=dict)  # by serial
    _changed: list[Int64] = field(default_factory=list)  # rows whose legs have changed

    def lay(self, laid: Minefield) -> None:
        """Lay a belt; the play of its serial must have begun."""
        roster = self.sensing.roster
        rows = roster.platforms_of(laid.serial, opposing=True)
        rows = rows[roster.force.kind[rows] == _VEHICLE]
        n = rows.size
        belt = _Belt(
            laid, rows, np.full(n, _NEVER), np.zeros(n), np.zeros(n), np.zeros(n),
            np.zeros(n, dtype=np.bool_),
        )  # fmt: skip
        self._belts.setdefault(laid.serial, []).append(belt)
        self.note(rows)

    def lift(self, serial: int) -> None:
        """Lift the belts of a serial: its play is over."""
        self._belts.pop(serial, None)

    def note(self, rows: npt.NDArray[np.integer[Any]]) -> None:
        """Note that legs of platforms have changed."""
        if self._belts:
            self._changed.append(np.asarray(rows, dtype=np.int64))

    def next_time(self) -> int | None:
        """Return when somebody strikes a mine or leaves a belt, or one is laid."""
        if not self._belts:
            return None
        times = [
            int(belt.due_ms.min(initial=_NEVER)) if belt.event >= 0 else belt.laid.laid_ms
            for belts in self._belts.values()
            for belt in belts
        ]
        return min((t for t in times if t < _NEVER), default=None)

    def look(self, t: int) -> None:
        """Work out, from ``t`` on, the crossings of those whose legs have changed."""
        if not self._changed:
            return
        changed, self._changed = np.unique(np.concatenate(self._changed)), []
        for _, belts in sorted(self._belts.items()):
            for belt in belts:
                index = np.flatnonzero(np.isin(belt.rows, changed))
                if index.size:
                    self._plan(t, belt, index)

    def strike(self, t: int) -> Int32:
        """Judge those who are due by ``t``; return who is put out of action, ascending.

        Belts that are complete by then are told of.
        """
        if not self._belts:
            return _NOBODY
        struck = [np.empty(0, np.int64)]
        for _, belts in sorted(self._belts.items()):
            for belt in belts:
                if belt.event < 0 and belt.laid.laid_ms <= t:
                    self._tell_laid(t, belt)
                index = np.flatnonzero(belt.due_ms <= t)
                if index.size:
                    struck.append(self._judge(t, belt, index))
        return np.unique(np.concatenate(struck)).astype(np.int32)

    # --- one belt ---------------------------------------------------------------------------

    def _plan(self, t: int, belt: _Belt, index: Int64) -> None:
        laid, rows = belt.laid, belt.rows[index]
        since = max(t, laid.laid_ms)
        ways = self.sensing.outlook.ways(known(self.log, t, t + AHEAD_MS, rows), rows)
        pieces = ways.pieces.clip(since, t + AHEAD_MS)
        enters, leaves, inside = crossings(pieces, laid)
        met = np.flatnonzero(inside > 0.0)
        owner = np.searchsorted(rows, pieces.entity[met])
        order = np.lexsort((enters[met], owner))
        met, owner = met[order], owner[order]
        mean = mean_encounters(laid.mines, laid.front_m, laid.depth_m, WIDTH_M, inside[met])
        total = np.bincount(owner, weights=mean, minlength=rows.size)
        way = np.bincount(owner, weights=inside[met], minlength=rows.size)
        key = self.sensing.roster.force.key[rows] ^ np.uint64(
            entity_key(f"mines|{self.serials[laid.serial]}")
        )
        counter = (t - self.sensing.outlook.start_ms) // 1000
        draw = uniform(self.engagement.seed, Stream.MINEFIELD, key, counter)
        needed = encounters_until_strike(draw, self._kill())
        # piece by piece, where the encounters so far pass what is needed
        before = np.cumsum(mean) - mean
        first = np.searchsorted(owner, owner)
        so_far = before - before[first] if met.size else before
        share = np.clip((needed[owner] - so_far) / np.where(mean > 0.0, mean, 1.0), 0.0, 1.0)
        hit = needed[owner] <= so_far + mean
        at = enters[met] + (leaves[met] - enters[met]) * share
        due = np.full(rows.size, np.inf)
        np.minimum.at(due, owner[hit], at[hit])
        strikes = np.isfinite(due)
        last = np.full(rows.size, -np.inf)
        np.maximum.at(last, owner, leaves[met])
        due = np.where(strikes, due, np.where(way > 0.0, last, np.inf))
        belt.strikes[index], belt.draw[index] = strikes, draw
        belt.mean[index], belt.way_m[index] = total, way
        finite = np.isfinite(due)
        seconds = np.ceil(np.round(np.where(finite, due, 0.0) / 1000.0, WAY_DECIMALS))
        belt.due_ms[index] = np.where(finite, seconds.astype(np.int64) * 1000, _NEVER)

    def _kill(self) -> float:
        weapons = self.engagement.armament.weapons
        return float(weapons.hit_probability[weapons.index(WEAPON)])

    def _judge(self, t: int, belt: _Belt, index: Int64) -> Int64:
        """Record the crossings of some, put out who strikes a mine, and return those."""
        belt.due_ms[index] = _NEVER
        index = index[~self.engagement.out_of_action(belt.rows[index])]
        key = self.sensing.roster.force.key[belt.rows[index]]
        index = index[np.argsort(key, kind="stable")]
        if not index.size:
            return index
        columns = self._columns(t, belt, index)
        struck = belt.rows[index[belt.strikes[index]]]
        name, shooter = self.sensing.roster.force.name, self._layer(belt)
        for i in np.flatnonzero(belt.strikes[index]).tolist():
            row = int(belt.rows[index[i]])
            event = self.log.add_event(
                Event(
                    t=t, kind="mine_struck", text=f"{name[row]} strikes a mine (notional)",
                    actor=shooter, unit=belt.laid.unit, target=row, serial=belt.laid.serial,
                    cause=belt.event,
                    data={
                        "shot": int(columns["shot"][i]),
                        "probability": float(columns["probability"][i]),
                    },
                )
            )  # fmt: skip
            self.log.add_event(
                Event(
                    t=t, kind="out_of_action",
                    text=f"{name[row]} is out of action until an umpire resets it",
                    actor=shooter, target=row, serial=belt.laid.serial, cause=event,
                )
            )  # fmt: skip
        self.engagement.put_out(struck)
        self.shots.append(columns)
        return struck

    def _layer(self, belt: _Belt) -> int:
        """Return the platform that stands for who laid a belt: of its unit, the first by key."""
        roster = self.sensing.roster
        rows = roster.platforms_of(belt.laid.serial, opposing=False)
        units = roster.force.units
        inside = roster.force.unit[rows]
        own = rows[(inside >= belt.laid.unit) & (inside < units.last_unit[belt.laid.unit])]
        rows = own if own.size else rows
        return int(rows[int(np.argmin(roster.force.key[rows]))])

    def _tell_laid(self, t: int, belt: _Belt) -> None:
        laid = belt.laid
        belt.event = self.log.add_event(
            Event(
                t=t, kind="mines_laid",
                text=(
                    f"{laid.mines} mines are laid (notional) on {laid.front_m:g} m, "
                    f"{laid.depth_m:g} m deep"
                ),
                actor=self._layer(belt), unit=laid.unit, serial=laid.serial, cause=laid.cause,
                data={
                    "mines": laid.mines, "lat": laid.lat, "lon": laid.lon,
                    "bearing_deg": laid.bearing_deg, "front_m": laid.front_m,
                    "depth_m": laid.depth_m,
                },
            )
        )  # fmt: skip

    def _columns(self, t: int, belt: _Belt, index: Int64) -> dict[str, Any]:
        """Return rows of ``shots`` that explain themselves."""
        n, laid, weapons = index.size, belt.laid, self.engagement.armament.weapons
        code, kill = weapons.index(WEAPON), self._kill()
        first = self.engagement.fired
        self.engagement.fired += n
        strikes = belt.strikes[index]
        way = np.round(belt.way_m[index], WAY_DECIMALS)
        chance = np.round(strike_probability(belt.mean[index], kill), CHANCE_DECIMALS)
        results = np.where(strikes, "out_of_action", "miss").tolist()
        data = [
            json.dumps(
                {
                    "model": "minefield", "weapon": WEAPON,
                    "inputs": {
                        "mines": laid.mines, "front_m": laid.front_m, "depth_m": laid.depth_m,
                        "width_m": WIDTH_M, "way_m": length, "p_kill": kill,
                    },
                    "modifiers": {}, "p_out_of_action": p, "draw": float(f"{u:.7g}"),
                    "result": result,
                },
                separators=(",", ":"),
            )
            for length, p, u, result in zip(
                way.tolist(), chance.tolist(), belt.draw[index].tolist(), results, strict=True
            )
        ]  # fmt: skip
        return {
            "shot": np.arange(first, first + n),
            "t": np.full(n, t, dtype=np.int64),
            "shooter": np.full(n, self._layer(belt), dtype=np.int32),
            "target": belt.rows[index].astype(np.int32),
            "weapon": [WEAPON] * n,
            "kind": [WEAPON_KINDS[weapons.kind[code]]] * n,
            "rounds": np.zeros(n, dtype=np.int64),
            "mass_kg": np.zeros(n),
            "range_m": np.zeros(n),
            "model": ["minefield"] * n,
            "probability": chance,
            "draw": belt.draw[index],
            "hits": strikes.astype(np.int64),
            "result": results,
            "serial": [self.serials[laid.serial]] * n,
            "cause": [belt.event] * n,
            "data": data,
        }


def crossings(ways: Pieces, belt: Minefield) -> tuple[Float64, Float64, Float64]:
    """Return when straight pieces enter and leave a belt (ms), and their way in it (m), shape (k,).

    Pieces that miss the belt, or stand, have no way in it. On the plane that touches the middle:
    belts and pieces are a few kilometres long.
    """
    span = 0.005
    north_m = float(distance_m(belt.lat - span, belt.lon, belt.lat + span, belt.lon)) / (2 * span)
    east_m = float(distance_m(belt.lat, belt.lon - span, belt.lat, belt.lon + span)) / (2 * span)
    turn = np.radians(belt.bearing_deg)
    along, across = [], []
    for lat, lon in ((ways.lat0, ways.lon0), (ways.lat1, ways.lon1)):
        y = (lat - belt.lat) * north_m
        x = ((lon - belt.lon + 180.0) % 360.0 - 180.0) * east_m
        along.append(x * np.sin(turn) + y * np.cos(turn))
        across.append(x * np.cos(turn) - y * np.sin(turn))
    low, high = np.zeros(len(ways)), np.ones(len(ways))
    for (a, b), half in ((along, belt.depth_m / 2.0), (across, belt.front_m / 2.0)):
        moves = np.abs(b - a) > 1e-9
        step = np.where(moves, b - a, 1.0)
        one, other = (-half - a) / step, (half - a) / step
        low = np.maximum(low, np.where(moves, np.minimum(one, other), 0.0))
        high = np.minimum(high, np.where(moves, np.maximum(one, other), 1.0))
        high = np.where(~moves & (np.abs(a) > half), -1.0, high)
    length = np.hypot(along[1] - along[0], across[1] - across[0])
    inside = np.where(high > low, (high - low) * length, 0.0)
    duration = ways.t1 - ways.t0
    return ways.t0 + duration * low, ways.t0 + duration * high, inside
