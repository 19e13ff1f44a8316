"""Running an ensemble into a folder, and finishing one that was interrupted."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from startex.ensemble.about import design_from_json, design_to_json, stopping_to_json
from startex.ensemble.design import Design
from startex.ensemble.driver import Driver, Made, Progress
from startex.ensemble.journal import JOURNAL, Journal
from startex.ensemble.measures import check_queries
from startex.ensemble.plan import Plan, settle
from startex.ensemble.pool import Crew, Pool
from startex.ensemble.replicate import Replicator, Task
from startex.ensemble.tables import (
    ENSEMBLE,
    FORMAT,
    write_failures,
    write_json,
    write_measures,
    write_table,
)
from startex.foundation.errors import StartexError, StoreError, UsageError, did_you_mean
from startex.recording.lock import LOCK, FolderLock
from startex.recording.parquet import TEMPORARY
from startex.review.parts import PARTS, may_match
from startex.scenario.scenario import Scenario
from startex.scenario.shipped import SHIPPED
from startex.version import __version__

if TYPE_CHECKING:
    from startex.ensemble.reading import Ensemble

Telling = Callable[[Progress], None]

LOCAL = "local"
"""Where ensembles run if nothing else is said: in processes on this machine."""

_RUNS, _WORK, _LOG = "runs", "work", "log.json"
_DESIGN, _MEASURES, _FAILURES = "design.parquet", "measures.parquet", "failures.parquet"


def run_ensemble(
    scenario: str | Path | Scenario,
    design: Design | None = None,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    on: str = LOCAL,
    progress: Telling | None = None,
    **fields: Any,
) -> Ensemble:
    """Run an ensemble and return it.

    Parameters
    ----------
    scenario
        Shipped name, folder, or as `startex.load` returns it.
    design
        What to run; or give its fields by name: ``seeds=range(20), policies=("all",)``.
    out
        New or empty folder; ``runs/SCENARIO-ensemble`` when not given.
    workers
        How many processes; as many as there are cores when not given. Changes nothing of the
        result.
    on
        ``local``; ``ray`` for a cluster of Ray, or its address ``ray://HOST:PORT``.
    progress
        Called when a replication is finished.

    Raises
    ------
    StartexError
        If the design does not fit, the scenario does not load, or the folder cannot be written.
        Replications that fail are recorded, and raise nothing.
    """
    _check_on(on)
    design = _design(design, fields)
    name = _reference(scenario)
    reader = Replicator(Task(name, "", design.measures, design.queries, design.keep, "", ""))
    addresses = reader.addresses
    loaded = reader.scenario()
    plan = settle(design, loaded, addresses)
    _check_measures(plan.design)
    folder = Path(out) if out is not None else Path("runs") / f"{loaded.name}-ensemble"
    lock = _begin(folder)
    try:
        header = {
            "format": FORMAT,
            "scenario": loaded.name,
            "scenario_folder": name,
            "scenario_digest": loaded.digest,
            "title": loaded.title,
            "startex": __version__,
            "policies": {
                policy: loaded.dossier.policies[policy].name
                for policy in loaded.policies
                if policy in loaded.dossier.policies
            },
            "design": design_to_json(plan.design),
            "stopping": stopping_to_json(plan.design),
            "runs_planned": plan.runs_planned,
            "complete": False,
        }
        write_json(folder / ENSEMBLE, header)
        _carry_out(folder, header, plan, workers, on, progress)
    finally:
        lock.release()
    return _opened(folder)


def resume_ensemble(
    folder: str | Path,
    *,
    workers: int | None = None,
    on: str = LOCAL,
    progress: Telling | None = None,
    most_minutes: float | None = None,
) -> Ensemble:
    """Finish an ensemble that was interrupted; one that is complete is returned as it is.

    Parameters
    ----------
    folder
        The ensemble folder.
    workers, on, progress
        As in `run_ensemble`.
    most_minutes
        Ends it again after so long.

    Raises
    ------
    StartexError
        If there is none, or the scenario or the program has changed since.
    """
    _check_on(on)
    folder = Path(folder)
    header = read_header(folder)
    if header.get("complete"):
        (folder / JOURNAL).unlink(missing_ok=True)  # of a driver killed in its last moment
        return _opened(folder)
    lock = FolderLock(folder)
    try:
        header = read_header(folder)
        design = design_from_json(header["design"], header["stopping"])
        name = str(header["scenario_folder"])
        task = Task(name, "", design.measures, design.queries, design.keep, "", "")
        reader = Replicator(task)
        addresses = reader.addresses
        loaded = reader.scenario()
        then = (header["scenario_digest"], header["startex"])
        if (loaded.digest, __version__) != then:
            raise StartexError(
                f"{folder} cannot be resumed: the scenario or the program has changed since "
                f"(scenario {then[0][:12]} then, {loaded.digest[:12]} now; "
                f"version {then[1]} then, {__version__} now); run it anew"
            )
        plan = settle(replace(design, most_minutes=most_minutes), loaded, addresses)
        _carry_out(folder, header, plan, workers, on, progress)
    finally:
        lock.release()
    return _opened(folder)


def read_header(folder: Path) -> dict[str, Any]:
    """Return what ``ensemble.json`` says.

    Raises
    ------
    StoreError
        If it is not there, or cannot be read.
    """
    path = folder / ENSEMBLE
    try:
        header = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise StoreError(f"{folder} holds no ensemble: it has no {ENSEMBLE}") from error
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be read: {error}") from error
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise StoreError(f"{path} is no ensemble of format {FORMAT}")
    return header


def _design(design: Design | None, fields: dict[str, Any]) -> Design:
    known = Design.__dataclass_fields__
    for name in fields:
        if name not in known:
            raise UsageError(f"a design has no {name!r}; {did_you_mean(name, known)}")
    made: dict[str, Any] = {
        name: tuple(value) if isinstance(value, range | list) else value
        for name, value in fields.items()
    }
    if isinstance(made.get("policies"), str):
        made["policies"] = (made["policies"],)
    design = replace(design or Design(), **made)
    design.check()
    return design


def _reference(scenario: str | Path | Scenario) -> str:
    """Return how workers find the scenario: its shipped name, or its whole path."""
    if isinstance(scenario, Scenario):
        folder = Path(scenario.folder).resolve()
        return scenario.name if folder.parent == SHIPPED.resolve() else str(folder)
    from startex.scenario.shipped import find_scenario  # noqa: PLC0415

    found = find_scenario(scenario).resolve()
    return found.name if found.parent == SHIPPED.resolve() else str(found)


def _check_measures(design: Design) -> None:
    begins = sorted({begin for part in PARTS for begin in part.begins})
    for pattern in design.measures:
        if not any(may_match(pattern, begin) for begin in begins):
            hint = did_you_mean(pattern.split(".")[0] + ".", begins)
            raise UsageError(f"no figure of the review matches {pattern!r}; {hint}")
    check_queries(design.queries)


def _begin(folder: Path) -> FolderLock:
    """Make the folder and lock it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make the folder {folder}: {error.strerror}") from error
    lock = FolderLock(folder)
    ours = (LOCK, ENSEMBLE + TEMPORARY)  # of a driver killed before it had begun
    others = sorted(path.name for path in folder.iterdir() if path.name not in ours)
    if not others:
        return lock
    lock.release()
    if ENSEMBLE in others:
        raise StoreError(
            f"{folder} holds an ensemble already. 'startex resume {folder}' goes on with it; "
            "or choose another folder with --out."
        )
    raise StoreError(f"{folder} is not empty ({', '.join(others[:5])}); choose another folder.")


