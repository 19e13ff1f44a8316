"""The benchmark against peers: its workload, its comparison, its report; no peer is needed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from benchmarks.peers import compare, environment, measure, numpy_kdtree, report, workload
from benchmarks.peers.answer import Answer
from pyproj import Geod

from startex.geography.geodesy import direct

GEOD = Geod(ellps="WGS84")


@pytest.fixture(scope="module")
def work():
    return workload.make(240, 50_000.0, 120, direct, seed=3)


def _taken(answer: Answer) -> dict:
    taken = {"seconds": answer.seconds, "counts": np.array(answer.counts)}
    for number, second in enumerate(answer.seconds):
        taken[f"pairs_{second}"] = answer.pairs[number]
        taken[f"positions_{second}"] = answer.positions[number]
    return taken


@pytest.fixture(scope="module")
def floor(work):
    answer = Answer(work)
    numpy_kdtree.run(work, answer)
    return _taken(answer)


def test_the_workload_is_a_function_of_its_seed(work, tmp_path) -> None:
    same = workload.make(240, 50_000.0, 120, direct, seed=3)
    other = workload.make(240, 50_000.0, 120, direct, seed=4)
    assert (same.lat == work.lat).all()
    assert (other.lat != work.lat).any()
    work.save(tmp_path / "work.npz")
    back = workload.Workload.load(tmp_path / "work.npz")
    assert (back.lon == work.lon).all()
    assert (back.first, back.within_m, back.duration_s) == (120, 50_000.0, 120)


def test_legs_turns_and_speeds_are_as_said(work) -> None:
    length = np.hypot(np.diff(work.x, axis=1), np.diff(work.y, axis=1))
    assert length.min() >= workload.SHORTEST_LEG_M - 1e-6
    assert length.max() <= workload.LONGEST_LEG_M + 1e-6
    course = np.arctan2(np.diff(work.x, axis=1), np.diff(work.y, axis=1))
    turn = (np.diff(course, axis=1) + np.pi) % (2.0 * np.pi) - np.pi
    assert np.abs(turn).max() <= workload.SHARPEST_TURN + 1e-9
    assert np.abs(work.x[:, 0]).max() <= workload.SIDE_M / 2
    assert work.speed_m_s.min() >= workload.SLOWEST_M_S
    # nobody comes to the end of the way within the longest window measured
    assert (length.sum(axis=1) / work.speed_m_s).min() > 600.0


def test_there_is_no_land_in_the_square() -> None:
    from startex.geography.surface import Surface

    reach = workload.SIDE_M / 2 + workload.LEGS * workload.LONGEST_LEG_M
    x, y = np.meshgrid(np.linspace(-reach, reach, 150), np.linspace(-reach, reach, 150))
    assert not Surface().is_land(*workload.places(x, y, direct)).any()


def test_the_exact_position_is_so_far_along_the_way(work) -> None:
    for second in (0, 1, 120, 600):
        lat, lon = compare.positions(work, second)
        for row in (0, 7, 239):
            gone = float(work.speed_m_s[row]) * second
            k = 0
            while True:
                ends = (
                    work.lon[row, k],
                    work.lat[row, k],
                    work.lon[row, k + 1],
                    work.lat[row, k + 1],
                )
                azimuth, _, length = GEOD.inv(*ends)
                if gone < length:
                    break
                gone, k = gone - length, k + 1
            to_lon, to_lat, _ = GEOD.fwd(work.lon[row, k], work.lat[row, k], azimuth, gone)
            assert GEOD.inv(lon[row], lat[row], to_lon, to_lat)[2] < 0.001


def test_the_floor_is_near_the_exact_positions_and_has_the_pairs_of_its_own(work, floor) -> None:
    found = compare.agreement(compare.Exact(work), floor, plane=False)
    assert found["error_max_m"] < 5.0
    assert found["share"] > 0.99
    assert len(floor["counts"]) == 120
    lat, lon = floor["positions_60"].T
    near = [
        (i, j)
        for i in range(120)
        for j in range(120)
        if GEOD.inv(lon[i], lat[i], lon[120 + j], lat[120 + j])[2] <= 50_000.0
    ]
    assert [tuple(pair) for pair in floor["pairs_60"].tolist()] == near
    assert floor["counts"][59] == len(near) > 100


def test_startex_gives_the_exact_pairs_at_every_second(work, tmp_path) -> None:
    from benchmarks.peers import startex_

    answer = Answer(work)
    run = startex_.by_legs(work, answer, tmp_path / "run")
    startex_.report(run, work, answer)
    found = compare.agreement(compare.Exact(work), _taken(answer), plane=False)
    assert (found["missing"], found["extra"]) == (0, 0)
    assert found["error_max_m"] < 1.1
    exact = compare.Exact(work)
    for second in (2, 33, 77, 119):
        assert answer.counts[second - 1] == pytest.approx(len(exact.at(second)[2]), abs=1)


def test_the_workload_as_an_exercise_is_without_a_mistake(work, tmp_path) -> None:
    from benchmarks.peers import exercise

    from startex.scenario.load import check_scenario

    small = workload.make(6, 50_000.0, 120, direct)
    assert check_scenario(exercise.write(small, tmp_path / "exercise")) == ()


def test_what_is_missing_and_what_is_too_much_is_counted(work, floor) -> None:
    exact = compare.Exact(work)
    lat, lon, keys = exact.at(60)
    pairs = np.stack([keys // 240, keys % 240], axis=1)
    wrong = np.concatenate([pairs[3:], [[0, 0]]]) if 0 not in keys else pairs[3:]
    answer = {"seconds": [60], "pairs_60": wrong, "positions_60": np.stack([lat, lon], axis=1)}
    found = compare.agreement(exact, answer, plane=False)
    assert (found["pairs"], found["missing"]) == (len(pairs), 3)
    assert found["extra"] == len(wrong) - len(pairs) + 3
    assert found["share"] == (len(pairs) - 3) / (len(pairs) + found["extra"])
    assert found["farthest_m"] > 0.0
    assert found["error_max_m"] < 1e-6
    twice = {**answer, "pairs_60": np.concatenate([pairs, pairs[:1]])}
    with pytest.raises(ValueError, match="twice"):
        compare.agreement(exact, twice, plane=False)


def test_ratios_are_of_the_same_repeat() -> None:
    def row(repeat, cost):
        return {"repeat": repeat, "move_cpu_s": cost, "pairs_cpu_s": 0.0, "seconds": 10}

    base = [row(0, 1.0), row(1, 2.0)]
    assert report.ratios([row(0, 3.0), row(1, 3.0), row(2, 9.0)], base) == [3.0, 1.5]
    assert report.spread([3.0, 1.0, 2.0]) == "2 (1–3)"
    assert math.isclose(report.per_second_ms(row(0, 1.0)), 100.0)


def test_the_table_of_the_documentation_is_that_of_the_results_kept() -> None:
    found = report.load()
    text = report.PAGE.read_text(encoding="utf-8")
    assert text == report.page(text, found), "run: python -m benchmarks.peers.report"
    sizes = {row["size"] for row in found["runs"]}
    assert sizes == {200, 1_000, 3_000, 5_000, 55_200}
    titles = {row["title"] for row in found["runs"]}
    assert titles == {peer.title for peer in measure.COMPETITORS}


def test_the_plot_can_be_drawn_and_is_the_same_each_time(tmp_path) -> None:
    found = report.load()
    for name in ("a.svg", "b.svg"):
        report.plot(found, tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_versions_are_pinned_without_addresses() -> None:
    wanted = environment.wanted()
    assert set(wanted) == {"bluesky-simulator", "mesa", "numba", "numpy", "scipy"}
    assert all(version[0].isdigit() for version in wanted.values())
