"""The task vocabulary as a Markdown table; ``python -m startex.scenario.vocabulary_table``."""

from __future__ import annotations

import math
import sys

from startex.scenario.vocabulary import TASKS, Param, Task

_PRESENCE = {
    "there": "must be there",
    "goes": "goes there",
    "stays": "from where it stands",
}


def rows() -> list[str]:
    """Return the lines of the table: a row for each task, then one for each of its parameters."""
    lines = ["| task | parameter | what | unit, bounds | must |", "|---|---|---|---|---|"]
    for task in TASKS.values():
        lines.append(_task_row(task))
        lines += [_param_row(param) for param in task.params]
    return lines


def _task_row(task: Task) -> str:
    return f"| **{task.name}** | | {task.doc} Unit: {_PRESENCE[task.presence]}. | | |"


def _param_row(param: Param) -> str:
    must = "yes" if param.required else ""
    return f"| | `{param.name}` | {param.doc} | {_kind(param)} | {must} |"


def _kind(param: Param) -> str:
    if param.type == "choice":
        return ", ".join(param.choices)
    if param.type in ("number", "integer"):
        unit = param.unit or ("count" if param.type == "integer" else "")
        if math.isinf(param.most):
            return f"{unit}, from {param.least:g}"
        return f"{unit}, {param.least:g} to {param.most:g}"
    words = {"places": "list of places", "ways": "list of ways", "units": "list of units"}
    return words.get(param.type, param.type)


if __name__ == "__main__":
    sys.stdout.write("\n".join(rows()) + "\n")
