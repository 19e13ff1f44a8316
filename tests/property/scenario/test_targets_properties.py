"""Targets that stand at a place: those that a look at every home counts."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from startex.forces.definitions import KINDS
from startex.geography.places import Place, Places
from startex.scenario.checks.capacity import Muster

TYPES = {
    "target": ("target", "15:000000"), "drone": ("target", "01:000000"),
    "truck": ("vehicle", "15:000000"),
}  # fmt: skip
"""Kind and symbol of a type, by its name."""

points = st.tuples(st.floats(40.0, 41.0), st.floats(-181.0, -179.0), st.floats(1.0, 80e3))


def place(number: int, lat: float, lon: float, radius_m: float) -> Place:
    half = radius_m / 111_000.0
    corners = ((lon - half, lat - half), (lon + half, lat - half), (lon, lat + half))
    polygon = (*corners, corners[0]) if number % 2 else ()
    return Place(f"p{number:02}", "p", "range", lat, lon, radius_m, 0.0, np.nan, polygon=polygon)


@given(
    st.lists(points, min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 13), st.sampled_from(sorted(TYPES))), max_size=20),
)
@example([(40.0, -180.0, 50e3)] * 3, [(0, "target"), (2, "drone"), (13, "target")])
def test_targets_are_counted_as_over_all_homes(at, entities) -> None:
    places = Places([place(number, *point) for number, point in enumerate(at)])
    force = SimpleNamespace(
        kind=np.array([KINDS.index(TYPES[kind][0]) for _, kind in entities], dtype=np.int8),
        type=np.array([list(TYPES).index(kind) for _, kind in entities], dtype=np.int32),
        unit=np.arange(len(entities)),
        units=SimpleNamespace(
            id=tuple(f"u{number}" for number in range(len(entities))),
            home=tuple(f"p{home:02}" for home, _ in entities),
        ),
    )  # fmt: skip
    kinds, symbols = zip(*TYPES.values(), strict=True)
    muster = Muster(force, SimpleNamespace(kind=kinds, symbol=symbols), places)
    for here in range(len(places)):
        expected = dict.fromkeys(("target", "drone"), 0)
        for home, kind in entities:
            if kind in expected and home < len(at):
                lat, lon = places.lat[home], places.lon[home]
                expected[kind] += home == here or bool(places.contains(here, lat, lon))
        assert muster.targets_in(here) == sum(expected.values())
        assert muster.targets_in(here, "ground") == expected["target"]
        assert muster.targets_in(here, "air") == expected["drone"]
