"""Attack runs: passes over the targets in the air, from where the track is then."""

from __future__ import annotations

import numpy as np
from small_world import START, Small

from startex.engine.resources import Resources
from startex.engine.systems.air import Sortie
from startex.engine.systems.strike import MOST_PASSES

T = START + 1000


def sortie(small: Small, **params):  # type: ignore[no-untyped-def]
    rows = small.of("air", "aircraft")
    targets = small.of("range-control", "target")
    lat, lon = small.state.lat[targets].mean(), small.state.lon[targets].mean()
    order = small.order(
        "sortie", rows, points=[(float(lat), float(lon))], on_station_ms=30 * 60_000,
        target_place=small.place("range"), targets=targets, **params,
    )  # fmt: skip
    effects = Sortie().start(order, T, small.world, small.state, Resources())
    return effects, rows, targets, (float(lat), float(lon))


def test_each_aircraft_attacks_on_its_passes_over_the_targets(small: Small) -> None:
    effects, rows, targets, point = sortie(small, share=0.5, limit=9, kinds=("bomb",))
    bouts = effects.bouts
    assert bouts is not None
    assert set(bouts.shooter.tolist()) == set(rows.tolist())
    assert bouts.targets.tolist() == targets.tolist()
    assert (bouts.share, bouts.limit, bouts.kinds) == (0.5, 9, ("bomb",))
    assert bouts.of <= MOST_PASSES
    assert (np.diff(bouts.t) >= 0).all()
    assert (bouts.alt > 100.0).all()
    assert np.allclose(bouts.lat, point[0], atol=1e-3)
    assert np.allclose(bouts.lon, point[1], atol=1e-3)
    attack = effects.events[bouts.opening]
    assert attack.kind == "attack"
    assert attack.t == bouts.t[0]
    for row in rows.tolist():
        mine = bouts.shooter == row
        assert bouts.number[mine].tolist() == list(range(mine.sum()))


def test_without_targets_nothing_is_released(small: Small) -> None:
    rows = small.of("air", "aircraft")[:1]
    lat, lon = small.state.lat[rows[0]] + 0.5, small.state.lon[rows[0]]
    order = small.order("sortie", rows, points=[(float(lat), float(lon))], on_station_ms=600_000)
    assert Sortie().start(order, T, small.world, small.state, Resources()).bouts is None


def test_targets_outside_the_place_are_not_attacked(small: Small) -> None:
    rows = small.of("air", "aircraft")[:1]
    targets = small.of("range-control", "target")
    order = small.order(
        "sortie", rows, points=[(float(small.state.lat[targets[0]]), 131.6)],
        on_station_ms=600_000, target_place=small.place("port"), targets=targets,
    )  # fmt: skip
    assert Sortie().start(order, T, small.world, small.state, Resources()).bouts is None
