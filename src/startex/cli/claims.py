"""``startex claims``: who says what, from where, against whom, and where it is used."""

from __future__ import annotations

import json as jsonlib
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from startex.cli.words import Json

if TYPE_CHECKING:
    from startex.sources.checks import Bench
    from startex.sources.homes import Home

_SHOWN = 88  # characters of a quote in the table


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
    """
    if json and csv:
        typer.echo("startex: --json and --csv exclude each other", err=True)
        raise typer.Exit(2)
    if sys.stderr.isatty():
        typer.echo(f"reading {scenario} ...", err=True)
    from startex.sources.records import detail, record, select

    bench, homes = _gather(scenario)
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
        _print_card(records[0])
    else:
        _print_table(records)


def _gather(scenario: str) -> tuple[Bench, dict[str, tuple[Home, ...]]]:
    """Return what checks look at, and the homes of every claim.

    Claims can be read while the rest of a scenario is still wrong: its uses are then left out.
    """
    from startex.foundation.errors import ScenarioError
    from startex.geography.places import Places, read_places
    from startex.scenario.load import find_scenario, load_scenario
    from startex.sources.checks import Bench
    from startex.sources.homes import gather
    from startex.sources.load import load_dossier

    folder = find_scenario(scenario)
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


def _print_table(records: list[dict[str, Any]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("claim", "class", "origin", "quote", "conflicts", "homes"):
        widest = 12 if name == "conflicts" else None
        fixed = name in ("claim", "class", "origin")
        table.add_column(name, no_wrap=fixed, max_width=widest)
    for each in records:
        quote = each["quote"]
        quote = quote if len(quote) <= _SHOWN else quote[: _SHOWN - 1] + "…"
        struck = "strike" if each["rank"] == "deprecated" else ""
        firm = [home for home in each["homes"] if not home.startswith(("conflict:", "arithmetic:"))]
        cells = (each["claim"], each["class"], each["origin"], quote, " ".join(each["conflicts"]))
        table.add_row(*(Text(cell, style=struck) for cell in cells), Text(str(len(firm))))
    console = Console()
    console.print(table)
    sources = len({each["source"] for each in records})
    origins = len({each["origin"] for each in records})
    console.print(
        f"{len(records)} claims from {sources} sources, which go back to {origins} origins"
    )


def _print_card(each: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    card = Table.grid(padding=(0, 2))
    card.add_column(style="bold", no_wrap=True)
    card.add_column()

    def line(name: str, text: str) -> None:
        if text:
            card.add_row(Text(name), Text(text))

    verbatim = each["wording"] == "verbatim"
    line(each["claim"], f"{each['kind']}, {each['class']}, rank {each['rank']}")
    line(
        "quote" if verbatim else each["wording"],
        f"“{each['quote']}”" if verbatim else each["quote"],
    )
    line("record", each["content"])
    line("read as", each["note"])
    for said in each["says"]:
        line("says", _said(said))
    line("rank", each["rank_reason"])
    line("said by", each["said_by"])
    where = ", ".join(t for t in (each["publisher"], each["date"], each["address"]) if t)
    line("source", f"{each['source']}: {each['source_title']} ({where})")
    line("origin", f"{each['origin']}: {each['origin_name']}")
    line(
        "",
        f"{len(each['same_origin'])} other claims, in {each['same_origin_sources']} sources, "
        "go back to the same origin",
    )
    line("asserted", each["asserted"])
    line("confidence", each["confidence"])
    for conflict in each["against"]:
        others = ", ".join(conflict["claims"]) or "itself"
        line("conflict", f"{conflict['conflict']} {conflict['topic']}, against {others}")
        line("", f"{conflict['state']}: {conflict['resolution']}")
    for finding in each["findings"]:
        line("check", f"{finding['check']}: {finding['verdict']}. {finding['sentence']}")
    for home in each["homes"]:
        if not home.startswith("conflict:"):
            line("used", home)
    Console(highlight=False).print(card)


def _said(said: dict[str, Any]) -> str:
    value = said["text"] or ", ".join(said["items"]) or said["date"]
    if said["value"] is not None or said["low"] is not None or said["high"] is not None:
        bound = "" if said["bound"] in ("exactly", "between") else f"{said['bound']} "
        number = said["value"]
        shown = f"{number:,.10g}" if number is not None else _range(said["low"], said["high"])
        value = f"{bound}{shown} {said['unit']}".rstrip()
        value += f" (“{said['text']}”)" if said["text"] else ""
    rule = f" [{said['counting_rule']}]" if said["counting_rule"] else ""
    return f"{said['subject']}.{said['field']} = {value}{rule}"


def _range(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"up to {high:,.10g}" if low is None else f"at least {low:,.10g}"
    return f"{low:,.10g} to {high:,.10g}"
