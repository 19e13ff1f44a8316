"""Generate an exercise of about any number of entities, up to a million."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from startex.forces.catalogue import Catalogue, load_catalogue
from startex.forces.definitions import Template, UnitLine
from startex.forces.orbat import expand, load_templates
from startex.foundation.clock import MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE, parse_time
from startex.foundation.errors import UsageError
from startex.geography.geodesy import inverse
from startex.geography.surface import Surface
from startex.testing import contingents, seaborne
from startex.testing.cell import LATEST_START_MIN, NATIONS, Cell, Contingent, Maker
from startex.testing.chance import Chance
from startex.testing.plan import Plan, time_text
from startex.testing.sites import Site, find_sites

KINDS: dict[str, Maker] = {
    "motor": contingents.motor, "rail": contingents.rail, "river": contingents.river,
    "guests": contingents.guests, "airlift": seaborne.airlift, "drop": seaborne.drop,
    "flight": seaborne.flight, "ships": seaborne.ships, "landing": seaborne.landing,
}  # fmt: skip
"""Kinds of contingent, each of some 70 to 200 entities; a cell has one of each that it can."""

COASTAL_KINDS = frozenset({"ships", "landing"})
"""Kinds that need the sea."""

LENGTH_MS = 36 * MS_PER_HOUR
"""Length of an exercise without quiet days."""

MOST_ENTITIES = 1_100_000
"""Largest exercise; the Earth has some 500 coasts of the kind that the cells need."""

APART_M = 90_000.0
"""Least distance between the origins of two sites; the places of a site lie within 42 km of it,
but for its far airfield and depot."""

Terrain = Literal["mixed", "coast", "inland"]


def make_exercise(
    folder: str | Path,
    *,
    entities: int,
    seed: int = 0,
    name: str = "",
    start: str = "2031-05-01T00:00Z",
    quiet_days: int = 0,
    kinds: Collection[str] = tuple(KINDS),
    terrain: Terrain = "mixed",
    prefix: str = "c",
) -> Path:
    """Write the scenario folder of a generated exercise; see `plan_exercise`.

    Parameters
    ----------
    folder
        New or empty.
    name
        Of the scenario; the folder's when not given.
    entities, seed, start, quiet_days, kinds, terrain, prefix
        As in `plan_exercise`.

    Returns
    -------
    The folder.

    Raises
    ------
    UsageError
        If the arguments cannot be met.
    FileExistsError
        If the folder holds something.
    """
    plan = plan_exercise(
        entities=entities, seed=seed, name=name or Path(folder).name, start=start,
        quiet_days=quiet_days, kinds=kinds, terrain=terrain, prefix=prefix,
    )  # fmt: skip
    return plan.write(folder)


def plan_exercise(
    *,
    entities: int,
    seed: int = 0,
    name: str = "generated",
    start: str = "2031-05-01T00:00Z",
    quiet_days: int = 0,
    kinds: Collection[str] = tuple(KINDS),
    terrain: Terrain = "mixed",
    prefix: str = "c",
) -> Plan:
    """Return the rows of a generated exercise.

    Cell after cell is filled with contingents until there are ``entities``. A cell lies on a site
    of its own, at least 90 km from any other, and holds one contingent of each kind, in a drawn
    order; nations, strengths, times and tasks are drawn too. What a cell holds depends on the
    seed and its number alone: a larger exercise begins with the smaller one, and events for each
    entity are as many at any size.

    Parameters
    ----------
    entities
        Persons, platforms, teams and stores, 1 to `MOST_ENTITIES`; met to the next contingent
        (some 70 to 200 entities).
    seed
        Of everything drawn, 0 to 2**32 - 1.
    name
        Of the scenario: small letters, digits, hyphens.
    start
        First instant, ISO 8601 with offset, to the minute.
    quiet_days
        Days added at the end, in which nothing is planned.
    kinds
        Which kinds of contingent there are, words of `KINDS`.
    terrain
        ``coast``: every cell has the sea before it; ``inland``: none has; ``mixed``: every third.
    prefix
        Letters before the number of a cell in all ids; two plans with different ones can be joined
        (`Plan.joined`).

    Raises
    ------
    UsageError
        If an argument is out of range, or the Earth has too few coasts.
    """
    _check(entities, seed, kinds, terrain)
    start_ms = parse_time(start)
    plan = Plan(
        name=name,
        title=f"Generated exercise of {entities} entities",
        start_ms=start_ms,
        end_ms=start_ms + LENGTH_MS + quiet_days * MS_PER_DAY,
    )
    chance = Chance(seed)
    _add_sources(plan)
    wanted = sorted(kinds, key=list(KINDS).index)
    surface, size = Surface(), _Size()
    total = 0
    for number, site in enumerate(_sites(surface, chance, terrain)):
        cell = _new_cell(plan, number, site, chance, surface, prefix)
        fit = [kind for kind in wanted if site.coastal or kind not in COASTAL_KINDS]
        for kind in cell.chance.order("kinds", fit):
            total += size.of(_add_contingent(cell, kind))
            if total >= entities:
                return plan
    raise UsageError(
        f"{entities} entities of terrain {terrain!r} do not fit on the Earth; at most {total} do"
    )


def _check(entities: int, seed: int, kinds: Collection[str], terrain: str) -> None:
    if not 1 <= entities <= MOST_ENTITIES:
        raise UsageError(f"entities {entities} is out of range: 1 to {MOST_ENTITIES}")
    if not 0 <= seed < 2**32:
        raise UsageError(f"seed {seed} is out of range: 0 to {2**32 - 1}")
    strange = sorted(set(kinds) - set(KINDS))
    if strange or not kinds:
        raise UsageError(f"no kinds {', '.join(strange) or '(none)'}; there are {', '.join(KINDS)}")
    if terrain not in ("mixed", "coast", "inland"):
        raise UsageError(f"no terrain {terrain!r}; there are mixed, coast, inland")
    if set(kinds) <= COASTAL_KINDS and terrain != "coast":
        raise UsageError(f"{', '.join(sorted(kinds))} need terrain 'coast', not {terrain!r}")


def _sites(surface: Surface, chance: Chance, terrain: Terrain) -> Iterator[Site]:
    """Yield the sites of the cells in order."""
    coast = find_sites(surface, chance.within("coast"), coastal=True)
    plain = find_sites(surface, chance.within("inland"), coastal=False)
    turn = chance.integer("turn", 0, 2)
    taken: list[Site] = []
    number = 0
    while True:
        coastal = terrain == "coast" or (terrain == "mixed" and number % 3 == turn)
        site = next((s for s in (coast if coastal else plain) if _apart(s, taken)), None)
        if site is None:
            return
        taken.append(site)
        number += 1
        yield site


def _new_cell(
    plan: Plan, number: int, site: Site, chance: Chance, surface: Surface, prefix: str
) -> Cell:
    own = chance.within(f"cell {number}")
    cell = Cell(number, own.choice("host", sorted(NATIONS)), site, own, plan, prefix)
    cell.add_places(surface)
    cell.add_host()
    day = plan.start_ms + own.integer("opening", 60, 360) * MS_PER_MINUTE
    plan.events.append(
        {
            "date": time_text(day)[:10], "time": time_text(day)[11:16],
            "place": cell.at("barracks"),
            "text": f"The exercise of cell {cell.label} is opened.", "assumed": "generated",
        }
    )  # fmt: skip
    return cell


def _add_contingent(cell: Cell, kind: str) -> Contingent:
    """Add a contingent of a kind to the plan and return it."""
    plan, chance = cell.plan, cell.chance.within(kind)
    late = 5 * chance.integer("late", 0, LATEST_START_MIN // 5) * MS_PER_MINUTE
    made = Contingent(
        cell, kind, chance.choice("nation", sorted(NATIONS)), chance.integer("size", 0, 2),
        plan.start_ms + late,
    )  # fmt: skip
    KINDS[kind](made)
    plan.units += made.units
    plan.serials += made.serials
    plan.claims += made.claims
    plan.figures += made.figures
    return made


@dataclass
class _Size:
    """Counts the entities that contingents expand to; those made alike are counted once."""

    catalogue: Catalogue = field(default_factory=load_catalogue)
    templates: Mapping[str, Template] = field(default_factory=load_templates)
    known: dict[str, int] = field(default_factory=dict)

    def of(self, made: Contingent) -> int:
        """Return the number of persons, platforms, teams and stores."""
        alike = repr([(row["parts"], "vehicles_at" in row) for row in made.units])
        alike += repr([claim["says"][0]["value"] for claim in made.claims[:1]])
        if alike not in self.known:
            lines = [UnitLine.model_validate({**row, "parent": ""}) for row in made.units]
            announced = {
                row["figure"]: float(made.claims[0]["says"][0]["value"]) for row in made.figures
            }
            force = expand(lines, self.templates, self.catalogue, announced)
            self.known[alike] = int(force.kind.size)
        return self.known[alike]


def _apart(site: Site, taken: list[Site]) -> bool:
    """Tell whether a site is far enough from those taken."""
    if not taken:
        return True
    lat, lon = np.array([(other.lat, other.lon) for other in taken]).T
    return float(inverse(site.lat, site.lon, lat, lon)[1].min()) >= APART_M


def _add_sources(plan: Plan) -> None:
    """Add what does not grow with the exercise: who said things, and whom to believe."""
    for who, name, kind in (
        ("host", "Press centre of the hosts", "ministry"),
        ("observer", "Observer", "newspaper"),
    ):
        plan.origins.append({"origin": who, "name": name, "kind": kind, "nation": "KAZ"})
        plan.sources.append(
            {
                "source": f"{who}-paper", "title": f"{name} (generated)", "publisher": name,
                "date": "2031-04-20", "reached_as": "original", "origin": who,
                "note": "generated with the exercise",
            }
        )  # fmt: skip
    plan.policies += [
        {"policy": "announced", "name": "As announced", "summary": "What the hosts say.",
         "rules": [{"origins": ["host"]}]},
        {"policy": "counted", "name": "As counted", "summary": "What the observer counted.",
         "extends": "announced", "rules": [{"origins": ["observer"]}]},
    ]  # fmt: skip
