"""Bands of latitude: after any moves they hold whoever stands there, and nobody else."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from startex.engine.bands import BAND_DEG, Bands

ENTITIES = 12
KEPT = np.array([0, 1, 2, 5, 6, 9, 11], dtype=np.int32)

latitudes = st.one_of(
    st.floats(-90.0, 90.0), st.sampled_from([-90.0, 90.0, 43.1, 43.2, np.nan])
)  # fmt: skip
moves = st.lists(
    st.dictionaries(st.integers(0, ENTITIES - 1), latitudes, min_size=1, max_size=6), max_size=6
)


@given(moves, latitudes.filter(np.isfinite), st.floats(0.0, 3.0))
@example([{0: 43.1, 1: 43.2}, {0: 43.2}], 43.1, 0.1)
def test_whoever_stands_there_is_found_after_any_moves(steps, south, height) -> None:
    lat = np.full(ENTITIES, np.nan)
    lat[2] = lat[3] = south
    bands = Bands(KEPT, lat)
    north = min(south + height, 90.0)
    for step in [{}, *steps]:
        rows = np.array(list(step), dtype=np.int32)
        lat[rows] = list(step.values())
        bands.move(rows, lat[rows])
        found = bands.between(south, north)
        kept = lat[KEPT]
        assert set(KEPT[(kept >= south) & (kept <= north)]) <= set(found.tolist())
        assert (np.diff(found) > 0).all()  # ascending, each once
        assert set(found.tolist()) <= set(KEPT.tolist())
        assert (lat[found] >= south - BAND_DEG).all()
        assert (lat[found] <= north + BAND_DEG).all()


def test_a_row_named_twice_moves_once() -> None:
    lat = np.full(ENTITIES, 50.0)
    bands = Bands(KEPT, lat)
    bands.move(np.array([5, 5], np.int32), np.array([60.0, 60.0]))
    assert bands.between(60.0, 60.0).tolist() == [5]
    assert 5 not in bands.between(50.0, 50.0)
