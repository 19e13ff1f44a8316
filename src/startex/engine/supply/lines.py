"""From where everybody is to who can be supplied by whom today."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.state import State
from startex.engine.supply.evening import NONE, OUTSIDE, supply_lines
from startex.engine.supply.items import SCARCE, WATER
from startex.engine.supply.network import Network
from startex.engine.supply.rates import PERSON, SHIP, TRAIN
from startex.engine.supply.reach import AT_DEPOT_M, REACH_M, Depots, trips_a_day
from startex.forces.force import Force
from startex.geography.metric import distance_m

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lines:
    """The supply lines of one day; by slot, shape (slots,).

    ``source`` where each draws from and ``fed_by`` where its trains are filled (a slot, `OUTSIDE`
    or `NONE`); ``lift`` what those trains can haul.
    """

    source: Int64
    fed_by: Int64
    lift: Int64


def carriers_of(state: State) -> Int64:
    """Return the outermost carrier of each entity, itself where nothing carries it, shape (n,)."""
    top = np.arange(state.carrier.size)
    while (carried := state.carrier[top] >= 0).any():
        top = np.where(carried, state.carrier[top], top)
    return top


def heads(force: Force, top: Int64) -> Int64:
    """Return how many persons each unit feeds: its own, and a ship or train all who are aboard."""
    persons = np.flatnonzero(force.kind == PERSON)
    carrier = top[persons]
    guest = (force.kind[carrier] == SHIP) | (force.kind[carrier] == TRAIN)
    host = np.where(guest, force.unit[carrier], force.unit[persons])
    return np.bincount(host, minlength=len(force.units.id))


def lines(
    force: Force, network: Network, depots: Depots, climate: str, state: State, top: Int64
) -> Lines:
    """Return who can be supplied by whom.

    A unit is where its first platform is. Near a depot it fetches what it lacks; on a train the
    railway supplies it; elsewhere the trains it draws on must be in reach. Ships distil water.
    """
    items, number = len(network.items), network.strength.size
    units = force.units
    first = np.where(units.last > units.first, units.first, -1)
    lat, lon, on_rail = _positions(force, state, top, first)
    truck_lat, truck_lon, _ = _positions(force, state, top, network.truck)
    depot_m = depots.nearest_m(truck_lat, truck_lon)
    trips = trips_a_day(depot_m)
    # what is given by order alone is filled in harbour or on an airfield, not by road
    trips[network.by_order & (depot_m > AT_DEPOT_M)] = 0

    def apart(from_lat: Float64, from_lon: Float64, to: Int64) -> Float64:
        known = np.flatnonzero(to >= 0)
        unit, holder = known % number, to[known] % number
        found = np.full(to.size, np.inf)
        found[known] = distance_m(
            from_lat[unit], from_lon[unit], truck_lat[holder], truck_lon[holder]
        )
        return np.where(np.isnan(found), np.inf, found)

    above_m = apart(truck_lat, truck_lon, network.above)
    fed_by, lift = supply_lines(
        network, np.tile(depot_m, items), above_m, np.tile(trips, items), trips_a_day(above_m)
    )
    at_hand = np.tile((depots.nearest_m(lat, lon) <= AT_DEPOT_M) | on_rail, (items, 1))
    at_hand[WATER] |= network.afloat if climate in SCARCE else True
    reached = apart(lat, lon, network.supplier) <= REACH_M
    source = np.where(reached, network.supplier, NONE)
    return Lines(np.where(at_hand.ravel(), OUTSIDE, source), fed_by, lift)


def _positions(
    force: Force, state: State, top: Int64, row: npt.NDArray[np.integer]
) -> tuple[Float64, Float64, Bool]:
    """Return where rows are (nan for row -1), and which are trains or aboard one."""
    carrier = top[np.maximum(row, 0)]
    there = row >= 0
    lat = np.where(there, state.lat[carrier], np.nan)
    lon = np.where(there, state.lon[carrier], np.nan)
    return lat, lon, there & (force.kind[carrier] == TRAIN)
