"""One writer a folder: an advisory lock that the system releases when its process dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from startex.foundation.errors import StoreError

LOCK = "writer.lock"


def holder(folder: Path) -> str:
    """Return the number of the process that writes a run folder, or an empty text.

    A look only: nothing is made, and a lock left by a dead process counts for nothing.
    """
    try:
        handle = os.open(folder / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return os.read(handle, 32).decode(errors="replace").strip() or "unknown"
    finally:
        os.close(handle)
    return ""


class FolderLock:
    """Held from creation until `release`; a lock left by a dead process is taken over.

    Raises
    ------
    StoreError
        If another writer holds it; names its process.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK
        while True:
            try:
                handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            except OSError as error:
                raise _cannot_write(folder, error) from error
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                pid = os.read(handle, 32).decode(errors="replace").strip() or "unknown"
                os.close(handle)
                raise StoreError(
                    f"{folder} is being written by process {pid}. "
                    "Wait until it ends, or choose another folder with --out."
                ) from error
            if self._is_at_path(handle):
                break
            os.close(handle)  # the last holder removed the file between our open and our lock
        try:
            os.ftruncate(handle, 0)
            os.write(handle, f"{os.getpid()}\n".encode())
        except OSError as error:  # a full disk
            self._path.unlink(missing_ok=True)
            os.close(handle)
            raise _cannot_write(folder, error) from error
        self._handle: int | None = handle

    def _is_at_path(self, handle: int) -> bool:
        try:
            return os.path.samestat(os.fstat(handle), self._path.stat())
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Remove the lock; does nothing the second time."""
        if self._handle is not None:
            self._path.unlink(missing_ok=True)  # while locked, so that nobody else's file goes
            os.close(self._handle)
            self._handle = None


def _cannot_write(folder: Path, error: OSError) -> StoreError:
    return StoreError(
        f"cannot write in {folder}: {error.strerror}. Mend that, or choose another folder."
    )
