"""Damaged, cut, missing, foreign: found and named, nothing else touched, and what to do said."""

from __future__ import annotations

import json
import random
import shutil

import pytest
from processes import startex

import startex as api
import store_examples as ex
from startex.recording.verify import verify

DRAWN_BITS = 150
"""Bits tried in each file of a real run."""


@pytest.fixture
def folder(tutorial_run, tmp_path):
    return shutil.copytree(tutorial_run.folder, tmp_path / "run")


def _files(folder) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _flip(path, bit: int) -> None:
    with path.open("r+b") as file:
        file.seek(bit // 8)
        byte = file.read(1)[0] ^ 1 << bit % 8
        file.seek(bit // 8)
        file.write(bytes([byte]))


def _bits_missed(folder, name: str, bits) -> list[int]:
    path, missed = folder / name, []
    for bit in bits:
        _flip(path, bit)
        problems = verify(folder, threads=1)
        if not any(problem.file in (name, "manifest.json") for problem in problems):
            missed.append(bit)
        _flip(path, bit)
    return missed


def test_any_bit_of_any_kind_of_file_is_missed_by_nobody(folder) -> None:
    draw = random.Random(8)
    for name, data in sorted(_files(folder).items()):
        bits = draw.sample(range(8 * len(data)), 12)
        assert _bits_missed(folder, name, bits) == [], name
    assert verify(folder) == []


@pytest.mark.long
@pytest.mark.timeout(2400)
def test_every_bit_of_a_small_run(tmp_path) -> None:
    """All of the manifest and of every file of the example: hundreds of thousands of bits."""
    out = tmp_path / "out"
    ex.write_example(out)
    sizes = {name: len(data) for name, data in _files(out).items()}
    smallest = sorted((size, name) for name, size in sizes.items() if name != "manifest.json")
    for name in ("manifest.json", *(name for _, name in smallest[:3])):
        assert _bits_missed(out, name, range(8 * sizes[name])) == [], name


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_many_bits_of_a_real_run(folder) -> None:
    draw = random.Random(9)
    for name, data in sorted(_files(folder).items()):
        bits = draw.sample(range(8 * len(data)), DRAWN_BITS)
        assert _bits_missed(folder, name, bits) == [], name


@pytest.mark.parametrize("kind", ["cut", "emptied", "removed", "flipped", "lengthened", "a folder"])
def test_damage_to_every_file_is_named_and_harms_no_other(folder, kind) -> None:
    for name, data in sorted(_files(folder).items()):
        path = folder / name
        if kind == "removed":
            path.unlink()
        elif kind == "flipped":
            _flip(path, 4 * len(data) + 3)
        elif kind == "a folder":
            path.unlink()
            path.mkdir()
        else:
            path.write_bytes({"cut": data[:-7], "emptied": b"", "lengthened": data + b"\0"}[kind])
        before = {other: content for other, content in _files(folder).items() if other != name}
        problems = verify(folder)
        assert name in {problem.file for problem in problems}
        assert all(problem.remedy or problem.file == "manifest.json" for problem in problems)
        after = {other: content for other, content in _files(folder).items() if other != name}
        assert after == before
        if path.is_dir():
            path.rmdir()
        path.write_bytes(data)
    assert verify(folder) == []


@pytest.mark.parametrize(
    "name",
    ["legs/part-00009.parquet", "more.parquet", "legs/x.parquet", "legs/part-tail.parquet",
     "strange/part-00000.parquet", "legs/part-00000.parquet.tmp"],
)  # fmt: skip
def test_what_was_added_is_named(folder, name) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    shutil.copy(folder / "units.parquet", folder / name)
    assert [problem.file for problem in verify(folder)] == [name]


def test_what_users_put_beside_a_run_is_theirs(folder) -> None:
    (folder / "review.html").write_text("a review")
    (folder / "notes.txt").write_text("mine")
    assert verify(folder) == []


COMMANDS = [
    ["verify"], ["verify", "--deep"], ["review"],
    ["where", "mng", "--at", "2025-06-14T12:00+05:00"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("name", ["manifest.json", "entities.parquet", "legs/part-00000.parquet"])
def test_the_command_line_names_the_file_and_the_remedy(folder, command, name) -> None:
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: len(data) // 2])
    done = startex(command[0], str(folder), *command[1:])
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert name in done.stderr or "startex verify" in done.stderr
    assert "run the scenario anew" in done.stderr or "startex verify" in done.stderr


@pytest.mark.parametrize(("step", "words"), [(1, "a newer version"), (-1, "an older version")])
@pytest.mark.parametrize("command", [*COMMANDS, ["resume"]], ids=" ".join)
def test_a_run_of_another_format_is_told_apart(folder, step, words, command) -> None:
    import hashlib

    path = folder / "manifest.json"
    fields = json.loads(path.read_bytes())
    fields["format"] += step
    del fields["checksum"]
    body = json.dumps(fields, sort_keys=True, ensure_ascii=False)
    fields["checksum"] = hashlib.sha256(body.encode()).hexdigest()
    path.write_text(json.dumps(fields), encoding="utf-8")
    before = _files(folder)
    done = startex(command[0], str(folder), *command[1:])
    assert done.returncode == 1
    assert words in done.stderr
    assert "Use that version, or run the scenario anew" in done.stderr
    assert _files(folder) == before


def test_a_damaged_unfinished_run_is_mended_by_resume(tutorial_run, tmp_path) -> None:
    scenario = api.load("three-nations-day")
    noon = api.Run(tutorial_run.folder).instant("2025-06-15T02:00+05:00")
    out = tmp_path / "run"
    api.simulate(scenario, out=out, seed=1, until_ms=noon)
    draw = random.Random(2)
    for name in sorted(_files(out)):
        if name != "manifest.json":
            _flip(out / name, draw.randrange(8 * (out / name).stat().st_size))
    assert {p.file for p in verify(out)} >= {"units.parquet", "legs/part-00000.parquet"}
    assert api.resume(out).manifest.digest == tutorial_run.manifest.digest
    assert verify(out) == []
