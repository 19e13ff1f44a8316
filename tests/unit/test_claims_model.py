from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest

from startex.foundation.errors import ScenarioError, StartexError
from startex.sources.arithmetic import Computation, Point, recompute
from startex.sources.bench import Bench
from startex.sources.checks import run_checks
from startex.sources.claims import Claim, Statement, natural_key
from startex.sources.conflicts import Conflict, Side
from startex.sources.edtf import edtf_bounds
from startex.sources.homes import gather, homeless, unmet
from startex.sources.load import load_dossier, read_dossier
from startex.sources.policy import resolve
from startex.sources.rules import Candidate, Policy, Rule, ScenarioFigure

SOURCES = "source,title,publisher,origin,derived_from\npaper,Report,A paper,ministry,\n"
ORIGINS = "origin,name,kind\nministry,Ministry,ministry\n"
CLAIM = (
    "- claim: c-1\n  kind: source\n  class: attributed\n  quote: some 300 troops\n"
    "  says:\n  - {subject: exercise, field: persons, value: 300, bound: about, unit: person}\n"
    "  said_by: the ministry\n  source: paper\n  origin: ministry\n"
)
FIGURES = "- figure: persons\n  name: Persons\n  unit: person\n  candidates:\n  - {claim: c-1}\n"


def write(folder: Path, **files: str) -> Path:
    given = {
        "sources.csv": SOURCES,
        "origins.csv": ORIGINS,
        "claims.yaml": CLAIM,
        "figures.yaml": FIGURES,
        **{name.replace("__", "."): text for name, text in files.items()},
    }
    for name, text in given.items():
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize(
    ("bound", "value", "interval"),
    [
        ("exactly", 5, (5, 5)),
        ("more than", 50000, (50000, math.inf)),
        ("at least", 3, (3, math.inf)),
        ("up to", 15000, (-math.inf, 15000)),
        ("less than", 9, (-math.inf, 9)),
        ("about", 2000, (1500, 2500)),
        ("about", 45, (44.5, 45.5)),
        ("about", 52.7, (52.65, 52.75)),
    ],
)
def test_words_are_intervals(bound: str, value: float, interval: tuple[float, float]) -> None:
    said = Statement.model_validate({"subject": "x", "field": "y", "value": value, "bound": bound})
    assert said.interval == pytest.approx(interval)
    assert said.stated == value
    assert str(said) == ("" if bound == "exactly" else f"{bound} ") + f"{value:,}"


def test_an_interval_without_a_value() -> None:
    said = Statement(subject="x", field="y", low=10, high=20, bound="between")
    assert (said.interval, said.stated, str(said)) == ((10, 20), 15, "10 to 20")
    assert Statement(subject="x", field="y", low=1000).stated == 1000
    with pytest.raises(ValueError, match="above high"):
        Statement(subject="x", field="y", low=2, high=1)
    with pytest.raises(ValueError, match="says nothing"):
        Statement(subject="x", field="y")
    with pytest.raises(ValueError, match="both"):
        Statement(subject="x", field="y", low=2, bound="between")
    with pytest.raises(ValueError, match="no number"):
        _ = Statement(subject="x", field="y", text="words").stated


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"value": 50_000, "bound": "more than", "unit": "person"}, "more than 50,000 persons"),
        ({"value": 1, "unit": "medal"}, "1 medal"),
        ({"value": 140, "unit": "aircraft"}, "140 aircraft"),
        ({"value": 300, "bound": "about", "unit": "km"}, "about 300 km"),
        ({"low": 3, "high": 4, "bound": "between", "unit": "ship"}, "3 to 4 ships"),
        ({"low": 3, "bound": "at least", "unit": "ship"}, "at least 3 ships"),
        ({"value": 7}, "7"),
        ({"date": "2022-09"}, "2022-09"),
    ],
)
def test_a_statement_reads_as_words(said: dict[str, object], words: str) -> None:
    assert str(Statement.model_validate({"subject": "x", "field": "y", **said})) == words


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022-08-29", date(2022, 8, 29), date(2022, 8, 29)),
        ("2024-02~", date(2024, 2, 1), date(2024, 2, 29)),
        ("2022?", date(2022, 1, 1), date(2022, 12, 31)),
        ("2022-08-17/2022-08", date(2022, 8, 17), date(2022, 8, 31)),
        ("../2022-08-25", date.min, date(2022, 8, 25)),
        ("2022-08-25/..", date(2022, 8, 25), date.max),
    ],
)
def test_edtf(text: str, first: date, last: date) -> None:
    assert edtf_bounds(text) == (first, last)


