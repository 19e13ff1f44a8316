"""Reporting delays in the review: what is counted, and who tells whom."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from startex.review.figures import FigureBook
from startex.review.reporting import reporting

MINUTE = 60_000
RUS, CHN, ENEMY = range(3)
_UNITS = [
    {"unit": RUS, "id": "rus", "nation": "RUS", "first": 0, "last": 2},
    {"unit": CHN, "id": "chn", "nation": "CHN", "first": 2, "last": 4},
    {"unit": ENEMY, "id": "foe", "nation": "RUS", "first": 4, "last": 6},
]


def _message(about, sender, receiver, minutes, kind="contact_report", result="delivered") -> dict:
    sent = 10 * MINUTE
    received = sent + round(minutes * MINUTE) if result == "delivered" else None
    return {
        "about": about, "sender": sender, "receiver": receiver, "kind": kind, "result": result,
        "t_sent": sent, "t_received": received,
    }  # fmt: skip


def _detection(number, unit, target, minutes, opposing=False) -> dict:
    return {
        "detection": number, "unit": unit, "target": target, "t": round(minutes * MINUTE),
        "opposing": opposing, "serial": "hunt",
    }  # fmt: skip


def _record(messages, shots=()) -> SimpleNamespace:
    tables = {
        "messages": messages,
        "units": _UNITS,
        "detections": [_detection(7, RUS, 4, 10), _detection(8, CHN, 4, 12)],
        "shots": list(shots),
        "serials": [{"serial": "hunt", "opfor": "foe"}],
    }
    return SimpleNamespace(rows=tables.__getitem__, unit=np.array([0, 0, 1, 1, 2, 2]))


def test_nobody_sent_anything() -> None:
    found = reporting(_record([]), FigureBook())
    assert (found.rows, found.pairs, found.sent) == ((), (), None)


def test_delays_within_and_between_nations() -> None:
    messages = [
        _message(7, RUS, RUS, 1), _message(7, RUS, RUS, 3), _message(7, RUS, CHN, 8),
        _message(8, CHN, RUS, 0, result="out_of_reach"),
    ]  # fmt: skip
    book = FigureBook()
    found = reporting(_record(messages), book)
    rows = {(row.words, row.scope): row for row in found.rows}
    within = rows["From sending to receipt", "within a nation"]
    assert (within.number.value, within.missing.value, within.median.value) == (2, 0, 2.0)
    between = rows["From sending to receipt", "between two nations"]
    assert (between.number.value, between.missing.value, between.median.value) == (1, 1, 8.0)
    assert (found.sent.value, found.refused.value) == (4, 1)
    told = {row.nations: row for row in found.pairs}
    assert set(told) == {"RUS to CHN", "CHN to RUS"}
    assert told["RUS to CHN"].median.value == 8.0
    assert all(figure.tables for figure in book)


@pytest.mark.parametrize(("shooter", "nations"), [(2, "RUS to CHN"), (0, "")])
def test_a_salvo_counts_for_the_first_detection_of_its_target_by_the_side(shooter, nations) -> None:
    shot = {"shooter": shooter, "target": 4, "t": 15 * MINUTE, "serial": "hunt"}
    before = shot | {"t": 9 * MINUTE}  # nobody had seen it yet
    of_enemy = shot | {"shooter": 4, "target": 0}  # of whom no detection is known
    found = reporting(_record([_message(7, RUS, RUS, 1)], [shot, before, of_enemy]), FigureBook())
    words = "From a detection until the first salvo at it"
    (row,) = [row for row in found.rows if row.words == words]
    assert (row.number.value, row.median.value) == (1, 5.0)
    assert [pair.nations for pair in found.pairs] == ([nations] if nations else [])
