"""What a word of the task vocabulary declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ParamType = Literal[
    "number", "integer", "choice", "place", "places", "way", "ways", "unit", "units"
]
"""What a parameter holds; the plural words are lists of ids."""

Presence = Literal["there", "goes", "stays"]
"""``there``: units must have come to the place by an earlier serial (or live there).
``goes``: the task brings them to its destination. ``stays``: it may run from wherever the
units stand and leaves them there (aircraft return to their airfield)."""


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of a task.

    Attributes
    ----------
    name
        Key in the file; carries the unit.
    type
        What it holds.
    doc
        Meaning, in words.
    unit
        Unit of a number, empty for anything else and for bare numbers.
    required
        Whether it must be given.
    least, most
        Bounds of a number, both allowed.
    choices
        Words allowed for a choice.
    """

    name: str
    type: ParamType
    doc: str
    unit: str = ""
    required: bool = False
    least: float = 0.0
    most: float = float("inf")
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A word of the vocabulary.

    Attributes
    ----------
    name
        The word.
    doc
        What the units do.
    presence
        How the task relates to where the units stand.
    origin, destination
        Names of the place parameters where a move begins and ends; empty: anywhere, and the
        serial's own place.
    carriers
        Name of the parameter with the units that carry the others; empty: none.
    params
        The parameters it takes.
    fights
        Whether the training audience and an opposing force engage each other; else they observe.
    """

    name: str
    doc: str
    presence: Presence
    params: tuple[Param, ...] = ()
    origin: str = ""
    destination: str = ""
    carriers: str = ""
    fights: bool = False

    def param(self, name: str) -> Param | None:
        """Return the parameter of that name, or None."""
        return next((param for param in self.params if param.name == name), None)
