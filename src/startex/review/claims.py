"""Claims the run rests on, where they disagree, and what the policy made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from startex.review.figures import Figure, FigureBook
from startex.review.record import Record, id_list
from startex.sources.verdicts import Measured, Verdict, with_measures


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as the review shows it."""

    id: str
    subject: str
    field: str
    value: str
    unit: str
    counting_rule: str
    kind: str
    quote: str
    speaker: str
    source: str
    source_text: str
    origin: str
    origin_name: str
    date: str
    rank: str
    rank_reason: str
    conflicts: tuple[str, ...]
    used: bool
    used_for: str
    verdict: str
    verdict_why: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Claims that disagree; ``chosen`` are the ids the policy rests on."""

    id: str
    title: str
    claims: tuple[Claim, ...]
    explanation: str
    chosen: tuple[str, ...]
    origins: int


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A figure of the scenario under the policy of the run."""

    id: str
    name: str
    value: Figure
    default: Figure
    low: float | None
    high: float | None
    claims: tuple[str, ...]
    reason: str

    @property
    def changed(self) -> bool:
        """Whether the policy gives another value than the default policy."""
        return self.default.value is not None and self.value.value != self.default.value


@dataclass(frozen=True, slots=True)
class Claims:
    """All claims by id, the conflicts, and the figures of the scenario."""

    by_id: dict[str, Claim]
    used: tuple[Claim, ...]
    conflicts: tuple[Conflict, ...]
    policy: tuple[PolicyRow, ...]


def claims(
    record: Record, book: FigureBook, measured: Mapping[str, tuple[Measured, ...]]
) -> Claims:
    """Enter the figures of the claims and return them.

    Parameters
    ----------
    record, book
        The run, and where figures are entered.
    measured
        What the run says of claims that are held against its figures.
    """
    sources = {row["source"]: row for row in record.rows("sources")}
    origins = {row["origin"]: row["name"] for row in record.rows("origins")}
    found = {
        row["claim"]: _claim(_held_against(row, measured), sources, origins)
        for row in sorted(record.rows("claims"), key=lambda row: _natural(row["claim"]))
    }
    used = tuple(claim for claim in found.values() if claim.used)
    add: Callable[[str, str, int, str], Figure] = lambda name, label, value, how: book.add(  # noqa: E731
        f"claims.{name}", label, value, "", how, ("claims",)
    )
    add("all", "Claims on record", len(found), "Rows of 'claims'.")
    add("used", "Claims the run rests on", len(used), "Claims marked as used under the policy.")
    add(
        "origins", "Origins behind the claims", len({c.origin for c in found.values() if c.origin}),
        "First speakers, each once: papers that repeat a ministry add nothing to it.",
    )  # fmt: skip
    add(
        "sources", "Sources they were read in", len({c.source for c in found.values() if c.source}),
        "Papers, agencies and statements, each once.",
    )  # fmt: skip
    conflicts = tuple(
        _conflict(row, found)
        for row in sorted(record.rows("conflicts"), key=lambda row: _natural(row["conflict"]))
    )
    book.add(
        "claims.conflicts", "Conflicts between claims", len(conflicts), "",
        "Rows of 'conflicts'.", ("conflicts",),
    )  # fmt: skip
    policy = tuple(
        _policy_row(book, row)
        for row in sorted(record.rows("figures"), key=lambda row: str(row["figure"]))
    )
    book.add(
        "policy.changed", "Scenario figures that the policy changed",
        sum(row.changed for row in policy), "",
        "Rows of 'figures' whose value differs from that under the default policy.", ("figures",),
    )  # fmt: skip
    return Claims(found, used, conflicts, policy)


def _natural(text: str) -> tuple[tuple[int, str, int], ...]:
    parts = text.replace("_", "-").split("-")
    return tuple((1, "", int(p)) if p.isdecimal() else (0, p, 0) for p in parts)


def _held_against(
    row: dict[str, Any], measured: Mapping[str, tuple[Measured, ...]]
) -> dict[str, Any]:
    """Return the row of a claim with what the run says of it."""
    if not row.get("verdict"):
        return row
    before = Verdict(row["claim"], row["verdict"], row["verdict_why"])
    verdict = with_measures(before, measured.get(row["claim"], ()))
    return {**row, "verdict": verdict.word, "verdict_why": verdict.why}


def _claim(row: dict[str, Any], sources: dict[str, Any], origins: dict[str, str]) -> Claim:
    source = sources.get(row["source"] or "", {})
    parts = [source.get("title"), source.get("publisher"), source.get("date")]
    return Claim(
        id=row["claim"],
        subject=row["subject"],
        field=row["field"],
        value=row["value"] or "",
        unit=row["unit"] or "",
        counting_rule=row["counting_rule"] or "",
        kind=row["kind"],
        quote=row["quote"] or "",
        speaker=row["speaker"] or "",
        source=row["source"] or "",
        source_text=", ".join(str(part) for part in parts if part) or (row["source"] or ""),
        origin=row["origin"] or "",
        origin_name=origins.get(row["origin"] or "", row["origin"] or ""),
        date=row["date"] or "",
        rank=row["rank"],
        rank_reason=row["rank_reason"] or "",
        conflicts=id_list(row["conflicts"]),
        used=bool(row["used"]),
        used_for=row["used_for"] or "",
        verdict=row.get("verdict") or "",
        verdict_why=row.get("verdict_why") or "",
    )


def _conflict(row: dict[str, Any], found: dict[str, Claim]) -> Conflict:
    parts = tuple(found[claim] for claim in id_list(row["claims"]) if claim in found)
    return Conflict(
        id=row["conflict"],
        title=row["title"],
        claims=parts,
        explanation=row["explanation"] or "",
        chosen=id_list(row["chosen"]),
        origins=len({claim.origin or claim.id for claim in parts}),
    )


def _policy_row(book: FigureBook, row: dict[str, Any]) -> PolicyRow:
    name, unit = row["name"] or row["figure"], row["unit"] or ""
    rests = id_list(row["claim"])
    value, default = row["value"], row["default_value"]
    decimals = 0 if all(v is None or float(v).is_integer() for v in (value, default)) else 3
    reason = row["reason"] or ""

    def add(key: str, label: str, number: float | None, how: str) -> Figure:
        return book.add(
            f"policy.{row['figure']}.{key}", label, number, unit, how, ("figures",),
            claims=rests, decimals=decimals,
            assumed="" if rests else reason or "no claim is recorded for it",
        )  # fmt: skip

    return PolicyRow(
        id=row["figure"],
        name=name,
        value=add("value", name, value, "As the policy of this run resolves it. " + reason),
        default=add(
            "default", f"{name}, under the default policy", default,
            "As the default policy of the scenario resolves it.",
        ),
        low=row["low"],
        high=row["high"],
        claims=rests,
        reason=reason,
    )  # fmt: skip
