"""Tracks of contacts: errors, levels and ends; intercepts; land between ships."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import test_sensing as sea
from hypothesis import given, settings
from hypothesis import strategies as st

from startex.engine.log import Log
from startex.engine.sensing.component import Sensing
from startex.engine.sensing.masking import Land
from startex.engine.sensing.motion import Motion
from startex.engine.sensing.outlook import Outlook
from startex.engine.sensing.roster import Roster
from startex.engine.tracking.closing import NEVER, first_within
from startex.engine.tracking.levels import Level
from startex.engine.tracking.tracks import SPEED_M_S, UPDATE_S, Tracks
from startex.forces.armament_figures import ERRORS_OF_KINDS, SENSOR_FIGURES, SENSOR_KINDS
from startex.forces.armament_tables import Fits, SensorTable
from startex.geography.geodesy import direct, inverse
from startex.geography.pieces import Pieces
from startex.geography.surface import Surface
from startex.models.fixes import standard_error_m
from startex.models.horizon import line_of_sight_m

START, HOUR = sea.START, sea.HOUR
EYE = {
    "cycles_per_mrad": 4.0, "field_of_view_deg": 10.0, "field_of_regard_deg": 10.0,
}  # fmt: skip


def _followed(sensing, log, until) -> Tracks:
    """Let contacts come and go as in a play, and tracks with them."""
    tracks, numbers = Tracks(sensing, log), {}

    def lose(t, contacts) -> None:
        gone = [numbers.pop(contact.key) for contact in contacts]
        tracks.lose(t, gone)
        tracks.take_fixes(t, gone)

    tracks.plan(START)
    while True:
        times = [t for t in (sensing.next_time(), tracks.next_time()) if t is not None]
        if not times or (t := min(times)) > until:
            return tracks
        if t >= sensing.horizon:
            lose(t, sensing.look(t, log))
        gained, lost = sensing.take(t)
        lose(t, lost)
        tracks.take_fixes(t, tracks.rise(t))
        for track in tracks.make(gained):
            numbers[track.contact.key] = tracks.tracks.index(track)
        lose(t, sensing.look(t, log))
        tracks.plan(t)


def _approach(**more) -> tuple[Sensing, Log, np.ndarray]:
    """A ship lies still; another comes straight at it from 40 km and passes."""
    sensing, log = sea._sensing(12_000.0, "visual", **EYE, **more), Log()
    rows = sea._rows(sensing)
    sea._put(sensing, rows[0], 40.0, 150.0)
    sea._put(sensing, rows[1], *direct(40.0, 150.0, 270.0, 40_000.0))
    sea._runs(log, sensing, rows[1], START, 3.0, 89.7)
    sensing.begin(0, [(0, rows[1:2])], [(0, rows[:1])])
    sensing.look(START, log)
    return sensing, log, rows


def _truth(log, row, t) -> tuple[float, float]:
    legs = log.legs_after(0)
    at = int(np.flatnonzero((legs["entity"] == row) & (legs["t0"] <= t) & (legs["t1"] >= t))[0])
    share = (t - legs["t0"][at]) / (legs["t1"][at] - legs["t0"][at])
    return tuple(
        float(legs[a + "0"][at] + share * (legs[a + "1"][at] - legs[a + "0"][at]))
        for a in ("lat", "lon")
    )


def test_a_level_is_reached_where_the_target_is_near_enough() -> None:
    """At the first update after the range is that drawn for the observer."""
    sensing, log, rows = _approach()
    tracks = _followed(sensing, log, START + 3 * HOUR)
    seen = [track for track in tracks.tracks if track.contact.target == rows[1]]
    assert seen
    track = seen[0]
    assert track.level == Level.IDENTIFIED
    for level in (Level.CLASSIFIED, Level.IDENTIFIED):
        t = track.since[level]
        _, away = inverse(40.0, 150.0, *_truth(log, rows[1], t))
        limit = track.ranges_m[level - 1]
        if t > track.contact.t:
            update = 1000 * UPDATE_S["surface"]
            assert (t - START) % update == 0
            assert limit - sea.SPEED_M_S * update / 1000.0 - 2.0 <= away <= limit + 2.0
        else:
            assert away <= limit
    assert track.ranges_m[1] == pytest.approx(track.ranges_m[0] * 4.0 / 6.4, abs=1.0)


def test_who_fires_is_known_for_what_he_is() -> None:
    sensing, log, _ = _approach()
    tracks = Tracks(sensing, log)
    while not (made := tracks.make(sensing.take(sensing.next_time() or START)[0])):
        pass
    track = made[0]
    assert track.level == Level.DETECTED
    contact = track.contact
    shooter = contact.serial, contact.opposing, contact.target
    other = contact.serial, not contact.opposing, contact.target
    t = contact.t + 60_000
    assert tracks.reveal(t, [other]) == []
    assert tracks.reveal(t, [shooter]) == [0]
    assert track.level == Level.CLASSIFIED
    assert track.since[Level.CLASSIFIED] == t
    assert tracks.reveal(t + 60_000, [shooter]) == []
    tracks.plan(t)
    assert tracks.next_time() > t  # it is identified later, and not classified anew


def test_a_ship_that_turns_away_is_not_identified_as_was_foreseen() -> None:
    sensing, log, rows = _approach()
    before = _followed(sensing, log, START + 3 * HOUR).tracks
    first = next(track for track in before if track.contact.target == rows[1])
    turn = first.contact.t + 1_000
    assert first.since[Level.IDENTIFIED] > turn
    sensing, log, rows = _approach()
    tracks = Tracks(sensing, log)
    while (t := sensing.next_time()) is not None and t < turn:
        tracks.make(sensing.take(t)[0])
        sensing.look(t, log)
        tracks.plan(t)
    assert tracks.next_time() == min(t for t in first.since if t > turn)
    stops = log.stop_legs(rows[1:2], turn)
    sea._put(sensing, rows[1], stops["lat"][0], stops["lon"][0])
    sea._runs(log, sensing, rows[1], turn, 1.0, 270.0)
    sensing.note(rows[1:2], [])
    sensing.look(turn, log)
    tracks.plan(turn)
    assert tracks.next_time() is None


def test_fixes_are_where_the_sensor_says_and_the_last_one_is_of_the_end() -> None:
    sensing, log, rows = _approach(bearing_error_deg=1.0, range_error_share=0.1)
    tracks = _followed(sensing, log, START + 3 * HOUR).tracks
    assert len(tracks) >= 2
    for track in tracks:
        contact = track.contact
        expected = standard_error_m(contact.range_m * np.radians(1.0), 0.1 * contact.range_m)
        assert track.error_m == pytest.approx(float(expected), abs=0.06)
        _, off = inverse(contact.lat, contact.lon, track.lat, track.lon)
        assert 0.0 < off < 6.0 * track.error_m
        if track.t1 >= 0 and contact.target == rows[1]:
            lat, lon = _truth(log, rows[1], track.t1)
            _, off = inverse(lat, lon, track.fix[0], track.fix[1])
            assert off < 6.0 * track.fix[2]


def test_errors_are_keyed_and_a_stranger_changes_none() -> None:
    told = []
    for strangers in (False, True):
        sensing, log, rows = _approach()
        if strangers:
            sea._put(sensing, rows[4], 10.0, 170.0)
            sea._put(sensing, rows[5], 10.0, 170.05)
            sensing.begin(1, [(0, rows[5:6])], [(0, rows[4:5])])
            sensing.look(START, log)
        tracks = _followed(sensing, log, START + 3 * HOUR).tracks
        told.append(
            [
                (t.contact.t, t.lat, t.lon, t.error_m, t.fix, tuple(t.since), t.ranges_m)
                for t in tracks
                if t.contact.target in rows[:2]
            ]
        )
        assert (len(tracks) > len(told[-1])) == strangers
    assert told[0] == told[1]
    assert told[0]


def test_the_order_of_contacts_means_nothing() -> None:
    sensing, log, _ = _approach()
    contacts = [track.contact for track in _followed(sensing, log, START + 3 * HOUR).tracks]
    made = Tracks(sensing, log).make(contacts)
    turned = Tracks(sensing, log).make(contacts[::-1])[::-1]
    assert [(t.lat, t.lon, t.ranges_m) for t in made] == [
        (t.lat, t.lon, t.ranges_m) for t in turned
    ]


def test_sensors_without_errors_have_those_of_their_kind() -> None:
    bare = sea._sensing(kind="sonar_passive").roster.errors[:, 0]
    assert tuple(bare) == ERRORS_OF_KINDS["sonar_passive"]
    assert tuple(sea._sensing(bearing_error_deg=3.0).roster.errors[:, 0]) == (3.0, 0.0, 0.0)


place = st.tuples(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3))


@settings(deadline=None, max_examples=60)
@given(st.lists(place, min_size=3, max_size=6), st.lists(place, min_size=3, max_size=6),
       st.floats(2e3, 4e4), st.floats(0, 3e3))  # fmt: skip
def test_when_two_come_within_a_range_is_when_they_do(one, other, limit, height) -> None:
    columns, heights = [], []
    for number, (points, alt) in enumerate(((one, height), (other, 0.0))):
        lat, lon = np.array(points).T + np.array([[45.0], [140.0]])
        t = np.linspace(0, 7_200_000, len(points)).astype(np.int64)
        count = t.size - 1
        columns.append(
            (np.full(count, number), t[:-1], t[1:], lat[:-1], lon[:-1], lat[1:], lon[1:])
        )
        heights.append(np.full(count, alt))
    alt = np.concatenate(heights)
    both = Motion(Pieces(*(np.concatenate(c) for c in zip(*columns, strict=True))), alt, alt)
    zero = np.zeros(1, np.int64)
    found = int(first_within(both, (zero, zero + 1), np.array([[limit]]), 0)[0, 0])
    t = np.arange(0.0, 7_200_001.0, 5_000.0)
    places = [both.at(np.full(t.size, row), t) for row in (0, 1)]
    _, far = inverse(places[0][0], places[0][1], places[1][0], places[1][1])
    inside = np.flatnonzero(np.hypot(far, height) <= limit)
    if found == NEVER:
        assert np.hypot(far, height).min() > limit - 60.0
        return
    places = [both.at(np.array([row]), np.array([float(found)])) for row in (0, 1)]
    _, away = inverse(places[0][0], places[0][1], places[1][0], places[1][1])
    assert np.hypot(away[0], height) <= limit + 60.0
    # sagitta of a piece, and the chord: some metres; a graze may be off by as much
    if inside.size and far[inside].min() < limit - 200.0:
        assert found <= t[inside[0]] + 60_000


# --- who hears whom ---------------------------------------------------------------------------


def _ears(silent: str = "") -> tuple[Sensing, Log, np.ndarray]:
    """Two ships with an intercept receiver and a short-sighted radar go at each other."""
    sensing, log = sea._sensing(), Log()
    roster = sensing.roster
    figures = {name: np.full(2, np.nan) for name in SENSOR_FIGURES}
    figures |= {
        "max_range_m": np.array([300e3, 40e3]), "height_m": np.array([20.0, 20.0]),
        "period_s": np.array([10.0, 2.0]), "range_1m2_m": np.array([np.nan, 3e3]),
        "false_alarm": np.array([np.nan, 1e-6]),
    }  # fmt: skip
    kinds = np.array([SENSOR_KINDS.index("esm"), SENSOR_KINDS.index("radar_surface")], np.int8)
    sensors = SensorTable(
        id=("ears", "radar"), name=("Ears", "Radar"), kind=kinds, night=np.ones(2, np.bool_),
        fields=np.ones(2), **figures,
    )  # fmt: skip
    fits = roster.fits
    both = Fits(
        2 * fits.first, np.repeat(fits.type, 2), np.array([0, 1]), np.ones(2, np.int64),
        np.zeros(2, np.int64),
    )  # fmt: skip
    old = sensing.outlook
    roster = Roster(roster.force, sensors, roster.signatures, both)
    sensing = Sensing(Outlook(roster, old.state, old.conditions, 1, START))
    rows = sea._rows(sensing)
    sea._put(sensing, rows[0], 40.0, 150.0)
    sea._put(sensing, rows[1], *direct(40.0, 150.0, 270.0, 60_000.0))
    sea._runs(log, sensing, rows[1], START, 1.6, 89.7)
    if silent:
        sensing.set_silent(rows[:1] if silent == "lying" else rows[1:2], silent=True)
    sensing.begin(0, [(0, rows[1:2])], [(0, rows[:1])])
    sensing.look(START, log)
    return sensing, log, rows


def test_a_radar_is_heard_at_the_horizon_before_it_sees() -> None:
    sensing, log, rows = _ears()
    tracks = _followed(sensing, log, START + 2 * HOUR).tracks
    heard = {t.contact.target: t for t in tracks if t.contact.intercept}
    seen = {t.contact.target: t for t in tracks if not t.contact.intercept}
    assert set(heard) == set(seen) == set(rows[:2].tolist())
    horizon = float(line_of_sight_m(20.0, 10.0))
    assert horizon == pytest.approx(4124.0 * (20.0**0.5 + 10.0**0.5), rel=1e-3)
    for target, track in heard.items():
        # ten periods are enough for all but one of 20,000
        assert horizon - 100.0 * sea.SPEED_M_S <= track.contact.range_m <= horizon
        assert track.contact.t < seen[target].contact.t
        assert track.contact.until > seen[target].contact.t  # the one does not replace the other
        assert track.error_m > 5.0 * seen[target].error_m


def test_a_silent_ship_is_not_heard_and_sees_nothing_by_radar() -> None:
    sensing, log, rows = _ears("lying")
    tracks = _followed(sensing, log, START + 2 * HOUR).tracks
    told = {(t.contact.looker, t.contact.intercept) for t in tracks}
    assert told == {(rows[0], True), (rows[1], False)}


def test_radars_that_are_switched_on_again_are_heard() -> None:
    sensing, log, rows = _ears("coming")
    gained, _ = sensing.take(START + 3_500_000)
    assert [contact.target for contact in gained] == [rows[0]]  # who is silent still hears
    sensing.set_silent(rows[1:2], silent=False)
    sensing.look(START + 3_500_000, log)
    tracks = _followed(sensing, log, START + 2 * HOUR).tracks
    assert any(t.contact.intercept and t.contact.target == rows[1] for t in tracks)


# --- land between ships -----------------------------------------------------------------------


class _Wall(Surface):
    """Land along a meridian, 0.05 degrees to either side, from 39.8 to 40.2 north."""

    def is_land(self, lat, lon):
        return (np.abs(np.asarray(lon) - 150.0) < 0.05) & (np.abs(np.asarray(lat) - 40.0) < 0.2)


def test_a_wall_hides_what_is_behind_it() -> None:
    land = Land(_Wall())
    cases = [
        ((40.0, 149.8), (40.0, 150.2), True),  # across
        ((40.5, 149.8), (40.5, 150.2), False),  # past its end
        ((40.0, 149.2), (40.0, 149.8), False),  # on one side
        ((40.0, 149.98), (40.0, 150.02), False),  # closer than land and water are told apart
        ((39.7, 149.9), (40.3, 149.9), False),  # along
        ((40.1, 509.8), (40.1, -209.8), True),  # another turn of longitude
    ]
    here, there = (np.array([case[i] for case in cases]).T for i in (0, 1))
    expected = [case[2] for case in cases]
    for _ in range(2):  # the second time from memory
        assert land.between(*here, *there).tolist() == expected
        assert land.between(*there, *here).tolist() == expected


def test_radar_does_not_look_through_an_island_and_aircraft_look_over_it() -> None:
    """A ship lies east of Sado, another passes it in the west; both are in reach all the time."""
    east, south, north = (38.05, 138.85), (37.4, 137.95), (38.8, 137.95)
    for alt in (0.0, 2_000.0):
        radar = {"range_1m2_m": 1e6, "false_alarm": 1e-6, "height_m": 1_000.0}
        sensing, log = sea._sensing(250_000.0, "radar_surface", **radar), Log()
        sensing.roster.signatures = replace(
            sensing.roster.signatures, cross_section_m2=np.full(len(sensing.roster.air), 1e4)
        )
        rows = sea._rows(sensing)
        state = sea.state_of(sensing)
        sea._put(sensing, rows[0], *east)
        state.alt[rows] = 0.0
        state.alt[rows[0]] = alt
        sea._put(sensing, rows[1], *south)
        _, far = inverse(*south, *north)
        sea._runs(log, sensing, rows[1], START, float(far) / sea.SPEED_M_S / 3600.0, 0.0)
        sensing.begin(0, [(0, rows[1:2])], [(0, rows[:1])])
        sensing.look(START, log)
        end = int(log.legs_after(0)["t1"].max())
        told = [
            (what, t) for what, t, _, target in sea._play(sensing, log, end) if target == rows[1]
        ]
        spans = [
            (a[1], b[1]) for a, b in zip(told[::2], [*told[1::2], ("lost", end)], strict=False)
        ]
        assert len(spans) == (1 if alt else 2)
        if alt:
            continue
        times = np.arange(START + 120_000, end - 120_000, 300_000)
        shore = 3_000.0
        for t in times.tolist():
            lat, lon = _truth(log, rows[1], t)
            azimuth, apart = inverse(*east, lat, lon)[0], float(inverse(*east, lat, lon)[1])
            way = np.arange(shore, apart - shore, 300.0)
            hidden = Surface().is_land(*direct(*east, azimuth, way)).any()
            inside = any(a <= t <= b for a, b in spans)
            near = any(abs(t - edge) < 600_000 for span in spans for edge in span)
            assert inside != hidden or near


def test_assumed_speeds_and_updates_are_of_every_domain() -> None:
    assert set(SPEED_M_S) == set(UPDATE_S)
    assert UPDATE_S["air"] < UPDATE_S["surface"] < UPDATE_S["ground"]
