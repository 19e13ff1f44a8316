"""Answers about evidence: claims and their conflicts, figures of the review, what a side knew."""

from __future__ import annotations

from startex.review.measures import measure
from startex.view.archive import Archive, Row, id_list
from startex.view.tables import known

_OF_A_LIST = (
    "claim", "subject", "field", "value", "unit", "kind", "quote", "speaker", "source", "origin",
    "date", "rank", "used", "verdict", "verdict_why",
)  # fmt: skip


def claims(archive: Archive, asked: Row) -> Row:
    """Return all claims in the order of the store."""
    return {"claims": [brief(row) for row in archive.rows("claims")]}


def brief(row: Row) -> Row:
    """Return what a list tells of a claim."""
    return {**{name: row.get(name) for name in _OF_A_LIST}, "conflicts": id_list(row["conflicts"])}


def briefs(archive: Archive, ids: str | None) -> list[Row]:
    """Return the claims of a cell, those that the store holds."""
    by_id = archive.index("claims", "claim")
    return [brief(by_id[key]) for key in id_list(ids) if key in by_id]


def claim(archive: Archive, asked: Row) -> Row:
    """Return a claim whole: source, origin, and who says otherwise in each of its conflicts."""
    row = known(archive, "claims", "claim", asked["id"])
    sources, origins = archive.index("sources", "source"), archive.index("origins", "origin")
    conflicts = archive.index("conflicts", "conflict")
    against = []
    for key in id_list(row["conflicts"]):
        conflict = conflicts.get(key, {})
        others = [other for other in id_list(conflict.get("claims")) if other != row["claim"]]
        against.append(
            {
                "conflict": key,
                "title": conflict.get("title"),
                "explanation": conflict.get("explanation"),
                "chosen": id_list(conflict.get("chosen")),
                "claims": briefs(archive, ",".join(others)),
            }
        )
    return {
        **row,
        "conflicts": against,
        "source": sources.get(row["source"], row["source"] and {"source": row["source"]}),
        "origin": origins.get(row["origin"], row["origin"] and {"origin": row["origin"]}),
    }


def figures(archive: Archive, asked: Row) -> Row:
    """Return every figure of the review, computed when first asked for."""
    archive.require_ended("figures")
    return {"figures": [figure.to_json() for figure in measure(archive.folder).book]}


def picture(archive: Archive, asked: Row) -> Row:
    """Return what a side of the plays knew of the other at an instant."""
    t = archive.instant("t", asked["t"])
    if asked["serial"] is not None:
        known(archive, "serials", "serial", asked["serial"])
    found = archive.run.picture(
        t, opposing=asked["side"] == "opposing", nation=asked["nation"], serial=asked["serial"]
    )
    return {"t": t, "side": asked["side"], "targets": found.to_pylist()}
