"""A run that goes on: what is told of it, who may control it, and answers that fit together."""

from __future__ import annotations

import asyncio
import json
import shutil
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import startex
from live_runs import looked_at
from startex.assemble import live as live_record
from startex.testing import make_exercise
from startex.view import answers, live_route
from startex.view import live as view_live
from startex.view.app import create_app
from startex.view.description import describe
from startex.view.guard import Policy
from startex.view.live import KEYS, LIVE, Live, Watchers, parse_action
from startex.view.problems import RefusedError
from startex.view.routes import ROUTES
from view_client import Client

OPEN = Policy(rate=1e9, burst=10**9)
PATH = "/api/v1/live"
FIXED = (
    "/entities",
    "/units",
    "/nations",
    "/places",
    "/ways",
    "/types",
    "/claims",
    "/search?q=ship",
)


class Control:
    """Notes what exercise control does."""

    def __init__(self) -> None:
        self.halted, self.waits = False, True
        self.speed: float | None = None
        self.done: list[object] = []

    def pause(self) -> None:
        self.done.append("pause")
        self.halted = True

    def resume(self) -> None:
        self.done.append("resume")
        self.halted = False

    def step(self, by_ms: int) -> None:
        self.done.append(by_ms)
        self.halted = False

    def set_speed(self, speed: float | None) -> None:
        self.done.append(("speed", speed))
        self.speed = speed


@pytest.fixture(scope="module")
def going(tmp_path_factory):
    """A run and what was seen of it on its way."""
    folder = tmp_path_factory.mktemp("going")
    patch = pytest.MonkeyPatch()
    patch.setattr(live_record, "PART_LEGS", 30)
    scenario = make_exercise(folder / "scenario", entities=250, seed=5)
    run, looks, parts = looked_at(scenario, folder / "run", every=9)
    patch.undo()
    assert len(looks[-1].parts) > 3
    run.parts = parts
    return run, looks


class Shown:
    """An application of a run that goes on, with a token and a control that notes all."""

    def __init__(self, run: startex.Run) -> None:
        header = run.manifest.header
        self.run, self.control = run, Control()
        self.live = Live(self.control, header.sim_start, header.sim_end)
        self.told: list[str] = []
        app = create_app(run.folder, OPEN, self.told.append, self.live)
        self.client = Client(app)

    def bearer(self) -> list[tuple[bytes, bytes]]:
        return [(b"authorization", f"Bearer {self.live.token}".encode())]

    def act(self, **what):
        return self.client.post(PATH, json.dumps(what).encode(), self.bearer())


@pytest.fixture
def shown(going):
    made = Shown(going[0])
    with made.client:
        yield made
    assert made.told == []


