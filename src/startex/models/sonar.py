"""Sonar equations: signal excess, figure of merit, transmission loss and the range it allows.

Equation::

    SE = SL - TL - (NL - DI) - DT                         (passive)
    SE = SL - 2 TL + TS - (NL - DI) - DT                  (active, noise)
    SE = SL - 2 TL + TS - RL - DT                         (active, reverberation)
    FOM = SL - NL + DI - DT      FOM_2 = SL + TS - NL + DI - DT
    TL = n 10 log10 r + alpha r                           (n = 2 spherical, 1 cylindrical)
    TL = 20 log10 r                       r <= r_t
       = 10 log10 r_t + 10 log10 r        r > r_t         (mixed), and alpha r
    P_d = Phi(SE / s)

``SL`` source level (dB re 1 uPa at 1 m), ``NL`` noise and ``RL`` reverberation level, ``DI``
directivity index or array gain, ``DT`` detection threshold, ``TS`` target strength (dB), ``r``
range (m), ``alpha`` absorption (dB/m), ``r_t`` transition range (m), ``s`` standard deviation of
the signal excess (dB), ``Phi`` normal distribution.

Source: Urick, "Principles of Underwater Sound", chapters 2, 5, 12; Coppens and Sanders, "An
Introduction to the Sonar Equations" (NPS).

Validity: levels in the same band; ranges of 1 m and more, losses of 0 dB and more. The range for a
loss is exact: where the loss has no absorption by its formula, otherwise by Newton's steps on a
curve that bends one way. Left out: convergence zones, layers, bottom loss, ray bending.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.decibels import sum_db
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]

MOST_LOSS_DB = 300.0
SPHERICAL, CYLINDRICAL = 2.0, 1.0
"""Powers of the range with which intensity falls."""


def passive_figure_of_merit_db(
    source_db: npt.ArrayLike,
    noise_db: npt.ArrayLike,
    directivity_db: npt.ArrayLike,
    threshold_db: npt.ArrayLike,
) -> Float64:
    """Return the greatest one-way loss with which a source is heard half the time, dB."""
    merit: Float64 = (
        within("source_db", source_db)
        - within("noise_db", noise_db)
        + within("directivity_db", directivity_db)
        - within("threshold_db", threshold_db)
    )
    return merit


def active_figure_of_merit_db(
    source_db: npt.ArrayLike,
    target_strength_db: npt.ArrayLike,
    noise_db: npt.ArrayLike,
    directivity_db: npt.ArrayLike,
    threshold_db: npt.ArrayLike,
) -> Float64:
    """Return the greatest loss there and back with which an echo is heard half the time, dB.

    Half of it is the loss one way, which `range_for_loss_m` takes.
    """
    return passive_figure_of_merit_db(source_db, noise_db, directivity_db, threshold_db) + within(
        "target_strength_db", target_strength_db
    )


def passive_signal_excess_db(
    source_db: npt.ArrayLike,
    loss_db: npt.ArrayLike,
    noise_db: npt.ArrayLike,
    directivity_db: npt.ArrayLike,
    threshold_db: npt.ArrayLike,
) -> Float64:
    """Return the signal excess of a passive sonar at a one-way loss, dB; arguments broadcast."""
    merit = passive_figure_of_merit_db(source_db, noise_db, directivity_db, threshold_db)
    excess: Float64 = merit - within("loss_db", loss_db)
    return excess


def active_signal_excess_db(
    source_db: npt.ArrayLike,
    target_strength_db: npt.ArrayLike,
    loss_db: npt.ArrayLike,
    noise_db: npt.ArrayLike,
    directivity_db: npt.ArrayLike,
    threshold_db: npt.ArrayLike,
) -> Float64:
    """Return the signal excess of an active sonar in noise at a one-way loss, dB."""
    merit = active_figure_of_merit_db(
        source_db, target_strength_db, noise_db, directivity_db, threshold_db
    )
    excess: Float64 = merit - 2.0 * within("loss_db", loss_db)
    return excess


def reverberation_signal_excess_db(
    source_db: npt.ArrayLike,
    target_strength_db: npt.ArrayLike,
    loss_db: npt.ArrayLike,
    reverberation_db: npt.ArrayLike,
    threshold_db: npt.ArrayLike,
) -> Float64:
    """Return the signal excess of an active sonar in reverberation, dB; arguments broadcast."""
    return active_signal_excess_db(
        source_db, target_strength_db, loss_db, reverberation_db, 0.0, threshold_db
    )


def background_db(
    noise_db: npt.ArrayLike, directivity_db: npt.ArrayLike, reverberation_db: npt.ArrayLike
) -> Float64:
    """Return noise behind the array and reverberation together, dB; arguments broadcast."""
    noise = within("noise_db", noise_db) - within("directivity_db", directivity_db)
    return sum_db(noise, within("reverberation_db", reverberation_db))


def detection_probability(
    signal_excess_db: npt.ArrayLike, deviation_db: npt.ArrayLike = 9.0
) -> Float64:
    """Return the probability of detection at a mean signal excess; arguments broadcast.

    ``deviation_db``: 8 to 10 dB is common for passive sonar at sea; 0 makes it certain above 0.
    """
    from scipy.special import ndtr  # noqa: PLC0415

    excess, deviation = np.broadcast_arrays(
        within("signal_excess_db", signal_excess_db), within("deviation_db", deviation_db, 0)
    )
    chance: Float64 = np.where(
        deviation > 0,
        ndtr(excess / np.where(deviation > 0, deviation, 1.0)),
        np.heaviside(excess, 0.5),
    )
    return chance


def transmission_loss_db(
    range_m: npt.ArrayLike,
    absorption_db_m: npt.ArrayLike = 0.0,
    *,
    spreading: npt.ArrayLike = SPHERICAL,
) -> Float64:
    """Return the loss from 1 m to a range by spreading and absorption, dB; they broadcast.

    ``spreading``: 2 spherical, 1 cylindrical, between them (1.5 is common in shallow water), 0
    none.
    """
    reach = within("range_m", range_m, 1.0)
    loss: Float64 = (
        10.0 * within("spreading", spreading, 0, 4.0) * np.log10(reach)
        + within("absorption_db_m", absorption_db_m, 0) * reach
    )
    return loss


def mixed_transmission_loss_db(
    range_m: npt.ArrayLike, transition_m: npt.ArrayLike, absorption_db_m: npt.ArrayLike = 0.0
) -> Float64:
    """Return the loss where sound spreads as a sphere, then as a cylinder, dB; they broadcast.

    ``transition_m``: about the depth of the water, or as the duct's ray geometry gives it.
    """
    reach = within("range_m", range_m, 1.0)
    near = np.minimum(reach, within("transition_m", transition_m, 1.0))
    loss: Float64 = (
        10.0 * np.log10(near)
        + 10.0 * np.log10(reach)
        + within("absorption_db_m", absorption_db_m, 0) * reach
    )
    return loss


def range_for_loss_m(
    loss_db: npt.ArrayLike,
    absorption_db_m: npt.ArrayLike = 0.0,
    *,
    spreading: npt.ArrayLike = SPHERICAL,
) -> Float64:
    """Return the range at which the loss is as given, metres; inverse of `transmission_loss_db`.

    1 m where even that costs more. ``spreading`` from 0.1 here, ``loss_db`` up to 300.
    """
    loss, rate, power = np.broadcast_arrays(
        within("loss_db", loss_db, high=MOST_LOSS_DB),
        within("absorption_db_m", absorption_db_m, 0),
        within("spreading", spreading, 0.1, 4.0),
    )
    return _solve(loss, rate, power)


def range_for_mixed_loss_m(
    loss_db: npt.ArrayLike, transition_m: npt.ArrayLike, absorption_db_m: npt.ArrayLike = 0.0
) -> Float64:
    """Return the range at which the mixed loss is as given, metres; arguments broadcast."""
    loss, turn, rate = np.broadcast_arrays(
        within("loss_db", loss_db, high=MOST_LOSS_DB),
        within("transition_m", transition_m, 1.0),
        within("absorption_db_m", absorption_db_m, 0),
    )
    near = _solve(loss, rate, np.full(loss.shape, SPHERICAL))
    far = _solve(loss - 10.0 * np.log10(turn), rate, np.full(loss.shape, CYLINDRICAL))
    reach: Float64 = np.where(near <= turn, near, far)
    return reach


def _solve(loss: Float64, rate: Float64, power: Float64) -> Float64:
    """Return r >= 1 of ``10 power log10 r + rate r = loss`` by Newton's steps in ``ln r``.

    In ``ln r`` the loss is convex and rises. Either term alone gives a bound from above, from
    where the steps come down to the root. Each value stops for itself.
    """
    loss = np.maximum(loss, rate)  # at 1 m
    scale = 10.0 * power / np.log(10.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_absorption = np.where(rate > 0, np.log(loss) - np.log(rate), np.inf)
    log = np.minimum(loss / scale, by_absorption)
    done = np.zeros(log.shape, bool)
    for _ in range(100):
        absorbed = rate * np.exp(log)
        step = (scale * log + absorbed - loss) / (scale + absorbed)
        log = np.where(done, log, np.maximum(log - step, 0.0))
        done = done | (np.abs(step) <= 1e-14 * np.maximum(log, 1.0))
        if done.all():
            break
    reach: Float64 = np.exp(log)
    return reach
