"""Answers as bytes: made once, kept within a bound, told apart by strong ETags."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from startex.foundation.errors import StartexError
from startex.view import columns
from startex.view.archive import Archive, Row
from startex.view.description import describe
from startex.view.live import Live
from startex.view.problems import RefusedError
from startex.view.routes import FIRST, Route, find

KEPT_BYTES = 64 * 1024 * 1024
"""Answers kept in memory, so that many clients who watch one instant cost little more than one."""

REST = 2.0
"""After an answer, as a multiple of what it took, nothing is worked at while a run is computed."""

LONGEST_REST_S = 0.5

_WORTH_PACKING = 1024
"""Bytes below which gzip gains nothing."""


@dataclass(frozen=True, slots=True)
class Body:
    """An answer: ``packed`` is the same in gzip, where that is worth while."""

    media_type: str
    plain: bytes
    packed: bytes | None
    etag: str


class Answers:
    """Answers about the run in a folder, from any thread; opened anew when another run is there.

    Parameters
    ----------
    folder
        The run folder.
    live
        The run that goes on there; None: it has ended.

    Raises
    ------
    StoreError
        If there is no run, it cannot be read, or it did not come to an end.
    """

    def __init__(self, folder: Path, live: Live | None = None) -> None:
        self._folder = folder
        self._live = live
        self._lock = threading.Lock()
        self._archive = Archive(folder) if live is None else None
        self._kept = Kept(KEPT_BYTES)
        self._rest_until_s = 0.0
        # One thread works: many would take turns anyhow, and each keep memory for itself.
        self._worker = ThreadPoolExecutor(1, "answering")
        self._slow = ThreadPoolExecutor(1, "reviewing")

    async def soon(self, route: Route, asked: Row) -> Body:
        """Return the answer of a route, without holding up others meanwhile.

        Raises
        ------
        RefusedError
            If there is none, and why.
        """
        if self._live is not None:
            await self._live.begun()
        archive = self.archive()
        kept = self._kept.get(_key(archive, route, asked))
        if kept is not None:
            return kept
        worker = self._slow if route.slow else self._worker
        return await asyncio.get_running_loop().run_in_executor(worker, self._in_turn, route, asked)

    def prepare(self) -> None:
        """Begin to make what a browser will ask for first; it takes its turn like any request."""
        archive = self.archive()
        for path in (*FIRST, f"/positions?t={archive.begin}"):
            self._worker.submit(self.answer, *find(path))

    def _in_turn(self, route: Route, asked: Row) -> Body:
        """Return an answer; while a simulation needs the machine it has most of the time."""
        if self._live is not None and self._live.computes:
            time.sleep(max(0.0, self._rest_until_s - time.monotonic()))
        begun = time.monotonic()
        try:
            return self.answer(route, asked)
        finally:
            now = time.monotonic()
            self._rest_until_s = now + min(REST * (now - begun), LONGEST_REST_S)

    def archive(self) -> Archive:
        """Return the run that is in the folder now.

        Raises
        ------
        RefusedError
            503, if there is none, or it is being written.
        """
        if self._live is not None and not self._live.has_ended:
            return self._live.archive()
        with self._lock:
            if self._archive is None and self._live is not None:
                self._archive = self._live.archive()
            if self._archive is None or not self._archive.unchanged():
                try:
                    self._archive = Archive(self._folder)
                except StartexError as error:
                    raise self._unreadable(error) from error
            return self._archive

    def answer(self, route: Route, asked: Row) -> Body:
        """Return the answer of a route.

        Raises
        ------
        RefusedError
            If there is none, and why.
        """
        archive = self.archive()
        key = _key(archive, route, asked)
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        with archive.figures_lock if route.slow else archive.lock:
            kept = self._kept.get(key)
            if kept is not None:
                return kept
            try:
                made = route.answer(archive, asked)
            except StartexError as error:
                raise self._unreadable(error) from error
            body = packed(made, key)
            self._kept.put(key, body)
            return body

    def _unreadable(self, error: StartexError) -> RefusedError:
        # where the run lies is nobody's business but that of who started the server
        told = str(error).replace(str(self._folder), self._folder.resolve().name)
        return RefusedError(503, told, {"Retry-After": "5"})


class Kept:
    """The answers last asked for, up to a number of bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._lock = threading.Lock()
        self._bodies: OrderedDict[str, Body] = OrderedDict()

    def get(self, key: str) -> Body | None:
        """Return an answer, None where it is not kept."""
        with self._lock:
            if key in self._bodies:
                self._bodies.move_to_end(key)
            return self._bodies.get(key)

    def put(self, key: str, body: Body) -> None:
        """Keep an answer unless it is too large, and drop those not asked for longest."""
        size = _size(body)
        if size > self._most:
            return
        with self._lock:
            if key in self._bodies:
                return
            self._bodies[key] = body
            self._size += size
            while self._size > self._most:
                _, dropped = self._bodies.popitem(last=False)
                self._size -= _size(dropped)


def _key(archive: Archive, route: Route, asked: Row) -> str:
    return etag(archive.identity_of(route.path, asked), route.path, asked)


def _size(body: Body) -> int:
    return len(body.plain) + len(body.packed or b"")


def etag(identity: str, path: str, asked: Any) -> str:
    """Return what tells an answer from any other: the run, the route and what was asked."""
    text = json.dumps([identity, path, asked], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def packed(made: Any, key: str) -> Body:
    """Return plain data as JSON, bytes as columns, text as a page."""
    if isinstance(made, bytes):
        return Body(columns.MEDIA_TYPE, made, None, key)
    if isinstance(made, str):
        return text_body("text/html; charset=utf-8", made.encode(), key)
    return text_body("application/json", to_json(made), key)


def text_body(media_type: str, plain: bytes, key: str) -> Body:
    """Return a text, packed too where that is worth while."""
    small = len(plain) < _WORTH_PACKING
    return Body(media_type, plain, None if small else gzip.compress(plain, 5, mtime=0), key)


def to_json(made: Any) -> bytes:
    """Return plain data as JSON in UTF-8; what is no number becomes null."""
    write: Callable[[Any], str] = json.JSONEncoder(
        ensure_ascii=False, allow_nan=False, separators=(",", ":")
    ).encode
    try:
        text = write(made)
    except ValueError:
        text = write(_without_nan(made))
    return text.encode("utf-8", "replace")


def description(live: bool = False) -> Body:
    """Return the description of the API, of a run that goes on or of one that has ended."""
    plain = to_json(describe(live))
    return text_body("application/json", plain, hashlib.sha256(plain).hexdigest()[:40])


def _without_nan(made: Any) -> Any:
    if isinstance(made, float):
        return made if math.isfinite(made) else None
    if isinstance(made, dict):
        return {name: _without_nan(value) for name, value in made.items()}
    if isinstance(made, Sequence) and not isinstance(made, str):
        return [_without_nan(value) for value in made]
    return made
