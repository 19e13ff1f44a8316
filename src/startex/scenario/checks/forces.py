"""What the checks need to know of units: subtrees, homes, types held, who takes part in what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from startex.forces.catalogue import Catalogue
from startex.forces.definitions import Part, Template, UnitLine
from startex.foundation.document import DataPath
from startex.scenario.draft import Draft, Entry
from startex.scenario.serials import Serial
from startex.scenario.vocabulary import TASKS, WITHDRAW_MODES, Task

MOVE_SPEEDS: Mapping[str, tuple[str, ...]] = {
    "march": ("speed_road_m_s",),
    "sail": ("speed_cruise_m_s", "speed_max_m_s"),
}
"""Catalogue columns that bound the speed of a move; for other tasks any speed counts."""

_ANY_SPEED = ("speed_road_m_s", "speed_water_m_s", "speed_cruise_m_s", "speed_max_m_s")


def movement(serial: Serial) -> Task | None:
    """Return the task as far as movement goes: a withdrawal is a move of its mode."""
    task = TASKS.get(serial.task)
    if task is not None and task.name == "withdraw":
        return TASKS.get(WITHDRAW_MODES.get(str(serial.params.get("mode")), ""))
    return task


def destination(serial: Serial, task: Task) -> str:
    """Return the place id where a serial leaves its units."""
    found = serial.params.get(task.destination) if task.destination else None
    return found if isinstance(found, str) else serial.place


def named_units(serial: Serial, task: Task) -> Iterator[tuple[DataPath, str]]:
    """Yield every unit a serial engages, with the path of its mention."""
    for role in ("units", "support", "opfor"):
        for index, unit in enumerate(getattr(serial, role)):
            yield (role, index), unit
    for param in task.params:
        value = serial.params.get(param.name)
        if param.type == "unit" and isinstance(value, str):
            yield ("params", param.name), value
        elif param.type == "units" and isinstance(value, list):
            for index, unit in enumerate(value):
                if isinstance(unit, str):
                    yield ("params", param.name, index), unit


@dataclass(frozen=True)
class Tree:
    """The unit lines of a draft as a tree; broken parts of it are left out."""

    draft: Draft

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        children: dict[str, list[str]] = {}
        for entry in self.draft.lines:
            children.setdefault(entry.value.parent, []).append(entry.name)
        return children

    @cached_property
    def _by_id(self) -> dict[str, Entry[UnitLine]]:
        return {entry.name: entry for entry in self.draft.lines}

    def subtree(self, unit: str) -> tuple[str, ...]:
        """Return a unit and all below it, itself first."""
        found: dict[str, None] = {}
        ahead = [unit] if unit in self._by_id else []
        while ahead:
            name = ahead.pop()
            if name not in found:
                found[name] = None
                ahead += reversed(self._children.get(name, []))
        return tuple(found)

    @cached_property
    def homes(self) -> dict[str, str]:
        """Home place of every unit, its own or inherited; units without one are left out."""
        lines = {entry.name: entry.value for entry in self.draft.lines}
        homes: dict[str, str] = {}
        for name, line in lines.items():
            steps = 0
            while not line.home and line.parent in lines and steps < len(lines):
                line, steps = lines[line.parent], steps + 1  # noqa: PLW2901
            if line.home:
                homes[name] = line.home
        return homes

    @cached_property
    def _templates(self) -> Mapping[str, Template]:
        own = {entry.name: entry.value for entry in self.draft.templates}
        return {**self.draft.shipped_templates, **own}

    def types(self, unit: str) -> frozenset[str]:
        """Return the ids of platform types held anywhere in a unit's subtree."""
        found: set[str] = set()
        seen: set[str] = set()
        for name in self.subtree(unit):
            line = self._by_id[name].value
            ahead: list[Part] = [*line.parts]
            if line.fill:
                ahead.append(Part(template=line.fill))
            while ahead:
                part = ahead.pop()
                if part.platform:
                    found.add(part.platform)
                if part.template and part.template not in seen:
                    seen.add(part.template)
                    template = self._templates.get(part.template)
                    ahead += template.parts if template else ()
        return frozenset(found)


def fastest_m_s(catalogue: Catalogue, types: frozenset[str], columns: tuple[str, ...]) -> float:
    """Return the greatest of several speeds over types, m/s; 0 where none is known."""
    rows = [catalogue.rows[name] for name in sorted(types) if name in catalogue.rows]
    if not rows:
        return 0.0
    speeds = np.concatenate([getattr(catalogue, column)[rows] for column in columns])
    speeds = speeds[np.isfinite(speeds)]
    return float(speeds.max()) if speeds.size else 0.0


def move_speed_m_s(tree: Tree, serial: Serial, task: Task, unit: str) -> float:
    """Return a speed that the unit cannot exceed in this serial, m/s; 0 where none is known."""
    catalogue = tree.draft.catalogue
    if catalogue is None:
        return 0.0
    if task.name == "rail":
        trains = frozenset(
            n for n, k in zip(catalogue.id, catalogue.kind, strict=True) if k == "train"
        )
        return fastest_m_s(catalogue, trains, _ANY_SPEED)
    if task.carriers:
        named = serial.params.get(task.carriers)
        carriers = (
            [name for name in named if isinstance(name, str)] if isinstance(named, list) else []
        )
        types = frozenset[str]().union(*(tree.types(name) for name in carriers))
        return fastest_m_s(catalogue, types, _ANY_SPEED)
    if task.name == "march":  # those without vehicles ride in those of the others
        types = frozenset[str]().union(*(tree.types(name) for name in serial.all_units))
        return fastest_m_s(catalogue, types, MOVE_SPEEDS["march"])
    return fastest_m_s(catalogue, tree.types(unit), MOVE_SPEEDS.get(task.name, _ANY_SPEED))
