"""What an ensemble is to run: factors, the design over them, seeds, policies, measures, an end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

from startex.ensemble.distributions import Distribution, Level, distribution
from startex.foundation.errors import UsageError, did_you_mean

Kind = Literal["factorial", "latin", "sobol", "saltelli", "morris", "one-at-a-time"]

KINDS: tuple[Kind, ...] = ("factorial", "latin", "sobol", "saltelli", "morris", "one-at-a-time")
"""Designs over the factors."""

STRUCTURED: tuple[Kind, ...] = ("saltelli", "morris", "one-at-a-time")
"""Designs whose points belong together in blocks."""

Keep = Literal["none", "failed", "all"]
KEEP: tuple[Keep, ...] = ("none", "failed", "all")
"""Which run folders stay."""

MOST_RUNS = 1_000_000
"""Most replications of an ensemble."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that is varied.

    Attributes
    ----------
    name
        What the tables call it.
    path
        Path of a figure in the scenario or the catalogue (docs/ensemble.md).
    claim
        Instead: id of a scenario figure whose candidate claims are varied. With a
        ``distribution`` of levels these claims decide, one after the other; without, all of them.
        With ``draw`` the figure is drawn between the least and the greatest that they allow.
    policy
        Instead: the policies are a factor of the design, which has these as levels.
    distribution
        Of its values.
    draw
        See ``claim``.
    base
        Where one-at-a-time starts from; the scenario's own value, or the median.
    unit
        Unit of the values; known after the design was settled for a scenario.
    """

    name: str
    path: str = ""
    claim: str = ""
    policy: bool = False
    distribution: Distribution | None = None
    draw: bool = False
    base: Level | None = None
    unit: str = ""

    @classmethod
    def of(cls, path: str, kind: str, *arguments: Level, name: str = "", **more: Any) -> Factor:
        """Return a factor from a path and a distribution: ``Factor.of(path, "uniform", 8, 14)``."""
        return cls(name or path, path, distribution=distribution(kind, arguments), **more)

    @property
    def what(self) -> str:
        """The words with which design tables say what is varied."""
        return "policy" if self.policy else f"claim {self.claim}" if self.claim else self.path


@dataclass(frozen=True, slots=True)
class Query:
    """A measure in SQL over the store of a run: one number, or rows of (key, number)."""

    name: str
    query: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Until:
    """Replications go on until the mean of a measure is known well enough in every variant.

    Attributes
    ----------
    measure, key
        Which measure.
    half_width
        Of the confidence interval (Student's t), in the measure's unit; or, when ``relative``, as
        a share of the mean.
    confidence
        Of the interval.
    batch
        Replications that are added to every variant before it is looked at again.
    """

    measure: str
    half_width: float
    key: str = ""
    relative: bool = False
    confidence: float = 0.95
    batch: int = 10


@dataclass(frozen=True, slots=True)
class Statement:
    """A conclusion: a statement that holds of a run or does not.

    Attributes
    ----------
    says
        The statement, for a reader.
    measure, key
        The measure it is about.
    at_least, at_most
        It holds where the measure lies between them; None: no bound on that side.
    """

    says: str
    measure: str
    key: str = ""
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True)
class Design:
    """A designed ensemble over one scenario.

    Attributes
    ----------
    factors
        What is varied.
    kind
        Design over the factors.
    points
        Of ``latin``, ``sobol``, ``saltelli`` and ``morris``: base points (of Morris,
        trajectories); of ``factorial`` and ``one-at-a-time``: values of a factor without levels.
    sample_seed
        Of the sampling of points; nothing to do with the seeds of runs.
    seeds
        One replication of each variant for each. With `until`, the first of them counts on.
    policies
        Each of them with every point; none: the scenario's first.
    measures
        Patterns of names of the review's figures, as in file names: ``movement.*``.
    queries
        Measures in SQL.
    conclusions
        What the report is to judge; none: that all serials are held, and on time.
    until
        When to stop; None: after all seeds.
    most_runs, most_minutes
        Ends before that, between batches; None: no limit.
    common_random_numbers
        Whether replication r has the same seed in every variant.
    keep
        Which run folders stay.
    """

    factors: tuple[Factor, ...] = ()
    kind: Kind = "factorial"
    points: int = 2
    sample_seed: int = 0
    seeds: tuple[int, ...] = (0,)
    policies: tuple[str, ...] = ()
    measures: tuple[str, ...] = ("*",)
    queries: tuple[Query, ...] = ()
    conclusions: tuple[Statement, ...] = ()
    until: Until | None = None
    most_runs: int | None = None
    most_minutes: float | None = field(default=None, compare=False)
    common_random_numbers: bool = True
    keep: Keep = "none"

    def problems(self) -> list[tuple[tuple[str | int, ...], str]]:
        """Return what is wrong in itself, each with the keys that lead to it."""
        found: list[tuple[tuple[str | int, ...], str]] = []
        names = [factor.name for factor in self.factors]
        for index, factor in enumerate(self.factors):
            if names.index(factor.name) != index:
                found.append(
                    (("factors", index, "name"), f"the factor {factor.name!r} stands twice")
                )
            found += [(("factors", index, *at), why) for at, why in _wrong_factor(factor)]
        if self.policies and any(factor.policy for factor in self.factors):
            found.append((("policies",), "policies are a factor already; give them once"))
        if self.kind not in KINDS:
            found.append((("kind",), f"no design {self.kind!r}; {did_you_mean(self.kind, KINDS)}"))
        elif self.kind not in ("factorial", "one-at-a-time") and not self.factors:
            found.append((("kind",), f"a {self.kind} design needs factors"))
        found += self._wrong_numbers()
        found += self._wrong_conclusions()
        query_names = [query.name for query in self.queries]
        for index, name in enumerate(query_names):
            if query_names.index(name) != index:
                found.append((("sql", index, "name"), f"the measure {name!r} stands twice"))
        return found

    def _measured(self, name: str) -> bool:
        """Tell whether a measure is among those of the design."""
        shown = (*self.measures, *(query.name for query in self.queries), *ALWAYS)
        return any(fnmatchcase(name, pattern) for pattern in shown)

    def _wrong_conclusions(self) -> list[tuple[tuple[str | int, ...], str]]:
        found: list[tuple[tuple[str | int, ...], str]] = []
        for index, one in enumerate(self.conclusions):
            at = ("conclusions", index)
            if one.at_least is None and one.at_most is None:
                found.append((at, "give 'at_least', 'at_most' or both"))
            elif None not in (one.at_least, one.at_most) and one.at_least > one.at_most:  # type: ignore[operator]
                found.append((at, "'at_least' lies above 'at_most'"))
            if not self._measured(one.measure):
                found.append(((*at, "measure"), f"{one.measure!r} is not among the measures"))
        return found

    def _wrong_numbers(self) -> list[tuple[tuple[str | int, ...], str]]:
        found: list[tuple[tuple[str | int, ...], str]] = []
        if self.points < 1 or (self.points < 2 and self.kind == "factorial"):
            found.append((("points",), f"{self.points} points; at least 2 are wanted"))
        if self.kind in ("sobol", "saltelli") and self.points & (self.points - 1):
            found.append((("points",), f"{self.points} points; Sobol's need a power of two"))
        if not self.seeds:
            found.append((("seeds",), "no seed is given"))
        if any(not 0 <= seed < 2**32 for seed in self.seeds):
            found.append((("seeds",), f"seeds must lie between 0 and {2**32 - 1}"))
        if len(set(self.seeds)) < len(self.seeds):
            found.append((("seeds",), "a seed is given twice"))
        if not 0 <= self.sample_seed < 2**32:
            found.append((("sample_seed",), f"it must lie between 0 and {2**32 - 1}"))
        if self.most_runs is not None and self.most_runs < 1:
            found.append((("most", "runs"), "at least one run is wanted"))
        if self.most_minutes is not None and not self.most_minutes > 0:
            found.append((("most", "minutes"), "more than 0 minutes are wanted"))
        if self.keep not in KEEP:
            found.append((("keep",), f"{self.keep!r}; {did_you_mean(self.keep, KEEP)}"))
        return found + self._wrong_end()

    def _wrong_end(self) -> list[tuple[tuple[str | int, ...], str]]:
        found: list[tuple[tuple[str | int, ...], str]] = []
        until = self.until
        if until is None:
            return found
        if not until.half_width > 0:
            found.append((("until", "half_width"), "it must be above 0"))
        if not 0 < until.confidence < 1:
            found.append((("until", "confidence"), "it must lie between 0 and 1"))
        if until.batch < 2:
            found.append((("until", "batch"), "at least 2 replications are wanted"))
        if self.most_runs is None:
            found.append((("until",), "say how many runs there may be at most ('most: {runs: N}')"))
        if not self._measured(until.measure):
            found.append((("until", "measure"), f"{until.measure!r} is not among the measures"))
        return found

    def check(self) -> None:
        """Raise a `UsageError` with all that is wrong in itself."""
        found = self.problems()
        if found:
            raise UsageError("; ".join(f"{'.'.join(map(str, at))}: {why}" for at, why in found))


ALWAYS = ("serial_start_delay", "serial_started_on_time", "persons_present")
"""Measures that every ensemble has."""


def _wrong_factor(factor: Factor) -> list[tuple[tuple[str | int, ...], str]]:
    found: list[tuple[tuple[str | int, ...], str]] = []
    if not factor.name:
        found.append((("name",), "a factor without a name"))
    kinds = [bool(factor.path), bool(factor.claim), factor.policy]
    if sum(kinds) != 1:
        found.append(((), "give one of 'path', 'claim' and 'policy'"))
    if factor.path and factor.distribution is None:
        found.append(((), "a path wants a distribution"))
    if factor.policy and (factor.distribution is None or factor.distribution.kind != "levels"):
        found.append((("policy",), "policies are given as levels"))
    if factor.draw and not factor.claim:
        found.append((("draw",), "only between claims can be drawn"))
    return found


def parse_seeds(text: str) -> tuple[int, ...]:
    """Return the seeds of ``0..99`` or ``1,2,5`` or a mixture.

    Raises
    ------
    UsageError
        If the text is neither.
    """
    seeds: list[int] = []
    for part in text.split(","):
        first, dots, last = part.strip().partition("..")
        if not first.isdecimal() or (dots and not last.isdecimal()):
            raise UsageError(f"{part.strip()!r} is no seed; write 0..99 or 1,2,5")
        low, high = int(first), int(last or first)
        if high < low or high - low >= MOST_RUNS:
            raise UsageError(f"{part.strip()!r}: from 1 to {MOST_RUNS:,} seeds, upwards")
        seeds += range(low, high + 1)
    return tuple(seeds)


def seeds_text(seeds: Sequence[int]) -> str:
    """Return seeds as `parse_seeds` reads them."""
    parts: list[list[int]] = []
    for seed in seeds:
        if parts and seed == parts[-1][-1] + 1:
            parts[-1] = [parts[-1][0], seed]
        else:
            parts.append([seed])
    return ",".join("..".join(str(seed) for seed in part) for part in parts)


def as_levels(values: Sequence[Level]) -> Distribution:
    """Return the distribution of some levels."""
    return Distribution("levels", tuple(values))
