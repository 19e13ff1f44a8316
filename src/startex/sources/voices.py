"""Who repeats whom: sources against the origins behind them, and what stands behind a figure.

Ten papers that print one ministry are ten sources and one origin. Counted are sources in which
claims of an origin were read; sources that repeat another are told by ``derived_from``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from startex.sources.claims import Claim, Statement, natural_key, plural
from startex.sources.conflicts import Conflict
from startex.sources.dossier import Dossier
from startex.sources.policy import statement_of
from startex.sources.rules import ScenarioFigure


@dataclass(frozen=True, slots=True)
class Heard:
    """An origin, and where it was heard.

    Attributes
    ----------
    origin, name
        Id and name.
    claims
        How many claims go back to it.
    sources
        Ids of the sources that hold them, and of those whose first speaker it is.
    """

    origin: str
    name: str
    claims: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A source that repeats another; ``reached_as`` says as what: reprint, translation ..."""

    source: str
    repeats: str
    reached_as: str


@dataclass(frozen=True, slots=True)
class Voice:
    """One value of a figure, or one side of a conflict, and who stands behind it.

    Attributes
    ----------
    matter, kind, topic
        Id of the figure or conflict, which of both it is, and its name.
    says
        The value in words, or what the side says.
    claims
        Claims that say so, in natural order; deprecated ones are left out.
    heard
        (source, origin) of those claims, each pair once.
    """

    matter: str
    kind: Literal["figure", "conflict"]
    topic: str
    says: str
    claims: tuple[str, ...]
    heard: tuple[tuple[str, str], ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources in which it was read, each once."""
        return tuple(dict.fromkeys(source for source, _ in self.heard))

    @property
    def origins(self) -> tuple[str, ...]:
        """First speakers, each once: the independent voices."""
        return tuple(dict.fromkeys(origin for _, origin in self.heard))


@dataclass(frozen=True, slots=True)
class Repeats:
    """All of it: origins heard most first, links, voices of figures and then of conflicts.

    ``reached_as`` is by source.
    """

    heard: tuple[Heard, ...]
    links: tuple[Link, ...]
    voices: tuple[Voice, ...]
    reached_as: Mapping[str, str]

    @property
    def sources(self) -> int:
        """How many sources there are."""
        return len(self.reached_as)

    def disputed(self, kind: Literal["figure", "conflict"]) -> tuple[tuple[Voice, ...], ...]:
        """Return the figures, or conflicts, with more than one voice, each as its voices."""
        grouped: dict[str, list[Voice]] = {}
        for voice in self.voices:
            if voice.kind == kind:
                grouped.setdefault(voice.matter, []).append(voice)
        return tuple(tuple(own) for own in grouped.values() if len(own) > 1)


Printed = tuple[str, str, str, tuple[str, ...]]
"""A source: id, first speaker of most of it, what was seen, sources whose text it repeats."""

Said = tuple[str, str]
"""A claim: source and origin."""


def repeats(
    sources: Iterable[Printed],
    claims: Iterable[Said],
    names: Mapping[str, str],
    voices: Iterable[Voice] = (),
) -> Repeats:
    """Return who was heard where, from plain rows.

    Parameters
    ----------
    sources, claims
        All of a scenario, in any order.
    names
        Names of origins by id; an origin that stands behind nothing is left out.
    voices
        What stands behind figures and conflicts.
    """
    printed = sorted(sources, key=lambda row: natural_key(row[0]))
    said = list(claims)
    where: dict[str, dict[str, None]] = {}
    for source, origin, _, _ in printed:
        where.setdefault(origin, {})[source] = None
    for source, origin in said:
        where.setdefault(origin, {})[source] = None
    counts: dict[str, int] = {}
    for _, origin in said:
        counts[origin] = counts.get(origin, 0) + 1
    heard = [
        Heard(o, names.get(o, o), counts.get(o, 0), tuple(sorted(own, key=natural_key)))
        for o, own in where.items()
    ]
    heard.sort(key=lambda each: (-len(each.sources), -each.claims, each.origin))
    links = tuple(
        Link(source, parent, reached)
        for source, _, reached, parents in printed
        for parent in sorted(parents, key=natural_key)
    )
    reached_as = {source: reached for source, _, reached, _ in printed}
    return Repeats(tuple(heard), links, tuple(voices), reached_as)


def repeats_of(dossier: Dossier) -> Repeats:
    """Return who was heard where in a scenario."""
    return repeats(
        ((s.source, s.origin, s.reached_as, s.derived_from) for s in dossier.sources.values()),
        ((claim.source, claim.origin) for claim in dossier.claims.values()),
        {origin.origin: origin.name for origin in dossier.origins.values()},
        voices(dossier),
    )


def voices(dossier: Dossier) -> tuple[Voice, ...]:
    """Return what stands behind each figure that claims give, and behind each side of a conflict.

    Figures in the order of ids, the value with most origins first; then conflicts, sides as in the
    file.
    """
    found: list[Voice] = []
    for figure in sorted(dossier.figures.values(), key=lambda each: each.figure):
        own = _values(figure, dossier.claims)
        own.sort(key=lambda v: (-len(v.origins), -len(v.sources), natural_key(v.claims[0])))
        found += own
    for conflict in sorted(dossier.conflicts.values(), key=lambda c: natural_key(c.conflict)):
        found += _sides(conflict, dossier.claims)
    return tuple(found)


def _values(figure: ScenarioFigure, claims: Mapping[str, Claim]) -> list[Voice]:
    """Return the values of a figure; words that bound them, or doubt a date, do not part them."""
    by_value: dict[float | str, list[tuple[str, Statement]]] = {}
    for candidate in figure.candidates:
        if candidate.claim and claims[candidate.claim].rank != "deprecated":
            said = statement_of(claims, candidate)
            key = said.stated if said.numeric else said.date.rstrip("?~%")
            by_value.setdefault(key, []).append((candidate.claim, said))
    found = []
    for own in by_value.values():
        own.sort(key=lambda pair: natural_key(pair[0]))
        rules = dict.fromkeys(s.counting_rule.replace("_", " ") for _, s in own if s.counting_rule)
        plain = min(own, key=lambda pair: pair[1].date[-1:] in ("?", "~", "%"))
        says = _words(plain[1]) + (f" ({', '.join(rules)})" if rules else "")
        named = [name for name, _ in own]
        found.append(_voice("figure", figure.figure, figure.name, says, named, claims))
    return found


def _words(said: Statement) -> str:
    if not said.numeric:
        return said.date
    bound = "" if said.bound in ("exactly", "between") else f"{said.bound} "
    return f"{bound}{said.number_text} {plural(said.unit, said.value)}".rstrip()


def _sides(conflict: Conflict, claims: Mapping[str, Claim]) -> list[Voice]:
    usable = [
        (side.says, [name for name in side.claims if claims[name].rank != "deprecated"])
        for side in conflict.sides
    ]
    return [
        _voice("conflict", conflict.conflict, conflict.topic, says, named, claims)
        for says, named in usable
        if named
    ]


def _voice(
    kind: Literal["figure", "conflict"],
    matter: str,
    topic: str,
    says: str,
    named: list[str],
    claims: Mapping[str, Claim],
) -> Voice:
    ordered = tuple(sorted(dict.fromkeys(named), key=natural_key))
    heard = sorted({(claims[name].source, claims[name].origin) for name in ordered})
    return Voice(matter, kind, topic, says, ordered, tuple(heard))
