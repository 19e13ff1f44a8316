"""docs/store.md says what the store is: its tables are the declared ones, its examples run."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import store_examples as ex
from startex.recording import tables
from startex.recording.documentation import column_tables
from startex.recording.foreign import CONTRACT

PAGE = (Path(__file__).parents[3] / "docs" / "store.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_page_lists_every_declared_column():
    listed = PAGE[PAGE.index("### ") :]
    assert listed == column_tables()


def test_the_tables_that_readers_rely_on_are_there():
    promised = {
        "units": "unit parent name echelon nation side sidc",
        "entities": "entity kind name type unit nation side sidc counted",
        "legs": "entity t0 t1 lat0 lon0 alt0 lat1 lon1 alt1 mode",
        "carriers": "entity carrier slot t0 t1",
        "statuses": "entity t status",
        "events": "t kind actor target place serial text data cause",
        "serials": "serial place task objective planned_start planned_end start end outcome claim",
        "claims": "claim subject field value unit source origin rank used used_for",
    }
    for table, names in promised.items():
        assert set(names.split()) <= set(tables.schema(table).names), table


def test_declarations_are_complete():
    for table, columns in tables.declared().items():
        assert tables.sort_key(table), table
        for column in columns:
            assert column.meaning and column.type in tables.ARROW_TYPES
            assert not (column.key and column.nullable), (table, column.name)
            if column.name in ("t", "t0", "t1") or column.name.startswith(("t_", "planned_")):
                assert column.unit == "ms", (table, column.name)


def test_examples_of_the_page_run(tmp_path):
    assert len(BLOCKS) >= 4
    ex.write_example(tmp_path / "out")
    names: dict[str, object] = {"folder": str(tmp_path / "out")}
    for block in BLOCKS:
        if "import pandas" in block and importlib.util.find_spec("pandas") is None:
            continue  # pandas is no dependency of ours
        exec(block, names)
    assert names["spot"].chain[-1].name == "Train 1"
    assert names["table"].num_rows == 10
    assert names["aboard"].to_pylist()[0] == {"person": "Driver 1", "carrier": "Truck 1"}
    assert names["late"] == [("s1", "To the range", 0.0)]
    assert names["legs"] == [(8,)]
    assert {"kind": "ship", "mode": "sea", "hours": 1.42} in names["hours"].to_pylist()


def test_the_page_has_the_columns_that_every_run_needs():
    for table, columns in CONTRACT.items():
        assert f"| {table} | {', '.join(columns)} |" in PAGE
        assert set(columns) <= {column.name for column in tables.columns_of(table)}
