from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from startex.engine.effects import Event, Legs
from startex.engine.log import OPEN, Log, cut_legs
from startex.engine.state import State


def _legs(entity, t0, t1, lat0=44.0, lat1=44.1) -> Legs:
    n = len(entity)
    return Legs(
        np.array(entity, np.int32), np.array(t0, np.int64), np.array(t1, np.int64),
        np.full(n, lat0), np.full(n, 131.0), np.zeros(n),
        np.full(n, lat1), np.full(n, 131.0), np.zeros(n), np.zeros(n, np.int8),
    )  # fmt: skip


def _columns(legs: Legs):
    return {name: getattr(legs, name) for name in Legs.__dataclass_fields__}


def _state(carrier, slot, since) -> State:
    n = len(carrier)
    return State(
        np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n, np.int64),
        np.array(carrier, np.int32), np.array(slot, np.int32), np.array(since, np.int64),
        np.zeros(n, np.int8), np.zeros(n, np.int32), np.zeros(n, np.int32),
    )  # fmt: skip


def test_a_leg_is_cut_where_it_is_at_that_instant() -> None:
    cut = cut_legs(_columns(_legs([1, 1, 1], [0, 100, 200], [100, 200, 300])), 150)
    assert cut["t1"].tolist() == [100, 150]
    assert cut["lat1"].tolist() == [44.1, 44.05]


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(1, 50)), min_size=1), st.integers(1, 149))
def test_cutting_in_two_steps_loses_and_invents_nothing(spans, first) -> None:
    """Flushing at any instant and again at the end hands over each row once."""
    log = Log()
    log.add_legs(_legs([e for e, _ in spans], [e for e, _ in spans], [e + d for e, d in spans]))
    early, _ = log.flush(first)
    late, _ = log.flush(1000)
    t1 = np.concatenate([t["legs"]["t1"] for t in (early, late) if "legs" in t])
    assert sorted(t1) == sorted(e + d for e, d in spans)
    if "legs" in early:
        assert (early["legs"]["t1"] <= first).all()


def test_what_is_aboard_at_the_end_gets_an_open_row() -> None:
    log = Log()
    state = _state([-1, 0, 0], [-1, 3, 4], [0, 10, 500])
    # row 1 left carrier 2 at 10; row 2 will leave carrier 1 at 500, after the end
    log.add_carriers({
        "entity": np.array([1, 2], np.int32), "carrier": np.array([2, 1], np.int32),
        "slot": np.array([0, 0], np.int32), "t0": np.array([0, 0], np.int64),
        "t1": np.array([10, 500], np.int64),
    })  # fmt: skip
    log.close(100, state)
    rows, _ = log.flush(np.iinfo(np.int64).max)
    got = list(zip(*(rows["carriers"][k].tolist() for k in ("entity", "carrier", "t0", "t1")),
                   strict=True))  # fmt: skip
    assert sorted(got) == [(1, 0, 10, OPEN), (1, 2, 0, 10), (2, 1, 0, OPEN)]


def test_events_come_in_time_order_with_their_ids() -> None:
    log = Log()
    assert log.add_event(Event(50, "b", "later")) == 0
    assert log.add_event(Event(20, "a", "sooner")) == 1
    _, events = log.flush(60)
    assert [(number, event.kind) for number, event in events] == [(1, "a"), (0, "b")]
    assert log.flush(1000)[1] == []


QUESTIONS = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(0, 40), st.lists(st.integers(0, 7), max_size=7, unique=True)
    ),
    max_size=12,
)


@given(QUESTIONS)
def test_what_is_over_may_be_dropped_but_nothing_else(questions) -> None:
    """Whatever is added, cut short or handed over meanwhile, and whoever is asked for when."""
    minute = 60_000
    log, now = Log(), 0
    for what, step, rows in questions:
        now += step * minute
        if what == 0:
            times = [now + 5 * minute * n for n in range(4)]
            log.add_legs(_legs([1, 2, 5, 7], times, [t + 30 * minute for t in times]))
        elif what == 1 and rows:
            log.stop_legs(np.array(rows, np.int32), now)
        elif what == 2:
            log.flush(now - 20 * minute)
        kept = [_columns(_legs([], [], [])), *log._legs]
        whole = {name: np.concatenate([part[name] for part in kept]) for name in kept[0]}
        for asked in (None, np.array(sorted(rows), np.int64)):
            mine = whole["t1"] > now
            mine &= True if asked is None else np.isin(whole["entity"], asked)
            found = log.legs_after(now, asked)
            for name, column in whole.items():
                assert np.array_equal(found[name], column[mine]), name
        assert log.moving(now, rows) == set(found["entity"].tolist())
        assert (
            len(log.legs_after(now - 45 * minute)["t1"]) == (whole["t1"] > now - 45 * minute).sum()
        )  # of before what is dropped, from all rows
