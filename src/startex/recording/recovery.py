"""What of an interrupted run is sound, and what must go before it goes on."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from startex.foundation.errors import StoreError
from startex.recording import tables
from startex.recording.lock import LOCK, FolderLock
from startex.recording.manifest import MANIFEST, Header, Manifest, StoredFile
from startex.recording.parquet import TEMPORARY, sha256_of

REVIEW = "review.html"
"""The review of a run, beside its tables; belongs to no digest."""


def require_same_header(stored: Header, given: Header, folder: Path) -> None:
    """Raise a `StoreError` that names the first field in which two headers differ."""
    for name, value in stored.identity().items():
        if given.identity()[name] != value:
            raise StoreError(
                f"{folder} was begun with {name} {value!r}, not {given.identity()[name]!r}: "
                "it cannot be resumed so. Run it anew into another folder."
            )


def sound_part(folder: Path, manifest: Manifest) -> tuple[Manifest, tuple[str, ...]]:
    """Return the manifest up to the first damaged segment, and the files that fell away.

    The tail of a run that stopped early goes without a word: it is part of a longer segment.
    """

    def sound(file: StoredFile) -> bool:
        try:
            return sha256_of(folder / file.path) == (file.sha256, file.size)
        except OSError:
            return False

    static = tuple(file for file in manifest.static if sound(file))
    segments: list[tuple[StoredFile, ...]] = []
    for segment in manifest.segments:
        if not all(sound(file) for file in segment):
            break
        segments.append(segment)
    kept = dataclasses.replace(
        manifest, static=static, segments=tuple(segments), tail=(), reached=None
    )
    paths = {file.path for file in (*kept.files, *manifest.tail)}
    return kept, tuple(file.path for file in manifest.files if file.path not in paths)


def remove_orphans(folder: Path, known: set[str]) -> None:
    """Remove temporary files and parts that no manifest names; touch nothing else."""
    candidates: list[Path] = [folder / (MANIFEST + TEMPORARY)]
    for table in tables.declared():
        candidates += [folder / f"{table}.parquet", folder / f"{table}.parquet{TEMPORARY}"]
        candidates += sorted((folder / table).glob("part-*.parquet"))
        candidates += sorted((folder / table).glob(f"part-*.parquet{TEMPORARY}"))
    for path in candidates:
        if path.relative_to(folder).as_posix() not in known:
            path.unlink(missing_ok=True)
    for table in tables.declared():
        part_folder = folder / table
        if part_folder.is_dir() and not any(part_folder.iterdir()):
            part_folder.rmdir()


def clear_run(folder: Path) -> None:
    """Remove a run from a folder: its tables, its manifest and its review.

    Raises
    ------
    StoreError
        If the folder holds anything else, another process writes it, or a file cannot be
        removed; nothing is removed in the first two cases.
    """
    if not (folder / MANIFEST).is_file():
        return
    own = {MANIFEST, REVIEW, LOCK, *tables.declared()}
    own |= {f"{table}.parquet" for table in tables.declared()}
    own |= {name + TEMPORARY for name in own}  # as a killed writer leaves them
    others = sorted(path.name for path in folder.iterdir() if path.name not in own)
    if others:
        raise StoreError(
            f"{folder} holds more than a run ({', '.join(others[:5])}); nothing was removed. "
            "Move it elsewhere, or choose another folder with --out."
        )
    lock = FolderLock(folder)
    try:
        remove_orphans(folder, set())
        (folder / REVIEW).unlink(missing_ok=True)
        (folder / (REVIEW + TEMPORARY)).unlink(missing_ok=True)
        (folder / MANIFEST).unlink()  # last: whoever is killed here can begin again
    except OSError as error:
        raise StoreError(f"cannot remove the run in {folder}: {error.strerror}") from error
    finally:
        lock.release()
