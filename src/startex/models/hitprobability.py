"""Chance of a hit with normal errors, and the measures of such errors.

Equation::

    circle, centred: P = 1 - exp(-R^2 / 2 s^2) = 1 - 2^{-(R/CEP)^2}      CEP = s sqrt(2 ln 2)
    circle, biased:  P = 1 - Q_1(d / s, R / s)
    circle, s_x and s_y, biased: P = int over the circle of the two normal densities
    rectangle:       P = prod [Phi((w - d) / s) - Phi((-w - d) / s)]

``s`` standard deviation of the miss in one axis (m), ``d`` bias (m), ``R`` radius (m), ``w`` half
width (m), ``Q_1`` Marcum's function, ``Phi`` the normal distribution. Probable error (half of the
misses in one axis) 0.6745 s; CEP (half within the circle) 1.1774 s; R95 2.4477 s; mean radial error
1.2533 s; DRMS 1.4142 s.

Source: A. R. Washburn, "Notes on Firing Theory", Naval Postgraduate School (2002); J. S.
Przemieniecki, "Mathematical Methods in Defense Analyses" (2000), chapter 2.

Validity: normal, independent errors in the two axes (turn the axes to make them so). The elliptical
integral is by Gauss-Legendre panels laid where the densities change, to about 1e-12.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from startex.models.validity import within

Float64 = npt.NDArray[np.float64]

_gauss = cache(np.polynomial.legendre.leggauss)

CEP_OVER_SIGMA = 1.1774100225154747
"""sqrt(2 ln 2)."""

PROBABLE_ERROR_OVER_SIGMA = 0.6744897501960817
"""Phi^-1(3/4): half of the misses in one axis lie within."""

SPHERICAL_ERROR_OVER_SIGMA = 1.5381722544550522
"""Median of the distance in three axes with equal errors."""

LEAST_M, MOST_M = 1e-9, 1e9
"""Lengths within which nothing overflows; errors and scales must not be below the lesser."""

FAR = 1e5
"""Bias over standard deviation beyond which the circle's edge is taken as a parabola."""

CHUNK = 2048
"""Elliptical cases integrated at once, which bounds the memory."""


def length(name: str, values: npt.ArrayLike, *, least: float = 0.0) -> Float64:
    """Return metres after checking that they are from ``least`` to 1e9."""
    return within(name, values, least, MOST_M)


def sigma_from_cep_m(cep_m: npt.ArrayLike) -> Float64:
    """Return the standard deviation in one axis of a circular error, metres."""
    sigma: Float64 = length("cep_m", cep_m) / CEP_OVER_SIGMA
    return sigma


def cep_from_sigma_m(sigma_m: npt.ArrayLike) -> Float64:
    """Return the radius that half of the impacts lie within, circular error, metres."""
    cep: Float64 = length("sigma_m", sigma_m) * CEP_OVER_SIGMA
    return cep


def sigma_from_probable_error_m(probable_error_m: npt.ArrayLike) -> Float64:
    """Return the standard deviation from a probable error in range or deflection, metres."""
    sigma: Float64 = length("probable_error_m", probable_error_m) / PROBABLE_ERROR_OVER_SIGMA
    return sigma


def probable_error_from_sigma_m(sigma_m: npt.ArrayLike) -> Float64:
    """Return the probable error in one axis, metres."""
    error: Float64 = length("sigma_m", sigma_m) * PROBABLE_ERROR_OVER_SIGMA
    return error


def spherical_error_from_sigma_m(sigma_m: npt.ArrayLike) -> Float64:
    """Return the radius of the sphere that half of the points lie within, metres."""
    error: Float64 = length("sigma_m", sigma_m) * SPHERICAL_ERROR_OVER_SIGMA
    return error


def mean_radial_error_m(sigma_m: npt.ArrayLike) -> Float64:
    """Return the mean miss distance of a circular error, metres."""
    error: Float64 = length("sigma_m", sigma_m) * np.sqrt(np.pi / 2.0)
    return error


def distance_root_mean_square_m(sigma_x_m: npt.ArrayLike, sigma_y_m: npt.ArrayLike) -> Float64:
    """Return the root mean square miss distance (DRMS), metres; arguments broadcast."""
    error: Float64 = np.hypot(length("sigma_x_m", sigma_x_m), length("sigma_y_m", sigma_y_m))
    return error


def combined_sigma_m(*sigma_m: npt.ArrayLike) -> Float64:
    """Return the standard deviation of independent errors that add up, metres; broadcasts."""
    total: Float64 = np.sqrt(sum(length("sigma_m", sigma) ** 2 for sigma in sigma_m) + 0.0)
    return total


