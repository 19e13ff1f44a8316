"""The brief: two pages whatever the scenario, nothing said without its basis."""

from __future__ import annotations

import dataclasses
import io
import re
import shutil

import pytest
from pypdf import PdfReader

from startex.brief.content import content
from startex.brief.fit import fitting, lines
from startex.brief.page import brief_html, write_brief
from startex.brief.parts import Subject, clip
from startex.cli.claims import gather
from startex.foundation.errors import UsageError
from startex.view import pictures

POLICIES = {"vostok-2022": "official", "three-nations-day": "announced"}
LONG = "a rather long text that goes on and says next to nothing new about it, " * 6


def _subject(name: str) -> Subject:
    bench, homes = gather(name)
    return Subject(bench, homes, name, f"Title of {name}", "What it is.", POLICIES[name])


def _stretched(subject: Subject) -> Subject:
    """The same with every text long, so that every limit is met."""
    dossier = subject.bench.dossier
    claims = {
        key: each.model_copy(update={"quote": f"{key} {LONG}"})
        for key, each in dossier.claims.items()
    }
    origins = {
        key: each.model_copy(update={"name": f"{key} {LONG}"})
        for key, each in dossier.origins.items()
    }
    homes = {
        key: each.model_copy(update={"context": f"{key} {LONG}"} if each.context else {})
        for key, each in dossier.homes.items()
    }
    conflicts = {
        key: each.model_copy(update={"topic": LONG, "state": "unresolved"})
        for key, each in dossier.conflicts.items()
    }
    figures = {key: each.model_copy(update={"name": LONG}) for key, each in dossier.figures.items()}
    indicators = {
        key: each.model_copy(update={"observe": f"{key} {LONG}"})
        for key, each in dossier.indicators.items()
    }
    questions = {
        key: each.model_copy(
            update={
                "asks": LONG,
                "hypotheses": tuple(
                    h.model_copy(update={"title": f"{h.hypothesis} {LONG}"})
                    for h in each.hypotheses
                ),
                "evidence": tuple(e.model_copy(update={"says": LONG}) for e in each.evidence),
            }
        )
        for key, each in dossier.questions.items()
    }
    sources = {
        key: each.model_copy(update={"title": LONG, "derived_from": tuple(dossier.sources)[:1]})
        for key, each in dossier.sources.items()
    }
    told = dataclasses.replace(
        dossier, claims=claims, origins=origins, homes=homes, conflicts=conflicts,
        figures=figures, indicators=indicators, questions=questions, sources=sources,
    )  # fmt: skip
    bench = dataclasses.replace(subject.bench, dossier=told)
    return dataclasses.replace(subject, bench=bench, title=LONG, summary=LONG)


SUBJECTS = {
    "vostok-2022": lambda: _subject("vostok-2022"),
    "three-nations-day": lambda: _subject("three-nations-day"),
    "stretched": lambda: _stretched(_subject("vostok-2022")),
    "stretched, no question": lambda: _stretched(_without_question(_subject("vostok-2022"))),
}


def _without_question(subject: Subject) -> Subject:
    dossier = dataclasses.replace(subject.bench.dossier, questions={}, indicators={})
    return dataclasses.replace(subject, bench=dataclasses.replace(subject.bench, dossier=dossier))


@pytest.fixture(scope="module", params=list(SUBJECTS))
def subject(request) -> Subject:
    return SUBJECTS[request.param]()


def _browser() -> None:
    pytest.importorskip("playwright")
    if not any(shutil.which(name) for name in pictures.BROWSERS):
        pytest.skip("NO BROWSER: that the brief prints on two pages goes untested")


def test_nothing_is_said_without_claims_and_their_origin(subject) -> None:
    dossier = subject.bench.dossier
    page = brief_html(subject)
    said = re.findall(r'class="said" data-claims="([^"]*)" data-words="([^"]*)"', page)
    assert len(said) >= 3
    for claims, words in said:
        assert set(claims.split()) <= set(dossier.claims)
        assert claims or words.startswith("assumed: ") or words == "nobody reported on it"
    rows = re.findall(r"<(?:li|tr)\b[^>]*>", page.partition("</head>")[2])
    loose = [row for row in rows if "said" not in row and row not in ("<tr>", '<tr class="least">')]
    assert not loose
    text = page.partition("</style>")[2]
    for claims, _ in said:
        for claim in claims.split()[:1]:
            origin = dossier.origins[dossier.claims[claim].origin].name
            assert claim in text and clip(origin, 20).rstrip("…") in text.replace("&#39;", "'")


