"""Logistics against published figures, kept in tests/authorities/cases.json."""

from __future__ import annotations

import numpy as np
import published_cases
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_pages import check_page
from published_cases import hold, inputs, runners

from startex.foundation.errors import OutsideValidityError
from startex.models import (
    availability,
    fuel,
    haulage,
    personnel,
    refuelling,
    replenishment,
    spares,
    supply,
)

CASES = [case for case in published_cases.CASES if case.startswith("A7-")]
SHORT_TON_KG, DAY_S = 2000 * supply.POUND_KG, 86_400.0


def run_a7_01(i):
    assert supply.DAILY_RATES_KG["I M-M-M"] == i["rate"]
    mass = supply.requirement_kg(i["soldiers"], i["days"] / DAY_S, i["rate"])
    return {"weight": mass, "short_tons": mass / SHORT_TON_KG}


def run_a7_02(i):
    packed = supply.hot_rations(
        i["soldiers"],
        i["meals"],
        i["servings_per_module"],
        i["modules_per_pallet"],
        i["pallets_per_flatrack"],
    )
    return {
        "servings": packed.servings,
        "modules": packed.modules,
        "pallets": packed.pallets,
        "flatracks": packed.flatracks,
        "weight": packed.weight_kg,
    }


def run_a7_03(i):
    time = haulage.round_trip_s(i["distance"], i["speed"], i["load_unload"], i["contingency"])
    trips = haulage.trips_per_vehicle(i["period"], time)
    loads = haulage.loads_needed(i["tonnage"], i["capacity"])
    return {
        "round_trip": time,
        "trips_per_vehicle": trips,
        "loads": loads,
        "vehicles": haulage.vehicles_needed(loads, trips),
    }


def run_a7_04(i):
    found = haulage.shuttle(i["round_trip"], i["unload"], i["loads"])
    return {"ratio": found.ratio, "trucks": found.trucks}


def run_a7_05(i):
    return {
        "lift": haulage.daily_lift(
            i["assigned"], i["availability"], i["payload"], i["trips_per_day"]
        )
    }


def run_a7_06(i):
    vehicles, rate_per_h, hours, factor = np.array(i["qty_rate_hours_factor"]).T
    lines = fuel.fuel_by_time(vehicles, rate_per_h / 3600.0, hours * 3600.0, factor)
    return {"gallons": lines.sum()}


def run_a7_07(i):
    cycle = replenishment.replenishment_cycle(
        np.asarray(i["burn"]) * 1000.0 / DAY_S,  # the case's t/day is not turned into SI
        i["capacity"],
        i["reserve"],
        i["transfer_rate"],
        i["approach_and_rig"],
    )
    return {
        "interval": cycle.interval_s,
        "transfer": cycle.transfer_kg,
        "alongside": cycle.alongside_s,
        "on_station_fraction": cycle.on_station_share,
    }


def run_a7_08(i):
    found = spares.poisson_stock(i["pipeline_mean"], i["stock"])
    return {
        "P_demand_le_stock": found.ready_rate,
        "P_demand_lt_stock": found.fill_rate,
        "EBO": found.expected_backorders,
    }


def run_a7_09(i):
    return {
        "inherent": availability.inherent_availability(i["MTBF"], i["MTTR"]),
        "operational": availability.operational_availability(i["MTBF"], i["MTTR"], i["MLDT"]),
    }


def run_a7_10(i):
    found = personnel.personnel_losses(
        i["strength"], i["first_day"], i["succeeding"], np.asarray(i["days"]) / DAY_S
    )
    return {"losses": found.losses, "remaining": found.remaining}


def run_a7_11(i):
    bound = refuelling.refuel_bound_s(i["vehicles"], i["lanes"], i["service"], i["headway"])
    return {"total": bound}


RUNNERS = runners(globals())


def test_every_case_has_a_runner():
    assert sorted(RUNNERS) == sorted(CASES)


