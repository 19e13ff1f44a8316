"""Copies of known reports: whole, in part, and none."""

from __future__ import annotations

import random

import pytest

from startex.reports.syndication import PERMUTATIONS, SEED, WIDTH, likenesses, shingles
from startex.reports.text import checksum

WORDS = [f"word{i}" for i in range(3000)]


def prose(seed: int, count: int) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choice(WORDS) for _ in range(count))


def compare(text: str, **known: str):
    pieces = {name: [piece] for name, piece in known.items()}
    return likenesses(text, pieces, {}, checksum(text))


def test_shingles_know_no_case_and_no_punctuation() -> None:
    text = "Ten ships, it’s said, SAIL home."
    found = shingles(text)
    assert [s for s, _ in found] == ["ten ships it's said", "ships it's said sail",
                                     "it's said sail home"]  # fmt: skip
    assert found[0][1].of(text) == "Ten ships, it’s said"
    assert shingles("one two") == [("one two", found[0][1].__class__(0, 7))]
    assert shingles("...") == []


def test_the_same_text_with_another_headline_is_a_near_duplicate() -> None:
    copy = prose(1, 400)
    (found,) = compare(f"A new headline here\n\n{copy.upper()}", agency=copy, other=prose(2, 400))
    assert (found.known, found.verdict) == ("agency", "near-duplicate")
    assert found.contained == 1.0
    assert found.jaccard > 0.95


def test_a_copied_part_is_found_by_containment_and_shown() -> None:
    own, copy = prose(3, 1500), prose(4, 200)
    text = f"{own}\n\n{copy}\n\n{prose(5, 300)}"
    (found,) = compare(text, agency=copy)
    assert found.verdict == "partly copied"
    assert found.contained == 1.0
    assert found.of_new == pytest.approx(197 / 1997, abs=0.01)
    (passage,) = found.copied
    assert passage.of(text) == copy


def test_a_part_of_a_longer_known_report_is_found_too() -> None:
    known = prose(6, 2000)
    part = " ".join(known.split()[500:700])
    (found,) = compare(part, agency=known)
    assert found.of_new == 1.0
    assert found.contained < 0.2


def test_the_estimate_is_within_its_error_and_the_same_each_time() -> None:
    words = prose(7, 2000).split()
    one, other = " ".join(words[:1500]), " ".join(words[500:])
    first, second = compare(one, a=other), compare(one, a=other)
    assert first == second
    mine, theirs = ({s for s, _ in shingles(t)} for t in (one, other))
    exact = len(mine & theirs) / len(mine | theirs)
    error = (exact * (1 - exact) / PERMUTATIONS) ** 0.5
    assert abs(first[0].jaccard - exact) < 4 * error
    assert (SEED, WIDTH) == (1, 4)


def test_texts_on_one_subject_are_no_copies() -> None:
    one = (
        "Russia and China will carry out drills in the Sea of Japan with sixty warships, Tass said."
    )
    other = (
        "More than fifty thousand troops of Russia and China will join drills in the Sea of Japan."
    )
    assert compare(one, a=other) == []


def test_an_equal_checksum_is_identical_even_where_nothing_is_kept_of_the_text() -> None:
    text = prose(8, 50)
    (found,) = likenesses(text, {}, {"old": checksum(text), "new": "0" * 64}, checksum(text))
    assert (found.known, found.verdict, found.jaccard) == ("old", "identical", 1.0)


def test_a_quote_too_short_to_tell_copying_from_chance_says_nothing() -> None:
    assert compare("more than 50,000 troops will take part " + prose(9, 50),
                   a="more than 50,000 troops will take part") == []  # fmt: skip
