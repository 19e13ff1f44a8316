"""Checks that every name used in a scenario is declared in it, and declared once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from startex.foundation.document import DataPath
from startex.foundation.errors import Problem, did_you_mean
from startex.scenario.draft import Draft, Entry
from startex.scenario.provenance import claims_of


def unknown(
    draft: Draft, entry: Entry[Any], where: str | DataPath, kind: str, name: object
) -> Iterator[Problem]:
    """Yield a problem if ``name`` is no id of that kind (nothing if their file is unreadable)."""
    known = draft.ids.get(kind)
    if known is None or name in known:
        return
    if not known:
        remedy = f"The scenario declares no {kind}."
    else:
        remedy = did_you_mean(str(name), known)
        remedy = remedy[:1].upper() + remedy[1:]
    yield entry.problem(where, f"unknown {kind} {name!r}.", remedy)


def check_claims(draft: Draft) -> Iterator[Problem]:
    """Check that every claim named exists."""
    entries = (
        *draft.lines, *draft.templates, *draft.serials, *draft.events, *draft.weather,
        *draft.communications,
    )  # fmt: skip
    for entry in entries:
        for path, claims in claims_of(entry.value):
            for index, claim in enumerate(claims):
                yield from unknown(draft, entry, (*path, "claim", index), "claim", claim)
    for feature in (*draft.places, *draft.ways):
        for path, claim in _claims_of_feature(feature.value):
            yield from unknown(draft, feature, path, "claim", claim)


def _claims_of_feature(properties: Mapping[str, Any]) -> Iterator[tuple[DataPath, str]]:
    claim = properties.get("claim")
    if isinstance(claim, str) and claim:
        yield ("claim",), claim
    elif isinstance(claim, list):
        yield from ((("claim", index), str(item)) for index, item in enumerate(claim))


def check_figures(draft: Draft) -> Iterator[Problem]:
    """Check that every scenario figure named by a unit exists."""
    for entry in draft.lines:
        for name in ("persons", "ground"):
            figure = getattr(entry.value, name)
            if figure is not None and figure.figure:
                yield from unknown(draft, entry, (name, "figure"), "figure", figure.figure)
        if entry.value.scales_with:
            yield from unknown(draft, entry, "scales_with", "figure", entry.value.scales_with)


def check_policies(draft: Draft) -> Iterator[Problem]:
    """Check that every policy offered exists."""
    if draft.header is None:
        return
    for index, policy in enumerate(draft.header.value.policies):
        yield from unknown(draft, draft.header, ("policies", index), "policy", policy)


def check_unit_lines(draft: Draft) -> Iterator[Problem]:
    """Check that parents, homes, templates and types named by units exist."""
    for entry in draft.lines:
        line = entry.value
        if line.parent:
            yield from unknown(draft, entry, "parent", "unit", line.parent)
        for name, place in (("home", line.home), ("vehicles_at", line.vehicles_at)):
            if place:
                yield from unknown(draft, entry, name, "place", place)
        if line.fill:
            yield from unknown(draft, entry, "fill", "template", line.fill)
        yield from unknown(draft, entry, "echelon", "echelon", line.echelon)
        yield from _check_parts(draft, entry)


def check_templates(draft: Draft) -> Iterator[Problem]:
    """Check that templates and types named by templates exist."""
    for entry in draft.templates:
        yield from unknown(draft, entry, "echelon", "echelon", entry.value.echelon)
        yield from _check_parts(draft, entry)


def _check_parts(draft: Draft, entry: Entry[Any]) -> Iterator[Problem]:
    for index, part in enumerate(entry.value.parts):
        path = ("parts", index)
        if part.template:
            yield from unknown(draft, entry, (*path, "template"), "template", part.template)
        if part.platform:
            yield from unknown(draft, entry, (*path, "platform"), "type", part.platform)


def check_serials(draft: Draft) -> Iterator[Problem]:
    """Check that tasks, places, units and earlier serials named by serials exist."""
    for entry in draft.serials:
        serial = entry.value
        yield from unknown(draft, entry, "task", "task", serial.task)
        yield from unknown(draft, entry, "place", "place", serial.place)
        for name in ("units", "support", "opfor"):
            for index, unit in enumerate(getattr(serial, name)):
                yield from unknown(draft, entry, (name, index), "unit", unit)
        for index, other in enumerate(serial.after):
            yield from unknown(draft, entry, ("after", index), "serial", other)


def check_events(draft: Draft) -> Iterator[Problem]:
    """Check that places named by context events exist."""
    for entry in draft.events:
        if entry.value.place:
            yield from unknown(draft, entry, "place", "place", entry.value.place)


def check_duplicates(draft: Draft) -> Iterator[Problem]:
    """Check that no id is given twice in a list."""
    lists: tuple[tuple[str, Sequence[Entry[Any]]], ...] = (
        ("unit", draft.lines),
        ("template", draft.templates),
        ("serial", draft.serials),
    )
    for kind, entries in lists:
        seen: dict[str, int] = {}
        for entry in entries:
            name, path = entry.name, kind
            line, _ = entry.at(path)
            if name in seen:
                message = f"the {kind} {name!r} is given twice (first in line {seen[name]})."
                yield entry.problem(path, message, "Give each an id of its own.")
            seen.setdefault(name, line)
