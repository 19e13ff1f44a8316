"""Where one person, platform or unit is, in words: in what, aboard what, at which place."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from startex.foundation.clock import format_time
from startex.foundation.errors import StoreError
from startex.geography.metric import distance_m

if TYPE_CHECKING:
    from startex.recording.reader import Run


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain of carriers, from the inside out; ``slot`` is its place aboard."""

    entity: int
    name: str
    kind: str
    type: str
    slot: int


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where an entity or a unit is.

    ``lat, lon`` (deg) and ``alt`` (m) are nan where the store cannot tell; those of a unit are the
    middle of its platforms. ``chain`` begins with the entity itself (empty for a unit).
    ``place`` is the id of the place it is at, empty between places. ``parts`` (units): for each
    place or way of moving, how many entities of each kind.
    """

    subject: str
    kind: str
    at: int
    lat: float
    lon: float
    alt: float
    mode: str
    status: str
    place: str
    chain: tuple[Link, ...]
    parts: tuple[tuple[str, str, int], ...]
    text: str


def whereabouts(run: Run, subject: str | int, at: int) -> Whereabouts:
    """Return where ``subject`` (entity row or name, unit id or name) is at ``at`` ms."""
    if isinstance(subject, str):
        subject = subject.strip()
        row = _row_of(run.table("entities"), "name", subject)
        if row is None:
            for column in ("id", "name"):
                unit = _row_of(run.table("units"), column, subject)
                if unit is not None:
                    return _of_unit(run, unit, at)
            if not subject.lstrip("-").isdigit():
                raise StoreError(_no_such(run, subject))
            row = int(subject)
    else:
        row = int(subject)
    return _of_entity(run, row, at)


def unit_whereabouts(run: Run, unit: int, at: int) -> Whereabouts:
    """Return where a unit (row) is at ``at`` ms."""
    return _of_unit(run, unit, at)


def _row_of(table: pa.Table, column: str, text: str) -> int | None:
    exact = table.column(column)
    for values, wanted in ((exact, text), (pc.utf8_lower(exact), text.lower())):
        row = int(pc.index(values, wanted).as_py())
        if row >= 0:
            return row
    return None


def _no_such(run: Run, subject: str) -> str:
    units, entities = run.table("units"), run.table("entities")
    names = {*units.column("id").to_pylist(), *units.column("name").to_pylist()}
    low = {name.lower(): name for name in sorted(names)}
    words = [word[: max(3, len(word) * 2 // 3)] for word in subject.lower().split()]
    near = difflib.get_close_matches(subject.lower(), sorted(low), n=3, cutoff=0.6)
    found = [low[word] for word in near]
    column = entities.column("name")
    # 55,000 names are too many for edit distances: only those that share the start of a word.
    mask = np.zeros(len(column), dtype=bool)
    for word in (word for word in words if len(word) > 2):
        mask |= pc.match_substring(column, word, ignore_case=True).to_numpy()
    candidates = column.filter(pa.array(mask)).to_pylist()[:5000]
    found += difflib.get_close_matches(subject, candidates, n=3, cutoff=0.5)
    hint = ", ".join(repr(name) for name in list(dict.fromkeys(found))[:4])
    return f"no entity or unit is called {subject!r}" + (
        f"; did you mean {hint}?"
        if hint
        else "; the review and the table 'entities' list their names"
    )


def _of_entity(run: Run, row: int, at: int) -> Whereabouts:
    entities = run.table("entities")
    run = run.narrowed([row])
    fix = run.positions(at, [row]).to_pylist()[0]
    chain = []
    current = row
    while True:
        item = entities.slice(current, 1).to_pylist()[0]
        ride = int(run.lookup.aboard(np.array([current]), np.array([at]))[0])
        slot = -1
        if ride >= 0:
            slot = run.table("carriers").column("slot")[int(run.lookup.carriers.row[ride])].as_py()
        chain.append(Link(current, item["name"], item["kind"], item["type"] or "", slot))
        if ride < 0:
            break
        current = int(run.lookup.carrier[ride])
    lat, lon, alt = (np.nan if fix[key] is None else fix[key] for key in ("lat", "lon", "alt"))
    place, place_name = _place_at(run, lat, lon)
    steps = [chain[0].name]
    for inner, outer in pairwise(chain):
        preposition = "in" if outer.kind == "team" else "aboard"
        slot_text = f" (slot {inner.slot})" if inner.slot >= 0 and outer.kind != "team" else ""
        steps.append(f"{preposition} {outer.name}{slot_text}")
    status = fix["status"] or ""
    spot = _position_text(lat, lon, alt) + _motion_text(fix["mode"], place_name)
    return Whereabouts(
        subject=chain[0].name,
        kind=chain[0].kind,
        at=at,
        lat=lat,
        lon=lon,
        alt=alt,
        mode=fix["mode"],
        status=status,
        place=place,
        chain=tuple(chain),
        parts=(),
        text=f"{format_time(at)}: {', '.join([*steps, spot, *filter(None, [status])])}",
    )


def _of_unit(run: Run, unit: int, at: int) -> Whereabouts:
    line = run.table("units").slice(unit, 1).to_pylist()[0]
    rows = _rows_of_unit(run, unit)
    run = run.narrowed(rows)
    found = run.positions(at, rows)
    kinds = run.table("entities").column("kind").take(pa.array(rows)).to_pylist()
    groups: dict[tuple[str, str], int] = {}
    names: dict[tuple[float, float], str] = {}
    for item, kind in zip(found.to_pylist(), kinds, strict=True):
        if item["lat"] is None:
            spot = "at no known position"
        elif item["mode"] != "hold":
            spot = f"moving by {item['mode']}"
        else:
            cell = (round(item["lat"], 3), round(item["lon"], 3))
            if cell not in names:
                names[cell] = _place_at(run, item["lat"], item["lon"])[1]
            spot = f"at {names[cell]}" if names[cell] else "halted between places"
        groups[spot, kind] = groups.get((spot, kind), 0) + 1
    platforms = pc.is_null(found.column("aboard")).to_numpy()
    lat = _mean(found.column("lat").to_numpy()[platforms])
    lon = _mean(found.column("lon").to_numpy()[platforms])
    alt = _mean(found.column("alt").to_numpy()[platforms])
    parts = tuple(
        (spot, kind, number)
        for (spot, kind), number in sorted(groups.items(), key=lambda g: (-g[1], g[0]))
    )
    listed = "; ".join(f"{number} {_plural(kind, number)} {spot}" for spot, kind, number in parts)
    return Whereabouts(
        subject=line["name"],
        kind="unit",
        at=at,
        lat=lat,
        lon=lon,
        alt=alt,
        mode="",
        status="",
        place=_place_at(run, lat, lon)[0],
        chain=(),
        parts=parts,
        text=f"{format_time(at)}: {line['name']} ({line['id']}), around "
        f"{_position_text(lat, lon, 0.0)}: {listed or 'it has no entities'}",
    )


def _rows_of_unit(run: Run, unit: int) -> npt.NDArray[np.int64]:
    """Return the entities of a unit and of all below it; in whatever order the units stand."""
    parent = run.table("units").column("parent").fill_null(-1).to_numpy()
    inside = np.zeros(len(parent), dtype=bool)
    inside[unit] = True
    while True:
        below = (parent >= 0) & inside[parent] & ~inside
        if not below.any():
            break
        inside |= below
    return np.flatnonzero(inside[run.table("entities").column("unit").to_numpy()])


def _mean(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _place_at(run: Run, lat: float, lon: float) -> tuple[str, str]:
    """Return id and name of the smallest place that reaches to a position, or empty texts."""
    places = run.table("places")
    if not len(places) or np.isnan(lat):
        return "", ""
    radius = places.column("radius_m").fill_null(0.0).to_numpy()
    away = distance_m(lat, lon, places.column("lat").to_numpy(), places.column("lon").to_numpy())
    inside = away <= np.maximum(radius, 500.0)  # a place without extent still has a few streets
    if not inside.any():
        return "", ""
    best = int(np.argmin(np.where(inside, np.maximum(radius, 500.0) + 1e-6 * away, np.inf)))
    return str(places.column("place")[best]), str(places.column("name")[best])


def _position_text(lat: float, lon: float, alt: float) -> str:
    if np.isnan(lat):
        return "at no known position"
    east = (lon + 180.0) % 360.0 - 180.0
    text = f"{abs(lat):.5f} {'N' if lat >= 0 else 'S'} {abs(east):.5f} {'E' if east >= 0 else 'W'}"
    return text + (f" at {alt:.0f} m" if alt > 1.0 else "")


def _motion_text(mode: str, place_name: str) -> str:
    at = f" ({place_name})" if place_name else ""
    return at if mode == "hold" else f"{at}, moving by {mode}"


def _plural(kind: str, number: int) -> str:
    return kind if number == 1 or kind == "aircraft" else f"{kind}s"
