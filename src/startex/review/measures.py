"""Everything the review says, computed from one run folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from startex.review.assessment import Assessment, assessment
from startex.review.causes import Troubles, troubles
from startex.review.claims import Claims, claims
from startex.review.deployment import Deployment, deployment
from startex.review.distances import Moves, moves
from startex.review.figures import FigureBook
from startex.review.fires import FireRow, fires
from startex.review.forces import Forces, forces
from startex.review.history import History, histories
from startex.review.lift import Lift, lift
from startex.review.measured import measured
from startex.review.movement import Movement, movement
from startex.review.play import Play, play
from startex.review.presence import Presence, presence
from startex.review.reasons import Reasons, reasons
from startex.review.record import Record
from startex.review.reporting import Reporting, reporting
from startex.review.serials import Timeline, timeline
from startex.review.stocks import Stocks, stocks


@dataclass(frozen=True, slots=True)
class Measures:
    """The run, its figures, and the parts of the review they belong to."""

    record: Record
    book: FigureBook
    moves: Moves
    forces: Forces
    timeline: Timeline
    movement: Movement
    deployment: Deployment
    lift: Lift
    presence: Presence
    play: Play
    histories: tuple[History, ...]
    reasons: dict[str, Reasons]
    stocks: Stocks
    reporting: Reporting
    fires: tuple[FireRow, ...]
    troubles: Troubles
    claims: Claims
    assessment: Assessment


def measure(folder: str | Path) -> Measures:
    """Return every figure of the review of a run.

    Raises
    ------
    StoreError
        If there is no run in ``folder``, or it cannot be read.
    """
    record, book = Record(folder), FigureBook()
    took_part = forces(record, book)
    planned = timeline(record, book)
    legs = moves(record)
    return Measures(  # claims come last: they are held against the other figures
        record=record,
        book=book,
        moves=legs,
        forces=took_part,
        timeline=planned,
        movement=movement(record, book, legs),
        deployment=deployment(record, book, legs),
        lift=lift(record, book),
        presence=presence(record, book),
        play=play(record, book),
        histories=histories(record, book),
        reasons=reasons(record, book),
        stocks=stocks(record, book),
        reporting=reporting(record, book),
        fires=fires(record, book),
        troubles=troubles(record, book, planned),
        claims=(told := claims(record, book, measured(record, book))),
        assessment=assessment(record, book, told),
    )
