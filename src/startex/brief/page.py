"""Two printable pages on a scenario: what is known, from whom, and what is not."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import jinja2
from markupsafe import Markup

from startex.brief.content import content
from startex.brief.parts import Subject
from startex.foundation.errors import StartexError, UsageError
from startex.recording.wholefile import write_whole
from startex.review.originplot import Limits, origin_picture
from startex.version import __version__
from startex.view.pictures import printed

ENDINGS = (".html", ".pdf")

_PICTURE = Limits(origins=6, links=0, figures=0)
_DATES = re.compile(rb"/(CreationDate|ModDate) \(D:[^)]*\)")


def brief_html(subject: Subject) -> str:
    """Return the brief on a scenario as one HTML page that needs nothing else; prints on two of A4.

    The same scenario always gives the same text.

    Raises
    ------
    StartexError
        If a check lacks what it wants, or there is no such policy.
    """
    told = content(subject)
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("startex.brief", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    picture = Markup(origin_picture(told.repeats, "origins", limits=_PICTURE))
    style = (files("startex.review") / "templates" / "style.css").read_text(encoding="utf-8")
    own = (files("startex.brief") / "templates" / "brief.css").read_text(encoding="utf-8")
    return environment.get_template("brief.html.j2").render(
        told=told, picture=picture, style=Markup(style + own), version=__version__
    )


def write_brief(subject: Subject, path: Path) -> None:
    """Write the brief as HTML, or as PDF where the name ends in .pdf (needs Chromium).

    The dates of making in a PDF are blanked: they say nothing of the scenario.

    Raises
    ------
    UsageError
        If the name ends otherwise.
    StartexError
        If the file cannot be written, or a PDF wants a browser that is not there.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(f"a brief is {' or '.join(ENDINGS)}, not {path.name!r}")
    data = brief_html(subject).encode("utf-8")
    if ending == ".pdf":
        data = _DATES.sub(lambda found: b" " * len(found[0]), printed(data.decode("utf-8")))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except OSError as error:
        raise StartexError(f"cannot write {path}: {error.strerror}") from error
