"""Fire between platforms against published exchanges, and the laws that emerge from many fights."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from published_cases import CASES, hold, inputs

from startex.engine.engagement.adjudicate import RESULTS, adjudicate
from startex.engine.engagement.chances import MODELS, chances, mean_hits
from startex.engine.engagement.defence import allot
from startex.engine.engagement.fire import Fire, fire
from startex.forces.armament_tables import WeaponTable
from startex.models import lanchester, lanchester_linear
from startex.models.hitprobability import CEP_OVER_SIGMA

sys.path.insert(0, str(Path(__file__).parents[1]))
from engagement_examples import CATALOGUE, TARGETS, WEAPONS, keys, target, weapon

SHIP = CATALOGUE.index("corvette-20380")
TRUCK = CATALOGUE.index("truck-ural")
OUT = RESULTS.index("out_of_action")


# --- Hughes's salvo between ships, ship by ship -------------------------------------------------


def raid(
    attackers: int, shots: int, defenders: int, intercepts: int, **modifiers: float
) -> tuple[Fire, np.ndarray]:
    """Each ship spreads its missiles over the enemy's; the enemy's intercepts are shared out."""
    rounds = np.zeros((attackers, defenders), dtype=np.int64)
    for ship in range(attackers):
        for missile in range(shots):
            rounds[ship, (ship * shots + missile) % defenders] += 1
    shooter, at = np.nonzero(rounds)
    number = rounds[shooter, at]
    force = np.zeros(number.size, dtype=np.int64)
    share = allot(number, force, np.array([defenders * intercepts]))
    asm = WEAPONS.index("kh-35")
    return fire(asm, SHIP, number, 50e3, intercepts=share, **modifiers), at


def exact(hit: float = 1.0, reliability: float = 1.0) -> WeaponTable:
    return weapon("kh-35", hit_probability=hit, reliability=reliability, hit_weight=1.0)


@pytest.mark.parametrize("case", ["A5-15", "A5-16"])
def test_the_published_exchange_of_salvos(case: str) -> None:
    i = inputs(case)
    a_fire, _ = raid(i["A"], i["al"], i["B"], i["y"], scouting=i["sa"], intercept_chance=1.0)
    b_fire, _ = raid(i["B"], i["be"], i["A"], i["z"], scouting=i["sb"], intercept_chance=1.0)
    lost_a = mean_hits(b_fire, exact(), np.zeros(len(b_fire), int)).sum() / i["a"]
    lost_b = mean_hits(a_fire, exact(), np.zeros(len(a_fire), int)).sum() / i["b"]
    hold(
        case,
        {
            "dA": lost_a,
            "dB": lost_b,
            "A_left": max(i["A"] - lost_a, 0.0),
            "B_left": max(i["B"] - lost_b, 0.0),
        },
    )


def test_drawn_salvos_come_out_as_the_published_exchange_in_the_mean() -> None:
    # A5-15: 5 ships x 8 missiles, half of which find targets, against 2 ships that stop 4 each.
    # All 20 missiles at a ship are one raid: fewer than 4 of them finding it is rare (0.1 %).
    number = 20_000
    rows = fire(
        WEAPONS.index("kh-35"), SHIP, np.full(number, 20), 50e3,
        scouting=0.5, intercepts=4, intercept_chance=1.0,
    )  # fmt: skip
    judged = adjudicate(
        rows, np.arange(number), keys(number), 0, seed=3, weapons=exact(), signatures=TARGETS
    )
    hits = judged.hits.astype(float)
    error = hits.std(ddof=1) / np.sqrt(number)
    assert abs(hits.mean() - 12.0 / 2) < 4 * error + 0.01
    assert MODELS[judged.model[0]] == "stochastic_salvo"


def test_the_exchange_with_leakers() -> None:
    p = 0.68
    chance = exact(hit=0.7, reliability=0.9)
    red, _ = raid(12, 4, 4, 6, scouting=0.6, intercept_chance=p)
    blue, _ = raid(4, 8, 12, 2, scouting=0.6, intercept_chance=p)
    left_blue = 4 - mean_hits(red, chance, np.zeros(len(red), int)).sum() / 1.5
    left_red = 12 - mean_hits(blue, chance, np.zeros(len(blue), int)).sum() / 1.0
    hold(
        "A5-17",
        {
            "blue_fraction_left": left_blue / 4,
            "red_fraction_left": left_red / 12,
            "blue_equivalent_ships": left_blue,
            "red_equivalent_ships": left_red,
        },
    )


def test_the_stochastic_salvo() -> None:
    i = inputs("A5-18")
    number = 40_000
    rows = fire(
        WEAPONS.index("kh-35"), SHIP, np.full(number, i["shots"]), 50e3,
        intercepts=i["intercept_attempts"], intercept_chance=i["p_intercept"],
    )  # fmt: skip
    weapons = exact(hit=i["p_hit"])
    most = int(i["targets"] * i["staying_power"])
    tails = chances(rows.take(np.arange(1)), weapons, TARGETS).tails[0]
    step = 1.0 / i["staying_power"]
    k = np.arange(1, most + 1)
    mean = tails[:most].sum() * step
    square = ((2 * k - 1) * tails[:most]).sum() * step**2
    found = {"E_loss": mean, "var_loss": square - mean**2, "P_no_loss": 1 - tails[0]}
    hold("A5-18", found)
    judged = adjudicate(
        rows, np.arange(number), keys(number), 7, seed=5, weapons=weapons, signatures=TARGETS
    )
    loss = np.minimum(judged.hits * step, i["targets"])
    assert loss.mean() == pytest.approx(mean, abs=4 * loss.std() / number**0.5)
    assert (loss == 0).mean() == pytest.approx(found["P_no_loss"], abs=4 * 0.26 / number**0.5)


# --- single shots --------------------------------------------------------------------------------


def test_a_lethal_radius_and_a_cep() -> None:
    i = inputs("A5-21")
    weapons = weapon("kab-500", cep_m=i["CEP"], lethal_radius_m=i["R"], reliability=1.0)
    rows = fire(WEAPONS.index("kab-500"), TRUCK, 1, 5000)
    found = chances(rows, weapons, TARGETS)
    hold("A5-21", {"sigma": found.inputs["sigma_m"][0], "SSPK": found.p_round[0]})
    assert found.tails[0, 0] == pytest.approx(found.p_round[0])


def test_a_salvo_with_a_common_aim_error() -> None:
    i = inputs("A5-23")
    radius = i["b_lethal"] * np.sqrt(2)
    mrad = i["sigma_dispersion"] / 10.0  # at 10 km
    both = {}
    for name, common in (("no_common_error", 0.0), ("with_common", i["sigma_common"])):
        weapons = weapon(
            "2a64", lethal_radius_m=radius, dispersion_mrad=mrad, dispersion_range_mrad=mrad,
            cep_m=common * CEP_OVER_SIGMA, aim_error_mrad=0.0,
        )  # fmt: skip
        found = chances(fire(WEAPONS.index("2a64"), TRUCK, i["n"], 10e3), weapons, TARGETS)
        both[f"P1_{name}"] = found.p_round[0]
        both[f"Pn_{name}"] = found.tails[0, 0]
    hold("A5-23", {**both, "lethal_area": np.pi * radius**2})


def test_fire_into_an_area() -> None:
    i = inputs("A5-25")
    weapons = weapon("2a64", lethal_radius_m=np.sqrt(i["lethal_area"] / np.pi))
    rows = fire(WEAPONS.index("2a64"), TRUCK, i["n"], 10e3, target_area_m2=i["target_area"])
    found = chances(rows, weapons, TARGETS)
    expected = CASES["A5-25"]["expected"]["f_exponential"]["value"]
    assert found.tails[0, 0] == pytest.approx(expected, rel=1e-6)
    assert MODELS[found.model[0]] == "area_fire"


def test_rounds_for_a_chance() -> None:
    i = inputs("A5-26")
    weapons = weapon("9m317", hit_probability=i["p"])
    aim = CATALOGUE.index("su-34")
    found = chances(fire(WEAPONS.index("9m317"), aim, [6, 7], 20e3), weapons, TARGETS)
    assert found.tails[0, 0] < i["P_required"] <= found.tails[1, 0]


def test_shoot_look_shoot() -> None:
    i, number = inputs("A5-27"), 20_000
    weapons = weapon("9m317", hit_probability=i["p"])
    aim = CATALOGUE.index("su-34")
    rows = fire(WEAPONS.index("9m317"), aim, np.full(number, i["n_max"]), 20e3)
    judged = adjudicate(
        rows, np.arange(number), keys(number), 0, seed=2, weapons=weapons, signatures=TARGETS,
        look=True,
    )  # fmt: skip
    assert judged.p_out[0] == pytest.approx(0.936)
    shots = judged.rounds.astype(float)
    assert shots.mean() == pytest.approx(1.56, abs=4 * shots.std() / number**0.5)
    # a geometric number of shots, cut off
    for n, share in ((1, 0.6), (2, 0.24), (3, 0.16)):
        assert (shots == n).mean() == pytest.approx(share, abs=0.014)
    assert set(judged.hits.tolist()) == {0, 1}
    assert (judged.rounds[judged.hits == 0] == 3).all()


# --- laws of attrition that emerge from many fights ---------------------------------------------


FIGHTS = 60
STEPS = 60


def teams(x0: int, y0: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of many fights side by side: alive, shape (fights, strength)."""
    return np.ones((FIGHTS, x0), dtype=bool), np.ones((FIGHTS, y0), dtype=bool)


