"""Fire on land: who has whom before him fires, round by round, at what each can do most against.

At sea weapon control has one platform fire one salvo at a time. On land hundreds fire, so that fire
goes in rounds: what control has ordered to be engaged stands ordered while a unit of the side has
it in contact. In each round every platform of those units picks, of the targets of its unit that
are nearest to it, the one that it is most likely to put out of action, and fires one salvo (a
team: one burst). All fire of a round is judged on the state before it.

Ships whose guns reach the shore join in when they have been called on: what others of their nation
have in contact, they fire at with the error of observed fire.

What it leaves out: terrain and cover between the two, who is told to fire at whom (two may pick one
target), fire at suspected positions, and that a moving vehicle fires worse.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.desk import Engage, Result
from startex.engine.effects import Event
from startex.engine.engagement.adjudicate import RESULTS, Judged
from startex.engine.engagement.component import Engagement
from startex.engine.log import Log
from startex.engine.sensing.component import Sensing
from startex.engine.sensing.looks import geometry
from startex.engine.sensing.spots import Spots
from startex.forces.armament_figures import AGAINST
from startex.forces.definitions import KINDS
from startex.foundation.clock import MS_PER_MINUTE
from startex.geography.neighbours import cartesian

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

ROUND_MS = 3 * MS_PER_MINUTE
"""From round to round of fire: to find the target, lay, fire and take cover again; assumed."""

IDLE_MS = 3 * ROUND_MS
"""Until the next round of a play in which nobody could fire, unless somebody new is to be engaged;
assumed."""

MOST_ROUNDS = 20
"""Rounds in which a side fires at one target in a play: after that umpires let it pass; assumed."""

NEAREST = 3
"""Targets, nearest first, among which a platform picks; assumed: its own sector."""

OBSERVED_ERROR_M = 50.0
"""Standard error of the position at which observed indirect fire is aimed; assumed."""

CHANCE_DECIMALS = 12
"""Digits of a chance that are kept: further ones may differ from processor to processor."""

_SHIP = KINDS.index("ship")
_OUT = [RESULTS.index("out_of_action"), RESULTS.index("target_destroyed")]

Standing = tuple[int, bool, int]
"""Serial, side (whether the opposing one) and target of what is to be engaged."""


@dataclass(slots=True)
class GroundFire:
    """Keeps what is to be engaged on land, and fires.

    Parameters
    ----------
    engagement, sensing, log, serials
        As in `firing.Firing`.
    ready
        When each entity may fire again, ms, shape (n,); shared with whoever else has it fire.
    shots
        Takes the rows of the table ``shots``.
    """

    engagement: Engagement
    sensing: Sensing
    log: Log
    serials: Sequence[str]
    ready: Int64
    shots: list[dict[str, Any]]
    _standing: dict[Standing, Engage] = field(default_factory=dict)
    _rounds: dict[Standing, int] = field(default_factory=dict)  # in which it was fired at
    _asked: dict[Standing, set[int]] = field(default_factory=dict)  # units of ships called on
    _called: dict[Standing, list[int]] = field(default_factory=dict)  # that have the call
    _idle_ms: dict[int, int] = field(default_factory=dict)  # no fire before, by serial
    _due: int | None = None
    _reach_m: Float64 = field(init=False)  # of the weapons of each entity on the ground, (n,)

    def __post_init__(self) -> None:
        box, weapons = self.engagement.magazine, self.engagement.armament.weapons
        self._reach_m = np.zeros(self.ready.size)
        meant = weapons.against[box.weapon, AGAINST.index("ground")]
        np.maximum.at(self._reach_m, box.entity[meant], weapons.max_range_m[box.weapon[meant]])

    def concerns(self, order: Engage) -> bool:
        """Tell whether an order is one of fire at somebody on the ground."""
        return bool(self.sensing.roster.ground[order.target])

    def engage(self, order: Engage) -> None:
        """Have a target engaged in every round while a unit of the side has it in contact."""
        key = order.serial, order.opposing, order.target
        if key not in self._standing and self._rounds.get(key, 0) < MOST_ROUNDS:
            self._standing[key] = order
            self._idle_ms.pop(order.serial, None)

    def supporters(self, order: Engage) -> list[int]:
        """Return the units whose ships are to be called on to fire at a target, ascending.

        Those of the nation of the unit that orders, each once; but for units that have the target
        before them, who fire anyhow.
        """
        roster = self.sensing.roster
        rows = roster.platforms_of(order.serial, opposing=order.opposing)
        rows = rows[(roster.force.kind[rows] == _SHIP) & (self._reach_m[rows] > 0.0)]
        group = np.unique(roster.group[rows])
        own = {unit for unit in group.tolist() if roster.nation[unit] == roster.nation[order.by]}
        asked = self._asked.setdefault((order.serial, order.opposing, order.target), set())
        new = own - asked - set(order.without)
        asked |= new
        return sorted(new)

    def support(self, order: Engage, unit: int) -> None:
        """Let the ships of a unit fire at a target as long as others have it in contact."""
        called = self._called.setdefault((order.serial, order.opposing, order.target), [])
        if unit not in called:
            called.append(unit)

    def stand_down(self, serial: int) -> None:
        """Forget what was to be engaged in a play."""
        self._asked = {key: units for key, units in self._asked.items() if key[0] != serial}
        self._called = {key: units for key, units in self._called.items() if key[0] != serial}
        self._standing = {key: o for key, o in self._standing.items() if key[0] != serial}
        self._rounds = {key: n for key, n in self._rounds.items() if key[0] != serial}
        self._idle_ms.pop(serial, None)
        self._due = self._due if self._standing else None

    def next_time(self) -> int | None:
        """Return when the next round is due, None where there is nothing to fire at."""
        return self._due

    def fire(self, t: int) -> list[tuple[int, Result]]:
        """Fire the round that is due at ``t``, if one is; return results and when they are known.

        A target that nobody of the side has in contact any more is told to be so, and let go.
        """
        if self._standing and self._due is None:
            start = self.sensing.outlook.start_ms  # rounds count from the start of the exercise
            self._due = t + ROUND_MS - (t - start) % ROUND_MS
        if self._due is None or t < self._due:
            return []
        held, told = self._held(t), []
        for key in sorted(key for key, units in held.items() if not units):
            order = self._standing.pop(key)
            told.append((t, Result(*key, order.cause, about=order.about, receiver=order.by)))
        told += self._round(t, held)
        self._due = self._due + ROUND_MS if self._standing else None
        return told

    def _held(self, t: int) -> dict[Standing, list[int]]:
        """Return units of the side that have a target in contact, for each to be engaged now."""
        held: dict[Standing, list[int]] = {
            key: [] for key in self._standing if self._idle_ms.get(key[0], t) <= t
        }
        for contact in self.sensing.contacts.values():
            key = contact.serial, contact.opposing, contact.target
            if contact.open and key in held:
                held[key].append(contact.unit)
        for key, called in self._called.items():
            if held.get(key):
                held[key] += called
        return held

    def _round(self, t: int, held: dict[Standing, list[int]]) -> list[tuple[int, Result]]:
        for key in held:
            self._idle_ms[key[0]] = t + IDLE_MS  # but for those who fire
        parts = list(self._pairs(t, held))
        if not parts:
            return []
        shooter, target, range_m, seen_m, opposing, serial = (
            np.concatenate(column) for column in zip(*parts, strict=True)
        )
        keys = self.sensing.roster.force.key
        weapon, chance = self.engagement.choose(
            shooter, target, range_m, position_error_m=OBSERVED_ERROR_M, visibility_m=seen_m
        )
        chance = np.round(chance, CHANCE_DECIMALS)
        can = np.flatnonzero(weapon >= 0)
        order = can[np.lexsort((keys[target[can]], range_m[can], -chance[can], shooter[can]))]
        lead = order[np.unique(shooter[order], return_index=True)[1]]
        lead = lead[np.lexsort((keys[shooter[lead]], keys[target[lead]]))]
        if not lead.size:
            return []
        for number in np.unique(serial[lead]).tolist():
            del self._idle_ms[number]
        fired = self.engagement.fire(
            t, shooter[lead], weapon[lead], target[lead], range_m[lead],
            position_error_m=OBSERVED_ERROR_M, visibility_m=seen_m[lead],
        )  # fmt: skip
        interval_s = np.nan_to_num(self.engagement.armament.weapons.salvo_interval_s[weapon[lead]])
        self.ready[shooter[lead]] = t + np.rint(1000.0 * interval_s).astype(np.int64)
        return self._tell(t, shooter[lead], target[lead], serial[lead], opposing[lead], *fired)

    def _pairs(
        self, t: int, held: dict[Standing, list[int]]
    ) -> Iterator[tuple[Int64, Int64, Float64, Float64, Bool, Int64]]:
        """Yield shooters and targets in reach of a decision, with range, visibility and play.

        Columns: shooter, target, range (m), visibility at the target (m), whether the shooter is of
        the opposing force, serial; one block for each side of each play.
        """
        roster = self.sensing.roster
        sides: dict[tuple[int, bool], dict[int, list[int]]] = {}
        for (serial, opposing, target), units in held.items():
            for unit in units:
                sides.setdefault((serial, opposing), {}).setdefault(unit, []).append(target)
        for (serial, opposing), by_unit in sorted(sides.items()):
            rows = roster.platforms_of(serial, opposing=opposing)
            rows = rows[~self.engagement.out_of_action(rows) & (self.ready[rows] <= t)]
            rows = rows[np.isin(roster.group[rows], list(by_unit))]
            aims = np.unique(np.concatenate([np.array(among) for among in by_unit.values()]))
            spots = self.sensing.spots(t, np.union1d(rows, aims), self.log)
            nearest = [
                self._nearest(t, spots, rows[roster.group[rows] == unit], np.unique(among))
                for unit, among in sorted(by_unit.items())
            ]
            shooter, aim = (np.concatenate(column) for column in zip(*nearest, strict=True))
            if not shooter.size:
                continue
            at = np.full(shooter.size, float(t))
            look = geometry(spots, spots, shooter, aim, at)
            _, one, number = np.unique(aim, return_index=True, return_inverse=True)
            visibility, _ = self.sensing.outlook.conditions(
                at[one], look.target_lat[one], look.target_lon[one]
            )
            yield (
                shooter, aim, np.round(look.range_m, 1), visibility[number],
                np.full(shooter.size, opposing), np.full(shooter.size, serial),
            )  # fmt: skip

    def _nearest(self, t: int, spots: Spots, rows: Int64, targets: Int64) -> tuple[Int64, Int64]:
        """Return shooters with the targets nearest to each, as pairs; who is aboard has none."""
        here = [spots.at(who, np.full(who.size, float(t))) for who in (rows, targets)]
        (rows, a), (targets, b) = (
            (who[np.isfinite(at[0])], cartesian(at[0], at[1])[np.isfinite(at[0])])
            for who, at in zip((rows, targets), here, strict=True)
        )
        if not rows.size or not targets.size:
            return rows[:0], targets[:0]
        by_key = np.argsort(self.sensing.roster.force.key[targets], kind="stable")
        targets, b = targets[by_key], b[by_key]  # of two alike, never the one in the lower row
        apart = a[:, None, :] - b[None, :, :]
        away = np.round(np.sqrt((apart * apart).sum(axis=2)), 1)
        few = np.argsort(away, axis=1, kind="stable")[:, :NEAREST]
        reached = np.take_along_axis(away, few, axis=1) <= self._reach_m[rows][:, None]
        which, place = np.nonzero(reached)
        return rows[which], targets[few[which, place]]

    def _tell(
        self,
        t: int,
        shooter: Int64,
        target: Int64,
        serial: Int64,
        opposing: Bool,
        columns: dict[str, Any],
        judged: Judged,
    ) -> list[tuple[int, Result]]:
        """Record a round: shots, an event for each target, and who is out; return results.

        Rows are sorted by target.
        """
        columns["probability"] = np.round(np.asarray(columns["probability"]), CHANCE_DECIMALS)
        columns["serial"] = [self.serials[number] for number in serial.tolist()]
        first = np.flatnonzero(np.append(True, target[1:] != target[:-1]))
        causes = np.empty(target.size, dtype=np.int64)
        told = []
        for a, b in zip(first.tolist(), [*first[1:].tolist(), target.size], strict=True):
            key = int(serial[a]), bool(opposing[a]), int(target[a])
            order = self._standing[key]
            causes[a:b] = order.cause
            fired = self._event(t, order, shooter[a:b], columns, a, b)
            self._rounds[key] = self._rounds.get(key, 0) + 1
            gone = a + np.flatnonzero(np.isin(judged.result[a:b], _OUT))
            if gone.size:
                del self._standing[key]
                told.append((t, self._out(t, order, int(shooter[gone[0]]), fired)))
            elif self._rounds[key] >= MOST_ROUNDS:
                del self._standing[key]
                told.append((t, Result(*key, fired, about=order.about, receiver=order.by)))
        columns["cause"] = [cause if cause >= 0 else None for cause in causes.tolist()]
        self.shots.append(columns)
        return told

    def _event(
        self, t: int, order: Engage, shooters: Int64, columns: dict[str, Any], a: int, b: int
    ) -> int:
        """Record the fire of one round at one target; return the event."""
        roster = self.sensing.roster
        name, rounds = roster.force.name, int(np.asarray(columns["rounds"])[a:b].sum())
        hits = int(np.asarray(columns["hits"])[a:b].sum())
        word = "platform fires" if b - a == 1 else "platforms fire"
        return self.log.add_event(
            Event(
                t=t, kind="fired",
                text=(
                    f"{b - a} {word} {rounds} rounds at {name[order.target]} (notional): "
                    f"{hits} {'hit' if hits == 1 else 'hits'}"
                ),
                actor=int(shooters[0]), unit=int(roster.group[shooters[0]]), target=order.target,
                serial=order.serial, cause=order.cause,
                data={"shot": int(columns["shot"][a]), "shots": b - a, "rounds": rounds},
            )
        )  # fmt: skip

    def _out(self, t: int, order: Engage, shooter: int, fired: int) -> Result:
        name = self.sensing.roster.force.name[order.target]
        event = self.log.add_event(
            Event(
                t=t, kind="out_of_action",
                text=f"{name} is out of action until an umpire resets it", actor=shooter,
                target=order.target, serial=order.serial, cause=fired,
            )
        )  # fmt: skip
        return Result(order.serial, order.opposing, order.target, event, shooter=shooter, out=True,
            about=order.about, receiver=order.by,
        )  # fmt: skip
