"""Dead reckoning of DIS: where an entity is some time after its last report.

Equation::

    F.. orientation held      R(t) = R0
    R.. body rates held       R(t) = R0 exp(K),  K = [omega x] t
    .PW   P = P0 + V t                    .VW   P = P0 + V t + A t^2 / 2
    .PB   P = P0 + R0 R1 V                .VB   P = P0 + R0 (R1 V + R2 A)
    R1 = int_0^t exp([omega x] s) ds      R2 = int_0^t s exp([omega x] s) ds

``P`` position (m), ``V`` velocity (m/s), ``A`` acceleration (m/s2), in world axes (W) or in body
axes (B); ``R0`` rotation from body to world of the Euler angles psi, theta, phi; ``omega`` rates
about the body's axes. With the orientation held (F), R1 = t and R2 = t^2 / 2. The velocity
afterwards is V (P) or V + A t (V), in the axes it came in.

Source: IEEE 1278.1-2012, annex E (algorithms 1 to 9); values of Towers and Hines, "Equations of
Motion of the DIS 2.0.3 Dead Reckoning Algorithms", as kept in Open-DIS.

Validity: rates constant over the time. As in the standard, a held body velocity turns with the
body; A of the body forms is the change of the body components themselves, with no term
omega x V. Left out: smoothing, thresholds of new reports (see `error_m`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from math import factorial

import numpy as np
import numpy.typing as npt

from startex.foundation.errors import OutsideValidityError
from startex.models.frames import turn, vectors
from startex.models.orientation import euler_to_matrix, matrix_to_euler
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]


class Algorithm(IntEnum):
    """The algorithms of the standard, with its numbers.

    First letter: orientation F held or R turning; second: P velocity or V acceleration held;
    third: W world or B body axes.
    """

    STATIC = 1
    FPW = 2
    RPW = 3
    RVW = 4
    FVW = 5
    FPB = 6
    RPB = 7
    RVB = 8
    FVB = 9

    @property
    def rotates(self) -> bool:
        """Whether the body's rates are held."""
        return self in (Algorithm.RPW, Algorithm.RVW, Algorithm.RPB, Algorithm.RVB)

    @property
    def accelerates(self) -> bool:
        """Whether the acceleration is held."""
        return self in (Algorithm.RVW, Algorithm.FVW, Algorithm.RVB, Algorithm.FVB)

    @property
    def in_body_axes(self) -> bool:
        """Whether velocity and acceleration are given in body axes."""
        return self >= Algorithm.FPB


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Where entities are reckoned to be; each of shape (..., 3).

    ``euler_deg`` is psi, theta, phi; ``velocity_m_s`` stands in the axes it was given in.
    """

    position_m: Float64
    euler_deg: Float64
    velocity_m_s: Float64


def dead_reckon(
    algorithm: int,
    dt_s: npt.ArrayLike,
    position_m: npt.ArrayLike,
    velocity_m_s: npt.ArrayLike,
    acceleration_m_s2: npt.ArrayLike = (0.0, 0.0, 0.0),
    euler_deg: npt.ArrayLike = (0.0, 0.0, 0.0),
    angular_velocity_deg_s: npt.ArrayLike = (0.0, 0.0, 0.0),
) -> Reckoned:
    """Return position, orientation and velocity after a time; arguments broadcast.

    Parameters
    ----------
    algorithm
        1 to 9, or an `Algorithm`; one for all entities of the call.
    dt_s
        Time since the report, seconds, of the shape of the entities. Negative goes back.
    position_m, velocity_m_s, acceleration_m_s2, euler_deg, angular_velocity_deg_s
        Shape (..., 3); velocity and acceleration in world or body axes as the algorithm says,
        the angular velocity always about the body's axes.
    """
    if np.ndim(algorithm) or algorithm not in list(Algorithm):
        raise OutsideValidityError(
            f"algorithm is {algorithm}; one of 1 to 9, the same for all entities of a call"
        )
    rule = Algorithm(algorithm)
    time = within("dt_s", dt_s)[..., None]
    time, place, velocity, acceleration, euler, rates = np.broadcast_arrays(
        time,
        vectors("position_m", position_m),
        vectors("velocity_m_s", velocity_m_s),
        vectors("acceleration_m_s2", acceleration_m_s2),
        vectors("euler_deg", euler_deg),
        vectors("angular_velocity_deg_s", angular_velocity_deg_s),
    )
    if rule == Algorithm.STATIC:
        return Reckoned(place.copy(), euler.copy(), velocity.copy())
    angle = np.radians(rates) * time if rule.rotates else np.zeros_like(time)
    start = euler_to_matrix(euler)
    if rule.in_body_axes:
        way = time * _integrate(angle, velocity, 0)
        if rule.accelerates:
            way = way + time**2 * _integrate(angle, acceleration, 1)
        way = turn(start, way)
    else:
        way = velocity * time
        if rule.accelerates:
            way = way + 0.5 * acceleration * time**2
    after = velocity + acceleration * time if rule.accelerates else velocity.copy()
    turned = matrix_to_euler(start @ rotation(angle)) if rule.rotates else euler.copy()
    return Reckoned(place + way, turned, after)


def rotation(angle_rad: npt.ArrayLike) -> Float64:
    """Return exp([angle x]), shape (..., 3, 3), of rotation vectors in radians, (..., 3)."""
    vector = vectors("angle_rad", angle_rad)
    size = np.linalg.norm(vector, axis=-1)[..., None, None]
    x, y, z = np.moveaxis(vector, -1, 0)
    zero = np.zeros_like(x)
    cross = np.stack(
        [np.stack(row, axis=-1) for row in ([zero, -z, y], [z, zero, -x], [-y, x, zero])], axis=-2
    )
    first = np.sinc(size / np.pi)
    second = 0.5 * np.sinc(size / (2.0 * np.pi)) ** 2
    result: Float64 = np.eye(3) + first * cross + second * (cross @ cross)
    return result


def error_m(true_position_m: npt.ArrayLike, reckoned_position_m: npt.ArrayLike) -> Float64:
    """Return how far reckoned positions (..., 3) lie from true ones, metres.

    An entity reports anew when this passes its threshold (1 m where nothing else is agreed).
    """
    away = vectors("true_position_m", true_position_m) - vectors(
        "reckoned_position_m", reckoned_position_m
    )
    return np.asarray(np.linalg.norm(away, axis=-1))


def _integrate(angle: Float64, vector: Float64, power: int) -> Float64:
    """Return int_0^1 u^power exp([angle x] u) du times vectors; all (..., 3)."""
    size = np.linalg.norm(angle, axis=-1, keepdims=True)
    first, second = _coefficients(size, power)
    once = np.cross(angle, vector)
    result: Float64 = vector / (power + 1.0) + first * once + second * np.cross(angle, once)
    return result


def _coefficients(x: Float64, power: int) -> tuple[Float64, Float64]:
    """Return int u^power sin(xu)/x du and int u^power (1 - cos(xu))/x^2 du, over 0 to 1."""
    small = np.abs(x) < 1.0
    low, high = np.where(small, x, 0.0), np.where(small, 1.0, x)
    first, second = np.zeros_like(x), np.zeros_like(x)
    for k in range(10):  # the closed forms lose their digits at small angles
        term = (-1.0) ** k * low ** (2 * k)
        first = first + term / (factorial(2 * k + 1) * (2 * k + 2 + power))
        second = second + term / (factorial(2 * k + 2) * (2 * k + 3 + power))
    sin, cos = np.sin(high), np.cos(high)
    if power == 0:
        closed = (1.0 - cos) / high**2, (high - sin) / high**3
    else:
        closed = (
            (sin - high * cos) / high**3,
            (0.5 * high**2 - cos - high * sin + 1.0) / high**4,
        )
    return np.where(small, first, closed[0]), np.where(small, second, closed[1])
