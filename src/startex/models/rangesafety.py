"""Surface danger zone of direct fire, as a cone: parts, areas, membership, clearance.

**Not for live-fire safety.** Plane geometry of one published figure, to plan and to review
exercises that are played; real ranges follow the regulation in force and its officers.

Equation::

    dispersion  |t| <= d             ricochet  d < |t| <= d + c       both within X
    Area A      d + c < |t| <= o     and  r sin(|t| - d - c) <= W     within X
    corner at   r = W / sin(o - d - c) on the ray at o
    outer half angle = d + c + min(o - d - c, asin(W / X))
    area A      = [W sqrt(X^2 - W^2) + X^2 asin(W / X)] / 2 - W^2 / (2 tan(o - d - c))   each side

``t`` angle off the line of fire, ``r`` distance from the gun (m), ``X`` Distance X (m), ``W``
width of Area A (m), ``d`` dispersion, ``c`` ricochet angle, ``o`` opening of Area A against the
line of fire. With an arc of fire, ``t`` counts from the nearer limit of fire and is 0 between
them; the zone is the union over all lines of fire.

Source: US Army DA PAM 385-63, "Range Safety" (16 Apr 2014), figure 4-1.

Validity: opening up to 90 degrees; arcs for which the zone does not close round the gun. Left
out: batwing zones, vertical hazard, Areas B and C of fragments, terrain.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from startex.foundation.errors import OutsideValidityError
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

DISPERSION_DEG = 5.0
RICOCHET_DEG = 5.0
OPENING_DEG = 30.0
"""Angles of the figure: each side, the next of it, and from the line of fire."""


class Zone(IntEnum):
    """The part of the danger zone that a point lies in."""

    OUTSIDE = 0
    DISPERSION = 1
    RICOCHET = 2
    AREA_A = 3


@dataclass(frozen=True, slots=True)
class Cone:
    """Measures of a danger zone; arrays of one shape.

    ``corner_m`` is the distance from the gun at which Area A has its full width (no more than
    Distance X), ``area_a_m2`` is of one side, ``half_width_m`` the greatest distance of any point
    from the line (or the nearest limit) of fire, ``inner_angle_deg`` spans dispersion and
    ricochet, ``inner_area_m2`` is their area.
    """

    corner_m: Float64
    outer_half_angle_deg: Float64
    inner_angle_deg: Float64
    inner_area_m2: Float64
    area_a_m2: Float64
    total_area_m2: Float64
    half_width_m: Float64


def danger_zone(
    distance_x_m: npt.ArrayLike,
    area_a_width_m: npt.ArrayLike,
    arc_deg: npt.ArrayLike = 0.0,
    *,
    dispersion_deg: npt.ArrayLike = DISPERSION_DEG,
    ricochet_deg: npt.ArrayLike = RICOCHET_DEG,
    opening_deg: npt.ArrayLike = OPENING_DEG,
) -> Cone:
    """Return the measures of a danger zone; arguments broadcast. Not for live-fire safety.

    ``arc_deg`` lies between the left and the right limit of fire. ``outer_half_angle_deg`` is
    from the limit of fire to the end of the outer edge on the arc of Distance X.
    """
    shape = _shape(distance_x_m, area_a_width_m, arc_deg, dispersion_deg, ricochet_deg, opening_deg)
    reach, width, inner, rest = shape.reach, shape.width, shape.inner, shape.rest
    edge = np.minimum(rest, np.arcsin(np.minimum(width / reach, 1.0)))
    corner = np.minimum(_over(width, np.sin(rest)), reach)
    # sector up to the edge, then a strip of constant width in polar coordinates
    strip = 0.5 * corner**2 * np.sin(rest) * np.cos(rest)
    side = 0.5 * reach**2 * (edge + np.sin(edge) * np.cos(edge)) - strip
    angle = 2.0 * (shape.half_arc + inner)
    area = 0.5 * angle * reach**2
    return Cone(
        corner,
        np.degrees(inner + edge),
        np.degrees(angle),
        area,
        side,
        area + 2.0 * side,
        reach * np.sin(inner + edge),
    )


def zone_of(
    angle_deg: npt.ArrayLike,
    range_m: npt.ArrayLike,
    distance_x_m: npt.ArrayLike,
    area_a_width_m: npt.ArrayLike,
    arc_deg: npt.ArrayLike = 0.0,
    *,
    dispersion_deg: npt.ArrayLike = DISPERSION_DEG,
    ricochet_deg: npt.ArrayLike = RICOCHET_DEG,
    opening_deg: npt.ArrayLike = OPENING_DEG,
) -> Int64:
    """Return the `Zone` of points; arguments broadcast. Not for live-fire safety.

    ``angle_deg`` of a point off the middle of the arc of fire (either way, any turn), ``range_m``
    from the gun. Edges belong to the zone within; the gun itself lies in the dispersion.
    """
    shape = _shape(distance_x_m, area_a_width_m, arc_deg, dispersion_deg, ricochet_deg, opening_deg)
    off, away = shape.seen(angle_deg), within("range_m", range_m, 0)
    beside = away * np.sin(np.clip(off - shape.inner, 0.0, np.pi / 2))
    slack = 1e-12  # an angle given in degrees lies on its edge
    zone = np.where(
        (off <= shape.outer + slack) & (beside <= shape.width * (1 + slack)),
        Zone.AREA_A,
        Zone.OUTSIDE,
    )
    zone = np.where(off <= shape.inner + slack, Zone.RICOCHET, zone)
    zone = np.where((off <= shape.dispersion + slack) | (away == 0), Zone.DISPERSION, zone)
    return np.where(away <= shape.reach, zone, Zone.OUTSIDE).astype(np.int64)


def ricochet_edge_distance_m(
    angle_deg: npt.ArrayLike,
    range_m: npt.ArrayLike,
    arc_deg: npt.ArrayLike = 0.0,
    *,
    dispersion_deg: npt.ArrayLike = DISPERSION_DEG,
    ricochet_deg: npt.ArrayLike = RICOCHET_DEG,
) -> Float64:
    """Return the distance of points outside from the edge of the ricochet area, metres.

    0 within; arguments as `zone_of`, broadcast. Behind the gun it is the distance from the gun.
    """
    edge = np.add(dispersion_deg, ricochet_deg)
    shape = _shape(1.0, 0.0, arc_deg, dispersion_deg, ricochet_deg, edge)
    beyond = np.clip(shape.seen(angle_deg) - shape.inner, 0.0, np.pi / 2)
    distance: Float64 = within("range_m", range_m, 0) * np.sin(beyond)
    return distance


def clearance_m(
    angle_deg: npt.ArrayLike,
    range_m: npt.ArrayLike,
    distance_x_m: npt.ArrayLike,
    area_a_width_m: npt.ArrayLike,
    arc_deg: npt.ArrayLike = 0.0,
    *,
    dispersion_deg: npt.ArrayLike = DISPERSION_DEG,
    ricochet_deg: npt.ArrayLike = RICOCHET_DEG,
    opening_deg: npt.ArrayLike = OPENING_DEG,
) -> Float64:
    """Return how far points lie from the edge of the danger zone: positive outside, negative in.

    Arguments as `zone_of`, broadcast. Not for live-fire safety.
    """
    given = (distance_x_m, area_a_width_m, arc_deg)
    angles = {
        "dispersion_deg": dispersion_deg, "ricochet_deg": ricochet_deg, "opening_deg": opening_deg
    }  # fmt: skip
    shape, cone = _shape(*given, *angles.values()), danger_zone(*given, **angles)
    off, away = shape.off_limit(angle_deg), within("range_m", range_m, 0)
    # axes along and across the nearer limit of fire, the gun at the origin
    along, across = away * np.cos(off), away * np.sin(off)
    end = np.radians(cone.outer_half_angle_deg)
    corner = cone.corner_m * np.cos(shape.outer), cone.corner_m * np.sin(shape.outer)
    tip = shape.reach * np.cos(end), shape.reach * np.sin(end)
    zero = np.zeros_like(along)
    to_edge = np.minimum(
        _to_segment(along, across, (zero, zero), corner), _to_segment(along, across, corner, tip)
    )
    to_arc = np.where(
        off <= end, np.abs(away - shape.reach), np.hypot(along - tip[0], across - tip[1])
    )
    distance = np.minimum(to_edge, to_arc)
    inside = zone_of(angle_deg, range_m, *given, **angles) != Zone.OUTSIDE
    return np.where(inside, -distance, distance)


@dataclass(frozen=True, slots=True)
class _Shape:
    """Checked measures; angles in radians from the nearer limit of fire."""

    reach: Float64
    width: Float64
    half_arc: Float64
    dispersion: Float64
    inner: Float64
    outer: Float64

    @property
    def rest(self) -> Float64:
        return self.outer - self.inner

    def seen(self, angle_deg: npt.ArrayLike) -> Float64:
        """Return angles off the nearer limit of fire, 0 between the limits, radians."""
        return np.maximum(self.off_limit(angle_deg), 0.0)

    def off_limit(self, angle_deg: npt.ArrayLike) -> Float64:
        """Return angles off the nearer limit of fire, negative between the limits, radians."""
        turned = np.mod(within("angle_deg", angle_deg) + 180.0, 360.0) - 180.0
        off: Float64 = np.radians(np.abs(turned)) - self.half_arc
        return off


def _shape(
    distance_x_m: npt.ArrayLike,
    area_a_width_m: npt.ArrayLike,
    arc_deg: npt.ArrayLike,
    dispersion_deg: npt.ArrayLike,
    ricochet_deg: npt.ArrayLike,
    opening_deg: npt.ArrayLike,
) -> _Shape:
    reach = within("distance_x_m", distance_x_m, 0, above=True)
    width = within("area_a_width_m", area_a_width_m, 0)
    half_arc = 0.5 * within("arc_deg", arc_deg, 0, 360)
    dispersion = within("dispersion_deg", dispersion_deg, 0, 90)
    inner = dispersion + within("ricochet_deg", ricochet_deg, 0, 90)
    outer = within("opening_deg", opening_deg, 0, 90)
    if (inner > outer).any():
        raise OutsideValidityError(
            "dispersion_deg + ricochet_deg is more than opening_deg; Area A opens outside of both"
        )
    within("arc_deg / 2 + opening_deg", half_arc + outer, 0, 180)
    radians = np.radians(np.stack(np.broadcast_arrays(half_arc, dispersion, inner, outer)))
    return _Shape(reach, width, *radians)


def _over(width: Float64, sine: Float64) -> Float64:
    """Return width / sine; without bound where the sine is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(sine > 0, width / sine, np.inf)


def _to_segment(
    x: Float64, y: Float64, start: tuple[Float64, Float64], end: tuple[Float64, Float64]
) -> Float64:
    along, across = end[0] - start[0], end[1] - start[1]
    square = along**2 + across**2
    share = ((x - start[0]) * along + (y - start[1]) * across) / np.where(square > 0, square, 1.0)
    share = np.clip(share, 0.0, 1.0)
    distance: Float64 = np.hypot(x - start[0] - share * along, y - start[1] - share * across)
    return distance
