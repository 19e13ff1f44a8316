"""Fire on land in rounds: who has whom in contact fires, all on the state before the round."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[2]))
from engagement_examples import WEAPONS, engagement
from startex.engine.desk import Engage
from startex.engine.groundfire import IDLE_MS, MOST_ROUNDS, NEAREST, ROUND_MS, GroundFire
from startex.engine.log import Log
from startex.foundation.clock import LONG_AGO_MS

START = 1_700_000_000_000
SERIAL = 0
LAT = 50.0
M_PER_DEG = 111_229.0  # of latitude at 50 N


class Field:
    """Platforms on a meridian; those of the first unit defend, those of the second attack.

    ``units`` and ``north_m`` are of each platform; unit 9 and up is of the opposing force.
    """

    def __init__(self, types, units, north_m, *, seed=1, visibility_m=20e3) -> None:
        self.engagement = engagement(*types, seed=seed)
        self.units, self.north_m = np.array(units), np.array(north_m, dtype=np.float64)
        n = len(types)
        self.engagement.force.name = [f"{name} {i}" for i, name in enumerate(types)]
        roster: Any = SimpleNamespace(
            force=self.engagement.force, group=self.units.astype(np.int32),
            ground=np.ones(n, np.bool_), platforms_of=self._platforms,
        )  # fmt: skip
        outlook: Any = SimpleNamespace(
            start_ms=START,
            conditions=lambda t, lat, lon: (
                np.full(t.size, visibility_m),
                np.ones(t.size, np.bool_),
            ),
        )
        self.contacts: dict[tuple[int, int], Any] = {}
        self.asked: list[int] = []  # when it was asked where anybody is
        sensing: Any = SimpleNamespace(
            roster=roster, outlook=outlook, contacts=self.contacts, spots=self._ways
        )
        ready = np.full(n, LONG_AGO_MS, dtype=np.int64)
        self.fire = GroundFire(self.engagement, sensing, Log(), ["battle"], ready, [])

    def _platforms(self, serial, *, opposing):
        return np.flatnonzero((self.units >= 9) == opposing)

    def _ways(self, t, rows, log):
        self.asked.append(t)
        return self

    def at(self, rows, t):
        """Where platforms are, as `Motion.at` tells."""
        north = self.north_m[rows]
        return LAT + north / M_PER_DEG, np.full(rows.size, 30.0), np.zeros(rows.size)

    def see(self, unit: int, target: int) -> Engage:
        """Let a unit have a target in contact, and have it engaged."""
        opposing = unit >= 9
        self.contacts[unit, target] = SimpleNamespace(
            serial=SERIAL, opposing=opposing, unit=unit, target=target, open=True
        )
        order = Engage(target, SERIAL, opposing, 5)
        self.fire.engage(order)
        return order

    def all_see(self) -> None:
        """Let every unit have all of the other side in contact."""
        for unit in np.unique(self.units).tolist():
            for target in np.flatnonzero((self.units >= 9) != (unit >= 9)).tolist():
                self.see(unit, target)

    def shots(self) -> list[tuple[Any, ...]]:
        """All shots as (time, shooter, target, rounds, hits, result, cause)."""
        names = ("t", "shooter", "target", "rounds", "hits", "result", "cause")
        return [
            row
            for columns in self.fire.shots
            for row in zip(*(np.asarray(columns[name]).tolist() for name in names), strict=True)
        ]


def _play(field: Field, rounds: int, t: int = START + 1) -> list[tuple[int, Any]]:
    told = list(field.fire.fire(t))
    for _ in range(rounds):
        due = field.fire.next_time()
        if due is None:
            break
        told += field.fire.fire(due)
    return told


def test_rounds_count_from_the_start_of_the_exercise() -> None:
    field = Field(["t-80", "t-80"], [1, 9], [0, 1500])
    field.all_see()
    assert field.fire.fire(START + ROUND_MS + 1) == []
    assert field.shots() == []
    assert field.fire.next_time() == START + 2 * ROUND_MS
    assert field.fire.fire(START + 2 * ROUND_MS - 1) == []
    assert field.shots() == []
    field.fire.fire(START + 2 * ROUND_MS)
    assert {row[0] for row in field.shots()} == {START + 2 * ROUND_MS}
    assert {row[6] for row in field.shots()} == {5}


def test_only_the_units_that_have_it_in_contact_fire_at_it() -> None:
    field = Field(["t-80", "t-80", "t-80"], [1, 2, 9], [0, 0, 1500])
    field.see(2, 2)
    _play(field, 1)
    assert [row[1:3] for row in field.shots()] == [(1, 2)]


def test_a_target_out_of_contact_is_let_go_and_told() -> None:
    field = Field(["t-80", "t-80"], [1, 9], [0, 1500])
    order = field.see(1, 1)
    field.contacts[1, 1].open = False
    ((t, result),) = _play(field, 1)
    assert (t, result.target, result.shooter, result.out) == (START + ROUND_MS, 1, -1, False)
    assert result.event == order.cause
    assert field.shots() == []
    assert field.fire.next_time() is None


def test_two_may_put_each_other_out_in_one_round() -> None:
    """Nobody fires first: over many seeds both fall in one round, as often as chance has it."""
    both = one = 0
    for seed in range(300):
        field = Field(["t-80", "t-80"], [1, 9], [0, 2000], seed=seed)
        field.all_see()
        told = _play(field, 1)
        assert len(field.shots()) == 2
        gone = sum(result.out for _, result in told)
        both, one = both + (gone == 2), one + (gone == 1)
    share = (2 * both + one) / 600
    assert 0.05 < share < 0.95
    assert both == pytest.approx(300 * share**2, abs=4 * np.sqrt(300 * share**2))


def test_who_is_out_neither_fires_nor_is_fired_at() -> None:
    field = Field(["t-80", "bmp-2"], [1, 9], [0, 800])
    field.all_see()
    told = _play(field, 40)
    out = {result.target: t for t, result in told if result.out}
    assert out
    for t, shooter, target, *_ in field.shots():
        assert t <= out.get(shooter, t)
        assert t <= out.get(target, t)


def test_a_play_in_which_nobody_reaches_anybody_rests_until_somebody_new_is_seen() -> None:
    field = Field(["rifle-squad", "rifle-squad", "rifle-squad"], [1, 9, 9], [0, 9_000, 300])
    field.see(1, 1)
    first = START + ROUND_MS
    _play(field, 4)
    assert field.asked == [first, first + IDLE_MS]
    assert field.shots() == []
    field.see(1, 2)
    _play(field, 1, field.asked[-1] + 1)
    assert [row[1:3] for row in field.shots()] == [(0, 2)]


def test_umpires_let_pass_what_was_fired_at_in_vain() -> None:
    """A tank that no hits put out: so many rounds, then no more, though it is ordered again."""
    field = Field(["bmp-2", "t-80"], [1, 9], [0, 3_000])
    order = field.see(1, 1)
    box = field.engagement.magazine
    box.capacity[:] = box.issued[:] = box.on_hand[:] = 10_000
    field.engagement.signatures.hits[:] = 1e6
    told = _play(field, MOST_ROUNDS + 5)
    assert len({row[0] for row in field.shots()}) == MOST_ROUNDS
    assert [(result.shooter, result.out) for _, result in told] == [(-1, False)]
    field.fire.engage(order)
    assert field.fire.fire(told[-1][0] + 10 * ROUND_MS) == []
    assert field.fire.next_time() is None


def test_the_end_of_a_play_ends_its_fire() -> None:
    field = Field(["t-80", "t-80"], [1, 9], [0, 1500])
    field.all_see()
    field.fire.fire(START)
    field.fire.stand_down(SERIAL)
    assert field.fire.next_time() is None
    assert field.fire.fire(START + ROUND_MS) == []
    assert field.shots() == []


def test_what_is_laid_by_eye_is_not_fired_farther_than_one_sees() -> None:
    clear, fog = (
        Field(["t-80", "t-80"], [1, 9], [0, 1500], visibility_m=sight) for sight in (20e3, 500.0)
    )
    for field in (clear, fog):
        field.all_see()
        _play(field, 1)
    assert clear.shots()
    assert not fog.shots()


TYPES = ("t-80", "bmp-2", "rifle-squad", "btr-82a", "2s19", "truck-ural")

platforms = st.lists(
    st.tuples(st.sampled_from(TYPES), st.sampled_from([1, 2, 9, 10]), st.integers(0, 4_000)),
    min_size=2, max_size=14,
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(platforms, st.integers(0, 2**32 - 1), st.randoms(use_true_random=False))
def test_whatever_meets_the_rules_hold(rows, seed, chance) -> None:
    """One salvo a platform and round, at what its unit has and it reaches; rounds are conserved.

    In whatever order targets are found and engaged.
    """
    types, units, north = zip(*rows, strict=True)
    field, other = (Field(types, units, north, seed=seed) for _ in range(2))
    pairs = [
        (unit, target)
        for unit in sorted(set(units))
        for target in range(len(rows))
        if (units[target] >= 9) != (unit >= 9) and chance.random() < 0.7
    ]
    for unit, target in pairs:
        field.see(unit, target)
    for unit, target in chance.sample(pairs, len(pairs)):
        other.see(unit, target)
    told = _play(field, 6)
    assert [(t, vars_of(result)) for t, result in _play(other, 6)] == [
        (t, vars_of(result)) for t, result in told
    ]
    assert other.shots() == field.shots()
    box = field.engagement.magazine
    assert box.fired.sum() == sum(row[3] for row in field.shots())
    assert (box.issued == box.on_hand + box.fired).all()
    seen = set()
    for columns in field.fire.shots:
        for t, shooter, target, weapon, range_m in zip(
            columns["t"], columns["shooter"], columns["target"], columns["weapon"],
            columns["range_m"], strict=True,
        ):  # fmt: skip
            assert (t - START) % ROUND_MS == 0
            assert (t, shooter) not in seen
            seen.add((t, shooter))
            assert (units[shooter], target) in pairs
            assert range_m <= WEAPONS.max_range_m[WEAPONS.index(weapon)]
            nearer = [
                abs(north[other] - north[shooter])
                for unit, other in pairs
                if unit == units[shooter]
            ]
            assert range_m <= max(sorted(nearer)[-1], 0.0) + 1.0


def vars_of(result) -> tuple[Any, ...]:
    """A result without the ids of events, which follow the order of making."""
    return result.target, result.opposing, result.shooter, result.out


def test_a_platform_picks_among_the_nearest() -> None:
    """A tank with many squads before it leaves those behind them alone."""
    squads = 6
    field = Field(["t-80"] + ["rifle-squad"] * squads, [1] + [9] * squads,
                  [0, *(1000 + 100 * np.arange(squads))])  # fmt: skip
    for target in range(1, squads + 1):
        field.see(1, target)
    _play(field, 1)
    assert {row[2] for row in field.shots()} <= set(range(1, NEAREST + 1))
    assert field.shots()
