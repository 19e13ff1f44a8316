"""Columns as bytes: what goes in comes out, aligned, described by their own header."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from startex.view import columns

_WORDS = st.lists(st.none() | st.text(max_size=6), max_size=40)


@given(
    st.lists(st.tuples(st.integers(-(2**31), 2**31 - 1), st.floats(width=32)), max_size=40),
    st.text(max_size=30),
)
def test_numbers_come_back_bit_for_bit(pairs, fact) -> None:
    whole, real = ([pair[i] for pair in pairs] for i in (0, 1))
    packed = {
        "whole": columns.numbers(np.array(whole, np.int64), "int32"),
        "real": columns.numbers(np.array(real, np.float64), "float32", "nan"),
        "time": columns.numbers(np.array(whole, np.float64), "float64"),
    }
    header, found = columns.decode(columns.encode(packed, len(pairs), {"fact": fact}))
    assert header["fact"] == fact and header["rows"] == len(pairs)
    assert found["whole"].tolist() == whole and found["time"].tolist() == whole
    assert found["real"].tobytes() == np.array(real, np.float32).tobytes()


@given(_WORDS)
def test_words_and_texts_come_back(texts) -> None:
    packed = {
        "word": columns.words(pa.array(texts, pa.string())),
        "text": columns.texts(pa.array(texts, pa.string())),
    }
    _, found = columns.decode(columns.encode(packed, len(texts), {}))
    assert found["word"] == texts
    assert found["text"] == [text or "" for text in texts]


@given(_WORDS, st.text(max_size=50))
def test_the_header_alone_tells_where_everything_is(texts, fact) -> None:
    packed = {
        "a": columns.numbers(np.arange(len(texts)), "uint8"),
        "b": columns.texts(pa.array(texts, pa.string())),
        "c": columns.numbers(np.arange(len(texts)), "float64"),
    }
    data = columns.encode(packed, len(texts), {"fact": fact})
    length = int.from_bytes(data[:4], "little")
    header = json.loads(data[4 : 4 + length])
    end = 4 + length
    assert end % 8 == 0
    for entry in header["columns"]:
        for spot in filter(None, (entry, entry.get("ends"))):
            assert spot["offset"] % 8 == 0
            assert 0 <= spot["offset"] - end < 8
            assert not any(data[end : spot["offset"]])
            end = spot["offset"] + spot["bytes"]
    assert end == len(data)


def test_many_words_take_codes_of_four_bytes() -> None:
    texts = [f"word {number:04}" for number in range(300)] + [None]
    packed = columns.words(pa.array(texts, pa.string()))
    assert packed.type == "int32"
    _, found = columns.decode(columns.encode({"word": packed}, len(texts), {}))
    assert found["word"] == texts


def test_what_is_missing_stands_as_the_header_says() -> None:
    packed = {
        "carrier": columns.optional(pa.array([3, None], pa.int32()), "int32"),
        "lat": columns.optional(pa.array([None, 44.5], pa.float64()), "float32"),
    }
    header, found = columns.decode(columns.encode(packed, 2, {}))
    assert [entry["null"] for entry in header["columns"]] == [-1, "nan"]
    assert found["carrier"].tolist() == [3, -1]
    assert np.isnan(found["lat"][0]) and found["lat"][1] == 44.5


@pytest.mark.parametrize("cut", [0, 3, 40, -1])
def test_cut_bytes_are_told(cut) -> None:
    data = columns.encode({"a": columns.numbers(np.arange(9), "int32")}, 9, {})
    with pytest.raises(ValueError):
        columns.decode(data[:cut])
