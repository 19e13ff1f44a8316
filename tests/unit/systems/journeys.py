"""Rules for orders in which platforms board and alight: legs and carriers must tell one story."""

from __future__ import annotations

from typing import Any

import numpy as np
from effect_checks import apply_boardings
from small_world import Small

from startex.engine.systems.kernels import join, position_at
from startex.forces.definitions import KINDS
from startex.geography.geodesy import direct, inverse

NEAR_DEG = 1.5e-7


def check_legs(small: Small, effects: Any, t: int) -> None:
    """Legs rounded, in time, within the speed of the type, straight within 1 m."""
    legs = join(effects.legs)
    if legs.entity.size == 0:
        return
    types = small.world.catalogue
    assert np.all(legs.t1 > legs.t0)
    assert legs.t0.min() >= t
    assert legs.t1.max() <= effects.end_ms
    same = legs.entity[1:] == legs.entity[:-1]
    assert np.all(legs.t0[1:][same] >= legs.t1[:-1][same])
    for name in ("lat0", "lon0", "lat1", "lon1"):
        assert np.array_equal(getattr(legs, name), np.round(getattr(legs, name), 7))
    azimuth, distance = inverse(legs.lat0, legs.lon0, legs.lat1, legs.lon1)
    spent = (legs.t1 - legs.t0) / 1000.0
    kind = small.world.force.type[legs.entity]
    names = ("road", "cross_country", "water", "cruise", "max")
    speeds = np.stack([getattr(types, f"speed_{name}_m_s") for name in names])
    # a canopy drifts with the wind and falls; on the ground it is a person who walks
    speeds = np.concatenate(
        [speeds, np.where(np.array(types.kind) == "parachute", 15.0, 0.0)[None]]
    )
    falls = legs.mode == 7
    limit = np.where(falls, 15.0, np.nanmax(speeds[:, kind], axis=0, initial=0.0))
    assert np.all(distance / spent <= limit * 1.001 + 0.03 / spent)
    m_lat, m_lon = direct(legs.lat0, legs.lon0, azimuth, distance / 2.0)
    _, away = inverse(m_lat, m_lon, (legs.lat0 + legs.lat1) / 2, (legs.lon0 + legs.lon1) / 2)
    assert away.max() < 1.0
    last = np.append(~same, True)
    end = {int(r): (a, b) for r, a, b in zip(effects.rows, effects.lat, effects.lon, strict=True)}
    after = apply_boardings(small.state, effects)
    for k in np.flatnonzero(last):
        row = int(legs.entity[k])
        if after.carrier[row] < 0:
            assert end[row] == (legs.lat1[k], legs.lon1[k])
    assert np.unique(effects.rows).size == effects.rows.size


def check_story(small: Small, effects: Any) -> None:
    """Each row moves on from where it was: its own last leg, or its carrier's place."""
    legs = join(effects.legs)
    state = small.state
    boardings: dict[int, list[tuple[int, int]]] = {}
    for boarding in effects.boardings:
        for row, carrier, t in zip(boarding.rows, boarding.carriers, boarding.t, strict=True):
            story = boardings.setdefault(int(row), [])
            assert not story or story[-1][0] <= t
            story.append((int(t), int(carrier)))

    def place(row: int, t: int) -> tuple[float, float, float]:
        carrier = int(state.carrier[row])
        for when, other in boardings.get(row, []):
            if when <= t:
                carrier = other
        if carrier >= 0:
            return place(carrier, t)
        own = legs.entity == row
        if not own.any() or legs.t0[own].min() > t:
            left = [when for when, other in boardings.get(row, []) if other == -1 and when <= t]
            if own.any() and (left or not np.isfinite(state.lat[row])):
                k = np.flatnonzero(own)[0]
                return float(legs.lat0[k]), float(legs.lon0[k]), float(legs.alt0[k])
            return float(state.lat[row]), float(state.lon[row]), float(state.alt[row])
        return tuple(float(x[0]) for x in position_at(legs, np.array([row]), t))  # type: ignore[return-value]

    for row, story in boardings.items():
        before = int(state.carrier[row])
        for t, carrier in story:
            # a packed parachute comes from the store, which is nowhere on the map
            packed = small.world.force.kind[row] == KINDS.index("parachute")
            if carrier >= 0 and before < 0 and not packed:
                a, b = _own(legs, state, row, t), place(carrier, t)
                assert np.allclose(a[:2], b[:2], atol=NEAR_DEG), (row, carrier, a, b)
            if carrier < 0 and before >= 0:
                a, b = _next(legs, row, t), place(before, t)
                if a is not None:
                    assert np.allclose(a[:2], b[:2], atol=NEAR_DEG), (row, before, a, b)
                    assert abs(a[2] - b[2]) < 0.2
            if carrier >= 0 and before >= 0:
                assert np.allclose(place(before, t)[:2], place(carrier, t)[:2], atol=NEAR_DEG)
            before = carrier
    # legs between which no boarding lies are contiguous
    same = np.flatnonzero(legs.entity[1:] == legs.entity[:-1])
    for k in same:
        between = [
            t
            for t, _ in boardings.get(int(legs.entity[k]), [])
            if legs.t1[k] <= t <= legs.t0[k + 1]
        ]
        if not between:
            assert (legs.lat1[k], legs.lon1[k]) == (legs.lat0[k + 1], legs.lon0[k + 1])
            assert legs.alt1[k] == legs.alt0[k + 1]


def _own(legs: Any, state: Any, row: int, t: int) -> tuple[float, float]:
    done = np.flatnonzero((legs.entity == row) & (legs.t1 <= t))
    if done.size == 0:
        return float(state.lat[row]), float(state.lon[row])
    return float(legs.lat1[done[-1]]), float(legs.lon1[done[-1]])


def _next(legs: Any, row: int, t: int) -> tuple[float, float, float] | None:
    todo = np.flatnonzero((legs.entity == row) & (legs.t0 >= t))
    if todo.size == 0:
        return None
    k = todo[0]
    return float(legs.lat0[k]), float(legs.lon0[k]), float(legs.alt0[k])


def check(small: Small, effects: Any, t: int) -> None:
    """All rules."""
    check_legs(small, effects, t)
    check_story(small, effects)
    persons = np.flatnonzero(small.world.force.kind == 0)
    after = apply_boardings(small.state, effects)
    aboard = small.state.carrier[persons] >= 0
    assert np.all(after.carrier[persons][aboard] >= 0), "somebody fell out"
