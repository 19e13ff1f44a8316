"""Claims for others: every name used is declared, nothing is lost, ratings are verdicts."""

from __future__ import annotations

import json

import pytest

from startex.cli.claims import gather
from startex.sources.exports import RATED, claim_reviews, provenance
from startex.sources.verdicts import verdicts


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
