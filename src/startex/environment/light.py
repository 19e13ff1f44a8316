"""Daylight and moonlight: where sun and moon stand, by the IAU's own routines.

Positions come from ERFA, the free edition of the IAU's Standards of Fundamental Astronomy: the
Earth by ``epv00``, the Moon by ``moon98``, precession and nutation by ``c2i00b``. They are asked
at whole hours and run straight between; seen from the Earth, neither strays 0.1 seconds of arc
from its course (a test measures it). Altitudes are those of the middle of the
disc without an atmosphere, seen from the ellipsoid: no refraction, no hills, and none of the wider
horizon of who flies high.

UTC stands for UT1, from which it is kept within 0.9 s, and terrestrial time for UTC and 69.184 s,
which was less before 2017: together no more than 0.006 degrees for sun and moon since 1960.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from startex.foundation.clock import MS_PER_DAY, MS_PER_HOUR, format_time

Float64 = npt.NDArray[np.float64]
Int8 = npt.NDArray[np.int8]
Int64 = npt.NDArray[np.int64]

DAYLIGHT: tuple[str, ...] = (
    "night",
    "astronomical_twilight",
    "nautical_twilight",
    "civil_twilight",
    "day",
)
"""Classes of daylight, from dark to bright; `daylight` gives their numbers."""

DAYLIGHT_FROM_DEG: tuple[float, ...] = (-18.0, -12.0, -6.0, -50.0 / 60.0)
"""Altitude of the sun at which each class after the first begins, degrees. Sunrise and sunset are
taken where the upper limb appears on a level horizon: 34' of refraction and 16' of semidiameter.
Source: Astronomical Applications Department, U.S. Naval Observatory, "Rise, set, and twilight
definitions", https://aa.usno.navy.mil/faq/RST_defs."""

_EPOCH_JD = 2_440_587.5  # 1970-01-01 UTC
_TT_MINUS_UTC_DAYS = 69.184 / 86_400.0  # 32.184 s and 37 leap seconds: IERS Bulletin C since 2017
_FIRST_MS, _LAST_MS = -2_208_988_800_000, 4_102_444_800_000  # 1900 to 2100, the span of epv00
_DECIMALS = 6  # of a degree; beyond, processors may differ


def sun_altitude_deg(t_ms: npt.ArrayLike, lat: npt.ArrayLike, lon: npt.ArrayLike) -> Float64:
    """Return the altitude of the sun over a level horizon, degrees, -90 to 90.

    Parameters
    ----------
    t_ms
        Milliseconds since the epoch, from 1900 to 2100.
    lat, lon
        Degrees; the answer is nan where either is. All three of any shapes that broadcast.

    Raises
    ------
    ValueError
        If a time lies outside the span.
    """
    return _altitude_deg(t_ms, lat, lon, _SUN)


def moon_altitude_deg(t_ms: npt.ArrayLike, lat: npt.ArrayLike, lon: npt.ArrayLike) -> Float64:
    """Return the altitude of the moon, as `sun_altitude_deg`."""
    return _altitude_deg(t_ms, lat, lon, _MOON)


def moon_lit(t_ms: npt.ArrayLike) -> Float64:
    """Return the share of the moon's disc that the sun lights: 0 at new moon, 1 at full moon.

    That is (1 + cos i) / 2, with i the angle at the moon between sun and Earth.
    Source: Meeus, Astronomical Algorithms, 2nd edition 1998, equation 48.1.

    Parameters
    ----------
    t_ms
        As of `sun_altitude_deg`, any shape.

    Raises
    ------
    ValueError
        As `sun_altitude_deg`.
    """
    import erfa  # noqa: PLC0415

    t = np.asarray(t_ms, dtype=np.int64)
    sun, moon = _between_hours(t.ravel(), (_SUN, _MOON))
    angle: Float64 = erfa.sepp(sun - moon, -moon)
    share: Float64 = np.round(0.5 * (1.0 + np.cos(angle)), _DECIMALS)
    return share.reshape(t.shape)


