"""Ways that were taken, as lines: one platform stands for its unit; lines are thinned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from startex.review.distances import Moves
from startex.review.frames import Frame
from startex.review.record import Bool, Float64, Int64, Record

ACROSS_M = 10_000_000.0
"""No leg is as long as this on a map, unless it leaves at one edge and enters at the other."""


@dataclass(frozen=True, slots=True)
class Routes:
    """Legs of the platforms that stand for their units: row of each leg among the moves."""

    leg: Int64


def representatives(record: Record, moved: Moves) -> Routes:
    """Return the legs of, for every unit and mode, the platform that went farthest by it."""
    unit = record.unit[moved.entity]
    modes = len(moved.mode.word)
    pair = moved.entity * modes + moved.mode.code
    pairs, at = np.unique(pair, return_inverse=True)
    total = np.bincount(at, weights=moved.length_m, minlength=pairs.size)
    first = np.zeros(pairs.size, dtype=np.int64)
    first[at[::-1]] = np.arange(at.size)[::-1]
    group = unit[first] * modes + moved.mode.code[first]
    order = np.lexsort((pairs, -total, group))
    keep = np.ones(order.size, dtype=bool)
    keep[1:] = group[order][1:] != group[order][:-1]
    chosen = np.zeros(pairs.size, dtype=bool)
    chosen[order[keep]] = True
    chosen &= total > 0.0
    return Routes(np.flatnonzero(chosen[at]))


def lines_in(
    record: Record, moved: Moves, legs: Int64, frame: Frame, *, fine: float = 0.6
) -> list[Float64]:
    """Return the lines (n, 2) in projected metres that legs draw within a frame.

    Lines are thinned to ``fine`` SVG units; what lies on top of each other is drawn once.
    """
    if not legs.size:
        return []
    lat0, lon0, lat1, lon1 = (column[legs] for column in record.ends)
    entity, t0, t1 = moved.entity[legs], moved.t0[legs], moved.t1[legs]
    x0, y0 = frame.xy(lat0, lon0)
    # most legs end where the next begins
    last = np.ones(legs.size, dtype=np.bool_)
    last[:-1] = (lat1[:-1] != lat0[1:]) | (lon1[:-1] != lon0[1:])
    x1, y1 = np.append(x0[1:], np.nan), np.append(y0[1:], np.nan)
    x1[last], y1[last] = frame.xy(lat1[last], lon1[last])
    near = _near(frame, x0, y0, x1, y1)
    if not near.any():
        return []
    entity, t0, t1 = entity[near], t0[near], t1[near]
    x0, y0, x1, y1 = x0[near], y0[near], x1[near], y1[near]
    starts = np.ones(entity.size, dtype=bool)
    starts[1:] = (entity[1:] != entity[:-1]) | (t0[1:] != t1[:-1])
    starts[1:] |= (np.abs(x0[1:] - x1[:-1]) + np.abs(y0[1:] - y1[:-1])) > frame.unit_m
    series = np.cumsum(starts) - 1
    # each series: its first point, then the end of every leg
    points = np.column_stack([np.append(x0[starts], x1), np.append(y0[starts], y1)])
    owner = np.append(series[starts], series)
    order = np.lexsort((np.append(np.zeros(starts.sum()), np.ones(x1.size)), owner))
    points, owner = points[order], owner[order]
    lines = shapely.linestrings(points, indices=owner)
    lines = shapely.simplify(lines, fine * frame.unit_m)
    lines = shapely.clip_by_rect(
        lines, frame.x0 - 9 * frame.unit_m, frame.y0 - 9 * frame.unit_m,
        frame.x1 + 9 * frame.unit_m, frame.y1 + 9 * frame.unit_m,
    )  # fmt: skip
    return _merged(lines, 0.5 * frame.unit_m)


def _near(frame: Frame, x0: Float64, y0: Float64, x1: Float64, y1: Float64) -> Bool:
    """Return which legs may touch the frame (nan: the projection cannot show it)."""
    shown = np.isfinite(x0) & np.isfinite(y0) & np.isfinite(x1) & np.isfinite(y1)
    shown &= np.abs(x1 - x0) < ACROSS_M  # a leg over the edge of a map of the whole Earth
    far = (np.maximum(x0, x1) < frame.x0) | (np.minimum(x0, x1) > frame.x1)
    far |= (np.maximum(y0, y1) < frame.y0) | (np.minimum(y0, y1) > frame.y1)
    return np.asarray(shown & ~far)


def _merged(lines: np.ndarray, grid: float) -> list[Float64]:
    """Return lines on a grid, every edge once, chained where they can be."""
    points, owner = shapely.get_coordinates(
        shapely.get_parts(lines[~shapely.is_empty(lines)]), return_index=True
    )
    if not points.size:
        return []
    cells = np.round(points / grid).astype(np.int64)
    same = owner[1:] == owner[:-1]
    a, b = cells[:-1][same], cells[1:][same]
    moved = (a != b).any(axis=1)
    a, b = a[moved], b[moved]
    swap = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    a, b = np.where(swap[:, None], b, a), np.where(swap[:, None], a, b)
    edges = _unique_rows(np.column_stack([a, b]))
    if not edges.size:
        return []
    pieces = shapely.linestrings(edges.reshape(-1, 2, 2) * grid)
    merged = shapely.line_merge(shapely.multilinestrings(pieces))
    chained = [shapely.get_coordinates(part) for part in shapely.get_parts(merged)]
    return sorted(chained, key=lambda line: (-len(line), float(line[0, 0]), float(line[0, 1])))


def _unique_rows(rows: Int64) -> Int64:
    """Return the different rows (n, 4) in ascending order: as one number each, where that fits."""
    if not rows.size:
        return rows
    low = rows.min(axis=0)
    bits = [int(span).bit_length() for span in rows.max(axis=0) - low]
    if sum(bits) > 62:
        return np.unique(rows, axis=0)
    shifts = [sum(bits[column + 1 :]) for column in range(len(bits))]
    packed = np.zeros(len(rows), dtype=np.int64)
    for column, shift in enumerate(shifts):
        packed |= (rows[:, column] - low[column]) << shift
    packed = np.unique(packed)
    masks = [(1 << width) - 1 for width in bits]
    columns = [(packed >> s & m) + b for s, m, b in zip(shifts, masks, low, strict=True)]
    return np.stack(columns, axis=1)
