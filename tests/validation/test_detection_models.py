"""Detection and search against published figures, closed forms and Monte Carlo."""

from __future__ import annotations

import model_pages
import numpy as np
import published_cases
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from published_cases import SI, hold, inputs, runners

from startex.foundation.errors import OutsideValidityError
from startex.models import (
    acquisition,
    barrier,
    decibels,
    detection,
    effort,
    fixes,
    horizon,
    radar,
    screen,
    search,
    seawater,
    sonar,
    visibility,
)

MODULES = (
    acquisition, barrier, decibels, detection, effort, fixes, horizon, radar, screen, search,
    seawater, sonar, visibility,
)  # fmt: skip
CASES = [case for case in published_cases.CASES if case.startswith("A3-")]


def run_a3_01(i):
    return {"d": horizon.horizon_by_rule_m(i["h_antenna"], i["coefficient"])}


def run_a3_02(i):
    near = horizon.horizon_by_rule_m(i["h_antenna"], i["coefficient"])
    return {"d": near + horizon.horizon_by_rule_m(i["h_target"], i["coefficient"])}


def run_a3_03(i):
    return {
        "d": horizon.line_of_sight_m(
            i["h_antenna"], i["h_target"], refraction=4 / 3, earth_radius_m=i["R"]
        )
    }


def run_a3_04(i):
    near = horizon.horizon_by_rule_m(i["h_eye"], i["coefficient"])
    return {"d": near + horizon.horizon_by_rule_m(i["h_object"], i["coefficient"])}


def run_a3_05(i):
    return {"Pr": radar.received_power_w(i["Pt"], i["G"], i["f"], i["sigma"], i["R"])}


def run_a3_06(i):
    return {
        "range_ratio_sigma": radar.range_ratio(1.0, i["sigma_ratio"]),
        "range_ratio_power": radar.range_ratio(i["power_ratio"]),
    }


def run_a3_07(i):
    by_series = detection.detection_probability(i["snr"], i["pfa"], swerling=1)
    closed = detection.swerling1_probability(i["snr"], i["pfa"])
    np.testing.assert_allclose(by_series, closed, rtol=1e-12)
    return {"pd": closed}


def run_a3_08(i):
    cover = search.coverage(i["W"], i["V"], i["t"], i["A"])
    return {
        "P": search.random_search_probability(cover),
        "mean_time_to_detect": search.random_search_time_s(i["W"], i["V"], i["A"]),
        "coverage": cover,
    }


def run_a3_09(i):
    return {
        "random": search.random_search_probability(i["coverage"]),
        "inverse_cube": search.inverse_cube_probability(i["coverage"]),
        "definite_range": search.definite_range_probability(i["coverage"]),
    }


run_a3_10 = run_a3_09


def run_a3_11(i):
    return {"p": search.inverse_cube_curve(i["x"], i["W"])}


def run_a3_12(i):
    def width(peak, deviation):
        return search.sweep_width_m(lambda x: float(search.gaussian_curve(x, peak, deviation)))

    return {"W": np.vectorize(width, otypes=[float])(i["p0"], i["sigma"])}


def run_a3_13(i):
    return {
        "w_mean": search.mean_relative_speed_m_s(i["u"], i["v"]),
        "enhancement": search.dynamic_enhancement(i["u"], i["v"]),
    }


def run_a3_14(i):
    start = (i["W"], i["V"], i["u"], i["t0"])
    return {
        "P": search.datum_probability(*start, i["T"]),
        "P_infinite": search.datum_probability(*start),
    }


def run_a3_15(i):
    line = (i["L"], i["R"], i["v"], i["u"])
    return {
        "P": barrier.back_and_forth_probability(*line),
        "first_order": barrier.first_order_probability(*line),
        "random_barrier": barrier.random_barrier_probability(*line),
    }


def run_a3_16(i):
    found = barrier.crossover(i["L"], i["W"], i["v"], i["u"])
    return {"P": found.probability, "track_angle": found.track_angle_deg}


def run_a3_17(i):
    return {"half_angle": screen.limiting_angle_deg(i["sub_speed"], i["convoy_speed"])}


def run_a3_18(i):
    found = effort.optimal_allocation(i["p"], i["Z_total_coverage"])
    return {"z": found.coverage, "P": found.probability}


