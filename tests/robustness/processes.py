"""Real processes of the command line: started, stopped, killed, and listened to."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

COMMAND = [sys.executable, "-m", "startex.cli.main"]
TUTORIAL = "three-nations-day"


@dataclass(frozen=True)
class Ended:
    """How a process ended: status, all it said, and how long it took after the signal."""

    status: int
    said: str
    took_s: float


def startex(*words: str, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*COMMAND, *words], cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True,
        timeout=280, check=False,
    )  # fmt: skip


def minds_signals(pid: int) -> bool:
    """Tell whether a process has taken charge of SIGTERM: it is ours from then on."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return False
    mask = next((int(line.split()[1], 16) for line in lines if line.startswith("SigCgt")), 0)
    return bool(mask >> (signal.SIGTERM - 1) & 1)


def _mind_ctrl_c() -> None:
    """A shell lets what it starts in the background ignore Ctrl-C, and the tests hand that on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def stop(words: list[str], number: int, when, *, terminal: bool = False, hand_on=None) -> Ended:
    """Start a command, wait until ``when(process)`` is true or it ends, and send a signal.

    ``hand_on``: what the command is to do with Ctrl-C at first; default: mind it.
    """
    if terminal:
        ours, theirs = pty.openpty()
        ends = {"stdin": theirs, "stdout": theirs, "stderr": theirs, "start_new_session": True}
    else:
        ends = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    ends["preexec_fn"] = hand_on or _mind_ctrl_c
    with subprocess.Popen([*COMMAND, *words], **ends) as process:
        if terminal:
            os.close(theirs)
        deadline = time.monotonic() + 240
        while process.poll() is None and time.monotonic() < deadline:
            if minds_signals(process.pid) and when(process):
                break
            time.sleep(0.002)
        begun = time.monotonic()
        process.send_signal(number)
        said = _drained(ours) if terminal else process.stdout.read()
        process.wait(60)
    return Ended(process.returncode, said.decode(), time.monotonic() - begun)


def _drained(terminal: int) -> bytes:
    said = b""
    while True:
        try:
            piece = os.read(terminal, 1 << 16)
        except OSError:  # the other side is closed
            piece = b""
        if not piece:
            os.close(terminal)
            return said
        said += piece


def after(delay_s: float):
    """Return a condition that comes true so long after it was first asked."""
    begun: list[float] = []

    def come(_process) -> bool:
        begun.append(time.monotonic())
        return begun[-1] - begun[0] >= delay_s

    return come


def kill(words: list[str], when) -> bool:
    """Start a command and kill it when ``when(process)``; tell whether it was still running."""
    with subprocess.Popen(
        [*COMMAND, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while process.poll() is None and not when(process):
            time.sleep(0.002)
        process.kill()
        return process.wait() == -signal.SIGKILL


def cpu_s(pid: int) -> float:
    """Return the processor time a process has used, seconds; moments that load does not shift."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 1e9
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def used(seconds: float):
    """Return a condition that comes true when the process has used so much processor time."""
    return lambda process: cpu_s(process.pid) >= seconds
