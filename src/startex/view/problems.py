"""What a request gets that cannot be answered: problem details (RFC 9457), never a traceback."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

MEDIA_TYPE = "application/problem+json"


class RefusedError(Exception):
    """A request that gets no answer; ``detail`` tells what was found and what is allowed."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})

    def body(self) -> bytes:
        """Return the problem as JSON."""
        title = HTTPStatus(self.status).phrase
        problem = {"type": "about:blank", "title": title, "status": self.status}
        return json.dumps({**problem, "detail": self.detail}, ensure_ascii=True).encode()


def shown(text: str, most: int = 80) -> str:
    """Return what a client wrote, as a message quotes it: escaped, and not too long."""
    cut = text if len(text) <= most else f"{text[:most]}..."
    return ascii(cut)
