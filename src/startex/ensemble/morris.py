"""Screening by elementary effects, from a Morris design; computed by SALib."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from startex.ensemble.reading import Float64
from startex.ensemble.statistics import CONFIDENCE, RESAMPLES
from startex.foundation.errors import StartexError


class MissingLibraryError(StartexError):
    """A library that this analysis needs is not installed."""


@dataclass(frozen=True, slots=True)
class MorrisEffects:
    """Elementary effects of one step of the design, each shape (factors,).

    Attributes
    ----------
    mu
        Mean effect: with its sign.
    mu_star
        Mean of absolute effects: how much the factor matters.
    mu_star_half
        Half width of its interval, from resampled trajectories.
    sigma
        Standard deviation: interactions, or a bent response.
    trajectories
        That they rest on.
    """

    mu: Float64
    mu_star: Float64
    mu_star_half: Float64
    sigma: Float64
    trajectories: int


def morris(
    points: Float64, values: Float64, confidence: float = CONFIDENCE, *, seed: int = 0
) -> MorrisEffects:
    """Return the elementary effects of whole trajectories.

    Parameters
    ----------
    points
        Shape (trajectories, factors + 1, factors): from one point of a trajectory to the next
        exactly one factor differs. Only the sign of the difference matters: effects are those of
        a step.
    values
        Outcomes, shape (trajectories, factors + 1).

    Raises
    ------
    MissingLibraryError
        If SALib is not installed.

    Notes
    -----
    Morris, Technometrics 33 (1991) 161-174; mu* of Campolongo, Cariboni and Saltelli,
    Environmental Modelling & Software 22 (2007) 1509-1518; `SALib.analyze.morris`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of libraries that it imports
            from SALib.analyze import morris as salib  # noqa: PLC0415
    except ImportError as error:
        raise MissingLibraryError(
            "Morris designs are evaluated by SALib, which is not installed. "
            "Install it: pip install 'startex[sensitivity]'"
        ) from error
    count, _, factors = points.shape
    steps = np.sign(np.diff(points, axis=1))
    flat = np.concatenate([np.zeros((count, 1, factors)), np.cumsum(steps, axis=1)], axis=1)
    problem: Any = {
        "num_vars": factors,
        "names": [str(number) for number in range(factors)],
        "bounds": [[0.0, 1.0]] * factors,
    }
    found = salib.analyze(
        problem, flat.reshape(-1, factors), values.reshape(-1), num_resamples=RESAMPLES,
        conf_level=confidence, num_levels=2, seed=seed,  # two levels: a step is the whole range
    )  # fmt: skip
    mu, star, half, sigma = (
        np.asarray(found[name], np.float64) for name in ("mu", "mu_star", "mu_star_conf", "sigma")
    )
    return MorrisEffects(mu, star, half, sigma, count)
