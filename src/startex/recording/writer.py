"""Writing a run: append-only segments that survive a kill at any moment."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from types import TracebackType
from typing import Self

import pyarrow as pa

from startex.foundation.errors import StoreError
from startex.recording import tables
from startex.recording.contents import compute_digests
from startex.recording.counts import count
from startex.recording.digest import run_digest, table_digest
from startex.recording.lock import LOCK, FolderLock
from startex.recording.manifest import (
    MANIFEST,
    Header,
    Manifest,
    StoredFile,
    read_manifest,
)
from startex.recording.parquet import TEMPORARY, write_durably, write_parquet
from startex.recording.recovery import remove_orphans, require_same_header, sound_part

_Job = tuple[int, list[Future[StoredFile]]]


def part_path(table: str, segment: int) -> str:
    """Return the path of a table's part, relative to the run folder."""
    return f"{table}/part-{segment:05d}.parquet"


class RunWriter:
    """Writes one run folder.

    Tables are put in canonical form, encoded and hashed on ``threads`` background threads; the
    bytes do not depend on their number. A segment counts once the manifest names it, and
    segments are named in order: a kill loses at most those under way. Errors of the background
    are raised by the next call.

    Parameters
    ----------
    folder
        New or empty folder.
    header
        What the run is a function of.
    threads
        Number of encoding threads, at least 1.
    durable
        Whether what is written survives a kill and a power cut at any moment; if not, there is
        a run only once it is finished or interrupted by itself. For runs that are thrown away.

    Raises
    ------
    StoreError
        If the folder is not empty, cannot be written, or another process writes it.
    """

    def __init__(
        self, folder: str | Path, header: Header, *, threads: int = 2, durable: bool = True
    ) -> None:
        folder = Path(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot make the run folder {folder}: {error.strerror}") from error
        lock = FolderLock(folder)
        try:
            if (folder / MANIFEST).exists():
                raise StoreError(
                    f"{folder} holds a run already. 'startex resume {folder}' goes on with it; "
                    "or choose another folder with --out."
                )
            # A writer killed before its first manifest leaves nothing else behind.
            (folder / (MANIFEST + TEMPORARY)).unlink(missing_ok=True)
            others = sorted(path.name for path in folder.iterdir() if path.name != LOCK)
            if others:
                raise StoreError(
                    f"{folder} is not empty ({', '.join(others[:5])}); choose another folder."
                )
            self._begin(folder, lock, Manifest(header), threads, durable=durable)
            self._save()
        except BaseException:
            lock.release()
            raise

    @classmethod
    def resume(
        cls, folder: str | Path, header: Header | None = None, *, threads: int = 2
    ) -> RunWriter:
        """Return a writer that goes on with an unfinished run.

        The finished segments are checked; from the first damaged one on they are dropped and
        will be written again (`dropped` says which files). What the manifest does not name is
        removed. The engine then replays the run from its start: a segment already present is
        compared with the replay instead of being written.

        Raises
        ------
        StoreError
            If there is no run, it is complete, of another ``header``, or being written.
        """
        folder = Path(folder)
        read_manifest(folder)  # a clear message before a lock file is made
        lock = FolderLock(folder)
        try:
            manifest = read_manifest(folder)
            if manifest.foreign:
                raise StoreError(f"another program wrote the run in {folder}: only it can go on.")
            if manifest.complete:
                raise StoreError(f"the run in {folder} is complete; there is nothing to resume.")
            if header is not None:
                require_same_header(manifest.header, header, folder)
            writer = cls.__new__(cls)
            kept, dropped = sound_part(folder, manifest)
            writer._begin(folder, lock, kept, threads)
            writer.dropped = dropped
            if kept != manifest:
                writer._save()
            remove_orphans(folder, {file.path for file in kept.files})
        except BaseException:
            lock.release()
            raise
        return writer

    def _begin(
        self, folder: Path, lock: FolderLock, manifest: Manifest, threads: int, *,
        durable: bool = True,
    ) -> None:  # fmt: skip
        if threads < 1:
            raise ValueError(f"threads is {threads}; at least 1 is needed")
        self.folder = folder
        self._durable = durable
        self.dropped: tuple[str, ...] = ()
        self._lock = lock
        self._manifest = manifest
        self._present = manifest
        self._next = 0
        self._error: BaseException | None = None
        self._closed = False
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="encode")
        self._queue: Queue[_Job | None] = Queue(maxsize=2 * threads)
        self._committer = threading.Thread(target=self._commit_all, name="commit", daemon=True)
        self._committer.start()

    @property
    def header(self) -> Header:
        """The header of the run."""
        return self._manifest.header

    @property
    def next_segment(self) -> int:
        """Index of the first segment that is not yet safely stored."""
        return len(self._manifest.segments)

    def write_static(self, table: str, data: pa.Table) -> None:
        """Write a table whole, as ``TABLE.parquet``; returns once it is safely stored.

        On a resumed run, a table already present is compared instead. Not for use while
        segments are under way: call it before the first or after the last.

        Raises
        ------
        StoreError
            If it does not conform, cannot be written, or differs from what is stored.
        """
        self._flush()
        stored = {file.table: file for file in self._manifest.static}
        data = tables.conform(table, data)
        if table in stored:
            _require_equal(table, data, stored[table])
            return
        try:
            file = write_parquet(
                self.folder, f"{table}.parquet", table, data, durable=self._durable
            )
            self._manifest = dataclasses.replace(
                self._manifest, static=(*self._manifest.static, file)
            )
            self._save_step()
        except OSError as error:
            raise _cannot_write(self.folder, error) from error

    def write_segment(self, index: int, data: Mapping[str, pa.Table]) -> None:
        """Append a segment; its arrays must not be changed afterwards.

        Segments come in order from 0. Tables with no rows are left out. On a resumed run, a
        segment already present is compared instead; a difference is raised by a later call.

        Raises
        ------
        StoreError
            If an earlier one failed.
        ValueError
            If ``index`` is not the next one.
        """
        self._raise_error()
        if index != self._next:
            raise ValueError(f"segment {index} given where {self._next} is next")
        self._next += 1
        full = {table: rows for table, rows in sorted(data.items()) if len(rows)}
        if index < len(self._present.segments):
            stored = {file.table: file for file in self._present.segments[index]}
            for table in sorted(full.keys() ^ stored.keys()):
                raise _differs(table, part_path(table, index))
            jobs = [
                self._pool.submit(_compare, table, rows, stored[table])
                for table, rows in full.items()
            ]
        else:
            jobs = [
                self._pool.submit(_write_part, self.folder, index, table, rows, self._durable)
                for table, rows in full.items()
            ]
        self._queue.put((index, jobs))

    def finish(self, counts: Mapping[str, int] | None = None) -> Manifest:
        """Complete the run: wait for all segments, compute the digest, write the manifest.

        Parameters
        ----------
        counts
            What the manifest shall say of the forces; counted from the tables when not given.

        Raises
        ------
        StoreError
            If anything could not be written, or fewer segments came than are stored already.
        """
        self._flush()
        if self._next < len(self._manifest.segments):
            raise StoreError(
                f"{self.folder} holds {len(self._manifest.segments)} segments, the run gave "
                f"{self._next}: it is not the same run."
            )
        try:
            digests = compute_digests(self.folder, self._manifest, self._pool)
            self._manifest = dataclasses.replace(
                self._manifest,
                counts=dict(count(self.folder, self._manifest) if counts is None else counts),
                tables=digests,
                digest=run_digest(self._manifest.header.identity(), digests),
                complete=True,
            )
            self._save()
        except OSError as error:
            raise _cannot_write(self.folder, error) from error
        self.close()
        return self._manifest

    def interrupt(self, reached: int, tail: Mapping[str, pa.Table]) -> Manifest:
        """Leave a run that stopped at ``reached`` (ms), to be read as it is and to be resumed.

        Parameters
        ----------
        reached
            How far the run came.
        tail
            What its last segment held until then, and tables that are otherwise written last.

        Raises
        ------
        StoreError
            If anything could not be written.
        """
        self._flush()
        try:
            files = tuple(
                write_parquet(
                    self.folder,
                    f"{table}/part-tail.parquet",
                    table,
                    tables.conform(table, rows),
                    durable=self._durable,
                )
                for table, rows in sorted(tail.items())
                if len(rows)
            )
            self._manifest = dataclasses.replace(self._manifest, tail=files, reached=reached)
            self._save()
        except OSError as error:
            raise _cannot_write(self.folder, error) from error
        self.close()
        return self._manifest

    def close(self) -> None:
        """Store what is under way and release the folder; the run can be resumed."""
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        self._committer.join()
        self._pool.shutdown()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        if error is None:
            self._raise_error()

    def _commit_all(self) -> None:
        while True:
            job = self._queue.get()
            try:
                if job is None:
                    return
                if self._error is None:
                    self._commit(*job)
            except BaseException as error:  # raised in the caller's thread
                self._error = error
            finally:
                self._queue.task_done()

    def _commit(self, index: int, jobs: list[Future[StoredFile]]) -> None:
        files = tuple(job.result() for job in jobs)
        if index < len(self._present.segments):
            return
        self._manifest = dataclasses.replace(
            self._manifest, segments=(*self._manifest.segments, files)
        )
        self._save_step()

    def _save_step(self) -> None:
        if self._durable:
            self._save()

    def _save(self) -> None:
        try:
            write_durably(self.folder / MANIFEST, self._manifest.to_bytes(), durable=self._durable)
        except OSError as error:
            raise _cannot_write(self.folder, error) from error

    def _flush(self) -> None:
        if self._closed:
            raise StoreError(f"the writer of {self.folder} is closed")
        self._queue.join()
        self._raise_error()

    def _raise_error(self) -> None:
        if isinstance(self._error, OSError):
            raise _cannot_write(self.folder, self._error) from self._error
        if self._error is not None:
            raise self._error


def _write_part(folder: Path, index: int, table: str, rows: pa.Table, durable: bool) -> StoredFile:
    conforming = tables.conform(table, rows)
    return write_parquet(folder, part_path(table, index), table, conforming, durable=durable)


def _compare(table: str, rows: pa.Table, stored: StoredFile) -> StoredFile:
    _require_equal(table, tables.conform(table, rows), stored)
    return stored


def _require_equal(table: str, data: pa.Table, stored: StoredFile) -> None:
    if len(data) != stored.rows or table_digest(table, data) != stored.content:
        raise _differs(table, stored.path)


def _differs(table: str, path: str) -> StoreError:
    return StoreError(
        f"table {table!r}: the run does not repeat what is stored in {path}. The scenario, the "
        "policy, the seed or the program has changed since; run it anew into another folder."
    )


def _cannot_write(folder: Path, error: OSError) -> StoreError:
    name = error.filename or folder
    return StoreError(
        f"cannot write {name}: {error.strerror}. What is stored is intact; "
        f"'startex resume {folder}' goes on once that is mended."
    )
