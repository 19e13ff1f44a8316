"""What can be said of each claim: holds, does not hold, depends, runs, or cannot be known.

A claim is put to its checks under every policy. A verdict is about the claim as it was read, never
about who said it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from startex.sources.arithmetic import Computation, recompute
from startex.sources.bench import Bench, Finding
from startex.sources.checks import run_checks
from startex.sources.homes import Home

Word = Literal[
    "holds", "does not hold", "depends", "computed", "runs", "elsewhere", "used", "not checkable",
    "kept",
]  # fmt: skip

WORDS: Mapping[Word, str] = {
    "holds": "what can be computed about it agrees with it",
    "does not hold": "something that can be computed contradicts it",
    "depends": "it holds under one policy and not under another",
    "computed": "a figure that nothing is there to be held against",
    "runs": "it is not computed: the simulation does it",
    "elsewhere": "another shipped scenario runs it or checks it",
    "used": "the scenario rests on it, and nothing is there to check it by",
    "not checkable": "it cannot be known from this; the reason is given",
    "kept": "recorded beside those it agrees or disagrees with",
}
"""Words of a verdict, each with its meaning."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said of a claim.

    Attributes
    ----------
    claim, word
        Which, and what: one of `WORDS`.
    why
        The sentences of its checks, the reason why there are none, or what runs.
    figures
        What was computed, each with its unit, in the order of the checks.
    """

    claim: str
    word: Word
    why: str
    figures: tuple[tuple[float, str], ...] = ()


def verdicts(
    bench: Bench, homes: Mapping[str, tuple[Home, ...]], policies: tuple[str, ...] = ()
) -> dict[str, Verdict]:
    """Return the verdict on every claim, in natural order.

    Parameters
    ----------
    bench
        Claims and places, with the figures of the first policy.
    homes
        Where each claim is used, as `homes.gather` tells.
    policies
        Policies under which checks are repeated; by default all of the scenario.

    Raises
    ------
    StartexError
        If a check lacks what it wants; a scenario that loads has none such.
    """
    names = policies or tuple(bench.dossier.policies)
    others = {
        name: dataclasses.replace(bench, resolved=bench.dossier.resolve(name)) for name in names
    }
    return {
        claim: _verdict(bench, others, claim, homes.get(claim, ()))
        for claim in bench.dossier.claims
    }


def _verdict(
    bench: Bench, others: Mapping[str, Bench], claim: str, homes: tuple[Home, ...]
) -> Verdict:
    findings = run_checks(bench, claim)
    here = _checked(findings, others, claim) if findings else None
    entry = bench.dossier.homes.get(claim)
    if entry and entry.elsewhere and (here is None or here.word == "computed"):
        named = f"The same words are {entry.elsewhere}, which runs or checks them."
        why = " ".join(part for part in (named, here.why if here else entry.context) if part)
        return Verdict(claim, "elsewhere", why, here.figures if here else ())
    return here or _unchecked(bench, claim, homes)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run gave for a claim that is held against it.

    Attributes
    ----------
    measure
        Id of the figure of the review.
    value, unit
        What it is; None where the run has no such number.
    sentence
        The same in words, with what was wanted.
    kept
        Whether its bounds are kept; true if it has none.
    """

    measure: str
    value: float | None
    unit: str
    sentence: str
    kept: bool


def with_measures(verdict: Verdict, rows: Sequence[Measured]) -> Verdict:
    """Return a verdict that also knows what a run gave.

    That a bound is kept does not prove a claim, so it makes no word stronger than ``computed``;
    that it is not kept speaks against it.
    """
    if not rows:
        return verdict
    weak = verdict.word in ("not checkable", "kept", "used")
    kept = all(row.kept for row in rows)
    word: Word = "does not hold" if not kept else "computed" if weak else verdict.word
    figures = tuple((row.value, row.unit) for row in rows if row.value is not None)
    before = "" if verdict.word == "kept" else f"{verdict.why.rstrip('.')}. "
    why = f"{before}In the run: {' '.join(row.sentence for row in rows)}"
    return Verdict(verdict.claim, word, why, (*verdict.figures, *figures))


def _unchecked(bench: Bench, claim: str, homes: tuple[Home, ...]) -> Verdict:
    """Return the verdict on a claim for which no check is named."""
    entry = bench.dossier.homes.get(claim)
    if entry and entry.runs.strip():
        return Verdict(claim, "runs", entry.runs.strip())
    if entry and entry.context.strip():
        return Verdict(claim, "not checkable", entry.context.strip())
    again = [each for each in bench.dossier.arithmetic if each.claim == claim]
    if again:
        return _recomputed(bench, claim, again)
    firm = [str(home) for home in homes if home.kind in ("scenario", "figure", "policy")]
    if firm:
        more = f" and {len(firm) - 1} more" if len(firm) > 1 else ""
        return Verdict(claim, "used", f"{firm[0]}{more}.")
    return Verdict(claim, "kept", "No check is written for it.")


def _recomputed(bench: Bench, claim: str, again: list[Computation]) -> Verdict:
    """Return the verdict on a claim whose figures follow from others."""
    found = [recompute(each, bench.dossier.claims, bench.dossier.points) for each in again]
    wrong = [each for each in found if not each.agrees]
    if not wrong:
        return Verdict(claim, "holds", f"Worked out again, all its figures agree: {len(found)}.")
    why = " ".join(f"States {each.stated:g}, computed {each.computed:g}." for each in wrong)
    return Verdict(claim, "does not hold", why)


def _checked(findings: list[Finding], others: Mapping[str, Bench], claim: str) -> Verdict:
    figures = tuple((found.figure, found.unit) for found in findings)
    sentences = " ".join(found.sentence for found in findings)
    by_policy = {name: _word(run_checks(bench, claim)) for name, bench in others.items()}
    words = set(by_policy.values())
    if len(words) > 1:
        told = ", ".join(f"{word} under {name}" for name, word in by_policy.items())
        return Verdict(claim, "depends", f"{sentences} Policies differ: {told}.", figures)
    return Verdict(claim, _word(findings), sentences, figures)


def _word(findings: list[Finding]) -> Word:
    words = {found.verdict for found in findings}
    if "does not hold" in words:
        return "does not hold"
    return "holds" if "holds" in words else "computed"
