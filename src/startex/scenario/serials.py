"""A serial: a planned piece of the exercise, as read from serials.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, field_validator

from startex.foundation.clock import parse_time
from startex.foundation.ids import Id
from startex.foundation.provenance import Provenance

Phase = Literal["deployment", "planning", "implementation", "withdrawal"]
"""Phases of an exercise, in order."""

PHASES: tuple[str, ...] = ("deployment", "planning", "implementation", "withdrawal")


class Serial(Provenance):
    """A planned serial of the exercise.

    Attributes
    ----------
    serial
        Id, unique in the scenario.
    name
        What the schedule calls it.
    task
        Word of the task vocabulary (`scenario.vocabulary.TASKS`).
    place
        Place id where it happens; of a move, where it ends.
    phase
        Part of the exercise it belongs to.
    objective
        What it is held for, in words.
    start, end
        Planned times, ISO 8601 with offset.
    units
        Unit ids of the training audience; each stands for its whole subtree.
    support, opfor
        Unit ids that support it, or act as the opposing force.
    after
        Serial ids that must have ended first.
    tolerance_h
        How long it may wait to start before it is called off, hours.
    priority
        Of two serials that want the same range, the higher goes first.
    books_range
        Whether the place is its alone while it runs.
    params
        What the task needs beyond that; see the vocabulary for keys and units. A count may name a
        figure of the scenario instead, ``{figure: id}``: the policy of the run settles it.
    """

    serial: Id
    name: str = Field(min_length=1)
    task: str = Field(min_length=1)
    place: str = Field(min_length=1)
    phase: Phase
    objective: str = ""
    start: str
    end: str
    units: tuple[str, ...] = Field(min_length=1)
    support: tuple[str, ...] = ()
    opfor: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    tolerance_h: float = Field(default=6.0, ge=0.0, le=720.0, allow_inf_nan=False)
    priority: int = Field(default=0, ge=-1_000_000, le=1_000_000)
    books_range: bool = False
    params: dict[str, Any] = Field(default_factory=dict)

    @field_validator("start", "end")
    @classmethod
    def _is_time(cls, text: str) -> str:
        parse_time(text)
        return text

    @cached_property
    def start_ms(self) -> int:
        """Planned start, milliseconds since the epoch."""
        return parse_time(self.start)

    @cached_property
    def end_ms(self) -> int:
        """Planned end, milliseconds since the epoch."""
        return parse_time(self.end)

    @property
    def all_units(self) -> tuple[str, ...]:
        """Training audience, support and opposing force, in that order."""
        return self.units + self.support + self.opfor

    def settled(self, numbers: Mapping[str, float]) -> Serial:
        """Return the serial with the figures that its parameters name put in as numbers.

        Parameters
        ----------
        numbers
            Scenario figures by id; those that are not among them stay as they are.
        """
        named = {
            name: round(numbers[figure])
            for name, value in self.params.items()
            if (figure := figure_of(value)) in numbers
        }
        return self.model_copy(update={"params": {**self.params, **named}}) if named else self


def figure_of(value: object) -> str:
    """Return the id of the figure that a parameter names (``{figure: id}``), or an empty text."""
    if isinstance(value, dict) and set(value) == {"figure"}:
        return str(value["figure"])
    return ""
