"""Communications against published figures, exact integrals and simulated channels."""

from __future__ import annotations

import model_pages
import numpy as np
import published_cases
import pytest
from hypothesis import given
from hypothesis import strategies as st
from published_cases import hold, inputs, runners

from startex.foundation.errors import OutsideValidityError
from startex.models import (
    aloha,
    forwarding,
    irregularterrain,
    link,
    longleyrice,
    propagation,
    queues,
    radiovariability,
)

MODULES = (
    aloha, forwarding, irregularterrain, link, longleyrice, propagation, queues, radiovariability,
)  # fmt: skip
PROFILES = published_cases.AUTHORITY.with_name("itm-profiles.csv")
CASES = [case for case in published_cases.CASES if case.startswith("A4-")]


def run_a4_01(i):
    loss = propagation.free_space_loss_db(i["d"], i["f"])
    return {"L": loss, "L_published": loss}


def shares(i):
    """Inputs that both modes of the terrain model share, percent as shares."""
    return {
        "climate": i["climate"],
        "refractivity": i["N_0"],
        "vertical": np.asarray(i["pol"]) == 1,
        "permittivity": i["epsilon"],
        "conductivity_s_m": i["sigma"],
        "mode": i["mdvar"],
        "time": np.asarray(i["time"]) / 100,
        "location": np.asarray(i["location"]) / 100,
        "situation": np.asarray(i["situation"]) / 100,
    }


def run_a4_02(i):
    loss = irregularterrain.area_loss_db(
        np.asarray(i["d__km"]) * 1e3,
        np.asarray(i["f__mhz"]) * 1e6,
        i["h_tx__meter"],
        i["h_rx__meter"],
        i["delta_h__meter"],
        siting=i["tx_siting_criteria"],
        far_siting=i["rx_siting_criteria"],
        **shares(i),
    )
    return {"A__db": loss}


run_a4_03 = run_a4_04 = run_a4_02


def profile(line):
    """Heights and spacing of a profile: first number of steps, then spacing, then heights."""
    rows = PROFILES.read_text("utf-8").splitlines()
    steps, spacing, *heights = (float(part) for part in rows[line].split(","))
    assert len(heights) == steps + 1
    return np.array(heights), spacing


def over_profile(i, line):
    frequency = np.asarray(i["f__mhz"]) * 1e6
    ends = [float(np.max(i[name])) if np.size(i[name]) else 1.5
            for name in ("h_tx__meter", "h_rx__meter")]  # fmt: skip
    rest = shares(i) | {"refractivity": 301.0}
    loss = irregularterrain.profile_loss_db(*profile(line), frequency, *ends, **rest)
    return {"A__db": loss}


def run_a4_05(i):
    assert published_cases.CASES["A4-05"]["inputs"]["profile"]["value"].endswith("line 2")
    return over_profile(i, 0)


def run_a4_06(i):
    assert published_cases.CASES["A4-06"]["inputs"]["profile"]["value"].endswith("line 4")
    return over_profile(i, 1)


def run_a4_07(i):
    return {"r1": propagation.fresnel_radius_m(i["d1"], i["d2"], i["f"])}


def run_a4_08(i):
    return {"J": propagation.knife_edge_loss_db(i["nu"])}


def run_a4_09(i):
    return {"N": link.noise_power_dbm(i["B"], i["NF"], i["T"])}


def run_a4_10(i):
    rates = (i["lambda"], i["mu"])
    return {
        "W_MM1": queues.mm1(*rates).system_s,
        "Wq_MM1": queues.mm1(*rates).wait_s,
        "Wq_MD1": queues.md1(*rates).wait_s,
        "P_wait_over_1min_MM1": queues.wait_exceeds(60.0, *rates),
    }


def run_a4_11(i):
    return {"S_pure": aloha.pure_throughput(i["G"]), "S_slotted": aloha.slotted_throughput(i["G"])}


def run_a4_12(i):
    return {
        "delay": forwarding.store_and_forward_delay_s(
            i["message"], i["rate"], i["hops"], i["processing"]
        )
    }


