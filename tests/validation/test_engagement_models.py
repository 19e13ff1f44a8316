"""The models of engagement and attrition against published figures."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import published_cases
import pytest
from model_pages import check_page, numbers
from published_cases import SI, hold, inputs, runners

from startex.foundation.errors import OutsideValidityError
from startex.models import (
    areafire,
    assignment,
    damage,
    gunfire,
    hitprobability,
    lanchester,
    lanchester_helmbold,
    lanchester_heterogeneous,
    lanchester_linear,
    lanchester_logarithmic,
    lanchester_mixed,
    lanchester_outcome,
    lanchester_reinforced,
    lanchester_stochastic,
    leakers,
    minefield,
    queues,
    rounds,
    salvo,
    salvo_stochastic,
    shootlook,
)

CASES = [case for case in published_cases.CASES if case.startswith("A5-")]
DAY = 86_400.0

BY_NATURE_SCALAR = {"A5-06", "A5-07", "A5-10", "A5-11", "A5-13", "A5-17", "A5-19", "A5-20", "A5-31"}
"""One recursion, a fraction in words, or inputs in words: run as they stand."""


def run_a5_01(i):
    rates = (i["a"], i["b"])
    now = lanchester.square_strengths(i["x0"], i["y0"], *rates, i["t"])
    end = lanchester.square_outcome(i["x0"], i["y0"], *rates)
    return {
        "x_t": now.x,
        "y_t": now.y,
        "winner": end.winner_name,
        "survivors": end.x,
        "time_to_annihilation": end.duration_s,
        "state_constant_bx2_minus_ay2": lanchester.square_state_constant(now.x, now.y, *rates),
    }


run_a5_02 = run_a5_01


def run_a5_03(i):
    fight = (i["x0"], i["y0"], i["a"], i["b"])
    now = lanchester_linear.linear_strengths(*fight, i["t"])
    end = lanchester_linear.linear_outcome(*fight)
    return {"x_t": now.x, "y_t": now.y, "winner": end.winner_name, "final_survivors": end.x}


def run_a5_04(i):
    now = lanchester_logarithmic.logarithmic_strengths(i["x0"], i["y0"], i["a"], i["b"], i["t"])
    return {"x_t": now.x, "y_t": now.y}


def run_a5_05(i):
    end = lanchester_mixed.mixed_outcome(i["x0_guerrilla"], i["y0_regular"], i["a"], i["b"])
    parity = lanchester_mixed.mixed_parity_y0(i["x0_guerrilla"], i["a"], i["b"])
    return {"parity_y0": parity, "winner": end.winner_name, "survivors": end.x}


def run_a5_06(i):
    p = lanchester_stochastic.win_probability(i["red"], i["blue"])
    return {"p": p, "fraction": str(Fraction(float(p)).limit_denominator(1000))}


run_a5_07 = run_a5_06


def run_a5_08(i):
    return {"p": lanchester_stochastic.win_probability(i["red"], i["blue"])}


def run_a5_09(i):
    deficit = int(np.ravel(i["surrender_deficit"])[0]) if np.size(i["surrender_deficit"]) else 2
    return {
        "p": lanchester_stochastic.win_probability(i["red"], i["blue"], surrender_deficit=deficit)
    }


def run_a5_10(i):
    end = lanchester_stochastic.stochastic_outcome(i["x0"], i["y0"], i["a"], i["b"])
    assert end.p_x_wins == pytest.approx(
        lanchester_stochastic.win_probability(i["x0"], i["y0"], i["a"], i["b"]), rel=1e-14
    )
    return {
        "P_x_wins": end.p_x_wins,
        "E_x_final": end.expected_x,
        "E_y_final": end.expected_y,
        "E_duration": end.expected_duration_s,
    }


run_a5_11 = run_a5_10


def run_a5_12(i):
    closed = lanchester_stochastic.linear_win_probability(i["x0"], i["y0"], i["p_next_loss_is_X"])
    chain = lanchester_stochastic.win_probability(
        i["x0"],
        i["y0"],
        i["p_next_loss_is_X"],
        1.0 - np.asarray(i["p_next_loss_is_X"]),
        lanchester_stochastic.Law.LINEAR,
    )
    np.testing.assert_allclose(chain, closed, rtol=1e-13)
    return {"P_x_wins": closed}


def run_a5_13(i):
    landings = re.findall(r"(\d+)/day for (\d+)<=t<(\d+)", i["landing_rate"])
    rate = np.zeros(29)
    for troops, first, last in landings:
        rate[int(first) : int(last)] = float(troops) / DAY
    assert len(landings) == 3
    days = [1, 6, 28]
    now = lanchester_reinforced.reinforced_strengths(
        i["A0"],
        i["J0"],
        i["beta_JP_on_US"],
        i["alpha_US_on_JP"],
        np.array(days) * DAY,
        start_s=np.arange(29) * DAY,
        x_rate_per_s=rate,
    )
    result = {f"US_day{day}": now.x[k] for k, day in enumerate(days)}
    return result | {f"JP_day{day}": now.y[k] for k, day in enumerate(days)}


def run_a5_14(i):
    """Engel's arithmetic on the sums that the case recalls; his daily strengths are not here."""
    return {
        "alpha": lanchester_reinforced.engel_loss_rate_per_s(
            i["J0"], 0.0, i["sum_daily_US_strength"]
        )
    }


