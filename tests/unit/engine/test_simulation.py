"""The order of things within an instant, and what becomes of orders; with toy systems."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from startex.engine.effects import Boarding, Effects, Event, Legs
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.simulation import SEGMENT_MS, EndlessInstantError, Simulation
from startex.engine.state import State
from startex.forces.definitions import KINDS

N = 4


def _state() -> State:
    return State(
        np.zeros(N), np.zeros(N), np.zeros(N), np.zeros(N, np.int64),
        np.full(N, -1, np.int32), np.full(N, -1, np.int32), np.zeros(N, np.int64),
        np.zeros(N, np.int8), np.full(N, -1, np.int32), np.full(N, -1, np.int32),
    )  # fmt: skip


class Shift:
    """Moves rows to the mean latitude of everybody, plus one: depends on the state it reads."""

    def start(self, order, t, world, state, resources) -> Effects:
        rows = order.rows
        return Effects(
            end_ms=t + order.params.get("lasts", 10),
            rows=rows,
            row_end_ms=np.full(rows.size, t + 10, np.int64),
            lat=np.full(rows.size, state.lat.mean() + 1.0),
            lon=np.zeros(rows.size),
            alt=np.zeros(rows.size),
            events=[Event(t, "shifted", order.params.get("name", ""), cause=order.cause)],
        )


class Refuse:
    def start(self, order, t, world, state, resources) -> Effects:
        until = order.params.get("retry")
        if until is not None and t >= until:
            return Effects(end_ms=t + 1)
        raise OrderRefusedError("no means", until)


class Board:
    def start(self, order, t, world, state, resources) -> Effects:
        row = order.rows.astype(np.int32)
        ones = np.ones(row.size, np.int32)
        carrier = ones * order.params["carrier"]
        when = np.full(row.size, t, np.int64)
        return Effects(end_ms=t + 5, boardings=[Boarding(row, carrier, 0 * ones, when)])


class Sail:
    """A thousand seconds north, one ship a row, with an event at the end."""

    def may_be_interrupted(self, order) -> bool:
        return order.params.get("free", True)

    def start(self, order, t, world, state, resources) -> Effects:
        rows, one = order.rows, np.ones(order.rows.size)
        lat, end = state.lat[rows], np.full(rows.size, t + 1_000_000, np.int64)
        legs = Legs(
            rows, np.full(rows.size, t, np.int64), end, lat, 0 * one, 0 * one, lat + 1.0, 0 * one,
            0 * one, np.full(rows.size, 5, np.int8),
        )  # fmt: skip
        return Effects(
            end_ms=t + 1_000_000, rows=rows, row_end_ms=end, lat=lat + 1.0, lon=0 * one,
            alt=0 * one, legs=[legs], events=[Event(t + 1_000_000, "arrived", "")],
        )  # fmt: skip


class Script:
    """A controller that gives orders at their times and keeps the notices."""

    def __init__(self, orders) -> None:
        self.orders, self.notices, self.given = orders, [], False

    def begin(self, desk) -> None:
        desk.wake(0)

    def informed(self, t, reports, picture, desk) -> None:
        pass

    def judged(self, t, results, picture, desk) -> None:
        pass

    def instructed(self, t, orders, picture, desk) -> None:
        pass

    def act(self, t, notices, picture, desk) -> None:
        self.notices += [(t, n.order.id, n.outcome) for n in notices]
        if not self.given:
            self.given = True
            for kind, rows, params, after, start in self.orders:
                desk.issue(
                    Order(desk.next_order(), kind, np.array(rows, np.int32), params,
                          after=after, not_before_ms=start)
                )  # fmt: skip


class Keep:
    def __init__(self) -> None:
        self.segments = []

    def segment(self, index, tables, events) -> None:
        self.segments.append((index, tables, list(events)))


def _run(orders, until=None, end=3 * SEGMENT_MS, script=None):
    units = SimpleNamespace(first=np.array([0]), last=np.array([N]))
    force = SimpleNamespace(
        units=units, name=tuple("abcd"), kind=np.full(N, KINDS.index("ship"), np.int8),
        type=np.zeros(N, np.int32),
    )  # fmt: skip
    world = SimpleNamespace(force=force, catalogue=None, places=None, start_ms=0, end_ms=end)
    script, keep, state = script or Script(orders), Keep(), _state()
    systems = {"shift": Shift(), "refuse": Refuse(), "board": Board(), "sail": Sail()}
    simulation = Simulation(world, state, systems, script, keep)
    simulation.run(until)
    for row, lat in enumerate(state.lat):  # whatever moved it, it is found where it stands
        assert row in state.bands.between(lat, lat)
        assert row not in state.bands.between(lat + 0.2, lat + 0.2)
    return simulation, script, keep, state


def test_orders_of_one_instant_all_read_the_state_before_it() -> None:
    *_, state = _run([("shift", [0], {}, (), 7), ("shift", [1], {}, (), 7)])
    assert state.lat.tolist() == [1.0, 1.0, 0.0, 0.0]


def test_a_second_order_to_a_busy_platform_is_refused_in_the_order_of_ids() -> None:
    simulation, script, *_ = _run([("shift", [0, 1], {}, (), 7), ("shift", [1], {}, (), 7)])
    assert [record.outcome for record in simulation.orders()] == ["ended", "refused"]
    assert "b first" in simulation.orders()[1].reason
    assert script.notices == [(7, 1, "refused"), (17, 0, "ended")]


def test_followers_wait_and_are_cancelled_when_all_they_waited_for_failed() -> None:
    simulation, *_ = _run(
        [
            ("refuse", [0], {}, (), 0),
            ("shift", [1], {}, (0,), 0),  # cancelled
            ("shift", [2], {}, (), 0),
            ("shift", [3], {}, (0, 2), 0),  # one of two ended: goes on
        ]
    )
    assert [r.outcome for r in simulation.orders()] == ["refused", "cancelled", "ended", "ended"]
    assert simulation.orders()[3].t_start == 10


def test_a_delayed_order_is_tried_again_and_told_once() -> None:
    simulation, _, keep, _ = _run([("refuse", [0], {"retry": 50}, (), 0)])
    assert simulation.orders()[0].t_start == 50
    kinds = [event.kind for _, _, events in keep.segments for _, event in events]
    assert kinds == ["order_delayed"]


def test_boarding_closes_one_row_and_opens_the_next() -> None:
    *_, keep, state = _run(
        [("board", [2], {"carrier": 0}, (), 0), ("board", [2], {"carrier": 1}, (0,), 20)]
    )
    rows = [tables["carriers"] for _, tables, _ in keep.segments if "carriers" in tables]
    got = sorted(
        (int(c), int(t0), min(int(t1), 10**12))
        for table in rows
        for c, t0, t1 in zip(table["carrier"], table["t0"], table["t1"], strict=True)
    )
    assert got == [(0, 0, 20), (1, 20, 10**12)]
    assert state.carrier[2] == 1


def test_segments_do_not_depend_on_when_things_were_known() -> None:
    """Two days of quiet give two segments, and everything stands in the one in which it is over."""
    _, _, keep, _ = _run([("shift", [0], {}, (), 5), ("shift", [0], {}, (), SEGMENT_MS + 5)])
    assert [index for index, *_ in keep.segments] == [0, 1, 2]
    assert [len(events) for *_, events in keep.segments] == [1, 1, 0]


def test_nothing_of_the_time_after_the_end_remains() -> None:
    _, _, keep, _ = _run([("shift", [0], {}, (), 5), ("shift", [1], {}, (), 500)], until=100)
    events = [event.t for _, _, part in keep.segments for _, event in part]
    assert events == [5]


def test_orders_out_of_sequence_are_an_error() -> None:
    simulation, *_ = _run([])
    with pytest.raises(ValueError, match="out of sequence"):
        simulation.issue(Order(5, "shift", np.array([0], np.int32)))


class Interrupt(Script):
    """Takes rows out of their orders at a time, and says who was."""

    def __init__(self, orders, t, rows) -> None:
        super().__init__(orders)
        self.when, self.rows, self.released = t, np.array(rows, np.int32), None

    def begin(self, desk) -> None:
        super().begin(desk)
        desk.wake(self.when)

    def act(self, t, notices, picture, desk) -> None:
        super().act(t, notices, picture, desk)
        if t == self.when and self.released is None:
            self.released = desk.release(self.rows)


@pytest.mark.parametrize(
    ("free", "rows", "released"),
    [(True, [1], [1]), (True, [0, 1, 3], [0, 1]), (False, [0, 1], [])],
)
def test_platforms_taken_out_of_an_order_stop_where_they_are(free, rows, released) -> None:
    script = Interrupt([("sail", [0, 1], {"free": free}, (), 0)], 250_400, rows)
    simulation, _, keep, _ = _run((), script=script)
    assert script.released.tolist() == released
    parts = [tables["legs"] for _, tables, _ in keep.segments if "legs" in tables]
    legs = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    moved = legs["lat1"] != legs["lat0"]
    ends = dict(zip(legs["entity"][moved].tolist(), legs["t1"][moved].tolist(), strict=True))
    tops = dict(zip(legs["entity"][moved].tolist(), legs["lat1"][moved].tolist(), strict=True))
    for row in (0, 1):
        assert ends[row] == (250_400 if row in released else 1_000_000)
        assert tops[row] == pytest.approx(0.2504 if row in released else 1.0, abs=1e-7)
        assert simulation.state.lat[row] == tops[row]
    everybody = len(released) == 2
    assert ("arrived" in [e.kind for *_, events in keep.segments for _, e in events]) != everybody
    assert script.notices == [(250_400 if everybody else 1_000_000, 0, "ended")]


@pytest.mark.parametrize(("rows", "outcome"), [([1], "superseded"), ([0, 1], "ended")])
def test_what_those_taken_out_alone_were_to_do_next_is_superseded(rows, outcome) -> None:
    orders = [("sail", [1], {"free": True}, (), 0), ("sail", rows, {"free": True}, (0,), 0)]
    script = Interrupt(orders, 250_400, [1])
    simulation, *_ = _run((), script=script)
    assert [record.outcome for record in simulation.orders()] == ["ended", outcome]
    assert (250_400, 1, "superseded") in script.notices or outcome == "ended"


class Restless(Script):
    """A controller that asks to be called again at once, for ever."""

    def act(self, t, notices, picture, desk) -> None:
        super().act(t, notices, picture, desk)
        desk.wake(t)


def test_an_instant_that_goes_on_without_end_is_an_error_not_a_hang() -> None:
    script = Restless([("shift", [0], {}, (), 0)])
    with pytest.raises(EndlessInstantError, match=r"0 ms .*latest orders: 0 shift"):
        _run([], script=script)
