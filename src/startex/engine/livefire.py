"""Live fire on ranges: who fires what at which target, bout by bout, and what it does.

The shot is real, and so is the target; its fall is judged by the models of engagement as in the
play. Orders say who fires when, from where, at which targets (`effects.Bouts`); here each bout is
fired when it is due. A row of the table ``shots`` is one shooter, one weapon, one target, one bout,
rounds counted.

Rules, all assumed:

- A weapon fires at those targets that stand, that it is meant for and that it reaches; shooters
  share them evenly, each the next one in its next bout.
- What a weapon may fire is its share of the full load, whole rounds rounded up, spread over the
  bouts, the first served first; no more than it can fire in the time of a bout.
- A target that is destroyed is down. On land the range crew lifts it again after `RAISE_MS`; in the
  air and at sea it is gone until the serial is over.
- Targets in the air fly `DRONE_M` above where they stand.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.calendar import Calendar, Phase
from startex.engine.effects import Bouts, Effects, Event
from startex.engine.engagement.adjudicate import RESULTS
from startex.engine.engagement.chances import bars
from startex.engine.engagement.component import BY_PIECES, Engagement
from startex.engine.engagement.fire import fire
from startex.engine.log import Log
from startex.engine.orders import Order
from startex.engine.state import State
from startex.engine.sustainment import Sustainment
from startex.forces.armament_figures import DOMAINS, WEAPON_KINDS
from startex.foundation.clock import LONG_AGO_MS, MS_PER_MINUTE
from startex.geography.neighbours import cartesian

Bool = npt.NDArray[np.bool_]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Columns = dict[str, npt.NDArray[Any]]

RAISE_MS = 5 * MS_PER_MINUTE
"""From the fall of a target on land until it stands again; assumed."""

DRONE_M = 1_000.0
"""Height of target drones above where they are started; assumed."""

CHANCE_DECIMALS = 12
"""Digits of a chance that are kept: further ones may differ from processor to processor."""

_DESTROYED = RESULTS.index("target_destroyed")
_GROUND, _AIR = DOMAINS.index("ground"), DOMAINS.index("air")
_BOMB = WEAPON_KINDS.index("bomb")
_PIECES = [WEAPON_KINDS.index(kind) for kind in BY_PIECES]


@dataclass(slots=True)
class _Running:
    """An order that fires, and what it has come to so far."""

    order: Order
    place: int
    event: int
    end_ms: int
    bouts: Bouts
    left: int
    rounds: int = 0
    rows: int = 0
    hit: int = 0
    destroyed: int = 0


@dataclass(slots=True)
class LiveFire:
    """Fires the bouts of orders when they are due; keeps the rows of the table ``shots``.

    Parameters
    ----------
    engagement
        Magazines, and who judges.
    state
        Says whether a shooter still carries out the order.
    log, calendar
        Take the events, and when bouts are due.
    serials
        Ids of serials by index.
    sustainment
        Books the rounds; None: nobody keeps accounts.
    """

    engagement: Engagement
    state: State
    log: Log
    calendar: Calendar
    serials: Sequence[str] = ()
    sustainment: Sustainment | None = None
    shots: list[dict[str, Any]] = field(default_factory=list)
    _due: list[tuple[int, int]] = field(default_factory=list)  # (t, order)
    _running: dict[int, _Running] = field(default_factory=dict)
    _spent: dict[tuple[int, int], int] = field(default_factory=dict)  # by serial and weapon
    _hit: dict[int, list[Int64]] = field(default_factory=dict)  # targets hit, by serial
    _fell: Int64 = field(init=False)  # when each entity was last destroyed, ms, shape (n,)
    _useful: Bool = field(init=False)  # (weapons, types)
    _by_piece: Bool = field(init=False)  # (weapons,)

    def __post_init__(self) -> None:
        self._fell = np.full(self.engagement.force.type.size, LONG_AGO_MS, dtype=np.int64)
        self._useful = _useful(self.engagement)
        self._by_piece = np.isin(self.engagement.armament.weapons.kind, _PIECES)

    def plan(self, order: Order, effects: Effects, events: Sequence[int]) -> None:
        """Note the bouts that an order brings; ``events``: ids of the events of its effects."""
        bouts = effects.bouts
        if bouts is None or not bouts.t.size:
            return
        place = effects.events[bouts.opening].place
        self._running[order.id] = _Running(
            order, place, events[bouts.opening], effects.end_ms, bouts, bouts.t.size
        )
        for t in np.unique(bouts.t).tolist():
            heapq.heappush(self._due, (t, order.id))
            self.calendar.add(t, Phase.FIRE)

    def fire(self, t: int) -> None:
        """Fire all bouts that are due at ``t``; all read the state before them."""
        runs: list[_Running] = []
        while self._due and self._due[0][0] <= t:
            runs.append(self._running[heapq.heappop(self._due)[1]])
        if not runs:
            return
        self._raise(t, np.unique(np.concatenate([run.bouts.targets for run in runs])))
        alike: dict[tuple[object, ...], list[int]] = {}
        for number, run in enumerate(runs):
            alike.setdefault(_rules(run), []).append(number)
        rows = _join([self._aim(runs, numbers, t) for numbers in alike.values()])
        self._limit(rows, runs)
        key = self.engagement.force.key
        # hits at one target are counted in this order, which does not depend on the rows of files
        order = np.lexsort((rows["weapon"], key[rows["shooter"]], key[rows["target"]]))
        order = order[rows["rounds"][order] > 0]
        rows = {name: column[order] for name, column in rows.items()}
        if order.size:
            self._judge(t, rows, runs)
        for run in runs:
            run.left -= int(np.count_nonzero(run.bouts.t == t))
            if run.left <= 0:
                self._tell(t, run)
                del self._running[run.order.id]

    def clear(self, serial: int, t: int) -> None:
        """Let the range crew put up again, as new, all targets that a serial has hit."""
        hit = self._hit.pop(serial, None)
        if hit is None:
            return
        rows = np.unique(np.concatenate(hit))
        down = int(self.engagement.out_of_action(rows).sum())
        self.engagement.reset(rows)
        text = f"the range crew puts up {rows.size} targets as new, {down} of them were down"
        data = {"targets": int(rows.size), "down": down}
        self.log.add_event(Event(t=t, kind="targets_reset", text=text, serial=serial, data=data))

    # --- one bout ---------------------------------------------------------------------------

    def _raise(self, t: int, targets: Int32) -> None:
        """Lift the targets on land that have been down long enough."""
        rows = targets.astype(np.int64)
        land = self._domain(rows) == _GROUND
        down = self.engagement.out_of_action(rows)
        self.engagement.reset(rows[land & down & (self._fell[rows] + RAISE_MS <= t)])

    def _domain(self, targets: Int64) -> npt.NDArray[np.int8]:
        return self.engagement.signatures.domain[self.engagement.force.type[targets]]

    def _aim(self, runs: Sequence[_Running], numbers: Sequence[int], t: int) -> Columns:
        """Return who of some orders fires what at which target now, with how many rounds.

        ``numbers``: positions of those orders in ``runs``, all of which share targets and rules.
        """
        bouts, force, box = runs[numbers[0]].bouts, self.engagement.force, self.engagement.magazine
        now = _join([self._ready(runs[number], number, t) for number in numbers])
        # by key, so that nobody's place in a file counts
        order = np.argsort(force.key[now["shooter"]], kind="stable")
        now = {name: column[order] for name, column in now.items()}
        shooter = now["shooter"]
        targets = bouts.targets.astype(np.int64)
        targets = targets[~self.engagement.out_of_action(targets)]
        targets = targets[np.argsort(force.key[targets], kind="stable")]
        first = np.searchsorted(box.entity, shooter)
        each = np.searchsorted(box.entity, shooter, side="right") - first
        who = np.repeat(np.arange(shooter.size), each)
        slot = np.repeat(first - (np.cumsum(each) - each), each) + np.arange(who.size)
        weapons = self.engagement.armament.weapons
        # what can do nothing to any of them needs no ranges
        some: Bool = np.any(self._useful[:, force.type[targets]], axis=1)
        if bouts.kinds:
            some &= np.isin(weapons.kind, [WEAPON_KINDS.index(kind) for kind in bouts.kinds])
        meant = some[box.weapon[slot]] & (box.on_hand[slot] > 0)
        who, slot = who[meant], slot[meant]
        item = box.weapon[slot]
        reach, height = self._ranges(now, who, item, targets)
        fits = self._useful[item][:, force.type[targets]]
        fits &= (reach >= weapons.min_range_m[item][:, None]) & (
            reach <= weapons.max_range_m[item][:, None]
        )
        there = np.flatnonzero(fits.any(axis=1))
        fits, who, slot, item = fits[there], who[there], slot[there], item[there]
        # the next target for the next shooter, and for the next bout; serials begin at their own
        begin = int(force.key[shooter].min() % np.uint64(1 << 20)) if shooter.size else 0
        turn = (begin + who + now["number"][who]) % np.maximum(fits.sum(axis=1), 1)
        # every row has a target that fits; argmax of no columns at all would fail
        found = np.cumsum(fits, axis=1) > turn[:, None]
        pick = np.argmax(found, axis=1) if there.size else there
        return {
            "run": now["run"][who],
            "slot": slot,
            "shooter": shooter[who],
            "weapon": item,
            "target": targets[pick],
            "rounds": self._rounds(bouts, now["number"][who], slot),
            "range_m": np.round(reach[there, pick], 1),
            "altitude_m": height[pick],
        }

    def _ready(self, run: _Running, number: int, t: int) -> Columns:
        """Return those of an order who fire at ``t``, and from where."""
        bouts = run.bouts
        now = np.flatnonzero(bouts.t == t)
        shooter = bouts.shooter[now].astype(np.int64)
        able = (self.state.order[shooter] == run.order.id) & ~self.engagement.out_of_action(shooter)
        now = now[able]
        found: Columns = {"run": np.full(now.size, number), "shooter": shooter[able]}
        return found | {name: getattr(bouts, name)[now] for name in ("number", "lat", "lon", "alt")}

    def _ranges(
        self, now: Columns, who: Int64, item: Int64, targets: Int64
    ) -> tuple[Float64, Float64]:
        """Return ranges (weapons, targets) and heights of targets; of bombs along the ground."""
        state = self.state
        height = state.alt[targets] + np.where(self._domain(targets) == _AIR, DRONE_M, 0.0)
        at = cartesian(state.lat[targets], state.lon[targets])
        apart = cartesian(now["lat"], now["lon"])[:, None, :] - at[None, :, :]
        along = np.sqrt((apart * apart).sum(axis=2))
        above = now["alt"][:, None] - height[None, :]
        slant = np.sqrt(along * along + above * above)
        bomb = self.engagement.armament.weapons.kind[item] == _BOMB
        return np.where(bomb[:, None], along[who], slant[who]), height

    def _rounds(self, bouts: Bouts, number: Int64, slot: Int64) -> Int64:
        """Return what each weapon fires in a bout: its part of the allowance, as time allows."""
        box, weapons = self.engagement.magazine, self.engagement.armament.weapons
        item = box.weapon[slot]
        allowed = np.ceil(bouts.share * box.capacity[slot] - 1e-9).astype(np.int64)
        part = -(-allowed * (number + 1) // bouts.of) - (-(-allowed * number // bouts.of))
        pieces = np.where(self._by_piece[item], box.count[slot], 1)
        interval = np.maximum(np.nan_to_num(weapons.salvo_interval_s[item], nan=1.0), 1.0)
        salvos = np.maximum(np.floor(bouts.span_ms / 1000.0 / interval), 1.0)
        each = np.nan_to_num(weapons.rounds_per_salvo[item])
        most = (salvos * each * pieces).astype(np.int64)
        found: Int64 = np.minimum(np.minimum(part, most), box.on_hand[slot])
        return found

    def _limit(self, rows: Columns, runs: Sequence[_Running]) -> None:
        """Cut rounds to what the serials may fire in all, the first by key served first."""
        limited = np.flatnonzero([run.bouts.limit >= 0 for run in runs])
        at = np.flatnonzero(np.isin(rows["run"], limited))
        at = at[np.argsort(self.engagement.force.key[rows["shooter"][at]], kind="stable")]
        for row in at.tolist():
            run = runs[rows["run"][row]]
            group = run.order.serial, int(rows["weapon"][row])
            spent = self._spent.get(group, 0)
            rows["rounds"][row] = min(int(rows["rounds"][row]), run.bouts.limit - spent)
            self._spent[group] = spent + int(rows["rounds"][row])

    def _judge(self, t: int, rows: Columns, runs: Sequence[_Running]) -> None:
        """Fire, and note what came of it."""
        engagement, weapons = self.engagement, self.engagement.armament.weapons
        item, rounds, target = rows["weapon"], rows["rounds"], rows["target"]
        pieces = engagement.magazine.count[rows["slot"]].astype(np.float64)
        each = np.maximum(np.nan_to_num(weapons.rounds_per_salvo[item], nan=1.0), 1.0)
        interval = np.nan_to_num(weapons.salvo_interval_s[item], nan=1.0)
        columns, judged = engagement.fire(
            t, rows["shooter"], item, target, rows["range_m"], rounds=rounds,
            firers=pieces, duration_s=np.round(rounds / (each * pieces) * interval, 3),
            target_altitude_m=np.maximum(rows["altitude_m"], 0.0),
        )  # fmt: skip
        columns["probability"] = np.round(np.asarray(columns["probability"]), CHANCE_DECIMALS)
        columns["serial"] = [self.serials[runs[run].order.serial] for run in rows["run"]]
        columns["cause"] = [runs[run].event for run in rows["run"]]
        self.shots.append(columns)
        if self.sustainment is not None:
            self.sustainment.note_shots(columns)
        done, hit = judged.result == _DESTROYED, judged.hits > 0
        self._fell[target[done]] = t
        for number, run in enumerate(runs):
            mine = rows["run"] == number
            run.rounds += int(rounds[mine].sum())
            run.rows += int(mine.sum())
            run.hit += int(hit[mine].sum())
            run.destroyed += int(done[mine].sum())
            if hit[mine].any():
                self._hit.setdefault(run.order.serial, []).append(np.unique(target[mine & hit]))

    def _tell(self, t: int, run: _Running) -> None:
        """Record what an order's fire came to."""
        order = run.order
        if run.rows:
            words = (
                f"{run.rounds} rounds in {run.rows} bouts at targets: {run.hit} bouts hit, "
                f"{run.destroyed} targets destroyed"
            )
        else:
            words = "no round fired: no target stands within reach of what they may fire"
        self.log.add_event(
            Event(
                t=max(t, min(run.end_ms, t + run.bouts.span_ms)), kind="fire_results", text=words,
                unit=order.unit, place=run.place, serial=order.serial, cause=run.event,
                data={
                    "rounds": run.rounds, "bouts": run.rows, "bouts_hit": run.hit,
                    "targets_destroyed": run.destroyed,
                },
            )
        )  # fmt: skip


def _join(parts: Sequence[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _rules(run: _Running) -> tuple[object, ...]:
    """Return what orders have in common that can be aimed in one go."""
    bouts = run.bouts
    return (
        run.order.serial, bouts.targets.tobytes(), bouts.of, bouts.share, bouts.span_ms,
        bouts.limit, bouts.kinds,
    )  # fmt: skip


def _useful(engagement: Engagement) -> Bool:
    """Tell which weapon can do anything to which type, within its ranges: (weapons, types)."""
    weapons, targets = engagement.armament.weapons, engagement.signatures
    number, types = len(weapons), targets.domain.size
    weapon, kind = np.repeat(np.arange(number), types), np.tile(np.arange(types), number)
    near = np.nan_to_num(weapons.min_range_m[weapon])
    rows = fire(weapon, kind, 1, near, target_altitude_m=DRONE_M)
    found: Bool = (bars(rows, weapons, targets) == 0).reshape(number, types)
    return found
