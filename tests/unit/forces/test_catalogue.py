from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from startex.forces.catalogue import SHIPPED, Catalogue, load_catalogue
from startex.forces.crews import largest_remainder, seat_roles
from startex.forces.figures import FIGURES, REQUIRED
from startex.foundation.errors import ScenarioError


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_rows_are_sorted_and_columns_frozen_in_si(catalogue: Catalogue) -> None:
    assert list(catalogue.id) == sorted(catalogue.id)
    tank = catalogue.index("t-80")
    assert catalogue.speed_road_m_s[tank] == pytest.approx(70 / 3.6)
    assert catalogue.fuel_l[tank] == 1100
    assert catalogue.mass_kg[tank] == 42_500
    assert np.isnan(catalogue.ceiling_m[tank])
    with pytest.raises(ValueError, match="read-only"):
        catalogue.crew[tank] = 4


def test_every_figure_has_a_source_or_says_why_it_is_assumed(catalogue: Catalogue) -> None:
    for figure in catalogue.figures.values():
        assert bool(figure.source) != bool(figure.assumed), figure
        if figure.source:
            assert figure.title
            assert figure.address.startswith("http")


def test_every_value_has_provenance_and_every_kind_its_figures(catalogue: Catalogue) -> None:
    for name in FIGURES:
        column = getattr(catalogue, name)
        for row in np.flatnonzero(~np.isnan(column)):
            assert catalogue.provenance(catalogue.id[row], name).figure == name
    for row, kind in enumerate(catalogue.kind):
        for name in REQUIRED[kind]:
            assert not np.isnan(getattr(catalogue, name)[row]), (catalogue.id[row], name)


def test_speeds_and_sizes_are_in_order(catalogue: Catalogue) -> None:
    kind = np.array(catalogue.kind)
    vehicle = kind == "vehicle"
    assert (catalogue.speed_cross_country_m_s[vehicle] <= catalogue.speed_road_m_s[vehicle]).all()
    assert (catalogue.rail_length_m[vehicle] >= catalogue.length_m[vehicle]).all()
    moving = np.isin(kind, ["ship", "aircraft", "train"])
    assert (catalogue.speed_cruise_m_s[moving] <= catalogue.speed_max_m_s[moving]).all()
    aircraft = kind == "aircraft"
    assert (catalogue.cruise_altitude_m[aircraft] <= catalogue.ceiling_m[aircraft]).all()


def test_an_unknown_name_is_met_with_the_nearest(catalogue: Catalogue) -> None:
    with pytest.raises(KeyError, match="t-80"):
        catalogue.index("t80")
    with pytest.raises(KeyError, match="range_m"):
        catalogue.provenance("t-80", "range")
    with pytest.raises(KeyError, match="has no figure"):
        catalogue.provenance("t-80", "ceiling_m")


def test_a_scenario_adds_and_overrides_types(tmp_path: Path) -> None:
    (tmp_path / "types.csv").write_text(
        "type,name,kind,symbol,crew_roles,note\nlorry,Lorry,target,15140700,,own type\n"
    )
    (tmp_path / "figures.csv").write_text(
        "type,figure,value,unit,source,assumed\n"
        "lorry,length_m,7,m,,example\nlorry,width_m,2.5,m,,example\nlorry,height_m,3,m,,example\n"
        "t-80,range_m,500,km,,with drums\n"
    )
    catalogue = load_catalogue(tmp_path)
    assert catalogue.length_m[catalogue.index("lorry")] == 7
    assert catalogue.range_m[catalogue.index("t-80")] == 500e3
    assert catalogue.provenance("t-80", "range_m").assumed == "with drums"
    assert catalogue.provenance("t-80", "crew").source == "wiki-t80"


def test_every_problem_is_told_at_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    shutil.copytree(SHIPPED, folder)
    figures = folder / "figures.csv"
    figures.write_text(
        "type,figure,value,unit,source,assumed\n"
        "t-81,crew,3,1,,why\n"
        "t-80,crwe,3,1,,why\n"
        "t-80,range_m,300,km/h,,why\n"
        "t-80,crew,3,1,,\n"
        "t-80,seats,many,1,,why\n"
        "t-80,mass_kg,-4,t,,why\n"
        "t-80,width_m,3,m,nowhere,\n"
        "t-80,crew,2.5,1,,why\n"
    )
    types = folder / "types.csv"
    types.write_text(
        "type,name,kind,symbol,crew_roles,note\n"
        "hover,Hover,hovercraft,15140700,,\n"
        "cart,Cart,vehicle,15,,\n"
        "sled,Sled,vehicle,15140700,no-such-crew,\n"
    )
    with pytest.raises(ScenarioError) as caught:
        load_catalogue(folder)
    told = "\n".join(str(problem) for problem in caught.value.problems)
    for line, column, words in [
        (2, 1, "unknown type 't-81'"),
        (3, 6, "unknown figure 'crwe'"),
        (4, 18, "is a unit of speed, not of length"),
        (5, 15, "neither source nor assumed"),
        (6, 12, "'many' is not a number"),
        (7, 14, "not possible for mass_kg"),
        (8, 18, "'nowhere' is not in sources.csv"),
        (9, 11, "must be a whole number"),
    ]:
        assert f"own/figures.csv:{line}:{column}: " in told, (line, column, told)
        assert words in told
    assert "own/types.csv:2:13: unknown kind 'hovercraft'" in told
    assert "'15' is not a symbol" in told
    assert "vehicle 'sled' lacks crew, seats" in told
    assert "no crew 'no-such-crew'" in told


def test_a_folder_without_a_catalogue_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="holds no catalogue"):
        load_catalogue(tmp_path)


def test_seats_are_shared_out_by_role(catalogue: Catalogue) -> None:
    seats = seat_roles(catalogue.crews["ship"], 99)
    assert len(seats) == 99
    assert seats[0] == ("commander", "command")
    assert seats.count(("commander", "command")) == 1
    assert seat_roles(catalogue.crews["tank"], 2) == [("driver", ""), ("commander", "")]
    assert seat_roles(catalogue.crews["truck"], 4)[2:] == [("vehicle commander", "")] * 2
    assert seat_roles([], 2) == [("member", "")] * 2


def test_largest_remainder_sums_exactly() -> None:
    assert largest_remainder([1, 1, 1], 10) == [4, 3, 3]
    assert largest_remainder([0, 0], 3) == [3, 0]
    assert largest_remainder([5, 3, 2], 10) == [5, 3, 2]