def radius_for_probability_m(probability: npt.ArrayLike, sigma_m: npt.ArrayLike) -> Float64:
    """Return the radius that a share (below 1) of impacts lie within, circular error, metres."""
    share = within("probability", probability, 0, 1, below=True)
    radius: Float64 = length("sigma_m", sigma_m) * np.sqrt(-2.0 * np.log1p(-share))
    return radius


def cep_ring_shares(multiples: npt.ArrayLike) -> Float64:
    """Return the shares of impacts between circles of rising multiples of the CEP.

    Parameters
    ----------
    multiples
        Radii over the CEP, rising, shape (k,).

    Returns
    -------
    Shape (k + 1,): within the first, between them, beyond the last; sum 1.
    """
    edges = np.atleast_1d(within("multiples", multiples, 0, 1e6))
    within("step of multiples", np.diff(edges), 0)
    beyond: Float64 = np.concatenate([[1.0], np.exp2(-(edges**2)), [0.0]])
    return beyond[:-1] - beyond[1:]


def circular_hit_probability(
    radius_m: npt.ArrayLike, sigma_m: npt.ArrayLike, bias_m: npt.ArrayLike = 0.0
) -> Float64:
    """Return the chance to fall within a circle, same error in both axes; arguments broadcast.

    ``bias_m`` is the distance from the centre of the circle to the mean point of impact.
    """
    radius, sigma, bias = np.broadcast_arrays(
        length("radius_m", radius_m),
        length("sigma_m", sigma_m, least=LEAST_M),
        length("bias_m", bias_m),
    )
    square = (radius / sigma) ** 2
    offset = (bias / sigma) ** 2
    centred: Float64 = -np.expm1(-0.5 * square)
    biased = offset > 0
    if not biased.any():
        return centred
    from scipy.special import chndtr  # noqa: PLC0415 - slow to import

    far = bias > FAR * sigma
    with np.errstate(over="ignore"):
        found: Float64 = chndtr(square, 2, np.where(biased & ~far, offset, 1.0))
    if far.any():
        from scipy.special import ndtr  # noqa: PLC0415 - slow to import

        distance = np.where(far, bias, 1.0)
        found = np.where(far, ndtr((radius - distance) / sigma - 0.5 * sigma / distance), found)
    return np.where(biased, np.clip(found, 0.0, 1.0), centred)[()]


def cep_hit_probability(
    radius_m: npt.ArrayLike, cep_m: npt.ArrayLike, bias_m: npt.ArrayLike = 0.0
) -> Float64:
    """Return the chance to fall within a lethal radius, given the CEP: cookie-cutter SSPK."""
    cep = length("cep_m", cep_m, least=LEAST_M)
    return circular_hit_probability(radius_m, sigma_from_cep_m(cep), bias_m)


