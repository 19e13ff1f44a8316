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

from dataclasses import dataclass
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

_SUN, _MOON = 0, 1


@dataclass(frozen=True, slots=True, eq=False)
class Sky:
    """Where sun and moon stand at whole hours; made by `sky_between` or `sky_at`.

    The answers are the same whichever hours it holds.

    Attributes
    ----------
    hours
        int64 (n), rising; hours since the epoch.
    bodies
        Sun and moon: float64 (n, 3) each, astronomical units from the middle of the Earth, axes of
        the celestial intermediate reference system.
    """

    hours: Int64
    bodies: tuple[Float64, Float64]

    def sun_altitude_deg(
        self, t_ms: npt.ArrayLike, lat: npt.ArrayLike, lon: npt.ArrayLike
    ) -> Float64:
        """Return the altitude of the sun over a level horizon, degrees, -90 to 90.

        Parameters
        ----------
        t_ms
            Milliseconds since the epoch.
        lat, lon
            Degrees; the answer is nan where either is. All three of any shapes that broadcast.

        Raises
        ------
        ValueError
            If a time lies outside the hours.
        """
        return self._altitude_deg(t_ms, lat, lon, _SUN)

    def moon_altitude_deg(
        self, t_ms: npt.ArrayLike, lat: npt.ArrayLike, lon: npt.ArrayLike
    ) -> Float64:
        """Return the altitude of the moon, as `sun_altitude_deg`."""
        return self._altitude_deg(t_ms, lat, lon, _MOON)

    def moon_lit(self, t_ms: npt.ArrayLike) -> Float64:
        """Return the share of the moon's disc that the sun lights: 0 at new, 1 at full moon.

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
        sun, moon = (self._place(t, body) for body in (_SUN, _MOON))
        angle: Float64 = erfa.sepp(sun - moon, -moon)
        share: Float64 = np.round(0.5 * (1.0 + np.cos(angle)), _DECIMALS)
        return share

    def _altitude_deg(
        self, t_ms: npt.ArrayLike, lat: npt.ArrayLike, lon: npt.ArrayLike, body: int
    ) -> Float64:
        import erfa  # noqa: PLC0415

        t, at_lat, at_lon = np.broadcast_arrays(
            np.asarray(t_ms, dtype=np.int64),
            np.radians(np.asarray(lat, dtype=np.float64)),
            np.radians(np.asarray(lon, dtype=np.float64)),
        )
        if not t.size:
            return np.zeros(t.shape)
        place, turned = self._place(t, body), _earth_rotation(t)
        with np.errstate(invalid="ignore"):  # nan stays nan
            observer = erfa.pvtob(at_lon, at_lat, 0.0, 0.0, 0.0, 0.0, turned)["p"] / erfa.DAU
            ascension, declination = erfa.c2s(place - observer)
            _, altitude = erfa.hd2ae(turned + at_lon - ascension, declination, at_lat)
        rounded: Float64 = np.round(np.degrees(altitude), _DECIMALS)
        return rounded

    def _place(self, t: Int64, body: int) -> Float64:
        """Return where a body stands at times: their shape and 3, straight between hours."""
        hour, rest = np.divmod(t, MS_PER_HOUR)
        first = np.searchsorted(self.hours, hour)
        after = np.searchsorted(self.hours, hour + 1)
        last = self.hours.size - 1
        known = (self.hours[np.minimum(first, last)] == hour) & (after <= last)
        if not known.all():
            raise ValueError(
                f"the sky is not worked out for {_when(int(t[~known].flat[0]))}, but from "
                f"{_when(int(self.hours[0]) * MS_PER_HOUR)} to "
                f"{_when(int(self.hours[-1]) * MS_PER_HOUR)}"
            )
        share = (rest / MS_PER_HOUR)[..., None]
        column = self.bodies[body]
        return (1.0 - share) * column[first] + share * column[after]


def sky_between(start_ms: int, end_ms: int) -> Sky:
    """Return the sky of an exercise, worked out once: 25 us an hour of it.

    Parameters
    ----------
    start_ms, end_ms
        First and last instant that may be asked for, milliseconds since the epoch.

    Raises
    ------
    ValueError
        If they do not lie in the years 1900 to 2100.
    """
    _check_span(start_ms, end_ms)
    return _sky(np.arange(start_ms // MS_PER_HOUR, end_ms // MS_PER_HOUR + 2))


def sky_at(t_ms: npt.ArrayLike) -> Sky:
    """Return the sky for these times alone, milliseconds since the epoch.

    Raises
    ------
    ValueError
        As `sky_between`.
    """
    t = np.asarray(t_ms, dtype=np.int64).ravel()
    if t.size:
        _check_span(int(t.min()), int(t.max()))
    hour = t // MS_PER_HOUR
    return _sky(np.unique(np.concatenate([hour, hour + 1])))


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


def _check_span(first_ms: int, last_ms: int) -> None:
    for t in (first_ms, last_ms):
        if not _FIRST_MS <= t <= _LAST_MS:
            raise ValueError(
                f"where sun and moon stand is known from 1900 to 2100, not at {_when(t)}"
            )


def _earth_rotation(t: Int64) -> Float64:
    """Return the Earth rotation angle, radians: from the celestial to the terrestrial origin."""
    import erfa  # noqa: PLC0415

    days, rest = np.divmod(t, MS_PER_DAY)
    return np.asarray(erfa.era00(_EPOCH_JD + days, rest / MS_PER_DAY), dtype=np.float64)


def _sky(hours: Int64) -> Sky:
    bodies = _at_hours(hours)
    for column in (hours, *bodies):
        column.flags.writeable = False
    return Sky(hours, bodies)


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
