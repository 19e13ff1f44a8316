"""Where agreements apply, whether one could have been at both of two places, counts of places."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from startex.foundation.errors import StartexError
from startex.geography.places import Place, read_places
from startex.scenario.shipped import SHIPPED
from startex.sources.bench import Bench
from startex.sources.checks import CHECKS, run_checks
from startex.sources.load import load_dossier
from startex.sources.treaties import FILE, Treaty, known


@pytest.fixture(scope="module")
def bench() -> Bench:
    dossier = load_dossier(SHIPPED / "vostok-2022")
    places, problems = read_places(dossier.folder / "places.geojson")
    assert problems == []
    return Bench(dossier, places, dossier.resolve("official"))


def at(bench: Bench, lat: float, lon: float) -> Place:
    return replace(next(iter(bench.places)), lat=lat, lon=lon, polygon=())


@pytest.mark.parametrize(
    ("treaty", "where", "lat", "lon", "inside"),
    [
        ("vienna-2011", "Berlin", 52.5, 13.4, True),
        ("vienna-2011", "Moscow", 55.76, 37.62, True),
        ("vienna-2011", "Almaty", 43.2, 76.9, True),
        ("vienna-2011", "Tashkent", 41.3, 69.3, True),
        ("vienna-2011", "Novosibirsk", 55.0, 82.9, False),
        ("vienna-2011", "Vladivostok", 43.1, 131.9, False),
        ("vienna-2011", "Tehran", 35.7, 51.4, None),
        ("border-1996", "Blagoveshchensk", 50.29, 127.53, True),
        ("border-1996", "Khabarovsk", 48.48, 135.07, True),
        ("border-1996", "Chita", 52.03, 113.5, False),
        ("border-1996", "Yuzhno-Sakhalinsk", 46.96, 142.73, False),
    ],
)
def test_known_towns_lie_where_they_lie(
    bench: Bench, treaty: str, where: str, lat: float, lon: float, inside: bool | None
) -> None:
    found = known()[treaty]
    depth = found.depth_km(at(bench, lat, lon))
    if inside is None:
        assert depth < found.uncertainty_km, where
    else:
        assert abs(depth) > found.uncertainty_km, where
        assert (depth > 0) is inside, where


def test_vostok_lies_outside_the_vienna_document_and_partly_within_the_border_agreement(
    bench: Bench,
) -> None:
    far = {f.check: f for f in run_checks(bench, "S000-38")}["treaty"]
    assert far.figure == 0
    assert far.verdict == "computed"
    assert "bind nobody here" in far.sentence
    (near,) = run_checks(bench, "W-13")
    assert near.verdict == "holds"
    assert "Sergeyevsky" in near.sentence
    assert "Telemba" not in near.sentence
    assert "40,000 persons or more" in near.sentence


def test_a_threshold_that_is_not_reached_is_not_told(bench: Bench) -> None:
    claim = bench.dossier.claims["W-13"]
    given = {"treaty": "border-1996", "figure": "persons_foreign", "kinds": ["range"]}
    found = CHECKS["treaty"](bench, claim, given)
    assert "no threshold of it is reached" in found.sentence
    assert CHECKS["treaty"](bench, claim, {**given, "applies": False}).verdict == "does not hold"


def test_an_unknown_treaty_is_told(bench: Bench) -> None:
    given = {"treaty": "viena-2011", "figure": "persons_total", "kinds": ["range"]}
    with pytest.raises(StartexError, match="did you mean 'vienna-2011'"):
        CHECKS["treaty"](bench, bench.dossier.claims["W-13"], given)


def test_an_agreement_applies_somewhere() -> None:
    row = {"treaty": "x", "name": "x", "duties": [], "source": "s", "uncertainty_km": 1}
    with pytest.raises(ValueError, match="either 'zones', or 'lines'"):
        Treaty.model_validate(row)
    for each in yaml.safe_load(Path(FILE).read_text("utf-8")):
        assert each["source"].strip()


def test_the_chinese_ships_could_be_back_in_the_sea_of_japan(bench: Bench) -> None:
    (found,) = run_checks(bench, "W-36")
    assert found.figure == pytest.approx(463 / 72, abs=0.02)  # D-5, from 4 to 6 September
    assert found.verdict == "holds"
    call = bench.dossier.homes["W-36"].checks[0]
    slow = CHECKS["passage"](bench, bench.dossier.claims["W-36"], {**call.given, "at_most_kn": 6})
    assert slow.verdict == "does not hold"


def test_a_passage_that_ends_before_it_begins_is_told(bench: Bench) -> None:
    call = bench.dossier.homes["W-36"].checks[0]
    turned = {**call.given, "leaves": call.given["arrives"], "arrives": call.given["leaves"]}
    with pytest.raises(StartexError, match="arrives before it leaves"):
        CHECKS["passage"](bench, bench.dossier.claims["W-36"], turned)


def test_nine_places_are_the_nine_ranges_of_the_deputy_minister(bench: Bench) -> None:
    (nine,) = run_checks(bench, "W-1")
    assert (nine.figure, nine.verdict) == (9, "holds")
    (thirteen,) = run_checks(bench, "W-8")
    assert (thirteen.figure, thirteen.verdict) == (9, "does not hold")
