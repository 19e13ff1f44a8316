"""When somebody enters a range, and where a chaser meets: against motion stepped by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from startex.engine.closing import enters_s, meets_s

METRES = st.floats(-50_000.0, 50_000.0)
SPEED = st.floats(-300.0, 300.0)


@given(st.tuples(METRES, METRES), st.tuples(SPEED, SPEED), st.floats(100.0, 40_000.0))
def test_a_range_is_entered_when_the_distance_first_equals_it(apart, past, reach) -> None:
    apart, past = np.array([apart]), np.array([past])
    s = float(enters_s(apart, past, np.array([reach]))[0])
    times = np.linspace(0.0, min(s, 2_000.0) if np.isfinite(s) else 2_000.0, 400)[:-1]
    away = np.hypot(*(apart[0][:, None] + past[0][:, None] * times))
    if s == 0.0:
        assert np.hypot(*apart[0]) <= reach
    else:
        assert (away > reach - 1e-3).all()
    if 0.0 < s < 1e6:
        assert np.hypot(*(apart[0] + past[0] * s)) == pytest.approx(reach, rel=1e-6, abs=1e-3)


@given(
    st.tuples(METRES, METRES),
    st.tuples(st.floats(-12.0, 12.0), st.floats(-12.0, 12.0)),
    st.floats(1.0, 20.0),
)
def test_a_chaser_meets_its_target_at_its_own_speed_and_never_sooner(apart, target, speed) -> None:
    apart, target = np.array([apart]), np.array(target)
    s = float(meets_s(apart, target, np.array([speed]))[0])
    pace = float(np.hypot(*target))
    if not np.isfinite(s):
        assert pace >= speed * (1.0 - 1e-6)  # nobody outruns a faster ship
        return
    gone = float(np.hypot(*(apart[0] + target * s)))
    assert gone == pytest.approx(speed * s, rel=1e-5, abs=1e-2)
    if s < 1e6:
        sooner = np.linspace(0.0, s, 200)[:-1]
        away = np.hypot(*(apart[0][:, None] + target[:, None] * sooner))
        assert (away >= speed * sooner - 1e-2 - 1e-5 * gone).all()


def test_who_stands_over_the_target_is_there() -> None:
    assert meets_s(np.zeros((1, 2)), np.array([3.0, 4.0]), np.array([5.0]))[0] == 0.0
    assert enters_s(np.zeros((1, 2)), np.zeros((1, 2)), np.array([1.0]))[0] == 0.0


def test_as_fast_as_the_target_meets_it_head_on_only() -> None:
    ahead = meets_s(np.array([[1000.0, 0.0]]), np.array([-5.0, 0.0]), np.array([5.0]))[0]
    astern = meets_s(np.array([[1000.0, 0.0]]), np.array([5.0, 0.0]), np.array([5.0]))[0]
    assert ahead == pytest.approx(100.0)
    assert np.isinf(astern)