def run_a3_19(i):
    chance = acquisition.transfer_probability(i["N_over_N50"])
    return dict(zip(("P_at_0.5", "P_at_1", "P_at_1.5", "P_at_3"), chance, strict=True))


def run_a3_20(i):
    assert published_cases.CASES["A3-20"]["inputs"]["N50"]["value"] == "1.0/4.0/6.4"
    target = (i["critical_dimension"], i["resolvable_frequency"], i["range"])
    return {
        "cycles": acquisition.cycles_on_target(*target),
        "P_detect": acquisition.task_probability(*target, acquisition.Task.DETECTION),
        "P_recognise": acquisition.task_probability(*target, acquisition.Task.RECOGNITION),
        "P_identify": acquisition.task_probability(*target, acquisition.Task.IDENTIFICATION),
    }


def run_a3_21(i):
    return {
        "tau": acquisition.search_time_constant_s(i["P_inf"]),
        "P": acquisition.search_probability(i["t"], i["P_inf"]),
    }


def run_a3_22(i):
    merit = sonar.passive_figure_of_merit_db(i["SL"], i["NL"], i["DI"], i["DT"])
    return {"FOM": merit, "range": sonar.range_for_loss_m(merit, spreading=sonar.SPHERICAL)}


def run_a3_23(i):
    merit = sonar.active_figure_of_merit_db(i["SL"], i["TS"], i["NL"], i["DI"], i["DT"])
    reach = sonar.range_for_loss_m(np.asarray(merit) / 2.0, i["alpha"])
    return {"active_FOM_two_way": merit, "range": reach}


def run_a3_24(i):
    return {"c": seawater.sound_speed_mackenzie_m_s(i["T"], i["S"], i["D"])}


def run_a3_25(i):
    return {"alpha": seawater.absorption_thorp_db_m(i["f"])}


RUNNERS = runners(globals())


def test_every_case_has_a_runner():
    assert sorted(RUNNERS) == sorted(CASES)


@pytest.mark.parametrize("case", sorted(CASES))
@pytest.mark.parametrize("shape", [(), (3,), (2, 0), (2, 2)])
def test_published_figure(case, shape):
    """The same figures come out for scalars and for arrays of any shape."""
    as_given = inputs(case)
    if shape == () or any(isinstance(value, list) for value in as_given.values()):
        hold(case, RUNNERS[case](as_given))
        return
    results = RUNNERS[case]({name: np.full(shape, v) for name, v in as_given.items()
                             if not isinstance(v, str)})  # fmt: skip
    assert all(np.shape(result) == shape for result in results.values())
    hold(case, results)


# Horizon


@given(st.floats(0.0, 2e4), st.floats(0.3, 10.0))
def test_square_root_of_the_horizon_is_within_a_thousandth(height, refraction):
    rule = horizon.horizon_m(height, refraction=refraction)
    # only below heights that are small beside the radius of the bent Earth
    if height < 2e-3 * horizon.effective_radius_m(refraction):
        arc = horizon.horizon_arc_m(height, refraction=refraction)
        assert arc <= rule * (1 + 1e-12) and rule - arc <= 1e-3 * rule + 1e-9


@given(st.floats(0, 2e4), st.floats(0, 2e4), st.floats(1.0, 4e5))
def test_height_of_a_target_both_ways(own, target, distance):
    slant = horizon.slant_range_m(distance, own, target)
    elevation = horizon.elevation_of_target_deg(slant, target, own)
    assert horizon.height_of_target_m(slant, elevation, own) == pytest.approx(target, abs=1e-5)


def test_what_the_earth_hides():
    distance = horizon.line_of_sight_m(30.0, [0.0, 10.0, 500.0])
    hidden = horizon.least_visible_height_m(distance, 30.0)
    np.testing.assert_allclose(hidden, [0.0, 10.0, 500.0], atol=1e-9)
    assert horizon.least_visible_height_m(5e3, 30.0) == 0.0
    # at its horizon a target on the surface is seen along the tangent: elevation minus the dip
    slant = horizon.slant_range_m(horizon.horizon_arc_m(30.0), 30.0, 0.0)
    dip = horizon.dip_deg(30.0, refraction=4 / 3)
    assert horizon.elevation_of_target_deg(slant, 0.0, 30.0) == pytest.approx(-dip, rel=1e-6)


