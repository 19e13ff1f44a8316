"""Who sits where in a crew: roles by seat, for crews of any size."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CrewRole:
    """A role in a crew: so many persons, or a share in per cent of those without a fixed number."""

    role: str
    division: str  # part of a ship's company; empty in small crews
    count: int
    share: bool


CrewList = list[CrewRole]


def seat_roles(crew: CrewList, persons: int) -> list[tuple[str, str]]:
    """Return role and division of each seat, seat 0 first.

    Fixed roles come first, in their order; what is left is shared out by the method of the
    largest remainder. A crew that is larger than a list without shares repeats its last role; a
    smaller one loses the last roles.

    Parameters
    ----------
    crew
        Roles in the order of their seats; empty: everybody is "member".
    persons
        Size of the crew.
    """
    seats = [(r.role, r.division) for r in crew if not r.share for _ in range(r.count)][:persons]
    rest = persons - len(seats)
    shared = [r for r in crew if r.share]
    if rest and shared:
        counts = largest_remainder([r.count for r in shared], rest)
        for role, number in zip(shared, counts, strict=True):
            seats += [(role.role, role.division)] * number
    elif rest:
        seats += [(crew[-1].role, crew[-1].division) if crew else ("member", "")] * rest
    return seats


def largest_remainder(weights: list[int] | list[float], total: int) -> list[int]:
    """Return whole numbers in proportion to ``weights`` that sum to ``total``.

    Hare quota with largest remainders; ties go to the earlier entry.
    """
    whole = sum(weights)
    if not whole:
        return [total if i == 0 else 0 for i in range(len(weights))]
    exact = [weight * total / whole for weight in weights]
    counts = [int(x) for x in exact]
    order = sorted(range(len(weights)), key=lambda i: (counts[i] - exact[i], i))
    for i in order[: total - sum(counts)]:
        counts[i] += 1
    return counts
