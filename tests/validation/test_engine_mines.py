"""Mine hunting in the engine: what sweeps find is what Koopman's parallel sweeps say."""

from __future__ import annotations

import pytest

import startex
from sea_examples import exercise
from startex.engine.sensing.sensors import MINE_LOOK_OUT_M3_S
from startex.models import intervals, search

MINES = 180
SPEED_M_S = 10 * 1852 / 3600

pytestmark = [pytest.mark.timeout(300)]


def _found(tmp_path, ship: str, spacing: float, hours: int) -> int:
    """Mines found by one pass of parallel lanes over a field of them, 500 m apart all over."""
    units = [
        {"unit": "hunters", "home": "close", "parts": {ship: 4}},
        {"unit": "mines", "home": "near", "parts": {"target-floating-mine": MINES}},
    ]
    serials = [
        {
            "serial": "hunt", "task": "patrol", "hours": (8, 8 + hours), "units": ["hunters"],
            "opfor": ["mines"],
            "params": {"pattern": "sweep", "speed_kn": 10, "within_m": 8_000,
                       "lane_spacing_m": spacing, "mines": "moored", "roe": "observe"},
        }
    ]  # fmt: skip
    run = startex.simulate(
        startex.load(exercise(tmp_path / "at-sea", units, serials)), out=tmp_path / "run"
    )
    begun = run.sql("select min(t) t from events where kind = 'patrol_started'").to_pylist()[0]["t"]
    area = 3.1416 * 8_000.0**2
    once = begun + 1000.0 * (area / spacing / 4 + 16_000.0) / SPEED_M_S
    assert once < run.sql('select "end" t from serials').to_pylist()[0]["t"]
    return run.sql(
        "select count(distinct target) n from detections where not opposing and t <= ?",
        [int(begun + 1000.0 * area / spacing / 4 / SPEED_M_S)],
    ).to_pylist()[0]["n"]


@pytest.mark.parametrize("coverage", [0.5, 1.0])
def test_look_outs_find_by_the_inverse_cube_law(tmp_path, coverage) -> None:
    width = float(search.inverse_cube_sweep_width_m(MINE_LOOK_OUT_M3_S, 1.0, SPEED_M_S))
    assert width == pytest.approx(988.0, rel=0.01)
    spacing = width / coverage
    found = _found(tmp_path, "fishing-vessel", spacing, 9)
    interval = intervals.wilson_interval(found, MINES, 0.999)
    expected = float(search.inverse_cube_probability(width / spacing))
    assert float(interval.lower) <= expected <= float(interval.upper), (found / MINES, expected)
