"""Which disagreement between sources matters: what an outcome owes it, and what it overturns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from startex.ensemble.conclusions import Conclusion, conclusions
from startex.ensemble.effects import NONE, Sensitivity
from startex.ensemble.levels import Level, levels
from startex.ensemble.reading import Ensemble, Factor, Float64
from startex.ensemble.scenery import Scenery, scenery
from startex.ensemble.sensitivity import sensitivity
from startex.ensemble.shares import share
from startex.ensemble.statistics import CONFIDENCE, Interval, proportion_interval
from startex.ensemble.summary import finite
from startex.ensemble.units import independent


@dataclass(frozen=True, slots=True)
class Turn:
    """What a disagreement does to a conclusion.

    Attributes
    ----------
    says
        The conclusion.
    levels
        How often it holds at each level.
    turns
        Whether it holds in most runs at one level and in few at another.
    sure
        Whether the intervals of two such levels lie wholly on either side of one half.
    seeds
        Share of the seeds at which it holds at one level and not at another, all else the same;
        None without common random numbers.
    """

    says: str
    levels: tuple[Level, ...]
    turns: bool
    sure: bool
    seeds: Interval | None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "says": self.says,
            "levels": [
                {"level": one.name, "runs": one.runs, "holds": _ends(one.found)}
                for one in self.levels
            ],
            "turns": self.turns,
            "sure": self.sure,
            "seeds": None if self.seeds is None else _ends(self.seeds),
        }


def _ends(found: Interval) -> list[float | None]:
    return [finite(found.value), finite(found.low), finite(found.high)]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A factor about which sources, or readings of them, do not agree.

    Attributes
    ----------
    factor, title
        Its name in the design, and what it is about.
    conflicts
        Ids of the conflicts behind it.
    quotes
        Level to the words of its claim, where a level is a claim.
    shares
        Outcome to the share of its variance that goes with the disagreement.
    turns
        What it does to each conclusion.
    """

    factor: str
    title: str
    conflicts: tuple[str, ...]
    quotes: dict[str, str]
    shares: dict[str, Interval]
    turns: tuple[Turn, ...]

    @property
    def greatest(self) -> float:
        """The greatest share."""
        return max(
            (one.value for one in self.shares.values() if one.value == one.value), default=0.0
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "factor": self.factor,
            "title": self.title,
            "conflicts": list(self.conflicts),
            "shares": {name: _ends(found) for name, found in self.shares.items()},
            "turns": [turn.to_json() for turn in self.turns],
        }


def together(runs: Ensemble, values: Float64, confidence: float = CONFIDENCE) -> Interval | None:
    """Return the share of the variance that goes with all disagreements together.

    What two of them do only jointly is in it, and in no share of one alone. None where fewer than
    two were varied, or where their combinations are so many that they have no three runs each.
    """
    varied = [factor for factor in runs.factors if factor.varies and is_disagreement(factor)]
    if len(varied) < 2 or any(role.startswith("step:") for role in runs.role):
        return None
    units = independent(runs)
    rows = np.flatnonzero(units.rows & np.isfinite(values))
    names = [tuple(factor.words[row] for factor in varied) for row in rows]
    place = {name: number for number, name in enumerate(sorted(set(names)))}
    if rows.size < 3 * len(place):
        return None
    cluster = None if units.word == "run" else units.group[rows]
    group = np.array([place[name] for name in names], np.int64)
    return Interval(*share(group, values[rows], confidence, cluster=cluster), "bootstrap")


def figure_of(factor: Factor) -> str:
    """Return the scenario figure whose claims a factor varies; empty for other factors."""
    for key in ("claim", "figure"):
        if factor.about.get(key):
            return str(factor.about[key])
    path = str(factor.about.get("path") or "")
    return path.split(".")[1] if path.startswith("figures.") else ""


def is_disagreement(factor: Factor) -> bool:
    """Tell whether a factor is a policy, or a figure that claims give."""
    return factor.name == "policy" or bool(factor.about.get("policy")) or bool(figure_of(factor))


