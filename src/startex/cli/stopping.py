"""Ctrl-C and SIGTERM: the process ends at once, and says how to go on.

A run can be killed at any moment without harm (docs/running.md), so nothing needs to be unwound:
the process tells what it leaves behind and is gone. That knows no moment at which it takes long or
ends in a traceback, which raising an exception anywhere in the program would.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_PATIENCE_S = 0.4
"""How long the main thread may be busy in a library before another thread ends the process."""

_CLEAR_LINE, _SHOW_CURSOR = "\r\x1b[2K", "\x1b[?25h"

_run_folders: list[Path] = []
_half_made: list[Path] = []
_stopping = threading.Lock()


def install() -> None:
    """Let signals that ask the process to end do so; those that are ignored stay ignored."""
    wanted = [number for number in _SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(reader, wanted), daemon=True, name="stopping").start()
    for number in wanted:
        signal.signal(number, _handle)


@contextlib.contextmanager
def resumable(folder: Path) -> Iterator[None]:
    """Say how to go on with the run, or the ensemble, in ``folder`` when the user stops here."""
    _run_folders.append(folder)
    try:
        yield
    finally:
        _run_folders.pop()


@contextlib.contextmanager
def half_made(path: Path) -> Iterator[None]:
    """Remove a file or folder that is not finished when the user stops here."""
    _half_made.append(path)
    try:
        yield
    finally:
        _half_made.pop()


def _handle(number: int, frame: FrameType | None) -> None:
    del frame
    _stop(number)


def _watch(reader: int, wanted: list[signal.Signals]) -> None:
    """Wait for a signal that the main thread does not come to, and end the process for it."""
    while True:
        number = os.read(reader, 1)[0]
        if number in wanted:
            time.sleep(_PATIENCE_S)
            _stop(number)


def _stop(number: int) -> None:
    if not _stopping.acquire(blocking=False):
        return  # a second Ctrl-C, or the other thread: one is enough
    try:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        for path in _half_made:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        end = f"{_CLEAR_LINE}{_SHOW_CURSOR}" if os.isatty(2) else ""
        os.write(2, f"{end}stopped{_how_to_go_on()}\n".encode())
    finally:
        os._exit(128 + number)


def _how_to_go_on() -> str:
    if not _run_folders:
        return ""
    folder = _run_folders[-1]
    try:
        ensemble = folder / "ensemble.json"
        what = "ensemble" if ensemble.exists() else "run"
        manifest = (ensemble if ensemble.exists() else folder / "manifest.json").read_bytes()
    except OSError:
        return "; nothing was written"
    if b'"complete": true' in manifest:
        return f"; the {what} in {folder} is complete"
    return f"; to go on: startex resume {shlex.quote(str(folder))}"
