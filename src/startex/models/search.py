"""Search theory: lateral range, sweep width, and how likely a search of an area finds.

Equation::

    W = int p(x) dx                                        C = W V t / A = W / S
    P = 1 - exp(-C)          E[t] = A / (W V)              (random search)
    p(x) = 1 - exp(-W^2 / (4 pi x^2))      W = 2 sqrt(2 pi k h / v)     (inverse cube)
    P = erf(sqrt(pi) C / 2)                                (inverse cube, parallel sweeps)
    P = min(1, C)                                          (definite range, parallel sweeps)
    P(x) = 1 - prod_n (1 - p(x - n S))      P = 1/S int_0^S P(x) dx     (any curve, sweeps)
    w = 2 (u + v) / pi E(4 u v / (u + v)^2)                (dynamic enhancement w / v)
    P = 1 - exp(-(W V / (pi u^2)) (1/t_0 - 1/(t_0 + T)))   (expanding datum)

``p(x)`` lateral range curve: chance of a straight pass at distance ``x`` (m) to detect; ``W`` sweep
width (m), ``V`` speed of the searcher (m/s), ``t`` time (s), ``A`` area (m2), ``C`` coverage,
``S`` spacing of sweeps (m); ``k`` constant, ``h`` height of the eye, ``v`` speed past the target;
``u`` speed of the target, ``w`` mean relative speed, ``E`` complete elliptic integral of the second
kind with parameter ``m``; ``t_0`` time late at the datum, ``T`` length of the search.

Source: Koopman, "Search and Screening", OEG 56 (1946, 1980), chapters 2 to 4; Washburn, "Search and
Detection"; IAMSAR Manual volume II (coverage).

Validity: target uniform over the area (datum: over the circle it may have reached), passes
independent of each other, no false targets. Left out: navigation errors, edges of the area.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from startex.models.validity import within

Float64 = npt.NDArray[np.float64]


def definite_range_curve(offset_m: npt.ArrayLike, radius_m: npt.ArrayLike) -> Float64:
    """Return the lateral range curve of a sensor that finds all within a radius ("cookie cutter").

    Its sweep width is twice the radius; arguments broadcast.
    """
    radius = within("radius_m", radius_m, 0)
    chance: Float64 = np.where(np.abs(within("offset_m", offset_m)) <= radius, 1.0, 0.0)
    return chance


def inverse_cube_curve(offset_m: npt.ArrayLike, sweep_width_m: npt.ArrayLike) -> Float64:
    """Return the lateral range curve of the inverse cube law; arguments broadcast."""
    width = within("sweep_width_m", sweep_width_m, 0)
    offset = within("offset_m", offset_m)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        effort = np.where(width > 0, (width / offset) ** 2 / (4.0 * np.pi), 0.0)
    chance: Float64 = -np.expm1(-effort)
    return chance


def gaussian_curve(
    offset_m: npt.ArrayLike, peak: npt.ArrayLike, deviation_m: npt.ArrayLike
) -> Float64:
    """Return a bell-shaped lateral range curve; arguments broadcast.

    Its sweep width is ``sqrt(2 pi)`` times peak and deviation.
    """
    height = within("peak", peak, 0, 1)
    distance = within("offset_m", offset_m) / within("deviation_m", deviation_m, 0, above=True)
    chance: Float64 = height * np.exp(-0.5 * distance**2)
    return chance


def sweep_width_m(curve: Callable[[float], float], *, reach_m: float = np.inf) -> float:
    """Return the sweep width of a lateral range curve by integration, metres.

    Scalar by nature: ``curve`` takes one offset (m, either sign) and returns a probability.
    ``reach_m`` bounds the offsets that count: give it where the curve ends at an edge.

    Raises
    ------
    OutsideValidityError
        If the curve has no finite area, or is no probability where it was asked.
    """
    from scipy.integrate import quad  # noqa: PLC0415

    def checked(offset: float) -> float:
        return float(within("lateral range curve", curve(offset), 0, 1))

    limit = float(within("reach_m", reach_m if np.isfinite(reach_m) else 1.0, 0, above=True))
    far = limit if np.isfinite(reach_m) else np.inf
    sides = [quad(checked, *ends, limit=500, full_output=1) for ends in ((-far, 0.0), (0.0, far))]
    area, error = sum(side[0] for side in sides), sum(side[1] for side in sides)
    within("error of the sweep width over it", error / max(area, 1e-300), 0, 1e-4)
    return float(area)


def sampled_sweep_width_m(offset_m: npt.ArrayLike, probability: npt.ArrayLike) -> Float64:
    """Return the sweep width of a measured lateral range curve, metres, by trapezes.

    ``offset_m`` rises along its last axis, ``probability`` has the same shape or broadcasts to it;
    the last axis goes. Nothing is detected beyond the ends.
    """
    offset, chance = np.broadcast_arrays(
        within("offset_m", offset_m), within("probability", probability, 0, 1)
    )
    within("step of offset_m", np.diff(offset), 0)
    width: Float64 = np.trapezoid(chance, offset, axis=-1)
    return width


def inverse_cube_sweep_width_m(
    constant_m2_s: npt.ArrayLike, height_m: npt.ArrayLike, speed_m_s: npt.ArrayLike
) -> Float64:
    """Return the sweep width of visual search from a height, metres; arguments broadcast.

    ``constant_m2_s`` is Koopman's ``k``: the rate of detection at range ``r`` is ``k h / r^3``.
    """
    width: Float64 = 2.0 * np.sqrt(
        2.0
        * np.pi
        * within("constant_m2_s", constant_m2_s, 0)
        * within("height_m", height_m, 0)
        / within("speed_m_s", speed_m_s, 0, above=True)
    )
    return width


def coverage(
    sweep_width_m: npt.ArrayLike,
    speed_m_s: npt.ArrayLike,
    time_s: npt.ArrayLike,
    area_m2: npt.ArrayLike,
) -> Float64:
    """Return the area swept over the area searched; arguments broadcast."""
    ratio: Float64 = (
        within("sweep_width_m", sweep_width_m, 0)
        * within("speed_m_s", speed_m_s, 0)
        * within("time_s", time_s, 0)
        / within("area_m2", area_m2, 0, above=True)
    )
    return ratio


def parallel_sweep_coverage(sweep_width_m: npt.ArrayLike, spacing_m: npt.ArrayLike) -> Float64:
    """Return the coverage of parallel sweeps, width over spacing; arguments broadcast."""
    ratio: Float64 = within("sweep_width_m", sweep_width_m, 0) / within(
        "spacing_m", spacing_m, 0, above=True
    )
    return ratio


def random_search_probability(coverage: npt.ArrayLike) -> Float64:
    """Return the probability of detection by random search; any shape."""
    chance: Float64 = -np.expm1(-within("coverage", coverage, 0))
    return chance


def inverse_cube_probability(coverage: npt.ArrayLike) -> Float64:
    """Return the probability of detection by parallel sweeps, inverse cube law; any shape."""
    from scipy.special import erf  # noqa: PLC0415

    chance: Float64 = erf(0.5 * np.sqrt(np.pi) * within("coverage", coverage, 0))
    return chance


def definite_range_probability(coverage: npt.ArrayLike) -> Float64:
    """Return the probability of detection by parallel sweeps of definite range; any shape."""
    chance: Float64 = np.minimum(within("coverage", coverage, 0), 1.0)
    return chance


def coverage_for_random_search(probability: npt.ArrayLike) -> Float64:
    """Return the coverage that random search needs for a probability below 1; any shape."""
    needed: Float64 = -np.log1p(-within("probability", probability, 0, 1, below=True))
    return needed


def coverage_for_inverse_cube(probability: npt.ArrayLike) -> Float64:
    """Return the coverage that parallel sweeps need for a probability below 1; any shape."""
    from scipy.special import erfinv  # noqa: PLC0415

    needed: Float64 = (
        2.0 / np.sqrt(np.pi) * erfinv(within("probability", probability, 0, 1, below=True))
    )
    return needed


def parallel_sweep_probability(
    curve: Callable[[Float64], Float64], spacing_m: float, *, reach_m: float, points: int = 2000
) -> float:
    """Return the probability of detection by endless parallel sweeps with any curve.

    Scalar by nature. ``curve`` takes an array of offsets (m) and returns probabilities; passes
    farther than ``reach_m`` do not count. Mean over ``points`` places between two sweeps.
    """
    spacing = float(within("spacing_m", spacing_m, 0, above=True))
    reach = float(within("reach_m", reach_m, 0, above=True))
    number = int(within("points", points, 1))
    passes = int(within("reach_m / spacing_m", np.ceil(reach / spacing), high=1e5))
    place = (np.arange(number) + 0.5) / number * spacing
    missed = np.ones(number)
    for index in range(-passes, passes + 2):
        offset = place - index * spacing
        chance = within("lateral range curve", curve(offset), 0, 1)
        missed *= np.where(np.abs(offset) <= reach, 1.0 - chance, 1.0)
    return float(1.0 - missed.mean())


def random_search_time_s(
    sweep_width_m: npt.ArrayLike, speed_m_s: npt.ArrayLike, area_m2: npt.ArrayLike
) -> Float64:
    """Return the mean time to detection by random search, seconds; arguments broadcast."""
    time: Float64 = within("area_m2", area_m2, 0, above=True) / (
        within("sweep_width_m", sweep_width_m, 0, above=True)
        * within("speed_m_s", speed_m_s, 0, above=True)
    )
    return time


def mean_relative_speed_m_s(target_m_s: npt.ArrayLike, searcher_m_s: npt.ArrayLike) -> Float64:
    """Return the mean speed of a searcher past targets on random courses, m/s; they broadcast."""
    from scipy.special import ellipe  # noqa: PLC0415

    target, searcher = np.broadcast_arrays(
        within("target_m_s", target_m_s, 0), within("searcher_m_s", searcher_m_s, 0)
    )
    both = target + searcher
    some = np.where(both > 0, both, 1.0)
    parameter = np.minimum(4.0 * (target / some) * (searcher / some), 1.0)
    mean: Float64 = 2.0 * both / np.pi * ellipe(parameter)
    return mean


def dynamic_enhancement(target_m_s: npt.ArrayLike, searcher_m_s: npt.ArrayLike) -> Float64:
    """Return the factor by which the targets' own motion speeds random search; they broadcast."""
    searcher = within("searcher_m_s", searcher_m_s, 0, above=True)
    factor: Float64 = mean_relative_speed_m_s(target_m_s, searcher) / searcher
    return factor


def datum_probability(
    sweep_width_m: npt.ArrayLike,
    searcher_m_s: npt.ArrayLike,
    target_m_s: npt.ArrayLike,
    late_s: npt.ArrayLike,
    time_s: npt.ArrayLike | None = None,
) -> Float64:
    """Return the probability to find what flees from a datum; arguments broadcast.

    The target runs on an unknown straight course at ``target_m_s``, which the searcher knows; he
    comes ``late_s`` after it was seen and searches at random the circle that it can have reached
    for ``time_s``, or for ever.
    """
    width = within("sweep_width_m", sweep_width_m, 0)
    speed = within("searcher_m_s", searcher_m_s, 0)
    fleeing = within("target_m_s", target_m_s, 0, above=True)
    late = within("late_s", late_s, 0, above=True)
    # 1/t0 - 1/(t0 + T) without the difference of near numbers
    share = 1.0 if time_s is None else _elapsed(within("time_s", time_s, 0), late)
    chance: Float64 = -np.expm1(-width * speed / (np.pi * fleeing**2) / late * share)
    return chance


def _elapsed(time: Float64, late: Float64) -> Float64:
    share: Float64 = time / (late + time)
    return share
