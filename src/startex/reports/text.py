r"""The text of a report: read from plain text, HTML or PDF, cleaned, with its checksum.

What stands in a `ReportText` is what offsets count in: line ends are ``\\n``, marks that nobody
sees (direction marks, soft hyphens, byte order marks) are taken out, control characters are blanks.
"""

from __future__ import annotations

import hashlib
import re
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from startex.foundation.errors import UsageError

MAX_BYTES = 32 * 1024 * 1024
"""Largest file read, bytes; pictures in a PDF take most of it."""

MAX_CHARACTERS = 1_000_000
"""Longest text read; a newspaper page holds some 10,000 characters."""

_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|main|div|p|h1)\b", re.I)
_ODD, _ODD_SHARE = 8, 0.02
"""Number and share of control characters beyond which a file is no text."""

Format = Literal["text", "html", "pdf"]


@dataclass(frozen=True, slots=True)
class ReportText:
    """A report as read.

    Attributes
    ----------
    name
        What to call it: the file's name, or ``-``.
    format
        ``text``, ``html`` or ``pdf``.
    text
        The extracted text, cleaned.
    title, date
        What an HTML or PDF file says of itself; blank where it says nothing.
    removed
        Number of invisible marks that were taken out.
    """

    name: str
    format: Format
    text: str
    title: str = ""
    date: str = ""
    removed: int = 0

    @property
    def sha256(self) -> str:
        """SHA-256 of the text in UTF-8, 64 hexadecimal digits."""
        return checksum(self.text)


def checksum(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read_report(file: str, *, encoding: str = "") -> ReportText:
    """Return the text of a file, or of standard input where the name is ``-``.

    Parameters
    ----------
    file
        Path, or ``-``.
    encoding
        Of plain text and HTML; blank: UTF-8 (UTF-16 with its mark), or what the HTML declares.

    Raises
    ------
    UsageError
        If it cannot be read, is no text, holds none, or is absurdly large; the message says which.
    """
    name = "standard input" if file == "-" else file
    return parse_report(_bytes(file, name), name, encoding=encoding)


def parse_report(raw: bytes, name: str, *, encoding: str = "") -> ReportText:
    """Return the text of a file's bytes; parameters and errors as `read_report`."""
    if not raw.strip():
        raise UsageError(f"{name} is empty; give the text of a report")
    title = date = ""
    form: Format
    if raw.lstrip()[:5] == b"%PDF-":
        from startex.reports.pdf import pdf_text  # noqa: PLC0415

        form, (text, title) = "pdf", pdf_text(raw, name)
    elif _HTML.search(raw[:4096]) or name.lower().endswith((".html", ".htm", ".xhtml")):
        from startex.reports.html import html_text  # noqa: PLC0415

        form, (text, title, date) = "html", html_text(raw, name, encoding)
    else:
        form, text = "text", _decode(raw, name, encoding)
        _refuse_binary(text, name)
    text, removed = clean(text)
    if not text.strip():
        raise UsageError(f"{name} holds no text")
    if len(text) > MAX_CHARACTERS:
        raise UsageError(
            f"{name} holds {len(text):,} characters; a report has at most {MAX_CHARACTERS:,}: "
            "give one report at a time"
        )
    return ReportText(name, form, text, clean(title)[0].strip(), date, removed)


def clean(text: str) -> tuple[str, int]:
    """Return a text without invisible marks and control characters, and how many marks it had."""
    text = _LINE_ENDS.sub("\n", text)
    text, removed = _INVISIBLE.subn("", text)
    if not text.isprintable():
        odd = {c for c in set(text) - {"\n"} if unicodedata.category(c) in ("Cc", "Cs", "Cn")}
        text = text.translate({ord(c): " " for c in odd})
    return text, removed


def _bytes(file: str, name: str) -> bytes:
    try:
        if file == "-":
            raw = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            path = Path(file)
            if path.is_dir():
                raise UsageError(f"{name} is a folder; give the file of one report")
            with path.open("rb") as stream:
                raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise UsageError(f"there is no file {name}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{name} cannot be read: {reason}") from None
    if len(raw) > MAX_BYTES:
        limit = MAX_BYTES // 1024**2
        raise UsageError(f"{name} is larger than {limit} MB; give one report at a time")
    return raw


def _decode(raw: bytes, name: str, encoding: str) -> str:
    if not encoding:
        encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except LookupError:
        raise UsageError(f"there is no encoding {encoding!r}; try utf-8 or cp1251") from None
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        if b"\0" in raw[:4096]:
            raise UsageError(f"{name} is no text, HTML or PDF") from None
        line = before.count(b"\n") + 1
        shown = "UTF-8" if encoding == "utf-8-sig" else encoding
        raise UsageError(
            f"{name}:{line}: byte 0x{raw[error.start]:02x} is not {shown}; "
            "save it as UTF-8, or name its encoding (--encoding cp1251)"
        ) from None


def _refuse_binary(text: str, name: str) -> None:
    head = text[:65536]
    odd = sum(unicodedata.category(c) in ("Cc", "Cn") and c not in "\n\r\t\x0b\x0c" for c in head)
    if "\0" in head or odd > _ODD + _ODD_SHARE * len(head):
        raise UsageError(f"{name} is no text, HTML or PDF")
