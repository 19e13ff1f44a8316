"""Ensembles: many runs of one scenario, over seeds, policies, claims and figures.

Examples
--------
>>> from startex.ensemble import Factor, run_ensemble
>>> speed = Factor.of("serials.s04-sail.params.speed_kn", "uniform", 8, 14)
>>> runs = run_ensemble("three-nations-day", factors=(speed,), seeds=range(10))  # doctest: +SKIP
>>> runs.summary().of("serials.late").mean                                       # doctest: +SKIP
>>> runs.sensitivity("serials.late").rows                                        # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from startex.ensemble.compare import compare
    from startex.ensemble.design import Design, Factor, Query, Until
    from startex.ensemble.reading import Ensemble, open_ensemble
    from startex.ensemble.run import resume_ensemble, run_ensemble
    from startex.ensemble.statistics import half_width

__all__ = [
    "Design",
    "Ensemble",
    "Factor",
    "Query",
    "Until",
    "compare",
    "half_width",
    "open_ensemble",
    "resume_ensemble",
    "run_ensemble",
]

_LATE = {
    "Design": ("startex.ensemble.design", "Design"),
    "Ensemble": ("startex.ensemble.reading", "Ensemble"),
    "Factor": ("startex.ensemble.design", "Factor"),
    "Query": ("startex.ensemble.design", "Query"),
    "Until": ("startex.ensemble.design", "Until"),
    "compare": ("startex.ensemble.compare", "compare"),
    "half_width": ("startex.ensemble.statistics", "half_width"),
    "open_ensemble": ("startex.ensemble.reading", "open_ensemble"),
    "resume_ensemble": ("startex.ensemble.run", "resume_ensemble"),
    "run_ensemble": ("startex.ensemble.run", "run_ensemble"),
}


def __getattr__(name: str) -> Any:
    """Import the heavy parts when they are first used."""
    if name not in _LATE:
        raise AttributeError(f"module 'startex.ensemble' has no attribute {name!r}")
    import importlib  # noqa: PLC0415

    module, attribute = _LATE[name]
    value = getattr(importlib.import_module(module), attribute)
    globals()[name] = value
    return value
