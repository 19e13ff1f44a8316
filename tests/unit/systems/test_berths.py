"""Berths and parking places: found among what stands near, as among everything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from small_world import Small, build, copy_state

from startex.engine.bands import bands_of
from startex.engine.systems.berths import (
    ANCHORAGE_SPACING_M,
    PARKING_SPACING_M,
    free_slots,
    parking,
    slots,
    water_slots,
)
from startex.forces.definitions import KINDS

SMALL = build(aircraft=12, ships=12)
NAVY, AIR = SMALL.of("navy"), SMALL.of("air")


def scattered(seed: int, lat: float, lon: float, spread_deg: float) -> Small:
    """The small world with ships and aircraft all about a point, a few aboard or nowhere."""
    draws = np.random.default_rng(seed)
    state = copy_state(SMALL.state)
    rows = np.concatenate([NAVY, AIR])
    state.lat[rows] = np.clip(lat + draws.uniform(-1.0, 1.0, rows.size) * spread_deg, -90.0, 90.0)
    state.lon[rows] = lon + draws.uniform(-1.0, 1.0, rows.size) * spread_deg
    state.carrier[AIR[-2:]] = NAVY[-2:]
    state.lat[NAVY[3]] = state.lon[NAVY[3]] = np.nan
    return replace(SMALL, state=state)


def in_the_way(small: Small, rows, kind, lat, lon, spacing_m) -> np.ndarray:
    """Compare every slot with every platform, one pair at a time."""
    force, state = small.world.force, small.state
    hit = np.zeros(lat.size, dtype=bool)
    for row in range(force.kind.size):
        away_north = abs(state.lat[row] - lat[0])
        if (
            force.kind[row] != KINDS.index(kind)
            or row in rows
            or state.carrier[row] >= 0
            or not away_north < 1.0
        ):
            continue
        for i in range(lat.size):
            north = (lat[i] - state.lat[row]) * 111_000.0
            east = (lon[i] - state.lon[row]) * 111_000.0 * np.cos(np.radians(lat[0]))
            hit[i] |= np.hypot(north, east) < spacing_m
    return hit


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.floats(-89.0, 89.0),
    st.floats(1e-3, 2.0),
    st.sampled_from(["ship", "aircraft"]),
    st.floats(50.0, 3_000.0),
)
@example(3, 42.5, 0.005, "ship", 400.0)
@example(3, 42.7, 0.005, "aircraft", 80.0)
def test_free_slots_are_those_that_a_look_at_everybody_finds(
    seed, lat, spread, kind, spacing_m
) -> None:
    small = scattered(seed, lat, 132.0, spread)
    rows = (NAVY if kind == "ship" else AIR)[:2]
    at = slots(40, lat, 132.0, spacing_m)
    expected = ~in_the_way(small, rows, kind, *at, spacing_m)
    for bands in (None, bands_of(small.world.force, small.state.lat)):
        small.state.bands = bands
        found = free_slots(small.world, small.state, rows, kind, at, spacing_m)
        assert found.tolist() == expected.tolist()


def test_some_slots_are_taken_and_some_are_free() -> None:
    """So that the comparison above is one of more than empty seas."""
    small = scattered(3, 42.5, 132.0, 0.005)
    taken = in_the_way(small, NAVY[:2], "ship", *slots(40, 42.5, 132.0, 400.0), 400.0)
    assert 0 < taken.sum() < taken.size


@pytest.mark.parametrize("spread", [0.005, 0.05, 1.0])
def test_berths_and_parking_are_the_same_with_and_without_bands(spread: float) -> None:
    for seed in range(5):
        small = scattered(seed, 42.4, 132.4, spread)
        world, state = small.world, small.state
        answers = []
        for bands in (None, bands_of(world.force, state.lat)):
            state.bands = bands
            berth = water_slots(world, state, NAVY[:3], 42.4, 132.4, ANCHORAGE_SPACING_M)
            stand = parking(world, state, AIR[:3], 42.4, 132.4)
            answers.append(np.concatenate([*berth, *stand]))
        assert np.array_equal(*answers)
        clear = ~in_the_way(
            small, AIR[:3], "aircraft", answers[0][6:9], answers[0][9:], 0.7 * PARKING_SPACING_M
        )
        assert clear.all()
