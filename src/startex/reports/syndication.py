"""Whether a report repeats known ones: shingles of words, MinHash (Broder 1997), containment.

Two texts are compared by their *shingles*, runs of `WIDTH` words in order, letters and digits
alone, whatever their case. With A and B the sets of shingles,

    J = |A ∩ B| / |A ∪ B|        C = |A ∩ B| / |B|

J is estimated by MinHash with `PERMUTATIONS` permutations of a fixed seed (standard error
sqrt(J (1 - J) / `PERMUTATIONS`), at most 0.032); C, the share of the known report that stands in
the new one, is counted, since its estimate from J is poor where one text is much longer. J is near
1 where a whole text was taken over, C where a part of it was, as agency copy below a paper's lead.
Left out: what was reworded or translated.

Source: A. Z. Broder, "On the resemblance and containment of documents" (1997).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from startex.reports.sentences import Span

WIDTH = 4
"""Words a shingle; assumed: few enough for a quoted clause, too many to occur by chance."""

PERMUTATIONS = 256
SEED = 1

WHOLE = 0.5
"""Estimated J from which on a text counts as a near-duplicate; assumed."""

PART = 0.3
"""C from which on a part counts as copied; assumed."""

_LEAST = 8
"""Shingles below which nothing is said of a known report: too few to tell chance from copying."""

_COPIED_WORDS = 12
"""Words in a row below which a passage is not marked as copied; assumed."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a known report stands to a new one.

    Attributes
    ----------
    known
        Its name.
    identical
        Whether the checksums are equal.
    jaccard
        Estimated share of shingles in common, 0 to 1.
    contained
        Share of the known report's shingles that the new one holds, 0 to 1.
    of_new
        Share of the new report's shingles that the known one holds, 0 to 1.
    copied
        The passages of the new report that are the same, `_COPIED_WORDS` words or more each.
    """

    known: str
    identical: bool
    jaccard: float
    contained: float
    of_new: float
    copied: tuple[Span, ...]

    @property
    def verdict(self) -> str:
        """``identical``, ``near-duplicate`` or ``partly copied``."""
        if self.identical:
            return "identical"
        return "near-duplicate" if self.jaccard >= WHOLE else "partly copied"


def shingles(text: str) -> list[tuple[str, Span]]:
    """Return the shingles of a text in order with their places; of a shorter text, itself."""
    words = [(m[0].lower().replace("’", "'"), m.start(), m.end()) for m in _WORD.finditer(text)]
    width = min(WIDTH, len(words))
    return [
        (
            " ".join(word for word, _, _ in words[at : at + width]),
            Span(words[at][1], words[at + width - 1][2]),
        )
        for at in range(len(words) - width + 1)
        if width
    ]


def likenesses(
    text: str, known: Mapping[str, Sequence[str]], checksums: Mapping[str, str], checksum: str
) -> list[Likeness]:
    """Return the known reports that a text repeats, whole or in part, the most alike first.

    Parameters
    ----------
    text
        The new report.
    known
        Name of each known report: what is there of its text, in pieces (a shingle does not go over
        the end of a piece).
    checksums
        Checksums of known reports, where there are any, by name.
    checksum
        Of the new one.
    """
    own = shingles(text)
    mine = {shingle for shingle, _ in own}
    found: list[Likeness] = []
    signature = None
    for name in sorted({*known, *checksums}):
        pieces = [{s for s, _ in shingles(piece)} for piece in known.get(name, ())]
        theirs = set().union(*pieces) if pieces else set()
        common = mine & theirs
        identical = checksums.get(name) == checksum
        contained = len(common) / len(theirs) if len(theirs) >= _LEAST else 0.0
        of_new = len(common) / len(mine) if len(theirs) >= _LEAST and mine else 0.0
        if not identical and max(contained, of_new) < PART:
            continue
        jaccard = 1.0
        if theirs:
            signature = signature or _signature(mine)
            jaccard = float(signature.jaccard(_signature(theirs)))
        copied = _copied(text, own, common)
        found.append(Likeness(name, identical, jaccard, contained, of_new, copied))
    return sorted(found, key=lambda f: (not f.identical, -f.jaccard, -f.contained, f.known))


def _signature(shingled: set[str]) -> Any:
    from datasketch import MinHash  # noqa: PLC0415

    signature = MinHash(num_perm=PERMUTATIONS, seed=SEED)
    signature.update_batch([shingle.encode("utf-8") for shingle in sorted(shingled)])
    return signature


def _copied(text: str, own: Sequence[tuple[str, Span]], common: set[str]) -> tuple[Span, ...]:
    """Return the passages that common shingles cover without a gap."""
    passages: list[Span] = []
    for shingle, span in own:
        if shingle not in common:
            continue
        if passages and span.start <= passages[-1].end:
            passages[-1] = Span(passages[-1].start, span.end)
        else:
            passages.append(span)
    return tuple(p for p in passages if len(_WORD.findall(p.of(text))) >= _COPIED_WORDS)
