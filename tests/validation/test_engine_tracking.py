"""Reported positions are off by what their standard errors say; Johnson's levels come out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from startex.engine.tracking.levels import task_ranges_m
from startex.forces.armament import load_armament
from startex.forces.catalogue import load_catalogue
from startex.geography.geodesy import direct, inverse
from startex.models import acquisition, fixes, intervals, radar
from startex.models.horizon import line_of_sight_m

MANY = 20_000
CONFIDENCE = 0.999
ARMAMENT = load_armament(load_catalogue())


@pytest.mark.parametrize("azimuth", [0.0, 70.0, 200.0, 315.0])
@pytest.mark.parametrize("range_m", [3e3, 80e3])
def test_fixes_are_as_far_off_as_is_said(azimuth, range_m) -> None:
    """Mean square, across and along the line of sight, within the chi-square interval."""
    lat, lon = (float(c) for c in direct(44.0, 135.0, azimuth, range_m))
    errors = np.tile([[1.5], [40.0], [0.02]], MANY)
    keys = np.arange(MANY, dtype=np.uint64) * np.uint64(2_654_435_761)
    found = fixes.drawn_fix(
        5, keys, 3_600, (np.full(MANY, lat), np.full(MANY, lon)),
        (np.full(MANY, 44.0), np.full(MANY, 135.0)), np.full(MANY, range_m), errors,
    )  # fmt: skip
    across, along = fixes.fix_deviations_m(range_m, 1.5, 40.0, 0.02)
    assert found[2] == pytest.approx(np.sqrt(0.5 * (across**2 + along**2)))
    way, off = inverse(np.full(MANY, lat), np.full(MANY, lon), found[0], found[1])[:2]
    onward = float(inverse(lat, lon, 44.0, 135.0)[0]) + 180.0  # the way to the target, at it
    turn = np.radians(way - onward)
    for part, sigma in ((off * np.cos(turn), along), (off * np.sin(turn), across)):
        ratio = (part**2).sum() / float(sigma) ** 2
        low, high = stats.chi2.interval(CONFIDENCE, MANY)
        assert low <= ratio <= high
        assert abs(part.mean()) < 3.3 * float(sigma) / np.sqrt(MANY)
    assert np.mean(off**2) == pytest.approx(2.0 * float(found[2][0]) ** 2, rel=0.05)


def test_the_datum_grows_as_that_of_a_target_on_any_course() -> None:
    """Monte Carlo: a normal error, then a straight way in a direction drawn at random."""
    draw = np.random.default_rng(4)
    sigma, speed, age = 800.0, 4.0, 1_800.0
    course = draw.uniform(0.0, 2.0 * np.pi, MANY)
    x = draw.normal(0.0, sigma, MANY) + speed * age * np.sin(course)
    expected = float(fixes.aged_error_m(sigma, age, speed))
    low, high = stats.norm.interval(CONFIDENCE, expected**2, (x**2).std() / np.sqrt(MANY))
    assert low <= np.mean(x**2) <= high
    assert float(fixes.aged_error_m(sigma, 0.0, speed)) == sigma


@pytest.mark.parametrize("sensor", ["eye-foot", "bridge-large", "thermal-vehicle"])
def test_the_share_that_classify_at_a_range_is_that_of_johnson_and_acquire(sensor) -> None:
    sensors = ARMAMENT.sensors
    row, size = sensors.index(sensor), 3.0
    found = task_ranges_m(
        sensors, np.full(MANY, row), np.full(MANY, size), np.arange(MANY, dtype=np.uint64), 2,
        np.full(MANY, 60),
    )  # fmt: skip
    resolved = float(sensors.cycles_per_mrad[row])
    for reached, task in zip(
        found, (acquisition.Task.RECOGNITION, acquisition.Task.IDENTIFICATION), strict=True
    ):
        for chance in (0.1, 0.5, 0.9):
            at = float(acquisition.range_for_probability_m(chance, size, resolved, task))
            share = intervals.wilson_interval(int((reached >= at).sum()), MANY, CONFIDENCE)
            assert float(share.lower) <= chance <= float(share.upper), (task, chance)
    assert (found[0] >= found[1]).all()
    assert float(np.median(found[0])) == pytest.approx(size * resolved * 1000.0 / 4.0, rel=0.02)
    assert float(np.median(found[1])) == pytest.approx(size * resolved * 1000.0 / 6.4, rel=0.02)


def test_an_intercept_receiver_is_limited_by_the_horizon_alone() -> None:
    """A navigation radar of 25 kW and 30 dB at 9.4 GHz, heard at -60 dBm: ten times the horizon."""
    heard = float(radar.intercept_range_m(25e3 * 10.0**3, 9.4e9, 1e-9))
    assert heard == pytest.approx(401e3, rel=0.01)
    masts = ARMAMENT.sensors.height_m[
        [ARMAMENT.sensors.index(name) for name in ("esm-ship-large", "radar-navigation-large")]
    ]
    horizon = float(line_of_sight_m(*masts))
    assert horizon == pytest.approx(4_124.0 * np.sqrt(masts).sum(), rel=1e-3)
    assert heard > 9.0 * horizon


def test_every_sensor_shipped_says_how_far_off_it_is() -> None:
    errors = ARMAMENT.sensors.errors()
    assert (errors[0] > 0.0).all()
    assert (errors[1:].max(axis=0) > 0.0).all()
    for sensor in ARMAMENT.sensors.id:
        assert ARMAMENT.provenance(sensor, "bearing_error_deg").assumed
