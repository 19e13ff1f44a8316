"""Rates of detection by kind of sensor, from the published models of the phenomena.

A sensor that looks every ``T`` seconds with the chance ``p`` of a single look has the rate
``-ln(1 - p) / T`` (Koopman 1946: looks so frequent that they are as good as continuous). Radar:
``p`` by Swerling 1, the ratio of signal to noise falling with the fourth power of the range (radar
equation; Skolnik). Sonar: ``p`` by the signal excess (Urick). Eye and imager: ``p / tau``
of the search in one field of view (ACQUIRE), over the number of fields to be searched, cycles on
the target less what the air takes away (Koschmieder). Definite range: everything within reach.
Inverse cube: ``k h / r^3`` (Koopman). Intercept: once a period within the horizon (one-way radar
equation; Skolnik).

Validity: that of the models named. Left out: clutter, sea return, jamming, layers and convergence
zones, terrain.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.detection import swerling1_probability
from startex.models.horizon import OPTICAL_REFRACTION, line_of_sight_m
from startex.models.sonar import detection_probability, transmission_loss_db
from startex.models.visibility import sighting_range_m

Float64 = npt.NDArray[np.float64]

SONAR_DEVIATION_DB = 9.0
"""Of the signal excess; 8 to 10 dB is common at sea (Urick, chapter 12)."""

MOST_RATE = 1e3
"""1/s; what is detected faster than that is detected at once."""


def look_rate(probability: npt.ArrayLike, period_s: npt.ArrayLike) -> Float64:
    """Return the rate (1/s) of looks with a chance each, one every ``period_s``; they broadcast."""
    chance = np.minimum(np.asarray(probability, dtype=np.float64), 1.0)
    with np.errstate(divide="ignore"):
        rate = -np.log1p(-chance) / np.asarray(period_s, dtype=np.float64)
    return np.minimum(rate, MOST_RATE)


def radar_rate(
    range_m: npt.ArrayLike,
    cross_section_m2: npt.ArrayLike,
    range_1m2_m: npt.ArrayLike,
    period_s: npt.ArrayLike,
    false_alarm: npt.ArrayLike = 1e-6,
) -> Float64:
    """Return the rate of a surveillance radar, 1/s; arguments broadcast.

    Parameters
    ----------
    range_m
        Slant range.
    cross_section_m2
        Radar cross-section of the target.
    range_1m2_m
        Range at which a look detects 1 m2 with the chance 0.5.
    period_s
        Of the scan.
    false_alarm
        Of the threshold, each cell and look.
    """
    half = 10.0 * np.log10(np.log(false_alarm) / np.log(0.5) - 1.0)  # Swerling 1, solved for it
    with np.errstate(divide="ignore"):
        ratio = (
            half
            + 10.0 * np.log10(np.asarray(cross_section_m2, dtype=np.float64))
            + 40.0 * np.log10(np.asarray(range_1m2_m) / np.maximum(range_m, 1.0))
        )
    ratio = np.minimum(ratio, 60.0)  # sure, and within what the model takes
    chance = np.zeros(np.shape(ratio))
    seen = ratio > -30.0
    chance[seen] = swerling1_probability(
        ratio[seen], np.broadcast_to(false_alarm, seen.shape)[seen]
    )
    return look_rate(chance, period_s)


def optical_rate(
    range_m: npt.ArrayLike,
    size_m: npt.ArrayLike,
    cycles_per_mrad: npt.ArrayLike,
    fields: npt.ArrayLike,
    visibility_m: npt.ArrayLike,
    *,
    contrast: npt.ArrayLike = 0.3,
    least_contrast: npt.ArrayLike = 0.02,
) -> Float64:
    """Return the rate at which an eye or an imager finds a target, 1/s; arguments broadcast.

    Parameters
    ----------
    range_m
        Slant range.
    size_m
        Critical dimension of the target.
    cycles_per_mrad
        What the sensor resolves.
    fields
        Number of fields of view in the sector that is searched.
    visibility_m
        Meteorological visibility.
    contrast, least_contrast
        Of the target against its background, and the least that is seen; 0 beyond the range at
        which the one has sunk to the other.
    """
    from startex.models.acquisition import (  # noqa: PLC0415
        SEARCH_TIME_S,
        Task,
        cycles_on_target,
        transfer_probability,
    )

    far = np.maximum(np.asarray(range_m, dtype=np.float64), 1.0)
    ratio = cycles_on_target(size_m, cycles_per_mrad, far) / Task.DETECTION.value
    chance = transfer_probability(ratio)
    # more cycles than half the observers need shorten the search further
    rate = np.maximum(chance, 0.5 * ratio * (ratio > 2.0)) / SEARCH_TIME_S
    seen = far <= sighting_range_m(contrast, least_contrast, visibility_m)
    found: Float64 = np.where(seen, rate / np.asarray(fields, dtype=np.float64), 0.0)
    return found


def sonar_rate(
    range_m: npt.ArrayLike,
    merit_db: npt.ArrayLike,
    ways: npt.ArrayLike,
    period_s: npt.ArrayLike,
    *,
    spreading: npt.ArrayLike = 1.5,
    absorption_db_m: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the rate of a sonar, 1/s; arguments broadcast.

    Parameters
    ----------
    range_m
        Slant range.
    merit_db
        Figure of merit, with the target's noise (passive) or strength (active) in it.
    ways
        1 passive, 2 active: how often the loss counts.
    period_s
        Time after which the signal excess is another: of a ping, or of an integration.
    spreading, absorption_db_m
        See `models.sonar.transmission_loss_db`; 1.5 is common in shallow water.
    """
    loss = transmission_loss_db(
        np.maximum(range_m, 1.0), absorption_db_m, spreading=spreading
    ) * np.asarray(ways, dtype=np.float64)
    chance = detection_probability(np.asarray(merit_db) - loss, SONAR_DEVIATION_DB)
    return look_rate(chance, period_s)


def intercept_rate(range_m: npt.ArrayLike, period_s: npt.ArrayLike) -> Float64:
    """Return the rate at which an intercept receiver finds a radar that is on, 1/s; they broadcast.

    What it takes in goes one way, what the radar takes in goes two: its power falls with the square
    of the range instead of the fourth power, so that it hears a radar far beyond the radar's own
    range and the horizon is the limit (`models.radar.intercept_range_m`). Within horizon and
    ``max_range_m`` it lacks no signal; it waits for its own search in frequency to meet the beam:
    once in ``period_s`` in the mean.
    """
    rate = 1.0 / np.asarray(period_s, dtype=np.float64)
    found: Float64 = np.broadcast_to(rate, np.broadcast(range_m, rate).shape)
    return found


def inverse_cube_rate(range_m: npt.ArrayLike, constant_m3_s: npt.ArrayLike) -> Float64:
    """Return the rate ``k h / r^3`` of a look-out high over a wake, 1/s; arguments broadcast."""
    far = np.maximum(np.asarray(range_m, dtype=np.float64), 1e-3)
    rate: Float64 = np.asarray(constant_m3_s, dtype=np.float64) / far**3
    return rate


def optical_horizon_m(height_m: npt.ArrayLike, target_height_m: npt.ArrayLike) -> Float64:
    """Return how far light goes between two heights, m; arguments broadcast."""
    return line_of_sight_m(height_m, target_height_m, refraction=OPTICAL_REFRACTION)
