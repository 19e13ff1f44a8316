"""Contacts from legs: gained and lost when the geometry says so, and anew when legs change."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "systems"))
from small_world import START, build

from startex.engine.effects import Legs
from startex.engine.log import Log
from startex.engine.sensing.component import LOOK_AHEAD_MS, Sensing
from startex.engine.sensing.outlook import Outlook
from startex.engine.sensing.roster import Roster
from startex.forces.armament_figures import DOMAINS, SENSOR_FIGURES, SENSOR_KINDS
from startex.forces.armament_tables import Fits, SensorTable
from startex.forces.signatures import Signatures
from startex.geography.geodesy import direct, inverse

REACH_M = 10_000.0
SPEED_M_S = 10.0
HOUR = 3_600_000


def _sensing(reach_m: float = REACH_M, kind: str = "definite_range", **more) -> Sensing:
    small = build(ships=6)
    types = len(small.world.catalogue)
    one = np.ones(1)
    figures = {name: np.full(1, np.nan) for name in SENSOR_FIGURES}
    figures |= {"max_range_m": reach_m * one, "height_m": 20.0 * one, "period_s": 10.0 * one}
    figures |= {name: value * one for name, value in more.items()}
    kinds = np.array([SENSOR_KINDS.index(kind)], np.int8)
    sensors = SensorTable(
        id=("watch",),
        name=("Watch",),
        kind=kinds,
        night=np.ones(1, np.bool_),
        fields=one,
        **figures,
    )
    full = np.full(types, 10.0)
    signatures = Signatures(
        np.full(types, DOMAINS.index("surface"), np.int8), *(full for _ in range(7))
    )
    ship = small.world.catalogue.index("ship-landing")
    first = (np.arange(types + 1) > ship).astype(np.int64)
    fits = Fits(first, np.array([ship]), np.zeros(1, np.int64), np.ones(1, np.int64), one)
    roster = Roster(small.world.force, sensors, signatures, fits)

    def fair(t, lat, lon):
        return np.full(t.size, 20e3), np.ones(t.size, np.bool_)

    sensing = Sensing(Outlook(roster, small.state, fair, 1, START))
    rows = small.of("navy")
    small.state.lat[rows], small.state.lon[rows] = -40.0, 20.0 + 5.0 * np.arange(rows.size)
    small.state.carrier[rows] = -1
    return sensing


def state_of(sensing):
    """Where everybody stands."""
    return sensing.outlook.state


def _rows(sensing) -> np.ndarray:
    ship = np.flatnonzero(state_of(sensing).lat == -40.0).astype(np.int32)
    sensing.roster.force.unit[ship] = np.arange(ship.size) % len(sensing.roster.force.units.id)
    sensing.roster.group[:] = sensing.roster.force.unit
    return ship


def _put(sensing, row, lat, lon) -> None:
    state_of(sensing).lat[row], state_of(sensing).lon[row] = lat, lon


def _runs(log, sensing, row, t0, hours, azimuth) -> None:
    """A leg at `SPEED_M_S` from where the platform stands."""
    lat0, lon0 = state_of(sensing).lat[row], state_of(sensing).lon[row]
    pieces = int(hours * 6)
    far = np.arange(pieces + 1) * SPEED_M_S * 600.0
    lat, lon = direct(np.full(far.size, lat0), np.full(far.size, lon0), azimuth, far)
    t = t0 + np.arange(pieces + 1) * 600_000
    zero = np.zeros(pieces)
    log.add_legs(
        Legs(
            np.full(pieces, row, np.int32), t[:-1], t[1:], lat[:-1], lon[:-1], zero, lat[1:],
            lon[1:], zero, np.full(pieces, 5, np.int8),
        )
    )  # fmt: skip
    state_of(sensing).lat[row], state_of(sensing).lon[row] = lat[-1], lon[-1]


def _play(sensing, log, until) -> list[tuple[str, int, int, int]]:
    """Everything gained and lost until a time."""
    told = []
    while (t := sensing.next_time()) is not None and t <= until:
        if t >= sensing.horizon:
            told += [("lost", c.until, c.unit, c.target) for c in sensing.look(t, log)]
        gained, lost = sensing.take(t)
        told += [("gained", c.t, c.unit, c.target) for c in gained]
        told += [("lost", c.until, c.unit, c.target) for c in lost]
        sensing.look(t, log)
    return told


def _passing() -> tuple[Sensing, Log, np.ndarray]:
    """A ship lies still; another passes it, 6 km off, from 60 km away."""
    sensing, log = _sensing(), Log()
    rows = _rows(sensing)
    _put(sensing, rows[0], 40.0, 150.0)
    lat, lon = direct(40.0, 150.0, 0.0, 6_000.0)
    _put(sensing, rows[1], *direct(float(lat), float(lon), 270.0, 60_000.0))
    _runs(log, sensing, rows[1], START, 6.0, 89.55)
    sensing.begin(0, [(0, rows[1:2])], [(0, rows[:1])])
    sensing.look(START, log)
    return sensing, log, rows


def test_a_contact_is_gained_and_lost_at_the_reach() -> None:
    sensing, log, rows = _passing()
    told = _play(sensing, log, START + 8 * HOUR)
    units = sensing.roster.force.unit[rows[:2]]
    assert [(what, unit, target) for what, _, unit, target in told] == [
        ("gained", units[0], rows[1]), ("gained", units[1], rows[0]),
        ("lost", units[0], rows[1]), ("lost", units[1], rows[0]),
    ]  # fmt: skip
    legs = log.legs_after(0)
    for _, t, _, _ in told:
        at = int(np.flatnonzero((legs["t0"] <= t) & (legs["t1"] > t))[0])
        share = (t - legs["t0"][at]) / 600_000
        lat = legs["lat0"][at] + share * (legs["lat1"][at] - legs["lat0"][at])
        lon = legs["lon0"][at] + share * (legs["lon1"][at] - legs["lon0"][at])
        assert inverse(40.0, 150.0, lat, lon)[1] == pytest.approx(REACH_M, abs=SPEED_M_S + 0.02)


def test_a_ship_that_is_stopped_in_reach_stays_in_contact() -> None:
    sensing, log, rows = _passing()
    begun = [t for what, t, *_ in _play(sensing, log, START + 5_900_000) if what == "gained"]
    stop = begun[0] + 60_000
    stops = log.stop_legs(rows[1:2], stop)
    state_of(sensing).lat[rows[1]], state_of(sensing).lon[rows[1]] = (
        stops["lat"][0],
        stops["lon"][0],
    )
    sensing.note(rows[1:2], [])
    assert sensing.look(stop, log) == []
    assert _play(sensing, log, START + 23 * HOUR) == []
    ended = sensing.end(0, START + 23 * HOUR)
    assert sorted(c.target for c in ended) == rows[:2].tolist()


def test_a_ship_that_turns_away_before_is_never_seen() -> None:
    sensing, log, rows = _passing()
    stop = START + HOUR
    stops = log.stop_legs(rows[1:2], stop)
    state_of(sensing).lat[rows[1]], state_of(sensing).lon[rows[1]] = (
        stops["lat"][0],
        stops["lon"][0],
    )
    _runs(log, sensing, rows[1], stop, 4.0, 270.0)
    sensing.note(rows[1:2], [])
    assert sensing.look(stop, log) == []
    assert _play(sensing, log, START + 23 * HOUR) == []


def test_looking_ahead_in_pieces_changes_no_contact() -> None:
    """The window ends while the two are in reach: the contact goes on."""
    sensing, log = _sensing(), Log()
    rows = _rows(sensing)
    _put(sensing, rows[0], 40.0, 150.0)
    _put(sensing, rows[1], *direct(40.0, 150.0, 200.0, SPEED_M_S * LOOK_AHEAD_MS / 1000.0))
    _runs(log, sensing, rows[1], START, 12.0, 20.0)
    sensing.begin(0, [(0, rows[1:2])], [(0, rows[:1])])
    sensing.look(START, log)
    told = _play(sensing, log, START + 20 * HOUR)
    assert [what for what, *_ in told] == ["gained"] * 2 + ["lost"] * 2
    reach_ms = REACH_M / SPEED_M_S * 1000.0
    times = [t - START - LOOK_AHEAD_MS for _, t, *_ in told]
    assert times == pytest.approx([-reach_ms, -reach_ms, reach_ms, reach_ms], rel=0.05)


def test_nobody_far_away_or_of_the_same_role_is_seen() -> None:
    sensing, log = _sensing(), Log()
    rows = _rows(sensing)
    for row in rows[:3]:
        _put(sensing, row, 40.0, 150.0 + 0.01 * (row - rows[0]))
    sensing.begin(0, [(0, rows[1:2])], [(0, rows[:1])])
    sensing.look(START, log)
    told = _play(sensing, log, START + HOUR)
    pairs = {(unit, target) for _, _, unit, target in told}
    units = sensing.roster.force.unit[rows]
    assert pairs == {
        (units[0], rows[1]),
        (units[2], rows[1]),
        (units[1], rows[0]),
        (units[1], rows[2]),
    }


def test_unrelated_ships_change_no_contact() -> None:
    """A rate of detection, so that chance plays; ships elsewhere come, look and go."""
    told = []
    for strangers in (False, True):
        sensing, log = _sensing(kind="inverse_cube", constant_m3_s=3e8), Log()
        rows = _rows(sensing)
        _put(sensing, rows[0], 40.0, 150.0)
        _put(sensing, rows[1], 40.0, 149.5)
        _runs(log, sensing, rows[1], START, 5.0, 89.7)
        sensing.begin(0, [(0, rows[1:2])], [(0, rows[:1])])
        if strangers:
            _put(sensing, rows[4], 10.0, 170.0)
            _put(sensing, rows[5], 10.0, 170.05)
            sensing.begin(1, [(0, rows[5:6])], [(0, rows[4:5])])
        sensing.look(START, log)
        if strangers:
            _runs(log, sensing, rows[4], START + 1000, 2.0, 10.0)
            sensing.note(rows[4:5], [])
            sensing.look(START + 1000, log)
        seen = _play(sensing, log, START + 5 * HOUR)
        told.append([item for item in seen if item[3] in rows[:2]])
    assert told[0] == told[1]
    assert told[0]