def test_refraction_and_rules():
    assert horizon.refraction_factor(-39.24) == pytest.approx(4 / 3, rel=1e-4)
    assert horizon.refraction_factor(0.0) == 1.0
    # the radar rule is the square root for 4/3 of the Earth, to its two figures
    assert horizon.horizon_by_rule_m(100.0) == pytest.approx(horizon.horizon_m(100.0), rel=3e-3)
    # Bowditch: dip 0.97 minutes of arc for the square root of a foot
    dip = horizon.dip_deg(0.3048 * np.array([9.0, 100.0])) * 60
    np.testing.assert_allclose(dip, [0.97 * 3, 9.7], rtol=0.02)
    assert horizon.bulge_m(25e3, 25e3) == pytest.approx(36.8, rel=1e-3)  # 50 km, 4/3: textbooks


# Radar


@given(st.floats(1, 1e7), st.floats(0, 60), st.floats(1e8, 1e11), st.floats(1e-4, 1e5))
def test_radar_range_and_power_are_inverse(power, gain, frequency, section):
    radar_ = (power, gain, frequency, section)
    reach = radar.range_for_snr_m(*radar_, 13.0, bandwidth_hz=1e6, noise_figure_db=4.0, loss_db=3.0,
                                  pulses=4)  # fmt: skip
    got = radar.snr_db(*radar_, reach, bandwidth_hz=1e6, noise_figure_db=4.0, loss_db=3.0, pulses=4)
    assert got == pytest.approx(13.0, abs=1e-9)
    least = radar.minimum_signal_w(1e6, 4.0, 13.0)
    area = radar.aperture_m2(gain, frequency)
    wave = radar.wavelength_m(frequency)
    written_out = (power * area**2 * section / (4 * np.pi * wave**2 * least)) ** 0.25
    by_aperture = radar.maximum_range_by_aperture_m(power, area, frequency, section, least)
    assert by_aperture == pytest.approx(written_out, rel=1e-9)
    assert radar.gain_db(area, frequency) == pytest.approx(gain, abs=1e-9)
    assert reach == pytest.approx(
        by_aperture * radar.range_ratio(4.0 / decibels.power_ratio(3.0)), rel=1e-9
    )


def test_noise_is_minus_174_dbm_a_hertz():
    assert decibels.decibels(radar.minimum_signal_w(1.0, 0.0)) == pytest.approx(-203.975, abs=1e-3)


def test_burn_through_is_where_jamming_and_echo_are_alike():
    own = {"jammer_erp_w": 1e3, "bandwidth_ratio": 0.1}
    off = own | {"jammer_range_m": 1e5, "gain_to_jammer_db": 5.0}
    for way, power in ((own, 2), (off, 4)):
        reach = radar.burn_through_range_m(1e6, 35.0, 5.0, jamming_to_signal_db=-6.0, **way)
        assert radar.jamming_to_signal_db(1e6, 35.0, 5.0, reach, **way) == pytest.approx(-6.0)
        twice = radar.jamming_to_signal_db(1e6, 35.0, 5.0, 2 * reach, **way) + 6.0
        assert twice == pytest.approx(10 * power * np.log10(2))
    # from the two radar equations as they stand: jamming in the receiver over the echo
    wave, gain = radar.wavelength_m(1e10), 10**3.5
    echo = radar.received_power_w(1e6, 35.0, 1e10, 5.0, 4e4)
    noise = 1e3 * gain * wave**2 / (4 * np.pi * 4e4) ** 2 * 0.1
    assert radar.jamming_to_signal_db(1e6, 35.0, 5.0, 4e4, **own) == pytest.approx(
        float(decibels.decibels(noise / echo))
    )


def test_interception_far_outranges_the_radar():
    heard = radar.intercept_range_m(1e6 * 10**3.5, 1e10, 1e-12)
    one_way = 1e6 * 10**3.5 * (radar.wavelength_m(1e10) / (4 * np.pi * heard)) ** 2
    assert one_way == pytest.approx(1e-12)


# Detection in noise


