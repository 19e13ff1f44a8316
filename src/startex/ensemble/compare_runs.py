"""Two runs side by side: what they were given, and every figure of their reviews."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from startex.ensemble.comparison import Bar, Comparison, Line, SerialPair
from startex.ensemble.statistics import CONFIDENCE
from startex.foundation.clock import format_time
from startex.recording.manifest import Header
from startex.review.claims import PolicyRow
from startex.review.figures import Figure
from startex.review.measures import Measures, measure
from startex.review.serials import CLASS_WORDS, SerialRow


def compare_runs(
    a: str | Path,
    b: str | Path,
    confidence: float = CONFIDENCE,
    progress: Callable[[str], None] | None = None,
) -> Comparison:
    """Return what differs between two runs.

    Raises
    ------
    StoreError
        If either cannot be read.
    """
    sides = []
    for folder in (a, b):
        if progress is not None:
            progress(f"computing the figures of {folder}")
        sides.append(measure(folder))
    one, two = sides
    lines = [*_given(one, two), *_figures(one, two), *_outcomes(one, two), *_ends(one, two)]
    return Comparison(
        "runs", str(a), str(b), tuple(lines), confidence, "", _serials(one, two),
        one.record.utc_offset_h,
    )  # fmt: skip


def _given(a: Measures, b: Measures) -> Iterable[Line]:
    heads = a.record.header, b.record.header
    for name, word in (
        ("scenario", "scenario"), ("scenario_digest", "contents of the scenario"),
        ("policy", "policy"), ("seed", "seed"), ("version", "version of startex"),
    ):  # fmt: skip
        one, two = (str(getattr(head, name)) for head in heads)
        if name == "scenario_digest":
            one, two = one[:16], two[:16]
        yield Line("given", name, word, "", one, two)
    for name, word in (("sim_start", "start"), ("sim_end", "end")):
        yield Line("given", name, word, "", _time(heads[0], name), _time(heads[1], name))
    ends = ["finished" if side.record.complete else "not finished" for side in (a, b)]
    yield Line("given", "complete", "state of the run", "", ends[0], ends[1])
    notes = [dict(head.notes) for head in heads]
    for name in sorted(set(notes[0]) | set(notes[1])):
        one, two = (str(n[name]) if n.get(name) is not None else "none" for n in notes)
        yield Line("given", f"notes.{name}", name.replace("_", " "), "", one, two)


def _time(header: Header, name: str) -> str:
    return format_time(getattr(header, name))


def _other(side: Measures, name: str) -> Figure | None:
    return side.book[name] if name in side.book else None  # noqa: SIM401  (it has no get)


def _figures(a: Measures, b: Measures) -> Iterable[Line]:
    """Yield the figures of the scenario, with the claims that gave them where they differ."""
    sides = [{row.id: row for row in side.claims.policy} for side in (a, b)]
    for name in sorted(set(sides[0]) | set(sides[1])):
        rows = [side.get(name) for side in sides]
        row = rows[0] or rows[1]
        assert row is not None
        claims = [_claims(one) for one in rows]
        note = "" if claims[0] == claims[1] else f"A: {claims[0]}; B: {claims[1]}"
        values = [None if one is None else one.value.value for one in rows]
        yield Line(
            "given", f"policy.{name}", row.name, row.value.unit, values[0], values[1], note=note
        )


def _claims(row: PolicyRow | None) -> str:
    if row is None:
        return "no such figure"
    return ", ".join(row.claims) or "assumed"


def _outcomes(a: Measures, b: Measures) -> Iterable[Line]:
    for figure in a.book:
        if not figure.id.startswith("policy."):
            other = _other(b, figure.id)
            note = "B has no such figure" if other is None else ""
            value = None if other is None else other.value
            yield Line(
                "outcome", figure.id, figure.label, figure.unit, figure.value, value, note=note
            )
    for figure in b.book:
        if not figure.id.startswith("policy.") and figure.id not in a.book:
            yield Line(
                "outcome", figure.id, figure.label, figure.unit, None, figure.value,
                note="A has no such figure",
            )  # fmt: skip


def _ends(a: Measures, b: Measures) -> Iterable[Line]:
    """Yield how each serial ended, where the reviews have no figure of it."""
    for pair in _serials(a, b):
        one, two = (
            None if bar is None else CLASS_WORDS.get(bar.grade, bar.grade)
            for bar in (pair.a, pair.b)
        )
        yield Line("outcome", f"serials.{pair.serial}.outcome", pair.name, "", one, two)


def _serials(a: Measures, b: Measures) -> tuple[SerialPair, ...]:
    sides = [{row.serial: row for row in side.timeline.rows} for side in (a, b)]
    order = {row.serial: row for row in (*b.timeline.rows, *a.timeline.rows)}
    names = sorted(order, key=lambda name: (order[name].planned_start, name))
    return tuple(
        SerialPair(name, order[name].name, *(_bar(side.get(name)) for side in sides))
        for name in names
    )


def _bar(row: SerialRow | None) -> Bar | None:
    if row is None:
        return None
    return Bar(row.planned_start, row.planned_end, row.start, row.end, row.grade)
