"""Means of communication: nets, who uses which, staffs, liaison and languages."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from startex.forces.catalogue import FigureProvenance
from startex.forces.communications_figures import (
    KIND_FIGURES,
    LEVELS,
    LIAISON,
    LIAISON_FIGURES,
    MEDIA,
    MESSAGE_KINDS,
    NET_FIGURES,
    PRECEDENCES,
    Fault,
    judge,
)
from startex.forces.communications_files import Content, read_folder
from startex.foundation.errors import Problem, ScenarioError
from startex.foundation.provenance import Provenance

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Value = float | frozenset[str]

SHIPPED = Path(__file__).parent.parent / "data" / "communications"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: in the unit its name ends in, or languages; and as it was published."""

    item: str
    figure: str
    held: Value
    published: FigureProvenance | None = None
    claim: tuple[str, ...] = ()
    assumed: str = ""


class CommunicationRow(Provenance):
    """A row of a scenario's communications.csv: a figure instead of the one shipped.

    Attributes
    ----------
    item
        A net, level, precedence, kind of message, ``liaison``, two nations (``AAA-BBB``) or a
        nation.
    figure, value, unit
        As in the shipped files; ``languages`` of a nation have no unit.
    """

    item: str
    figure: str
    value: str
    unit: str = ""

    def held(self) -> Figure:
        """Return the figure in the unit its name ends in.

        Raises
        ------
        ValueError
            If it is not possible, which the checks of a scenario tell with its place.
        """
        found = judge(self.item, self.figure, self.value, self.unit, _shipped().net_id)
        if isinstance(found, Fault):
            raise ValueError(f"{found.message} {found.remedy}")
        return Figure(self.item, self.figure, found, claim=self.claim, assumed=self.assumed)


@dataclass(frozen=True, slots=True)
class Nets:
    """Nets in columns of shape (nets,); nan where a net has no such figure."""

    id: tuple[str, ...]
    name: tuple[str, ...]
    kind: tuple[str, ...]
    word_s: Float64
    rate_bit_s: Float64
    call_s: Float64
    load: Float64
    delay_s: Float64
    range_m: Float64
    antenna_m: Float64
    channels: Int64
    spread: Float64


@dataclass(frozen=True, slots=True)
class Liaison:
    """How two nations pass messages; ``interpret`` is whether it takes interpreters."""

    interpret: bool
    interpret_s: float
    interpret_word_s: float
    spread: float
    interpreters: int
    handover_s: float


