"""Whatever is asked: an answer or a problem, no failure, and nothing from outside the run."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from startex.view.app import create_app
from startex.view.guard import Policy
from startex.view.routes import BASE, ROUTES
from view_client import Client

SECRET = b"secret-that-nobody-may-read"
_told: list[str] = []


@pytest.fixture(scope="module")
def client(claimed, tmp_path_factory):
    """A run with secrets beside it and in its folder."""
    outside = tmp_path_factory.mktemp("outside")
    folder = outside / "run"
    shutil.copytree(claimed.folder, folder)
    for place in (outside / "secret.txt", folder / "secret.txt", folder / ".secret"):
        place.write_bytes(SECRET)
    policy = Policy(rate=1e9, burst=10**9)
    with Client(create_app(folder, policy, tell=_told.append)) as made:
        yield made


_NAMES = sorted({parameter.name for route in ROUTES for parameter in route.parameters})
_PIECES = st.sampled_from(
    [
        "..", "%2e%2e", "..%2f..", "%2e%2e%2fsecret.txt", "secret.txt", ".secret", "static", "api",
        "v1", "etc", "passwd", "manifest.json", "units.parquet", "%00", "%0d%0a", "\\..\\", "~",
        "C:", "file:", "view.css", "front.html.j2", "card", "entity", "claims", "events", "why", "",
        ".", "0", "-1", "9" * 30, "%ff%fe", "%c0%ae%c0%ae", "{id}", "*", "null",
    ]
)  # fmt: skip
_ANY = st.text(st.characters(codec="ascii", exclude_characters="?#"), max_size=20)
_PATHS = st.one_of(
    st.lists(_PIECES | _ANY, max_size=8).map(lambda parts: "/" + "/".join(parts)),
    st.sampled_from([BASE + route.path for route in ROUTES]).flatmap(
        lambda path: st.tuples(_PIECES | _ANY, _PIECES | _ANY).map(
            lambda two: path.replace("{kind}", two[0]).replace("{id}", two[1])
        )
    ),
    st.tuples(st.sampled_from(["entity", "unit", "place", "serial"]), _PIECES | _ANY).map(
        lambda two: f"{BASE}/card/{two[0]}/{two[1]}"
    ),
)
_VALUES = st.one_of(
    _PIECES, _ANY, st.integers(-(10**20), 10**20).map(str), st.text(max_size=8),
    st.datetimes().map(lambda t: t.isoformat() + "Z"),
    st.sampled_from(["0001-01-01T00:00+23:59", "9999-12-31T23:59-23:59", "1e309", "NaN", "true"]),
)  # fmt: skip
_QUERIES = st.one_of(
    st.text(max_size=40),
    st.lists(st.tuples(st.sampled_from(_NAMES) | _ANY, _VALUES), max_size=5).map(
        lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
    ),
)
_HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                b"range", b"if-range", b"if-none-match", b"accept-encoding", b"cookie", b"host",
                b"authorization", b"content-length", b"sec-fetch-site", b"sec-fetch-mode",
                b"x-forwarded-for", b"x-forwarded-host", b"origin", b"transfer-encoding", b"accept",
            ]
        ),
        st.one_of(
            st.binary(max_size=30),
            st.sampled_from([b"bytes=0-", b"bytes=99999999999999999-", b"bytes=-5", b"gzip", b"*"]),
        ),
    ),
    max_size=4,
)  # fmt: skip


def _judge(answer) -> None:
    assert answer.status < 500, answer
    assert not _told
    assert SECRET not in answer.body and b"Traceback" not in answer.body
    assert b"PAR1" not in answer.body and b"root:" not in answer.body
    assert answer.headers["x-content-type-options"] == "nosniff"
    if answer.status >= 400 and answer.body:
        assert answer.json["status"] == answer.status
        assert str(answer.json["detail"]).isprintable()


@settings(max_examples=250)
@given(_PATHS, _QUERIES, _HEADERS, st.sampled_from(["GET", "GET", "GET", "HEAD", "PUT", "\x00"]))
def test_any_request(client, path, query, headers, method) -> None:
    _judge(client.get(f"{path}?{query}", headers, method))


@settings(max_examples=250)
@given(
    st.sampled_from(ROUTES),
    st.dictionaries(st.sampled_from(_NAMES), _VALUES, max_size=5),
)
def test_any_value_of_the_parameters_a_route_has(client, route, values) -> None:
    path, query = BASE + route.path, []
    for parameter in route.parameters:
        value = values.get(parameter.name, "1661900000000" if parameter.kind == "time" else "0")
        if parameter.where == "path":
            path = path.replace(f"{{{parameter.name}}}", value.replace("?", "%3F"))
        elif parameter.required or parameter.name in values:
            query.append(f"{parameter.name}={value}")
    _judge(client.get(f"{path}?{'&'.join(query)}"))


@pytest.mark.parametrize(
    "target",
    [
        "/../secret.txt", "/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py",
        "/static/front.html.j2", "/static//etc/passwd", "/api/v1/../../etc/passwd",
        "/manifest.json", "/secret.txt", "/units.parquet", "/legs/part-00000.parquet", "/static/",
        "/static", "/static/view.css/..", "/static/view.css%00.html",
    ],
)  # fmt: skip
def test_no_path_leads_to_a_file(target, client) -> None:
    assert client.get(target).status == 404
