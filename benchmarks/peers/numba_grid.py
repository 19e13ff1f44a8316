"""The floor in Numba: one compiled loop that moves, and one that searches a grid of cells."""

from __future__ import annotations

import time

import numpy as np
from benchmarks.peers.answer import Answer, arguments
from benchmarks.peers.dead_reckoning import A_M, E2, chord_of
from numba import njit

LEAST_M_PER_DEG = 110_574.0
"""A degree of latitude is nowhere shorter, nor one of longitude at the equator."""


@njit
def move(lat, lon, toward, way_lat, way_lon, speed):
    """Move everybody on by a second."""
    last = way_lat.shape[1] - 1
    for k in range(lat.size):
        left = speed[k]
        while True:
            d_lat = way_lat[k, toward[k]] - lat[k]
            d_lon = way_lon[k, toward[k]] - lon[k]
            middle = np.radians(lat[k] + 0.5 * d_lat)
            w2 = 1.0 - E2 * np.sin(middle) ** 2
            north = np.radians(d_lat) * (A_M * (1.0 - E2) / w2**1.5)
            east = np.radians(d_lon) * (A_M / np.sqrt(w2) * np.cos(middle))
            length = np.sqrt(north * north + east * east)
            if length > left:
                lat[k] += d_lat * left / length
                lon[k] += d_lon * left / length
                break
            lat[k] += d_lat
            lon[k] += d_lon
            left -= length
            if toward[k] == last:
                break
            toward[k] += 1


@njit
def cartesian(lat, lon):
    """Return earth-centred positions on WGS-84, m."""
    out = np.empty((lat.size, 3))
    for k in range(lat.size):
        phi, lam = np.radians(lat[k]), np.radians(lon[k])
        vertical = A_M / np.sqrt(1.0 - E2 * np.sin(phi) ** 2)
        out[k, 0] = vertical * np.cos(phi) * np.cos(lam)
        out[k, 1] = vertical * np.cos(phi) * np.sin(lam)
        out[k, 2] = vertical * (1.0 - E2) * np.sin(phi)
    return out


@njit
def search(a, b, lat, lon, reach):
    """Return pairs of points of two sets within a straight line, by cells of degrees as wide.

    ``a`` and ``b`` are earth-centred; ``lat``, ``lon`` those of ``a``, then those of ``b``.
    """
    tall = 1.001 * reach / LEAST_M_PER_DEG
    top = min(np.abs(lat).max() + tall, 89.0)
    wide = tall / np.cos(np.radians(top))
    south, west = lat.min(), lon.min()
    rows = int((lat.max() - south) / tall) + 1
    columns = int((lon.max() - west) / wide) + 1
    # The second set in the order of its cells.
    count = a.shape[0]
    cell = np.empty(b.shape[0], np.int64)
    start = np.zeros(rows * columns + 1, np.int64)
    for k in range(b.shape[0]):
        row = int((lat[count + k] - south) / tall)
        cell[k] = row * columns + int((lon[count + k] - west) / wide)
        start[cell[k] + 1] += 1
    for c in range(1, start.size):
        start[c] += start[c - 1]
    fill = start[:-1].copy()
    order = np.empty(b.shape[0], np.int64)
    sorted_b = np.empty(b.shape)
    for k in range(b.shape[0]):
        at = fill[cell[k]]
        fill[cell[k]] += 1
        order[at] = k
        sorted_b[at] = b[k]
    first = np.empty(1024, np.int64)
    second = np.empty(1024, np.int64)
    found = 0
    limit = reach * reach
    for k in range(a.shape[0]):
        x, y, z = a[k, 0], a[k, 1], a[k, 2]
        row, column = int((lat[k] - south) / tall), int((lon[k] - west) / wide)
        for r in range(max(row - 1, 0), min(row + 2, rows)):
            begin = start[r * columns + max(column - 1, 0)]
            end = start[r * columns + min(column + 2, columns)]
            for m in range(begin, end):
                dx, dy, dz = sorted_b[m, 0] - x, sorted_b[m, 1] - y, sorted_b[m, 2] - z
                if dx * dx + dy * dy + dz * dz <= limit:
                    if found == first.size:
                        more = np.empty(2 * found, np.int64)
                        more[:found] = first
                        first = more
                        more = np.empty(2 * found, np.int64)
                        more[:found] = second
                        second = more
                    first[found] = k
                    second[found] = order[m]
                    found += 1
    return first[:found], second[:found]


def run(work, answer: Answer, budget_s: float = 1e9) -> None:
    """Step through the window, or as far as the budget lasts."""
    reach = chord_of(work.within_m)
    lat, lon = work.lat[:, 0].copy(), work.lon[:, 0].copy()
    toward = np.ones(work.size, np.int64)
    # Compile on copies, so that the loop's times are those of compiled code.
    move(lat[:2].copy(), lon[:2].copy(), toward[:2].copy(), work.lat, work.lon, work.speed_m_s)
    points = cartesian(lat[:2], lon[:2])
    search(points[:1], points[1:], lat[:2], lon[:2], reach)
    answer.watch.lap("setup")
    begin = time.process_time()
    for second in range(1, work.duration_s + 1):
        move(lat, lon, toward, work.lat, work.lon, work.speed_m_s)
        answer.watch.lap("move")
        points = cartesian(lat, lon)
        i, j = search(points[: work.first], points[work.first :], lat, lon, reach)
        answer.watch.lap("pairs")
        answer.report(second, lat, lon, i, j)
        if time.process_time() - begin > budget_s:
            break


if __name__ == "__main__":
    work, path, budget, _ = arguments()
    answer = Answer(work)
    run(work, answer, budget)
    answer.save(path)
