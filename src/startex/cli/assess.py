"""``startex assess``: what holds of the claims, and which hypotheses have least against them."""

from __future__ import annotations

import dataclasses
import json as jsonlib
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from startex.cli.progress import announce
from startex.cli.words import Json

if TYPE_CHECKING:
    from startex.sources.bench import Bench
    from startex.sources.verdicts import Verdict

COLUMNS = ("claim", "kind", "origin", "verdict", "figure", "unit", "why", "quote")


def assess(
    scenario: Annotated[str, typer.Argument(help="Scenario folder, or a shipped scenario.")],
    question: Annotated[str, typer.Option(help="Only this question.")] = "",
    claims: Annotated[bool, typer.Option("--claims", help="Only the verdicts on claims.")] = False,
    run: Annotated[
        str, typer.Option(help="Run folder whose figures the claims are held against, too.")
    ] = "",
    json: Json = False,
    csv: Annotated[
        bool, typer.Option("--csv", help="Print the verdicts on claims as CSV.")
    ] = False,
    claimreview: Annotated[
        bool, typer.Option("--claimreview", help="Print schema.org ClaimReview (JSON-LD).")
    ] = False,
    prov: Annotated[
        bool, typer.Option("--prov", help="Print who says what, from where, as W3C PROV-JSON.")
    ] = False,
) -> None:
    """Print what holds of the claims of a scenario, and how competing hypotheses stand (Markdown).

    Example: startex assess vostok-2022 > assessment.md
    """
    from startex.foundation.errors import UsageError, did_you_mean

    if sum((json, csv, claimreview, prov)) > 1:
        raise UsageError("--json, --csv, --claimreview and --prov exclude each other")
    announce(f"reading {scenario}")
    from startex.cli.assesstext import of_claims, of_question
    from startex.cli.claims import gather
    from startex.sources.competing import CAVEATS
    from startex.sources.competing import assess as score
    from startex.sources.exports import claim_reviews, provenance
    from startex.sources.verdicts import verdicts

    bench, homes = gather(scenario)
    questions = bench.dossier.questions
    if question and question not in questions:
        raise UsageError(f"no question {question!r}; {did_you_mean(question, questions)}")
    if prov:
        typer.echo(jsonlib.dumps(provenance(bench.dossier), ensure_ascii=False, indent=1))
        return
    found = verdicts(bench, homes)
    if run:
        found = _held_against(run, bench, found)
    if claimreview:
        reviews = claim_reviews(bench.dossier, found, bench.dossier.folder.name)
        typer.echo(jsonlib.dumps(reviews, ensure_ascii=False, indent=1))
        return
    asked = {} if claims or csv else {k: q for k, q in questions.items() if question in ("", k)}
    results = {key: score(each, bench.dossier.claims) for key, each in asked.items()}
    if json:
        told = {
            "claims": [_row(bench, verdict) for verdict in found.values()],
            "questions": [dataclasses.asdict(result) for result in results.values()],
            "caveats": list(CAVEATS),
        }
        typer.echo(jsonlib.dumps(told, ensure_ascii=False, indent=1))
    elif csv:
        import csv as csvlib

        writer = csvlib.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_row(bench, verdict) for verdict in found.values())
    else:
        parts = [] if question else [of_claims(bench.dossier, found)]
        parts += [of_question(asked[key], result) for key, result in results.items()]
        typer.echo("\n".join(parts))


def _held_against(run: str, bench: Bench, found: dict[str, Verdict]) -> dict[str, Verdict]:
    """Return verdicts that also know what a run of the scenario gave."""
    from startex.foundation.errors import UsageError
    from startex.review.measured import measured
    from startex.review.measures import measure
    from startex.sources.verdicts import with_measures

    announce(f"reading {run}")
    told = measure(run)
    name = bench.dossier.folder.name
    if told.record.header.scenario != name:
        raise UsageError(
            f"{run} is a run of {told.record.header.scenario}, not of {name}; "
            "give a run of the scenario that is assessed"
        )
    rows = measured(told.record, told.book)
    return {claim: with_measures(each, rows.get(claim, ())) for claim, each in found.items()}


def _row(bench: Bench, verdict: Verdict) -> dict[str, Any]:
    claim = bench.dossier.claims[verdict.claim]
    figure, unit = verdict.figures[0] if verdict.figures else (None, "")
    return {
        "claim": verdict.claim,
        "kind": claim.kind,
        "origin": claim.origin,
        "verdict": verdict.word,
        "figure": figure,
        "unit": unit,
        "why": verdict.why,
        "quote": claim.quote,
    }
