"""Who may ask, and what every answer tells the browser: the outermost layer of the server.

- Only GET and HEAD, no body, addresses of bounded length; where a run is controlled, POST with a
  small body of JSON, from the server's own page or from a program.
- The header Host must name this machine: a page elsewhere whose name is made to point here (DNS
  rebinding) is refused. Numeric addresses cannot be rebound, and are let in where remote use is.
- A browser that says that another site asks is refused, unless a person follows a link.
- Beyond loopback a token is needed: as bearer, or as a cookie set once from ``?token=``.
- So many requests a second from one address, with a burst.
- No content but the server's own, no sniffing, no referrer, no frames; nothing for other origins.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, quote, urlencode

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from startex.view import problems
from startex.view.problems import RefusedError, shown

COOKIE = "startex-view"
LONGEST_PATH = 1_024
LONGEST_QUERY = 2_048
LONGEST_BODY = 1_024
"""Bytes as they are sent, percent-encoded."""

SECURITY: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Headers of every answer."""

_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?", re.ASCII)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_MOST_ADDRESSES = 1_024


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may ask.

    Parameters
    ----------
    names
        Host names, in small letters, that are this machine beside those of loopback.
    token
        Needed beyond loopback; empty where only loopback is served.
    posts
        Paths that take POST.
    rate, burst
        Requests a second from one address in the long run, and at once.
    clock
        Seconds that never go back.
    """

    names: frozenset[str] = frozenset()
    token: str = ""
    posts: frozenset[str] = frozenset()
    rate: float = 200.0
    burst: int = 1_000
    clock: Callable[[], float] = field(default=time.monotonic)


class Guard:
    """The outermost layer around an application.

    Parameters
    ----------
    app
        What answers those who may ask.
    policy
        Who may.
    tell
        Called with a line when the application fails.
    """

    def __init__(self, app: ASGIApp, policy: Policy, tell: Callable[[str], None]) -> None:
        self._app = app
        self._policy = policy
        self._tell = tell
        self._rate = Rate(policy)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # WebSockets are not spoken here
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*message.get("headers", ()), *_SECURITY_BYTES]
            elif scope["method"] == "HEAD":
                message["body"] = b""
            await send(message)

        try:
            early = self._admit(scope)
            if early is None:
                await self._app(scope, receive, guarded)
            else:
                await early(scope, receive, guarded)
        except RefusedError as refusal:
            await refused(refusal)(scope, receive, guarded)
        except Exception as error:
            self._tell(f"{type(error).__name__} while answering {shown(scope['path'])}: {error}")
            if not started:
                await refused(failure())(scope, receive, guarded)

    def _admit(self, scope: Scope) -> Response | None:
        """Return an answer that needs no run, None where the application is to answer.

        Raises
        ------
        RefusedError
            If the request is none that may be answered.
        """
        headers = _headers(scope)
        self._rate.admit(str((scope.get("client") or ("",))[0]))
        posting = self._check_method(scope)
        query: bytes = scope.get("query_string", b"")
        path: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "replace")
        if len(path) > LONGEST_PATH or len(query) > LONGEST_QUERY:
            raise RefusedError(
                414,
                f"the path has {len(path)} bytes and the query {len(query)}; "
                f"{LONGEST_PATH} and {LONGEST_QUERY} are allowed",
            )
        if posting:
            _check_body(headers)
        elif headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
            raise RefusedError(
                400, "the request has a body; none is allowed", {"Connection": "close"}
            )
        self._check_host(headers.get("host", ""))
        self._check_site(headers)
        if posting:
            _check_origin(headers)
        return self._check_token(scope, headers, query) if self._policy.token else None

    def _check_method(self, scope: Scope) -> bool:
        """Return whether something is sent."""
        takes = scope["path"] in self._policy.posts
        methods = ("GET", "HEAD", "POST") if takes else ("GET", "HEAD")
        if scope["method"] not in methods:
            told = f"method {shown(scope['method'])}: {', '.join(methods)} are allowed here"
            raise RefusedError(405, told, {"Allow": ", ".join(methods)})
        return bool(scope["method"] == "POST")

    def _check_host(self, host: str) -> None:
        found = _HOST.fullmatch(host)
        name = found.group(1).strip("[]").lower() if found else ""
        if name in _LOOPBACK or name in self._policy.names:
            return
        if self._policy.token and _is_address(name):
            return
        raise RefusedError(
            421,
            f"Host is {shown(host)}: only names of the machine that serves are allowed "
            f"({', '.join(sorted(_LOOPBACK | self._policy.names))})",
        )

    def _check_site(self, headers: Mapping[str, str]) -> None:
        site = headers.get("sec-fetch-site", "none")
        if site not in ("none", "same-origin") and headers.get("sec-fetch-mode") != "navigate":
            raise RefusedError(403, "a page of another site asks; none may")

    def _check_token(
        self, scope: Scope, headers: Mapping[str, str], query: bytes
    ) -> Response | None:
        given = _token_of(query)
        if given is not None:
            self._require(given)
            return _remember(self._policy.token, scope["path"], query)
        word, _, bearer = headers.get("authorization", "").partition(" ")
        self._require(bearer.strip() if word.lower() == "bearer" else _cookie(headers))
        return None

    def _require(self, given: str) -> None:
        wanted = self._policy.token.encode()
        if not hmac.compare_digest(given.encode("utf-8", "replace"), wanted):
            raise RefusedError(
                401,
                "a token is needed, as 'Authorization: Bearer TOKEN' or once as ?token=TOKEN; "
                "the server printed it when it started",
                {"WWW-Authenticate": "Bearer"},
            )


class Rate:
    """Requests from one address: a bucket that holds ``burst`` and gets ``rate`` a second."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def admit(self, address: str) -> None:
        """Count a request.

        Raises
        ------
        RefusedError
            429, if there were too many.
        """
        policy = self._policy
        now = policy.clock()
        with self._lock:
            left, since = self._buckets.pop(address, (float(policy.burst), now))
            left = min(float(policy.burst), left + (now - since) * policy.rate)
            self._buckets[address] = (max(left - 1.0, 0.0), now)
            if len(self._buckets) > _MOST_ADDRESSES:
                self._buckets.popitem(last=False)
        if left < 1.0:
            told = f"more than {policy.rate:g} requests a second; ask more slowly"
            raise RefusedError(429, told, {"Retry-After": "1"})


