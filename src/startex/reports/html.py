"""The text of an HTML page: what a reader sees of the article, a paragraph a block."""

from __future__ import annotations

import re
import warnings
from typing import Any

from startex.foundation.errors import UsageError

_UNSEEN = (
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "form", "button",
    "select", "textarea", "nav", "footer", "head",
)  # fmt: skip
_BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "dd", "div", "dl", "dt",
        "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main",
        "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
    )
)  # fmt: skip
_ENOUGH = 200
"""Characters from which on an <article> or <main> is taken for the whole text."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATE_NAMES = ("article:published_time", "datePublished", "dc.date", "date", "pubdate")


def html_text(raw: bytes, name: str, encoding: str = "") -> tuple[str, str, str]:
    """Return text, title and date (as 2022-08-29; blank if not given) of a page.

    Parameters
    ----------
    raw
        The file.
    name
        What to call it in errors.
    encoding
        Blank: what the page declares, else UTF-8.

    Raises
    ------
    UsageError
        If it cannot be decoded.
    """
    from bs4 import BeautifulSoup, Doctype  # noqa: PLC0415
    from bs4.element import PreformattedString  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about pages that look like XML or like an address
        try:
            soup = BeautifulSoup(raw, "html.parser", from_encoding=encoding or None)
        except (LookupError, ValueError, RecursionError) as error:
            raise UsageError(f"{name} cannot be read as HTML: {error}") from None
    if soup.contains_replacement_characters:
        raise UsageError(
            f"{name} is not written in the encoding that it declares; "
            "name its encoding (--encoding cp1251)"
        )
    title, date = _title(soup), _date(soup)
    for tag in soup(_UNSEEN):
        tag.decompose()
    for piece in soup.find_all(string=lambda s: isinstance(s, PreformattedString | Doctype)):
        piece.extract()
    bodies = [tag for tag in soup(("article", "main")) if len(tag.get_text()) >= _ENOUGH]
    outer = [tag for tag in bodies if not any(other in bodies for other in tag.parents)]
    pieces: list[str] = []
    for root in outer or [soup]:
        pieces += ["\n\n", *_walk(root)]
    lines = [" ".join(line.split()) for line in "".join(pieces).split("\n")]
    return "\n\n".join(line for line in lines if line), title, date


def _walk(root: Any) -> list[str]:
    """Return the strings below a tag in order, line ends about its blocks; no recursion."""
    found: list[str] = []
    todo: list[Any] = [root]
    while todo:
        node = todo.pop()
        if node is None:  # the end of a block
            found.append("\n")
        elif isinstance(node, str):
            found.append(re.sub(r"\s+", " ", node))
        elif node.name == "br":
            found.append("\n")
        else:
            if node.name in _BLOCKS:
                found.append("\n")
                todo.append(None)
            todo.extend(reversed(list(node.children)))
    return found


def _title(soup: Any) -> str:
    for attribute in ("property", "name"):
        tag = soup.find("meta", {attribute: "og:title"})
        if tag and tag.get("content"):
            return " ".join(str(tag["content"]).split())
    tag = soup.find("title") or soup.find("h1")
    return " ".join(tag.get_text().split()) if tag else ""


def _date(soup: Any) -> str:
    given = []
    for name in _DATE_NAMES:
        for attribute in ("property", "name", "itemprop"):
            tag = soup.find("meta", {attribute: name})
            given.append(str(tag.get("content", "")) if tag else "")
    given += [str(tag.get("datetime", "")) for tag in soup("time")[:1]]
    for text in given:
        match = _DATE.match(text.strip())
        if match:
            return match[0]
    return ""
