"""Cooperation measured: delays within and between nations, from columns alone."""

from __future__ import annotations

import numpy as np
import pytest

from startex.review.cooperation import cooperation

NO_ACTIONS = {"about": [], "nation": [], "t": []}
NO_MESSAGES = {
    "sender_nation": [], "receiver_nation": [], "t_sent": [], "t_received": [], "about": [],
}  # fmt: skip
DETECTIONS = {"detection": [4, 2], "nation": ["CHN", "RUS"], "t": [50_000, 10_000]}


def _row(table, measure, scope, pair=("", "")):
    names = list(table)
    (found,) = [
        dict(zip(names, row, strict=True))
        for row in zip(*table.values(), strict=True)
        if row[:4] == (measure, scope, *pair)
    ]
    return found


def test_messages_count_from_sending_to_receipt_and_missing_ones_are_told() -> None:
    messages = {
        "sender_nation": ["RUS", "RUS", "CHN", "RUS"],
        "receiver_nation": ["RUS", "CHN", "RUS", "CHN"],
        "t_sent": [0, 0, 1_000, 5], "t_received": [2_000, 60_000, 21_000, None],
        "about": [None] * 4,
    }  # fmt: skip
    table = cooperation(messages, DETECTIONS, NO_ACTIONS)
    assert _row(table, "message", "within")["median_s"] == 2.0
    between = _row(table, "message", "between")
    assert (between["number"], between["missing"], between["median_s"]) == (2, 1, 40.0)
    pair = _row(table, "message", "pair", ("RUS", "CHN"))
    assert (pair["number"], pair["missing"], pair["p90_s"]) == (1, 1, 60.0)
    assert pair["median_lower_s"] is None  # one observation has no interval
    assert "report" not in table["measure"]


def test_reports_and_actions_count_from_the_detection_to_the_first_of_a_nation() -> None:
    messages = {
        "sender_nation": ["RUS"] * 4, "receiver_nation": ["CHN", "CHN", "RUS", "CHN"],
        "t_sent": [10_000] * 4, "t_received": [90_000, 70_000, 15_000, None],
        "about": [2, 2, 2, 4],
    }  # fmt: skip
    actions = {"about": [2, 2, 2, 4], "nation": ["CHN", "CHN", "RUS", "CHN"],
               "t": [400_000, 310_000, 20_000, 51_000]}  # fmt: skip
    table = cooperation(messages, DETECTIONS, actions)
    assert _row(table, "report", "pair", ("RUS", "CHN"))["median_s"] == 60.0
    assert _row(table, "report", "pair", ("RUS", "RUS"))["median_s"] == 5.0
    lost = _row(table, "report", "pair", ("CHN", "CHN"))
    assert (lost["number"], lost["missing"], lost["median_s"]) == (0, 1, None)
    assert _row(table, "action", "between")["median_s"] == 300.0
    within = _row(table, "action", "within")
    assert (within["number"], within["median_s"]) == (2, 5.5)


def test_quantiles_have_intervals_of_order_statistics() -> None:
    # of 100 the 40th and 61st smallest hold the median, the 84th and 96th the ninth decile (95 %)
    delay = np.random.default_rng(1).permutation(np.arange(1, 101)) * 1_000
    messages = {
        "sender_nation": ["RUS"] * 100, "receiver_nation": ["CHN"] * 100, "t_sent": [0] * 100,
        "t_received": delay, "about": [None] * 100,
    }  # fmt: skip
    row = _row(cooperation(messages, DETECTIONS, NO_ACTIONS), "message", "between")
    assert (row["median_s"], row["median_lower_s"], row["median_upper_s"]) == (50.5, 40.0, 61.0)
    assert (row["p90_lower_s"], row["p90_upper_s"]) == (84.0, 96.0)


def test_nothing_comes_of_nothing() -> None:
    none = {"detection": [], "nation": [], "t": []}
    table = cooperation(NO_MESSAGES, none, NO_ACTIONS)
    assert all(not column for column in table.values())


def test_ids_that_name_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="about detection 3"):
        cooperation(NO_MESSAGES, DETECTIONS, {"about": [3], "nation": ["RUS"], "t": [0]})
    with pytest.raises(ValueError, match="not unique"):
        cooperation(NO_MESSAGES, {**DETECTIONS, "detection": [2, 2]}, NO_ACTIONS)
