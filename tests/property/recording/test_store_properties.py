from __future__ import annotations

import random
import shutil
import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import store_examples as ex
from startex.recording import tables
from startex.recording.digest import table_digest
from startex.recording.lookup import Lookup
from startex.recording.manifest import read_manifest
from startex.recording.reader import Run
from startex.recording.verify import verify
from startex.recording.writer import RunWriter

SCALARS = {
    "int32": st.integers(-(2**31), 2**31 - 1),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "uint64": st.integers(0, 2**64 - 1),
    "float64": st.floats(allow_nan=False, allow_infinity=False),
    "bool": st.booleans(),
    "string": st.text(st.characters(codec="utf-8"), max_size=12),
    "category": st.sampled_from(["road", "sea", "air", "", "Ж"]),
}


@st.composite
def any_rows(draw):
    """A table of the store with arbitrary values, ties of the key included."""
    name = draw(st.sampled_from(sorted(tables.declared())))
    fields = {
        column.name: (st.none() | SCALARS[column.type] if column.nullable else SCALARS[column.type])
        for column in tables.columns_of(name)
    }
    return name, draw(st.lists(st.fixed_dictionaries(fields), min_size=1, max_size=8))


quiet = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@quiet
@given(any_rows(), st.data())
def test_round_trip_and_digest_for_any_values_partition_order_and_threads(case, data):
    name, rows = case
    shuffled = data.draw(st.permutations(rows))
    cuts = data.draw(st.lists(st.integers(0, len(rows)), max_size=3))
    edges = [0, *sorted(cuts), len(rows)]
    with tempfile.TemporaryDirectory() as text:
        with RunWriter(Path(text) / "a", ex.header(), threads=1) as writer:
            writer.write_segment(0, {name: ex.as_table(name, rows)})
            whole = writer.finish({})
        with RunWriter(Path(text) / "b", ex.header(), threads=2) as writer:
            for index, (low, high) in enumerate(pairwise(edges)):
                writer.write_segment(index, {name: ex.as_table(name, shuffled[low:high])})
            parts = writer.finish({})
        assert parts.digest == whole.digest
        assert verify(Path(text) / "b") == []
        found = Run(Path(text) / "b").table(name).to_pylist()
    assert sorted(found, key=repr) == sorted(ex.as_table(name, rows).to_pylist(), key=repr)


@quiet
@given(any_rows(), st.data())
def test_any_changed_value_changes_the_digest(case, data):
    name, rows = case
    column = data.draw(st.sampled_from(tables.columns_of(name)))
    value = data.draw(SCALARS[column.type])
    row = data.draw(st.integers(0, len(rows) - 1))
    changed = [dict(item) for item in rows]
    changed[row][column.name] = value
    before, after = (tables.conform(name, ex.as_table(name, listed)) for listed in (rows, changed))
    same = before.to_pylist() == after.to_pylist()
    assert (table_digest(name, before) == table_digest(name, after)) == same


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recorded") / "out"
    ex.write_example(folder)
    return folder


def test_any_single_flipped_bit_is_found_and_its_file_named(recorded, tmp_path):
    draw = random.Random(11)
    folder = shutil.copytree(recorded, tmp_path / "out")
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    assert len(paths) > 10
    for path in paths:
        sound = path.read_bytes()
        for _ in range(8):
            flipped = bytearray(sound)
            flipped[draw.randrange(len(sound))] ^= 1 << draw.randrange(8)
            path.write_bytes(flipped)
            problems = verify(folder)
            assert [p.file for p in problems] == [path.relative_to(folder).as_posix()]
        path.write_bytes(sound)
    assert verify(folder) == []


@quiet
@given(st.lists(st.floats(0, 1), max_size=5))
def test_positions_do_not_depend_on_the_partition(recorded, cuts):
    with tempfile.TemporaryDirectory() as text:
        ex.write_example(Path(text) / "out", cuts=cuts)
        assert read_manifest(Path(text) / "out").digest == read_manifest(recorded).digest
        other, run = Run(Path(text) / "out"), Run(recorded)
        for minutes in (0, 95, 190, 260, 420, 1440):
            t = ex.START + minutes * ex.MINUTE
            assert other.positions(t).equals(run.positions(t))


@st.composite
def random_walks(draw):
    """Platforms that move now and then, and riders that change from one to another."""
    legs, carriers = [], []
    platforms, riders = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    for entity in range(platforms):
        t = 0
        lat, lon = draw(st.floats(-10, 10)), draw(st.floats(-10, 10))
        for _ in range(draw(st.integers(1, 4))):
            t0 = t + draw(st.integers(0, 50))
            t = t0 + draw(st.integers(1, 50))
            to = (lat + draw(st.floats(-1, 1)), lon + draw(st.floats(-1, 1)))
            legs.append((entity, t0, t, lat, lon, to[0], to[1]))
            lat, lon = to
    for rider in range(platforms, platforms + riders):
        t = draw(st.integers(0, 20))
        for _ in range(draw(st.integers(1, 4))):
            end = t + draw(st.integers(1, 60))
            carriers.append((rider, draw(st.integers(0, platforms - 1)), t, end))
            t = end + draw(st.sampled_from([0, 0, 7]))
    return platforms + riders, legs, carriers


def locate_one(legs, carriers, entity, t):
    """Return the position of one entity by following the definition word by word."""
    ride = next((r for r in carriers if r[0] == entity and r[2] <= t < r[3]), None)
    if ride:
        return locate_one(legs, carriers, ride[1], t)
    begun = [leg for leg in legs if leg[0] == entity and leg[1] <= t]
    left = [r for r in carriers if r[0] == entity and r[3] <= t]
    if left and (not begun or begun[-1][1] < left[-1][3]):
        return locate_one(legs, carriers, left[-1][1], left[-1][3])
    if not begun:
        own = [leg for leg in legs if leg[0] == entity]
        return (own[0][3], own[0][4]) if own else (np.nan, np.nan)
    _, t0, t1, lat0, lon0, lat1, lon1 = begun[-1]
    share = min((t - t0) / (t1 - t0), 1.0)
    return lat0 + (lat1 - lat0) * share, lon0 + (lon1 - lon0) * share


@settings(deadline=None, max_examples=150)
@given(random_walks())
def test_lookup_follows_the_definition(case):
    count, legs, carriers = case
    nothing = pa.array([None] * count, pa.float64())
    entities = pa.table(
        {"entity": pa.array(range(count), pa.int32())}
        | dict.fromkeys(("start_lat", "start_lon", "start_alt"), nothing)
    )
    names = ("entity", "t0", "t1", "lat0", "lon0", "lat1", "lon1")
    legs_table = pa.table(
        {name: [leg[i] for leg in legs] for i, name in enumerate(names)}
        | {name: pa.array([0.0] * len(legs)) for name in ("alt0", "alt1")}
    )
    carriers_table = pa.table(
        {
            name: pa.array([ride[i] for ride in carriers], pa.int64())
            for i, name in enumerate(("entity", "carrier", "t0", "t1"))
        }
    )
    lookup = Lookup(entities, legs_table, carriers_table, 0)
    times = sorted({0, 1, 30, 61, 99, 400, *(leg[2] for leg in legs), *(r[3] for r in carriers)})
    for t in times:
        found = lookup.locate(np.arange(count), t)
        expected = [locate_one(legs, carriers, entity, t) for entity in range(count)]
        np.testing.assert_allclose(found.lat, [p[0] for p in expected], atol=1e-9)
        np.testing.assert_allclose(found.lon, [p[1] for p in expected], atol=1e-9)
