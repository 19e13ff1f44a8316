"""Detection in noise: false alarms, steady and Swerling targets, pulses added after the detector.

Equation::

    P_fa = Q(N, T)
    P_d  = Q_N(sqrt(2 N S), sqrt(2 T))                                (steady, Swerling 0)
    P_d  = sum_j NB(j; K, K / (K + N S)) Q(N + j, T)                  (chi-square, 2 K degrees)
    P_d  = P_fa^(1 / (1 + S))                                         (Swerling 1, N = 1)
    K = 1 (Swerling 1), N (Swerling 2), 2 (Swerling 3), 2 N (Swerling 4)
    m of n:  P = sum_{j >= m} C(n, j) p^j (1 - p)^(n - j)

``S`` mean signal over noise of one pulse, ``N`` pulses added without phase behind a square-law
detector, ``T`` threshold over the noise power, ``Q(N, T)`` regularised upper incomplete gamma
function, ``Q_N`` Marcum's function, ``NB`` negative binomial distribution: given the energy of the
target, the number of the gamma distribution is Poisson; the energy has a gamma distribution.

Source: Marcum and Swerling, "Studies of Target Detection by Pulsed Radar" (1960); Skolnik,
"Introduction to Radar Systems", chapter 2; the series as in Shnidman, "Radar detection
probabilities and their calculation" (1995). Albersheim (1981) for the short formula.

Validity: Gaussian noise, threshold fixed; 10^-15 <= P_fa < 1, to 10,000 pulses, -100 to 100 dB.
The series runs over about ``17 sqrt(N) + 60`` terms. Left out: constant false alarm rate losses,
clutter, correlation between the wholly slow and the wholly fast.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.decibels import power_ratio
from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]

LEAST_FALSE_ALARM = 1e-15
MOST_PULSES = 10_000
SNR_LIMITS_DB = (-100.0, 100.0)


def marcum_q(order: npt.ArrayLike, a: npt.ArrayLike, b: npt.ArrayLike) -> Float64:
    """Return Marcum's Q function of an order above 0 and arguments from 0; they broadcast."""
    from scipy.special import gammaincc  # noqa: PLC0415
    from scipy.stats import ncx2  # noqa: PLC0415

    number, first, second = np.broadcast_arrays(
        within("order", order, 0, above=True), within("a", a, 0), within("b", b, 0)
    )
    some = np.where(first > 0, first, 1.0)
    tail = ncx2.sf(second**2, 2.0 * number, some**2)
    chance: Float64 = np.clip(
        np.where(first > 0, tail, gammaincc(number, second**2 / 2.0)), 0.0, 1.0
    )
    return chance


def threshold(false_alarm: npt.ArrayLike, pulses: npt.ArrayLike = 1) -> Float64:
    """Return the threshold over the mean noise power of one pulse; arguments broadcast."""
    from scipy.special import gammainccinv  # noqa: PLC0415

    count = _pulses(pulses)
    level: Float64 = gammainccinv(count, _false_alarm(false_alarm))
    return level


def false_alarm_probability(level: npt.ArrayLike, pulses: npt.ArrayLike = 1) -> Float64:
    """Return the probability that noise alone passes a threshold; inverse of `threshold`."""
    from scipy.special import gammaincc  # noqa: PLC0415

    chance: Float64 = gammaincc(_pulses(pulses), within("level", level, 0))
    return chance


def detection_probability(
    snr_db: npt.ArrayLike,
    false_alarm: npt.ArrayLike,
    pulses: npt.ArrayLike = 1,
    *,
    swerling: npt.ArrayLike = 0,
) -> Float64:
    """Return the probability of detection; arguments broadcast.

    Parameters
    ----------
    snr_db
        Mean signal over noise of one pulse.
    false_alarm
        Probability of a false alarm.
    pulses
        Added behind the detector.
    swerling
        0 (steady), 1, 2, 3 or 4: slow or fast, of many scatterers (1, 2) or one that stands out.
    """
    snr, alarm, count, kind = np.broadcast_arrays(
        within("snr_db", snr_db, *SNR_LIMITS_DB),
        _false_alarm(false_alarm),
        _pulses(pulses),
        within("swerling", whole("swerling", swerling, 0), 0, 4),
    )
    chance = np.zeros(snr.shape)
    ratio, level = power_ratio(snr), threshold(alarm, count)
    steady = kind == 0
    if steady.any():
        energy = count * ratio
        chance = np.where(steady, marcum_q(count, np.sqrt(2 * energy), np.sqrt(2 * level)), chance)
    if not steady.all():
        degrees = np.select([kind == 1, kind == 2, kind == 3], [1.0, count, 2.0], 2.0 * count)
        chance = np.where(steady, chance, _fluctuating(ratio, level, count, degrees))
    return chance


def swerling1_probability(snr_db: npt.ArrayLike, false_alarm: npt.ArrayLike) -> Float64:
    """Return the probability of detection of a Swerling 1 target by one pulse, in closed form."""
    ratio = power_ratio(within("snr_db", snr_db, *SNR_LIMITS_DB))
    chance: Float64 = _false_alarm(false_alarm) ** (1.0 / (1.0 + ratio))
    return chance


