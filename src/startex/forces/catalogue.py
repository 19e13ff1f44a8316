"""The catalogue of types: vehicles, aircraft, ships, teams, trains; each figure with its source."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from startex.forces.catalogue_files import Content, nearest, read_folder
from startex.forces.crews import CrewList
from startex.forces.figures import FIGURES, REQUIRED
from startex.foundation.errors import Problem, ScenarioError, did_you_mean

Float64 = npt.NDArray[np.float64]

SHIPPED = Path(__file__).parent.parent / "data" / "catalogue"
"""Folder of the catalogue that comes with the package."""


@dataclass(frozen=True, slots=True)
class FigureProvenance:
    """Where one figure of one type comes from.

    ``value`` and ``unit`` are as written in the file; ``source`` is an id of the bibliography,
    ``title`` and ``address`` what it says there; ``assumed`` the reason where there is no source.
    """

    type: str
    figure: str
    value: float
    unit: str
    source: str = ""
    title: str = ""
    address: str = ""
    assumed: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Types of platform as frozen columns, one row a type, rows sorted by id.

    All figure columns are float64 of shape (types,), SI (fuel in litres), nan where a figure does
    not apply. What each means stands in `startex.forces.figures.FIGURES`.
    """

    id: tuple[str, ...]
    name: tuple[str, ...]
    kind: tuple[str, ...]
    symbol: tuple[str, ...]  # symbol set (2 digits) + entity (6 digits) of the SIDC
    crew_roles: tuple[str, ...]  # list of roles in `crews`
    note: tuple[str, ...]
    crew: Float64
    seats: Float64
    length_m: Float64
    width_m: Float64
    height_m: Float64
    mass_kg: Float64
    speed_road_m_s: Float64
    speed_cross_country_m_s: Float64
    speed_water_m_s: Float64
    speed_cruise_m_s: Float64
    speed_max_m_s: Float64
    range_m: Float64
    fuel_l: Float64
    fuel_cargo_l: Float64
    water_cargo_l: Float64
    ration_cargo_kg: Float64
    ammunition_cargo_kg: Float64
    failure_distance_m: Float64
    climb_m_s: Float64
    descent_m_s: Float64
    ceiling_m: Float64
    cruise_altitude_m: Float64
    rail_length_m: Float64
    train_capacity_m: Float64
    train_seats: Float64
    vehicle_deck_m: Float64
    cargo_kg: Float64
    jumpers: Float64
    raft_capacity_kg: Float64
    march_interval_m: Float64
    rcs_m2: Float64
    mast_height_m: Float64
    presented_size_m: Float64
    target_strength_db: Float64
    radiated_noise_db: Float64
    armour_m: Float64
    hits_to_disable: Float64
    rows: Mapping[str, int] = field(repr=False)
    figures: Mapping[tuple[str, str], FigureProvenance] = field(repr=False)
    crews: Mapping[str, CrewList] = field(repr=False)

    def __len__(self) -> int:
        return len(self.id)

    def index(self, type_id: str) -> int:
        """Return the row of a type.

        Raises
        ------
        KeyError
            If there is no such type; the message names the nearest one.
        """
        try:
            return self.rows[type_id]
        except KeyError:
            raise KeyError(f"no type {type_id!r}: {did_you_mean(type_id, self.id)}") from None

    def provenance(self, type_id: str, figure: str) -> FigureProvenance:
        """Return where a figure comes from.

        Raises
        ------
        KeyError
            If the type or the figure is unknown, or the type has no such figure.
        """
        self.index(type_id)
        if figure not in FIGURES:
            raise KeyError(f"no figure {figure!r}: {did_you_mean(figure, FIGURES)}")
        try:
            return self.figures[type_id, figure]
        except KeyError:
            raise KeyError(f"type {type_id!r} has no figure {figure!r}") from None


def load_catalogue(extra: Path | None = None) -> Catalogue:
    """Load the shipped catalogue, with a scenario's own types added.

    Parameters
    ----------
    extra
        Folder with types.csv, figures.csv and sources.csv of a scenario. A type or a figure that
        is shipped too is overridden.

    Raises
    ------
    ScenarioError
        With every problem of the files.
    """
    problems: list[Problem] = []
    content = Content()
    for folder in (SHIPPED, *(() if extra is None else (extra,))):
        found = read_folder(folder, problems)
        content.types |= found.types
        content.figures |= found.figures
        content.crews |= found.crews
        content.bibliography |= found.bibliography
    _check(content, problems)
    if problems:
        raise ScenarioError(problems)
    return _build(content)


def _check(content: Content, problems: list[Problem]) -> None:
    for (type_id, _), figure in content.figures.items():
        if type_id not in content.types:
            remedy = nearest(type_id, content.types)
            problems.append(figure.row.problem("type", f"unknown type {type_id!r}.", remedy))
        if figure.source and figure.source not in content.bibliography:
            message = f"the source {figure.source!r} is not in sources.csv."
            remedy = nearest(figure.source, content.bibliography)
            problems.append(figure.row.problem("source", message, remedy))
    for type_id, row in content.types.items():
        absent = [f for f in REQUIRED[row.kind] if (type_id, f) not in content.figures]
        if absent:
            message = f"{row.kind} {type_id!r} lacks {', '.join(absent)}."
            remedy = "Add a row for each to figures.csv, with its source or 'assumed'."
            problems.append(row.row.problem("type", message, remedy))
        if row.crew_roles and row.crew_roles not in content.crews:
            message = f"no crew {row.crew_roles!r} in crew_roles.csv."
            remedy = nearest(row.crew_roles, content.crews)
            problems.append(row.row.problem("crew_roles", message, remedy))


def _build(content: Content) -> Catalogue:
    ids = tuple(sorted(content.types))
    rows = {type_id: row for row, type_id in enumerate(ids)}
    columns = {figure: np.full(len(ids), math.nan) for figure in FIGURES}
    provenance: dict[tuple[str, str], FigureProvenance] = {}
    for (type_id, name), figure in sorted(content.figures.items(), key=lambda item: item[0]):
        columns[name][rows[type_id]] = figure.si
        title, address = content.bibliography.get(figure.source, ("", ""))
        provenance[type_id, name] = FigureProvenance(
            type_id,
            name,
            figure.value,
            figure.unit,
            figure.source,
            title,
            address,
            figure.assumed,
        )
    for column in columns.values():
        column.flags.writeable = False
    types = [content.types[i] for i in ids]
    return Catalogue(
        id=ids,
        name=tuple(t.name for t in types),
        kind=tuple(t.kind for t in types),
        symbol=tuple(t.symbol for t in types),
        crew_roles=tuple(t.crew_roles for t in types),
        note=tuple(t.note for t in types),
        rows=rows,
        figures=provenance,
        crews=content.crews,
        **columns,
    )
