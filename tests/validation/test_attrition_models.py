"""Lanchester laws against integration, identities, closed forms and simulated fights."""

from __future__ import annotations

from math import factorial

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from startex.models import (
    areafire,
    lanchester,
    lanchester_helmbold,
    lanchester_heterogeneous,
    lanchester_linear,
    lanchester_logarithmic,
    lanchester_mixed,
    lanchester_reinforced,
    lanchester_stochastic,
)
from startex.models.lanchester_stochastic import Law

LAWS = {
    "square": (
        lanchester.square_strengths,
        lanchester.square_outcome,
        lambda x, y, a, b: (-a * y, -b * x),
        (1.0, 1.0),
    ),
    "linear": (
        lanchester_linear.linear_strengths,
        lanchester_linear.linear_outcome,
        lambda x, y, a, b: (-a * x * y, -b * x * y),
        (0.01, 0.01),
    ),
    "logarithmic": (
        lanchester_logarithmic.logarithmic_strengths,
        lanchester_logarithmic.logarithmic_outcome,
        lambda x, y, a, b: (-a * x, -b * y),
        (1.0, 1.0),
    ),
    "mixed": (
        lanchester_mixed.mixed_strengths,
        lanchester_mixed.mixed_outcome,
        lambda x, y, a, b: (-a * x * y, -b * x),
        (0.01, 1.0),
    ),
    "helmbold": (
        lambda x0, y0, a, b, *rest: lanchester_helmbold.helmbold_strengths(
            x0, y0, a, b, 0.7, *rest
        ),
        lambda x0, y0, a, b, *rest: lanchester_helmbold.helmbold_outcome(x0, y0, a, b, 0.7, *rest),
        lambda x, y, a, b: (-a * (x / y) ** 0.3 * y, -b * (y / x) ** 0.3 * x),
        (1.0, 1.0),
    ),
}
"""Trajectory, outcome, right-hand side, scale of the coefficients."""


def fights(seed, number=2000):
    """Strengths, coefficients and break points over some decades; some break points are 0."""
    rng = np.random.default_rng(seed)
    x0, y0 = 10 ** rng.uniform(-0.3, 2.7, (2, number))
    a, b = 10 ** rng.uniform(-3, 0, (2, number))
    breaks = rng.uniform(0.05, 0.95, (2, number)) * (rng.random((2, number)) < 0.6)
    return x0, y0, a, b, breaks[0] * x0, breaks[1] * y0


@pytest.mark.parametrize("law", sorted(LAWS))
def test_solution_is_that_of_the_differential_equation(law):
    """Against a Runge-Kutta integration to the first break point; winner, time, strengths."""
    strengths, outcome, slope, scale = LAWS[law]
    rng = np.random.default_rng(7)
    winners = set()
    for _ in range(8):
        start = rng.uniform(10, 100, 2)
        a, b = rng.uniform(0.01, 0.1, 2) * scale
        breaks = rng.uniform(0.05, 0.6, 2) * start
        events = [lambda _, z, k=k, level=level: z[k] - level for k, level in enumerate(breaks)]
        for event in events:
            event.terminal = True
        run = solve_ivp(
            lambda _, z, a=a, b=b: slope(*z, a, b),
            (0, 1e4), start, method="DOP853", events=events, rtol=1e-10, atol=1e-10,
            dense_output=True,
        )  # fmt: skip
        end = outcome(*start, a, b, *breaks)
        assert run.status == 1
        assert end.winner == (-1 if run.t_events[0].size else 1)
        winners.add(int(end.winner))
        assert end.duration_s == pytest.approx(run.t[-1], rel=1e-7)
        assert (end.x, end.y) == pytest.approx(run.y[:, -1], abs=1e-5)
        times = run.t[-1] * np.array([0.0, 0.2, 0.5, 0.9])
        now = strengths(*start, a, b, times, *breaks)
        np.testing.assert_allclose([now.x, now.y], run.sol(times), atol=1e-5)
        later = strengths(*start, a, b, run.t[-1] * 2, *breaks)
        assert (later.x, later.y) == (end.x, end.y)
    assert winners == {1, -1}


