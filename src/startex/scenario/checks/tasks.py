"""Checks of the parameters of tasks against the vocabulary."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from startex.foundation.errors import Problem, did_you_mean
from startex.scenario.checks.references import unknown
from startex.scenario.draft import Draft, Entry
from startex.scenario.serials import Serial, figure_of
from startex.scenario.vocabulary import TASKS, WITHDRAW_MODES, Param, Task

_UNITS = ("km_h", "kn", "m_s", "km", "m", "min", "h", "s", "ft")


def check_params(draft: Draft) -> Iterator[Problem]:
    """Check that parameters are known to the task, right and within bounds, and none is missing."""
    for entry in draft.serials:
        task = TASKS.get(entry.value.task)
        if task is None:
            continue
        for name, value in sorted(entry.value.params.items()):
            param = task.param(name)
            if param is None:
                yield _unknown_param(entry, task, name)
            else:
                yield from _check_value(draft, entry, param, value)
        wanted = [param.name for param in task.params if param.required]
        if task.name == "withdraw":
            wanted += _wanted_by_mode(entry.value)
        for name in wanted:
            if name not in entry.value.params:
                found = task.param(name)
                doc = f" ({found.doc.rstrip('.')})" if found else ""
                message = f"task {task.name!r} lacks the parameter {name!r}{doc}."
                where = "params" if "params" in entry.value.model_fields_set else "task"
                yield entry.problem(where, message, f"Add {name!r} to 'params'.")


def _wanted_by_mode(serial: Serial) -> list[str]:
    mode = TASKS.get(WITHDRAW_MODES.get(str(serial.params.get("mode")), ""))
    return [p.name for p in mode.params if p.required] if mode else []


def _unknown_param(entry: Entry[Serial], task: Task, name: str) -> Problem:
    allowed = [param.name for param in task.params]
    stem = _stem(name)
    for other in allowed:
        if stem and other != name and _stem(other) == stem and other != stem:
            message = f"wrong unit: {name!r} is not a parameter of task {task.name!r}."
            remedy = f"Convert it and write {other!r}."
            return entry.problem(("params", name), message, remedy, key=True)
    remedy = did_you_mean(name, allowed) if allowed else f"'{task.name}' takes no parameters."
    remedy = remedy[:1].upper() + remedy[1:]
    message = f"unknown parameter {name!r} of task {task.name!r}."
    return entry.problem(("params", name), message, remedy, key=True)


def _stem(name: str) -> str:
    """Return a key without the unit at its end."""
    for unit in _UNITS:
        if name.endswith("_" + unit):
            return name.removesuffix("_" + unit)
    return name


def _check_value(
    draft: Draft, entry: Entry[Serial], param: Param, value: object
) -> Iterator[Problem]:
    path = ("params", param.name)
    if param.type == "integer" and figure_of(value):
        yield from unknown(draft, entry, (*path, "figure"), "figure", figure_of(value))
    elif param.type in ("number", "integer"):
        yield from _check_number(entry, param, value)
    elif param.type == "choice":
        if value not in param.choices:
            remedy = did_you_mean(str(value), param.choices)
            remedy = remedy[:1].upper() + remedy[1:]
            yield entry.problem(path, f"{param.name!r}: unknown word {value!r}.", remedy)
    elif param.type in ("places", "ways", "units"):
        if not isinstance(value, list) or not value:
            remedy = f"Write a list: {param.name}: [ID, ID]."
            yield entry.problem(path, f"{param.name!r}: {value!r} is not a list of ids.", remedy)
            return
        for index, item in enumerate(value):
            yield from _check_id(draft, entry, (*path, index), param.type[:-1], item)
    else:
        yield from _check_id(draft, entry, path, param.type, value)


def _check_id(
    draft: Draft, entry: Entry[Serial], path: tuple[str | int, ...], kind: str, value: object
) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield entry.problem(path, f"{value!r} is not the id of a {kind}.", "Write one id.")
    else:
        yield from unknown(draft, entry, path, kind, value)


def _check_number(entry: Entry[Serial], param: Param, value: object) -> Iterator[Problem]:
    path = ("params", param.name)
    unit = f" {param.unit}" if param.unit else ""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        what = "whole number" if param.type == "integer" else "number"
        in_unit = f" in {param.unit}, without the unit" if param.unit else ""
        remedy = f"Write a {what}{in_unit}."
        yield entry.problem(path, f"{param.name!r}: {value!r} is not a number.", remedy)
    elif param.type == "integer" and value != int(value):
        yield entry.problem(path, f"{param.name!r}: {value!r} is not whole.", "Round it.")
    elif not param.least <= value <= param.most:
        most = "" if math.isinf(param.most) else f" to {param.most:g}"
        remedy = f"Allowed: {param.least:g}{most or ' or more'}{unit}."
        yield entry.problem(path, f"{param.name!r}: {value:g}{unit} is out of bounds.", remedy)


def check_settled(draft: Draft, numbers: Mapping[str, float]) -> Iterator[Problem]:
    """Check the counts that parameters take from figures, as one policy has them.

    Parameters
    ----------
    draft
        What was read.
    numbers
        Figures that are numbers, by id.
    """
    for entry in draft.serials:
        task = TASKS.get(entry.value.task)
        for name, value in sorted(entry.value.params.items()):
            figure, param = figure_of(value), task.param(name) if task else None
            if not figure or param is None or param.type != "integer":
                continue
            if figure in numbers:
                yield from _check_number(entry, param, numbers[figure])
            elif figure in (draft.ids.get("figure") or ()):
                message = f"{name!r}: the figure {figure!r} is not a number."
                yield entry.problem(("params", name), message, "Name a figure that is a count.")
