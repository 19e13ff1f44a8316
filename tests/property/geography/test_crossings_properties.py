"""The quick crossing of a limit agrees with the exact one."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from startex.geography.crossings import Pair, nearly_within, within
from startex.geography.geodesy import direct, inverse
from startex.geography.pieces import Pieces

HOUR = 3_600_000


def _piece(lat, lon, azimuth, length_m) -> Pieces:
    end_lat, end_lon = direct(lat, lon, azimuth, length_m)
    columns = (0, 0, HOUR, lat, lon, float(end_lat), float(end_lon))
    kinds = (np.int64,) * 3 + (np.float64,) * 4
    return Pieces(*(np.array([value], kind) for value, kind in zip(columns, kinds, strict=True)))


@settings(max_examples=200, deadline=None)
@given(
    st.floats(-60.0, 60.0), st.floats(0.0, 360.0), st.floats(0.0, 30e3), st.floats(0.0, 360.0),
    st.floats(0.0, 12e3), st.floats(0.0, 360.0), st.floats(0.0, 12e3), st.floats(1e3, 40e3),
)  # fmt: skip
def test_the_quick_way_meets_the_limit_to_some_metres(
    lat, bearing, apart, course, length, other_course, other_length, limit
) -> None:
    other = direct(lat, 140.0, bearing, apart)
    pair = Pair(
        _piece(lat, 140.0, course, length),
        _piece(float(other[0]), float(other[1]), other_course, other_length),
    )
    begin, end = np.array([0]), np.array([HOUR])
    exact = within(pair, begin, end, limit)
    quick = nearly_within(pair, begin, end, np.array([limit]))
    for times in zip(*quick[1:], strict=True):
        for t in times:
            distance = float(pair.length(np.zeros(1, np.int64), np.array([float(t)]))[0])
            assert distance <= limit + 60.0
            if 0 < t < HOUR:
                assert abs(distance - limit) < 60.0 or t in (0, HOUR)
    spent = [sum(int(b - a) for a, b in zip(*found[1:], strict=True)) for found in (exact, quick)]
    closest = abs(float(inverse(lat, 140.0, *map(float, other))[1]) - limit)
    relative = (length + other_length) / HOUR
    # where the two barely touch the limit, some metres are a long time
    if closest > 1e3 and relative > 1e-3 and bool(exact[0].size) == bool(quick[0].size):
        assert abs(spent[0] - spent[1]) <= HOUR
