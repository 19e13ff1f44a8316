from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from startex.forces.armament import load_armament
from startex.forces.armament_figures import (
    AGAINST,
    DOMAINS,
    REQUIRED_OF_SENSORS,
    REQUIRED_OF_WEAPONS,
    SENSOR_FIGURES,
    SENSOR_KINDS,
    WEAPON_FIGURES,
    WEAPON_KINDS,
)
from startex.forces.armament_tables import Armament
from startex.forces.catalogue import Catalogue, load_catalogue
from startex.forces.signatures import domains, signatures
from startex.foundation.errors import ScenarioError

ARMED_SYMBOLS = ("1511", "15120101", "151202", "271103", "301202", "3511", "30120501")
"""Guns, launchers, fighting vehicles, tanks, crew-served weapons, combatants, submarines."""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def armament(catalogue: Catalogue) -> Armament:
    return load_armament(catalogue)


def test_columns_are_sorted_frozen_and_in_the_unit_of_their_names(armament: Armament) -> None:
    sensors, weapons = armament.sensors, armament.weapons
    assert list(sensors.id) == sorted(sensors.id)
    assert list(weapons.id) == sorted(weapons.id)
    gun = weapons.index("2a46")
    assert weapons.max_range_m[gun] == 3000
    assert weapons.penetration_m[gun] == pytest.approx(0.52)
    assert weapons.dispersion_mrad[gun] == 0.25
    eye = sensors.index("eye-foot")
    assert sensors.cycles_per_mrad[eye] == pytest.approx(1.7)
    assert sensors.field_of_regard_deg[eye] == pytest.approx(120)
    assert sensors.fields[eye] == pytest.approx(6)
    assert sensors.fields[sensors.index("magnetic-detector")] == 1
    with pytest.raises(ValueError, match="read-only"):
        weapons.max_range_m[gun] = 1


def test_every_figure_and_fit_has_a_source_or_says_why(armament: Armament) -> None:
    for entry in (*armament.figures.values(), *armament.fits.values()):
        assert bool(entry.source) != bool(entry.assumed), entry


def test_each_kind_has_its_figures(armament: Armament) -> None:
    for table, kinds, required in (
        (armament.sensors, SENSOR_KINDS, REQUIRED_OF_SENSORS),
        (armament.weapons, WEAPON_KINDS, REQUIRED_OF_WEAPONS),
    ):
        for row, kind in enumerate(table.kind):
            for figure in required[kinds[kind]]:
                assert not np.isnan(getattr(table, figure)[row]), (table.id[row], figure)


def test_figures_are_in_order(armament: Armament) -> None:
    sensors, weapons = armament.sensors, armament.weapons
    assert (weapons.min_range_m < weapons.max_range_m).all()
    radar = ~np.isnan(sensors.range_1m2_m)
    assert (sensors.range_1m2_m[radar] <= sensors.max_range_m[radar]).all()
    assert weapons.against.any(axis=1).all()
    missiles = weapons.against[:, AGAINST.index("missile")]
    assert not np.isnan(weapons.hit_probability[missiles]).any()  # else no defence could be drawn
    ground = weapons.against[:, DOMAINS.index("ground")]
    direct = np.isin(weapons.kind, [WEAPON_KINDS.index(k) for k in ("tank_gun", "atgm")])
    assert not np.isnan(weapons.penetration_m[ground & direct]).any()


def test_fits_are_found_by_type(armament: Armament, catalogue: Catalogue) -> None:
    fits = armament.weapon_fits
    part = fits.of(catalogue.index("t-80"))
    carried = {
        armament.weapons.id[item]: int(rounds)
        for item, rounds in zip(fits.item[part], fits.rounds[part], strict=True)
    }
    assert carried == {"2a46": 35, "9m119": 4, "machine-gun": 1250, "machine-gun-127": 300}
    assert fits.first[0] == 0
    assert fits.first[-1] == fits.type.size
    assert (np.diff(fits.type) >= 0).all()
    assert (fits.count > 0).all()
    assert (armament.sensor_fits.rounds == 0).all()


