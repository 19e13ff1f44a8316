"""Radar equation: echo, noise, range; jamming and interception against it.

Equation::

    P_r = P_t G^2 lambda^2 sigma / ((4 pi)^3 R^4 L)      G = 4 pi A_e / lambda^2
    S_min = k T_0 B F (S/N)      S/N = n P_r / (k T_0 B F)
    R_max = (P_t G^2 lambda^2 sigma / ((4 pi)^3 S_min L))^(1/4)
          = (P_t A_e^2 sigma / (4 pi lambda^2 S_min L))^(1/4)
    R / R_0 = (P/P_0 sigma/sigma_0)^(1/4)
    J/S = (P_j G_j / B_j) 4 pi R^4 B G_sl / (P_t G^2 sigma R_j^2)    (``G_sl`` towards the jammer)
    P_esm = P_t G G_e lambda^2 / ((4 pi)^2 R^2)

``P_t`` peak power (W), ``G`` gain, ``lambda`` wavelength (m), ``sigma`` radar cross section (m2),
``R`` range (m), ``L`` losses, ``A_e`` effective aperture (m2), ``B`` bandwidth (Hz), ``F`` noise
figure, ``T_0`` 290 K, ``n`` pulses added coherently, ``P_j G_j`` radiated by a jammer over its
band ``B_j``, ``R_j`` its range. Gains, losses and ratios are decibels at the interface.

Source: Skolnik, "Introduction to Radar Systems", chapters 1 and 2; jamming: Adamy, "EW 101".

Validity: one antenna for both ways, target in the far field and in the beam, free space.
Left out: clutter, multipath, attenuation in the air and rain (put them in the losses), eclipsing.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.constants import (
    BOLTZMANN_J_K,
    REFERENCE_TEMPERATURE_K,
    SPEED_OF_LIGHT_M_S,
)
from startex.models.decibels import decibels, power_ratio
from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]


def wavelength_m(frequency_hz: npt.ArrayLike) -> Float64:
    """Return the wavelength of a radio wave, metres; any shape."""
    wave: Float64 = SPEED_OF_LIGHT_M_S / within("frequency_hz", frequency_hz, 0, above=True)
    return wave


def gain_db(aperture_m2: npt.ArrayLike, frequency_hz: npt.ArrayLike) -> Float64:
    """Return the gain of an antenna of an effective aperture, decibels; arguments broadcast."""
    area = within("aperture_m2", aperture_m2, 0, above=True)
    return decibels(4.0 * np.pi * area / wavelength_m(frequency_hz) ** 2)


def aperture_m2(gain_db: npt.ArrayLike, frequency_hz: npt.ArrayLike) -> Float64:
    """Return the effective aperture of an antenna, square metres; arguments broadcast."""
    area: Float64 = power_ratio(gain_db) * wavelength_m(frequency_hz) ** 2 / (4.0 * np.pi)
    return area


def received_power_w(
    power_w: npt.ArrayLike,
    gain_db: npt.ArrayLike,
    frequency_hz: npt.ArrayLike,
    cross_section_m2: npt.ArrayLike,
    range_m: npt.ArrayLike,
    loss_db: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the power of the echo of one pulse, watts; arguments broadcast."""
    reach = within("range_m", range_m, 0, above=True)
    echo: Float64 = (
        _reach4(power_w, gain_db, frequency_hz, cross_section_m2, loss_db) / reach**2 / reach**2
    )
    return echo


def minimum_signal_w(
    bandwidth_hz: npt.ArrayLike,
    noise_figure_db: npt.ArrayLike,
    snr_db: npt.ArrayLike = 0.0,
    temperature_k: npt.ArrayLike = REFERENCE_TEMPERATURE_K,
) -> Float64:
    """Return the least signal of which a receiver makes a ratio to its noise, watts.

    With ``snr_db`` 0 it is the noise itself; arguments broadcast.
    """
    noise: Float64 = (
        BOLTZMANN_J_K
        * within("temperature_k", temperature_k, 0, above=True)
        * within("bandwidth_hz", bandwidth_hz, 0, above=True)
        * power_ratio(within("noise_figure_db", noise_figure_db, 0))
        * power_ratio(snr_db)
    )
    return noise


