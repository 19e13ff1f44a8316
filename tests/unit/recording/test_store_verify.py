from __future__ import annotations

import json
import shutil

import pytest

import store_examples as ex
from startex.foundation.errors import StoreError
from startex.recording.digest import FORMAT
from startex.recording.manifest import Header, Manifest, parse_manifest, read_manifest
from startex.recording.reader import Run
from startex.recording.verify import verify
from startex.recording.writer import RunWriter


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound") / "out"
    ex.write_example(folder)
    return folder


@pytest.fixture
def folder(sound, tmp_path):
    return shutil.copytree(sound, tmp_path / "out")


def messages(problems):
    return [f"{problem.file}: {problem.message}" for problem in problems]


def test_sound_run_has_no_problems(sound):
    assert verify(sound) == [] == Run(sound).verify()


def test_missing_and_cut_files_are_named(folder):
    (folder / "units.parquet").unlink()
    part = folder / "legs" / "part-00001.parquet"
    part.write_bytes(part.read_bytes()[:100])
    found = messages(verify(folder))
    assert found[0].startswith("legs/part-00001.parquet: has 100 bytes where")
    assert found[1] == "units.parquet: the file is missing."
    assert len(found) == 2


def test_every_bit_of_the_manifest_counts(folder):
    path = folder / "manifest.json"
    data = path.read_bytes()
    for position in range(0, len(data), 7):
        flipped = bytearray(data)
        flipped[position] ^= 1 << (position % 8)
        path.write_bytes(flipped)
        assert verify(folder), (position, data[position : position + 1])


def test_stray_parts_and_unfinished_runs_are_told(folder, tmp_path):
    shutil.copy(folder / "legs" / "part-00000.parquet", folder / "legs" / "part-00009.parquet")
    assert messages(verify(folder)) == ["legs/part-00009.parquet: does not belong to the run."]
    with RunWriter(tmp_path / "half", ex.header()):
        pass
    assert "not complete" in verify(tmp_path / "half")[0].message


def test_files_swapped_with_their_hashes_fail_the_digest(tmp_path):
    """A manifest that fits its files, but not the digest: the content was exchanged."""
    ex.write_example(tmp_path / "a")
    rows = ex.example_rows()
    rows["legs"][0]["lat1"] += 1e-6
    ex.write_example(tmp_path / "b", rows)
    first, second = read_manifest(tmp_path / "a"), read_manifest(tmp_path / "b")
    forged = Manifest(
        first.header, second.static, second.segments, first.counts, first.tables, first.digest, True
    )
    (tmp_path / "b" / "manifest.json").write_bytes(forged.to_bytes())
    assert any("digest of table 'legs'" in text for text in messages(verify(tmp_path / "b")))


def test_digest_covers_header_but_not_notes(tmp_path):
    one = ex.write_example(tmp_path / "a").digest
    assert ex.write_example(tmp_path / "b", seed=2).digest != one
    fields = ex.header().identity()
    for notes in ({}, {"folder": "/elsewhere"}):
        with RunWriter(tmp_path / f"n{len(notes)}", Header(**fields, notes=notes)) as writer:
            assert ex.record(writer, ex.example_tables()).digest == one


def test_other_formats_are_told_apart_from_damage(folder):
    path = folder / "manifest.json"
    fields = json.loads(path.read_bytes())
    fields["format"] = FORMAT + 1
    with pytest.raises(StoreError, match="damaged"):
        parse_manifest(json.dumps(fields).encode(), "manifest.json")
    import hashlib

    del fields["checksum"]
    body = json.dumps(fields, sort_keys=True, ensure_ascii=False).encode()
    fields["checksum"] = hashlib.sha256(body).hexdigest()
    path.write_text(json.dumps(fields))
    with pytest.raises(StoreError, match="written by a newer version of startex"):
        Run(folder)


def test_reading_a_damaged_table_names_the_remedy(folder):
    path = folder / "legs" / "part-00000.parquet"
    path.write_bytes(b"PAR1" + b"\0" * 60 + b"PAR1")
    run = Run(folder)
    with pytest.raises(StoreError, match="startex verify"):
        run.table("legs")
    with pytest.raises(StoreError, match=r"The query was|startex verify"):
        run.sql("select sum(lat0) from legs")


def test_no_run(tmp_path):
    with pytest.raises(StoreError, match="no such folder"):
        Run(tmp_path / "nowhere")
    assert "no manifest.json" in verify(tmp_path)[0].message