def run_a5_15(i):
    a = salvo.Force(i["A"], i["al"], i["z"], i["a"], scouting=i["sa"], readiness=i["ta"])
    b = salvo.Force(i["B"], i["be"], i["y"], i["b"], scouting=i["sb"], readiness=i["tb"])
    end = salvo.exchange(a, b)
    return {"dA": end.a_loss, "dB": end.b_loss, "A_left": end.a_left, "B_left": end.b_left}


run_a5_16 = run_a5_15


def run_a5_17(i):
    def force(words):
        ships, op, dp, sp = (float(word) for word in re.findall(r"[\d.]+", words))
        return salvo.Force(
            ships,
            op,
            dp,
            sp,
            scouting=i["scouting"],
            readiness=i["readiness"],
            reliability=i["launch_reliability"],
            hit_probability=i["hit"],
            intercept_probability=i["sam_pk"],
        )

    blue, red = force(i["blue"]), force(i["red"])
    blue_ships, red_ships = salvo.salvos(blue, red, 2)
    # the program's output after the second pulse: 0 % and 66.70 %
    assert blue_ships[2] == 0.0
    assert red_ships[2] / red_ships[0] == pytest.approx(0.6670, abs=5e-5)
    return {
        "blue_fraction_left": blue_ships[1] / blue_ships[0],
        "red_fraction_left": red_ships[1] / red_ships[0],
        "blue_equivalent_ships": blue_ships[1],
        "red_equivalent_ships": red_ships[1],
    }


def run_a5_18(i):
    found = salvo_stochastic.loss_distribution(
        i["shots"],
        i["p_hit"],
        i["intercept_attempts"],
        i["p_intercept"],
        i["targets"],
        i["staying_power"],
    )
    np.testing.assert_allclose(found.probability.sum(axis=-1), 1.0, rtol=1e-14)
    return {"E_loss": found.mean, "var_loss": found.variance, "P_no_loss": found.p_no_loss}


def coronel(i):
    """The battle as the case words it; groups 0 and 1 British, 2 and 3 German."""
    groups = re.findall(r"CF ([\d.]+) SP ([\d.]+)", i["British"] + ";" + i["German"])
    index = {"GH+M": 0, "Glasgow": 1, "S+G": 2, "L+D": 3}
    fires = [
        gunfire.Fire(index[firer], index[target], float(eff), int(first), int(last))
        for firer, target, eff, first, last in re.findall(
            r"(\S+) on (\S+) eff ([\d.]+) minutes (\d+)-(\d+)", i["fire"]
        )
    ]
    assert len(groups) == 4 and len(fires) == 3
    firepower, staying = np.array(groups, float).T
    return gunfire.battle(staying, firepower, fires, 29)


def run_a5_19(i):
    battle = coronel(i)
    return {
        "SPA": battle.staying_power[10, :2].sum(),
        "CFA": battle.firepower[10, :2].sum(),
        "SPB": battle.staying_power[10, 2:].sum(),
    }


def run_a5_20(i):
    edges = sorted({int(word) for word in re.findall(r"\d+", i["rings"])} - {0})
    return {f"p{k + 1}": p for k, p in enumerate(hitprobability.cep_ring_shares(edges))}


