"""``startex run --view`` as a process: watched, paused and stepped, it comes to the same run."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

import startex
from startex.cli.run import run
from startex.foundation.errors import UsageError
from startex.view.columns import decode

COMMAND = [sys.executable, "-m", "startex.cli.main"]
LIVE = "/api/v1/live"
HOUR = 3_600_000
pytestmark = pytest.mark.timeout(120)


class Watched:
    """A run that is shown, and questions to it."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "run", "three-nations-day", "--seed", "1", "--out", str(folder), "--view",
             "--no-browser", "--json", *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        said = json.loads(self.process.stdout.readline() or "{}")
        assert said, self.process.communicate(timeout=30)
        self.address, self.token = said["address"], said["control_token"]
        assert said["control"] == f"{self.address}#excon={self.token}"
        self.port = int(re.fullmatch(r"http://127\.0\.0\.1:(\d+)/", self.address).group(1))

    def ask(self, path: str, method: str = "GET", body: str | None = None, **headers: str):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def json(self, path: str) -> Any:
        status, body = self.ask(path)
        assert status == 200, body
        return json.loads(body)

    def act(self, **what: Any) -> Any:
        bearer = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        status, body = self.ask(LIVE, "POST", json.dumps(what), **bearer)
        assert status == 200, body
        return json.loads(body)

    def until(self, *states: str) -> dict[str, Any]:
        deadline = time.monotonic() + 60
        while (told := self.json(LIVE))["state"] not in states:
            assert time.monotonic() < deadline and told["state"] != "failed", told
            time.sleep(0.02)
        return told


@contextmanager
def _watched(folder: Path, *words: str) -> Iterator[Watched]:
    made = Watched(folder, *words)
    try:
        yield made
    finally:
        if made.process.poll() is None:
            made.process.kill()
        made.process.communicate(timeout=30)