def elliptical_hit_probability(
    radius_m: npt.ArrayLike,
    sigma_x_m: npt.ArrayLike,
    sigma_y_m: npt.ArrayLike,
    bias_x_m: npt.ArrayLike = 0.0,
    bias_y_m: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the chance to fall within a circle, with its own error in each axis; broadcasts."""
    columns = np.broadcast_arrays(
        length("radius_m", radius_m),
        length("sigma_x_m", sigma_x_m, least=LEAST_M),
        length("sigma_y_m", sigma_y_m, least=LEAST_M),
        length("bias_x_m", bias_x_m, least=-MOST_M),
        length("bias_y_m", bias_y_m, least=-MOST_M),
    )
    shape = columns[0].shape
    flat = [column.ravel() for column in columns]
    result = np.zeros(flat[0].size)
    for start in range(0, flat[0].size, CHUNK):
        part = slice(start, start + CHUNK)
        result[part] = _ellipse(*(column[part] for column in flat))
    return result.reshape(shape)[()]


def rectangle_hit_probability(
    half_width_m: npt.ArrayLike,
    half_height_m: npt.ArrayLike,
    sigma_x_m: npt.ArrayLike,
    sigma_y_m: npt.ArrayLike,
    bias_x_m: npt.ArrayLike = 0.0,
    bias_y_m: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the chance to hit a rectangle, such as a bridge or a plate; arguments broadcast."""
    chance: Float64 = _strip(
        length("half_width_m", half_width_m),
        length("sigma_x_m", sigma_x_m, least=LEAST_M),
        length("bias_x_m", bias_x_m, least=-MOST_M),
    ) * _strip(
        length("half_height_m", half_height_m),
        length("sigma_y_m", sigma_y_m, least=LEAST_M),
        length("bias_y_m", bias_y_m, least=-MOST_M),
    )
    return chance


def elliptical_radius_m(
    probability: npt.ArrayLike,
    sigma_x_m: npt.ArrayLike,
    sigma_y_m: npt.ArrayLike,
    bias_x_m: npt.ArrayLike = 0.0,
    bias_y_m: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the radius about the aim point that a share of impacts lie within; broadcasts.

    By bisection to 1e-12 of the radius; with 0.5 the exact CEP of elliptical, biased errors.
    """
    share, x, y, bx, by = np.broadcast_arrays(
        within("probability", probability, 0, 1.0 - 1e-12),
        length("sigma_x_m", sigma_x_m, least=LEAST_M),
        length("sigma_y_m", sigma_y_m, least=LEAST_M),
        length("bias_x_m", bias_x_m, least=-MOST_M),
        length("bias_y_m", bias_y_m, least=-MOST_M),
    )
    low = np.zeros(share.shape)
    high = np.hypot(bx, by) + 10.0 * np.maximum(x, y)
    for _ in range(42):
        middle = 0.5 * (low + high)
        inside = elliptical_hit_probability(middle, x, y, bx, by) < share
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return np.where(share == 0, 0.0, 0.5 * (low + high))[()]


def elliptical_cep_m(sigma_x_m: npt.ArrayLike, sigma_y_m: npt.ArrayLike) -> Float64:
    """Return the CEP of unequal, unbiased errors, exact; arguments broadcast."""
    return elliptical_radius_m(0.5, sigma_x_m, sigma_y_m)


def elliptical_cep_by_rule_m(sigma_x_m: npt.ArrayLike, sigma_y_m: npt.ArrayLike) -> Float64:
    """Return the CEP by the rule 0.562 of the greater + 0.615 of the lesser standard deviation.

    Within 1 % where the lesser is at least 0.3 of the greater; elsewhere it is refused.
    """
    x = length("sigma_x_m", sigma_x_m, least=LEAST_M)
    y = length("sigma_y_m", sigma_y_m, least=LEAST_M)
    lesser, greater = np.minimum(x, y), np.maximum(x, y)
    within("lesser over greater sigma", lesser / greater, 0.3, 1.0)
    cep: Float64 = 0.562 * greater + 0.615 * lesser
    return cep


def _strip(half: Float64, sigma: Float64, bias: Float64) -> Float64:
    """Return the chance that a normal error falls within a strip, without loss in the tails."""
    from scipy.special import ndtr  # noqa: PLC0415 - slow to import

    off = np.abs(bias)
    chance: Float64 = ndtr((half - off) / sigma) - ndtr((-half - off) / sigma)
    return chance


def _ellipse(
    radius: Float64, sigma_x: Float64, sigma_y: Float64, bias_x: Float64, bias_y: Float64
) -> Float64:
    """Integrate over x = R sin u, each strip in closed form; panels end where densities change."""
    reach = np.array([-9.0, -6.0, -4.0, -2.5, -1.2, 0.0, 1.2, 2.5, 4.0, 6.0, 9.0])
    safe = np.where(radius > 0, radius, 1.0)
    across = (bias_x[:, None] + reach * sigma_x[:, None]) / safe[:, None]
    along = (np.abs(bias_y)[:, None] + reach * sigma_y[:, None]) / safe[:, None]
    turn = np.arccos(np.clip(along, 0.0, 1.0))
    half_pi = np.full((radius.size, 1), np.pi / 2.0)
    edges = np.concatenate(
        [-half_pi, np.arcsin(np.clip(across, -1.0, 1.0)), turn, -turn, half_pi], axis=1
    )
    edges.sort(axis=1)
    node, weight = _gauss(20)
    width = np.diff(edges, axis=1)[:, :, None] / 2.0
    angle = (edges[:, :-1, None] + width + width * node).reshape(radius.size, -1)
    share = (width * weight).reshape(radius.size, -1)
    score = (radius[:, None] * np.sin(angle) - bias_x[:, None]) / sigma_x[:, None]
    height = radius[:, None] * np.cos(angle)
    density = np.exp(-0.5 * score**2) / (np.sqrt(2.0 * np.pi) * sigma_x[:, None])
    strip = _strip(height, sigma_y[:, None], bias_y[:, None])
    total: Float64 = (share * height * density * strip).sum(axis=1)
    return np.clip(total, 0.0, 1.0)