def run_a5_21(i):
    return {
        "sigma": hitprobability.sigma_from_cep_m(i["CEP"]),
        "SSPK": hitprobability.cep_hit_probability(i["R"], i["CEP"]),
    }


def run_a5_22(i):
    return {"P": hitprobability.circular_hit_probability(i["R"], i["sigma"], i["bias"])}


def run_a5_23(i):
    b, s, common = i["b_lethal"], i["sigma_dispersion"], i["sigma_common"]
    p_single = damage.diffuse_kill_probability(b, s)
    return {
        "P1_no_common_error": p_single,
        "Pn_no_common_error": rounds.kill_probability(p_single, i["n"]),
        "P1_with_common": damage.diffuse_kill_probability(
            b, hitprobability.combined_sigma_m(s, common)
        ),
        "Pn_with_common": damage.salvo_kill_probability(i["n"], b, s, common),
        "lethal_area": damage.diffuse_lethal_area_m2(b),
    }


def run_a5_24(i):
    return {"P": damage.carleton(i["x"], i["y"], i["R1"], i["R2"], i["D0"])}


def run_a5_25(i):
    fire = (i["n"], i["lethal_area"], i["target_area"])
    return {
        "f_exponential": areafire.damaged_fraction(*fire),
        "f_binomial": areafire.damaged_fraction_binomial(*fire),
    }


def run_a5_26(i):
    return {
        "n_real": rounds.rounds_required_exact(i["p"], i["P_required"]),
        "n": rounds.rounds_required(i["p"], i["P_required"]),
    }


def run_a5_27(i):
    looking = shootlook.shoot_look_shoot(i["p"], i["n_max"], i["p_recognise_kill"])
    blind = shootlook.shoot_look_shoot(i["p"], i["n_max"], 0.0)
    return {
        "P_kill": looking.kill_probability,
        "E_shots_perfect_look": shootlook.expected_shots(i["p"], i["n_max"]),
        "E_shots_salvo": blind.expected_shots,
        "E_shots_imperfect_look": looking.expected_shots,
    }


def run_a5_28(i):
    raid = (i["attackers"], i["interceptors"], i["pk"])
    even, random = leakers.even_leakers(*raid), leakers.random_leakers(*raid)
    np.testing.assert_allclose(random.expected, leakers.expected_leakers_random(*raid))
    np.testing.assert_allclose(even.expected, leakers.expected_leakers_even(*raid))
    return {
        "E_leakers": even.expected,
        "P_no_leaker": even.p_none,
        "E_leakers_random_allocation": random.expected,
    }


def run_a5_29(i):
    line = queues.mmc(i["lambda"], i["mu"], i["c"])
    load = queues.offered_load_erlang(i["lambda"], i["mu"])
    return {
        "erlang_C": queues.erlang_c(load, i["c"]),
        "Wq": line.wait_s,
        "Lq": line.queue_length,
        "erlang_B_loss": queues.erlang_b(load, i["c"]),
    }


def run_a5_30(i):
    line = queues.mm1(i["lambda"], i["mu"])
    return {"rho": line.utilisation, "Lq": line.queue_length, "Wq": line.wait_s}


def run_a5_31(i):
    best = assignment.exact_assignment(i["values"], i["pk"])
    value = assignment.surviving_value(i["values"], i["pk"], best.target)
    assert value == pytest.approx(best.surviving_value)
    return {"min_surviving_value": best.surviving_value}


RUNNERS = runners(globals())


def test_every_case_has_a_runner():
    assert sorted(RUNNERS) == sorted(CASES)
    assert len(CASES) == 31


@pytest.mark.parametrize("case", sorted(CASES))
def test_published_figure(case):
    results = {
        name: str(result) if name == "winner" else result
        for name, result in RUNNERS[case](inputs(case)).items()
    }
    hold(case, results)


@pytest.mark.parametrize("case", sorted(set(CASES) - BY_NATURE_SCALAR))
@pytest.mark.parametrize("shape", [(3,), (2, 0), (2, 2)])
def test_published_figure_in_any_shape(case, shape):
    given = {name: np.full(shape, value) for name, value in inputs(case).items()}
    results = RUNNERS[case](given)
    for name, result in results.items():
        assert np.shape(result) == shape, name
        if name == "winner":
            assert (result == published_cases.CASES[case]["expected"][name]["value"]).all()
            results[name] = published_cases.CASES[case]["expected"][name]["value"]
    hold(case, results)


