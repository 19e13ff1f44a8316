"""Loading what types of platform sense and shoot with, with every check."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.forces.armament_figures import (
    AGAINST,
    REQUIRED_OF_SENSORS,
    REQUIRED_OF_WEAPONS,
    SENSOR_FIGURES,
    SENSOR_KINDS,
    WEAPON_FIGURES,
    WEAPON_KINDS,
)
from startex.forces.armament_files import Content, FitRow, SensorRow, WeaponRow, read_folder
from startex.forces.armament_tables import (
    Armament,
    FitProvenance,
    Fits,
    SensorTable,
    WeaponTable,
)
from startex.forces.catalogue import SHIPPED, Catalogue, FigureProvenance
from startex.forces.catalogue_files import FigureRow, nearest
from startex.foundation.errors import Problem, ScenarioError


def load_armament(catalogue: Catalogue, extra: Path | None = None) -> Armament:
    """Load the shipped sensors, weapons and fits, with a scenario's own added.

    Parameters
    ----------
    catalogue
        The types that carry them.
    extra
        Folder of a scenario's catalogue. A sensor, weapon, figure or fit that is shipped too is
        overridden; a fit of count 0 takes one away.

    Raises
    ------
    ScenarioError
        With every problem of the files.
    """
    content, problems = _read(catalogue, extra)
    if problems:
        raise ScenarioError(problems)
    sensors, weapons = _sensors(content), _weapons(content)
    return Armament(
        sensors,
        weapons,
        _fits(content, catalogue, sensors.id),
        _fits(content, catalogue, weapons.id),
        _provenance(content),
        _fit_provenance(content),
    )


def armament_problems(extra: Path | None) -> list[Problem]:
    """Return what is wrong with armament whose types are broken themselves."""
    return _read(None, extra)[1]


def _read(catalogue: Catalogue | None, extra: Path | None) -> tuple[Content, list[Problem]]:
    problems: list[Problem] = []
    content = Content()
    for folder in (SHIPPED, *(() if extra is None else (extra,))):
        found = read_folder(folder, content, problems)
        for name in Content.__slots__:
            getattr(content, name).update(getattr(found, name))
    _check(content, catalogue, problems)
    return content, problems


def _check(content: Content, catalogue: Catalogue | None, problems: list[Problem]) -> None:
    sourced: list[FigureRow | FitRow] = [*content.figures.values(), *content.fits.values()]
    for entry in sourced:
        if entry.source and entry.source not in content.sources:
            message = f"the source {entry.source!r} is not in sources.csv."
            remedy = nearest(entry.source, content.sources)
            problems.append(entry.row.problem("source", message, remedy))
    for (type_id, item), fit in content.fits.items():
        if catalogue is not None and type_id not in catalogue.rows:
            remedy = nearest(type_id, catalogue.id)
            problems.append(fit.row.problem("type", f"unknown type {type_id!r}.", remedy))
        if item not in content.sensors and item not in content.weapons:
            remedy = nearest(item, [*content.sensors, *content.weapons])
            problems.append(fit.row.problem("item", f"no sensor or weapon {item!r}.", remedy))
        elif item in content.sensors and fit.rounds:
            message = f"the sensor {item!r} has rounds."
            problems.append(fit.row.problem("rounds", message, "Leave it blank."))
    _complete(content, content.sensors, REQUIRED_OF_SENSORS, problems)
    _complete(content, content.weapons, REQUIRED_OF_WEAPONS, problems)
    for item in content.weapons:
        _ordered(content, item, "min_range_m", "max_range_m", problems)
    for item in content.sensors:
        _ordered(content, item, "min_range_m", "max_range_m", problems)
        _ordered(content, item, "field_of_view_deg", "field_of_regard_deg", problems)


def _complete(
    content: Content,
    items: Mapping[str, SensorRow] | Mapping[str, WeaponRow],
    required: Mapping[str, tuple[str, ...]],
    problems: list[Problem],
) -> None:
    what = "sensor" if required is REQUIRED_OF_SENSORS else "weapon"
    for item, row in items.items():
        absent = [f for f in required.get(row.kind, ()) if (item, f) not in content.figures]
        if absent:
            message = f"{row.kind} {item!r} lacks {', '.join(absent)}."
            remedy = "Add a row for each to armament_figures.csv, with its source or 'assumed'."
            problems.append(row.row.problem(what, message, remedy))


def _ordered(content: Content, item: str, less: str, more: str, problems: list[Problem]) -> None:
    low, high = content.figures.get((item, less)), content.figures.get((item, more))
    if low is not None and high is not None and low.si > high.si:
        message = f"{less} of {item} is above its {more}."
        shipped = low.row.document.file.startswith(f"{SHIPPED.name}/")
        row = high.row if shipped else low.row  # what the scenario says is what can be mended
        problems.append(row.problem("value", message, "Exchange them, or mend one."))


def _columns(content: Content, ids: tuple[str, ...], names: Iterable[str]) -> dict[str, Any]:
    columns = {}
    for name in names:
        values = [content.figures.get((item, name)) for item in ids]
        columns[name] = _frozen([math.nan if v is None else v.si for v in values], np.float64)
    return columns


def _frozen(values: Any, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    array = np.array(values, dtype=dtype)
    array.flags.writeable = False
    return array


def _sensors(content: Content) -> SensorTable:
    ids = tuple(sorted(content.sensors))
    rows = [content.sensors[item] for item in ids]
    columns = _columns(content, ids, SENSOR_FIGURES)
    ratio = columns["field_of_regard_deg"] / columns["field_of_view_deg"]
    return SensorTable(
        id=ids,
        name=tuple(row.name for row in rows),
        kind=_frozen([SENSOR_KINDS.index(row.kind) for row in rows], np.int8),
        night=_frozen([row.night for row in rows], np.bool_),
        fields=_frozen(np.where(np.isnan(ratio), 1.0, np.maximum(ratio, 1.0)), np.float64),
        **columns,
    )


def _weapons(content: Content) -> WeaponTable:
    ids = tuple(sorted(content.weapons))
    rows = [content.weapons[item] for item in ids]
    against = [[word in row.against for word in AGAINST] for row in rows]
    return WeaponTable(
        id=ids,
        name=tuple(row.name for row in rows),
        kind=_frozen([WEAPON_KINDS.index(row.kind) for row in rows], np.int8),
        against=_frozen(np.reshape(against, (len(ids), len(AGAINST))), np.bool_),
        ammunition=tuple(row.ammunition for row in rows),
        **_columns(content, ids, WEAPON_FIGURES),
    )


def _fits(content: Content, catalogue: Catalogue, ids: tuple[str, ...]) -> Fits:
    row = {item: index for index, item in enumerate(ids)}
    rows = sorted(
        (catalogue.rows[type_id], row[item], fit.count, fit.rounds)
        for (type_id, item), fit in content.fits.items()
        if item in row and fit.count > 0
    )
    kind, item, count, rounds = _frozen(np.reshape(rows, (-1, 4)).T, np.int64)
    first = np.searchsorted(kind, np.arange(len(catalogue) + 1))
    return Fits(_frozen(first, np.int64), kind, item, count, rounds)


def _provenance(content: Content) -> dict[tuple[str, str], FigureProvenance]:
    found = {}
    for (item, name), f in sorted(content.figures.items(), key=lambda entry: entry[0]):
        title, address = content.sources.get(f.source, ("", ""))
        found[item, name] = FigureProvenance(
            item, name, f.value, f.unit, f.source, title, address, f.assumed
        )
    return found


def _fit_provenance(content: Content) -> dict[tuple[str, str], FitProvenance]:
    found = {}
    for (type_id, item), fit in sorted(content.fits.items(), key=lambda entry: entry[0]):
        title, address = content.sources.get(fit.source, ("", ""))
        found[type_id, item] = FitProvenance(
            type_id, item, fit.count, fit.rounds, fit.source, title, address, fit.assumed
        )
    return found
