"""Pages: the map, and what the run is and can be asked."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import jinja2

from startex.foundation.clock import format_time
from startex.version import __version__
from startex.view.archive import Archive, Row
from startex.view.routes import BASE, DESCRIPTION, ROUTES


@cache
def _template(name: str) -> jinja2.Template:
    text = files("startex.view").joinpath("static", name).read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(text)


def map_page(archive: Archive, asked: Row) -> str:
    """Return the page of the map; its script asks for all else."""
    header = archive.header
    return _template("map.html.j2").render(title=header.notes.get("title") or header.scenario)


def front_page(archive: Archive, asked: Row) -> str:
    """Return the page that tells what a run is, and what can be asked."""
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
    return _template("front.html.j2").render(
        title=header.notes.get("title") or header.scenario,
        facts={name: value for name, value in facts.items() if value not in (None, "")},
        counts=sorted(manifest.counts.items()),
        links=links,
        description=DESCRIPTION,
        version=__version__,
    )
