"""The figures of a review: each with how it was computed, from which tables, on which claims."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Value = int | float | str | None

_SINGULAR = {
    "persons": "person",
    "ground vehicles": "ground vehicle",
    "ships": "ship",
    "platforms": "platform",
    "teams": "team",
    "nations": "nation",
    "serials": "serial",
    "sorties": "sortie",
    "claims": "claim",
    "events": "event",
    "instants": "instant",
    "jumps": "jump",
    "train runs": "train run",
    "days": "day",
    "ship days": "ship day",
    "vehicles": "vehicle",
    "orders": "order",
    "places": "place",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Attributes
    ----------
    id
        Words with dots between, unique in the review.
    label
        What it is, for a reader.
    value
        The figure, rounded as it is shown; None where there is none.
    unit
        Unit of the value, empty for texts and bare counts.
    computed
        A sentence: how it follows from the store.
    tables
        Tables of the store it was computed from.
    claims
        Claims it rests on.
    assumed
        Why it is assumed, where it is.
    decimals
        Digits shown after the point.
    """

    id: str
    label: str
    value: Value
    unit: str
    computed: str
    tables: tuple[str, ...]
    claims: tuple[str, ...] = ()
    assumed: str = ""
    decimals: int = 0

    @property
    def text(self) -> str:
        """The value as it is shown, without its unit."""
        if self.value is None:
            return "–"
        if isinstance(self.value, str):
            return self.value
        return f"{self.value:,.{self.decimals}f}".replace("-", "−")

    @property
    def number(self) -> float | None:
        """The value, if it is a number."""
        return None if self.value is None or isinstance(self.value, str) else float(self.value)

    @property
    def noun(self) -> str:
        """The unit, in the singular where there is one of it."""
        return _SINGULAR.get(self.unit, self.unit) if self.value == 1 else self.unit

    @property
    def anchor(self) -> str:
        """Id of the figure's entry in the register of the HTML file."""
        return "f-" + re.sub(r"[^A-Za-z0-9_-]+", "-", self.id)

    def to_json(self) -> dict[str, Any]:
        """Return the figure as plain data."""
        return {
            "id": self.id,
            "label": self.label,
            "value": self.value,
            "unit": self.unit,
            "text": self.text,
            "computed": self.computed,
            "tables": list(self.tables),
            "claims": list(self.claims),
            "assumed": self.assumed,
        }


class FigureBook:
    """All figures of a review, in the order in which they were entered."""

    def __init__(self) -> None:
        self._figures: dict[str, Figure] = {}
        self._anchors: dict[str, str] = {}

    def add(
        self,
        name: str,
        label: str,
        value: Any,
        unit: str,
        computed: str,
        tables: Sequence[str],
        *,
        claims: Sequence[str] = (),
        assumed: str = "",
        decimals: int = 0,
    ) -> Figure:
        """Enter a figure and return it; numbers are rounded to ``decimals``.

        Raises
        ------
        ValueError
            If the id is taken.
        """
        if value is not None and not isinstance(value, str):
            value = round(float(value), decimals) if decimals else round(float(value))
        figure = Figure(
            name, label, value, unit, computed, tuple(tables), tuple(claims), assumed, decimals
        )
        if name in self._figures or figure.anchor in self._anchors:
            raise ValueError(f"two figures are called {name!r}")
        self._figures[name] = figure
        self._anchors[figure.anchor] = name
        return figure

    def __getitem__(self, name: str) -> Figure:
        return self._figures[name]

    def __contains__(self, name: object) -> bool:
        return name in self._figures

    def __iter__(self) -> Iterator[Figure]:
        return iter(self._figures.values())

    def __len__(self) -> int:
        return len(self._figures)
