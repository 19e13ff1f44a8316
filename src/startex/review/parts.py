"""The parts of the review by the names of their figures: a few can be had without the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from startex.review.assessment import assessment
from startex.review.causes import troubles
from startex.review.claims import claims
from startex.review.deployment import deployment
from startex.review.distances import moves
from startex.review.figures import FigureBook
from startex.review.fires import fires
from startex.review.forces import forces
from startex.review.history import histories
from startex.review.lift import lift
from startex.review.measured import measured
from startex.review.movement import movement
from startex.review.play import play
from startex.review.presence import presence
from startex.review.reasons import reasons
from startex.review.record import Record
from startex.review.reporting import reporting
from startex.review.serials import timeline
from startex.review.stocks import stocks


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the review: what its figures begin with, and what enters them in a book."""

    begins: tuple[str, ...]
    enter: Callable[[Record, FigureBook], object]


def _movements(record: Record, book: FigureBook) -> None:
    legs = moves(record)
    movement(record, book, legs)
    deployment(record, book, legs)


def _claims(record: Record, book: FigureBook) -> None:
    told = claims(record, book, measured(record, book))
    assessment(record, book, told)


PARTS: tuple[Part, ...] = (
    Part(("forces.", "accounting.", "policy.announced."), forces),
    Part(("serials.", "objectives."), timeline),
    Part(("movement.", "deployment."), _movements),
    Part(("lift.",), lift),
    Part(("presence.",), presence),
    Part(("play.", "supply.", "mishaps."), play),
    Part(("play.",), histories),
    Part(("play.",), reasons),
    Part(("supply.",), stocks),  # reads what `play` has entered, which is asked for with it
    Part(("reporting.",), reporting),
    Part(("play.",), fires),
    Part(
        ("events.", "orders.", "troubles."),
        lambda record, book: troubles(record, book, timeline(record, FigureBook())),
    ),
    Part(("claims.", "policy.", "assess."), _claims),
)
"""All parts, in the order in which `measures.measure` enters their figures."""


def enter(record: Record, book: FigureBook, patterns: Sequence[str] = ("*",)) -> None:
    """Enter the figures of those parts of the review that may match a pattern.

    Parameters
    ----------
    record
        The run.
    book
        Takes the figures; others of the same parts are entered too.
    patterns
        Names of figures with wildcards, as of files: ``movement.*``.
    """
    asked = [p for p in PARTS if any(may_match(w, b) for w in patterns for b in p.begins)]
    verdicts = any(may_match(pattern, "assess.") for pattern in patterns)
    for part in PARTS if verdicts else asked:  # claims are held against all other figures
        part.enter(record, book)


def may_match(pattern: str, begin: str) -> bool:
    """Tell whether a name that begins so can match: as far as the first wildcard they agree."""
    cut = min((pattern.find(sign) for sign in "*?[" if sign in pattern), default=len(pattern))
    fixed = pattern[:cut]
    return fixed.startswith(begin) or begin.startswith(fixed)


def wanted(name: str, patterns: Sequence[str]) -> bool:
    """Tell whether the name of a figure matches one of the patterns."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)
