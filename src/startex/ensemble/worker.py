"""A worker: a process of its own that runs one replication after the other for its driver.

Started by `pool` as ``python -m startex.ensemble.worker FD``, FD a socket to the driver. It ends
when the driver does, whatever it is doing: nothing is left behind by a driver that was killed.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

_POOLS = ("OMP", "OPENBLAS", "MKL", "BLIS", "NUMEXPR", "NUMBA")
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in _POOLS} | {"ARROW_IO_THREADS": "1"}
"""Environment of a worker: N workers on N cores must not want more."""


def bound_threads() -> None:
    """Let the libraries of this process work on one thread."""
    import pyarrow as pa  # noqa: PLC0415

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)


def main(descriptor: int) -> None:
    """Answer jobs until the driver is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the driver, whose end ends this
    connection = Connection(descriptor)
    given: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_listen, args=(connection, given), daemon=True).start()
    from startex.ensemble.replicate import Replicator  # noqa: PLC0415  (late: environment first)

    bound_threads()
    replicator = Replicator(given.get())
    connection.send("ready")
    while True:
        connection.send(replicator.run(given.get()))


def _listen(connection: Connection, given: SimpleQueue[Any]) -> None:
    try:
        while True:
            given.put(connection.recv())
    except (EOFError, OSError):
        os._exit(0)  # the driver is gone


if __name__ == "__main__":
    main(int(sys.argv[1]))
