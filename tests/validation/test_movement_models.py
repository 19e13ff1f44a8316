"""The movement models against published figures, kept in tests/authorities/cases.json."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import published_cases
import pytest
from published_cases import SI, hold, inputs, runners

from startex.foundation.errors import OutsideValidityError
from startex.models import airdrop, crossing, flight, march, rail, shipfuel, shiptoshore

CASES = [case for case in published_cases.CASES if case == "A1-13" or case.startswith("A2-")]


def run_a1_13(i):
    turn = flight.level_turn(i["V"], i["bank"])
    return {
        "radius": turn.radius_m,
        "rate": turn.rate_deg_s,
        "load_factor": turn.load_factor,
        "radius_ft_rule_11p26": flight.turn_radius_by_rule_m(i["V"], i["bank"]),
    }


def run_a2_01(i):
    space = march.road_space_m(i["vehicles"], 1.0 / i["density"], i["rate"], i["gaps"])
    return {"road_space": space, "pass_time": march.pass_time_s(space, i["rate"])}


def run_a2_02(i):
    return {"pass_time": march.pass_time_s(i["road_space"], i["rate"])}


def run_a2_03(i):
    return {"per_column": march.shared_road_space_m(i["occupied"], i["gaps"], i["routes"])}


def run_a2_04(i):
    gaps = march.gap_time_s(
        i["march_units"],
        i["serials"],
        march_unit_gap_s=i["gap_between_march_units"],
        serial_gap_s=i["extra_gap_between_serials"],
    )
    table = march.march_table(
        vehicles=i["vehicles"],
        spacing_m=1.0 / i["density"],
        speed_m_s=i["rate"],
        distance_m=i["distance"],
        start_s=i["head_passes_SP"],
        halts_s=i["scheduled_halts"],
        gaps_s=gaps,
    )
    return {
        "pass_time": table.pass_time_s,
        "road_space": table.road_space_m,
        "head_arrives_RP": table.head_arrives_s,
        "tail_clears_RP": table.tail_clears_s,
    }


def run_a2_05(i):
    raw = rail.train_density_per_day(i["passing_tracks"], i["speed"], i["division_length"])
    return {"TD_raw": raw, "TD": rail.whole_trains(raw)}


def run_a2_06(i):
    load = rail.net_trainload(i["GTL"], i["payload_fraction"])
    return {"NTL": load, "NDT": rail.division_tonnage_per_day(load, i["TD"])}


def run_a2_07(i):
    assert i["knots_to_mps"] == airdrop.ROUNDED_KNOT_M_S
    return {
        "R": airdrop.ground_speed_m_s(i["speed"]),
        "seconds": airdrop.usable_time_s(i["length"], i["speed"], i["buffer"]),
        "jumpers_per_pass": airdrop.jumpers_per_pass(i["length"], i["speed"], i["buffer"]),
    }


def run_a2_08(i):
    assert i["K"] == airdrop.Load.PERSONNEL.value
    return {"drift": airdrop.drift_m(i["altitude"], i["wind"])}


def run_a2_09(i):
    return {"V_new": shipfuel.speed_for_fuel_m_s(i["fuel_new"], i["fuel_ref"], i["V_ref"])}


def run_a2_10(i):
    knot = SI["kt"]
    return {
        "power_ratio": shipfuel.power_ratio(i["V_new"], i["V_ref"]),
        "power_ratio_19_over_15": shipfuel.power_ratio(19 * knot, 15 * knot),
    }


def run_a2_11(i):
    rest = (i["tsfc"], i["L_over_D"], i["W_initial"], i["W_final"])
    return {
        "range": flight.breguet_jet_range_m(i["V"], *rest),
        "endurance": flight.breguet_jet_endurance_s(*rest),
    }


def run_a2_12(i):
    cycle = shiptoshore.cycle_s(
        i["distance"], i["speed_out"], i["speed_back"], i["load_time"], i["unload_time"]
    )
    trips = shiptoshore.trips(i["loads"], i["craft"])
    last = shiptoshore.last_touchdown_s(trips, cycle, i["load_time"], i["distance"], i["speed_out"])
    return {
        "cycle": cycle,
        "trips": trips,
        "last_touchdown_after_first_loading_starts": last,
        "all_unloaded": last + i["unload_time"],
    }


def run_a2_13(i):
    last = shiptoshore.wave_touchdown_s(i["H_hour"], i["interval"], i["waves"])
    return {"last_wave_touchdown": last}


def run_a2_14(i):
    trip = crossing.raft_round_trip_s(i["gap"], i["raft_speed"], i["load"], i["unload"])
    return {
        "raft_round_trip": trip,
        "trips_per_hour": 1.0 / trip,
        "raft_clear_time": crossing.raft_clear_time_s(
            i["vehicles"], i["rafts"], i["capacity"], trip
        ),
        "bridge_clear_time": crossing.bridge_clear_time_s(
            i["vehicles"], i["bridge_rate"], i["bridge_build"]
        ),
    }


RUNNERS = runners(globals())


def test_every_case_has_a_runner():
    assert sorted(RUNNERS) == sorted(CASES)


@pytest.mark.parametrize("case", sorted(CASES))
@pytest.mark.parametrize("shape", [(), (3,), (2, 0), (2, 2)])
def test_published_figure(case, shape):
    """The same figures come out for scalars and for arrays of any shape."""
    given = {name: np.full(shape, value) for name, value in inputs(case).items()}
    if shape == ():
        given = inputs(case)
    elif case in ("A2-07", "A2-08"):  # these two compare an input with a constant
        given |= {name: inputs(case)[name] for name in ("K", "knots_to_mps") if name in given}
    results = RUNNERS[case](given)
    for name, result in results.items():
        if shape and name != "power_ratio_19_over_15":
            assert np.shape(result) == shape, name
    hold(case, results)


@pytest.mark.parametrize(
    "call",
    [
        lambda: march.road_space_m([10, -1], 50.0),
        lambda: march.road_space_m(10.5, 50.0),
        lambda: march.pass_time_s(1000.0, 0.0),
        lambda: march.gap_time_s(1, 2),
        lambda: march.march_table(
            vehicles=1, spacing_m=50, speed_m_s=[1, np.nan], distance_m=1, start_s=0
        ),
        lambda: rail.train_density_per_day(-1, 10.0, 1e5),
        lambda: rail.train_density_per_day(3, 10.0, 0.0),
        lambda: rail.net_trainload(800.0, 1.2),
        lambda: rail.trains_needed(100.0, 10, 0.0, 10),
        lambda: rail.load_in_order([10.0, 900.0], 0, 800.0, 10),
        lambda: rail.load_in_order([10.0, 90.0], [0, 11], 800.0, 10),
        lambda: rail.loading_time_s(10, 0, 60.0),
        lambda: airdrop.jumpers_per_pass(750.0, 300.0),
        lambda: airdrop.drift_m(4000.0, 5.0),
        lambda: airdrop.drift_m(400.0, 25.0),
        lambda: airdrop.descent_rate_m_s(0.0, 50.0),
        lambda: airdrop.descent_time_s(-1.0, 5.0),
        lambda: shiptoshore.cycle_s(1e4, 5.0, 0.0, 60.0, 60.0),
        lambda: shiptoshore.trips(3, 0),
        lambda: shiptoshore.wave_touchdown_s(0.0, 300.0, 0),
        lambda: crossing.raft_round_trip_s(100.0, -1.0, 60.0, 60.0),
        lambda: crossing.bridge_clear_time_s(10, np.inf),
        lambda: flight.level_turn(100.0, 89.0),
        lambda: flight.breguet_jet_range_m(200.0, 2e-4, 15.0, 5e4, 6e4),
        lambda: flight.profile(
            distance_m=1e5, altitude_m=1e3, climb_m_s=0, descent_m_s=5, cruise_speed_m_s=100
        ),
        lambda: shipfuel.power_ratio(2.0, 10.0),
        lambda: shipfuel.power_ratio(16.0, 10.0),
    ],
)
def test_outside_validity_is_refused(call):
    with pytest.raises(OutsideValidityError):
        call()


def test_refusal_tells_value_name_and_limits():
    with pytest.raises(OutsideValidityError, match=r"speed_m_s is -2 \(2 such values\).*above 0"):
        march.pass_time_s(1000.0, [5.0, -2.0, -3.0])


def test_trains_are_filled_in_order_and_no_load_is_split():
    rng = np.random.default_rng(3)
    length, persons = rng.uniform(5, 25, 400), rng.integers(0, 12, 400)
    train = rail.load_in_order(length, persons, 800.0, 150)
    assert train[0] == 0 and set(np.diff(train)) <= {0, 1}
    used_m, used = np.bincount(train, length), np.bincount(train, persons)
    assert (used_m <= 800.0 + 1e-6).all() and (used <= 150).all()
    heads = np.flatnonzero(np.diff(train)) + 1
    for number, head in enumerate(heads):  # the next load would not have fitted
        assert used_m[number] + length[head] > 800.0 or used[number] + persons[head] > 150
    assert train[-1] + 1 >= rail.trains_needed(length.sum(), persons.sum(), 800.0, 150)


def test_trains_needed_by_length_or_by_seats():
    assert rail.trains_needed([1600.0, 1601.0, 0.0, 0.0], [0, 0, 151, 0], 800.0, 150).tolist() == [
        2, 3, 2, 0,
    ]  # fmt: skip


def test_loading_over_ramps_side_by_side():
    assert rail.loading_time_s([12, 13, 0], 3, 180.0).tolist() == [720.0, 900.0, 0.0]


def test_profile_adds_up_and_lowers_the_cruise_where_the_way_is_short():
    distance = np.array([2e6, 5e4, 0.0])
    found = flight.profile(
        distance_m=distance,
        altitude_m=9000.0,
        climb_m_s=10.0,
        descent_m_s=7.5,
        cruise_speed_m_s=220.0,
        climb_speed_m_s=150.0,
        descent_speed_m_s=140.0,
    )
    np.testing.assert_allclose(found.climb_m + found.cruise_m + found.descent_m, distance)
    np.testing.assert_allclose(found.climb_s[0], 900.0)
    np.testing.assert_allclose(found.descent_s[0], 1200.0)
    np.testing.assert_allclose(found.cruise_s[0], (2e6 - 900 * 150 - 1200 * 140) / 220.0)
    assert found.altitude_m[0] == 9000.0
    assert 0 < found.altitude_m[1] < 9000.0 and found.cruise_s[1] == pytest.approx(0.0)
    assert found.total_s[2] == 0.0


def test_descent_rate_balances_weight_and_drag():
    rate = airdrop.descent_rate_m_s(120.0, 70.0, 0.75)
    drag = 0.5 * airdrop.AIR_DENSITY_KG_M3 * rate**2 * 0.75 * 70.0
    assert drag == pytest.approx(120.0 * airdrop.GRAVITY_M_S2)
    assert airdrop.descent_time_s(300.0, rate) == pytest.approx(300.0 / rate)


def test_drop_zone_within_its_buffer_takes_nobody():
    assert airdrop.jumpers_per_pass([150.0, 200.0, 750.0], 46.3).tolist() == [0.0, 1.0, 12.0]


def test_propeller_range_equals_jet_range_where_consumption_is_the_same():
    """Power for thrust T at V is T V / eta: c = c_p V / eta gives the same range."""
    speed, efficiency, psfc = 150.0, 0.8, 8e-7
    jet = flight.breguet_jet_range_m(speed, psfc * speed / efficiency, 14.0, 6e4, 5e4)
    assert flight.breguet_propeller_range_m(efficiency, psfc, 14.0, 6e4, 5e4) == pytest.approx(jet)


def test_a_voyage_burns_the_square():
    assert shipfuel.fuel_per_distance_ratio(7.0, 14.0) == pytest.approx(0.25)
    assert shipfuel.fuel_rate(24.0, 7.0, 14.0) == pytest.approx(3.0)


def test_page_names_every_function_and_its_example_runs(capsys):
    import inspect
    import re

    page = (Path(__file__).parents[2] / "docs" / "models.md").read_text("utf-8")
    for module in (march, rail, airdrop, shiptoshore, crossing, flight, shipfuel):
        name = module.__name__.rsplit(".", 1)[1]
        section = page.split(f": {name}.py\n", 1)[1].split("\n## ", 1)[0]
        for function, item in inspect.getmembers(module, inspect.isfunction):
            if item.__module__ == module.__name__ and not function.startswith("_"):
                assert f"`{function}`" in section, (name, function)
    for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(block, {})
    assert [float(word) for word in capsys.readouterr().out.split()] == pytest.approx([28, 598])
