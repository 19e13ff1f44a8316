"""The routes of the API, as data: what each answers, with which parameters, in which form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from startex.view import cards, evidence, finding, motion, tables
from startex.view.archive import Archive, Row
from startex.view.asking import Parameter, arguments

BASE = tables.BASE
DESCRIPTION = f"{BASE}/openapi.json"

Answer = Callable[[Archive, Row], Any]


@dataclass(frozen=True, slots=True)
class Route:
    """One route: ``answer`` returns plain data, or bytes in columns where ``columns`` tells which.

    ``keys`` are what the object answered holds, ``columns`` the columns, each with its meaning.
    """

    path: str
    answer: Answer
    summary: str
    parameters: tuple[Parameter, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    slow: bool = False


_CODE = "code of a word"

_T = Parameter("t", "time", "The instant, within the run.", required=True)
_FROM = Parameter("from", "time", "From this instant.")
_TO = Parameter("to", "time", "Until this instant.")


def _id(of: str) -> Parameter:
    return Parameter("id", "text", f"Id of the {of}.", where="path", required=True)


ROUTES: tuple[Route, ...] = (
    Route(
        "/run", tables.run, "What the run is: scenario, policy, seed, times, counts, segments.",
        keys={
            "run": "name of the folder", "title": "what the exercise is called",
            "scenario": "id of the scenario", "scenario_digest": "its digest",
            "policy": "which claims are believed", "seed": "of all draws",
            "sim_start": "ms", "sim_end": "ms", "version": "of the program that made the run",
            "utc_offset_h": "local time minus UTC", "begin": "sim_start in ISO 8601",
            "end": "sim_end likewise", "complete": "whether it came to its end",
            "reached": "ms, where it was told to stop before; else null", "digest": "of the run",
            "counts": "persons, vehicles, legs, ...", "rows": "rows of each table",
            "segments": "of the legs: legs, begin, last_start and end (ms) of each; while a run "
            "goes on, final: false if it still changes",
            "sides": "words for the side of a picture", "event_kinds": "words for kinds of event",
        },
    ),
    Route("/units", tables.units, "All units in tree order.", keys={"units": "rows of the table"}),
    Route(
        "/nations", tables.nations, "Nations, with their entities by kind.",
        keys={"nations": "nation, name, units; counted and not_counted by kind"},
    ),
    Route(
        "/places", tables.places, "Places as GeoJSON: areas, else points.",
        keys={"type": "FeatureCollection", "features": "one a place; properties: its row"},
    ),
    Route(
        "/ways", tables.ways, "Railways, roads, lanes and air ways as GeoJSON.",
        keys={"type": "FeatureCollection", "features": "one a way; properties: its row"},
    ),
    Route(
        "/entities", motion.entities, "All entities; row n is entity n.",
        (
            Parameter("columns", "text", "Only these columns, with commas between [default: all].",
                      example="unit,kind"),
        ),
        columns={
            "unit": "row of its unit", "counted": "1: in the announced totals", "kind": _CODE,
            "type": _CODE, "role": _CODE, "nation": _CODE, "owner_nation": _CODE, "side": _CODE,
            "sidc": f"{_CODE}: symbol, 20 digits", "name": "unique in the run",
        },
    ),
    Route(
        "/positions", motion.positions, "Where everybody is at an instant; row n is entity n.",
        (_T,),
        columns={
            "lat": "deg", "lon": "deg, -180 to 180", "alt": "m above the ellipsoid",
            "mode": f"{_CODE}: how its outermost carrier moves, hold where it stands",
            "status": _CODE, "aboard": "entity that carries it directly",
            "carrier": "outermost carrier",
        },
    ),
    Route(
        "/legs", motion.legs, "Legs of one segment: straight between their ends while they last.",
        (Parameter("segment", "whole", "Number of the segment.", required=True, most=10**6),),
        columns={
            "entity": "who moves", "t0": "ms", "t1": "ms", "lat0": "deg",
            "lon0": "deg, runs on past 180", "alt0": "m", "lat1": "deg", "lon1": "deg",
            "alt1": "m", "mode": _CODE,
        },
    ),
    Route(
        "/rides", motion.rides, "Who is aboard what at any time between two instants.",
        (_FROM, _TO),
        columns={
            "entity": "who rides", "carrier": "on what", "slot": "place aboard, 0 the driver",
            "t0": "ms", "t1": "ms; nan while it lasts at the end of the run",
        },
    ),
    Route(
        "/orders", tables.orders, "All orders that began, by their start.",
        keys={"orders": "rows of the table"},
    ),
    Route(
        "/supply", motion.supply, "What each unit held after each supply hour.",
        columns={
            "unit": "row of the unit", "item": _CODE, "holding": _CODE, "measure": _CODE,
            "t": "ms", "on_hand": "in its measure", "consumed": "since the row before",
        },
    ),
    Route(
        "/types", tables.types, "Types of vehicle, aircraft and ship: what each carries.",
        keys={"types": "type, name, kind; carries: sensors and weapons with range and source"},
    ),
    Route(
        "/serials", tables.serials, "All serials by planned start.",
        keys={"serials": "rows of the table, ids in lists"},
    ),
    Route(
        "/serials/{id}/why", tables.serial_why, "What led to how a serial went.", (_id("serial"),),
        keys={"chain": "steps, the last first", "outcomes": "events somebody will ask about"},
    ),
    Route(
        "/events", tables.events, "Events by time, a page at a time.",
        (
            _FROM, _TO,
            Parameter("kind", "text", "Of this kind only."),
            Parameter("serial", "text", "Of this serial only."),
            Parameter("limit", "whole", "Events on a page.", default=100, least=1, most=5000),
            Parameter("offset", "whole", "How many to leave out.", default=0, most=10**9),
        ),
        keys={
            "events": "rows of the table, data as an object", "offset": "of the first",
            "total": "how many there are", "next": "address of the next page, null at the last",
        },
    ),
    Route(
        "/events/{id}/why", tables.event_why, "What led to an event.",
        (Parameter("id", "whole", "Id of the event.", where="path", required=True),),
        keys={"chain": "steps, the event itself first"},
    ),
    Route(
        "/picture", evidence.picture, "What a side of the plays knew of the other at an instant.",
        (
            _T,
            Parameter(
                "side", "text", "Whose picture.", default=tables.SIDES[0], allowed=tables.SIDES
            ),
            Parameter("nation", "text", "Of units of this nation only."),
            Parameter("serial", "text", "In this serial only."),
        ),
        keys={"t": "ms", "side": "as asked", "targets": "one a serial and target"},
    ),
    Route(
        "/search", finding.search, "What is called so, best first.",
        (
            Parameter("q", "text", "Id or name, or part of it.", required=True, example="bridge"),
            Parameter("kind", "text", "Of this kind only.", allowed=finding.KINDS),
            Parameter("limit", "whole", "Results at most.", default=20, least=1, most=100),
        ),
        keys={
            "q": "as asked", "found": "how many there are",
            "results": "kind, id, name, rank (0 the best), and what tells them apart",
        },
    ),
    Route(
        "/card/{kind}/{id}", cards.card, "All that the store tells of one thing at an instant.",
        (
            Parameter(
                "kind", "text", "What it is.", where="path", required=True, allowed=cards.KINDS
            ),
            Parameter("id", "text", "Its id; of entities the name or row.", where="path",
                      required=True),
            Parameter("t", "time", "The instant [default: the end of the run]."),
        ),
        keys={"kind": "as asked", "t": "ms", "at": "t in ISO 8601", "claims": "it rests on"},
    ),
    Route("/claims", evidence.claims, "All claims.", keys={"claims": "who says what"}),
    Route(
        "/claims/{id}", evidence.claim, "A claim whole, with who says otherwise.", (_id("claim"),),
        keys={"claim": "its id", "quote": "verbatim", "source": "where it was printed",
              "origin": "who said it first", "conflicts": "each with the contradicting claims"},
    ),
    Route(
        "/figures", evidence.figures,
        "Every figure of the review, with how it was computed; the first time it takes a while.",
        keys={"figures": "id, label, value, unit, computed, tables, claims, assumed"}, slow=True,
    ),
)  # fmt: skip
"""All routes but that of the description itself."""

FIRST = (
    "/run", "/units", "/serials", "/places", "/ways",
    "/entities?columns=unit,counted,kind,type,role,nation,sidc",
)  # fmt: skip
"""What the map asks for before its first picture; web/src/data/model.ts."""


def find(path: str) -> tuple[Route, Row]:
    """Return the route that answers a path with its query, and what is asked of it.

    Raises
    ------
    KeyError
        If no route answers it.
    RefusedError
        If a parameter is not what is allowed.
    """
    place, _, query = path.partition("?")
    given = place.split("/")
    for route in ROUTES:
        wanted = route.path.split("/")
        if len(wanted) != len(given):
            continue
        pairs = list(zip(wanted, given, strict=True))
        if all(name.startswith("{") or name == part for name, part in pairs):
            named = {name[1:-1]: unquote(part) for name, part in pairs if name.startswith("{")}
            return route, arguments(route.parameters, named, query.encode("ascii"))
    raise KeyError(path)