def confidence(found: np.ndarray, expected: float) -> None:
    """Assert that an expectation lies within 4 standard errors of the mean of fights."""
    error = found.std(ddof=1) / np.sqrt(found.size)
    assert abs(found.mean() - expected) < 4 * error, (found.mean(), expected, error)


def test_the_square_law_emerges_from_aimed_fire_of_many_teams() -> None:
    x0, y0, a, b, burst_s = 100, 80, 0.006, 0.006, 1.0
    squad = CATALOGUE.index("rifle-squad")
    alone = target("rifle-squad", hits=1.0)
    chance = np.random.default_rng(4)
    x, y = teams(x0, y0)
    for step in range(STEPS):
        plans = []
        for own, enemy, rate in ((x, y, b), (y, x, a)):  # all read one state
            fight, shooter = np.nonzero(own)
            some = enemy.any(axis=1)[fight]
            fight, shooter = fight[some], shooter[some]
            pick = (chance.random(fight.size) * enemy.sum(axis=1)[fight]).astype(int)
            aim = np.argsort(~enemy, axis=1, kind="stable")[fight, pick]
            rows = fire(
                WEAPONS.index("rifle"), squad, 12, 0.0, duration_s=np.full(fight.size, burst_s)
            )
            key = (fight * 1000 + shooter + (0 if own is x else 1_000_000)).astype(np.uint64)
            judged = adjudicate(
                rows, fight * enemy.shape[1] + aim, key,
                step, seed=9, weapons=weapon("rifle", attrition_per_s=rate), signatures=alone,
            )  # fmt: skip
            plans.append((enemy, fight, aim, judged.result == OUT))
        for enemy, fight, aim, out in plans:
            enemy[fight[out], aim[out]] = False
    time_s = STEPS * burst_s
    law = lanchester.square_strengths(x0, y0, a, b, time_s)
    assert law.x < 0.85 * x0  # a good part of both has gone
    assert law.y < 0.7 * y0
    confidence(x.sum(axis=1), float(law.x))
    confidence(y.sum(axis=1), float(law.y))
    other = lanchester_linear.linear_strengths(x0, y0, a / x0, b / y0, time_s)
    error = y.sum(axis=1).std(ddof=1) / np.sqrt(FIGHTS)
    assert abs(y.sum(axis=1).mean() - float(other.y)) > 4 * error  # so they differ