def test_it_is_the_same_text_every_time_and_needs_nothing_else(subject) -> None:
    page = brief_html(subject)
    assert page == brief_html(subject)
    assert "http://" not in page and "https://" not in page and "<script" not in page
    assert page.count('class="sheet"') == 2


@pytest.mark.browser
def test_it_prints_on_two_pages_of_a4_and_nothing_is_cut_off(subject, tmp_path) -> None:
    _browser()
    path = tmp_path / "brief.pdf"
    write_brief(subject, path)
    data = path.read_bytes()
    read = PdfReader(io.BytesIO(data))
    assert len(read.pages) == 2
    for page in read.pages:
        width, height = (float(x) / 72 * 25.4 for x in page.mediabox[2:])
        assert width == pytest.approx(210, abs=0.5) and height == pytest.approx(297, abs=0.5)
    assert "1 of 2" in read.pages[0].extract_text() and "2 of 2" in read.pages[1].extract_text()
    with pictures._page(pictures.Shot(width=900, height=1200)) as page:
        page.emulate_media(media="print")
        page.set_content(brief_html(subject))
        for ends, foot in page.evaluate(
            "() => [...document.querySelectorAll('.sheet')].map(s => {"
            "const f = s.querySelector('.foot');"
            "const e = [...s.children].filter(c => c !== f);"
            "return [Math.max(...e.map(c => c.getBoundingClientRect().bottom)),"
            "f.getBoundingClientRect().top]})"
        ):
            assert ends <= foot
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 900


@pytest.mark.browser
def test_a_pdf_says_nothing_of_when_it_was_made(tmp_path) -> None:
    _browser()
    for name in ("one.pdf", "two.pdf"):
        write_brief(_subject("three-nations-day"), tmp_path / name)
    one = (tmp_path / "one.pdf").read_bytes()
    assert b"CreationDate" not in one
    assert one == (tmp_path / "two.pdf").read_bytes()


def test_what_it_says_of_vostok() -> None:
    told = content(_subject("vostok-2022"))
    least = [a.title for a in told.answers if a.least]
    assert least == ["Routine exercise of the four-yearly cycle"]
    assert told.answers[-1].title == "Rehearsal for Taiwan" and told.answers[-1].share == 1.0
    persons = told.known[0]
    assert persons.name == "Persons taking part, all nations" and persons.how == "announced"
    assert persons.voices == "3 sources, 1 origin"
    ((value, how, rests),) = persons.others
    assert (value, how, rests.claims) == ("up to 15,000 persons", "estimated", ("W-53",))
    assert {"S000-16", "S000-9", "S000-14"} <= {c for w in told.wrong for c in w.basis.claims}
    assert told.watched[0].status == "not observed" and told.watched[0].likeliest


def test_what_is_left_out_is_counted() -> None:
    subject = _stretched(_subject("vostok-2022"))
    told = content(subject)
    dossier = subject.bench.dossier
    assert len(told.watched) + told.left["indicators"] == len(dossier.indicators)
    assert len(told.open) + told.left["open"] == len(dossier.conflicts)
    page = brief_html(subject)
    for what, word in (("open", "conflicts"), ("figures", "figures"), ("indicators", "indicators")):
        assert f"And {told.left[what]} more {word}" in page


def test_only_pages_and_pdf_are_written(tmp_path) -> None:
    with pytest.raises(UsageError, match=r"\.html or \.pdf"):
        write_brief(_subject("three-nations-day"), tmp_path / "brief.docx")
    path = tmp_path / "deep" / "brief.html"
    write_brief(_subject("three-nations-day"), path)
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_texts_are_cut_between_words_and_rows_where_room_ends() -> None:
    assert clip("one two three", 40) == "one two three"
    assert clip("one two three", 9) == "one two…"
    assert len(clip("x" * 100, 30)) <= 30
    assert fitting([3.0, 4.0, 5.0], float, 8.0, 9) == ((3.0, 4.0), 7.0)
    assert fitting([3.0, 4.0, 5.0], float, 80.0, 1) == ((3.0,), 3.0)
    assert [lines(n, 10) for n in (0, 10, 11)] == [1, 1, 2]
