"""Road-like ways: a keyed meander about a straight line, of a given length.

The lateral offset is a sum of three sines with keyed phases, zero at both ends, scaled until the
polyline is as long as wanted. It says how far a road goes, not where the real one lies.
"""

from __future__ import annotations

import numpy as np

from startex.foundation.streams import Stream, entity_key, uniform
from startex.geography.geodesy import direct, direct_azimuth, inverse
from startex.geography.paths import Float64

WAVE_M = 16_000.0
"""Length of the main bend; assumed. With `POINTS_PER_WAVE` it gives legs of about 2 km."""

POINTS_PER_WAVE = 8

SHORTEST_M = 400.0
"""Shorter lines stay straight."""

_PARTS = ((1.0, 1.0), (0.45, 0.7), (1.7, 0.3))  # frequency and share of each sine


def way_key(lat0: float, lon0: float, lat1: float, lon1: float) -> int:
    """Return the key of the way between two points: their positions, rounded to 1e-5 degrees."""
    return entity_key(f"way {lat0:.5f} {lon0:.5f} {lat1:.5f} {lon1:.5f}")


def meander(
    lat0: float, lon0: float, lat1: float, lon1: float, factor: float, key: int, variant: int = 0
) -> tuple[Float64, Float64]:
    """Return the vertices of a road-like way between two points, degrees.

    Parameters
    ----------
    lat0, lon0, lat1, lon1
        Its ends, degrees.
    factor
        Wanted length over the geodesic's, >= 1.
    key
        Which way: the same key and variant give the same course.
    variant
        From 0: another course; every four variants the bends are half as long, so that the way
        keeps nearer to the straight line.
    """
    azimuth, length = (float(v) for v in inverse(lat0, lon0, lat1, lon1))
    if length < SHORTEST_M or factor <= 1.0:
        return np.array([lat0, lat1]), np.array([lon0, lon1])
    waves = max(1, round(length / WAVE_M)) * 2 ** (variant // 4)
    count = waves * POINTS_PER_WAVE
    part = np.arange(count + 1) / count
    phases = uniform(0, Stream.WAY, np.uint64(key), 8 * variant + np.arange(len(_PARTS)))
    lateral = np.zeros(count + 1)
    for (frequency, share), phase in zip(_PARTS, phases, strict=True):
        lateral += share * np.sin(2.0 * np.pi * (frequency * waves * part + phase))
    ramp = np.minimum(np.minimum(part, 1.0 - part) * 2.0 * waves, 1.0)
    lateral *= np.sin(0.5 * np.pi * ramp)
    lateral *= _scale(length / count, lateral, factor * length)
    base_lat, base_lon, heading = direct_azimuth(lat0, lon0, azimuth, part * length)
    lat, lon = direct(base_lat, base_lon, heading + 90.0, lateral)
    lat[[0, -1]] = lat0, lat1
    lon[[0, -1]] = lon0, lon1 - 360.0 * np.round((lon1 - lon[-2]) / 360.0)
    return lat, lon


def _scale(step_m: float, lateral: Float64, wanted_m: float) -> float:
    """Return the amplitude (m) for which a polyline of even steps has the wanted length.

    Newton's method: the length grows ever faster with the amplitude, so from too large an
    amplitude the steps come down to the wanted one without overshooting.
    """
    rise = np.abs(lateral[1:] - lateral[:-1])
    amplitude = wanted_m / max(float(rise.sum()), 1e-9) + step_m
    for _ in range(48):
        sides = amplitude * rise
        lengths = np.hypot(step_m, sides)
        growth = float((rise * (sides / lengths)).sum())
        change = (float(lengths.sum()) - wanted_m) / max(growth, 1e-300)
        amplitude -= change
        if abs(change) <= 1e-13 * amplitude:
            break
    return amplitude
