"""What becomes of a scenario folder: refused as it should be, run as it should be, or a finding."""

from __future__ import annotations

import re
import shutil
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path

from startex.assemble.run import simulate
from startex.foundation.clock import MS_PER_DAY, MS_PER_HOUR
from startex.foundation.errors import Problem, ScenarioError
from startex.recording.manifest import MANIFEST
from startex.scenario.load import load_scenario

HOURS = {"three-nations-day": 24, "vostok-2022": 24}
"""How much of an accepted mutant is simulated, by what it is a mutant of."""

_WHOLE_FILE = (  # problems of a file as such, which have no line
    "does not exist", "is empty", "leads outside", "is a link", "link to nothing", "cannot be read",
    "not a plain file", "is a folder", "absurdly large", "no file of a scenario", "more than",
)  # fmt: skip

_TO_DO = re.compile(
    r"\b(write|add|give|name|use|put|remove|choose|did you mean|wanted|allowed|must|leave)\b", re.I
)
"""Words of a message that says itself what to do."""


@dataclass(frozen=True)
class Verdict:
    """``kind``: refused, accepted, known (accepted, and run before), or finding."""

    kind: str
    detail: str = ""


def judge(folder: Path, out: Path, seen: set[str], hours: float = 24.0) -> Verdict:
    """Load a scenario folder; where it is accepted, run its first hours and verify the run.

    Parameters
    ----------
    folder, out
        The scenario, and a folder for its run, which is removed.
    seen
        Digests of scenarios that have been run; added to.
    hours
        How much is simulated.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # numbers that overflow are no answer
            return _judge(folder, out, seen, hours)
    except Exception as error:  # the finding itself
        return Verdict("finding", _where(error))
    finally:
        shutil.rmtree(out, ignore_errors=True)


def _judge(folder: Path, out: Path, seen: set[str], hours: float) -> Verdict:
    try:
        scenario = load_scenario(folder)
    except ScenarioError as error:
        return _refused(error)
    if scenario.digest in seen:
        return Verdict("known")
    seen.add(scenario.digest)
    until = scenario.start_ms + round(hours * MS_PER_HOUR)
    whole = until >= scenario.end_ms
    try:
        run = simulate(scenario, out=out, seed=1, threads=1, until_ms=None if whole else until)
    except ScenarioError as error:
        return _refused(error, "by the run: ")
    problems = [
        problem for problem in run.verify()
        if whole or problem.file != MANIFEST or "not complete" not in problem.message
    ]  # fmt: skip
    problems += run.verify_deep()
    if problems:
        return Verdict("finding", "unsound run: " + "; ".join(str(p) for p in problems[:3]))
    if scenario.end_ms - scenario.start_ms > 400 * MS_PER_DAY:
        return Verdict("finding", "longer than a year, and accepted")
    return Verdict("accepted")


def _refused(error: ScenarioError, how: str = "") -> Verdict:
    if not error.problems:
        return Verdict("finding", f"{how}refused without a problem: {error!r}")
    for problem in error.problems:
        fault = fault_of(problem)
        if fault:
            return Verdict("finding", f"{how}{fault}: {str(problem)[:300]}")
    return Verdict("refused", how + str(error.problems[0])[:200])


def fault_of(problem: Problem) -> str:
    """Return what a problem lacks that its reader needs; empty where it lacks nothing."""
    if not problem.file:
        return "no file"
    if not problem.message:
        return "no message"
    if not problem.remedy and not _TO_DO.search(problem.message):
        return "no remedy"
    if (problem.line > 0) != (problem.column > 0):
        return "line without column"
    if not problem.line and not any(words in problem.message for words in _WHOLE_FILE):
        return "no line"
    if len(str(problem)) > 2000:
        return "endless message"
    if any(ord(char) < 32 and char not in "\n\t" for char in str(problem)):
        return "control characters in message"
    return ""


def _where(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/startex/" in frame.filename] or list(frames)
    last = own[-1]
    place = f"{last.filename.rpartition('/startex/')[2]}:{last.lineno} in {last.name}"
    return f"{type(error).__name__} at {place}: {str(error)[:300]}"