def maximum_range_m(
    power_w: npt.ArrayLike,
    gain_db: npt.ArrayLike,
    frequency_hz: npt.ArrayLike,
    cross_section_m2: npt.ArrayLike,
    minimum_signal_w: npt.ArrayLike,
    loss_db: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the range at which the echo is as weak as the least signal, metres."""
    least = within("minimum_signal_w", minimum_signal_w, 0, above=True)
    reach: Float64 = (
        _reach4(power_w, gain_db, frequency_hz, cross_section_m2, loss_db) / least
    ) ** 0.25
    return reach


def maximum_range_by_aperture_m(
    power_w: npt.ArrayLike,
    aperture_m2: npt.ArrayLike,
    frequency_hz: npt.ArrayLike,
    cross_section_m2: npt.ArrayLike,
    minimum_signal_w: npt.ArrayLike,
    loss_db: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the range at which the echo is as weak as the least signal, metres."""
    gain = gain_db(aperture_m2, frequency_hz)
    return maximum_range_m(power_w, gain, frequency_hz, cross_section_m2, minimum_signal_w, loss_db)


def snr_db(
    power_w: npt.ArrayLike,
    gain_db: npt.ArrayLike,
    frequency_hz: npt.ArrayLike,
    cross_section_m2: npt.ArrayLike,
    range_m: npt.ArrayLike,
    *,
    bandwidth_hz: npt.ArrayLike,
    noise_figure_db: npt.ArrayLike,
    loss_db: npt.ArrayLike = 0.0,
    pulses: npt.ArrayLike = 1,
) -> Float64:
    """Return signal over noise, decibels; ``pulses`` are added coherently.

    ``cross_section_m2`` is above 0 here. Arguments broadcast.
    """
    echo = received_power_w(power_w, gain_db, frequency_hz, cross_section_m2, range_m, loss_db)
    noise = minimum_signal_w(bandwidth_hz, noise_figure_db)
    return decibels(whole("pulses", pulses, 1) * echo / noise)


def range_for_snr_m(
    power_w: npt.ArrayLike,
    gain_db: npt.ArrayLike,
    frequency_hz: npt.ArrayLike,
    cross_section_m2: npt.ArrayLike,
    snr_db: npt.ArrayLike,
    *,
    bandwidth_hz: npt.ArrayLike,
    noise_figure_db: npt.ArrayLike,
    loss_db: npt.ArrayLike = 0.0,
    pulses: npt.ArrayLike = 1,
) -> Float64:
    """Return the range at which signal over noise is as asked, metres; inverse of `snr_db`."""
    least = minimum_signal_w(bandwidth_hz, noise_figure_db, snr_db) / whole("pulses", pulses, 1)
    return maximum_range_m(power_w, gain_db, frequency_hz, cross_section_m2, least, loss_db)


def range_ratio(
    power_ratio: npt.ArrayLike = 1.0, cross_section_ratio: npt.ArrayLike = 1.0
) -> Float64:
    """Return the factor on the range from factors on power and cross section; they broadcast.

    ``power_ratio`` stands for all that counts once: power, pulses, sensitivity; of the gain of the
    one antenna, its square.
    """
    ratio: Float64 = (
        within("power_ratio", power_ratio, 0)
        * within("cross_section_ratio", cross_section_ratio, 0)
    ) ** 0.25
    return ratio


def jamming_to_signal_db(
    power_w: npt.ArrayLike,
    gain_db: npt.ArrayLike,
    cross_section_m2: npt.ArrayLike,
    range_m: npt.ArrayLike,
    *,
    jammer_erp_w: npt.ArrayLike,
    jammer_range_m: npt.ArrayLike | None = None,
    gain_to_jammer_db: npt.ArrayLike | None = None,
    bandwidth_ratio: npt.ArrayLike = 1.0,
) -> Float64:
    """Return noise jamming over echo, decibels; arguments broadcast.

    ``jammer_erp_w`` is power times gain of the jammer, ``bandwidth_ratio`` the receiver's band
    over the jammer's (at most 1). Without ``jammer_range_m`` and ``gain_to_jammer_db`` the target
    jams for itself; with them the jammer stands off, in a side lobe.
    """
    reach = within("range_m", range_m, 0, above=True)
    gain = power_ratio(gain_db)
    jammer = reach if jammer_range_m is None else within("jammer_range_m", jammer_range_m, 0)
    towards = gain if gain_to_jammer_db is None else power_ratio(gain_to_jammer_db)
    noise = (
        within("jammer_erp_w", jammer_erp_w, 0, above=True)
        * towards
        * within("bandwidth_ratio", bandwidth_ratio, 0, 1, above=True)
        / within("jammer_range_m", jammer, 0, above=True) ** 2
    )
    echo = (
        within("power_w", power_w, 0, above=True)
        * gain**2
        * within("cross_section_m2", cross_section_m2, 0, above=True)
        / (4.0 * np.pi * reach**4)
    )
    return decibels(noise / echo)


def burn_through_range_m(
    power_w: npt.ArrayLike,
    gain_db: npt.ArrayLike,
    cross_section_m2: npt.ArrayLike,
    *,
    jammer_erp_w: npt.ArrayLike,
    jamming_to_signal_db: npt.ArrayLike = 0.0,
    jammer_range_m: npt.ArrayLike | None = None,
    gain_to_jammer_db: npt.ArrayLike | None = None,
    bandwidth_ratio: npt.ArrayLike = 1.0,
) -> Float64:
    """Return the range within which the echo stands out of the jamming, metres.

    ``jamming_to_signal_db`` is the most with which the radar still detects. Self-screening the
    ratio goes with the square of the range, stand-off with its fourth power.
    """
    at_one_m = _jamming_at_one_metre_db(
        power_w, gain_db, cross_section_m2, jammer_erp_w, jammer_range_m, gain_to_jammer_db,
        bandwidth_ratio,
    )  # fmt: skip
    spare = within("jamming_to_signal_db", jamming_to_signal_db) - at_one_m
    slope = 20.0 if jammer_range_m is None else 40.0
    reach: Float64 = 10.0 ** (spare / slope)
    return reach


def intercept_range_m(
    erp_w: npt.ArrayLike,
    frequency_hz: npt.ArrayLike,
    sensitivity_w: npt.ArrayLike,
    gain_db: npt.ArrayLike = 0.0,
    loss_db: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the range at which a warning receiver hears a radar or radio, metres.

    ``erp_w`` is power times gain towards the receiver, ``gain_db`` the receiver's own. Free space:
    the horizon is another limit. Arguments broadcast.
    """
    heard = (
        within("erp_w", erp_w, 0)
        * power_ratio(gain_db)
        / power_ratio(loss_db)
        / within("sensitivity_w", sensitivity_w, 0, above=True)
    )
    reach: Float64 = wavelength_m(frequency_hz) / (4.0 * np.pi) * np.sqrt(heard)
    return reach


def _jamming_at_one_metre_db(
    power_w: npt.ArrayLike,
    gain_db: npt.ArrayLike,
    cross_section_m2: npt.ArrayLike,
    jammer_erp_w: npt.ArrayLike,
    jammer_range_m: npt.ArrayLike | None,
    gain_to_jammer_db: npt.ArrayLike | None,
    bandwidth_ratio: npt.ArrayLike,
) -> Float64:
    return jamming_to_signal_db(
        power_w,
        gain_db,
        cross_section_m2,
        1.0,
        jammer_erp_w=jammer_erp_w,
        jammer_range_m=jammer_range_m,
        gain_to_jammer_db=gain_to_jammer_db,
        bandwidth_ratio=bandwidth_ratio,
    )


def _reach4(
    power_w: npt.ArrayLike,
    gain_db: npt.ArrayLike,
    frequency_hz: npt.ArrayLike,
    cross_section_m2: npt.ArrayLike,
    loss_db: npt.ArrayLike,
) -> Float64:
    """Return echo times the fourth power of the range, W m4."""
    product: Float64 = (
        within("power_w", power_w, 0, above=True)
        * power_ratio(gain_db) ** 2
        * wavelength_m(frequency_hz) ** 2
        * within("cross_section_m2", cross_section_m2, 0)
        / ((4.0 * np.pi) ** 3 * power_ratio(within("loss_db", loss_db, 0)))
    )
    return product
