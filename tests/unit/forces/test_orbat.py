from __future__ import annotations

import pytest

from force_examples import CODE, TEMPLATES, check_sound, count, count_in, line, template
from startex.forces.catalogue import load_catalogue
from startex.forces.definitions import Part, UnitLine
from startex.forces.force import Force
from startex.forces.orbat import expand, load_templates
from startex.foundation.errors import ScenarioError

CATALOGUE = load_catalogue()


def force_of(*lines: UnitLine, **figures: float) -> Force:
    return expand(lines, TEMPLATES, CATALOGUE, figures)


def problems_of(*lines: UnitLine, **figures: float) -> str:
    with pytest.raises(ScenarioError) as caught:
        force_of(*lines, **figures)
    return str(caught.value)


def test_parts_are_named_manned_and_seated() -> None:
    force = force_of(line("a", parts=[{"template": "company"}]))
    check_sound(force, CATALOGUE)
    assert force.units.id[:3] == ("a", "a.company", "a.company.rifle-01")
    assert force.units.name[2] == "1st Rifle"
    gunner = force.name.index("Unit a / Company / 2nd Rifle / BMP-2 no. 3 / gunner")
    vehicle = force.name.index("Unit a / Company / 2nd Rifle / BMP-2 no. 3")
    assert force.station[gunner] == vehicle
    assert force.role[gunner] == "gunner"
    assert (force.slot[gunner], force.slot[vehicle]) == (2, -1)
    squad = force.name.index("Unit a / Company / 2nd Rifle / Rifle squad no. 1")
    ridden = force.name[force.station[squad]]
    assert ridden.startswith("Unit a / Company / 2nd Rifle / BMP-2")  # its own platoon's
    assert force.slot[squad] == 3  # behind the crew
    assert count(force, "person") == 3 + 4 + 9 * 10 + 9
    assert count(force, "vehicle") == 13
    assert count(force, "team") == 0
    assert count(force, "team", counted=False) == 10


def test_platforms_come_before_teams_and_persons_in_a_unit() -> None:
    force = force_of(line("a", parts=[{"template": "company"}]))
    row = force.units.id.index("a.company.rifle-01")
    kinds = [int(k) for k in force.kind[force.units.first[row] : force.units.own_last[row]]]
    assert kinds == [CODE["vehicle"]] * 3 + [CODE["team"]] * 3 + [CODE["person"]] * 30


def test_totals_are_filled_up_to_the_last_person() -> None:
    force = force_of(
        line("a", persons=501, ground=47, parts=[{"template": "company"}], fill="support")
    )
    check_sound(force, CATALOGUE)
    assert (count(force, "person"), count(force, "vehicle")) == (501, 47)
    teams = force.kind == CODE["team"]
    assert (force.station[teams] >= 0).all()


def test_a_line_without_vehicles_has_teams_that_ride_nothing() -> None:
    force = force_of(line("a", persons=37, ground=0, fill="crew-pool"))
    check_sound(force, CATALOGUE)
    assert count(force, "person") == 37
    assert (force.station[force.kind == CODE["team"]] == -1).all()


def test_scaled_lines_share_what_the_figure_leaves() -> None:
    lines = (
        line("a", persons=600, ground=60, scales_with="all", fill="support"),
        line("b", persons=300, ground=30, scales_with="all", fill="support"),
        line("c", persons=100, ground=10, fill="support"),
        line("d", counted=False, parts=[{"platform": "military-train"}]),
    )
    nominal = force_of(*lines, all=1000)
    assert [count_in(nominal, u, "person") for u in "abc"] == [600, 300, 100]
    small = force_of(*lines, all=401)
    check_sound(small, CATALOGUE)
    assert [count_in(small, u, "person") for u in "abc"] == [201, 100, 100]
    assert [count_in(small, u, "vehicle") for u in "abc"] == [20, 10, 10]
    assert count(small, "person") == 401
    told = problems_of(*lines, all=99)
    assert "'all' is 99 persons" in told
    assert "have 100 already" in told


def test_a_line_that_shrinks_keeps_something_of_each_kind() -> None:
    parts = [{"template": "company", "count": 4}, {"template": "tanks", "count": 2}]
    whole = line("a", persons=600, ground=90, parts=parts, scales_with="all", fill="support")
    force = force_of(whole, all=200)
    held = {unit.split(".")[1] for unit in force.units.id if "." in unit}
    assert {"company-01", "tanks-01"} <= held
    assert "company-02" not in held
    assert (count(force, "person"), count(force, "vehicle")) == (200, 30)


def test_vehicles_await_issue_with_their_crews_in_teams() -> None:
    guests = line(
        "g", nation="MNG", owner_nation="RUS", vehicles_at="park", parts=[{"template": "rifle"}]
    )
    force = force_of(guests)
    check_sound(force, CATALOGUE)
    vehicles = force.kind == CODE["vehicle"]
    assert force.stored[vehicles].all()
    assert not force.stored[~vehicles].any()
    assert {force.stored_at[i] for i in vehicles.nonzero()[0]} == {"park"}
    assert {force.owner_nation[i] for i in vehicles.nonzero()[0]} == {"RUS"}
    for row in (force.kind == CODE["person"]).nonzero()[0]:
        assert force.kind[force.station[row]] == CODE["team"]
        assert force.owner_nation[row] == "RUS" or force.units.nation[force.unit[row]] == "MNG"
    crew = force.name.index("Unit g / Rifle / BMP-2 no. 2 / crew")
    assert force.name[force.station[crew]] == "Unit g / Rifle / BMP-2 no. 2"
    assert force.slot[crew] == 0
    assert CATALOGUE.id[force.type[crew]] == "crew-team"


