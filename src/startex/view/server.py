"""The server: a socket on this machine, an address to open, and a stop at any moment."""

from __future__ import annotations

import contextlib
import errno
import http.client
import ipaddress
import json
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import uvicorn

from startex.foundation.errors import StartexError, UsageError
from startex.view.app import create_app
from startex.view.guard import Policy
from startex.view.live import Live
from startex.view.routes import BASE, DESCRIPTION

MOST_AT_ONCE = 256
"""Connections at once; more are told to come again."""

_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens; ``token`` is empty on loopback, where none is needed.

    ``host`` is numeric, ``name`` what others may call it.
    """

    host: str
    name: str
    port: int
    token: str

    @property
    def root(self) -> str:
        """The address without the token."""
        name = f"[{self.name}]" if ":" in self.name else self.name
        return f"http://{name}:{self.port}/"

    @property
    def url(self) -> str:
        """The address to open in a browser; with the token, where one is needed."""
        return self.root + (f"?token={quote(self.token)}" if self.token else "")


class Server:
    """A run, served from when it is made: connections wait until `serve` answers them.

    Parameters
    ----------
    folder
        The run folder.
    host
        Name or numeric address of this machine to listen at.
    port
        0 for any that is free.
    remote
        Whether others than this machine may be served; they need a token.
    live
        The run that goes on in the folder; None: it has ended.

    Raises
    ------
    UsageError
        If ``host`` is no address, or is not loopback and ``remote`` is not given.
    StoreError
        If there is no run, it cannot be read, or it did not come to an end.
    StartexError
        If the port is taken, or may not be used.
    """

    def __init__(
        self,
        folder: Path,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        remote: bool = False,
        live: Live | None = None,
    ) -> None:
        family, where = _resolved(host, port)
        numeric = ipaddress.ip_address(where.partition("%")[0])
        loopback = numeric.is_loopback
        if not loopback and not remote:
            raise UsageError(
                f"--host {host} lets other machines ask; say --allow-remote if that is meant: "
                "a token is then needed, and nothing is encrypted"
            )
        token = "" if loopback else secrets.token_urlsafe(_TOKEN_BYTES)
        machine = socket.gethostname().lower()
        names = {host.lower(), where.lower()} | (set() if loopback else {machine})
        app = create_app(
            folder, Policy(names=frozenset(names), token=token), live=live, prepare=live is None
        )
        self._socket = _bound(family, where, port)
        # Whoever reads the address may use it at once.
        self._socket.listen(128)
        name = machine if numeric.is_unspecified else where
        self.address = Address(where, name, int(self._socket.getsockname()[1]), token)
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=MOST_AT_ONCE,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=2,
        )
        self._server = _Quiet(config)

    def serve(self) -> None:
        """Answer until `stop`, or until a signal ends the process."""
        self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """Let `serve` return; from any thread."""
        self._server.should_exit = True

    @contextlib.contextmanager
    def running(self) -> Iterator[Address]:
        """Serve in another thread meanwhile."""
        thread = threading.Thread(target=self.serve, name="serving", daemon=True)
        thread.start()
        try:
            yield self.address
        finally:
            self.stop()
            thread.join()
            self._socket.close()


class _Quiet(uvicorn.Server):
    """Leaves signals to the program, whose commands all end in the same way."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none: there is nothing to finish, for nothing is ever written."""
        yield


def check(server: Server, tell: Callable[[str], None]) -> None:
    """Serve, ask for what a browser asks first, and stop.

    Raises
    ------
    StartexError
        If an answer is not what it should be.
    """
    with server.running() as address:
        _, body = _ask(address, f"{BASE}/run")
        run = json.loads(body)
        asked = ["/", DESCRIPTION, f"{BASE}/entities", f"{BASE}/positions?t={run['sim_start']}"]
        for path in asked:
            kind, body = _ask(address, path)
            tell(f"{path}: {len(body):,} bytes of {kind.partition(';')[0]}")


def _ask(address: Address, path: str) -> tuple[str, bytes]:
    connection = http.client.HTTPConnection(address.host, address.port, timeout=60)
    headers = {"Authorization": f"Bearer {address.token}"} if address.token else {}
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise StartexError(f"the server does not answer at {address.root}: {error}") from error
    finally:
        connection.close()
    if answer.status != 200:
        raise StartexError(f"{path} is answered with {answer.status}: {body.decode()[:500]}")
    return answer.headers.get("Content-Type", ""), body


def _resolved(host: str, port: int) -> tuple[int, str]:
    try:
        found: Any = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"--host {host!r} is no address of this machine; allowed are numeric addresses and "
            "names, as 127.0.0.1, ::1 or localhost"
        ) from error
    family, _, _, _, place = sorted(found, key=lambda item: item[0] != socket.AF_INET)[0]
    return int(family), str(place[0])


def _bound(family: int, where: str, port: int) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((where, port))
    except OSError as error:
        made.close()
        why = {errno.EADDRINUSE: "another program has it", errno.EACCES: "it needs more rights"}
        raise StartexError(
            f"cannot listen at {where} port {port}: "
            f"{why.get(error.errno or 0, error.strerror)}; --port 0 takes any that is free"
        ) from error
    return made
