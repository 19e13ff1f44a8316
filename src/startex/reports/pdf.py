"""The text of a PDF, page by page, as its producer wrote it in."""

from __future__ import annotations

import logging

from startex.foundation.errors import UsageError

MAX_PAGES = 200
"""Pages of a report; a book is none."""

_LEAST = 20
"""Letters below which a PDF counts as one without text."""


def pdf_text(raw: bytes, name: str) -> tuple[str, str]:
    """Return text and title of a PDF; pages are parted by a blank line.

    Parameters
    ----------
    raw
        The file.
    name
        What to call it in errors.

    Raises
    ------
    UsageError
        If it is broken, encrypted, too long, or holds pictures of text instead of text.
    """
    import io  # noqa: PLC0415

    from pypdf import PdfReader  # noqa: PLC0415
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL)  # what it repairs in broken files is of no use to a reader
    try:
        reader = PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UsageError(f"{name} is encrypted; save it without a password")
        count = len(reader.pages)
        if count > MAX_PAGES:
            raise UsageError(f"{name} has {count} pages; at most {MAX_PAGES} are read")
        text = "\n\n".join(page.extract_text() for page in reader.pages)
        title = str((reader.metadata.title if reader.metadata else "") or "")
    except UsageError:
        raise
    except (PyPdfError, RecursionError) as error:
        raise UsageError(f"{name} is a PDF that cannot be read: {error}") from None
    except Exception as error:
        # broken files break the library in every way there is (KeyError, struct.error, ...)
        raise UsageError(f"{name} is a PDF that cannot be read: {type(error).__name__}") from None
    finally:
        logger.setLevel(level)
    if sum(c.isalpha() for c in text) < _LEAST:
        raise UsageError(
            f"{name} holds no text, as a scanned page: run text recognition on it first"
        )
    return text, title
