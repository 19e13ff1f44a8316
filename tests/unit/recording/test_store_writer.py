from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pyarrow as pa
import pytest

import store_examples as ex
from startex.foundation.errors import StoreError
from startex.recording import parquet, tables
from startex.recording.lock import LOCK
from startex.recording.manifest import read_manifest
from startex.recording.reader import Run
from startex.recording.verify import verify
from startex.recording.writer import RunWriter


def files_in(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The files of an undisturbed run."""
    folder = tmp_path_factory.mktemp("whole") / "out"
    ex.write_example(folder)
    assert verify(folder) == []
    return files_in(folder)


def test_bytes_do_not_depend_on_threads(tmp_path, whole):
    for threads in (1, 3):
        ex.write_example(tmp_path / str(threads), threads=threads)
        assert files_in(tmp_path / str(threads)) == whole


def test_tables_come_back_as_written(tmp_path):
    ex.write_example(tmp_path / "out")
    run = Run(tmp_path / "out")
    for name, table in ex.example_tables().items():
        expected = tables.conform(name, table)
        order = tables.sort_index(name, run.table(name))
        found = run.table(name) if order is None else run.table(name).take(pa.array(order))
        assert found.to_pylist() == expected.to_pylist(), name
        assert found.schema.equals(expected.schema), name


class PowerCutError(BaseException):
    """Stands for a process that ends between two system calls."""


def cut_power_at(monkeypatch, step):
    """Let the step-th rename of a file not happen, nor anything after it."""
    real, done = os.replace, []

    def replace(source, target):
        done.append(target)
        if len(done) >= step:
            raise PowerCutError
        real(source, target)

    monkeypatch.setattr(parquet.os, "replace", replace)
    return done


def test_torn_at_every_rename_and_resumed(tmp_path, whole, monkeypatch):
    renames = 0
    for step in range(1, 100):
        folder = tmp_path / str(step)
        with monkeypatch.context() as patch:
            cut_power_at(patch, step)
            try:
                ex.write_example(folder, threads=1)
                break
            except PowerCutError:
                renames += 1
        if not (folder / "manifest.json").exists():
            ex.write_example(folder)
        else:
            with RunWriter.resume(folder, ex.header()) as writer:
                assert writer.dropped == ()
                ex.record(writer, ex.example_tables())
        assert files_in(folder) == whole, step
    assert renames > 15  # every file and every manifest was once the victim


def test_torn_twice_in_a_row(tmp_path, whole, monkeypatch):
    folder = tmp_path / "out"
    for step in (9, 4, 3):
        with monkeypatch.context() as patch:
            cut_power_at(patch, step)
            with pytest.raises(PowerCutError):
                if (folder / "manifest.json").exists():
                    with RunWriter.resume(folder) as writer:
                        ex.record(writer, ex.example_tables())
                else:
                    ex.write_example(folder)
    with RunWriter.resume(folder) as writer:
        ex.record(writer, ex.example_tables())
    assert files_in(folder) == whole


def unfinished(folder, segments=2):
    data = ex.example_tables()
    with RunWriter(folder, ex.header()) as writer:
        for name in ex.STATIC:
            if len(data[name]):
                writer.write_static(name, data[name])
        for index, segment in enumerate(ex.segments_of(data)[:segments]):
            writer.write_segment(index, segment)
    return data


def test_resume_tells_the_first_missing_segment_and_removes_orphans(tmp_path, whole):
    folder = tmp_path / "out"
    data = unfinished(folder)
    (folder / "legs" / "part-00007.parquet").write_bytes(b"orphan")
    (folder / "legs" / "part-00002.parquet.tmp").write_bytes(b"torn")
    (folder / "manifest.json.tmp").write_bytes(b"torn")
    (folder / "my notes.txt").write_text("kept")
    with RunWriter.resume(folder) as writer:
        assert writer.next_segment == 2
        assert not list(folder.rglob("*.tmp"))
        assert not (folder / "legs" / "part-00007.parquet").exists()
        ex.record(writer, data)
    found = files_in(folder)
    assert found.pop("my notes.txt") == b"kept"
    assert found == whole


def test_resume_drops_a_damaged_segment_and_writes_it_again(tmp_path, whole):
    folder = tmp_path / "out"
    data = unfinished(folder, segments=3)
    part = folder / "legs" / "part-00001.parquet"
    part.write_bytes(part.read_bytes()[:-9])
    with RunWriter.resume(folder) as writer:
        assert writer.next_segment == 1
        assert "legs/part-00001.parquet" in writer.dropped
        ex.record(writer, data)
    assert files_in(folder) == whole


def test_replay_that_differs_is_refused_and_names_the_table(tmp_path):
    folder = tmp_path / "out"
    data = unfinished(folder)
    legs = data["legs"].to_pylist()
    legs[0]["lat1"] += 1e-7
    data["legs"] = ex.as_table("legs", legs)
    with (
        pytest.raises(StoreError, match=r"table 'legs'.*part-00000"),
        RunWriter.resume(folder) as writer,
    ):
        ex.record(writer, data)
    assert not read_manifest(folder).complete
    with RunWriter.resume(folder) as writer:
        assert writer.next_segment == 2  # the refusal damaged nothing


def test_replay_with_other_static_rows_or_missing_tables_is_refused(tmp_path):
    folder = tmp_path / "out"
    data = unfinished(folder)
    with RunWriter.resume(folder) as writer:
        units = data["units"].to_pylist()
        units[1]["name"] = "Second Squad"
        with pytest.raises(StoreError, match="table 'units'"):
            writer.write_static("units", ex.as_table("units", units))
        segment = ex.segments_of(data)[0]
        del segment["carriers"]
        with pytest.raises(StoreError, match="table 'carriers'"):
            writer.write_segment(0, segment)


def test_resume_with_another_header_is_refused(tmp_path):
    unfinished(tmp_path / "out")
    with pytest.raises(StoreError, match="begun with seed 1, not 2"):
        RunWriter.resume(tmp_path / "out", ex.header(seed=2))


def test_complete_or_foreign_folders_are_refused(tmp_path):
    ex.write_example(tmp_path / "out")
    with pytest.raises(StoreError, match="nothing to resume"):
        RunWriter.resume(tmp_path / "out")
    with pytest.raises(StoreError, match="holds a run already"):
        RunWriter(tmp_path / "out", ex.header())
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("dear")
    with pytest.raises(StoreError, match="not empty"):
        RunWriter(tmp_path / "home", ex.header())
    assert files_in(tmp_path / "home") == {"letter.txt": b"dear"}
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "units.parquet").write_text("a table of somebody else's")
    with pytest.raises(StoreError, match="not empty"):
        RunWriter(tmp_path / "mine", ex.header())
    assert (tmp_path / "mine" / "units.parquet").exists()
    with pytest.raises(StoreError, match="holds no run"):
        RunWriter.resume(tmp_path / "nowhere")


def test_second_writer_is_refused_and_a_dead_ones_lock_taken_over(tmp_path):
    folder = tmp_path / "out"
    writer = RunWriter(folder, ex.header())
    with pytest.raises(StoreError, match=f"written by process {os.getpid()}"):
        RunWriter.resume(folder)
    writer.close()
    assert not (folder / LOCK).exists()
    (folder / LOCK).write_text("999999999\n")  # as a killed process leaves it
    RunWriter.resume(folder).close()
    assert not (folder / LOCK).exists()


def test_second_process_is_refused(tmp_path):
    folder = tmp_path / "out"
    code = """
        import sys; sys.path.insert(0, sys.argv[2])
        import store_examples as ex
        from startex.recording.writer import RunWriter
        writer = RunWriter(sys.argv[1], ex.header())
        print("ready", flush=True)
        sys.stdin.read()
    """
    command = [
        sys.executable,
        "-c",
        textwrap.dedent(code),
        str(folder),
        str(Path(ex.__file__).parent),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"ready\n"
        with pytest.raises(StoreError, match=f"process {process.pid}"):
            RunWriter.resume(folder)
        process.kill()
        process.wait()
    with RunWriter.resume(folder) as writer:
        ex.record(writer, ex.example_tables())
    assert verify(folder) == []


KILLED = """
    import sys; sys.path.insert(0, sys.argv[2])
    import store_examples as ex
    from pathlib import Path
    from startex.recording.writer import RunWriter
    folder = Path(sys.argv[1])
    begun = (folder / "manifest.json").exists()
    print("ready", flush=True)
    writer = RunWriter.resume(folder) if begun else RunWriter(folder, ex.header())
    ex.record(writer, ex.example_tables())
    print("done", flush=True)
"""


def killed_and_resumed(folder, delays_s):
    """Start the writer again and again, each time killed after a delay; return the kills."""
    code, examples = textwrap.dedent(KILLED), str(Path(ex.__file__).parent)
    kills = 0
    for delay_s in (*delays_s, None):
        command = [sys.executable, "-c", code, str(folder), examples]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout.readline() == b"ready\n"
            try:
                process.wait(delay_s)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
            rest, errors = process.stdout.read(), process.stderr.read().decode()
            process.wait()
        if process.returncode != -signal.SIGKILL:
            assert process.returncode == 0, errors
        written = (folder / "manifest.json").exists()
        if b"done" in rest or (written and read_manifest(folder).complete):
            break
        kills += 1
    return kills


def left_by_kills(folder):
    """Files of a run; the lock of a writer killed when all was done counts for nothing."""
    files = files_in(folder)
    files.pop(LOCK, None)
    return files


def test_killed_at_many_moments_and_resumed(tmp_path, whole):
    assert killed_and_resumed(tmp_path / "out", (0.0, 0.002, 0.005, 0.01, 0.02, 0.04)) >= 1
    assert left_by_kills(tmp_path / "out") == whole


@pytest.mark.long
@pytest.mark.parametrize("seed", range(25))
def test_killed_at_random_moments_and_resumed(tmp_path, whole, seed):
    draw = random.Random(seed)
    killed_and_resumed(tmp_path / "out", [draw.uniform(0.0, 0.06) for _ in range(6)])
    assert left_by_kills(tmp_path / "out") == whole


def test_full_disk_is_reported_and_nothing_else_damaged(tmp_path, whole, monkeypatch):
    folder = tmp_path / "out"
    data = ex.example_tables()
    writer = RunWriter(folder, ex.header())
    for name in ex.STATIC:
        if len(data[name]):
            writer.write_static(name, data[name])
    segments = ex.segments_of(data)
    writer.write_segment(0, segments[0])
    writer._flush()

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(parquet.os, "fsync", full)
        writer.write_segment(1, segments[1])
        with pytest.raises(StoreError, match=r"No space left on device.*startex resume"):
            writer.finish()
    writer.close()
    assert not list(folder.rglob("*.tmp"))
    with RunWriter.resume(folder) as again:
        assert again.next_segment == 1
        ex.record(again, data)
    assert files_in(folder) == whole


def test_unwritable_folder_is_reported(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot make the run folder"):
        RunWriter(tmp_path / "file", ex.header())


def test_segments_come_in_order(tmp_path):
    with RunWriter(tmp_path / "out", ex.header()) as writer:
        with pytest.raises(ValueError, match="segment 1 given where 0 is next"):
            writer.write_segment(1, {})
        writer.write_segment(0, {})


@pytest.mark.parametrize(
    ("table", "change", "message"),
    [
        ("legs", {"mode": None}, "legs.mode has 1 nulls"),
        ("legs", {"lat0": float("nan")}, "legs.lat0 has 1 nulls"),
        ("legs", {"entity": 2**40}, "legs.entity is no int32"),
        ("legs", {"speed": 3}, "no column 'speed'"),
        ("leg", {}, "did you mean 'legs'"),
    ],
)
def test_rows_that_do_not_conform_are_refused(tmp_path, table, change, message):
    leg = ex.example_rows()["legs"][0] | change
    with (
        pytest.raises(StoreError, match=message),
        RunWriter(tmp_path / "out", ex.header()) as writer,
    ):
        writer.write_segment(0, {table: pa.Table.from_pylist([leg])})


def test_missing_column_is_refused():
    with pytest.raises(StoreError, match="needs column 't1'"):
        tables.conform("legs", ex.as_table("legs", ex.example_rows()["legs"]).drop(["t1"]))


def test_a_run_to_be_thrown_away_is_the_same_run(tmp_path):
    kept = ex.write_example(tmp_path / "kept")
    with RunWriter(tmp_path / "thrown", ex.header(), durable=False) as writer:
        thrown = ex.record(writer, ex.example_tables(), (0.25, 0.5))
    assert thrown.digest == kept.digest
    assert files_in(tmp_path / "thrown") == files_in(tmp_path / "kept")
    assert verify(tmp_path / "thrown") == []
