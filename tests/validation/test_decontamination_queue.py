"""The queue of a decontamination post against closed forms and exact results of M/D/c."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from startex.engine.systems.decontamination import serve
from startex.models import queues

SERVICE_MS = 300_000
SERVICE_S = SERVICE_MS / 1000.0


def _mean_wait_s(load: float, lanes: int, seed: int, customers: int = 60_000) -> float:
    rng = np.random.default_rng(seed)
    gaps = rng.exponential(SERVICE_MS / (load * lanes), customers)
    arrive = np.rint(np.cumsum(gaps)).astype(np.int64)
    begin, _ = serve(arrive, np.arange(customers, dtype=np.uint64), SERVICE_MS, lanes)
    return float((begin - arrive)[customers // 20 :].mean() / 1000.0)


def _exact_wait_s(load: float, lanes: int, most: int = 400) -> float:
    """Mean wait of M/D/c (Crommelin): the number in the system one service time later."""
    arrivals = poisson.pmf(np.arange(most), load * lanes)
    state = np.zeros(most)
    state[0] = 1.0
    for _ in range(5_000):
        left = np.zeros(most)
        left[0] = state[: lanes + 1].sum()
        left[1 : most - lanes] = state[lanes + 1 :]
        state = np.convolve(left, arrivals)[:most]
        state /= state.sum()
    length = float(np.arange(most) @ state)
    return (length - load * lanes) / (load * lanes / SERVICE_S)


@pytest.mark.parametrize("load", [0.5, 0.8])
def test_one_lane_waits_as_in_m_d_1(load) -> None:
    waits = np.array([_mean_wait_s(load, 1, seed) for seed in range(20)])
    expected = float(queues.md1(load / SERVICE_S, 1.0 / SERVICE_S).wait_s)
    error = waits.std(ddof=1) / np.sqrt(waits.size)
    assert abs(waits.mean() - expected) < 4.0 * error
    assert error < 0.02 * expected


@pytest.mark.parametrize(("lanes", "load"), [(2, 0.7), (3, 0.85), (4, 0.6)])
def test_several_lanes_wait_as_in_m_d_c(lanes, load) -> None:
    waits = np.array([_mean_wait_s(load, lanes, seed) for seed in range(20)])
    error = waits.std(ddof=1) / np.sqrt(waits.size)
    assert abs(waits.mean() - _exact_wait_s(load, lanes)) < 4.0 * error


def test_the_exact_result_is_that_of_one_lane_too() -> None:
    expected = float(queues.md1(0.8 / SERVICE_S, 1.0 / SERVICE_S).wait_s)
    assert _exact_wait_s(0.8, 1) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("lanes", [1, 2, 5])
def test_a_column_that_comes_at_once_waits_its_turn(lanes) -> None:
    number = np.arange(23)
    begin, lane = serve(np.zeros(23, np.int64), number.astype(np.uint64), SERVICE_MS, lanes)
    assert begin.tolist() == (number // lanes * SERVICE_MS).tolist()
    assert lane.tolist() == (number % lanes).tolist()


@pytest.mark.parametrize(("gap_ms", "lanes"), [(100_000, 3), (100_000, 2), (200_000, 1)])
def test_regular_arrivals_wait_never_or_longer_and_longer(gap_ms, lanes) -> None:
    number = np.arange(60)
    arrive = number.astype(np.int64) * gap_ms
    begin, _ = serve(arrive, number.astype(np.uint64), SERVICE_MS, lanes)
    behind = np.maximum(SERVICE_MS - lanes * gap_ms, 0)
    assert (begin - arrive).tolist() == (number // lanes * behind).tolist()


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.integers(0, 3_000_000), min_size=1, max_size=40),
    st.integers(1, 6),
    st.randoms(use_true_random=False),
)
def test_as_one_by_one_and_whatever_the_order_of_rows(times, lanes, random) -> None:
    arrive = np.array(times, dtype=np.int64)
    key = np.array(random.sample(range(10_000), len(times)), dtype=np.uint64)
    begin, _ = serve(arrive, key, SERVICE_MS, lanes)
    free = [0] * lanes
    for i in sorted(range(len(times)), key=lambda i: (times[i], int(key[i]))):
        first = min(range(lanes), key=lambda lane: free[lane])
        assert begin[i] == max(times[i], free[first])
        free[first] = int(begin[i]) + SERVICE_MS
    order = np.array(random.sample(range(len(times)), len(times)))
    again, _ = serve(arrive[order], key[order], SERVICE_MS, lanes)
    assert again.tolist() == begin[order].tolist()
