"""Read a scenario whole, and say everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

from startex.environment.weather import Weather
from startex.forces.communications import Figure
from startex.forces.expansions import Expansions
from startex.foundation.errors import Problem, ScenarioError
from startex.scenario.checks import run_checks
from startex.scenario.checks.capacity import check_capacity
from startex.scenario.checks.claims import check_claim_checks, check_elsewhere
from startex.scenario.draft import Draft
from startex.scenario.header import ContextEvent
from startex.scenario.read import Reading, read_folder
from startex.scenario.scenario import Scenario
from startex.scenario.shipped import SHIPPED, find_scenario, shipped_scenarios

__all__ = [
    "SHIPPED",
    "check_scenario",
    "find_scenario",
    "load_scenario",
    "shipped_scenarios",
]


def check_scenario(path: str | Path) -> tuple[Problem, ...]:
    """Return every problem of a scenario folder, in file and line order; () if there is none.

    Parameters
    ----------
    path
        The folder.
    """
    return _read_and_check(Path(path), Expansions())[1]


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Return a scenario, by shipped name or path.

    Raises
    ------
    StartexError
        If there is none of that name.
    ScenarioError
        With all problems, if there are any.
    """
    folder = find_scenario(name_or_path)
    expansions = Expansions()
    reading, problems = _read_and_check(folder, expansions)
    draft = reading.draft
    header, catalogue, armament = draft.header, draft.catalogue, draft.armament
    if problems or header is None or catalogue is None or armament is None:
        raise ScenarioError(problems)
    templates = {**draft.shipped_templates, **{e.name: e.value for e in draft.templates}}
    return Scenario(
        name=header.value.scenario,
        title=header.value.title,
        summary=header.value.summary,
        folder=folder,
        start_ms=header.value.start_ms,
        end_ms=header.value.end_ms,
        utc_offset_h=header.value.utc_offset_h,
        policies=header.value.policies,
        dossier=reading.dossier,
        places=reading.places,
        ways=reading.ways,
        lines=tuple(sorted((e.value for e in draft.lines), key=lambda line: line.unit)),
        templates=tuple(templates[name] for name in sorted(templates)),
        catalogue=catalogue,
        armament=armament,
        serials=tuple(
            sorted(
                (entry.value for entry in draft.serials),
                key=lambda s: (s.start_ms, -s.priority, s.serial),
            )
        ),
        events=_events(draft),
        weather=_weather(draft),
        communication_figures=_communications(draft),
        expansions=expansions,
    )


def _read_and_check(folder: Path, expansions: Expansions) -> tuple[Reading, tuple[Problem, ...]]:
    reading = read_folder(folder)
    problems = (*reading.problems, *run_checks(reading.draft))
    problems += tuple(check_capacity(reading.draft, reading.dossier, problems, expansions))
    header = reading.draft.header
    if not problems and header is not None:  # checks look at all of it
        found = check_claim_checks(reading.dossier, reading.places, header.value.policies)
        problems += (*found, *check_elsewhere(reading.dossier))
    return reading, tuple(sorted(set(problems)))


def _events(draft: Draft) -> tuple[ContextEvent, ...]:
    events = [
        ContextEvent(
            t=row.t_ms(draft.offset_h(row.place)),
            exact=bool(row.time),
            place=row.place,
            text=row.text,
            claim=row.claim,
            assumed=row.assumed,
        )
        for row in (entry.value for entry in draft.events)
    ]
    return tuple(sorted(events, key=lambda event: (event.t, event.place, event.text)))


def _weather(draft: Draft) -> tuple[Weather, ...]:
    rows = (entry.value.weather() for entry in draft.weather)
    return tuple(sorted(rows, key=lambda row: (row.area, row.t)))


def _communications(draft: Draft) -> tuple[Figure, ...]:
    rows = (entry.value.held() for entry in draft.communications)
    return tuple(sorted(rows, key=lambda row: (row.item, row.figure)))
