"""Designs: what files and flags say, points, seeds, and everything that is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from startex.ensemble.about import design_from_json, design_to_json, stopping_to_json
from startex.ensemble.design import Design, Factor, Until, as_levels, parse_seeds, seeds_text
from startex.ensemble.designfile import read_design
from startex.ensemble.distributions import distribution
from startex.ensemble.flags import parse_claim, parse_query, parse_until, parse_vary
from startex.ensemble.plan import Plan, Variant
from startex.ensemble.sampling import points
from startex.foundation.errors import ScenarioError, UsageError

SHARES = np.linspace(0.0, 1.0, 101)


def _factors(*names: str) -> tuple[Factor, ...]:
    return tuple(Factor.of(name, "uniform", 0, 1) for name in names)


@pytest.mark.parametrize(
    ("kind", "arguments", "law"),
    [
        ("uniform", (2, 6), stats.uniform(2, 4)),
        ("triangular", (2, 3, 6), stats.triang(0.25, 2, 4)),
        ("triangular", (2, 2, 6), stats.triang(0.0, 2, 4)),
        ("normal", (5, 2, 4, 9), stats.truncnorm(-0.5, 2.0, 5, 2)),
        ("normal", (0, 1, 6, 9), stats.truncnorm(6.0, 9.0, 0, 1)),
        ("log_uniform", (0.1, 10), stats.loguniform(0.1, 10)),
    ],
)
def test_quantiles_are_those_of_scipy(kind, arguments, law) -> None:
    found = distribution(kind, arguments).quantile(SHARES)
    np.testing.assert_allclose(found, law.ppf(SHARES), rtol=1e-9, atol=1e-12)


def test_levels_and_whole_numbers_are_equally_likely() -> None:
    shares = (np.arange(600) + 0.5) / 600
    assert distribution("levels", ("a", "b", "c")).quantile(shares).count("b") == 200
    drawn = distribution("integers", (3, 8)).quantile(shares)
    assert [drawn.count(n) for n in range(3, 9)] == [100] * 6


@pytest.mark.parametrize(
    ("kind", "arguments", "why"),
    [
        ("uniform", (2, 2), "is not below"),
        ("uniform", (2,), "1 numbers"),
        ("uniform", (2, math.inf), "not all are numbers"),
        ("triangular", (1, 9, 3), "mode is outside"),
        ("normal", (0, 0, -1, 1), "not positive"),
        ("normal", (0, 1, 60, 90), "leave nothing"),
        ("log_uniform", (0, 1), "not positive"),
        ("integers", (0.5, 3), "not whole"),
        ("levels", (1, "a"), "words and numbers mix"),
        ("levels", (1, 1), "given twice"),
        ("unifrom", (0, 1), "did you mean 'uniform'"),
    ],
)
def test_distributions_that_cannot_be_are_refused(kind, arguments, why) -> None:
    with pytest.raises(UsageError, match=why):
        distribution(kind, arguments)


def test_a_factorial_combines_all_levels_the_last_fastest() -> None:
    factors = (Factor("a", "a", distribution=as_levels([1, 2])), *_factors("b"))
    found = points(Design(factors, points=3))
    assert found.values == ((1, 1, 1, 2, 2, 2), (0.0, 0.5, 1.0) * 2)
    assert found.block == ()


def test_latin_uses_every_share_of_every_factor_once() -> None:
    found = points(Design(_factors("a", "b", "c"), "latin", points=20, sample_seed=3))
    for values in found.values:
        assert sorted(int(20 * value) for value in values) == list(range(20))
    again = points(Design(_factors("a", "b", "c"), "latin", points=20, sample_seed=3))
    other = points(Design(_factors("a", "b", "c"), "latin", points=20, sample_seed=4))
    assert found == again != other


def _mixed(rows: np.ndarray) -> np.ndarray:
    """The blocks A, AB:a, AB:b, B of which the first and the last are given."""
    first, last = rows[:, 0], rows[:, -1]
    with_a = np.stack([last[:, 0], first[:, 1]], axis=1)
    with_b = np.stack([first[:, 0], last[:, 1]], axis=1)
    return np.stack([first, with_a, with_b, last], axis=1)


def test_saltelli_has_the_rows_of_salib_in_its_order() -> None:
    found = points(Design(_factors("a", "b"), "saltelli", points=4, sample_seed=5))
    assert found.role[:5] == ("A", "AB:a", "AB:b", "B", "A")
    assert found.block == tuple(n // 4 for n in range(16))
    rows = np.array(found.values).T.reshape(4, 4, 2)
    np.testing.assert_array_equal(rows, _mixed(rows))
    sobol = pytest.importorskip("SALib.sample.sobol", reason="NO SALIB: pip install SALib")
    problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1]] * 2}
    theirs = sobol.sample(problem, 4, calc_second_order=False, seed=5).reshape(4, 4, 2)
    np.testing.assert_array_equal(theirs, _mixed(theirs))


def test_morris_moves_one_factor_a_step_and_says_which() -> None:
    pytest.importorskip("SALib", reason="NO SALIB: pip install SALib")
    found = points(Design(_factors("a", "b", "c"), "morris", points=6, sample_seed=1))
    rows = np.array(found.values).T.reshape(6, 4, 3)
    roles = np.array(found.role).reshape(6, 4)
    for block in range(6):
        assert roles[block, 0] == "base"
        moved = np.diff(rows[block], axis=0) != 0
        assert (moved.sum(axis=1) == 1).all()
        names = [f"step:{'abc'[row.argmax()]}" for row in moved]
        assert roles[block, 1:].tolist() == names
        assert sorted(names) == ["step:a", "step:b", "step:c"]


def test_one_at_a_time_starts_from_the_base() -> None:
    factors = (
        Factor("a", "a", distribution=as_levels([1, 2, 3]), base=2),
        Factor.of("b", "uniform", 10, 20),
    )
    found = points(Design(factors, "one-at-a-time"))
    assert found.role == ("base", "step:a", "step:a", "step:b", "step:b")
    assert found.values == ((2, 1, 3, 2, 2), (15.0, 15.0, 15.0, 10.0, 20.0))


def _plan(**fields) -> Plan:
    fields = {"seeds": (7, 8, 9), "policies": ("p", "q"), **fields}
    return Plan(Design(**fields), (Variant("p", ()), Variant("q", ())))


def test_variants_share_their_random_numbers_unless_told_otherwise() -> None:
    common = list(_plan().jobs(0, 3, 0))
    assert [job.seed for job in common] == [7, 8, 9, 7, 8, 9]
    assert [job.run for job in common] == list(range(6))
    own = list(_plan(common_random_numbers=False).jobs(0, 3, 0))
    assert len({job.seed for job in own}) == 6


def test_with_an_end_of_its_own_seeds_count_on_from_the_first() -> None:
    until = Until("serial_start_delay", 1.0, batch=2)
    plan = _plan(until=until, most_runs=40)
    assert plan.replications == 20
    assert [job.seed for job in plan.jobs(4, 6, 16)] == [11, 12, 11, 12]


def test_seeds_are_written_and_read_alike() -> None:
    assert parse_seeds("0..3,7, 9..9") == (0, 1, 2, 3, 7, 9)
    assert seeds_text((0, 1, 2, 3, 7, 9)) == "0..3,7,9"
    assert parse_seeds(seeds_text((5, 4, 9))) == (5, 4, 9)
    for wrong in ("", "a", "3..1", "1..x", "-1"):
        with pytest.raises(UsageError, match=r"seed|upwards"):
            parse_seeds(wrong)


def test_flags_say_what_files_say(tmp_path) -> None:
    file = tmp_path / "design.yaml"
    file.write_text(
        """