def test_the_linear_law_emerges_from_area_fire_of_many_guns() -> None:
    x0, y0, area_m2, radius_m = 90, 60, 250_000.0, 4.0
    weapons = weapon("2a64", lethal_radius_m=radius_m)
    share = np.pi * radius_m**2 / area_m2  # of the area, a round
    gun = CATALOGUE.index("truck-ural")  # not armoured: fragments will do
    x, y = teams(x0, y0)
    for step in range(40):  # a round a step from each
        plans = []
        for own, enemy in ((x, y), (y, x)):
            fight, aim = np.nonzero(enemy)
            rows = fire(
                WEAPONS.index("2a64"), gun, 1, 10e3, target_area_m2=area_m2,
            ).take(np.zeros(fight.size, dtype=np.int64))  # fmt: skip
            rows = replace(rows, rounds=own.sum(axis=1)[fight])
            side = 0 if own is x else 1_000_000
            judged = adjudicate(
                rows, np.arange(fight.size), (fight * 1000 + aim + side).astype(np.uint64), step,
                seed=9, weapons=weapons, signatures=TARGETS,
            )  # fmt: skip
            plans.append((enemy, fight, aim, judged.result == OUT))
        for enemy, fight, aim, out in plans:
            enemy[fight[out], aim[out]] = False
    law = lanchester_linear.linear_strengths(x0, y0, share, share, 40.0)
    assert law.y < 0.7 * y0
    confidence(x.sum(axis=1), float(law.x))
    confidence(y.sum(axis=1), float(law.y))
    other = lanchester.square_strengths(x0, y0, share * x0, share * y0, 40.0)
    error = y.sum(axis=1).std(ddof=1) / np.sqrt(FIGHTS)
    assert abs(y.sum(axis=1).mean() - float(other.y)) > 4 * error
