from __future__ import annotations

import pytest
from small_world import START, Small

from startex.engine.orders import OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.systems.fire import Fire

T = START + 1000


def run(small: Small, rows, **params):  # type: ignore[no-untyped-def]
    params = {"duration_ms": 600_000, "targets": small.of("range-control", "target"),
              "place": small.place("range"), **params}  # fmt: skip
    order = small.order("fire", rows, **params)
    return Fire().start(order, T, small.world, small.state, Resources())


def test_live_fire_is_two_events_and_nobody_moves(small: Small) -> None:
    effects = run(small, small.of("company"))
    assert [e.kind for e in effects.events] == ["live_fire_started", "cease_fire"]
    assert [e.t for e in effects.events] == [T, T + 600_000]
    assert effects.end_ms == T + 600_000
    assert not effects.legs
    data = effects.events[0].data
    # mounted squads do not fire, nor do trucks; the team on foot does
    assert data["platforms"] == {"apc": 4, "squad": 1}
    assert data["targets"] == 3
    # targets 3.3 km north of the first vehicle, the team on foot 300 m south of it
    assert 3_300 < data["least_range_m"] < 3_400
    assert 3_600 < data["greatest_range_m"] < 3_700


def test_ships_fire_too(small: Small) -> None:
    effects = run(small, small.of("navy", "ship"))
    assert effects.events[0].data["platforms"] == {"ship-landing": 1}


def test_trucks_stand_by(small: Small) -> None:
    effects = run(small, [small.rows["truck 0"], small.rows["truck 1"]])
    assert [e.kind for e in effects.events] == ["stands_by"]
    assert effects.end_ms == T + 600_000


def test_targets_outside_the_range_are_not_fired_at(small: Small) -> None:
    with pytest.raises(OrderRefusedError, match="3 of 3 targets stand outside port"):
        run(small, small.of("company"), place=small.place("port"))


def test_unmanned_platforms_do_not_fire(small: Small) -> None:
    with pytest.raises(OrderRefusedError, match="none of 2 platforms is manned"):
        run(small, small.of("contingent", "vehicle"))
    with pytest.raises(OrderRefusedError, match="no targets"):
        run(small, small.of("company"), targets=[])


def test_bouts_are_even_and_begin_together(small: Small) -> None:
    """Forty minutes are three bouts of all five, each on a whole five minutes of the exercise."""
    effects = run(small, small.of("company"), duration_ms=40 * 60_000, share=0.5, limit=7,
                  kinds=("gun",))  # fmt: skip
    bouts = effects.bouts
    assert bouts is not None
    assert (bouts.of, bouts.span_ms, bouts.share, bouts.limit) == (3, 800_000, 0.5, 7)
    assert bouts.kinds == ("gun",)
    times = sorted(set(bouts.t.tolist()))
    assert [t - START for t in times] == [300_000, 900_000, 1_800_000]
    for number, t in enumerate(times):
        mine = bouts.t == t
        assert mine.sum() == 5
        assert (bouts.number[mine] == number).all()
    assert effects.events[bouts.opening].kind == "live_fire_started"


def test_a_short_bout_does_not_wait_for_the_order_of_the_range(small: Small) -> None:
    bouts = run(small, small.of("company"), duration_ms=60_000).bouts
    assert bouts is not None
    assert set(bouts.t.tolist()) == {T + 30_000}