def test_what_is_armed_by_its_symbol_has_a_weapon(armament: Armament, catalogue: Catalogue) -> None:
    armed = set(armament.weapon_fits.type.tolist())
    unarmed = {"buk-radar", "sam-radar"}
    for row, (name, symbol) in enumerate(zip(catalogue.id, catalogue.symbol, strict=True)):
        if symbol.startswith(ARMED_SYMBOLS) and catalogue.kind[row] != "target":
            assert (row in armed) != (name in unarmed), name


def test_everything_manned_looks_out(armament: Armament, catalogue: Catalogue) -> None:
    looks = set(armament.sensor_fits.type.tolist())
    for row, kind in enumerate(catalogue.kind):
        if kind in ("vehicle", "ship", "aircraft", "team"):
            assert row in looks, catalogue.id[row]


def test_a_fit_holds_no_more_than_whole_salvos_or_less_than_one_round(armament: Armament) -> None:
    fits, weapons = armament.weapon_fits, armament.weapons
    uses = ~np.isnan(weapons.rounds_per_salvo[fits.item])
    assert (fits.rounds[uses] >= 1).all()
    assert (fits.rounds[~uses] == 0).all()


def test_signatures_have_no_gap(catalogue: Catalogue) -> None:
    found = signatures(catalogue)
    for name in type(found).__slots__:
        column = getattr(found, name)
        assert column.shape == (len(catalogue),)
        assert not np.isnan(column).any(), name
    assert found.armour_m[catalogue.index("t-80")] == pytest.approx(0.5)
    assert found.hits[catalogue.index("asw-1155")] == pytest.approx(2.6)
    assert (found.hits > 0).all()


@pytest.mark.parametrize(
    ("type_id", "domain"),
    [
        ("t-80", "ground"), ("rifle-squad", "ground"), ("asw-1155", "surface"),
        ("submarine-636", "subsurface"), ("su-35s", "air"), ("target-drone", "air"),
        ("target-floating-mine", "mine"), ("target-surface", "surface"),
        ("target-armour", "ground"), ("military-train", "ground"),
    ],
)  # fmt: skip
def test_domains(catalogue: Catalogue, type_id: str, domain: str) -> None:
    assert DOMAINS[domains(catalogue)[catalogue.index(type_id)]] == domain


def test_figures_of_merit(armament: Armament) -> None:
    sensors = armament.sensors
    merit = sensors.merit_db()
    assert merit[sensors.index("sonar-towed")] == pytest.approx(-65 + 18 - 2)
    assert merit[sensors.index("sonar-polinom")] == pytest.approx(212 - 88 + 20 - 25)
    assert np.isnan(merit[sensors.index("eye-foot")])


def test_a_scenario_adds_overrides_and_takes_away(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "sensors.csv").write_text("sensor,name,kind,night\nmast,Mast,definite_range,yes\n")
    (tmp_path / "armament_figures.csv").write_text(
        "item,figure,value,unit,source,assumed\n"
        "mast,max_range_m,12,km,,example\n2a46,max_range_m,2500,m,,range limit\n"
    )
    (tmp_path / "fits.csv").write_text(
        "type,item,count,rounds,source,assumed\n"
        "t-80,mast,1,,,example\nt-80,9m119,0,0,,none issued\nt-80,2a46,1,20,,training load\n"
    )
    found = load_armament(catalogue, tmp_path)
    tank = catalogue.index("t-80")
    fits = found.weapon_fits
    carried = dict(zip(fits.item[fits.of(tank)], fits.rounds[fits.of(tank)], strict=True))
    assert carried[found.weapons.index("2a46")] == 20
    assert found.weapons.index("9m119") not in carried
    assert found.weapons.max_range_m[found.weapons.index("2a46")] == 2500
    mast = found.sensors.index("mast")
    assert mast in found.sensor_fits.item[found.sensor_fits.of(tank)]
    assert found.provenance("mast", "max_range_m").assumed == "example"


def test_unknown_names_are_met_with_the_nearest(armament: Armament) -> None:
    with pytest.raises(KeyError, match="did you mean"):
        armament.weapons.index("2a47")
    with pytest.raises(KeyError, match="has no figure"):
        armament.provenance("2a46", "range_m")
    with pytest.raises(KeyError, match="no sensor or weapon"):
        armament.provenance("2a4", "range_m")


