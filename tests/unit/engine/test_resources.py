from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from startex.engine.resources import Resources
from startex.foundation.clock import parse_time

BOOKINGS = st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 5_000)), max_size=30)
BEFORE_1970 = parse_time("1955-05-01T06:00+03:00")


@given(BOOKINGS, st.integers(1, 3))
def test_bookings_are_alike_whenever_they_are_made(bookings, servers) -> None:
    def starts(begin: int) -> list[int]:
        means = Resources()
        return [means.book("ramp", servers, begin + t, ms) - begin for t, ms in bookings]

    assert starts(BEFORE_1970) == starts(0) == starts(parse_time("2031-05-01T00:00Z"))


def test_what_was_never_booked_is_free_at_any_time() -> None:
    means = Resources()
    assert means.free_from("ramp") < BEFORE_1970
    assert means.book("ramp", 1, BEFORE_1970, 60_000) == BEFORE_1970
    assert means.book("ramp", 1, BEFORE_1970, 60_000) == BEFORE_1970 + 60_000
