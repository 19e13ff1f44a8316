"""Orientation of entities: Euler angles, rotation matrices, and the geocentric angles of DIS.

Equation::

    R = Rz(psi) Ry(theta) Rx(phi)      v_world = R v_body
    R_geocentric = A(lat, lon) R(heading, pitch, roll)

Body axes: x forward, y right, z down. ``psi, theta, phi`` turn the world's axes into the body's,
about z, then the new y, then the new x. In DIS the world's axes are earth-centred; heading, pitch
and roll are the same three angles against north, east and down (``A`` has these as columns).

Source: IEEE 1278.1, entity orientation; worked example of Koks, "Using Rotations to Build
Aerospace Coordinate Systems", DSTO-TN-0640.

Validity: everywhere. At theta = +-90 degrees only the sum or difference of psi and phi is given;
then phi is 0 here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.foundation.errors import OutsideValidityError
from startex.models.frames import ned_axes, vectors
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Attitude:
    """Angles against the local level, degrees, arrays of one shape.

    Heading in [0, 360) from true north, pitch in [-90, 90] nose up, roll in (-180, 180] right
    wing down.
    """

    heading_deg: Float64
    pitch_deg: Float64
    roll_deg: Float64


def euler_to_matrix(euler_deg: npt.ArrayLike) -> Float64:
    """Return rotation matrices from body to world, shape (..., 3, 3).

    ``euler_deg``: psi, theta, phi in degrees, shape (..., 3).
    """
    psi, theta, phi = np.moveaxis(np.radians(vectors("euler_deg", euler_deg)), -1, 0)
    sz, cz, sy, cy = np.sin(psi), np.cos(psi), np.sin(theta), np.cos(theta)
    sx, cx = np.sin(phi), np.cos(phi)
    rows = [
        [cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx],
        [sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx],
        [-sy, cy * sx, cy * cx],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def matrix_to_euler(matrix: npt.ArrayLike) -> Float64:
    """Return psi, theta, phi in degrees, shape (..., 3), of rotation matrices (..., 3, 3).

    psi and phi in (-180, 180], theta in [-90, 90].
    """
    turned = within("matrix", matrix)
    if turned.shape[-2:] != (3, 3):
        raise OutsideValidityError(f"matrix has shape {turned.shape}; rotations are (..., 3, 3)")
    r = np.moveaxis(turned, (-2, -1), (0, 1))
    upright = np.hypot(r[0, 0], r[1, 0]) < 1e-12
    psi = np.where(upright, np.arctan2(-r[0, 1], r[1, 1]), np.arctan2(r[1, 0], r[0, 0]))
    # the others from psi as found: near the singularity its error then cancels in the matrix
    sz, cz = np.sin(psi), np.cos(psi)
    theta = np.arctan2(-r[2, 0], cz * r[0, 0] + sz * r[1, 0])
    phi = np.arctan2(sz * r[0, 2] - cz * r[1, 2], cz * r[1, 1] - sz * r[0, 1])
    euler: Float64 = np.degrees(np.stack([psi, theta, phi], axis=-1))
    return euler


def attitude_to_euler(
    lat_deg: npt.ArrayLike,
    lon_deg: npt.ArrayLike,
    heading_deg: npt.ArrayLike,
    pitch_deg: npt.ArrayLike = 0.0,
    roll_deg: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the geocentric Euler angles of DIS, degrees, shape (..., 3); arguments broadcast."""
    angles = np.stack(
        np.broadcast_arrays(
            within("heading_deg", heading_deg),
            within("pitch_deg", pitch_deg, -90, 90),
            within("roll_deg", roll_deg),
        ),
        axis=-1,
    )
    return matrix_to_euler(ned_axes(lat_deg, lon_deg) @ euler_to_matrix(angles))


def euler_to_attitude(
    lat_deg: npt.ArrayLike, lon_deg: npt.ArrayLike, euler_deg: npt.ArrayLike
) -> Attitude:
    """Return heading, pitch and roll at a place, of geocentric Euler angles of shape (..., 3)."""
    axes = np.swapaxes(ned_axes(lat_deg, lon_deg), -1, -2)
    heading, pitch, roll = np.moveaxis(matrix_to_euler(axes @ euler_to_matrix(euler_deg)), -1, 0)
    turned = np.mod(heading, 360.0)
    return Attitude(np.where(turned >= 360.0, 0.0, turned), pitch, roll)