RUNNERS = runners(globals())


def test_every_case_has_a_runner():
    assert sorted(RUNNERS) == sorted(CASES)


@pytest.mark.parametrize("case", sorted(CASES))
@pytest.mark.parametrize("shape", [(), (3,), (2, 0), (2, 2)])
def test_published_figure(case, shape):
    """The same figures come out for scalars and for arrays of any shape."""
    given_ = {
        name: np.full(shape, v) if shape and not isinstance(v, str) else v
        for name, v in inputs(case).items()
    }
    results = RUNNERS[case](given_)
    assert all(np.shape(result) == shape for result in results.values())
    hold(case, results)


# Propagation


@given(st.floats(1e-3, 1e9), st.floats(1e5, 1e11))
def test_free_space_both_ways(distance, frequency):
    if distance * frequency > 1e8:
        loss = propagation.free_space_loss_db(distance, frequency)
        assert propagation.free_space_range_m(loss, frequency) == pytest.approx(distance)


def test_free_space_by_the_engineers_constant():
    """32.45 + 20 log f(MHz) + 20 log d(km)."""
    assert propagation.free_space_loss_db(1e3, 1e6) == pytest.approx(32.45, abs=6e-3)


def test_plane_earth_meets_two_rays_far_out():
    """The far field of direct and reflected ray (reflection -1) as they add up."""
    wave, own, far = 6.0, 10.0, 3.0
    distance = np.array([4e3, 1e4])
    frequency = propagation.SPEED_OF_LIGHT_M_S / wave
    detour = np.hypot(distance, own + far) - np.hypot(distance, own - far)
    gain = np.abs(1 - np.exp(2j * np.pi * detour / wave)) ** 2
    rays = propagation.free_space_loss_db(distance, frequency) - 10 * np.log10(gain)
    np.testing.assert_allclose(propagation.plane_earth_loss_db(distance, own, far), rays, atol=0.02)


def test_knife_edge_against_the_fresnel_integrals():
    nu = np.linspace(-0.7, 6.0, 300)
    short, exact = propagation.knife_edge_loss_db(nu), propagation.knife_edge_loss_exact_db(nu)
    assert np.abs(short - exact).max() < 0.15  # P.526 has 0.1 for its range of curves
    assert propagation.knife_edge_loss_exact_db(0.0) == pytest.approx(6.0206, abs=1e-4)
    assert propagation.knife_edge_loss_db([-0.78, -5.0, -1e6]).tolist() == [0.0, 0.0, 0.0]
    by_formula = 6.9 + 20 * np.log10(np.sqrt((nu - 0.1) ** 2 + 1) + nu - 0.1)
    np.testing.assert_allclose(short, by_formula, atol=1e-12)
    assert propagation.knife_edge_loss_db(1e6) == pytest.approx(12.95 + 120, abs=0.05)


@given(st.floats(-300, 300), st.floats(10, 1e5), st.floats(10, 1e5), st.floats(1e7, 1e10))
def test_parameter_counts_fresnel_radii(height, near, far, frequency):
    radius = propagation.fresnel_radius_m(near, far, frequency)
    nu = propagation.diffraction_parameter(height, near, far, frequency)
    assert nu == pytest.approx(np.sqrt(2) * height / radius, abs=1e-12)
    assert propagation.fresnel_radius_m(near, far, frequency, 4) == pytest.approx(2 * radius)
    # an ellipse: the way over the edge of zone n is n half wavelengths longer
    if near > 50 * radius and far > 50 * radius:
        detour = np.hypot(near, radius) + np.hypot(far, radius) - near - far
        wave = propagation.SPEED_OF_LIGHT_M_S / frequency
        assert detour == pytest.approx(wave / 2, rel=1e-3, abs=1e-9)


THREE = (propagation.bullington_loss_db, propagation.epstein_peterson_loss_db,
         propagation.deygout_loss_db)  # fmt: skip


