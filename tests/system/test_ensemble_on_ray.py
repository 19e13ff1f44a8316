"""A cluster of Ray and the pool of this machine: the same bytes."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from startex.ensemble import Design, Factor, run_ensemble
from startex.foundation.errors import UsageError
from startex.testing import make_exercise

TABLES = ("ensemble.json", "design.parquet", "measures.parquet", "failures.parquet")


@pytest.fixture(scope="module")
def scenario(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "small"
    return make_exercise(folder, entities=80, seed=2, kinds=["motor"])


def test_without_ray_it_says_what_to_install(scenario, tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(UsageError, match=r"startex\[cluster\]"):
        run_ensemble(scenario, out=tmp_path / "e", on="ray")


def test_another_word_is_refused(scenario, tmp_path) -> None:
    with pytest.raises(UsageError, match="allowed: local, ray"):
        run_ensemble(scenario, out=tmp_path / "e", on="rai")


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")  # Ray's own
def test_a_cluster_of_two_workers_gives_what_the_pool_gives(scenario, tmp_path) -> None:
    pytest.importorskip("ray", reason="NO RAY: pip install 'startex[cluster]', or it goes untested")
    import startex

    serial = next(s for s in startex.load(scenario).serials if "speed_km_h" in s.params)
    path = f"serials.{serial.serial}.params.speed_km_h"
    design = Design(
        factors=(Factor.of(path, "levels", 28, 9000, 35, name="speed"),),  # one does not load
        seeds=(0, 1, 2), measures=("serials.*", "movement.*"),
    )  # fmt: skip
    run_ensemble(scenario, design, out=tmp_path / "pool", workers=2)
    run_ensemble(scenario, design, out=tmp_path / "ray", workers=2, on="ray")
    for name in TABLES:
        assert (tmp_path / "pool" / name).read_bytes() == (tmp_path / "ray" / name).read_bytes()


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_an_actor_that_is_killed_costs_one_attempt(scenario, tmp_path) -> None:
    pytest.importorskip("ray", reason="NO RAY: pip install 'startex[cluster]', or it goes untested")
    killed: list[int] = []

    def progress(now) -> None:
        if now.done == 2 and not killed:
            time.sleep(0.1)  # so that the other is in the midst of a replication
            killed.append(_actors()[0])
            os.kill(killed[0], signal.SIGKILL)

    fields = {"seeds": range(8), "measures": ("serials.*",), "workers": 2}
    run_ensemble(scenario, out=tmp_path / "pool", **fields)
    found = run_ensemble(scenario, out=tmp_path / "ray", on="ray", progress=progress, **fields)
    assert killed
    assert (found.header["runs_done"], found.header["runs_failed"]) == (8, 0)
    for name in TABLES[:3]:
        assert (tmp_path / "pool" / name).read_bytes() == (tmp_path / "ray" / name).read_bytes()
    assert all("the worker died" in row["error"] for row in found.failures.to_pylist())


def _actors() -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"ray::_Actor" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found
