"""Going aboard ships in port and ashore again, over the ramp."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Effects
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems.base import World
from startex.engine.systems.lading import (
    Cargo,
    cargo,
    check_idle,
    check_near,
    gathering,
    go_aboard,
    go_ashore,
)
from startex.engine.systems.seating import KIND_CODE, aboard, busy, figure, of_kind, retry_at
from startex.engine.systems.telling import tell
from startex.engine.systems.tracks import stop

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

RAMP_MS = 60_000
"""One platform over a ship's ramp in this time; assumed: a vehicle a minute."""

QUAY_M = 30_000.0
"""Farther than this from its ship nobody embarks: that is a march of its own."""

SHIP = KIND_CODE["ship"]


def idle_ships(order: Order, world: World, state: State, t: int) -> Int32:
    """Return the ships that an order names in ``ships``, or has among its rows.

    Raises
    ------
    OrderRefusedError
        If there is none, or one carries out another order.
    """
    named = np.asarray(order.params.get("ships", order.rows), dtype=np.int32)
    ships = of_kind(world, named, SHIP)
    ships = ships[np.isfinite(state.lat[ships])]
    if ships.size == 0:
        raise OrderRefusedError("no ship is named to carry")
    away = ships[busy(state, ships, t, order.id)]
    if away.size:
        raise OrderRefusedError(
            f"{world.force.name[away[0]]} carries out another order", retry_at(state, away, t)
        )
    return ships


def carried(world: World, state: State, ships: Int32) -> Cargo:
    """Return the teams and vehicles directly aboard ships."""
    return cargo(world, state, aboard(state, ships)[world.force.kind[aboard(state, ships)] != 0])


def hold(effects: Effects, ships: Int32, state: State) -> None:
    """Keep ships where they lie until the order's end, so that nothing else moves them."""
    until = np.full(ships.size, effects.end_ms, dtype=np.int64)
    stop(effects, ships, until, state.lat[ships], state.lon[ships], alt=state.alt[ships])


def _allot(world: World, state: State, goods: Cargo, ships: Int32) -> Int32:
    """Return the ship of each platform: ships filled in turn, rows in order.

    Berths count everybody (drivers too), lanes the vehicles, cargo mass both.
    """
    columns = (goods.persons.astype(np.float64), goods.lane_m, goods.mass_kg)
    names = ("seats", "vehicle_deck_m", "cargo_kg")
    ship_of = np.full(goods.rows.size, -1, dtype=np.int32)
    first = 0
    for ship in ships:
        row = np.array([ship], dtype=np.int32)
        present = carried(world, state, row)
        taken = (present.persons.sum(), present.lane_m.sum(), present.mass_kg.sum())
        count = goods.rows.size - first
        for column, name, used in zip(columns, names, taken, strict=True):
            default = np.inf if name == "cargo_kg" else 0.0
            room = float(figure(world, row, name, default=default)[0]) - float(used)
            filled = np.cumsum(column[first:])
            count = min(count, int(np.searchsorted(filled, room + 1e-9, side="right")))
        ship_of[first : first + count] = ship
        first += count
    if first < goods.rows.size:
        seats = figure(world, ships, "seats", default=0.0).sum()
        deck = figure(world, ships, "vehicle_deck_m", default=0.0).sum()
        raise OrderRefusedError(
            f"{int(goods.persons.sum())} persons and {goods.lane_m.sum():.0f} m of vehicles do "
            f"not fit into {ships.size} ships with {seats:.0f} berths and {deck:.0f} m of deck; "
            f"{goods.rows.size - first} of {goods.rows.size} platforms are left, "
            f"{world.force.name[goods.rows[first]]} first"
        )
    return ship_of


def over_the_ramp(carriers: Int32, start_ms: npt.ArrayLike) -> Int64:
    """Return when each platform passes its ship's ramp, one after the other, shape (k,)."""
    order = np.argsort(carriers, kind="stable")
    number = np.arange(order.size)
    first = np.searchsorted(carriers[order], carriers[order])
    rank = np.empty(order.size, dtype=np.int64)
    rank[order] = number - first
    return np.asarray(np.asarray(start_ms, dtype=np.int64) + rank * RAMP_MS, dtype=np.int64)


