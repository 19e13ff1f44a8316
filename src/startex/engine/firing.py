"""Weapon control: which platform of a side engages a target, and what comes of it.

Control says which target is to be engaged, from its picture; which platform fires what is
for the side's own weapon control, which knows where its own platforms are and what they have left.
All fire of one instant reads the state before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.closing import next_chance, next_nearer
from startex.engine.commands import Commands
from startex.engine.desk import Engage, Result
from startex.engine.effects import Event
from startex.engine.engagement.adjudicate import RESULTS
from startex.engine.engagement.component import Engagement
from startex.engine.log import Log
from startex.engine.mines import is_mine
from startex.engine.sensing.component import Sensing
from startex.engine.sensing.looks import geometry
from startex.engine.sensing.motion import Motion
from startex.engine.sensing.sensors import AIRBORNE_M
from startex.forces.armament_figures import DOMAINS, WEAPON_KINDS
from startex.forces.definitions import KINDS
from startex.foundation.clock import LONG_AGO_MS, MS_PER_MINUTE, MS_PER_SECOND
from startex.geography.neighbours import cartesian

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

ASSESS_MS = 2 * MS_PER_MINUTE
"""From impact until it is known what came of it; assumed."""

ASSESS_AIR_MS = 10 * MS_PER_SECOND
"""The same of targets in the air, whose track falls or flies on; assumed."""

MINE_CHANCE = 0.3
"""Chance of a salvo from which on ships fire at a mine; assumed."""

NEARER = 0.7
"""A mine is tried again when somebody has come nearer by this share of his distance; assumed."""

DEFENDED_M = 10_000.0
"""Ships defend each other against missiles up to this distance; assumed: mutual support."""

TRACK_ERROR_M = 150.0
"""Standard deviation of the position at which a target is thought to be where fire control has it:
not under water, or where no track is known; assumed."""

CHANCE_DECIMALS = 12
"""Digits of a chance that are kept."""

_SHIP = KINDS.index("ship")
_MISSILE = WEAPON_KINDS.index("anti_ship_missile")
_UNDER_WATER = DOMAINS.index("subsurface")
_OUT = {RESULTS.index("out_of_action"), RESULTS.index("target_destroyed")}


@dataclass(slots=True)
class Firing:
    """Fires what control orders; keeps the rows of the table ``shots``.

    Parameters
    ----------
    engagement
        Magazines, and who judges.
    sensing
        Knows the sides, and where everybody is.
    log
        Takes the events.
    commands
        Who commands the sides.
    serials
        Ids of serials by index.
    best_fix
        Where the best track of a side of a play has a target: of time (ms), serial, whether the
        opposing side, target; None for no track (see `Tracks.best_fix`).
    """

    engagement: Engagement
    sensing: Sensing
    log: Log
    commands: Commands
    serials: Sequence[str] = ()
    shots: list[dict[str, Any]] = field(default_factory=list)
    spent: list[dict[str, Any]] = field(default_factory=list)  # in defence, since last asked
    best_fix: Callable[[int, int, bool, int], tuple[float, float, float] | None] = lambda *_: None
    ready: Int64 = field(init=False)  # when each entity may fire again, ms, shape (n,)

    def __post_init__(self) -> None:
        self.ready = np.full(self.sensing.roster.force.kind.size, LONG_AGO_MS, dtype=np.int64)

    def fire(
        self, t: int, wanted: Sequence[Engage], holders: Mapping[tuple[int, bool, int], int],
        struck: Sequence[tuple[Engage, int]] = (),
    ) -> tuple[list[tuple[int, Result]], list[Engage]]:  # fmt: skip
        """Carry out all fire ordered at ``t``.

        ``holders``: number of contacts by serial, side and target; nobody fires at what his side
        has lost. ``struck``: what mines go off under, with the mine; nobody hears of what that
        comes to but by who is out of action.
        Returns results with the times they are known, and orders of commands that must be passed
        on to the unit of the platform chosen.

        The order in which it was ordered does not matter: targets are taken by row, the fire of
        both sides is judged on the state before it.
        """
        shots: list[_Shot] = []
        told: list[tuple[int, Result]] = []
        passed: list[Engage] = []
        if not wanted and not struck:
            return told, passed
        for order in sorted(set(wanted)):
            known = holders.get((order.serial, order.opposing, order.target), 0) > 0
            pick = self._choose(t, order, [shot.shooter for shot in shots]) if known else None
            if not isinstance(pick, _Shot):
                told.append((t, pick or _nobody(order)))
            elif int(self.sensing.roster.group[pick.shooter]) == order.by:
                shots.append(pick)
            else:
                passed.append(replace(order, shooter=pick.shooter, without=()))
        shots += [
            shot for order, mine in sorted(struck) if (shot := self._goes_off(t, order, mine))
        ]
        return told + (self._judge(t, shots) if shots else []), passed

    def _able(self, order: Engage) -> Int64:
        """Return the platforms that whoever orders may have fire, ascending."""
        roster = self.sensing.roster
        rows = roster.platforms_of(order.serial, opposing=order.opposing)
        group = roster.group[rows]
        if order.shooter >= 0:
            fit = rows == order.shooter
        elif not self.commands.commands(order.serial, order.by, opposing=order.opposing):
            fit = group == order.by
        else:
            fit = roster.nation[group] == roster.nation[order.by]
            fit &= ~np.isin(group, order.without)
        able: Int64 = rows[fit]
        return able

    def rounds_spent(self, since: int) -> dict[str, Any]:
        """Return shooter, weapon and rounds of shots from number ``since`` on, and of defence."""
        shots, defence = self.shots[since:], self.spent
        self.spent = []
        found: dict[str, list[Any]] = {"shooter": [], "weapon": [], "rounds": []}
        for name, values in found.items():
            for columns in shots:
                values.extend(list(columns[name]))
            values.extend(row[name] for row in defence)
        return found

    def set_weapons(self, rows: Int32, kinds: Sequence[str]) -> None:
        """Let platforms use weapons of some kinds alone; see `Desk.set_weapons`."""
        kind = self.engagement.armament.weapons.kind
        wanted = [WEAPON_KINDS.index(name) for name in kinds]
        held = ~np.isin(kind, wanted) if kinds else np.zeros(kind.size, dtype=np.bool_)
        self.engagement.magazine.hold(rows, held)

    def reset(self, rows: Int64) -> Int64:
        """Let an umpire return platforms to the exercise; return those that were out of it."""
        out = rows[self.engagement.out_of_action(rows)]
        self.engagement.reset(rows)
        return out

    def _choose(self, t: int, order: Engage, taken: list[int]) -> _Shot | Result:
        """Return the platform with the best chance, or who could come nearer if nobody has any."""
        sensing = self.sensing
        rows = self._able(order)
        rows = rows[~self.engagement.out_of_action(rows)]
        everybody = np.union1d(rows, [order.target])
        spots = sensing.spots(t, everybody, self.log)
        at = np.full(rows.size, float(t))
        target = np.full(rows.size, order.target, dtype=np.int64)
        seen = np.flatnonzero(np.isfinite(spots.at(rows, at)[0]))
        rows, target, at = rows[seen], target[seen], at[seen]
        roster = sensing.roster
        fit = ~roster.air[roster.force.type[rows]]
        fit |= spots.at(rows, at)[2] >= AIRBORNE_M  # nobody fires from where he is parked
        rows, target, at = rows[fit], target[fit], at[fit]
        nobody = _nobody(order)
        low = AIRBORNE_M if roster.air[roster.force.type[order.target]] else -np.inf  # parked
        if not rows.size or not (spots.at(target[:1], at[:1])[2] >= low).all():
            return nobody
        look = geometry(spots, spots, rows, target, at)
        free = (self.ready[rows] <= t) & ~np.isin(rows, taken)
        error = TRACK_ERROR_M
        weapon, chance = self._best(rows, target, look.range_m, look.target_alt, error)
        usable = np.flatnonzero(free & (weapon >= 0))
        mine = is_mine(roster, order.target)
        if mine:  # it does not run away: nobody fires from where he would hardly hit
            usable = usable[chance[usable] >= MINE_CHANCE]
        elif usable.size and (known := self._error_m(t, order)) != error:
            error = known
            weapon, chance = self._best(rows, target, look.range_m, look.target_alt, error)
            usable = np.flatnonzero(free & (weapon >= 0))
        if not usable.size:
            ways = sensing.ways(t, everybody, self.log)
            again = self._again(t, ways, rows, order.target, look.range_m, weapon, mine=mine)
            nearest = self._could_come(rows, look.range_m, order.target)
            nearest = -1 if again or mine else nearest
            fix = None if nearest < 0 else self.best_fix(
                t, order.serial, order.opposing, order.target
            )  # fmt: skip
            where = None if fix is None else fix[:2]
            return replace(nobody, nearest=nearest, again_ms=again, where=where)
        best = int(usable[np.lexsort((rows[usable], -chance[usable]))[0]])
        return _Shot(
            order, int(rows[best]), int(weapon[best]), round(float(look.range_m[best]), 1),
            max(round(float(look.target_alt[best]), 1), 0.0), error,
        )  # fmt: skip

    def _error_m(self, t: int, order: Engage) -> float:
        """Return how well the side knows where a target is, m."""
        roster = self.sensing.roster
        if roster.signatures.domain[roster.force.type[order.target]] != _UNDER_WATER:
            return TRACK_ERROR_M
        fix = self.best_fix(t, order.serial, order.opposing, order.target)
        return TRACK_ERROR_M if fix is None else fix[2]

    def _goes_off(self, t: int, order: Engage, mine: int) -> _Shot | None:
        """Return the shot of a mine at what is over it; None where its charge is spent."""
        ways = self.sensing.ways(t, np.unique([mine, order.target]).astype(np.int64), self.log)
        pair = np.array([mine]), np.array([order.target])
        look = geometry(ways, ways, *pair, np.array([float(t)]))
        weapon, _ = self._best(*pair, np.zeros(1), np.zeros(1), 0.0)
        if weapon[0] < 0 or not np.isfinite(look.range_m).all():
            return None
        most = float(self.engagement.armament.weapons.max_range_m[weapon[0]])
        reach = min(round(float(look.range_m[0]), 1), most)
        return _Shot(order, mine, int(weapon[0]), reach, 0.0, 0.0)

    def _again(
        self, t: int, ways: Motion, rows: Int64, target: int, range_m: Float64, weapon: Int64,
        *, mine: bool,
    ) -> int:  # fmt: skip
        """Return when somebody may be able to fire at a target, ms; 0 for not soon."""
        if mine:
            return next_nearer(ways, rows, target, t, NEARER * range_m)
        ready = self.ready[rows]
        return next_chance(self.engagement, ways, rows, target, t, ready, weapon >= 0)

    def _could_come(self, rows: Int64, range_m: Float64, target: int) -> int:
        """Return the ship nearest to a target that could fire at it from nearer, -1 for none."""
        roster = self.sensing.roster
        armed = self.engagement.farthest_m(rows, target) > 0.0
        ships = np.flatnonzero((roster.force.kind[rows] == _SHIP) & armed)
        if not ships.size or roster.air[roster.force.type[target]]:
            return -1
        return int(rows[ships[int(np.argmin(range_m[ships]))]])

    def _best(
        self, rows: Int64, target: Int64, range_m: Float64, altitude_m: Float64, error_m: float
    ) -> tuple[Int64, Float64]:
        """Return the best weapon of each platform (-1: none) and its chance."""
        weapon, chance = np.full(rows.size, -1), np.zeros(rows.size)
        at = np.flatnonzero(range_m <= self.engagement.farthest_m(rows, int(target[0])))
        if at.size:
            weapon[at], chance[at] = self.engagement.choose(
                rows[at], target[at], range_m[at],
                target_altitude_m=np.maximum(altitude_m[at], 0.0), position_error_m=error_m,
            )  # fmt: skip
        return weapon, chance

    def _judge(self, t: int, shots: list[_Shot]) -> list[tuple[int, Result]]:
        engagement = self.engagement
        shots = sorted(shots, key=lambda shot: (shot.order.target, shot.shooter))
        shooter = np.array([shot.shooter for shot in shots], dtype=np.int64)
        target = np.array([shot.order.target for shot in shots], dtype=np.int64)
        weapon = np.array([shot.weapon for shot in shots], dtype=np.int64)
        reach = np.array([shot.range_m for shot in shots])
        kinds = engagement.armament.weapons.kind[weapon]
        intercepts, chance = self._defence(t, shots, kinds == _MISSILE)
        columns, judged = engagement.fire(
            t, shooter, weapon, target, reach,
            target_altitude_m=np.array([shot.altitude_m for shot in shots]),
            position_error_m=np.array([shot.error_m for shot in shots]),
            intercepts=intercepts, intercept_chance=chance,
        )  # fmt: skip
        # further digits may differ from processor to processor
        columns["probability"] = np.round(np.asarray(columns["probability"]), CHANCE_DECIMALS)
        columns["serial"] = [self.serials[shot.order.serial] for shot in shots]
        speed = engagement.armament.weapons.speed_m_s[weapon]
        interval = np.nan_to_num(engagement.armament.weapons.salvo_interval_s[weapon])
        flight = np.where(speed > 0.0, reach / np.where(speed > 0.0, speed, 1.0), 0.0)
        roster = self.sensing.roster
        aloft = roster.air[roster.force.type[target]]
        out: list[tuple[int, Result]] = []
        for i, shot in enumerate(shots):
            gone = int(judged.result[i]) in _OUT
            hit = t + round(1000.0 * float(flight[i]))
            self.ready[shot.shooter] = max(hit, t + round(1000.0 * float(interval[i])))
            event = self._tell(t, hit, shot, columns, i, gone=gone)
            order = shot.order
            out.append(
                (
                    hit + (ASSESS_AIR_MS if aloft[i] else ASSESS_MS),
                    Result(
                        order.serial, order.opposing, order.target, event,
                        shooter=shot.shooter, out=gone, about=order.about, receiver=order.by,
                    ),
                )
            )  # fmt: skip
        columns["cause"] = [shot.order.cause if shot.order.cause >= 0 else None for shot in shots]
        self.shots.append(columns)
        return out

    def _defence(
        self, t: int, shots: list[_Shot], missiles: npt.NDArray[np.bool_]
    ) -> tuple[Int64, Float64]:
        """Return the missiles of each salvo that the target's side can engage, and its chance."""
        intercepts, chance = np.zeros(len(shots), dtype=np.int64), np.zeros(len(shots))
        raids: dict[int, list[int]] = {}
        for i in np.flatnonzero(missiles).tolist():
            raids.setdefault(shots[i].order.target, []).append(i)
        for target, among in sorted(raids.items()):
            order = shots[among[0]].order
            friends = self.sensing.roster.platforms_of(order.serial, opposing=not order.opposing)
            spots = self.sensing.spots(t, np.union1d(friends, [target]), self.log)
            at = np.full(friends.size, float(t))
            lat, lon, _ = spots.at(friends, at)
            here = spots.at(np.array([target]), at[:1])
            apart = cartesian(lat, lon) - cartesian(here[0], here[1])
            near = friends[np.sqrt((apart * apart).sum(axis=1)) <= DEFENDED_M]
            rounds = self.engagement.salvo(
                np.array([shots[i].shooter for i in among]),
                np.array([shots[i].weapon for i in among]),
            )
            tries, mean, spent = self.engagement.defend(
                np.zeros(near.size, dtype=np.int64), near, np.array([int(rounds.sum())])
            )
            self._tell_defence(t, order, spent)
            left = int(tries[0])
            for i, number in zip(among, rounds.tolist(), strict=True):
                intercepts[i] = min(left, number)
                left -= int(intercepts[i])
                chance[i] = float(mean[0])
        return intercepts, chance

    def _tell_defence(self, t: int, order: Engage, spent: Mapping[str, Int64]) -> None:
        """Record the rounds that ships spend on missiles on their way."""
        weapons = self.engagement.armament.weapons
        for i in np.flatnonzero(spent["rounds"] > 0).tolist():
            entity, weapon = int(spent["entity"][i]), int(spent["weapon"][i])
            rounds, name = int(spent["rounds"][i]), self.sensing.roster.force.name
            self.spent.append({"shooter": entity, "weapon": weapons.id[weapon], "rounds": rounds})
            self.log.add_event(
                Event(
                    t=t, kind="defended",
                    text=(
                        f"{name[entity]} fires {rounds} x {weapons.name[weapon]} at missiles on "
                        f"their way to {name[order.target]} (notional)"
                    ),
                    actor=entity, target=order.target, serial=order.serial, cause=order.cause,
                    data={"weapon": weapons.id[weapon], "rounds": rounds},
                )
            )  # fmt: skip

    def _tell(
        self, t: int, hit: int, shot: _Shot, columns: dict[str, Any], i: int, *, gone: bool
    ) -> int:
        """Record the shot and what it did; return the event."""
        name, order = self.sensing.roster.force.name, shot.order
        weapon = self.engagement.armament.weapons.name[shot.weapon]
        shooter, target = name[shot.shooter], name[order.target]
        rounds, result = int(columns["rounds"][i]), str(columns["result"][i])
        fired = self.log.add_event(
            Event(
                t=t, kind="fired",
                text=(
                    f"{shooter} fires {rounds} x {weapon} at {target}, "
                    f"{shot.range_m / 1000.0:.1f} km (notional): {result.replace('_', ' ')}"
                ),
                actor=shot.shooter, target=order.target, serial=order.serial, cause=order.cause,
                data={
                    "shot": int(columns["shot"][i]), "weapon": columns["weapon"][i],
                    "rounds": rounds, "probability": float(columns["probability"][i]),
                },
            )
        )  # fmt: skip
        if not gone:
            return fired
        return self.log.add_event(
            Event(
                t=hit, kind="out_of_action",
                text=f"{target} is out of action until an umpire resets it", actor=shot.shooter,
                target=order.target, serial=order.serial, cause=fired,
            )
        )  # fmt: skip


def _nobody(order: Engage) -> Result:
    """Return that nobody could fire, and nobody could come nearer."""
    return Result(
        order.serial, order.opposing, order.target, order.cause, about=order.about,
        receiver=order.by,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Shot:
    order: Engage
    shooter: int
    weapon: int
    range_m: float
    altitude_m: float
    error_m: float
