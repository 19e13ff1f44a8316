from __future__ import annotations

import csv
import io
import json
import re

import pytest

from startex.ensemble import open_ensemble, words
from startex.ensemble.report import Report, data_text, write_report
from startex.foundation.errors import StoreError
from startex.testing.ensembles import write_ensemble


@pytest.fixture(scope="module")
def made(factorial):
    return Report(factorial)


@pytest.fixture(scope="module")
def html(made):
    return made.to_html()


def test_the_first_paragraph_says_how_often_what_breaks_it_and_how_sure(made) -> None:
    values = made.conclusions[0].values
    held = int((values == 1.0).sum())
    assert f"in {held} of 158 runs" in made.words[0]
    assert "It hangs most on wind: at 6 m/s it holds in 100 %" in made.words[0]
    assert "Kyrgyz platoon jumps" in made.words[1]
    assert "158 runs: 4 variants, 40 seeds" in made.words[2]
    assert "2 runs failed" in made.words[2]


def test_every_section_is_there_and_linked(made, html) -> None:
    for name, title in made.contents:
        assert f'<section id="{name}"' in html
        assert f'href="#{name}">{title}' in html
    assert ("failed", "Runs that failed") in made.contents


def test_nothing_is_loaded_and_no_value_is_left_unsaid(html) -> None:
    assert not re.search(r'(?:src|href)="(?!#)', html)
    assert "nan" not in re.sub(r"<style>.*?</style>", "", html, flags=re.S).lower().split()
    assert "inf" not in html.split()
    assert len(set(re.findall(r' id="([^"]+)"', html))) == len(re.findall(r' id="([^"]+)"', html))


def test_failed_runs_tell_why(html) -> None:
    assert "the wind has no direction" in html
    assert "persons T-1, wind 12 m/s" in html


def test_conflicting_sources_stand_beside_each_other(html) -> None:
    assert "How many soldiers took part" in html
    assert "conflict TC-1" in html


def test_the_same_ensemble_gives_the_same_file(factorial, html) -> None:
    assert Report(factorial).to_html() == html


def test_data_and_table_hold_every_measure(made) -> None:
    data = json.loads(data_text(made))
    assert len(data["measures"]) == len(made.runs.names)
    assert data["failed"][0]["run"] == 48
    assert data["conclusions"][0]["sensitivity"]["effects"][0]["factor"] == "wind"
    rows = list(csv.DictReader(io.StringIO(made.summary.to_csv())))
    assert [(row["measure"], row["key"]) for row in rows] == list(made.runs.names)


def test_an_ensemble_of_one_run_has_no_intervals_and_says_so(tmp_path) -> None:
    folder = write_ensemble(
        tmp_path, [{"x": 1.0}], lambda *_: {("serials.not_held", ""): (0.0, "serials")}
    )
    path, made = write_report(folder)
    assert "This rests on 1 run: 1 variant, 1 seed." in made.words[-1]
    assert path.read_text(encoding="utf-8").count("<section") >= 4


def test_an_ensemble_without_a_finished_run_is_told(tmp_path) -> None:
    folder = write_ensemble(tmp_path, [{"x": 1.0}], lambda *_: "no")
    with pytest.raises(StoreError, match="no run of the ensemble was finished"):
        Report(open_ensemble(folder))


def test_a_latin_design_is_told_by_thirds(latin) -> None:
    text = Report(latin).words[0]
    assert "at its low third" in text and "at its high third" in text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (1234.4, "1,234"), (0.1234, "0.123"), (-2.5, "−2.5"), (12.0, "12"),
     (float("nan"), "–"), (float("inf"), "∞"), (0.00123, "0.00123")],
)  # fmt: skip
def test_numbers(value, text) -> None:
    assert words.number(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0 %"), (1.0, "100 %"), (0.5, "50 %"), (0.004, "0.4 %"), (0.9996, "over 99.9 %"),
     (0.996, "99.6 %"), (0.0001, "under 0.1 %")],
)  # fmt: skip
def test_a_share_near_none_or_all_is_not_rounded_to_it(share, text) -> None:
    assert words.percent(share) == text