@pytest.mark.parametrize("law", sorted(set(LAWS) - {"mixed"}))
def test_swapping_the_sides_swaps_the_result(law):
    outcome = LAWS[law][1]
    x0, y0, a, b, xb, yb = fights(1)
    one, other = outcome(x0, y0, a, b, xb, yb), outcome(y0, x0, b, a, yb, xb)
    np.testing.assert_array_equal(one.winner, -other.winner)
    np.testing.assert_allclose(one.x, other.y, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(one.y, other.x, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(one.duration_s, other.duration_s, rtol=1e-9)


@pytest.mark.parametrize("law", sorted(LAWS))
def test_strengths_fall_and_end_where_the_outcome_says(law):
    strengths, outcome, *_ = LAWS[law]
    fight = fights(2)
    x0, y0, a, b, xb, yb = fight
    end = outcome(*fight)
    assert set(np.unique(end.winner)) <= {-1, 0, 1} and (np.abs(end.winner) == 1).sum() > 1000
    ends = np.isfinite(end.duration_s)
    np.testing.assert_allclose(np.where(end.winner == -1, end.x, xb)[ends], xb[ends], rtol=1e-12)
    np.testing.assert_allclose(np.where(end.winner == 1, end.y, yb)[ends], yb[ends], rtol=1e-12)
    assert (end.x[end.winner == 1] >= xb[end.winner == 1]).all()
    last = np.where(ends, end.duration_s, 50.0)
    now = strengths(x0, y0, a, b, last * np.linspace(0, 1, 20)[:, None], xb, yb)
    slack = 1e-7 * (x0 + y0)
    for side, first, final in ((now.x, x0, end.x), (now.y, y0, end.y)):
        np.testing.assert_allclose(side[0], first, rtol=1e-12)
        assert (np.diff(side, axis=0) <= slack).all()
        assert (side >= final - slack).all()
        np.testing.assert_array_equal(side[-1][ends], final[ends])
    just = strengths(x0, y0, a, b, last * (1 - 1e-9), xb, yb)
    for side, final in ((just.x, end.x), (just.y, end.y)):
        assert (np.abs(side - final)[ends] <= 1e-3 * (x0 + y0)[ends]).all()


def test_what_stays_the_same_stays_the_same():
    x0, y0, a, b, *_ = fights(3)
    time = np.random.default_rng(3).uniform(0, 30, x0.size)
    for now, constant, scale in (
        (
            lanchester.square_strengths(x0, y0, a, b, time),
            lanchester.square_state_constant,
            b * x0**2 + a * y0**2,
        ),
        (
            lanchester_linear.linear_strengths(x0, y0, a, b, time),
            lanchester_linear.linear_state_constant,
            b * x0 + a * y0,
        ),
        (
            lanchester_mixed.mixed_strengths(x0, y0, a, b, time),
            lanchester_mixed.mixed_state_constant,
            b * x0 + a * y0**2,
        ),
    ):
        drift = constant(now.x, now.y, a, b) - constant(x0, y0, a, b)
        assert (np.abs(drift) <= 1e-9 * scale).all()


def test_force_needed_wins_with_what_was_asked():
    _, y0, a, b, _, yb = fights(4)
    left = np.random.default_rng(4).uniform(0.3, 2, y0.size) * y0
    for needed, outcome, breaks in (
        (lanchester.square_x_needed(y0, a, b, left, yb), lanchester.square_outcome, (0.0, yb)),
        (
            lanchester_linear.linear_x_needed(y0, a, b, left, yb),
            lanchester_linear.linear_outcome,
            (0.0, yb),
        ),
        (
            lanchester_helmbold.helmbold_x_needed(y0, a, b, 0.7, left),
            LAWS["helmbold"][1],
            (),
        ),
    ):
        end = outcome(needed, y0, a, b, *breaks)
        assert (end.winner == 1).all()
        np.testing.assert_allclose(end.x, left, rtol=1e-6)


def test_scaling_both_sides_scales_square_law_survivors():
    one = lanchester.square_outcome(1000, 800, 0.9, 0.8)
    two = lanchester.square_outcome(2000, 1600, 0.9, 0.8)
    assert two.x == pytest.approx(2 * one.x) and two.duration_s == pytest.approx(one.duration_s)


def test_parity_and_rates_of_zero():
    even = lanchester.square_outcome([100, 3, 200], [100, 1, 100], [0.1, 0.9, 0.4], 0.1)
    assert even.winner.tolist() == [0, 0, 0] and np.isinf(even.duration_s).all()
    assert even.winner_name.tolist() == ["-", "-", "-"]
    assert even.x.tolist() == even.y.tolist() == [0, 0, 0]
    late = lanchester.square_strengths(100, 100, 0.1, 0.1, [10, 1e9])
    assert late.x == pytest.approx([100 * np.exp(-1), 0.0])
    together = lanchester.square_outcome(100, 100, 0.1, 0.1, 50, 50)
    assert together.winner == 0 and together.x == together.y == 50
    assert together.duration_s == pytest.approx(10 * np.log(2))
    for outcome in (law[1] for law in LAWS.values()):
        nobody = outcome(10, 20, 0.0, 0.0)
        assert nobody.winner == 0 and (nobody.x, nobody.y) == pytest.approx((10, 20))
        onesided = outcome(10, 20, 0.0, 0.5, 0.0, 5.0)
        assert onesided.winner == 1 and onesided.x == pytest.approx(10)
        beaten = outcome([0, 10, 0], [10, 0, 0], 0.1, 0.1)
        assert beaten.winner.tolist() == [-1, 1, 0] and (beaten.duration_s == 0).all()
        already = outcome(5, 10, 0.1, 0.1, 6, 0)
        assert already.winner == -1 and (already.x, already.y) == pytest.approx((5, 10))
    one_way = lanchester.square_outcome(10, 20, 0.0, 0.5)
    assert one_way.duration_s == pytest.approx(20 / (0.5 * 10))
    assert lanchester_mixed.mixed_outcome(10, 20, 0.0, 0.5).duration_s == pytest.approx(4.0)
    assert lanchester_logarithmic.logarithmic_time_to_s(8, 0.5, [4, 8, 0]) == pytest.approx(
        [2 * np.log(2), 0, np.inf]
    )
    parity = lanchester_mixed.mixed_parity_x0(1000, 2e-5, 0.1)
    assert lanchester_mixed.mixed_outcome(parity, 1000, 2e-5, 0.1).winner == 0
    assert lanchester_mixed.mixed_parity_y0(parity, 2e-5, 0.1) == pytest.approx(1000)


def test_helmbold_joins_the_laws():
    args = (300.0, 200.0, 0.01, 0.02)
    square = lanchester.square_outcome(*args)
    one = lanchester_helmbold.helmbold_outcome(*args, 1.0)
    assert (one.x, one.duration_s) == pytest.approx((square.x, square.duration_s))
    half = lanchester_helmbold.helmbold_outcome(*args, 0.5)
    assert half.x == pytest.approx(lanchester_linear.linear_outcome(300, 200, 0.01, 0.02).x)
    near = lanchester_helmbold.helmbold_strengths(*args, 1e-6, [1.0, 20.0])
    limit = lanchester_logarithmic.logarithmic_strengths(*args, [1.0, 20.0])
    np.testing.assert_allclose([near.x, near.y], [limit.x, limit.y], rtol=1e-5)


def test_bracken_holds_square_and_linear_law():
    x0, y0, a, b, *_ = fights(5)
    for powers, law in (((1, 0), lanchester.square_outcome), ((1, 1), LAWS["linear"][1])):
        found, end = lanchester_helmbold.bracken_outcome(x0, y0, a, b, *powers), law(x0, y0, a, b)
        np.testing.assert_array_equal(found.winner, end.winner)
        np.testing.assert_allclose(found.x, end.x, rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(found.y, end.y, rtol=1e-6, atol=1e-6)


def test_reinforced_law_is_integrated():
    """Two stretches, against the matrix exponential of the extended system."""
    from scipy.linalg import expm

    rng = np.random.default_rng(6)
    held = 0
    for _ in range(60):
        x0, y0 = rng.uniform(20, 100, 2)
        a, b = rng.uniform(0, 0.5, 2) * (rng.random(2) < 0.8)
        f, g = rng.uniform(0, 50, 2)
        matrix = np.array([[0, -a, f], [-b, 0, g], [0, 0, 0]])
        first = expm(matrix * 0.5) @ [x0, y0, 1]
        matrix[:2, 2] = 0, 2 * g
        second = expm(matrix * 0.3) @ first
        if (first < 0).any() or (second < 0).any():
            continue
        now = lanchester_reinforced.reinforced_strengths(
            x0, y0, a, b, [0.5, 0.8], start_s=[0, 0.5], x_rate_per_s=[f, 0],
            y_rate_per_s=[g, 2 * g],
        )  # fmt: skip
        np.testing.assert_allclose([now.x, now.y], np.stack([first, second], 1)[:2], rtol=1e-9)
        held += 1
    assert held > 40


def test_reinforced_law_without_fire_or_arrivals():
    now = lanchester_reinforced.reinforced_strengths(
        100, 80, 0.01, 0.02, [[0], [10]], start_s=0, x_rate_per_s=0
    )
    plain = lanchester.square_strengths(100, 80, 0.01, 0.02, [[0], [10]])
    np.testing.assert_allclose([now.x, now.y], [plain.x, plain.y])
    still = lanchester_reinforced.reinforced_strengths(
        5, 0, 0, 0, 7, start_s=0, x_rate_per_s=2, y_rate_per_s=3
    )
    assert (still.x, still.y) == (19, 21)
    with pytest.raises(ValueError, match="x falls to zero"):  # and would come up again
        lanchester_reinforced.reinforced_strengths(1, 50, 1.0, 0.01, 40, start_s=0, x_rate_per_s=48)


def test_engel_finds_the_coefficients_of_a_square_law_fight():
    time = np.linspace(0, 30, 3001)
    now = lanchester.square_strengths(1000, 900, 0.02, 0.03, time)
    summed = np.trapezoid(now.x, time)
    found = lanchester_reinforced.engel_loss_rate_per_s(900, now.y[-1], summed)
    assert found == pytest.approx(0.03, rel=1e-5)


def test_several_types_alike_fight_as_one():
    """Two equal types a side, fire split evenly, until one side is gone; then all stands still."""
    split = np.full((2, 2), 0.5)
    found = lanchester_heterogeneous.heterogeneous_strengths(
        [600, 600], [400, 400], 0.02 * split, 0.03 * split, [[60, 0], [5, 500]]
    )
    one = lanchester.square_strengths(1200, 800, 0.02, 0.03, [[60, 0], [5, 500]])
    assert found.x.shape == (2, 2, 2)
    np.testing.assert_allclose(found.x.sum(-1), one.x, rtol=1e-9)
    np.testing.assert_allclose(found.y.sum(-1), one.y, rtol=1e-9, atol=1e-9)


def test_exhausted_types_drop_out_and_waste_fire():
    """X fires at the weak type alone: once that is gone Y loses no more and X is worn down."""
    found = lanchester_heterogeneous.heterogeneous_strengths(
        [10.0], [1.0, 5.0], [[0.0, 0.1]], [[0.1], [0.0]], [1.0, 1.2, 10.0, 30.0]
    )
    gone = 1.0 / (0.1 * 10.0)  # a little later, as X falls
    assert found.y[0, 0] > 0 and found.y[1, 0] == 0 and gone < 1.2
    np.testing.assert_allclose(found.y[:, 1], 5.0)
    np.testing.assert_allclose(found.x[:, 0], [9.5, 9.4, 5.0, 0.0], atol=1e-12)


def test_hankins_closed_forms():
    n = np.arange(1, 40)
    fact = np.array([factorial(k) for k in range(45)], dtype=float)
    one = lanchester_stochastic.win_probability(1, n)
    np.testing.assert_allclose(one, 1.0 / fact[n + 1], rtol=1e-12)
    two = lanchester_stochastic.win_probability(2, n)
    np.testing.assert_allclose(two, (2.0 ** (n + 2) - n - 2) / fact[n + 2], rtol=1e-12)
    three = lanchester_stochastic.win_probability(3, n)
    closed = 54 * 3.0**n - 16 * (n + 3) * 2.0**n + (n + 3) * (n + 2)
    np.testing.assert_allclose(three, closed / (2 * fact[n + 3]), rtol=1e-12)
    for k in range(2, 12):
        behind = lanchester_stochastic.win_probability(k, k - 1, surrender_deficit=2)
        assert behind == pytest.approx((3 * k - 1) / (4 * k - 2), rel=1e-13)


@pytest.mark.parametrize("law", Law)
@settings(max_examples=40)
@given(
    x0=st.integers(0, 9), y0=st.integers(1, 9), a=st.floats(0.001, 1), b=st.floats(0.001, 1),
    xb=st.integers(0, 3), yb=st.integers(0, 3), deficit=st.one_of(st.none(), st.integers(1, 5)),
)  # fmt: skip
def test_forward_and_backward_recursions_agree(law, x0, y0, a, b, xb, yb, deficit):
    assume(x0 > xb or y0 > yb)
    rest = {"x_break": xb, "y_break": yb, "surrender_deficit": deficit}
    end = lanchester_stochastic.stochastic_outcome(x0, y0, a, b, law, **rest)
    p = lanchester_stochastic.win_probability(x0, y0, a, b, law, **rest)
    assert end.p_x_wins == pytest.approx(p, abs=1e-12)
    assert end.p_x_wins + end.p_y_wins == pytest.approx(1.0, abs=1e-12)
    for chances, units in ((end.x_left, x0), (end.y_left, y0)):
        assert chances.shape == (units + 1,) and chances.sum() == pytest.approx(1.0, abs=1e-12)
        assert (chances >= 0).all()
    assert end.variance_x >= -1e-12 and end.variance_y >= -1e-12


def test_linear_law_in_closed_form():
    rng = np.random.default_rng(8)
    x, y = rng.integers(0, 300, (2, 500))
    x += x + y == 0
    ab = rng.choice([[0.1, 0.1], [0.3, 0.1], [0.01, 0.4], [0, 1], [1, 0]], 500).T
    chain = lanchester_stochastic.win_probability(x, y, *ab, Law.LINEAR)
    closed = lanchester_stochastic.linear_win_probability(x, y, ab[0] / ab.sum(0))
    np.testing.assert_allclose(chain, closed, rtol=1e-9, atol=1e-13)


def test_linear_law_units_left_are_negative_binomial():
    from scipy.stats import nbinom

    end = lanchester_stochastic.stochastic_outcome(10, 8, 0.3, 0.7, Law.LINEAR)
    lost = 10 - np.arange(1, 11)
    np.testing.assert_allclose(end.x_left[1:], nbinom.pmf(lost, 8, 0.7), rtol=1e-12)


def test_win_probability_broadcasts_over_starts_and_rates():
    x, y = np.arange(1, 6)[:, None, None], np.arange(1, 5)[:, None]
    a = np.array([0.1, 0.3])
    table = lanchester_stochastic.win_probability(x, y, a, 0.2)
    assert table.shape == (5, 4, 2)
    assert table[2, 1, 0] == pytest.approx(0.926190476190476)
    single = [
        [[lanchester_stochastic.win_probability(i, j, k, 0.2) for k in a] for j in range(1, 5)]
        for i in range(1, 6)
    ]
    np.testing.assert_array_equal(table, single)
    assert (np.diff(table, axis=0) > 0).all() and (np.diff(table, axis=1) < 0).all()
    assert (np.diff(table, axis=2) < 0).all()
    edges = lanchester_stochastic.win_probability([3, 0, 3], [0, 3, 3], [1, 1, 0], [1, 1, 2])
    assert edges.tolist() == [1.0, 0.0, 1.0]


def test_a_thousand_against_a_thousand():
    """No overflow, and near the deterministic law where one side is well ahead."""
    even = lanchester_stochastic.stochastic_outcome(1000, 1000, 0.01, 0.01)
    assert even.p_x_wins == pytest.approx(0.5, abs=1e-12)
    assert even.x_left.sum() == pytest.approx(1.0, abs=1e-12)
    ahead = lanchester_stochastic.stochastic_outcome(1000, 600, 0.01, 0.01)
    law = lanchester.square_outcome(1000, 600, 0.01, 0.01)
    assert law.x == pytest.approx(800)
    assert ahead.expected_x == pytest.approx(800, rel=0.003)
    assert ahead.p_x_wins > 1 - 1e-12


@pytest.mark.parametrize("law", [Law.SQUARE, Law.MIXED, Law.LOGARITHMIC])
def test_simulated_fights_give_the_chain(law):
    """Exponential clocks, 20,000 fights; means within four standard errors."""
    rng = np.random.default_rng(11)
    a, b, runs = 0.02, 0.05, 20_000
    x, y = np.full(runs, 6), np.full(runs, 7)
    clock, halfway = np.zeros(runs), np.zeros((7, 8))
    at = 4.0
    counted = np.zeros(runs, dtype=bool)
    while True:
        going = (x > 0) & (y > 0)
        (pa, qa), (pb, qb) = law.value
        on_x, on_y = a * x**pa * y**qa, b * y**pb * x**qb
        total = np.where(going, on_x + on_y, 1.0)
        wait = np.where(going, rng.exponential(1.0, runs) / total, np.inf)
        passing = ~counted & (clock + wait > at)
        np.add.at(halfway, (x[passing], y[passing]), 1.0)
        counted |= passing
        if not going.any():
            break
        hit_x = going & (rng.random(runs) * total < on_x)
        x, y = x - hit_x, y - (going & ~hit_x)
        clock = np.where(going, clock + wait, clock)
    end = lanchester_stochastic.stochastic_outcome(6, 7, a, b, law)
    for simulated, exact in (
        (y == 0, end.p_x_wins), (x, end.expected_x), (y, end.expected_y),
        (clock, end.expected_duration_s),
    ):  # fmt: skip
        error = np.std(simulated) / np.sqrt(runs)
        assert abs(np.mean(simulated) - exact) < 4 * error
    assert np.var(x) == pytest.approx(end.variance_x, rel=0.05)
    state = lanchester_stochastic.strengths_distribution(6, 7, a, b, at, law)
    assert state.sum() == pytest.approx(1.0, abs=1e-13)
    spread = 4 * np.sqrt(state * (1 - state) / runs) + 1e-3
    assert (np.abs(halfway / runs - state) < spread).all()


def test_state_at_a_time_tends_to_the_outcome():
    start = lanchester_stochastic.strengths_distribution(4, 3, 0.1, 0.1, 0.0)
    assert start[4, 3] == 1.0 and start.sum() == 1.0
    late = lanchester_stochastic.strengths_distribution(10, 8, 0.05, 0.05, 2000.0, x_break=2)
    end = lanchester_stochastic.stochastic_outcome(10, 8, 0.05, 0.05, x_break=2)
    np.testing.assert_allclose(late.sum(1), end.x_left, atol=1e-12)
    np.testing.assert_allclose(late.sum(0), end.y_left, atol=1e-12)


def test_area_fire_gives_the_linear_law_its_coefficient():
    """Mean share lost in a short time by random fire of y firers is a y dt."""
    rate_per_s = areafire.loss_rate_per_s(0.1, 50.0, 1e5)
    lost = areafire.damaged_fraction(0.1 * 200 * 1e-3, 50.0, 1e5)
    assert lost == pytest.approx(rate_per_s * 200 * 1e-3, rel=1e-5)


def test_extremes_neither_overflow_nor_go_astray():
    """Strengths and coefficients from the least to the greatest that are allowed."""
    units, rates = np.array([0, 1e-300, 1.0, 1e15]), np.array([0, 1e-30, 1.0, 1e30])
    x0, y0, a, b, xb, yb = np.meshgrid(units, units, rates, rates, units[:3], units[:3])
    for strengths, outcome, *_ in LAWS.values():
        end = outcome(x0, y0, a, b, xb, yb)
        assert not any(np.isnan(part).any() for part in (end.x, end.y, end.duration_s))
        assert (end.x <= x0).all() and (end.y <= y0).all()
        now = strengths(x0, y0, a, b, 1e10, xb, yb)
        assert not (np.isnan(now.x).any() or np.isnan(now.y).any())
    with pytest.raises(ValueError, match="a_per_s is 1e-40"):
        lanchester.square_outcome(1, 1, 1e-40, 1)
    with pytest.raises(ValueError, match=r"x0 is 1e\+16"):
        lanchester.square_outcome(1e16, 1, 1, 1)
