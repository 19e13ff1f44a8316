"""What units and commands do about contacts, from reports and results alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from startex.control.reactions import (
    AGAIN_MS,
    BUSY_MS,
    ENGAGE_ERROR_M,
    MOST_RUNS,
    MOST_SALVOS,
    Reactions,
)
from startex.engine.desk import Chase, Engage, Report, Result
from startex.engine.tracking.levels import Level

UNIT, OTHER, COMMAND = 7, 8, 5
SEEN = Report(
    serial=3, opposing=False, gained=True, unit=UNIT, looker=70, target=90, t=1_000,
    lat=41.0, lon=133.0, sensor="sonar", detection=4, event=12, receiver=UNIT,
)  # fmt: skip
ORDER = Engage(90, 3, False, 12, by=UNIT, about=4)
TOLD = replace(SEEN, receiver=COMMAND, command=True)
COMMANDED = Engage(90, 3, False, 12, by=COMMAND, without=(UNIT,), about=4)


def _missed(**changes) -> Result:
    return replace(Result(3, False, 90, 13, shooter=70, about=4, receiver=UNIT), **changes)


def test_a_unit_engages_its_own_contact_once_at_a_time() -> None:
    reactions = Reactions()
    assert reactions.informed(1_000, [SEEN]) == [ORDER]
    assert reactions.informed(1_500, [SEEN]) == []  # under way already
    assert reactions.judged(2_000, [_missed()]) == ([ORDER], [], [])


def test_a_command_brings_in_others_when_it_has_the_report() -> None:
    reactions = Reactions()
    reactions.informed(1_000, [SEEN])
    assert reactions.informed(9_000, [TOLD]) == [COMMANDED]
    assert (
        reactions.informed(9_500, [replace(TOLD, unit=OTHER, detection=5)]) == []
    )  # its order is under way
    later = 9_000 + BUSY_MS  # it has heard of nothing that came of it
    assert reactions.informed(later, [replace(TOLD, unit=OTHER, detection=5)]) == [
        replace(COMMANDED, without=(UNIT, OTHER), about=5)
    ]


def test_a_command_that_sees_for_itself_leaves_nobody_out() -> None:
    own = replace(SEEN, command=True)
    assert Reactions().informed(1_000, [own]) == [ORDER]


def test_bystanders_are_let_pass_and_do_not_fire() -> None:
    assert Reactions().informed(1_000, [replace(SEEN, takes_part=False)]) == []
    assert Reactions().informed(1_000, [replace(TOLD, takes_part=False)]) == [COMMANDED]


def test_what_is_not_known_well_enough_is_not_engaged() -> None:
    reactions = Reactions()
    assert reactions.informed(1_000, [replace(SEEN, level=Level.DETECTED)]) == []
    far = replace(SEEN, error_m=2 * ENGAGE_ERROR_M)
    assert Reactions().informed(1_000, [far]) == []
    assert reactions.informed(2_000, [SEEN]) == [ORDER]  # better known by now


@pytest.mark.parametrize("end", ["lost", "out", "used up"])
def test_fire_ends(end) -> None:
    reactions = Reactions()
    reactions.informed(1_000, [SEEN])
    if end == "lost":
        reactions.informed(1_500, [replace(SEEN, gained=False, event=-1)])
    if end == "used up":
        for _ in range(MOST_SALVOS - 1):
            assert reactions.judged(2_000, [_missed()])[0] == [ORDER]
    wanted, chases, wake = reactions.judged(2_000, [_missed(out=end == "out")])
    assert (wanted, chases, wake) == ([], [], [])


def test_a_salvo_counts_once_however_many_hear_of_it() -> None:
    reactions = Reactions()
    reactions.informed(1_000, [SEEN])
    reactions.informed(1_000, [TOLD])
    for _ in range(MOST_SALVOS - 1):
        assert reactions.judged(2_000, [_missed()])[0] == [ORDER]
        relayed = _missed(receiver=COMMAND, relayed=True)
        assert reactions.judged(2_000, [relayed])[0] == [COMMANDED]
    assert reactions.judged(2_000, [_missed()])[0] == []


def test_the_nearest_goes_after_what_nobody_can_reach_and_it_is_tried_again() -> None:
    reactions = Reactions()
    reactions.informed(1_000, [SEEN, replace(SEEN, target=91, event=14)])
    nobody = [_missed(shooter=-1, nearest=71), _missed(target=91, shooter=-1, nearest=71)]
    wanted, chases, wake = reactions.judged(2_000, nobody)
    assert (wanted, wake) == ([], [2_000 + AGAIN_MS])
    assert chases == [Chase(3, 71, 90, 41.0, 133.0, UNIT, 4, 12)]  # one ship, one target
    assert reactions.due(wake[0]) == [ORDER, replace(ORDER, target=91, cause=14)]
    assert reactions.due(wake[0]) == []


def test_the_same_ship_goes_after_it_again_to_where_it_is_by_then() -> None:
    reactions, t = Reactions(), 2_000
    reactions.informed(1_000, [SEEN])
    went = []
    for run in range(MOST_RUNS + 1):
        _, chases, wake = reactions.judged(
            t, [_missed(shooter=-1, nearest=71, where=(41.0 + run, 134.0))]
        )
        went += [(chase.row, chase.lat, chase.lon) for chase in chases]
        t = wake[0]
        assert reactions.due(t) == [ORDER]
    assert went == [(71, 41.0 + run, 134.0) for run in range(MOST_RUNS)]


def test_nobody_else_goes_after_what_one_is_after() -> None:
    reactions = Reactions()
    reactions.informed(1_000, [SEEN])
    _, first, wake = reactions.judged(2_000, [_missed(shooter=-1, nearest=71)])
    reactions.due(wake[0])
    _, second, _ = reactions.judged(wake[0], [_missed(shooter=-1, nearest=72)])
    assert (len(first), second) == (1, [])


def test_weapons_are_held_until_they_are_free() -> None:
    reactions = Reactions()
    reactions.begin(3, 5_000)
    assert reactions.informed(1_000, [SEEN]) == []
    assert reactions.due(4_999) == []
    assert reactions.due(5_000) == [ORDER]
    assert reactions.due(5_000) == []


def test_a_play_that_has_ended_is_forgotten() -> None:
    reactions = Reactions()
    reactions.informed(1_000, [SEEN])
    reactions.end(3)
    assert reactions.judged(2_000, [_missed()]) == ([], [], [])
