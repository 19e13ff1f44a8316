"""Asks the application of a view directly, byte for byte as a socket would hand it over."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from startex.view.columns import decode

LOCAL = (b"host", b"127.0.0.1:8000")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def columns(self) -> tuple[dict[str, Any], dict[str, Any]]:
        return decode(self.body)


class Client:
    """Requests one after the other, in one event loop; use as a context."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self._runner = asyncio.Runner()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.close()

    def get(
        self,
        target: str,
        headers: Iterable[tuple[bytes, bytes]] = (),
        method: str = "GET",
        host: tuple[bytes, bytes] | None = LOCAL,
        client: str = "127.0.0.1",
        body: bytes = b"",
    ) -> Answer:
        """``target``: path and query as they stand in a request, percent-encoded."""
        path, _, query = target.partition("?")
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
            "scheme": "http", "path": unquote(path), "raw_path": path.encode("utf-8", "replace"),
            "query_string": query.encode("utf-8", "replace"), "root_path": "",
            "headers": ([host] if host else []) + list(headers),
            "client": (client, 50_000), "server": ("127.0.0.1", 8000),
        }  # fmt: skip
        return self._runner.run(self._ask(scope, body))

    def api(self, target: str, **more: Any) -> Answer:
        return self.get(f"/api/v1{target}", **more)

    def post(
        self, target: str, body: bytes, headers: Iterable[tuple[bytes, bytes]] = (), **more: Any
    ) -> Answer:
        """Send JSON, as a program does."""
        length = (b"content-length", str(len(body)).encode())
        whole = [length, (b"content-type", b"application/json"), *headers]
        return self.get(target, whole, method="POST", body=body, **more)

    async def _ask(self, scope: dict[str, Any], sent: bytes) -> Answer:
        status, headers, body = 0, [], b""

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": sent, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            nonlocal status, headers, body
            if message["type"] == "http.response.start":
                status, headers = message["status"], message["headers"]
            else:
                body += message.get("body", b"")

        await self.app(scope, receive, send)
        names = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
        return Answer(status, names, body)
