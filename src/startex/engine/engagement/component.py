"""Who has what left to fire, and what has been hit: the columns of engagement, and firing.

The component owns magazines, hits taken and the running numbers of shots. It decides nothing: it is
told who fires what at whom, takes the rounds, judges, and returns the rows of the table ``shots``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from startex.engine.engagement.adjudicate import RESULTS, Judged, adjudicate, explain, hits_needed
from startex.engine.engagement.chances import MODELS, chances
from startex.engine.engagement.defence import allot
from startex.engine.engagement.fire import Fire, fire
from startex.engine.engagement.magazine import Magazine
from startex.engine.engagement.tails import at_least
from startex.forces.armament_figures import AGAINST, WEAPON_KINDS
from startex.forces.armament_tables import Armament
from startex.forces.catalogue import Catalogue
from startex.forces.definitions import KINDS
from startex.forces.force import Force
from startex.forces.signatures import Signatures, signatures
from startex.models.rounds import kill_probability

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

BY_PIECES = ("small_arms", "gun", "tank_gun", "artillery", "rocket")
"""Kinds of which every piece on a platform fires its own rounds; of others one salvo is fired."""

TEAM_SHARE = 0.4
"""Of a team, whose hits put it out of action (assumed, as ``hits_to_disable`` is)."""


@dataclass(slots=True)
class Engagement:
    """Notional fire between the platforms of a force.

    Parameters
    ----------
    force, catalogue, armament
        Who there is, and with what.
    seed
        Of the run.

    Attributes
    ----------
    magazine
        Rounds by platform and weapon.
    damage
        Hits taken by each entity, in the unit of ``hits_to_disable``, shape (n,).
    shots
        Running number of the shots of each entity, shape (n,).
    fired
        Rows of the table ``shots`` so far.
    """

    force: Force
    catalogue: Catalogue
    armament: Armament
    seed: int
    signatures: Signatures = field(init=False)
    magazine: Magazine = field(init=False)
    damage: Float64 = field(init=False)
    shots: Int64 = field(init=False)
    fired: int = 0

    def __post_init__(self) -> None:
        n = self.force.type.size
        self.signatures = signatures(self.catalogue)
        fits, weapons = self.armament.weapon_fits, self.armament.weapons
        self.magazine = Magazine.of(self.force.type, fits, len(weapons))
        self.damage, self.shots = np.zeros(n), np.zeros(n, dtype=np.int64)

    def able(self, rows: Int64) -> Float64:
        """Return the share of each platform's means that is left, 0 when out of action.

        Fire falls in proportion to the staying power that is left (Beall, models/gunfire.py); that
        of teams with those who are hit.
        """
        lost = self.damage[rows] / self.signatures.hits[self.force.type[rows]]
        team = self.force.kind[rows] == KINDS.index("team")
        share: Float64 = 1.0 - np.where(team, TEAM_SHARE, 1.0) * np.minimum(lost, 1.0)
        return np.where(self.out_of_action(rows), 0.0, share)

    def out_of_action(self, rows: Int64) -> Bool:
        """Tell which platforms have taken what puts them out of action."""
        needed = self.signatures.hits[self.force.type[rows]]
        out: Bool = self.damage[rows] >= needed * (1.0 - 1e-9)
        return out

    def put_out(self, rows: Int64) -> None:
        """Let umpires put platforms out of action, by another cause than fire."""
        needed = self.signatures.hits[self.force.type[rows]]
        self.damage[rows] = np.maximum(self.damage[rows], needed)

    def reset(self, rows: Int64) -> None:
        """Let an umpire return platforms to the exercise: as if not hit."""
        self.damage[rows] = 0.0

    def salvo(self, shooter: Int64, weapon: Int64) -> Int64:
        """Return the rounds of one salvo of each shooter, with what it has left; shape (n,)."""
        weapons = self.armament.weapons
        slot = self.magazine.slot(shooter, weapon)
        if not self.magazine.entity.size:
            return np.zeros(shooter.size, dtype=np.int64)
        pieces = np.where(slot >= 0, self.magazine.count[slot], 0)
        each = np.nan_to_num(weapons.rounds_per_salvo[weapon])
        by_piece = np.isin(weapons.kind[weapon], [WEAPON_KINDS.index(k) for k in BY_PIECES])
        left = self.able(shooter)
        number = np.where(by_piece, np.ceil(pieces * left - 1e-9), (pieces > 0) & (left > 0))
        wanted = np.minimum(number * each, self.magazine.on_hand[slot])
        found: Int64 = np.where(slot >= 0, wanted, 0).astype(np.int64)
        return found

    def farthest_m(self, shooter: Int64, target: int) -> Float64:
        """Return how far each shooter's weapons reach that are meant for a target, shape (n,), m.

        0 for one with no rounds for any.
        """
        box, weapons = self.magazine, self.armament.weapons
        domain = self.signatures.domain[self.force.type[target]]
        first = np.searchsorted(box.entity, shooter)
        number = np.searchsorted(box.entity, shooter, side="right") - first
        slot = np.repeat(first - (np.cumsum(number) - number), number) + np.arange(number.sum())
        weapon = box.weapon[slot]
        meant = weapons.against[weapon, domain] & (box.on_hand[slot] > 0) & ~box.held[slot]
        reach = np.zeros(shooter.size)
        of = np.repeat(np.arange(shooter.size), number)
        np.maximum.at(reach, of, np.where(meant, weapons.max_range_m[weapon], 0.0))
        return reach

    def choose(
        self, shooter: Int64, target: Int64, range_m: Float64, **conditions: npt.ArrayLike
    ) -> tuple[Int64, Float64]:
        """Choose for each pair the weapon most likely to put the target out with one salvo.

        Returns
        -------
        Rows of weapons, -1 where none can do anything, and the chances; where two are alike, the
        one whose row is lower. Weapons that are held are passed over.
        """
        first = np.searchsorted(self.magazine.entity, shooter)
        number = np.searchsorted(self.magazine.entity, shooter, side="right") - first
        pair = np.repeat(np.arange(shooter.size), number)
        slot = np.repeat(first - (np.cumsum(number) - number), number) + np.arange(pair.size)
        weapon = self.magazine.weapon[slot]
        wide = {k: np.broadcast_to(v, shooter.shape)[pair] for k, v in conditions.items()}
        rounds = self.salvo(shooter[pair], weapon)
        rows = self._rows(shooter[pair], weapon, target[pair], rounds, range_m[pair], wide)
        found = chances(rows, self.armament.weapons, self.signatures)
        needed = self.signatures.hits[rows.target_type]
        short = hits_needed(found.worth, rows.damage, needed)
        # what cannot do it in one salvo is rated by its share of it
        share = np.minimum(found.worth / np.maximum(needed, 1e-9), 1.0)
        merit = at_least(found.tails, short) + 1e-3 * found.tails[:, 0] * share
        merit[self.magazine.held[slot]] = 0.0
        best, chance = np.full(shooter.size, -1), np.zeros(shooter.size)
        order = np.lexsort((weapon, -merit, pair))
        lead = order[np.unique(pair[order], return_index=True)[1]]
        good = lead[merit[lead] > 0]
        best[pair[good]] = weapon[good]
        chance[pair[good]] = at_least(found.tails, short)[good]
        return best, chance

    def fire(
        self,
        t: int,
        shooter: Int64,
        weapon: Int64,
        target: Int64,
        range_m: Float64,
        *,
        rounds: Int64 | None = None,
        shares: Int64 | None = None,
        look: npt.ArrayLike = False,
        serial: str = "",
        cause: int | None = None,
        **conditions: npt.ArrayLike,
    ) -> tuple[dict[str, object], Judged]:
        """Fire one salvo a row: take rounds, judge, note hits and return the rows of ``shots``.

        Parameters
        ----------
        t
            Instant, ms.
        shooter, weapon, target
            Entity rows and rows of weapons, shape (n,), sorted as hits shall be counted.
        range_m
            Slant ranges.
        rounds
            Rounds ordered; None: one usual salvo of what the shooter has left.
        shares
            For fire that falls on several targets: the row whose rounds these are, -1 for its own
            (None: all their own). Rounds are taken once.
        look
            See `adjudicate`.
        serial, cause
            Serial and event that the fire belongs to.
        conditions
            Columns of `fire.Fire` beyond those above; ``damage`` is this component's.

        Returns
        -------
        Columns of the table ``shots``, and what was judged. Shooters that are out of action or have
        no rounds fire none, and hit nothing.
        """
        ordered = self.salvo(shooter, weapon) if rounds is None else rounds.astype(np.int64)
        own = np.ones(shooter.size, dtype=np.bool_) if shares is None else shares < 0
        ordered = np.where(own & ~self.out_of_action(shooter), ordered, 0)
        slot = self.magazine.slot(shooter, weapon)
        got = self.magazine.take(slot, ordered)
        falling = got if shares is None else np.where(own, got, got[np.maximum(shares, 0)])
        wide = {k: np.broadcast_to(v, shooter.shape) for k, v in conditions.items()}
        rows = self._rows(shooter, weapon, target, falling, range_m, wide)
        number = self._numbers(shooter)
        judged = adjudicate(
            rows, target, self.force.key[shooter], number, seed=self.seed,
            weapons=self.armament.weapons, signatures=self.signatures,
            on_range=self.force.kind[target] == KINDS.index("target"), look=look,
        )  # fmt: skip
        spent = np.where(own, np.minimum(got, judged.rounds), 0)
        self.magazine.put_back(slot, got - spent)
        np.maximum.at(self.damage, target, judged.damage)  # the last row of each holds its sum
        return self._columns(t, shooter, target, rows, judged, spent, serial, cause), judged

    def defend(
        self, raid: Int64, platform: Int64, incoming: Int64
    ) -> tuple[Int64, Float64, dict[str, Int64]]:
        """Let platforms engage the missiles of raids; rounds are taken.

        Parameters
        ----------
        raid, platform
            Raid (0, 1, ...) that each platform defends against, shape (m,).
        incoming
            Missiles of each raid, shape (raids,).

        Returns
        -------
        Intercepts and the mean chance of one, by raid; and what was spent: columns ``entity``,
        ``weapon``, ``rounds``, ``raid``.
        """
        box, weapons = self.magazine, self.armament.weapons
        first = np.searchsorted(box.entity, platform)
        number = np.searchsorted(box.entity, platform, side="right") - first
        who = np.repeat(np.arange(platform.size), number)
        slot = np.repeat(first - (np.cumsum(number) - number), number) + np.arange(who.size)
        meant = weapons.against[box.weapon[slot], AGAINST.index("missile")]
        meant &= ~self.out_of_action(platform)[who]
        who, slot = who[meant], slot[meant]
        item = box.weapon[slot]
        gun = weapons.kind[item] == WEAPON_KINDS.index("gun")
        burst = weapons.rounds_per_salvo[item].astype(np.int64)
        channels = np.nan_to_num(weapons.channels[item], nan=1.0).astype(np.int64)
        most = np.minimum(channels * box.count[slot], box.on_hand[slot] // burst)
        able = np.bincount(raid[who], weights=most, minlength=incoming.size).astype(np.int64)
        tries = allot(most, raid[who], np.minimum(able, incoming))
        chance = kill_probability(weapons.hit_probability[item], np.where(gun, 1, burst))
        used = box.take(slot, tries * burst)
        count = np.bincount(raid[who], weights=tries, minlength=incoming.size)
        stopped = np.bincount(raid[who], weights=tries * chance, minlength=incoming.size)
        spent = {"entity": platform[who], "weapon": item, "rounds": used, "raid": raid[who]}
        return count.astype(np.int64), stopped / np.maximum(count, 1.0), spent

    def _rows(
        self,
        shooter: Int64,
        weapon: Int64,
        target: Int64,
        rounds: Int64,
        range_m: Float64,
        conditions: dict[str, npt.NDArray[np.float64]],
    ) -> Fire:
        each = np.nan_to_num(self.armament.weapons.rounds_per_salvo[weapon], nan=1.0)
        usual = {
            "firers": rounds / np.maximum(each, 1.0),
            "duration_s": self.armament.weapons.salvo_interval_s[weapon],
        }
        others = {**usual, **conditions, "damage": self.damage[target]}
        return fire(weapon, self.force.type[target], rounds, range_m, **others)

    def _numbers(self, shooter: Int64) -> Int64:
        """Return the running number of each shot, and count on."""
        order = np.argsort(shooter, kind="stable")
        rank = np.empty(shooter.size, dtype=np.int64)
        group = shooter[order]
        rank[order] = np.arange(shooter.size) - np.searchsorted(group, group)
        number: Int64 = self.shots[shooter] + rank
        np.add.at(self.shots, shooter, 1)
        return number

    def _columns(
        self,
        t: int,
        shooter: Int64,
        target: Int64,
        rows: Fire,
        judged: Judged,
        spent: Int64,
        serial: str,
        cause: int | None,
    ) -> dict[str, object]:
        n, weapons = shooter.size, self.armament.weapons
        first, self.fired = self.fired, self.fired + n
        return {
            "shot": np.arange(first, first + n),
            "t": np.full(n, t, dtype=np.int64),
            "shooter": shooter.astype(np.int32),
            "target": target.astype(np.int32),
            "weapon": [weapons.id[w] for w in rows.weapon.tolist()],
            "kind": [WEAPON_KINDS[code] for code in weapons.kind[rows.weapon].tolist()],
            "rounds": spent,
            "mass_kg": np.round(spent * np.nan_to_num(weapons.round_kg[rows.weapon]), 3),
            "range_m": rows.range_m,
            "model": [MODELS[code] for code in judged.model.tolist()],
            "probability": judged.probability,
            "draw": judged.draw,
            "hits": judged.hits,
            "result": [RESULTS[code] for code in judged.result.tolist()],
            "serial": [serial or None] * n,
            "cause": [cause] * n,
            "data": explain(rows, judged, weapons, self.signatures),
        }
