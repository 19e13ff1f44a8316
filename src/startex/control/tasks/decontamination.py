"""Decontamination of units at a post, one vehicle after the other."""

from __future__ import annotations

import numpy as np

from startex.control.brief import Brief, CannotBeHeldError, Draft
from startex.control.drafting import Drafts
from startex.control.elements import COMPANY, anchor, ground_elements, of_kind, riders
from startex.control.tasks.ground import movers
from startex.foundation.streams import Stream, entity_key, uniform

LANES = 2
"""Lanes for vehicles where the serial does not say; assumed: one a decontamination vehicle."""

VEHICLE_MIN = 5.0
"""Minutes that a vehicle occupies a lane: washed with hot, soapy water for two to three (US Army
Chemical School, CM2300, "Vehicle washdown"), the rest to drive in and out, assumed."""

TEAM_MIN = 5.0
"""Minutes that a team on foot takes; assumed."""

WATER_L = 100.0 * 3.785_411_784
"""Litres for a vehicle: 100 gallons (CM2300, as above)."""


def decontaminate(brief: Brief) -> list[Draft]:
    """All mount, pass the post in the order in which they come to it, and dismount beyond."""
    drafts = Drafts()
    mounted, passing = [], []
    for element, rows in ground_elements(brief, brief.everybody, COMPANY):
        aboard = riders(brief.picture, rows)
        if aboard.size:
            mounted.append((element, aboard, drafts.add("mount", aboard, element)))
        passing.append(movers(brief, rows))
    rows = np.unique(np.concatenate(passing)) if passing else np.empty(0, np.int32)
    rows = rows[brief.picture.manned(rows)]
    if not rows.size:
        raise CannotBeHeldError("nobody is there to be decontaminated")
    lat, lon = anchor(brief, brief.units[0], brief.place, int(rows.size), "decontamination")
    key = entity_key(f"{brief.serial.serial}|decontamination")
    last = drafts.add(
        "decontaminate", rows, brief.units[0],
        {
            "lat": lat, "lon": lon, "place": brief.place,
            "heading_deg": float(uniform(brief.seed, Stream.LAYOUT, key)) * 360.0,
            "lanes": int(brief.param("lanes", LANES)),
            "service_ms": brief.minutes("vehicle_min", VEHICLE_MIN),
            "team_ms": brief.minutes("team_min", TEAM_MIN),
            "water_ml": round(float(brief.param("water_l", WATER_L)) * 1000.0),
            "washed": of_kind(brief.picture, rows, "vehicle"),
        },
        after=tuple(draft for _, _, draft in mounted),
    )  # fmt: skip
    for element, aboard, _ in mounted:
        drafts.add("dismount", aboard, element, {"place": brief.place}, after=(last,))
    return drafts.drafts