@pytest.mark.parametrize("case", sorted(CASES))
@pytest.mark.parametrize("shape", [(), (3,), (2, 0), (2, 2)])
def test_published_figure(case, shape):
    """The same figures come out for scalars and for arrays of any shape."""
    taken = inputs(case)
    if shape and case != "A7-06":  # its input is a table of lines
        taken = {
            name: value if isinstance(value, str)
            or (case, name) == ("A7-01", "rate")  # compared with the constant
            else np.full(shape, value)
            for name, value in taken.items()
        }  # fmt: skip
    results = RUNNERS[case](taken)
    for name, result in results.items():
        assert np.shape(result) == (() if case == "A7-06" else shape), name
    if case == "A7-02":  # whole pounds, after the way through kilograms
        results["weight"] = np.round(results["weight"] / supply.POUND_KG) * supply.POUND_KG
    if 0 not in shape:
        hold(case, results)


def test_days_of_supply_undo_the_requirement():
    mass = supply.requirement_kg([4000, 1, 0], 3.0, 2.5)
    days = supply.days_of_supply(mass, [4000, 1, 0], 2.5)
    assert days.tolist() == [3.0, 3.0, np.inf]
    assert supply.daily_requirement_kg(10, 2.0) == 20.0
    assert supply.hot_rations(0, 2).pallets == 0.0


def test_fuel_by_distance_and_how_far_it_leads():
    assert fuel.fuel_by_distance(10, 2.0e-3, 50e3, 1.1) == pytest.approx(1100.0)
    assert fuel.combined_factor(1.1, 1.2, 0.9) == pytest.approx(1.1 * 1.2 * 0.9)
    assert fuel.endurance_s(500.0, 0.1, 0.2) == pytest.approx(4000.0)
    assert fuel.reach_m(500.0, 2e-3, 0.2) == pytest.approx(200e3)
    assert fuel.tankers_needed([0.0, 10_000.0, 10_001.0], 5000.0, 2).tolist() == [0.0, 1.0, 2.0]


@given(
    st.integers(0, 500),
    st.integers(1, 60),
    st.floats(60, 1e5),
    st.floats(0.1, 30),
    st.floats(0, 1e6),
)
def test_enough_vehicles_and_not_one_too_many(loads, trips, trip_s, capacity, tonnage):
    vehicles = haulage.vehicles_needed(loads, trips)
    assert vehicles * trips >= loads
    assert vehicles == 0 or (vehicles - 1) * trips < loads
    assert haulage.trips_per_vehicle(trips * trip_s, trip_s) == trips
    needed = haulage.loads_needed(tonnage, capacity)
    assert needed * capacity >= tonnage * (1 - 2e-9) - 1e-9
    assert needed == 0 or (needed - 1) * capacity < tonnage
    if vehicles:
        assert haulage.haul_time_s(loads, vehicles, trip_s) <= trips * trip_s * (1 + 1e-12)


def test_truck_companies():
    assert haulage.companies_needed([900.0, 901.0, 0.0], 60, 0.75, 5.0).tolist() == [1.0, 2.0, 0.0]
    found = haulage.shuttle(3900.0, 600.0, [15, 3, 0])
    assert found.trucks.tolist() == [7.0, 3.0, 0.0]


def test_ships_filled_and_a_cycle_without_reserve():
    assert replenishment.ships_filled([5400.0, 5399.0, 0.0], 540.0).tolist() == [10.0, 9.0, 0.0]
    cycle = replenishment.replenishment_cycle(1.0, 1000.0, 0.0, 10.0)
    assert (cycle.interval_s, cycle.alongside_s) == (1000.0, 100.0)


def test_poisson_stock_against_its_sums():
    """Rates, backorders and their variance from the probabilities themselves."""
    from scipy.stats import poisson

    number = np.arange(0, 400)
    for mean in (0.0, 0.02, 1.0, 3.0, 40.0):
        chance = poisson.pmf(number, mean)
        for stock in (0, 1, 2, 5, 41, 60):
            short = np.maximum(number - stock, 0)
            found = spares.poisson_stock(mean, stock)
            assert found.ready_rate == pytest.approx(chance[: stock + 1].sum(), abs=1e-12)
            assert found.fill_rate == pytest.approx(chance[:stock].sum(), abs=1e-12)
            assert found.expected_backorders == pytest.approx((chance * short).sum(), abs=1e-12)
            spread = (chance * short**2).sum() - (chance * short).sum() ** 2
            assert found.backorder_variance == pytest.approx(spread, abs=1e-9)
            held = (chance * np.maximum(stock - number, 0)).sum()
            assert found.expected_on_hand == pytest.approx(held, abs=1e-10)
    assert spares.expected_backorders(3.0, 5) == pytest.approx(0.134620556272)


