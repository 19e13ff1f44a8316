"""Queues in the long run: waiting and loss at one or more servers.

Equation::

    a = lambda / mu      rho = a / c
    B_0 = 1      B_n = a B_{n-1} / (n + a B_{n-1})              (Erlang B, n servers)
    C = B / (1 - rho (1 - B))                                   (Erlang C)
    L_q = C rho / (1 - rho)      W_q = L_q / lambda      W = W_q + 1 / mu      L = lambda W
    P(wait > t) = C exp(-(c mu - lambda) t)
    P(in system > t) = exp(-mu t) (1 + C (1 - exp(-mu t (c - 1 - a))) / (c - 1 - a))
    M/G/1:    W_q = rho (1 + s^2) / (2 mu (1 - rho))            (s = 0 for M/D/1)
    M/M/c/K:  B_n = r_n B_{n-1} / (1 + r_n B_{n-1})      r_n = a / min(n, c)
              L_qn = (1 - B_n) L_q,n-1 + max(n - c, 0) B_n      (n = 1 .. K)

``lambda`` arrivals a second, ``mu`` services a second of one server, ``c`` servers, ``a`` offered
load (erlang), ``rho`` utilisation, ``B`` probability that an arrival is lost, ``C`` that it waits,
``L`` and ``L_q`` mean numbers in the system and in the queue, ``W`` and ``W_q`` mean times in them
(s), ``s`` coefficient of variation of the service time, ``K`` places in the system with those
served.

Source: Kleinrock, "Queueing Systems", volume 1 (1975), chapters 3 and 5; the recursion of
Erlang B as in Cooper, "Introduction to Queueing Theory". The recursion of ``L_q`` follows
from it: with a place more the states below keep their proportions.

Validity: Poisson arrivals, first come first served, steady state (``rho < 1`` where the queue has
no limit); the loops over servers or places take time in proportion to the greatest of them.
Left out: impatience, priorities, the time after a start with an empty queue, networks of queues.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue in the long run; arrays of one shape.

    ``wait_s`` and ``system_s`` are means over those who get in; ``wait_s`` counts those too who
    need not wait. ``wait_probability`` is the chance of one who gets in to have to wait,
    ``loss_probability`` that of an arrival to find all places taken.
    """

    utilisation: Float64
    queue_length: Float64
    system_length: Float64
    wait_s: Float64
    system_s: Float64
    wait_probability: Float64
    loss_probability: Float64


def offered_load_erlang(arrivals_per_s: npt.ArrayLike, services_per_s: npt.ArrayLike) -> Float64:
    """Return the mean number of servers that would be busy if there were enough, erlang."""
    load: Float64 = within("arrivals_per_s", arrivals_per_s, 0) / within(
        "services_per_s", services_per_s, 0, above=True
    )
    return load


def erlang_b(load_erlang: npt.ArrayLike, servers: npt.ArrayLike) -> Float64:
    """Return the probability that an arrival finds all servers busy and is lost (M/G/c/c)."""
    load, count = np.broadcast_arrays(
        within("load_erlang", load_erlang, 0), whole("servers", servers, 0)
    )
    return _recursion(load, count, count)[0]


def erlang_c(load_erlang: npt.ArrayLike, servers: npt.ArrayLike) -> Float64:
    """Return the probability that an arrival has to wait (M/M/c, endless queue)."""
    load, count = np.broadcast_arrays(
        within("load_erlang", load_erlang, 0), whole("servers", servers, 1)
    )
    use = within("load_erlang / servers", load / count, 0, 1, below=True)
    loss = erlang_b(load, count)
    waits: Float64 = loss / (1.0 - use * (1.0 - loss))
    return waits


def servers_for_loss(load_erlang: npt.ArrayLike, loss_probability: npt.ArrayLike) -> Float64:
    """Return the fewest servers that lose no more than a share of the arrivals (Erlang B)."""
    load, wanted = np.broadcast_arrays(
        within("load_erlang", load_erlang, 0),
        within("loss_probability", loss_probability, 0, 1, above=True),
    )
    loss, needed, count = np.ones(load.shape), np.zeros(load.shape), 0
    open_ = loss > wanted
    while open_.any():
        count += 1
        loss = load * loss / (count + load * loss)
        needed[open_] = count
        open_ = loss > wanted
    return needed


