"""Read every file of a scenario folder as far as it can be read."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from startex.environment.weather import WeatherRow
from startex.forces.armament import armament_problems, load_armament
from startex.forces.armament_tables import Armament
from startex.forces.catalogue import Catalogue, load_catalogue
from startex.forces.communications import CommunicationRow
from startex.forces.definitions import Template, UnitLine
from startex.forces.orbat import load_templates
from startex.forces.symbols import ECHELONS
from startex.foundation.csvfile import read_csv
from startex.foundation.document import DataPath, Document
from startex.foundation.errors import Problem, ScenarioError
from startex.foundation.validate import validate, validate_entries
from startex.foundation.yamlfile import read_yaml
from startex.geography.geojson import read_collection
from startex.geography.places import Places, read_places
from startex.geography.ways import Ways, read_ways
from startex.scenario.draft import Draft, Entry
from startex.scenario.files import check_files
from startex.scenario.header import EventRow, Header
from startex.scenario.serials import Serial
from startex.scenario.vocabulary import TASKS
from startex.sources.dossier import Dossier
from startex.sources.load import read_dossier

M = TypeVar("M", bound=BaseModel)

_Columns = tuple[tuple[str, ...], tuple[str, ...]]

_EVENT_COLUMNS: _Columns = ("date", "place", "text"), ("time", "claim", "assumed")
_WEATHER_COLUMNS: _Columns = (
    ("area", "from"),
    (
        "wind_kn", "wind_from_deg", "visibility_km", "sea_state", "rain_mm_h", "temperature_c",
        "cloud_percent", "claim", "assumed",
    ),
)  # fmt: skip
_COMMUNICATION_COLUMNS: _Columns = ("item", "figure", "value"), ("unit", "claim", "assumed")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a folder: the draft, the parts that need no further building, problems."""

    draft: Draft
    dossier: Dossier
    places: Places
    ways: Ways
    problems: tuple[Problem, ...]


