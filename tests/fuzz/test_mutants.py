"""Mutants of the shipped scenarios: accepted with a valid run, or refused as a user needs it."""

from __future__ import annotations

import collections
import os
import signal
import time

import judge
import pytest
import supervise


def _spin(pipe, _seed) -> None:
    pipe.recv()
    while True:
        pass


def _swell(pipe, _seed) -> None:
    pipe.recv()
    held = b"x" * (supervise.MOST_BYTES + 1)
    while held:
        time.sleep(0.1)


def _die(pipe, _seed) -> None:
    pipe.recv()
    os.kill(os.getpid(), signal.SIGKILL)


def _fail(pipe, _seed) -> None:
    def fail(*_):
        return 1 / 0

    judge.load_scenario = fail
    supervise.serve(pipe, _seed)


SEED = 2022
FEW = 200
MANY = 10_000


def _judged(numbers: range, processes: int) -> collections.Counter[str]:
    outcomes = list(supervise.run_mutants(numbers, SEED, processes))
    assert sorted(outcome.number for outcome in outcomes) == list(numbers)
    found = [f"{o.number}: {o.verdict.detail}" for o in outcomes if o.verdict.kind == "finding"]
    assert not found, "python tests/fuzz/fuzz.py --seed 2022 --show NUMBER\n" + "\n".join(
        found[:20]
    )
    return collections.Counter(outcome.verdict.kind for outcome in outcomes)


@pytest.mark.timeout(900)  # so much only where others hold the cores
def test_a_few_mutants_are_run_or_refused() -> None:
    kinds = _judged(range(FEW), processes=1)
    assert kinds["refused"] > FEW / 3
    assert kinds["accepted"] > FEW / 20


@pytest.mark.long
@pytest.mark.timeout(3000)
def test_many_mutants_are_run_or_refused() -> None:
    kinds = _judged(range(FEW, FEW + MANY), processes=2)
    assert kinds["refused"] > MANY / 3
    assert kinds["accepted"] > MANY / 20


@pytest.mark.parametrize(
    ("deed", "said", "most_s"),
    [
        (_spin, "processor time", 0.5),
        (_swell, "1 GiB", supervise.MOST_S),
        (_die, "died with -9", supervise.MOST_S),
        (_fail, "ZeroDivisionError", supervise.MOST_S),
    ],
)
def test_what_breaks_a_limit_is_found_out(deed, said, most_s, monkeypatch) -> None:
    """The watch itself, on processes that do what no mutant may."""
    monkeypatch.setattr(supervise, "MOST_S", most_s)
    found = list(supervise.run_mutants(range(3), SEED, 1, serve=deed))
    assert [outcome.number for outcome in found] == [0, 1, 2]
    assert {outcome.verdict.kind for outcome in found} == {"finding"}
    assert all(said in outcome.verdict.detail for outcome in found)
