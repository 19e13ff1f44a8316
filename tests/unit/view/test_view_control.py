"""Exercise control of a run that goes on: who may, what it does, and what is refused."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_shown import PATH
from startex.view import live_route
from startex.view.description import describe
from startex.view.live import LIVE, parse_action
from startex.view.problems import RefusedError
from startex.view.routes import ROUTES

# --- exercise control ----------------------------------------------------------------------------


def test_exercise_control_does_what_it_says(shown, going) -> None:
    shown.live.publish(going[1][0])
    assert shown.act(action="pause").json["state"] == "paused"
    assert shown.act(action="resume").json["state"] == "running"
    assert shown.act(action="speed", speed=3600).json["speed"] == 3600.0
    assert shown.act(action="speed", speed=None).json["speed"] is None
    answer = shown.act(action="step", by_ms=3_600_000)
    assert answer.status == 200 and answer.headers["cache-control"] == "no-store"
    assert shown.control.done == [
        "pause", "resume", ("speed", 3600.0), ("speed", None), 3_600_000
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (401, []),
        (401, [(b"authorization", b"Basic abc")]),
        (401, [(b"authorization", b"Bearer ")]),
        (403, [(b"authorization", b"Bearer " + b"x" * 43)]),
        (403, [(b"authorization", "Bearer é".encode("latin-1"))]),
    ],
)
def test_without_the_token_nothing_is_done(status, headers, steady) -> None:
    answer = steady.client.post(PATH, b'{"action": "pause"}', headers)
    assert answer.status == answer.json["status"] == status
    assert steady.control.done == []
    if status == 401:
        assert answer.headers["www-authenticate"] == "Bearer" and "#excon=" in answer.json["detail"]


@pytest.mark.parametrize(
    ("status", "header"),
    [
        (403, (b"origin", b"http://evil.example")),
        (403, (b"origin", b"null")),
        (403, (b"origin", b"http://127.0.0.1:8001")),
        (403, (b"sec-fetch-site", b"cross-site")),
        (403, (b"sec-fetch-site", b"same-site")),
        (400, (b"content-length", b"20")),
        (411, (b"transfer-encoding", b"chunked")),
        (200, (b"origin", b"http://127.0.0.1:8000")),
        (200, (b"sec-fetch-site", b"same-origin")),
    ],
)
def test_pages_of_other_sites_control_nothing(status, header, shown, going) -> None:
    shown.live.publish(going[1][0])
    answer = shown.client.post(PATH, b'{"action": "pause"}', [*shown.bearer(), header])
    assert answer.status == status
    assert shown.control.done == (["pause"] if status == 200 else [])


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (411, [(b"content-type", b"application/json")]),
        (411, [(b"content-type", b"application/json"), (b"content-length", b"-1")]),
        (413, [(b"content-type", b"application/json"), (b"content-length", b"1025")]),
        (413, [(b"content-type", b"application/json"), (b"content-length", b"9" * 30)]),
        (415, [(b"content-type", b"text/plain"), (b"content-length", b"19")]),
        (415, [(b"content-length", b"19")]),
    ],
)
def test_a_body_is_small_and_says_what_it_is(status, headers, steady) -> None:
    answer = steady.client.get(
        PATH, [*steady.bearer(), *headers], method="POST", body=b'{"action": "pause"}'
    )
    assert answer.status == answer.json["status"] == status
    assert answer.headers["connection"] == "close"
    assert steady.control.done == []


@pytest.mark.parametrize("path", ["/", "/api/v1/run", "/api/v1/openapi.json", "/api/v1/live/x"])
def test_nothing_else_takes_a_body(path, steady) -> None:
    answer = steady.client.post(path, b'{"action": "pause"}', steady.bearer())
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
    other = steady.client.get(PATH, method="DELETE")
    assert (other.status, other.headers["allow"]) == (405, "GET, HEAD, POST")


def test_a_body_that_does_not_come_is_not_waited_for(shown, going, monkeypatch) -> None:
    monkeypatch.setattr(live_route, "_READING_S", 0.05)
    shown.live.publish(going[1][0])
    app, status = shown.client.app, []

    async def receive():
        await asyncio.sleep(60)

    async def send(message) -> None:
        status.append(message.get("status"))

    headers = [(b"host", b"127.0.0.1:8000"), (b"content-type", b"application/json"),
               (b"content-length", b"19"), *shown.bearer()]  # fmt: skip
    scope = {"type": "http", "method": "POST", "path": PATH, "query_string": b"", "root_path": "",
             "headers": headers, "client": ("127.0.0.1", 1), "server": None, "scheme": "http",
             "http_version": "1.1"}  # fmt: skip
    asyncio.run(app(scope, receive, send))
    assert status[0] == 408 and shown.control.done == []


BAD = [
    b"", b"{", b"[]", b'"pause"', b"null", b"\xff", b"{}", b'{"action": 1}', b'{"action": "stop"}',
    b'{"action": "pause", "speed": 1}', b'{"action": "speed"}', b'{"action": "speed", "speed": 0}',
    b'{"action": "speed", "speed": -1}', b'{"action": "speed", "speed": NaN}',
    b'{"action": "speed", "speed": Infinity}', b'{"action": "speed", "speed": 1e999}',
    b'{"action": "speed", "speed": 1000000001}', b'{"action": "speed", "speed": true}',
    b'{"action": "speed", "speed": "1"}', b'{"action": "step"}',
    b'{"action": "step", "by_ms": 0}', b'{"action": "step", "by_ms": 1.0}',
    b'{"action": "step", "by_ms": true}', b'{"action": "step", "by_ms": null}',
    b'{"action": "step", "by_ms": 99999999999999}', b'{"action": "step", "by_ms": 1, "x": 2}',
    b"[" * 1000, b"9" * 1000, b'{"action": null}', b'{"action": ["pause"]}',
]  # fmt: skip


@pytest.mark.parametrize("body", BAD)
def test_what_cannot_be_done_is_told_with_what_can(body, steady) -> None:
    answer = steady.client.post(PATH, body, steady.bearer())
    assert answer.status == 400 and answer.json["detail"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert steady.control.done == []


# --- as described --------------------------------------------------------------------------------

_LIVE = describe(live=True)
_POST = _LIVE["paths"]["/live"]["post"]
_BODIES = _POST["requestBody"]["content"]["application/json"]["schema"]["oneOf"]


def test_the_description_tells_of_control_where_there_is_some(steady, ask_made) -> None:
    assert steady.client.api("/openapi.json").json == _LIVE
    plain = ask_made.api("/openapi.json").json
    assert "post" not in plain["paths"]["/live"] and "securitySchemes" not in plain["components"]
    assert _POST["security"] == [{"control": []}]
    assert set(_LIVE["paths"]) == set(plain["paths"])
    assert {route.path for route in (*ROUTES, LIVE)} < set(_LIVE["paths"])
    names = [op["operationId"] for item in _LIVE["paths"].values() for op in item.values()]
    assert len(set(names)) == len(names)


def _of(schema: dict) -> st.SearchStrategy:
    """Return values that a schema of the description allows."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema["type"] == "integer":
        return st.integers(schema["minimum"], schema["maximum"])
    above = st.floats(0, schema["maximum"], exclude_min=True) | st.integers(1, 10**9)
    return st.none() | above


