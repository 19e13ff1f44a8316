"""A run that goes on: what is told of it, who may control it, and answers that fit together."""

from __future__ import annotations

import asyncio
import shutil
import time

import startex
from live_shown import OPEN, PATH, Shown
from startex.view import answers
from startex.view import live as view_live
from startex.view.app import create_app
from startex.view.live import KEYS, Watchers
from view_client import Client

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
