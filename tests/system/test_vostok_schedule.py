"""The schedule of Vostok-2022 against what was reported: events at their days and places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

import startex
from startex.forces.definitions import KINDS
from startex.foundation.clock import format_time
from startex.scenario.resolve import resolve
from startex.scenario.scenario import Scenario
from startex.scenario.serials import PHASES, Serial

REPORTED = {  # serial: place, first and last local day that the reports allow
    "dep-chn-navy": ("tsushima-strait", "2022-08-28", "2022-08-30"),
    "plan-opening": ("sergeyevsky", "2022-08-31", "2022-08-31"),
    "sea-rendezvous": ("rendezvous-area", "2022-09-02", "2022-09-02"),
    "sea-fire-chn": ("rendezvous-area", "2022-09-02", "2022-09-02"),
    "sgv-rehearsal": ("sergeyevsky", "2022-09-03", "2022-09-03"),
    "sea-mines": ("mine-danger-area", "2022-09-03", "2022-09-03"),
    "sea-firing": ("firing-position-0903", "2022-09-03", "2022-09-03"),
    "usp-drill": ("uspenovsky", "2022-09-04", "2022-09-04"),
    "sgv-main": ("sergeyevsky", "2022-09-06", "2022-09-06"),
    "mat-hold": ("matua", "2022-09-06", "2022-09-06"),
    "sgv-closing": ("sergeyevsky", "2022-09-07", "2022-09-07"),
    "wd-chn-rail": ("mudanjiang", "2022-09-08", "2022-09-12"),
    "wd-blr-air": ("minsk", "2022-09-08", "2022-09-10"),
}
SEVEN_RANGES = {
    "burduny", "goryachiye-klyuchi", "knyaze-volkonsky", "lagunnoye", "sergeyevsky", "telemba",
    "uspenovsky",
}  # fmt: skip


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return startex.load("vostok-2022")


@pytest.fixture(scope="module")
def serials(scenario: Scenario) -> dict[str, Serial]:
    return {serial.serial: serial for serial in scenario.serials}


@pytest.mark.parametrize("name", REPORTED)
def test_reported_events_stand_at_their_place_and_day(
    name: str, serials: dict[str, Serial]
) -> None:
    place, first, last = REPORTED[name]
    assert serials[name].place == place
    assert serials[name].claim
    assert first <= serials[name].start[:10] <= serials[name].end[:10] <= last


def test_main_stage_opens_fire_at_ten_to_five(serials: dict[str, Serial]) -> None:
    # forty minutes of fire and five for the advance between its halves, over at the planned end
    main = serials["sgv-main"]
    fire_ms = (float(main.params["duration_min"]) + 5.0) * 60_000
    assert main.params["advance_m"] == 600
    assert format_time(main.end_ms - round(fire_ms), 10.0)[11:16] == "16:50"


def test_three_russian_and_three_chinese_ships_fire(
    scenario: Scenario, serials: dict[str, Serial]
) -> None:
    force = resolve(scenario).force
    hulls: Counter[str] = Counter()
    for unit in serials["sea-firing"].all_units:
        row = force.units.id.index(unit)
        inside = slice(force.units.first[row], force.units.last[row])
        hulls[force.units.nation[row]] += int((force.kind[inside] == KINDS.index("ship")).sum())
    assert hulls == {"RUS": 3, "CHN": 3}


def test_something_is_held_on_each_of_the_seven_ranges(scenario: Scenario) -> None:
    held = {
        s.place for s in scenario.serials if s.phase == "implementation" and "S000-38" in s.claim
    }
    assert held == SEVEN_RANGES


def test_phases_follow_each_other(scenario: Scenario) -> None:
    begin = [min(s.start_ms for s in scenario.serials if s.phase == phase) for phase in PHASES]
    assert begin == sorted(begin)


def test_every_serial_says_where_it_comes_from(scenario: Scenario) -> None:
    assert all(s.claim or s.assumed for s in scenario.serials)


def test_every_counted_unit_takes_part_and_goes_somewhere(scenario: Scenario) -> None:
    force = resolve(scenario).force
    used = np.zeros(force.kind.size, dtype=np.bool_)
    rows = {unit: row for row, unit in enumerate(force.units.id)}
    for serial in scenario.serials:
        for unit in (*serial.all_units, *_units_in(serial)):
            used[force.units.first[rows[unit]] : force.units.last[rows[unit]]] = True
    idle = np.flatnonzero(force.counted & ~used)
    assert not idle.size, force.units.id[force.unit[idle[0]]]


def _units_in(serial: Serial) -> Iterator[str]:
    for name in ("carriers", "ships", "with", "receivers"):
        yield from serial.params.get(name, ())
    for name in ("convoy", "tanker"):
        if name in serial.params:
            yield serial.params[name]


def test_visitors_get_vehicles_before_september_and_give_them_back(
    serials: dict[str, Serial],
) -> None:
    visitors = {"arm", "aze", "blr", "dza", "ind", "kgz", "mng", "tjk"}
    issued = {u for s in serials.values() if s.task == "issue" for u in s.units}
    assert issued == visitors
    assert all(s.end < "2022-09-01" for s in serials.values() if s.task == "issue")
    assert {
        u for s in serials.values() if s.task == "return_equipment" for u in s.units
    } == visitors
