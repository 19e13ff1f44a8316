from __future__ import annotations

import json
import math

import numpy as np
import pytest

from startex.ensemble import open_ensemble
from startex.ensemble.reading import is_ensemble
from startex.foundation.errors import StoreError, UsageError
from startex.testing.ensembles import write_ensemble


def outcome(point, seed):
    if seed == 3 and point["ships"] == 4.0:
        return "the disk was full"
    late = None if seed == 2 else point["ships"] + 0.1 * seed
    return {
        ("serials.late", ""): (late, "serials"),
        ("serial_started_on_time", "s-1"): (float(seed != 1), ""),
    }


@pytest.fixture
def folder(tmp_path):
    points = [{"ships": 2.0, "policy": "a"}, {"ships": 4.0, "policy": "b"}]
    return write_ensemble(tmp_path / "many", points, outcome, replications=4)


def test_measures_stand_in_the_rows_of_the_design(folder) -> None:
    runs = open_ensemble(folder)
    values = runs.values("serials.late")
    assert values.shape == (8,)
    assert values[0] == pytest.approx(2.1)
    assert math.isnan(values[1])
    assert values[7] == pytest.approx(4.4)
    assert runs.done.tolist() == [True] * 6 + [False, True]
    assert runs.unit("serials.late") == "serials"
    assert runs.keys("serial_started_on_time") == ("s-1",)
    assert [row["detail"] for row in runs.failed] == ["the disk was full"]


def test_factors_and_policy(folder) -> None:
    runs = open_ensemble(folder)
    assert [one.name for one in runs.factors] == ["ships", "policy"]
    assert runs.factors[0].numbers.tolist() == [2.0] * 4 + [4.0] * 4
    assert runs.factors[1].words[-1] == "b"


def test_undefined_and_failed_runs_are_told_apart(folder) -> None:
    row = open_ensemble(folder).summary().of("serials.late")
    assert (row.runs, row.undefined) == (5, 2)


def test_values_do_not_depend_on_the_order_of_rows(folder) -> None:
    import pyarrow.parquet as pq

    before = open_ensemble(folder).values("serials.late")
    for name in ("measures.parquet", "design.parquet"):
        table = pq.read_table(folder / name)
        pq.write_table(table.take(np.arange(table.num_rows)[::-1]), folder / name)
    assert open_ensemble(folder).values("serials.late").tolist() == pytest.approx(
        before.tolist(), nan_ok=True
    )


def test_what_is_wrong_is_told(folder, tmp_path) -> None:
    runs = open_ensemble(folder)
    with pytest.raises(UsageError, match=r"did you mean 'serials\.late'"):
        runs.values("serials.lat")
    with pytest.raises(UsageError, match="no key 's-2'"):
        runs.values("serial_started_on_time", "s-2")
    assert not is_ensemble(tmp_path)
    with pytest.raises(StoreError, match=r"it has no ensemble\.json"):
        open_ensemble(tmp_path)
    (folder / "measures.parquet").write_bytes(b"no")
    with pytest.raises(StoreError, match=r"measures\.parquet cannot be read"):
        open_ensemble(folder)
    (folder / "measures.parquet").unlink()
    with pytest.raises(StoreError, match=r"measures\.parquet is missing"):
        open_ensemble(folder)
    facts = json.loads((folder / "ensemble.json").read_text())
    (folder / "ensemble.json").write_text(json.dumps({**facts, "format": 9}))
    with pytest.raises(StoreError, match="format 9"):
        open_ensemble(folder)