def test_least_stocks_meet_their_goal():
    mean = np.array([0.0, 0.01, 0.3, 3.0, 30.0, 1000.0])[:, None]
    goal = np.array([0.0, 0.3, 0.9, 0.999])
    for least, rate in (
        (spares.stock_for_ready_rate, "ready_rate"),
        (spares.stock_for_fill_rate, "fill_rate"),
    ):
        stock = least(mean, goal)
        assert stock.shape == (6, 4)
        assert (getattr(spares.poisson_stock(mean, stock), rate) >= goal).all()
        fewer = getattr(spares.poisson_stock(mean, np.maximum(stock - 1, 0)), rate)
        assert ((fewer < goal) | (stock == 0)).all()


def test_two_echelons_reduce_to_one():
    """No depot repair: each base alone. A depot that never lacks a part: no delay but the order."""
    alone = spares.metric([1e-5, 2e-5], 1.0, 4e5, 1e5, 1e6, 0, [3, 5])
    np.testing.assert_allclose(alone.base_pipeline, [4.0, 8.0])
    np.testing.assert_allclose(alone.base_backorders, spares.expected_backorders([4, 8], [3, 5]))
    assert alone.depot_backorders == 0.0
    full = spares.metric([1e-5, 2e-5], 0.0, 4e5, 1e5, 1e5, 500, [1, 2])
    np.testing.assert_allclose(full.base_pipeline, [1.0, 2.0])
    bare = spares.metric([1e-5, 2e-5], 0.0, 4e5, 1e5, 1e5, [0, 1, 2], [[1, 2]])
    np.testing.assert_allclose(bare.base_pipeline[0], [2.0, 4.0])  # waits the whole repair
    assert (np.diff(bare.base_backorders.sum(axis=-1)) < 0).all()
    np.testing.assert_allclose(bare.depot_pipeline, [3.0, 3.0, 3.0])
    share = spares.availability_from_backorders(bare.base_backorders, 10)
    assert share.shape == (3,) and (np.diff(share) > 0).all()


def test_availability_over_time_and_of_groups():
    assert availability.availability_at(0.0, 300.0, 30.0) == 1.0
    assert availability.availability_at(1e6, 300.0, 30.0, 0.0) == pytest.approx(300 / 330)
    assert availability.mtbf_for_availability(300 / 330, 30.0) == pytest.approx(300.0)
    assert availability.achieved_availability(90.0, 10.0) == pytest.approx(0.9)
    assert availability.reliability([0.0, 300.0], 300.0) == pytest.approx([1.0, np.exp(-1)])
    assert availability.series_availability([0.9, 0.8]) == pytest.approx(0.72)
    assert availability.parallel_availability([[0.9, 0.8]]) == pytest.approx([0.98])
    from scipy.stats import binom

    needed = np.arange(0, 11)
    found = availability.at_least_available(needed, 10, 0.7)
    np.testing.assert_allclose(found, binom.sf(needed - 1, 10, 0.7), atol=1e-14)
    assert availability.at_least_available([0, 5], 5, [0.0, 1.0]).tolist() == [1.0, 1.0]
    assert availability.at_least_available(12, 16, 0.75) == pytest.approx(0.6302, abs=5e-5)


def test_availability_at_against_a_simulation():
    """10,000 alternating exponential histories, within four standard errors."""
    rng = np.random.default_rng(31)
    up, down, at = 300.0, 100.0, 80.0
    clock, is_up = np.zeros(10_000), np.ones(10_000, bool)
    state = is_up.copy()
    for _ in range(60):
        clock = clock + np.where(is_up, rng.exponential(up, 10_000), rng.exponential(down, 10_000))
        state = np.where((clock <= at), ~is_up, state)
        is_up = ~is_up
    expected = availability.availability_at(at, up, down)
    assert abs(state.mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / 10_000)


