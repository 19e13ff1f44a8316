"""``startex view`` as a process: it serves many at once, and ends cleanly at any moment."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from startex.view.columns import decode

COMMAND = [sys.executable, "-m", "startex.cli.main", "view"]


@contextmanager
def _served(*words: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str], int]]:
    """Yield a process that serves, what it said, and its port."""
    process = subprocess.Popen(
        [*COMMAND, *words, "--json", "--no-browser"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline() or "{}")
        assert said, process.communicate(timeout=30)
        yield process, said, int(re.search(r":(\d+)/", said["address"]).group(1))
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=30)


def _get(port: int, path: str, headers: dict[str, str] | None = None, method: str = "GET"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, dict(answer.headers), answer.read()
    finally:
        connection.close()


def _startex(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], capture_output=True, text=True, timeout=120, check=False
    )


def test_fifty_at_once_all_get_the_positions_and_sigterm_ends_it(tutorial_run) -> None:
    header = tutorial_run.manifest.header
    times = [header.sim_start + n * (header.sim_end - header.sim_start) // 9 for n in range(10)]
    wanted = {t: tutorial_run.positions(t)["aboard"].fill_null(-1).to_pylist() for t in times}

    with _served(str(tutorial_run.folder)) as (process, _, port):

        def client(number: int) -> int:
            right = 0
            for step in range(4):
                t = times[(number + step) % len(times)]
                status, _, body = _get(port, f"/api/v1/positions?t={t}")
                head, columns = decode(body)
                right += (status, head["t"]) == (200, t) and columns["aboard"].tolist() == wanted[t]
            return right

        with ThreadPoolExecutor(50) as pool:
            assert list(pool.map(client, range(50))) == [4] * 50
        status, headers, body = _get(port, "/api/v1/run", method="HEAD")
        assert status == 200 and body == b"" and int(headers["content-length"]) > 100
        assert _get(port, "/", {"Host": "evil.example"})[0] == 421
        assert _get(port, "/../../etc/passwd")[0] == 404
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
        assert process.returncode == 143
        assert err == "stopped\n" and out == ""
        with pytest.raises(OSError):
            _get(port, "/")


def test_ctrl_c_ends_it_while_somebody_is_connected(tutorial_run) -> None:
    with _served(str(tutorial_run.folder)) as (process, said, port):
        assert said["token"] is None
        assert said["address"] == f"http://127.0.0.1:{port}/"
        with socket.create_connection(("127.0.0.1", port)) as half:
            half.sendall(b"GET /api/v1/run HTTP/1.1\r\nHost: local")
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=20)
        assert process.returncode == 130
        assert err == "stopped\n"


def test_what_is_no_http_gets_no_traceback(tutorial_run) -> None:
    with _served(str(tutorial_run.folder)) as (process, _, port):
        for junk in (b"\x16\x03\x01\x02\x00\x01\x00", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 50,
                     b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 20_000 + b"\r\n"):  # fmt: skip
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.settimeout(10)
                try:
                    connection.sendall(junk)
                    connection.shutdown(socket.SHUT_WR)
                    answer = connection.recv(65_536)
                except OSError:
                    answer = b""
            assert b"Traceback" not in answer and not answer.startswith(b"HTTP/1.1 200")
        assert _get(port, "/api/v1/run")[0] == 200
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
        assert err == "stopped\n"


def test_beyond_loopback_a_token_is_needed(tutorial_run) -> None:
    refused = _startex(str(tutorial_run.folder), "--host", "0.0.0.0")
    assert refused.returncode == 2 and "--allow-remote" in refused.stderr
    folder = str(tutorial_run.folder)
    with _served(folder, "--host", "0.0.0.0", "--allow-remote") as (_, said, port):
        assert len(said["token"]) >= 43  # 256 bits
        assert _get(port, "/api/v1/run")[0] == 401
        assert _get(port, "/api/v1/run", {"Authorization": f"Bearer {said['token']}"})[0] == 200
        status, headers, _ = _get(port, f"/?token={said['token']}")
        assert status == 303
        cookie = headers["set-cookie"].partition(";")[0]
        assert _get(port, headers["location"], {"Cookie": cookie})[0] == 200


def test_check_asks_itself_and_ends_and_nothing_is_changed(tutorial_run) -> None:
    def state() -> dict[str, tuple[int, int]]:
        return {
            str(path): (path.stat().st_size, path.stat().st_mtime_ns)
            for path in tutorial_run.folder.rglob("*")
        }

    before = state()
    done = _startex(str(tutorial_run.folder), "--check")
    assert state() == before
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) == 4 and all(re.match(r"/\S*: [0-9,]+ bytes of ", line) for line in lines)


def test_errors_are_told_as_by_other_commands(tmp_path, tutorial_run) -> None:
    nothing = _startex(str(tmp_path / "nothing"))
    assert nothing.returncode == 1 and "holds no run: no such folder" in nothing.stderr
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        taken = _startex(str(tutorial_run.folder), "--port", str(port))
    assert taken.returncode == 1 and f"port {port}: another program has it" in taken.stderr
    unknown = _startex(str(tutorial_run.folder), "--host", "no such host")
    assert unknown.returncode == 2 and "no such host" in unknown.stderr
    for done in (nothing, taken, unknown):
        assert "Traceback" not in done.stderr and done.stdout == ""
