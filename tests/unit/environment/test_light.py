"""Sun and moon against published figures, and the classes of daylight."""

from __future__ import annotations

import numpy as np
import pytest

from startex.environment.light import (
    DAYLIGHT,
    DAYLIGHT_FROM_DEG,
    Sky,
    daylight,
    sky_at,
    sky_between,
)
from startex.foundation.clock import MS_PER_DAY, format_time, parse_time


def sun_altitude_deg(t, lat, lon):
    return sky_at(t).sun_altitude_deg(t, lat, lon)


def moon_lit(t):
    return sky_at(t).moon_lit(t)


SPA = "Reda and Andreas, NREL/TP-560-34302, 2003 (revised 2008)"


def test_altitude_of_the_sun_of_the_published_example():
    # SPA, appendix A.5: topocentric elevation without refraction 39.872046 degrees.
    t = parse_time("2003-10-17T12:30:30-07:00")
    assert sun_altitude_deg(t, 39.742476, -105.1786) == pytest.approx(39.872046, abs=1e-3)


@pytest.mark.parametrize(
    ("day", "lat", "rise", "sets"),
    [  # SPA, table of sunrise and sunset on the Greenwich meridian, to the second
        ("1994-01-02", 35.0, "07:08:12", "16:59:55"),
        ("1996-07-05", -35.0, "07:08:15", "17:01:04"),
        ("2004-12-04", -35.0, "04:38:57", "19:02:02"),
    ],
)
def test_sunrise_and_sunset_of_the_published_table(day, lat, rise, sets):
    t = parse_time(f"{day}T00:00Z") + np.arange(0, MS_PER_DAY, 1000)
    is_day = daylight(sun_altitude_deg(t, lat, 0.0)) == DAYLIGHT.index("day")
    (changes,) = np.nonzero(np.diff(is_day.astype(int)))
    assert changes.size == 2
    for found, published in zip(t[changes], (rise, sets), strict=True):
        off_s = (found - parse_time(f"{day}T{published}Z")) / 1000
        assert abs(off_s) <= 5, f"{format_time(int(found))} for {published}"


@pytest.mark.parametrize(
    ("t", "what"),
    [  # Equinox and solstice of 2022 (USNO, Earth's seasons, to the minute)
        ("2022-03-20T15:33Z", 0.0),
        ("2022-06-21T09:14Z", 23.4378),
        ("2022-09-23T01:04Z", 0.0),
        ("2022-12-21T21:48Z", -23.4378),
    ],
)
def test_at_the_pole_the_sun_stands_as_high_as_its_declination(t, what):
    # 0.0024 degrees are the sun's parallax at the horizon; a minute moves it by 0.0003.
    assert sun_altitude_deg(parse_time(t), 90.0, 0.0) == pytest.approx(what, abs=0.004)


def test_share_of_the_moon_that_is_lit():
    # Meeus, Astronomical Algorithms, 2nd edition 1998, example 48.a: 0.6786.
    assert moon_lit(parse_time("1992-04-12T00:00Z")) == pytest.approx(0.6786, abs=5e-4)


def test_new_and_full_moon_of_september_2022():
    # Full moon 10 September 09:59 UT, new moon 25 September 21:55 UT (USNO, phases of the moon).
    t = parse_time("2022-08-28T00:00Z") + np.arange(0, 35 * MS_PER_DAY, 600_000)
    lit = moon_lit(t)
    full, new = t[np.argmax(lit)], t[np.argmin(lit[: 30 * 144])]
    assert lit.max() > 0.998
    assert lit.min() < 0.002
    # The disc is lit most when the moon is nearest to opposite, within hours of the phase.
    assert abs(full - parse_time("2022-09-10T09:59Z")) < 4 * 3_600_000
    assert abs(new - parse_time("2022-09-25T21:55Z")) < 4 * 3_600_000


