"""What a side does about contacts, from reports and results alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from startex.control.reactions import AGAIN_MS, MOST_SALVOS, Chase, Reactions
from startex.engine.desk import Engage, Report, Result

SEEN = Report(
    serial=3, opposing=False, in_play=True, gained=True, unit=7, looker=70, target=90, t=1_000,
    lat=41.0, lon=133.0, sensor="sonar", detection=0, event=12,
)  # fmt: skip
ORDER = Engage(90, 3, False, 12)


def _missed(**changes) -> Result:
    return replace(Result(3, False, 90, 13, shooter=70), **changes)


def test_a_contact_is_engaged_once_at_a_time() -> None:
    reactions = Reactions()
    assert reactions.informed([SEEN]) == [ORDER]
    assert reactions.informed([replace(SEEN, unit=8)]) == []  # it is under fire already
    assert reactions.judged(2_000, [_missed()]) == ([ORDER], [], [])


def test_bystanders_are_let_pass() -> None:
    assert Reactions().informed([replace(SEEN, in_play=False)]) == []


@pytest.mark.parametrize("end", ["lost", "out", "used up"])
def test_fire_ends(end) -> None:
    reactions = Reactions()
    reactions.informed([SEEN])
    if end == "lost":
        reactions.informed([replace(SEEN, gained=False, event=-1)])
    if end == "used up":
        for _ in range(MOST_SALVOS - 1):
            assert reactions.judged(2_000, [_missed()])[0] == [ORDER]
    wanted, chases, wake = reactions.judged(2_000, [_missed(out=end == "out")])
    assert (wanted, chases, wake) == ([], [], [])


def test_the_nearest_goes_after_what_nobody_can_reach_and_it_is_tried_again() -> None:
    reactions = Reactions()
    reactions.informed([SEEN, replace(SEEN, target=91, event=14)])
    nobody = [_missed(shooter=-1, nearest=71), _missed(target=91, shooter=-1, nearest=71)]
    wanted, chases, wake = reactions.judged(2_000, nobody)
    assert (wanted, wake) == ([], [2_000 + AGAIN_MS])
    assert chases == [Chase(3, 71, 41.0, 133.0, 12)]  # one ship, one target
    assert reactions.due(wake[0]) == [ORDER, Engage(91, 3, False, 14)]
    assert reactions.due(wake[0]) == []


def test_weapons_are_held_until_they_are_free() -> None:
    reactions = Reactions()
    reactions.begin(3, 5_000)
    assert reactions.informed([SEEN]) == []
    assert reactions.due(4_999) == []
    assert reactions.due(5_000) == [ORDER]
    assert reactions.due(5_000) == []


def test_a_play_that_has_ended_is_forgotten() -> None:
    reactions = Reactions()
    reactions.informed([SEEN])
    reactions.end(3)
    assert reactions.judged(2_000, [_missed()]) == ([], [], [])
