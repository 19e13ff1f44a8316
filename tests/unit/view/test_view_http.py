"""What HTTP promises: validators, pieces, packing, HEAD; and answers that follow the folder."""

from __future__ import annotations

import gzip
import json
import os
import shutil

import pytest

import foreign_runs
import startex
from startex.foundation.errors import StoreError
from startex.recording.foreign import CONTRACT
from startex.view import answers
from startex.view.app import create_app
from startex.view.routes import ROUTES
from view_client import Client

JSON = ("/api/v1/run", "/api/v1/units", "/api/v1/openapi.json", "/", "/static/view.css",
        "/api/v1/figures", "/api/v1/search?q=rifle")  # fmt: skip
COLUMNS = ("/api/v1/entities", "/api/v1/legs?segment=0", "/api/v1/rides")


@pytest.mark.parametrize("target", JSON + COLUMNS)
def test_who_has_an_answer_is_not_sent_it_again(target, ask_made) -> None:
    first = ask_made.get(target)
    tag = first.headers["etag"]
    assert tag.startswith('"') and "no-cache" in first.headers["cache-control"]
    for wanted in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = ask_made.get(target, [(b"if-none-match", wanted.encode())])
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    other = ask_made.get(target, [(b"if-none-match", b'"other"')])
    assert (other.status, other.body) == (200, first.body)


@pytest.mark.parametrize("target", JSON + COLUMNS)
def test_head_is_get_without_the_body(target, ask_made) -> None:
    whole, head = ask_made.get(target), ask_made.get(target, method="HEAD")
    assert head.body == b"" and head.status == 200
    assert head.headers == whole.headers
    assert int(head.headers["content-length"]) == len(whole.body)


@pytest.mark.parametrize("target", JSON)
def test_packed_answers_are_the_same_under_another_tag(target, ask_made) -> None:
    plain = ask_made.get(target)
    packed = ask_made.get(target, [(b"accept-encoding", b"br, gzip;q=0.5")])
    if len(plain.body) < 1024:
        assert packed.body == plain.body and "content-encoding" not in packed.headers
        return
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    for refused in (b"gzip;q=0", b"br", b"", b"gzip; q=0.000"):
        assert ask_made.get(target, [(b"accept-encoding", refused)]).body == plain.body


@pytest.mark.parametrize("target", COLUMNS)
def test_columns_come_in_pieces(target, ask_made) -> None:
    whole = ask_made.get(target)
    assert whole.headers["accept-ranges"] == "bytes"
    size = len(whole.body)
    got = b""
    while len(got) < size:
        asked = f"bytes={len(got)}-{len(got) + 9_999}".encode()
        piece = ask_made.get(target, [(b"range", asked)])
        assert piece.status == 206 and len(piece.body) == int(piece.headers["content-length"])
        last = len(got) + len(piece.body) - 1
        assert piece.headers["content-range"] == f"bytes {len(got)}-{last}/{size}"
        got += piece.body
    assert got == whole.body
    assert ask_made.get(target, [(b"range", b"bytes=-10")]).body == whole.body[-10:]
    assert ask_made.get(target, [(b"range", b"bytes=8-")]).body == whole.body[8:]
    outside = ask_made.get(target, [(b"range", f"bytes={size}-".encode())])
    assert (outside.status, outside.headers["content-range"]) == (416, f"bytes */{size}")
    assert ask_made.get(target, [(b"range", b"bytes=-0")]).status == 416
    for ignored in (b"bytes=0-1,4-5", b"bytes=5-2", b"bytes=-", b"lines=0-1", b"bytes=a-b"):
        assert ask_made.get(target, [(b"range", ignored)]).status == 200
    tag = whole.headers["etag"].encode()
    same = ask_made.get(target, [(b"range", b"bytes=0-3"), (b"if-range", tag)])
    other = ask_made.get(target, [(b"range", b"bytes=0-3"), (b"if-range", b'"other"')])
    assert (same.status, other.status) == (206, 200)


def test_the_same_run_elsewhere_has_the_same_tags(made, ask_made, tmp_path) -> None:
    shutil.copytree(made.folder, tmp_path / made.folder.name)
    with Client(create_app(tmp_path / made.folder.name)) as client:
        for target in COLUMNS:
            found = client.get(target)
            assert found.headers["etag"] == ask_made.get(target).headers["etag"]
            assert found.body == ask_made.get(target).body


