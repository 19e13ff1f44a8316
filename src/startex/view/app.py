"""The application: routes to answers, with conditional requests, ranges and packing."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import sys
from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as Path_
from starlette.types import ASGIApp

from startex.view import columns
from startex.view.answers import Answers, Body, description, text_body
from startex.view.asking import arguments
from startex.view.guard import Guard, Policy, failure, refused
from startex.view.live import PATH, Live
from startex.view.live_route import live_path
from startex.view.page import front_page, map_page
from startex.view.problems import RefusedError
from startex.view.routes import BASE, DESCRIPTION, ROUTES, Route

STATIC = {
    "app.js": "text/javascript; charset=utf-8",
    "map.css": "text/css; charset=utf-8",
    "view.css": "text/css; charset=utf-8",
    "borders-50m.json": "application/json",
    "seas.json": "application/json",
    "towns.json": "application/json",
    "licences.txt": "text/plain; charset=utf-8",
}
"""Files that are served as they are, beside this module; no other name reaches the disk."""

SURFACE = ("land-50m.bin", "lakes-50m.bin", "land-10m.bin")
"""Land and lakes that the map draws: the files of the land mask, packed already."""

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)
_Endpoint = Callable[[Request], Awaitable[Response]]


def create_app(
    folder: str | Path,
    policy: Policy | None = None,
    tell: Callable[[str], None] | None = None,
    live: Live | None = None,
    *,
    prepare: bool = False,
) -> ASGIApp:
    """Return the application (ASGI) that shows a run.

    Parameters
    ----------
    folder
        The run folder.
    policy
        Who may ask; who asks by loopback where none is given.
    tell
        Called with a line when something fails; by default written to stderr.
    live
        The run that goes on in the folder; None: it has ended.
    prepare
        Whether to begin at once to make what a browser will ask for first.

    Raises
    ------
    StoreError
        If there is no run, it cannot be read, or it did not come to an end.
    """
    answers = Answers(Path(folder), live)
    if prepare:
        answers.prepare()
    paths = [Path_(BASE + route.path, _route(answers, route)) for route in ROUTES]
    fixed: dict[str, Body] = {DESCRIPTION: description(live is not None)}
    fixed |= {f"/static/{name}": static(name) for name in (*STATIC, *SURFACE)}
    paths += [Path_(path, _fixed(body)) for path, body in fixed.items()]
    paths.append(live_path(answers, live))
    for page in (Route("/", map_page, "The map."), Route("/api", front_page, "What can be asked.")):
        paths.append(Path_(page.path, _route(answers, page)))
    app = Starlette(
        routes=paths,
        exception_handlers={RefusedError: _refuse, HTTPException: _not_found, Exception: _fail},
    )
    app.router.redirect_slashes = False
    policy = policy or Policy()
    if live is not None:
        policy = dataclasses.replace(policy, posts=frozenset({PATH}))
    return Guard(app, policy, tell or _complain)


def static(name: str) -> Body:
    """Return a file of the page."""
    folder = (
        files("startex.data") / "surface" if name in SURFACE else files("startex.view") / "static"
    )
    plain = (folder / name).read_bytes()
    key = hashlib.sha256(plain).hexdigest()[:40]
    if name in SURFACE:
        return Body("application/octet-stream", plain, None, key)
    return text_body(STATIC[name], plain, key)


def _route(answers: Answers, route: Route) -> _Endpoint:
    async def endpoint(request: Request) -> Response:
        query: bytes = request.scope["query_string"]
        asked = arguments(route.parameters, request.path_params, query)
        return respond(request, await answers.soon(route, asked))

    return endpoint


def _fixed(body: Body) -> _Endpoint:
    async def endpoint(request: Request) -> Response:
        arguments((), {}, request.scope["query_string"])
        return respond(request, body)

    return endpoint


def respond(request: Request, body: Body) -> Response:
    """Return an answer as the client can take it: not at all if it has it, packed, or a piece."""
    zipped = body.packed is not None and _takes_gzip(request.headers.get("accept-encoding", ""))
    data = body.packed if zipped and body.packed is not None else body.plain
    tag = f'"{body.etag}{"-gz" if zipped else ""}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if body.packed is not None:
        headers["Vary"] = "Accept-Encoding"
    if _matches(request.headers.get("if-none-match"), tag):
        return Response(b"", 304, headers)
    if zipped:
        headers["Content-Encoding"] = "gzip"
    status, length = 200, len(data)
    if body.media_type == columns.MEDIA_TYPE:
        headers["Accept-Ranges"] = "bytes"
        piece = _piece(request, tag, length) if request.method == "GET" else None
        if piece is not None:
            first, last = piece
            status, data = 206, data[first : last + 1]
            headers["Content-Range"] = f"bytes {first}-{last}/{length}"
    return Response(data, status, headers, body.media_type)


def _matches(wanted: str | None, tag: str) -> bool:
    if wanted is None:
        return False
    listed = [part.strip().removeprefix("W/") for part in wanted.split(",")]
    return "*" in listed or tag in listed


def _piece(request: Request, tag: str, length: int) -> tuple[int, int] | None:
    """Return first and last byte of the piece asked for; None for the whole.

    Several pieces at once, and what is no range of bytes, get the whole, as RFC 9110 allows.
    """
    asked = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if asked is None or request.headers.get("if-range", tag) != tag:
        return None
    begin, end = asked.groups()
    if not begin and not end:
        return None
    if begin:
        first, last = int(begin), min(int(end or length), length - 1)
        if end and int(end) < int(begin):
            return None
    else:
        first, last = max(length - int(end), 0), length - 1
    if first > last:
        told = {"Content-Range": f"bytes */{length}"}
        raise RefusedError(416, f"the answer has {length} bytes, from 0 to {length - 1}", told)
    return first, last


def _takes_gzip(accepted: str) -> bool:
    for part in accepted.split(","):
        name, _, rest = part.partition(";")
        if name.strip().lower() in ("gzip", "*"):
            return not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", rest)
    return False


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    return refused(error)


async def _fail(request: Request, error: Exception) -> Response:
    return refused(failure())


async def _not_found(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return refused(
        RefusedError(status, f"there is nothing at this address; {DESCRIPTION} lists all")
    )


def _complain(line: str) -> None:
    sys.stderr.write(f"startex: {line}\n")
