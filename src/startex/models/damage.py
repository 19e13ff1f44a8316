"""Damage functions: chance of a (notional) kill by miss, over normal errors, and in salvos.

Equation::

    cookie cutter:  D(r) = 1 within R             a_L = pi R^2
    diffuse:        D(r) = exp(-r^2 / 2 b^2)      a_L = 2 pi b^2
    Carleton:       D(x, y) = D0 exp(-D0 [(x/R1)^2 + (y/R2)^2])      a_L = pi R1 R2
    over errors:    P = prod over axes of B / sqrt(B^2 + s^2) exp(-m^2 / 2 (B^2 + s^2))
    salvo, common aim error: P_n = sum_j (-1)^{j+1} C(n,j) p^j S^2 / (S^2 + j c^2)
                         = 1 - int_0^1 (1 - p u^k)^n du      k = (c / S)^2

``r, x, y`` miss distances (m), ``R`` lethal radius, ``b`` scale of the diffuse function, ``R1, R2``
and ``D0`` Carleton's radii and peak, ``a_L`` lethal area (m2); ``B`` scale in the axis (``b``, or
``R1 / sqrt(2 D0)``), ``s`` standard deviation of the error, ``m`` bias; ``p = b^2 / S^2``,
``S^2 = b^2 + s^2`` with ``s`` the dispersion of rounds, ``c`` that of the common aim error.

Source: A. R. Washburn, "Notes on Firing Theory", Naval Postgraduate School (2002); Carleton's
function as in M. R. Driels, "Weaponeering" (2004).

The alternating sum loses all digits beyond some 40 rounds, so salvos are integrated (Gauss-Legendre
panels laid where the integrand changes). Left out: fragments, height of burst, damage that adds up.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt

from startex.models.hitprobability import LEAST_M, MOST_M, circular_hit_probability, length
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]

_gauss = cache(np.polynomial.legendre.leggauss)

REACH = np.array([-9.0, -6.0, -4.0, -2.5, -1.2, 0.0, 1.2, 2.5, 4.0, 6.0, 9.0])
"""Where a normal distribution changes, in standard deviations."""

SALVO_STEPS = np.array([-8.0, -4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
"""Where a saturated salvo changes, in e-foldings of the single-shot chance."""

DEPTHS = np.array([0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 24.0, 32.0, 45.0])
"""Panels of an exponential distribution with mean 1; what lies beyond is below 1e-19."""

CHUNK = 2048
"""Salvos integrated at once, which bounds the memory."""


def cookie_cutter(miss_m: npt.ArrayLike, lethal_radius_m: npt.ArrayLike) -> Float64:
    """Return 1 within the lethal radius and 0 beyond; arguments broadcast."""
    inside = length("miss_m", miss_m) <= length("lethal_radius_m", lethal_radius_m)
    return np.where(inside, 1.0, 0.0)[()]


def diffuse(miss_m: npt.ArrayLike, scale_m: npt.ArrayLike) -> Float64:
    """Return the diffuse Gaussian (von Neumann) damage function; arguments broadcast."""
    ratio = length("miss_m", miss_m) / length("scale_m", scale_m, least=LEAST_M)
    chance: Float64 = np.exp(-0.5 * ratio**2)
    return chance


def carleton(
    x_m: npt.ArrayLike,
    y_m: npt.ArrayLike,
    radius_x_m: npt.ArrayLike,
    radius_y_m: npt.ArrayLike,
    peak: npt.ArrayLike = 1.0,
) -> Float64:
    """Return Carleton's damage function at a miss in range and deflection; arguments broadcast."""
    top = within("peak", peak, 0, 1, above=True)
    square = (
        length("x_m", x_m, least=-MOST_M) / length("radius_x_m", radius_x_m, least=LEAST_M)
    ) ** 2 + (
        length("y_m", y_m, least=-MOST_M) / length("radius_y_m", radius_y_m, least=LEAST_M)
    ) ** 2
    chance: Float64 = top * np.exp(-top * square)
    return chance


