"""From templates to trees of units: whole ones, and as much of one as fits into given totals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from startex.forces.catalogue import Catalogue
from startex.forces.crews import largest_remainder
from startex.forces.definitions import Part, Template
from startex.forces.nodes import (
    Instance,
    Node,
    Platform,
    Room,
    Size,
    Team,
    instances,
    nth,
    slug,
)


@dataclass(slots=True)
class Composer:
    """Builds nodes from templates; all names are resolved before (see `orbat.check_references`)."""

    templates: Mapping[str, Template]
    catalogue: Catalogue
    _sizes: dict[str, Size] = field(default_factory=dict)
    _rows: dict[str, int] = field(default_factory=dict)

    def size_of_template(self, template_id: str) -> Size:
        """Return what one whole unit of a template adds."""
        if template_id not in self._sizes:
            self._sizes[template_id] = self.size_of_parts(self.templates[template_id].parts)
        return self._sizes[template_id]

    def size_of_parts(self, parts: Sequence[Part]) -> Size:
        """Return what all parts add."""
        persons = ground = spare = 0
        for part in parts:
            one, number = self.size_of(part), part.number
            persons += one.persons * number
            ground += one.ground * number
            spare += one.spare * number
        return Size(persons, ground, spare)

    def rows_of_parts(self, parts: Sequence[Part]) -> int:
        """Return how many persons, platforms and teams all parts hold."""
        total = 0
        for part in parts:
            if part.template:
                if part.template not in self._rows:
                    inner = self.templates[part.template].parts
                    self._rows[part.template] = self.rows_of_parts(inner)
                one = self._rows[part.template]
            else:
                one = self.size_of(part).persons
            total += part.number * (one + 1)
        return total

    def size_of(self, part: Part) -> Size:
        """Return what one of a part adds."""
        if part.template:
            return self.size_of_template(part.template)
        row = self.catalogue.rows[part.platform]
        crew = self._crew(row, part)
        kind = self.catalogue.kind[row]
        if kind == "team":
            return Size(crew, 0, -crew)
        if kind == "vehicle":
            return Size(crew, 1, self._seats(row))
        return Size(crew, 0, 0)

    def whole(self, template_id: str, node_id: str, name: str, part: Part | None = None) -> Node:
        """Return a whole unit of a template."""
        node = self._empty(template_id, node_id, name, part)
        for one in instances(self.templates[template_id].parts):
            self.add(node, one)
        return node

    def take(self, node: Node, parts: Sequence[Part], room: Room) -> bool:
        """Add parts to a node as far as they fit; return whether all did.

        All parts are thinned out alike: of six and two, three and one are taken into half the
        room. Where not even the first of a kind fits whole, what fits of it into its share of the
        room is taken.
        """
        order = sorted(instances(parts), key=lambda i: ((i.ordinal + 0.5) / i.part.number, i.order))
        weight = {i: self.size_of(p).persons * p.number for i, p in enumerate(parts)}
        whole, persons = max(1, sum(weight.values())), room.persons - room.reserve
        missed: list[Instance] = []
        for one in order:
            if room.fits(size := self.size_of(one.part)):
                room.use(size)
                self.add(node, one)
                continue
            missed.append(one)
            if one.part.template and one.ordinal == 0:
                share = persons * weight[one.order] // whole
                reserve, room.reserve = room.reserve, max(room.reserve, room.persons - share)
                self._add_piece(node, one, room)
                room.reserve = reserve
        return not missed

    def _add_piece(self, node: Node, one: Instance, room: Room) -> None:
        before = room.persons
        piece = self._empty(one.part.template, *self._label(node, one), one.part)
        self.take(piece, self.templates[one.part.template].parts, room)
        if room.persons < before:
            node.children.append(piece)

    def add(self, node: Node, one: Instance) -> None:
        """Add one of a part to a node, whole."""
        part = one.part
        if part.template:
            node.children.append(self.whole(part.template, *self._label(node, one), part))
            return
        row = self.catalogue.rows[part.platform]
        crew = self._crew(row, part)
        name = part.names[one.ordinal] if part.names else part.name
        if self.catalogue.kind[row] == "team":
            node.teams.append(Team(row, crew, name))
        else:
            carries = self.catalogue.kind[row] in ("vehicle", "ship")
            seats = self._seats(row) if carries else 0
            node.platforms.append(Platform(row, crew, name, seats, self._full_crew(row)))

    def fillers(self, template_id: str) -> tuple[int, int]:
        """Return the types (rows, -1 for none) with which a template fills up what is left.

        The vehicle with the most seats (the least id of equals), and the first kind of team.
        """
        vehicles, teams = [], []
        for part in self._platform_parts(template_id):
            row = self.catalogue.rows[part.platform]
            if self.catalogue.kind[row] == "vehicle":
                vehicles.append((-self._seats(row), part.platform, row))
            elif self.catalogue.kind[row] == "team":
                teams.append(row)
        return (min(vehicles)[2] if vehicles else -1, teams[0] if teams else -1)

    def remainder(self, node: Node, fill: str, room: Room, used: int) -> None:
        """Add units that use up ``room`` to the last person and vehicle.

        Parameters
        ----------
        node
            Where they are added.
        fill
            Template that gives their name, echelon, vehicle and team.
        room
            What is left; must be feasible, and is empty afterwards.
        used
            Number of units of ``fill`` that the node has already.
        """
        truck, team = self.fillers(fill)
        units = max(1, -(-room.persons // 140), -(-room.ground // 24))
        template = self.templates[fill]
        for i in range(units):
            persons, ground = (n // units + (i < n % units) for n in (room.persons, room.ground))
            ordinal = used + i
            child = self._empty(
                fill, f"{node.id}.{fill}-{ordinal + 1:02d}", f"{nth(ordinal)} {template.name}", None
            )
            full = int(self.catalogue.crew[truck]) if ground else 0
            crews = largest_remainder([1] * ground, min(persons, full * ground)) if ground else []
            for crew in crews:
                child.platforms.append(Platform(truck, crew, "", self._seats(truck), full))
            rest = persons - sum(crews)
            most = int(self.catalogue.crew[team])
            for size in largest_remainder([1] * -(-rest // most), rest) if rest else []:
                child.teams.append(Team(team, size))
            node.children.append(child)
        room.persons = room.ground = 0

    def _platform_parts(self, template_id: str) -> Iterator[Part]:
        for part in self.templates[template_id].parts:
            if part.platform:
                yield part
            else:
                yield from self._platform_parts(part.template)

    def _empty(self, template_id: str, node_id: str, name: str, part: Part | None) -> Node:
        template = self.templates[template_id]
        claim = (part.claim if part else ()) or template.provenance.claim
        assumed = (part.assumed if part else "") or ("" if claim else template.provenance.assumed)
        proper = bool(part and part.names)
        return Node(node_id, name, template.echelon, template.symbol, claim, assumed, proper=proper)

    def _label(self, node: Node, one: Instance) -> tuple[str, str]:
        part = one.part
        name = part.name or self.templates[part.template].name
        stem = f"{node.id}.{slug(part.name) or part.template}"
        if part.names:
            return f"{node.id}.{slug(part.names[one.ordinal])}", part.names[one.ordinal]
        if one.alone:
            return stem, name
        return f"{stem}-{one.position + 1:02d}", f"{nth(one.position)} {name}"

    def _crew(self, row: int, part: Part) -> int:
        if part.persons is not None:
            return part.persons
        return self._full_crew(row)

    def _full_crew(self, row: int) -> int:
        crew = float(self.catalogue.crew[row])
        return 0 if math.isnan(crew) else int(crew)  # nobody mans a target

    def _seats(self, row: int) -> int:
        seats = float(self.catalogue.seats[row])
        return 0 if math.isnan(seats) else int(seats)
