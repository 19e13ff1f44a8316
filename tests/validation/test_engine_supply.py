"""What the engine uses up and loses, held to the published figures it is planned with."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from startex.engine.supply.items import GALLON_L, RATION_G, WATER_L
from startex.engine.supply.mishaps import (
    HEAT_PER_DAY,
    KINDS_OF_MISHAP,
    REPAIR_H,
    REPAIR_SHARES,
    TREATED,
    Mishaps,
)  # fmt: skip
from startex.engine.supply.reach import DETOUR, SPEED_M_S, trips_a_day
from startex.foundation.clock import MS_PER_DAY, MS_PER_HOUR
from startex.foundation.streams import entity_key
from startex.models import availability, fuel, shipfuel, supply

sys.path.insert(0, str(Path(__file__).parents[1]))
import supply_examples as ex
from supply_examples import COMPANY, DAY, DESTROYER, HOUR, START


def mishaps(kind: int, number: int, failure_m: float = np.inf, seed: int = 5) -> Mishaps:
    key = np.array([entity_key(f"somebody {i}") for i in range(number)], dtype=np.uint64)
    one = np.ones(number, dtype=np.bool_)
    return Mishaps(
        np.full(number, kind, dtype=np.int8), key, one, np.full(number, failure_m), seed,
        "temperate",
    )  # fmt: skip


def test_rations_and_water_of_a_day_are_the_published_ones() -> None:
    found = ex.supply()
    found.day(START + DAY, ex.NOTHING, ex.state())
    people = int((ex.FORCE.kind == 0).sum())
    rate = supply.DAILY_RATES_KG["I U-M-M"]  # 7.41 pounds
    assert found.ledger.used[1] / 1e3 == pytest.approx(
        supply.daily_requirement_kg(people, rate), rel=1e-4
    )
    assert RATION_G == 3361
    gallons = found.ledger.used[2] / 1e3 / GALLON_L / people
    assert gallons == pytest.approx(5.0, rel=1e-4)  # drinking and cooking, temperate
    assert WATER_L["hot"] > WATER_L["temperate"]


def test_a_company_burns_what_the_planning_form_says() -> None:
    found, tanks = ex.supply(), ex.rows(COMPANY, "t-80")
    found.burn(ex.legs(*(ex.leg(int(t), 0, 4, 120e3) for t in tanks)), START, START + DAY)
    planned = fuel.fuel_by_distance(tanks.size, 1100 / 335e3, 120e3)
    assert found.burnt.sum() / 1e3 == pytest.approx(planned, rel=2e-3)


def test_a_ship_burns_as_the_cube_law_says() -> None:
    ship = int(ex.rows(DESTROYER, "asw-1155")[0])
    knot = 1852.0 / 3600.0
    at_14 = 1_750_000 / (6000 / 14)  # litres an hour: 6,000 nmi at 14 kn
    for knots in (7.0, 10.0, 14.0, 20.0):
        found = ex.supply()
        found.burn(ex.legs(ex.leg(ship, 0, 3, knots * knot * 3 * 3600, "sea")), START, START + DAY)
        law = 3 * shipfuel.fuel_rate(at_14, knots * knot, 14 * knot)
        assert found.burnt[ship] / 1e3 == pytest.approx(law, rel=5e-3), knots


def test_trips_are_those_of_a_transport_unit() -> None:
    """4 local hauls (20 miles one way) or 2 line hauls a day (FM 55-15), one beyond 75 miles."""
    mile = 1609.344 / DETOUR
    assert trips_a_day(np.array([20 * mile, 80 * mile])).tolist() == [4, 1]
    assert trips_a_day(np.array([75 * mile])).tolist() == [2]
    assert pytest.approx(20 * 1609.344 / 3600) == SPEED_M_S


def test_illness_and_injury_come_at_the_published_rates() -> None:
    people, days = 4_122, 456
    who = mishaps(0, people)
    rows = [
        who.draw(day, (day + 1) * MS_PER_DAY, MS_PER_DAY, np.zeros(people)) for day in range(days)
    ]
    kind = np.concatenate([row["kind"] for row in rows])
    treated = np.concatenate([row["treated"] for row in rows])
    ill = kind != KINDS_OF_MISHAP.index("heat")
    heat = people * days * HEAT_PER_DAY
    # 1,324 cases in that brigade, 208 of them evacuated; who is away cannot fall ill again (1 %)
    assert ill.sum() == pytest.approx(1_324, abs=4 * 1_324**0.5 + 15)
    hospital = (treated == TREATED.index("hospital"))[ill].sum()
    assert hospital == pytest.approx(208, abs=4 * 208**0.5)
    assert (~ill).sum() == pytest.approx(heat, abs=4 * heat**0.5)
    assert not (kind == KINDS_OF_MISHAP.index("breakdown")).any()


def test_breakdowns_come_at_the_mean_way_between_failures_and_leave_the_availability() -> None:
    number, days, way = 4_000, 60, 120e3
    who = mishaps(ex.FORCE.kind[ex.rows(COMPANY, "t-80")[0]], number, failure_m=480e3)
    up, rows = [], []
    for day in range(days):
        t = (day + 1) * MS_PER_DAY
        can = int((who.back_ms <= t - MS_PER_DAY).sum())
        rows.append(who.draw(day, t, MS_PER_DAY, np.full(number, way)))
        chance = 1 - availability.reliability(way, 480e3)
        assert rows[-1]["entity"].size == pytest.approx(can * chance, abs=5 * (can * chance) ** 0.5)
        up.append(who.available(t).mean())
    treated = np.concatenate([row["treated"] for row in rows])
    lasts = np.concatenate([row["t1"] - row["t0"] for row in rows]) / MS_PER_HOUR
    for where, (share, hours) in enumerate(zip(REPAIR_SHARES, REPAIR_H, strict=True)):
        assert (treated == where).mean() == pytest.approx(share, abs=0.01)
        assert lasts[treated == where].mean() == pytest.approx(hours, rel=0.1)
    mean_h = sum(s * h for s, h in zip(REPAIR_SHARES, REPAIR_H, strict=True))
    # a failure in 4 days of 24 hours on the move, and the mean time down: the long-run availability
    long_run = availability.operational_availability(4 * 24.0, mean_h, 0.0)
    assert np.mean(up[20:]) == pytest.approx(float(long_run), abs=0.04)
    assert HOUR == MS_PER_HOUR