def _body(schema: dict) -> st.SearchStrategy:
    return st.fixed_dictionaries({name: _of(s) for name, s in schema["properties"].items()})


@settings(max_examples=100)
@given(st.sampled_from(_BODIES).flatmap(_body))
def test_whatever_the_description_allows_is_done(steady, body) -> None:
    try:
        assert steady.act(**body).status == 200
        assert len(steady.control.done) == 1
    finally:
        steady.control.done.clear()
        steady.control.halted = False


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
_NEARLY = st.fixed_dictionaries(
    {"action": st.sampled_from(["pause", "resume", "speed", "step", "PAUSE"]) | _ANYTHING},
    optional={"speed": _ANYTHING, "by_ms": _ANYTHING, "x": _ANYTHING},
)


@settings(max_examples=200)
@given(st.binary(max_size=200) | (_ANYTHING | _NEARLY).map(lambda v: json.dumps(v).encode()))
def test_any_body_is_done_or_told_what_is_wrong(body) -> None:
    try:
        action, value = parse_action(body)
    except RefusedError as refusal:
        assert refusal.status == 400 and refusal.detail.isprintable()
        return
    assert action in ("pause", "resume", "speed", "step")
    assert value is None or value > 0


@settings(max_examples=60)
@given(
    st.sampled_from(ROUTES),
    st.dictionaries(st.sampled_from(["from", "to", "t", "id", "kind", "segment", "q", "limit"]),
                    st.sampled_from(["0", "-1", "x", "unit", "1e9", "2022-08-30T00:00Z"])),
)  # fmt: skip
def test_any_route_of_a_run_that_goes_on_answers_or_tells_why_not(steady, route, values) -> None:
    path, query = route.path, []
    for parameter in route.parameters:
        value = values.get(parameter.name, "0")
        if parameter.where == "path":
            path = path.replace(f"{{{parameter.name}}}", value)
        elif parameter.required or parameter.name in values:
            query.append(f"{parameter.name}={value}")
    answer = steady.client.api(f"{path}?{'&'.join(query)}")
    assert answer.status < 500 or route.slow, answer
    assert not steady.told
