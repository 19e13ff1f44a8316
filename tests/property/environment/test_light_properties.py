"""Light: straight between whole hours as good as asked directly, alone as in company."""

from __future__ import annotations

import erfa
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from startex.environment import light
from startex.environment.light import sky_at, sky_between
from startex.foundation.clock import MS_PER_DAY, MS_PER_HOUR, parse_time

TIME = st.integers(parse_time("1990-01-01T00:00Z"), parse_time("2025-01-01T00:00Z"))
LAT, LON = st.floats(-90.0, 90.0), st.floats(-180.0, 180.0)
EPOCH_JD = 2_440_587.5
SUN_PARALLAX_DEG = 0.0025
UT1_DEG = 0.9 * 360.0 / 86_400.0  # UTC is kept within 0.9 s of it
LEAP_SECONDS_DEG = 12.0 / 3600.0 * 0.55  # 12 s fewer in 1990 than now; the moon moves 0.55 deg/h


def _directions(t: int):
    """Sun and moon from ERFA at the instant itself, astrometric, with its own leap seconds."""
    days, rest = divmod(t, MS_PER_DAY)
    utc = EPOCH_JD + days, rest / MS_PER_DAY
    tt = erfa.taitt(*erfa.utctai(*utc))
    heliocentric, _ = erfa.epv00(*tt)
    return utc, -heliocentric["p"], erfa.moon98(*tt)


@settings(deadline=None)
@given(TIME, LAT, LON)
def test_the_sun_stands_where_the_whole_chain_of_erfa_puts_it(t, lat, lon):
    utc, sun, _ = _directions(t)
    ascension, declination = erfa.c2s(sun)
    observed = erfa.atco13(
        ascension, declination, 0.0, 0.0, 0.0, 0.0, *utc, 0.0,
        np.radians(lon), np.radians(lat), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.55,
    )  # fmt: skip
    altitude = 90.0 - np.degrees(observed[1])
    assert abs(altitude - sky_at(t).sun_altitude_deg(t, lat, lon)) < SUN_PARALLAX_DEG + 0.001


@settings(deadline=None)
@given(TIME, LAT, LON)
def test_the_moon_stands_where_the_instant_itself_puts_it(t, lat, lon):
    utc, _, moon = _directions(t)
    axes = erfa.c2t06a(*utc, *utc, 0.0, 0.0)
    place = erfa.rxp(axes, moon["p"]) * erfa.DAU
    phi, lam = np.radians(lat), np.radians(lon)
    sight = place - erfa.gd2gc(1, lam, phi, 0.0)
    up = np.array([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])
    altitude = np.degrees(np.arcsin((sight * up).sum() / np.sqrt((sight * sight).sum())))
    assert abs(altitude - sky_at(t).moon_altitude_deg(t, lat, lon)) < LEAP_SECONDS_DEG + 0.001


@settings(deadline=None, max_examples=20)
@given(TIME)
def test_between_whole_hours_nothing_strays_from_its_course(t):
    hours = t // MS_PER_HOUR + np.arange(200)
    middle = hours * MS_PER_HOUR + MS_PER_HOUR // 2
    sky = sky_at(middle)
    straight = [sky._place(middle, body) for body in (light._SUN, light._MOON)]
    tenth_of_a_second_of_arc = np.radians(0.1 / 3600.0)
    for found, asked in zip(straight, light._at_hours(hours + 0.5), strict=True):
        assert erfa.sepp(found, asked).max() < tenth_of_a_second_of_arc


@settings(deadline=None)
@given(st.lists(st.tuples(TIME, LAT, LON), min_size=1, max_size=20))
def test_alone_as_in_company(points):
    t, lat, lon = (np.array(column) for column in zip(*points, strict=True))
    sky = sky_at(t)
    for name in ("sun_altitude_deg", "moon_altitude_deg"):
        together = getattr(sky, name)(t, lat, lon)
        alone = [float(getattr(sky_at(point[0]), name)(*point)) for point in points]
        assert together.tolist() == alone
    lit = sky.moon_lit(t)
    assert ((lit >= 0.0) & (lit <= 1.0)).all()
    assert lit.tolist() == [float(sky_at(point[0]).moon_lit(point[0])) for point in points]
    early, late = int(t[0]) - 5 * MS_PER_HOUR, int(t[0]) + 5 * MS_PER_HOUR
    wider = sky_between(early, late).moon_altitude_deg(t[0], lat[0], lon[0])
    assert wider == sky.moon_altitude_deg(t[0], lat[0], lon[0])
