"""Who repeats whom: counted as they were read, whatever the order; the picture says the same."""

from __future__ import annotations

import dataclasses
import re
import xml.etree.ElementTree as ET

import pytest

from startex.review.originplot import Limits, origin_picture, standalone
from startex.scenario.load import find_scenario
from startex.sources.claims import Claim
from startex.sources.load import load_dossier
from startex.sources.voices import repeats, repeats_of, voices


@pytest.fixture(scope="module")
def vostok():
    return load_dossier(find_scenario("vostok-2022"))


def test_ten_papers_that_repeat_one_ministry_are_one_origin() -> None:
    papers = [(f"p{n}", "ministry", "reprint", ("m",)) for n in range(10)]
    found = repeats(
        [("m", "ministry", "original", ()), *papers, ("own", "courier", "original", ())],
        [(f"p{n}", "ministry") for n in range(10)] + [("own", "courier"), ("own", "ministry")],
        {"ministry": "Ministry", "courier": "Courier"},
    )
    first, second = found.heard
    assert (first.origin, first.claims, len(first.sources)) == ("ministry", 11, 12)
    assert (second.origin, second.claims, second.sources) == ("courier", 1, ("own",))
    assert [link.source for link in found.links] == [f"p{n}" for n in range(10)]
    assert {link.repeats for link in found.links} == {"m"}


def test_each_claim_and_source_is_counted_once(vostok) -> None:
    found = repeats_of(vostok)
    assert sum(each.claims for each in found.heard) == len(vostok.claims)
    assert {s for each in found.heard for s in each.sources} == set(vostok.sources)
    assert len(found.links) == sum(len(s.derived_from) for s in vostok.sources.values())
    for each in found.heard:
        for source in each.sources:
            own = [
                c for c in vostok.claims.values() if (c.source, c.origin) == (source, each.origin)
            ]
            assert own or vostok.sources[source].origin == each.origin


def test_the_disputed_figures_of_vostok(vostok) -> None:
    disputed = {own[0].matter: own for own in repeats_of(vostok).disputed("figure")}
    announced, estimated = disputed["persons_total"]
    assert announced.claims == ("S000-14", "W-12", "W-13")
    assert len(announced.sources) == 3 and announced.origins == ("ru-mod",)
    assert estimated.claims == ("W-53",) and estimated.origins == ("uk-mod",)
    assert [len(v.origins) for v in disputed["ranges_total"]] == [1, 1, 1]
    assert "china_ships" not in disputed  # counted by two rules, and the same


def test_the_order_of_files_does_not_matter(vostok) -> None:
    turned = {
        name: dict(reversed(getattr(vostok, name).items()))
        for name in ("sources", "origins", "claims", "figures", "conflicts")
    }
    assert repeats_of(dataclasses.replace(vostok, **turned)) == dataclasses.replace(
        repeats_of(vostok), reached_as=repeats_of(vostok).reached_as
    )


def test_deprecated_claims_have_no_voice(vostok) -> None:
    worse = {"rank": "deprecated", "rank_reason": "for a test"}
    claims: dict[str, Claim] = {
        **vostok.claims,
        "W-53": vostok.claims["W-53"].model_copy(update=worse),
    }
    for voice in voices(dataclasses.replace(vostok, claims=claims)):
        assert "W-53" not in voice.claims


@pytest.mark.parametrize("name", ["vostok-2022", "three-nations-day"])
def test_the_picture_is_an_svg_of_its_own_the_same_every_time(name) -> None:
    found = repeats_of(load_dossier(find_scenario(name)))
    svg = standalone(origin_picture(found, "o"))
    assert svg == standalone(origin_picture(found, "o"))
    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg" and "var(--" not in svg
    words = " ".join(root.itertext())
    dots = len(re.findall(r"<use ", svg))
    assert dots >= sum(len(each.sources) for each in found.heard)
    for own in found.disputed("figure"):
        assert own[0].topic in words
    for link in found.links:
        assert link.source in words and link.repeats in words
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        at = re.search(r"translate\(([-\d.]+) ([-\d.]+)\)", text.attrib.get("transform", ""))
        place = at.groups() if at else (text.attrib["x"], text.attrib["y"])
        assert -16 <= float(place[0]) <= width and -16 <= float(place[1]) <= height


def test_what_is_not_drawn_is_counted(vostok) -> None:
    found = repeats_of(vostok)
    few = origin_picture(found, "o", limits=Limits(origins=3, links=2, figures=1))
    assert f"{len(found.heard) - 3} other origins" in few and "and 6 more" in few
    assert len(few) < len(origin_picture(found, "o"))
