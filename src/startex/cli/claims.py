"""``startex claims``: who says what, from where, against whom, and where it is used."""

from __future__ import annotations

import json as jsonlib
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from startex.cli.progress import announce
from startex.cli.words import Json

if TYPE_CHECKING:
    from startex.sources.bench import Bench
    from startex.sources.homes import Home


def claims(
    scenario: Annotated[str, typer.Argument(help="Scenario folder, or a shipped scenario.")],
    claim: Annotated[str, typer.Argument(help="One claim, whole.")] = "",
    subject: Annotated[str, typer.Option(help="Only about this: exercise, china ...")] = "",
    source: Annotated[str, typer.Option(help="Only from this publication.")] = "",
    origin: Annotated[str, typer.Option(help="Only from this first speaker.")] = "",
    kind: Annotated[
        str,
        typer.Option(
            help="seed, source, background or arithmetic; or fact, attributed or inference."
        ),
    ] = "",
    conflict: Annotated[str, typer.Option(help="Only those in this conflict.")] = "",
    unused: Annotated[bool, typer.Option("--unused", help="Only those used nowhere.")] = False,
    json: Json = False,
    csv: Annotated[
        bool, typer.Option("--csv", help="Print CSV, a row for each statement.")
    ] = False,
) -> None:
    """Print the claims of a scenario, or one of them with all that is known about it.

    Example: startex claims vostok-2022 S000-15

    A new report is coded with: startex claims add (see startex claims add --help)
    """
    if json and csv:
        typer.echo("startex: --json and --csv exclude each other", err=True)
        raise typer.Exit(2)
    announce(f"reading {scenario}")
    from startex.cli.claimtext import print_card, print_list
    from startex.sources.records import detail, record, select

    bench, homes = gather(scenario)
    names = select(
        bench.dossier,
        homes,
        claim=claim,
        subject=subject,
        source=source,
        origin=origin,
        kind=kind,
        conflict=conflict,
        unused=unused,
    )
    if claim:
        records = [detail(bench, homes, name) for name in names]
    else:
        records = [record(bench.dossier, homes, name) for name in names]
    if json:
        typer.echo(jsonlib.dumps(records, ensure_ascii=False, indent=1))
    elif csv:
        _print_csv(records)
    elif claim and records:
        print_card(records[0])
    else:
        print_list(records)


def gather(scenario: str) -> tuple[Bench, dict[str, tuple[Home, ...]]]:
    """Return what checks look at, and the homes of every claim.

    Claims can be read while the rest of a scenario is still wrong: its uses are then left out.
    """
    from startex.foundation.errors import ScenarioError
    from startex.geography.places import Places, read_places
    from startex.scenario.files import require_readable
    from startex.scenario.load import find_scenario, load_scenario
    from startex.sources.bench import Bench
    from startex.sources.homes import gather
    from startex.sources.load import load_dossier

    folder = find_scenario(scenario)
    require_readable(folder)
    dossier = load_dossier(folder)
    usages: list[tuple[str, tuple[str, ...]]] = []
    places, path = Places([]), folder / "places.geojson"
    if path.is_file():
        places = read_places(path, path.name)[0]
    policies = list(dossier.policies)
    try:
        loaded = load_scenario(folder)
        usages = list(loaded.provenances())
        policies = [*loaded.policies, *policies]
    except ScenarioError as error:
        typer.echo(
            f"the scenario has {len(error.problems)} problems ('startex check {scenario}'): "
            "uses of claims in it are left out",
            err=True,
        )
    resolved = dossier.resolve(policies[0]) if policies else {}
    return Bench(dossier, places, resolved), gather(dossier, usages)


def _print_csv(records: list[dict[str, Any]]) -> None:
    import csv as csvlib

    from startex.sources.records import CSV_COLUMNS, csv_rows

    writer = csvlib.writer(sys.stdout, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    writer.writerows(csv_rows(records))
