"""The gate between two instants: pace, pause, steps, and looks that are few."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from startex.assemble.gate import Gate

HOUR = 3_600_000


class Clock:
    """Goes on by a fixed time whenever it is read."""

    def __init__(self, by_s: float) -> None:
        self.now, self.by_s = 0.0, by_s

    def __call__(self) -> float:
        self.now += self.by_s
        return self.now


@contextmanager
def _running(gate: Gate, instants: range) -> Iterator[list[int]]:
    """Pass a gate in another thread; yields the instants that have passed so far."""
    passed: list[int] = []

    def simulate() -> None:
        for t in instants:
            gate.pass_on(t)
            passed.append(t)

    thread = threading.Thread(target=simulate, daemon=True)
    thread.start()
    try:
        yield passed
        gate.set_speed(None)
        gate.resume()
    finally:
        thread.join(10)
    assert not thread.is_alive()


def _until(condition) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_without_a_speed_all_passes_at_once_and_few_looks_are_taken() -> None:
    looks: list[int] = []
    gate = Gate(0, 100 * HOUR, looks.append, clock=Clock(0.03))
    for t in range(HOUR, 101 * HOUR, HOUR):
        gate.pass_on(t)
    assert looks[0] == HOUR - 1
    assert 1 < len(looks) <= 5  # a second or more lies between two, by this clock
    assert looks == sorted(set(looks))
    assert not gate.halted


def test_nobody_is_shown_what_nobody_wants() -> None:
    looks: list[int] = []
    gate = Gate(0, 100 * HOUR, looks.append, lambda: False, clock=Clock(1.0))
    for t in range(HOUR, 101 * HOUR, HOUR):
        gate.pass_on(t)
    assert looks == [HOUR - 1]  # the first, so that whoever comes has something to see


def test_looks_take_a_tenth_of_the_time_at_most() -> None:
    clock, spent = Clock(0.001), []

    def look(reached: int) -> None:
        clock.now += 2.0
        spent.append(2.0)

    gate = Gate(0, 10_000, look, clock=clock)
    for t in range(1, 10_000):
        clock.now += 0.01
        gate.pass_on(t)
    assert len(spent) > 2
    assert sum(spent) <= 0.1 * clock.now + 2.0


def test_it_halts_before_the_next_instant_and_shows_what_is_settled() -> None:
    looks: list[int] = []
    gate = Gate(0, 10_000, looks.append, paused=True)
    with _running(gate, range(1_000, 10_000, 1_000)) as passed:
        _until(lambda: gate.halted)
        assert passed == [] and looks == [0]
        gate.step(2_500)
        _until(lambda: gate.halted)
        assert passed == [1_000, 2_000] and looks[-1] == 2_500
        gate.step(500)  # the instant at the very end of a step belongs to it
        _until(lambda: gate.halted)
        assert passed[-1] == 3_000 and looks[-1] == 3_000
        gate.set_speed(50.0)  # a halt outlasts another speed
        time.sleep(0.05)
        assert gate.halted or not passed[3:]
        gate.step(10**9)  # beyond the end is the end, which nothing halts
        gate.set_speed(None)
        _until(lambda: len(passed) == 9)


def test_another_speed_lets_nobody_on_who_stands() -> None:
    gate = Gate(0, 10_000, paused=True)
    with _running(gate, range(0, 10_000, 1_000)) as passed:
        _until(lambda: gate.halted)
        stood = list(passed)
        gate.set_speed(60.0)
        assert gate.halted  # at once: whoever asks meanwhile hears that it stands
        time.sleep(0.05)
        assert gate.halted and passed == stood


def test_the_clock_paces_it_and_what_is_known_grows_between_two_instants() -> None:
    looks: list[int] = []
    gate = Gate(0, 10 * HOUR, looks.append, speed=7_200.0, paused=True)
    with _running(gate, range(HOUR, 3 * HOUR, HOUR)) as passed:
        begun = time.monotonic()
        gate.resume()
        _until(lambda: bool(passed))
        assert time.monotonic() - begun >= 0.49  # an hour at two hours a second
        time.sleep(0.1)
        gate.pause()
        _until(lambda: gate.halted)
        shown = looks[-1]
        assert passed == [HOUR] and HOUR < shown < 2 * HOUR
        time.sleep(0.1)
        assert looks[-1] == shown and passed == [HOUR]
        gate.resume()  # from where it stands: time at a halt does not count
        gate.pause()
        _until(lambda: gate.halted)
        assert shown <= looks[-1] < shown + HOUR // 10


def test_a_slow_simulation_goes_on_at_its_speed_and_does_not_rush() -> None:
    clock = Clock(0.0)
    gate = Gate(0, HOUR, speed=1.0, clock=clock)
    clock.now = 100.0  # the first instant took so long
    gate.pass_on(1_000)
    assert gate._limit(clock.now, HOUR) <= 1_000
    clock.now += 5.0
    assert gate._limit(clock.now, HOUR) == 6_000


_ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("pause")), st.tuples(st.just("resume")),
        st.tuples(st.just("step"), st.integers(1, 4_000)),
        st.tuples(st.just("set_speed"), st.sampled_from([None, 1e5, 1e7])),
    ),
    max_size=8,
)  # fmt: skip


@given(_ACTS, st.booleans())
def test_whatever_is_done_all_instants_pass_in_order_and_looks_only_grow(acts, paused) -> None:
    looks: list[tuple[int, int]] = []
    passed: list[int] = []
    gate = Gate(0, 5_000, lambda t: looks.append((t, passed[-1] if passed else 0)), paused=paused)
    instants = range(7, 5_000, 313)

    def simulate() -> None:
        for t in instants:
            gate.pass_on(t)
            passed.append(t)

    thread = threading.Thread(target=simulate, daemon=True)
    thread.start()
    for name, *values in acts:
        getattr(gate, name)(*values)
    gate.set_speed(None)
    gate.resume()
    thread.join(10)
    assert passed == list(instants)
    shown = [t for t, _ in looks]
    assert shown == sorted(set(shown))
    for t, last in looks:  # what is shown is settled: the last instant is over, the next not begun
        following = min((i for i in instants if i > last), default=5_001)
        assert last <= t < following


@pytest.mark.parametrize("by_ms", [1, 10**12])
def test_a_step_is_counted_from_what_was_shown(by_ms) -> None:
    gate = Gate(0, 2_000, paused=True)
    with _running(gate, range(500, 2_000, 500)):
        _until(lambda: gate.halted)
        gate.step(by_ms)
        _until(lambda: gate.halted or by_ms > 1)
