"""Which known origin a speaker may be, by the words that name both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from startex.reports.parties import parties
from startex.sources.claims import Claim, Origin

_SAME = {"defense": "defence", "center": "centre", "department": "ministry", "mfa": "foreign"}
_EXPANDED = dict.fromkeys(("mod", "mnd", "military"), ("ministry", "defence"))
_EMPTY = frozenset(
    [
        "of", "the", "and", "for", "a", "an", "its", "his", "her", "own", "to", "in", "at", "by",
        "on", "s", "unnamed", "national",
    ]
)  # fmt: skip


def _tokens(words: str) -> frozenset[str]:
    """Return the words that tell who it is; nations by their codes, whatever they are called."""
    kept = list(words)
    found: set[str] = set()
    for party in parties(words):
        if party.how == "seat" and words[party.span.start : party.span.end].startswith("the "):
            continue  # the Kremlin is a speaker of its own
        found.add(f"@{party.code}")
        kept[party.span.start : party.span.end] = " " * (party.span.end - party.span.start)
    for token in re.findall(r"[^\W\d_]+", "".join(kept).lower()):
        found.update(_EXPANDED.get(token, (_SAME.get(token, token),)))
    return frozenset(found - _EMPTY)


class Origins:
    """Finds the known origin that a speaker may be."""

    def __init__(self, origins: Mapping[str, Origin], claims: Iterable[Claim] = ()) -> None:
        """Learn names from origins, and who went back to which from claims already coded."""
        self._tokens = {
            name: _tokens(origin.name) | ({_nation(origin)} if _nation(origin) else frozenset())
            for name, origin in origins.items()
        }
        coded: dict[str, set[str]] = {}
        for claim in claims:
            if claim.origin in origins:
                coded.setdefault(_plain(claim.said_by), set()).add(claim.origin)
        self._coded = {words: next(iter(ids)) for words, ids in coded.items() if len(ids) == 1}

    def guess(self, speaker: str) -> str:
        """Return the id of the origin that fits the words best; blank if none or several do."""
        if _plain(speaker) in self._coded:
            return self._coded[_plain(speaker)]
        wanted = _tokens(speaker)
        nations = {token for token in wanted if token.startswith("@")}
        scores: dict[str, float] = {}
        for name, tokens in self._tokens.items():
            own = {token for token in tokens if token.startswith("@")}
            common = wanted & tokens
            words = common - own
            if not words or (nations and own and not nations & own):
                continue
            if own and not nations and words <= _OFFICES:
                continue  # a president of no nation may be anybody's
            scores[name] = len(common) / len(wanted | (tokens - own))
        best = sorted(scores, key=lambda name: (-scores[name], name))
        clear = len(best) == 1 or (len(best) > 1 and scores[best[0]] > scores[best[1]])
        return best[0] if best and clear and scores[best[0]] >= _LIKE else ""


_OFFICES = frozenset(
    [
        "president", "minister", "ministry", "government", "defence", "office", "army", "navy",
        "fleet", "officials", "leaders", "chief", "commander", "general", "spokesman",
        "secretary", "state", "staff", "press", "service", "foreign",
    ]
)  # fmt: skip
"""What every nation has: no name without the nation."""

_LIKE = 0.25
"""Share of words in common from which on a speaker may be a known origin; assumed."""


def _nation(origin: Origin) -> str:
    return f"@{origin.nation}" if origin.nation else ""


def _plain(words: str) -> str:
    return " ".join(re.findall(r"\w+", words.lower()))
