"""Small defences on land for tests: a generated exercise whose raiders and parameters one gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from startex.testing import plan_exercise

WHY = "invented for a test"


def defence(
    folder: Path,
    raiders: list[dict[str, Any]] | None = None,
    *,
    seed: int = 3,
    support: dict[str, list[dict[str, Any]]] | None = None,
    opfor: dict[str, list[dict[str, Any]]] | None = None,
    **params: Any,
) -> Path:
    """Write the exercise of one motor company and its raiders; return its folder.

    ``raiders``: platforms of the opposing force; ``support``, ``opfor``: further units of the two
    sides by id, with their platforms, that stand on the range from the start; ``params``: those of
    the defence.
    """
    plan = plan_exercise(entities=1, seed=seed, kinds=["motor"])
    (serial,) = [row for row in plan.serials if row["task"] == "defend"]
    serial["params"].update(params)
    (enemy,) = [unit for unit in plan.units if unit["unit"].endswith("-raiders")]
    if raiders is not None:
        enemy["parts"] = raiders
    for role, units in (("support", support or {}), ("opfor", opfor or {})):
        for name, parts in units.items():
            plan.units.append(
                {
                    **{key: enemy[key] for key in ("parent", "nation", "side", "echelon")},
                    "unit": name, "name": name.capitalize(), "home": serial["place"],
                    "parts": parts, "provenance": {"assumed": WHY}, "counted": False,
                }
            )  # fmt: skip
            serial[role] = [*serial.get(role, []), name]
    return plan.write(folder)