class Embark:
    """Carries out ``embark``: teams and vehicles go aboard ships.

    Parameters of the order: ``ships`` (rows). The order's rows are what goes aboard (persons
    stand for their teams; what is aboard already stays). Platforms set out at `RAMP_MS` for each
    ship. Refused when berths, deck or mass do not suffice, ships or platforms are busy, or a
    platform is more than `QUAY_M` away.
    """

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return the embarkation (see `engine.systems.base.System.start`)."""
        ships = idle_ships(order, world, state, t)
        goods = cargo(world, state, order.rows)
        goods = goods.of(np.flatnonzero(~np.isin(state.carrier[goods.rows], ships)))
        effects = Effects(t)
        if goods.rows.size == 0:
            return effects
        check_idle(world, state, goods.rows, t, order.id)
        port = (float(state.lat[ships[0]]), float(state.lon[ships[0]]))
        check_near(world, state, goods.rows, port, QUAY_M, "the ships")
        ship_of = _allot(world, state, goods, ships)
        at = (state.lat[ship_of], state.lon[ship_of])
        depart = over_the_ramp(ship_of, t)
        boarded = go_aboard(world, state, effects, goods, ship_of, at, depart)
        stop(effects, goods.rows, boarded, *at)
        hold(effects, ships, state)
        place = int(order.params.get("place", -1))
        vehicles = int(np.sum(goods.lane_m > 0.0))
        persons = int(goods.persons.sum())
        effects.events.append(
            tell(order, effects.end_ms, "embarked",
                 f"{persons} persons and {vehicles} vehicles aboard {np.unique(ship_of).size} "
                 "ships", actor=int(ships[0]), place=place, persons=persons, vehicles=vehicles)
        )  # fmt: skip
        return effects


class Disembark:
    """Carries out ``disembark``: what ships carry goes ashore in port.

    Parameters of the order: ``ships`` (rows; default: those among the order's rows), ``lat, lon``
    (where it gathers, degrees), ``spacing_m``, ``place``. Where the order's rows hold teams or
    vehicles, only these go ashore, else all.
    """

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return the disembarkation (see `engine.systems.base.System.start`)."""
        params = order.params
        if "ships" not in params and not np.any(world.force.kind[order.rows] == SHIP):
            params = {**params, "ships": np.unique(state.carrier[order.rows])}
            params["ships"] = params["ships"][params["ships"] >= 0]
        ships = idle_ships(_with(order, params), world, state, t)
        goods = to_land(order, world, state, ships)
        where = (float(params["lat"]), float(params["lon"]))
        goal = gathering(goods.rows.size, where, float(params.get("spacing_m") or 25.0))
        ship_of = state.carrier[goods.rows]
        effects = Effects(t)
        go_ashore(
            world, effects, goods.rows, (state.lat[ship_of], state.lon[ship_of]),
            over_the_ramp(ship_of, t + RAMP_MS), goal,
        )  # fmt: skip
        hold(effects, ships, state)
        persons, vehicles = int(goods.persons.sum()), int(np.sum(goods.lane_m > 0.0))
        effects.events.append(
            tell(order, effects.end_ms, "disembarked",
                 f"{persons} persons and {vehicles} vehicles ashore",
                 actor=int(ships[0]), place=int(params.get("place", -1)), persons=persons,
                 vehicles=vehicles)
        )  # fmt: skip
        return effects


def _with(order: Order, params: object) -> Order:
    return Order(
        order.id, order.kind, order.rows, params, order.serial, order.unit,  # type: ignore[arg-type]
        order.after, order.not_before_ms, order.cause,
    )  # fmt: skip


def to_land(order: Order, world: World, state: State, ships: Int32) -> Cargo:
    """Return what an order puts ashore: its own teams and vehicles if it has any, else all aboard.

    Raises
    ------
    OrderRefusedError
        If nothing of that is aboard, or something is not.
    """
    goods = carried(world, state, ships)
    own = cargo(world, state, order.rows)
    if own.rows.size:
        elsewhere = own.rows[~np.isin(own.rows, goods.rows)]
        if elsewhere.size:
            raise OrderRefusedError(
                f"{elsewhere.size} of {own.rows.size} platforms are not aboard the ships, "
                f"{world.force.name[elsewhere[0]]} first"
            )
        goods = own
    if goods.rows.size == 0:
        raise OrderRefusedError("nothing is aboard the ships to put ashore")
    return goods
