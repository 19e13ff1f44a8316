"""Claims for others: every name used is declared, nothing is lost, ratings are verdicts."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prov.model import ProvDocument

from startex.cli.claims import gather
from startex.foundation.ids import ID_PATTERN
from startex.sources.claims import Claim, Origin, Source
from startex.sources.dossier import Dossier
from startex.sources.exports import RATED, claim_reviews, lineage, provenance, recovered
from startex.sources.verdicts import Verdict, verdicts


@pytest.fixture(scope="module", params=["vostok-2022", "three-nations-day"])
def told(request):
    bench, homes = gather(request.param)
    return bench.dossier, verdicts(bench, homes)


def test_claim_reviews_are_the_verdicts_that_rate(told) -> None:
    dossier, found = told
    graph = claim_reviews(dossier, found, "s")["@graph"]
    rated = {name: v for name, v in found.items() if v.word in RATED}
    assert [review["@id"] for review in graph] == [f"#{name}" for name in rated]
    for review, (name, verdict) in zip(graph, rated.items(), strict=True):
        claim = dossier.claims[name]
        assert review["claimReviewed"] == claim.quote
        rating = review["reviewRating"]
        assert rating["alternateName"] == verdict.word
        assert rating["worstRating"] <= rating["ratingValue"] <= rating["bestRating"]
        item = review["itemReviewed"]
        assert item["author"]["name"] == dossier.origins[claim.origin].name
        assert item["appearance"]["headline"] == dossier.sources[claim.source].title
        assert "" not in item.values()
    assert json.loads(json.dumps(graph)) == graph


def test_provenance_names_only_what_it_declares_and_loses_nothing(told) -> None:
    dossier, _ = told
    made = provenance(dossier)
    entities, agents = made["entity"], made["agent"]
    assert len(entities) == len(dossier.claims) + len(dossier.sources)
    assert len(agents) == len(dossier.origins)
    for row in made["wasDerivedFrom"].values():
        assert row["prov:generatedEntity"] in entities and row["prov:usedEntity"] in entities
    for row in made["wasAttributedTo"].values():
        assert row["prov:entity"] in entities and row["prov:agent"] in agents
    # read back, each claim has its source and its origin
    quoted = {
        row["prov:generatedEntity"]: row["prov:usedEntity"]
        for row in made["wasDerivedFrom"].values()
        if row.get("prov:type", {}).get("$") == "prov:Quotation"
    }
    by = {row["prov:entity"]: row["prov:agent"] for row in made["wasAttributedTo"].values()}
    for name, claim in dossier.claims.items():
        assert quoted[f"startex:claim-{name}"] == f"startex:source-{claim.source}"
        assert by[f"startex:claim-{name}"] == f"startex:origin-{claim.origin}"
    derived = sum(len(source.derived_from) for source in dossier.sources.values())
    assert len(made["wasDerivedFrom"]) == derived + len(dossier.claims)
    names = {name.partition(":")[0] for name in (*entities, *agents)}
    assert names == set(made["prefix"])


# What schema.org says of the words that are used (https://schema.org/ClaimReview): types of the
# values of each property, and which a review cannot do without (those that readers of
# ClaimReview ask for: claimReviewed, reviewRating, url; of the rest, what makes it worth reading).
VOCABULARY = {
    "ClaimReview": {
        "claimReviewed": ("Text",), "itemReviewed": ("Claim",), "reviewRating": ("Rating",),
        "author": ("Organization", "Person"), "url": ("URL",), "datePublished": ("Date",),
        "name": ("Text",), "description": ("Text",),
    },
    "Claim": {
        "name": ("Text",), "author": ("Organization", "Person"), "datePublished": ("Date",),
        "appearance": ("CreativeWork",), "firstAppearance": ("CreativeWork",),
        "description": ("Text",),
    },
    "CreativeWork": {
        "headline": ("Text",), "publisher": ("Organization", "Person"), "datePublished": ("Date",),
        "url": ("URL",), "identifier": ("Text",), "description": ("Text",),
    },
    "Rating": {
        "ratingValue": ("Number",), "worstRating": ("Number",), "bestRating": ("Number",),
        "alternateName": ("Text",), "ratingExplanation": ("Text",),
    },
    "Organization": {"name": ("Text",), "url": ("URL",)},
    "Person": {"name": ("Text",), "url": ("URL",)},
}  # fmt: skip
NEEDED = {
    "ClaimReview": ("claimReviewed", "reviewRating", "url", "author", "itemReviewed"),
    "Claim": ("author", "appearance"),
    "CreativeWork": ("headline", "publisher"),
    "Rating": ("ratingValue", "worstRating", "bestRating", "alternateName"),
    "Organization": ("name",),
    "Person": ("name",),
}
ISO_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def wrong_in(thing: object, allowed: tuple[str, ...], where: str) -> list[str]:
    """Return what of a value is not as schema.org says."""
    if isinstance(thing, dict):
        kind = thing.get("@type")
        if kind not in allowed or kind not in VOCABULARY:
            return [f"{where} is {kind}, not {allowed}"]
        told = [f"{where} has no {name}" for name in NEEDED[kind] if not thing.get(name)]
        for name, value in thing.items():
            if name.startswith("@"):
                continue
            if name not in VOCABULARY[kind]:
                told.append(f"{where}: {kind} has no property {name}")
                continue
            told += wrong_in(value, VOCABULARY[kind][name], f"{where}.{name}")
        return told
    if isinstance(thing, int | float):
        return [] if "Number" in allowed else [f"{where} is a number"]
    if not isinstance(thing, str) or not thing.strip():
        return [f"{where} is empty"]
    if "URL" in allowed:
        legal = re.fullmatch(r"(https?://|#)[^\s<>\"{}|\\^`]+", thing)
        return [] if legal else [f"{where} {thing!r} is no URL"]
    if "Date" in allowed:
        return [] if ISO_DATE.fullmatch(thing) else [f"{where} {thing!r} is no ISO 8601 date"]
    return [] if "Text" in allowed else [f"{where} is text, not {allowed}"]


def test_claim_reviews_are_as_schema_org_says(told) -> None:
    dossier, found = told
    made = claim_reviews(dossier, found, "s")
    assert made["@context"] == "https://schema.org"
    for review in made["@graph"]:
        assert wrong_in(review, ("ClaimReview",), review["@id"]) == []


def test_the_vocabulary_finds_what_is_wrong(told) -> None:
    dossier, found = told
    graph = claim_reviews(dossier, found, "s")["@graph"]
    for review in graph[:1]:
        for change in (
            {"url": "not a url"}, {"itemReviewed": {"@type": "Claim"}}, {"claimReviewed": ""},
            {"verdict": "false"}, {"reviewRating": 3}, {"datePublished": "2022-08-17/2022-08-18"},
        ):  # fmt: skip
            assert wrong_in({**review, **change}, ("ClaimReview",), "r")


def test_dates_that_are_no_iso_dates_stand_in_words(told) -> None:
    dossier, _ = told
    base = next(iter(dossier.claims.values()))
    for date, kept in (
        ("2022-08-29", True), ("2022-08", True), ("2022", True), ("", False),
        ("2022-08-15?", False), ("2022-08-17/2022-08-18", False),
    ):  # fmt: skip
        claim = base.model_copy(update={"asserted": date})
        changed = dataclasses.replace(dossier, claims={**dossier.claims, claim.claim: claim})
        verdict = Verdict(claim.claim, "holds", "so")
        (review,) = claim_reviews(changed, {claim.claim: verdict}, "s")["@graph"]
        item = review["itemReviewed"]
        assert ("datePublished" in item) == kept
        assert kept or not date or date in item["description"]
        assert wrong_in(review, ("ClaimReview",), "r") == []


def _read(document: dict[str, object]) -> ProvDocument:
    return ProvDocument.deserialize(content=json.dumps(document), format="json")


_PART = r"(?:[A-Za-z0-9_]|%[0-9A-F]{2})"
PN_LOCAL = re.compile(rf"{_PART}(?:(?:{_PART}|[.-])*(?:{_PART}|-))?")
"""Local names that PROV-N allows (section 3.7.1), as far as ids of ours go."""


def test_provenance_is_read_by_another_library_and_comes_back_equal(told) -> None:
    dossier, _ = told
    made = provenance(dossier)
    document = _read(made)
    again = json.loads(document.serialize(format="json"))
    assert _read(again) == document
    assert recovered(again) == recovered(made) == lineage(dossier)
    notation = document.get_provn()
    assert notation.count("entity(") == len(made["entity"])
    assert notation.count("wasDerivedFrom(") == len(made["wasDerivedFrom"])
    assert notation.count("wasAttributedTo(") == len(made["wasAttributedTo"])
    quotations = [line for line in notation.splitlines() if "prov:type='prov:Quotation'" in line]
    assert len(quotations) == len(dossier.claims)
    for name in (*made["entity"], *made["agent"]):
        prefix, _, local = name.partition(":")
        assert prefix in made["prefix"] and PN_LOCAL.fullmatch(local), name


IDS = st.from_regex(ID_PATTERN, fullmatch=True).filter(str.isascii)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_who_says_what_from_where_is_recovered_from_any_dossier(data) -> None:
    names = data.draw(st.lists(IDS, min_size=3, max_size=8, unique=True))
    origins = {n: Origin(origin=n, name="N", kind="k") for n in names[:2]}
    sources = {
        name: Source(
            source=name, title="T", publisher="P",
            origin=data.draw(st.sampled_from(sorted(origins))),
            derived_from=tuple(
                data.draw(st.lists(st.sampled_from(names[:at]), unique=True)) if at else ()
            ),
        )
        for at, name in enumerate(names)
    }  # fmt: skip
    claims = {
        name: Claim.model_validate(
            {
                "claim": name, "kind": "source", "class": "fact", "said_by": "x",
                "quote": data.draw(st.text(min_size=1, max_size=20).filter(str.strip)),
                "says": [{"subject": "s", "field": "f", "value": 1}],
                "source": data.draw(st.sampled_from(names)),
                "origin": data.draw(st.sampled_from(sorted(origins))),
            }
        )
        for name in data.draw(st.lists(IDS, max_size=5, unique=True))
    }  # fmt: skip
    dossier = Dossier(Path(), sources=sources, origins=origins, claims=claims)
    made = provenance(dossier)
    assert recovered(made) == lineage(dossier)
    assert recovered(json.loads(_read(made).serialize(format="json"))) == lineage(dossier)
    for name in made["entity"]:
        assert PN_LOCAL.fullmatch(name.partition(":")[2]), name


def test_a_document_of_others_is_refused() -> None:
    with pytest.raises(ValueError, match="is no claim, source or origin"):
        recovered({"wasAttributedTo": {"_:1": {"prov:entity": "ex:a", "prov:agent": "ex:b"}}})
