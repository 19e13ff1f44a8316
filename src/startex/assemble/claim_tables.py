"""Claims, sources, conflicts and figures of a scenario as tables of the run store."""

from __future__ import annotations

import json

import pyarrow as pa

from startex.assemble.recorder import to_table
from startex.scenario.resolve import Resolved, resolve_figures
from startex.scenario.scenario import Scenario
from startex.sources.bench import Bench
from startex.sources.claims import Claim, Statement
from startex.sources.competing import Weighed, assess
from startex.sources.dossier import Dossier
from startex.sources.homes import FIRM, Home, gather
from startex.sources.hypotheses import Evidence
from startex.sources.indicators import Indicator
from startex.sources.policy import Resolved as ResolvedFigure
from startex.sources.verdicts import verdicts
from startex.sources.voices import voices


def claim_tables(scenario: Scenario, resolved: Resolved) -> dict[str, pa.Table]:
    """Return all tables about claims and hypotheses, by name."""
    dossier = scenario.dossier
    homes = gather(dossier, scenario.provenances())
    found = verdicts(Bench(dossier, scenario.places, resolved.figures), homes)
    chosen = {claim for figure in resolved.figures.values() for claim in figure.claims}
    used = {claim for _, claims in scenario.provenances() for claim in claims}
    return {
        "claims": to_table(
            "claims",
            [
                {
                    **_claim(claim, dossier, homes[claim.claim], claim.claim in chosen | used),
                    "verdict": found[claim.claim].word,
                    "verdict_why": found[claim.claim].why,
                }
                for claim in dossier.claims.values()
            ],
        ),
        "sources": to_table(
            "sources",
            [
                {
                    "source": source.source,
                    "title": source.title,
                    "publisher": source.publisher or None,
                    "date": source.date or None,
                    "address": source.address or None,
                    "reached_as": source.reached_as or None,
                    "derived_from": ";".join(source.derived_from) or None,
                    "origin": source.origin,
                    "note": source.note or None,
                }
                for source in dossier.sources.values()
            ],
        ),
        "origins": to_table(
            "origins",
            [
                {
                    "origin": origin.origin,
                    "name": origin.name,
                    "kind": origin.kind,
                    "nation": origin.nation or None,
                }
                for origin in dossier.origins.values()
            ],
        ),
        "conflicts": to_table(
            "conflicts",
            [
                {
                    "conflict": conflict.conflict,
                    "title": conflict.topic,
                    "claims": ",".join(conflict.claims),
                    "explanation": conflict.resolution,
                    "chosen": ",".join(c for c in conflict.claims if c in chosen) or None,
                }
                for conflict in dossier.conflicts.values()
            ],
        ),
        "figures": _figures(scenario, resolved),
        "measures": _measures(dossier),
        **_questions(dossier),
        "indicators": to_table(
            "indicators",
            [_indicator(each) for each in dossier.indicators.values()],
        ),
        "voices": to_table("voices", _voices(dossier)),
    }


def _measures(dossier: Dossier) -> pa.Table:
    """Return what the claims are held against once the run is there."""
    rows = [
        {
            "claim": entry.claim,
            "number": number,
            "measure": call.measure,
            "at_least": None if call.at_least is None else str(call.at_least),
            "at_most": None if call.at_most is None else str(call.at_most),
            "says": call.says,
        }
        for entry in dossier.homes.values()
        for number, call in enumerate(entry.measures, 1)
    ]
    return to_table("measures", sorted(rows, key=lambda row: (row["claim"], row["number"])))


def _questions(dossier: Dossier) -> dict[str, pa.Table]:
    """Return the tables hypotheses and evidence, scored."""
    hypotheses: list[dict[str, object]] = []
    evidence: list[dict[str, object]] = []
    for question in dossier.questions.values():
        result = assess(question, dossier.claims)
        named = {h.hypothesis: h for h in question.hypotheses}
        hypotheses += [
            {
                "question": question.question,
                "hypothesis": score.hypothesis,
                "asks": question.asks,
                "title": named[score.hypothesis].title,
                "says": named[score.hypothesis].says,
                "score": score.score,
                "against": score.against,
                "supports": score.supports,
                "least": score.hypothesis in result.least,
            }
            for score in sorted(result.scores, key=lambda score: score.hypothesis)
        ]
        weighed = {w.evidence: w for w in (*result.evidence, *result.wanted)}
        evidence += [
            _piece(question.question, item, weighed[item.evidence])
            for item in sorted(question.evidence, key=lambda item: item.evidence)
        ]
    return {
        "hypotheses": to_table("hypotheses", hypotheses),
        "evidence": to_table("evidence", evidence),
    }


