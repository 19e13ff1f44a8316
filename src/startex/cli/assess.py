"""``startex assess``: what holds of the claims, and which hypotheses have least against them."""

from __future__ import annotations

import dataclasses
import json as jsonlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from startex.cli.progress import announce
from startex.cli.words import Json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from startex.scenario.header import Header
    from startex.sources.bench import Bench
    from startex.sources.difference import Difference
    from startex.sources.homes import Home
    from startex.sources.indicators import Indicator
    from startex.sources.policy import Resolved
    from startex.sources.verdicts import Verdict
    from startex.sources.voices import Repeats

COLUMNS = ("claim", "kind", "origin", "check", "verdict", "figure", "unit", "why", "quote")


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
    brief: Annotated[
        Path | None, typer.Option(help="Write two printable pages: FILE.html, or FILE.pdf.")
    ] = None,
    origins: Annotated[Path | None, typer.Option(help="Draw who repeats whom: FILE.svg.")] = None,
    policy: Annotated[
        str, typer.Option(help="With --against: this policy (default: the scenario's first).")
    ] = "",
    against: Annotated[str, typer.Option(help="Print only what changes against this policy.")] = "",
    seed: Annotated[int, typer.Option(help="Seed, for policies that draw.", min=0)] = 0,
) -> None:
    """Print what holds of the claims of a scenario, and how competing hypotheses stand (Markdown).

    Example: startex assess vostok-2022 > assessment.md
    """
    from startex.foundation.errors import UsageError, did_you_mean

    outputs = {
        "--csv": csv, "--claimreview": claimreview, "--prov": prov, "--brief": brief,
        "--origins": origins,
    }  # fmt: skip
    wanted = [name for name, value in {"--json": json, **outputs}.items() if value]
    if len(wanted) > 1:
        raise UsageError(f"{' and '.join(wanted)} exclude each other")
    if policy and not against:
        raise UsageError("--policy is held against another: add --against POLICY")
    if against and [name for name in wanted if name != "--json"]:
        raise UsageError(f"--against goes with --json alone, not with {wanted[0]}")
    announce(f"reading {scenario}")
    from startex.cli.claims import gather

    bench, homes = gather(scenario)
    questions = bench.dossier.questions
    if question and question not in questions:
        raise UsageError(f"no question {question!r}; {did_you_mean(question, questions)}")
    if against:
        _compare(bench, homes, policy, against, seed, json)
    elif brief is not None:
        _brief(bench, homes, brief, question, run)
    elif origins is not None:
        _origins(bench, origins)
    elif prov:
        from startex.sources.exports import provenance

        typer.echo(jsonlib.dumps(provenance(bench.dossier), ensure_ascii=False, indent=1))
    else:
        found = _verdicts(bench, homes, run)
        _assessed(bench, found, question, claims, json, csv, claimreview)


def _verdicts(bench: Bench, homes: Mapping[str, tuple[Home, ...]], run: str) -> dict[str, Verdict]:
    from startex.sources.verdicts import verdicts

    found = verdicts(bench, homes)
    return _held_against(run, bench, found) if run else found


def _assessed(
    bench: Bench,
    found: Mapping[str, Verdict],
    question: str,
    claims: bool,
    json: bool,
    csv: bool,
    claimreview: bool,
) -> None:
    from startex.cli.assesstext import of_claims, of_indicators, of_question, of_repeats
    from startex.sources.competing import CAVEATS
    from startex.sources.competing import assess as score
    from startex.sources.exports import claim_reviews
    from startex.sources.indicators import of_question as watched
    from startex.sources.voices import repeats_of

    dossier = bench.dossier
    if claimreview:
        reviews = claim_reviews(dossier, found, dossier.folder.name)
        typer.echo(jsonlib.dumps(reviews, ensure_ascii=False, indent=1))
        return
    questions = dossier.questions
    asked = {} if claims or csv else {k: q for k, q in questions.items() if question in ("", k)}
    results = {key: score(each, dossier.claims) for key, each in asked.items()}
    if json:
        told = {
            "claims": [_row(bench, verdict) for verdict in found.values()],
            "questions": [dataclasses.asdict(result) for result in results.values()],
            "caveats": list(CAVEATS),
            "indicators": [
                _indicator(each) for key in asked for each in watched(dossier.indicators, key)
            ],
            "origins": _heard(repeats_of(dossier)),
        }
        typer.echo(jsonlib.dumps(told, ensure_ascii=False, indent=1))
    elif csv:
        import csv as csvlib

        writer = csvlib.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_row(bench, verdict) for verdict in found.values())
    else:
        parts = [] if question else [of_claims(dossier, found)]
        if not question and not claims:
            parts.append(of_repeats(repeats_of(dossier)))
        for key, result in results.items():
            parts.append(of_question(asked[key], result))
            parts.append(of_indicators(asked[key], watched(dossier.indicators, key)))
        typer.echo("\n".join(part for part in parts if part))