@pytest.mark.parametrize("text", ["", "soon", "2022-13", "2022-02-30", "2022-09/2022-08", "29.8."])
def test_no_edtf(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|ends before"):
        edtf_bounds(text)


def test_ids_in_natural_order() -> None:
    assert sorted(["S-10", "S-2", "W-12b", "W-12"], key=natural_key) == [
        "S-2", "S-10", "W-12", "W-12b",
    ]  # fmt: skip


def test_a_conflict_names_what_stands_against_a_claim() -> None:
    conflict = Conflict(
        conflict="C-1",
        topic="t",
        sides=(Side(says="a", claims=("x", "y")), Side(says="b", claims=("z",))),
        resolution="r",
    )
    assert conflict.against("x") == ("z",)
    assert conflict.against("z") == ("x", "y")


def test_a_small_folder_loads(tmp_path: Path) -> None:
    dossier = load_dossier(write(tmp_path))
    assert list(dossier.claims) == ["c-1"]
    policies = {"p": Policy(policy="p", name="P", summary="s")}
    value = resolve(dossier.figures, dossier.claims, policies, "p")["persons"]
    assert (value.value, value.claims) == (300.0, ("c-1",))
    homes = gather(dossier, [("unit a", ("c-1",))])
    assert [str(home) for home in homes["c-1"]] == ["scenario: unit a", "figure: persons"]
    assert homeless(homes) == []


def test_an_empty_folder_has_no_claims_and_no_problems(tmp_path: Path) -> None:
    assert read_dossier(tmp_path)[1] == []


@pytest.mark.parametrize(
    ("files", "file", "line", "word"),
    [
        ({"claims__yaml": CLAIM.replace("some 300 troops", "''")}, "claims.yaml", 1, "quote is em"),
        ({"claims__yaml": CLAIM.replace("origin: m", "origin: mm")}, "claims.yaml", 9, "'ministry"),
        ({"claims__yaml": CLAIM.replace("quote:", "qoute:")}, "claims.yaml", 4, "'quote'?"),
        ({"claims__yaml": CLAIM.replace("about", "around")}, "claims.yaml", 6, "around"),
        ({"claims__yaml": CLAIM + CLAIM}, "claims.yaml", 10, "given twice"),
        ({"claims__yaml": CLAIM.replace("attributed", "fcat")}, "claims.yaml", 3, "'fact'?"),
        ({"sources__csv": SOURCES.replace("ministry,", "minstry,")}, "sources.csv", 2, "'ministry"),
        ({"sources__csv": SOURCES[:-1] + "paper\n"}, "sources.csv", 2, "derived from itself"),
        ({"figures__yaml": FIGURES.replace("c-1", "c-2")}, "figures.yaml", 5, "'c-1'?"),
        ({"figures__yaml": FIGURES.replace("c-1", "c-1, field: p")}, "figures.yaml", 1, "0 state"),
        ({"policies__yaml": "- {policy: p, name: P, summary: s, extends: q}"}, "policies.yaml", 1,
         "unknown policy 'q'"),
        ({"policies__yaml": "- {policy: p, name: P, summary: s, extends: p}"}, "policies.yaml", 1,
         "ring"),
        ({"homes__yaml": "- {claim: c-1, checks: [{check: distence}]}"}, "homes.yaml", 1,
         "'distance'?"),
        ({"homes__yaml": "- {claim: c-1}"}, "homes.yaml", 1, "context"),
        ({"conflicts__yaml": "- {conflict: x, topic: t, resolution: r, sides: "
          "[{says: a, claims: [c-9]}]}"}, "conflicts.yaml", 1, "'c-1'?"),
    ],
)  # fmt: skip
def test_each_mistake_is_one_problem_at_its_line(
    tmp_path: Path, files: dict[str, str], file: str, line: int, word: str
) -> None:
    _, problems = read_dossier(write(tmp_path, **files))
    hits = [p for p in problems if (p.file, p.line) == (file, line) and word in str(p)]
    assert len(hits) == 1, problems
    with pytest.raises(ScenarioError):
        load_dossier(tmp_path)


def test_figures_in_a_ring_are_told() -> None:
    figures = {
        name: ScenarioFigure(figure=name, name=name, unit="", plus=(other,))
        for name, other in (("a", "b"), ("b", "a"))
    }
    policies = {"p": Policy(policy="p", name="P", summary="s")}
    with pytest.raises(StartexError, match="themselves: a > b > a"):
        resolve(figures, {}, policies, "p")


def test_a_deprecated_claim_never_gives_a_value() -> None:
    def claim(name: str, value: float, **more: str) -> Claim:
        said = Statement(subject="x", field="n", value=value)
        return Claim.model_validate(
            {"claim": name, "kind": "source", "class": "fact", "quote": "q", "says": (said,),
             "said_by": "s", "source": "s", "origin": "o", **more}
        )  # fmt: skip

    claims = {"a": claim("a", 1, rank="deprecated", rank_reason="wrong"), "b": claim("b", 2)}
    figure = ScenarioFigure(
        figure="f", name="F", unit="", candidates=(Candidate(claim="a"), Candidate(claim="b"))
    )
    for take in ("stated", "lowest", "highest", "sample"):
        rule = Rule.model_validate({"take": take})
        policies = {"p": Policy(policy="p", name="P", summary="s", rules=(rule,))}
        assert resolve({"f": figure}, claims, policies, "p")["f"].value == 2
    only = {"f": figure.model_copy(update={"candidates": (Candidate(claim="a"),)})}
    with pytest.raises(StartexError, match="deprecated"):
        resolve(only, claims, {"p": Policy(policy="p", name="P", summary="s")}, "p")
    with pytest.raises(ValueError, match="without a reason"):
        claim("c", 1, rank="deprecated")


def test_reasons_of_assumptions_are_told_once() -> None:
    parts = {
        name: ScenarioFigure(
            figure=name, name="N", unit="person",
            candidates=(Candidate(value=8.0, assumed=why),),
        )
        for name, why in (("a", "one reason"), ("b", "one reason"), ("c", "another"))
    }  # fmt: skip
    parts["ab"] = ScenarioFigure(figure="ab", name="N", unit="person", plus=("a", "b"))
    parts["all"] = ScenarioFigure(figure="all", name="N", unit="person", plus=("ab", "a", "c"))
    found = resolve(parts, {}, {"p": Policy(policy="p", name="P", summary="s")}, "p")
    assert found["a"].reason == "policy p: assumed 8. Assumption: one reason"
    assert found["all"].assumptions == ("one reason", "another")
    assert found["all"].reason.count("one reason") == 1


def test_a_wrong_figure_of_arithmetic_is_found() -> None:
    said = Statement(subject="a", field="d", value=112.0, unit="km")
    claim = Claim.model_validate(
        {"claim": "D", "kind": "arithmetic", "class": "inference", "quote": "q", "says": (said,),
         "said_by": "s", "source": "s", "origin": "o"}
    )  # fmt: skip
    points = {
        "e": Point(point="e", name="E", lat=0, lon=0),
        "f": Point(point="f", name="F", lat=0, lon=1),
    }
    computation = Computation.model_validate(
        {"claim": "D", "subject": "a", "field": "d", "operation": "distance", "from": ("e",),
         "to": ("f",), "tolerance": 0.5}
    )  # fmt: skip
    result = recompute(computation, {"D": claim}, points)
    assert result.computed == pytest.approx(111.3195, abs=1e-4)  # a degree of the equator
    assert not result.agrees


def test_what_is_said_to_run_must_be_named(tmp_path: Path) -> None:
    dossier = load_dossier(write(tmp_path, homes__yaml="- {claim: c-1, runs: a serial}"))
    assert unmet(dossier, []) == ["c-1"]
    assert unmet(dossier, [("serial a", ("c-1",))]) == []


def test_a_check_says_what_it_wants(tmp_path: Path) -> None:
    from startex.geography.places import Places

    dossier = load_dossier(write(tmp_path, homes__yaml="- {claim: c-1, checks: [{check: figure}]}"))
    with pytest.raises(StartexError, match="wants 'figure'"):
        run_checks(Bench(dossier, Places([]), {}), "c-1")
    wrong = "- {claim: c-1, checks: [{check: distance, given: {from: 5, to: 6}}]}"
    dossier = load_dossier(write(tmp_path, homes__yaml=wrong))
    with pytest.raises(StartexError, match="cannot run"):
        run_checks(Bench(dossier, Places([]), {}), "c-1")
