"""A scenario as read, entry by entry with positions: what the checks look at."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from startex.environment.weather import WeatherRow
from startex.forces.armament_tables import Armament
from startex.forces.catalogue import Catalogue
from startex.forces.communications import CommunicationRow
from startex.forces.definitions import Template, UnitLine
from startex.foundation.document import DataPath, Document, Position
from startex.foundation.errors import Problem
from startex.geography.places import Places
from startex.scenario.header import EventRow, Header
from startex.scenario.serials import Serial

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Entry(Generic[T_co]):
    """A valid entry of a file, and where it stands.

    Attributes
    ----------
    name
        Its id; empty where it has none.
    value
        What was read.
    document, path
        File, and path of the entry in it.
    """

    name: str
    value: T_co
    document: Document
    path: DataPath

    def at(self, where: str | DataPath) -> Position:
        """Return line and column of a piece of this entry."""
        below = ((where,) if where else ()) if isinstance(where, str) else where
        return self.document.at((*self.path, *below))

    def problem(
        self, where: str | DataPath, message: str, remedy: str = "", *, key: bool = False
    ) -> Problem:
        """Return a problem at a piece of this entry.

        Parameters
        ----------
        where
            Key, or path below the entry; empty for the entry itself.
        message, remedy
            What was found, and what to do.
        key
            Whether it is the key that is wrong, rather than its value.
        """
        below = ((where,) if where else ()) if isinstance(where, str) else where
        return self.document.problem((*self.path, *below), message, remedy, key=key)


@dataclass(frozen=True, slots=True)
class Draft:
    """All entries of a scenario that are valid by themselves.

    Attributes
    ----------
    header
        scenario.yaml, None where it is broken.
    lines, templates, serials, events, weather, communications
        Entries of the lists.
    places, ways
        Properties of each feature.
    sites
        The valid places with their positions.
    shipped_templates
        General templates that come with the program, by id.
    ids
        Ids declared, by kind of thing; those of invalid entries too, so that one mistake is told
        once. None: the file cannot be read.
    catalogue, armament
        Types and what they carry, None where they are broken.
    """

    folder: Path
    header: Entry[Header] | None
    lines: tuple[Entry[UnitLine], ...]
    templates: tuple[Entry[Template], ...]
    serials: tuple[Entry[Serial], ...]
    events: tuple[Entry[EventRow], ...]
    weather: tuple[Entry[WeatherRow], ...]
    communications: tuple[Entry[CommunicationRow], ...]
    places: tuple[Entry[Mapping[str, Any]], ...]
    ways: tuple[Entry[Mapping[str, Any]], ...]
    sites: Places
    ids: Mapping[str, frozenset[str] | None]
    catalogue: Catalogue | None
    armament: Armament | None
    shipped_templates: Mapping[str, Template]

    def offset_h(self, place: str) -> float:
        """Return local time at a place, hours ahead of UTC: its own, else the scenario's."""
        if place in self.sites:
            own = self.sites[self.sites.index(place)].utc_offset_h
            if not math.isnan(own):
                return own
        return self.header.value.utc_offset_h if self.header else 0.0


def cycles(follow: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Yield every ring found among names that refer to names, each once, from its least name.

    Parameters
    ----------
    follow
        Names that each name refers to; others are ignored.
    """
    done: set[str] = set()
    rings: set[tuple[str, ...]] = set()
    for start in sorted(follow):
        if start in done:
            continue
        trail: list[str] = []
        on_trail: dict[str, int] = {}
        stack: list[tuple[str, Iterator[str]]] = [(start, iter(follow[start]))]
        on_trail[start] = 0
        trail.append(start)
        while stack:
            name, rest = stack[-1]
            after = next(rest, None)
            if after is None:
                stack.pop()
                trail.pop()
                del on_trail[name]
                done.add(name)
            elif after in on_trail:
                ring = trail[on_trail[after] :]
                least = ring.index(min(ring))
                rings.add(tuple(ring[least:] + ring[:least]))
            elif after in follow and after not in done:
                on_trail[after] = len(trail)
                trail.append(after)
                stack.append((after, iter(follow[after])))
    yield from sorted(rings)
