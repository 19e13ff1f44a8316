"""Points of a design: which values of the factors are tried together.

Designs on the unit cube, turned into values by each factor's quantiles:

- ``factorial``: every combination of levels; of factors without levels, evenly spaced shares.
- ``latin``: Latin hypercube, each share of 1/n used once by each factor (McKay, Beckman and
  Conover, Technometrics 21, 1979), by SciPy.
- ``sobol``: scrambled Sobol sequence (Owen, J. Complexity 14, 1998), by SciPy.
- ``saltelli``: for each base point the rows A, AB (A with one factor of B) and B of Saltelli et
  al., Computer Physics Communications 181 (2010); A and B are halves of one scrambled Sobol
  sequence in twice the dimensions.
- ``morris``: trajectories in which one factor after the other moves (Morris, Technometrics 33,
  1991), by SALib.
- ``one-at-a-time``: the base, then each factor alone at each of its values.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.ensemble.design import MOST_RUNS, Design, Factor
from startex.ensemble.distributions import Distribution, Level, evenly
from startex.foundation.errors import UsageError

Float64 = npt.NDArray[np.float64]

_MORRIS_LEVELS = 4
"""Levels of Morris's grid, the usual choice."""


@dataclass(frozen=True)
class Points:
    """Points of a design.

    Attributes
    ----------
    values
        For each factor, its value at each point.
    block, role
        For structured designs: which points belong together, and what each is among them.
    """

    values: tuple[tuple[Level, ...], ...]
    block: tuple[int, ...] = ()
    role: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.values[0]) if self.values else 1


def points(design: Design) -> Points:
    """Return the points of a design; its factors must have distributions.

    Raises
    ------
    UsageError
        If there would be too many, or SALib is needed and absent.
    """
    if not design.factors:
        return Points(())
    if design.kind == "factorial":
        return _factorial(design)
    if design.kind == "one-at-a-time":
        return _one_at_a_time(design)
    names = [factor.name for factor in design.factors]
    block: tuple[int, ...] = ()
    role: tuple[str, ...] = ()
    if design.kind == "latin":
        unit = _latin(len(names), design)
    elif design.kind == "sobol":
        unit = _sobol(len(names), design)
    elif design.kind == "saltelli":
        unit = _saltelli(len(names), design)
        rows = ["A", *(f"AB:{name}" for name in names), "B"]
        block, role = _labels(rows, design.points)
    else:
        unit, rows_of = _morris(names, design)
        block = tuple(b for b, rows in enumerate(rows_of) for _ in rows)
        role = tuple(word for rows in rows_of for word in rows)
    values = tuple(
        tuple(_law(factor).quantile(unit[:, column]))
        for column, factor in enumerate(design.factors)
    )
    return Points(values, block, role)


def _law(factor: Factor) -> Distribution:
    if factor.distribution is None:
        raise UsageError(f"the factor {factor.name!r} has no distribution")
    return factor.distribution


def _labels(rows: Sequence[str], blocks: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
    return (
        tuple(block for block in range(blocks) for _ in rows),
        tuple(rows) * blocks,
    )


def _factorial(design: Design) -> Points:
    each = [evenly(_law(factor), design.points) for factor in design.factors]
    count = 1
    for values in each:
        count *= len(values)
    if count > MOST_RUNS:
        raise UsageError(f"{count:,} combinations of levels; at most {MOST_RUNS:,} can be run")
    combined = list(itertools.product(*each))
    return Points(tuple(zip(*combined, strict=True)))


def _one_at_a_time(design: Design) -> Points:
    laws = [_law(factor) for factor in design.factors]
    base: list[Level] = [
        law.quantile(0.5 * np.ones(1))[0] if factor.base is None else factor.base
        for factor, law in zip(design.factors, laws, strict=True)
    ]
    rows, role = [tuple(base)], ["base"]
    for index, (factor, law) in enumerate(zip(design.factors, laws, strict=True)):
        for value in evenly(law, design.points) if design.points > 1 else law.quantile(np.ones(1)):
            if value != base[index]:
                rows.append((*base[:index], value, *base[index + 1 :]))
                role.append(f"step:{factor.name}")
    return Points(tuple(zip(*rows, strict=True)), (0,) * len(rows), tuple(role))


def _latin(dimensions: int, design: Design) -> Float64:
    from scipy.stats import qmc  # noqa: PLC0415  (late: its import takes most of a second)

    random = np.random.default_rng(design.sample_seed)
    unit: Float64 = qmc.LatinHypercube(dimensions, rng=random).random(design.points)
    return unit


def _sobol(dimensions: int, design: Design) -> Float64:
    from scipy.stats import qmc  # noqa: PLC0415  (late, as above)

    random = np.random.default_rng(design.sample_seed)
    unit: Float64 = qmc.Sobol(dimensions, scramble=True, rng=random).random(design.points)
    return unit


def _saltelli(dimensions: int, design: Design) -> Float64:
    both = _sobol(2 * dimensions, design)
    first, second = both[:, :dimensions], both[:, dimensions:]
    rows = [first]
    for column in range(dimensions):
        mixed = first.copy()
        mixed[:, column] = second[:, column]
        rows.append(mixed)
    rows.append(second)
    return np.stack(rows, axis=1).reshape(-1, dimensions)


def _morris(names: Sequence[str], design: Design) -> tuple[Float64, list[list[str]]]:
    try:
        from SALib.sample.morris import sample  # noqa: PLC0415  (an extra)
    except ImportError as error:
        raise UsageError(
            "Morris's trajectories need SALib: pip install 'startex[sensitivity]'"
        ) from error
    numbers = len(names)
    problem = {"num_vars": numbers, "names": list(names), "bounds": [[0.0, 1.0]] * numbers}
    unit: Float64 = np.asarray(
        sample(problem, design.points, num_levels=_MORRIS_LEVELS, seed=design.sample_seed)
    )
    rows_of: list[list[str]] = []
    for block in range(design.points):
        rows = unit[block * (numbers + 1) : (block + 1) * (numbers + 1)]
        moved = np.argmax(np.abs(np.diff(rows, axis=0)), axis=1).tolist()
        rows_of.append(["base", *(f"step:{names[column]}" for column in moved)])
    return unit, rows_of
