"""Radio link: noise of the receiver, budget of the link, capacity of the channel.

Equation::

    N = 10 log10(k T B) + F + 30                       (dBm)
    P_r = P_t + G_t - L_t - L + G_r - L_r
    S/N = P_r - N      margin = S/N - (S/N)_required
    C = B log2(1 + S/N)                                (Shannon)
    T = T_a + 290 (F - 1)                              (system noise temperature)
    F = F_1 + (F_2 - 1) / G_1 + ...                    (stages in a chain, Friis)

``k`` Boltzmann's constant, ``T`` temperature (K), ``B`` bandwidth (Hz), ``F`` noise figure (dB; in
the last two lines the ratio), ``P`` powers (dBm), ``G`` gains (dBi), ``L`` losses of path and lines
(dB), ``C`` capacity (bit/s).

Source: ITU-R P.372 (noise), Friis (1944, 1946), Shannon (1948). Validity: thermal noise; below
about 100 MHz that of the surroundings is above it (give it with the noise figure).
Left out: fading (take it from the margin), interference.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.constants import BOLTZMANN_J_K, REFERENCE_TEMPERATURE_K
from startex.models.decibels import decibels, power_ratio
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]


def noise_power_dbm(
    bandwidth_hz: npt.ArrayLike,
    noise_figure_db: npt.ArrayLike = 0.0,
    temperature_k: npt.ArrayLike = REFERENCE_TEMPERATURE_K,
) -> Float64:
    """Return the noise floor of a receiver, dBm; arguments broadcast."""
    heat = (
        BOLTZMANN_J_K
        * within("temperature_k", temperature_k, 0, above=True)
        * within("bandwidth_hz", bandwidth_hz, 0, above=True)
    )
    return decibels(1000.0 * heat) + within("noise_figure_db", noise_figure_db, 0)


def sensitivity_dbm(
    bandwidth_hz: npt.ArrayLike, noise_figure_db: npt.ArrayLike, required_snr_db: npt.ArrayLike
) -> Float64:
    """Return the weakest signal that a receiver makes out, dBm; arguments broadcast."""
    level: Float64 = noise_power_dbm(bandwidth_hz, noise_figure_db) + within(
        "required_snr_db", required_snr_db
    )
    return level


def received_power_dbm(
    power_dbm: npt.ArrayLike,
    path_loss_db: npt.ArrayLike,
    *,
    transmit_gain_dbi: npt.ArrayLike = 0.0,
    receive_gain_dbi: npt.ArrayLike = 0.0,
    line_loss_db: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the power at the receiver, dBm; ``line_loss_db`` of both ends; they broadcast."""
    power: Float64 = (
        within("power_dbm", power_dbm)
        - within("path_loss_db", path_loss_db)
        + within("transmit_gain_dbi", transmit_gain_dbi)
        + within("receive_gain_dbi", receive_gain_dbi)
        - within("line_loss_db", line_loss_db, 0)
    )
    return power


def link_margin_db(
    received_dbm: npt.ArrayLike, noise_dbm: npt.ArrayLike, required_snr_db: npt.ArrayLike
) -> Float64:
    """Return by how much signal over noise exceeds what is required, dB; arguments broadcast."""
    margin: Float64 = (
        within("received_dbm", received_dbm)
        - within("noise_dbm", noise_dbm)
        - within("required_snr_db", required_snr_db)
    )
    return margin


def maximum_path_loss_db(
    power_dbm: npt.ArrayLike,
    sensitivity_dbm: npt.ArrayLike,
    *,
    transmit_gain_dbi: npt.ArrayLike = 0.0,
    receive_gain_dbi: npt.ArrayLike = 0.0,
    line_loss_db: npt.ArrayLike = 0.0,
    margin_db: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the loss of the path that a link can bear with a margin, dB; arguments broadcast."""
    loss: Float64 = (
        received_power_dbm(
            power_dbm,
            0.0,
            transmit_gain_dbi=transmit_gain_dbi,
            receive_gain_dbi=receive_gain_dbi,
            line_loss_db=line_loss_db,
        )
        - within("sensitivity_dbm", sensitivity_dbm)
        - within("margin_db", margin_db)
    )
    return loss


def capacity_bit_s(bandwidth_hz: npt.ArrayLike, snr_db: npt.ArrayLike) -> Float64:
    """Return the greatest rate of a channel without error, bit/s; arguments broadcast."""
    rate: Float64 = (
        within("bandwidth_hz", bandwidth_hz, 0) * np.log1p(power_ratio(snr_db)) / np.log(2.0)
    )
    return rate


def system_temperature_k(antenna_k: npt.ArrayLike, noise_figure_db: npt.ArrayLike) -> Float64:
    """Return the noise temperature of antenna and receiver together, K; arguments broadcast."""
    factor = power_ratio(within("noise_figure_db", noise_figure_db, 0))
    heat: Float64 = within("antenna_k", antenna_k, 0) + REFERENCE_TEMPERATURE_K * (factor - 1.0)
    return heat


def cascaded_noise_figure_db(noise_figure_db: npt.ArrayLike, gain_db: npt.ArrayLike) -> Float64:
    """Return the noise figure of stages in a chain, dB; stages on the last axis, which goes.

    The gain of the last stage does not matter; a line with loss has that as its figure and minus
    that as its gain.
    """
    figure, gain = np.broadcast_arrays(
        np.atleast_1d(within("noise_figure_db", noise_figure_db, 0)), within("gain_db", gain_db)
    )
    within("stages", figure.shape[-1], 1)
    before = np.cumsum(gain, axis=-1)[..., :-1]
    added = (power_ratio(figure[..., 1:]) - 1.0) / power_ratio(before)
    return decibels(power_ratio(figure[..., 0]) + added.sum(axis=-1))
