"""Propagation of radio waves: free space, plane Earth, Fresnel zones, diffraction over edges.

Equation::

    L = 20 log10(4 pi d f / c)                                    (free space)
    L = 40 log10 d - 20 log10(h_1 h_2)                            (plane Earth)
    r_n = sqrt(n lambda d_1 d_2 / (d_1 + d_2))                    (Fresnel zone n)
    nu = h sqrt(2 / lambda (1/d_1 + 1/d_2)) = sqrt(2) h / r_1
    J = 6.9 + 20 log10(sqrt((nu - 0.1)^2 + 1) + nu - 0.1)         (nu > -0.78, else 0)
    J = -20 log10(sqrt((1 - C - S)^2 + (C - S)^2) / 2)            (exact, Fresnel integrals)

``d`` distance (m), ``f`` frequency (Hz), ``c`` speed of light, ``h_1, h_2`` heights of the antennas
(m), ``d_1, d_2`` distances of the obstacle from the ends, ``h`` its height above the line between
them (negative below), ``C, S`` Fresnel integrals of ``nu``, ``J`` loss over free space (dB).

Source: ITU-R P.525 (free space), P.526 (Fresnel zones, knife edge); Bullington (1947; plane Earth
and the equivalent edge); Epstein and Peterson (1953) and Deygout (1966) for several edges.

Validity: distances beyond a wavelength; plane Earth where it costs more than free space and the
angle is small; edges across the path, far from the ends against their height; the simple ``J`` is
within 0.1 dB for ``nu`` from -0.7 (P.526). Several edges: the three constructions differ by several
dB, none is exact. Left out: reflections, rounded hills, the curve of the Earth (add
`horizon.bulge_m` to heights of terrain), troposphere, rain; see itm for irregular terrain.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.constants import SPEED_OF_LIGHT_M_S
from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]

KNIFE_EDGE_LIMIT = -0.78


def free_space_loss_db(distance_m: npt.ArrayLike, frequency_hz: npt.ArrayLike) -> Float64:
    """Return the basic loss in free space between isotropic antennas, dB; arguments broadcast.

    Negative within a twelfth of a wavelength, where it means nothing: refused.
    """
    waves = within("distance_m", distance_m, 0, above=True) / _wavelength(frequency_hz)
    loss: Float64 = 20.0 * np.log10(
        4.0 * np.pi * within("distance in wavelengths", waves, 1.0 / (4.0 * np.pi))
    )
    return loss


def free_space_range_m(loss_db: npt.ArrayLike, frequency_hz: npt.ArrayLike) -> Float64:
    """Return the distance of a loss in free space, metres; arguments broadcast."""
    distance: Float64 = (
        _wavelength(frequency_hz)
        / (4.0 * np.pi)
        * 10.0 ** (within("loss_db", loss_db, 0, 1000.0) / 20.0)
    )
    return distance


def plane_earth_loss_db(
    distance_m: npt.ArrayLike, height_m: npt.ArrayLike, far_height_m: npt.ArrayLike
) -> Float64:
    """Return the loss between low antennas over flat ground or sea, dB; arguments broadcast.

    The frequency drops out. The real loss is the greater of this and free space.
    """
    loss: Float64 = 40.0 * np.log10(within("distance_m", distance_m, 0, above=True)) - 20.0 * (
        np.log10(within("height_m", height_m, 0, above=True))
        + np.log10(within("far_height_m", far_height_m, 0, above=True))
    )
    return loss


def fresnel_radius_m(
    near_m: npt.ArrayLike,
    far_m: npt.ArrayLike,
    frequency_hz: npt.ArrayLike,
    zone: npt.ArrayLike = 1,
) -> Float64:
    """Return the radius of a Fresnel zone at distances from the two ends, metres.

    0 at an end; arguments broadcast.
    """
    near, far = within("near_m", near_m, 0), within("far_m", far_m, 0)
    both = within("near_m + far_m", near + far, 0, above=True)
    radius: Float64 = np.sqrt(
        whole("zone", zone, 1) * _wavelength(frequency_hz) * near * (far / both)
    )
    return radius


def diffraction_parameter(
    height_m: npt.ArrayLike,
    near_m: npt.ArrayLike,
    far_m: npt.ArrayLike,
    frequency_hz: npt.ArrayLike,
) -> Float64:
    """Return ``nu`` of an edge, of the sign of its height over the line; arguments broadcast."""
    near = within("near_m", near_m, 0, above=True)
    far = within("far_m", far_m, 0, above=True)
    nu: Float64 = (
        np.sqrt(2.0) * within("height_m", height_m) / fresnel_radius_m(near, far, frequency_hz)
    )
    return nu


def knife_edge_loss_db(nu: npt.ArrayLike) -> Float64:
    """Return the loss over a knife edge by the approximation of P.526, dB; any shape.

    0 from ``nu`` -0.78 down, where the path is clear.
    """
    shifted = np.maximum(within("nu", nu), KNIFE_EDGE_LIMIT) - 0.1
    loss = 6.9 + 20.0 * np.arcsinh(shifted) / np.log(10.0)  # the logarithm of the formula
    clear: Float64 = np.where(np.asarray(nu, np.float64) > KNIFE_EDGE_LIMIT, loss, 0.0)
    return np.maximum(clear, 0.0)


def knife_edge_loss_exact_db(nu: npt.ArrayLike) -> Float64:
    """Return the loss over a knife edge by the Fresnel integrals, dB; any shape.

    It swings about 0 where the path is clear, so it is negative at times.
    """
    from scipy.special import fresnel  # noqa: PLC0415

    sine, cosine = fresnel(within("nu", nu, -1e4, 1e4))
    field = np.hypot(1.0 - cosine - sine, cosine - sine) / 2.0
    loss: Float64 = -20.0 * np.log10(field)
    return loss


def bullington_loss_db(
    distance_m: npt.ArrayLike, height_m: npt.ArrayLike, frequency_hz: float
) -> float:
    """Return the loss over a profile by Bullington's equivalent edge, dB.

    Scalar by nature, as are the other two: ``distance_m`` (rising from 0) and ``height_m`` are the
    points of a profile; the antennas are its first and last.
    """
    along, height = _profile(distance_m, height_m, frequency_hz)
    length = along[-1]
    slope = (height[1:-1] - height[0]) / along[1:-1]
    back = (height[1:-1] - height[-1]) / (length - along[1:-1])
    if not slope.size:
        return 0.0
    direct = (height[-1] - height[0]) / length
    if slope.max() > direct:  # horizons of the two ends; they meet in the edge
        place = (height[-1] - height[0] + back.max() * length) / (slope.max() + back.max())
        place = np.clip(place, along[1], along[-2])  # where it lies but for rounding
        over = height[0] + slope.max() * place - (height[0] + direct * place)
        nu = diffraction_parameter(over, place, length - place, frequency_hz)
    else:
        nu = _parameters(along, height, 0, along.size - 1, frequency_hz).max()
    return float(knife_edge_loss_db(nu))


def epstein_peterson_loss_db(
    distance_m: npt.ArrayLike, height_m: npt.ArrayLike, frequency_hz: float
) -> float:
    """Return the loss over a profile as a sum of edges from horizon to horizon, dB.

    The edges are the points that a string from end to end over the profile touches.
    """
    along, height = _profile(distance_m, height_m, frequency_hz)
    touched = _string(along, height)
    loss = 0.0
    for first, edge, last in zip(touched, touched[1:], touched[2:], strict=False):
        nu = _parameter(along, height, first, edge, last, frequency_hz)
        loss += float(knife_edge_loss_db(nu))
    if len(touched) == 2 and along.size > 2:  # clear, but perhaps grazing
        loss = float(
            knife_edge_loss_db(_parameters(along, height, 0, along.size - 1, frequency_hz).max())
        )
    return loss


def deygout_loss_db(
    distance_m: npt.ArrayLike, height_m: npt.ArrayLike, frequency_hz: float, *, edges: int = 3
) -> float:
    """Return the loss over a profile by Deygout's main edge and those on its two sides, dB.

    ``edges``: 1 counts the main edge only, 3 one more on each side of it.
    """
    along, height = _profile(distance_m, height_m, frequency_hz)
    count = int(whole("edges", edges, 1))
    end = along.size - 1

    def main(first: int, last: int) -> tuple[int, float]:
        if last - first < 2:
            return first, 0.0
        nus = _parameters(along, height, first, last, frequency_hz)
        best = int(np.argmax(nus))
        return first + 1 + best, float(knife_edge_loss_db(nus[best]))

    edge, loss = main(0, end)
    if count > 1 and loss > 0.0:
        loss += main(0, edge)[1] + main(edge, end)[1]
    return loss


def _profile(
    distance_m: npt.ArrayLike, height_m: npt.ArrayLike, frequency_hz: float
) -> tuple[Float64, Float64]:
    within("frequency_hz", frequency_hz, 0, above=True)
    along, height = np.broadcast_arrays(
        np.atleast_1d(within("distance_m", distance_m, 0)), within("height_m", height_m)
    )
    within("points of the profile", along.size if along.ndim == 1 else 0, 2)
    within("step of distance_m", np.diff(along), 0, above=True)
    return along - along[0], height


def _parameter(
    along: Float64, height: Float64, first: int, edge: int, last: int, frequency_hz: float
) -> float:
    return float(_parameters(along, height, first, last, frequency_hz)[edge - first - 1])


def _parameters(
    along: Float64, height: Float64, first: int, last: int, frequency_hz: float
) -> Float64:
    """Return ``nu`` of the points between two others, over the line that joins these."""
    near = along[first + 1 : last] - along[first]
    far = along[last] - along[first + 1 : last]
    line = (height[first] * far + height[last] * near) / (near + far)
    return diffraction_parameter(height[first + 1 : last] - line, near, far, frequency_hz)


def _string(along: Float64, height: Float64) -> list[int]:
    """Return the points of the upper hull of a profile, ends included."""
    hull: list[int] = []
    for point in range(along.size):
        while len(hull) > 1:
            before, middle = hull[-2], hull[-1]
            turn = (height[middle] - height[before]) * (along[point] - along[before]) - (
                height[point] - height[before]
            ) * (along[middle] - along[before])
            if turn > 0:
                break
            hull.pop()
        hull.append(point)
    return hull


def _wavelength(frequency_hz: npt.ArrayLike) -> Float64:
    wave: Float64 = SPEED_OF_LIGHT_M_S / within("frequency_hz", frequency_hz, 0, above=True)
    return wave
