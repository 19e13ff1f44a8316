"""The front page: what the run is, and where to ask for more."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import jinja2

from startex.foundation.clock import format_time
from startex.version import __version__
from startex.view.archive import Archive, Row
from startex.view.routes import BASE, DESCRIPTION, ROUTES


@cache
def _template() -> jinja2.Template:
    text = files("startex.view").joinpath("static", "front.html.j2").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(text)


def front_page(archive: Archive, asked: Row) -> str:
    """Return the page of a run."""
    manifest, header = archive.run.manifest, archive.header
    offset = float(header.notes.get("utc_offset_h") or 0.0)
    facts = {
        "Run": archive.folder.resolve().name,
        "Scenario": header.scenario,
        "Policy": header.policy,
        "Seed": header.seed,
        "Begin": format_time(header.sim_start, offset),
        "End": format_time(header.sim_end, offset),
        "Stopped at": manifest.reached and format_time(manifest.reached, offset),
        "Digest": manifest.digest,
        "Made by": f"startex {header.version}",
    }
    links = [
        (BASE + route.path, route.summary, not any(p.required for p in route.parameters))
        for route in ROUTES
    ]
    return _template().render(
        title=header.notes.get("title") or header.scenario,
        facts={name: value for name, value in facts.items() if value not in (None, "")},
        counts=sorted(manifest.counts.items()),
        links=links,
        description=DESCRIPTION,
        version=__version__,
    )