@pytest.mark.parametrize("loss", THREE)
def test_several_edges_fall_back_to_one(loss):
    along, height = [0.0, 4e3, 10e3], [20.0, 90.0, 35.0]
    nu = propagation.diffraction_parameter(90 - 26, 4e3, 6e3, 4e8)
    one = float(propagation.knife_edge_loss_db(nu))
    assert loss(along, height, 4e8) == pytest.approx(one)
    # a point well below the lines between the others changes nothing
    deep = loss([0.0, 2e3, 4e3, 10e3], [20.0, -500.0, 90.0, 35.0], 4e8)
    assert deep == pytest.approx(one)
    assert loss([0.0, 5e3, 1e4], [100.0, 0.0, 100.0], 4e8) == 0.0
    assert loss([0.0, 1e4], [1.0, 1.0], 4e8) == 0.0
    grazing = loss([0.0, 5e3, 1e4], [10.0, 10.0, 10.0], 4e8)
    assert grazing == pytest.approx(float(propagation.knife_edge_loss_db(0.0)))


@pytest.mark.parametrize("loss", THREE)
def test_several_edges_by_either_end(loss):
    rng = np.random.default_rng(9)
    along = np.concatenate([[0.0], np.sort(rng.uniform(500, 29_500, 12)), [30e3]])
    for _ in range(20):
        height = rng.uniform(0, 300, along.size)
        there = loss(along, height, 1.5e8)
        back = loss((30e3 - along)[::-1], height[::-1], 1.5e8)
        assert there == pytest.approx(back, abs=1e-9) and there >= 0


def test_two_edges_in_order_of_the_books():
    """Bullington is below Epstein and Peterson, and these are below Deygout, for like edges."""
    along, height = [0.0, 10e3, 20e3, 30e3], [0.0, 100.0, 100.0, 0.0]
    low, middle, high = (loss(along, height, 3e8) for loss in THREE)
    assert low < middle < high
    edge = float(
        propagation.knife_edge_loss_db(propagation.diffraction_parameter(50.0, 10e3, 10e3, 3e8))
    )
    assert middle == pytest.approx(2 * edge)
    main = float(propagation.knife_edge_loss_db(
        propagation.diffraction_parameter(100.0, 10e3, 20e3, 3e8)))  # fmt: skip
    assert high == pytest.approx(main + edge)
    peak = propagation.diffraction_parameter(150.0, 15e3, 15e3, 3e8)
    assert low == pytest.approx(float(propagation.knife_edge_loss_db(peak)))


# Irregular terrain


def test_other_rows_of_the_published_table_at_once():
    """All five rows of NTIA's area.csv in one call; two of them are no case of ours."""
    rows = np.array([
        [10, 1, 0, 0, 16, 0, 0, 230, 0, 5, 87, 50, 50, 152.5],
        [3, 1.5, 10, 1, 10, 1, 0, 450, 0, 5, 40, 28, 25, 133.0],
        [15, 3, 5, 2, 100, 2, 1, 980, 1, 4, 92, 53, 97, 224.1],
        [3, 5, 20, 3, 75, 0, 1, 3100, 1, 2, 50, 80, 43, 205.1],
        [1.5, 10, 45, 0, 25, 1, 2, 8900, 1, 1, 70, 99, 26, 156.0],
    ])  # fmt: skip
    names = (
        "h_tx__meter h_rx__meter delta_h__meter mdvar d__km tx_siting_criteria rx_siting_criteria "
        "f__mhz pol climate time location situation"
    )
    given_ = dict(zip(names.split(), rows.T[:-1], strict=True))
    given_ |= {"epsilon": 15.0, "sigma": 0.008, "N_0": 301.0}
    found = run_a4_02(given_)["A__db"]
    np.testing.assert_allclose(found, rows[:, -1], atol=0.06)
    one_by_one = [run_a4_02({k: v[n] if np.ndim(v) else v for k, v in given_.items()})["A__db"]
                  for n in range(5)]  # fmt: skip
    np.testing.assert_array_equal(found, one_by_one)


