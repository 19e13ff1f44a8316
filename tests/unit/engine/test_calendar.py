from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from startex.engine.calendar import Calendar, Phase

ITEMS = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(list(Phase)), st.integers(0, 9)), max_size=40
)


def _drain(calendar: Calendar) -> list[tuple[int, Phase, int]]:
    out = []
    while (t := calendar.next_time()) is not None:
        for phase in Phase:
            out += [(t, phase, item) for item in calendar.take(t, phase)]
    return out


@given(ITEMS, st.randoms(use_true_random=False))
def test_the_order_of_entry_does_not_matter(items, random) -> None:
    first, second = Calendar(), Calendar()
    for item in items:
        first.add(*item)
    random.shuffle(items)
    for item in items:
        second.add(*item)
    drained = _drain(first)
    assert drained == _drain(second)
    assert drained == sorted(set(items))


def test_take_leaves_other_phases_and_times() -> None:
    calendar = Calendar()
    calendar.add(5, Phase.START, 1)
    calendar.add(5, Phase.END, 2)
    calendar.add(6, Phase.END, 3)
    assert calendar.take(5, Phase.END) == [2]
    assert calendar.take(5, Phase.CONTROL) == []
    assert calendar.next_time() == 5
