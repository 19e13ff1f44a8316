"""How long a message takes on a net, and with an interpreter.

The mean is that of calling, repeated as often as calls collide (pure ALOHA), and of sending the
words; what is drawn about it is gamma distributed with the spread of the net, which is no time at
all at 0 (M/D/1) and exponential at 1 (M/M/1).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.forces.communications import Nets
from startex.models.aloha import pure_success
from startex.models.forwarding import transmission_time_s

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

BITS_PER_WORD = 48
"""Of a telegraph word: five letters and a space, of eight bits each."""


def mean_service_s(nets: Nets, net: Int64, words: Int64) -> Float64:
    """Return the mean time that messages of so many words hold a net, seconds; shapes alike."""
    calling = nets.call_s[net] / pure_success(nets.load[net])
    spoken = words * np.nan_to_num(nets.word_s[net])
    rate = nets.rate_bit_s[net]
    keyed = np.isfinite(rate)
    sent = transmission_time_s(words * float(BITS_PER_WORD), np.where(keyed, rate, 1.0))
    mean: Float64 = calling + np.where(keyed, sent, spoken)
    return mean


def drawn(mean_s: Float64, spread: Float64, uniform: Float64) -> Float64:
    """Return gamma distributed times of a mean and a spread (deviation over mean), seconds.

    Parameters
    ----------
    mean_s, spread, uniform
        Shapes alike; ``uniform`` in [0, 1).
    """
    from scipy.special import gammaincinv  # noqa: PLC0415

    shape = 1.0 / np.where(spread > 0, spread, 1.0) ** 2
    factor = np.where(spread > 0, gammaincinv(shape, uniform) / shape, 1.0)
    time: Float64 = mean_s * factor
    return time


def drawn_one(mean_s: float, spread: float, uniform: float) -> float:
    """Return what `drawn` does for one time."""
    if not spread > 0.0:
        return mean_s
    from scipy.special import gammaincinv  # noqa: PLC0415

    shape = 1.0 / (spread * spread)
    return mean_s * (float(gammaincinv(shape, uniform)) / shape)
