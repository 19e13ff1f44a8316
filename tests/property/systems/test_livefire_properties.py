"""Live fire: no round is lost, and nobody's place in a list counts."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[2]))
import supply_examples as ex
from livefire_examples import MINUTE, START, shooting
from startex.engine.calendar import Calendar
from startex.engine.effects import Bouts, Effects, Event
from startex.engine.engagement.component import Engagement
from startex.engine.livefire import LiveFire
from startex.engine.log import Log
from startex.engine.orders import Order
from startex.engine.supply.items import BASIC
from startex.engine.sustainment import Sustainment

SHOOTERS = ("t-80", "bmp-2", "rifle-squad", "2s3", "btr-82a", "buk-telar")
TARGETS = ("target-armour", "target-infantry", "target-drone", "target-sam")

orders = st.lists(
    st.tuples(
        st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True),
        st.sampled_from([0.05, 0.25, 1.0]),
        st.integers(1, 4),
        st.sampled_from([-1, 10]),
    ),
    min_size=1,
    max_size=3,
)


def fired(given_, away, seed, order):
    """Run orders at three of each target, in this order of giving; return rows without numbers."""
    types = [*SHOOTERS, *TARGETS * 3]
    field = shooting(types, dict.fromkeys(range(6, 18), away), seed=seed)
    taken: set[int] = set()
    for number in order:
        shooters, share, bouts, limit = given_[number]
        mine = [row for row in shooters if (row % len(given_)) == number]
        if mine and not taken & set(mine):
            taken |= set(mine)
            field.order(mine, list(range(6, 18)), share=share, bouts=bouts, limit=limit)
    rows = field.run()
    for row in rows:
        row.pop("shot"), row.pop("cause")
    return field, rows


@settings(deadline=None, max_examples=40)
@given(orders, st.sampled_from([200.0, 900.0, 6_000.0]), st.integers(0, 99), st.randoms())
def test_rounds_are_conserved_and_the_order_of_orders_changes_nothing(
    drawn, away, seed, chance
) -> None:
    numbers = list(range(len(drawn)))
    field, rows = fired(drawn, away, seed, numbers)
    box = field.live.engagement.magazine
    assert (box.issued == box.on_hand + box.fired).all()
    assert (box.on_hand >= 0).all()
    assert box.fired.sum() == sum(row["rounds"] for row in rows)
    assert all(row["rounds"] > 0 for row in rows)
    chance.shuffle(numbers)
    _, others = fired(drawn, away, seed, numbers)
    assert others == rows


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.tuples(st.sampled_from([0.1, 0.5, 1.0]), st.booleans()), min_size=1, max_size=5),
    st.integers(0, 9),
)
def test_magazines_and_accounts_say_the_same(days, seed) -> None:
    """What is fired leaves both; what comes at the supply hour comes into both."""
    supply, log = ex.supply(), Log()
    fight = Engagement(ex.FORCE, ex.CATALOGUE, ex.ARMAMENT, seed)
    box = fight.magazine
    sustainment = Sustainment(supply, log, box)
    account = supply.accounts(box.entity, box.weapon)
    known = account >= 0

    def agree() -> None:
        held = np.bincount(account[known], weights=box.on_hand[known], minlength=account.max() + 1)
        rounds = np.unique(account[known])
        assert (held[rounds] == supply.ledger.on_hand[BASIC, rounds]).all()
        assert (box.issued == box.on_hand + box.fired).all()
        assert (supply.ledger.imbalance() == 0).all()

    tanks = ex.rows(ex.COMPANY, "t-80").astype(np.int32)
    agree()
    for day, (share, near) in enumerate(days):
        t = ex.START + day * ex.DAY
        state = ex.state() if near else ex.state(support=(60.0, 132.0))
        state.order[tanks] = day
        live = LiveFire(fight, state, log, Calendar(), ["s"], sustainment)
        target = int(ex.rows(ex.DESTROYER, "asw-1155")[0])  # stands for a target; taken from far
        effects = Effects(t, events=[Event(t=t, kind="live_fire_started", text="")])
        effects.bouts = Bouts(
            shooter=tanks, t=np.full(tanks.size, t), number=np.zeros(tanks.size, dtype=np.int64),
            lat=state.lat[tanks], lon=state.lon[tanks], alt=np.zeros(tanks.size),
            targets=np.array([tanks[0], target], dtype=np.int32), of=1, share=share,
            span_ms=15 * MINUTE,
        )  # fmt: skip
        live.plan(Order(day, "fire", tanks, serial=0), effects, [0])
        before = box.fired.sum()
        live.fire(t)
        assert box.fired.sum() > before or not box.on_hand[box.slot(tanks, 0)].any()
        agree()
        fight.reset(np.arange(fight.damage.size))
        sustainment.day(t + ex.DAY, state)
        agree()
    assert START > 0
