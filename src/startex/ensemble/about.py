"""What ``ensemble.json`` says of a design, and the design read back from it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from startex.ensemble.design import Design, Factor, Query, Statement, Until, parse_seeds, seeds_text
from startex.ensemble.distributions import Distribution


def design_to_json(design: Design) -> dict[str, Any]:
    """Return a settled design as plain data."""
    return {
        "kind": design.kind,
        "points": design.points,
        "sample_seed": design.sample_seed,
        "seeds": seeds_text(design.seeds),
        "policies": list(design.policies),
        "factors": [_factor_to_json(factor) for factor in design.factors],
        "measures": list(design.measures),
        "sql": [{"name": q.name, "unit": q.unit, "query": q.query} for q in design.queries],
        "conclusions": [asdict(one) for one in design.conclusions],
        "common_random_numbers": design.common_random_numbers,
        "keep": design.keep,
    }


def _factor_to_json(factor: Factor) -> dict[str, Any]:
    law = factor.distribution
    said: dict[str, Any] = {"name": factor.name}
    if factor.policy:
        said["policy"] = True
    elif factor.claim:
        said |= {"claim": factor.claim, "draw": factor.draw}
    else:
        said["path"] = factor.path
    if law is not None:
        said |= {"distribution": law.kind, "arguments": list(law.arguments), "whole": law.whole}
        said |= {"levels": list(law.arguments) if law.kind == "levels" else []}
        said |= {"low": None if law.words else law.low, "high": None if law.words else law.high}
    said |= {"base": factor.base, "unit": factor.unit}
    return said


def stopping_to_json(design: Design) -> dict[str, Any]:
    """Return what ends an ensemble, as plain data."""
    until = design.until
    said: dict[str, Any] = {"most_runs": design.most_runs}
    if until is not None:
        said["until"] = {
            "measure": until.measure,
            "key": until.key,
            "half_width": until.half_width,
            "relative": until.relative,
            "confidence": until.confidence,
            "batch": until.batch,
        }
    return said


def design_from_json(said: dict[str, Any], stopping: dict[str, Any]) -> Design:
    """Return the design that was written as ``said`` and ``stopping``.

    Raises
    ------
    KeyError, TypeError, ValueError
        If it was not written by `design_to_json`.
    """
    until = stopping.get("until")
    return Design(
        factors=tuple(_factor_from_json(factor) for factor in said["factors"]),
        kind=said["kind"],
        points=said["points"],
        sample_seed=said["sample_seed"],
        seeds=parse_seeds(said["seeds"]),
        policies=tuple(said["policies"]),
        measures=tuple(said["measures"]),
        queries=tuple(Query(q["name"], q["query"], q["unit"]) for q in said["sql"]),
        conclusions=tuple(Statement(**one) for one in said.get("conclusions", ())),
        until=None if until is None else Until(**until),
        most_runs=stopping.get("most_runs"),
        common_random_numbers=said["common_random_numbers"],
        keep=said["keep"],
    )


def _factor_from_json(said: dict[str, Any]) -> Factor:
    law = None
    if "distribution" in said:
        law = Distribution(said["distribution"], tuple(said["arguments"]), said["whole"])
    return Factor(
        said["name"],
        path=said.get("path", ""),
        claim=said.get("claim", ""),
        policy=said.get("policy", False),
        distribution=law,
        draw=said.get("draw", False),
        base=said["base"],
        unit=said["unit"],
    )
