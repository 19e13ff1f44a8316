"""Paths of figures: where they lead, what they change, and what is said of wrong ones."""

from __future__ import annotations

import pytest

from startex.ensemble.address import Addresses
from startex.ensemble.design import Design, Factor
from startex.ensemble.plan import settle
from startex.ensemble.replicate import Replicator, Task
from startex.foundation.errors import ScenarioError, UsageError
from startex.scenario.load import load_scenario
from startex.scenario.resolve import resolve_figures

SCENARIO = "three-nations-day"


@pytest.fixture(scope="module")
def reader() -> Replicator:
    return Replicator(Task(SCENARIO, "", ("*",), (), "none", "", ""))


@pytest.fixture(scope="module")
def addresses(reader: Replicator) -> Addresses:
    return reader.addresses


def _serial(scenario, name: str):
    return next(serial for serial in scenario.serials if serial.serial == name)


def test_an_unchanged_variant_is_the_scenario(reader) -> None:
    assert reader.scenario().digest == load_scenario(SCENARIO).digest


@pytest.mark.parametrize("word", ["params", "parameters"])
def test_a_parameter_of_a_serial_is_varied(reader, addresses, word) -> None:
    path = f"serials.s02-march-mng.{word}.speed_km_h"
    found = addresses.find(path)
    assert (found.current, found.unit) == (35, "km/h")
    scenario = reader.scenario([(path, 31.5)])
    assert _serial(scenario, "s02-march-mng").params["speed_km_h"] == 31.5
    assert scenario.digest != reader.scenario().digest


def test_a_figure_that_is_left_out_can_be_given(reader, addresses) -> None:
    path = "serials.s02-march-mng.tolerance_h"
    assert addresses.find(path).current is None
    assert _serial(reader.scenario([(path, 2)]), "s02-march-mng").tolerance_h == 2.0


@pytest.mark.parametrize("policy", ["announced", "counted"])
def test_a_scenario_figure_is_varied_under_every_policy(reader, policy) -> None:
    scenario = reader.scenario([("figures.persons", 281)])
    figures = resolve_figures(scenario, policy, 0)
    assert figures["persons"].value == 281
    assert figures["kazakh-company"].value == 281 - 198  # what is computed from it follows
    assert "varied by an ensemble" in figures["persons"].assumed


def test_a_claim_is_chosen_over_the_policy(reader, addresses) -> None:
    assert [name for name, _ in addresses.claims("persons")] == ["T-1", "T-2"]
    values = {
        claim: {
            policy: resolve_figures(reader.scenario([("claim:persons", claim)]), policy, 0)[
                "persons"
            ].value
            for policy in ("announced", "counted")
        }
        for claim in ("T-1", "T-2")
    }
    assert values["T-1"]["announced"] == values["T-1"]["counted"] == 300
    assert values["T-2"]["announced"] == values["T-2"]["counted"] != 300


def test_a_computed_figure_names_what_it_is_made_of(addresses) -> None:
    with pytest.raises(UsageError, match="persons, all-but-company"):
        addresses.claims("kazakh-company")


def test_the_catalogue_is_varied_in_the_unit_that_the_path_names(reader, addresses) -> None:
    held = addresses.find("catalogue.types.2s19.speed_road_m_s")
    shown = addresses.find("catalogue.types.2s19.speed_road_km_h")
    assert held.unit == "m/s"
    assert shown.unit == "km/h"
    assert held.current * 3.6 == pytest.approx(shown.current)
    catalogue = reader.scenario([("catalogue.types.2s19.speed_road_km_h", 45.0)]).catalogue
    assert catalogue.speed_road_m_s[catalogue.index("2s19")] == pytest.approx(12.5)
    assert catalogue.provenance("2s19", "speed_road_m_s").assumed == "varied by an ensemble"


def test_sensors_are_varied(reader) -> None:
    path = "catalogue.sensors.eye-foot.max_range_km"
    sensors = reader.scenario([(path, 7)]).armament.sensors
    assert sensors.max_range_m[sensors.id.index("eye-foot")] == pytest.approx(7000.0)


