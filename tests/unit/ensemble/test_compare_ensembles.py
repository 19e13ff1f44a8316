from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest

from startex.ensemble import compare, open_ensemble
from startex.ensemble.comparepage import page
from startex.foundation.errors import UsageError
from startex.testing.ensembles import write_ensemble


def test_pairs_of_the_same_seed(pair) -> None:
    a, b = pair
    found = a.compare(b)
    assert found.how == "30 pairs of runs with the same seed."
    line = found.of("movement.road.person_km")
    assert line.difference == pytest.approx(-40.0 * 90.0)
    assert line.change.half < 1e-6  # the chance is common
    assert line.pairs == 30
    assert line.sure
    late = found.of("serials.late")
    assert late.change.method == "paired t"
    assert late.change.value == pytest.approx(late.b - late.a)
    assert found.of("serial_started_on_time s09-fire").change.method == "Newcombe, paired"
    assert found.of("policies").differs


def test_an_ensemble_does_not_differ_from_itself(pair) -> None:
    found = compare(pair[0].folder, pair[0].folder)
    assert found.verdict.startswith("Nothing differs")
    assert "No outcome differs" in page(found)
    assert "Both were given the same" in page(found)


def run(point, seed):
    return {("y", ""): (None if seed == 2 else seed + point["x"], "m")}


def test_undefined_pairs_are_left_out_and_told(tmp_path) -> None:
    one, two = (
        open_ensemble(write_ensemble(tmp_path / str(x), [{"x": x}], run, replications=5))
        for x in (0.0, 1.0)
    )
    line = one.compare(two).of("y")
    assert line.note == "undefined in 1 of 5 pairs"
    assert line.difference == pytest.approx(1.0)
    assert one.compare(two).of("factor x").a == "0"


def test_without_common_seeds_ensembles_are_independent(tmp_path) -> None:
    one, two = (
        open_ensemble(
            write_ensemble(tmp_path / str(x), [{"x": x}], run, replications=6, seed=10 * int(x) + 3)
        )
        for x in (0.0, 5.0)
    )
    found = one.compare(two)
    assert "share no random numbers" in found.how
    assert found.of("y").change.method == "Welch"


def test_points_and_seeds_together(tmp_path, factorial) -> None:
    """Four variants with 40 seeds: differences of one seed are averaged, and failed runs missed."""
    found = factorial.compare(factorial)
    assert "and the same persons, wind" in found.how
    assert "differences of one seed are averaged" in found.how
    assert found.of("serials.late").pairs == 40


def test_more_variants_on_one_side_are_averaged_by_seed(tmp_path) -> None:
    """One policy against two: the chance is still common, so that the difference is sure."""

    def noisy(point, seed):
        chance = float(np.random.default_rng(seed).normal(0.0, 9.0))
        return {("y", ""): (chance + (2.0 if point["policy"] == "b" else 0.0), "m")}

    one = write_ensemble(tmp_path / "one", [{"policy": "a"}], noisy, replications=8)
    both = [{"policy": "a"}, {"policy": "b"}]
    two = write_ensemble(tmp_path / "two", both, noisy, replications=8)
    found = compare(one, two)
    assert found.how == "8 pairs of means of the runs with the same seed."
    assert found.of("y").difference == pytest.approx(1.0)
    assert found.of("y").change.half < 1e-9


def test_forms_of_the_answer(pair) -> None:
    found = pair[0].compare(pair[1])
    rows = list(csv.DictReader(io.StringIO(found.to_csv())))
    assert len(rows) == len(found.lines)
    data = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert data["lines"][0]["part"] == "given"
    text = found.to_markdown()
    assert "| policies " in text
    assert "serials: partly" not in text and "serials held in part" not in text
    assert "serials held in part" in found.to_markdown(everything=True)
    html = page(found)
    assert "http" not in html.replace("http://www.w3.org", "")
    assert html == page(pair[0].compare(pair[1]))


def test_a_run_and_an_ensemble_cannot_be_compared(pair, tmp_path) -> None:
    with pytest.raises(UsageError, match=r"is a run and .* an ensemble"):
        compare(tmp_path, pair[0].folder)