def test_a_ship_is_a_unit_with_her_own_name_and_carries_her_staff() -> None:
    ship = template(
        "flag", {"platform": "corvette-20380"}, {"platform": "staff-section", "persons": 5}
    )
    line_ = line("n", parts=[{"template": "flag", "names": ["Gremyashchiy 337"]}])
    force = expand([line_], [ship], CATALOGUE, {})
    check_sound(force, CATALOGUE)
    row = force.name.index("Gremyashchiy 337")
    assert force.units.id[force.unit[row]] == "n.gremyashchiy-337"
    assert "Gremyashchiy 337 / command division / commander" in force.name
    staff = force.name.index("Gremyashchiy 337 / Staff section no. 1")
    assert (force.station[staff], force.slot[staff]) == (row, 99)


def test_children_inherit_their_home_and_lines_nest() -> None:
    force = force_of(
        line("a"),
        line("a-2", parent="a", home="", name="Second", parts=[{"template": "tanks"}]),
        line("a-1", parent="a", home="port", name="First", parts=[{"template": "tanks"}]),
    )
    assert force.units.id == ("a", "a-1", "a-1.tanks", "a-2", "a-2.tanks")
    assert force.units.home == ("range", "port", "port", "range", "range")
    assert list(force.units.parent) == [-1, 0, 1, 0, 3]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([line("a", parts=[{"template": "rifel"}])], "unknown template 'rifel'. Did you mean"),
        ([line("a", parts=[{"platform": "bmp2"}])], "unknown type 'bmp2'. Did you mean 'bmp-2'"),
        ([line("a", fill="suport")], "unknown template 'suport'. Did you mean 'support'"),
        ([line("a", parent="b")], "unknown unit 'b'"),
        ([line("a"), line("a", name="Other")], "'a' stands twice"),
        ([line("a"), line("b", name="Unit a")], "have the same name"),
        ([line("a", parent="b"), line("b", parent="a")], "stands under itself"),
        ([line("a", echelon="batallion")], "unknown echelon 'batallion'. Did you mean 'battalion'"),
        ([line("a", symbol="12")], "'12' is not a symbol"),
        ([line("a", parts=[{"platform": "t-80", "persons": 9}])], "9 persons in a t-80, crew 3"),
        ([line("a", persons={"figure": "al"})], "unknown scenario figure 'al'"),
        ([line("a", persons=10, scales_with="alle")], "unknown scenario figure 'alle'"),
        ([line("a", persons=10, ground=0)], "left over and there is no 'fill'"),
        ([line("a", persons=500, ground=2, fill="support")], "cannot both be met"),
        ([line("a", persons=2, ground=5, fill="support")], "cannot both be met"),
        (
            [line("a", persons=20, ground=9, fill="support", parts=[{"template": "company"}])],
            "which do not go into 20 and 9",
        ),
        ([line("a", persons=40, ground=20, fill="crew-pool")], "has no vehicle or no team"),
        (
            [line("a", parts=[{"platform": "t-80"}, {"platform": "rifle-squad"}])],
            "7 persons find no seat",
        ),
        ([line("a", persons={"value": 1.5, "assumed": "x"})], "not a number of persons"),
    ],
)
def test_what_cannot_be_is_told(lines: list[UnitLine], told: str) -> None:
    assert told in problems_of(*lines, all=100)


def test_templates_that_contain_themselves_are_told() -> None:
    circle = [template("x", {"template": "y"}), template("y", {"template": "x"})]
    with pytest.raises(ScenarioError, match=r"contains itself \(x > y > x\)"):
        expand([line("a", parts=[{"template": "x"}])], circle, CATALOGUE, {})


def test_two_ships_of_one_name_are_told() -> None:
    ship = template("boat", {"platform": "landing-craft"})
    lines = [line(u, parts=[{"template": "boat", "names": ["Swift"]}]) for u in "ab"]
    with pytest.raises(ScenarioError, match="not unique: Swift"):
        expand(lines, [ship], CATALOGUE, {})


def test_a_part_is_either_template_or_platform() -> None:
    with pytest.raises(ValueError, match="either 'template' or 'platform'"):
        Part.model_validate({"template": "a", "platform": "b"})
    with pytest.raises(ValueError, match="3 names"):
        Part.model_validate({"template": "a", "names": ["x", "y", "z"], "count": 2})


@pytest.mark.parametrize("name", sorted(load_templates()))
def test_every_shipped_template_stands_alone(name: str) -> None:
    force = expand([line("a", parts=[{"template": name}])], load_templates(), CATALOGUE, {})
    check_sound(force, CATALOGUE)
    assert force.kind.size > 0