def test_another_run_in_the_folder_is_another_answer(made, claimed, tmp_path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(made.folder, folder)
    with Client(create_app(folder)) as client:
        first = client.get("/api/v1/run")
        shutil.rmtree(folder)
        gone = client.get("/api/v1/run")
        assert gone.status == 503 and "no run" in gone.json["detail"]
        assert str(tmp_path) not in gone.body.decode()
        shutil.copytree(claimed.folder, folder)
        second = client.get("/api/v1/run", [(b"if-none-match", first.headers["etag"].encode())])
        assert second.status == 200 and second.json["digest"] == claimed.manifest.digest


def test_a_damaged_file_is_told_and_no_crash(made, tmp_path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(made.folder, folder)
    for part in (folder / "legs").iterdir():
        part.write_bytes(part.read_bytes()[:100])
    told: list[str] = []
    with Client(create_app(folder, tell=told.append)) as client:
        for target in (
            "/api/v1/legs?segment=0",
            f"/api/v1/positions?t={made.manifest.header.sim_end}",
        ):
            answer = client.get(target)
            assert answer.status == 503 and "read" in answer.json["detail"]
            assert str(tmp_path) not in answer.body.decode()
        assert client.get("/api/v1/units").status == 200
    assert told == []


def test_what_holds_no_whole_run_is_not_served(made, tmp_path) -> None:
    with pytest.raises(StoreError, match="holds no run"):
        create_app(tmp_path)
    folder = tmp_path / "run"
    shutil.copytree(made.folder, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    for name in ("static", "segments", "tail", "tables", "checksum", "reached", "notes"):
        manifest.pop(name)
    (folder / "manifest.json").write_text(json.dumps({**manifest, "complete": False}))
    with pytest.raises(StoreError, match="interrupted"):
        create_app(folder)


def test_answers_are_kept_within_a_bound() -> None:
    kept = answers.Kept(100)
    bodies = {name: answers.Body("", bytes(40), None, name) for name in "abc"}
    kept.put("a", bodies["a"])
    kept.put("b", bodies["b"])
    assert kept.get("a") is bodies["a"]
    kept.put("c", bodies["c"])
    assert kept.get("b") is None and kept.get("a") and kept.get("c")
    kept.put("large", answers.Body("", bytes(101), None, "large"))
    assert kept.get("large") is None and kept.get("a")


def test_what_is_no_number_becomes_null() -> None:
    made = {"a": [float("nan"), 1.5, {"b": float("inf")}], "c": "\ud800"}
    assert json.loads(answers.to_json(made)) == {"a": [None, 1.5, {"b": None}], "c": "?"}


def _ask_everything(client, t: int) -> None:
    for route in ROUTES:
        path = route.path.replace("{kind}", "unit").replace("{id}", "0")
        words = {"t": t, "q": "a", "segment": 0}
        query = "&".join(
            f"{p.name}={words[p.name]}"
            for p in route.parameters
            if p.where == "query" and (p.required or p.name == "t")
        )
        answer = client.api(f"{path}?{query}")
        assert answer.status == 200 or (answer.status == 404 and "{id}" in route.path), answer


def test_a_run_of_another_program_is_served_as_far_as_it_goes(played, tmp_path) -> None:
    rows = foreign_runs.rows_of(played, CONTRACT)
    rows = {name: listed for name, listed in rows.items() if listed}
    run = foreign_runs.write(tmp_path / "run", rows, played)
    t = played.manifest.header.sim_start + 36_000_000
    with Client(create_app(run.folder)) as client:
        _ask_everything(client, t)
        wanted, found = played.positions(t), client.api(f"/positions?t={t}").columns[1]
        assert found["aboard"].tolist() == wanted["aboard"].fill_null(-1).to_pylist()
        tag = client.api("/units").headers["etag"]
        stored = run.folder / "units.parquet"
        os.utime(stored, (1, 1))
    with Client(create_app(run.folder)) as client:  # its manifest says nothing of the files
        assert client.api("/units").headers["etag"] != tag


def test_a_run_that_was_told_to_stop_is_served_until_then(made, tmp_path) -> None:
    scenario = startex.load(made.folder.parent / "scenario")
    middle = (made.manifest.header.sim_start + made.manifest.header.sim_end) // 2
    run = startex.simulate(scenario, out=tmp_path / "run", seed=1, until_ms=middle)
    reached = run.manifest.reached
    with Client(create_app(run.folder)) as client:
        _ask_everything(client, reached)
        late = client.api(f"/positions?t={reached + 1}")
        assert late.status == 400 and str(reached) in late.json["detail"]
