"""Who lacks what since when: rows of the table ``shortages``, and an event at begin and end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Event
from startex.engine.supply.items import measures

Int64 = npt.NDArray[np.int64]
Columns = dict[str, npt.NDArray[Any]]

_LITRES = {"ml": "l", "g": "kg"}


class Shortages:
    """Remembers since when each slot lacks something; slots as in `network.Network`."""

    def __init__(self, slots: int, units: Sequence[str], items: Sequence[str]) -> None:
        self._since = np.full(slots, -1, dtype=np.int64)
        self._short = np.zeros(slots, dtype=np.bool_)
        self._units, self._items = tuple(units), tuple(items)
        self.unfired = np.zeros(slots, dtype=np.int64)

    def find(
        self, t: int, lacks: Int64, wants: Int64, affected: Int64
    ) -> tuple[Columns, list[Event]]:
        """Return the shortages at ``t``, and events where one begins or is over.

        Parameters
        ----------
        t
            Supply hour, ms.
        lacks, wants
            What was used or wanted since the last one, and what of it was not there; rounds that
            could not be fired (``unfired``) are added, and forgotten. Shape (slots,).
        affected
            Platforms (fuel) or persons (rations, water) in want, shape (slots,).
        """
        lacks, wants = lacks + self.unfired, wants + self.unfired
        self.unfired[:] = 0
        short = lacks > 0
        begins, over = short & ~self._short, self._short & ~short
        self._since[begins] = t
        events = [
            self._event(t, int(slot), int(lacks[slot])) for slot in np.flatnonzero(begins | over)
        ]
        self._short = short
        rows, number = np.flatnonzero(short), len(self._units)
        table: Columns = {
            "unit": (rows % number).astype(np.int32),
            "item": (rows // number).astype(np.int32),
            "t": np.full(rows.size, t, dtype=np.int64),
            "affected": affected[rows].astype(np.int32),
            "wanted": wants[rows],
            "short": lacks[rows],
            "since": self._since[rows],
        }
        return table, events

    def _event(self, t: int, slot: int, lacks: int) -> Event:
        code, unit = divmod(slot, len(self._units))
        item, name = self._items[code], self._units[unit]
        words = item.replace("_", " ")
        if lacks == 0:
            data: dict[str, Any] = {"item": item, "lasted_ms": t - int(self._since[slot])}
            return Event(t, "supply_restored", f"{name} has {words} again", unit=unit, data=data)
        measure = measures(self._items)[code]
        amount = f"{lacks:,}" if measure == "rounds" else f"{lacks / 1000:,.0f} {_LITRES[measure]}"
        text = f"{name} is short of {words}: {amount} missing"
        data = {"item": item, f"short_{measure}": lacks}
        return Event(t, "supply_short", text, unit=unit, data=data)
