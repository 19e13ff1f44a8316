"""Guard of areas measured: on made-up crossings, and against random search by simulation."""

from __future__ import annotations

import numpy as np
import pytest

from startex.models.search import mean_relative_speed_m_s
from startex.review.protection import Crossing, crossings, expectation, protection, union_ms

HOUR = 3_600_000


def _event(t: int, kind: str, actor: int, target: int = -1) -> dict[str, object]:
    return {"t": t, "kind": kind, "actor": actor, "target": target}


EVENTS = [
    _event(0, "entered_area", 7), _event(4 * HOUR, "left_area", 7),
    _event(HOUR, "entered_area", 8), _event(2 * HOUR, "intercepted", 3, 7),
    _event(2 * HOUR, "entered_area", 9),
]  # fmt: skip
SEEN = [
    {"t": HOUR, "t_lost": 2 * HOUR, "target": 7, "range_m": 9_000.0},
    {"t": HOUR + HOUR // 2, "t_lost": 3 * HOUR, "target": 7, "range_m": 5_000.0},
    {"t": HOUR // 2, "t_lost": None, "target": 8, "range_m": 11_000.0},
]


def test_crossings_join_entry_exit_finding_and_meeting() -> None:
    assert crossings(EVENTS, SEEN, 10 * HOUR) == [
        Crossing(7, 0, 4 * HOUR, HOUR, 2 * HOUR, 2 * HOUR, 9_000.0),
        Crossing(8, HOUR, 10 * HOUR, HOUR // 2, None, 9 * HOUR, 11_000.0),
        Crossing(9, 2 * HOUR, 10 * HOUR, None, None, 0, None),
    ]


def test_what_came_of_a_guard() -> None:
    made = protection(
        crossings(EVENTS, SEEN, 10 * HOUR), guards=2, guard_m_s=5.0, intruder_m_s=5.0,
        area_m2=1e11,
    )  # fmt: skip
    assert (made.came, made.found, made.met) == (3, 2, 1)
    assert made.median_min == pytest.approx(30.0)  # one at once, one after an hour
    assert np.isnan(made.lower_min)
    assert made.watched == pytest.approx(11.0 / 21.0)
    assert made.expected is not None
    assert made.expected.caution == ""
    past = 4.0 * 5.0 / np.pi
    rate = 2 * 20_000.0 * past / 1e11
    share = np.mean([1.0 - np.exp(-rate * 3600.0 * h) for h in (4, 9, 8)])
    assert made.expected.share == pytest.approx(share)


def test_nobody_came() -> None:
    made = protection([], guards=3, guard_m_s=5.0, intruder_m_s=5.0, area_m2=1e9)
    assert (made.came, made.found, made.expected) == (0, 0, None)
    assert np.isnan(made.median_min)


def test_a_sensor_that_covers_the_area_is_no_random_search() -> None:
    wide = expectation([3600.0], 1, 5.0, 5.0, 1e9, 60_000.0)
    assert "does not" not in wide.caution
    assert "random search says too little" in wide.caution
    assert expectation([3600.0], 1, 5.0, 5.0, 1e9, 5_000.0).caution == ""


@pytest.mark.parametrize(
    ("spells", "total"), [([], 0), ([(0, 5), (3, 8)], 6), ([(9, 30)], 1), ([(0, 1)], 0)]
)
def test_time_under_watch_counts_once(spells, total) -> None:
    assert union_ms(spells, 2, 10) == total


def test_random_search_finds_the_share_expected() -> None:
    """Gas of searchers: straight random courses of a Poisson number past a still target."""
    draw = np.random.default_rng(3)
    width, speed, time, area = 2_000.0, 6.0, 4 * 3600.0, 4e8
    side, number = area**0.5, 4_000
    found = 0
    for _ in range(number):
        # one guard on a torus: its straight way sweeps a strip; independent pieces of half a side
        pieces = round(speed * time / (0.5 * side))
        at, course = draw.uniform(0.0, side, (pieces, 2)), draw.uniform(0.0, 2 * np.pi, pieces)
        along = np.stack([np.sin(course), np.cos(course)], axis=1)
        off = -(at + 0.25 * side * along)  # from the middle of each piece to the target at 0
        off = (off + 0.5 * side) % side - 0.5 * side
        ahead = (off * along).sum(axis=1)
        aside = np.abs(off[:, 0] * along[:, 1] - off[:, 1] * along[:, 0])
        found += bool(((np.abs(ahead) <= 0.25 * side) & (aside <= 0.5 * width)).any())
    moved = 0.5 * side * round(speed * time / (0.5 * side))
    expected = expectation([moved / speed], 1, speed, 0.0, area, width).share
    assert float(mean_relative_speed_m_s(0.0, speed)) == pytest.approx(speed)
    assert found / number == pytest.approx(expected, abs=4.0 * (0.25 / number) ** 0.5)
