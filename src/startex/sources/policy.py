"""Policies: which of several claims becomes the value of a scenario figure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from startex.foundation.errors import StartexError, did_you_mean
from startex.foundation.streams import Stream, entity_key, uniform
from startex.sources.claims import Claim, Statement, natural_key
from startex.sources.edtf import edtf_bounds
from startex.sources.rules import Candidate, Policy, Reference, Rule, ScenarioFigure


@dataclass(frozen=True, slots=True)
class Resolved:
    """The value of a figure under a policy.

    Attributes
    ----------
    figure, value, unit
        ``value`` is a float, or EDTF text where the unit is ``date``.
    counting_rule
        Of the claims used (not of the figure's definition): rules are never mixed silently.
    claims
        Claims that give this very value, the deciding one first; of a draw, the two ends.
    low, high
        Least and greatest value among all usable candidates, whatever the policy makes of them:
        how far the claims reach. nan for dates.
    why
        How the value came about, without the reasons of assumptions.
    assumptions
        Reasons of the assumptions it rests on, each once; empty where claims alone give it.
    """

    figure: str
    value: float | str
    unit: str
    counting_rule: str
    claims: tuple[str, ...]
    low: float
    high: float
    why: str
    assumptions: tuple[str, ...] = ()

    @property
    def assumed(self) -> str:
        """The reasons of assumptions in one text; empty where claims alone give the value."""
        return " / ".join(self.assumptions)

    @property
    def reason(self) -> str:
        """How the value came about, with the reasons of what was assumed."""
        return f"{self.why}. Assumption: {self.assumed}" if self.assumptions else self.why

    @property
    def number(self) -> float:
        """The value as a number.

        Raises
        ------
        TypeError
            If it is a date.
        """
        if isinstance(self.value, str):
            raise TypeError(f"figure {self.figure} is a date, {self.value}")
        return self.value


@dataclass(frozen=True, slots=True)
class _Option:
    claim: Claim | None
    statement: Statement
    assumed: str

    @property
    def value(self) -> float | str:
        return self.statement.stated if self.statement.numeric else self.statement.date

    def key(self) -> tuple[object, ...]:
        """Best first: rank, then latest date, then id; never the order in a file."""
        if self.claim is None:
            return (2, 0, (), self.assumed, str(self.value))
        rank = 0 if self.claim.rank == "preferred" else 1
        said = self.claim.asserted
        age = -edtf_bounds(said)[1].toordinal() if said else 0
        return (rank, age, natural_key(self.claim.claim), "", str(self.value))


def statement_of(claims: Mapping[str, Claim], reference: Reference | Candidate) -> Statement:
    """Return the statement that a reference names.

    Raises
    ------
    StartexError
        If there is no such claim, or not exactly one such statement.
    """
    if reference.claim not in claims:
        hint = did_you_mean(reference.claim, claims)
        raise StartexError(f"unknown claim {reference.claim!r}; {hint}")
    claim = claims[reference.claim]
    found = claim.find(reference.subject, reference.field)
    if len(found) != 1:
        fields = ", ".join(f"{said.subject}.{said.field}" for said in claim.says)
        wanted = f"{reference.subject or '*'}.{reference.field or '*'}"
        raise StartexError(
            f"{claim.claim} has {len(found)} statements {wanted}; name subject and field of one: "
            + fields
        )
    return found[0]


def rules_of(policies: Mapping[str, Policy], name: str) -> tuple[Rule, ...]:
    """Return the rules of a policy, those of the policies it extends after its own.

    Raises
    ------
    StartexError
        If there is no such policy, or policies extend each other in a ring.
    """
    rules: list[Rule] = []
    seen: list[str] = []
    while name:
        if name not in policies:
            raise StartexError(f"unknown policy {name!r}; {did_you_mean(name, policies)}")
        if name in seen:
            raise StartexError(
                f"policies extend each other in a ring: {' > '.join(seen)}; remove one 'extends'"
            )
        seen.append(name)
        rules += policies[name].rules
        name = policies[name].extends
    return tuple(rules)


def resolve(
    figures: Mapping[str, ScenarioFigure],
    claims: Mapping[str, Claim],
    policies: Mapping[str, Policy],
    policy: str,
    seed: int = 0,
) -> dict[str, Resolved]:
    """Return the value of every figure under a policy.

    Parameters
    ----------
    figures, claims, policies
        By id; their order does not matter.
    policy
        Id of the policy.
    seed
        Seed of the run, for policies that sample.

    Raises
    ------
    StartexError
        If a name is unknown, no candidate is usable, or figures are computed from themselves.
    """
    rules = rules_of(policies, policy)
    resolved: dict[str, Resolved] = {}

    def value_of(name: str, trail: tuple[str, ...]) -> Resolved:
        if name in trail:
            raise StartexError(
                f"figures computed from themselves: {' > '.join((*trail, name))};"
                f" take {name!r} out of what {trail[-1]!r} adds up, or give it claims or a value"
            )
        if name not in figures:
            raise StartexError(f"unknown figure {name!r}; {did_you_mean(name, figures)}")
        if name not in resolved:
            figure = figures[name]
            if figure.plus:
                plus = [value_of(part, (*trail, name)) for part in figure.plus]
                minus = [value_of(part, (*trail, name)) for part in figure.minus]
                resolved[name] = _computed(figure, plus, minus)
            else:
                resolved[name] = _chosen(figure, claims, rules, policy, seed)
        return resolved[name]

    return {name: value_of(name, ()) for name in sorted(figures)}


def _computed(
    figure: ScenarioFigure, plus: Sequence[Resolved], minus: Sequence[Resolved]
) -> Resolved:
    value = math.fsum([r.number for r in plus] + [-r.number for r in minus])
    parts = [*plus, *minus]
    rules = dict.fromkeys(r.counting_rule for r in parts if r.counting_rule)
    why = " + ".join(f"{r.figure} {r.number:,g}" for r in plus)
    why += "".join(f" - {r.figure} {r.number:,g}" for r in minus)
    return Resolved(
        figure.figure,
        value,
        figure.unit,
        ", ".join(rules),
        tuple(dict.fromkeys(claim for r in parts for claim in r.claims)),
        math.fsum([r.low for r in plus] + [-r.high for r in minus]),
        math.fsum([r.high for r in plus] + [-r.low for r in minus]),
        "computed: " + why,
        tuple(dict.fromkeys(why for r in parts for why in r.assumptions)),
    )


def _options(figure: ScenarioFigure, claims: Mapping[str, Claim]) -> list[_Option]:
    options = []
    for candidate in figure.candidates:
        if not candidate.claim:
            said = Statement(
                subject="assumed", field=figure.figure, value=candidate.value, date=candidate.date
            )
            options.append(_Option(None, said, candidate.assumed))
            continue
        statement = statement_of(claims, candidate)
        claim = claims[candidate.claim]
        if not statement.numeric and not statement.date:
            raise StartexError(f"{claim.claim} gives {figure.figure} neither number nor date")
        if claim.rank != "deprecated":
            options.append(_Option(claim, statement, ""))
    return sorted(options, key=_Option.key)


def _narrowed(options: list[_Option], rule: Rule) -> list[_Option]:
    if rule.claim:
        options = [o for o in options if o.claim is not None and o.claim.claim == rule.claim]
    if rule.counting_rules:
        options = [o for o in options if o.statement.counting_rule in rule.counting_rules]
    if rule.origins:
        for origin in rule.origins:
            found = [o for o in options if o.claim is not None and o.claim.origin == origin]
            if found:
                return found
        return []
    return options


def _chosen(
    figure: ScenarioFigure,
    claims: Mapping[str, Claim],
    rules: tuple[Rule, ...],
    policy: str,
    seed: int,
) -> Resolved:
    options = _options(figure, claims)
    if not options:
        raise StartexError(f"figure {figure.figure}: every claim that gives it is deprecated")
    for rule in rules:
        if rule.figures and figure.figure not in rule.figures:
            continue
        left = _narrowed(options, rule)
        if left:
            return _taken(figure, left, options, rule, policy, seed)
    return _taken(figure, options, options, Rule(), policy, seed)


def _taken(
    figure: ScenarioFigure,
    options: list[_Option],
    every: list[_Option],
    rule: Rule,
    policy: str,
    seed: int,
) -> Resolved:
    low, high = _ends(options)
    numbers = not math.isnan(low)
    picked = options[0]
    if numbers and rule.take in ("lowest", "highest"):
        end = low if rule.take == "lowest" else high
        picked = next(o for o in options if o.value == end)
    record = _record(figure, picked, every)
    if rule.take != "sample" or not numbers or low == high:
        others = sum(o.value != picked.value for o in every)
        how = f"{rule.take} that the policy allows"
        how = how if rule.take in ("lowest", "highest") else "first by rank, then by date"
        how = "picked by the policy" if rule.claim else how
        among = f" ({how}, of {len(every)} candidates)" if others > 0 else ""
        return replace(record, why=f"policy {policy}: {_words(picked)}{among}")
    ends = [next(o for o in options if o.value == end) for end in (low, high)]
    draw = float(np.asarray(uniform(seed, Stream.FIGURE, entity_key(figure.figure))).item())
    if figure.whole:
        value = float(min(math.floor(low + draw * (high - low + 1.0)), high))
    else:
        value = low + draw * (high - low)
    rules = dict.fromkeys(o.statement.counting_rule for o in ends)
    return replace(
        record,
        value=value,
        counting_rule=" .. ".join(rules),
        claims=tuple(o.claim.claim for o in ends if o.claim is not None),
        why=f"policy {policy}, seed {seed}: drawn uniformly between "
        + " and ".join(_words(o) for o in ends),
        assumptions=tuple(dict.fromkeys(o.assumed for o in ends if o.assumed)),
    )


def _ends(options: Sequence[_Option]) -> tuple[float, float]:
    """Return the least and the greatest value; nan where they are dates."""
    numbers = [o.value for o in options if isinstance(o.value, float | int)]
    return (min(numbers), max(numbers)) if numbers else (math.nan, math.nan)


def _record(figure: ScenarioFigure, picked: _Option, every: list[_Option]) -> Resolved:
    rule = picked.statement.counting_rule
    agree = [o for o in every if o.value == picked.value and o.statement.counting_rule == rule]
    ordered = [picked, *(o for o in agree if o is not picked)]
    names = tuple(dict.fromkeys(o.claim.claim for o in ordered if o.claim is not None))
    assumptions = (picked.assumed,) if picked.assumed else ()
    return Resolved(
        figure.figure, picked.value, figure.unit, rule, names, *_ends(every), "", assumptions
    )


def _words(option: _Option) -> str:
    if option.claim is None:
        return f"assumed {option.statement}"
    rule = option.statement.counting_rule
    said = str(option.statement) if option.statement.numeric else option.statement.date
    return f"{option.claim.claim} ({option.claim.origin}): {said}" + (f", {rule}" if rule else "")