@given(
    st.floats(1e3, 1e6), st.floats(20e6, 20e9), st.floats(0.5, 300), st.floats(0.5, 300),
    st.floats(0, 500), st.integers(1, 7), st.integers(0, 3), st.booleans(),
)  # fmt: skip
def test_area_loss_is_finite_and_in_order(distance, frequency, own, far, rough, climate, mode, up):
    link_ = (distance, frequency, own, far, rough)
    kind = {"climate": climate, "vertical": up, "mode": mode}
    case = np.array([0.05, 0.5, 0.95])
    loss = irregularterrain.area_loss_db(*link_, **kind, situation=case)
    assert np.isfinite(loss).all() and (np.diff(loss) > -1e-9).all()
    swapped = irregularterrain.area_loss_db(distance, frequency, far, own, rough, **kind)
    assert swapped == pytest.approx(loss[1], abs=1e-6)
    free = propagation.free_space_loss_db(distance, frequency)
    assert loss[1] > free - 25.0


def test_area_loss_follows_distance_height_and_time():
    # smooth to a tenth: two straight lines and a curve, which meet
    distance = np.geomspace(1e3, 1e6, 400)
    loss = irregularterrain.area_loss_db(distance, 100e6, 10.0, 3.0, 90.0)
    assert (np.diff(loss) > -0.5).all() and np.abs(np.diff(loss)).max() < 3.0
    higher = irregularterrain.area_loss_db(40e3, 100e6, [5.0, 50.0, 500.0], 3.0, 90.0)
    assert (np.diff(higher) < 0).all()
    longer = irregularterrain.area_loss_db(200e3, 100e6, 10.0, 10.0, 90.0, time=[0.01, 0.5, 0.99])
    assert (np.diff(longer) > 1.0).all()
    narrow = irregularterrain.area_loss_db(
        50e3, 4e8, 10.0, 10.0, 90.0, mode=[3, 13, 23, 33], location=0.9, situation=0.9
    )
    assert (np.diff(narrow) < 0).tolist() == [True, False, True]


def test_profile_from_either_end_and_over_flat_ground():
    heights, spacing = profile(0)
    there = irregularterrain.profile_loss_db(heights, spacing, [1e8, 1e9], 10.0, 3.0)
    back = irregularterrain.profile_loss_db(heights[::-1], spacing, [1e8, 1e9], 3.0, 10.0)
    np.testing.assert_allclose(there, back, atol=1e-6)
    sea = irregularterrain.profile_loss_db(np.zeros(401), 100.0, 1e8, 20.0, 20.0)
    area = irregularterrain.area_loss_db(40e3, 1e8, 20.0, 20.0, 0.0)
    assert sea == pytest.approx(float(area), abs=1.0)
    ridge = np.zeros(401)
    ridge[200] = 300.0
    assert irregularterrain.profile_loss_db(ridge, 100.0, 1e8, 20.0, 20.0) > sea + 10.0


def test_terrain_of_a_ridge():
    ridge = np.zeros(401)
    ridge[100] = 200.0
    found = irregularterrain.terrain_of_profile(ridge, 100.0, 20.0, 10.0)
    assert found.distance_m == 40e3 and found.ends_horizon_m == (10e3, 30e3)
    rise = 180 / 10e3 - 10e3 / (2 * 8.5e6)
    assert found.ends_elevation_rad[0] == pytest.approx(rise)
    waves = irregularterrain.terrain_of_profile(
        50 * np.sin(np.arange(2001) / 7.0), 100.0, 20.0, 10.0
    )
    # the range between the deciles of a sine is 2 x 0.951 of its amplitude
    assert waves.irregularity_m == pytest.approx(95.1, rel=0.06)


def test_roughness_grows_with_the_way():
    assert longleyrice.roughness_m([0.0, 1e9], 90.0).tolist() == pytest.approx([18.0, 90.0])


# Link