def test_steady_target_is_marcum_and_known_values():
    """Single pulse: signal over noise for a steady target, Skolnik figure 2.6 and every table."""
    snr = detection.snr_for_detection_db([0.5, 0.9, 0.9, 0.99], [1e-6, 1e-6, 1e-8, 1e-6])
    np.testing.assert_allclose(snr, [11.2, 13.2, 14.2, 14.6], atol=0.15)
    ratio = decibels.power_ratio(13.0)
    direct = detection.marcum_q(1, np.sqrt(2 * ratio), np.sqrt(-2 * np.log(1e-6)))
    assert detection.detection_probability(13.0, 1e-6) == pytest.approx(direct, rel=1e-12)


def test_marcum_q_by_its_integral():
    from scipy.integrate import quad
    from scipy.special import ive

    for a, b in ((0.5, 1.0), (2.0, 3.0), (5.0, 4.0), (3.0, 6.5)):
        tail, _ = quad(lambda x, a=a: x * np.exp(-((x - a) ** 2) / 2) * ive(0, a * x), b, b + 40)
        assert detection.marcum_q(1, a, b) == pytest.approx(tail, rel=1e-8)
    assert detection.marcum_q(1, 0.0, 2.0) == pytest.approx(np.exp(-2.0))
    assert detection.marcum_q(1, [1.0, 0.0], 0.0).tolist() == [1.0, 1.0]


@pytest.mark.parametrize("pulses", [1, 2, 10, 100, 1000])
def test_swerling_closed_forms(pulses):
    """The series against the closed forms of Swerling 1 and 2, and of 3 for one pulse."""
    from scipy.special import gammainc, gammaincc

    n, snr = pulses, np.array([-10.0, -3.0, 0.0, 5.0, 15.0])
    ratio = 10 ** (snr / 10)
    level = detection.threshold(1e-6, n)
    found = [detection.detection_probability(snr, 1e-6, n, swerling=kind) for kind in range(5)]
    if n == 1:
        one = np.exp(-level / (1 + ratio))
        three = (1 + level * ratio * 2 / (2 + ratio) ** 2) * np.exp(-level / (1 + ratio / 2))
        np.testing.assert_allclose(found[3], three, rtol=1e-10)
        np.testing.assert_allclose(found[4], three, rtol=1e-10)
    else:
        all_ = n * ratio
        one = gammaincc(n - 1, level) + (1 + 1 / all_) ** (n - 1) * gammainc(
            n - 1, level / (1 + 1 / all_)
        ) * np.exp(-level / (1 + all_))
    np.testing.assert_allclose(found[1], one, rtol=1e-8)
    np.testing.assert_allclose(found[2], gammaincc(n, level / (1 + ratio)), rtol=1e-8)
    for chance in found:
        assert (np.diff(chance) >= -1e-12).all() and (chance >= 1e-6).all()


@pytest.mark.parametrize("kind", [0, 1, 2, 3, 4])
def test_detection_by_drawing_signals(kind):
    """Echoes in noise, drawn pulse by pulse; five standard errors."""
    rng, trials, pulses, snr = np.random.default_rng(5), 40_000, 6, 2.0
    level = detection.threshold(1e-3, pulses)
    mean = 10 ** (snr / 10)
    shape = (trials, {0: 1, 1: 1, 2: pulses, 3: 1, 4: pulses}[kind])
    degrees = {0: np.inf, 1: 1.0, 2: 1.0, 3: 2.0, 4: 2.0}[kind]
    energy = np.full(shape, mean) if kind == 0 else rng.gamma(degrees, mean / degrees, shape)
    field = np.sqrt(energy) + rng.normal(0, np.sqrt(0.5), (trials, pulses))
    power = (field**2 + rng.normal(0, np.sqrt(0.5), (trials, pulses)) ** 2).sum(1)
    share = (power > level).mean()
    wanted = detection.detection_probability(snr, 1e-3, pulses, swerling=kind)
    assert abs(share - wanted) < 5 * np.sqrt(wanted * (1 - wanted) / trials)


