"""Forces already expanded, so that a check, its summary and a run do it once for each policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from startex.forces.catalogue import Catalogue
from startex.forces.definitions import Template, UnitLine
from startex.forces.force import Force
from startex.forces.orbat import expand


class Expansions:
    """What `orbat.expand` returned for one order of battle, by the figures it was given."""

    def __init__(self) -> None:
        self._forces: dict[tuple[tuple[str, float], ...], Force] = {}

    def expand(
        self,
        lines: Sequence[UnitLine],
        templates: Mapping[str, Template] | Iterable[Template],
        catalogue: Catalogue,
        figures: Mapping[str, float],
    ) -> Force:
        """Return the force under ``figures``; the other arguments must be the same every time.

        Raises
        ------
        ScenarioError
            As `orbat.expand`.
        """
        key = tuple(sorted(figures.items()))
        if key not in self._forces:
            self._forces[key] = expand(lines, templates, catalogue, figures)
        return self._forces[key]

    def clear(self) -> None:
        """Let go of every force."""
        self._forces.clear()
