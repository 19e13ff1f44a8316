"""``startex ensemble``: many runs of a scenario."""

from __future__ import annotations

import json as jsonlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from startex.cli.progress import announce, ensemble_progress
from startex.cli.stopping import resumable
from startex.cli.words import Json
from startex.foundation.errors import UsageError

if TYPE_CHECKING:
    from startex.ensemble.design import Design
    from startex.ensemble.reading import Ensemble


def ensemble(
    scenario: Annotated[str, typer.Argument(help="Shipped scenario, or a scenario folder.")] = "",
    design: Annotated[
        str,
        typer.Option(help="Design file (YAML), or one of the scenario's by name; flags change it."),
    ] = "",
    runs: Annotated[
        int | None, typer.Option(min=1, help="Replications of each variant: seeds from 0.")
    ] = None,
    seeds: Annotated[str, typer.Option(help="Seeds: 0..99 or 1,2,5.")] = "",
    policies: Annotated[str, typer.Option(help="all, or a,b; default: the first.")] = "",
    vary: Annotated[
        list[str] | None, typer.Option(help="PATH=uniform(a, b) and the like; may be repeated.")
    ] = None,
    claim: Annotated[
        list[str] | None, typer.Option(help="FIGURE, FIGURE=CLAIM,CLAIM or FIGURE=draw.")
    ] = None,
    kind: Annotated[
        str,
        typer.Option(help="factorial, latin, sobol, saltelli, morris or one-at-a-time."),
    ] = "",
    points: Annotated[int | None, typer.Option(help="Points, trajectories or values.")] = None,
    sample_seed: Annotated[int | None, typer.Option(help="Seed of the sampling.")] = None,
    independent: Annotated[
        bool, typer.Option("--independent", help="Other seeds in every variant.")
    ] = False,
    measures: Annotated[
        list[str] | None, typer.Option(help="Figures of the review: movement.*; may be repeated.")
    ] = None,
    sql: Annotated[
        list[str] | None, typer.Option(help="NAME[UNIT]=QUERY: a measure over the run store.")
    ] = None,
    until: Annotated[str, typer.Option(help="MEASURE=HALF_WIDTH, or MEASURE=5%.")] = "",
    key: Annotated[str, typer.Option(help="With --until: key of the measure.")] = "",
    confidence: Annotated[float, typer.Option(help="With --until: of the interval.")] = 0.95,
    batch: Annotated[int, typer.Option(help="With --until: replications added at a time.")] = 10,
    most: Annotated[int | None, typer.Option(help="Most runs in all.")] = None,
    minutes: Annotated[float | None, typer.Option(help="Begin no batch after so long.")] = None,
    keep: Annotated[str, typer.Option(help="Run folders that stay: none, failed or all.")] = "",
    workers: Annotated[
        int | None, typer.Option(min=1, max=1024, help="Processes; default: one a core.")
    ] = None,
    on: Annotated[str, typer.Option(help="local, ray, or ray://HOST:PORT.")] = "local",
    out: Annotated[
        str, typer.Option(help="Folder of the ensemble; default: runs/SCENARIO-ensemble.")
    ] = "",
    resume: Annotated[
        Path | None, typer.Option(help="Finish the interrupted ensemble in this folder.")
    ] = None,
    json: Json = False,
) -> None:
    """Run a scenario many times: over seeds, policies, claims and figures.

    Example: startex ensemble three-nations-day --runs 20 --policies all --out runs/many
    """
    if resume is not None:
        if scenario or design:
            raise UsageError("--resume takes the design from the folder; name nothing else")
        announce(f"resuming {resume}")
        resume_in(resume, workers=workers, on=on, minutes=minutes, json=json)
        return
    if not scenario:
        raise UsageError("name a scenario, or an ensemble to go on with (--resume FOLDER)")
    announce(f"reading {scenario}")
    from startex.ensemble.design import Design, parse_seeds
    from startex.ensemble.designfile import find_design, read_design
    from startex.ensemble.flags import parse_claim, parse_query, parse_until, parse_vary
    from startex.ensemble.run import run_ensemble

    made = read_design(find_design(scenario, design)) if design else Design()
    if runs is not None and seeds:
        raise UsageError("--runs counts seeds from 0; give it or --seeds")
    factors = [*map(parse_vary, vary or ()), *map(parse_claim, claim or ())]
    given: dict[str, Any] = {
        "factors": (*made.factors, *factors) if factors else (),
        "seeds": parse_seeds(seeds) if seeds else tuple(range(runs or 0)),
        "policies": tuple(part.strip() for part in policies.split(",")) if policies else (),
        "kind": kind,
        "points": points,
        "sample_seed": sample_seed,
        "measures": tuple(measures or ()),
        "queries": (*made.queries, *map(parse_query, sql)) if sql else (),
        "until": parse_until(until, key, confidence, batch) if until else None,
        "most_runs": most,
        "most_minutes": minutes,
        "keep": keep,
        "common_random_numbers": False if independent else None,
    }
    fields = {name: value for name, value in given.items() if value not in (None, "", ())}
    folder = _folder(scenario, out)
    with resumable(folder), ensemble_progress(folder.name) as progress:
        found = run_ensemble(
            scenario, _checked(made, fields), out=folder, workers=workers, on=on,
            progress=progress,
        )  # fmt: skip
    _show(folder, found, json=json)


def _checked(design: Design, fields: dict[str, Any]) -> Design:
    from dataclasses import replace

    return replace(design, **fields)


def _folder(scenario: str, out: str) -> Path:
    if out:
        return Path(out)
    from startex.scenario.shipped import find_scenario

    return Path("runs") / f"{find_scenario(scenario).resolve().name}-ensemble"


def resume_in(
    folder: Path,
    *,
    workers: int | None = None,
    on: str = "local",
    minutes: float | None = None,
    json: bool = False,
) -> None:
    """Finish the ensemble in a folder and tell what it holds."""
    from startex.ensemble.run import resume_ensemble

    with resumable(folder), ensemble_progress(folder.name) as progress:
        found = resume_ensemble(
            folder, workers=workers, on=on, progress=progress, most_minutes=minutes
        )
    _show(folder, found, json=json)


def _show(folder: Path, found: Ensemble, *, json: bool) -> None:
    header = found.header
    if json:
        wanted = ("scenario", "runs_planned", "runs_done", "runs_failed", "stopping")
        typer.echo(jsonlib.dumps({"ensemble": str(folder), **{k: header[k] for k in wanted}}))
        return
    done, failed = header["runs_done"], header["runs_failed"]
    typer.echo(f"{folder}: {header['scenario']}, {done:,} replications")
    typer.echo(f"  ended by: {header['stopping']['ended_by']} ({header['runs_planned']:,} planned)")
    if failed:
        typer.echo(f"  {failed:,} FAILED; failures.parquet says why, the first:")
        typer.echo(f"  {found.failures.column('error')[0].as_py()}")
    typer.echo(f"next: startex review {folder}")
