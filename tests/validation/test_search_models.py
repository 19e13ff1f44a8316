"""Search, effort, barriers and screens against closed forms and Monte Carlo."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from startex.models import barrier, effort, screen, search

# Search


def test_sweep_widths():
    def integral(curve, *rest, **limits):
        return search.sweep_width_m(lambda x: float(curve(x, *rest)), **limits)

    assert integral(search.inverse_cube_curve, 5000.0) == pytest.approx(5000.0, rel=1e-6)
    assert integral(search.definite_range_curve, 700.0, reach_m=700.0) == pytest.approx(1400.0)
    assert search.sweep_width_m(lambda x: 0.0) == 0.0
    offset = np.linspace(-9e4, 9e4, 20001)
    curves = search.gaussian_curve(offset, np.array([[0.9], [0.4]]), 3000.0)
    width = search.sampled_sweep_width_m(offset, curves)
    np.testing.assert_allclose(width, np.sqrt(2 * np.pi) * 3000 * np.array([0.9, 0.4]))
    assert search.inverse_cube_curve(0.0, [0.0, 5.0]).tolist() == [0.0, 1.0]


def test_inverse_cube_width_from_the_rate_of_detection():
    """Detection at a rate k h / r^3 along a straight pass, integrated, gives the curve."""
    from scipy.integrate import quad

    constant, height, speed, offset = 40.0, 300.0, 60.0, 900.0
    width = search.inverse_cube_sweep_width_m(constant, height, speed)
    rate, _ = quad(lambda t: constant * height / np.hypot(offset, speed * t) ** 3, -np.inf, np.inf)
    assert search.inverse_cube_curve(offset, width) == pytest.approx(1 - np.exp(-rate), rel=1e-7)


@pytest.mark.parametrize("spacing", [0.5, 1.0, 2.0])
def test_parallel_sweeps_of_any_curve(spacing):
    """The sum over passes gives the closed forms of the inverse cube and of definite range."""
    width = 1.0
    cube = search.parallel_sweep_probability(
        lambda x: search.inverse_cube_curve(x, width), spacing, reach_m=200.0
    )
    cover = search.parallel_sweep_coverage(width, spacing)
    assert cube == pytest.approx(float(search.inverse_cube_probability(cover)), abs=2e-3)
    sure = search.parallel_sweep_probability(
        lambda x: search.definite_range_curve(x, width / 2), spacing, reach_m=2.0
    )
    assert sure == pytest.approx(float(search.definite_range_probability(cover)), abs=2e-3)
    assert sure >= cube >= search.random_search_probability(cover)


@given(st.floats(0, 0.999))
def test_coverage_for_a_probability(wanted):
    for needed, given_ in (
        (search.coverage_for_random_search, search.random_search_probability),
        (search.coverage_for_inverse_cube, search.inverse_cube_probability),
    ):
        assert given_(needed(wanted)) == pytest.approx(wanted, abs=1e-12)


@given(st.floats(0, 50), st.floats(0.1, 50))
def test_mean_relative_speed_over_all_courses(target, searcher):
    course = (np.arange(4000) + 0.5) * np.pi / 4000
    mean = np.hypot(searcher + target * np.cos(course), target * np.sin(course)).mean()
    assert search.mean_relative_speed_m_s(target, searcher) == pytest.approx(mean, rel=1e-5)
    assert search.dynamic_enhancement(target, searcher) >= 1 - 1e-12
    swapped = search.mean_relative_speed_m_s(searcher, target)
    assert swapped == pytest.approx(float(search.mean_relative_speed_m_s(target, searcher)))


def test_random_search_played():
    """Short random legs over a square with a cookie cutter: the exponential law."""
    rng, side, radius, trials = np.random.default_rng(2), 100.0, 1.0, 4000
    legs, step = 300, 10.0
    target = rng.uniform(0, side, (trials, 2))
    found = np.zeros(trials, bool)
    for _ in range(legs):  # a leg of its own somewhere on the torus each time
        start = rng.uniform(0, side, (trials, 2))
        course = rng.uniform(0, 2 * np.pi, trials)
        gap = (target - start + side / 2) % side - side / 2
        along = np.clip(gap[:, 0] * np.cos(course) + gap[:, 1] * np.sin(course), 0, step)
        miss = np.hypot(gap[:, 0] - along * np.cos(course), gap[:, 1] - along * np.sin(course))
        found |= miss <= radius
    swept = 2 * radius * step + np.pi * radius**2  # the leg with its round ends
    wanted = search.random_search_probability(legs * swept / side**2)
    assert abs(found.mean() - wanted) < 5 * np.sqrt(wanted * (1 - wanted) / trials)


def test_datum_search_by_the_growing_circle():
    from scipy.integrate import quad

    width, speed, fleeing, late, time = 9000.0, 60.0, 4.0, 7200.0, 14400.0
    rate, _ = quad(lambda t: width * speed / (np.pi * (fleeing * t) ** 2), late, late + time)
    found = search.datum_probability(width, speed, fleeing, late, time)
    assert found == pytest.approx(1 - np.exp(-rate))
    assert search.datum_probability(width, speed, fleeing, late, 0.0) == 0.0
    assert search.datum_probability(width, speed, fleeing, late, 1e15) == pytest.approx(
        float(search.datum_probability(width, speed, fleeing, late))
    )


# Effort


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=7),
    st.lists(st.floats(0.2, 5), min_size=7, max_size=7),
    st.floats(0, 20),
)
def test_optimal_allocation_meets_its_conditions(weights, worth, total):
    """All effort is spent; where it goes a further unit finds the same, elsewhere no more."""
    prior = np.array(weights) / max(sum(weights), 1.0)
    worth = np.array(worth[: prior.size])
    plan = effort.optimal_allocation(prior, total, worth)
    assert (plan.effort >= 0).all()
    if (prior > 0).any():
        assert plan.effort.sum() == pytest.approx(total, abs=1e-9)
    marginal = prior * worth * np.exp(-plan.coverage)
    used = plan.effort > 1e-9
    if used.any():
        np.testing.assert_allclose(marginal[used], marginal[used].max(), rtol=1e-6)
        assert (marginal[~used] <= marginal[used].max() * (1 + 1e-6)).all()
    found = effort.detection_probability(prior, plan.effort, worth)
    assert plan.probability == pytest.approx(found, abs=1e-12)
    even = effort.detection_probability(prior, np.full(prior.size, total / prior.size), worth)
    assert found >= even - 1e-12


def test_allocation_over_arrays_and_edges():
    prior = np.array([[0.7, 0.3], [0.5, 0.5], [1.0, 0.0]])
    plan = effort.optimal_allocation(prior, [1.2, 3.0, 2.0])
    assert plan.coverage.shape == (3, 2) and plan.probability.shape == (3,)
    np.testing.assert_allclose(plan.coverage.sum(1), [1.2, 3.0, 2.0])
    np.testing.assert_allclose(plan.coverage[1:], [[1.5, 1.5], [2.0, 0.0]])
    assert effort.optimal_allocation([0.7, 0.3], [0.0, 1.2]).coverage.shape == (2, 2)
    nothing = effort.optimal_allocation([0.0, 0.0], 3.0)
    assert nothing.probability == 0 and (nothing.effort == 0).all()
    assert effort.optimal_allocation([1e-300, 1e-300], 2.0).effort.tolist() == [1.0, 1.0]
    smallest = effort.optimal_allocation([0.0, 5e-324], 1.0, [1.0, 0.5])
    assert smallest.effort.tolist() == pytest.approx([0.0, 1.0])


def test_posterior_moves_to_where_nobody_looked():
    prior = np.array([0.6, 0.3])  # and 0.1 elsewhere
    after = effort.posterior(prior, [2.0, 0.0])
    missed = 0.6 * np.exp(-2.0) + 0.3 + 0.1
    np.testing.assert_allclose(after, [0.6 * np.exp(-2.0) / missed, 0.3 / missed])
    # searching in two days by the plan is as good as in one: the plan is greedy
    prior = np.array([0.5, 0.3, 0.2])
    first = effort.optimal_allocation(prior, 0.8)
    second = effort.optimal_allocation(effort.posterior(prior, first.effort), 1.5)
    both = 1 - (1 - first.probability) * (1 - second.probability)
    assert both == pytest.approx(effort.optimal_allocation(prior, 2.3).probability)


def test_normal_datum_by_many_cells():
    deviation, swept = 3000.0, 4e8
    edge = np.linspace(-6, 6, 241) * deviation
    mass = np.diff(0.5 * (1 + np.vectorize(__import__("math").erf)(edge / deviation / 2**0.5)))
    prior = np.outer(mass, mass).ravel()
    cell = (edge[1] - edge[0]) ** 2
    plan = effort.optimal_allocation(prior, swept, 1 / cell)
    found = effort.circular_normal_probability(swept, deviation)
    assert plan.probability == pytest.approx(found, abs=1e-3)
    area = np.count_nonzero(plan.effort) * cell
    radius = effort.circular_normal_radius_m(swept, deviation)
    assert area == pytest.approx(np.pi * radius**2, rel=0.02)


# Barriers and screens


def test_barrier_played():
    """Crossers at random places and phases against a patrol to and fro, seen from the crossers."""
    length, radius, patrol, crosser = 60.0, 5.0, 20.0, 10.0
    rng, trials = np.random.default_rng(4), 5000
    place = rng.uniform(-length / 2, length / 2, trials)
    phase = rng.uniform(0, 2 * length / patrol, trials)
    time = np.linspace(-2 * radius / crosser, 2 * radius / crosser, 201)
    clock = (time[None, :] + phase[:, None]) % (2 * length / patrol)
    along = np.abs(clock * patrol - length) - length / 2
    near = np.hypot(along - place[:, None], crosser * time[None, :]).min(1) <= radius
    wanted = barrier.back_and_forth_probability(length, radius, patrol, crosser)
    # the turns at the ends, which the closed form leaves out, cost a few hundredths
    assert abs(near.mean() - wanted) < 0.03


@given(st.floats(1, 500), st.floats(0, 300), st.floats(0, 40), st.floats(0.1, 40))
def test_barriers_in_order(length, radius, patrol, crosser):
    line = (length, radius, patrol, crosser)
    best, once = (
        barrier.back_and_forth_probability(*line),
        barrier.random_barrier_probability(*line),
    )
    assert 0 <= once <= best + 1e-12 and best <= barrier.first_order_probability(*line) + 1e-12
    assert best <= 1
    if barrier.swept_share(*line) >= 1:
        assert best == 1
    if 0 < crosser < patrol:
        found = barrier.crossover(length, 2 * radius, patrol, crosser)
        ratio, width = patrol / crosser, 2 * radius
        if width < length:
            closed = width / (length - width) * ratio * np.sqrt((ratio - 1) / (ratio + 1))
            assert found.probability == pytest.approx(min(1, closed), rel=1e-6)
        else:
            assert found.probability == 1


def test_patrols_needed():
    number = barrier.patrols_for_probability([0.0, 0.9, 0.9, 0.75], [0.5, 0.338, 1.0, 0.5])
    assert number.tolist() == [0.0, 6.0, 1.0, 2.0]


@given(
    st.floats(-3e4, 3e4), st.floats(-3e4, 3e4), st.floats(0.5, 12), st.floats(0.5, 12),
    st.floats(0, 3000),
)  # fmt: skip
@example(-25050.0, 1.0, 1.25, 1.125, 0.0)
def test_who_can_approach_reaches_the_circle(ahead, abeam, attacker, convoy, radius):
    """Against the least time at which the circle of places reached meets the danger circle."""
    time = np.arange(0.0, 1e6)  # the slowest gain on a convoy takes that long to close 42 km
    gap = np.hypot(ahead - convoy * time, abeam) - attacker * time - radius
    slack = min(abs(gap.min()), 1e9)
    reached = gap.min() <= 0
    if slack > 50.0 and abs(attacker - convoy) > 0.05:  # not on the line itself
        assert screen.can_approach(ahead, abeam, attacker, convoy, radius) == reached


def test_fronts_and_leads():
    assert screen.limiting_angle_deg([14.0, 15.0, 0.0], 14.0).tolist() == [90.0, 180.0, 0.0]
    assert screen.limiting_angle_deg(5.0, 0.0) == 180.0
    angle = np.radians(screen.limiting_angle_deg(8.0, 14.0))
    assert screen.screen_front_m(1e4, 8.0, 14.0) == pytest.approx(2e4 * 8 / 14)
    assert screen.screen_arc_m(1e4, 8.0, 14.0) == pytest.approx(2e4 * angle)
    apex = screen.apex_astern_m(3000.0, 8.0, 14.0)
    # the front ahead is that of the lines from their apex
    assert screen.front_ahead_m(8000.0, 3000.0, 8.0, 14.0) == pytest.approx(
        2 * (8000.0 + apex) * np.tan(angle)
    )
    assert screen.escorts_abreast([0.0, 9000.0, 9001.0], 3000.0).tolist() == [0.0, 3.0, 4.0]
    assert screen.lead_angle_deg(30.0, 7.0, 14.0) == pytest.approx(90.0)
    lead = np.radians(screen.lead_angle_deg([0.0, 20.0, 150.0], 16.0, 14.0))
    across = 16.0 * np.sin(lead) - 14.0 * np.sin(np.radians([0.0, 20.0, 150.0]))
    np.testing.assert_allclose(across, 0.0, atol=1e-12)