def _piece(question: str, item: Evidence, weighed: Weighed) -> dict[str, object]:
    ratings = {name: {"rating": r.rating, "because": r.because} for name, r in item.ratings.items()}
    return {
        "question": question,
        "evidence": item.evidence,
        "says": item.says,
        "observed": item.observed,
        "weight": weighed.weight,
        "diagnosticity": weighed.diagnosticity,
        "grounds": item.grounds,
        "claim": ",".join((*item.claims, *item.checks)) or None,
        "origins": ",".join(weighed.origins) or None,
        "ratings": json.dumps(ratings, ensure_ascii=False),
    }


def _indicator(each: Indicator) -> dict[str, object]:
    expected = {name: e.model_dump() for name, e in sorted(each.expected.items())}
    return {
        "question": each.question,
        "indicator": each.indicator,
        "observe": each.observe,
        "spread": each.spread,
        "status": each.status,
        "date": each.date or None,
        "claim": ",".join(each.claims) or None,
        "note": each.note or None,
        "speaks_for": ",".join(each.speaks_for) or None,
        "expected": json.dumps(expected, ensure_ascii=False),
    }


def _voices(dossier: Dossier) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    numbers: dict[tuple[str, str], int] = {}
    for voice in voices(dossier):
        key = (voice.kind, voice.matter)
        numbers[key] = numbers.get(key, 0) + 1
        rows.append(
            {
                "kind": voice.kind,
                "matter": voice.matter,
                "number": numbers[key],
                "topic": voice.topic,
                "says": voice.says,
                "claim": ",".join(voice.claims),
                "sources": len(voice.sources),
                "origins": len(voice.origins),
            }
        )
    return rows


def _figures(scenario: Scenario, resolved: Resolved) -> pa.Table:
    """Figures that are numbers, each beside its value under the default policy."""
    default = resolve_figures(scenario, scenario.policies[0], resolved.seed)
    return to_table(
        "figures",
        [
            _figure(scenario, figure, default[name])
            for name, figure in resolved.figures.items()
            if not isinstance(figure.value, str)
        ],
    )


def _figure(
    scenario: Scenario, figure: ResolvedFigure, default: ResolvedFigure
) -> dict[str, object]:
    return {
        "figure": figure.figure,
        "name": scenario.dossier.figures[figure.figure].name,
        "value": figure.number,
        "unit": figure.unit,
        "default_value": default.number,
        "low": figure.low,
        "high": figure.high,
        "claim": ",".join(figure.claims) or None,
        "reason": figure.reason,
    }


def _claim(
    claim: Claim, dossier: Dossier, homes: tuple[Home, ...], used: bool
) -> dict[str, object]:
    first = _leading(claim)
    numeric = first.numeric
    low, high = first.interval if numeric else (None, None)
    return {
        "claim": claim.claim,
        "subject": first.subject,
        "field": first.field,
        "value": str(first) or None,
        "low": low if low not in (None, float("-inf")) else None,
        "high": high if high not in (None, float("inf")) else None,
        "unit": first.unit or None,
        "counting_rule": first.counting_rule or None,
        "kind": claim.class_,
        "quote": claim.quote,
        "speaker": claim.said_by,
        "source": claim.source,
        "origin": claim.origin,
        "date": claim.asserted or None,
        "rank": claim.rank,
        "rank_reason": claim.rank_reason or None,
        "conflicts": ",".join(c.conflict for c in dossier.conflicts_of(claim.claim)) or None,
        "used": used,
        "used_for": "; ".join(str(home) for home in homes if home.kind in FIRM) or None,
    }


def _leading(claim: Claim) -> Statement:
    """The statement that stands for the claim in one row: its first number, else its first."""
    return next((said for said in claim.says if said.numeric), claim.says[0])
