"""From lines of an order of battle to every unit, platform and person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from startex.forces.catalogue import Catalogue
from startex.forces.composition import Composer
from startex.forces.definitions import Part, Template, UnitLine
from startex.forces.force import Force
from startex.forces.nodes import Node, Room, nth
from startex.forces.references import check_references
from startex.forces.rows import Rows
from startex.forces.seating import seat_teams
from startex.forces.totals import Total, line_totals
from startex.foundation.errors import Problem, ScenarioError
from startex.foundation.validate import validate_each
from startex.foundation.yamlfile import read_yaml

MOST_ROWS = 3_000_000
"""Persons and platforms that a scenario may have: what memory holds, far above any exercise."""

SHIPPED_TEMPLATES = Path(__file__).parent.parent / "data" / "templates"
"""Folder of the templates that come with the package."""


def load_templates(extra: Sequence[Template] = ()) -> dict[str, Template]:
    """Return the shipped templates by id, those of a scenario added (or put in their place).

    Parameters
    ----------
    extra
        Templates of a scenario.

    Raises
    ------
    ScenarioError
        With every problem of the shipped files.
    """
    templates: dict[str, Template] = {}
    problems: list[Problem] = []
    for path in sorted(SHIPPED_TEMPLATES.glob("*.yaml")):
        found, wrong = validate_each(Template, read_yaml(path, f"templates/{path.name}"))
        problems += wrong
        for template in found:
            if template.template in templates:
                message = f"the template {template.template!r} stands twice."
                problems.append(Problem(f"templates/{path.name}", 0, 0, message, "Remove one."))
            templates[template.template] = template
    if problems:
        raise ScenarioError(problems)
    return templates | {template.template: template for template in extra}


def expand(
    lines: Sequence[UnitLine],
    templates: Mapping[str, Template] | Iterable[Template],
    catalogue: Catalogue,
    figures: Mapping[str, float],
) -> Force:
    """Expand an order of battle to rows: every unit, platform, team and person.

    The totals of each line are met exactly: its parts, thinned out alike where they do not all
    fit (sub-units go whole before they are cut), then whole units of ``fill``, then units of
    ``fill`` cut to what is left. Teams get seats in vehicles of their line wherever the line has
    vehicles. The result depends on nothing but the arguments, and not on their order; names and
    keys of a line do not depend on the other lines, as long as its totals do not.

    Parameters
    ----------
    lines
        The order of battle.
    templates
        What units consist of, by id, or in any order.
    catalogue
        Types of platforms.
    figures
        Values of the scenario figures under a policy, by id.

    Returns
    -------
    Force
        All entities in unit tree order.

    Raises
    ------
    ScenarioError
        With every problem: unknown names, circular trees, totals that cannot be met, teams
        without seats, names that are not unique.
    """
    if not isinstance(templates, Mapping):
        templates = {template.template: template for template in templates}
    ordered = sorted(lines, key=lambda line: line.unit)
    problems = check_references(ordered, templates, catalogue)
    if problems:
        raise ScenarioError(problems)
    composer = Composer(templates, catalogue)
    totals = line_totals(ordered, composer, figures, problems)
    if problems:
        raise ScenarioError(problems)
    problems += _too_many(ordered, totals, composer)
    if problems:
        raise ScenarioError(problems)
    roots = {line.unit: _compose(line, totals[line.unit], composer, problems) for line in ordered}
    if problems:
        raise ScenarioError(problems)
    rows = Rows(catalogue)
    children: dict[str, list[UnitLine]] = {}
    for line in ordered:
        children.setdefault(line.parent, []).append(line)
    for line in children.get("", ()):
        rows.add_line(line, roots, children)
    return rows.force()


def _too_many(
    lines: Sequence[UnitLine], totals: Mapping[str, Total], composer: Composer
) -> list[Problem]:
    """Return the lines that ask for more than fits into memory, before any of it is made."""
    problems, room = [], MOST_ROWS
    for line in lines:
        total = totals[line.unit]
        rows = max(composer.rows_of_parts(line.parts), total.persons, total.ground)
        if rows > room:
            message = f"unit {line.unit!r} has {rows:,} persons and platforms or more."
            remedy = f"A scenario may have {MOST_ROWS:,} in all; mind 'count' and 'persons'."
            problems.append(Problem("units.yaml", 0, 0, message, remedy))
        else:
            room -= rows
    return problems


def _compose(line: UnitLine, total: Total, composer: Composer, problems: list[Problem]) -> Node:
    """Return the node of a line, its totals met and its teams seated."""
    claim = line.provenance.claim
    node = Node(line.unit, line.name, line.echelon, line.symbol, claim, line.provenance.assumed)
    truck, team = composer.fillers(line.fill) if line.fill else (-1, -1)
    catalogue = composer.catalogue
    room = Room(total.persons, total.ground, rides=total.ground > 0)
    if truck >= 0:
        room.seats, room.crew = int(catalogue.seats[truck]), int(catalogue.crew[truck])
    else:
        room.seats = 0
    if room.persons >= room.ground * room.crew:
        room.least_crew = room.crew
    if not total.exact or not line.fill:  # the line is what its parts are
        room.rides, room.least_crew = False, 0
    elif not room.feasible(room.persons, room.ground, 0):
        problems.append(_infeasible(line, total, room))
        return node
    took_all = composer.take(node, line.parts, room)
    if not took_all and not line.scales_with:
        size = composer.size_of_parts(line.parts)
        message = (
            f"unit {line.unit!r}: its parts are {size.persons:,} persons and {size.ground:,} "
            f"ground vehicles, which do not go into {total.persons:,} and {total.ground:,}."
        )
        remedy = "Raise 'persons' or 'ground', or take parts away."
        problems.append(Problem("units.yaml", 0, 0, message, remedy))
        return node
    used = sum(part.number for part in line.parts if part.template == line.fill)
    if line.fill:
        part = Part(template=line.fill)
        size = composer.size_of_template(line.fill)
        while size.persons > 0 and room.fits(size):
            room.use(size)
            name = f"{nth(used)} {composer.templates[line.fill].name}"
            node.children.append(
                composer.whole(line.fill, f"{node.id}.{line.fill}-{used + 1:02d}", name, part)
            )
            used += 1
    if room.persons or room.ground:
        if not line.fill:
            message = (
                f"unit {line.unit!r}: {room.persons:,} persons and {room.ground:,} ground "
                "vehicles are left over and there is no 'fill'."
            )
            remedy = "Name a template in 'fill', or make the totals those of the parts."
            problems.append(Problem("units.yaml", 0, 0, message, remedy))
            return node
        if (room.ground and truck < 0) or (room.persons > room.ground and team < 0):
            message = f"unit {line.unit!r}: the fill {line.fill!r} has no vehicle or no team."
            remedy = "Choose a template with a vehicle that has seats, and a team."
            problems.append(Problem("units.yaml", 0, 0, message, remedy))
            return node
        composer.remainder(node, line.fill, room, used)
    unseated = seat_teams(node)
    if unseated and total.ground:
        message = f"unit {line.unit!r}: {unseated:,} persons find no seat in its vehicles."
        remedy = "Raise 'ground', lower 'persons', or choose parts with more seats."
        problems.append(Problem("units.yaml", 0, 0, message, remedy))
    return node


def _infeasible(line: UnitLine, total: Total, room: Room) -> Problem:
    message = (
        f"unit {line.unit!r}: {total.persons:,} persons and {total.ground:,} ground vehicles "
        f"cannot both be met with the vehicles of {line.fill!r} ({room.crew} crew, "
        f"{room.seats} seats each)."
    )
    most = total.ground * (room.crew + room.seats)
    remedy = f"Wanted: between {total.ground:,} and {most:,} persons for {total.ground:,} vehicles."
    return Problem("units.yaml", 0, 0, message, remedy)
