"""Reading sensors, weapons and fits of a catalogue folder, with every problem at its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from startex.forces.armament_figures import (
    AGAINST,
    SENSOR_FIGURES,
    SENSOR_KINDS,
    WEAPON_FIGURES,
    WEAPON_KINDS,
)
from startex.forces.catalogue_files import FigureRow, Row, judge_figure, nearest, unfounded
from startex.foundation.csvfile import read_csv
from startex.foundation.errors import Problem

FILES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "sensors.csv": (("sensor", "name", "kind", "night"), ("note",)),
    "weapons.csv": (("weapon", "name", "kind", "against", "ammunition"), ("note",)),
    "armament_figures.csv": (("item", "figure", "value", "unit", "source", "assumed"), ()),
    "fits.csv": (("type", "item", "count", "rounds", "source", "assumed"), ()),
    "sources.csv": (("source", "title", "publisher", "address", "note"), ()),
}
"""Files read, in this order: required and optional columns."""


@dataclass(frozen=True, slots=True)
class SensorRow:
    """A row of sensors.csv."""

    name: str
    kind: str
    night: bool
    note: str
    row: Row


@dataclass(frozen=True, slots=True)
class WeaponRow:
    """A row of weapons.csv."""

    name: str
    kind: str
    against: frozenset[str]
    ammunition: str
    note: str
    row: Row


@dataclass(frozen=True, slots=True)
class FitRow:
    """A row of fits.csv: so many of a sensor or weapon, with so many rounds in all."""

    count: int
    rounds: int
    source: str
    assumed: str
    row: Row


@dataclass(slots=True)
class Content:
    """What the files say; figures by (item, figure), fits by (type, item)."""

    sensors: dict[str, SensorRow] = field(default_factory=dict)
    weapons: dict[str, WeaponRow] = field(default_factory=dict)
    figures: dict[tuple[str, str], FigureRow] = field(default_factory=dict)
    fits: dict[tuple[str, str], FitRow] = field(default_factory=dict)
    sources: dict[str, tuple[str, str]] = field(default_factory=dict)  # title, address


def read_folder(folder: Path, known: Content, problems: list[Problem]) -> Content:
    """Read the files of a folder; any may be absent.

    Parameters
    ----------
    folder
        Where they stand.
    known
        What folders read before say: figures may be of their sensors and weapons.
    problems
        What is wrong is added here.
    """
    content = Content()
    for name, (required, optional) in FILES.items():
        if not (folder / name).is_file():
            continue
        document = read_csv(folder / name, f"{folder.name}/{name}", required, optional)
        if name != "sources.csv":  # whose problems the catalogue of types has told
            problems += document.problems
        for index in range(len(document.data or ())):
            _ADD[name](content, known, Row(document, index), problems)
    return content


def _add_source(content: Content, known: Content, row: Row, problems: list[Problem]) -> None:
    content.sources[row.cell("source")] = (row.cell("title"), row.cell("address"))


def _add_sensor(content: Content, known: Content, row: Row, problems: list[Problem]) -> None:
    problems += _identity(content, known, row, "sensor", SENSOR_KINDS)
    night = row.cell("night")
    if night not in ("yes", "no"):
        message = f"{night!r} does not say whether it works by night."
        problems.append(row.problem("night", message, "Write yes or no."))
    name, kind = row.cell("name") or row.cell("sensor"), row.cell("kind")
    content.sensors[row.cell("sensor")] = SensorRow(
        name, kind, night == "yes", row.cell("note"), row
    )


def _add_weapon(content: Content, known: Content, row: Row, problems: list[Problem]) -> None:
    problems += _identity(content, known, row, "weapon", WEAPON_KINDS)
    against = row.cell("against").split()
    for word in against:
        if word not in AGAINST:
            remedy = nearest(word, AGAINST)
            problems.append(row.problem("against", f"unknown target {word!r}.", remedy))
    if not against:
        remedy = f"Write some of {', '.join(AGAINST)}, with spaces."
        problems.append(row.problem("against", "a weapon against nothing.", remedy))
    if not row.cell("ammunition"):
        remedy = "Name the class of supply, such as tank_gun_rounds."
        problems.append(row.problem("ammunition", "a weapon without ammunition.", remedy))
    content.weapons[row.cell("weapon")] = WeaponRow(
        row.cell("name") or row.cell("weapon"),
        row.cell("kind"),
        frozenset(against),
        row.cell("ammunition"),
        row.cell("note"),
        row,
    )


def _identity(
    content: Content, known: Content, row: Row, what: str, kinds: tuple[str, ...]
) -> Iterator[Problem]:
    name, kind = row.cell(what), row.cell("kind")
    same: Mapping[str, object] = content.sensors if what == "sensor" else content.weapons
    mine, before = (
        (content.weapons, known.weapons) if what == "sensor" else (content.sensors, known.sensors)
    )
    if not name:
        yield row.problem(what, f"a {what} without an id.", "Give it a lower-case id.")
    elif name in same:
        yield row.problem(what, f"the {what} {name!r} stands twice.", "Remove one.")
    elif name in mine or name in before:
        message = f"{name!r} names both a sensor and a weapon."
        yield row.problem(what, message, "Give one of them another id.")
    if kind not in kinds:
        yield row.problem("kind", f"unknown kind {kind!r} of {what}.", nearest(kind, kinds))


def _add_figure(content: Content, known: Content, row: Row, problems: list[Problem]) -> None:
    item, figure = row.cell("item"), row.cell("figure")
    if item in content.sensors or item in known.sensors:
        allowed = SENSOR_FIGURES
    elif item in content.weapons or item in known.weapons:
        allowed = WEAPON_FIGURES
    else:
        names = [*content.sensors, *content.weapons, *known.sensors, *known.weapons]
        message = f"no sensor or weapon {item!r}."
        problems.append(row.problem("item", message, nearest(item, names)))
        return
    kind = allowed.get(figure)
    if kind is None:
        message = f"unknown figure {figure!r} of {item}."
        problems.append(row.problem("figure", message, nearest(figure, allowed)))
        return
    if (item, figure) in content.figures:
        problems.append(row.problem("figure", f"{figure} of {item} stands twice.", "Keep one."))
    judged = judge_figure(row, figure, kind, problems)
    if judged is not None:
        content.figures[item, figure] = judged


def _add_fit(content: Content, known: Content, row: Row, problems: list[Problem]) -> None:
    key = row.cell("type"), row.cell("item")
    if key in content.fits:
        message = f"{key[1]} of {key[0]} stands twice."
        problems.append(row.problem("item", message, "Add the counts up in one row."))
    numbers = {}
    for column in ("count", "rounds"):
        text = row.cell(column) or "0"
        if not text.isdecimal() or len(text) > 9:
            message = f"{text!r} is not a number of {'rounds' if column == 'rounds' else 'pieces'}."
            problems.append(row.problem(column, message, "Write a whole number from 0."))
            return
        numbers[column] = int(text)
    problems += unfounded(row)
    content.fits[key] = FitRow(
        numbers["count"], numbers["rounds"], row.cell("source"), row.cell("assumed"), row
    )


_ADD = {
    "sources.csv": _add_source,
    "sensors.csv": _add_sensor,
    "weapons.csv": _add_weapon,
    "armament_figures.csv": _add_figure,
    "fits.csv": _add_fit,
}