def test_budget_closes():
    """A 5 W set at 50 MHz with 25 kHz, worked step by step."""
    noise = link.noise_power_dbm(25e3, 8.0)
    assert noise == pytest.approx(-173.975 + 43.979 + 8.0, abs=2e-3)
    weakest = link.sensitivity_dbm(25e3, 8.0, 10.0)
    loss = link.maximum_path_loss_db(
        37.0, weakest, transmit_gain_dbi=2.0, receive_gain_dbi=2.0, line_loss_db=1.5, margin_db=6.0
    )
    got = link.received_power_dbm(
        37.0, loss, transmit_gain_dbi=2.0, receive_gain_dbi=2.0, line_loss_db=1.5
    )
    assert link.link_margin_db(got, noise, 10.0) == pytest.approx(6.0)


def test_capacity_and_noise_of_chains():
    assert link.capacity_bit_s(3000.0, 30.0) == pytest.approx(29_901.7, rel=1e-5)  # telephone
    assert link.capacity_bit_s(1e3, -60.0) == pytest.approx(1e-3 / np.log(2), rel=1e-5)
    assert link.system_temperature_k(290.0, 3.0103) == pytest.approx(580.0, rel=1e-5)
    # a line of 3 dB before an amplifier of 4 dB: figures add; behind 40 dB it counts for nothing
    assert link.cascaded_noise_figure_db([3.0, 4.0], [-3.0, 0.0]) == pytest.approx(7.0)
    first = link.cascaded_noise_figure_db([[4.0, 10.0], [4.0, 0.0]], [[40.0, 0.0], [0.0, 0.0]])
    assert first[0] == pytest.approx(4.0, abs=2e-3) and first[1] == pytest.approx(4.0)


# ALOHA


def test_aloha_at_its_best():
    assert aloha.pure_throughput(0.5) == pytest.approx(aloha.PURE_CAPACITY) == 1 / (2 * np.e)
    assert aloha.slotted_throughput(1.0) == pytest.approx(aloha.SLOTTED_CAPACITY)
    assert aloha.slotted_offered(aloha.SLOTTED_CAPACITY) == pytest.approx(1.0, abs=1e-6)
    assert aloha.pure_offered([0.0, aloha.PURE_CAPACITY]).tolist() == pytest.approx(
        [0, 0.5], abs=1e-6
    )
    assert aloha.finite_slotted_throughput(1, 1.0) == 1.0
    assert aloha.finite_slotted_throughput(10_000, 0.7e-4) == pytest.approx(
        float(aloha.slotted_throughput(0.7)), rel=1e-4
    )


@given(st.floats(0, 0.999))
def test_aloha_load_on_the_stable_side(offered):
    assert aloha.slotted_offered(aloha.slotted_throughput(offered)) == pytest.approx(
        offered, abs=1e-9
    )
    assert aloha.pure_offered(aloha.pure_throughput(offered / 2)) == pytest.approx(
        offered / 2, abs=1e-9
    )


def test_simulated_channels():
    rng, load, packets = np.random.default_rng(3), 0.6, 200_000
    start = np.cumsum(rng.exponential(1 / load, packets))
    clear = np.diff(start) >= 1.0
    alone = clear[1:] & clear[:-1]
    wanted = aloha.pure_success(load)
    assert abs(alone.mean() - wanted) < 6 * np.sqrt(wanted * (1 - wanted) / packets)
    slots = rng.poisson(load, packets)
    wanted = aloha.slotted_throughput(load)
    assert abs((slots == 1).mean() - wanted) < 5 * np.sqrt(wanted * (1 - wanted) / packets)


# Forwarding


def test_messages_and_packets_over_hops():
    whole = forwarding.store_and_forward_delay_s(12e3, 2400.0, 3, 2.0)
    assert forwarding.packet_delay_s(12e3, 12e3, 2400.0, 3, 2.0) == pytest.approx(whole)
    cut = forwarding.packet_delay_s(12e3, 1200.0, 2400.0, 3, 2.0)
    assert cut == pytest.approx((3 + 9) * 0.5 + 6.0)
    assert forwarding.packet_delay_s(0.0, 100.0, 2400.0, 3) == 0.0
    hops = forwarding.path_delay_s(12e3, [2400.0, 4800.0, 1200.0], [2.0, 0.0, 1.0], 3e5)
    assert hops == pytest.approx(5 + 2.5 + 10 + 3 + 9e5 / 299_792_458.0)
    assert forwarding.path_delay_s(12e3, np.full((4, 3), 2400.0), 2.0).tolist() == [21.0] * 4
    far = forwarding.store_and_forward_delay_s(0.0, 1.0, 1, 0.0, 35_786e3)
    assert far == pytest.approx(0.11937, rel=1e-4)
    assert forwarding.transmission_time_s(0.0, 75.0) == 0.0


