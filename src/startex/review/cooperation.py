"""Cooperation measured: how long it takes until one nation knows, or acts on, what another saw.

Three measures, each within a nation and between two: ``message``, from sending to receipt;
``report``, from a detection until somebody of a nation had been told of it; ``action``, from a
detection until somebody of a nation first acted on it. Pure: columns in, a table out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.models.intervals import quantile_interval

Columns = Mapping[str, Any]
Float64 = npt.NDArray[np.float64]
Strings = npt.NDArray[np.str_]

MEASURES: tuple[str, ...] = ("message", "report", "action")
SCOPES: tuple[str, ...] = ("within", "between", "pair")
"""All within one nation; all between two; one nation to one nation."""


@dataclass(frozen=True, slots=True)
class _Delays:
    """Delays of one measure, nan where it never came to it; columns of one shape."""

    measure: str
    source: Strings
    target: Strings
    delay_s: Float64


def cooperation(
    messages: Columns, detections: Columns, actions: Columns, *, confidence: float = 0.95
) -> dict[str, list[Any]]:
    """Return how long cooperation takes, by measure, scope and pair of nations.

    Parameters
    ----------
    messages
        ``sender_nation``, ``receiver_nation``, ``t_sent``, ``t_received`` (ms, None or nan: not
        delivered), ``about`` (id of a detection, None: of something else).
    detections
        ``detection`` (unique ids), ``nation``, ``t`` (ms).
    actions
        ``about`` (id of a detection), ``nation``, ``t`` (ms): an order, a shot, a change of task.
    confidence
        Of the intervals.

    Returns
    -------
    Columns ``measure``, ``scope``, ``from_nation``, ``to_nation`` (empty but for pairs),
    ``number`` (delays known), ``missing`` (sent, or told of, in vain), ``median_s``,
    ``median_lower_s``, ``median_upper_s``, ``p90_s``, ``p90_lower_s``, ``p90_upper_s``: None where
    there is too little to say. Ordered by measure, scope and nations.

    Raises
    ------
    ValueError
        If ids of detections are not unique, or a message or an action is about none of them.
    """
    found: dict[str, list[Any]] = {name: [] for name in _TABLE}
    for delays in (
        _of_messages(messages),
        _reports(messages, _Detections.of(detections)),
        _actions(actions, _Detections.of(detections)),
    ):
        for scope, source, target, chosen in _groups(delays):
            row = (delays.measure, scope, source, target, *_figures(chosen, confidence))
            for name, value in zip(_TABLE, row, strict=True):
                found[name].append(value)
    return found


_TABLE = (
    "measure", "scope", "from_nation", "to_nation", "number", "missing", "median_s",
    "median_lower_s", "median_upper_s", "p90_s", "p90_lower_s", "p90_upper_s",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Detections:
    """Detections by ascending id."""

    id: Float64
    nation: Strings
    t: Float64

    @classmethod
    def of(cls, columns: Columns) -> _Detections:
        ids = _times(columns["detection"])
        order = np.argsort(ids, kind="stable")
        if np.unique(ids).size != ids.size:
            raise ValueError("ids of detections are not unique: give each detection once")
        return cls(ids[order], _words(columns["nation"])[order], _times(columns["t"])[order])

    def row(self, about: Float64, what: str) -> npt.NDArray[np.int64]:
        """Return the rows of detections by their ids."""
        row = np.searchsorted(self.id, about)
        known = row < self.id.size
        known[known] = self.id[row[known]] == about[known]
        if not known.all():
            raise ValueError(
                f"{what} about detection {about[~known][0]:.0f}, of which nothing is known: "
                "give all detections"
            )
        found: npt.NDArray[np.int64] = row.astype(np.int64)
        return found


def _of_messages(messages: Columns) -> _Delays:
    delay = _times(messages["t_received"]) - _times(messages["t_sent"])
    source, target = _words(messages["sender_nation"]), _words(messages["receiver_nation"])
    return _Delays("message", source, target, delay / 1e3)


def _reports(messages: Columns, detections: _Detections) -> _Delays:
    about = _times(messages["about"])
    told = np.isfinite(about)
    row = detections.row(about[told], "a message")
    to, t = _words(messages["receiver_nation"])[told], _times(messages["t_received"])[told]
    return _first("report", detections, row, to, t)


def _actions(actions: Columns, detections: _Detections) -> _Delays:
    row = detections.row(_times(actions["about"]), "an action")
    return _first("action", detections, row, _words(actions["nation"]), _times(actions["t"]))


def _first(
    measure: str, detections: _Detections, row: npt.NDArray[np.int64], to: Strings, t: Float64
) -> _Delays:
    """Return the delay until the first of each nation, for each detection; nan: never."""
    order = np.lexsort((t, to, row))  # nan stands last
    row, to, t = row[order], to[order], t[order]
    new = np.ones(row.size, dtype=np.bool_)
    new[1:] = (row[1:] != row[:-1]) | (to[1:] != to[:-1])
    row, to, t = row[new], to[new], t[new]
    return _Delays(measure, detections.nation[row], to, (t - detections.t[row]) / 1e3)


def _groups(delays: _Delays) -> Iterator[tuple[str, str, str, Float64]]:
    """Yield scope, nations and delays of every group that is not empty."""
    same = delays.source == delays.target
    for scope, rows in (("within", same), ("between", ~same)):
        if rows.any():
            yield scope, "", "", delays.delay_s[rows]
    pairs = sorted(set(zip(delays.source.tolist(), delays.target.tolist(), strict=True)))
    for source, target in pairs:
        rows = (delays.source == source) & (delays.target == target)
        yield "pair", source, target, delays.delay_s[rows]


def _figures(delay_s: Float64, confidence: float) -> tuple[Any, ...]:
    known = delay_s[np.isfinite(delay_s)]
    counts = known.size, delay_s.size - known.size
    if not known.size:
        return (*counts, *[None] * 6)
    values = []
    for share in (0.5, 0.9):
        interval = quantile_interval(known, share, confidence)
        values += [float(v) for v in (interval.value, interval.lower, interval.upper)]
    return (*counts, *(None if np.isnan(value) else value for value in values))


def _times(values: Any) -> Float64:
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def _words(values: Any) -> Strings:
    return np.array(list(values), dtype=np.str_)