def servers_for_wait(load_erlang: npt.ArrayLike, wait_probability: npt.ArrayLike) -> Float64:
    """Return the fewest servers with which no more than a share has to wait (Erlang C)."""
    load, wanted = np.broadcast_arrays(
        within("load_erlang", load_erlang, 0),
        within("wait_probability", wait_probability, 0, 1, above=True),
    )
    loss, needed, count = np.ones(load.shape), np.zeros(load.shape), 0
    open_ = load >= 0
    while open_.any():
        count += 1
        loss = load * loss / (count + load * loss)
        needed[open_] = count
        use = np.minimum(load / count, 1.0)
        waits = loss / np.maximum(1.0 - use * (1.0 - loss), loss)
        open_ &= (load >= count) | (waits > wanted)
    return needed


def mm1(arrivals_per_s: npt.ArrayLike, services_per_s: npt.ArrayLike) -> Queue:
    """Return the queue at one server with exponential service times; arguments broadcast."""
    return mmc(arrivals_per_s, services_per_s, 1)


def md1(arrivals_per_s: npt.ArrayLike, services_per_s: npt.ArrayLike) -> Queue:
    """Return the queue at one server with service times all alike; arguments broadcast."""
    return mg1(arrivals_per_s, services_per_s, 0.0)


def mg1(
    arrivals_per_s: npt.ArrayLike,
    services_per_s: npt.ArrayLike,
    service_variation: npt.ArrayLike,
) -> Queue:
    """Return the queue at one server with any service times; arguments broadcast.

    ``service_variation`` is their standard deviation over their mean: 0 where they are all
    alike, 1 where they are exponential.
    """
    arrivals, services, variation = np.broadcast_arrays(
        within("arrivals_per_s", arrivals_per_s, 0),
        within("services_per_s", services_per_s, 0, above=True),
        within("service_variation", service_variation, 0),
    )
    use = within("utilisation", arrivals / services, 0, 1, below=True)
    wait = use * (1.0 + variation**2) / (2.0 * services * (1.0 - use))
    return _queue(use, arrivals, services, wait, use, np.zeros_like(use))


def mmc(
    arrivals_per_s: npt.ArrayLike, services_per_s: npt.ArrayLike, servers: npt.ArrayLike
) -> Queue:
    """Return the queue at several servers with exponential service times; arguments broadcast.

    ``services_per_s`` is the rate of one server.
    """
    arrivals, services, count = np.broadcast_arrays(
        within("arrivals_per_s", arrivals_per_s, 0),
        within("services_per_s", services_per_s, 0, above=True),
        whole("servers", servers, 1),
    )
    use = within("utilisation", arrivals / services / count, 0, 1, below=True)
    waits = erlang_c(arrivals / services, count)
    wait = waits / (count * services * (1.0 - use))
    return _queue(use, arrivals, services, wait, waits, np.zeros_like(use))


def mmck(
    arrivals_per_s: npt.ArrayLike,
    services_per_s: npt.ArrayLike,
    servers: npt.ArrayLike,
    places: npt.ArrayLike,
) -> Queue:
    """Return the queue at several servers where arrivals that find no place are lost.

    ``places`` counts those at the servers too, so it is at least ``servers`` (where it is equal
    nobody waits: Erlang B). Any load is allowed; ``utilisation`` is the share of its time that a
    server is busy. Arguments broadcast.
    """
    arrivals, services, count, room = np.broadcast_arrays(
        within("arrivals_per_s", arrivals_per_s, 0),
        within("services_per_s", services_per_s, 0, above=True),
        whole("servers", servers, 1),
        whole("places", places, 1),
    )
    within("places - servers", room - count, 0)
    loss, admitted, queued, waits = _recursion(arrivals / services, count, room)
    use = arrivals / services * admitted / count
    with np.errstate(divide="ignore", invalid="ignore"):
        wait = np.where(arrivals > 0, queued / (arrivals * admitted), 0.0)
    return Queue(use, queued, queued + use * count, wait, wait + 1.0 / services, waits, loss)


