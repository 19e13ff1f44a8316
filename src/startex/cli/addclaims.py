"""``startex claims add``: the claims of a new report, proposed, and written once decided."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from startex.cli.progress import announce
from startex.cli.words import counted

if TYPE_CHECKING:
    from startex.reports.propose import Known
    from startex.reports.reviewfile import ReviewFile


def add(
    file: Annotated[
        str, typer.Argument(help="The report: plain text, HTML or PDF; - is standard input.")
    ] = "",
    scenario: Annotated[
        str, typer.Option(help="Scenario the report is about; with --decided: your own folder.")
    ] = "",
    decided: Annotated[
        Path | None, typer.Option(help="Review file in which everything is decided: write it.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Review file to write; standard output if not given.")
    ] = None,
    interactive: Annotated[
        bool, typer.Option("--interactive", help="Ask for each proposal, on a terminal.")
    ] = False,
    source: Annotated[str, typer.Option(help="Id of the report as a source.")] = "",
    title: Annotated[str, typer.Option(help="Its title.")] = "",
    publisher: Annotated[str, typer.Option(help="Who published it.")] = "",
    date: Annotated[str, typer.Option(help="When (EDTF: 2022-08-29): dates count from it.")] = "",
    address: Annotated[str, typer.Option(help="Where it can be found.")] = "",
    origin: Annotated[
        str, typer.Option(help="Its own origin: who speaks where nobody is named.")
    ] = "",
    encoding: Annotated[str, typer.Option(help="Of text and HTML; UTF-8 if not given.")] = "",
    known: Annotated[
        list[Path] | None,
        typer.Option(help="Another report to compare with, beside the scenario's sources."),
    ] = None,
    extractor: Annotated[
        str, typer.Option(help="What proposes: rules (built in), openai, or one installed.")
    ] = "rules",
    endpoint: Annotated[str, typer.Option(help="openai: address, http://localhost:8080/v1.")] = "",
    model: Annotated[str, typer.Option(help="openai: name of the model.")] = "",
    key_variable: Annotated[
        str, typer.Option(help="openai: environment variable with the key (STARTEX_API_KEY).")
    ] = "",
    timeout: Annotated[
        float, typer.Option(min=0.1, max=3600.0, help="openai: seconds to wait.")
    ] = 60.0,
) -> None:
    """Propose the claims of a report for a person to decide, or write those decided.

    Nothing is added by itself: the proposals come as a review file, in which you write
    accept, correct or refuse.

    Example: startex claims add report.txt --scenario my-exercise --out proposals.yaml

    Then: startex claims add --decided proposals.yaml --scenario my-exercise
    """
    from startex.foundation.errors import UsageError

    if not scenario:
        raise UsageError("--scenario is missing: the scenario that the report is about")
    if decided is not None:
        if file or out or interactive:
            raise UsageError("--decided writes what is decided: it takes --scenario and no more")
        _write_decided(decided, scenario)
        return
    if not file:
        raise UsageError("give the file of a report, or - for standard input")
    if interactive:
        _require_terminal(file, out)
    announce(f"reading {file}")
    from startex.reports.extractors import make_extractor
    from startex.reports.propose import About, propose
    from startex.reports.reviewfile import write_review
    from startex.reports.text import read_report

    about = About(source, title, publisher, _date(date), address, origin)
    _check_ids(source, origin)
    options = {"endpoint": endpoint, "model": model, "key_variable": key_variable}
    chosen = make_extractor(extractor, {**options, "timeout": str(timeout)})
    report = read_report(file, encoding=encoding)
    review = propose(report, _known(scenario, known or []), about, chosen, extractor)
    for line in getattr(chosen, "refused", ()):
        typer.echo(f"left out: {line}", err=True)
    if interactive:
        from startex.cli.asking import ask

        review = ask(review)
    text = write_review(review)
    if out is None:
        typer.echo(text, nl=False)
    else:
        from startex.recording.wholefile import write_whole

        write_whole(out, text.encode("utf-8"))
    _tell(review, out, scenario)


def _write_decided(decided: Path, scenario: str) -> None:
    announce(f"reading {decided}")
    from startex.reports.accept import accept
    from startex.scenario.shipped import find_scenario

    done = accept(decided, find_scenario(scenario))
    new = f", new origins {', '.join(done.origins)}" if done.origins else ""
    typer.echo(
        f"{counted({'claims': len(done.claims)})} written to {done.file} "
        f"({done.claims[0]} to {done.claims[-1]}), {done.refused} refused; "
        f"source {done.source}{new}"
    )
    typer.echo(f"next: startex claims {scenario} --source {done.source}")


def _require_terminal(file: str, out: Path | None) -> None:
    from startex.foundation.errors import UsageError

    if file == "-" or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("--interactive asks on a terminal; without one, edit the review file")
    if out is None:
        raise UsageError("--interactive wants --out: the review file that your answers go to")


def _date(text: str) -> str:
    from startex.foundation.errors import UsageError
    from startex.sources.edtf import edtf_bounds

    if text:
        try:
            edtf_bounds(text)
        except ValueError as error:
            raise UsageError(f"--date: {error}") from None
    return text


def _check_ids(source: str, origin: str) -> None:
    import re

    from startex.foundation.errors import UsageError
    from startex.foundation.ids import ID_PATTERN

    for option, name in (("--source", source), ("--origin", origin)):
        if name and not re.fullmatch(ID_PATTERN, name):
            raise UsageError(
                f"{option} {name!r} is no id: letters, digits, '.', '_' and '-', "
                "beginning with a letter or digit"
            )


def _known(scenario: str, others: list[Path]) -> Known:
    """Return what the scenario knows; it may be wrong elsewhere than in its claims."""
    from startex.geography.places import read_places
    from startex.reports.propose import Known
    from startex.reports.text import read_report
    from startex.scenario.files import require_readable
    from startex.scenario.shipped import find_scenario
    from startex.sources.load import load_dossier

    folder = find_scenario(scenario)
    require_readable(folder)
    dossier = load_dossier(folder)
    path = folder / "places.geojson"
    named = read_places(path, path.name)[0] if path.is_file() else ()
    names = {place.name.partition(" (")[0] for place in named}
    return Known(
        sources=dossier.sources,
        origins=dossier.origins,
        claims=dossier.claims,
        places=tuple(sorted(name for name in names if len(name) > 3)),
        texts={other.name: read_report(str(other)).text for other in others},
    )


def _tell(review: ReviewFile, out: Path | None, scenario: str) -> None:
    for each in review.repeats:
        typer.echo(
            f"{each.verdict}: {each.known} (Jaccard {each.jaccard_percent:.0f} %; "
            f"{each.contained_percent:.0f} % of what is known of it stands here, "
            f"{each.of_this_percent:.0f} % of this report stands there)",
            err=True,
        )
    open_ones = sum(each.decision == "undecided" for each in review.proposals)
    typer.echo(
        f"{counted({'proposals': len(review.proposals)})}, {open_ones} undecided; "
        f"source {review.report.source}",
        err=True,
    )
    if out is not None:
        typer.echo(
            f"next: decide them in {out}, then: "
            f"startex claims add --decided {out} --scenario {scenario}",
            err=True,
        )
