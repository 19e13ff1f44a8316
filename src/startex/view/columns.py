"""Columns of numbers as bytes that a browser reads without parsing: one header, then arrays.

The format, all numbers little-endian:

1. 4 bytes, unsigned: length of the header in bytes.
2. The header, JSON in UTF-8, with blanks at its end so that what follows begins at a multiple of 8.
3. The arrays, each begun at a multiple of 8 counted from the first byte of all, zeros between.

The header is an object with ``format`` (1), ``rows``, ``columns``, and whatever facts belong to the
answer. Of each column it tells ``name``; ``type`` (uint8, int32, uint32, float32, float64 or utf8);
``offset`` and ``bytes`` of its array, counted from the first byte of all; and ``null``, what stands
for nothing there: a number, the text ``nan``, or null where nothing is never missing. A column of
few words holds codes and has ``words``: code 0 is the first. A column of type utf8 holds all texts
in one piece; ``ends`` (with ``offset`` and ``bytes``, uint32) tells where each ends, in bytes.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

FORMAT = 1
MEDIA_TYPE = "application/vnd.startex.columns"

DTYPES: Mapping[str, str] = {
    "uint8": "<u1", "int32": "<i4", "uint32": "<u4", "float32": "<f4", "float64": "<f8",
}  # fmt: skip
"""Types of number and what they are in NumPy."""

FEW = 255
"""Words that codes of one byte tell apart; 255 itself stands for none."""

_PREFIX = struct.Struct("<I")
_ALIGNMENT = 8


@dataclass(frozen=True, slots=True)
class Packed:
    """A column ready to be written: see the format for ``null``, ``words`` and ``ends``."""

    type: str
    values: bytes
    null: int | str | None = None
    words: tuple[str, ...] | None = None
    ends: bytes | None = None


def numbers(values: npt.ArrayLike, kind: str, null: int | str | None = None) -> Packed:
    """Return a column of numbers.

    Parameters
    ----------
    values
        Shape (rows,).
    kind
        One of `DTYPES`.
    null
        What stands for nothing in ``values``.
    """
    return Packed(kind, np.ascontiguousarray(values, DTYPES[kind]).tobytes(), null)


def optional(column: pa.ChunkedArray | pa.Array, kind: str) -> Packed:
    """Return a column of the store: nan or -1 where it is null."""
    real = kind.startswith("float")
    filled = column.cast(pa.float64()) if real else column
    array = filled.fill_null(float("nan") if real else -1).to_numpy(zero_copy_only=False)
    return numbers(array, kind, "nan" if real else -1)


def words(column: pa.ChunkedArray | pa.Array) -> Packed:
    """Return a column of few words as codes into the sorted words; 255 or -1 for null."""
    plain = column.cast(pa.string())
    if isinstance(plain, pa.ChunkedArray):
        plain = plain.combine_chunks()
    encoded = plain.dictionary_encode()
    found = [str(word) for word in encoded.dictionary.to_pylist()]
    order = sorted(range(len(found)), key=found.__getitem__)
    kind, null = ("uint8", FEW) if len(found) <= FEW else ("int32", -1)
    code = np.full(len(found) + 1, null, DTYPES[kind])  # the last stands for null
    code[order] = np.arange(len(found))
    index = encoded.indices.fill_null(len(found)).to_numpy(zero_copy_only=False)
    return Packed(kind, code[index].tobytes(), null, tuple(found[i] for i in order))


def texts(column: pa.ChunkedArray | pa.Array) -> Packed:
    """Return a column of texts, most of them different; null as an empty text."""
    encoded = [str(text or "").encode() for text in column.to_pylist()]
    ends = np.cumsum([len(text) for text in encoded], dtype=np.int64)
    return Packed("utf8", b"".join(encoded), None, None, ends.astype(DTYPES["uint32"]).tobytes())


def encode(columns: Mapping[str, Packed], rows: int, facts: Mapping[str, Any]) -> bytes:
    """Return columns of ``rows`` rows as bytes, ``facts`` in the header beside them."""
    arrays: list[tuple[int, bytes]] = []

    def header(start: int) -> bytes:
        arrays.clear()
        at, listed = start, []

        def place(data: bytes) -> dict[str, int]:
            nonlocal at
            arrays.append((at, data))
            spot = {"offset": at, "bytes": len(data)}
            at = _aligned(at + len(data))
            return spot

        for name, column in columns.items():
            entry: dict[str, Any] = {"name": name, "type": column.type, **place(column.values)}
            entry["null"] = column.null
            if column.words is not None:
                entry["words"] = column.words
            if column.ends is not None:
                entry["ends"] = place(column.ends)
            listed.append(entry)
        whole = {"format": FORMAT, "rows": rows, **facts, "columns": listed}
        return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()

    # Offsets are part of the header, and its length decides them: room is made until both agree.
    start = 0
    while True:
        text = header(start)
        needed = _aligned(_PREFIX.size + len(text))
        if needed <= start:
            break
        start = needed
    text = text.ljust(start - _PREFIX.size)
    out = bytearray(_PREFIX.pack(len(text)) + text)
    for at, data in arrays:
        out += bytes(at - len(out)) + data
    return bytes(out)


def decode(data: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the header and the columns of an answer.

    Numbers come as arrays of shape (rows,) that share the memory of ``data``; columns of words and
    texts as lists, None where there is none.

    Raises
    ------
    ValueError
        If the bytes are not in the format, or cut.
    """
    if len(data) < _PREFIX.size:
        raise ValueError("no columns: shorter than the length of a header")
    (length,) = _PREFIX.unpack_from(data)
    header = json.loads(data[_PREFIX.size : _PREFIX.size + length].decode())
    if header.get("format") != FORMAT:
        raise ValueError(f"columns of format {header.get('format')!r}; this reads {FORMAT}")
    return header, {
        entry["name"]: _column(data, entry, header["rows"]) for entry in header["columns"]
    }


def _column(data: bytes, entry: Mapping[str, Any], rows: int) -> Any:
    piece = data[entry["offset"] : entry["offset"] + entry["bytes"]]
    if len(piece) < entry["bytes"]:
        raise ValueError(f"column {entry['name']!r} is cut")
    if entry["type"] == "utf8":
        ends = np.frombuffer(data, DTYPES["uint32"], rows, entry["ends"]["offset"]).tolist()
        return [piece[a:b].decode() for a, b in zip([0, *ends], ends, strict=False)]
    values = np.frombuffer(data, DTYPES[entry["type"]], rows, entry["offset"])
    if "words" not in entry:
        return values
    known = dict(enumerate(entry["words"]))
    return [known.get(code) for code in values.tolist()]


def _aligned(length: int) -> int:
    return -(-length // _ALIGNMENT) * _ALIGNMENT
