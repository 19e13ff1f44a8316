"""Salvos, hits, damage, looks, leakers, assignment: simulations, other forms, limits, edges."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import comb

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import beta, betainc

from startex.models import (
    areafire,
    assignment,
    damage,
    gunfire,
    hitprobability,
    leakers,
    rounds,
    salvo,
    salvo_stochastic,
    shootlook,
)

RUNS = 200_000


def near(sample, exact):
    """Whether a simulated mean lies within four and a half standard errors."""
    error = np.std(sample) / np.sqrt(len(sample)) + 1e-12
    return abs(np.mean(sample) - exact) < 4.5 * error


# salvos


def test_first_strike_lets_only_survivors_answer():
    a, b = salvo.Force(2, 4, 1, 2), salvo.Force(3, 3, 1, 2)
    both, first = salvo.exchange(a, b), salvo.first_strike(a, b)
    assert first.b_loss == both.b_loss == (2 * 4 - 3) / 2
    assert first.a_loss == max(0.0, (3 - 2.5) * 3 - 2) / 2 == 0.0
    assert both.a_loss == (9 - 2) / 2 and both.a_left == 0.0


def test_a_defence_that_exceeds_the_salvo_loses_nothing():
    end = salvo.exchange(salvo.Force([1, 5, 0], 2, 3, 1), salvo.Force(4, 1, 3, 1))
    assert end.b_loss.tolist() == [0, 0, 0] and end.b_left.tolist() == [4, 4, 4]
    assert end.a_loss.tolist() == [1, 0, 4]


def test_attackers_needed_just_suffice():
    rng = np.random.default_rng(5)
    n = 500
    target = salvo.Force(
        rng.uniform(0, 9, n), 1, rng.uniform(0, 6, n), rng.uniform(0.5, 4, n),
        readiness=rng.random(n), intercept_probability=rng.random(n),
    )  # fmt: skip
    attacker = salvo.Force(1, rng.uniform(1, 8, n), 0, 1, scouting=rng.uniform(0.1, 1, n))
    needed = salvo.attackers_needed(attacker, target)
    np.testing.assert_allclose(
        salvo.losses(replace(attacker, ships=needed), target), target.ships, rtol=1e-9, atol=1e-12
    )
    blind = replace(attacker, scouting=0.0)
    assert np.isinf(salvo.attackers_needed(blind, salvo.Force(2, 1, 1, 1))).all()
    assert salvo.attackers_needed(attacker, salvo.Force(0, 1, 1, 1)).max() == 0.0


def test_fractional_exchange_ratio_and_sides_swapped():
    a, b = salvo.Force(4, 6, 2, 2), salvo.Force(5, 4, 3, 1.5)
    one, other = salvo.exchange(a, b), salvo.exchange(b, a)
    assert (one.a_loss, one.b_left) == (other.b_loss, other.a_left)
    ratio = salvo.fractional_exchange_ratio(one, a, b)
    assert ratio == pytest.approx((one.b_loss / 5) / (one.a_loss / 4))
    assert salvo.fractional_exchange_ratio(other, b, a) == pytest.approx(1 / ratio)
    calm = salvo.Force(1, 0, 0, 1)
    assert np.isnan(salvo.fractional_exchange_ratio(salvo.exchange(calm, calm), calm, calm))


def test_hits_distribution_by_enumeration():
    """Every outcome of four shots and three intercepts, one by one."""
    p, q = 0.35, 0.8
    expected = np.zeros(5)
    for shots in product((0, 1), repeat=4):
        for stops in product((0, 1), repeat=3):
            x, z = sum(shots), sum(stops)
            chance = p**x * (1 - p) ** (4 - x) * q**z * (1 - q) ** (3 - z)
            expected[max(0, x - z)] += chance
    found = salvo_stochastic.hits_distribution(4, p, 3, q)
    np.testing.assert_allclose(found, expected, rtol=1e-13)
    many = salvo_stochastic.hits_distribution([4, 0, 4], [p, p, p], [3, 3, 9], [q, q, 1.0])
    np.testing.assert_allclose(many[0], expected, rtol=1e-13)
    assert many[1].tolist() == many[2].tolist() == [1, 0, 0, 0, 0]
    assert salvo_stochastic.hits_distribution(np.zeros((2, 0)), 0.5).shape == (2, 0, 1)
    large = salvo_stochastic.hits_distribution(5000, 0.5, 2000, 0.5)
    assert large.sum() == pytest.approx(1.0) and large @ np.arange(5001) == pytest.approx(1500)


def test_stochastic_salvo_tends_to_hughes_when_it_is_large():
    shots, defence = 4000, 1500
    found = salvo_stochastic.loss_distribution(shots, 0.5, defence, 0.6, 500, 4)
    law = salvo.losses(salvo.Force(shots / 2, 1, 0, 1), salvo.Force(1, 0, defence * 0.6, 4))
    assert found.mean == pytest.approx(law, rel=1e-6)
    assert np.sqrt(found.variance) / found.mean < 0.05
    few = salvo_stochastic.loss_distribution(3, 1.0, 0, 0.0, 1, 2, whole_ships=True)
    assert few.mean == few.p_all_lost == 1.0
    assert few.loss.tolist() == [0, 0, 1, 1]


def test_series_of_stochastic_salvos_simulated():
    a = salvo_stochastic.WholeForce(3, 3, 1, 2, 0.6, 0.5)
    b = salvo_stochastic.WholeForce(4, 2, 2, 1, 0.5, 0.4)
    exact = salvo_stochastic.salvos_distribution(a, b, 2)
    np.testing.assert_allclose(exact.sum((1, 2)), 1.0)
    rng = np.random.default_rng(2)
    i, j = np.full(RUNS, 3), np.full(RUNS, 4)
    for step in (1, 2):
        on_b = rng.binomial(3 * i, 0.6) - rng.binomial(2 * j, 0.4)
        on_a = rng.binomial(2 * j, 0.5) - rng.binomial(1 * i, 0.5)
        i = i - np.minimum(i, np.maximum(on_a, 0) // 2)
        j = j - np.minimum(j, np.maximum(on_b, 0))
        counted = np.zeros_like(exact[0])
        np.add.at(counted, (i, j), 1.0 / RUNS)
        spread = 4.5 * np.sqrt(exact[step] * (1 - exact[step]) / RUNS) + 2e-5
        assert (np.abs(counted - exact[step]) < spread).all()


def test_gunfire_is_simultaneous_and_torpedoes_arrive_late():
    fires = [gunfire.Fire(0, 1, 0.1, 1, 9), gunfire.Fire(1, 0, 0.1, 1, 9)]
    even = gunfire.battle([2.0, 2.0], [5.0, 5.0], fires, 9)
    np.testing.assert_array_equal(even.staying_power[:, 0], even.staying_power[:, 1])
    np.testing.assert_allclose(even.staying_power[:5, 0], np.maximum(2 * 0.75 ** np.arange(5), 0))
    pulse = gunfire.Pulse(0, 1, 4.0, 0.25, launch=2, arrival=4)
    late = gunfire.battle([2.0, 2.0], [5.0, 5.0], [fires[1]], 5, [pulse])
    assert late.staying_power[3, 1] == 2.0  # still under way
    # launched by a group that one minute of fire had brought from 2.0 to 1.5
    assert late.staying_power[4, 1] == pytest.approx(2.0 - 0.25 * 4.0 * 0.75)
    assert gunfire.battle([1.0], [1.0], [], 0).staying_power.tolist() == [[1.0]]


# hits and damage


def test_cep_and_its_kin():
    assert hitprobability.circular_hit_probability(
        hitprobability.cep_from_sigma_m(7.0), 7.0
    ) == pytest.approx(0.5)
    assert hitprobability.radius_for_probability_m(0.95, 1.0) == pytest.approx(2.4477, abs=5e-5)
    assert hitprobability.radius_for_probability_m(0.9, 1.0) == pytest.approx(2.1460, abs=5e-5)
    assert hitprobability.mean_radial_error_m(1.0) == pytest.approx(1.2533, abs=5e-5)
    assert hitprobability.spherical_error_from_sigma_m(1.0) == pytest.approx(1.5382, abs=5e-5)
    assert hitprobability.probable_error_from_sigma_m(1.0) == pytest.approx(0.6745, abs=5e-5)
    assert hitprobability.sigma_from_probable_error_m(0.674489750196) == pytest.approx(1.0)
    assert hitprobability.sigma_from_cep_m(hitprobability.cep_from_sigma_m(3.0)) == 3.0
    assert hitprobability.distance_root_mean_square_m(3.0, 4.0) == 5.0
    rng = np.random.default_rng(1)
    x, y, z = rng.standard_normal((3, RUNS))
    assert near(np.hypot(x, y), hitprobability.mean_radial_error_m(1.0))
    assert near(x**2 + y**2 + z**2 < hitprobability.SPHERICAL_ERROR_OVER_SIGMA**2, 0.5)
    shares = hitprobability.cep_ring_shares([0.5, 1, 1, 3])
    assert shares.sum() == pytest.approx(1.0) and shares[2] == 0.0


def test_elliptical_errors_against_circular_ones_swapped_axes_and_simulation():
    rng = np.random.default_rng(3)
    radius, sx, sy = 10 ** rng.uniform(-2, 2, (3, 300))
    bx, by = rng.normal(size=(2, 300)) * radius
    found = hitprobability.elliptical_hit_probability(radius, sx, sy, bx, by)
    swapped = hitprobability.elliptical_hit_probability(radius, sy, sx, -by, bx)
    np.testing.assert_allclose(found, swapped, atol=1e-11)
    circle = hitprobability.elliptical_hit_probability(radius, sx, sx, bx, by)
    marcum = hitprobability.circular_hit_probability(radius, sx, np.hypot(bx, by))
    np.testing.assert_allclose(circle, marcum, atol=1e-11)
    x, y = rng.standard_normal((2, RUNS))
    for r, a, b, p, q in [(10, 3, 8, 4, -5), (5, 20, 1, 0, 4), (1, 1, 2, 0, 0)]:
        hit = np.hypot(a * x + p, b * y + q) <= r
        assert near(hit, hitprobability.elliptical_hit_probability(r, a, b, p, q))
    needle = hitprobability.elliptical_hit_probability(10.0, 7.0, 1e-9)  # one axis alone is left
    alone = hitprobability.rectangle_hit_probability(10.0, 1.0, 7.0, 1e-3)
    assert needle == pytest.approx(alone, abs=1e-9)
    assert hitprobability.elliptical_hit_probability(0.0, 1.0, 2.0) == 0.0


def test_elliptical_cep_is_the_median_and_the_rule_is_near():
    sx, sy = np.array([1.0, 5.0, 10.0, 30.0]), np.array([1.0, 4.0, 3.5, 0.01])
    cep = hitprobability.elliptical_cep_m(sx, sy)
    assert cep[0] == pytest.approx(hitprobability.CEP_OVER_SIGMA)
    assert cep[3] == pytest.approx(30 * hitprobability.PROBABLE_ERROR_OVER_SIGMA, rel=1e-5)
    rule = hitprobability.elliptical_cep_by_rule_m(sx[:3], sy[:3])
    np.testing.assert_allclose(rule, cep[:3], rtol=0.01)
    ratio = np.linspace(0.3, 1.0, 30)
    np.testing.assert_allclose(
        hitprobability.elliptical_cep_by_rule_m(1.0, ratio),
        hitprobability.elliptical_cep_m(1.0, ratio),
        rtol=0.01,
    )
    biased = hitprobability.elliptical_radius_m(0.8, 3.0, 6.0, 2.0, -9.0)
    assert hitprobability.elliptical_hit_probability(biased, 3.0, 6.0, 2.0, -9.0) == pytest.approx(
        0.8, abs=1e-10
    )
    assert hitprobability.elliptical_radius_m(0.0, 1.0, 1.0) == 0.0


def test_rectangles_simulated():
    rng = np.random.default_rng(4)
    x, y = rng.standard_normal((2, RUNS))
    hit = (np.abs(4 * x + 1) < 6) & (np.abs(9 * y - 3) < 2)
    assert near(hit, hitprobability.rectangle_hit_probability(6, 2, 4, 9, 1, -3))
    assert hitprobability.rectangle_hit_probability(1e9, 1e9, 1, 1) == 1.0
    far = hitprobability.rectangle_hit_probability(1, 1e9, 1, 1, 20)  # in the tail, digits stay
    assert 0 < far < 1e-70 and far == hitprobability.rectangle_hit_probability(1, 1e9, 1, 1, -20)


def test_lethal_areas_are_the_integrals_of_the_damage_functions():
    for function, area in (
        (lambda r: damage.diffuse(r, 15.0), damage.diffuse_lethal_area_m2(15.0)),
        (
            lambda r: float(damage.cookie_cutter(r, 30.0)),
            damage.cookie_cutter_lethal_area_m2(30.0),
        ),
    ):
        found = sum(
            quad(lambda r, f=function: 2 * np.pi * r * f(r), low, low + 30, epsabs=1e-10)[0]
            for low in range(0, 300, 30)
        )
        assert found == pytest.approx(area, rel=1e-9)
    across = quad(lambda y: damage.carleton(0, y, 30, 20, 0.4), -400, 400, points=[0])[0]
    along = quad(lambda x: damage.carleton(x, 0, 30, 20, 0.4), -400, 400, points=[0])[0]
    assert across * along / 0.4 == pytest.approx(damage.carleton_lethal_area_m2(30, 20), rel=1e-7)
    assert damage.diffuse_lethal_area_m2(damage.diffuse_scale_m(500.0)) == pytest.approx(500)
    assert damage.cookie_cutter_lethal_area_m2(damage.lethal_radius_m(500.0)) == pytest.approx(500)


def test_damage_over_errors_simulated():
    rng = np.random.default_rng(6)
    x, y = rng.standard_normal((2, RUNS))
    miss = (12 * x + 5, 30 * y - 8)
    assert near(
        damage.diffuse(np.hypot(*miss), 15.0),
        damage.diffuse_kill_probability(15.0, 12.0, 30.0, 5.0, -8.0),
    )
    assert near(
        damage.carleton(*miss, 30, 20, 0.7),
        damage.carleton_kill_probability(30, 20, 12, 30, 0.7, 5, -8),
    )
    # a peak of 1 with equal radii is the diffuse function with b = R / sqrt 2
    assert damage.carleton_kill_probability(30, 30, 9, 9) == pytest.approx(
        damage.diffuse_kill_probability(30 / np.sqrt(2), 9)
    )


def test_salvo_with_common_error_equals_both_closed_forms():
    """The alternating sum for few rounds, the incomplete beta function for many."""
    b, s = 15.0, 20.0
    total, p = b**2 + s**2, b**2 / (b**2 + s**2)
    for common in (0.0, 3.0, 25.0, 80.0):
        for n in (0, 1, 2, 6, 15):
            summed = sum(
                (-1) ** (j + 1) * comb(n, j) * p**j * total / (total + j * common**2)
                for j in range(1, n + 1)
            )
            found = damage.salvo_kill_probability(n, b, s, common)
            assert found == pytest.approx(summed, abs=1e-11)
    for common in (25.0, 80.0, 200.0):
        n = np.array([40, 100, 1000, 1e5, 1e8])
        a = total / common**2
        closed = 1 - a * p**-a * beta(a, n + 1) * betainc(a, n + 1, p)
        np.testing.assert_allclose(
            damage.salvo_kill_probability(n, b, s, common), closed, atol=1e-10
        )
    straight = damage.salvo_kill_probability([1, 7, 500], b, s)
    np.testing.assert_allclose(straight, rounds.kill_probability(p, [1, 7, 500]), rtol=1e-12)
    assert damage.salvo_kill_probability(np.zeros((2, 0)), 1, 1).shape == (2, 0)


def test_cookie_cutter_salvos_simulated_and_in_the_limit():
    rng = np.random.default_rng(8)
    runs = 20_000
    aim = rng.standard_normal((2, runs, 1)) * 25
    fall = aim + rng.standard_normal((2, runs, 6)) * 20
    killed = (np.hypot(*fall) < 15).any(axis=1)
    assert near(killed, damage.cookie_cutter_salvo_kill_probability(6, 15, 20, 25))
    one = damage.cookie_cutter_salvo_kill_probability(1, 15, 20, 25)
    assert one == pytest.approx(
        hitprobability.circular_hit_probability(15, hitprobability.combined_sigma_m(20, 25))
    )
    sharp = damage.cookie_cutter_salvo_kill_probability(1000, 15, 1e-3, 25)
    assert sharp == pytest.approx(hitprobability.circular_hit_probability(15, 25), rel=1e-3)
    alone = damage.cookie_cutter_salvo_kill_probability([0, 3], 15, 20)
    single = hitprobability.circular_hit_probability(15, 20)
    assert alone == pytest.approx([0.0, 1 - (1 - single) ** 3])


# area fire, rounds, looks


def test_area_fire_forms_meet_and_invert():
    n = np.array([0, 1, 10, 1000])
    random = areafire.damaged_fraction(n, 5.0, 1e4)
    binomial = areafire.damaged_fraction_binomial(n, 5.0, 1e4)
    np.testing.assert_allclose(random, binomial, rtol=1e-3)
    assert (binomial[1:] > random[1:]).all() and random[0] == binomial[0] == 0
    np.testing.assert_allclose(areafire.rounds_needed(random, 5.0, 1e4), n, atol=1e-9)
    assert areafire.damaged_fraction_binomial([0, 1, 5], 10, 10).tolist() == [0, 1, 1]
    tiny = areafire.damaged_fraction_binomial(1, 1e-9, 1e9)
    assert tiny == pytest.approx(1e-18, rel=1e-12)
    chances = areafire.damaged_distribution(7, [36, 0], 600, 40000)
    np.testing.assert_allclose(chances.sum(-1), 1.0)
    assert chances[0] @ np.arange(8) == pytest.approx(7 * 0.41963087831)


def test_rounds_required_reach_what_was_asked_and_no_fewer_do():
    p, wanted = np.random.default_rng(9).uniform(0.01, 0.99, (2, 1000))
    n = rounds.rounds_required(p, wanted)
    assert (rounds.kill_probability(p, n) >= wanted - 1e-9).all()
    assert (rounds.kill_probability(p, n - 1) < wanted).all()
    np.testing.assert_allclose(rounds.single_shot_required(wanted, n), 1 - (1 - wanted) ** (1 / n))
    assert rounds.rounds_required([0.5, 0.1, 1.0, 1.0, 0.3], [0.75, 0.19, 1, 0, 0]).tolist() == [
        2, 2, 1, 0, 0,
    ]  # fmt: skip
    assert rounds.kill_probability([0, 1, 1, 1e-12], [9, 0, 1, 1e6]) == pytest.approx(
        [0, 0, 1, 1e-6]
    )
    assert rounds.single_shot_required(1.0, 5) == 1.0
    hits = rounds.hits_distribution([0.3, 1.0], 5)
    np.testing.assert_allclose(
        rounds.kill_probability_hits([0.3, 1.0], 5, [[1], [3], [5]]),
        [hits[:, k:].sum(-1) for k in (1, 3, 5)],
    )
    assert rounds.kill_probability_hits(0.9, 2, 3) == 0.0


def test_looks_that_err_simulated():
    p, seen, false, most = 0.4, 0.6, 0.15, 5
    rng = np.random.default_rng(10)
    alive, firing = np.ones(RUNS, bool), np.ones(RUNS, bool)
    shots, wasted = np.zeros(RUNS), np.zeros(RUNS)
    for _ in range(most):
        shots += firing
        wasted += firing & ~alive
        alive &= ~(firing & (rng.random(RUNS) < p))
        stop = np.where(alive, rng.random(RUNS) < false, rng.random(RUNS) < seen)
        firing &= ~stop
    mistaken = alive & ~firing
    found = shootlook.shoot_look_shoot(p, most, seen, false)
    for sample, exact in (
        (~alive, found.kill_probability),
        (shots, found.expected_shots),
        (wasted, found.wasted_shots),
        (mistaken, found.p_mistaken),
    ):
        assert near(sample, exact)


def test_looks_in_their_limits():
    n = np.array([0, 1, 2, 7, 1000, 10**9])
    perfect = shootlook.shoot_look_shoot(0.3, n)
    np.testing.assert_allclose(perfect.expected_shots, shootlook.expected_shots(0.3, n))
    np.testing.assert_allclose(
        perfect.kill_probability, rounds.kill_probability(0.3, n), atol=1e-12
    )
    assert (perfect.wasted_shots == 0).all() and (perfect.p_mistaken == 0).all()
    blind = shootlook.shoot_look_shoot(0.3, n, 0.0)
    np.testing.assert_allclose(blind.expected_shots, n)
    assert shootlook.expected_shots([0, 0, 1], [4, 0, 4]).tolist() == [4, 0, 1]
    spread = shootlook.shots_distribution([0.3, 0.0, 1.0], 7)
    np.testing.assert_allclose(spread.sum(-1), 1.0)
    assert spread[0] @ np.arange(1, 8) == pytest.approx(perfect.expected_shots[3])
    kills = shootlook.kills_distribution(3, 5, [0.6, 1.0])
    np.testing.assert_allclose(kills.sum(-1), 1.0)
    assert kills[1].tolist() == [0, 0, 0, 1]
    assert shootlook.kills_distribution(0, 5, 0.6).tolist() == [1.0]


# leakers and assignment


@pytest.mark.parametrize(("n", "shots"), [(6, 4), (6, 6), (6, 15), (1, 3), (5, 0)])
def test_leakers_simulated(n, shots):
    p, runs = 0.7, 50_000
    rng = np.random.default_rng(12)
    works = rng.random((runs, shots)) < p

    def left(targets):
        dead = np.zeros((runs, n), bool)
        for shot in range(shots):
            dead[np.arange(runs), targets[:, shot]] |= works[:, shot]
        return n - dead.sum(1)

    even = left(np.broadcast_to(np.arange(shots) % n, (runs, shots)))
    random = left(rng.integers(0, n, (runs, shots)))
    coordinated = np.maximum(n - works.sum(1), 0)
    for sample, found in (
        (even, leakers.even_leakers(n, shots, p)),
        (random, leakers.random_leakers(n, shots, p)),
        (coordinated, leakers.coordinated_leakers(n, shots, p)),
    ):
        assert found.probability.shape == (n + 1,)
        assert found.probability.sum() == pytest.approx(1.0)
        assert near(sample, found.expected) and near(sample == 0, found.p_none)
        assert near((sample - found.expected) ** 2, found.variance)
        assert near(sample <= 2, found.p_at_most(2))


def test_better_coordination_lets_fewer_through_and_arrays_of_raids():
    n, shots = np.array([[3], [20], [0]]), np.array([0, 10, 50])
    even, random, best = (
        function(n, shots, 0.6)
        for function in (
            leakers.even_leakers,
            leakers.random_leakers,
            leakers.coordinated_leakers,
        )
    )
    for found in (even, random, best):
        np.testing.assert_allclose(found.probability.sum(-1), 1.0)
        assert found.probability.shape == (3, 3, 21)
    assert (best.expected <= even.expected + 1e-12).all()
    assert (even.expected <= random.expected + 1e-12).all()
    np.testing.assert_allclose(even.expected, leakers.expected_leakers_even(n, shots, 0.6))
    np.testing.assert_allclose(random.expected, leakers.expected_leakers_random(n, shots, 0.6))
    assert (even.expected[2] == 0).all() and even.expected[0, 0] == 3


def test_layers_and_interceptors_needed():
    layers = leakers.layered_leakers(12, [0.5, 0.25, 0.0])
    assert layers.expected == pytest.approx(12 * 0.5 * 0.75)
    needed = leakers.interceptors_needed(20, 0.7, 0.9)
    assert leakers.even_leakers(20, needed, 0.7).p_none >= 0.9
    assert leakers.even_leakers(20, needed - 20, 0.7).p_none < 0.9


def test_assignments_against_plain_enumeration():
    rng = np.random.default_rng(13)
    for weapons, targets in [(1, 1), (3, 3), (4, 2), (2, 5), (5, 4)]:
        values, chances = rng.uniform(1, 10, targets), rng.random((weapons, targets))
        all_ = np.array(list(product(range(targets), repeat=weapons)))
        value = assignment.surviving_value(values, chances, all_)
        exact = assignment.exact_assignment(values, chances)
        assert exact.surviving_value == pytest.approx(value.min())
        np.testing.assert_array_equal(exact.target, all_[value.argmin()])
        greedy = assignment.greedy_assignment(values, chances)
        one = assignment.one_to_one_assignment(values, chances)
        for found in (greedy, one):
            assert found.surviving_value >= exact.surviving_value - 1e-12
            assert found.surviving_value == pytest.approx(
                assignment.surviving_value(values, chances, found.target)
            )
        used = one.target[one.target >= 0]
        assert len(set(used)) == len(used) == min(weapons, targets)
        single = [row for row in all_ if len(set(row)) == weapons]
        if single:
            best = assignment.surviving_value(values, chances, single).min()
            assert one.surviving_value == pytest.approx(best)
        alike = np.broadcast_to(chances[0], chances.shape)
        assert assignment.greedy_assignment(values, alike).surviving_value == pytest.approx(
            assignment.exact_assignment(values, alike).surviving_value
        )


def test_assignments_of_nothing():
    empty = assignment.exact_assignment([], np.zeros((2, 0)))
    assert empty.target.tolist() == [-1, -1] and empty.surviving_value == 0.0
    idle = assignment.greedy_assignment([5.0], np.zeros((0, 1)))
    assert idle.target.size == 0 and idle.surviving_value == 5.0
    kept = assignment.surviving_value([4.0, 6.0], [[0.5, 0.5]], [-1])
    assert kept == 10.0


def test_a_small_error_far_from_the_centre():
    """Past the reach of Marcum's function the edge counts as a parabola; the ellipse agrees."""
    bias = 10.0 + np.array([-2e-5, 0.0, 5e-5])
    for sigma in (1.01e-4, 0.99e-4):  # on both sides of the change
        circle = hitprobability.circular_hit_probability(10.0, sigma, bias)
        ellipse = hitprobability.elliptical_hit_probability(10.0, sigma, sigma, bias)
        np.testing.assert_allclose(circle, ellipse, atol=1e-9)
    far = hitprobability.circular_hit_probability([1.0, 1e9], 1e-9, [1e9, 1.0])
    assert far.tolist() == [0.0, 1.0]


def test_a_torrent_of_rounds_and_a_crowd_of_targets_neither_overflow_nor_exhaust_memory():
    assert areafire.damaged_fraction(1e300, 1e18, 1e-18) == 1.0
    assert damage.salvo_kill_probability(1e15, 1e-9, 1e9, 1e9) < 1e-9
    for call in (
        lambda: areafire.damaged_distribution(10**12, 1, 1, 2),
        lambda: rounds.hits_distribution(0.5, 10**12),
        lambda: shootlook.shots_distribution(0.5, 10**12),
        lambda: shootlook.kills_distribution(10**12, 1, 0.5),
        lambda: leakers.coordinated_leakers(10**12, 1, 0.5),
        lambda: hitprobability.circular_hit_probability(1.0, 1e-300),
    ):
        with pytest.raises(ValueError, match="the model holds for"):
            call()