def _compare(
    bench: Bench,
    homes: Mapping[str, tuple[Home, ...]],
    policy: str,
    against: str,
    seed: int,
    json: bool,
) -> None:
    from startex.cli.assesstext import of_difference
    from startex.foundation.errors import UsageError, did_you_mean
    from startex.sources.difference import difference

    policies = bench.dossier.policies
    header = _header(bench)
    here = policy or (header.policies[0] if header else next(iter(policies), ""))
    for name in (here, against):
        if name not in policies:
            hint = did_you_mean(name, policies) if policies else "the scenario has none"
            raise UsageError(f"no policy {name!r}; {hint}")
    found = difference(bench, homes, here, against, seed)
    if json:
        typer.echo(jsonlib.dumps(_differs(found), ensure_ascii=False, indent=1))
    else:
        typer.echo(of_difference(found))


def _brief(
    bench: Bench, homes: Mapping[str, tuple[Home, ...]], path: Path, question: str, run: str
) -> None:
    from startex.brief.page import write_brief
    from startex.brief.parts import Subject

    header = _header(bench)
    name = bench.dossier.folder.name
    title, summary = (header.title, header.summary) if header else (name, "")
    policy = header.policies[0] if header else next(iter(bench.dossier.policies), "")
    found = _verdicts(bench, homes, run)
    write_brief(Subject(bench, homes, name, title, summary, policy, question, found), path)
    typer.echo(f"written: {path}")


def _origins(bench: Bench, path: Path) -> None:
    from startex.foundation.errors import StartexError, UsageError
    from startex.recording.wholefile import write_whole
    from startex.review.originplot import origin_picture, standalone
    from startex.sources.voices import repeats_of

    if path.suffix.lower() != ".svg":
        raise UsageError(f"--origins draws SVG: name a file that ends in .svg, not {path.name!r}")
    svg = standalone(origin_picture(repeats_of(bench.dossier), "origins"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, svg.encode("utf-8"))
    except OSError as error:
        raise StartexError(f"cannot write {path}: {error.strerror}") from error
    typer.echo(f"written: {path}")


def _header(bench: Bench) -> Header | None:
    """Return what scenario.yaml says; None where it is wrong: claims stand without it."""
    from startex.foundation.validate import validate
    from startex.foundation.yamlfile import read_yaml
    from startex.scenario.header import Header

    path = bench.dossier.folder / "scenario.yaml"
    return validate(Header, read_yaml(path, path.name))[0] if path.is_file() else None


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
        "check": "; ".join(bench.dossier.checks_of(claim.claim)),
        "verdict": verdict.word,
        "figure": figure,
        "unit": unit,
        "why": verdict.why,
        "quote": claim.quote,
    }


def _indicator(each: Indicator) -> dict[str, Any]:
    told = each.model_dump()
    told |= {"spread": each.spread, "diagnostic": each.diagnostic, "speaks_for": each.speaks_for}
    return told


def _heard(found: Repeats) -> dict[str, Any]:
    return {
        "heard": [dataclasses.asdict(each) for each in found.heard],
        "repeats": [dataclasses.asdict(each) for each in found.links],
        "voices": [
            {**dataclasses.asdict(each), "sources": each.sources, "origins": each.origins}
            for each in found.voices
        ],
    }


def _differs(found: Difference) -> dict[str, Any]:
    def side(value: Resolved) -> dict[str, Any]:
        return {
            "value": value.value, "unit": value.unit, "counting_rule": value.counting_rule,
            "claims": list(value.claims), "reason": value.reason,
        }  # fmt: skip

    return {
        "policy": found.policy,
        "against": found.against,
        "figures": [
            {
                "figure": each.figure, "name": each.name, "because": list(each.because),
                found.policy: side(each.here), found.against: side(each.there),
            }
            for each in found.figures
        ],
        "same_figures": found.same_figures,
        "verdicts": [
            {
                "claim": here.claim,
                found.policy: {"verdict": here.word, "why": here.why},
                found.against: {"verdict": there.word, "why": there.why},
            }
            for here, there in found.verdicts
        ],
        "same_verdicts": found.same_verdicts,
    }  # fmt: skip
