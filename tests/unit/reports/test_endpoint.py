"""The extractor that asks a model, against a server of our own that answers what it is told."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from startex.foundation.errors import StartexError, UsageError
from startex.reports.drafts import Context
from startex.reports.endpoint import MAX_TEXT, ChatExtractor
from startex.reports.extractors import make_extractor
from startex.reports.text import ReportText

TEXT = "Ten ships sail on 3 June, the ministry said. Ten ships sail. Nothing else happened."
REPORT = ReportText("a", "text", TEXT)
GOOD = {
    "quote": "Ten ships sail",
    "kinds": ["quantity", "odd"],
    "class": "attributed",
    "said_by": "the ministry",
    "rests_on": "the ministry said",
    "says": [{"subject": "exercise", "field": "ships", "value": 10, "unit": "ship"}],
}


class Server(ThreadingHTTPServer):
    answer: bytes = b""
    status: int = 200
    delay_s: float = 0.0
    location: str = ""
    asked: list[tuple[str, dict[str, str], Any]]

    def handle_error(self, *args: Any) -> None:
        """Say nothing of who has gone before the answer came."""
        del args

    def proposing(self, *proposals: Any, around: str = "{}") -> None:
        content = around.format(json.dumps({"proposals": list(proposals)}))
        self.answer = json.dumps({"choices": [{"message": {"content": content}}]}).encode()


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, dict(self.headers), body))
        time.sleep(self.server.delay_s)
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *args: Any) -> None:
        del args


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(("127.0.0.1", 0), Handler)
    made.asked = []
    made.daemon_threads = True
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def chat(server: Server, **options: Any) -> ChatExtractor:
    return ChatExtractor(f"http://127.0.0.1:{server.server_port}/v1/", "tiny", **options)


def test_what_stands_in_the_text_is_proposed(server: Server) -> None:
    server.proposing(GOOD, GOOD, around="Here you are:\n```json\n{}\n```")
    one = chat(server, key="secret")
    first, second = one.extract(REPORT, Context("2024-06-01", "paper", "The Paper"))
    assert (first.span.of(TEXT), first.span.start) == ("Ten ships sail", 0)
    assert second.span.start == 45
    assert first.kinds == ("quantity",)
    assert first.rests_on is not None
    assert first.rests_on.of(TEXT) == "the ministry said"
    assert str(first.says[0]) == "10 ships"
    assert one.refused == []
    ((path, headers, body),) = server.asked
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer secret"
    assert (body["model"], body["temperature"]) == ("tiny", 0)
    assert TEXT in body["messages"][1]["content"]
    assert "2024-06-01" in body["messages"][1]["content"]


def test_without_a_key_none_is_sent(server: Server) -> None:
    server.proposing()
    assert chat(server).extract(REPORT, Context()) == []
    assert "Authorization" not in server.asked[0][1]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"quote": "Eleven ships sail"}, "does not stand in the text: “Eleven ships sail”"),
        ({"quote": "ten ships sail"}, "does not stand in the text"),
        ({"quote": ""}, "has no quote"),
        ({"quote": 3}, "has no quote"),
        ({"says": []}, "says nothing"),
        ({"says": [{"subject": "exercise", "field": "ships"}]}, "says nothing: give a value"),
        ({"says": [{"subject": "x", "field": "d", "date": "soon"}]}, "is no date"),
        ({"says": [{"subject": "x", "field": "n", "value": "many"}]}, "value"),
        ({"says": ["ten"]}, "a statement cannot be used"),
        ({"rests_on": "the navy said"}, "the words that name the speaker do not stand"),
    ],
)
def test_what_does_not_is_refused_and_told(server: Server, change: Any, why: str) -> None:
    server.proposing({**GOOD, **change}, GOOD)
    one = chat(server)
    assert len(one.extract(REPORT, Context())) == 1
    (told,) = one.refused
    assert told.startswith("proposal 1 of the model: ")
    assert why in told


def test_a_proposal_that_is_no_object_is_refused(server: Server) -> None:
    server.proposing(None, 3, "ten ships", [GOOD])
    one = chat(server)
    assert one.extract(REPORT, Context()) == []
    assert len(one.refused) == 4


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", "does not answer as the chat-completions protocol has it"),
        (b"<html>hello</html>", "does not answer as"),
        (b"\xff\xfe\x00", "does not answer as"),
        (b"[" * 100_000, "does not answer as"),
        (b"[]", "does not answer as"),
        (b'{"choices": []}', "does not answer as"),
        (b'{"choices": [{"message": {}}]}', "does not answer as"),
        (b'{"choices": [{"message": {"content": null}}]}', "answers with no content"),
        (b'{"choices": [{"message": {"content": "I am sorry"}}]}', "but: I am sorry"),
        (b'{"choices": [{"message": {"content": "{\\"proposals\\": 3}"}}]}', "the model does not"),
        (b'{"choices": [{"message": {"content": "{{{"}}]}', "the model does not answer with"),
    ],
)
def test_malformed_answers_are_told(server: Server, answer: bytes, words: str) -> None:
    server.answer = answer
    with pytest.raises(StartexError) as error:
        chat(server).extract(REPORT, Context())
    assert words in str(error.value)


def test_errors_of_the_server_are_told(server: Server) -> None:
    server.status, server.answer = 401, b'{"error": "no such key"}'
    with pytest.raises(StartexError, match=r"answers 401 Unauthorized: .*no such key"):
        chat(server, key="wrong").extract(REPORT, Context())


def test_nobody_is_followed_elsewhere_with_the_key(server: Server) -> None:
    server.status, server.location = 307, f"http://127.0.0.1:{server.server_port}/other"
    with pytest.raises(StartexError, match="answers 307"):
        chat(server, key="secret").extract(REPORT, Context())
    assert len(server.asked) == 1


def test_a_late_answer_is_none(server: Server) -> None:
    server.delay_s = 1.0
    server.proposing(GOOD)
    with pytest.raises(StartexError, match=r"gave no answer within 0\.1 s"):
        chat(server, timeout_s=0.1).extract(REPORT, Context())


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(StartexError, match="cannot be reached"):
        ChatExtractor(f"http://127.0.0.1:{port}", "tiny").extract(REPORT, Context())


def test_a_text_too_long_to_send_is_not_sent(server: Server) -> None:
    long = ReportText("a", "text", "ship " * MAX_TEXT)
    with pytest.raises(StartexError, match="use the built-in extractor"):
        chat(server).extract(long, Context())
    assert server.asked == []


def test_it_wants_an_address_and_a_model(monkeypatch) -> None:
    for options, words in [
        ({}, "wants --endpoint"),
        ({"endpoint": "http://localhost"}, "wants --model"),
        ({"endpoint": "file:///etc/passwd", "model": "m"}, "is no http or https address"),
        ({"endpoint": "localhost:80", "model": "m"}, "is no http or https address"),
        ({"endpoint": "http://x", "model": "m", "key_variable": "NO_SUCH_KEY"}, "NO_SUCH_KEY"),
    ]:
        with pytest.raises(UsageError, match=words):
            make_extractor("openai", options)
    monkeypatch.setenv("MY_KEY", "k")
    made = make_extractor(
        "openai",
        {"endpoint": "http://x/v1/chat/completions", "model": "m", "key_variable": "MY_KEY"},
    )
    assert isinstance(made, ChatExtractor)
    assert made.url == "http://x/v1/chat/completions"


def test_others_come_by_entry_points(monkeypatch) -> None:
    from importlib.metadata import EntryPoint

    from startex.reports import extractors

    points = [
        EntryPoint("mine", "startex.reports.extractors:_rules", extractors.GROUP),
        EntryPoint("broken", "no.such.module:make", extractors.GROUP),
    ]
    monkeypatch.setattr(extractors, "entry_points", lambda group: points)
    assert make_extractor("mine").extract(REPORT, Context())
    with pytest.raises(StartexError, match=r"'broken' of no\.such\.module:make cannot be used"):
        make_extractor("broken")
    with pytest.raises(UsageError, match="did you mean 'rules'"):
        make_extractor("rulez")
