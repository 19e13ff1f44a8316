"""Checks of an order of battle: names that do not exist, trees that go round in circles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from startex.forces.catalogue import Catalogue
from startex.forces.definitions import Part, Template, UnitLine
from startex.forces.symbols import ECHELONS
from startex.foundation.errors import Problem, did_you_mean

_UNITS = "units.yaml"
_TEMPLATES = "templates.yaml"


def check_references(
    lines: Sequence[UnitLine], templates: Mapping[str, Template], catalogue: Catalogue
) -> list[Problem]:
    """Return every unknown name, circle and doublet among lines and templates."""
    problems: list[Problem] = []
    for template in sorted(templates.values(), key=lambda t: t.template):
        owner = f"template {template.template!r}"
        problems += _check_parts(owner, _TEMPLATES, template.parts, templates, catalogue)
        problems += _check_words(owner, _TEMPLATES, template.echelon, template.symbol)
    problems += _check_template_circles(templates)
    problems += _check_lines(lines)
    for line in lines:
        owner = f"unit {line.unit!r}"
        problems += _check_parts(owner, _UNITS, line.parts, templates, catalogue)
        problems += _check_words(owner, _UNITS, line.echelon, line.symbol)
        if line.fill and line.fill not in templates:
            problems.append(_unknown(owner, _UNITS, "template", line.fill, templates))
    return problems


def _check_parts(
    owner: str,
    file: str,
    parts: Iterable[Part],
    templates: Mapping[str, Template],
    catalogue: Catalogue,
) -> list[Problem]:
    problems: list[Problem] = []
    for part in parts:
        if part.template and part.template not in templates:
            problems.append(_unknown(owner, file, "template", part.template, templates))
        if not part.platform:
            continue
        if part.platform not in catalogue.rows:
            problems.append(_unknown(owner, file, "type", part.platform, catalogue.rows))
            continue
        row = catalogue.rows[part.platform]
        crew = catalogue.crew[row]
        if part.persons is not None and catalogue.kind[row] != "team" and part.persons > crew:
            message = f"{owner}: {part.persons} persons in a {part.platform}, crew {crew:g}."
            problems.append(Problem(file, 0, 0, message, "Lower 'persons', or add a team."))
    return problems


def _check_words(owner: str, file: str, echelon: str, symbol: str) -> list[Problem]:
    problems: list[Problem] = []
    if echelon not in ECHELONS:
        problems.append(_unknown(owner, file, "echelon", echelon, [e for e in ECHELONS if e]))
    if symbol and not (symbol.isdigit() and len(symbol) in (6, 8)):
        message = f"{owner}: {symbol!r} is not a symbol."
        remedy = "Write 6 digits (entity of a land unit) or 8 (symbol set and entity)."
        problems.append(Problem(file, 0, 0, message, remedy))
    return problems


def _check_template_circles(templates: Mapping[str, Template]) -> list[Problem]:
    problems: list[Problem] = []
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            circle = " > ".join((*above[above.index(name) :], name))
            message = f"the template {name!r} contains itself ({circle})."
            problems.append(Problem(_TEMPLATES, 0, 0, message, "Break the circle."))
            return
        if name in done or name not in templates:
            return
        for part in templates[name].parts:
            if part.template:
                visit(part.template, (*above, name))
        done.add(name)

    for name in sorted(templates):
        visit(name, ())
    return problems


def _check_lines(lines: Sequence[UnitLine]) -> list[Problem]:
    problems: list[Problem] = []
    parents: dict[str, str] = {}
    names: dict[str, str] = {}
    for line in lines:
        if line.unit in parents:
            message = f"the unit {line.unit!r} stands twice."
            problems.append(Problem(_UNITS, 0, 0, message, "Remove or rename one."))
        if names.setdefault(line.name, line.unit) != line.unit:
            message = f"unit {line.unit!r} and {names[line.name]!r} have the same name."
            problems.append(Problem(_UNITS, 0, 0, message, "Rename one."))
        parents[line.unit] = line.parent
    for unit, parent in parents.items():
        if parent and parent not in parents:
            problems.append(_unknown(f"unit {unit!r}", _UNITS, "unit", parent, parents))
            continue
        seen, above = [unit], parent
        while above and above in parents and above not in seen:
            seen.append(above)
            above = parents[above]
        if above == unit:
            message = f"the unit {unit!r} stands under itself ({' < '.join((*seen, unit))})."
            problems.append(Problem(_UNITS, 0, 0, message, "Give one of them another parent."))
    return problems


def _unknown(owner: str, file: str, what: str, name: str, allowed: Iterable[str]) -> Problem:
    remedy = did_you_mean(name, allowed)
    message = f"{owner}: unknown {what} {name!r}."
    return Problem(file, 0, 0, message, remedy[:1].upper() + remedy[1:])