def test_hops_with_queues():
    delay = forwarding.queued_path_delay_s([4.0, 1.0], [6.0, 2.0])
    assert delay == pytest.approx(0.5 + 1.0)
    assert forwarding.queued_path_delay_s(np.full((2, 3), 1.0), 2.0).tolist() == [3.0, 3.0]


@pytest.mark.parametrize(
    "call",
    [
        lambda: propagation.free_space_loss_db(0.0, 1e6),
        lambda: propagation.free_space_loss_db(1.0, 1e6),
        lambda: propagation.free_space_loss_db(1.0, [1e9, np.inf]),
        lambda: propagation.plane_earth_loss_db(1e3, 0.0, 2.0),
        lambda: propagation.fresnel_radius_m(0.0, 0.0, 1e9),
        lambda: propagation.fresnel_radius_m(1.0, 1.0, 1e9, 0),
        lambda: propagation.diffraction_parameter(1.0, 0.0, 5.0, 1e9),
        lambda: propagation.knife_edge_loss_db(np.nan),
        lambda: propagation.bullington_loss_db([0.0, 2.0, 1.0], 0.0, 1e9),
        lambda: propagation.deygout_loss_db([0.0], [1.0], 1e9),
        lambda: propagation.epstein_peterson_loss_db([0.0, 1.0], [0.0, 1.0], 0.0),
        lambda: irregularterrain.area_loss_db(500.0, 1e8, 10.0, 10.0, 90.0),
        lambda: irregularterrain.area_loss_db(1e4, 1e6, 10.0, 10.0, 90.0),
        lambda: irregularterrain.area_loss_db(1e4, 1e8, 0.1, 10.0, 90.0),
        lambda: irregularterrain.area_loss_db(1e4, 1e8, 10.0, 10.0, -1.0),
        lambda: irregularterrain.area_loss_db(1e4, 1e8, 10.0, 10.0, 90.0, climate=8),
        lambda: irregularterrain.area_loss_db(1e4, 1e8, 10.0, 10.0, 90.0, mode=4),
        lambda: irregularterrain.area_loss_db(1e4, 1e8, 10.0, 10.0, 90.0, siting=3),
        lambda: irregularterrain.area_loss_db(1e4, 1e8, 10.0, 10.0, 90.0, time=1.0),
        lambda: irregularterrain.profile_loss_db([0.0, 1.0], 1e3, 1e8, 10.0, 10.0),
        lambda: irregularterrain.profile_loss_db(np.zeros(50), 0.0, 1e8, 10.0, 10.0),
        lambda: link.noise_power_dbm(0.0),
        lambda: link.noise_power_dbm(1.0, -1.0),
        lambda: link.cascaded_noise_figure_db([], []),
        lambda: link.received_power_dbm(1.0, np.inf),
        lambda: aloha.pure_throughput(-0.1),
        lambda: aloha.pure_offered(0.2),
        lambda: aloha.slotted_offered(0.4),
        lambda: aloha.finite_slotted_throughput(0, 0.5),
        lambda: forwarding.transmission_time_s(1.0, 0.0),
        lambda: forwarding.store_and_forward_delay_s(1.0, 1.0, 1.5),
        lambda: forwarding.packet_delay_s(1.0, 0.0, 1.0),
        lambda: forwarding.queued_path_delay_s([1.0, 3.0], 2.0),
    ],
)
def test_outside_validity_is_refused(call):
    with pytest.raises(OutsideValidityError):
        call()


def test_page(capsys):
    promised = model_pages.check_page("models/communications.md", MODULES)
    assert model_pages.numbers(capsys.readouterr().out) == model_pages.numbers(promised)
