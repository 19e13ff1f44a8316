"""The HTML file: self-contained, escaped, linked, the same every time, and complete."""

from __future__ import annotations

import itertools
import json
import re
from html.parser import HTMLParser

import pytest

from startex.foundation.errors import StoreError
from startex.review.report import Review, anchor, heat, review, write_review

VOID = {"meta", "br", "link", "img", "input", "hr", "use", "path", "line", "circle", "stop", "rect"}


class Page(HTMLParser):
    """What the tests want to know of a page, with a check that elements are nested."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.figures: dict[str, list[str]] = {}
        self.tags: list[str] = []
        self.headings: list[str] = []
        self._open: list[str] = []
        self._figure: tuple[int, str] | None = None
        self.feed(text)
        self.close()
        assert self._open == [], f"never closed: {self._open}"

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.append(tag)
        if "id" in found:
            self.ids.append(found["id"])
        for name in ("href", "xlink:href"):
            if name in found:
                self.links.append(found[name])
        for name in ("src", "srcset", "poster", "data", "action"):
            if name in found:
                self.loads.append(found[name])
        self.links += [f"#{i}" for i in found.get("aria-labelledby", "").split()]
        self.links += [f"#{i}" for i in filter(None, [found.get("data-method")])]
        self.links += [f"#{i}" for i in re.findall(r"url\(#([^)]+)\)", str(found))]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if tag not in VOID:
            self._open.append(tag)
            if "data-f" in found:
                self._figure = (len(self._open), found["data-f"])
                self.figures.setdefault(found["data-f"], []).append("")

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        assert self._open and self._open[-1] == tag, f"</{tag}> in {self._open[-4:]}"
        if self._figure is not None and self._figure[0] == len(self._open):
            self._figure = None
        self._open.pop()

    def handle_data(self, data):
        if self._figure is not None:
            self.figures[self._figure[1]][-1] += data


@pytest.fixture(scope="module")
def made(small) -> Review:
    return review(small.folder)


@pytest.fixture(scope="module")
def page(made) -> Page:
    return Page(made.html)


def test_every_figure_of_the_json_stands_in_the_page_with_its_value(made, page):
    for figure in made.figures["figures"]:
        shown = page.figures.get(figure["id"])
        assert shown, f"{figure['id']} does not appear"
        assert {text.strip() for text in shown} == {figure["text"]}


def test_the_page_shows_no_figure_that_the_json_lacks(made, page):
    assert set(page.figures) <= {figure["id"] for figure in made.figures["figures"]}


def test_ids_are_unique_and_every_link_arrives(page):
    assert len(page.ids) == len(set(page.ids))
    inside = {link[1:] for link in page.links if link.startswith("#")}
    assert inside <= set(page.ids)


def test_nothing_is_loaded(made, page):
    assert page.loads == []
    assert all(link.startswith("#") for link in page.links)
    assert "http" not in made.html
    assert "@import" not in made.html and "url(//" not in made.html
    assert {"iframe", "img", "link", "object", "embed", "video"}.isdisjoint(page.tags)


def test_texts_of_the_run_are_escaped(made):
    assert "<script>alert" not in made.html
    assert "&lt;script&gt;alert" in made.html
    assert "Small &amp; neat" in made.html


def test_headings_do_not_skip_levels(page):
    levels = [int(tag[1]) for tag in page.headings]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))


def test_pictures_have_a_title_and_tables_have_headers(made, page):
    pictures = re.findall(r"<svg class=\"picture\".*?</svg>", made.html, flags=re.S)
    assert len(pictures) > 8
    assert all(
        'role="img"' in svg and "<title id=" in svg and "<desc id=" in svg for svg in pictures
    )
    assert all("<thead>" in table for table in made.html.split("<table")[1:])


def test_same_run_same_bytes(made, small):
    assert review(small.folder).html == made.html


def test_ranges_carry_the_notice(made):
    ranges = re.findall(r'id="range-range-d">([^<]*)<', made.html)
    assert ranges and all("not for live-fire safety" in text for text in ranges)


def test_cause_chain_and_conflict_are_told(made):
    text = re.sub(r"<[^>]+>", "", made.html)
    assert "because: B goes by rail: no train is free" in re.sub(r"\s+", " ", text)
    assert "“100 take part”" in text or "100 take part" in text
    assert "the lowest claim" in text


def test_json_is_plain_data(made):
    again = json.loads(json.dumps(made.figures, allow_nan=False))
    assert again["run"]["policy"] == "sceptical"
    assert {"id", "label", "value", "unit", "computed", "claims", "tables"} <= set(
        again["figures"][0]
    )


def test_file_is_written_where_asked(small, tmp_path):
    path, made = write_review(small.folder, tmp_path / "r.html")
    assert path.read_text(encoding="utf-8") == made.html


def test_what_cannot_be_written_or_read_is_told(small, tmp_path):
    with pytest.raises(StoreError, match="holds no run"):
        write_review(tmp_path)
    with pytest.raises(StoreError, match="cannot write"):
        write_review(small.folder, tmp_path / "no" / "such" / "r.html")


def test_anchors_of_different_names_differ():
    names = ["a.b", "a b", "a-b", "a/b", "ä", "a", "A"]
    assert len({anchor("c", name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("value", "total", "expected"), [(0, 9, 0), (9, 9, 90), (1, 9, 30), (0, 0, 0)]
)
def test_heat_is_a_square_root(value, total, expected):
    assert heat(value, total) == expected
