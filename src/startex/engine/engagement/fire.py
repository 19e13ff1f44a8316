"""Rows of notional fire, as columns: what is fired at which type of target, and how."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fire:
    """Salvos or bursts, one row each; all columns of shape (n,). Make them with `fire`.

    Attributes
    ----------
    weapon, target_type
        Rows in the tables of weapons and types.
    rounds
        Rounds of this salvo whose effect on this target is judged, whole.
    range_m
        Slant range.
    firers
        Pieces that fire; for small arms, those still able to. Only they count by pieces.
    duration_s
        How long the burst or the team's fire lasts (small arms).
    target_altitude_m
        Of targets in the air.
    target_area_m2
        Area in which the target lies somewhere, nan where its position is known: area fire.
    position_error_m
        Standard deviation, in one axis, of the position that is aimed at (torpedoes, depth
        charges, indirect fire, bombs).
    visibility_m
        Meteorological visibility: what is laid by eye is not fired beyond it.
    sea_state
        Of the sea that a firing ship is on (0 to 9); 0 on land.
    scouting, readiness
        Shares of the salvo that finds its targets, and of the defence that is alert (Hughes).
    intercepts, intercept_chance
        Missiles of this salvo that the defence can engage, whole, and its chance with each.
    damage
        Hits that the target has taken before, in the unit of ``hits_to_disable``.
    """

    weapon: Int64
    target_type: Int64
    rounds: Int64
    range_m: Float64
    firers: Float64
    duration_s: Float64
    target_altitude_m: Float64
    target_area_m2: Float64
    position_error_m: Float64
    visibility_m: Float64
    sea_state: Float64
    scouting: Float64
    readiness: Float64
    intercepts: Int64
    intercept_chance: Float64
    damage: Float64

    def __len__(self) -> int:
        return self.weapon.size

    def take(self, rows: npt.NDArray[Any]) -> Fire:
        """Return some of the rows, by index or mask."""
        return Fire(*(getattr(self, column.name)[rows] for column in fields(self)))


_DEFAULTS: dict[str, float] = {
    "firers": 1.0,
    "duration_s": 1.0,
    "target_altitude_m": 0.0,
    "target_area_m2": np.nan,
    "position_error_m": 0.0,
    "visibility_m": np.inf,
    "sea_state": 0.0,
    "scouting": 1.0,
    "readiness": 1.0,
    "intercepts": 0,
    "intercept_chance": 0.0,
    "damage": 0.0,
}

_LIMITS: dict[str, tuple[float, float]] = {
    "rounds": (0, 20_000),
    "range_m": (0, 3e7),
    "firers": (0, 1e6),
    "duration_s": (0, 86_400),
    "target_altitude_m": (-1e4, 1e5),
    "position_error_m": (0, 1e6),
    "sea_state": (0, 9),
    "scouting": (0, 1),
    "readiness": (0, 1),
    "intercepts": (0, 20_000),
    "intercept_chance": (0, 1),
    "damage": (0, 1e9),
}


def fire(
    weapon: npt.ArrayLike,
    target_type: npt.ArrayLike,
    rounds: npt.ArrayLike,
    range_m: npt.ArrayLike,
    **others: npt.ArrayLike,
) -> Fire:
    """Return rows of fire; arguments broadcast, others as `Fire` has them with usual defaults.

    Raises
    ------
    TypeError
        If there is no such column.
    ValueError
        If a value is outside what the column allows; names it and how many.
    """
    given = {"weapon": weapon, "target_type": target_type, "rounds": rounds, "range_m": range_m}
    unknown = sorted(set(others) - set(_DEFAULTS))
    if unknown:
        raise TypeError(f"fire has no column {unknown[0]!r}; it has {', '.join(_DEFAULTS)}")
    columns = {**given, **_DEFAULTS, **others}
    names = [column.name for column in fields(Fire)]
    wide = np.broadcast_arrays(*(np.atleast_1d(np.asarray(columns[name])) for name in names))
    whole = ("weapon", "target_type", "rounds", "intercepts")
    made: dict[str, Any] = {}
    for name, column in zip(names, wide, strict=True):
        if name in _LIMITS:
            low, high = _LIMITS[name]
            wrong = ~((column >= low) & (column <= high))
            if name in whole:
                wrong |= column != np.floor(column)
            if wrong.any():
                kind = "whole numbers" if name in whole else "values"
                raise ValueError(
                    f"{name} is {column[wrong][0]}, in {int(wrong.sum())} of {wrong.size} rows; "
                    f"it takes {kind} from {low:g} to {high:g}"
                )
        made[name] = column.astype(np.int64 if name in whole else np.float64)
    return Fire(**made)
