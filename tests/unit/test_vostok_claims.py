"""The claims of Vostok-2022 against the record that they were taken from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from startex.geography.places import read_places
from startex.scenario.shipped import SHIPPED
from startex.sources.arithmetic import recompute
from startex.sources.bench import Bench
from startex.sources.checks import run_checks
from startex.sources.dossier import Dossier
from startex.sources.homes import gather, homeless
from startex.sources.load import load_dossier

RECORD = (Path(__file__).parent.parent / "authorities" / "vostok-2022-ledger.md").read_text()
SEEDS = [f"S000-{i}" for i in range(1, 51)] + [f"S003-{i}" for i in range(1, 28)]


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    return load_dossier(SHIPPED / "vostok-2022")


@pytest.fixture(scope="module")
def bench(dossier: Dossier) -> Bench:
    places, problems = read_places(dossier.folder / "places.geojson")
    assert problems == []
    return Bench(dossier, places, dossier.resolve("official"))


def test_all_seventy_seven_founding_statements_and_no_other(dossier: Dossier) -> None:
    assert [name for name, c in dossier.claims.items() if c.kind == "seed"] == SEEDS


@pytest.mark.parametrize("name", SEEDS)
def test_each_founding_quote_is_the_whole_quote_of_its_line(dossier: Dossier, name: str) -> None:
    (line,) = [line for line in RECORD.splitlines() if line.startswith(f"| {name} |")]
    claim = dossier.claims[name]
    assert line.startswith(f'| {name} | "{claim.quote}" | ')
    assert claim.wording == "verbatim"
    assert claim.source == name[:4]
    classes = {"fact": "FACT", "attributed": "CLAIM", "inference": "INFERENCE"}
    assert line.rsplit(" | ", 1)[1].startswith(classes[claim.class_])


def test_every_other_source_of_the_record_is_there(dossier: Dossier) -> None:
    listed = set(re.findall(r"^\| (W-\d+) \|", RECORD, re.MULTILINE)) | {"W-12b"}
    assert {n for n, c in dossier.claims.items() if c.kind == "source"} == listed
    listed = set(re.findall(r"^- (K-\d+) ", RECORD, re.MULTILINE))
    assert {n for n, c in dossier.claims.items() if c.kind == "background"} == listed
    listed = set(re.findall(r"^- (D-\d+): ", RECORD, re.MULTILINE))
    assert {n for n, c in dossier.claims.items() if c.kind == "arithmetic"} == listed


def test_every_quote_stands_in_the_record(dossier: Dossier) -> None:
    for claim in dossier.claims.values():
        for piece in claim.quote.split(" […] "):
            assert piece in RECORD, (claim.claim, piece)


def test_every_quote_of_a_source_stands_in_the_line_of_that_source(dossier: Dossier) -> None:
    elsewhere = []
    for claim in dossier.claims.values():
        if claim.kind != "source" or claim.claim == "W-12b":
            continue
        (line,) = [line for line in RECORD.splitlines() if line.startswith(f"| {claim.claim} |")]
        elsewhere += [claim.claim for piece in claim.quote.split(" […] ") if piece not in line]
    # The record quotes W-12's second sentence only where it treats the conflict C-5.
    assert elsewhere == ["W-12"]


def test_the_conflicts_of_the_record(dossier: Dossier) -> None:
    assert list(dossier.conflicts) == [f"C-{i}" for i in range(1, 23)]
    for conflict in dossier.conflicts.values():
        (line,) = [x for x in RECORD.splitlines() if x.startswith(f"| {conflict.conflict} |")]
        assert conflict.topic in line
        assert conflict.resolution in line
        sides = line.split(" | ", 2)[2].rsplit(" | ", 1)[0]
        named = set(re.findall(r"\b(?:S00[03]|W|K)-\d+b?\b", sides))
        assert named <= set(conflict.claims), conflict.conflict


def test_fewer_origins_than_sources(dossier: Dossier) -> None:
    claims = dossier.claims.values()
    origins, sources = {c.origin for c in claims}, {c.source for c in claims}
    assert len(origins) < len(sources)
    assert origins <= set(dossier.origins)
    persons = [dossier.claims[c.claim] for c in dossier.figures["persons_total"].candidates]
    assert {c.origin for c in persons} == {"ru-mod", "uk-mod"}


def test_every_arithmetic_figure_is_recomputed(dossier: Dossier) -> None:
    stated = {
        (c.claim, s.subject, s.field)
        for c in dossier.claims.values()
        if c.kind == "arithmetic"
        for s in c.says
    }
    assert {(a.claim, a.subject, a.field) for a in dossier.arithmetic} == stated
    for computation in dossier.arithmetic:
        result = recompute(computation, dossier.claims, dossier.points)
        assert result.agrees, result


def test_every_number_of_the_founding_reports_is_structured(dossier: Dossier) -> None:
    expected = {
        "S000-7": [50000.0],
        "S000-14": [50000.0],
        "S000-15": [5000.0, 140.0, 60.0],
        "S000-21": [50000.0],
        "S000-38": [7.0],
        "S003-11": [5.0],
        "S003-26": [1000.0],
    }
    for name, numbers in expected.items():
        assert [s.stated for s in dossier.claims[name].says if s.numeric] == numbers
    for name in ("S000-29", "S000-48", "S003-15"):
        assert dossier.claims[name].find("ukraine", "invasion_start")[0].date == "2022-02-24"
    floor = dossier.claims["S000-14"].find("exercise", "persons")[0]
    assert floor.interval == (50000.0, float("inf"))
    assert not floor.allows(50000.0)
    assert floor.allows(50001.0)
    cap = dossier.claims["W-53"].find("exercise", "persons")[0]
    assert cap.interval == (float("-inf"), 15000.0)


def test_policies_give_the_announced_and_the_estimated_exercise(dossier: Dossier) -> None:
    names = [f"{n}_total" for n in ("persons", "ground_vehicles", "aircraft", "ships", "nations")]
    official, sceptical = dossier.resolve("official"), dossier.resolve("sceptical")
    assert [official[n].number for n in names] == [50000, 4800, 140, 60, 14]
    assert [sceptical[n].number for n in names] == [15000, 4800, 140, 60, 14]
    assert sceptical["persons_total"].claims == ("W-53",)
    assert sceptical["persons_total"].counting_rule == "actively_involved"
    assert official["persons_total"].counting_rule == "announced_total"
    assert "S000-14" in official["persons_total"].claims
    assert [p["persons_foreign"].number for p in (official, sceptical)] == [2900, 2900]
    assert [p["persons_russia"].number for p in (official, sceptical)] == [47100, 12100]
    assert official["ground_vehicles_foreign"].number == 500
    changed = {n for n in official if official[n].value != sceptical[n].value}
    assert changed == {"persons_total", "persons_russia"}
    assert official["opening_ceremony"].value == "2022-08-31"
    assert official["active_phase_start"].value == "2022-09-01"
    assert official["active_phase_end"].value == "2022-09-07"
    assert official["ranges_total"].number == 7


def test_the_envelope_spans_both_counting_rules_and_says_so(dossier: Dossier) -> None:
    draws = [dossier.resolve("envelope", seed)["persons_total"] for seed in range(60)]
    assert all(15000 <= draw.number <= 50000 for draw in draws)
    assert len({draw.value for draw in draws}) > 50
    assert {draw.counting_rule for draw in draws} == {"actively_involved .. announced_total"}
    assert draws[0].claims[0] == "W-53"
    mean = sum(draw.number for draw in draws) / 60
    assert 28000 < mean < 37000  # 32,500 within 3.4 standard errors
    assert dossier.resolve("envelope", 7) == dossier.resolve("envelope", 7)


def test_each_founding_statement_has_a_home(dossier: Dossier) -> None:
    without = set(homeless(gather(dossier))) & set(SEEDS)
    promised = {name for name, entry in dossier.homes.items() if entry.runs}
    assert without <= promised  # those are proved by the scenario, in tests/system
    named = [("anywhere", tuple(sorted(promised)))]
    assert set(homeless(gather(dossier, named))) & set(SEEDS) == set()


def test_no_two_context_reasons_are_the_same(dossier: Dossier) -> None:
    reasons = [entry.context for entry in dossier.homes.values() if entry.context]
    assert len(set(reasons)) == len(reasons)


def test_every_check_runs_and_finds_what_the_conflicts_say(bench: Bench) -> None:
    findings = [each for name in bench.dossier.homes for each in run_checks(bench, name)]
    found = {(finding.claim, finding.check): finding for finding in findings}
    refuted = {(f.claim, f.check) for f in findings if f.verdict == "does not hold"}
    assert refuted == {
        ("S000-7", "figure"),
        ("S000-21", "figure"),
        ("S000-9", "distance"),
        ("S000-16", "nearest_place"),
        ("S003-10", "figure"),
        ("W-8", "place_count"),
        ("W-9", "place_count"),
        ("W-53", "figure"),
        ("W-67", "figure"),
        ("W-69", "figure"),
        ("W-94", "figure"),
    }
    assert found["S000-9", "distance"].figure == pytest.approx(6300, abs=50)
    assert found["S000-16", "nearest_place"].figure > 1500
    assert found["S000-15", "remainder"].figure == 4800
    assert found["S003-9", "names_among"].figure == 4
    assert found["S000-39", "names_among"].figure == 6
    assert found["S003-10", "figure"].figure == 1  # a day off the first day
    assert found["S000-24", "chorus"].figure == 4
    assert found["S003-10", "dates_agree"].verdict == "holds"
