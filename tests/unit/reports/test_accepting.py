"""A decided review file becomes claims, all of them or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from startex.foundation.errors import ScenarioError, StartexError, UsageError
from startex.reports.accept import accept
from startex.reports.extractors import make_extractor
from startex.reports.propose import About, Known, propose
from startex.reports.reviewfile import (
    Correction,
    ReviewFile,
    read_review,
    write_review,
)
from startex.reports.text import parse_report
from startex.scenario.load import check_scenario
from startex.scenario.shipped import SHIPPED
from startex.sources.load import load_dossier

TEXT = (
    "More than 300 soldiers from Kazakhstan and\nMongolia take part, the Ministry of Defence of "
    "Kazakhstan said.\n\nAbout 40 vehicles roll, according to the press centre. It rained.\n\n"
    "Ten trucks were late."
)


@pytest.fixture
def folder(tmp_path) -> Path:
    target = tmp_path / "mine"
    shutil.copytree(SHIPPED / "three-nations-day", target)
    return target


@pytest.fixture
def review(folder: Path) -> ReviewFile:
    dossier = load_dossier(folder)
    known = Known(dossier.sources, dossier.origins, dossier.claims, ("Shetpe",))
    about = About("N3", 'A "title", with a comma', "The Courier, late", "2025-06-12")
    return propose(parse_report(TEXT.encode(), "a.txt"), known, about, make_extractor("rules"))


def decide(review: ReviewFile, **changes: Any) -> ReviewFile:
    proposals = [p.model_copy(update={"decision": "accept"} | changes) for p in review.proposals]
    return review.model_copy(update={"proposals": tuple(proposals)})


def save(tmp_path: Path, review: ReviewFile | str) -> Path:
    path = tmp_path / "review.yaml"
    path.write_text(review if isinstance(review, str) else write_review(review), encoding="utf-8")
    return path


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_what_is_proposed(review: ReviewFile) -> None:
    assert [p.decision for p in review.proposals] == ["undecided"] * 3
    first, second, third = review.proposals
    assert first.quote == TEXT[first.start : first.end]
    assert first.origin == "ministry-of-defence-of-kazakhstan"
    assert second.origin == "press-centre"
    assert [near.claim for near in second.near] == ["T-3"]
    assert (third.said_by, third.origin) == ("paper", "the-courier-late")
    new = [(o.origin, o.kind, o.nation) for o in review.new_origins]
    assert new == [
        ("the-courier-late", "newspaper", ""),
        ("ministry-of-defence-of-kazakhstan", "ministry", "KAZ"),
    ]


def test_accepted_claims_are_written_and_the_scenario_loads(tmp_path, folder, review) -> None:
    before = contents(folder)
    done = accept(save(tmp_path, decide(review)), folder)
    assert done.claims == ("N3-1", "N3-2", "N3-3")
    assert (done.file, done.refused) == ("claims/N3.yaml", 0)
    assert check_scenario(folder) == ()
    after = contents(folder)
    assert {n for n in after if after[n] != before.get(n)} == {
        "claims/N3.yaml", "sources.csv", "origins.csv",
    }  # fmt: skip
    assert after["sources.csv"].startswith(before["sources.csv"])
    dossier = load_dossier(folder)
    source = dossier.sources["N3"]
    assert source.title == 'A "title", with a comma'
    assert f"SHA-256 {review.report.sha256}" in source.note
    claim = dossier.claims["N3-1"]
    assert claim.quote == " ".join(review.proposals[0].quote.split())
    assert claim.says == review.proposals[0].says
    assert (claim.kind, claim.class_, claim.asserted) == ("source", "attributed", "2025-06-12")
    assert set(done.origins) == {"the-courier-late", "ministry-of-defence-of-kazakhstan"}


def test_only_accepted_ones_and_only_origins_that_are_used(tmp_path, folder, review) -> None:
    proposals = list(decide(review, decision="refuse").proposals)
    proposals[1] = proposals[1].model_copy(update={"decision": "accept"})
    decided = review.model_copy(update={"proposals": tuple(proposals)})
    done = accept(save(tmp_path, decided), folder)
    assert (done.claims, done.refused) == (("N3-1",), 2)
    assert done.origins == ("the-courier-late",)  # of the report itself
    assert "About 40 vehicles" in load_dossier(folder).claims["N3-1"].quote


def test_corrections_take_the_place_of_what_was_proposed(tmp_path, folder, review) -> None:
    first = review.proposals[0]
    passage = "More than 300 soldiers"
    corrected = Correction.model_validate(
        {
            "quote": passage,
            "start": TEXT.index(passage),
            "end": TEXT.index(passage) + len(passage),
            "says": [{"subject": "exercise", "field": "persons", "low": 300, "unit": "person"}],
            "class": "fact",
            "said_by": "the ministry",
            "origin": "press-centre",
            "note": "as read by me",
        }
    )
    proposals = list(decide(review).proposals)
    proposals[0] = first.model_copy(update={"decision": "correct", "corrected": corrected})
    decided = review.model_copy(update={"proposals": tuple(proposals)})
    accept(save(tmp_path, decided), folder)
    claim = load_dossier(folder).claims["N3-1"]
    assert (claim.quote, claim.class_, claim.said_by) == (passage, "fact", "the ministry")
    assert (claim.origin, claim.says[0].interval) == ("press-centre", (300, float("inf")))
    assert claim.note.startswith("as read by me; characters 0 to 22")


Edit = Callable[[str], str]


def replaced(old: str, new: str, count: int = -1) -> Edit:
    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new, count)

    return edit


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (replaced("decision: accept", "decision: undecided", 1), "proposal 1 is undecided"),
        (replaced("decision: accept", "decision: acept", 1), "Did you mean 'accept'"),
        (replaced("decision: accept", "decision: correct", 1), "'correct' wants"),
        (replaced("decision: accept", "decision: accept\n  corrected: {note: x}", 1),
         "'corrected' is given, and the decision is 'accept'"),
        (replaced("quote: Ten trucks", "quote: Eleven trucks"), "the quote does not stand at"),
        (replaced("- Ten trucks were late.", "- Ten trucks were late!"),
         "the text is not the one that was read"),
        (replaced("sha256: ", "sha256: 0"), "sha256"),
        (replaced("source: N3", "source: N2"), "the source 'N2' is in sources.csv already"),
        (replaced("source: N3", "source: ../N3"), "an id"),
        (replaced("origin: press-centre", "origin: nobody"), "unknown origin 'nobody'"),
        (replaced("origin: press-centre", 'origin: ""'), "no origin is given"),
        (replaced("origin: the-courier-late\n  sha", "origin: nobody\n  sha"), "unknown origin"),
        (replaced("proposal: 2", "proposal: 1"), "proposal 1 is given twice"),
        (replaced("field: vehicles", "field: many vehicles"), "field"),
        (replaced("{origin: the-courier-late, name", "{origin: courier, name"),
         "'courier' is in origins.csv already, as Reporter of The Shetpe Courier"),
        (replaced("report:", "reprot:"), "unknown key 'reprot'"),
        (lambda text: "", "is empty"),
        (lambda text: "a: [", "broken YAML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line_and_nothing_is_written(
    tmp_path, folder, review, edit: Edit, words: str
) -> None:
    before = contents(folder)
    path = save(tmp_path, edit(write_review(decide(review))))
    with pytest.raises(ScenarioError) as error:
        accept(path, folder)
    assert words in str(error.value)
    assert all(problem.file == str(path) for problem in error.value.problems)
    assert contents(folder) == before


def test_nothing_is_written_where_everything_is_refused(tmp_path, folder, review) -> None:
    before = contents(folder)
    with pytest.raises(UsageError, match="every proposal is refused"):
        accept(save(tmp_path, decide(review, decision="refuse")), folder)
    assert contents(folder) == before


def test_what_the_scenario_does_not_bear_is_not_written(tmp_path, folder, review) -> None:
    append(
        folder / "claims.yaml",
        "\n- {claim: N3-2, kind: source, class: fact, quote: q, said_by: x, source: P1, "
        "origin: press-centre, says: [{subject: a, field: b, text: c}]}\n",
    )
    before = contents(folder)
    with pytest.raises(ScenarioError, match=r"claims/N3\.yaml:\d+:\d+: the claim 'N3-2' is given"):
        accept(save(tmp_path, decide(review)), folder)
    assert contents(folder) == before


def test_a_folder_that_is_wrong_already_is_left_alone(tmp_path, folder, review) -> None:
    (folder / "units.yaml").write_text("- nonsense\n")
    before = contents(folder)
    with pytest.raises(ScenarioError, match=r"units\.yaml"):
        accept(save(tmp_path, decide(review)), folder)
    assert contents(folder) == before


def test_shipped_scenarios_are_not_written_to(tmp_path, review) -> None:
    link = tmp_path / "link"
    link.symlink_to(SHIPPED / "three-nations-day")
    for folder in (SHIPPED / "three-nations-day", link):
        with pytest.raises(UsageError, match="is not written to"):
            accept(save(tmp_path, decide(review)), folder)


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_what_was_written_is_taken_back_when_the_disk_is_full(
    tmp_path, folder, review, monkeypatch, failing: int
) -> None:
    from startex.recording import wholefile

    before, real, calls = contents(folder), wholefile.write_whole, []

    def full(path: Path, data: bytes) -> None:
        calls.append(path)
        if len(calls) == failing:
            raise OSError(28, "No space left on device")
        real(path, data)

    path = save(tmp_path, decide(review))
    monkeypatch.setattr(wholefile, "write_whole", full)
    with pytest.raises(OSError, match="No space left"):
        accept(path, folder)
    assert contents(folder) == before
    assert not (folder / "claims").exists()


def test_a_file_changed_meanwhile_is_not_overwritten(tmp_path, folder, review, monkeypatch) -> None:
    from startex.reports import accept as module

    sound = module._require_sound

    def slowly(target: Path, changes: Any) -> None:
        sound(target, changes)
        append(folder / "sources.csv", "\n")

    monkeypatch.setattr(module, "_require_sound", slowly)
    with pytest.raises(StartexError, match="was changed meanwhile"):
        accept(save(tmp_path, decide(review)), folder)
    assert not (folder / "claims").exists()


def test_tables_with_fewer_columns_get_those_that_are_needed(tmp_path, folder, review) -> None:
    (folder / "sources.csv").write_text(
        "source,title,publisher,origin\r\nP1,t,p,press-centre\r\nN1,t,p,courier\r\nN2,t,p,courier"
    )
    accept(save(tmp_path, decide(review)), folder)
    raw = (folder / "sources.csv").read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n") == 5
    dossier = load_dossier(folder)
    assert dossier.sources["N1"].note == ""
    assert "SHA-256" in dossier.sources["N3"].note
    assert dossier.sources["N3"].date == "2025-06-12"


def test_the_same_report_is_known_the_second_time(tmp_path, folder, review) -> None:
    accept(save(tmp_path, decide(review)), folder)
    dossier = load_dossier(folder)
    known = Known(dossier.sources, dossier.origins, dossier.claims)
    again = propose(
        parse_report(TEXT.encode(), "a.txt"), known, About("N4"), make_extractor("rules")
    )
    assert [(r.known, r.verdict) for r in again.repeats] == [("N3", "identical")]
    assert all(p.copied_from == "N3" for p in again.proposals)
    assert again.proposals[0].near[0].claim == "N3-1"


def test_a_review_file_is_read_back_as_it_was(review) -> None:
    assert read_review(write_review(review), "x")[0] == review
    assert read_review(write_review(decide(review)), "x")[0] == decide(review)
