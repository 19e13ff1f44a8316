"""The manifest: what a run folder holds, with a checksum of every file and of itself."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from startex.foundation.errors import StoreError
from startex.recording.digest import FORMAT

MANIFEST = "manifest.json"
_OWN_FIELDS = {"checksum", "static", "segments", "tail", "tables"}
"""A run by another program has none of these; no single damage takes all of them away."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a run is a function of, known before it begins.

    ``sim_start`` and ``sim_end`` are ms since the epoch UTC; ``version`` is that of the program.
    ``notes`` (title, where the scenario was read, ...) belong to no digest.
    """

    scenario: str
    scenario_digest: str
    policy: str
    seed: int
    sim_start: int
    sim_end: int
    version: str
    notes: Mapping[str, str] = field(default_factory=dict)

    def identity(self) -> dict[str, Any]:
        """Return the fields that the digest of the run covers."""
        fields = dataclasses.asdict(self)
        del fields["notes"]
        return fields


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One Parquet file: path relative to the run folder, SHA-256 and size of its bytes.

    ``content`` is the digest of its rows (`digest.table_digest`), which, unlike the bytes, does
    not depend on the Parquet library.
    """

    table: str
    path: str
    sha256: str
    size: int
    rows: int
    content: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A run folder's table of contents.

    ``static`` are tables written whole; ``segments`` holds the files of each finished segment.
    ``tables`` (digest of each table) and ``digest`` (of the run) are empty until ``complete``.
    A run that was told to stop early has ``reached`` (ms) and in ``tail`` what its last segment
    held until then; both fall away when it is resumed. ``foreign``: another program wrote the run
    (see `foreign.adopt`); its files have no checksums.
    """

    header: Header
    static: tuple[StoredFile, ...] = ()
    segments: tuple[tuple[StoredFile, ...], ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""
    complete: bool = False
    tail: tuple[StoredFile, ...] = ()
    reached: int | None = None
    foreign: bool = False

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """Every file of the run."""
        parts = tuple(file for segment in self.segments for file in segment)
        return self.static + parts + self.tail

    def files_of(self, table: str) -> tuple[StoredFile, ...]:
        """Return the files of one table, in the order of segments."""
        return tuple(file for file in self.files if file.table == table)

    def to_bytes(self) -> bytes:
        """Return the JSON text of the manifest; the same manifest always gives the same bytes."""
        fields = {
            "format": FORMAT,
            **dataclasses.asdict(self.header),
            "counts": dict(self.counts),
            "complete": self.complete,
            "digest": self.digest,
            "tables": dict(self.tables),
            "static": [dataclasses.asdict(file) for file in self.static],
            "segments": [[dataclasses.asdict(file) for file in part] for part in self.segments],
            "tail": [dataclasses.asdict(file) for file in self.tail],
            "reached": self.reached,
        }
        body = json.dumps(fields, sort_keys=True, ensure_ascii=False)
        fields["checksum"] = hashlib.sha256(body.encode()).hexdigest()
        return (json.dumps(fields, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode()


def parse_manifest(data: bytes, name: str) -> Manifest:
    """Return the manifest in ``data``; ``name`` is what messages call it.

    Raises
    ------
    StoreError
        If it is damaged in any bit, or of another format.
    """
    damaged = _damaged(name)
    fields = _fields(data, name)
    number = fields.get("format")
    if isinstance(number, int) and number != FORMAT and _checksum_fits(fields):
        newer = "a newer" if number > FORMAT else "an older"
        raise StoreError(
            f"{name}: the run has format {number}, written by {newer} version of startex "
            f"({fields.get('version')}); this version reads format {FORMAT}. "
            "Use that version, or run the scenario anew."
        )
    try:
        names = [item.name for item in dataclasses.fields(Header)]
        manifest = Manifest(
            header=Header(**{key: fields[key] for key in names}),
            static=tuple(StoredFile(**item) for item in fields["static"]),
            segments=tuple(
                tuple(StoredFile(**item) for item in part) for part in fields["segments"]
            ),
            tail=tuple(StoredFile(**item) for item in fields["tail"]),
            reached=fields["reached"],
            counts=fields["counts"],
            tables=fields["tables"],
            digest=fields["digest"],
            complete=fields["complete"],
        )
        same = manifest.to_bytes() == data  # so that not even a flipped blank goes unseen
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise damaged from error
    if not same:
        raise damaged
    return manifest


def _damaged(name: str, why: str = "its checksum does not fit") -> StoreError:
    return StoreError(
        f"{name} is damaged ({why}). Restore it from a copy, "
        "or run the scenario anew into another folder: the same seed gives the same run."
    )


def _fields(data: bytes, name: str) -> dict[str, Any]:
    try:
        fields = json.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise _damaged(name, "it is no JSON" if data.strip() else "it is empty") from error
    if not isinstance(fields, dict):
        raise _damaged(name, "it is no JSON object")
    return fields


def _checksum_fits(fields: dict[str, Any]) -> bool:
    rest = {key: value for key, value in fields.items() if key != "checksum"}
    body = json.dumps(rest, sort_keys=True, ensure_ascii=False).encode()
    return bool(hashlib.sha256(body).hexdigest() == fields.get("checksum"))


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a run folder.

    Raises
    ------
    StoreError
        If the folder holds no run, or the manifest is damaged or of another format; if another
        program wrote the run and something is missing that every run has.
    """
    path = folder / MANIFEST
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        found = "no such folder" if not folder.exists() else f"it has no {MANIFEST}"
        raise StoreError(
            f"{folder} holds no run: {found}. 'startex run SCENARIO --out {folder}' makes one."
        ) from error
    except NotADirectoryError as error:
        raise StoreError(f"{folder} holds no run: it is a file; give the run's folder") from error
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror}") from error
    fields = _fields(data, str(path))
    if "format" in fields and not _OWN_FIELDS & fields.keys():
        from startex.recording.foreign import adopt  # noqa: PLC0415  (it knows this module)

        return adopt(folder, fields)
    return parse_manifest(data, str(path))
