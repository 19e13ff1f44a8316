"""Accounts balance to the unit, whatever is done in whatever order, however time is cut."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from startex.engine.supply.burning import part_of, used_between
from startex.engine.supply.evening import NONE, OUTSIDE, hand_out
from startex.engine.supply.items import BASIC, FIRST_AMMUNITION
from startex.engine.supply.sharing import share, sum_by

sys.path.insert(0, str(Path(__file__).parents[2]))
import supply_examples as ex
from supply_examples import DAY, HOUR, START

MOVERS = [
    *ex.rows(ex.COMPANY, "t-80"), *ex.rows(ex.SUPPORT, "truck-heavy"),
    *ex.rows(ex.DESTROYER, "asw-1155"), *ex.rows(ex.FLIGHT, "su-34"),
]  # fmt: skip
MODES = ("road", "cross_country", "sea", "air", "hold", "landing")

whole = st.integers(0, 10**12)
leg = st.builds(
    lambda entity, begin, lasts, length, mode: ex.leg(
        int(entity), begin / 1000, (begin + lasts) / 1000, length, mode
    ),
    st.sampled_from(MOVERS), st.integers(0, 70_000), st.integers(1, 20_000),
    st.floats(1.0, 900e3), st.sampled_from(MODES),
)  # fmt: skip
place = st.sampled_from([(45.0, 132.0), (45.6, 132.0), (46.2, 132.0), (50.0, 132.0)])
places = st.fixed_dictionaries(dict.fromkeys(ex.NAMES[2:], place))


@given(st.lists(st.tuples(st.integers(0, 4), whole), max_size=30), st.lists(whole, min_size=5))
def test_shares_are_whole_and_hand_out_what_there_is(rows, there) -> None:
    stocks = np.array(there[:5], dtype=np.int64)
    group = np.array([row[0] for row in rows], dtype=np.int64)
    wanted = np.array([row[1] for row in rows], dtype=np.int64)
    given_ = share(group, wanted, stocks)
    assert ((given_ >= 0) & (given_ <= wanted)).all()
    asked, got = sum_by(group, wanted, 5), sum_by(group, given_, 5)
    assert (got == np.minimum(asked, stocks)).all()
    ratio = np.minimum(1.0, stocks / np.maximum(asked, 1))[group]
    assert (np.abs(given_ - wanted * ratio) <= group.size + 2).all()  # in proportion but rounding


@given(
    whole, st.integers(1, 2**31), st.lists(st.floats(0, 1), max_size=5), st.integers(-(10**12), 0)
)
def test_parts_of_a_leg_add_up_to_it(total, lasts, cuts, t0) -> None:
    column = [np.array([v], dtype=np.int64) for v in (total, t0, t0 + lasts)]
    at = [t0 - 5, *sorted(t0 + int(cut * lasts) for cut in cuts), t0 + lasts + 5]
    parts = [int(used_between(*column, a, b)[0]) for a, b in pairwise(at)]
    assert sum(parts) == total
    assert min(parts) >= 0
    done = lasts // 3
    exact = total * done // lasts  # Python's own whole numbers
    assert part_of(column[0], np.array([lasts]), np.array([done]))[0] == exact


def run(legs, where, ends):
    """The accounts after stretches of time that end at these hours, and all tables."""
    found, parts = ex.supply(), []
    for end in ends:
        parts.append(found.day(START + round(end * HOUR), legs, ex.state(**where)).tables)
    joined = {
        name: {
            column: np.concatenate([part[name][column] for part in parts if part])
            for column in next(part for part in parts if part)[name]
        }
        for name in ("supply", "shortages", "mishaps", "strengths")
    }
    return found, joined


def alike(one, other) -> None:
    for name, columns in one[1].items():
        for column, values in columns.items():
            assert (values == other[1][name][column]).all(), (name, column)
    for column in ("tank", "burnt", "way_mm"):
        assert (getattr(one[0], column) == getattr(other[0], column)).all()
    assert (one[0].ledger.on_hand == other[0].ledger.on_hand).all()


@settings(deadline=None, max_examples=40)
@given(st.lists(leg, max_size=12), places, st.lists(st.floats(0, 96), max_size=5), st.randoms())
def test_cuts_of_time_and_the_order_of_rows_change_nothing(drawn, where, cuts, chance) -> None:
    whole_run = run(ex.legs(*drawn), where, (96,))
    assert (whole_run[0].ledger.imbalance() == 0).all()
    alike(whole_run, run(ex.legs(*drawn), where, (*sorted(cuts), 96)))
    chance.shuffle(drawn)
    alike(whole_run, run(ex.legs(*drawn), where, (96,)))


acts = st.lists(
    st.one_of(
        st.tuples(st.just("day"), st.lists(leg, max_size=6), places),
        st.tuples(st.just("fire"), st.lists(st.integers(0, 90), min_size=1, max_size=4)),
        st.tuples(st.just("replenish"), st.just(0)),
    ),
    max_size=8,
)


@settings(deadline=None, max_examples=60)
@given(acts)
def test_nothing_is_lost_whoever_does_what(listed) -> None:
    found, now = ex.supply(), START
    first = found.ledger.first.copy()
    for act in listed:
        if act[0] == "day":
            now += DAY
            shifted = [
                {**one, "t0": one["t0"] + now - START - DAY, "t1": one["t1"] + now - START - DAY}
                for one in act[1]
            ]
            before = found.ledger.outside.copy()
            rows = found.day(now, ex.legs(*shifted), ex.state(**act[2])).tables["supply"]
            came = found.ledger.outside - before
            # what was received in a day was issued by somebody, or is from outside
            for item, amount in enumerate(came):
                mine = rows["item"] == item
                inside = rows["received"][mine].sum() - rows["issued"][mine].sum()
                assert inside == amount
        elif act[0] == "fire":
            guns = ex.rows(ex.COMPANY, "t-80")[: len(act[1])]
            got = found.fire(guns, np.array(act[1]), found.ammunition("tank_gun_rounds"))
            assert (got <= act[1]).all()
        else:
            ship, tanker = ex.rows(ex.DESTROYER, "asw-1155"), ex.rows(ex.OILER, "oiler-dubna")
            found.replenish(tanker, ship)
        ledger = found.ledger
        assert (ledger.imbalance() == 0).all()
        assert (ledger.on_hand >= 0).all()
        assert (found.tank >= 0).all()
        by_item = ledger.on_hand.reshape(2, -1, found.units).sum(axis=(0, 2))
        assert (by_item == first + ledger.outside - ledger.used).all()
        tanks = np.bincount(ex.FORCE.unit, weights=found.tank, minlength=found.units)
        assert (ledger.on_hand[BASIC, : found.units] == tanks).all()


@given(st.lists(st.integers(0, 60), min_size=2, max_size=4), st.randoms())
def test_who_fires_first_in_a_list_does_not_matter(rounds, chance) -> None:
    guns = list(zip(ex.rows(ex.COMPANY, "t-80").tolist(), rounds, strict=False))
    given_ = []
    for _ in range(2):
        found = ex.supply()
        shells = found.ammunition("tank_gun_rounds")
        got = found.fire(
            np.array([gun for gun, _ in guns]), np.array([number for _, number in guns]), shells
        )
        given_.append(dict(zip([gun for gun, _ in guns], got.tolist(), strict=True)))
        chance.shuffle(guns)
    assert given_[0] == given_[1]


@given(st.lists(st.integers(0, 10**9), min_size=24, max_size=24), places)
def test_trains_never_hold_more_than_they_carry_nor_haul_more_than_they_can(numbers, _) -> None:
    network = ex.supply().network
    holders = np.flatnonzero(network.trains > 0)
    there = np.zeros_like(network.trains)
    there[holders] = network.trains[holders] * np.resize(numbers, holders.size) // 10**9
    lift = network.trains * np.resize(numbers[::-1], network.trains.size) // 10**9
    fed = np.where(network.above >= 0, network.above, OUTSIDE)
    fed[::5] = np.where(fed[::5] == OUTSIDE, NONE, fed[::5])
    lift[fed == NONE] = 0
    customers = np.flatnonzero(network.supplier >= 0)
    wanted = np.resize(np.array(numbers, dtype=np.int64), customers.size)
    done = hand_out(network, there, fed, lift, network.supplier[customers], wanted)
    after = there + done.received - done.issued
    assert ((after >= 0) & (after <= network.trains)).all()
    assert (done.received <= lift).all()
    assert ((done.given >= 0) & (done.given <= wanted)).all()
    assert done.given.sum() + after.sum() == there.sum() + done.from_outside.sum()
    assert (done.from_outside[fed != OUTSIDE] == 0).all()
    assert network.trains.size >= FIRST_AMMUNITION * len(ex.NAMES)