def test_it_is_watched_paused_stepped_and_comes_to_the_same_run(tmp_path, tutorial_run) -> None:
    folder = tmp_path / "run"
    with _watched(folder, "--paused", "--speed", "7200") as run:
        began = run.until("paused")
        assert began["reached"] == began["sim_start"]
        serials = run.json("/api/v1/serials")["serials"]
        assert len(serials) == len(tutorial_run.table("serials"))  # planned ones, from the start
        assert {s["start"] for s in serials} == {None}
        _, entities = run.ask("/api/v1/entities")
        assert decode(entities)[0]["rows"] == len(tutorial_run.table("entities"))

        stepped = run.act(action="step", by_ms=HOUR)
        assert stepped["speed"] == 7_200.0
        told = run.until("paused")
        assert told["reached"] == began["sim_start"] + HOUR

        run.act(action="resume")
        reached, seen = told["reached"], set()
        while len(seen) < 3:  # it grows while nobody does anything
            told = run.json(LIVE)
            assert told["reached"] >= reached and told["state"] == "running"
            reached = told["reached"]
            seen.add(reached)
            time.sleep(0.05)
        told = run.act(action="pause")
        assert told["state"] == "paused"
        here = told["reached"]
        time.sleep(0.3)
        assert run.json(LIVE)["reached"] == here
        known = run.json("/api/v1/run")
        assert (known["complete"], known["reached"]) == (False, here)
        times = [began["sim_start"] + n * (here - began["sim_start"]) // 4 for n in range(5)]
        for t in times:
            _same_places(run.ask(f"/api/v1/positions?t={t}")[1], tutorial_run, t)
        assert run.ask(f"/api/v1/positions?t={here + 1}")[0] == 400

        run.act(action="speed", speed=None)
        run.act(action="resume")
        told = run.until("finished")
        assert told["reached"] == told["sim_end"]
        assert run.json("/api/v1/run")["digest"] == tutorial_run.manifest.digest
        run.process.send_signal(signal.SIGINT)
        out, err = run.process.communicate(timeout=20)
        assert run.process.returncode == 130
        assert err == f"stopped; the run in {folder} is complete\n"
        assert json.loads(out)["digest"] == tutorial_run.manifest.digest
    stored = startex.Run(folder)
    assert stored.verify() == [] and stored.manifest.segments == tutorial_run.manifest.segments


def _same_places(body: bytes, run: startex.Run, t: int) -> None:
    _, columns = decode(body)
    wanted = run.positions(t)
    for name in ("lat", "lon"):
        pairs = zip(columns[name].tolist(), wanted[name].to_pylist(), strict=True)
        assert all(b is None or abs(a - b) < 1e-5 for a, b in pairs if a == a)
    assert columns["aboard"].tolist() == wanted["aboard"].fill_null(-1).to_pylist()


def test_fifty_watch_and_those_who_are_slow_harm_nobody(tmp_path, tutorial_run) -> None:
    with _watched(tmp_path / "run", "--speed", "36000") as run:
        run.until("running")
        stuck = [socket.create_connection(("127.0.0.1", run.port)) for _ in range(20)]
        for number, one in enumerate(stuck):  # half a request, half a body, answers never read
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            one.sendall(
                (b"GET /api/v1/run HTTP/1.1\r\nHost: local",
                 b"POST /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json"
                 b"\r\nContent-Length: 900\r\nAuthorization: Bearer " + run.token.encode()
                 + b"\r\n\r\n{",
                 b"GET /api/v1/entities HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 50)[number % 3]
            )  # fmt: skip

        def client(number: int) -> tuple[int, float]:
            right, slowest, reached = 0, 0.0, 0
            connection = http.client.HTTPConnection("127.0.0.1", run.port, timeout=30)
            for _ in range(4):
                begun = time.monotonic()
                told = _get(connection, f"{LIVE}?watcher={number}")
                assert told["reached"] >= reached
                reached = told["reached"]
                header, columns = _get(connection, f"/api/v1/positions?t={reached}")
                slowest = max(slowest, time.monotonic() - begun)
                right += header["t"] == reached and len(columns["lat"]) == header["rows"]
                time.sleep(0.2)
            connection.close()
            return right, slowest

        with ThreadPoolExecutor(50) as pool:
            found = list(pool.map(client, range(50)))
        assert [right for right, _ in found] == [4] * 50
        assert max(slowest for _, slowest in found) < 10.0
        assert run.json(LIVE)["watchers"] >= 50
        run.act(action="speed", speed=None)
        run.until("finished")
        assert run.json("/api/v1/run")["digest"] == tutorial_run.manifest.digest
        for one in stuck:
            one.close()
        run.process.send_signal(signal.SIGTERM)
        run.process.communicate(timeout=20)
        assert run.process.returncode == 143


def _get(connection: http.client.HTTPConnection, path: str) -> Any:
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, body
    return json.loads(body) if path.startswith(LIVE) else decode(body)


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGKILL, marks=pytest.mark.long)]
)
def test_one_that_is_killed_while_it_is_watched_is_resumed(number, tmp_path, tutorial_run) -> None:
    folder = tmp_path / "run"
    with _watched(folder, "--paused") as run:
        run.until("paused")
        run.act(action="step", by_ms=26 * HOUR)
        run.until("paused")
        with suppress(OSError):
            run.ask("/api/v1/run")
        run.process.send_signal(number)
        _, err = run.process.communicate(timeout=20)
        if number == signal.SIGINT:
            assert run.process.returncode == 130
            assert err == f"stopped; to go on: startex resume {folder}\n"
    assert not startex.Run(folder).manifest.complete
    assert len(startex.Run(folder).manifest.segments) == 1
    assert startex.resume(folder).manifest.digest == tutorial_run.manifest.digest


def test_one_that_stops_early_is_shown_to_where_it_came(tmp_path) -> None:
    with _watched(tmp_path / "run", "--until", "2025-06-13T20:00Z") as run:
        told = run.until("finished")
        assert told["reached"] == told["sim_start"] + 7 * HOUR < told["sim_end"]
        known = run.json("/api/v1/run")
        assert (known["complete"], known["reached"]) == (False, told["reached"])
        assert run.ask("/api/v1/positions?t=2025-06-13T20:00Z")[0] == 200


def test_what_makes_no_sense_is_refused_before_anything_begins(tmp_path) -> None:
    done = subprocess.run(
        [*COMMAND, "run", "three-nations-day", "--out", str(tmp_path / "run"), "--view",
         "--speed", "nan"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2 and "above 0" in done.stderr, done.stderr
    assert not (tmp_path / "run").exists()
    with pytest.raises(UsageError, match="belong to --view"):
        run("three-nations-day", out=str(tmp_path / "run"), speed=2.0)
    assert not (tmp_path / "run").exists()
