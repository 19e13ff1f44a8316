"""Stops to refuel: the quickest way, as a search over every pair of airfields finds it."""

from __future__ import annotations

import heapq
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from small_world import build

from startex.engine.orders import OrderRefusedError
from startex.engine.systems.flights import REFUEL_MS, route
from startex.geography.geodesy import inverse
from startex.geography.places import Place, Places

WORLD = build().world
STOP_M = 200.0 * REFUEL_MS / 1000.0


def world_of(points):
    places = [
        Place(f"f{i:03}", "f", "airfield" if i % 5 else "town", *at, 3e3, 0.0, np.nan)
        for i, at in enumerate(points)
    ]
    return replace(WORLD, places=Places(places))


def cheapest(points, reach_m: float) -> tuple[float, list]:
    """Dijkstra's algorithm over the whole matrix; the first of ``points`` to the last."""
    lat, lon = np.array(points).T
    apart = inverse(lat[:, None], lon[:, None], lat[None], lon[None])[1]
    last, best, came, queue = len(points) - 1, {0: 0.0}, {}, [(0.0, 0)]
    while queue:
        cost, node = heapq.heappop(queue)
        if node == last:
            break
        if cost > best[node]:
            continue
        for other in np.flatnonzero((apart[node] <= reach_m) & (apart[node] > 0.0)).tolist():
            total = cost + float(apart[node, other]) + STOP_M
            if total < best.get(other, np.inf):
                best[other], came[other] = total, node
                heapq.heappush(queue, (total, other))
    if last not in came:
        return np.inf, []
    chain = [last]
    while chain[-1]:
        chain.append(came[chain[-1]])
    return best[last], [points[node] for node in reversed(chain)]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-80.0, 80.0), st.floats(-180.0, 180.0)), max_size=60),
    st.tuples(st.floats(-80.0, 80.0), st.floats(-180.0, 180.0)),
    st.tuples(st.floats(-80.0, 80.0), st.floats(-180.0, 180.0)),
    st.floats(5e5, 8e6),
)
@example([(50.0, float(x)) for x in range(0, 180, 3)], (50.0, 0.0), (50.0, 178.0), 1.2e6)
@example([(50.0, float(x)) for x in (3, 9, 9, 9, 15)], (50.0, 0.0), (50.0, 18.0), 7e5)
def test_the_stops_are_those_that_all_pairs_give(points, origin, destination, reach_m) -> None:
    world = world_of(points)
    fields = [at for kind, at in zip(world.places.kind, points, strict=True) if kind == "airfield"]
    cost, chain = cheapest([origin, *fields, destination], reach_m)
    direct_m = float(inverse(*origin, *destination)[1])
    if direct_m <= reach_m:
        assert route(world, origin, destination, [], reach_m) == [[origin, destination]]
    elif not chain:
        with pytest.raises(OrderRefusedError, match=f"{direct_m / 1000:.0f} km is beyond the rang"):
            route(world, origin, destination, [], reach_m)
    else:
        hops = route(world, origin, destination, [], reach_m)
        assert [hops[0][0], *(hop[1] for hop in hops)] == chain
        length = sum(float(inverse(*a, *b)[1]) for a, b in hops)
        assert length + STOP_M * len(hops) == pytest.approx(cost)


def test_a_long_way_takes_many_stops() -> None:
    """So that the comparison above is one of more than refusals."""
    points = [(50.0, float(x)) for x in range(0, 180, 3)]
    hops = route(world_of(points), (50.0, 0.0), (50.0, 178.0), [], 1.2e6)
    assert len(hops) > 5
