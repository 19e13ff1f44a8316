"""Who may ask, and what stands in the header of every answer."""

from __future__ import annotations

import pytest

from startex.view.app import create_app
from startex.view.guard import COOKIE, SECURITY, Guard, Policy
from view_client import Client

TOKEN = "a-token-of-this-test"


@pytest.fixture(scope="module")
def remote(claimed):
    policy = Policy(names=frozenset({"exercise-host"}), token=TOKEN, rate=1e9, burst=10**9)
    with Client(create_app(claimed.folder, policy)) as client:
        yield client


def _secured(answer) -> None:
    for name, value in SECURITY.items():
        assert answer.headers[name.lower()] == value
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("target", "method", "status"),
    [
        ("/", "GET", 200),
        ("/api/v1/run", "HEAD", 200),
        ("/api/v1/entities", "GET", 200),
        ("/static/view.css", "GET", 200),
        ("/api/v1/positions", "GET", 400),
        ("/nothing", "GET", 404),
        ("/api/v1/run/", "GET", 404),
        ("/api/v1/run", "POST", 405),
        ("/nothing", "DELETE", 405),
        ("/api/v1/run", "OPTIONS", 405),
        ("/api/v1/search?q=" + "x" * 3000, "GET", 414),
        ("/" + "x" * 2000, "GET", 414),
    ],
)
def test_every_answer_is_secured(target, method, status, ask_claimed) -> None:
    answer = ask_claimed.get(target, method=method)
    assert answer.status == status
    _secured(answer)
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json["status"] == status and answer.json["detail"]
    if status == 405:
        assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "host", ["localhost", "LocalHost:1", "127.0.0.1:65535", "[::1]:80", "[::1]"]
)
def test_loopback_has_these_names(host, ask_claimed) -> None:
    assert ask_claimed.get("/", host=(b"host", host.encode())).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "",
        "evil.example:8000", "localhost@evil.example", "localhost:x", "127.0.0.1, evil.example",
        "localhost/", "[::2]", "0.0.0.0", "xn--80ak6aa92e.com",
    ],
)  # fmt: skip
def test_a_name_that_was_made_to_point_here_is_refused(host, ask_claimed) -> None:
    answer = ask_claimed.get("/api/v1/run", host=(b"host", host.encode()))
    assert answer.status == 421
    _secured(answer)


def test_a_request_has_one_host_and_no_body(ask_claimed) -> None:
    assert ask_claimed.get("/", host=None).status == 421
    assert ask_claimed.get("/", [(b"host", b"evil.example")]).status == 400
    assert ask_claimed.get("/", [(b"content-length", b"5")]).status == 400
    assert ask_claimed.get("/", [(b"transfer-encoding", b"chunked")]).status == 400
    assert ask_claimed.get("/", [(b"content-length", b"0")]).status == 200


def test_pages_of_other_sites_get_nothing(ask_claimed) -> None:
    for site in (b"cross-site", b"same-site"):
        headers = [(b"sec-fetch-site", site), (b"sec-fetch-mode", b"no-cors")]
        assert ask_claimed.get("/api/v1/run", headers).status == 403
        followed = [(b"sec-fetch-site", site), (b"sec-fetch-mode", b"navigate")]
        assert ask_claimed.get("/", followed).status == 200
    own = [(b"sec-fetch-site", b"same-origin"), (b"sec-fetch-mode", b"cors")]
    assert ask_claimed.get("/api/v1/run", own).status == 200


def test_without_the_token_nothing_is_answered(remote) -> None:
    wrong = [
        (),
        [(b"authorization", b"Bearer wrong")],
        [(b"authorization", f"Basic {TOKEN}".encode())],
        [(b"authorization", f"Bearer {TOKEN}x".encode())],
        [(b"authorization", b"Bearer \xff\xfe")],
        [(b"cookie", f"{COOKIE}=wrong".encode())],
        [(b"cookie", f"other={TOKEN}".encode())],
        [(b"cookie", b"\xff=;;\x01")],
    ]
    for target in ("/", "/api/v1/run", "/static/view.css", "/nothing", "/?token=wrong", "/?token="):
        for headers in wrong:
            answer = remote.get(target, headers)
            assert answer.status == 401
            assert answer.headers["www-authenticate"] == "Bearer"
            assert TOKEN not in str(answer)
            _secured(answer)


def test_the_token_is_taken_as_bearer_or_cookie(remote) -> None:
    assert remote.get("/api/v1/run", [(b"authorization", f"Bearer {TOKEN}".encode())]).status == 200
    assert remote.get("/api/v1/run", [(b"authorization", f"bearer {TOKEN}".encode())]).status == 200
    first = remote.get(f"/api/v1/search?q=a&token={TOKEN}&limit=3")
    assert (first.status, first.headers["location"]) == (303, "/api/v1/search?q=a&limit=3")
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Path=/" in cookie
    _secured(first)
    value = cookie.partition(";")[0].encode()
    assert remote.get(first.headers["location"], [(b"cookie", value)]).status == 200


@pytest.mark.parametrize("path", ["//evil.example/x", "/\\evil.example", "/%0d%0aSet-Cookie:x"])
def test_the_token_leads_to_no_other_place(path, remote) -> None:
    place = remote.get(f"{path}?token={TOKEN}").headers["location"]
    assert place.startswith("/") and not place.startswith(("//", "/\\"))
    assert "\r" not in place and "\n" not in place


def test_names_of_the_machine_and_numeric_addresses_are_let_in_from_afar(remote) -> None:
    bearer = [(b"authorization", f"Bearer {TOKEN}".encode())]
    for host, status in (("exercise-host:80", 200), ("192.0.2.7", 200), ("[2001:db8::1]:80", 200),
                         ("evil.example", 421)):  # fmt: skip
        assert remote.get("/api/v1/run", bearer, host=(b"host", host.encode())).status == status


def test_who_asks_too_often_waits(claimed) -> None:
    now = [0.0]
    policy = Policy(rate=2.0, burst=5, clock=lambda: now[0])
    with Client(create_app(claimed.folder, policy)) as client:
        statuses = [client.get("/").status for _ in range(7)]
        assert statuses == [200] * 5 + [429] * 2
        late = client.get("/")
        assert late.headers["retry-after"] == "1"
        _secured(late)
        assert client.get("/", client="192.0.2.1").status == 200  # somebody else
        now[0] += 1.0
        assert [client.get("/").status for _ in range(3)] == [200, 200, 429]


def test_a_failure_is_told_where_the_server_runs_and_not_to_who_asks() -> None:
    async def failing(scope, receive, send):
        raise RuntimeError("secret/path")

    told: list[str] = []
    with Client(Guard(failing, Policy(), told.append)) as client:
        answer = client.get("/x")
    assert answer.status == 500 and "secret" not in answer.body.decode()
    assert len(told) == 1 and "RuntimeError" in told[0] and "secret/path" in told[0]
    _secured(answer)


def test_a_failing_answer_is_a_problem_too(claimed, monkeypatch) -> None:
    told: list[str] = []
    with Client(create_app(claimed.folder, tell=told.append)) as client:
        monkeypatch.setattr("startex.view.answers.packed", lambda made, key: 1 / 0)
        answer = client.get("/api/v1/units")
    assert answer.status == 500 and "Traceback" not in answer.body.decode()
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(told) == 1 and "ZeroDivisionError" in told[0]
