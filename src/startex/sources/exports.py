"""Claims for others to use: schema.org ClaimReview and W3C PROV, as plain data.

ClaimReview: https://schema.org/ClaimReview, with ISO 8601 dates: a date that is uncertain or an
interval is no such date, and stands in words. PROV: the JSON serialisation submitted to the W3C
(PROV-JSON, 2013): who said it first, where it was printed, what that was taken from. `recovered`
reads that back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from startex.sources.claims import Claim, Origin, Source
from startex.sources.dossier import Dossier
from startex.sources.verdicts import Verdict

RATED: Mapping[str, int] = {"does not hold": 1, "depends": 2, "holds": 3}
"""Verdicts that are a rating, from the worst to the best; others are none and are left out."""

PREFIX = "startex"

PERSONS = frozenset({"analyst", "author", "expert", "minister", "official", "person", "reporter"})
"""Kinds of origin that are a person; all others are an organisation."""

_ISO_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


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
    origin = dossier.origins[claim.origin]
    return {
        "@type": "ClaimReview",
        "@id": f"#{claim.claim}",
        "url": f"#{claim.claim}",
        "claimReviewed": claim.quote,
        "itemReviewed": _kept(
            {
                "@type": "Claim",
                "name": f"Claim {claim.claim}",
                "author": {"@type": _agent(origin), "name": origin.name},
                **_dated(claim.asserted, "asserted"),
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
            **_dated(source.date, "published"),
            **_where(source.address),
        }
    )


def _agent(origin: Origin) -> str:
    return "Person" if origin.kind in PERSONS else "Organization"


def _dated(date: str, verb: str) -> dict[str, str]:
    """Return an EDTF date as ``datePublished`` where it is one of ISO 8601, else in words."""
    if _ISO_DATE.fullmatch(date):
        return {"datePublished": date}
    return {"description": f"{verb} {date} (EDTF)"} if date else {}


def _where(address: str) -> dict[str, str]:
    """Return an address as ``url`` where it is one; what is less stands as ``identifier``."""
    whole = address.startswith(("http://", "https://"))
    return {"url": address} if whole else {"identifier": address}


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value != ""}


def provenance(dossier: Dossier) -> dict[str, Any]:
    """Return who says what, from where, as PROV-JSON: claims and sources are entities.

    A claim was quoted from its source and is attributed to its origin; a source was derived from
    those that it repeats.
    """
    entities: dict[str, Any] = {}
    agents: dict[str, Any] = {}
    quoted: list[dict[str, Any]] = []
    derived: list[dict[str, str]] = []
    attributed: list[dict[str, str]] = []
    for origin in dossier.origins.values():
        agents[_name("origin", origin.origin)] = {
            "prov:type": _qualified(f"prov:{_agent(origin)}"),
            "prov:label": origin.name,
        }
    for source in dossier.sources.values():
        here = _name("source", source.source)
        entities[here] = _kept(
            {
                "prov:label": source.title,
                f"{PREFIX}:publisher": source.publisher,
                f"{PREFIX}:date": source.date,
                f"{PREFIX}:reached_as": source.reached_as,
            }
        )
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
        quoted.append({**link, "prov:type": _qualified("prov:Quotation")})
    return {
        "prefix": {PREFIX: "urn:startex:"},
        "entity": entities,
        "agent": agents,
        "wasDerivedFrom": _numbered("d", [*derived, *quoted]),
        "wasAttributedTo": _numbered("a", attributed),
    }


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a PROV document tells of who says what, from where.

    Attributes
    ----------
    claims
        Source and origin of each claim.
    origins
        Origin of each source.
    derived
        (source, source that it repeats), each pair once.
    """

    claims: Mapping[str, tuple[str, str]]
    origins: Mapping[str, str]
    derived: frozenset[tuple[str, str]]


def lineage(dossier: Dossier) -> Lineage:
    """Return what `provenance` tells, from the claims themselves."""
    return Lineage(
        {name: (claim.source, claim.origin) for name, claim in dossier.claims.items()},
        {name: source.origin for name, source in dossier.sources.items()},
        frozenset(
            (source.source, other)
            for source in dossier.sources.values()
            for other in source.derived_from
        ),
    )


def recovered(document: Mapping[str, Any]) -> Lineage:
    """Return what a document of `provenance` tells, whatever ids its relations have.

    Raises
    ------
    ValueError
        If it names something that is no claim, source or origin.
    """
    said: dict[tuple[str, str], str] = {}
    for row in document.get("wasAttributedTo", {}).values():
        said[_parted(row["prov:entity"])] = _parted(row["prov:agent"])[1]
    printed: dict[str, str] = {}
    derived: set[tuple[str, str]] = set()
    for row in document.get("wasDerivedFrom", {}).values():
        kind, key = _parted(row["prov:generatedEntity"])
        other = _parted(row["prov:usedEntity"])[1]
        if kind == "claim":
            printed[key] = other
        else:
            derived.add((key, other))
    return Lineage(
        {key: (printed[key], origin) for (kind, key), origin in said.items() if kind == "claim"},
        {key: origin for (kind, key), origin in said.items() if kind == "source"},
        frozenset(derived),
    )


def _parted(name: str) -> tuple[str, str]:
    """Return kind and id of a name of ours."""
    found = re.fullmatch(rf"{PREFIX}:(claim|source|origin)-(.+)", name)
    if found is None:
        raise ValueError(f"{name!r} is no claim, source or origin of {PREFIX}")
    return found[1], re.sub(r"%2E$", ".", found[2])


def _name(kind: str, key: str) -> str:
    """Return a qualified name; PROV-N allows no full stop at its end."""
    return f"{PREFIX}:{kind}-" + re.sub(r"\.$", "%2E", key)


def _qualified(name: str) -> dict[str, str]:
    return {"$": name, "type": "prov:QUALIFIED_NAME"}


def _link(one: str, here: str, other: str, kind: str, key: str) -> dict[str, str]:
    return {one: here, other: _name(kind, key)}


def _numbered(letter: str, rows: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {f"_:{letter}{number}": row for number, row in enumerate(rows, 1)}
