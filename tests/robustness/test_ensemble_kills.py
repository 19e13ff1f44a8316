"""Workers and drivers of ensembles killed in the midst of it: nothing is lost, nothing twice."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from processes import kill, startex, stop

from startex.ensemble import resume_ensemble, run_ensemble
from startex.ensemble.journal import JOURNAL
from startex.testing import make_exercise

RUNS = 8
TABLES = ("ensemble.json", "design.parquet", "measures.parquet", "failures.parquet")
FEW = {"seeds": range(RUNS), "measures": ("serials.*",), "workers": 2}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "small"
    return make_exercise(folder, entities=80, seed=2, kinds=["motor"])


@pytest.fixture(scope="module")
def undisturbed(scenario, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("ensembles") / "undisturbed"
    run_ensemble(scenario, out=out, **FEW)
    return out


def _same(one: Path, other: Path, tables=TABLES) -> None:
    for name in tables:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


def _workers(parent: int) -> list[int]:
    """The processes of workers that a driver has started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            above = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if above == parent and b"startex.ensemble.worker" in words:
            found.append(int(folder.name))
    return sorted(found)


def test_a_killed_worker_costs_one_attempt(scenario, undisturbed, tmp_path) -> None:
    killed: list[int] = []

    def progress(now) -> None:
        if now.done == 2 and not killed:
            time.sleep(0.1)  # so that the other is in the midst of a replication
            killed.append(_workers(os.getpid())[0])
            os.kill(killed[0], signal.SIGKILL)

    found = run_ensemble(scenario, out=tmp_path / "e", progress=progress, **FEW)
    assert killed
    assert (found.header["runs_done"], found.header["runs_failed"]) == (RUNS, 0)
    _same(tmp_path / "e", undisturbed, TABLES[:3])
    lost = found.failures.to_pylist()
    assert len(lost) <= 1  # none if it was killed between two replications
    for row in lost:
        assert row["error"] == "the worker died (signal 9)"
        assert row["detail"].startswith("policy ")
    assert _workers(os.getpid()) == []


def _begun(folder: Path, records: int):
    """Return a condition: so many bytes of the journal are written, a little more each time."""
    return lambda _: (folder / JOURNAL).exists() and (folder / JOURNAL).stat().st_size > records


def _words(scenario: Path, out: Path) -> list[str]:
    return [
        "ensemble", str(scenario), "--runs", str(RUNS), "--measures", "serials.*",
        "--workers", "2", "--out", str(out),
    ]  # fmt: skip


def test_a_killed_driver_loses_and_doubles_nothing(scenario, undisturbed, tmp_path) -> None:
    out = tmp_path / "e"
    assert kill(_words(scenario, out), _begun(out, 1))
    assert kill(["resume", str(out)], _begun(out, (out / JOURNAL).stat().st_size + 1))
    torn = (out / JOURNAL).read_bytes()
    (out / JOURNAL).write_bytes(torn[:-3])  # as if the power had been cut in a record
    done = startex("resume", str(out), "--json")
    assert done.returncode == 0, done.stderr
    _same(out, undisturbed)
    assert sorted(path.name for path in out.iterdir()) == sorted((*TABLES, "log.json"))


def test_workers_end_with_their_driver(scenario, tmp_path) -> None:
    out = tmp_path / "e"
    seen: list[int] = []

    def begun(process) -> bool:
        if not _begun(out, 1)(process):
            return False
        seen.extend(_workers(process.pid))
        return True

    assert kill(_words(scenario, out), begun)
    assert len(seen) == 2
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in seen) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{pid}").exists() for pid in seen)


def test_ctrl_c_ends_at_once_and_says_how_to_go_on(scenario, undisturbed, tmp_path) -> None:
    out = tmp_path / "e"
    ended = stop(_words(scenario, out), signal.SIGINT, _begun(out, 1))
    assert ended.status == 128 + signal.SIGINT
    assert f"startex resume {out}" in ended.said
    assert "Traceback" not in ended.said
    assert ended.took_s < 5
    resume_ensemble(out, workers=1)
    _same(out, undisturbed)


def test_every_replication_is_in_the_tables_once(undisturbed) -> None:
    design = pq.read_table(undisturbed / "design.parquet")
    measures = pq.read_table(undisturbed / "measures.parquet").to_pandas()
    assert design.column("run").to_pylist() == list(range(RUNS))
    assert sorted(measures["run"].unique()) == list(range(RUNS))
    assert not measures.duplicated(["run", "measure", "key"]).any()