def refused(refusal: RefusedError) -> Response:
    """Return the answer that tells a refusal; nobody keeps it."""
    headers = {"Cache-Control": "no-store", **refusal.headers}
    return Response(refusal.body(), refusal.status, headers, problems.MEDIA_TYPE)


def failure() -> RefusedError:
    """Return what a client is told where the server itself fails."""
    return RefusedError(500, "the server failed to answer; it says more where it runs")


def _headers(scope: Scope) -> dict[str, str]:
    """Return the headers by name in small letters; the guarded ones may not come twice."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        if key in found and key in ("host", "authorization", "content-length"):
            raise RefusedError(400, f"header {key} is given twice; once is allowed")
        found[key] = value.decode("latin-1")
    return found


def _check_body(headers: Mapping[str, str]) -> None:
    close = {"Connection": "close"}
    length = headers.get("content-length", "")
    if "transfer-encoding" in headers or not (length.isascii() and length.isdigit()):
        raise RefusedError(411, "a body needs its Content-Length, and comes in one piece", close)
    if len(length) > 9 or int(length) > LONGEST_BODY:
        told = f"the body has {shown(length)} bytes; {LONGEST_BODY} are allowed"
        raise RefusedError(413, told, close)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        told = f"Content-Type is {shown(kind)}; application/json is allowed"
        raise RefusedError(415, told, close)


def _check_origin(headers: Mapping[str, str]) -> None:
    """Refuse what a page of another site sends; programs say no origin."""
    origin, own = headers.get("origin"), f"http://{headers.get('host', '')}"
    if origin is not None and origin.lower() != own.lower():
        raise RefusedError(
            403, f"a page of {shown(origin)} asks; only this server's own may, {shown(own)}"
        )


def _token_of(query: bytes) -> str | None:
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, max_num_fields=32)
    except ValueError:
        return None
    return dict(pairs).get("token")


def _cookie(headers: Mapping[str, str]) -> str:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(headers.get("cookie", ""))
    except CookieError:
        return ""
    return jar[COOKIE].value if COOKIE in jar else ""


def _remember(token: str, path: str, query: bytes) -> Response:
    """Set the cookie and lead to the same address without the token, so that none sees it."""
    pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, max_num_fields=32)
    rest = urlencode([pair for pair in pairs if pair[0] != "token"])
    place = quote("/" + path.lstrip("/\\"), safe="/") + (f"?{rest}" if rest else "")
    answer = Response(b"", 303, {"Location": place, "Cache-Control": "no-store"})
    answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", path="/")
    return answer


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


_SECURITY_BYTES: list[tuple[bytes, bytes]] = [
    (name.lower().encode(), value.encode()) for name, value in SECURITY.items()
]
