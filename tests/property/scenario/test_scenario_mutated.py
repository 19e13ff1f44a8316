"""Whatever happens to the files of a scenario, loading it raises nothing but `ScenarioError`."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from startex.foundation.errors import ScenarioError
from startex.scenario.load import load_scenario
from startex.scenario.scenario import Scenario
from startex.scenario.shipped import SHIPPED

TUTORIAL = SHIPPED / "three-nations-day"
FILES = sorted(path.name for path in TUTORIAL.iterdir() if path.name != "README.md")
QUIET = settings(
    max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@contextmanager
def changed(file: str, change: Callable[[bytes], bytes]) -> Iterator[Path]:
    """Yield a copy of the tutorial scenario with one file changed."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "exercise"
        shutil.copytree(TUTORIAL, copy)
        (copy / file).write_bytes(change((copy / file).read_bytes()))
        yield copy


def load_or_problems(folder: Path) -> Scenario | None:
    """Return the scenario, or None where it has problems; these must be fit to print."""
    try:
        return load_scenario(folder)
    except ScenarioError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.message
            assert problem.line >= 0
            assert (problem.column > 0) == (problem.line > 0)
            assert "Traceback" not in str(problem)
        return None


@QUIET
@given(st.sampled_from(FILES), st.randoms(use_true_random=False), st.integers(1, 3))
def test_lines_left_out(file: str, chance: random.Random, count: int) -> None:
    def change(raw: bytes) -> bytes:
        lines = raw.splitlines(keepends=True)
        for _ in range(min(count, len(lines))):
            del lines[chance.randrange(len(lines))]
        return b"".join(lines)

    with changed(file, change) as folder:
        load_or_problems(folder)


@QUIET
@given(st.sampled_from(FILES), st.randoms(use_true_random=False), st.integers(1, 4))
def test_bytes_changed(file: str, chance: random.Random, count: int) -> None:
    def change(raw: bytes) -> bytes:
        content = bytearray(raw)
        for _ in range(count):
            at = chance.randrange(len(content))
            what = chance.choice(("replace", "delete", "insert"))
            if what == "delete":
                del content[at]
            elif what == "insert":
                content.insert(at, chance.choice(b"{}[]:,\"'-#&*!|>%@`\n\t 0\xff"))
            else:
                content[at] = chance.randrange(256)
        return bytes(content)

    with changed(file, change) as folder:
        load_or_problems(folder)


@QUIET
@given(st.sampled_from(FILES), st.randoms(use_true_random=False))
def test_words_swapped(file: str, chance: random.Random) -> None:
    """Words of the file in each other's place: well-formed more often, and still wrong."""

    def change(raw: bytes) -> bytes:
        words = raw.split(b" ")
        for _ in range(3):
            i, j = chance.randrange(len(words)), chance.randrange(len(words))
            words[i], words[j] = words[j], words[i]
        return b" ".join(words)

    with changed(file, change) as folder:
        load_or_problems(folder)
