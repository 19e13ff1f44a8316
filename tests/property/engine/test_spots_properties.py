"""Where platforms are at one instant is where their motion says they are."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from startex.engine.sensing.motion import motion
from startex.engine.sensing.spots import place, spots

ROWS = np.array([2, 5, 6, 9])
BEGIN, END = 1_000, 9_000

TIMES = st.lists(st.integers(0, 12_000), min_size=0, max_size=8, unique=True).map(sorted)
PLACES = st.floats(-60.0, 60.0)


@st.composite
def tracks(draw):
    """Legs and times aboard of some entities, none of them at once, and where they stand."""
    legs = {name: [] for name in ("entity", "t0", "t1", "lat0", "lon0", "alt0", "lat1", "lon1",
                                  "alt1")}  # fmt: skip
    rides = {"entity": [], "t0": [], "t1": []}
    for row in ROWS.tolist():
        times = draw(TIMES)
        for t0, t1 in zip(times[::2], times[1::2], strict=False):
            if draw(st.integers(0, 3)) == 0:
                for name, value in zip(rides, (row, t0, t1), strict=True):
                    rides[name].append(value)
                continue
            for name, value in zip(legs, (row, t0, t1, *(draw(PLACES) for _ in range(6))),
                                   strict=True):  # fmt: skip
                legs[name].append(value)
    shuffle = draw(st.randoms(use_true_random=False))
    order = list(range(len(legs["t0"])))
    shuffle.shuffle(order)
    whole = ("entity", "t0", "t1")
    return (
        {k: np.array(v, np.int64 if k in whole else np.float64)[order] for k, v in legs.items()},
        {k: np.array(v, np.int64) for k, v in rides.items()},
        tuple(np.array(draw(st.lists(PLACES, min_size=4, max_size=4))) for _ in range(3)),
    )


@given(tracks(), st.integers(BEGIN, END - 1))
def test_a_spot_is_where_the_motion_is(made, t: int) -> None:
    legs, rides, standing = made
    legs, rides = (
        {name: column[some["t1"] > t] for name, column in some.items()} for some in (legs, rides)
    )
    expected = motion(ROWS, t, END, legs, standing, rides).at(ROWS, np.full(ROWS.size, float(t)))
    found = spots(t, ROWS, legs, standing, rides)
    for one, other in zip(expected, (found.lat, found.lon, found.alt), strict=True):
        assert np.array_equal(one, other, equal_nan=True)


@given(tracks(), st.integers(BEGIN, END - 1))
def test_a_place_is_the_spot_of_one(made, t: int) -> None:
    legs, rides, standing = made
    count = int(ROWS[-1]) + 1
    state = SimpleNamespace(
        **{name: np.full(count, np.nan) for name in ("lat", "lon", "alt")},
        carrier=np.full(count, -1), aboard_ms=np.zeros(count, np.int64),
    )  # fmt: skip
    for column, values in zip((state.lat, state.lon, state.alt), standing, strict=True):
        column[ROWS] = values
    left = [{name: c[some["t1"] > t] for name, c in some.items()} for some in (legs, rides)]
    expected = spots(t, ROWS, left[0], standing, left[1])
    for number, row in enumerate(ROWS.tolist()):
        found = place(t, row, legs, rides, state)  # what is over may be among the rows
        wanted = expected.lat[number], expected.lon[number], expected.alt[number]
        assert np.array_equal(found, wanted, equal_nan=True)
