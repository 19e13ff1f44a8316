"""Rounds are never lost, whoever fires, defends, gives back or is supplied, in any order."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from startex.engine.engagement.adjudicate import settle
from startex.engine.engagement.defence import allot
from startex.engine.engagement.magazine import Magazine

sys.path.insert(0, str(Path(__file__).parents[2]))
from engagement_examples import ARMAMENT, CATALOGUE, WEAPONS, engagement

TYPES = ("t-80", "bmp-2", "rifle-squad", "asw-1155", "corvette-20380", "su-34", "ka-27",
         "submarine-636", "2s19", "igla-team", "truck-ural", "minesweeper")  # fmt: skip


def sound(box: Magazine) -> None:
    assert (box.issued == box.on_hand + box.fired).all()
    assert (box.on_hand >= 0).all()
    assert (box.fired >= 0).all()
    assert (box.on_hand <= box.capacity).all()


slots = st.lists(st.tuples(st.integers(-1, 60), st.integers(0, 3000)), max_size=12)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["take", "refill", "put_back"]), slots), max_size=8))
def test_rounds_issued_are_on_hand_or_fired(acts) -> None:
    kind = np.array([CATALOGUE.index(name) for name in TYPES] * 2 + [-1], dtype=np.int32)
    box = Magazine.of(kind, ARMAMENT.weapon_fits, len(WEAPONS))
    assert box.entity.size > 60
    issued, taken = int(box.issued.sum()), 0
    for act, rows in acts:
        slot = np.array([row[0] for row in rows], dtype=np.int64)
        rounds = np.array([row[1] for row in rows], dtype=np.int64)
        if act == "take":
            before = box.on_hand.copy()
            got = box.take(slot, rounds)
            assert (got <= rounds).all()
            assert (got[slot < 0] == 0).all()
            for one in np.unique(slot[slot >= 0]):  # all is given while there is any
                asked = rounds[slot == one].sum()
                assert got[slot == one].sum() == min(asked, before[one])
            taken += int(got.sum())
        elif act == "refill":
            _, first = np.unique(slot, return_index=True)
            issued += int(box.refill(slot[first], rounds[first]).sum())
        else:
            real = np.unique(slot[slot >= 0])
            back = np.minimum(box.fired[real] // 2, box.capacity[real] - box.on_hand[real])
            box.put_back(real, back)
            taken -= int(back.sum())
        sound(box)
        assert box.issued.sum() == issued
        assert box.fired.sum() == taken


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.booleans())
def test_rounds_of_the_shots_are_the_rounds_fired(seed: int, salvos: int, look: bool) -> None:
    field = engagement(*TYPES, *TYPES, seed=seed)
    chance = np.random.default_rng(seed)
    box, n, told = field.magazine, 2 * len(TYPES), 0
    for t in range(salvos):
        row = chance.integers(0, box.entity.size, 10)
        shooter, weapon = box.entity[row], box.weapon[row]
        target = (shooter + chance.integers(1, n, 10)) % n
        far = chance.uniform(0, 1, 10) * WEAPONS.max_range_m[weapon]
        before = field.damage.copy()
        columns, judged = field.fire(t, shooter, weapon, target, far, look=look)
        told += int(columns["rounds"].sum())
        assert (field.damage >= before).all()
        assert (judged.rounds <= 20_000).all()
        out = columns["result"].count("out_of_action")
        assert out == (field.out_of_action(np.arange(n)) & (before < _needed(field))).sum()
        sound(box)
    assert box.fired.sum() == told


def _needed(field) -> np.ndarray:
    return field.signatures.hits[field.force.type] * (1 - 1e-9)


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 50)), min_size=1, max_size=20),
    st.lists(st.integers(0, 100), min_size=5, max_size=5),
)
def test_intercepts_are_shared_out_to_the_last_one(rows, intercepts) -> None:
    raid, rounds = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    got = allot(rounds, raid, np.array(intercepts))
    assert (got >= 0).all()
    for number, many in enumerate(intercepts):
        total = rounds[raid == number].sum()
        assert got[raid == number].sum() == (many if total else 0)
        exact = many * rounds[raid == number] / max(total, 1)
        assert np.abs(got[raid == number] - exact).max(initial=0) < 1 + 1e-9


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=20))
def test_each_target_goes_out_of_action_once_at_most(rows) -> None:
    target = np.array([r[0] for r in rows], dtype=np.int64)
    hits = np.array([r[1] for r in rows], dtype=np.int64)
    one = np.ones(target.size)
    result, after = settle(target, hits, one, 0 * one, 3 * one)
    for row in np.unique(target):
        mine = target == row
        total = hits[mine].sum()
        assert after[mine][-1] == total
        assert (result[mine] == 2).sum() == (total >= 3)


def test_nobody_fires_a_negative_number_of_rounds() -> None:
    box = engagement("t-80").magazine
    with pytest.raises(ValueError, match="cannot be fired"):
        box.take(np.array([0]), np.array([-1]))
    with pytest.raises(ValueError, match="more rounds come back"):
        box.put_back(np.array([0]), np.array([1]))
    box.take(np.array([0]), np.array([2]))
    box.refill(np.array([0]), np.array([2]))
    with pytest.raises(ValueError, match="no room"):
        box.put_back(np.array([0]), np.array([1]))
    with pytest.raises(ValueError, match="each slot once"):
        box.refill(np.array([0, 0]), np.array([1, 1]))
    assert box.slot(0, WEAPONS.index("kh-35")) == -1
