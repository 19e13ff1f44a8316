"""Ground tasks held at a place: assemble, occupy, drill, live fire, crossing, issue, ceremony."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.control.brief import Brief, Draft
from startex.control.drafting import Drafts
from startex.control.elements import (
    BATTALION,
    COMPANY,
    anchor,
    ground_elements,
    of_kind,
    riders,
    walkers,
)
from startex.control.tasks.targets import SHARE, allotted, target_place, wanted
from startex.foundation.clock import LONG_AGO_MS, MS_PER_MINUTE
from startex.foundation.streams import Stream, entity_key, uniform
from startex.geography.geodesy import direct, inverse

Int32 = npt.NDArray[np.int32]

LAAGER_SPACING_M = 50.0
POSITION_SPACING_M = 75.0
PARADE_SPACING_M = 12.0
"""Distances between neighbours, m; assumed: dispersed against air attack, close on parade."""

WALKING_M_S = 0.75
"""Speed for planning marches on foot, as the crow flies, m/s; assumed: 4 km/h less detours."""

SET_UP_MS = 15 * MS_PER_MINUTE
"""From taking a firing line to opening fire: safety checks; assumed."""

ADVANCE_M_S = 2.0
"""Allowed for an advance under fire, with mounting and dismounting, when fire is timed; assumed."""

CLOSE_M = 2_000.0
"""So much farther than ordered ships may be and fire from where they are; assumed."""

FIRING_SECTOR_DEG = 60.0
"""All elements of a serial fire from within this sector, so that none is in front of another's
guns; assumed."""


def _takes_part(brief: Brief) -> list[tuple[int, Int32]]:
    return ground_elements(brief, brief.everybody, COMPANY)


def movers(brief: Brief, rows: Int32) -> Int32:
    """Vehicles, and the teams that walk because they ride nothing."""
    on_foot = walkers(brief.picture, rows)
    on_foot = on_foot[brief.picture.carrier(on_foot) < 0]
    return np.union1d(of_kind(brief.picture, rows, "vehicle"), on_foot).astype(np.int32)


def mounted_move(
    drafts: Drafts, brief: Brief, element: int, rows: Int32, previous: int | None,
    params: dict[str, object], not_before_ms: int = LONG_AGO_MS,
) -> int:  # fmt: skip
    """Mount, take a formation elsewhere, dismount; return the last draft."""
    mounted = riders(brief.picture, rows)
    if mounted.size:
        previous = drafts.chain(previous, "mount", mounted, element, not_before_ms=not_before_ms)
    last = drafts.chain(
        previous, "deploy", movers(brief, rows), element, params, not_before_ms=not_before_ms
    )
    if mounted.size:
        there = {"place": brief.place}
        last = drafts.add("dismount", mounted, element, there, after=(last,))
    return last


def hold_until(drafts: Drafts, brief: Brief, last: int, element: int, rows: Int32) -> int:
    """Stay to the end of the serial; return the draft."""
    return drafts.add("hold", rows, element, {"until_ms": brief.end_ms}, after=(last,))


def assemble(brief: Brief) -> list[Draft]:
    """Every battalion gathers in a laager of its own at the place."""
    drafts = Drafts()
    for element, rows in ground_elements(brief, brief.everybody, BATTALION):
        lat, lon = anchor(brief, element, brief.place, rows.size)
        free = rows[brief.picture.carrier(rows) < 0]
        if free.size:
            drafts.add("assemble", free, element, _at(brief, lat, lon, LAAGER_SPACING_M))
    return drafts.drafts


def occupy(brief: Brief) -> list[Draft]:
    """Every company takes a position of its own, dismounts, and holds it to the end."""
    drafts = Drafts()
    for element, rows in _takes_part(brief):
        lat, lon = anchor(brief, element, brief.place, rows.size)
        params = _formation(brief, element, lat, lon, str(brief.param("formation", "line")))
        last = mounted_move(drafts, brief, element, rows, None, params)
        hold_until(drafts, brief, last, element, rows)
    return drafts.drafts


def drill(brief: Brief) -> list[Draft]:
    """Every company moves by bounds from position to position, evenly over the serial's time."""
    moves = int(brief.param("moves", 3))
    drafts = Drafts()
    for element, rows in _takes_part(brief):
        previous: int | None = None
        for move in range(moves):
            lat, lon = _bound(brief, element, rows.size, move)
            start = brief.t + (brief.end_ms - brief.t) * move // moves
            params = _formation(brief, element, lat, lon, "wedge")
            previous = mounted_move(drafts, brief, element, rows, previous, params, start)
        if previous is not None:
            hold_until(drafts, brief, previous, element, rows)
    return drafts.drafts


