"""Live fire in the review: who fired how much at the targets of ranges, and what it hit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.models.intervals import wilson_interval
from startex.review.figures import Figure, FigureBook
from startex.review.record import Record, Words, words

Bool = npt.NDArray[np.bool_]

_TABLES = ("serials", "shots", "entities")
CONFIDENCE = 0.95
DESTROYED = "target_destroyed"


@dataclass(frozen=True, slots=True)
class FireRow:
    """The live fire of one serial: id, name, figures; rounds also by kind of weapon."""

    serial: str
    name: str
    shooters: Figure
    rounds: Figure
    kinds: tuple[tuple[str, Figure], ...]
    tonnes: Figure
    engaged: Figure
    hit: Figure
    destroyed: Figure
    share: Figure
    lower: Figure
    upper: Figure


@dataclass(frozen=True, slots=True)
class _Shots:
    """Rows of ``shots`` at targets of ranges, as columns of one shape."""

    serial: Words
    kind: Words
    result: Words
    shooter: npt.NDArray[np.int64]
    target: npt.NDArray[np.int64]
    rounds: npt.NDArray[np.int64]
    hits: npt.NDArray[np.int64]
    mass_kg: npt.NDArray[np.float64]


def fires(record: Record, book: FigureBook) -> tuple[FireRow, ...]:
    """Enter the figures of live fire, serial by serial in the order of their start."""
    shots = _shots(record)
    rows = []
    for serial in sorted(
        record.rows("serials"), key=lambda row: (row["planned_start"], row["serial"])
    ):
        mine = shots.serial == serial["serial"]
        if mine.any():
            rows.append(_row(book, str(serial["serial"]), str(serial["name"]), shots, mine))
    return tuple(rows)


def _shots(record: Record) -> _Shots:
    table = record.run.table("shots")
    target = table.column("target").to_numpy().astype(np.int64)
    known = (target >= 0) & (target < record.kind.code.size)
    on_range = np.zeros(target.size, dtype=np.bool_)
    on_range[known] = (record.kind == "target")[target[known]]
    table = table.filter(on_range)

    def whole(name: str) -> npt.NDArray[np.int64]:
        found: npt.NDArray[np.int64] = table.column(name).to_numpy().astype(np.int64)
        return found

    return _Shots(
        serial=words(table.column("serial")),
        kind=words(table.column("kind")),
        result=words(table.column("result")),
        shooter=whole("shooter"),
        target=whole("target"),
        rounds=whole("rounds"),
        hits=whole("hits"),
        mass_kg=np.nan_to_num(
            table.column("mass_kg").to_numpy(zero_copy_only=False).astype(np.float64)
        ),
    )


def _row(book: FigureBook, serial: str, name: str, shots: _Shots, mine: Bool) -> FireRow:
    def add(
        word: str, label: str, value: Any, unit: str, computed: str, decimals: int = 0
    ) -> Figure:
        return book.add(
            f"play.fires.{serial}.{word}", f"{label}: {name}", value, unit, computed, _TABLES,
            decimals=decimals,
        )  # fmt: skip

    hit = mine & (shots.hits > 0)
    fell = mine & (shots.result == DESTROYED)
    bouts, hits = int(mine.sum()), int(hit.sum())
    interval = wilson_interval(hits, bouts, CONFIDENCE)
    kinds = []
    for code, word in enumerate(shots.kind.word):
        fired = int(shots.rounds[mine & (shots.kind.code == code)].sum())
        if fired:
            label = word.replace("_", " ")
            kinds.append(
                (
                    label,
                    add(f"rounds_{word}", f"Rounds, {label}", fired, "",
                        "Sum of the rounds of its shots with weapons of that kind."),
                )
            )  # fmt: skip
    share = "Of its shots, those that hit at all; 95 % interval by Wilson, shots taken as alike."
    return FireRow(
        serial, name,
        shooters=add("shooters", "Shooters", len(np.unique(shots.shooter[mine])), "",
                     "Different platforms and teams that fired at targets of ranges."),
        rounds=add("rounds", "Rounds", int(shots.rounds[mine].sum()), "",
                   "Sum of the rounds of its shots."),
        kinds=tuple(kinds),
        tonnes=add("tonnes", "Mass fired", float(shots.mass_kg[mine].sum()) / 1e3, "t",
                   "Rounds by the mass of one, all together.", 1),
        engaged=add("engaged", "Targets engaged", len(np.unique(shots.target[mine])), "",
                    "Different targets fired at."),
        hit=add("hit", "Targets hit", len(np.unique(shots.target[hit])), "",
                "Different targets hit at least once."),
        destroyed=add("destroyed", "Targets destroyed", int(fell.sum()),
                      "", "Shots by which a target fell; one that is put up again may fall again."),
        share=add("hit_share", "Shots that hit", 100.0 * hits / bouts, "%", share, 1),
        lower=add("hit_share_lower", "Shots that hit, lower limit", 100.0 * float(interval.lower),
                  "%", share, 1),
        upper=add("hit_share_upper", "Shots that hit, upper limit", 100.0 * float(interval.upper),
                  "%", share, 1),
    )  # fmt: skip
