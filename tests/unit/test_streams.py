"""Keyed chance: the published vectors of the generator, and what keys promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from startex.foundation.streams import Stream, entity_key, normal, philox4x32, uniform

# Known answers of Philox4x32-10 as published with Random123: counter, key, block.
KNOWN = [
    ([0] * 4, [0] * 2, [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
    ([0xFFFFFFFF] * 4, [0xFFFFFFFF] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
    (
        [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
        [0xA4093822, 0x299F31D0],
        [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
    ),
]

KEYS = st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=20)
SEEDS = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize(("counter", "key", "block"), KNOWN)
def test_published_vectors(counter, key, block) -> None:
    got = philox4x32(np.array([counter], np.uint32), np.array(key, np.uint32))
    assert got[0].tolist() == block


@given(SEEDS, KEYS, st.integers(0, 1000))
def test_a_draw_depends_on_its_own_key_alone(seed, keys, counter) -> None:
    together = uniform(seed, Stream.LOADING, np.array(keys, np.uint64), counter)
    alone = [float(uniform(seed, Stream.LOADING, key, counter)) for key in keys]
    assert together.tolist() == alone
    assert ((together >= 0.0) & (together < 1.0)).all()


def test_streams_seeds_and_counters_are_apart() -> None:
    key = entity_key("1st Company / BMP-2 no. 3")
    draws = {
        float(uniform(seed, stream, key, counter))
        for seed in (0, 1)
        for stream in Stream
        for counter in range(10)
    }
    assert len(draws) == 2 * len(Stream) * 10


def test_distributions() -> None:
    """10,000 draws: mean and spread within five standard errors."""
    keys = np.array([entity_key(f"entity {n}") for n in range(10_000)], np.uint64)
    flat = uniform(5, Stream.PARACHUTE, keys)
    assert abs(flat.mean() - 0.5) < 5 * np.sqrt(1 / 12 / keys.size)
    bell = normal(5, Stream.PARACHUTE, keys)
    assert abs(bell.mean()) < 5 / np.sqrt(keys.size)
    assert abs(bell.var() - 1.0) < 5 * np.sqrt(2 / keys.size)


def test_the_register_has_no_number_twice() -> None:
    assert len({int(stream) for stream in Stream}) == len(list(Stream))