def test_limits_of_the_chi_square_family():
    snr = np.array([[-30.0], [0.0], [8.0]])
    steady = detection.detection_probability(snr, 1e-4, [1, 5, 50])
    many = detection.chi_square_probability(snr, 1e-4, [1, 5, 50], half_degrees=2e4)
    np.testing.assert_allclose(many, steady, rtol=2e-3)
    weak = detection.detection_probability(-100.0, 1e-4, 30, swerling=np.arange(5))
    np.testing.assert_allclose(weak, 1e-4, rtol=1e-6)
    strong = detection.detection_probability(100.0, 1e-4, 1, swerling=np.arange(5))
    assert (strong > 1 - 1e-6).all()
    assert detection.detection_probability([], 1e-6, swerling=[]).shape == (0,)
    alone = detection.detection_probability(3.0, 1e-6, 10, swerling=3)
    beside = detection.detection_probability(3.0, [1e-6, 1e-12], [10, 4000], swerling=3)
    assert alone == beside[0]  # to the last digit: no value depends on its neighbours


@settings(max_examples=25)
@given(st.floats(0.05, 0.999), st.floats(1e-12, 1e-2), st.integers(1, 60), st.integers(0, 4))
def test_snr_is_the_inverse_of_probability(wanted, alarm, pulses, kind):
    snr = detection.snr_for_detection_db(wanted, alarm, pulses, swerling=kind)
    back = detection.detection_probability(snr, alarm, pulses, swerling=kind)
    assert back == pytest.approx(wanted, abs=1e-6)
    assert detection.false_alarm_probability(
        detection.threshold(alarm, pulses), pulses
    ) == pytest.approx(alarm, rel=1e-9)


def test_albersheim_is_within_a_third_of_a_decibel():
    wanted = np.array([0.3, 0.5, 0.7, 0.9])[:, None, None]
    alarm, pulses = np.array([1e-7, 1e-5, 1e-3])[:, None], np.array([1, 8, 64, 1000])
    short = detection.albersheim_snr_db(wanted, alarm, pulses)
    exact = detection.snr_for_detection_db(wanted, alarm, pulses)
    assert np.abs(short - exact).max() < 0.3


@given(st.floats(0, 1), st.integers(0, 12), st.integers(0, 12))
def test_m_of_n(single, needed, looks):
    from math import comb

    chance = sum(
        comb(looks, j) * single**j * (1 - single) ** (looks - j) for j in range(needed, looks + 1)
    )
    found = detection.binary_integration(single, needed, looks)
    assert found == pytest.approx(min(chance, 1.0), abs=1e-12)
    if needed == 1:
        assert found == pytest.approx(detection.cumulative_probability(single, looks), abs=1e-12)


# Eye and imager


@given(st.floats(1e-6, 1 - 1e-9))
def test_cycles_for_a_probability(wanted):
    ratio = acquisition.cycles_ratio_for_probability(wanted)
    assert acquisition.transfer_probability(ratio) == pytest.approx(wanted, rel=1e-9)


def test_acquisition_table_and_ranges():
    """Rounded table that goes with ACQUIRE; the formula is a little below it at 0.75."""
    ratio = [0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0]
    table = [0.0, 0.02, 0.10, 0.30, 0.50, 0.80, 0.95, 1.0]
    np.testing.assert_allclose(acquisition.transfer_probability(ratio), table, atol=0.025)
    reach = acquisition.range_for_probability_m(0.5, 2.3, 5.0, acquisition.Task.IDENTIFICATION)
    assert reach == pytest.approx(2300 * 5 / 6.4)
    assert acquisition.task_probability(2.3, 5.0, reach, 6.4) == pytest.approx(0.5)
    time = acquisition.time_for_probability_s([0.0, 0.4, 0.79], 0.8)
    np.testing.assert_allclose(acquisition.search_probability(time, 0.8), [0.0, 0.4, 0.79])
    assert acquisition.search_probability(1e9, [0.0, 0.8]).tolist() == [0.0, 0.8]
    assert acquisition.observers_probability(0.5, [0, 1, 3]).tolist() == [0.0, 0.5, 0.875]


def test_visibility_is_where_contrast_falls_to_its_threshold():
    assert visibility.apparent_contrast(-1.0, 8e3, 8e3) == pytest.approx(-0.05)
    far = visibility.sighting_range_m([1.0, 0.5, 0.01], 0.05, 8e3)
    assert far[0] == pytest.approx(8e3) and far[2] == 0.0
    assert visibility.apparent_contrast(0.5, far[1], 8e3) == pytest.approx(0.05)
    assert visibility.extinction_per_m(1e3, 0.02) == pytest.approx(3.912e-3, rel=1e-4)


