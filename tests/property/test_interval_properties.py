"""What holds of intervals, shares and pairs for any values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from startex.ensemble.shares import classes, regression, share
from startex.ensemble.sobol import sobol
from startex.ensemble.statistics import (
    centre_interval,
    difference_interval,
    half_width,
    mean_interval,
    paired_interval,
    quantile_interval,
)

numbers = st.lists(
    st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda x: round(x, 3)), min_size=2, max_size=40
)
yes_no = st.lists(st.sampled_from([0.0, 1.0]), min_size=2, max_size=60)


@given(numbers, st.floats(0.5, 0.99))
def test_an_interval_holds_its_estimate_and_widens_with_confidence(values, confidence) -> None:
    found = mean_interval(values, confidence)
    assert found.low <= found.value <= found.high
    assert mean_interval(values, (1 + confidence) / 2).half >= found.half


@given(numbers, st.randoms(use_true_random=False), st.sampled_from([0.05, 0.5, 0.95]))
def test_the_order_of_runs_makes_no_difference(values, random, p) -> None:
    other = list(values)
    random.shuffle(other)
    assert quantile_interval(values, p) == quantile_interval(other, p)
    assert half_width(values) == pytest.approx(half_width(other), rel=1e-9, abs=1e-9)


@given(numbers, st.sampled_from([0.05, 0.5, 0.95]))
def test_ends_of_a_quantile_are_values(values, p) -> None:
    found = quantile_interval(values, p)
    assert found.low in values or math.isinf(found.low)
    assert found.high in values or math.isinf(found.high)
    assert found.low <= found.value <= found.high


@given(yes_no)
def test_a_share_stays_within_0_and_1_and_is_never_certain(values) -> None:
    found = centre_interval(values)
    assert 0.0 <= found.low <= found.value <= found.high <= 1.0
    assert found.half > 0.0


@given(yes_no, yes_no)
def test_differences_of_shares_are_antisymmetric(a, b) -> None:
    one, two = difference_interval(a, b), difference_interval(b, a)
    assert (one.low, one.high) == pytest.approx((-two.high, -two.low), abs=1e-12)
    size = min(len(a), len(b))
    one, two = paired_interval(a[:size], b[:size]), paired_interval(b[:size], a[:size])
    assert (one.low, one.high) == pytest.approx((-two.high, -two.low), abs=1e-12)
    assert -1.0 <= one.low <= one.value <= one.high <= 1.0


@settings(max_examples=30)
@given(st.lists(st.integers(0, 3), min_size=6, max_size=40), st.integers(0, 2**32 - 1))
def test_shares_are_shares_whatever_the_scale(group, seed) -> None:
    values = np.random.default_rng(seed).normal(size=len(group))
    one = share(np.array(group), values)
    assert 0.0 <= one[1] <= one[0] <= one[2] <= 1.0
    assert share(np.array(group), 5.0 + 3.0 * values) == pytest.approx(one, abs=1e-9)


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_indices_do_not_depend_on_scale_and_a_regression_never_explains_more_than_all(seed) -> None:
    draws = np.random.default_rng(seed)
    a, b, ab = draws.normal(size=8), draws.normal(size=8), draws.normal(size=(2, 8))
    one, two = sobol(a, b, ab, resamples=50), sobol(2 * a + 7, 2 * b + 7, 2 * ab + 7, resamples=50)
    np.testing.assert_allclose(one.first, two.first, atol=1e-9)
    np.testing.assert_allclose(one.total_ends, two.total_ends, atol=1e-9)
    assert regression(ab, a)[1] <= 1.0


def test_many_numbers_are_cut_into_classes_of_like_size() -> None:
    from startex.ensemble.reading import Factor

    numbers = np.random.default_rng(1).lognormal(size=1000)
    factor = Factor("x", "", numbers, tuple(f"{x:g}" for x in numbers), {})
    sizes = np.bincount(classes(factor, np.arange(1000)))
    assert sizes.size == 10 and set(sizes) == {100}
