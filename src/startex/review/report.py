"""The after-action review of a run: one HTML file, and every figure in it as data."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from startex.foundation.errors import StoreError
from startex.recording import explaining
from startex.recording.wholefile import write_whole
from startex.review import contactplots, cover, history, stockplots, words
from startex.review import reasons as reasoning
from startex.review import stocks as supplies
from startex.review.assessment import TOLD
from startex.review.claims import Claim, PolicyRow
from startex.review.figures import Figure, FigureBook
from startex.review.gantt import gantt
from startex.review.maps import theatre
from startex.review.measures import Measures, measure
from startex.review.originplot import counted, origin_picture
from startex.review.plots import force_bars, movement_chart, status_area, status_key
from startex.review.presence import HEADINGS, PresenceRow
from startex.review.rangemaps import range_maps
from startex.review.record import COUNTED_KINDS, KIND_WORDS
from startex.review.routes import representatives
from startex.review.serials import CLASS_WORDS
from startex.review.voices import heard

FILE_NAME = "review.html"

CONTENTS = (
    ("forces", "Who took part"),
    ("where", "Where and when"),
    ("movement", "Movement"),
    ("presence", "Presence by place and day"),
    ("play", "The play, and what it took"),
    ("troubles", "What went wrong, and why"),
    ("claims", "Claims and conflicts"),
    ("assessment", "What holds, and what it was for"),
    ("policy", "What the policy changed"),
    ("method", "Method and limits"),
    ("register", "Where every figure comes from"),
)

_HEADLINE = (
    ("forces.persons", "persons, in the announced totals"),
    ("forces.nations", "nations"),
    ("forces.ground_vehicles", "ground vehicles"),
    ("forces.aircraft", "aircraft"),
    ("forces.ships", "ships and vessels"),
    ("movement.road.vehicle_km", "vehicle-kilometres by road"),
    ("movement.sorties", "sorties flown"),
    ("movement.nautical_miles", "nautical miles sailed"),
)

SIDE_WORDS = {"training": "training audience", "opposing": "opposing force"}

_CELLS = re.compile(
    r"presence\.|play\.|reporting\.(?:message|report|action)\.|movement\..*\.day_|movement\.[a-z_]+\.(?!day_)|serials\..*\.delay_min"
    r"|supply\.[a-z0-9_]+\.(?:first|delivered|end|least)$"
    r"|lift\.|objectives\.|policy\..*\.(?:value|default)$"
)
"""Figures that stand only in tables, and are explained below them."""


@dataclass(frozen=True, slots=True)
class Review:
    """A finished review: the page, and its figures as JSON."""

    html: str
    figures: dict[str, Any]


def review(folder: str | Path, progress: Callable[[str], None] | None = None) -> Review:
    """Return the review of a run.

    Parameters
    ----------
    folder
        The run folder.
    progress
        Called with what is being done.

    Raises
    ------
    StoreError
        If there is no run, or it cannot be read.
    """
    tell = progress or (lambda _: None)
    tell("computing figures")
    found = measure(folder)
    tell("drawing maps and charts")
    pictures = _pictures(found)
    tell("writing")
    return Review(_page(found, pictures), to_json(found))


def write_review(
    folder: str | Path,
    out: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> tuple[Path, Review]:
    """Write the review of a run and return its path (default: review.html in the run folder).

    Raises
    ------
    StoreError
        If the run cannot be read or the file cannot be written.
    """
    made = review(folder, progress)
    path = Path(out) if out is not None else Path(folder) / FILE_NAME
    try:
        write_whole(path, made.html.encode("utf-8"))
    except OSError as error:
        raise StoreError(
            f"cannot write {path}: {error.strerror}. Mend that, or give another file with --out."
        ) from error
    return path, made


def to_json(found: Measures) -> dict[str, Any]:
    """Return every figure of a review as plain data."""
    header = found.record.header
    return {
        "run": {
            "scenario": header.scenario,
            "title": found.record.title,
            "policy": header.policy,
            "seed": header.seed,
            "version": header.version,
            "sim_start": header.sim_start,
            "sim_end": header.sim_end,
            "complete": found.record.complete,
            "digest": found.record.run.manifest.digest,
        },
        "figures": [figure.to_json() for figure in found.book],
    }


def _pictures(found: Measures) -> dict[str, Any]:
    record = found.record
    days, offset = record.days, record.utc_offset_h
    routes = representatives(record, found.moves)
    repeated = heard(record)
    return {
        "bars": [(kind, Markup(svg)) for kind, svg in force_bars(found.forces.nations)],
        "status": Markup(status_area(found.forces.history, days, record.end_ms, offset)),
        "maps": theatre(record, found.moves, routes),
        "ranges": range_maps(record, found.moves, routes, found.timeline),
        "contacts": {one.serial: contactplots.contact_charts(one) for one in found.histories},
        "stocks": [
            (one, Markup(stockplots.stock_chart(one, offset))) for one in found.stocks.over_time
        ],
        "origins": Markup(origin_picture(repeated, "origins")) if repeated.sources else "",
        "voices": repeated,
        "gantt": gantt(found.timeline.rows, days, offset),
        "moves": [
            (series, Markup(movement_chart(series, days, offset))) for series in found.movement.days
        ],
    }


def _page(found: Measures, pictures: dict[str, Any]) -> str:
    record = found.record
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("startex.review", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["svg"] = Markup
    templates = files("startex.review") / "templates"
    offset = record.utc_offset_h
    return environment.get_template("review.html.j2").render(
        record=record,
        book=found.book,
        forces=found.forces,
        timeline=found.timeline,
        movement=found.movement,
        deployment=found.deployment,
        lift=found.lift,
        presence=found.presence,
        play=found.play,
        stocks=found.stocks,
        stock_key=stockplots.KEY,
        stock_headings=supplies.HEADINGS,
        histories=found.histories,
        history_headings=history.HEADINGS,
        cover_headings=cover.HEADINGS,
        contact_charts=pictures["contacts"],
        contact_key=contactplots.KEY,
        targets_listed=history.LISTED,
        reasons=found.reasons,
        reasons_listed=reasoning.LISTED,
        side_words=SIDE_WORDS,
        lasting=explaining.lasting,
        metres=explaining.metres,
        reporting=found.reporting,
        fires=found.fires,
        troubles=found.troubles,
        claims=found.claims,
        assessment=found.assessment,
        told=TOLD,
        voiced=counted,
        pictures=pictures,
        style=Markup((templates / "style.css").read_text(encoding="utf-8")),
        script=Markup((templates / "script.js").read_text(encoding="utf-8")),
        digest=record.run.manifest.digest,
        span=words.span_text(record.start_ms, record.end_ms - 1, offset),
        zone=words.offset_text(offset),
        contents=CONTENTS,
        headline=[(found.book[name], text) for name, text in _HEADLINE if name in found.book],
        kinds=COUNTED_KINDS,
        kind_words=KIND_WORDS,
        class_words=CLASS_WORDS,
        days=[words.day_text(day, offset) for day in record.days],
        noons=[words.day_text(noon, offset) for noon in found.presence.noons],
        presence_groups=_presence_groups(found.presence.rows),
        claim_groups=_claim_groups(found.claims.by_id),
        conflict_ids={conflict.id for conflict in found.claims.conflicts},
        policy_rows=sorted(found.claims.policy, key=lambda row: not row.changed),
        register=register(found.book),
        time=partial(words.time_text, offset_h=offset),
        duration=words.duration_text,
        count=words.counted,
        plain=words.plain,
        anchor=anchor,
        heat_of=heat,
        reach=reach,
        any_reach=any(reach(row) for row in found.claims.policy),
        status_key=status_key(found.forces.history),
    )


def register(book: FigureBook) -> list[Figure]:
    """Return the figures with an entry of their own: all that are named outside of tables."""
    headline = {name for name, _ in _HEADLINE}
    return [f for f in book if f.id in headline or not _CELLS.match(f.id)]


def anchor(prefix: str, name: str) -> str:
    """Return an id for a page; different names give different ids."""
    return f"{prefix}-" + re.sub(r"[^A-Za-z0-9_-]", lambda found: f".{ord(found.group()):x}.", name)


def heat(value: float, total: float) -> int:
    """Return how dark a cell is, 0 to 90: the square root keeps small presences visible."""
    return round(90.0 * math.sqrt(value / total)) if value and total else 0


def reach(row: PolicyRow) -> Markup:
    """Return a bar from the least to the greatest claimed value, with the run's value on it."""
    low, high, value = row.low, row.high, row.value.value
    if low is None or high is None or high <= low or not isinstance(value, int | float):
        return Markup("")
    begin, end = min(low, value, 0.0), max(high, value)

    def x(number: float) -> str:
        return f"{4 + 112 * (number - begin) / (end - begin):.1f}"

    return Markup(
        '<svg class="range-bar" viewBox="0 0 120 16" role="img" aria-label="{text}">'
        '<line x1="4" x2="116" y1="8" y2="8" stroke="var(--rule)"/>'
        '<line x1="{a}" x2="{b}" y1="8" y2="8" stroke="var(--pale-blue)" stroke-width="6"/>'
        '<circle cx="{c}" cy="8" r="4" fill="var(--blue)"/></svg><span class="by">{text}</span>'
    ).format(text=f"{low:,g} to {high:,g}", a=x(low), b=x(high), c=x(float(value)))


def _presence_groups(
    rows: tuple[PresenceRow, ...],
) -> list[tuple[str, list[PresenceRow]]]:
    return [
        (heading, mine)
        for heading in HEADINGS
        if (mine := [row for row in rows if row.heading == heading])
    ]


def _claim_groups(by_id: dict[str, Claim]) -> list[tuple[str, list[Claim]]]:
    groups: dict[str, list[Claim]] = {}
    for claim in by_id.values():
        groups.setdefault(claim.subject, []).append(claim)
    return sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))


def figures_text(figures: dict[str, Any]) -> str:
    """Return figures as JSON text, the same for the same run."""
    return json.dumps(figures, ensure_ascii=False, indent=1)
