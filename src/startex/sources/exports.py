"""Claims for others to use: schema.org ClaimReview and W3C PROV, as plain data.

ClaimReview: https://schema.org/ClaimReview. PROV: the JSON serialisation submitted to the W3C
(PROV-JSON, 2013): who said it first, where it was printed, what that was taken from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from startex.sources.claims import Claim, Source
from startex.sources.dossier import Dossier
from startex.sources.verdicts import Verdict

RATED: Mapping[str, int] = {"does not hold": 1, "depends": 2, "holds": 3}
"""Verdicts that are a rating, from the worst to the best; others are none and are left out."""

PREFIX = "startex"


def claim_reviews(dossier: Dossier, found: Mapping[str, Verdict], scenario: str) -> dict[str, Any]:
    """Return the claims that hold, do not hold or depend as schema.org ClaimReview (JSON-LD).

    Parameters
    ----------
    dossier
        Claims, sources and origins.
    found
        Verdicts by claim.
    scenario
        Id of the scenario, whose authors made the review.
    """
    reviews = [
        _review(dossier, dossier.claims[name], verdict, scenario)
        for name, verdict in found.items()
        if verdict.word in RATED
    ]
    return {"@context": "https://schema.org", "@graph": reviews}


def _review(dossier: Dossier, claim: Claim, verdict: Verdict, scenario: str) -> dict[str, Any]:
    return {
        "@type": "ClaimReview",
        "@id": f"#{claim.claim}",
        "claimReviewed": claim.quote,
        "itemReviewed": _kept(
            {
                "@type": "Claim",
                "author": {"@type": "Organization", "name": dossier.origins[claim.origin].name},
                "datePublished": claim.asserted,
                "appearance": _appearance(dossier.sources[claim.source]),
            }
        ),
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": RATED[verdict.word],
            "worstRating": 1,
            "bestRating": 3,
            "alternateName": verdict.word,
            "ratingExplanation": verdict.why,
        },
        "author": {"@type": "Organization", "name": f"Startex, scenario {scenario}"},
    }


def _appearance(source: Source) -> dict[str, Any]:
    return _kept(
        {
            "@type": "CreativeWork",
            "headline": source.title,
            "publisher": {"@type": "Organization", "name": source.publisher},
            "datePublished": source.date,
            "url": source.address if source.address.startswith("http") else "",
        }
    )


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value != ""}


def provenance(dossier: Dossier) -> dict[str, Any]:
    """Return who says what, from where, as PROV-JSON: claims and sources are entities.

    A claim was quoted from its source and is attributed to its origin; a source was derived from
    those that it repeats.
    """
    entities: dict[str, Any] = {}
    agents: dict[str, Any] = {}
    quoted: list[dict[str, str]] = []
    derived: list[dict[str, str]] = []
    attributed: list[dict[str, str]] = []
    for origin in dossier.origins.values():
        agents[_name("origin", origin.origin)] = {
            "prov:type": {"$": "prov:Organization", "type": "prov:QUALIFIED_NAME"},
            "prov:label": origin.name,
        }
    for source in dossier.sources.values():
        here = _name("source", source.source)
        entities[here] = {"prov:label": source.title}
        attributed.append(_link("prov:entity", here, "prov:agent", "origin", source.origin))
        derived += [
            _link("prov:generatedEntity", here, "prov:usedEntity", "source", other)
            for other in source.derived_from
        ]
    for claim in dossier.claims.values():
        here = _name("claim", claim.claim)
        entities[here] = {"prov:label": claim.claim, "prov:value": claim.quote}
        attributed.append(_link("prov:entity", here, "prov:agent", "origin", claim.origin))
        link = _link("prov:generatedEntity", here, "prov:usedEntity", "source", claim.source)
        quoted.append({**link, "prov:type": "prov:Quotation"})
    return {
        "prefix": {PREFIX: "urn:startex:"},
        "entity": entities,
        "agent": agents,
        "wasDerivedFrom": _numbered("d", [*derived, *quoted]),
        "wasAttributedTo": _numbered("a", attributed),
    }


def _name(kind: str, key: str) -> str:
    return f"{PREFIX}:{kind}-{key}"


def _link(one: str, here: str, other: str, kind: str, key: str) -> dict[str, str]:
    return {one: here, other: _name(kind, key)}


def _numbered(letter: str, rows: Iterable[dict[str, str]]) -> dict[str, dict[str, str]]:
    return {f"_:{letter}{number}": row for number, row in enumerate(rows, 1)}
