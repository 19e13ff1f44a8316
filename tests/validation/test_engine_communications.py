"""The engine's nets and interpreters are the queues of the textbook.

Poisson arrivals; the mean of replications must lie in the 99.9 % interval of the closed form, which
must be narrow enough to tell it from its neighbours.
"""

from __future__ import annotations

import numpy as np
import pytest

import communications_examples as ex
from startex.engine.communications.service import BITS_PER_WORD, drawn, mean_service_s
from startex.forces.communications import load_communications
from startex.models import aloha, forwarding, intervals, irregularterrain, link, queues

REPLICATIONS, MESSAGES, WARM_UP = 24, 2_500, 250
SERVICE_S = 60.0
ONLY_THE_NET = {
    ("company", "draft_s"): 0, ("battalion", "relay_s"): 0, ("army", "draft_s"): 0,
    ("vhf-battalion", "call_s"): 0, ("vhf-battalion", "load"): 0, ("vhf-battalion", "word_s"): 1,
    ("vhf-mast", "call_s"): 0, ("vhf-mast", "word_s"): 1,
}  # fmt: skip


def _arrivals(chance: np.random.Generator, use: float) -> np.ndarray:
    gaps = chance.exponential(SERVICE_S * 1e3 / use, MESSAGES)
    return ex.START + np.rint(np.cumsum(gaps)).astype(np.int64)


def _means(figures, measure, use, to=ex.BATTALION, sender=(ex.FIRST, ex.SECOND), share=None):
    """Mean of a measure (s) of each replication; by precedence where shares of them are given."""
    found = []
    for seed in range(REPLICATIONS):
        chance = np.random.default_rng(seed)
        net = ex.network({**ONLY_THE_NET, **figures}, seed)
        t, who = _arrivals(chance, use), chance.choice(sender, MESSAGES)
        grade = chance.choice(["flash", "routine"], MESSAGES, p=share or (0.0, 1.0))
        for word in ("flash", "routine"):
            mine = grade == word
            if mine.any():
                net.send(t[mine], who[mine], to, "order", word, words=60)
        messages = ex.finish(net)
        assert len(messages) == MESSAGES
        values = np.array([measure(m) for m in messages[WARM_UP:]]) / 1e3
        kind = np.array([m.precedence for m in messages[WARM_UP:]])
        found.append([values[kind == k].mean() for k in np.unique(kind)])
    return np.array(found).T


def _agrees(means: np.ndarray, expected: float, within: float = 0.15) -> None:
    interval = intervals.t_interval(means, 0.999)
    assert interval.half_width < within * expected
    assert interval.lower <= expected <= interval.upper


@pytest.mark.parametrize(
    ("spread", "use", "queue"), [(0.0, 0.7, queues.md1), (1.0, 0.6, queues.mm1)]
)
def test_waiting_for_a_net(spread, use, queue) -> None:
    means = _means({("vhf-battalion", "spread"): spread}, lambda m: m.queue_ms, use)
    _agrees(means[0], float(queue(use / SERVICE_S, 1 / SERVICE_S).wait_s))


def test_waiting_for_a_net_with_some_spread() -> None:
    means = _means({("vhf-battalion", "spread"): 0.5}, lambda m: m.queue_ms, 0.7)
    _agrees(means[0], float(queues.mg1(0.7 / SERVICE_S, 1 / SERVICE_S, 0.5).wait_s))


def test_waiting_for_one_of_several_channels() -> None:
    figures = {("vhf-battalion", "spread"): 1, ("vhf-battalion", "channels"): 3}
    means = _means(figures, lambda m: m.queue_ms, 2.2)
    _agrees(means[0], float(queues.mmc(2.2 / SERVICE_S, 1 / SERVICE_S, 3).wait_s), 0.2)


def test_two_nets_one_after_the_other() -> None:
    figures = {("vhf-battalion", "spread"): 1, ("vhf-mast", "spread"): 1}
    means = _means(figures, lambda m: m.t_received - m.t_sent, 0.6, to=ex.BRIGADE)
    rates = np.full(2, 0.6 / SERVICE_S), np.full(2, 1 / SERVICE_S)
    _agrees(means[0], float(forwarding.queued_path_delay_s(*rates)))