# Sound in the sea


def test_sound_speed_by_two_formulas():
    t, s, d = np.meshgrid([2.0, 10.0, 25.0], [30.0, 35.0, 38.0], [0.0, 500.0, 1000.0])
    one = seawater.sound_speed_mackenzie_m_s(t, s, d)
    other = seawater.sound_speed_medwin_m_s(t, s, d)
    assert np.abs(one - other).max() < 1.0
    assert (np.diff(one, axis=2) > 0).all() and (np.diff(one, axis=1) > 0).all()


def test_absorption_by_two_formulas():
    """Francois and Garrison at Thorp's 4 degrees; they agree to a quarter above the boric acid."""
    frequency = np.array([2e3, 5e3, 1e4, 2e4, 5e4])
    one = seawater.absorption_thorp_db_m(frequency)
    other = seawater.absorption_francois_garrison_db_m(frequency, 4.0, 35.0, 0.0)
    assert (np.abs(one / other - 1) < 0.25).all()
    # 38 dB/km at 100 kHz, 10 deg, 35 units at the surface, pH 8: read off the curves in the paper
    at_100 = seawater.absorption_francois_garrison_db_m(1e5, 10.0, 35.0, 0.0)
    assert at_100 * 1000 == pytest.approx(36.0, rel=0.08)
    assert seawater.absorption_francois_garrison_db_m(1e5, 19.999, 35.0, 0.0) == pytest.approx(
        float(seawater.absorption_francois_garrison_db_m(1e5, 20.001, 35.0, 0.0)), rel=1e-3
    )


@given(st.floats(-5, 250), st.floats(0, 0.05), st.floats(0.1, 4.0), st.floats(1.0, 1e5))
def test_range_for_a_loss(loss, rate, spreading, turn):
    reach = sonar.range_for_loss_m(loss, rate, spreading=spreading)
    again = sonar.transmission_loss_db(reach, rate, spreading=spreading)
    assert again == pytest.approx(max(loss, rate), abs=1e-8)
    reach = sonar.range_for_mixed_loss_m(loss, turn, rate)
    again = sonar.mixed_transmission_loss_db(reach, turn, rate)
    assert again == pytest.approx(max(loss, rate), abs=1e-8)


def test_mixed_spreading_and_signal_excess():
    near, far = sonar.mixed_transmission_loss_db([100.0, 1e4], 200.0)
    assert near == pytest.approx(40.0) and far == pytest.approx(10 * np.log10(200) + 40)
    assert sonar.mixed_transmission_loss_db(500.0, 500.0) == pytest.approx(
        float(sonar.transmission_loss_db(500.0))
    )
    assert sonar.passive_signal_excess_db(140, 80, 70, 15, 5) == 0.0
    assert sonar.active_signal_excess_db(220, 15, 92.5, 60, 20, 10) == 0.0
    assert sonar.reverberation_signal_excess_db(220, 15, 80, 60, 10) == 5.0
    assert sonar.background_db(60.0, 0.0, 60.0) == pytest.approx(63.0103)
    chance = sonar.detection_probability([-9.0, 0.0, 9.0], 9.0)
    np.testing.assert_allclose(chance, [0.158655, 0.5, 0.841345], rtol=1e-5)
    assert sonar.detection_probability([-1.0, 0.0, 1.0], 0.0).tolist() == [0.0, 0.5, 1.0]


def test_levels_add_as_powers():
    assert decibels.sum_db(10.0, 10.0) == pytest.approx(13.0103)
    assert decibels.sum_db([-900.0, 20.0], 20.0).tolist() == pytest.approx([20.0, 23.0103])
    assert decibels.decibels(decibels.power_ratio([-40.0, 0.0, 7.0])) == pytest.approx([-40, 0, 7])


