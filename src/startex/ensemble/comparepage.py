"""A comparison as a page: what was given, what came of it, and pictures of both."""

from __future__ import annotations

from importlib.resources import files

import jinja2
from markupsafe import Markup

from startex.ensemble import words
from startex.ensemble.comparecharts import difference_charts, serial_charts
from startex.ensemble.comparison import Comparison, change_text, shown
from startex.version import __version__


def page(found: Comparison) -> str:
    """Return a comparison as one HTML file that loads nothing from anywhere."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("startex.ensemble", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = "".join(
        (files(package) / "templates" / name).read_text(encoding="utf-8")
        for package, name in (
            ("startex.review", "style.css"),
            ("startex.ensemble", "ensemble.css"),
        )
    )
    outcome = found.part("outcome")
    sure = [line for line in outcome if line.sure]
    return environment.get_template("compare.html.j2").render(
        found=found,
        given=found.part("given"),
        sure=sure,
        unsure=[line for line in outcome if not line.sure],
        charts=[(unit, Markup(svg)) for unit, svg in difference_charts(sure or outcome)],
        serials=[Markup(svg) for svg in serial_charts(found.serials, found.utc_offset_h)],
        other=sum(pair.differs for pair in found.serials),
        shown=shown,
        change=change_text,
        level=words.percent(found.confidence),
        style=Markup(style),
        version=__version__,
    )
