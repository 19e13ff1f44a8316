"""An exported page holds what the server would answer, and asks nobody."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from startex.foundation.errors import StartexError, StoreError
from startex.view.export import export


def _exported(run, folder: Path) -> str:
    size = export(run.folder, folder / "deep" / "run.html")
    written = folder / "deep" / "run.html"
    assert size == written.stat().st_size
    assert [path.name for path in written.parent.iterdir()] == ["run.html"]  # nothing beside it
    return written.read_text(encoding="utf-8")


def _parts(page: str) -> dict[str, bytes]:
    found = re.findall(r'<script type="application/gzip" data-path="([^"]+)">([^<]*)<', page)
    return {
        path.replace("&amp;", "&"): gzip.decompress(base64.b64decode(data)) for path, data in found
    }


@pytest.mark.parametrize("which", ["made", "claimed", "played"])
def test_what_is_inside_is_what_the_server_answers(which, request, tmp_path) -> None:
    run, ask = request.getfixturevalue(which), request.getfixturevalue(f"ask_{which}")
    parts = _parts(_exported(run, tmp_path))
    for path, data in parts.items():
        if path in ("/one-by-one", "/pictures"):
            continue
        answer = ask.get(path) if path.startswith("/static/") else ask.api(path)
        assert answer.status == 200, path
        assert answer.body == data, path
    for path, told in json.loads(parts["/one-by-one"]).items():
        assert ask.api(path).json == told
    pictures = json.loads(parts["/pictures"])["pictures"]
    assert bool(pictures) == (which == "played")
    for picture in pictures[:: max(1, len(pictures) // 5)]:
        answer = ask.api(f"/picture?t={picture['t']}&side=opposing").json
        assert answer["targets"] == picture["opposing"]


def test_the_page_runs_its_own_script_alone(claimed, tmp_path) -> None:
    page = _exported(claimed, tmp_path)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    policy = policy.replace("&#39;", "'").replace("&#43;", "+")
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.S)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.S)
    for kind, text in (("script-src", script), ("style-src", style)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy and "unsafe" not in policy and "connect-src" not in policy


def test_the_same_run_gives_the_same_file(claimed, tmp_path) -> None:
    assert _exported(claimed, tmp_path / "a") == _exported(claimed, tmp_path / "b")


def test_what_cannot_be_read_or_written_is_told(claimed, tmp_path) -> None:
    with pytest.raises(StoreError):
        export(tmp_path, tmp_path / "run.html")
    (tmp_path / "file").write_text("")
    with pytest.raises(StartexError, match="cannot write"):
        export(claimed.folder, tmp_path / "file" / "run.html")


def test_a_file_that_cannot_be_put_in_place_leaves_nothing_behind(claimed, tmp_path) -> None:
    (tmp_path / "run.html").mkdir()
    (tmp_path / "run.html" / "kept").write_text("")
    with pytest.raises(StartexError, match="cannot write"):
        export(claimed.folder, tmp_path / "run.html")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["kept", "run.html"]