@pytest.fixture(scope="module")
def steady(going):
    """One that stands in the middle of the run."""
    made = Shown(going[0])
    made.live.publish(going[1][len(going[1]) // 2])
    with made.client:
        yield made


# --- what is told --------------------------------------------------------------------------------


def test_states_follow_one_another(shown, going) -> None:
    run, looks = going
    header = run.manifest.header
    states = []
    for act in (
        lambda: None,
        lambda: shown.live.publish(looks[0]),
        shown.control.pause,
        shown.control.resume,
        lambda: shown.live.finish(run.folder),
    ):
        act()
        answer = shown.client.get(PATH)
        assert answer.headers["cache-control"] == "no-store" and "etag" not in answer.headers
        assert set(answer.json) == set(KEYS)
        assert answer.json["live"] is True
        states.append((answer.json["state"], answer.json["reached"]))
    seen = looks[0].reached
    assert states == [
        ("starting", header.sim_start), ("running", seen), ("paused", seen), ("running", seen),
        ("finished", header.sim_end),
    ]  # fmt: skip


def test_one_that_fails_says_why_and_stays_to_be_seen(shown, going) -> None:
    shown.live.publish(going[1][2])
    shown.live.fail("the disk is full")
    told = shown.client.get(PATH).json
    assert (told["state"], told["message"]) == ("failed", "the disk is full")
    assert shown.client.api("/run").json["reached"] == going[1][2].reached
    assert shown.act(action="resume").status == 409


def test_a_run_that_has_ended_says_so_and_takes_no_orders(ask_made, made) -> None:
    told = ask_made.get(PATH).json
    assert set(told) == set(KEYS)
    assert (told["live"], told["state"], told["speed"]) == (False, "finished", None)
    assert told["reached"] == told["sim_end"] == made.manifest.header.sim_end
    refused = ask_made.post(PATH, b'{"action": "pause"}')
    assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD")


def test_who_asks_too_early_waits_and_then_is_told_to_come_again(shown, going, monkeypatch) -> None:
    monkeypatch.setattr(view_live, "_HOLD_S", 0.1)
    early = shown.client.api("/run")
    assert (early.status, early.headers["retry-after"]) == (503, "1")
    monkeypatch.setattr(view_live, "_HOLD_S", 30.0)

    async def begins() -> None:
        waiting = asyncio.create_task(shown.live.begun())
        await asyncio.sleep(0.02)
        assert not waiting.done()
        shown.live.publish(going[1][0])
        await asyncio.wait_for(waiting, 5)

    asyncio.run(begins())
    assert shown.client.api("/run").status == 200


def test_watchers_are_those_who_asked_lately() -> None:
    now = [100.0]
    watchers = Watchers(lambda: now[0])
    for name in ("a", "b", "a"):
        watchers.note(name)
    assert watchers.count() == 2
    now[0] += 4.0
    watchers.note("b")
    now[0] += 2.0
    assert watchers.count() == 1
    for n in range(10_000):
        watchers.note(str(n))
    assert watchers.count() <= 4_096


def test_clients_are_counted_by_their_word_or_their_connection(shown, going) -> None:
    shown.live.publish(going[1][0])
    for word in ("anna", "boris", "anna"):
        told = shown.client.get(f"{PATH}?watcher={word}")
    assert told.json["watchers"] == 2
    shown.client.get(PATH)
    assert shown.client.get(PATH).json["watchers"] == 3
    assert shown.act(action="resume").json["watchers"] == 3
    assert shown.live.watched()


# --- answers -------------------------------------------------------------------------------------


def test_all_routes_answer_for_what_is_reached(going, shown, tmp_path) -> None:
    """As the folder does of a run that was told to stop there."""
    run, looks = going
    look = looks[len(looks) // 2]
    shown.live.publish(look)
    notes = run.manifest.header.notes
    folder = tmp_path / run.folder.name
    scenario = startex.load(notes["scenario_folder"])
    startex.simulate(scenario, out=folder, seed=1, until_ms=look.reached)
    serial = look.table("serials")["serial"][0].as_py()
    start, t = run.manifest.header.sim_start, look.reached
    with Client(create_app(folder, OPEN)) as cut:
        for target in (
            "/units", "/nations", "/places", "/ways", "/entities", "/claims", "/search?q=ship",
            f"/positions?t={t}", f"/positions?t={(start + t) // 2}", f"/positions?t={start}",
            f"/rides?from={start}&to={t}", "/rides", "/events?limit=1000", "/serials",
            f"/serials/{serial}/why", f"/card/serial/{serial}", f"/card/entity/0?t={t}",
            "/card/unit/0", f"/picture?t={t}", "/events/0/why", "/orders", "/types",
        ):  # fmt: skip
            here, there = shown.client.api(target), cut.api(target)
            assert here.status == there.status == 200, (target, here.body)
            if here.headers["content-type"] == "application/json":
                assert _but_supply(here.json) == _but_supply(there.json), target
            else:
                assert _rows(here) == _rows(there), target
        told, wanted = shown.client.api("/run").json, cut.api("/run").json
        for name in ("begin", "end", "complete", "reached", "event_kinds", "title", "seed"):
            assert told[name] == wanted[name], name
        assert told["counts"]["persons"] == run.manifest.counts["persons"]


def _rows(answer) -> list[tuple[str, ...]]:
    """Return the rows of columns; those of rides stand in the order of pieces."""
    columns = answer.columns[1]
    rows = zip(*(map(str, columns[name]) for name in sorted(columns)), strict=True)
    return sorted(rows) if "slot" in columns else list(rows)


def _but_supply(answer):
    if isinstance(answer, dict):
        return {k: v for k, v in answer.items() if k not in ("supply", "strength", "mishaps")}
    return answer


def test_segments_grow_and_their_legs_are_all_there(going, shown) -> None:
    _, looks = going
    final: dict[int, bytes] = {}
    for look in looks:
        shown.live.publish(look)
        segments = shown.client.api("/run").json["segments"]
        assert [s["final"] for s in segments] == [True] * (len(segments) - 1) + [False] * bool(
            segments
        )
        count = 0
        for segment in segments:
            number = segment["segment"]
            answer = shown.client.api(f"/legs?segment={number}")
            columns = answer.columns[1]
            assert len(columns["t0"]) == segment["legs"]
            assert columns["t1"].max() == segment["end"] <= look.reached
            assert columns["t0"].max() == segment["last_start"]
            count += segment["legs"]
            if number in final:
                assert final[number] == answer.body
            if segment["final"]:
                final[number] = answer.body
        assert count == look.table("legs").num_rows
        assert shown.client.api(f"/legs?segment={len(segments)}").status == 404
    assert len(final) > 2


def test_what_is_not_reached_and_what_needs_the_end_is_refused(steady, going) -> None:
    _, looks = going
    reached = looks[len(looks) // 2].reached
    late = steady.client.api(f"/positions?t={reached + 1}")
    assert late.status == 400 and str(reached) in late.json["detail"]
    figures = steady.client.api("/figures")
    assert figures.status == 503 and int(figures.headers["retry-after"]) > 0
    assert "has ended" in figures.json["detail"]


def test_tags_change_with_what_an_answer_is_made_of(going, shown) -> None:
    run, looks = going
    start = run.manifest.header.sim_start
    growing = ("/run", "/events", "/serials", "/rides", f"/positions?t={start}", "/card/unit/0")
    earlier, later = looks[-3], looks[-1]
    shown.live.publish(earlier)
    before = {t: shown.client.api(t) for t in (*FIXED, *growing, "/legs?segment=0")}
    last = len(earlier.parts) - 1
    open_before = shown.client.api(f"/legs?segment={last}")
    shown.live.publish(later)
    for target, was in before.items():
        tag = was.headers["etag"].encode()
        now = shown.client.api(target, headers=[(b"if-none-match", tag)])
        assert now.status == (200 if target in growing else 304), target
    assert shown.client.api(f"/legs?segment={last}").headers["etag"] != open_before.headers["etag"]


def test_what_does_not_change_is_not_made_anew(going, shown, monkeypatch) -> None:
    _, looks = going
    shown.live.publish(looks[3])
    for target in FIXED:
        assert shown.client.api(target).status == 200
    shown.client.api("/events")
    shown.live.publish(looks[4])
    archive = shown.live.archive()
    monkeypatch.setattr(archive, "run", None)
    for target in FIXED:
        assert shown.client.api(target).status == 200
    assert archive.units and len(archive.entities)
    assert archive.index("units", "id") and archive.rows("places")


def test_when_it_has_ended_the_folder_is_served(going, shown, tmp_path) -> None:
    run, looks = going
    folder = tmp_path / "run"
    shutil.copytree(run.folder, folder)
    made = Shown(startex.Run(folder))
    with made.client as client:
        made.live.publish(looks[-1])
        before = client.api("/run").json
        assert before["complete"] is False
        kept = [client.api(f"/legs?segment={n}") for n in range(len(before["segments"]))]
        made.live.end(run.parts)
        made.live.finish(folder)
        told = client.api("/run").json
        assert told["complete"] and told["digest"] == run.manifest.digest
        # final segments are what they were: who has asked for half of them asks on
        assert told["segments"][: len(kept) - 1] == before["segments"][:-1]
        assert all(segment["final"] for segment in told["segments"])
        assert sum(segment["legs"] for segment in told["segments"]) == told["counts"]["legs"]
        for n, was in enumerate(kept):
            now = client.api(f"/legs?segment={n}")
            same = (now.body, now.headers["etag"]) == (was.body, was.headers["etag"])
            assert same == (n < len(kept) - 1)
        assert client.api("/figures").status == 200
        shutil.rmtree(folder)
        assert client.api("/run").status == 503


def test_a_simulation_that_needs_the_machine_has_most_of_it(going, shown, monkeypatch) -> None:
    """However eagerly somebody asks; what is made already costs nothing."""
    monkeypatch.setattr(answers, "REST", 1e6)
    monkeypatch.setattr(answers, "LONGEST_REST_S", 0.5)
    run, looks = going
    shown.live.publish(looks[-1])
    start = run.manifest.header.sim_start

    def spent(t: int) -> float:
        begun = time.monotonic()
        assert shown.client.api(f"/positions?t={t}").status == 200
        return time.monotonic() - begun

    spent(start)
    assert spent(start + 1) < 0.4  # the simulation waits: nobody else does
    shown.control.waits = False
    assert spent(start + 2) >= 0.4
    assert spent(start + 2) < 0.4
    shown.live.end(run.parts)
    shown.live.finish(run.folder)
    assert spent(start + 3) < 0.4


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