@pytest.mark.parametrize(
    "call",
    [
        lambda: horizon.horizon_m(-1.0),
        lambda: horizon.horizon_m(4e4),
        lambda: horizon.horizon_m(10.0, refraction=0.1),
        lambda: horizon.refraction_factor(-200.0),
        lambda: horizon.elevation_of_target_deg(100.0, 5000.0, 0.0),
        lambda: horizon.height_of_target_m(1e4, 95.0),
        lambda: radar.received_power_w(1e3, 30.0, 1e9, 1.0, 0.0),
        lambda: radar.received_power_w(1e3, 30.0, 1e9, -1.0, 10.0),
        lambda: radar.maximum_range_m(1e3, 30.0, 1e9, 1.0, 0.0),
        lambda: radar.minimum_signal_w(1e6, -1.0),
        lambda: radar.range_ratio(-1.0),
        lambda: radar.burn_through_range_m(1e3, 30.0, 1.0, jammer_erp_w=1.0, bandwidth_ratio=2.0),
        lambda: decibels.decibels(0.0),
        lambda: detection.detection_probability(10.0, 0.0),
        lambda: detection.detection_probability(10.0, 1e-6, 0),
        lambda: detection.detection_probability(10.0, 1e-6, 1.5),
        lambda: detection.detection_probability(10.0, 1e-6, swerling=5),
        lambda: detection.detection_probability([np.nan], 1e-6),
        lambda: detection.snr_for_detection_db(1e-7, 1e-6),
        lambda: detection.snr_for_detection_db(1.0, 1e-6),
        lambda: detection.albersheim_snr_db(0.95, 1e-6),
        lambda: detection.binary_integration(1.5, 1, 2),
        lambda: acquisition.cycles_on_target(2.3, 5.0, 0.0),
        lambda: acquisition.transfer_probability(-1.0),
        lambda: acquisition.cycles_ratio_for_probability(1.0),
        lambda: acquisition.search_time_constant_s(0.0),
        lambda: acquisition.time_for_probability_s(0.8, 0.8),
        lambda: visibility.extinction_per_m(0.0),
        lambda: seawater.sound_speed_mackenzie_m_s(1.0, 35.0, 0.0),
        lambda: seawater.absorption_thorp_db_m(50.0),
        lambda: seawater.absorption_francois_garrison_db_m(1e3, 10.0, 20.0, 0.0),
        lambda: sonar.transmission_loss_db(0.5),
        lambda: sonar.range_for_loss_m(80.0, spreading=0.0),
        lambda: sonar.range_for_loss_m(400.0),
        lambda: sonar.range_for_mixed_loss_m(80.0, 0.0),
        lambda: search.coverage(1.0, 1.0, 1.0, 0.0),
        lambda: search.random_search_probability(-0.1),
        lambda: search.coverage_for_inverse_cube(1.0),
        lambda: search.sweep_width_m(lambda x: 2.0),
        lambda: search.sweep_width_m(lambda x: 0.5),
        lambda: search.sampled_sweep_width_m([1.0, 0.0], [0.5, 0.5]),
        lambda: search.parallel_sweep_probability(np.cos, 1.0, reach_m=3.0),
        lambda: search.datum_probability(1.0, 1.0, 0.0, 1.0),
        lambda: search.dynamic_enhancement(1.0, 0.0),
        lambda: effort.optimal_allocation([0.8, 0.4], 1.0),
        lambda: effort.optimal_allocation([0.8, 0.1], -1.0),
        lambda: effort.optimal_allocation([], 1.0),
        lambda: effort.posterior([1.0], [-1.0]),
        lambda: barrier.back_and_forth_probability(0.0, 1.0, 1.0, 1.0),
        lambda: barrier.crossover(100.0, 10.0, 8.0, 8.0),
        lambda: screen.limiting_angle_deg(0.0, 0.0),
        lambda: screen.screen_front_m(1e4, 14.0, 14.0),
        lambda: screen.lead_angle_deg(60.0, 7.0, 14.0),
        lambda: screen.lead_angle_deg(180.0, 7.0, 14.0),
        lambda: screen.front_ahead_m(100.0, 200.0, 7.0, 14.0),
    ],
)
def test_outside_validity_is_refused(call):
    with pytest.raises(OutsideValidityError):
        call()


def test_page(capsys):
    promised = model_pages.check_page("models/detection.md", MODULES)
    assert model_pages.numbers(capsys.readouterr().out) == model_pages.numbers(promised)
    assert SI["nmi"] == 1852.0
