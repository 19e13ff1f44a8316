"""Startex: reconstruct, plan, rehearse and review joint multinational exercises.

Examples
--------
>>> import startex
>>> scenario = startex.load("vostok-2022")                      # doctest: +SKIP
>>> run = startex.simulate(scenario, seed=1, out="runs/mine")   # doctest: +SKIP
>>> run.positions(at="2022-09-06T06:50Z")                       # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from startex.version import __version__

if TYPE_CHECKING:
    from startex.assemble.run import resume, simulate
    from startex.recording.reader import Run
    from startex.scenario.load import check_scenario as check
    from startex.scenario.load import load_scenario as load

__all__ = ["Run", "__version__", "check", "load", "resume", "simulate"]

_LATE = {
    "Run": ("startex.recording.reader", "Run"),
    "check": ("startex.scenario.load", "check_scenario"),
    "load": ("startex.scenario.load", "load_scenario"),
    "resume": ("startex.assemble.run", "resume"),
    "simulate": ("startex.assemble.run", "simulate"),
}


def __getattr__(name: str) -> Any:
    """Import the heavy parts when they are first used, so that ``import startex`` is quick."""
    if name not in _LATE:
        raise AttributeError(f"module 'startex' has no attribute {name!r}")
    import importlib  # noqa: PLC0415

    module, attribute = _LATE[name]
    value = getattr(importlib.import_module(module), attribute)
    globals()[name] = value
    return value