def cookie_cutter_lethal_area_m2(lethal_radius_m: npt.ArrayLike) -> Float64:
    """Return the lethal area of a cookie cutter, m2."""
    area: Float64 = np.pi * length("lethal_radius_m", lethal_radius_m) ** 2
    return area


def diffuse_lethal_area_m2(scale_m: npt.ArrayLike) -> Float64:
    """Return the lethal area of the diffuse function, m2."""
    area: Float64 = 2.0 * np.pi * length("scale_m", scale_m) ** 2
    return area


def carleton_lethal_area_m2(radius_x_m: npt.ArrayLike, radius_y_m: npt.ArrayLike) -> Float64:
    """Return the lethal area of Carleton's function, m2, whatever its peak; broadcasts."""
    area: Float64 = np.pi * length("radius_x_m", radius_x_m) * length("radius_y_m", radius_y_m)
    return area


def lethal_radius_m(lethal_area_m2: npt.ArrayLike) -> Float64:
    """Return the radius of the cookie cutter with a lethal area, metres."""
    radius: Float64 = np.sqrt(within("lethal_area_m2", lethal_area_m2, 0, 1e18) / np.pi)
    return radius


def diffuse_scale_m(lethal_area_m2: npt.ArrayLike) -> Float64:
    """Return the scale of the diffuse function with a lethal area, metres."""
    scale: Float64 = np.sqrt(within("lethal_area_m2", lethal_area_m2, 0, 1e18) / (2.0 * np.pi))
    return scale


