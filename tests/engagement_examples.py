"""Small engagements for tests: named platforms, weapons with figures of one's own."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from startex.engine.engagement.component import Engagement
from startex.forces.armament import load_armament
from startex.forces.armament_tables import Armament, WeaponTable
from startex.forces.catalogue import load_catalogue
from startex.forces.definitions import KINDS
from startex.forces.signatures import Signatures, signatures
from startex.foundation.streams import entity_key

CATALOGUE = load_catalogue()
ARMAMENT = load_armament(CATALOGUE)
WEAPONS = ARMAMENT.weapons
TARGETS = signatures(CATALOGUE)


def weapon(name: str, **figures: float) -> WeaponTable:
    """The shipped weapons, one of them with other figures."""
    columns: dict[str, Any] = {}
    for figure, value in figures.items():
        column = getattr(WEAPONS, figure).copy()
        column[WEAPONS.index(name)] = value
        columns[figure] = column
    return replace(WEAPONS, **columns)


def target(name: str, **figures: float) -> Signatures:
    """The shipped signatures, one type with other figures."""
    columns: dict[str, Any] = {}
    for figure, value in figures.items():
        column = getattr(TARGETS, figure).copy()
        column[CATALOGUE.index(name)] = value
        columns[figure] = column
    return replace(TARGETS, **columns)


def engagement(*types: str, seed: int = 1, armament: Armament = ARMAMENT) -> Engagement:
    """Platforms of these types, entity row by row, called by type and row."""
    rows = [CATALOGUE.index(name) for name in types]
    force: Any = SimpleNamespace(
        type=np.array(rows, dtype=np.int32),
        kind=np.array([KINDS.index(CATALOGUE.kind[row]) for row in rows], dtype=np.int8),
        key=np.array([entity_key(f"{name} {i}") for i, name in enumerate(types)], dtype=np.uint64),
    )
    return Engagement(force, CATALOGUE, armament, seed)


def keys(number: int, word: str = "shooter") -> np.ndarray:
    """Keys of so many shooters."""
    return np.array([entity_key(f"{word} {i}") for i in range(number)], dtype=np.uint64)