def chi_square_probability(
    snr_db: npt.ArrayLike,
    false_alarm: npt.ArrayLike,
    pulses: npt.ArrayLike = 1,
    *,
    half_degrees: npt.ArrayLike,
) -> Float64:
    """Return the probability of detection of a target of the chi-square family.

    ``half_degrees`` is half the degrees of freedom of the energy of all pulses together, above 0
    and at most 20,000: 1 gives Swerling 1, very many a steady target. Arguments broadcast.
    """
    snr, alarm, count, half = np.broadcast_arrays(
        within("snr_db", snr_db, *SNR_LIMITS_DB),
        _false_alarm(false_alarm),
        _pulses(pulses),
        within("half_degrees", half_degrees, 0, 2.0 * MOST_PULSES, above=True),
    )
    return _fluctuating(power_ratio(snr), threshold(alarm, count), count, half)


def snr_for_detection_db(
    probability: npt.ArrayLike,
    false_alarm: npt.ArrayLike,
    pulses: npt.ArrayLike = 1,
    *,
    swerling: npt.ArrayLike = 0,
) -> Float64:
    """Return the signal over noise of one pulse that detects as often as asked, decibels.

    Inverse of `detection_probability`, to a millionth of a decibel; ``probability`` lies above
    ``false_alarm`` and below 1.
    """
    wanted, alarm, count, kind = np.broadcast_arrays(
        within("probability", probability, 0, 1, above=True, below=True),
        _false_alarm(false_alarm),
        _pulses(pulses),
        np.asarray(swerling, np.float64),
    )
    within("probability - false_alarm", wanted - alarm, 0, above=True)
    low, high = np.full(wanted.shape, SNR_LIMITS_DB[0]), np.full(wanted.shape, SNR_LIMITS_DB[1])
    top = detection_probability(high, alarm, count, swerling=kind)
    within("reachable probability - probability", top - wanted, 0)
    for _ in range(28):  # 200 dB / 2^28 is below a millionth
        middle = (low + high) / 2.0
        short = detection_probability(middle, alarm, count, swerling=kind) < wanted
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    level: Float64 = (low + high) / 2.0
    return level


def albersheim_snr_db(
    probability: npt.ArrayLike, false_alarm: npt.ArrayLike, pulses: npt.ArrayLike = 1
) -> Float64:
    """Return the signal over noise for a steady target by Albersheim's formula, decibels.

    Within 0.3 dB for probabilities from 0.3 to 0.9, false alarms from 1e-7 to 1e-3 and to 8,096
    pulses, outside which it is refused; at 0.1, for which it is often stated too, it is 0.5 to 4 dB
    short of the exact value. Arguments broadcast.
    """
    wanted = within("probability", probability, 0.3, 0.9)
    alarm = within("false_alarm", false_alarm, 1e-7, 1e-3)
    count = within("pulses", whole("pulses", pulses, 1), 1, 8096)
    rare, often = np.log(0.62 / alarm), np.log(wanted / (1.0 - wanted))
    level: Float64 = -5.0 * np.log10(count) + (6.2 + 4.54 / np.sqrt(count + 0.44)) * np.log10(
        rare + 0.12 * rare * often + 1.7 * often
    )
    return level


def binary_integration(
    probability: npt.ArrayLike, needed: npt.ArrayLike, looks: npt.ArrayLike
) -> Float64:
    """Return the probability of ``needed`` or more detections in ``looks``; they broadcast."""
    from scipy.special import betainc  # noqa: PLC0415

    single, least, most = np.broadcast_arrays(
        within("probability", probability, 0, 1),
        whole("needed", needed, 0),
        whole("looks", looks, 0),
    )
    some = np.clip(least, 1.0, np.maximum(most, 1.0))
    tail = betainc(some, np.maximum(most, 1.0) - some + 1.0, single)
    chance: Float64 = np.where(least == 0, 1.0, np.where(least > most, 0.0, tail))
    return chance


def cumulative_probability(probability: npt.ArrayLike, looks: npt.ArrayLike) -> Float64:
    """Return the probability of at least one detection in independent looks; they broadcast."""
    single = within("probability", probability, 0, 1)
    count = whole("looks", looks, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        miss = np.where(count > 0, count * np.log1p(-single), 0.0)
    chance: Float64 = -np.expm1(miss)
    return chance


def _fluctuating(ratio: Float64, level: Float64, count: Float64, half: Float64) -> Float64:
    """Sum the series until what is left is certain to pass the threshold."""
    from scipy.special import betainc, gammaincc  # noqa: PLC0415

    if not ratio.size:
        return np.zeros(ratio.shape)
    energy = count * ratio
    more = energy / (half + energy)
    log_more, log_term = np.log(more), -half * np.log1p(energy / half)
    # ten standard deviations above the threshold a Poisson count is beyond any digit
    last = np.ceil(np.maximum(level + 10.0 * np.sqrt(level) + 50.0 - count, 1.0))
    chance = np.zeros(ratio.shape)
    for number in range(int(last.max()) + 1):
        term = np.exp(log_term) * gammaincc(count + number, level)
        chance += np.where(number <= last, term, 0.0)  # no value depends on its neighbours
        log_term = log_term + log_more + np.log((half + number) / (number + 1.0))
    total: Float64 = np.clip(chance + betainc(last + 1.0, half, more), 0.0, 1.0)
    return total


def _pulses(pulses: npt.ArrayLike) -> Float64:
    return within("pulses", whole("pulses", pulses, 1), 1, MOST_PULSES)


def _false_alarm(false_alarm: npt.ArrayLike) -> Float64:
    return within("false_alarm", false_alarm, LEAST_FALSE_ALARM, 1, below=True)
