from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from force_examples import TEMPLATES, check_sound, count, count_in, line
from startex.forces.catalogue import load_catalogue
from startex.forces.crews import largest_remainder
from startex.forces.definitions import UnitLine
from startex.forces.force import Force
from startex.forces.orbat import expand

CATALOGUE = load_catalogue()
SEATS, CREW = 24, 2  # of the truck in the template "support"


@st.composite
def lines(draw: st.DrawFn) -> list[UnitLine]:
    """Lines whose totals trucks alone could carry, so that they are always feasible."""
    found = []
    for i in range(draw(st.integers(1, 4))):
        ground = draw(st.integers(0, 40))
        persons = draw(st.integers(CREW * ground, (CREW + SEATS) * ground if ground else 60))
        parts = [
            {"template": name, "count": draw(st.integers(1, 4))}
            for name in draw(st.lists(st.sampled_from(["company", "rifle", "tanks"]), unique=True))
        ]
        found.append(
            line(
                f"u{i}",
                parent=draw(st.sampled_from(["", *(f"u{k}" for k in range(i))])),
                persons=persons,
                ground=ground,
                parts=parts if ground else [],
                fill="support",
                scales_with="all",
            )
        )
    return found


def grand_total(found: list[UnitLine]) -> int:
    return round(sum(one.persons.value or 0 for one in found if one.persons))


def own(force: Force, found: list[UnitLine], unit: str, kind: str) -> int:
    below = sum(count_in(force, one.unit, kind) for one in found if one.parent == unit)
    return count_in(force, unit, kind) - below


@settings(max_examples=60, deadline=None)
@given(lines())
def test_totals_are_exact_and_everybody_has_a_place(found: list[UnitLine]) -> None:
    force = expand(found, TEMPLATES, CATALOGUE, {"all": grand_total(found)})
    check_sound(force, CATALOGUE)
    for one in found:
        assert one.persons is not None
        assert one.ground is not None
        assert own(force, found, one.unit, "person") == one.persons.value
        assert own(force, found, one.unit, "vehicle") == one.ground.value
        if one.ground.value:
            row = force.units.id.index(one.unit)
            for team in range(force.units.first[row], force.units.own_last[row]):
                if force.kind[team] == 4:
                    assert force.station[team] >= 0


@settings(max_examples=40, deadline=None)
@given(lines(), st.floats(0.05, 1.0))
def test_a_smaller_figure_is_met_exactly(found: list[UnitLine], share: float) -> None:
    total = int(grand_total(found) * share)
    # a line of few persons may round to more vehicles than crews: use lines with room to spare
    roomy = [
        line(one.unit, parent=one.parent, persons=20 * (i + 3), ground=i + 3, fill="support",
             parts=one.parts, scales_with="all")
        for i, one in enumerate(found)
    ]  # fmt: skip
    least = sum(one.persons.value or 0 for one in roomy if one.persons) * 0.5
    total = max(total % 400, round(least))
    force = expand(roomy, TEMPLATES, CATALOGUE, {"all": total})
    check_sound(force, CATALOGUE)
    assert count(force, "person") == total


@settings(max_examples=30, deadline=None)
@given(lines(), st.randoms(use_true_random=False))
def test_the_order_of_the_files_does_not_matter(found: list[UnitLine], dice: random.Random) -> None:
    figures = {"all": grand_total(found)}
    first = expand(found, TEMPLATES, CATALOGUE, figures)
    templates = list(TEMPLATES)
    dice.shuffle(found)
    dice.shuffle(templates)
    second = expand(found, templates, CATALOGUE, figures)
    assert first.name == second.name
    assert first.units.id == second.units.id
    assert first.units.sidc == second.units.sidc
    for column in ("kind", "type", "unit", "key", "station", "slot"):
        assert (getattr(first, column) == getattr(second, column)).all()


@settings(max_examples=30, deadline=None)
@given(lines())
def test_an_unrelated_line_changes_nobody_else(found: list[UnitLine]) -> None:
    other = line("a-newcomer", persons=75, ground=6, parts=[{"template": "tanks"}], fill="support")
    before = expand(found, TEMPLATES, CATALOGUE, {"all": grand_total(found)})
    after = expand([*found, other], TEMPLATES, CATALOGUE, {"all": grand_total(found) + 75})
    row = after.units.id.index("a-newcomer")
    stays = [i for i in range(len(after.name))
             if not after.units.first[row] <= i < after.units.last[row]]  # fmt: skip
    assert tuple(after.name[i] for i in stays) == before.name
    assert (after.key[stays] == before.key).all()
    station = {after.name[i]: after.name[after.station[i]] for i in stays if after.station[i] >= 0}
    assert station == {
        before.name[i]: before.name[before.station[i]]
        for i in range(len(before.name))
        if before.station[i] >= 0
    }


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=8), st.integers(0, 5000))
def test_largest_remainder_is_exact_and_fair(weights: list[int], total: int) -> None:
    counts = largest_remainder(weights, total)
    assert sum(counts) == total
    if sum(weights):
        for weight, number in zip(weights, counts, strict=True):
            assert abs(number - weight * total / sum(weights)) < 1