def test_precedence_is_that_of_cobham() -> None:
    # W_k = W_0 / ((1 - s_{k-1}) (1 - s_k)), W_0 = lambda E[S^2] / 2 (Cobham, Operations Research
    # 2, 1954): non-preemptive priorities
    use, share = 0.8, (0.3, 0.7)
    figures = {
        ("vhf-battalion", "spread"): 1, ("flash", "staff_share"): 0, ("routine", "staff_share"): 0
    }  # fmt: skip
    means = _means(figures, lambda m: m.queue_ms, use, share=share)
    residual = use * SERVICE_S
    _agrees(means[0], residual / (1 - use * share[0]))
    _agrees(means[1], residual / ((1 - use * share[0]) * (1 - use)), 0.25)


def test_interpreters_are_a_pool() -> None:
    figures = {
        ("cable", "rate_bit_s"): 1e10, ("cable", "call_s"): 0, ("routine", "staff_share"): 0,
        ("liaison", "interpret_s"): 0, ("liaison", "interpret_word_s"): 1, ("liaison", "spread"): 1,
        ("liaison", "handover_s"): 30,
    }  # fmt: skip
    means = _means(figures, lambda m: m.liaison_ms, 1.4, to=ex.RUS, sender=(ex.CHN,))
    expected = float(queues.mmc(1.4 / SERVICE_S, 1 / SERVICE_S, 2).system_s) + 30.0
    _agrees(means[0], expected)


def test_times_drawn_have_the_mean_and_the_spread_of_the_net() -> None:
    chance = np.random.default_rng(3).random(40_000)
    for spread in (0.3, 0.7, 1.0, 1.5):
        times = drawn(np.full(chance.size, 20.0), np.full(chance.size, spread), chance)
        assert times.mean() == pytest.approx(20.0, rel=0.03)
        assert times.std() / 20.0 == pytest.approx(spread, rel=0.03)
    same = drawn(np.array([20.0]), np.array([0.0]), np.array([0.9]))
    assert same[0] == 20.0


def test_the_mean_time_is_calls_by_aloha_and_the_words() -> None:
    nets = load_communications().nets
    voice, data = nets.id.index("air-uhf"), nets.id.index("hf-army")
    mean = mean_service_s(nets, np.array([voice, data]), np.array([50, 50]))
    tries = 1 / float(aloha.pure_success(0.05))
    assert mean[0] == pytest.approx(8 * tries + 25)
    assert mean[1] == pytest.approx(60 + 50 * BITS_PER_WORD / 75)


@pytest.mark.parametrize(
    ("net", "power_w", "height_m"),
    [("vhf-platoon", 5, 2.5), ("vhf-battalion", 50, 3.0), ("vhf-mast", 50, 11.0)],
)
def test_vhf_ranges_are_those_of_a_link_budget_over_hills(net, power_w, height_m) -> None:
    # 50 MHz, 25 kHz, noise of the surroundings with the receiver 20 dB, 10 dB wanted; hills of 90 m
    nets = load_communications().nets
    bearable = link.maximum_path_loss_db(
        10 * np.log10(power_w * 1e3), link.sensitivity_dbm(25e3, 20.0, 10.0)
    )
    distance = np.linspace(1e3, 100e3, 400)
    loss = irregularterrain.area_loss_db(
        distance_m=distance, frequency_hz=50e6, height_m=height_m, far_height_m=height_m,
        irregularity_m=90,
    )  # fmt: skip
    reach = distance[loss <= bearable].max()
    stated = nets.range_m[nets.id.index(net)]
    assert 0.5 * reach <= stated <= 1.1 * reach


def test_rates_of_data_are_possible_in_their_channels() -> None:
    # 3 kHz of HF at a signal to noise ratio of 6 dB, of satellite (5 kHz) at 3 dB
    nets = load_communications().nets
    for net, width, snr in (("hf-army", 3e3, 6), ("ship-hf", 3e3, 6), ("ship-link", 3e3, 6),
                            ("satellite", 5e3, 3)):  # fmt: skip
        assert nets.rate_bit_s[nets.id.index(net)] < float(link.capacity_bit_s(width, snr))