def diffuse_kill_probability(
    scale_m: npt.ArrayLike,
    sigma_x_m: npt.ArrayLike,
    sigma_y_m: npt.ArrayLike | None = None,
    bias_x_m: npt.ArrayLike = 0.0,
    bias_y_m: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the single-shot chance of the diffuse function over normal errors; broadcasts.

    ``sigma_y_m`` is ``sigma_x_m`` where it is not given: then ``b^2 / (b^2 + s^2)`` without bias.
    """
    scale = length("scale_m", scale_m, least=LEAST_M)
    other = sigma_x_m if sigma_y_m is None else sigma_y_m
    chance: Float64 = _axis(scale, "sigma_x_m", sigma_x_m, "bias_x_m", bias_x_m) * _axis(
        scale, "sigma_y_m", other, "bias_y_m", bias_y_m
    )
    return chance


def carleton_kill_probability(
    radius_x_m: npt.ArrayLike,
    radius_y_m: npt.ArrayLike,
    sigma_x_m: npt.ArrayLike,
    sigma_y_m: npt.ArrayLike,
    peak: npt.ArrayLike = 1.0,
    bias_x_m: npt.ArrayLike = 0.0,
    bias_y_m: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the single-shot chance of Carleton's function over normal errors; broadcasts."""
    top = within("peak", peak, 0, 1, above=True)
    spread = np.sqrt(2.0 * top)
    along = length("radius_x_m", radius_x_m, least=LEAST_M) / spread
    across = length("radius_y_m", radius_y_m, least=LEAST_M) / spread
    chance: Float64 = (
        top
        * _axis(along, "sigma_x_m", sigma_x_m, "bias_x_m", bias_x_m)
        * _axis(across, "sigma_y_m", sigma_y_m, "bias_y_m", bias_y_m)
    )
    return chance


def salvo_kill_probability(
    rounds: npt.ArrayLike,
    scale_m: npt.ArrayLike,
    sigma_dispersion_m: npt.ArrayLike,
    sigma_common_m: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the chance that a salvo with a common aim error kills, diffuse function; broadcasts.

    ``rounds`` may be a mean number; ``sigma_dispersion_m`` is the error of each round about the
    common aim, ``sigma_common_m`` that of the aim.
    """
    n, b, s, c = np.broadcast_arrays(
        within("rounds", rounds, 0, 1e15),
        length("scale_m", scale_m, least=LEAST_M),
        length("sigma_dispersion_m", sigma_dispersion_m),
        length("sigma_common_m", sigma_common_m),
    )
    total = b**2 + s**2

    def chance(part: slice, depth: Float64) -> Float64:
        fall = np.exp(-((c.ravel()[part, None] ** 2) / total.ravel()[part, None]) * depth)
        single: Float64 = (b**2 / total).ravel()[part, None] * fall
        return single

    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        saturated = np.maximum(np.log(n * b**2 / total), 0.0)[..., None]
        edges = (saturated + SALVO_STEPS) * (total / c**2)[..., None]
    return _over_common_aim(n, chance, edges)


def cookie_cutter_salvo_kill_probability(
    rounds: npt.ArrayLike,
    lethal_radius_m: npt.ArrayLike,
    sigma_dispersion_m: npt.ArrayLike,
    sigma_common_m: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the same for a cookie cutter: chance that any round falls within the radius."""
    n, radius, s, c = np.broadcast_arrays(
        within("rounds", rounds, 0, 1e15),
        length("lethal_radius_m", lethal_radius_m),
        length("sigma_dispersion_m", sigma_dispersion_m, least=LEAST_M),
        length("sigma_common_m", sigma_common_m),
    )

    def chance(part: slice, depth: Float64) -> Float64:
        off = c.ravel()[part, None] * np.sqrt(2.0 * depth)
        return circular_hit_probability(radius.ravel()[part, None], s.ravel()[part, None], off)

    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        off = np.maximum(radius[..., None] + REACH * s[..., None], 0.0) / c[..., None]
        edges = off**2 / 2.0
    return _over_common_aim(n, chance, edges)


def _over_common_aim(
    rounds: Float64, chance: Callable[[slice, Float64], Float64], edges: Float64
) -> Float64:
    """Integrate the chance of a salvo over the common aim error.

    With ``e = r^2 / 2 c^2``, which is exponential with mean 1, for an aim that is r off.

    Parameters
    ----------
    rounds
        Any shape.
    chance
        Single-shot chance of some of the flattened cases (a slice) at depths e, shape (cases, k).
    edges
        Depths at which the integrand changes, shape of rounds + (m,).
    """
    result = np.empty(rounds.size)
    edges = np.nan_to_num(edges, nan=0.0).reshape(rounds.size, edges.shape[-1])
    node, weight = _gauss(20)
    for start in range(0, rounds.size, CHUNK):
        part = slice(start, start + CHUNK)
        panels = np.clip(edges[part], 0.0, DEPTHS[-1])
        panels = np.concatenate([panels, np.broadcast_to(DEPTHS, (len(panels), DEPTHS.size))], 1)
        panels.sort(axis=1)
        half = np.diff(panels, axis=1)[:, :, None] / 2.0
        depth = (panels[:, :-1, None] + half + half * node).reshape(len(panels), -1)
        single = chance(part, depth)
        with np.errstate(divide="ignore", invalid="ignore"):
            killed = -np.expm1(rounds.ravel()[part, None] * np.log1p(-np.minimum(single, 1.0)))
        killed = np.where(rounds.ravel()[part, None] == 0, 0.0, killed)
        share = (half * weight).reshape(len(panels), -1)
        result[part] = (share * np.exp(-depth) * killed).sum(axis=1)
    return np.clip(result, 0.0, 1.0).reshape(rounds.shape)[()]


def _axis(
    scale: Float64, sigma_name: str, sigma: npt.ArrayLike, bias_name: str, bias: npt.ArrayLike
) -> Float64:
    square = scale**2 + length(sigma_name, sigma) ** 2
    chance: Float64 = (
        scale
        / np.sqrt(square)
        * np.exp(-0.5 * length(bias_name, bias, least=-MOST_M) ** 2 / square)
    )
    return chance
