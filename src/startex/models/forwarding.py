"""Forwarding: the time of a message over the hops of a net.

Equation::

    T = n (B / r + p) + D / c                    (message by message, n hops)
    T = (n + k - 1) (b / r) + n p + D / c        (k packets of b bits, one behind the other)
    T = sum_i (B / r_i + p_i + d_i / c)          (hops that differ)
    T_i = 1 / (mu_i - lambda_i)                  (hop with a queue, M/M/1)

``B`` length of the message (bit), ``r`` rate (bit/s), ``p`` processing of a hop (s), ``D`` length
of the way (m), ``c`` speed of light; ``mu`` messages a second that a hop can send, ``lambda`` that
come to it.

Source: Kleinrock, "Communication Nets" (1964) and "Queueing Systems", volume 2, chapter 5 (hops
independent of each other). Left out: errors and repeats, priorities, connection set-up.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.constants import SPEED_OF_LIGHT_M_S
from startex.models.queues import mm1
from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]


def transmission_time_s(length_bit: npt.ArrayLike, rate_bit_s: npt.ArrayLike) -> Float64:
    """Return the time to send a message once, seconds; arguments broadcast."""
    time: Float64 = within("length_bit", length_bit, 0) / within(
        "rate_bit_s", rate_bit_s, 0, above=True
    )
    return time


def store_and_forward_delay_s(
    length_bit: npt.ArrayLike,
    rate_bit_s: npt.ArrayLike,
    hops: npt.ArrayLike = 1,
    processing_s: npt.ArrayLike = 0.0,
    distance_m: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the delay of a message that each hop takes in whole, seconds; they broadcast.

    ``distance_m`` is the length of the whole way.
    """
    hop = transmission_time_s(length_bit, rate_bit_s) + within("processing_s", processing_s, 0)
    delay: Float64 = (
        whole("hops", hops, 0) * hop + within("distance_m", distance_m, 0) / SPEED_OF_LIGHT_M_S
    )
    return delay


def packet_delay_s(
    length_bit: npt.ArrayLike,
    packet_bit: npt.ArrayLike,
    rate_bit_s: npt.ArrayLike,
    hops: npt.ArrayLike = 1,
    processing_s: npt.ArrayLike = 0.0,
    distance_m: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the delay of a message cut into packets that follow each other, seconds.

    Packets are filled up to their length; while one goes over a hop the next takes the hop before.
    Arguments broadcast.
    """
    size = within("packet_bit", packet_bit, 0, above=True)
    packets = np.ceil(within("length_bit", length_bit, 0) / size)
    count = whole("hops", hops, 0)
    slots = np.where((count > 0) & (packets > 0), count + packets - 1.0, 0.0)
    delay: Float64 = (
        slots * transmission_time_s(size, rate_bit_s)
        + count * within("processing_s", processing_s, 0)
        + within("distance_m", distance_m, 0) / SPEED_OF_LIGHT_M_S
    )
    return delay


def path_delay_s(
    length_bit: npt.ArrayLike,
    rate_bit_s: npt.ArrayLike,
    processing_s: npt.ArrayLike = 0.0,
    distance_m: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the delay over hops that differ, seconds; hops on the last axis, which goes."""
    hop = (
        transmission_time_s(length_bit, rate_bit_s)
        + within("processing_s", processing_s, 0)
        + within("distance_m", distance_m, 0) / SPEED_OF_LIGHT_M_S
    )
    return np.asarray(np.atleast_1d(hop).sum(axis=-1))


def queued_path_delay_s(arrivals_per_s: npt.ArrayLike, services_per_s: npt.ArrayLike) -> Float64:
    """Return the mean delay over hops that each have a queue (M/M/1), seconds.

    Hops on the last axis, which goes; Kleinrock's assumption that a message has a new length at
    each hop.
    """
    return np.asarray(np.atleast_1d(mm1(arrivals_per_s, services_per_s).system_s).sum(axis=-1))
