"""Units as trees of nodes, what they add, and the room that is left for more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from startex.forces.definitions import Part


@dataclass(slots=True)
class Platform:
    """A platform of a unit: its type and the size of its crew."""

    type: int  # row in the catalogue
    crew: int
    name: str = ""  # proper name, else numbered by type
    free: int = 0  # seats not yet given to a team
    next_seat: int = 0  # the first of them; crew seats come before


@dataclass(slots=True)
class Team:
    """A team of a unit, and the platform that it rides."""

    type: int
    size: int
    name: str = ""
    rides: Platform | None = None
    seat: int = -1  # first of its seats in that platform, crew seats counted
    part_of: int = 0  # 2, 3, ...: further part of a team that rides in several vehicles


@dataclass(slots=True)
class Node:
    """A unit below a line of the order of battle (or the line itself)."""

    id: str
    name: str
    echelon: str
    symbol: str
    claim: tuple[str, ...] = ()
    assumed: str = ""
    proper: bool = False  # the name is a proper name (a ship's)
    platforms: list[Platform] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Size:
    """What a template or platform adds: persons, ground vehicles, seats beyond those taken."""

    persons: int
    ground: int
    spare: int

    def __add__(self, other: Size) -> Size:
        return Size(
            self.persons + other.persons, self.ground + other.ground, self.spare + other.spare
        )


@dataclass(slots=True)
class Room:
    """Persons and ground vehicles still to be placed.

    ``seats`` and ``crew`` are those of the vehicle that fills up what is left; ``spare`` counts
    free seats in what was taken. ``rides``: whether teams must find seats. ``least_crew``: how many
    each vehicle still to come needs. ``reserve``: persons that may not be used for now.
    """

    persons: int
    ground: int
    seats: int = 0
    crew: int = 2
    spare: int = 0
    rides: bool = False
    least_crew: int = 1
    reserve: int = 0

    def fits(self, size: Size) -> bool:
        """Return whether so much can be taken and the rest still be filled up exactly."""
        persons, ground = self.persons - size.persons, self.ground - size.ground
        if persons < self.reserve or ground < 0:
            return False
        return self.feasible(persons, ground, self.spare + size.spare)

    def feasible(self, persons: int, ground: int, spare: int) -> bool:
        """Return whether so many persons can man so many vehicles and ride in them."""
        if persons < ground * self.least_crew:
            return False
        return not self.rides or persons <= ground * (self.crew + self.seats) + spare

    def use(self, size: Size) -> None:
        """Subtract what was taken."""
        self.persons -= size.persons
        self.ground -= size.ground
        self.spare += size.spare


class Instance(NamedTuple):
    """A single one of a part: which in the part, which among its namesakes, if it has any."""

    part: Part
    order: int  # of the part among the parts
    ordinal: int  # in the part
    position: int  # among all of the same template and name
    alone: bool


def instances(parts: Sequence[Part]) -> list[Instance]:
    """Return each single one of the parts, in their order."""
    total: dict[tuple[str, str], int] = {}
    for part in parts:
        label = (part.template, part.name)
        total[label] = total.get(label, 0) + part.number
    result: list[Instance] = []
    before: dict[tuple[str, str], int] = {}
    for index, part in enumerate(parts):
        label = (part.template, part.name)
        first = before.get(label, 0)
        before[label] = first + part.number
        result += [
            Instance(part, index, ordinal, first + ordinal, total[label] == 1)
            for ordinal in range(part.number)
        ]
    return result


def nth(index: int) -> str:
    """Return "1st" for 0, "2nd" for 1, ..."""
    number = index + 1
    teens = 10 <= number % 100 <= 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def slug(text: str) -> str:
    """Return a name as an id: lower case, digits and letters, joined by hyphens."""
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
