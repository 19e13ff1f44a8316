"""Claims as plain records, for JSON, CSV and tables; and the filters on them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from startex.foundation.errors import UsageError, did_you_mean
from startex.sources.bench import Bench
from startex.sources.checks import run_checks
from startex.sources.claims import Claim, Statement, plural
from startex.sources.dossier import Dossier
from startex.sources.homes import Home, homeless
from startex.sources.policy import Resolved

CSV_COLUMNS = (
    *("claim", "kind", "class", "subject", "field", "value", "low", "high", "bound", "unit"),
    *("counting_rule", "date", "text", "quote", "said_by", "source", "origin", "asserted"),
    *("confidence", "rank", "conflicts", "homes"),
)
"""Columns of the CSV: one row a statement."""


def record(dossier: Dossier, homes: Mapping[str, tuple[Home, ...]], name: str) -> dict[str, Any]:
    """Return everything known about a claim as plain data."""
    claim = dossier.claims[name]
    source, origin = dossier.sources[claim.source], dossier.origins[claim.origin]
    return {
        "claim": claim.claim,
        "kind": claim.kind,
        "class": claim.class_,
        "quote": claim.quote,
        "wording": claim.wording,
        "content": claim.content,
        "note": claim.note,
        "says": [_statement(said) for said in claim.says],
        "said_by": claim.said_by,
        "source": claim.source,
        "source_title": source.title,
        "publisher": source.publisher,
        "date": source.date,
        "address": source.address,
        "reached_as": source.reached_as,
        "origin": claim.origin,
        "origin_name": origin.name,
        "asserted": claim.asserted,
        "confidence": claim.confidence,
        "rank": claim.rank,
        "rank_reason": claim.rank_reason,
        "conflicts": [conflict.conflict for conflict in dossier.conflicts_of(name)],
        "homes": [str(home) for home in homes.get(name, ())],
    }


def detail(bench: Bench, homes: Mapping[str, tuple[Home, ...]], name: str) -> dict[str, Any]:
    """Return a record with what stands against the claim, who repeats it, and what checks find."""
    dossier = bench.dossier
    same = dossier.same_origin(name)
    return {
        **record(dossier, homes, name),
        "same_origin": list(same),
        "same_origin_sources": len({dossier.claims[other].source for other in same}),
        "against": [
            {
                "conflict": conflict.conflict,
                "topic": conflict.topic,
                "claims": list(conflict.against(name)),
                "sides": [
                    {
                        "says": side.says,
                        "claims": list(side.claims),
                        "origins": len({dossier.claims[other].origin for other in side.claims}),
                    }
                    for side in conflict.sides
                ],
                "resolution": conflict.resolution,
                "state": conflict.state,
            }
            for conflict in dossier.conflicts_of(name)
        ],
        "figures": [
            _figure(resolved)
            for resolved in bench.resolved.values()
            if any(c.claim == name for c in dossier.figures[resolved.figure].candidates)
        ],
        "findings": [asdict(finding) for finding in run_checks(bench, name)],
    }


def csv_rows(records: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Return rows in the order of `CSV_COLUMNS`, one for each statement of each claim."""
    rows = []
    for each in records:
        for said in each["says"]:
            flat = {**each, **said, "date": said["date"]}
            flat["text"] = said["text"] or "; ".join(said["items"])
            flat["conflicts"], flat["homes"] = (
                "; ".join(each["conflicts"]),
                "; ".join(each["homes"]),
            )
            rows.append([_cell(flat[column]) for column in CSV_COLUMNS])
    return rows


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.15g}"
    return "" if value is None else str(value)


def _figure(resolved: Resolved) -> dict[str, Any]:
    number = resolved.value
    words = number if isinstance(number, str) else f"{number:,.10g}"
    unit = "" if isinstance(number, str) else plural(resolved.unit, number)
    return {
        "figure": resolved.figure,
        "value": number,
        "unit": resolved.unit,
        "words": f"{words} {unit}".rstrip() + f" ({resolved.reason})",
        "decided_by": list(resolved.claims),
    }


def _statement(said: Statement) -> dict[str, Any]:
    low, high = said.interval
    return {
        "subject": said.subject,
        "field": said.field,
        "value": said.value,
        "low": low if math.isfinite(low) else None,
        "high": high if math.isfinite(high) else None,
        "words": str(said),
        "bound": said.bound if said.numeric else "",
        "unit": said.unit,
        "counting_rule": said.counting_rule,
        "date": said.date,
        "text": said.text,
        "items": list(said.items),
    }


def select(
    dossier: Dossier,
    homes: Mapping[str, tuple[Home, ...]],
    *,
    claim: str = "",
    subject: str = "",
    source: str = "",
    origin: str = "",
    kind: str = "",
    conflict: str = "",
    unused: bool = False,
) -> list[str]:
    """Return the claims that meet every condition given, in natural order.

    Parameters
    ----------
    dossier, homes
        Claims, and where each is used.
    claim, subject, source, origin, conflict
        Ids; blank: any.
    kind
        A kind (``seed``, ...) or a class (``fact``, ...).
    unused
        Only claims with no firm home.

    Raises
    ------
    UsageError
        If a word given occurs in no claim.
    """
    claims = dossier.claims
    kinds = {each.kind for each in claims.values()} | {each.class_ for each in claims.values()}
    known: dict[str, tuple[str, set[str]]] = {
        "claim": (claim, set(claims)),
        "subject": (subject, {name for each in claims.values() for name in each.subjects}),
        "source": (source, set(dossier.sources)),
        "origin": (origin, set(dossier.origins)),
        "kind": (kind, {str(word) for word in kinds}),
        "conflict": (conflict, set(dossier.conflicts)),
    }
    for what, (word, allowed) in known.items():
        if word and word not in allowed:
            raise UsageError(f"unknown {what} {word!r}; {did_you_mean(word, allowed)}")
    idle = set(homeless(homes)) if unused else set(claims)

    def wanted(name: str, each: Claim) -> bool:
        return (
            claim in ("", name)
            and (not subject or subject in each.subjects)
            and source in ("", each.source)
            and origin in ("", each.origin)
            and kind in ("", each.kind, each.class_)
            and (not conflict or name in dossier.conflicts[conflict].claims)
            and name in idle
        )

    return [name for name, each in claims.items() if wanted(name, each)]
