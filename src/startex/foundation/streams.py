"""Keyed chance: a random number is a function of (seed, stream, entity key, counter).

Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random
numbers: as easy as 1, 2, 3" (SC11). No state: any draw can be made in any order, on any number
of threads, and adding an entity changes nobody else's draws.
"""

from __future__ import annotations

import hashlib
import math
from enum import IntEnum
from functools import lru_cache

import numpy as np
import numpy.typing as npt

UInt64 = npt.NDArray[np.uint64]
Float64 = npt.NDArray[np.float64]

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = 0x9E3779B9
_W1 = 0xBB67AE85
_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_ROTATE = np.uint64(31)


class Stream(IntEnum):
    """The register of every random stream of the program. Never renumber; append."""

    FIGURE = 1  # a disputed figure sampled from its interval (policy that samples)
    LAYOUT = 2  # where a unit's area lies around its place
    LOADING = 3  # spread of loading and unloading times
    TAKE_OFF = 4  # spread of take-off preparation
    WIND = 5  # wind of a drop
    PARACHUTE = 6  # where each jumper lands around the aim
    SCRAMBLE = 7  # when an alert is called
    WAY = 8  # course of a generated road-like way
    PATROL = 9  # starting phase of a patrol
    EXERCISE = 10  # what a generated exercise is made of (package testing)
    DETECTION = 11  # how much exposure a sensor needs to detect a target
    ENGAGEMENT = 12  # what a salvo or a burst comes to
    MESSAGE = 13  # how long a message takes on a net, and with an interpreter
    BREAKDOWN = 14  # whether a vehicle breaks down on a day, and for how long
    MISHAP = 15  # who falls ill or is hurt on a day, and for how long
    FIX = 16  # how far a reported position is off
    CLASSIFICATION = 17  # how many cycles an observer needs to tell what a target is
    CROSSING = 20  # when and where an intruder crosses an area
    MINEFIELD = 21  # after how many encounters in the mean a vehicle strikes a mine


_FEW = 8
"""So many draws are worked out one by one: arrays would cost more than the work on them."""


def entity_key(name: str) -> int:
    """Return the 64-bit key of an entity, from its name: stable when others come or go."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def pair_keys(first: npt.ArrayLike, second: npt.ArrayLike) -> UInt64:
    """Return the 64-bit keys of the draws of pairs, from the keys of both (not symmetric)."""
    a, b = np.asarray(first, dtype=np.uint64), np.asarray(second, dtype=np.uint64)
    turned: UInt64 = (b << _ROTATE) | (b >> (np.uint64(64) - _ROTATE))
    return a ^ turned


def philox4x32(counter: npt.NDArray[np.uint32], key: npt.NDArray[np.uint32]) -> UInt64:
    """Return Philox4x32-10 blocks.

    Parameters
    ----------
    counter
        Shape (n, 4), 32-bit words.
    key
        Shape (2,) or (n, 2), 32-bit words.

    Returns
    -------
    Shape (n, 4), 32-bit words held in uint64.
    """
    c0, c1, c2, c3 = (np.ascontiguousarray(counter[..., i], dtype=np.uint64) for i in range(4))
    k0 = np.asarray(key[..., 0], dtype=np.uint64)
    k1 = np.asarray(key[..., 1], dtype=np.uint64)
    for _ in range(10):
        p0, p1 = _M0 * c0, _M1 * c2
        c0, c1, c2, c3 = (
            (p1 >> _SHIFT) ^ c1 ^ k0,
            p1 & _MASK,
            (p0 >> _SHIFT) ^ c3 ^ k1,
            p0 & _MASK,
        )
        k0, k1 = (k0 + np.uint64(_W0)) & _MASK, (k1 + np.uint64(_W1)) & _MASK
    return np.stack([c0, c1, c2, c3], axis=-1)


def _first_words(c0: int, c1: int, c2: int, k0: int, k1: int) -> tuple[int, int]:
    """Return the first two words of a block of Philox4x32-10, on Python's whole numbers."""
    c3 = 0
    for a, b in _round_keys(k0, k1):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ a, p1 & 0xFFFFFFFF, (p0 >> 32) ^ c3 ^ b, p0 & 0xFFFFFFFF
    return c0, c1


