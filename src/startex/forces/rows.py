"""Rows of a force from trees of nodes: names, stations, slots, symbols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from startex.forces.catalogue import Catalogue
from startex.forces.crews import seat_roles
from startex.forces.definitions import KINDS, UnitLine
from startex.forces.force import Force, Units
from startex.forces.nodes import Node, Platform, Team
from startex.forces.symbols import person_sidc, platform_sidc, unit_sidc
from startex.foundation.errors import Problem, ScenarioError

_COUNTED_KINDS = ("person", "vehicle", "aircraft", "ship")
_HEADQUARTERS = "110000"  # command and control


@dataclass(frozen=True, slots=True)
class _Riders:
    """Platforms of a line by identity of their object, and its teams, with their rows."""

    vehicles: dict[int, int]
    teams: list[tuple[Team, int]]


@dataclass(frozen=True, slots=True)
class _Crew:
    """Persons at a station: its row, its name, and label, role and division of each seat."""

    station: int
    label: str
    seats: list[tuple[str, str, str]]


class Rows:
    """Columns of a force that grow line by line."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._code = {kind: code for code, kind in enumerate(KINDS)}
        self._kind_of_type = [self._code[kind] for kind in catalogue.kind]
        self._counted_kinds = {self._code[kind] for kind in _COUNTED_KINDS}
        self._roles: dict[tuple[str, int], list[tuple[str, str, str]]] = {}
        self._sidc: dict[tuple[str, str], str] = {}
        self._crew_team = catalogue.rows.get("crew-team", -1)
        # units
        self.unit_id: list[str] = []
        self.unit_name: list[str] = []
        self.parent: list[int] = []
        self.echelon: list[str] = []
        self.unit_nation: list[str] = []
        self.unit_side: list[str] = []
        self.unit_symbol: list[str] = []
        self.home: list[str] = []
        self.claim: list[str] = []
        self.assumed: list[str] = []
        self.first: list[int] = []
        self.own_last: list[int] = []
        self.last: list[int] = []
        self.last_unit: list[int] = []
        # entities
        self.name: list[str] = []
        self.kind: list[int] = []
        self.type: list[int] = []
        self.role: list[str] = []
        self.unit: list[int] = []
        self.owner: list[str] = []
        self.sidc: list[str] = []
        self.counted: list[bool] = []
        self.station: list[int] = []
        self.slot: list[int] = []
        self.stored_at: list[str] = []

    def add_line(
        self,
        line: UnitLine,
        roots: Mapping[str, Node],
        children: Mapping[str, Sequence[UnitLine]],
        parent: int = -1,
    ) -> None:
        """Add a line, its own sub-units and the lines below it."""
        root = roots[line.unit]
        below: dict[str, Node | UnitLine] = {child.id: child for child in root.children}
        below |= {child.unit: child for child in children.get(line.unit, ())}
        unit = self._begin(line, root, parent)
        riders = _Riders({}, [])
        self._entities(line, root, unit, line.name, riders)
        for key in sorted(below):
            child = below[key]
            if isinstance(child, Node):
                self._node(line, child, unit, line.name, riders)
            else:
                self.add_line(child, roots, children, unit)
        for team, row in riders.teams:
            if team.rides is not None:
                self.station[row] = riders.vehicles[id(team.rides)]
                self.slot[row] = team.seat
        self._end(unit)

    def force(self) -> Force:
        """Return the frozen columns.

        Raises
        ------
        ScenarioError
            If two entities have one name.
        """
        if len(set(self.name)) != len(self.name):
            seen: set[str] = set()
            twice = sorted({name for name in self.name if name in seen or seen.add(name)})  # type: ignore[func-returns-value]
            unit = self.unit_id[self.unit[self.name.index(twice[0])]]
            message = (
                f"unit {unit!r} and others: {len(twice)} names are not unique: "
                f"{', '.join(twice[:5])}."
            )
            remedy = "Give the units or ships different names."
            raise ScenarioError([Problem("units.yaml", 0, 0, message, remedy)])
        units = Units(
            id=tuple(self.unit_id),
            name=tuple(self.unit_name),
            parent=np.array(self.parent, dtype=np.int32),
            echelon=tuple(self.echelon),
            nation=tuple(self.unit_nation),
            side=tuple(self.unit_side),
            sidc=tuple(self.unit_symbol),
            home=tuple(self.home),
            claim=tuple(self.claim),
            assumed=tuple(self.assumed),
            first=np.array(self.first, dtype=np.int32),
            own_last=np.array(self.own_last, dtype=np.int32),
            last=np.array(self.last, dtype=np.int32),
            last_unit=np.array(self.last_unit, dtype=np.int32),
        )
        return Force(
            units=units,
            name=tuple(self.name),
            kind=np.array(self.kind, dtype=np.int8),
            type=np.array(self.type, dtype=np.int32),
            role=tuple(self.role),
            unit=np.array(self.unit, dtype=np.int32),
            owner_nation=tuple(self.owner),
            sidc=tuple(self.sidc),
            counted=np.array(self.counted, dtype=np.bool_),
            station=np.array(self.station, dtype=np.int32),
            slot=np.array(self.slot, dtype=np.int32),
            stored=np.array([bool(place) for place in self.stored_at], dtype=np.bool_),
            stored_at=tuple(self.stored_at),
        )

    def _begin(self, line: UnitLine, node: Node, parent: int) -> int:
        unit = len(self.unit_id)
        self.unit_id.append(node.id)
        self.unit_name.append(node.name)
        self.parent.append(parent)
        self.echelon.append(node.echelon)
        self.unit_nation.append(line.nation)
        self.unit_side.append(line.side)
        self.unit_symbol.append(
            unit_sidc(
                node.symbol,
                node.echelon,
                line.side,
                headquarters=node.symbol == _HEADQUARTERS,
            )
        )
        inherited = self.home[parent] if parent >= 0 else ""
        self.home.append(line.home or inherited)
        self.claim.append(",".join(node.claim))
        self.assumed.append(node.assumed)
        start = len(self.name)
        self.first.append(start)
        self.own_last.append(start)
        self.last.append(start)
        self.last_unit.append(unit)
        return unit

    def _end(self, unit: int) -> None:
        self.last[unit] = len(self.name)
        self.last_unit[unit] = len(self.unit_id)

    def _node(
        self,
        line: UnitLine,
        node: Node,
        parent: int,
        above: str,
        riders: _Riders,
    ) -> None:
        unit = self._begin(line, node, parent)
        path = node.name if node.proper else f"{above} / {node.name}"
        self._entities(line, node, unit, path, riders)
        for child in sorted(node.children, key=lambda n: n.id):
            self._node(line, child, unit, path, riders)
        self._end(unit)

    def _entities(
        self,
        line: UnitLine,
        node: Node,
        unit: int,
        path: str,
        riders: _Riders,
    ) -> None:
        """Add platforms, then teams, then persons of one unit."""
        numbers: dict[str, int] = {}
        crews: list[_Crew] = []
        manned: list[tuple[Platform, int, str]] = []
        for platform in node.platforms:
            label = self._label(node, platform, path, numbers)
            is_vehicle = self.catalogue.kind[platform.type] == "vehicle"
            stored_at = line.vehicles_at if is_vehicle else ""
            row = self._platform(line, unit, platform.type, label, stored_at)
            riders.vehicles[id(platform)] = row
            if platform.crew and stored_at:
                manned.append((platform, row, label))
            elif platform.crew:
                crews.append(_Crew(row, label, self._seats(platform.type, platform.crew)))
        for platform, vehicle, label in manned:  # crews that await the issue of their vehicle
            row = self._platform(line, unit, self._crew_team, f"{label} / crew", "")
            self.station[row], self.slot[row] = vehicle, 0
            crews.append(_Crew(row, label, self._seats(platform.type, platform.crew)))
        for team in node.teams:
            label = self._label(node, team, path, numbers)
            row = self._platform(line, unit, team.type, label, "")
            riders.teams.append((team, row))
            crews.append(_Crew(row, label, self._seats(team.type, team.size)))
        self._persons(line, unit, crews)
        self.own_last[unit] = len(self.name)

    def _label(self, node: Node, item: Platform | Team, path: str, numbers: dict[str, int]) -> str:
        is_ship = self.catalogue.kind[item.type] == "ship"
        if item.name:
            return item.name if is_ship else f"{path} / {item.name}"
        if is_ship and node.proper:
            return path
        word = self.catalogue.name[item.type]
        numbers[word] = numbers.get(word, 0) + 1
        return f"{path} / {word} no. {numbers[word]}"

    def _platform(self, line: UnitLine, unit: int, type_row: int, name: str, stored_at: str) -> int:
        row = len(self.name)
        kind = self._kind_of_type[type_row]
        symbol = self.catalogue.symbol[type_row]
        key = (symbol, line.side)
        if key not in self._sidc:
            self._sidc[key] = platform_sidc(*key)
        self.name.append(name)
        self.kind.append(kind)
        self.type.append(type_row)
        self.role.append("")
        self.unit.append(unit)
        self.owner.append(line.owner_nation or line.nation)
        self.sidc.append(self._sidc[key])
        self.counted.append(line.counted and kind in self._counted_kinds)
        self.station.append(-1)
        self.slot.append(-1)
        self.stored_at.append(stored_at)
        return row

    def _persons(self, line: UnitLine, unit: int, crews: list[_Crew]) -> None:
        for crew in crews:
            size = len(crew.seats)
            self.name += [f"{crew.label} / {seat}" for seat, _, _ in crew.seats]
            self.role += [role for _, role, _ in crew.seats]
            self.sidc += [self._person_sidc(role, line.side) for _, role, _ in crew.seats]
            self.station += [crew.station] * size
            self.slot += range(size)
            self.unit += [unit] * size
            self.kind += [0] * size
            self.type += [-1] * size
            self.owner += [line.nation] * size
            self.counted += [line.counted] * size
            self.stored_at += [""] * size

    def _person_sidc(self, role: str, side: str) -> str:
        key = ("person " + role, side)
        if key not in self._sidc:
            self._sidc[key] = person_sidc(role, side)
        return self._sidc[key]

    def _seats(self, type_row: int, size: int) -> list[tuple[str, str, str]]:
        """Return label, role and division of each seat; equal roles are numbered."""
        crew_roles = self.catalogue.crew_roles[type_row]
        key = (crew_roles, size)
        if key not in self._roles:
            seats = seat_roles(self.catalogue.crews.get(crew_roles, []), size)
            numbered: list[tuple[str, str, str]] = []
            count: dict[tuple[str, str], int] = {}
            for seat in seats:
                count[seat] = count.get(seat, 0) + 1
                role, division = seat
                word = f"{division} division / {role}" if division else role
                number = f" {count[seat]}" if seats.count(seat) > 1 else ""
                numbered.append((word + number, role, division))
            self._roles[key] = numbered
        return self._roles[key]