def test_losses_against_the_day_by_day_account():
    for replacements in (0.0, 100.0):
        for days in range(6):
            left = 15_000.0
            for day in range(days):
                left = left * (1 - (0.066 if day == 0 else 0.035)) + replacements
            found = personnel.personnel_losses(15_000, 0.066, 0.035, days, replacements)
            assert found.remaining == pytest.approx(left)
            assert found.losses == pytest.approx(15_000 + days * replacements - left)
    none = personnel.personnel_losses(100.0, 0.0, 0.0, 5, 10.0)
    assert (none.losses, none.remaining) == (0.0, 150.0)
    assert personnel.personnel_losses(100.0, 1.0, 1.0, 3).remaining == 0.0
    steady = personnel.steady_strength(0.035, 70.0)
    assert personnel.personnel_losses(steady, 0.035, 0.035, 9, 70.0).remaining == pytest.approx(
        2000
    )


@given(st.integers(0, 80), st.integers(1, 9), st.floats(1, 600), st.floats(0, 600))
def test_refuelling_against_the_queue_worked_vehicle_by_vehicle(vehicles, lanes, service, headway):
    free = [0.0] * lanes
    ends = []
    for k in range(vehicles):
        lane = min(range(lanes), key=lambda index: free[index])
        free[lane] = max(free[lane], k * headway) + service
        ends.append(free[lane])
    found = refuelling.leaves_s(np.arange(vehicles), lanes, service, headway)
    np.testing.assert_allclose(found, ends, rtol=1e-9)
    total = refuelling.refuel_time_s(vehicles, lanes, service, headway)
    assert total == pytest.approx(max(ends, default=0.0))
    bound = refuelling.refuel_bound_s(vehicles, lanes, service, headway)
    assert bound <= total * (1 + 1e-12) <= bound * (1 + 2e-12) + (lanes - 1) * headway


def test_the_case_of_the_fuel_point_in_full():
    """The bound of 90 minutes leaves out three headways while the four lanes fill."""
    assert refuelling.refuel_time_s(60, 4, 360.0, 60.0) == 93 * 60.0
    assert refuelling.lanes_needed([360.0, 361.0, 1.0], 60.0).tolist() == [6.0, 7.0, 1.0]


@pytest.mark.parametrize(
    "call",
    [
        lambda: supply.requirement_kg(-1, 3, 2.5),
        lambda: supply.requirement_kg(1.5, 3, 2.5),
        lambda: supply.days_of_supply(np.nan, 3, 2.5),
        lambda: supply.hot_rations(10, 2, servings_per_module=0),
        lambda: fuel.fuel_by_time(1, 1.0, -1.0),
        lambda: fuel.reach_m(1.0, 0.0),
        lambda: fuel.endurance_s(1.0, 1.0, 1.5),
        lambda: haulage.round_trip_s(1.0, 0.0),
        lambda: haulage.vehicles_needed(3, 0),
        lambda: haulage.daily_lift(10, 1.1, 5.0),
        lambda: haulage.companies_needed(10.0, 0, 0.75, 5.0),
        lambda: haulage.shuttle(100.0, 0.0, 5),
        lambda: replenishment.replenishment_cycle(1.0, 1.0, 1.0, 1.0),
        lambda: replenishment.ships_filled(1.0, 0.0),
        lambda: spares.poisson_stock(-1.0, 2),
        lambda: spares.poisson_stock(1.0, 2.5),
        lambda: spares.stock_for_ready_rate(1.0, 1.0),
        lambda: spares.metric(1.0, 1.2, 1.0, 1.0, 1.0, 1, 1),
        lambda: availability.operational_availability(0.0, 1.0, 1.0),
        lambda: availability.mtbf_for_availability(1.0, 1.0),
        lambda: availability.at_least_available(3, 2, 0.5),
        lambda: availability.series_availability([0.5, 1.5]),
        lambda: personnel.personnel_losses(10.0, 1.1, 0.0, 1),
        lambda: personnel.personnel_losses(10.0, 0.1, 0.0, 1.5),
        lambda: personnel.steady_strength(0.0, 1.0),
        lambda: refuelling.refuel_time_s(10, 0, 1.0, 1.0),
        lambda: refuelling.lanes_needed(1.0, 0.0),
    ],
)
def test_outside_validity_is_refused(call):
    with pytest.raises(OutsideValidityError):
        call()


def test_page_names_every_function_and_its_example_runs(capsys):
    check_page(
        "models/logistics.md",
        (supply, fuel, haulage, replenishment, spares, availability, personnel, refuelling),
    )
    assert capsys.readouterr().out.split() == ["6", "60", "10"]
