"""Small defences on land for tests: a generated exercise whose raiders and parameters one gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from startex.testing import plan_exercise


def defence(
    folder: Path, raiders: list[dict[str, Any]] | None = None, *, seed: int = 3, **params: Any
) -> Path:
    """Write the exercise of one motor company and its raiders; return its folder.

    ``raiders``: platforms of the opposing force; ``params``: those of the defence.
    """
    plan = plan_exercise(entities=1, seed=seed, kinds=["motor"])
    for row in plan.serials:
        if row["task"] == "defend":
            row["params"].update(params)
    for unit in plan.units:
        if unit["unit"].endswith("-raiders") and raiders is not None:
            unit["parts"] = raiders
    return plan.write(folder)
