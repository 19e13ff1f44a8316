"""Ensembles: many runs of one scenario, and what can be said from all of them together.

Examples
--------
>>> from startex.ensemble import open_ensemble
>>> runs = open_ensemble("runs/many")                        # doctest: +SKIP
>>> runs.summary().of("serials.late").mean                   # doctest: +SKIP
>>> runs.sensitivity("serials.late").rows                    # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from startex.ensemble.compare import compare
    from startex.ensemble.reading import Ensemble, open_ensemble
    from startex.ensemble.statistics import half_width

__all__ = ["Ensemble", "compare", "half_width", "open_ensemble"]

_LATE = {
    "Ensemble": ("startex.ensemble.reading", "Ensemble"),
    "compare": ("startex.ensemble.compare", "compare"),
    "half_width": ("startex.ensemble.statistics", "half_width"),
    "open_ensemble": ("startex.ensemble.reading", "open_ensemble"),
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