def test_coronel_as_the_program_prints_it():
    """Later rows of the same printout: the armoured cruisers' group is out in minute 28."""
    battle = coronel(inputs("A5-19"))
    printed = {
        20: (1.962, 2.278, 5.354, 8.420),
        27: (1.161, 0.463, 5.354, 8.420),
        28: (1.126, 0.385, 5.354, 8.420),
        29: (1.126, 0.385, 5.354, 8.420),
    }
    for minute, row in printed.items():
        staying, fire = battle.staying_power[minute], battle.firepower[minute]
        found = (staying[:2].sum(), fire[:2].sum(), staying[2:].sum(), fire[2:].sum())
        assert found == pytest.approx(row, abs=6e-4)
    assert battle.staying_power[28, 0] == 0.0


L, S = lanchester, salvo.Force(4, 3, 2, 2)
LS, SS, W = lanchester_stochastic, salvo_stochastic, assignment


@pytest.mark.parametrize(
    "call",
    [
        lambda: L.square_outcome(-1, 1, 0.1, 0.1),
        lambda: L.square_strengths(1, 1, 0.1, 0.1, -1.0),
        lambda: L.square_outcome(1, 1, np.nan, 0.1),
        lambda: L.square_outcome(1, 1, 0.1, 0.1, x_break=-1),
        lambda: L.square_x_needed(10, 0.1, 0.0),
        lambda: lanchester_linear.linear_outcome(1, np.inf, 0.1, 0.1),
        lambda: lanchester_linear.linear_x_needed(10, 0.1, 0.0),
        lambda: lanchester_logarithmic.logarithmic_strengths(1, 1, 0.1, -0.1, 1),
        lambda: lanchester_logarithmic.logarithmic_time_to_s(1, 0.1, -1),
        lambda: lanchester_mixed.mixed_outcome(1, 1, -0.1, 0.1),
        lambda: lanchester_mixed.mixed_parity_y0(1, 0.0, 0.1),
        lambda: lanchester_helmbold.helmbold_outcome(1, 1, 0.1, 0.1, 0.0),
        lambda: lanchester_helmbold.helmbold_strengths(1, 1, 0.1, 0.1, 1.1, 1),
        lambda: lanchester_helmbold.bracken_outcome(1, 1, 0.1, 0.1, 0, 1),
        lambda: lanchester_reinforced.reinforced_strengths(
            10, 100, 0.1, 0.1, 50, start_s=[0], x_rate_per_s=0
        ),
        lambda: lanchester_reinforced.reinforced_strengths(
            10, 10, 0.1, 0.1, 5, start_s=[1, 2], x_rate_per_s=0
        ),
        lambda: lanchester_reinforced.engel_loss_rate_per_s(10, 11, 100),
        lambda: lanchester_heterogeneous.heterogeneous_strengths([1, 2], [3], [[1]], [[1, 1]], 1),
        lambda: lanchester_heterogeneous.heterogeneous_strengths([1], [3], [[1]], [[1]], -1),
        lambda: LS.win_probability(0, 0),
        lambda: LS.win_probability(2.5, 1),
        lambda: LS.win_probability(3, 3, 0, 0),
        lambda: LS.win_probability(20_000, 3),
        lambda: LS.win_probability(3, 3, surrender_deficit=0),
        lambda: LS.win_probability(2, 2, x_break=2, y_break=2),
        lambda: LS.linear_win_probability(0, 0, 0.5),
        lambda: LS.linear_win_probability(1, 1, 1.5),
        lambda: LS.stochastic_outcome(3, -1),
        lambda: LS.strengths_distribution(1000, 1000, 1, 1, 100),
        lambda: salvo.exchange(S, salvo.Force(4, 3, 2, 0)),
        lambda: salvo.exchange(S, salvo.Force(4, 3, 2, 2, scouting=1.2)),
        lambda: salvo.salvos(S, S, -1),
        lambda: salvo.fractional_exchange_ratio(salvo.exchange(S, S), S, salvo.Force(0, 3, 2, 1)),
        lambda: SS.hits_distribution(3.5, 0.5),
        lambda: SS.hits_distribution(3, 1.5),
        lambda: SS.hits_distribution(np.full(10_000, 20_000), 0.5),
        lambda: SS.loss_distribution(3, 0.5, 1, 0.5, 2, 0.0),
        lambda: gunfire.battle([1, 1], [1, 1], [gunfire.Fire(0, 2, 0.1, 1, 2)], 3),
        lambda: gunfire.battle([1, 1], [1, 1], [gunfire.Fire(1, 1, 0.1, 1, 2)], 3),
        lambda: gunfire.battle([1, 1], [1, 1], [gunfire.Fire(0, 1, 0.1, 3, 2)], 3),
        lambda: gunfire.battle([1, 0], [1, 1], [], 3),
        lambda: gunfire.battle([1, 1], [1, 1], [], 3, [gunfire.Pulse(0, 1, 1, 1, 2, 1)]),
        lambda: hitprobability.circular_hit_probability(1.0, 0.0),
        lambda: hitprobability.circular_hit_probability(-1.0, 1.0),
        lambda: hitprobability.elliptical_hit_probability(1.0, 1.0, 0.0),
        lambda: hitprobability.radius_for_probability_m(1.0, 1.0),
        lambda: hitprobability.cep_ring_shares([2, 1]),
        lambda: hitprobability.elliptical_cep_by_rule_m(1.0, 0.1),
        lambda: damage.carleton(1, 1, 10, 10, 0.0),
        lambda: damage.diffuse(-1.0, 1.0),
        lambda: damage.salvo_kill_probability(-1, 1, 1),
        lambda: areafire.damaged_fraction(1, 1, 0.0),
        lambda: areafire.damaged_fraction_binomial(1, 2, 1),
        lambda: areafire.damaged_fraction_binomial(1.5, 1, 2),
        lambda: areafire.rounds_needed(1.0, 1, 2),
        lambda: rounds.kill_probability(1.1, 1),
        lambda: rounds.rounds_required(0.0, 0.5),
        lambda: rounds.rounds_required(0.5, 1.0),
        lambda: rounds.single_shot_required(0.5, 0),
        lambda: shootlook.shoot_look_shoot(0.5, 2.5),
        lambda: shootlook.shots_distribution(0.5, 0),
        lambda: leakers.even_leakers(-1, 3, 0.5),
        lambda: leakers.random_leakers(10_000, 10_000_000, 0.5),
        lambda: leakers.layered_leakers(3, [0.5, 1.5]),
        lambda: W.exact_assignment([1, 2], [[0.5]]),
        lambda: W.exact_assignment(np.ones(20), np.full((20, 20), 0.5)),
        lambda: W.greedy_assignment([-1.0], [[0.5]]),
        lambda: W.surviving_value([1.0], [[0.5]], [1]),
        lambda: W.surviving_value([1.0], [[0.5]], [0, 0]),
    ],
)
def test_outside_validity_is_refused(call):
    with pytest.raises(OutsideValidityError):
        call()


