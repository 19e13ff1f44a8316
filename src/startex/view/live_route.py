"""The route of runs that go on: what a run is doing, and exercise control."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route as Path_

from startex.view.answers import Answers, to_json
from startex.view.archive import Row
from startex.view.asking import arguments
from startex.view.live import LIVE, PATH, Live, Watchers
from startex.view.problems import RefusedError

_READING_S = 5.0
"""How long a body may take."""


def live_path(answers: Answers, live: Live | None) -> Path_:
    """Return the route: GET for all, and POST for exercise control where a run goes on."""
    watchers = Watchers()

    async def endpoint(request: Request) -> Response:
        posts = request.method == "POST"
        asked = arguments(() if posts else LIVE.parameters, {}, request.scope["query_string"])
        if live is not None and posts:
            live.admit(request.headers.get("authorization", ""))
            await live.act(await _body(request))
        else:
            watchers.note(_name(request, asked))
        count = watchers.count()
        return _told(_ended(answers, count) if live is None else live.status(count))

    return Path_(PATH, endpoint, methods=["GET"] if live is None else ["GET", "POST"])


def _ended(answers: Answers, watchers: int) -> Row:
    archive = answers.archive()
    return {
        "live": False,
        "state": "finished",
        "reached": archive.end,
        "sim_start": archive.begin,
        "sim_end": archive.header.sim_end,
        "speed": None,
        "watchers": watchers,
        "message": None,
    }


def _name(request: Request, asked: Row) -> str:
    """Return by what somebody is counted: his word, else his connection."""
    client = request.client
    where = client.host if client else ""
    word = asked.get("watcher")
    return f"{where} says {word}" if word else f"{where} at {client.port if client else 0}"


async def _body(request: Request) -> bytes:
    try:
        return await asyncio.wait_for(request.body(), _READING_S)
    except TimeoutError as error:
        told = f"the body did not come within {_READING_S:g} s"
        raise RefusedError(408, told, {"Connection": "close"}) from error
    except ClientDisconnect as error:
        raise RefusedError(400, "the body was not sent whole", {"Connection": "close"}) from error


def _told(state: Row) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(to_json(state), 200, headers, "application/json")
