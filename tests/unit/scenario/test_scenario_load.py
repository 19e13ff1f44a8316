"""Loading, resolving and the vocabulary."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scenario_mutations import TUTORIAL, Change, tutorial_copy

from startex.foundation.clock import parse_time
from startex.foundation.errors import StartexError
from startex.scenario.load import find_scenario, load_scenario, shipped_scenarios
from startex.scenario.resolve import resolve
from startex.scenario.scenario import Scenario
from startex.scenario.summary import contents, force_counts
from startex.scenario.vocabulary import TASKS, WITHDRAW_MODES
from startex.sources.homes import gather, homeless


@pytest.fixture(scope="module")
def tutorial() -> Scenario:
    return load_scenario("three-nations-day")


def test_a_shipped_name_comes_before_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "three-nations-day").mkdir()
    (tmp_path / "mine").mkdir()
    assert find_scenario("three-nations-day") == TUTORIAL
    assert find_scenario("mine") == Path("mine")
    assert find_scenario("./three-nations-day") == Path("three-nations-day")


@pytest.mark.parametrize("name", ["three-nation-day", "a\0b", "x" * 5000])
def test_no_such_scenario(name: str) -> None:
    with pytest.raises(StartexError, match="no scenario"):
        find_scenario(name)


def test_no_such_scenario_names_the_nearest() -> None:
    with pytest.raises(StartexError, match="did you mean 'three-nations-day'"):
        find_scenario("three-nation-day")


def test_every_shipped_scenario_loads() -> None:
    names = shipped_scenarios()
    assert "three-nations-day" in names
    for name in names:
        assert load_scenario(name).name == name


def test_rows_stand_in_an_order_of_their_own(tutorial: Scenario) -> None:
    keys = [(s.start_ms, -s.priority, s.serial) for s in tutorial.serials]
    assert keys == sorted(keys)
    assert [line.unit for line in tutorial.lines] == sorted(line.unit for line in tutorial.lines)
    assert [event.t for event in tutorial.events] == sorted(event.t for event in tutorial.events)


def test_events_stand_at_local_time(tutorial: Scenario) -> None:
    assert [event.t for event in tutorial.events] == [
        parse_time("2025-06-14T09:00+05:00"),
        parse_time("2025-06-14T18:30+05:00"),
    ]


def test_an_event_without_time_stands_at_noon_of_its_place(tmp_path: Path) -> None:
    folder = tutorial_copy(tmp_path)
    Change("events.csv", "2025-06-14,18:30,", "2025-06-14,,", "", "").apply(folder)
    Change("places.geojson", '"claim": "T-1",', '"claim": "T-1", "utc_offset_h": 6,', "", "").apply(
        folder
    )
    event = load_scenario(folder).events[-1]
    assert (event.t, event.exact) == (parse_time("2025-06-14T12:00+06:00"), False)


@pytest.mark.parametrize(("policy", "persons"), [("announced", 300), ("counted", 260)])
def test_policies_settle_the_number_of_persons(
    tutorial: Scenario, policy: str, persons: int
) -> None:
    resolved = resolve(tutorial, policy, seed=3)
    counts = force_counts(resolved.force)
    assert counts["persons"] == persons
    assert (counts["vehicles"], counts["aircraft"], counts["ships"]) == (40, 3, 1)
    assert counts["nations"] == 3
    assert resolved.figures["persons"].number == persons
    assert resolved.figures["persons"].claims == (("T-1",) if policy == "announced" else ("T-2",))


def test_the_default_policy_is_the_first(tutorial: Scenario) -> None:
    assert resolve(tutorial).policy == "announced"
    with pytest.raises(StartexError, match="did you mean 'counted'"):
        resolve(tutorial, "countd")


def test_only_the_company_shrinks_under_the_other_policy(tutorial: Scenario) -> None:
    people = {}
    for policy in tutorial.policies:
        force = resolve(tutorial, policy).force
        row = {unit: index for index, unit in enumerate(force.units.id)}
        people[policy] = {
            line.unit: int(
                np.count_nonzero(force.kind[force.units.first[u] : force.units.last[u]] == 0)
            )
            for line in tutorial.lines
            for u in [row[line.unit]]
        }
    changed = {u for u, n in people["announced"].items() if n != people["counted"][u]}
    assert changed == {"kaz", "kaz-company"}


def test_every_claim_has_a_home(tutorial: Scenario) -> None:
    usages = list(tutorial.provenances())
    assert ("unit kaz-company ground", ("T-3",)) in usages
    assert ("serial s09-fire", ("T-6",)) in usages
    assert ("place shetpe", ("T-4",)) in usages
    assert ("event It rains.", ("T-8",)) in usages
    assert homeless(gather(tutorial.dossier, usages)) == []


def test_contents_say_what_was_read(tutorial: Scenario) -> None:
    found = contents(tutorial)
    assert found["files"]["serials"] == len(tutorial.serials) == 16
    assert found["policies"]["announced"]["persons"] == 300
    assert found["digest"] == tutorial.digest


def test_the_vocabulary_is_consistent() -> None:
    for word, task in TASKS.items():
        assert task.name == word
        assert task.doc.endswith(".")
        names = [param.name for param in task.params]
        assert len(names) == len(set(names))
        for reference, types in (
            (task.origin, {"place"}), (task.destination, {"place"}), (task.carriers, {"units"}),
        ):  # fmt: skip
            if reference:
                param = task.param(reference)
                assert param is not None
                assert param.type in types
        for param in task.params:
            assert param.doc.endswith(".")
            assert bool(param.choices) == (param.type == "choice")
            assert param.least < param.most
            ends = {
                "km/h": "_km_h",
                "kn": "_kn",
                "m": "_m",
                "min": "_min",
                "l": "_l",
                "": param.name,
            }
            assert param.name.endswith(ends[param.unit]), "the key carries the unit"
    assert set(WITHDRAW_MODES.values()) <= set(TASKS)
    mode = TASKS["withdraw"].param("mode")
    assert mode is not None
    assert set(mode.choices) == set(WITHDRAW_MODES)
    for word in WITHDRAW_MODES.values():
        for param in TASKS[word].params:
            if param.required:
                assert TASKS["withdraw"].param(param.name) is not None


def test_the_tutorial_uses_most_tasks_of_its_arms(tutorial: Scenario) -> None:
    assert {serial.task for serial in tutorial.serials} >= {
        "march", "rail", "sail", "patrol", "airborne_drop", "occupy", "sortie", "live_fire",
        "drill", "ceremony", "withdraw",
    }  # fmt: skip
