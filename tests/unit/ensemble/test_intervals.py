from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from startex.ensemble.statistics import (
    bootstrap_interval,
    centre_interval,
    defined,
    difference_interval,
    half_width,
    mean_interval,
    paired_interval,
    proportion_interval,
    quantile_interval,
)

VALUES = np.random.default_rng(3).lognormal(0.0, 0.8, 57)


def test_a_mean_has_the_interval_of_the_library() -> None:
    found = mean_interval(VALUES, 0.9)
    wanted = stats.ttest_1samp(VALUES, 0.0).confidence_interval(0.9)
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high))
    assert found.value == pytest.approx(VALUES.mean())


@pytest.mark.parametrize("p", [0.05, 0.25, 0.5, 0.9])
@pytest.mark.parametrize("size", [5, 20, 57])
def test_a_quantile_has_the_interval_of_the_library(p, size) -> None:
    found = quantile_interval(VALUES[:size], p)
    wanted = stats.quantile_test(VALUES[:size], p=p).confidence_interval(0.95)
    low = -math.inf if math.isnan(wanted.low) else wanted.low
    high = math.inf if math.isnan(wanted.high) else wanted.high
    assert (found.low, found.high) == (low, high)


def test_wilson_as_published() -> None:
    """Newcombe 1998, table I: 81 of 263 has 0.2553 to 0.3662, 0 of 20 has 0 to 0.1611."""
    found = proportion_interval(81, 263)
    assert (found.low, found.high) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    found = proportion_interval(0, 20)
    assert (found.low, found.high) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_newcombe_as_published() -> None:
    """Newcombe 1998, table II: 56/70 less 48/80, method 10 (hybrid score): 0.0524 to 0.3339."""
    a, b = np.repeat([1.0, 0.0], [48, 32]), np.repeat([1.0, 0.0], [56, 14])
    found = difference_interval(a, b)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_paired_newcombe_stays_open_where_all_pairs_agree() -> None:
    same = np.repeat([1.0, 0.0], [30, 20])
    found = paired_interval(same, same)
    assert found.value == 0.0
    assert found.low < 0.0 < found.high
    assert found.half < difference_interval(same, same).half


def test_welch_as_the_library_has_it() -> None:
    other = VALUES[:21] * 2.0
    found = difference_interval(VALUES, other)
    wanted = stats.ttest_ind(other, VALUES, equal_var=False).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high))


def test_a_bootstrap_is_the_same_every_time() -> None:
    one, two = bootstrap_interval(VALUES), bootstrap_interval(VALUES)
    assert one == two
    assert bootstrap_interval(VALUES, seed=1) != one
    assert one.low < VALUES.mean() < one.high
    assert one.high - one.value > one.value - one.low  # leans with the skew
    assert bootstrap_interval([2.0, 2.0]).half == 0.0


def test_half_width_is_that_of_the_interval_it_stops_on() -> None:
    assert half_width(VALUES) == pytest.approx(mean_interval(VALUES).half)
    assert half_width([1.0] * 20) == pytest.approx(proportion_interval(20, 20).half)
    assert half_width([1.0] * 20) > 0.05
    assert half_width([3.5]) == math.inf
    assert half_width([*VALUES, math.nan]) == half_width(VALUES)


def test_undefined_values_are_counted() -> None:
    there, lost = defined([1.0, math.nan, 2.0, math.inf])
    assert there.tolist() == [1.0, 2.0]
    assert lost == 2


def test_too_few_values_bound_nothing() -> None:
    assert mean_interval([]).high == math.inf
    assert mean_interval([1.0]).low == -math.inf
    assert quantile_interval([1.0, 2.0], 0.5).high == math.inf
    assert centre_interval([0.0, 1.0]).method == "Wilson"
    assert centre_interval([0.0, 1.0, 2.0]).method == "t"
