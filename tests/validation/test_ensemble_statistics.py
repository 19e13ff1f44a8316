"""Confidence intervals cover what they say, on samples whose truth is known.

Each figure is the share of some thousand samples whose interval holds the truth; it must lie
within three of its own standard errors of the confidence (or, of discrete values, of the exact
coverage), or the stated bound where a method is known to be only near it.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from startex.ensemble.statistics import (
    bootstrap_interval,
    centre_interval,
    difference_interval,
    mean_interval,
    paired_interval,
    proportion_interval,
    quantile_interval,
)

SAMPLES = 4000


def covered(make, truth: float, samples: int = SAMPLES) -> float:
    draws = np.random.default_rng(20)
    return sum(not make(draws).excludes(truth) for _ in range(samples)) / samples


def error(share: float, samples: int = SAMPLES) -> float:
    return 3.0 * math.sqrt(share * (1.0 - share) / samples)


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_student_covers_the_mean_of_normal_values(confidence) -> None:
    found = covered(lambda d: mean_interval(d.normal(5.0, 2.0, 12), confidence), 5.0)
    assert found == pytest.approx(confidence, abs=error(confidence))


@pytest.mark.parametrize(("size", "p"), [(20, 0.1), (40, 0.5), (100, 0.97)])
def test_wilson_covers_as_it_exactly_must(size, p) -> None:
    exact = sum(
        stats.binom.pmf(k, size, p)
        for k in range(size + 1)
        if not proportion_interval(k, size).excludes(p)
    )
    found = covered(lambda d: proportion_interval(int(d.binomial(size, p)), size), p)
    assert found == pytest.approx(exact, abs=error(exact))
    assert exact > 0.92


@pytest.mark.parametrize(("size", "p"), [(30, 0.5), (60, 0.9), (80, 0.05)])
def test_order_statistics_cover_a_quantile_of_any_distribution(size, p) -> None:
    truth = stats.lognorm.ppf(p, 1.0)
    found = covered(lambda d: quantile_interval(d.lognormal(0.0, 1.0, size), p), truth)
    assert found >= 0.95 - error(0.95)
    assert found <= 0.985


def test_bootstrap_covers_the_mean_of_skewed_values_better_than_student() -> None:
    """Exponential, n = 25: BCa is known to be a little short, on both sides alike."""
    samples = 1500
    found = covered(
        lambda d: bootstrap_interval(d.exponential(1.0, 25), resamples=599), 1.0, samples
    )
    assert 0.90 < found < 0.96

    def above(make) -> int:
        draws = np.random.default_rng(20)
        return sum(make(draws.exponential(1.0, 25)).high < 1.0 for _ in range(samples))

    assert above(lambda x: bootstrap_interval(x, resamples=599)) < above(mean_interval)


def test_paired_and_welch_cover_a_difference() -> None:
    def pair(d):
        common = d.normal(0.0, 3.0, 15)
        return paired_interval(common + d.normal(0, 1, 15), common + 1.0 + d.normal(0, 1, 15))

    assert covered(pair, 1.0) == pytest.approx(0.95, abs=error(0.95))

    def apart(d):
        return difference_interval(d.normal(0.0, 1.0, 10), d.normal(1.0, 4.0, 25))

    assert covered(apart, 1.0) == pytest.approx(0.95, abs=error(0.95) + 0.005)


def test_newcombe_covers_a_difference_of_proportions() -> None:
    def apart(d):
        return difference_interval(
            (d.random(40) < 0.3).astype(float), (d.random(60) < 0.55).astype(float)
        )

    assert 0.94 < covered(apart, 0.25) < 0.97

    def pair(d):
        u = d.random(50)
        return paired_interval((u < 0.9).astype(float), (u < 0.96).astype(float))

    assert 0.94 < covered(pair, 0.06) <= 1.0


def test_common_random_numbers_reduce_the_variance_as_they_must() -> None:
    """Common part of deviation 3, own parts of 1: variances 2 (9 + 1) and 2, so exactly tenfold.

    The ratio of two sample variances (n = 400) follows F; its 99.9 % range is allowed.
    """
    draws, n = np.random.default_rng(8), 400
    shared = draws.normal(0.0, 3.0, n)
    one, two = shared + draws.normal(0, 1, n), shared + 1.0 + draws.normal(0, 1, n)
    apart = draws.normal(0.0, 3.0, n) + 1.0 + draws.normal(0, 1, n)
    ratio = (difference_interval(one, apart).half / paired_interval(one, two).half) ** 2
    low, high = stats.f.ppf((0.0005, 0.9995), n - 1, n - 1)
    assert 10.0 * low < ratio < 10.0 * high


def test_common_random_numbers_reduce_the_variance_of_a_queue() -> None:
    """Two queues M/D/1 with the same arrivals, 200 customers a run, service 0.8 and 0.85.

    Lindley's recursion. Measured with 200 pairs: variance divided by 7.3, so that seven times
    fewer runs give an interval of the same width. No closed form is known for it; the bound says
    that the reduction is there.
    """

    def wait(service: float, seed: int) -> float:
        between = np.random.default_rng(seed).exponential(1.0, 200)
        waited = total = 0.0
        for gap in between:
            waited = max(0.0, waited + service - gap)
            total += waited
        return total / 200

    fast = np.array([wait(0.8, seed) for seed in range(200)])
    slow = np.array([wait(0.85, seed) for seed in range(200)])
    other = np.array([wait(0.85, seed) for seed in range(1000, 1200)])
    paired, apart = paired_interval(fast, slow), difference_interval(fast, other)
    assert (apart.half / paired.half) ** 2 > 5.0
    assert not apart.excludes(paired.value)


def test_stopping_on_the_half_width_costs_little_coverage() -> None:
    """Chow and Robbins 1965: near the confidence once there are some thirty runs at least."""

    def stopped(d):
        values = list(d.normal(10.0, 3.0, 30))
        while (found := centre_interval(values)).half > 0.8:
            values += list(d.normal(10.0, 3.0, 5))
        return found

    assert 0.925 < covered(stopped, 10.0, 2000) < 0.965
