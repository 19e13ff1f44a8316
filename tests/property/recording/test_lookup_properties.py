"""The interval that began last, against a look at every interval."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from startex.recording.lookup import intervals

EPOCH = 1_000
rows = st.lists(
    st.tuples(st.integers(0, 6), st.integers(EPOCH, EPOCH + 50), st.integers(0, 20)), max_size=25
)
questions = st.lists(
    st.tuples(st.integers(0, 12), st.integers(EPOCH - 5, EPOCH + 80)), min_size=1, max_size=20
)


@given(rows, questions, st.booleans())
@example([], [(0, EPOCH)], False)
@example([(3, EPOCH, 5)], [(3, EPOCH), (3, EPOCH - 1), (2, EPOCH), (12, EPOCH)], True)
def test_the_latest_interval_is_that_of_a_look_at_all(rows, questions, before) -> None:
    rows = sorted(rows)
    entity, t0, lasts = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    table = pa.table({"entity": entity.astype(np.int32), "t0": t0, "t1": t0 + lasts})
    index = intervals(table, EPOCH)
    asked, t = np.array(questions, dtype=np.int64).T
    found = index.latest(asked, t, before=before)
    for answer, who, when in zip(found.tolist(), asked, t, strict=True):
        begun = (entity == who) & ((t0 < when) if before else (t0 <= when))
        assert answer == (np.flatnonzero(begun)[-1] if begun.any() else -1)