def live_fire(brief: Brief) -> list[Draft]:
    """Take a firing line, fire, advance, and fire again, so as to cease fire at the planned end.

    Ships that are too far away close to the distance first. Ground artillery and missile troops
    whose targets are farther away than the range is wide fire from where they are, and so does
    everybody whose targets stand at another place.
    """
    targets = wanted(brief)
    duration = brief.minutes("duration_min")
    range_m = float(brief.param("target_range_m"))
    drafts = Drafts()
    fire = {"targets": targets, "place": target_place(brief), **allotted(brief, SHARE)}
    here = target_place(brief) == brief.place
    for element, rows in _takes_part(brief):
        firers = movers(brief, rows)
        if not firers.size:
            continue
        last: int | None = None
        line = _firing_line(brief, element, targets, range_m) if here else None
        if line is not None:
            last = mounted_move(drafts, brief, element, rows, None, _facing(brief, line, "line"))
        firers = movers(brief, rows)
        if not firers.size:
            continue
        advance = float(brief.param("advance_m", 0.0))
        moving = round(1000.0 * advance / ADVANCE_M_S)
        start = max(brief.t + SET_UP_MS, brief.end_ms - duration - moving)
        if line is not None and advance > 0.0:
            half = {**fire, **allotted(brief, SHARE, 2), "duration_ms": duration // 2}
            last = drafts.chain(last, "fire", firers, element, half, not_before_ms=start)
            ahead = _ahead(brief, line, min(advance, range_m * 0.8))
            last = mounted_move(drafts, brief, element, rows, last, _facing(brief, ahead, "line"))
            drafts.add("fire", firers, element, half, after=(last,))
        else:
            drafts.chain(
                last, "fire", firers, element, {**fire, "duration_ms": duration},
                not_before_ms=start,
            )  # fmt: skip
    for unit in brief.everybody:
        ships = brief.picture.members(unit, "ship")
        if ships.size:
            last = _close(drafts, brief, unit, ships, targets, range_m)
            drafts.chain(
                last, "fire", ships, unit, {**fire, "duration_ms": duration},
                not_before_ms=max(brief.t, brief.end_ms - duration),
            )  # fmt: skip
    return drafts.drafts


def _close(
    drafts: Drafts, brief: Brief, unit: int, ships: Int32, targets: Int32, range_m: float
) -> int | None:
    """Let ships that are farther from the targets than they fire go there; None: they are near."""
    lat, lon = brief.picture.position(targets)
    aim = float(lat.mean()), float(lon.mean())
    here = brief.picture.position(ships)
    azimuth, away = inverse(*aim, float(here[0].mean()), float(here[1].mean()))
    if float(away) <= range_m + CLOSE_M:
        return None
    spot = direct(*aim, float(azimuth), range_m)
    params = {"lat": float(spot[0]), "lon": float(spot[1]), "place": brief.place}
    return drafts.add("sail", ships, unit, params)


def river_crossing(brief: Brief) -> list[Draft]:
    """Battalions cross one after the other at the crossing place, and assemble beyond."""
    river = brief.place_index("river")
    width = float(brief.param("width_m"))
    lat, lon = brief.point(river)
    here = brief.point(brief.place)
    bearing, _ = inverse(here[0], here[1], lat, lon)
    near = direct(lat, lon, bearing + 180.0, width / 2)
    far = direct(lat, lon, bearing, width / 2)
    drafts = Drafts()
    previous: int | None = None
    means = [rows for _, rows in ground_elements(brief, brief.support, BATTALION)]
    bridging = np.sort(np.concatenate(means)) if means else np.empty(0, np.int32)
    for element, rows in ground_elements(brief, brief.units, BATTALION):
        mounted = riders(brief.picture, rows)
        if mounted.size:
            previous = drafts.chain(previous, "mount", mounted, element)
        previous = drafts.chain(
            previous,
            "cross_river",
            movers(brief, rows),
            element,
            {
                "means": str(brief.param("means")),
                "lat0": float(near[0]), "lon0": float(near[1]),
                "lat1": float(far[0]), "lon1": float(far[1]),
                "width_m": width,
                "bridging": of_kind(brief.picture, bridging, "vehicle"),
                "place": brief.place,
            },
        )  # fmt: skip
        if mounted.size:
            drafts.add("dismount", mounted, element, after=(previous,))
    return drafts.drafts


def issue(brief: Brief) -> list[Draft]:
    """Crews take over the vehicles that await them."""
    drafts = Drafts()
    for unit in brief.units:
        vehicles = brief.picture.members(unit, "vehicle")
        stored = vehicles[brief.picture.stored(vehicles)]
        if stored.size:
            drafts.add("issue", stored, unit, {"place": brief.place})
    return drafts.drafts


def return_equipment(brief: Brief) -> list[Draft]:
    """Crews hand the issued vehicles back and leave them at the park."""
    drafts = Drafts()
    for unit in brief.units:
        vehicles = brief.picture.members(unit, "vehicle")
        issued = vehicles[brief.picture.force.stored[vehicles]]
        issued = issued[~brief.picture.stored(issued)]
        if issued.size:
            drafts.add("return_equipment", issued, unit, {"place": brief.place})
    return drafts.drafts


def ceremony(brief: Brief) -> list[Draft]:
    """Teams form up on foot on the parade ground, stand, and walk back to where they came from.

    They leave early enough to be back at the planned end where the time allows.
    """
    lat, lon = brief.point(brief.place)
    drafts = Drafts()
    for number, (element, rows) in enumerate(ground_elements(brief, brief.everybody, BATTALION)):
        teams = of_kind(brief.picture, rows, "team")
        teams = teams[brief.picture.carrier(teams) < 0]
        teams = teams[brief.picture.manned(teams)]
        if not teams.size:
            continue
        stand = direct(lat, lon, 90.0, (number - len(brief.everybody) / 2) * 4 * PARADE_SPACING_M)
        params = {
            **_at(brief, float(stand[0]), float(stand[1]), PARADE_SPACING_M),
            "heading_deg": 0.0,
            "formation": "column",
        }
        last = drafts.add("deploy", teams, element, params)
        where = brief.picture.position(teams)
        home = float(where[0].mean()), float(where[1].mean())
        walk_ms = round(1000.0 * float(inverse(*home, lat, lon)[1]) / WALKING_M_S)
        leave = max(brief.t + (brief.end_ms - brief.t) // 2, brief.end_ms - walk_ms)
        last = drafts.add("hold", teams, element, {"until_ms": leave}, after=(last,))
        back = _at(brief, *home, LAAGER_SPACING_M)
        drafts.add("assemble", teams, element, back, after=(last,))
    return drafts.drafts


def conference(brief: Brief) -> list[Draft]:
    """Staffs confer where they are until the end."""
    drafts = Drafts()
    for unit in brief.everybody:
        rows = brief.picture.platforms(unit)
        drafts.add("hold", rows, unit, {"until_ms": brief.end_ms})
    return drafts.drafts


# --- where ------------------------------------------------------------------------------------


def _at(brief: Brief, lat: float, lon: float, spacing_m: float) -> dict[str, object]:
    return {"lat": lat, "lon": lon, "place": brief.place, "spacing_m": spacing_m}


def _heading(brief: Brief, element: int) -> float:
    """A direction of its own for each element at each place, degrees."""
    key = entity_key(f"{brief.picture.force.units.id[element]}|{brief.serial.serial}")
    return float(uniform(brief.seed, Stream.LAYOUT, key)) * 360.0


def _formation(
    brief: Brief, element: int, lat: float, lon: float, formation: str
) -> dict[str, object]:
    return {
        **_at(brief, lat, lon, POSITION_SPACING_M),
        "heading_deg": _heading(brief, element),
        "formation": formation,
    }


def _bound(brief: Brief, element: int, platforms: int, move: int) -> tuple[float, float]:
    """The element's area, then the areas of its next bounds, each a key of its own."""
    return anchor(brief, element, brief.place, platforms, f"bound {move}" if move else "")


def _firing_line(
    brief: Brief, element: int, targets: Int32, range_m: float
) -> tuple[float, float, float] | None:
    """Middle of an element's firing line and its heading towards the targets; None: no room.

    The line lies on land and inside the range.
    """
    lat, lon = brief.picture.position(targets)
    aim = float(lat.mean()), float(lon.mean())
    bearings = (_heading(brief, element) + np.arange(0.0, 360.0, 15.0)) % 360.0
    back = direct(aim[0], aim[1], bearings, range_m)
    fits = _inside(brief, *back)
    if not fits.any():
        return None
    first = int(np.argmax(fits))
    return float(back[0][first]), float(back[1][first]), float(bearings[first] + 180.0) % 360.0


def _ahead(
    brief: Brief, line: tuple[float, float, float], distance_m: float
) -> tuple[float, float, float]:
    """The line after an advance towards the targets; unmoved where land or range end."""
    lat, lon = direct(line[0], line[1], line[2], distance_m)
    if not bool(_inside(brief, lat, lon)):
        return line
    return float(lat), float(lon), line[2]


def _inside(
    brief: Brief, lat: npt.NDArray[np.float64], lon: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Tell which points lie on land within the serial's place."""
    land = brief.router.surface.is_land(lat, lon)
    return land & brief.picture.places.contains(brief.place, lat, lon)


def _facing(brief: Brief, line: tuple[float, float, float], formation: str) -> dict[str, object]:
    return {
        **_at(brief, line[0], line[1], POSITION_SPACING_M),
        "heading_deg": line[2],
        "formation": formation,
    }
