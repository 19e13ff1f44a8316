"""Adjudication row by row, and the component that owns magazines and hits."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from startex.engine.engagement.adjudicate import RESULTS, adjudicate, explain, settle
from startex.engine.engagement.chances import BARS, MODELS, chances
from startex.engine.engagement.defence import allot, defence_of
from startex.engine.engagement.fire import fire
from startex.engine.engagement.tails import binomial_tails, burst_tails, drawn, poisson_tails
from startex.forces.armament_figures import DOMAINS, WEAPON_KINDS
from startex.recording import tables

sys.path.insert(0, str(Path(__file__).parents[2]))
from engagement_examples import (
    ARMAMENT,
    CATALOGUE,
    TARGETS,
    WEAPONS,
    engagement,
    keys,
    weapon,
)

W, T = WEAPONS.index, CATALOGUE.index
MISS, HIT, OUT, DESTROYED = (
    RESULTS.index(word) for word in ("miss", "hit", "out_of_action", "target_destroyed")
)


# --- distributions ---------------------------------------------------------------------------


def test_tails_of_independent_rounds_and_of_rates() -> None:
    tails = binomial_tails(np.array([2, 0, 1]), np.array([0.5, 0.5, 1.0]))
    assert tails == pytest.approx(np.array([[0.75, 0.25], [0, 0], [1, 0]]))
    rate = poisson_tails(np.array([0.0, 1.0]))
    assert rate[0].max() == 0
    assert rate[1, :2] == pytest.approx([1 - np.exp(-1), 1 - 2 * np.exp(-1)])
    assert drawn(tails, np.array([0.2, 0.0, 0.99])).tolist() == [2, 0, 1]


@pytest.mark.parametrize(
    ("rounds", "half", "aim", "spread"),
    [(8, 1.0, 0.7, 0.9), (10, 4, 20, 12), (1, 1, 1, 1), (30, 2, 1.5, 1)],
)  # fmt: skip
def test_rounds_of_a_burst_share_their_aim(rounds, half, aim, spread) -> None:
    single, tails = burst_tails(
        np.array([rounds]), *(np.array([float(value)]) for value in (half, aim, spread))
    )  # fmt: skip
    assert tails.sum() == pytest.approx(rounds * single[0], rel=2e-3)  # mean hits
    chance = np.random.default_rng(1)
    number = 40_000
    off = chance.normal(0, aim, (number, 1, 2)) + chance.normal(0, spread, (number, rounds, 2))
    hits = (np.abs(off) <= half).all(axis=2).sum(axis=1)
    for k in (1, 2, rounds):
        if k <= rounds:
            share = (hits >= k).mean()
            assert tails[0, k - 1] == pytest.approx(share, abs=4 * 0.5 / number**0.5)
    if rounds > 1:  # sharing the aim makes a hit by any of them less likely
        assert tails[0, 0] < 1 - (1 - single[0]) ** rounds


def test_every_shipped_burst_has_the_mean_of_its_rounds() -> None:
    guns = np.flatnonzero(
        np.isin(WEAPONS.kind, [WEAPON_KINDS.index("gun"), WEAPON_KINDS.index("tank_gun")])
    )
    far = 0.5 * WEAPONS.max_range_m[guns]
    rounds = WEAPONS.rounds_per_salvo[guns].astype(int)
    single, tails = burst_tails(
        rounds, np.full(guns.size, 1.2), WEAPONS.aim_error_mrad[guns] * 1e-3 * far,
        WEAPONS.dispersion_mrad[guns] * 1e-3 * far,
    )  # fmt: skip
    assert tails.sum(axis=1) == pytest.approx(rounds * single, rel=5e-3)


# --- chances ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shot", "others", "bar"),
    [
        (("2a46", "su-35s", 1, 1000), {}, "not_meant_for_it"),
        (("9m119", "t-80", 1, 50), {}, "too_near"),
        (("2a46", "t-80", 1, 3001), {}, "too_far"),
        (("igla", "tu-95ms", 1, 5000), {"target_altitude_m": 9000}, "too_high"),
        (("2a46", "t-80", 1, 2000), {"visibility_m": 1500}, "not_seen"),
        (("2a42", "t-80", 8, 1000), {}, "armour_holds"),
        (("rifle", "bmp-2", 12, 100), {}, "armour_holds"),
        (("2a46", "t-80", 0, 1000), {}, "no_rounds"),
        (("2a46", "t-80", 1, 1000), {}, ""),
        (("ak-176", "missile-boat-12411", 12, 9000), {"visibility_m": 500}, ""),  # radar-laid
        (("igla", "ka-52", 1, 4000), {"target_altitude_m": 300}, ""),
        (("sweep", "target-floating-mine", 0, 100), {}, ""),  # takes no rounds
    ],
)
def test_what_bars_a_shot(shot, others, bar) -> None:
    name, at, rounds, far = shot
    found = chances(fire(W(name), T(at), rounds, far, **others), WEAPONS, TARGETS)
    assert BARS[found.bar[0]] == bar
    assert (found.tails[0, 0] > 0) == (bar == "")
    assert (MODELS[found.model[0]] == "none") == (bar != "")


def test_every_weapon_has_a_chance_against_all_it_is_meant_for() -> None:
    size = np.array([TARGETS.armour_m > 0])[0]
    for row, name in enumerate(WEAPONS.id):
        far = 0.5 * (WEAPONS.min_range_m[row] + WEAPONS.max_range_m[row])
        rounds = int(np.nan_to_num(WEAPONS.rounds_per_salvo[row]))
        for code in np.flatnonzero(WEAPONS.against[row, : len(DOMAINS)]):
            soft = np.flatnonzero((TARGETS.domain == code) & ~size)
            found = chances(fire(row, soft, rounds, far), WEAPONS, TARGETS)
            assert (found.bar == 0).all(), name
            assert (found.tails[:, 0] > 0).all(), (name, DOMAINS[code])
            assert (found.tails[:, 0] <= 1).all(), name
            assert (np.diff(found.tails, axis=1) <= 1e-12).all(), name
            assert (found.p_round > 0).all(), name


@pytest.mark.parametrize(
    ("name", "at", "rounds", "near", "far"),
    [
        ("rifle", "rifle-squad", 12, 100, 300), ("2a46", "t-80", 1, 800, 2500),
        ("ak-176", "corvette-20380", 12, 3000, 12_000), ("2a64", "truck-ural", 6, 6000, 20_000),
        ("gsh-301", "su-25sm", 30, 300, 1500), ("rocket-122", "truck-ural", 40, 6000, 20_000),
    ],
)  # fmt: skip
def test_farther_is_no_better(name, at, rounds, near, far) -> None:
    found = chances(fire(W(name), T(at), rounds, [near, far]), WEAPONS, TARGETS)
    assert found.tails[0, 0] > found.tails[1, 0]


def test_modifiers_lessen_the_chance() -> None:
    def chance(name: str, at: str, rounds: int, far: float, **others: float) -> float:
        rows = fire(W(name), T(at), rounds, far, **others)
        return float(chances(rows, WEAPONS, TARGETS).tails[0, 0])

    gun = ("ak-176", "missile-boat-12411", 12, 8000.0)
    assert chance(*gun, sea_state=6) < chance(*gun) == chance(*gun, sea_state=2)
    asm = ("kh-35", "corvette-20380", 4, 60e3)
    for worse in ({"scouting": 0.5}, {"intercepts": 2, "intercept_chance": 0.7}):
        assert chance(*asm, **worse) < chance(*asm)
    defended = {"intercepts": 4, "intercept_chance": 0.7}
    assert chance(*asm, **defended) < chance(*asm, **defended, readiness=0.5) < chance(*asm)
    fish = ("torpedo-air", "submarine-636", 1, 1000.0)
    assert chance(*fish, position_error_m=2000) < chance(*fish)
    shells = ("2a64", "truck-ural", 6, 12e3)
    assert chance(*shells, position_error_m=200) < chance(*shells)
    assert chance("2a64", "t-80", 6, 12e3) < chance(*shells)  # fragments do nothing to a tank
    assert chance("rifle", "rifle-squad", 12, 200, firers=1, duration_s=10) < chance(
        "rifle", "rifle-squad", 12, 200, firers=6, duration_s=10
    )


def test_a_lethal_radius_does_not_sink_a_ship() -> None:
    near, on_land = (
        chances(fire(W("kab-500"), T(at), 1, 4000), WEAPONS, TARGETS)
        for at in ("landing-ship-775", "truck-ural")
    )
    assert np.isfinite(near.worth[0])
    assert np.isinf(on_land.worth[0])


@pytest.mark.parametrize(
    ("column", "value"),
    [("rounds", -1), ("rounds", 1.5), ("sea_state", 10), ("scouting", 1.1), ("range_m", -1.0),
     ("intercepts", 0.5), ("damage", np.nan)],
)  # fmt: skip
def test_rows_that_cannot_be_are_refused(column, value) -> None:
    given = {"rounds": 1, "range_m": 1000.0, column: value}
    with pytest.raises(ValueError, match=column):
        fire(W("2a46"), T("t-80"), **given)


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(TypeError, match="sea_stat"):
        fire(W("2a46"), T("t-80"), 1, 1000, sea_stat=3)


# --- draws and results -----------------------------------------------------------------------


def _mixed(number: int = 60):
    names = ["2a46", "9m119", "2a64", "kh-35", "rifle", "ak-176"]
    aims = ["t-80", "bmp-2", "truck-ural", "corvette-20380", "rifle-squad", "missile-boat-12411"]
    far = [1500.0, 2500, 12e3, 60e3, 150, 6000]
    rounds = [1, 1, 6, 4, 12, 24]
    pick = np.arange(number) % 6
    return fire(
        np.array([W(n) for n in names])[pick], np.array([T(n) for n in aims])[pick],
        np.array(rounds)[pick], np.array(far)[pick], duration_s=10.0,
    )  # fmt: skip


def test_a_row_does_not_depend_on_the_others() -> None:
    rows = _mixed()
    aim, key = np.arange(60) // 2, keys(60)
    kept = {"seed": 4, "weapons": WEAPONS, "signatures": TARGETS}
    whole = adjudicate(rows, np.arange(60), key, 3, **kept)
    for row in range(0, 60, 7):
        at = np.array([row])
        alone = adjudicate(rows.take(at), at, key[at], 3, **kept)
        for name in ("probability", "p_round", "p_out", "draw", "hits", "result", "damage"):
            assert getattr(alone, name)[0] == getattr(whole, name)[row], (name, row)
    turned = np.arange(60)[::-1]
    back = adjudicate(rows.take(turned), turned, key[turned], 3, **kept)
    assert (back.hits[::-1] == whole.hits).all()
    other = adjudicate(rows, aim, key, 4, **kept)
    assert (other.draw != whole.draw).all()


def test_draws_follow_the_chances() -> None:
    number = 20_000
    rows = fire(W("ak-176"), T("missile-boat-12411"), np.full(number, 24), 6000)
    found = adjudicate(
        rows, np.arange(number), keys(number), 0, seed=1, weapons=WEAPONS, signatures=TARGETS
    )
    error = 4 * 0.5 / number**0.5
    assert (found.hits > 0).mean() == pytest.approx(found.probability[0], abs=error)
    assert (found.result == OUT).mean() == pytest.approx(found.p_out[0], abs=error)
    assert ((found.draw < found.probability) == (found.hits > 0)).all()
    mean = 24 * found.p_round[0]
    assert found.hits.mean() == pytest.approx(mean, abs=4 * found.hits.std() / number**0.5 + 0.005)


def test_hits_of_several_firers_add_up_in_the_order_of_rows() -> None:
    result, after = settle(
        np.array([7, 3, 7, 7, 3]), np.array([1, 1, 0, 2, 1]), np.array([1.0, np.inf, 1, 1, 1]),
        np.array([0.5, 0, 0.5, 0.5, 0]), np.array([3.0, 1, 3, 3, 1]),
    )  # fmt: skip
    assert result.tolist() == [HIT, OUT, MISS, OUT, HIT]
    assert after.tolist() == [1.5, 1, 1.5, 3.5, 2]


def test_what_is_out_of_action_is_not_put_out_again() -> None:
    result, _ = settle(
        np.array([1]), np.array([1]), np.array([1.0]), np.array([1.0]), np.array([1.0])
    )
    assert result.tolist() == [HIT]


def test_no_rows_are_no_shots() -> None:
    rows = _mixed().take(np.array([], dtype=int))
    judged = adjudicate(
        rows, np.array([], int), keys(0), 0, seed=1, weapons=WEAPONS, signatures=TARGETS
    )
    assert judged.hits.size == 0
    assert explain(rows, judged, WEAPONS, TARGETS) == []


def test_every_row_is_explained_and_can_be_judged_again_from_that() -> None:
    rows = replace(_mixed(), sea_state=np.full(60, 5.0))
    judged = adjudicate(
        rows, np.arange(60), keys(60), 0, seed=1, weapons=WEAPONS, signatures=TARGETS
    )
    for row, text in enumerate(explain(rows, judged, WEAPONS, TARGETS)):
        told = json.loads(text)
        assert told["model"] == MODELS[judged.model[row]]
        assert told["weapon"] == WEAPONS.id[rows.weapon[row]]
        assert told["inputs"]["range_m"] == rows.range_m[row]
        assert told["modifiers"]["sea_state"] == 5
        assert (told["draw"] < told["p_hit"]) == (told["hits"] > 0)
        assert told["result"] == RESULTS[judged.result[row]]
        assert told["hits_after"] == pytest.approx(judged.damage[row], rel=1e-6)


# --- defence ---------------------------------------------------------------------------------


def test_defensive_power_follows_from_the_fits() -> None:
    power = defence_of(ARMAMENT)
    ship = T("asw-1155")  # two Kinzhal of four channels, four guns
    assert power.intercepts[ship] == 2 * 4 + 4
    assert power.chance[ship] == pytest.approx((8 * (1 - 0.3**2) + 4 * 0.4) / 12)
    assert power.intercepts[T("merchant-ship")] == 0


def test_intercepts_are_shared_out_whole() -> None:
    got = allot(np.array([4, 4, 2, 0, 5]), np.array([0, 0, 0, 1, 1]), np.array([5, 3]))
    assert got.tolist() == [2, 2, 1, 0, 3]
    got = allot(np.array([1, 1, 1]), np.array([0, 0, 0]), np.array([2]))
    assert got.tolist() == [1, 1, 0]
    assert allot(np.array([0]), np.array([0]), np.array([2])).tolist() == [0]


# --- the component ---------------------------------------------------------------------------


def test_rounds_are_taken_and_hits_are_kept() -> None:
    field = engagement("t-80", "t-80", "bmp-2")
    one, gun = np.array([0]), np.array([W("2a46")])
    shots = 0
    while not field.out_of_action(np.array([2]))[0]:
        columns, _ = field.fire(1000 * shots, one, gun, np.array([2]), np.array([2500.0]))
        shots += 1
        assert columns["rounds"].tolist() == [1]
    slot = field.magazine.slot(0, W("2a46"))
    assert field.magazine.on_hand[slot] == 35 - shots
    assert columns["result"] == ["out_of_action"]
    assert field.shots.tolist() == [shots, 0, 0]
    field.reset(np.array([2]))
    assert not field.out_of_action(np.array([2]))[0]


def test_who_is_out_of_action_or_without_rounds_fires_nothing() -> None:
    field = engagement("t-80", "t-80")
    field.damage[0] = 1.0
    pair, gun = np.array([0, 1]), np.full(2, W("2a46"))
    field.magazine.on_hand[field.magazine.slot(1, W("2a46"))] = 0
    columns, judged = field.fire(0, pair, gun, pair[::-1], np.full(2, 1000.0))
    assert columns["rounds"].tolist() == [0, 0]
    assert [BARS[code] for code in judged.bar] == ["no_rounds"] * 2
    assert (judged.result == MISS).all()


def test_those_who_fire_in_one_instant_read_one_state() -> None:
    sure = replace(ARMAMENT, weapons=weapon("2a46", aim_error_mrad=0.0, dispersion_mrad=0.0))
    field = engagement("t-80", "t-80", armament=sure)
    pair, gun = np.array([0, 1]), np.full(2, W("2a46"))
    columns, _ = field.fire(0, pair, gun, pair[::-1], np.full(2, 1000.0))
    assert columns["result"] == ["out_of_action"] * 2


def test_a_target_on_a_range_is_destroyed() -> None:
    sure = replace(ARMAMENT, weapons=weapon("2a46", aim_error_mrad=0.0, dispersion_mrad=0.0))
    field = engagement("t-80", "target-armour", armament=sure)
    columns, judged = field.fire(
        0, np.array([0]), np.array([W("2a46")]), np.array([1]), np.array([1000.0]), serial="range-1"
    )
    assert judged.result.tolist() == [DESTROYED]
    assert columns["serial"] == ["range-1"]


def test_fire_that_falls_on_several_targets_takes_its_rounds_once() -> None:
    field = engagement("2s19", "truck-ural", "truck-ural", "truck-ural")
    three, gun = np.zeros(3, dtype=int), np.full(3, W("2a64"))
    columns, judged = field.fire(
        0, three, gun, np.array([1, 2, 3]), np.full(3, 12e3), rounds=np.array([8, 0, 0]),
        shares=np.array([-1, 0, 0]), target_area_m2=40_000.0,
    )  # fmt: skip
    assert columns["rounds"].tolist() == [8, 0, 0]
    assert judged.probability[0] == judged.probability[1] > 0
    assert len(set(judged.draw.tolist())) == 3
    assert field.magazine.fired.sum() == 8


def test_who_looks_saves_rounds() -> None:
    sure = replace(ARMAMENT, weapons=weapon("9m331", hit_probability=1.0))
    field = engagement("tor-telar", "su-25sm", armament=sure)
    columns, _ = field.fire(
        0, np.array([0]), np.array([W("9m331")]), np.array([1]), np.array([6000.0]),
        rounds=np.array([4]), look=True, target_altitude_m=2000.0,
    )  # fmt: skip
    assert columns["rounds"].tolist() == [1]
    assert columns["result"] == ["out_of_action"]
    assert field.magazine.on_hand[field.magazine.slot(0, W("9m331"))] == 7


def test_a_team_fires_with_those_it_has_left() -> None:
    field = engagement("rifle-squad", "rifle-squad")
    one, rifle = np.array([0]), np.array([W("rifle")])
    assert field.salvo(one, rifle).tolist() == [6 * 12]
    field.damage[0] = 0.5 * field.signatures.hits[T("rifle-squad")]
    assert field.salvo(one, rifle).tolist() == [5 * 12]  # one man and a bit of seven hit


def test_a_force_without_weapons_fires_nothing() -> None:
    field = engagement("truck-ural", "merchant-ship")
    one, gun, other = np.array([0]), np.array([W("2a46")]), np.array([1])
    assert field.choose(one, other, np.array([500.0]))[0].tolist() == [-1]
    columns, judged = field.fire(0, one, gun, other, np.array([500.0]))
    assert columns["rounds"].tolist() == [0]
    assert judged.result.tolist() == [MISS]


def test_the_best_weapon_is_chosen() -> None:
    field = engagement("bmp-2", "t-80", "truck-ural", "su-35s", "asw-1155", "submarine-636")
    shooter = np.array([0, 0, 0, 0, 4, 4])
    aim = np.array([1, 2, 3, 1, 5, 3])
    far = np.array([2000.0, 800, 2000, 90_000, 4000, 8000])
    best, chance = field.choose(shooter, aim, far, target_altitude_m=3000.0)
    names = [WEAPONS.id[w] if w >= 0 else None for w in best]
    assert names[0] == "9m113"  # the gun does not get through
    assert names[1] in ("2a42", "9m113")
    assert names[3] is None  # out of reach
    assert names[4] in ("85ru", "torpedo-533", "rbu-6000")
    assert names[5] in ("kinzhal", "ak-100")
    assert (chance[best < 0] == 0).all()


def test_weapons_that_are_held_are_passed_over_until_they_are_free() -> None:
    field = engagement("asw-1155", "submarine-636")
    one, other, near = np.array([0]), np.array([1]), np.array([3000.0])
    charges = WEAPONS.kind == WEAPON_KINDS.index("depth_charge")
    field.magazine.hold([0], ~charges)
    held = [WEAPONS.id[field.choose(one, other, near)[0][0]], field.farthest_m(one, 1)[0]]
    field.magazine.hold([0], np.zeros(charges.size, dtype=np.bool_))
    free = [WEAPONS.id[field.choose(one, other, near)[0][0]], field.farthest_m(one, 1)[0]]
    assert held[0] == "rbu-6000"
    assert free[0] != "rbu-6000"
    assert held[1] < free[1]


def test_a_defence_spends_its_rounds() -> None:
    field = engagement("asw-1155", "corvette-20380", "merchant-ship")
    tries, chance, spent = field.defend(np.array([0, 0, 0]), np.array([0, 1, 2]), np.array([6]))
    assert tries.tolist() == [6]
    assert 0.3 < chance[0] < 1
    assert spent["rounds"].sum() == field.magazine.fired.sum() > 0
    box = field.magazine
    assert (box.issued == box.on_hand + box.fired).all()
    box.on_hand[:] = 0
    tries, chance, _ = field.defend(np.array([0]), np.array([0]), np.array([6]))
    assert (tries.tolist(), chance.tolist()) == ([0], [0.0])


def test_shots_are_rows_of_the_store() -> None:
    field = engagement("2s19", "t-80", "truck-ural", "bmp-2")
    first, _ = field.fire(
        5, np.array([0, 1]), np.array([W("2a64"), W("2a46")]), np.array([2, 3]),
        np.array([12e3, 1500.0]), serial="s1", cause=7,
    )  # fmt: skip
    second, _ = field.fire(6, np.array([0]), np.array([W("2a64")]), np.array([2]), np.array([12e3]))
    table = tables.conform("shots", pa.concat_tables(
        pa.Table.from_pydict(columns).cast(_nullable(columns)) for columns in (first, second)
    ))  # fmt: skip
    assert table["shot"].to_pylist() == [0, 1, 2]
    assert table["serial"].to_pylist() == ["s1", "s1", None]
    assert table["cause"].to_pylist() == [7, 7, None]
    assert table["rounds"].to_pylist() == [1, 1, 1]


def _nullable(columns: dict[str, object]) -> pa.Schema:
    schema = pa.Table.from_pydict(columns).schema
    for name, kind in (("serial", pa.string()), ("cause", pa.int64())):
        schema = schema.set(schema.get_field_index(name), pa.field(name, kind))
    return schema


def test_the_python_of_the_page_runs_and_prints_what_it_says(capsys) -> None:
    page = (Path(__file__).parents[3] / "docs" / "engagement.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert blocks
    space: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "docs/engagement.md", "exec"), space)  # the page is ours
    printed = capsys.readouterr().out
    for words in re.findall(r"print\(.*\)  # (.*)", "\n".join(blocks)):
        assert words in printed
    for model in MODELS[1:]:
        assert f"`{model}`" in page