def test_places_weather_and_units_are_varied(reader, addresses) -> None:
    place = next(p for p in reader.scenario().places if p.radius_m)
    path = f"places.{place.id}.radius_m"
    changed = reader.scenario([(path, 1234.0)]).places
    assert changed[changed.index(place.id)].radius_m == 1234.0
    found = addresses.find("weather.off-aktau@2025-06-14T10:00+05:00.wind_kn")
    assert (found.current, found.unit) == (14.0, "kn")
    at_sea = reader.scenario([(found.path, 17)]).weather
    wind = next(w.wind_m_s for w in at_sea if w.area == "off-aktau")
    assert wind == pytest.approx(17 * 1852 / 3600)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("serial.s04-sail.params.speed_kn", "did you mean 'serials'"),
        ("serials.s04-sial.params.speed_kn", "did you mean 's04-sail'"),
        ("serials.s04-sail.params.sped_kn", "did you mean 'speed_kn'"),
        ("figures.person", "did you mean 'persons'"),
        ("catalogue.type.2s19.crew", "did you mean 'types'"),
        ("catalogue.types.2s91.crew", "did you mean '2s9'"),
        ("catalogue.types.2s19.crw", "did you mean 'crew'"),
        ("catalogue.weapons.2a33", "2a33 has no '': allowed"),
        ("serials.s04-sail.params", "is no number"),
        ("serials.s09-fire.books_range", "only numbers"),
    ],
)
def test_what_cannot_be_varied_is_told_with_the_nearest(addresses, path, why) -> None:
    with pytest.raises(UsageError, match=why):
        addresses.find(path)


def test_one_at_a_time_starts_from_what_the_scenario_says(reader, addresses) -> None:
    factors = (
        Factor.of("serials.s02-march-mng.params.speed_km_h", "uniform", 30, 45),
        Factor.of("figures.persons", "uniform", 250, 320),
        Factor("which", claim="persons"),
    )
    plan = settle(Design(factors, "one-at-a-time"), reader.scenario(), addresses)
    assert [factor.base for factor in plan.design.factors] == [35, 300, "T-1"]
    assert plan.variants[0].values == (35, 300, "T-1")
    assert [variant.role for variant in plan.variants] == [
        "base", *["step:serials.s02-march-mng.params.speed_km_h"] * 2,
        *["step:figures.persons"] * 2, "step:which",
    ]  # fmt: skip


def test_checks_hold_for_variants_and_name_the_line(reader) -> None:
    with pytest.raises(ScenarioError) as raised:
        reader.scenario([("serials.s04-sail.params.speed_kn", 1000)])
    [problem] = raised.value.problems
    assert problem.file == "serials.yaml"
    assert problem.line > 1
    assert "speed_kn" in problem.message
    assert reader.scenario().digest == load_scenario(SCENARIO).digest  # nothing is left of it


def test_a_star_stands_for_all_entries_that_have_the_figure(addresses: Addresses) -> None:
    one = addresses.find("serials.s04-sail.params.speed_kn")
    found = addresses.find("serials.s0*.params.speed_kn")
    assert set(one.edits(9)) < set(found.edits(9))  # the patrol has a speed, too
    assert all(edit.value == 9 or isinstance(edit.value, dict) for edit in found.edits(9))
    assert found.current is None  # they differ
    assert found.unit == "kn"


def test_times_multiplies_what_is_there(addresses: Addresses) -> None:
    one = addresses.find("serials.s04-sail.params.speed_kn")
    twice = addresses.find("times serials.s04-sail.params.speed_kn")
    assert (twice.current, twice.unit) == (1.0, "×")
    assert twice.edits(2) == one.edits(2.0 * float(one.current))
    all_types = addresses.find("times catalogue.types.*.failure_distance_km")
    assert len(all_types.edits(0.5)) > 100
    truck = addresses.find("catalogue.types.2s19.failure_distance_km")
    assert truck.edits(float(truck.current) * 0.5)[0] in all_types.edits(0.5)


@pytest.mark.parametrize(
    "path",
    ["serials.zz-*.params.speed_kn", "times serials.s01-*.params.load_min", "catalogue.tipes.*.x"],
)
def test_a_pattern_that_leads_nowhere_is_told(addresses: Addresses, path: str) -> None:
    with pytest.raises(UsageError, match=r"no path fits|no number there"):
        addresses.find(path)
