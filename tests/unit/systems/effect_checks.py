"""What must hold of the effects of every order, and of what they make of the state."""

from __future__ import annotations

from typing import Any

import numpy as np
from small_world import Small, copy_state

from startex.engine.state import State
from startex.engine.systems import kernels
from startex.forces.definitions import KINDS
from startex.geography.geodesy import direct, inverse


def check_effects(small: Small, effects: Any, t: int, tolerance: float = 1.01) -> None:
    """Assert the rules that the effects of every order must keep.

    Legs contiguous and without overlap, from where the platform stood (or its carrier, when it
    alights), within the speed of its type, on rounded positions, and where the effects say it is
    at the end; straight in degrees within 1 m of the geodesic.
    """
    world, state = small.world, small.state
    cat, force = world.catalogue, world.force
    for legs in effects.legs:
        if legs.entity.size == 0:
            continue
        assert np.all(legs.t1 > legs.t0)
        assert legs.t0.min() >= t
        assert legs.t1.max() <= effects.end_ms
        for name in ("lat0", "lon0", "lat1", "lon1"):
            column = getattr(legs, name)
            assert np.array_equal(column, np.round(column, 7))
        same = legs.entity[1:] == legs.entity[:-1]
        assert np.all(legs.t0[1:][same] >= legs.t1[:-1][same])
        jump = (legs.lat0[1:] != legs.lat1[:-1]) | (legs.lon0[1:] != legs.lon1[:-1])
        for i in np.flatnonzero(same & jump).tolist():
            check_carried(small, effects, legs, i)
        assert np.unique(legs.entity).size == 1 + int((~same).sum())
        _, distance = inverse(legs.lat0, legs.lon0, legs.lat1, legs.lon1)
        speed = distance / ((legs.t1 - legs.t0) / 1000.0)
        kind = force.type[legs.entity]
        columns = np.stack(
            [
                cat.speed_road_m_s, cat.speed_cross_country_m_s, cat.speed_water_m_s,
                cat.speed_cruise_m_s, cat.speed_max_m_s,
            ]
        )  # fmt: skip
        limit = np.nanmax(columns[:, kind], axis=0, initial=0.0)
        slow = speed <= limit * tolerance + 0.02 / ((legs.t1 - legs.t0) / 1000.0)
        assert np.all(slow), (speed[~slow], limit[~slow])
        azimuth, length = inverse(legs.lat0, legs.lon0, legs.lat1, legs.lon1)
        m_lat, m_lon = direct(legs.lat0, legs.lon0, azimuth, length / 2.0)
        _, away = inverse(
            m_lat, m_lon, (legs.lat0 + legs.lat1) / 2.0, (legs.lon0 + legs.lon1) / 2.0
        )
        assert away.max() < 1.0
        first = np.flatnonzero(np.append(True, ~same))
        starters = legs.entity[first]
        own = (state.carrier[starters] < 0) & ~np.isin(starters, _boarded(effects))
        assert np.allclose(legs.lat0[first][own], state.lat[starters[own]], atol=1e-7)
        assert np.allclose(legs.lon0[first][own], state.lon[starters[own]], atol=1e-7)
        last = np.append(first[1:] - 1, legs.entity.size - 1)
        where = {int(r): i for i, r in enumerate(effects.rows)}
        for k in last:
            if int(legs.entity[k]) in where:
                i = where[int(legs.entity[k])]
                assert effects.lat[i] == legs.lat1[k]
                assert effects.lon[i] == legs.lon1[k]
                assert effects.row_end_ms[i] >= legs.t1[k]
    for boarding in effects.boardings:
        assert np.unique(boarding.rows).size == boarding.rows.size
        assert np.all(boarding.t >= t)
    assert np.unique(effects.rows).size == effects.rows.size
    assert effects.rows.size == effects.lat.size == effects.row_end_ms.size


def check_carried(small: Small, effects: Any, legs: Any, i: int) -> None:
    """Assert that an entity went aboard after leg i, and left where its carrier then was."""
    row = int(legs.entity[i])
    moments = [
        (int(b.t[k]), int(b.carriers[k]))
        for b in effects.boardings
        for k in np.flatnonzero(b.rows == row)
    ]
    on = [m for m in moments if m[1] >= 0 and legs.t1[i] <= m[0] <= legs.t0[i + 1]]
    off = [m for m in moments if m[1] < 0 and m[0] == legs.t0[i + 1]]
    assert len(on) == len(off) == 1, f"{small.world.force.name[row]} jumps at leg {i}"
    where = kernels.position_at(legs, [on[0][1]], off[0][0])
    assert np.allclose([legs.lat0[i + 1], legs.lon0[i + 1]], np.ravel(where)[:2], atol=2e-7)
    there = kernels.position_at(legs, [on[0][1]], on[0][0])
    if not np.isnan(there[0][0]):
        assert np.allclose([legs.lat1[i], legs.lon1[i]], np.ravel(there)[:2], atol=2e-7)


def _boarded(effects: Any) -> np.ndarray:
    rows = [b.rows for b in effects.boardings]
    return np.concatenate(rows) if rows else np.empty(0, dtype=np.int32)


def apply_boardings(state: State, effects: Any) -> State:
    """The state after all boardings and moves of the effects."""
    after = copy_state(state)
    for boarding in effects.boardings:
        after.carrier[boarding.rows] = boarding.carriers
        after.slot[boarding.rows] = boarding.slots
        after.aboard_ms[boarding.rows] = boarding.t
    after.lat[effects.rows] = effects.lat
    after.lon[effects.rows] = effects.lon
    after.free_ms[effects.rows] = effects.row_end_ms
    return after


def check_aboard(small: Small, state: State) -> None:
    """Assert that every person is in something, slots are unique and seats respected."""
    force, cat = small.world.force, small.world.catalogue
    persons = np.flatnonzero(force.kind == KINDS.index("person"))
    assert np.all(state.carrier[persons] >= 0)
    carried = np.flatnonzero(state.carrier >= 0)
    pairs = np.stack([state.carrier[carried], state.slot[carried]])
    assert np.unique(pairs, axis=1).shape[1] == carried.size
    heads = np.bincount(state.carrier[persons], minlength=force.kind.size)
    teams = np.flatnonzero((force.kind == KINDS.index("team")) & (state.carrier >= 0))
    total = heads.copy()
    np.add.at(total, state.carrier[teams], heads[teams])
    vehicles = np.flatnonzero(force.kind == KINDS.index("vehicle"))
    kind = force.type[vehicles]
    assert np.all(total[vehicles] <= cat.crew[kind] + cat.seats[kind])