def daylight(sun_altitude: npt.ArrayLike) -> Int8:
    """Return the class of daylight as a row of `DAYLIGHT`; of nan, the last.

    Parameters
    ----------
    sun_altitude
        Altitude of the sun, degrees, any shape.
    """
    altitude = np.asarray(sun_altitude, dtype=np.float64)
    classes: Int8 = np.searchsorted(DAYLIGHT_FROM_DEG, altitude, side="right").astype(np.int8)
    return classes


_SUN, _MOON = 0, 1


def _altitude_deg(
    t_ms: npt.ArrayLike, lat: npt.ArrayLike, lon: npt.ArrayLike, body: int
) -> Float64:
    import erfa  # noqa: PLC0415

    t, at_lat, at_lon = np.broadcast_arrays(
        np.asarray(t_ms, dtype=np.int64),
        np.radians(np.asarray(lat, dtype=np.float64)),
        np.radians(np.asarray(lon, dtype=np.float64)),
    )
    if not t.size:
        return np.zeros(t.shape)
    (place,) = _between_hours(t.ravel(), (body,))
    turned = _earth_rotation(t)
    with np.errstate(invalid="ignore"):  # nan stays nan
        observer = erfa.pvtob(at_lon, at_lat, 0.0, 0.0, 0.0, 0.0, turned)["p"] / erfa.DAU
        ascension, declination = erfa.c2s(place.reshape(*t.shape, 3) - observer)
        _, altitude = erfa.hd2ae(turned + at_lon - ascension, declination, at_lat)
    rounded: Float64 = np.round(np.degrees(altitude), _DECIMALS)
    return rounded


def _earth_rotation(t: Int64) -> Float64:
    """Return the Earth rotation angle, radians: from the celestial to the terrestrial origin."""
    import erfa  # noqa: PLC0415

    days, rest = np.divmod(t, MS_PER_DAY)
    return np.asarray(erfa.era00(_EPOCH_JD + days, rest / MS_PER_DAY), dtype=np.float64)


def _between_hours(t: Int64, bodies: tuple[int, ...]) -> list[Float64]:
    """Return where bodies stand at times (n): float64 (n, 3) each, astronomical units.

    The axes are those of the celestial intermediate reference system, the Earth in the middle.
    """
    if t.size and not (t.min() >= _FIRST_MS and t.max() <= _LAST_MS):
        worst = t.min() if t.min() < _FIRST_MS else t.max()
        raise ValueError(
            f"where sun and moon stood is known from 1900 to 2100, not at {_when(int(worst))}"
        )
    hour, rest = np.divmod(t, MS_PER_HOUR)
    hours = np.unique(np.concatenate([hour, hour + 1]))
    known = _at_hours(hours)
    first, share = np.searchsorted(hours, hour), (rest / MS_PER_HOUR)[:, None]
    return [(1.0 - share) * known[body][first] + share * known[body][first + 1] for body in bodies]


def _at_hours(hours: Int64) -> tuple[Float64, Float64]:
    """Return where sun and moon stand so many hours after the epoch, as `_between_hours`."""
    import erfa  # noqa: PLC0415

    day, part = _EPOCH_JD + hours // 24, (hours % 24) / 24.0 + _TT_MINUS_UTC_DAYS
    heliocentric, barycentric = erfa.epv00(day, part)
    axes = erfa.c2i00b(day, part)
    distance, direction = erfa.pn(-heliocentric["p"])
    # Aberration alone makes the sun's place apparent: it hardly moves while its light is under way.
    speed = barycentric["v"] * (erfa.AULT / erfa.DAYSEC)  # of light
    slowed = np.sqrt(1.0 - erfa.pm(speed) ** 2)
    apparent = erfa.ab(direction, speed, distance, slowed) * np.asarray(distance)[:, None]
    sun: Any = erfa.rxp(axes, apparent)
    moon: Any = erfa.rxp(axes, erfa.moon98(day, part)["p"])
    return np.asarray(sun, dtype=np.float64), np.asarray(moon, dtype=np.float64)


def _when(t_ms: int) -> str:
    """Return a time in words, if need be as milliseconds since the epoch."""
    try:
        return format_time(t_ms)
    except OverflowError:
        return f"{t_ms} ms since 1970"
