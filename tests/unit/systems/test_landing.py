from __future__ import annotations

import numpy as np
import pytest
from effect_checks import apply_boardings
from hypothesis import given, settings
from hypothesis import strategies as st
from journeys import check
from small_world import START, Small, build, copy_state

from startex.engine.effects import MODE_CODE
from startex.engine.orders import OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.systems.embarkation import RAMP_MS, Disembark, Embark
from startex.engine.systems.kernels import join
from startex.engine.systems.landing import LandAshore
from startex.geography.geodesy import direct, inverse

MINUTE = 60_000
PORT = (42.97, 132.41)
BEACH = (42.85, 132.40)


def in_port(ships: int = 2, apcs: int = 4, teams: int = 3, trucks: int = 2) -> Small:
    """The company near its ships, which lie in port."""
    small = build(apcs=apcs, foot_teams=teams, ships=ships, trucks=trucks)
    state = copy_state(small.state)
    rows = small.of("company")
    rows = rows[state.carrier[rows] < 0]
    lat, lon = direct(*PORT, 3.0 * np.arange(rows.size), 800.0)
    state.lat[rows], state.lon[rows] = np.round(lat, 7), np.round(lon, 7)
    for i, ship in enumerate(small.of("navy")):
        state.lat[ship], state.lon[ship] = PORT[0] - 0.003 * i, PORT[1]
    return Small(small.world, state, small.rows)


def go(small: Small, system, kind: str, rows, t: int = START, **params):
    order = small.order(kind, rows, **params)
    effects = system.start(order, t, small.world, small.state, Resources())
    check(small, effects, t)
    return effects, Small(small.world, apply_boardings(small.state, effects), small.rows)


def embarked(**counts: int) -> Small:
    small = in_port(**counts)
    _, after = go(small, Embark(), "embark", small.of("company"), ships=small.of("navy"))
    after.state.free_ms[:] = START
    return after


def test_company_goes_aboard_and_its_squads_stay_in_their_vehicles() -> None:
    small = in_port()
    ships = small.of("navy")
    effects, after = go(small, Embark(), "embark", small.of("company"), ships=ships)
    company = small.of("company")
    outer = company[small.state.carrier[company] < 0]
    assert np.isin(after.state.carrier[outer], ships).all()
    inner = company[small.state.carrier[company] >= 0]
    assert np.array_equal(after.state.carrier[inner], small.state.carrier[inner])
    assert np.isin(ships, effects.rows).all()
    assert after.state.free_ms[ships].min() == effects.end_ms
    slots = after.state.slot[outer] + 1000 * after.state.carrier[outer]
    assert np.unique(slots).size == outer.size
    (event,) = effects.events
    assert event.data == {"persons": 4 * 10 + 2 + 30, "vehicles": 6}


def test_what_does_not_fit_is_told() -> None:
    small = in_port(ships=1, apcs=30, teams=0)
    with pytest.raises(OrderRefusedError, match="do not fit into 1 ships with 200 berths"):
        go(small, Embark(), "embark", small.of("company"), ships=small.of("navy"))


def test_embarking_from_afar_or_in_a_busy_ship_is_refused() -> None:
    small = in_port()
    small.state.order[small.rows["ship 1"]] = 8
    small.state.free_ms[small.rows["ship 1"]] = START + 5 * MINUTE
    with pytest.raises(OrderRefusedError, match="another order") as refusal:
        go(small, Embark(), "embark", small.of("company"), ships=small.of("navy"))
    assert refusal.value.retry_ms == START + 5 * MINUTE
    small = in_port()
    small.state.lat[small.rows["apc 0"]] = 44.0
    with pytest.raises(OrderRefusedError, match="not at the ships"):
        go(small, Embark(), "embark", small.of("company"), ships=small.of("navy"))