kind: latin
points: 8
seeds: 0..4
policies: all
factors:
- {name: speed, path: serials.s04-sail.params.speed_kn, uniform: [8, 14]}
- {path: figures.persons, normal: [250, 20, 200, 300]}
- {claim: persons, levels: [T-1, T-2]}
measures: movement.*
sql: [{name: legs, query: select count(*) from legs, unit: legs}]
until: {measure: legs, half_width: 2.5, batch: 5}
most: {runs: 100}
"""
    )
    design = read_design(file)
    by_flags = Design(
        factors=(
            parse_vary("speed:serials.s04-sail.params.speed_kn=uniform(8, 14)"),
            parse_vary("figures.persons=normal(250,20,200,300)"),
            parse_claim("persons=T-1,T-2"),
        ),
        kind="latin",
        points=8,
        seeds=parse_seeds("0..4"),
        policies=("all",),
        measures=("movement.*",),
        queries=(parse_query("legs[legs]=select count(*) from legs"),),
        until=parse_until("legs=2.5", "", 0.95, 5),
        most_runs=100,
    )
    assert design == by_flags
    said, stopping = design_to_json(design), stopping_to_json(design)
    assert design_from_json(said, stopping) == design


def test_a_design_file_tells_all_its_problems_with_their_lines(tmp_path) -> None:
    file = tmp_path / "design.yaml"
    file.write_text(
        """kind: latn
seds: 0..4
factors:
- {path: a, uniform: [8, 4]}
- {path: b, uniform: [8, 14], levels: [1]}
keep: everything
"""
    )
    with pytest.raises(ScenarioError) as raised:
        read_design(file)
    lines = [problem.line for problem in raised.value.problems]
    assert lines == [1, 2, 4, 5, 6]
    text = str(raised.value)
    for words in ("did you mean 'latin'", "did you mean 'seeds'", "is not below", "keep one"):
        assert words.lower() in text.lower()


def test_a_design_that_does_not_fit_itself_is_told_with_its_lines(tmp_path) -> None:
    file = tmp_path / "design.yaml"
    file.write_text(
        """kind: sobol
points: 6
seeds: 0..4
factors:
- {name: a, path: x, uniform: [8, 14]}
- {name: a, path: y, uniform: [8, 14]}
until: {measure: nothing, half_width: -1}
measures: [movement.*]
"""
    )
    with pytest.raises(ScenarioError) as raised:
        read_design(file)
    found = [(problem.line, problem.message) for problem in raised.value.problems]
    assert [line for line, _ in found] == [2, 6, 7, 7, 7]
    assert "power of two" in found[0][1]
    assert "stands twice" in found[1][1]


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (parse_vary, "serials.a.params.speed_kn"),
        (parse_vary, "=uniform(1,2)"),
        (parse_vary, "a=uniform(1)"),
        (parse_query, "select 1"),
        (lambda text: parse_until(text, "", 0.95, 5), "movement.km"),
    ],
)
def test_flags_that_cannot_be_read_say_how_to_write_them(read, text) -> None:
    with pytest.raises(UsageError, match=r"write|wanted"):
        read(text)
