"""What may be said of nets, staffs, precedences, kinds of message, liaison and languages."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from startex.forces.catalogue_files import nearest
from startex.forces.figures import FigureKind
from startex.foundation.quantities import QuantityError, held_in

NET_KINDS: tuple[str, ...] = (
    "vhf_voice", "uhf_voice", "hf_voice", "hf_data", "data_link", "relay", "satellite", "cable",
    "courier",
)  # fmt: skip
"""Kinds of net; jamming is told by kind."""

LEVELS: tuple[str, ...] = ("company", "ship", "battalion", "brigade", "army", "combined")
"""Levels of command a net belongs to; ``combined``: between tops with no common superior."""

MEDIA: tuple[str, ...] = ("ground", "sea", "shore", "air")
"""Where the two ends of a hop are: both ashore, both afloat, one of each, one of them flying."""

PRECEDENCES: tuple[str, ...] = ("flash", "immediate", "priority", "routine")
"""Who is served first; a message that is being sent is not cut short."""

MESSAGE_KINDS: tuple[str, ...] = (
    "contact_report", "situation_report", "order", "request", "acknowledgement", "coordination",
)  # fmt: skip

LIAISON = "liaison"
"""Item of figures that hold between any two nations; ``AAA-BBB`` overrides them for two."""

NET_FIGURES: dict[str, FigureKind] = {
    "word_s": FigureKind("time", 0, 60, "time to speak or key a word"),
    "rate_bit_s": FigureKind("data rate", 1, 1e10, "rate of sending, instead of word_s"),
    "call_s": FigureKind("time", 0, 86400, "calling, answer and receipt of a message"),
    "load": FigureKind("share", 0, 0.5, "calls tried in the time of one that are no messages"),
    "delay_s": FigureKind("time", 0, 3600, "delay of the medium"),
    "range_m": FigureKind("length", 1, 3e7, "farthest that it reaches"),
    "antenna_m": FigureKind("length", 0.1, 500, "height of both antennas; none: no horizon"),
    "channels": FigureKind("count", 1, 1000, "messages sent at a time"),
    "spread": FigureKind("share", 0, 3, "standard deviation of the time of sending over its mean"),
}
LEVEL_FIGURES: dict[str, FigureKind] = {
    "draft_s": FigureKind("time", 0, 86400, "drafting and release of a routine message"),
    "relay_s": FigureKind("time", 0, 86400, "passing on of a routine message"),
}
PRECEDENCE_FIGURES: dict[str, FigureKind] = {
    "staff_share": FigureKind("share", 0, 1, "of the staff's time for a routine message"),
    "objective_s": FigureKind("time", 1, 864000, "published objective of delivery"),
}
KIND_FIGURES: dict[str, FigureKind] = {"words": FigureKind("count", 1, 100000, "usual length")}
LIAISON_FIGURES: dict[str, FigureKind] = {
    "interpret_s": FigureKind("time", 0, 86400, "of an interpreter for any message"),
    "interpret_word_s": FigureKind("time", 0, 60, "of an interpreter for each word"),
    "spread": FigureKind("share", 0, 3, "standard deviation of these over their mean"),
    "interpreters": FigureKind("count", 1, 1000, "at work at a time between the two nations"),
    "handover_s": FigureKind("time", 0, 86400, "of the liaison officers, in a common language too"),
}
LANGUAGES = "languages"
"""Figure of a nation: ISO 639-3 codes of its working languages, parted by spaces."""

REQUIRED: dict[str, tuple[str, ...]] = {
    "net": ("call_s", "range_m"),
    "level": ("draft_s", "relay_s"),
    "precedence": tuple(PRECEDENCE_FIGURES),
    "kind": tuple(KIND_FIGURES),
    "liaison": tuple(LIAISON_FIGURES),
}
"""What each item of a sort must have; a net has word_s or rate_bit_s, too, and not both."""

_NATION = re.compile(r"[A-Z]{3}")
_PAIR = re.compile(r"[A-Z]{3}-[A-Z]{3}")
_LANGUAGE = re.compile(r"[a-z]{3}")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a figure: the column, what was found, and what to do."""

    column: str
    message: str
    remedy: str = ""


def figures_of(item: str, nets: Collection[str]) -> dict[str, FigureKind] | None:
    """Return the figures an item may have: {} for a nation, None where it is no item."""
    if item in nets:
        return NET_FIGURES
    if item in LEVELS[:-1]:
        return LEVEL_FIGURES
    if item in PRECEDENCES:
        return PRECEDENCE_FIGURES
    if item in MESSAGE_KINDS:
        return KIND_FIGURES
    if item == LIAISON or _PAIR.fullmatch(item):
        return LIAISON_FIGURES
    return {} if _NATION.fullmatch(item) else None


def judge(
    item: str, figure: str, value: str, unit: str, nets: Collection[str]
) -> float | frozenset[str] | Fault:
    """Return a figure in the unit its name ends in, or languages, or what is wrong with it.

    Parameters
    ----------
    item, figure, value, unit
        Cells of a row.
    nets
        Ids of the nets there are.
    """
    allowed = figures_of(item, nets)
    if allowed is None:
        known = [*nets, *LEVELS[:-1], *PRECEDENCES, *MESSAGE_KINDS, LIAISON]
        remedy = f"{nearest(item, known)} A nation is AAA, two nations AAA-BBB."
        return Fault("item", f"nothing of communications is called {item!r}.", remedy)
    if not allowed:
        return _languages(item, figure, value, unit)
    kind = allowed.get(figure)
    if kind is None:
        return Fault("figure", f"unknown figure {figure!r} of {item}.", nearest(figure, allowed))
    return _number(figure, kind, value, unit)


def _number(figure: str, kind: FigureKind, value: str, unit: str) -> float | Fault:
    try:
        held = held_in(figure, float(value), unit, kind.dimension)
    except QuantityError as error:
        return Fault("unit", f"{error}.")
    except ValueError:
        return Fault("value", f"{value!r} is not a number.", "Write one.")
    if not kind.least <= held <= kind.most:
        message = f"{value} {unit} is not possible for {figure} ({kind.meaning})."
        remedy = f"It must lie between {kind.least:g} and {kind.most:g} in the unit of its name."
        return Fault("value", message, remedy)
    if kind.dimension == "count" and held != round(held):
        return Fault("value", f"{figure} must be a whole number.", "Round it.")
    return held


def _languages(nation: str, figure: str, value: str, unit: str) -> frozenset[str] | Fault:
    if figure != LANGUAGES:
        message = f"unknown figure {figure!r} of the nation {nation}."
        return Fault("figure", message, f"Write {LANGUAGES!r}.")
    words = value.split()
    wrong = [word for word in words if not _LANGUAGE.fullmatch(word)]
    if wrong or not words:
        message = f"{wrong[0] if wrong else value!r} is no ISO 639-3 code."
        return Fault("value", message, "Write codes of three small letters, such as rus or eng.")
    if unit:
        return Fault("unit", f"languages have no unit, {unit!r} was given.", "Leave it blank.")
    return frozenset(words)