def test_disembarking_brings_all_ashore_over_the_ramp() -> None:
    small = embarked()
    effects, after = go(small, Disembark(), "disembark", small.of("navy"), lat=42.98, lon=132.42)
    company = small.of("company")
    moved = company[np.isin(small.state.carrier[company], small.of("navy"))]
    assert np.all(after.state.carrier[moved] == -1)
    _, away = inverse(after.state.lat[moved], after.state.lon[moved], 42.98, 132.42)
    assert away.max() < 300.0
    leave = effects.boardings[0].t
    for ship in small.of("navy"):
        mine = np.sort(leave[small.state.carrier[effects.boardings[0].rows] == ship])
        assert np.all(np.diff(mine) >= RAMP_MS)


def test_waves_touch_down_at_the_interval_and_ships_beach_with_the_rest() -> None:
    small = embarked()
    ships = small.of("navy")
    effects, after = go(
        small, LandAshore(), "land_ashore", ships, lat=BEACH[0], lon=BEACH[1], waves=2,
        interval_ms=5 * MINUTE,
    )  # fmt: skip
    touched = [e for e in effects.events if e.kind == "wave_touchdown"]
    swum = [e for e in touched if e.data.get("vehicles")]
    assert [e.data["wave"] for e in swum] == [1, 2]
    assert swum[1].t - swum[0].t == pytest.approx(5 * MINUTE, abs=2)
    assert sum(e.data["vehicles"] for e in swum) == 4
    assert sum(e.data["persons"] for e in touched) == 4 * 10 + 2 + 30
    legs = join(effects.legs)
    landing = legs.mode == MODE_CODE["landing"]
    amphibious = np.isin(legs.entity, small.of("company")) & landing
    _, distance = inverse(legs.lat0, legs.lon0, legs.lat1, legs.lon1)
    speed = distance[amphibious] / ((legs.t1 - legs.t0)[amphibious] / 1000.0)
    assert speed.max() <= 2.6 * 1.001
    # all is ashore, gathered, and the ships lie on their line in water
    company = small.of("company")
    outer = company[np.isin(small.state.carrier[company], ships)]
    assert np.all(after.state.carrier[outer] == -1)
    assert not small.world.router.surface.is_land(
        after.state.lat[ships], after.state.lon[ships]
    ).any()
    assert np.isin(small.state.carrier[company], np.append(ships, outer)).all()


def test_ships_without_amphibious_vehicles_beach_in_waves() -> None:
    small = embarked(apcs=0, trucks=4, teams=2, ships=2)
    effects, _ = go(
        small, LandAshore(), "land_ashore", small.of("company"), ships=small.of("navy"),
        lat=BEACH[0], lon=BEACH[1], waves=2, interval_ms=6 * MINUTE,
    )  # fmt: skip
    assert any(e.kind == "wave_touchdown" for e in effects.events)


def test_a_landing_needs_water_and_something_aboard() -> None:
    small = in_port()
    with pytest.raises(OrderRefusedError, match="nothing is aboard"):
        go(small, LandAshore(), "land_ashore", small.of("navy"), lat=BEACH[0], lon=BEACH[1])
    small = embarked()
    with pytest.raises(OrderRefusedError, match="no direction off the beach"):
        go(small, LandAshore(), "land_ashore", small.of("navy"), lat=44.3, lon=131.6)


@settings(max_examples=12, deadline=None)
@given(
    st.integers(1, 3), st.integers(0, 6), st.integers(0, 4), st.integers(1, 3), st.integers(1, 6),
    st.integers(0, 20),
)  # fmt: skip
def test_everything_that_boards_comes_ashore(ships, apcs, teams, trucks, waves, interval) -> None:
    small = embarked(ships=ships, apcs=apcs, teams=teams, trucks=trucks)
    navy = small.of("navy")
    _, after = go(
        small, LandAshore(), "land_ashore", navy, lat=BEACH[0], lon=BEACH[1], waves=waves,
        interval_ms=interval * MINUTE,
    )  # fmt: skip
    company = small.of("company")
    assert not np.isin(after.state.carrier[company], navy).any()