@lru_cache(maxsize=256)
def _round_keys(k0: int, k1: int) -> tuple[tuple[int, int], ...]:
    """Return the keys of the ten rounds."""
    return tuple(((k0 + n * _W0) & 0xFFFFFFFF, (k1 + n * _W1) & 0xFFFFFFFF) for n in range(10))


def _draw(seed: int, stream: int, key: int, count: int) -> float:
    first, second = _first_words(key & 0xFFFFFFFF, key >> 32, count & 0xFFFFFFFF, seed, stream)
    return float((first << 21) ^ (second >> 11)) * 2.0**-53


def pair_key(first: int, second: int) -> int:
    """Return what `pair_keys` does for one pair, on plain numbers."""
    return first ^ (((second << 31) | (second >> 33)) & 0xFFFFFFFFFFFFFFFF)


def uniform_one(seed: int, stream: Stream, key: int, counter: int = 0) -> float:
    """Return one uniform draw in [0, 1): what `uniform` gives."""
    return _draw(seed & 0xFFFFFFFF, int(stream), key, counter)


def uniforms_one(seed: int, stream: Stream, key: int, counter: int, number: int) -> list[float]:
    """Return some uniform draws of one entity, counters one after the other from ``counter``."""
    seed, code = seed & 0xFFFFFFFF, int(stream)
    return [_draw(seed, code, key, counter + n) for n in range(number)]


def box_muller(first: float, second: float) -> float:
    """Return the standard normal draw that `normal` makes of two uniform ones."""
    return math.sqrt(-2.0 * math.log1p(-first)) * math.cos(2.0 * math.pi * second)


def uniform(
    seed: int,
    stream: Stream,
    keys: npt.ArrayLike,
    counter: npt.ArrayLike = 0,
) -> Float64:
    """Return uniform draws in [0, 1), one for each entity key.

    Parameters
    ----------
    seed
        Seed of the run, 0 to 2**32 - 1.
    stream
        What the draw is for.
    keys
        Entity keys, uint64, any shape; broadcast against ``counter``.
    counter
        Which draw of that entity in that stream (0 to 2**32 - 1).

    Returns
    -------
    float64 of the broadcast shape, with 53 random bits.
    """
    key64, count = np.asarray(keys, dtype=np.uint64), np.asarray(counter, dtype=np.uint64)
    pairs = np.broadcast(key64, count)
    if pairs.size <= _FEW:
        few = [_draw(seed & 0xFFFFFFFF, int(stream), int(k), int(c)) for k, c in pairs]
        return np.array(few).reshape(pairs.shape)
    key64, count = (np.broadcast_to(column, pairs.shape).ravel() for column in (key64, count))
    words = np.empty((key64.size, 4), dtype=np.uint32)
    words[:, 0] = key64 & _MASK
    words[:, 1] = key64 >> _SHIFT
    words[:, 2] = count
    words[:, 3] = 0
    block = philox4x32(words, np.array([seed & 0xFFFFFFFF, int(stream)], dtype=np.uint32))
    bits = (block[:, 0] << np.uint64(21)) ^ (block[:, 1] >> np.uint64(11))
    return (bits.astype(np.float64) * 2.0**-53).reshape(pairs.shape)


def normal(seed: int, stream: Stream, keys: npt.ArrayLike, counter: npt.ArrayLike = 0) -> Float64:
    """Return standard normal draws (Box-Muller on counters 2c and 2c+1); shapes as `uniform`."""
    count = np.asarray(counter, dtype=np.uint64) * np.uint64(2)
    first = uniform(seed, stream, keys, count)
    second = uniform(seed, stream, keys, count + np.uint64(1))
    result: Float64 = np.sqrt(-2.0 * np.log1p(-first)) * np.cos(2.0 * np.pi * second)
    return result
