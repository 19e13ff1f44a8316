"""Totals of each line of the order of battle, under the figures that a policy chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from startex.forces.composition import Composer
from startex.forces.crews import largest_remainder
from startex.forces.definitions import UnitLine
from startex.foundation.errors import Problem, did_you_mean
from startex.sources.figures import Figure


@dataclass(frozen=True, slots=True)
class Total:
    """Persons and ground vehicles of a line; ``exact``: whether the line names them."""

    persons: int
    ground: int
    exact: bool


def line_totals(
    lines: Sequence[UnitLine],
    composer: Composer,
    figures: Mapping[str, float],
    problems: list[Problem],
) -> dict[str, Total]:
    """Return the totals of each line, by unit id.

    A line with ``scales_with`` is notional: all lines that scale with the same figure share, in
    proportion to their nominal persons, what the figure (a grand total of counted persons) leaves
    to them beside the other counted lines. Their ground vehicles change in the same proportion,
    since vehicles need crews. Rounding by largest remainder, so that both sums are exact.

    Parameters
    ----------
    lines
        Lines sorted by unit id.
    composer
        Sizes of the parts of lines that name no totals.
    figures
        Scenario figures by id.
    problems
        What is wrong is added here.
    """
    totals: dict[str, Total] = {}
    for line in lines:
        size = composer.size_of_parts(line.parts)
        exact = line.persons is not None or line.ground is not None
        totals[line.unit] = Total(
            _value(line, line.persons, size.persons, figures, problems),
            _value(line, line.ground, size.ground, figures, problems),
            exact,
        )
    for figure in sorted({line.scales_with for line in lines if line.scales_with}):
        if figure not in figures:
            problems.append(_unknown(figure, figures))
            continue
        _scale(lines, figure, round(figures[figure]), totals, problems)
    return totals


def _scale(
    lines: Sequence[UnitLine],
    figure: str,
    grand: int,
    totals: dict[str, Total],
    problems: list[Problem],
) -> None:
    scaled = [line.unit for line in lines if line.scales_with == figure]
    fixed = sum(
        totals[line.unit].persons for line in lines if line.counted and line.scales_with != figure
    )
    nominal = sum(totals[unit].persons for unit in scaled)
    share = grand - fixed
    if share < 0:
        message = (
            f"figure {figure!r} is {grand:,} persons, but the lines that do not scale "
            f"have {fixed:,} already."
        )
        remedy = "Raise the figure, or let more lines scale with it."
        problems.append(Problem("units.yaml", 0, 0, message, remedy))
        return
    persons = largest_remainder([totals[unit].persons for unit in scaled], share)
    ground_nominal = sum(totals[unit].ground for unit in scaled)
    ground_share = round(ground_nominal * share / nominal) if nominal else 0
    ground = largest_remainder([totals[unit].ground for unit in scaled], ground_share)
    for unit, p, g in zip(scaled, persons, ground, strict=True):
        totals[unit] = Total(p, g, exact=True)


def _value(
    line: UnitLine,
    figure: Figure | None,
    otherwise: int,
    figures: Mapping[str, float],
    problems: list[Problem],
) -> int:
    if figure is None:
        return otherwise
    if figure.value is not None:
        value = figure.value
    elif figure.figure in figures:
        value = figures[figure.figure]
    else:
        problems.append(_unknown(figure.figure, figures))
        return otherwise
    if value < 0 or value != round(value):
        message = f"unit {line.unit!r}: {value:g} is not a number of persons or vehicles."
        problems.append(Problem("units.yaml", 0, 0, message, "Write a whole number."))
    return max(0, round(value))


def _unknown(figure: str, figures: Mapping[str, float]) -> Problem:
    remedy = did_you_mean(figure, figures)
    message = f"unknown scenario figure {figure!r}."
    return Problem("units.yaml", 0, 0, message, remedy[:1].upper() + remedy[1:])
