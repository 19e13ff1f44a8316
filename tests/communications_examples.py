"""A small force for tests of communications: two nations, ships, aircraft, a contingent."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from startex.engine.communications.network import Network
from startex.forces.communications import Figure, load_communications
from startex.forces.definitions import KINDS

START = 1_661_385_600_000  # 2022-08-25T00:00Z
MINUTE, HOUR = 60_000, 3_600_000

(RUS, BRIGADE, BATTALION, FIRST, SECOND, FLEET, GROUP, SHIP, OTHER_SHIP, SQUADRON, CHN,
 CHN_BATTALION, CHN_COMPANY, KAZ) = range(14)  # fmt: skip
_UNITS = (
    ("rus", -1, "command", "RUS", ""),
    ("rus.brigade", 0, "brigade", "RUS", ""),
    ("rus.battalion", 1, "battalion", "RUS", ""),
    ("rus.first", 2, "company", "RUS", "vehicle"),
    ("rus.second", 2, "company", "RUS", "vehicle"),
    ("rus.fleet", 0, "command", "RUS", "vehicle"),
    ("rus.group", 5, "group", "RUS", ""),
    ("rus.ship", 6, "ship", "RUS", "ship"),
    ("rus.other-ship", 6, "ship", "RUS", "ship"),
    ("rus.squadron", 0, "squadron", "RUS", "aircraft"),
    ("chn", -1, "command", "CHN", ""),
    ("chn.battalion", 10, "battalion", "CHN", ""),
    ("chn.company", 11, "company", "CHN", "vehicle"),
    ("kaz", -1, "section", "KAZ", "vehicle"),
)


def force() -> Any:
    """The units and one platform of each that has any."""
    id_, parent, echelon, nation, kind = zip(*_UNITS, strict=True)
    own = [(row, KINDS.index(word)) for row, word in enumerate(kind) if word]
    return SimpleNamespace(
        units=SimpleNamespace(
            id=id_, parent=np.array(parent, dtype=np.int32), echelon=echelon, nation=nation
        ),
        unit=np.array([row for row, _ in own], dtype=np.int32),
        kind=np.array([code for _, code in own], dtype=np.int8),
    )


FORCE = force()


def network(figures: Mapping[tuple[str, str], float] | None = None, seed: int = 1) -> Network:
    """A network with some figures replaced."""
    own = [Figure(*key, float(value), assumed="test") for key, value in (figures or {}).items()]
    return Network(FORCE, load_communications().overridden(own), seed, ("S1", "S2"))


def at(**places: tuple[float, float, float]) -> Any:
    """Where units are, by names as ``first`` for rus.first; others are nowhere."""
    rows = {
        row: places[name.split(".")[-1].replace("-", "_")]
        for row, (name, *_) in enumerate(_UNITS)
        if name.split(".")[-1].replace("-", "_") in places
    }

    def where(units: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        found = np.array([rows.get(int(unit), (np.nan,) * 3) for unit in units]).reshape(-1, 3)
        return found[:, 0], found[:, 1], found[:, 2]

    return where


def finish(net: Network) -> list[Any]:
    """Deliver everything; return the messages by number."""
    return sorted(net.collect(10 * START), key=lambda message: message.number)