def test_refusals_tell_what_to_do():
    with pytest.raises(OutsideValidityError, match=r"20 weapons at 20 targets.*greedy_assignment"):
        W.exact_assignment(np.ones(20), np.full((20, 20), 0.5))
    with pytest.raises(OutsideValidityError, match=r"y falls to zero.*ask for earlier"):
        lanchester_reinforced.reinforced_strengths(
            100, 10, 0.1, 0.1, [0, 50], start_s=[0], x_rate_per_s=0
        )
    with pytest.raises(OutsideValidityError, match=r"\(1, 1\).*2 types of X and 1 of Y"):
        lanchester_heterogeneous.heterogeneous_strengths([1, 2], [3], [[1]], [[1, 1]], 1)


def test_pages_name_every_function_and_their_examples_run(capsys):
    promised = check_page(
        "models/attrition.md",
        (
            lanchester_outcome,
            lanchester,
            lanchester_linear,
            lanchester_logarithmic,
            lanchester_mixed,
            lanchester_helmbold,
            lanchester_reinforced,
            lanchester_heterogeneous,
            lanchester_stochastic,
            salvo,
            salvo_stochastic,
            gunfire,
        ),
    )
    promised += check_page(
        "models/firing.md",
        (hitprobability, damage, areafire, rounds, shootlook, leakers, assignment, minefield),
    )
    printed = numbers(capsys.readouterr().out)
    assert printed and printed == numbers(promised)


def test_units_of_the_cases_are_known():
    assert SI["1/day"] * DAY == 1.0 and SI["troop-days"] == DAY
