"""Who took part, and whether everybody is accounted for at every instant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from startex.foundation.nations import nation_name
from startex.recording.lookup import FOREVER
from startex.review.figures import Figure, FigureBook
from startex.review.record import COUNTED_KINDS, KIND_WORDS, Float64, Int64, Record, id_list, words

_HOME = "home"
"""Status of a person before the first recorded change."""


@dataclass(frozen=True, slots=True)
class NationForces:
    """What one nation brought: a figure for each of `COUNTED_KINDS`."""

    code: str
    name: str
    figures: tuple[Figure, ...]

    def value(self, kind: str) -> int:
        """Return the number of a kind."""
        return int(self.figures[COUNTED_KINDS.index(kind)].value or 0)


@dataclass(frozen=True, slots=True)
class StatusHistory:
    """Persons by status over time: ``count[s, i]`` from instant ``t[i]`` (ms) to the next."""

    status: tuple[str, ...]
    t: Int64
    count: Int64


@dataclass(frozen=True, slots=True)
class Forces:
    """The forces of a run.

    ``fewer``: totals that differ from the scenario's figure, each with that figure.
    """

    totals: tuple[Figure, ...]
    fewer: tuple[tuple[Figure, Figure], ...]
    nations: tuple[NationForces, ...]
    uncounted: tuple[Figure, ...]
    history: StatusHistory


def forces(record: Record, book: FigureBook) -> Forces:
    """Enter the figures of the forces and return them."""
    claims_of = _claims_by_nation(record)
    figures = {row["figure"]: row for row in record.rows("figures")}
    totals, fewer = [], []
    for kind in COUNTED_KINDS:
        stem = KIND_WORDS[kind].replace(" ", "_")
        count, figure = record.rows_of(kind).size, _of_total(figures, stem)
        how = f"Entities of kind {kind} that count towards the announced totals."
        met = figure is None or figure["value"] == count
        if figure is not None and not met:
            how += (
                f" The scenario's figure is {figure['value']:,.0f}; units that are assumed to "
                "shrink with a disputed figure do so with all they have."
            )
        totals.append(
            book.add(
                f"forces.{stem}",
                f"{KIND_WORDS[kind].capitalize()} in the announced totals",
                count,
                KIND_WORDS[kind],
                how,
                ("entities", "figures"),
                claims=id_list(figure["claim"]) if figure is not None and met else (),
                assumed="" if met else "how far units shrink with a disputed figure is assumed",
            )
        )
        if figure is not None and not met:
            announced = book.add(
                f"policy.announced.{stem}", f"{KIND_WORDS[kind].capitalize()} by the scenario's "
                "figure", figure["value"], KIND_WORDS[kind], "Value of the figure in this run.",
                ("figures",), claims=id_list(figure["claim"]),
            )  # fmt: skip
            fewer.append((totals[-1], announced))
    used = record.nation.code[record.counted & record.kind.isin(COUNTED_KINDS)]
    table = np.zeros((len(record.nation.word), len(COUNTED_KINDS)), dtype=np.int64)
    for column, kind in enumerate(COUNTED_KINDS):
        rows = record.rows_of(kind)
        table[:, column] = np.bincount(record.nation.code[rows], minlength=len(table))
    book.add(
        "forces.nations",
        "Nations taking part",
        np.unique(used).size,
        "nations",
        "Nations of all entities that count towards the announced totals.",
        ("entities",),
        claims=id_list((_of_total(figures, "nations") or {}).get("claim")),
    )
    order = np.lexsort((np.arange(len(table)), *(-table[:, c] for c in (3, 2, 1, 0))))
    nations = [
        _nation(book, record.nation.word[row], table[row], claims_of)
        for row in order
        if table[row].any()
    ]
    uncounted = [
        book.add(
            f"forces.uncounted.{kind}",
            f"{KIND_WORDS.get(kind, kind).capitalize()} outside the announced totals",
            count,
            KIND_WORDS.get(kind, kind),
            f"Entities of kind {kind} that the announced totals do not count: they make the "
            "exercise work (trains, escorted merchant ships, targets, teams on foot).",
            ("entities",),
        )
        for kind in record.kind.word
        if (count := record.rows_of(kind, counted=False).size)
    ]
    _accounting(record, book)
    return Forces(tuple(totals), tuple(fewer), tuple(nations), tuple(uncounted), _history(record))


def _nation(
    book: FigureBook, code: str, counts: Int64, claims_of: dict[str, tuple[str, ...]]
) -> NationForces:
    name = nation_name(code)
    return NationForces(
        code,
        name,
        tuple(
            book.add(
                f"forces.{code}.{kind}",
                f"{KIND_WORDS[kind].capitalize()} of {name}",
                counts[column],
                KIND_WORDS[kind],
                f"Entities of kind {kind} and nation {code} in the announced totals. How units "
                "are made up below what is reported is assumed by templates.",
                ("entities", "units"),
                claims=claims_of.get(code, ()),
            )
            for column, kind in enumerate(COUNTED_KINDS)
        ),
    )


def _of_total(figures: dict[str, dict[str, Any]], stem: str) -> dict[str, Any] | None:
    """Return the scenario figure that gives a total, under its usual names."""
    return next((figures[name] for name in (f"{stem}_total", stem) if name in figures), None)


def _claims_by_nation(record: Record) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for unit in record.unit_rows:
        found.setdefault(unit["nation"], {}).update(dict.fromkeys(id_list(unit["claim"])))
    return {nation: tuple(claims) for nation, claims in found.items()}


def _accounting(record: Record, book: FigureBook) -> None:
    """Enter how many persons are aboard or in something, at every instant of the run."""
    person = np.zeros(len(record.counted), dtype=bool)
    person[record.rows_of("person")] = True
    rows = record.lookup.carriers
    mine = person[rows.entity]
    entity, t0, t1 = rows.entity[mine], rows.t0[mine], rows.t1[mine]
    edges = np.concatenate([t0, t1[t1 < FOREVER]])
    steps = np.concatenate([np.ones(t0.size), -np.ones(edges.size - t0.size)])
    instants, at = np.unique(np.maximum(edges, record.start_ms), return_inverse=True)
    present = np.cumsum(np.bincount(at, weights=steps, minlength=instants.size))
    inside = instants < record.end_ms
    begun = instants.size > 0 and instants[0] == record.start_ms
    least = int(present[inside].min()) if begun and inside.any() else 0
    same = entity[1:] == entity[:-1]
    broken = np.unique(entity[1:][same & (t0[1:] != t1[:-1])]).size
    missing = int(person.sum()) - np.unique(entity).size
    how = (
        "Every counted person must stand in exactly one row of 'carriers' at any instant: "
        "a vehicle, an aircraft, a ship or a team. "
    )
    book.add(
        "accounting.instants",
        "Instants checked",
        inside.sum(),
        "instants",
        how + "Instants at which anybody changes place; between them nothing can.",
        ("carriers",),
    )
    book.add(
        "accounting.persons_least",
        "Persons accounted for, at the instant with the fewest",
        least,
        "persons",
        how + "The least number over all instants from the start to the end of the run.",
        ("carriers", "entities"),
    )
    book.add(
        "accounting.persons_unaccounted",
        "Persons unaccounted for at any instant",
        broken + missing,
        "persons",
        how + "Persons with a gap or an overlap between rows, or with no row at all.",
        ("carriers", "entities"),
    )
    platforms = np.flatnonzero(record.counted & ~person)
    unknown = 0
    for t in (record.start_ms, record.end_ms):
        unknown = max(unknown, int(np.isnan(record.lookup.locate(platforms, t).lat).sum()))
    book.add(
        "accounting.platforms_unaccounted",
        "Vehicles, aircraft and ships without a position",
        unknown,
        "platforms",
        "Positions at the start and the end of the run, from legs, carriers and starting "
        "positions; whatever has one at the start keeps having one.",
        ("entities", "legs", "carriers"),
    )


def _history(record: Record) -> StatusHistory:
    """Return counted persons by status over the whole run."""
    changes = record.run.table("statuses")
    entity = changes.column("entity").to_numpy().astype(np.int64)
    t = np.maximum(changes.column("t").to_numpy(), record.start_ms)
    status = words(changes.column("status"))
    names = tuple(dict.fromkeys((_HOME, *status.word)))
    code = np.array([names.index(word) for word in status.word], dtype=np.int64)[status.code]
    keep = record.counted[entity] & (record.kind.code[entity] == _code(record, "person"))
    entity, t, code = entity[keep], t[keep], code[keep]
    order = np.lexsort((t, entity))
    entity, t, code = entity[order], t[order], code[order]
    before = np.zeros(code.size, dtype=np.int64)  # home
    if code.size:
        before[1:] = np.where(entity[1:] == entity[:-1], code[:-1], 0)
    instants, at = np.unique(np.append(t, record.start_ms), return_inverse=True)
    steps: Float64 = np.zeros((len(names), instants.size))
    np.add.at(steps, (code, at[:-1]), 1)
    np.add.at(steps, (before, at[:-1]), -1)
    steps[0, 0] += record.rows_of("person").size
    return StatusHistory(names, instants, np.cumsum(steps, axis=1).astype(np.int64))


def _code(record: Record, kind: str) -> int:
    return record.kind.word.index(kind) if kind in record.kind.word else -2