def disagreements(
    runs: Ensemble,
    outcomes: Sequence[tuple[str, str]] = (),
    confidence: float = CONFIDENCE,
    *,
    told: tuple[Conclusion, ...] | None = None,
    known: Scenery | None = None,
) -> tuple[Disagreement, ...]:
    """Return the disagreements that the design varied, the weightiest first.

    Parameters
    ----------
    outcomes
        Measures and keys of which shares are wanted, beside the conclusions.
    told, known
        The conclusions and the scenario, where they were read already.
    """
    varied = [factor for factor in runs.factors if factor.varies and is_disagreement(factor)]
    if not varied:
        return ()
    told = conclusions(runs) if told is None else told
    known = scenery(runs) if known is None else known
    found: dict[str, Sensitivity] = {}
    for name, values in [
        *((one.says, one.holds) for one in told),
        *((f"{name} {key}".strip(), runs.values(name, key)) for name, key in outcomes),
    ]:
        found[name] = sensitivity(runs, values, confidence)
    result = [_one(runs, factor, found, told, known, confidence) for factor in varied]
    return tuple(sorted(result, key=lambda one: (-one.greatest, one.factor)))


def _one(
    runs: Ensemble,
    factor: Factor,
    found: dict[str, Sensitivity],
    told: tuple[Conclusion, ...],
    known: Scenery,
    confidence: float,
) -> Disagreement:
    figure = figure_of(factor)
    behind = tuple(
        name for name, conflict in known.conflicts.items() if figure and figure in conflict.figures
    )
    title = "; ".join(known.conflicts[name].topic for name in behind)
    if not title:
        title = known.figures.get(figure, "") or (
            "Which policy reads the sources" if is_policy(factor) else factor.name
        )
    shares = {}
    for name, one in found.items():
        effects = {effect.factor: effect for effect in one.effects}
        first = effects[factor.name].first if factor.name in effects else NONE
        if not np.isnan(first.value):
            shares[name] = first
    return Disagreement(
        factor.name,
        title,
        behind,
        {word: known.quotes[word] for word in dict.fromkeys(factor.words) if word in known.quotes},
        shares,
        tuple(_turn(runs, factor, one, confidence) for one in told),
    )


def is_policy(factor: Factor) -> bool:
    """Tell whether a factor is the policy."""
    return factor.name == "policy" or bool(factor.about.get("policy"))


def _turn(runs: Ensemble, factor: Factor, told: Conclusion, confidence: float) -> Turn:
    here = tuple(one for one in levels(runs, factor, told.holds, confidence) if one.runs)
    often = [one for one in here if one.found.value > 0.5]
    seldom = [one for one in here if one.found.value < 0.5]
    sure = any(one.found.low > 0.5 for one in often) and any(one.found.high < 0.5 for one in seldom)
    return Turn(
        told.says, here, bool(often and seldom), sure, _seeds(runs, factor, told.holds, confidence)
    )


def _seeds(runs: Ensemble, factor: Factor, holds: Float64, confidence: float) -> Interval | None:
    """Return the share of seeds whose runs, alike but for the factor, do not all agree.

    Where other factors vary too, a seed counts if the factor turns it over for any value of theirs.
    """
    if not runs.common:
        return None
    keep = np.flatnonzero(runs.done & np.isfinite(holds))
    others = [one for one in runs.factors if one.varies and one.name != factor.name]
    groups: dict[tuple[int, tuple[str, ...]], list[tuple[str, float]]] = {}
    for row in keep:
        rest = (int(runs.seed[row]), tuple(one.words[row] for one in others))
        groups.setdefault(rest, []).append((factor.words[row], float(holds[row])))
    turned: dict[int, bool] = {}
    for (seed, _), pairs in groups.items():
        if len({word for word, _ in pairs}) > 1:
            turned[seed] = turned.get(seed, False) or len({y for _, y in pairs}) > 1
    if not turned:
        return None
    return proportion_interval(sum(turned.values()), len(turned), confidence)
