"""Tasks between sea and land: the landing from ships on a beach, defended or not."""

from __future__ import annotations

import numpy as np

from startex.control.brief import Brief, CannotBeHeldError, Draft
from startex.control.drafting import Drafts
from startex.control.elements import of_kind, riders, walkers
from startex.control.tasks.defence import abreast, off, position
from startex.control.tasks.ground import hold_until, mounted_move
from startex.control.tasks.sea import ships
from startex.geography.geodesy import direct, inverse

ALREADY_OFF_M = 30_000.0
"""Ships nearer to the beach than this need no passage before the landing."""


DEFENCE_M = 1_200.0
"""From the beach to the positions of its defenders, where the serial does not say; assumed: within
the range of their cannon, beyond the fragments of what the ships fire at the water's edge."""


def landing(brief: Brief) -> list[Draft]:
    """Embark where ships and units lie, sail to the beach, land in waves; supporters stand off.

    The opposing force, if there is one, holds positions behind the beach.
    """
    carriers = ships(brief, brief.unit_rows("ships"))
    if not carriers.size:
        raise CannotBeHeldError("no ship is there to land from")
    beach = brief.place_index("beach")
    lat, lon = brief.point(beach)
    drafts = Drafts()
    landed, last = [], None
    for unit in brief.units:
        rows = brief.picture.platforms(unit)
        mounted = riders(brief.picture, rows)
        if mounted.size:
            last = drafts.chain(last, "mount", mounted, unit)
        landed.append(
            np.concatenate([of_kind(brief.picture, rows, "vehicle"), walkers(brief.picture, rows)])
        )
    rows = np.sort(np.concatenate(landed))
    if (brief.picture.root(rows) == rows).any():
        last = drafts.chain(last, "embark", rows, brief.units[0], {"ships": carriers})
    there = brief.picture.position(carriers[:1])
    if float(inverse(there[0], there[1], np.array([lat]), np.array([lon]))[1][0]) > ALREADY_OFF_M:
        last = drafts.chain(
            last, "sail", carriers, brief.units[0],
            {"lat": lat, "lon": lon, "place": beach, "formation": "line_ahead"},
        )  # fmt: skip
    ashore = drafts.chain(
        last, "land_ashore", rows, brief.units[0],
        {
            "ships": carriers, "lat": lat, "lon": lon, "place": beach,
            "waves": int(brief.param("waves")), "interval_ms": brief.minutes("interval_min"),
        },
    )  # fmt: skip
    for unit in brief.units:
        mounted = riders(brief.picture, brief.picture.platforms(unit))
        if mounted.size:
            drafts.add("dismount", mounted, unit, after=(ashore,))
    for unit in brief.support + brief.opfor:
        supporting = ships(brief, (unit,))
        if supporting.size:
            drafts.add(
                "patrol", supporting, unit,
                {"area": brief.place, "place": brief.place, "pattern": "racetrack",
                 "until_ms": brief.end_ms},
            )  # fmt: skip
        rest = of_kind(brief.picture, brief.picture.platforms(unit), "vehicle", "team")
        if rest.size and unit not in brief.opfor:
            drafts.add("hold", rest, unit, {"until_ms": brief.end_ms})
    _defended(drafts, brief, (lat, lon))
    return drafts.drafts


def _defended(drafts: Drafts, brief: Brief, beach: tuple[float, float]) -> None:
    """Let companies of the opposing force take positions behind the beach, and hold them."""
    if not any(of_kind(brief.picture, brief.picture.platforms(u), "vehicle").size
               for u in brief.opfor):  # fmt: skip
        return
    depth_m = float(brief.param("defence_m", DEFENCE_M))
    inland = _inland_deg(brief, beach, depth_m)
    middle, seaward = off(beach, inland, depth_m), (inland + 180.0) % 360.0
    for element, rows, spot in abreast(brief, brief.opfor, middle, seaward):
        last = mounted_move(drafts, brief, element, rows, None, position(brief, spot, seaward))
        hold_until(drafts, brief, last, element, rows)


def _inland_deg(brief: Brief, beach: tuple[float, float], depth_m: float) -> float:
    """Return the bearing from a beach on which one comes farthest from the sea, degrees."""
    bearings = np.arange(0.0, 360.0, 10.0)
    lat, lon = direct(*beach, bearings, np.full(bearings.size, depth_m))
    surface = brief.router.surface
    depth = np.where(surface.is_land(lat, lon), surface.coast_distance_m(lat, lon), -1.0)
    best = int(np.argmax(depth))
    if depth[best] < 0.0:
        name = brief.picture.places.name[brief.place_index("beach")]
        raise CannotBeHeldError(f"{name} has no land {depth_m:g} m behind it to defend from")
    return float(bearings[best])
