"""Queues: tables, closed forms, balance equations and a simulated queue."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from startex.foundation.errors import OutsideValidityError
from startex.models import queues


def stationary(arrivals, services, servers, places):
    """Probabilities of 0 .. places in the system, from the balance equations as they stand."""
    generator = np.zeros((places + 1, places + 1))
    for state in range(places + 1):
        if state < places:
            generator[state, state + 1] = arrivals
        if state:
            generator[state, state - 1] = services * min(state, servers)
    np.fill_diagonal(generator, -generator.sum(1))
    system = np.vstack([generator.T, np.ones(places + 1)])
    return np.linalg.lstsq(system, np.append(np.zeros(places + 1), 1.0), rcond=None)[0]


@given(st.floats(0.01, 30), st.floats(0.1, 5), st.integers(1, 6), st.integers(0, 8))
def test_limited_queue_solves_the_balance_equations(arrivals, services, servers, more):
    places = servers + more
    chance = stationary(arrivals, services, servers, places)
    number = np.arange(places + 1)
    found = queues.mmck(arrivals, services, servers, places)
    queue = np.maximum(number - servers, 0)
    admitted = arrivals * (1 - chance[-1])
    assert found.loss_probability == pytest.approx(chance[-1], abs=1e-9)
    assert found.queue_length == pytest.approx(chance @ queue, rel=1e-7, abs=1e-9)
    assert found.system_length == pytest.approx(chance @ number, rel=1e-7, abs=1e-9)
    assert found.system_s * admitted == pytest.approx(found.system_length)  # Little
    assert found.wait_s * admitted == pytest.approx(found.queue_length)
    waits = chance[servers:-1].sum() / (1 - chance[-1])
    assert found.wait_probability == pytest.approx(waits, abs=1e-9)
    assert found.utilisation == pytest.approx(
        chance @ np.minimum(number, servers) / servers, abs=1e-9
    )


def test_limits_of_the_family():
    whole = queues.mmc(4.0, 1.5, 3)
    limited = queues.mmck(4.0, 1.5, 3, 400)
    for name in ("queue_length", "system_length", "wait_s", "system_s", "wait_probability"):
        assert getattr(limited, name) == pytest.approx(getattr(whole, name))
    lost = queues.mmck(4.0, 1.5, 3, 3)
    assert lost.loss_probability == pytest.approx(queues.erlang_b(4.0 / 1.5, 3))
    assert lost.wait_s == 0 and lost.wait_probability == 0
    one = queues.mg1(4.0, 6.0, [0.0, 1.0])
    assert one.wait_s[0] == queues.md1(4.0, 6.0).wait_s
    assert one.wait_s[1] == pytest.approx(queues.mm1(4.0, 6.0).wait_s)
    assert queues.mmck(5.0, 5.0, 1, 4).loss_probability == pytest.approx(0.2)  # all alike likely


def test_nothing_arrives():
    for queue in (queues.mm1(0, 2.0), queues.md1(0, 2.0), queues.mmck(0, 2.0, 2, 3)):
        assert queue.wait_s == 0 and queue.system_s == 0.5 and queue.loss_probability == 0
    assert queues.erlang_b(0.0, [0, 1]).tolist() == [1.0, 0.0]
    assert queues.wait_exceeds(0.0, 0.0, 1.0) == 0


@given(st.floats(0.0, 60.0), st.integers(1, 80))
def test_erlang_b_is_the_truncated_poisson(load, servers):
    from scipy.stats import poisson

    share = poisson.pmf(servers, load) / poisson.cdf(servers, load)
    assert queues.erlang_b(load, servers) == pytest.approx(share, rel=1e-9, abs=1e-300)


def test_erlang_tables():
    """Dimensioning tables: offered load at 1 % loss, ITU E.520 and every textbook."""
    servers = np.array([1, 2, 5, 10, 20, 50, 100])
    load = np.array([0.0101, 0.1526, 1.3608, 4.4612, 12.031, 37.901, 84.064])
    np.testing.assert_allclose(queues.erlang_b(load, servers), 0.01, rtol=4e-3)
    np.testing.assert_array_equal(queues.servers_for_loss(load * 0.998, 0.01), servers)
    np.testing.assert_array_equal(queues.servers_for_loss(load * 1.01, 0.01), servers + 1)


@given(st.floats(0.0, 40.0), st.floats(1e-6, 1.0))
def test_servers_needed_are_the_fewest(load, share):
    count = queues.servers_for_wait(load, share)
    assert queues.erlang_c(load, count) <= share
    fewer = count - 1
    assert fewer <= load or queues.erlang_c(load, fewer) > share or fewer == 0
    count = queues.servers_for_loss(load, share)
    assert queues.erlang_b(load, count) <= share
    assert count == 0 or queues.erlang_b(load, count - 1) > share


def test_many_servers_and_heavy_loads_do_not_overflow():
    assert queues.erlang_b(9e5, 1000) == pytest.approx(1 - 1000 / 9e5, rel=1e-3)
    assert queues.erlang_b(900.0, 1000) == pytest.approx(5.8e-5, rel=0.1)
    assert 0 < queues.erlang_c(999.0, 1000) < 1
    swamped = queues.mmck(1e300, 1.0, 2, 5)
    assert swamped.queue_length == pytest.approx(3) and swamped.wait_s == pytest.approx(1.5)


def test_times_in_the_system():
    """Tail of wait and of time in the system: their integrals are the means."""
    from scipy.integrate import quad

    for arrivals, services, servers in ((4.0, 6.0, 1), (10.0, 1.0, 11), (2.0, 1.0, 3), (3, 1, 9)):
        line = queues.mmc(arrivals, services, servers)
        rates = (arrivals, services, servers)
        mean, _ = quad(lambda t, r=rates: float(queues.system_time_exceeds(t, *r)), 0, np.inf)
        assert mean == pytest.approx(line.system_s, rel=1e-6)
        mean, _ = quad(lambda t, r=rates: float(queues.wait_exceeds(t, *r)), 0, np.inf)
        assert mean == pytest.approx(line.wait_s, rel=1e-6)
        late = queues.wait_quantile_s([0.0, 0.5, 0.99], *rates)
        np.testing.assert_allclose(
            queues.wait_exceeds(late, *rates),
            np.minimum(line.wait_probability, [1.0, 0.5, 0.01]),
        )


@pytest.mark.parametrize(("variation", "servers"), [(1.0, 3), (0.0, 1), (0.5, 1)])
def test_simulated_queue(variation, servers):
    """Served in the order of arrival, event by event, within five standard errors of batches."""
    rng = np.random.default_rng(11)
    jobs, batches, arrivals, services = 60_000, 30, 0.75 * servers, 1.0
    shape = 1 / variation**2 if variation else np.inf
    times = np.ones(jobs) if variation == 0 else rng.gamma(shape, 1 / shape, jobs)
    clock = np.cumsum(rng.exponential(1 / arrivals, jobs))
    free, waits = [0.0] * servers, np.zeros(jobs)
    for job, (come, lasts) in enumerate(zip(clock.tolist(), times.tolist(), strict=True)):
        first = min(range(servers), key=free.__getitem__)
        waits[job] = max(free[first] - come, 0.0)
        free[first] = max(free[first], come) + lasts
    means = waits[jobs // 10 :].reshape(batches, -1).mean(1)
    wanted = (
        queues.mmc(arrivals, services, servers)
        if servers > 1
        else queues.mg1(arrivals, services, variation)
    ).wait_s
    assert abs(means.mean() - wanted) < 5 * means.std(ddof=1) / np.sqrt(batches)


@pytest.mark.parametrize(
    "call",
    [
        lambda: queues.mm1(6.0, 6.0),
        lambda: queues.mm1(-1.0, 6.0),
        lambda: queues.mm1([1.0, np.nan], 6.0),
        lambda: queues.mmc(1.0, 1.0, 1.5),
        lambda: queues.mmc(1.0, 1.0, 0),
        lambda: queues.mmck(1.0, 1.0, 3, 2),
        lambda: queues.mg1(1.0, 2.0, -0.1),
        lambda: queues.erlang_b(-1.0, 2),
        lambda: queues.erlang_b(1.0, -2),
        lambda: queues.erlang_c(2.0, 2),
        lambda: queues.servers_for_loss(2.0, 0.0),
        lambda: queues.servers_for_wait(2.0, 1.1),
        lambda: queues.wait_exceeds(-1.0, 1.0, 2.0),
        lambda: queues.wait_quantile_s(1.0, 1.0, 2.0),
        lambda: queues.offered_load_erlang(1.0, 0.0),
    ],
)
def test_outside_validity_is_refused(call):
    with pytest.raises(OutsideValidityError):
        call()


def test_refusal_of_a_queue_that_grows_for_ever():
    with pytest.raises(OutsideValidityError, match=r"utilisation is 1; .*at least 0 and below 1"):
        queues.mmc(4.0, 2.0, 2)
