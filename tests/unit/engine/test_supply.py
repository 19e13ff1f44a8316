"""Supply: fuel of legs, the supply hour, trains, shortages, mishaps, tables."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from startex.assemble.supply_tables import supply_tables
from startex.engine.state import STATUS_CODE
from startex.engine.supply.burning import speed_factor
from startex.engine.supply.idling import Idling
from startex.engine.supply.items import (
    BASIC,
    FUEL,
    RATION_G,
    RATIONS,
    TRAINS,
    WATER,
    WATER_DAYS_ASHORE,
)  # fmt: skip
from startex.engine.supply.mishaps import KINDS_OF_MISHAP, TREATED
from startex.engine.supply.reach import REACH_M, Depots, trips_a_day
from startex.recording import tables

sys.path.insert(0, str(Path(__file__).parents[2]))
import supply_examples as ex
from supply_examples import BATTALION, COMPANY, DAY, DESTROYER, HOUR, OILER, START, SUPPORT

TANK = int(ex.rows(COMPANY, "t-80")[0])
SHIP = int(ex.rows(DESTROYER, "asw-1155")[0])
TANKER = int(ex.rows(OILER, "oiler-dubna")[0])
JET = int(ex.rows(ex.FLIGHT, "su-34")[0])
FAR = (47.0, 132.0)  # 220 km from the depot


def on_hand(found, holding, item, unit) -> int:
    return int(found.ledger.on_hand[holding, item * found.units + unit])


def balanced(found) -> None:
    assert (found.ledger.imbalance() == 0).all()
    assert (found.ledger.on_hand >= 0).all()
    of_unit = np.bincount(ex.FORCE.unit, weights=found.tank, minlength=found.units)
    assert (found.ledger.on_hand[BASIC, : found.units] == of_unit).all()


# --- fuel of legs ----------------------------------------------------------------------------


def burnt_l(found, entity, *legs) -> float:
    found.burn(ex.legs(*legs), START, START + 10 * DAY)
    return found.burnt[entity] / 1000.0


def test_a_tank_empties_over_its_range() -> None:
    whole = burnt_l(ex.supply(), TANK, ex.leg(TANK, 0, 8, 335e3))
    assert whole == pytest.approx(1100, rel=2e-3)  # T-80: 1,100 litres, 335 km
    rough = burnt_l(ex.supply(), TANK, ex.leg(TANK, 0, 8, 335e3, "cross_country"))
    assert rough == pytest.approx(1.5 * whole, rel=1e-6)


def test_ships_burn_with_the_cube_of_their_speed() -> None:
    found = ex.supply()
    cruise = found.rates.cruise_m_s[SHIP] * 3.6e3  # metres in an hour
    hour = burnt_l(found, SHIP, ex.leg(SHIP, 0, 1, cruise, "sea"))
    assert hour == pytest.approx(1_750_000 / (6000 / 14), rel=5e-3)  # 6,000 nmi at 14 kn
    half = burnt_l(ex.supply(), SHIP, ex.leg(SHIP, 0, 1, cruise / 2, "sea"))
    assert half == pytest.approx(hour / 8, rel=5e-3)
    assert speed_factor(np.array([1.0, 15.0, 30.0]), np.full(3, 10.0)).tolist() == pytest.approx(
        [0.25**3, 1.5**3, 2 * 1.5**3]
    )


def test_aircraft_burn_by_time_in_the_air_and_nobody_else_burns() -> None:
    hour = burnt_l(ex.supply(), JET, ex.leg(JET, 0, 1, 500e3, "air"))
    assert hour == pytest.approx(15_000 / 4000 * 900, rel=1e-4)  # 15,000 l, 4,000 km, 900 km/h
    train, squad = int(ex.rows(ex.RAILWAY, "military-train")[0]), TANK + 4
    for entity, mode in ((TANK, "hold"), (TANK, "rail"), (train, "rail"), (squad, "foot")):
        found = ex.supply()
        found.burn(ex.legs(ex.leg(entity, 0, 2, 30e3, mode)), START, START + DAY)
        assert found.burnt.sum() == 0


def test_who_exercises_idles() -> None:
    found = ex.supply()
    rate = int(found.rates.idle_ml_h[TANK])
    assert rate == pytest.approx(0.25 * 8 * 1100e3 / 335, abs=1)
    status = {
        "entity": np.array([TANK, TANK, TANK + 1]),
        "t": np.array([START + 5 * HOUR, START + 2 * HOUR, START + 3 * HOUR]),
        "status": np.array([STATUS_CODE["in_place"], *[STATUS_CODE["exercising"]] * 2]),
    }
    found.day(START + DAY, ex.NOTHING, ex.state(), status)
    assert found.ledger.used[FUEL] == 3 * rate + 17 * rate  # the other until the supply hour
    idle = Idling(found.rates.idle_ml_h, START)
    for hour in (1, 2, 4, 5, 20):  # asked more often, and told of the same changes each time
        idle.note(status, START + hour * HOUR)
    assert idle.burn()[[TANK, TANK + 1]].tolist() == [3 * rate, 17 * rate]


# --- the supply hour -------------------------------------------------------------------------


def test_at_a_depot_all_is_full_again_and_everything_came_from_outside() -> None:
    found = ex.supply()
    told = found.day(START + DAY, ex.legs(ex.leg(TANK, 6, 10, 100e3)), ex.state())
    balanced(found)
    assert (found.tank == found.rates.tank_ml).all()
    people = int((ex.FORCE.kind == 0).sum())
    assert found.ledger.used[RATIONS] == people * RATION_G
    assert found.ledger.outside[RATIONS] == found.ledger.used[RATIONS]
    assert found.ledger.outside[FUEL] == found.ledger.used[FUEL] > 300_000
    assert told.events == []
    assert told.tables["shortages"]["unit"].size == 0
    rows = told.tables["supply"]
    assert (rows["t"] == START + 20 * HOUR).all()


def test_in_the_field_trains_give_and_are_filled_by_those_above() -> None:
    there = dict.fromkeys(("company", "support"), (45.5, 132.0))  # 56 km from all else
    found = ex.supply()
    drawn = ex.legs(*(ex.leg(TANK + i, 6, 10, 200e3) for i in range(4)))
    rows = found.day(START + DAY, drawn, ex.state(**there)).tables["supply"]
    balanced(found)
    burnt = int(found.ledger.used[FUEL])
    assert burnt == pytest.approx(4 * 200 / 335 * 1100e3, rel=3e-3)
    assert (found.tank == found.rates.tank_ml).all()
    # the battalion's two fuel trucks gave it, and fetched it again from the depot: one load each
    trains = (rows["item"] == FUEL) & (rows["holding"] == TRAINS) & (rows["unit"] == BATTALION)
    assert rows["issued"][trains].tolist() == [burnt]
    assert rows["received"][trains].tolist() == [burnt]
    assert on_hand(found, TRAINS, FUEL, BATTALION) == 14_000_000


def test_trains_out_of_reach_of_all_run_dry_and_the_shortage_is_told_once() -> None:
    away = dict.fromkeys(("company", "support"), (55.0, 132.0))  # 1,100 km from the depot
    found = ex.supply()
    assert trips_a_day(np.array([1.1e6, 0.0, 60e3])).tolist() == [0, 8, 2]
    events, short = [], []
    for day in range(8):
        drawn = ex.legs(*(ex.leg(TANK + i, 24 * day + 1, 24 * day + 9, 300e3) for i in range(4)))
        told = found.day(START + (day + 1) * DAY, drawn, ex.state(**away))
        balanced(found)
        events += told.events
        fuel = told.tables["shortages"]["item"] == FUEL
        short += [told.tables["shortages"][c][fuel].tolist() for c in ("short", "affected")]
    # 4 x 985 l a day out of 4,400 in tanks and 14,000 in two trucks: the fifth day is short
    fuel = [event for event in events if event.data["item"] == "fuel"]
    assert [(event.kind, event.unit) for event in fuel] == [("supply_short", COMPANY)]
    assert fuel[0].t == START + 4 * DAY + 20 * HOUR
    assert short[:8] == [[]] * 8
    assert short[8][0] == pytest.approx(5 * 4 * 985e3 - 18.4e6, rel=0.02)
    assert short[9] == [4]
    assert on_hand(found, TRAINS, FUEL, BATTALION) == 0
    told = found.day(START + 9 * DAY, ex.NOTHING, ex.state())  # back at the depot
    assert [(e.kind, e.unit, e.text) for e in told.events] == [
        ("supply_restored", COMPANY, "Company has fuel again")
    ]


def test_trains_beyond_the_reach_of_customers_do_not_serve_them() -> None:
    far = ex.state(company=(55.0, 132.0))
    found = ex.supply()
    found.day(START + DAY, ex.legs(ex.leg(TANK, 6, 10, 200e3)), far)
    assert found.tank[TANK] < found.rates.tank_ml[TANK]
    near = ex.supply()
    north = (45.0 + 0.9 * REACH_M / 111_140, 132.0)
    near.day(START + DAY, ex.legs(ex.leg(TANK, 6, 10, 200e3)), ex.state(company=north))
    assert near.tank[TANK] == near.rates.tank_ml[TANK]


def test_water_is_found_everywhere_but_in_hot_regions() -> None:
    away = dict.fromkeys(("company", "support"), (55.0, 132.0))
    for climate, dry in (("temperate", False), ("cold", False), ("hot", True)):
        found = ex.supply(climate=climate)
        daily = found._water_ml * 30
        last = found.day(START + 12 * DAY, ex.NOTHING, ex.state(**away)).tables["shortages"]
        assert (last["item"] == WATER).any() == dry
        assert found.network.basic[WATER * found.units + COMPANY] == WATER_DAYS_ASHORE * daily
        balanced(found)


def test_ships_and_trains_feed_all_who_are_aboard() -> None:
    where = ex.state()
    guests = ex.rows(COMPANY, "person")
    where.carrier[guests] = SHIP
    found = ex.supply()
    rows = found.day(START + DAY, ex.NOTHING, where).tables["supply"]
    eaten = {
        int(unit): int(amount)
        for unit, item, amount in zip(rows["unit"], rows["item"], rows["consumed"], strict=True)
        if item == RATIONS and amount
    }
    assert COMPANY not in eaten
    assert eaten[DESTROYER] == (220 + 30) * RATION_G
    assert eaten[SUPPORT] == 15 * RATION_G


def test_supply_hour_is_local_and_a_cut_end_is_closed() -> None:
    found = ex.supply(utc_offset_h=10.0)
    told = found.day(START + DAY + 12 * HOUR, ex.legs(ex.leg(TANK, 30, 34, 50e3)), ex.state())
    hours = np.unique(told.tables["supply"]["t"])
    assert hours.tolist() == [START + 10 * HOUR, START + 34 * HOUR]
    found.day(START + 2 * DAY, ex.legs(ex.leg(TANK, 40, 42, 50e3)), ex.state())
    rows = found.close().tables
    balanced(found)
    mine = (rows["supply"]["unit"] == COMPANY) & (rows["supply"]["item"] == FUEL)
    assert rows["supply"]["consumed"][mine][0] == pytest.approx(50 / 335 * 1100e3, rel=3e-3)
    assert found.tank[TANK] < found.rates.tank_ml[TANK]
    assert found.close().tables == {}
    with pytest.raises(ValueError, match="give no time before"):
        found.day(START, ex.NOTHING, ex.state())


# --- by order --------------------------------------------------------------------------------


def test_a_tanker_fills_a_ship_at_sea() -> None:
    at_sea = ex.state(oiler=(40.0, 135.0), destroyer=(40.0, 135.0))
    found = ex.supply()
    steams = ex.legs(ex.leg(SHIP, 0, 16, 16 * 14 * 1852.0, "sea"))
    found.day(START + 16 * HOUR, steams, at_sea)
    given = found.replenish(np.array([TANKER]), np.array([SHIP]))
    assert given[0] == found.burnt[SHIP] == pytest.approx(16 * 4083e3, rel=1e-2)
    assert on_hand(found, TRAINS, FUEL, OILER) == 5_000_000_000 - given[0]
    told = found.day(START + DAY, steams, at_sea)
    balanced(found)
    assert found.tank[SHIP] == found.rates.tank_ml[SHIP]
    assert told.tables["shortages"]["unit"].size == 0
    assert found.ledger.outside[FUEL] == 0  # nothing came from any port
    found.day(START + 2 * DAY, ex.NOTHING, ex.state(destroyer=(40.0, 135.0)))  # oiler in port
    assert on_hand(found, TRAINS, FUEL, OILER) == 5_000_000_000


def test_a_tanker_that_has_little_shares_it_and_is_filled_in_port_alone() -> None:
    ships = np.array([SHIP, JET, TANKER])  # a ship, an aircraft and itself, whoever comes first
    given = []
    for order in ([0, 1, 2], [2, 0, 1], [1, 2, 0]):
        found = ex.supply()
        found.tank[ships] = 0
        found.ledger.on_hand[TRAINS, FUEL * found.units + OILER] = 1_000_003
        got = found.replenish(np.full(3, TANKER), ships[order])
        given.append(dict(zip(order, got.tolist(), strict=True)))
    assert given[0] == given[1] == given[2]
    assert sum(given[0].values()) == 1_000_003
    found = ex.supply()
    found.tank[SHIP] = 0
    found.replenish(np.array([TANKER]), np.array([SHIP]))
    left = on_hand(found, TRAINS, FUEL, OILER)
    found.day(START + DAY, ex.NOTHING, ex.state(oiler=(45.5, 132.0)))  # 56 km off
    assert on_hand(found, TRAINS, FUEL, OILER) == left < 5_000_000_000
    found.day(START + 2 * DAY, ex.NOTHING, ex.state())
    assert on_hand(found, TRAINS, FUEL, OILER) == 5_000_000_000


def test_trucks_serve_the_unit_above_and_carry_what_it_shoots() -> None:
    network = ex.supply().network
    units = len(ex.NAMES)
    fuel = network.trains[:units]
    assert {ex.NAMES[u]: int(fuel[u]) // 10**6 for u in np.flatnonzero(fuel)} == {
        "brigade": 21, "battalion": 14, "oiler": 5_000,
    }  # fmt: skip
    assert network.supplier[[COMPANY, SUPPORT, BATTALION]].tolist() == [BATTALION] * 3
    assert network.supplier[[ex.FIRST, ex.RESERVE]].tolist() == [ex.BRIGADE] * 2
    assert network.supplier[[OILER, DESTROYER, ex.FLIGHT]].tolist() == [-1] * 3
    assert network.above[BATTALION] == ex.BRIGADE
    assert network.level[[ex.BRIGADE, BATTALION]].tolist() == [0, 1]
    weapons, load, heaviest = ex.ARMAMENT.weapons, 0.0, 0.0
    for item in range(3, len(network.items)):
        kg = [
            float(mass)
            for mass, name in zip(weapons.round_kg, weapons.ammunition, strict=True)
            if name == network.items[item] and mass > 0
        ]
        rounds = network.trains[item * units + BATTALION]
        if rounds:
            load += rounds * sum(kg) / len(kg)
            heaviest += sum(kg) / len(kg)
    assert 15_000 - heaviest <= load <= 15_000  # a truck of ammunition, a share of two others


def test_fire_takes_from_the_unit_and_tells_what_was_missing() -> None:
    found = ex.supply(depot=None)
    shells = found.ammunition("tank_gun_rounds")
    there = on_hand(found, BASIC, shells, COMPANY)
    guns = ex.rows(COMPANY, "t-80")
    got = found.fire(guns, np.full(4, there // 4), shells)
    assert got.tolist() == [there // 4] * 4
    assert found.fire(guns[:2], np.array([30, 10]), shells).sum() == there % 4
    told = found.day(START + DAY, ex.NOTHING, ex.state(support=(60.0, 132.0)))
    row = told.tables["shortages"]
    mine = row["item"] == shells
    assert row["short"][mine].tolist() == [40 - there % 4]
    assert [e.text for e in told.events if e.data["item"] == "tank_gun_rounds"] == [
        f"Company is short of tank gun rounds: {40 - there % 4} missing"
    ]
    found.day(START + 2 * DAY, ex.NOTHING, ex.state())  # the ammunition truck is back
    assert on_hand(found, BASIC, shells, COMPANY) > 0
    balanced(found)
    with pytest.raises(KeyError, match="nobody shoots 'arrows'"):
        found.ammunition("arrows")
    with pytest.raises(ValueError, match="no ammunition"):
        found.fire(guns, np.ones(4, dtype=np.int64), FUEL)
    with pytest.raises(ValueError, match="cannot be fired"):
        found.fire(guns, np.full(4, -1), shells)


def test_rounds_of_a_weapon_belong_to_an_account_of_the_unit() -> None:
    found = ex.supply()
    weapons = found.armament.weapons
    tank, squad = ex.rows(COMPANY, "t-80")[0], ex.rows(COMPANY, "rifle-squad")[0]
    rows = np.array([tank, tank, squad, SHIP])
    names = ["2a46", "9m119", "rifle", "ak-100"]
    accounts = found.accounts(rows, np.array([weapons.index(name) for name in names]))
    items = [found.network.items[account // found.units] for account in accounts]
    assert items == [weapons.ammunition[weapons.index(name)] for name in names]
    assert (accounts % found.units == found.force.unit[rows]).all()
    assert found.accounts(rows[:1], np.array([weapons.index("sweep")])).tolist() == [-1]


def test_plan_and_depots_say_what_they_cannot_be() -> None:
    with pytest.raises(ValueError, match="unknown climate 'moist'"):
        ex.supply(climate="moist")
    nowhere = Depots.of([], []).nearest_m(np.array([45.0, np.nan]), np.array([132.0, np.nan]))
    assert nowhere.tolist() == [np.inf, 0.0]


# --- mishaps and tables ----------------------------------------------------------------------


def test_mishaps_are_the_same_a_week_later_and_lower_the_strength() -> None:
    def run(shift: int, seed: int = 3) -> tuple:
        found = ex.supply(seed=seed)
        found.start_ms = found.now = found._last_hour = START + shift
        rows, strong = [], []
        for day in range(400):
            told = found.day(START + shift + (day + 1) * DAY, ex.NOTHING, ex.state()).tables
            rows.append(told["mishaps"])
            strong.append(told["strengths"])
        joined = {c: np.concatenate([r[c] for r in rows]) for c in rows[0]}
        return joined, strong

    first, strong = run(0)
    later, _ = run(7 * DAY)
    assert first["entity"].size > 50
    for name in first:
        moved = later[name] - 7 * DAY if name in ("t0", "t1") else later[name]
        assert (moved == first[name]).all()
    assert run(0, seed=4)[0]["entity"].tolist() != first["entity"].tolist()
    assert (first["t0"] >= START).all() and (first["t1"] > first["t0"]).all()
    assert (ex.FORCE.kind[first["entity"]] == 0).all()
    again = [first["t0"][first["entity"] == e] for e in np.unique(first["entity"])]
    ends = [first["t1"][first["entity"] == e] for e in np.unique(first["entity"])]
    assert all((t0[1:] >= t1[:-1]).all() for t0, t1 in zip(again, ends, strict=True))
    for day in (0, 100, 399):
        now = int(strong[day]["t"][0])
        away = np.bincount(
            ex.FORCE.unit[first["entity"][(first["t0"] <= now) & (first["t1"] > now)]],
            minlength=11,
        )
        missing = strong[day]["persons"] - strong[day]["persons_available"]
        assert (missing == away[strong[day]["unit"]]).all()


def test_nothing_happens_before_the_exercise_begins() -> None:
    first = []
    for seed in range(150):
        found = ex.supply(seed=seed, utc_offset_h=10.0)
        first += found.day(START + DAY, ex.NOTHING, ex.state()).tables["mishaps"]["t0"].tolist()
    people = int((ex.FORCE.kind == 0).sum())
    assert len(first) == pytest.approx(150 * people * 0.755e-3 * 10 / 24, rel=0.6)
    assert min(first) >= START
    assert max(first) <= START + 10 * HOUR


def test_tables_are_as_the_store_declares_them() -> None:
    found = ex.supply(depot=None)
    drawn = ex.legs(*(ex.leg(TANK + i, 1, 19, 900e3) for i in range(4)))
    told = found.day(START + DAY, drawn, ex.state(support=(60.0, 132.0)))
    made = supply_tables(told.tables, found.network.items)
    assert set(made) == {"supply", "shortages", "mishaps", "strengths"}
    for name, table in made.items():
        stored = tables.conform(name, table)
        assert stored.num_rows == table.num_rows
    words = {row["measure"] for row in made["supply"].to_pylist() if row["item"] == "rations"}
    assert words == {"g"}
    short = tables.conform("shortages", made["shortages"]).to_pylist()
    assert [(row["item"], row["affected"], row["measure"]) for row in short] == [("fuel", 4, "ml")]
    assert len(KINDS_OF_MISHAP) == len(set(KINDS_OF_MISHAP))
    assert len(TREATED) == len(set(TREATED))
