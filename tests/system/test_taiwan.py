"""The drills around Taiwan: the run does what the policy says of every day, and nothing nearer."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import startex
from startex.assemble.run import simulate
from startex.foundation.clock import parse_time
from startex.geography.geodesy import inverse
from startex.scenario.load import check_scenario, find_scenario, load_scenario
from startex.scenario.resolve import numbers, resolve_figures
from startex.sources.arithmetic import recompute
from startex.sources.bench import Bench
from startex.sources.homes import gather
from startex.sources.verdicts import verdicts

NAME = "taiwan-strait-2022"
DAYS = ("04", "05", "06", "07", "08", "09", "10")
NAUTICAL_MILES_12_M = 22_224.0
COAST = (
    "cape-fugui", "cape-santiago", "taoyuan", "hsinchu", "taichung", "budai", "cape-eluanbi",
)  # fmt: skip


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(NAME)


@pytest.fixture(scope="module")
def held(scenario, tmp_path_factory) -> Callable[[str], startex.Run]:
    runs: dict[str, startex.Run] = {}

    def run(policy: str) -> startex.Run:
        if policy not in runs:
            folder: Path = tmp_path_factory.mktemp("runs") / policy
            runs[policy] = simulate(scenario, out=folder, policy=policy, seed=1)
        return runs[policy]

    return run


@pytest.fixture(scope="module", params=["taiwan", "japan", "highest"])
def policy(request) -> str:
    return request.param


def _figures(scenario, policy):
    return numbers(resolve_figures(scenario, policy, 1))


def test_all_serials_are_held_under_every_policy(held, policy) -> None:
    rows = held(policy).sql("select serial, outcome, reason from serials").to_pylist()
    assert len(rows) > 40
    assert [row for row in rows if row["outcome"] != "held"] == []


def test_sorties_of_each_day_are_those_of_the_figures(held, policy, scenario) -> None:
    figures = _figures(scenario, policy)
    flown = held(policy).sql(
        "select serial, sum(platforms) as n from orders where kind = 'sortie' group by serial"
    )
    by_serial = {row["serial"]: int(row["n"]) for row in flown.to_pylist()}
    for day in DAYS:
        assert by_serial[f"air-{day}-east"] == figures[f"crossed_08{day}"]
        whole = sum(n for serial, n in by_serial.items() if serial.startswith(f"air-{day}-"))
        assert whole == figures[f"aircraft_08{day}"], day


def test_as_many_aircraft_cross_the_median_line_as_were_counted(held, policy, scenario) -> None:
    """The line runs from 27 N 122 E to 23 N 118 E: longitude less latitude is 95 degrees on it."""
    legs = held(policy).sql(
        "select l.entity, l.t1, l.lat0, l.lon0, l.lat1, l.lon1 from legs l"
        " join entities e on e.entity = l.entity where e.kind = 'aircraft'"
    )
    lat0, lon0, lat1, lon1 = (legs[n].to_numpy() for n in ("lat0", "lon0", "lat1", "lon1"))
    start, end = lon0 - lat0 - 95.0, lon1 - lat1 - 95.0
    cut = start * end < 0.0
    share = start[cut] / (start[cut] - end[cut])
    at = lat0[cut] + share * (lat1[cut] - lat0[cut])
    on_line = np.flatnonzero(cut)[(at >= 23.0) & (at <= 27.0)]
    local = legs["t1"].to_numpy()[on_line] + 8 * 3_600_000
    days = local.astype("datetime64[ms]").astype("datetime64[D]").astype(str)
    aircraft = legs["entity"].to_numpy()[on_line]
    figures = _figures(scenario, policy)
    for day in DAYS:
        crossed = set(aircraft[days == f"2022-08-{day}"].tolist())
        assert len(crossed) == figures[f"crossed_08{day}"], day


def test_no_aircraft_comes_within_twelve_miles_of_the_island(held, scenario) -> None:
    legs = held("highest").sql(
        "select distinct l.lat1, l.lon1 from legs l join entities e on e.entity = l.entity"
        " where e.kind = 'aircraft'"
    )
    lat, lon = legs["lat1"].to_numpy(), legs["lon1"].to_numpy()
    points = [scenario.dossier.points[name] for name in COAST]
    nearest = min(float(np.min(inverse(lat, lon, p.lat, p.lon)[1])) for p in points)
    assert nearest > NAUTICAL_MILES_12_M


def test_ships_on_patrol_at_five_are_those_of_the_figures(held, scenario) -> None:
    run, figures = held("taiwan"), _figures(scenario, "taiwan")
    for day in DAYS:
        t = parse_time(f"2022-08-{day}T17:00+08:00")
        [row] = run.sql(
            "select sum(platforms) as n from orders where kind = 'patrol'"
            f" and t_start <= {t} and t_end >= {t}"
        ).to_pylist()  # fmt: skip
        assert int(row["n"]) == figures[f"ships_08{day}"], day


@pytest.mark.parametrize(("name", "missiles"), [("taiwan", 11), ("japan", 9), ("highest", 16)])
def test_missiles_are_those_that_the_policy_believes(held, name, missiles) -> None:
    rows = held(name).sql(
        "select serial, sum(rounds)::int as n from shots where weapon = 'df-15b' group by serial"
    )
    fired = {row["serial"]: row["n"] for row in rows.to_pylist()}
    assert sum(fired.values()) == missiles
    assert fired["fire-missiles-fujian"] + fired["fire-missiles-zhejiang"] == 5


@pytest.mark.parametrize(("name", "howitzers"), [("taiwan", 40), ("highest", 78)])
def test_howitzers_are_those_that_the_policy_believes(held, name, howitzers) -> None:
    [row] = held(name).sql(
        "select count(distinct shooter)::int as n from shots where serial = 'twn-guns-09'"
    ).to_pylist()  # fmt: skip
    assert row["n"] == howitzers


def test_neither_side_plays_against_the_other(scenario) -> None:
    assert [serial.serial for serial in scenario.serials if serial.opfor] == []
    lines = {line.unit: line.nation for line in scenario.lines}
    for serial in scenario.serials:
        assert len({lines[unit] for unit in serial.all_units}) == 1, serial.serial


def test_the_run_is_the_same_on_any_number_of_threads(scenario, tmp_path) -> None:
    runs = [simulate(scenario, out=tmp_path / f"t{n}", seed=3, threads=n) for n in (1, 3)]
    digests = {run.manifest.digest for run in runs}
    assert len(digests) == 1


def test_captions_that_say_over_and_in_taiwan_do_not_hold_as_worded(scenario) -> None:
    bench = Bench(scenario.dossier, scenario.places, scenario.dossier.resolve("taiwan"))
    found = verdicts(bench, gather(scenario.dossier, list(scenario.provenances())))
    wrong = {name for name, verdict in found.items() if verdict.word == "does not hold"}
    assert wrong == {"CN-1", "S000-37", "S000-45"}
    assert found["S000-45"].figures[0] == (pytest.approx(77.6, abs=0.1), "km")
    assert found["S000-35"].word == found["S000-23"].word == "runs"
    assert found["PR-3"].word == "holds"
    split = {name for name, verdict in found.items() if verdict.word == "depends"}
    assert split == {"JP-1", "K-1", "PR-1", "PR-2", "TW-9", "TW-11", "TW-12"}
    dossier = scenario.dossier
    again = [recompute(each, dossier.claims, dossier.points) for each in dossier.arithmetic]
    assert len(again) == 3
    assert all(each.agrees for each in again)


def test_the_same_words_stand_in_both_scenarios(scenario) -> None:
    vostok = load_scenario("vostok-2022").dossier
    pointed = {n: e.elsewhere for n, e in vostok.homes.items() if e.elsewhere is not None}
    assert set(pointed) == {f"S000-{n}" for n in (18, 19, 23, 35, 37, 44, 45)}
    for name, there in pointed.items():
        assert there.scenario == NAME
        assert scenario.dossier.claims[there.claim].quote == vostok.claims[name].quote


def test_a_date_is_no_count(tmp_path) -> None:
    folder = tmp_path / NAME
    shutil.copytree(find_scenario(NAME), folder)
    serials = folder / "serials.yaml"
    text = serials.read_text(encoding="utf-8")
    serials.write_text(text.replace("figure: crossed_0806", "figure: drills_end"), encoding="utf-8")
    [problem] = check_scenario(folder)
    assert "the figure 'drills_end' is not a number" in problem.message