@dataclass(frozen=True)
class Communications:
    """Everything that is known of communications before the exercise.

    Attributes
    ----------
    net_id, net_name, net_kind
        Of each net, in the order of their ids.
    ladder
        Rows of nets to try, in this order, by medium and level; -1 after the last; shape
        (media, levels, most).
    levels
        Level of each echelon, an index into `LEVELS`.
    figures
        By (item, figure).
    """

    net_id: tuple[str, ...]
    net_name: tuple[str, ...]
    net_kind: tuple[str, ...]
    ladder: Int64
    levels: Mapping[str, int]
    figures: Mapping[tuple[str, str], Figure]

    @cached_property
    def nets(self) -> Nets:
        """The nets in columns."""
        columns = {
            name: np.array([self._number(net, name) for net in self.net_id]) for name in NET_FIGURES
        }
        for name, value in (("load", 0.0), ("delay_s", 0.0), ("spread", 0.0), ("channels", 1.0)):
            columns[name] = np.where(np.isnan(columns[name]), value, columns[name])
        channels = columns.pop("channels").astype(np.int64)
        return Nets(self.net_id, self.net_name, self.net_kind, channels=channels, **columns)

    @cached_property
    def draft_s(self) -> Float64:
        """Time to draft a routine message, by level; shape (levels,)."""
        return self._by(LEVELS[:-1], "draft_s")

    @cached_property
    def relay_s(self) -> Float64:
        """Time to pass a routine message on, by level; shape (levels,)."""
        return self._by(LEVELS[:-1], "relay_s")

    @cached_property
    def staff_share(self) -> Float64:
        """Share of these times that a message takes, by precedence; shape (precedences,)."""
        return self._by(PRECEDENCES, "staff_share")

    @cached_property
    def objective_s(self) -> Float64:
        """Published objective of delivery, by precedence; shape (precedences,)."""
        return self._by(PRECEDENCES, "objective_s")

    @cached_property
    def words(self) -> Int64:
        """Usual length of a message, words, by kind; shape (kinds,)."""
        return np.concatenate([self._by(MESSAGE_KINDS, figure) for figure in KIND_FIGURES]).astype(
            np.int64
        )

    def liaison(self, one: str, other: str) -> Liaison:
        """Return how two nations pass messages to each other; their order does not matter.

        A nation without known languages shares none with others.
        """
        pair = "-".join(sorted((one, other)))
        turned = "-".join(reversed(pair.split("-")))
        held: dict[str, float] = {}
        for name in LIAISON_FIGURES:
            found = [self._number(item, name) for item in (pair, turned, LIAISON)]
            held[name] = next(value for value in found if not math.isnan(value))
        number = int(held.pop("interpreters"))
        shared = self.languages(one) & self.languages(other)
        return Liaison(interpret=one != other and not shared, interpreters=number, **held)

    def languages(self, nation: str) -> frozenset[str]:
        """Return the ISO 639-3 codes of a nation's working languages, none where not known."""
        figure = self.figures.get((nation, "languages"))
        return figure.held if figure and isinstance(figure.held, frozenset) else frozenset()

    def overridden(self, figures: Iterable[Figure]) -> Communications:
        """Return the same with some figures replaced or added.

        The way of sending is one figure: a rate replaces a time a word, and the other way round.
        """
        found = dict(self.figures)
        for figure in figures:
            other = {"word_s": "rate_bit_s", "rate_bit_s": "word_s"}.get(figure.figure)
            if other is not None:
                found.pop((figure.item, other), None)
            found[figure.item, figure.figure] = figure
        return Communications(
            self.net_id, self.net_name, self.net_kind, self.ladder, self.levels, found
        )

    def _number(self, item: str, name: str) -> float:
        figure = self.figures.get((item, name))
        return figure.held if figure and isinstance(figure.held, float) else math.nan

    def _by(self, items: Iterable[str], name: str) -> Float64:
        return np.array([self._number(item, name) for item in items])


def load_communications(folder: Path = SHIPPED) -> Communications:
    """Load a folder of nets, ladders, echelons and figures; the one that is shipped by default.

    Raises
    ------
    ScenarioError
        With every problem of its files.
    """
    return _shipped() if folder == SHIPPED else _load(folder)


def _load(folder: Path) -> Communications:
    problems: list[Problem] = []
    content = read_folder(folder, problems)
    if problems:
        raise ScenarioError(problems)
    return _communications(content)


@cache
def _shipped() -> Communications:
    """Return what is shipped, read once: it is frozen."""
    return _load(SHIPPED)


def _communications(content: Content) -> Communications:
    ids = tuple(sorted(content.nets))
    most = max(len(nets) for nets in content.ladder.values())
    ladder = np.full((len(MEDIA), len(LEVELS), most), -1, dtype=np.int64)
    for (medium, level), nets in content.ladder.items():
        ladder[MEDIA.index(medium), LEVELS.index(level), : len(nets)] = [ids.index(n) for n in nets]
    return Communications(
        net_id=ids,
        net_name=tuple(content.nets[net][0] for net in ids),
        net_kind=tuple(content.nets[net][1] for net in ids),
        ladder=ladder,
        levels={echelon: LEVELS.index(level) for echelon, level in content.levels.items()},
        figures={
            key: Figure(*key, held, published, assumed=published.assumed)
            for key, (held, published) in content.figures.items()
        },
    )
