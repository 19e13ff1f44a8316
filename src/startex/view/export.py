"""A run as one HTML file that needs no server: the page of the map with all its answers inside.

Each answer is a ``script`` of no executable type, packed with gzip and written in base64; the page
finds it by its path instead of asking for it. What a server works out for an instant, cards of
units and what a side knew, is put in as tables, or for each half hour of the plays.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2

from startex.foundation.errors import StartexError
from startex.recording.wholefile import write_whole
from startex.view.answers import to_json
from startex.view.app import STATIC, SURFACE, static
from startex.view.archive import Archive, Row
from startex.view.routes import FIRST, find
from startex.view.tables import SIDES

PICTURES_EVERY_MS = 30 * 60 * 1000
"""Between two pictures of what a side knew."""

_EVENTS_AT_ONCE = 5000
_WHOLE = (*FIRST, "/rides", "/claims", "/figures", "/orders", "/supply", "/types",
          "/entities?columns=name")  # fmt: skip
_DATA = tuple(name for name in (*STATIC, *SURFACE) if name.endswith((".json", ".bin")))


def export(run: Path, out: Path) -> int:
    """Write the page of a run, whole; return its size in bytes.

    Raises
    ------
    StoreError
        If there is no run, it cannot be read, or it did not come to an end.
    StartexError
        If the file cannot be written.
    """
    archive = Archive(run)
    text = page(archive)
    data = text.encode("utf-8")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(out, data)
    except OSError as error:
        raise StartexError(f"cannot write {out}: {error.strerror}") from error
    return len(data)


def page(archive: Archive) -> str:
    """Return the page of a run with all that it needs inside."""
    folder = files("startex.view") / "static"
    script = (folder / "app.js").read_text(encoding="utf-8").replace("</script", "<\\/script")
    style = (folder / "map.css").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    template = environment.from_string((folder / "export.html.j2").read_text(encoding="utf-8"))
    return template.render(
        title=archive.header.notes.get("title") or archive.header.scenario,
        script=script,
        script_hash=_hash(script),
        style=style,
        style_hash=_hash(style),
        parts=[(path, _packed(data)) for path, data in parts(archive)],
    )


def parts(archive: Archive) -> Iterator[tuple[str, bytes]]:
    """Give path and bytes of everything that the page may ask for."""
    for path in _WHOLE:
        yield path, _bytes(archive, path)
    yield f"/positions?t={archive.begin}", _bytes(archive, f"/positions?t={archive.begin}")
    for segment in archive.bounds:
        path = f"/legs?segment={segment['segment']}"
        yield path, _bytes(archive, path)
    for offset in range(0, max(1, len(archive.events)), _EVENTS_AT_ONCE):
        path = f"/events?limit={_EVENTS_AT_ONCE}&offset={offset}"
        yield path, _bytes(archive, path)
    yield "/one-by-one", to_json(dict(_one_by_one(archive)))
    yield "/pictures", to_json({"pictures": list(_pictures(archive))})
    for name in _DATA:
        yield f"/static/{name}", static(name).plain


def _one_by_one(archive: Archive) -> Iterator[tuple[str, Any]]:
    """Give answers of which there is one a claim, place or serial; cards as at the end."""
    for claim in archive.rows("claims"):
        yield from _answers(archive, "/claims/", claim["claim"])
    for place in archive.rows("places"):
        yield from _answers(archive, "/card/place/", place["place"])
    for serial in archive.rows("serials"):
        yield from _answers(archive, "/card/serial/", serial["serial"])
        yield from _answers(archive, "/serials/", serial["serial"], "/why")


def _answers(archive: Archive, before: str, key: str, after: str = "") -> Iterator[tuple[str, Any]]:
    path = f"{before}{quote(key, safe='')}{after}"
    yield path, ask(archive, path)


def _pictures(archive: Archive) -> Iterator[Row]:
    """Give what each side knew, each half hour in which a serial is played."""
    spans = [
        (row["start"], row["end"] or archive.end)
        for row in archive.rows("serials")
        if row["opfor"] and row["start"] is not None
    ]
    instants = {
        min(t, archive.end)
        for begin, end in spans
        for t in range(begin, end + PICTURES_EVERY_MS, PICTURES_EVERY_MS)
    }
    for t in sorted(instants):
        pictures = {side: ask(archive, f"/picture?t={t}&side={side}")["targets"] for side in SIDES}
        yield {"t": t, **pictures}


def ask(archive: Archive, path: str) -> Any:
    """Return what a route answers, as the server would."""
    route, asked = find(path)
    return route.answer(archive, asked)


def _bytes(archive: Archive, path: str) -> bytes:
    made = ask(archive, path)
    return made if isinstance(made, bytes) else to_json(made)


def _packed(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, 6, mtime=0)).decode("ascii")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
