"""The supply hour: who fills whom, in whole units, from trains, from above, from depots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.supply.network import NOBODY, Network
from startex.engine.supply.reach import REACH_M
from startex.engine.supply.sharing import share, sum_by

Int64 = npt.NDArray[np.int64]

OUTSIDE, NONE = -1, -2
"""Sources that are no slot: a depot, and nobody."""


@dataclass(frozen=True, slots=True)
class Evening:
    """What was handed out at one supply hour.

    ``given`` to each who wanted, shape (k,); ``from_outside`` came to trains from depots,
    ``received`` by trains in all and ``issued`` by trains, shape (slots,).
    """

    given: Int64
    from_outside: Int64
    received: Int64
    issued: Int64


def hand_out(
    network: Network,
    trains: Int64,
    fed_by: Int64,
    lift: Int64,
    source: Int64,
    wanted: Int64,
) -> Evening:
    """Hand out to all who want, and fill the trains again.

    From the lowest trains up, each asks above for what its own customers want and what it lacks,
    as much as its trucks can haul; then from the top down each gives what it has, in proportion
    where that is not enough.

    Parameters
    ----------
    network
        Slots, capacities and levels.
    trains
        On hand in the trains of each slot, shape (slots,).
    fed_by
        Where the trains of each slot are filled today: a slot, `OUTSIDE` or `NONE`.
    lift
        What their trucks can haul today, shape (slots,).
    source, wanted
        Where each customer draws from (a slot, `OUTSIDE` or `NONE`), and how much; shape (k,).
    """
    slots = trains.size
    given = np.where(source == OUTSIDE, wanted, 0)
    customers = np.flatnonzero(source >= 0)
    demand = sum_by(source[customers], wanted[customers], slots)
    asked, received, issued, bought = np.zeros((4, slots), dtype=np.int64)
    holders = np.flatnonzero(network.trains > 0)
    by_level = [
        holders[network.level[holders] == level]
        for level in range(int(network.level[holders].max(initial=0)) + 1)
    ]
    for rows in reversed(by_level):
        lacks = network.trains[rows] - trains[rows] + demand[rows]
        asked[rows] = np.clip(lacks, 0, lift[rows])
        below = rows[fed_by[rows] >= 0]
        demand += sum_by(fed_by[below], asked[below], slots)
    level_of = network.level[source[customers]]
    for level, rows in enumerate(by_level):
        outside = rows[fed_by[rows] == OUTSIDE]
        there = trains[outside]
        gives = np.minimum(demand[outside], there + lift[outside])
        bought[outside] = np.clip(
            network.trains[outside] - there + gives, np.maximum(gives - there, 0), lift[outside]
        )
        received[outside] = bought[outside]
        stock = np.zeros(slots, dtype=np.int64)
        stock[rows] = trains[rows] + received[rows]
        mine = customers[level_of == level]
        below = holders[fed_by[holders] >= 0]
        below = below[np.isin(fed_by[below], rows)]
        got = share(
            np.concatenate([source[mine], fed_by[below]]),
            np.concatenate([wanted[mine], asked[below]]),
            stock,
        )
        given[mine] = got[: mine.size]
        received[below] = got[mine.size :]
        issued += sum_by(source[mine], given[mine], slots)
        issued += sum_by(fed_by[below], received[below], slots)
    return Evening(given, bought, received, issued)


def supply_lines(
    network: Network,
    depot_m: npt.NDArray[np.float64],
    above_m: npt.NDArray[np.float64],
    trips_depot: Int64,
    trips_above: Int64,
) -> tuple[Int64, Int64]:
    """Return where trains are filled today and how much their trucks can haul, by slot.

    From the trains above where those are in reach and nearer than a depot, else from the nearest
    depot, else not at all. Distances in metres, trips of a truck in the day.
    """
    up = (network.above != NOBODY) & (above_m <= REACH_M) & (above_m < depot_m)
    trips = np.where(up, trips_above, trips_depot)
    fed_by = np.where(up, network.above, np.where(trips > 0, OUTSIDE, NONE))
    return fed_by, network.trains * trips
