"""What is seen of a run that goes on is what its store would hold had it stopped there."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[2] / "system"))

from test_sea_plays import GROUP, RAID, RAIDERS, _hunt

import startex
from live_runs import looked_at
from sea_examples import exercise
from startex.assemble import live as live_record
from startex.foundation.errors import StoreError
from startex.recording import tables
from startex.recording.live import FIXED
from startex.testing import make_exercise

ACCOUNTS = {"supply", "shortages", "mishaps", "strengths"}
"""Closed day by day, and when a run stops."""


def _generated(folder: Path) -> Path:
    return make_exercise(folder / "scenario", entities=250, seed=5)


def _hunted(folder: Path) -> Path:
    return exercise(folder / "scenario", *_hunt(20, mines="moored"))


def _raided(folder: Path) -> Path:
    return exercise(folder / "scenario", [GROUP, RAIDERS], [RAID])


@pytest.fixture(
    scope="module",
    params=[_generated, _hunted, pytest.param(_raided, marks=pytest.mark.long)],
    ids=lambda f: f.__name__,
)
def seen(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("seen")
    patch = pytest.MonkeyPatch()
    patch.setattr(live_record, "PART_LEGS", 200)
    patch.setattr(live_record, "_MOST_PIECES", 3)
    scenario = request.param(folder)
    run, looks, parts = looked_at(scenario, folder / "watched", every=7)
    patch.undo()
    return scenario, run, looks, parts


def test_the_digest_is_that_of_the_unwatched_run(seen, tmp_path) -> None:
    scenario, run, looks, _ = seen
    plain = startex.simulate(startex.load(scenario), out=tmp_path / "run", seed=1)
    assert run.manifest.digest == plain.manifest.digest
    assert run.manifest.segments == plain.manifest.segments
    assert len(looks) > 5


def test_a_look_is_the_run_cut_there(seen, tmp_path) -> None:
    scenario, run, looks, _ = seen
    places = {len(looks) // 3, len(looks) - 1}
    for place in sorted(places):
        look = looks[place]
        cut = startex.simulate(
            startex.load(scenario), out=tmp_path / str(place), seed=1, until_ms=look.reached
        )
        for name in tables.declared():
            here, there = look.table(name), cut.table(name)
            if name in ACCOUNTS:
                assert len(here) <= len(there)
                continue
            if name == "legs":  # at its end a run tells of those that have never moved
                there = _moved(there, here)
            assert _same(name, here, there), name
        if not cut.manifest.complete:  # one that ends counts all
            assert look.manifest.counts["persons"] >= 0
        header = run.manifest.header
        for t in np.linspace(header.sim_start, look.reached, 7).astype(int).tolist():
            _same_positions(look.positions(t), cut.positions(t))
            known = look.positions(t).filter(pa.compute.field("lat").is_valid())
            _same_positions(known, run.positions(t, known.column("entity").to_pylist()))


def _same(name: str, here: pa.Table, there: pa.Table) -> bool:
    return tables.conform(name, here).equals(tables.conform(name, there))


def _moved(whole: pa.Table, known: pa.Table) -> pa.Table:
    names = ("entity", "t0", "t1")
    rows = set(zip(*(known.column(n).to_pylist() for n in names), strict=True))
    more = zip(*(whole.column(n).to_pylist() for n in names), strict=True)
    keep = [row in rows or mode != "hold" for row, mode in zip(
        more, whole.column("mode").to_pylist(), strict=True)]  # fmt: skip
    return whole.filter(pa.array(keep))


def _same_positions(here: pa.Table, there: pa.Table) -> None:
    for name in ("lat", "lon"):
        a, b = (t.column(name).to_numpy(zero_copy_only=False) for t in (here, there))
        np.testing.assert_allclose(a, b, atol=2e-7)  # where a leg is cut, rounded
    for name in ("aboard", "carrier", "status"):
        assert here.column(name).to_pylist() == there.column(name).to_pylist(), name


def test_parts_that_are_not_the_last_stay_as_they_are(seen) -> None:
    _, run, looks, parts = seen
    before: tuple[pa.Table, ...] = ()
    for look in looks:
        assert all(a is b for a, b in zip(before[:-1], look.parts, strict=False))
        assert look.table("legs").num_rows == sum(part.num_rows for part in look.parts)
        before = look.parts
    assert looks[-1].reached == looks[-1].manifest.reached > looks[0].reached
    assert all(a is b for a, b in zip(looks[-1].parts[:-1], parts, strict=False))
    assert _same("legs", pa.concat_tables(parts), run.table("legs"))  # all, once, at the end


def test_what_is_known_before_is_the_same_thing_in_every_look(seen) -> None:
    _, run, looks, _ = seen
    for name in FIXED:
        assert looks[-1].table(name) is looks[-1].table(name)
        assert _same(name, looks[-1].table(name), run.table(name))


@pytest.mark.parametrize("every", [1, 10**9])
def test_the_legs_of_one_that_stops_early_are_all_there(every, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(live_record, "PART_LEGS", 30)
    scenario = _generated(tmp_path)
    until = startex.load(scenario).start_ms + 30 * 3_600_000 + 1
    run, looks, parts = looked_at(scenario, tmp_path / "run", every=every, until_ms=until)
    assert looks[-1].reached == until if every == 1 else len(looks) == 1
    assert not run.manifest.complete
    assert _same("legs", pa.concat_tables(parts), run.table("legs"))
    for name in ("carriers", "statuses", "events"):
        assert every > 1 or _same(name, looks[-1].table(name), run.table(name)), name


def test_files_are_not_asked(seen) -> None:
    _, _, looks, _ = seen
    with pytest.raises(StoreError, match="SQL can be asked when"):
        looks[-1].sql("select 1")
    assert looks[-1].narrowed([0]) is looks[-1]
    assert len(looks[-1].outcomes()) >= 0