class _Folder:
    """The files of a folder that may be read; problems gather as they are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = list(check_files(folder))
        self._refused = {problem.file for problem in self.problems}
        self.unreadable = {name for name in self._refused if (folder / name).exists()}

    def has(self, name: str) -> bool:
        """Tell whether a file is there and may be read."""
        return name not in self._refused and (self.folder / name).is_file()

    def entries(self, model: type[M], name: str, document: Document) -> tuple[Entry[M], ...]:
        """Return the valid entries of a list, with the problems of the others noted."""
        found, problems = validate_entries(model, document)
        self.problems += problems
        return tuple(Entry(str(getattr(v, name, "")), v, document, path) for path, v in found)

    def yaml_list(self, file: str) -> Document:
        """Return a YAML list; empty where the file is not there."""
        if not self.has(file):
            return Document(file, [])
        return read_yaml(self.folder / file, file)

    def ids(self, document: Document, key: str) -> frozenset[str] | None:
        """Return the ids of all entries, valid or not; None where the file is unreadable."""
        if document.file in self._refused or not isinstance(document.data, list):
            return None
        rows = [row for row in document.data if isinstance(row, dict)]
        return frozenset(row[key] for row in rows if isinstance(row.get(key), str))

    def features(
        self, file: str, key: str
    ) -> tuple[tuple[Entry[Mapping[str, Any]], ...], frozenset[str] | None]:
        """Return the properties of every feature of a GeoJSON file, and the ids among them."""
        if not self.has(file):
            return (), None if file in self._refused else frozenset()
        document = read_collection(self.folder / file, file)
        if document.data is None:
            return (), None
        entries = []
        for index, feature in enumerate(document.data["features"]):
            properties = feature.get("properties") if isinstance(feature, dict) else None
            if isinstance(properties, dict):
                path: DataPath = ("features", index, "properties")
                entries.append(Entry(str(properties.get(key, "")), properties, document, path))
        return tuple(entries), frozenset(entry.name for entry in entries) - {""}


def read_folder(folder: Path) -> Reading:
    """Return everything in a scenario folder that is valid by itself, and what is wrong."""
    files = _Folder(folder)
    header = _header(files)
    units, templates = files.yaml_list("units.yaml"), files.yaml_list("templates.yaml")
    serials = files.yaml_list("serials.yaml")
    events = _rows(files, "events.csv", _EVENT_COLUMNS)
    weather = _rows(files, "weather.csv", _WEATHER_COLUMNS)
    communications = _rows(files, "communications.csv", _COMMUNICATION_COLUMNS)
    places, place_ids = files.features("places.geojson", "place")
    ways, way_ids = files.features("ways.geojson", "way")
    place_table, way_table = _geography(files, place_ids)
    catalogue, armament = _catalogue(files, header)
    shipped = load_templates()
    dossier = _dossier(files)
    own_templates = files.ids(templates, "template")
    draft = Draft(
        folder=folder,
        header=header,
        lines=files.entries(UnitLine, "unit", units),
        templates=files.entries(Template, "template", templates),
        serials=files.entries(Serial, "serial", serials),
        events=files.entries(EventRow, "", events),
        weather=files.entries(WeatherRow, "", weather),
        communications=files.entries(CommunicationRow, "", communications),
        places=places,
        ways=ways,
        sites=place_table,
        ids={
            "unit": files.ids(units, "unit"),
            "template": None if own_templates is None else own_templates | frozenset(shipped),
            "serial": files.ids(serials, "serial"),
            "place": place_ids,
            "way": way_ids,
            "type": None if catalogue is None else frozenset(catalogue.id),
            "task": frozenset(TASKS),
            "echelon": frozenset(ECHELONS),
            **_declared(files, dossier),
        },
        catalogue=catalogue,
        armament=armament,
        shipped_templates=shipped,
    )
    return Reading(draft, dossier, place_table, way_table, tuple(files.problems))


def _header(files: _Folder) -> Entry[Header] | None:
    name = "scenario.yaml"
    if not files.has(name):
        return None
    document = read_yaml(files.folder / name, name)
    files.problems += document.problems
    if document.data is None:
        return None
    if not isinstance(document.data, dict):
        remedy = "Write 'scenario: NAME', 'title: ...' and so on."
        files.problems.append(document.problem((), "keys with values are wanted.", remedy))
        return None
    header, problems = validate(Header, document)
    files.problems += problems
    return None if header is None else Entry(header.scenario, header, document, ())


_DECLARING = {
    "claim": ("claims", ("claims.yaml", "claims/")),
    "figure": ("figures", ("figures.yaml",)),
    "policy": ("policies", ("policies.yaml",)),
}
_DOSSIER_FILES = (
    "sources.csv", "origins.csv", "claims.yaml", "conflicts.yaml", "figures.yaml",
    "policies.yaml", "homes.yaml", "hypotheses.yaml", "indicators.yaml",
    "points.csv", "arithmetic.yaml",
)  # fmt: skip


def _dossier(files: _Folder) -> Dossier:
    """Return what is said about claims; nothing where a file of theirs may not be read."""
    if any(
        name == "claims" or name.startswith(("claims/", *_DOSSIER_FILES))
        for name in files.unreadable
    ):
        return Dossier(files.folder)
    dossier, problems = read_dossier(files.folder)
    files.problems += problems
    return dossier


def _declared(files: _Folder, dossier: Dossier) -> dict[str, frozenset[str] | None]:
    """Return the ids of claims, figures and policies; None where a file of theirs is broken."""
    broken = {problem.file for problem in files.problems}
    return {
        kind: None
        if any(name.startswith(sources) for name in broken)
        else frozenset(getattr(dossier, table))
        for kind, (table, sources) in _DECLARING.items()
    }


def _rows(files: _Folder, name: str, columns: _Columns) -> Document:
    """Return a list in CSV, each row with its claims parted; empty where the file is not there."""
    if not files.has(name):
        return Document(name, [])
    document = read_csv(files.folder / name, name, *columns)
    for row in document.data if isinstance(document.data, list) else ():
        if "claim" in row:
            row["claim"] = tuple(part.strip() for part in row["claim"].split(";") if part.strip())
    return document


def _geography(files: _Folder, place_ids: frozenset[str] | None) -> tuple[Places, Ways]:
    places, ways = Places([]), Ways([])
    if files.has("places.geojson"):
        places, problems = read_places(files.folder / "places.geojson", "places.geojson")
        files.problems += problems
    if files.has("ways.geojson"):
        ways, problems = read_ways(files.folder / "ways.geojson", places, "ways.geojson")
        # A place that is declared wrongly was told of already.
        files.problems += [p for p in problems if not _names_broken_place(p, places, place_ids)]
    return places, ways


def _names_broken_place(problem: Problem, places: Places, place_ids: frozenset[str] | None) -> bool:
    named = re.search(r"names no place: '([^']*)'", problem.message)
    return named is not None and (place_ids is None or named[1] in place_ids - set(places.id))


def _catalogue(
    files: _Folder, header: Entry[Header] | None
) -> tuple[Catalogue | None, Armament | None]:
    extra: Path | None = None
    if header is not None and header.value.include_catalogue:
        name = header.value.include_catalogue
        extra = files.folder / name
        usable = inside = False
        with contextlib.suppress(OSError, ValueError, RuntimeError):
            within, whole = extra.resolve(), files.folder.resolve()
            inside = within.is_relative_to(whole)
            parts = within.relative_to(whole).parts if inside else ()
            below = "/".join((*parts, ""))
            hidden = any(part.startswith((".", "__")) for part in parts)  # files.py looks at none
            refused = any(other.startswith(below) for other in files.unreadable)
            usable = inside and bool(parts) and extra.is_dir() and not hidden
            if usable and refused:
                return None, None  # told by name already
        if not usable:
            what = "is not a folder that is seen" if inside else "leads outside the scenario folder"
            message = f"the catalogue {name!r} {what}."
            remedy = "Name a folder within the scenario."
            files.problems.append(header.problem("include_catalogue", message, remedy))
            extra = None
    catalogue = None
    try:
        catalogue = load_catalogue(extra)
        return catalogue, load_armament(catalogue, extra)
    except ScenarioError as error:
        files.problems += error.problems
        if catalogue is None:
            files.problems += armament_problems(extra)
        return catalogue, None
