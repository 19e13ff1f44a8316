"""Whether the files of a run are what was written: every bit of every file."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa

from startex.foundation.errors import Problem, StoreError
from startex.recording import tables
from startex.recording.contents import compute_digests, read_table
from startex.recording.digest import run_digest, table_digest
from startex.recording.lock import holder
from startex.recording.manifest import MANIFEST, Manifest, StoredFile, read_manifest
from startex.recording.parquet import TEMPORARY, sha256_of

_RERUN = "Restore it from a copy, or run the scenario anew: the same seed gives the same run."


def verify(folder: str | Path, *, threads: int = 2) -> list[Problem]:
    """Return everything that is wrong with a run folder, in file order; empty when it is sound.

    Found are: a missing, cut or altered file (any single flipped bit), rows that do not give the
    digest of the manifest, a run that is not complete, a damaged manifest or one of another
    format, and Parquet files that the manifest does not know.
    """
    folder = Path(folder)
    try:
        manifest = read_manifest(folder)
    except StoreError as error:
        return [Problem(MANIFEST, 0, 0, str(error))]
    if manifest.foreign:
        return [
            Problem(
                MANIFEST, 0, 0,
                "it names no files with their checksums, as another program wrote the run: "
                "whether its bytes have changed cannot be told.",
                f"'startex verify --deep {folder}' audits what the tables say.",
            )
        ]  # fmt: skip
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(lambda file: _check_file(folder, file), manifest.files))
        problems = [problem for problem in found if problem is not None]
        writer = "" if manifest.complete else holder(folder)
        if not writer:
            problems += _strangers(folder, manifest)
        if not manifest.complete:
            problems.append(_unfinished(folder, manifest, writer))
        elif not any(found):
            problems += _check_digest(folder, manifest, pool)
    return sorted(problems)


def _unfinished(folder: Path, manifest: Manifest, writer: str) -> Problem:
    stored = f"({len(manifest.segments)} segments are stored)"
    if writer:
        message = f"the run is being written by process {writer} {stored}."
        return Problem(MANIFEST, 0, 0, message, "Verify it when that has ended.")
    message = f"the run is not complete {stored}."
    return Problem(MANIFEST, 0, 0, message, f"'startex resume {folder}' goes on with it.")


def _check_file(folder: Path, file: StoredFile) -> Problem | None:
    try:
        sha256, size = sha256_of(folder / file.path)
    except FileNotFoundError:
        return Problem(file.path, 0, 0, "the file is missing.", _RERUN)
    except OSError as error:
        return Problem(file.path, 0, 0, f"cannot be read: {error.strerror}.", _RERUN)
    if size != file.size:
        return Problem(file.path, 0, 0, f"has {size} bytes where {file.size} were written.", _RERUN)
    if sha256 != file.sha256:
        return Problem(file.path, 0, 0, "its bytes have changed since they were written.", _RERUN)
    return None


def _strangers(folder: Path, manifest: Manifest) -> list[Problem]:
    """Return a problem for each table file that the manifest does not name.

    What else lies beside the tables (a review, notes) is its owner's.
    """
    known = {file.path for file in manifest.files}
    paths = {*folder.rglob("*.parquet"), *folder.rglob(f"*.parquet{TEMPORARY}")}
    for table in tables.declared():
        paths |= {path for path in (folder / table).rglob("*") if not path.is_dir()}
    names = sorted(path.relative_to(folder).as_posix() for path in paths)
    return [
        Problem(name, 0, 0, "does not belong to the run.", "Move it elsewhere.")
        for name in names
        if name not in known
    ]


def _check_digest(folder: Path, manifest: Manifest, pool: ThreadPoolExecutor) -> list[Problem]:
    problems = []
    parts = Counter(file.table for file in manifest.files)
    try:
        for file in manifest.files:
            if parts[file.table] > 1:  # the digest of the whole table covers it
                continue
            rows = read_table(folder, Manifest(manifest.header, static=(file,)), file.table)
            if len(rows) != file.rows or table_digest(file.table, rows) != file.content:
                problems.append(
                    Problem(file.path, 0, 0, "its rows do not give the digest recorded.", _RERUN)
                )
        digests = compute_digests(folder, manifest, pool)
    except (OSError, pa.ArrowException, StoreError) as error:
        return [Problem(MANIFEST, 0, 0, f"the tables cannot be read: {error}.", _RERUN)]
    for table in sorted(digests.keys() | manifest.tables.keys()):
        if digests.get(table) != manifest.tables.get(table):
            problems.append(
                Problem(MANIFEST, 0, 0, f"the digest of table {table!r} does not fit.", _RERUN)
            )
    if run_digest(manifest.header.identity(), digests) != manifest.digest:
        problems.append(Problem(MANIFEST, 0, 0, "the digest of the run does not fit.", _RERUN))
    return problems