def _check_on(on: str) -> None:
    if on not in (LOCAL, "ray") and not on.startswith("ray://"):
        raise UsageError(f"ensembles do not run on {on!r}; allowed: local, ray, ray://HOST:PORT")
    if on != LOCAL and find_spec("ray") is None:
        raise UsageError("--on ray needs Ray: pip install 'startex[cluster]'")


def _crew(on: str, task: Task, workers: int | None) -> Crew:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if workers is not None and workers < 1:
        raise UsageError(f"{workers} workers; at least 1 is wanted")
    if on == LOCAL:
        return Pool(task, workers or cores or 1)
    from startex.ensemble.onray import Cluster  # noqa: PLC0415  (late: Ray takes seconds)

    return Cluster(on, task, workers)


def _carry_out(
    folder: Path,
    header: dict[str, Any],
    plan: Plan,
    workers: int | None,
    on: str,
    progress: Telling | None,
) -> None:
    """Run what is left, write the tables, and tidy up."""
    whole = folder.resolve()
    design = plan.design
    task = Task(
        header["scenario_folder"], header["scenario_digest"], design.measures, design.queries,
        design.keep, str(whole / _RUNS), str(whole / _WORK),
    )  # fmt: skip
    shutil.rmtree(folder / _WORK, ignore_errors=True)  # of a driver that was killed
    begun, wall = time.monotonic(), time.time()
    deadline = None if design.most_minutes is None else begun + 60.0 * design.most_minutes
    with Journal(folder) as journal:
        crew = _crew(on, task, workers)
        try:
            made = Driver(plan, journal, crew, progress, deadline).run()
        finally:
            crew.close()
            shutil.rmtree(folder / _WORK, ignore_errors=True)
        _finish(folder, header, plan, journal, made)
        _log(folder, journal, wall, time.monotonic() - begun, on, workers)
        journal.remove()


def _finish(folder: Path, header: dict[str, Any], plan: Plan, journal: Journal, made: Made) -> None:
    runs = [run for run, _, _ in made.runs]
    write_table(folder / _DESIGN, plan.table(made.runs))
    write_measures(folder / _MEASURES, journal, runs)
    write_failures(folder / _FAILURES, journal)
    done = sum(run in journal.done for run in runs)
    header |= {
        "stopping": {**header["stopping"], "ended_by": made.ended_by},
        "runs_done": done,
        "runs_failed": len(runs) - done,
        "complete": True,
    }
    write_json(folder / ENSEMBLE, header)


def _log(
    folder: Path, journal: Journal, wall: float, elapsed: float, on: str, workers: int | None
) -> None:
    """Write what the clock says; nothing that is compared."""
    write_json(
        folder / _LOG,
        {
            "begun": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(wall)),
            "elapsed_s": round(elapsed, 3),
            "on": on,
            "workers": workers,
            "replications": len(journal.done),
            "replication_s": round(journal.seconds, 3),
            "simulation_s": round(journal.simulated, 3),
        },
    )


def _opened(folder: Path) -> Ensemble:
    from startex.ensemble.reading import open_ensemble  # noqa: PLC0415  (late: reads the tables)

    return open_ensemble(folder)
