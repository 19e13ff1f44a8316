"""Who commands whom in a play, what is told to whom, and when it comes to them."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[2]))
import communications_examples as example
from startex.engine.commands import Commands, Sharing
from startex.engine.communications.chains import Chains
from startex.engine.communications.messages import DELIVERED
from startex.engine.communications.reach import OUT_OF_REACH
from startex.engine.desk import Chase, Engage, Report, Result
from startex.engine.signals import AGAIN_MS, Signals
from startex.engine.tracking.levels import Level

START = example.START
NOBODY = np.empty(0, np.int32)


def _commands(*units: int) -> Commands:
    of = example.FORCE.units
    commands = Commands(Chains(of.parent), of.nation)
    commands.begin(0, [(example.SHIP, NOBODY)], [(unit, NOBODY) for unit in units])
    return commands


def test_a_nation_is_commanded_by_the_lowest_superior_of_its_units() -> None:
    commands = _commands(example.FIRST, example.SECOND, example.CHN_COMPANY)
    assert commands.all(0, opposing=False) == (example.BATTALION, example.CHN_COMPANY)
    assert commands.of(0, example.SECOND, opposing=False) == example.BATTALION
    assert commands.of(0, example.KAZ, opposing=False) == example.BATTALION  # the lead's
    assert commands.all(0, opposing=True) == (example.SHIP,)
    assert commands.commands(0, example.BATTALION, opposing=False)
    assert not commands.commands(0, example.BATTALION, opposing=True)


def test_units_of_different_branches_are_commanded_from_higher_up() -> None:
    commands = _commands(example.SHIP, example.FIRST)
    assert commands.all(0, opposing=False) == (example.RUS,)
    commands.end(0)
    assert not commands.on(0)
    assert commands.of(0, example.FIRST, opposing=False) == -1


def _report(**changes) -> Report:
    report = Report(
        serial=0, opposing=False, gained=True, unit=example.FIRST, looker=0, target=3,
        t=START, lat=43.0, lon=132.0, sensor="eye", detection=1, event=9, level=Level.DETECTED,
        receiver=example.FIRST,
    )  # fmt: skip
    return replace(report, **changes)


def _sharing(ashore: bool = False) -> Sharing:
    return Sharing(np.full(6, ashore), np.array([0, 0, 1, 1, 1, 2], np.int32))


def test_what_others_have_told_already_is_no_news() -> None:
    sharing = _sharing()
    assert sharing.is_news(_report(), 5)
    assert not sharing.is_news(_report(detection=2), 5)
    assert sharing.is_news(_report(detection=2, level=Level.CLASSIFIED), 5)
    assert sharing.is_news(_report(target=4, detection=3), 5)
    assert sharing.is_news(_report(detection=4), 6)  # to another it is


def test_on_land_a_unit_is_reported_once_not_each_of_its_vehicles() -> None:
    sharing = _sharing(ashore=True)
    assert sharing.is_news(_report(target=3), 5)
    assert not sharing.is_news(_report(target=4, detection=2), 5)
    assert sharing.is_news(_report(target=5, detection=3), 5)


def test_a_loss_is_told_to_whom_the_contact_was_told() -> None:
    sharing = _sharing()
    assert sharing.is_news(_report(), 5)
    assert not sharing.is_news(_report(detection=2), 5)
    assert not sharing.is_news(_report(detection=2, gained=False), 5)
    assert sharing.is_news(_report(gained=False), 5)


def _signals(**places) -> Signals:
    def where(t, rows):
        return tuple(np.zeros(rows.size) for _ in range(3))

    return Signals(example.network(places.get("figures"), seed=1), where)


def _letters(signals: Signals, order: list[int]) -> None:
    calls = [
        lambda: signals.report(_report(), example.FIRST, example.BATTALION),
        lambda: signals.report(_report(detection=2, target=4), example.FIRST, example.BATTALION),
        lambda: signals.result(
            Result(0, False, 3, 9, shooter=0, about=1, receiver=example.FIRST),
            example.FIRST, example.BATTALION,
        ),
        lambda: signals.order(
            Engage(3, 0, False, 9, by=example.BATTALION, shooter=1, about=1),
            example.BATTALION, example.SECOND,
        ),
        lambda: signals.order(
            Chase(0, 1, 3, 43.0, 132.0, example.BATTALION, 1, 9), example.BATTALION, example.SECOND
        ),
    ]  # fmt: skip
    for number in order:
        calls[number]()


def _carried(order: list[int]) -> list[tuple[int, int, object]]:
    signals = _signals()
    _letters(signals, order)
    told = []
    due = signals.settle(START, lambda _: True)
    while due is not None:
        told += [(due, *item) for item in signals.arrived(due)]
        due = signals.settle(due, lambda _: True)
    return told


@given(st.permutations(range(5)))
def test_the_order_of_calls_means_nothing(order) -> None:
    assert _carried(list(order)) == _carried(list(range(5)))


def test_everything_comes_to_its_receiver_later() -> None:
    told = _carried(list(range(5)))
    assert len(told) == 5
    assert all(t > START for t, _, _ in told)
    assert {receiver for _, receiver, _ in told} == {example.BATTALION, example.SECOND}


@pytest.mark.parametrize("wanted", [True, False])
def test_what_cannot_be_sent_is_tried_again_while_it_is_wanted(wanted) -> None:
    signals = _signals(figures={("satellite", "range_m"): 1e6})
    signals._speaker[[example.FIRST, example.BATTALION]] = 0, 1
    far = [20.0]

    def where(t, rows):
        zero = np.zeros(rows.size)
        return 40.0 + far[0] * rows, zero + 132.0, zero

    signals.whereabouts = where
    signals.report(_report(), example.FIRST, example.BATTALION)
    again = START + AGAIN_MS
    assert signals.settle(START, lambda _: True) == again
    far[0] = 0.01
    assert signals.arrived(again) == []
    due = signals.settle(again, lambda _: wanted)
    assert (due is not None) == wanted
    found = []
    while due is not None:
        found += signals.arrived(due)
        due = signals.settle(due, lambda _: True)
    assert found == [(example.BATTALION, _report())] * wanted
    results = signals.network.columns(10**15)["result"]
    assert results == [OUT_OF_REACH, DELIVERED][: 1 + wanted]