def test_every_problem_is_told_at_its_place(catalogue: Catalogue, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "sensors.csv").write_text(
        "sensor,name,kind,night\nlamp,Lamp,visul,yes\nhorn,Horn,esm,perhaps\n2a46,Gun,esm,no\n"
    )
    (folder / "weapons.csv").write_text(
        "weapon,name,kind,against,ammunition\n"
        "bow,Bow,gun,ground horses,arrows\nbow,Bow,gun,ground,arrows\nsling,Sling,small_arms,,\n"
    )
    (folder / "armament_figures.csv").write_text(
        "item,figure,value,unit,source,assumed\n"
        "2a64,max_range_m,1,km,,why\n"
        "2a64,max_rnge_m,1,km,,why\n"
        "2a65,max_range_m,1,km,,why\n"
        "2a64,round_kg,43,km,,why\n"
        "2a64,round_kg,-43,kg,,why\n"
        "2a64,round_kg,43,kg,,\n"
        "2a64,speed_m_s,fast,m/s,,why\n"
        "2a64,cep_m,50,m,nowhere,\n"
        "2a64,rounds_per_salvo,1.5,1,,why\n"
    )
    (folder / "fits.csv").write_text(
        "type,item,count,rounds,source,assumed\n"
        "t-81,2a46,1,1,,why\nt-80,2a47,1,1,,why\nt-80,2a46,one,1,,why\n"
        "t-80,eye-foot,1,1,,why\nt-80,9m119,1,1,,\nt-80,9m119,1,-1,,why\n"
    )
    with pytest.raises(ScenarioError) as caught:
        load_armament(catalogue, folder)
    told = "\n".join(str(problem) for problem in caught.value.problems)
    for place, words in [
        ("sensors.csv:2:11", "unknown kind 'visul'"),
        ("sensors.csv:3:15", "'perhaps' does not say"),
        ("sensors.csv:4:1", "both a sensor and a weapon"),
        ("sensors.csv:3:1", "esm 'horn' lacks max_range_m, height_m, period_s"),
        ("weapons.csv:2:13", "unknown target 'horses'"),
        ("weapons.csv:3:1", "'bow' stands twice"),
        ("weapons.csv:4", "a weapon against nothing"),
        ("weapons.csv:4", "without ammunition"),
        ("armament_figures.csv:2:18", "min_range_m of 2a64 is above its max_range_m"),
        ("armament_figures.csv:3:6", "unknown figure 'max_rnge_m'"),
        ("armament_figures.csv:4:1", "no sensor or weapon '2a65'"),
        ("armament_figures.csv:5:18", "is a unit of length, not of mass"),
        ("armament_figures.csv:6:15", "not possible for round_kg"),
        ("armament_figures.csv:7:", "neither source nor assumed"),
        ("armament_figures.csv:8:16", "'fast' is not a number"),
        ("armament_figures.csv:9:17", "'nowhere' is not in sources.csv"),
        ("armament_figures.csv:10:", "must be a whole number"),
        ("fits.csv:2:1", "unknown type 't-81'"),
        ("fits.csv:3:6", "no sensor or weapon '2a47'"),
        ("fits.csv:4:11", "'one' is not a number of pieces"),
        ("fits.csv:5:17", "the sensor 'eye-foot' has rounds"),
        ("fits.csv:6:", "neither source nor assumed"),
        ("fits.csv:7:6", "9m119 of t-80 stands twice"),
        ("fits.csv:7:14", "'-1' is not a number of rounds"),
    ]:
        assert any(
            f"own/{place}" in line and words in line for line in told.splitlines()
        ), (place, words, told)  # fmt: skip


def test_the_documentation_names_every_kind_and_figure() -> None:
    text = (Path(__file__).parents[3] / "docs" / "forces.md").read_text()
    words = (*SENSOR_FIGURES, *WEAPON_FIGURES, *SENSOR_KINDS, *WEAPON_KINDS, *AGAINST)
    assert [word for word in words if f"`{word}`" not in text] == []


def test_a_sourced_figure_leads_to_its_page(armament: Armament) -> None:
    reach = armament.provenance("p-270", "max_range_m")
    assert (reach.value, reach.unit, reach.source) == (120, "km", "wion-moskit")
    assert reach.address.startswith("https://")
    load = armament.fits["tor-telar", "9m331"]
    assert (load.count, load.rounds, load.source) == (1, 8, "nepszava-tor")
