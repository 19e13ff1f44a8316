"""The numeric audit on a real run: each fault, planted in a copy, is named with who, when, how far.

The copy is written anew as another program would write it (see `foreign_runs`).
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import foreign_runs as foreign
from startex.foundation.errors import StoreError
from startex.recording.foreign import CONTRACT


@pytest.fixture(scope="module")
def rows(tutorial_run) -> foreign.Rows:
    return foreign.rows_of(tutorial_run, foreign.WANTED)


@pytest.fixture(scope="module")
def bare(tutorial_run) -> foreign.Rows:
    """The columns of the contract and nothing else."""
    return foreign.rows_of(tutorial_run, CONTRACT)


def test_a_real_run_is_sound_and_wholly_checked(tutorial_run) -> None:
    audit = tutorial_run.audit()
    assert (audit.problems, audit.unchecked) == ([], [])


def test_the_copy_is_sound_as_far_as_it_can_be_checked(rows, tutorial_run, tmp_path) -> None:
    audit = foreign.write(tmp_path / "run", rows, tutorial_run).audit()
    assert audit.problems == []
    assert audit.unchecked == [
        "claims.source: the run has no table 'sources'",
        "claims.origin: the run has no table 'origins'",
        "causes of events: events have no column 'event' with their ids",
    ]


@pytest.mark.parametrize("plant", foreign.PLANTS, ids=lambda plant: plant.__name__)
def test_planted_fault_is_named(plant, rows, tutorial_run, tmp_path) -> None:
    changed = foreign.copied(rows)
    wanted = plant(changed)
    audit = foreign.write(tmp_path / "run", changed, tutorial_run).audit()
    found = [str(problem) for problem in audit.problems]
    assert any(all(part in text for part in wanted) for text in found), (wanted, found)


def _startex(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "startex.cli.main", *words],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_no_more_than_the_contract_can_be_audited(bare, tutorial_run, tmp_path) -> None:
    folder = tmp_path / "run"
    foreign.write(folder, bare, tutorial_run)
    plain = _startex("verify", str(folder))
    assert plain.returncode == 1
    assert "whether its bytes have changed cannot be told" in plain.stderr
    assert "startex verify --deep" in plain.stderr
    deep = _startex("verify", "--deep", str(folder))
    assert deep.returncode == 0, deep.stderr
    for words in ([], ["3"], ["--serial", str(bare["serials"][0]["serial"])]):
        why = _startex("why", str(folder), *words)
        assert why.returncode == 0 and why.stdout, why.stderr
    assert (
        "not checked: speeds, heights and ranges: the run has no table 'catalogue'" in deep.stderr
    )
    assert "not checked: bytes:" in deep.stderr
    assert "sound as far as it could be checked" in deep.stdout
    changed = foreign.copied(bare)
    wanted = foreign.jump(changed)
    foreign.write(tmp_path / "jumping", changed, tutorial_run)
    told = _startex("verify", "--deep", str(tmp_path / "jumping"), "--json")
    assert told.returncode == 1
    assert all(part in json.loads(told.stdout)["problems"][0]["message"] for part in wanted)


def test_a_foreign_run_answers_where(bare, tutorial_run, tmp_path) -> None:
    folder, at = tmp_path / "run", "2025-06-14T12:00+05:00"
    run = foreign.write(folder, bare, tutorial_run)
    person = next(row["name"] for row in bare["entities"] if row["kind"] == "person")
    done = _startex("where", str(folder), person, "--at", at, "--json")
    assert done.returncode == 0, done.stderr
    mine, theirs = tutorial_run.where(person, at), json.loads(done.stdout)
    assert [link["name"] for link in theirs["chain"]] == [link.name for link in mine.chain]
    assert (theirs["lat"], theirs["lon"]) == (mine.lat, mine.lon)
    unit = bare["units"][0]["name"]
    parts = sum(number for _, _, number in run.where(unit, at).parts)
    assert parts == sum(number for _, _, number in tutorial_run.where(unit, at).parts)


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("legs", {"mode": None}, "lacks the column 'mode'"),
        ("entities", None, "has no table 'entities'"),
        ("legs", {"t1": "timestamp"}, "milliseconds since 1970-01-01 UTC"),
        ("legs", {"t0": "words"}, "wanted: int64"),
        ("carriers", {"t0": "null"}, "no value in 1 rows (first in row 3)"),
    ],
    ids=["column", "table", "timestamps", "words", "null"],
)
def test_what_a_foreign_run_lacks_is_named(
    table, change, said, bare, tutorial_run, tmp_path
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = tmp_path / "run"
    foreign.write(folder, bare, tutorial_run)
    path = folder / f"{table}.parquet"
    if change is None:
        path.unlink()
    else:
        ((column, how),) = change.items()
        data = pq.read_table(path)
        values = data.column(column)
        at = data.column_names.index(column)
        made = {
            "timestamp": lambda: values.cast(pa.timestamp("ms")),
            "words": lambda: pa.array(["noon"] * len(values)),
            "null": lambda: pa.array(
                [None if i == 3 else v for i, v in enumerate(values.to_pylist())]
            ),
        }
        data = (
            data.drop_columns(column) if how is None else data.set_column(at, column, made[how]())
        )
        pq.write_table(data, path)
    person = next(row["name"] for row in bare["entities"] if row["kind"] == "person")
    for words in (("verify", "--deep"), ("where", person, "--at", "2025-06-14T12:00+05:00")):
        done = _startex(words[0], str(folder), *words[1:])
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_a_manifest_that_lacks_fields_names_them(bare, tutorial_run, tmp_path) -> None:
    with pytest.raises(StoreError, match=r"'seed' \(\"one\"\), 'sim_end' \(null\)"):
        foreign.write(tmp_path / "run", bare, tutorial_run, seed="one", sim_end=None)


def test_a_foreign_run_of_another_format_is_told(bare, tutorial_run, tmp_path) -> None:
    with pytest.raises(StoreError, match="the run has format 7; this version reads format 1"):
        foreign.write(tmp_path / "run", bare, tutorial_run, format=7)


def test_a_foreign_run_is_not_resumed(bare, tutorial_run, tmp_path) -> None:
    folder: Path = tmp_path / "run"
    foreign.write(folder, bare, tutorial_run, complete=False)
    done = _startex("resume", str(folder))
    assert done.returncode == 1
    assert "another program" in done.stderr
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["manifest.json", *(f"{name}.parquet" for name in bare if bare[name])]
    )
