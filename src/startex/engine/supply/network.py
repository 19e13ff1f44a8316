"""Who supplies whom: trains of units, the chain upward, and depots.

A unit's trucks serve the unit above it: the support platoon of a battalion serves the battalion.
Where every other part of that unit has fuel trucks too (the companies of a support battalion), they
serve the next unit above. A unit draws on the trains of the nearest unit above (or itself) that has
any; trains are filled from the trains of the nearest unit above them that has any.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.engagement.magazine import Magazine
from startex.engine.supply.items import (
    DAYS_AFLOAT,
    DAYS_ASHORE,
    FIRST_AMMUNITION,
    FUEL,
    G_PER_KG,
    ML_PER_L,
    RATIONS,
    USED,
    WATER,
    WATER_DAYS_AFLOAT,
    WATER_DAYS_ASHORE,
)
from startex.engine.supply.rates import PERSON, SHIP, VEHICLE, Rates
from startex.engine.supply.sharing import sum_by
from startex.forces.armament_tables import Armament
from startex.forces.catalogue import Catalogue
from startex.forces.force import Force, Units

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

NOBODY = -1

NO_ROUNDS = "none"
"""Class of ammunition of what needs none (sweeps)."""


@dataclass(frozen=True, slots=True)
class Network:
    """What each unit holds at most, and who fills it.

    A slot is an item of a unit, ``item * units + unit``; columns by slot have shape
    (items * units,).

    Attributes
    ----------
    items
        Names: fuel, rations, water, then the classes of ammunition in use, sorted.
    basic, trains
        Capacity of each slot in whole millilitres, grams, rounds. Basic fuel is in the tanks.
    supplier
        Slot of the trains that each slot draws on, -1 for none.
    above
        For slots with trains: slot of the trains that fill them, -1 for none.
    level
        For slots with trains: how many stand above them.
    afloat
        Whether a unit is a ship, shape (units,).
    by_order
        Whether what a unit carries for others is given by order alone (`Supply.replenish`), as from
        ships and aircraft, shape (units,).
    strength
        Persons of each unit, shape (units,).
    truck
        A row of what carries the trains of each unit, -1 for nothing, shape (units,).
    """

    items: tuple[str, ...]
    basic: Int64
    trains: Int64
    supplier: Int64
    above: Int64
    level: Int64
    afloat: Bool
    by_order: Bool
    strength: Int64
    truck: Int64


def network(
    force: Force,
    catalogue: Catalogue,
    armament: Armament,
    rates: Rates,
    ration_g: int,
    water_ml: int,
) -> Network:
    """Return who holds what and who supplies whom."""
    number = len(force.units.id)
    unit = force.unit.astype(np.int64)
    strength = np.bincount(unit[force.kind == PERSON], minlength=number)
    afloat = np.bincount(unit[force.kind == SHIP], minlength=number) > 0
    magazine = Magazine.of(force.type, armament.weapon_fits, len(armament.weapons))
    kinds = armament.weapons.ammunition
    classes = sorted({kinds[w] for w in np.unique(magazine.weapon)} - {NO_ROUNDS})
    items = (*USED, *classes)
    basic = np.zeros((len(items), number), dtype=np.int64)
    basic[FUEL] = sum_by(unit, rates.tank_ml, number)
    basic[RATIONS] = strength * ration_g * np.where(afloat, DAYS_AFLOAT, DAYS_ASHORE)
    basic[WATER] = strength * water_ml * np.where(afloat, WATER_DAYS_AFLOAT, WATER_DAYS_ASHORE)
    code = np.array([items.index(c) if c in classes else FUEL for c in kinds], dtype=np.int64)
    rounds = np.where(code[magazine.weapon] == FUEL, 0, magazine.capacity)
    load = code[magazine.weapon] * number + unit[magazine.entity]
    basic.ravel()[:] += sum_by(load, rounds, basic.size)
    served = _served(force, catalogue)
    trains, truck, by_order = _trains(force, catalogue, served, len(items))
    mass = _round_g(armament, items)
    _ammunition(trains, basic, mass, force, catalogue, served)
    supplier, above, level = _chain(force.units, trains, by_order, afloat)
    return Network(
        items=items,
        basic=basic.ravel(),
        trains=trains.ravel(),
        supplier=supplier,
        above=above,
        level=level,
        afloat=afloat,
        by_order=by_order,
        strength=strength,
        truck=truck,
    )


def _figure(catalogue: Catalogue, force: Force, name: str) -> Float64:
    column: Float64 = np.append(np.nan_to_num(getattr(catalogue, name)), 0.0)
    found: Float64 = column[force.type]
    return found


def _served(force: Force, catalogue: Catalogue) -> Int64:
    """Return the unit that the trucks of each unit serve, shape (units,)."""
    units, vehicle = force.units, force.kind == VEHICLE
    parent = units.parent.astype(np.int64)

    def some_below(rows: Bool) -> Bool:
        before = np.concatenate([[0], np.cumsum(rows)])
        found: Bool = before[units.last] > before[units.first]
        return found

    fuel = some_below(vehicle & (_figure(catalogue, force, "fuel_cargo_l") > 0))
    plain = some_below(vehicle) & ~fuel
    child = parent >= 0
    # mixed: has vehicles of its own, or a part that has vehicles and no fuel trucks
    own = np.bincount(force.unit[vehicle], minlength=parent.size) > 0
    mixed = (np.bincount(parent[child & plain], minlength=parent.size) > 0) | own
    served = np.where(child, parent, np.arange(parent.size))
    for _ in range(len(units.id)):
        up = ~mixed[served] & (parent[served] >= 0)
        if not up.any():
            break
        served = np.where(up, parent[served], served)
    return served


def _trains(
    force: Force, catalogue: Catalogue, served: Int64, items: int
) -> tuple[Int64, Int64, Bool]:
    """Return what is carried for others, a row that carries it, and who gives it by order alone.

    Trucks count for the unit they serve; ships and aircraft for their own.
    """
    number = served.size
    trains = np.zeros((items, number), dtype=np.int64)
    unit = force.unit.astype(np.int64)
    vehicle = force.kind == VEHICLE
    holder = np.where(vehicle, served[unit], unit)
    carries = np.zeros(unit.size, dtype=np.bool_)
    for item, figure, unit_size in (
        (FUEL, "fuel_cargo_l", ML_PER_L),
        (RATIONS, "ration_cargo_kg", G_PER_KG),
        (WATER, "water_cargo_l", ML_PER_L),
    ):
        cargo = np.rint(_figure(catalogue, force, figure) * unit_size).astype(np.int64)
        trains[item] = sum_by(holder, cargo, number)
        carries |= cargo > 0
    carries |= _figure(catalogue, force, "ammunition_cargo_kg") > 0
    truck = np.full(number, NOBODY, dtype=np.int64)
    rows = np.flatnonzero(carries)[::-1]
    truck[holder[rows]] = rows  # the first of each, as the last one written stays
    by_order = (truck >= 0) & ~vehicle[np.maximum(truck, 0)]
    return trains, truck, by_order


def _round_g(armament: Armament, items: tuple[str, ...]) -> Float64:
    """Return the mean mass of a round of each class, grams; 0 of items that are no ammunition."""
    weapons = armament.weapons
    mass = np.zeros(len(items))
    for item in range(FIRST_AMMUNITION, len(items)):
        known = [
            float(kg)
            for kg, name in zip(weapons.round_kg, weapons.ammunition, strict=True)
            if name == items[item] and kg > 0
        ]
        mass[item] = sum(known) / len(known) * G_PER_KG if known else 0.0
    return mass


def _ammunition(
    trains: Int64, basic: Int64, mass: Float64, force: Force, catalogue: Catalogue, served: Int64
) -> None:
    """Load ammunition trucks with what the units they serve shoot, in proportion to its mass."""
    vehicle = force.kind == VEHICLE
    cargo = np.where(vehicle, _figure(catalogue, force, "ammunition_cargo_kg") * G_PER_KG, 0.0)
    limit = sum_by(served[force.unit], np.rint(cargo).astype(np.int64), served.size)
    ground = np.bincount(force.unit[vehicle], minlength=served.size) > 0
    nearest = _nearest(force.units, limit > 0)
    drawn = np.flatnonzero((nearest >= 0) & ground)
    for_pool = np.zeros(basic.shape)
    for item in range(FIRST_AMMUNITION, mass.size):
        weight = basic[item, drawn] * mass[item]
        for_pool[item] = np.bincount(nearest[drawn], weights=weight, minlength=served.size)
    whole = for_pool.sum(axis=0)
    for item in range(FIRST_AMMUNITION, mass.size):
        if mass[item] > 0:
            part = for_pool[item] / np.where(whole > 0, whole, 1.0)
            trains[item] = np.floor(limit * part / mass[item]).astype(np.int64)


def _nearest(units: Units, has: Bool, *, strictly: bool = False) -> Int64:
    """Return the nearest unit above each (or itself) that has something, -1 where none has."""
    found = np.full(len(units.id), NOBODY, dtype=np.int64)
    itself = np.full(len(units.id), NOBODY, dtype=np.int64)
    for row, parent in enumerate(units.parent):  # parents stand before their children
        found[row] = itself[parent] if parent >= 0 else NOBODY
        itself[row] = row if has[row] else found[row]
    return found if strictly else itself


def _chain(units: Units, trains: Int64, by_order: Bool, afloat: Bool) -> tuple[Int64, Int64, Int64]:
    """Return supplier, above and level of each slot (see `Network`)."""
    items, number = trains.shape
    supplier, above = np.full((2, items, number), NOBODY, dtype=np.int64)
    level = np.zeros((items, number), dtype=np.int64)
    known: dict[bytes, tuple[Int64, Int64]] = {}
    for item in range(items):
        has = (trains[item] > 0) & ~by_order
        key = has.tobytes()
        if key not in known:
            known[key] = _nearest(units, has), _nearest(units, has, strictly=True)
        near, up = known[key]
        supplier[item] = np.where((near >= 0) & ~afloat, item * number + near, NOBODY)
        above[item] = np.where(has & (up >= 0), item * number + up, NOBODY)
        for row in np.flatnonzero(has & (up >= 0)):
            level[item, row] = level[item, up[row]] + 1
    return supplier.ravel(), above.ravel(), level.ravel()