def test_the_moon_of_the_published_example_over_a_place_below_it():
    # Meeus, example 47.a: right ascension 134.688470, declination 13.768368 degrees at 1992 April
    # 12, 0 h dynamical time, 59 s before the same in UT. It is overhead where the sidereal time
    # (Meeus 12.4) is its right ascension.
    t = parse_time("1992-04-11T23:59:01Z")
    lat = np.linspace(12.0, 15.5, 351)
    lon = np.linspace(-68.0, -63.0, 501)
    high = sky_at(t).moon_altitude_deg(t, lat[:, None], lon[None, :])
    row, column = np.unravel_index(np.argmax(high), high.shape)
    assert high.max() > 89.98
    # Geodetic latitude is up to 0.2 degrees more than geocentric; overhead means along the normal.
    assert lat[row] == pytest.approx(13.77, abs=0.03)
    julian_centuries = (2448724.5 - 59 / 86400 - 2451545.0) / 36525
    sidereal = 280.46061837 + 360.98564736629 * julian_centuries * 36525
    assert lon[column] == pytest.approx((134.68847 - sidereal + 180) % 360 - 180, abs=0.03)


def test_classes_of_daylight_begin_at_their_altitudes():
    just_below = np.nextafter(DAYLIGHT_FROM_DEG, -90.0)
    assert daylight(just_below).tolist() == [0, 1, 2, 3]
    assert daylight(DAYLIGHT_FROM_DEG).tolist() == [1, 2, 3, 4]
    assert [DAYLIGHT[i] for i in daylight([-90.0, -15.0, -9.0, -3.0, 90.0])] == list(DAYLIGHT)
    assert daylight(np.zeros((2, 3))).shape == (2, 3)


def test_midnight_sun_and_polar_night():
    t = parse_time("2022-06-21T00:00Z") + np.arange(0, MS_PER_DAY, 600_000)
    assert (daylight(sun_altitude_deg(t, 70.0, 25.0)) == DAYLIGHT.index("day")).all()
    assert (daylight(sun_altitude_deg(t, -80.0, 25.0)) <= DAYLIGHT.index("nautical_twilight")).all()


@pytest.mark.parametrize("name", ["sun_altitude_deg", "moon_altitude_deg"])
def test_any_shape_and_unknown_places(name):
    def altitude(t, lat, lon):
        return getattr(sky_at(t), name)(t, lat, lon)

    t = np.array([[0], [3_600_000], [7_200_000]])
    found = altitude(t, [10.0, 20.0], 5.0)
    assert found.shape == (3, 2)
    assert found[1, 1] == altitude(3_600_000, 20.0, 5.0)
    assert altitude([], [], []).shape == (0,)
    assert np.isnan(altitude(0, [np.nan, 10.0], [5.0, np.nan])).all()
    assert altitude(0, 10.0, 365.0) == pytest.approx(altitude(0, 10.0, 5.0), abs=2e-6)


def test_times_beyond_the_ephemeris_are_refused():
    with pytest.raises(ValueError, match="1900 to 2100, not at 2150-01-01"):
        sun_altitude_deg([0, parse_time("2150-01-01T00:00Z")], 0.0, 0.0)
    with pytest.raises(ValueError, match="not at 1880-01-01"):
        moon_lit(parse_time("1880-01-01T00:00Z"))
    with pytest.raises(ValueError, match="ms since 1970"):
        moon_lit(2**62)
    for edge in ("1900-01-01T00:00Z", "2100-01-01T00:00Z"):
        assert np.isfinite(sun_altitude_deg(parse_time(edge), 0.0, 0.0))


def test_a_sky_knows_its_hours_and_no_others():
    start, end = parse_time("2022-08-25T00:30+10:00"), parse_time("2022-09-13T00:00+10:00")
    sky = sky_between(start, end)
    t = np.array([[start, start + 1], [end - 1, end]])
    assert isinstance(sky, Sky)
    assert sky.sun_altitude_deg(t, 43.0, 132.0).tolist() == (
        sun_altitude_deg(t, 43.0, 132.0).tolist()
    )
    assert sky.moon_lit(t).tolist() == moon_lit(t).tolist()
    for beyond in (start - 3_600_000, end + 3_600_000):
        with pytest.raises(ValueError, match="from 2022-08-24T14:00:00Z to 2022-09-12T15:00:00Z"):
            sky.moon_lit([start, beyond])
    two = sky_at([start, end])
    with pytest.raises(ValueError, match="is not worked out for 2022-09-0"):
        two.sun_altitude_deg((start + end) // 2, 43.0, 132.0)
    with pytest.raises(ValueError, match="1900 to 2100"):
        sky_between(0, parse_time("2150-01-01T00:00Z"))
