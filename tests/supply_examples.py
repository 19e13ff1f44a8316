"""A small force for tests of supply: a brigade with trains, two ships, two aircraft, a train."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from startex.engine.effects import MODE_CODE
from startex.engine.state import State, new_state
from startex.engine.supply.component import Supply
from startex.engine.supply.plan import Plan
from startex.engine.supply.reach import Depots
from startex.forces.armament import load_armament
from startex.forces.catalogue import load_catalogue
from startex.forces.definitions import KINDS
from startex.foundation.streams import entity_key

CATALOGUE = load_catalogue()
ARMAMENT = load_armament(CATALOGUE)
START = 1_661_385_600_000  # 2022-08-25T00:00Z
HOUR, DAY = 3_600_000, 86_400_000

(BRIGADE, BATTALION, COMPANY, SUPPORT, RESERVE, FIRST, SECOND, OILER, DESTROYER, FLIGHT,
 RAILWAY) = range(11)  # fmt: skip
_PARENT = (-1, 0, 1, 1, 0, 4, 4, -1, -1, -1, -1)
_OWN: tuple[tuple[tuple[str, int], ...], ...] = (
    (),
    (),
    (("t-80", 4), ("rifle-squad", 2), ("person", 30)),
    (("fuel-truck", 2), ("kitchen-truck", 1), ("ammo-truck", 1), ("truck-heavy", 2),
     ("person", 15)),
    (),
    (("fuel-truck", 2), ("truck-heavy", 2), ("person", 8)),
    (("fuel-truck", 1), ("truck-heavy", 1), ("person", 4)),
    (("oiler-dubna", 1), ("person", 60)),
    (("asw-1155", 1), ("person", 220)),
    (("su-34", 2), ("person", 8)),
    (("military-train", 1), ("person", 4)),
)  # fmt: skip
NAMES = ("brigade", "battalion", "company", "support", "reserve", "first", "second",
         "oiler", "destroyer", "flight", "railway")  # fmt: skip


def _force() -> Any:
    """Units in tree order; the persons of each are aboard its first platform."""
    kind, types, unit, first, last = [], [], [], [], []
    for row, own in enumerate(_OWN):
        first.append(len(kind))
        for name, number in own:
            at = -1 if name == "person" else CATALOGUE.index(name)
            code = 0 if at < 0 else KINDS.index(CATALOGUE.kind[at])
            kind += [code] * number
            types += [at] * number
            unit += [row] * number
        last.append(len(kind))
    own_last = list(last)
    for row in reversed(range(len(_PARENT))):
        if _PARENT[row] >= 0:
            last[_PARENT[row]] = max(last[_PARENT[row]], last[row])
    units = SimpleNamespace(
        id=NAMES, name=tuple(name.title() for name in NAMES),
        parent=np.array(_PARENT, dtype=np.int32), home=("",) * len(NAMES),
        first=np.array(first, dtype=np.int32), own_last=np.array(own_last, dtype=np.int32),
        last=np.array(last, dtype=np.int32),
    )  # fmt: skip
    return SimpleNamespace(
        units=units,
        kind=np.array(kind, dtype=np.int8),
        type=np.array(types, dtype=np.int32),
        unit=np.array(unit, dtype=np.int32),
        counted=np.ones(len(kind), dtype=np.bool_),
        key=np.array([entity_key(f"entity {row}") for row in range(len(kind))], dtype=np.uint64),
    )


FORCE = _force()


def rows(unit: int, name: str) -> np.ndarray:
    """Entity rows of a type (or of persons) in a unit."""
    of_type = -1 if name == "person" else CATALOGUE.index(name)
    return np.flatnonzero((FORCE.unit == unit) & (FORCE.type == of_type)).astype(np.int32)


def state(**at: tuple[float, float]) -> State:
    """Everybody at (45, 132), or where units are put; persons aboard the first of their unit."""
    found = new_state(FORCE, START)
    found.lat[:], found.lon[:] = 45.0, 132.0
    for name, (lat, lon) in at.items():
        mine = FORCE.unit == NAMES.index(name)
        found.lat[mine], found.lon[mine] = lat, lon
    persons = np.flatnonzero(FORCE.kind == 0)
    found.carrier[persons] = FORCE.units.first[FORCE.unit[persons]]
    return found


def supply(depot: tuple[float, float] | None = (45.0, 132.0), seed: int = 1, **plan: Any) -> Supply:
    """Supply with one depot, or with none; the supply hour is 20:00 UTC."""
    depots = Depots.of([], []) if depot is None else Depots.of(*depot)
    return Supply(FORCE, CATALOGUE, ARMAMENT, depots, seed, START, Plan(**plan))


def leg(entity: int, begin_h: float, end_h: float, length_m: float, mode: str = "road") -> dict:
    """A leg due north from 45 degrees."""
    per_deg = 111_140.0  # of a meridian at this latitude, nearly
    return {
        "entity": entity, "t0": START + round(begin_h * HOUR), "t1": START + round(end_h * HOUR),
        "lat0": 45.0, "lon0": 132.0, "alt0": 0.0, "lat1": 45.0 + length_m / per_deg,
        "lon1": 132.0, "alt1": 0.0, "mode": MODE_CODE[mode],
    }  # fmt: skip


def legs(*listed: dict) -> dict[str, np.ndarray]:
    """Legs as columns."""
    kinds = {"entity": np.int32, "t0": np.int64, "t1": np.int64, "mode": np.int8}
    names = ("entity", "t0", "t1", "lat0", "lon0", "alt0", "lat1", "lon1", "alt1", "mode")
    return {
        name: np.array([one[name] for one in listed], dtype=kinds.get(name, np.float64))
        for name in names
    }


NOTHING = legs()