def wait_exceeds(
    time_s: npt.ArrayLike,
    arrivals_per_s: npt.ArrayLike,
    services_per_s: npt.ArrayLike,
    servers: npt.ArrayLike = 1,
) -> Float64:
    """Return the probability of a wait longer than a time (M/M/c); arguments broadcast."""
    time = within("time_s", time_s, 0)
    queue = mmc(arrivals_per_s, services_per_s, servers)
    spare = (
        np.asarray(servers, np.float64) * np.asarray(services_per_s, np.float64)
        - np.asarray(arrivals_per_s, np.float64)
    )  # fmt: skip
    chance: Float64 = queue.wait_probability * np.exp(-spare * time)
    return chance


def wait_quantile_s(
    probability: npt.ArrayLike,
    arrivals_per_s: npt.ArrayLike,
    services_per_s: npt.ArrayLike,
    servers: npt.ArrayLike = 1,
) -> Float64:
    """Return the wait that a share of the arrivals does not exceed (M/M/c), seconds."""
    share = within("probability", probability, 0, 1, below=True)
    queue = mmc(arrivals_per_s, services_per_s, servers)
    spare = (
        np.asarray(servers, np.float64) * np.asarray(services_per_s, np.float64)
        - np.asarray(arrivals_per_s, np.float64)
    )  # fmt: skip
    ratio = np.maximum(queue.wait_probability / (1.0 - share), 1.0)
    wait: Float64 = np.log(ratio) / spare
    return wait


def system_time_exceeds(
    time_s: npt.ArrayLike,
    arrivals_per_s: npt.ArrayLike,
    services_per_s: npt.ArrayLike,
    servers: npt.ArrayLike = 1,
) -> Float64:
    """Return the probability of more than a time from arrival to end of service (M/M/c)."""
    from scipy.special import exprel  # noqa: PLC0415

    time = within("time_s", time_s, 0)
    queue = mmc(arrivals_per_s, services_per_s, servers)
    served = np.asarray(services_per_s, np.float64) * time
    busy = offered_load_erlang(arrivals_per_s, services_per_s)
    margin = served * (np.asarray(servers, np.float64) - 1.0 - busy)
    both = np.exp(-served - np.minimum(margin, 0.0)) * exprel(-np.abs(margin))
    chance: Float64 = np.exp(-served) + queue.wait_probability * served * both
    return chance


def _recursion(
    load: Float64, servers: Float64, places: Float64
) -> tuple[Float64, Float64, Float64, Float64]:
    """Return shares lost and admitted, mean queue, chance of one admitted to have to wait."""
    loss, admitted = np.ones(load.shape), np.zeros(load.shape)
    queued, full, waits = np.zeros((3, *load.shape))
    for number in range(1, int(places.max(initial=0.0)) + 1):
        open_ = number <= places
        ratio = load / np.clip(servers, 1.0, number) * loss
        kept, lost = 1.0 / (1.0 + ratio), ratio / (1.0 + ratio)
        waits = np.where(open_, full, waits)
        full = np.where(open_, kept * full + np.where(number >= servers, lost, 0.0), full)
        extra = np.maximum(number - servers, 0.0)
        queued = np.where(open_, kept * queued + extra * lost, queued)
        loss, admitted = np.where(open_, lost, loss), np.where(open_, kept, admitted)
    return loss, admitted, queued, waits


def _queue(
    use: Float64,
    arrivals: Float64,
    services: Float64,
    wait: Float64,
    waits: Float64,
    loss: Float64,
) -> Queue:
    system = wait + 1.0 / services
    columns = np.broadcast_arrays(
        use, arrivals * wait, arrivals * system, wait, system, waits, loss
    )
    return Queue(*columns)
