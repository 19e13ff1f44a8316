"""Tasks between sea and land: the landing from ships on a beach."""

from __future__ import annotations

import numpy as np

from startex.control.brief import Brief, CannotBeHeldError, Draft
from startex.control.drafting import Drafts
from startex.control.elements import of_kind, riders, walkers
from startex.control.tasks.sea import ships
from startex.geography.geodesy import inverse

ALREADY_OFF_M = 30_000.0
"""Ships nearer to the beach than this need no passage before the landing."""


def landing(brief: Brief) -> list[Draft]:
    """Embark where ships and units lie, sail to the beach, land in waves; supporters stand off."""
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
        if rest.size:
            drafts.add("hold", rest, unit, {"until_ms": brief.end_ms})
    return drafts.drafts
