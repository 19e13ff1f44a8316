"""Bounds on who is aboard what: never too narrow, whatever boards and leaves."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from startex.engine.riders import Riders
from startex.engine.state import State

ENTITIES = 12


def _state(carrier: np.ndarray) -> State:
    filler = [np.zeros(ENTITIES) for _ in range(10)]
    state = State(*filler)
    state.carrier = carrier
    return state


@st.composite
def moves(draw: st.DrawFn) -> list[tuple[np.ndarray, np.ndarray]]:
    steps = []
    for _ in range(draw(st.integers(1, 6))):
        rows = draw(st.lists(st.integers(0, ENTITIES - 1), unique=True, min_size=1, max_size=6))
        carriers = draw(
            st.lists(st.integers(-1, ENTITIES - 1), min_size=len(rows), max_size=len(rows))
        )
        steps.append((np.array(rows, np.int32), np.array(carriers, np.int32)))
    return steps


@given(moves(), st.lists(st.integers(0, ENTITIES - 1), unique=True))
def test_whoever_is_aboard_is_found_after_any_moves(
    steps: list[tuple[np.ndarray, np.ndarray]], asked: list[int]
) -> None:
    carrier = np.full(ENTITIES, -1, dtype=np.int32)
    carrier[3:6] = 1
    state = _state(carrier)
    state.riders = Riders(carrier)
    for rows, carriers in steps:
        state.riders.move(rows, carrier[rows], carriers)
        carrier[rows] = carriers
        for wanted in ([row] for row in range(ENTITIES)):
            found = state.aboard(np.array(wanted, dtype=np.int32))
            assert found.tolist() == np.flatnonzero(carrier == wanted[0]).tolist()
        every = state.aboard(np.array(asked, dtype=np.int32))
        assert every.tolist() == np.flatnonzero(np.isin(carrier, asked)).tolist()


def test_an_empty_carrier_starts_anew() -> None:
    carrier = np.full(ENTITIES, -1, dtype=np.int32)
    riders = Riders(carrier)
    train, none = np.array([5], np.int32), np.array([-1], np.int32)
    for row in (0, 11):
        boards = np.array([row], np.int32)
        riders.move(boards, none, train)
        assert riders.between(train) == (row, row + 1)
        riders.move(boards, train, none)
    assert riders.between(train) == (0, 0)
