"""A scenario: everything that was read from its folder, checked and frozen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from startex.environment.environment import Environment, environment
from startex.environment.light import Sky, sky_between
from startex.environment.weather import Weather
from startex.forces.armament_tables import Armament
from startex.forces.catalogue import Catalogue
from startex.forces.communications import Communications, Figure, load_communications
from startex.forces.definitions import Template, UnitLine
from startex.forces.expansions import Expansions
from startex.foundation.clock import format_time
from startex.geography.places import Places
from startex.geography.ways import Ways
from startex.scenario import canonical
from startex.scenario.header import ContextEvent
from startex.scenario.provenance import claims_of, path_text
from startex.scenario.serials import Serial
from startex.sources.dossier import Dossier

_DOSSIER_TABLES = (
    "sources", "origins", "claims", "conflicts", "figures", "policies", "homes", "points",
    "questions", "indicators",
)  # fmt: skip


@dataclass(frozen=True)
class Scenario:
    """A scenario, independent of policy and seed.

    Attributes
    ----------
    name, title, summary
        What it is called.
    folder
        Where it was read.
    start_ms, end_ms
        First and last instant, milliseconds since the epoch.
    utc_offset_h
        Local time, hours ahead of UTC.
    policies
        Ids of the policies offered; the first is the default.
    dossier
        Claims, sources, origins, conflicts, figures, policies and homes.
    places, ways
        Geography.
    lines, templates
        Order of battle, sorted by id; templates include those shipped with the program.
    catalogue, armament
        Types of platform, and what they sense and shoot with.
    serials
        Sorted by planned start, priority (higher first) and id.
    events
        Context events in time order.
    weather
        Weather by area and time.
    communication_figures
        Figures of communications that take the place of those shipped, by item and figure.
    expansions
        Its forces, as far as they were expanded already.
    """

    name: str
    title: str
    summary: str
    folder: Path
    start_ms: int
    end_ms: int
    utc_offset_h: float
    policies: tuple[str, ...]
    dossier: Dossier
    places: Places
    ways: Ways
    lines: tuple[UnitLine, ...]
    templates: tuple[Template, ...]
    catalogue: Catalogue
    armament: Armament
    serials: tuple[Serial, ...]
    events: tuple[ContextEvent, ...]
    weather: tuple[Weather, ...] = ()
    communication_figures: tuple[Figure, ...] = ()
    expansions: Expansions = field(default_factory=Expansions, compare=False, repr=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content: the same however rows are ordered and files are written."""
        rows = canonical.rows_text
        serials = [
            {**canonical.fields(s), "start": str(s.start_ms), "end": str(s.end_ms)}
            for s in self.serials
        ]
        header = (self.name, self.title, self.summary, self.start_ms, self.end_ms)
        types = zip(self.catalogue.id, self.catalogue.kind, self.catalogue.symbol, strict=True)
        dossier = {name: rows(getattr(self.dossier, name).values()) for name in _DOSSIER_TABLES}
        return canonical.digest(
            {
                "header": canonical.text((*header, self.utc_offset_h, self.policies)),
                "dossier": canonical.joined(dossier),
                "arithmetic": rows(self.dossier.arithmetic),
                "places": rows(self.places),
                "ways": rows(self.ways),
                "lines": rows(self.lines),
                "templates": rows(self.templates),
                "type_figures": rows(self.catalogue.figures.values()),
                "types": rows(types),
                "armament": rows(self.armament.rows()),
                "armament_figures": rows(self.armament.figures.values()),
                "fits": rows(self.armament.fits.values()),
                "serials": rows(serials),
                "events": rows(self.events),
                "weather": rows(self.weather),
                "communications": rows(self.communications.figures.values()),
            }
        )

    @cached_property
    def environment(self) -> Environment:
        """The weather of the exercise at any time and place."""
        return environment(self.weather, self.places)

    @cached_property
    def communications(self) -> Communications:
        """Nets, staffs, liaison and languages, with the scenario's own figures."""
        return load_communications().overridden(self.communication_figures)

    @cached_property
    def sky(self) -> Sky:
        """Sun and moon throughout the exercise.

        Raises
        ------
        ValueError
            If it is not held in the years 1900 to 2100.
        """
        return sky_between(self.start_ms, self.end_ms)

    def provenances(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield where claims are used: words such as ``unit mng persons``, and the claim ids.

        Claims behind scenario figures and policies are found by `sources.homes.gather`.
        """
        for line in self.lines:
            for path, claims in claims_of(line):
                yield f"unit {line.unit}{path_text(path)}", claims
        for template in self.templates:
            for path, claims in claims_of(template):
                yield f"template {template.template}{path_text(path)}", claims
        named = (
            *((f"serial {serial.serial}", serial.claim) for serial in self.serials),
            *((f"place {place.id}", place.claim) for place in self.places),
            *((f"way {way.id}", way.claim) for way in self.ways),
            *((f"event {event.text}", event.claim) for event in self.events),
            *((f"weather {self._since(row)}", row.claim) for row in self.weather),
            *((f"{row.figure} of {row.item}", row.claim) for row in self.communication_figures),
        )
        yield from ((words, claims) for words, claims in named if claims)

    def _since(self, row: Weather) -> str:
        return f"{row.area or 'everywhere'} {format_time(row.t, self.utc_offset_h)}"
