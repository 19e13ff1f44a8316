"""The tables of supply, from the columns of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from startex.engine.supply.items import HOLDINGS, measures
from startex.engine.supply.mishaps import KINDS_OF_MISHAP, TREATED


def supply_tables(
    tables: Mapping[str, Mapping[str, npt.NDArray[Any]]], items: tuple[str, ...]
) -> dict[str, pa.Table]:
    """Return ``supply``, ``shortages``, ``mishaps``, ``strengths`` as the store has them, by name.

    Parameters
    ----------
    tables
        Columns as `startex.engine.supply.plan.Day` holds them.
    items
        Words of the codes of items: ``Supply.network.items``.
    """
    words = {"item": items, "holding": HOLDINGS, "kind": KINDS_OF_MISHAP, "treated": TREATED}
    return {name: _table(columns, words) for name, columns in tables.items()}


def _table(
    columns: Mapping[str, npt.NDArray[Any]], words: Mapping[str, tuple[str, ...]]
) -> pa.Table:
    arrays = {
        name: _coded(column, words[name]) if name in words else pa.array(column)
        for name, column in columns.items()
    }
    if "item" in columns:
        arrays["measure"] = _coded(columns["item"], measures(words["item"]))
    return pa.table(arrays)


def _coded(codes: npt.NDArray[Any], words: tuple[str, ...]) -> pa.Array:
    kinds = tuple(dict.fromkeys(words))
    to_kind = np.array([kinds.index(word) for word in words], dtype=np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(to_kind[codes]), pa.array(kinds))
