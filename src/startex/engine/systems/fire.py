"""Live fire at targets: who fires, from where, at what, how long.

Order ``fire``
--------------
``duration_ms``
    How long.
``targets``
    Rows of targets (entities of kind target).
``share``
    Of each weapon's full load, what may be fired; all when absent.
``limit``
    Rounds that the whole serial may fire of each weapon; none when absent.
``kinds``
    Kinds of weapon that fire; all when absent.
``place``
    Place index of the range on which the targets stand.

Armed platforms and dismounted teams fire from where they are; nothing moves. What is armed follows
from the symbol of its type (weapons, tanks, fighting vehicles, combatant ships, infantry). A unit
with nothing armed stands by, and an event says so. Targets must stand inside the place, which the
serial has booked. Each fires in bouts, evenly over the time; what they do is for `engine.livefire`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Bouts, Effects
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems.base import World
from startex.engine.systems.ground import event
from startex.engine.systems.seating import KIND_CODE, PERSON, heads, manned, root
from startex.foundation.clock import MS_PER_MINUTE
from startex.geography.geodesy import inverse

BOUT_MS = 15 * MS_PER_MINUTE
"""Length of a bout of fire, at most; assumed: one exercise of a range, then the targets are seen
to."""

ORDER_MS = 5 * MS_PER_MINUTE
"""Bouts begin at whole multiples of this from the start, or in the middle of a shorter bout;
assumed: fire is opened by the range's orders, for all together."""

Bool = npt.NDArray[np.bool_]
Int32 = npt.NDArray[np.int32]

TARGET = KIND_CODE["target"]

ARMED: tuple[str, ...] = (
    "1511",  # weapons: guns, launchers, air defence
    "15120101",  # armoured fighting vehicles
    "15120110",  # light armoured vehicles, wheeled
    "151202",  # tanks
    "27110101",  # infantry
    "27110103",  # reconnaissance
    "271103",  # mortars, portable missiles and other crew-served weapons
    "3012",  # combatant ships
    "3511",  # submarines
)
"""Symbol set and first digits of the entity code (APP-6D / 2525D) of what can fire."""


def armed(world: World, rows: Int32) -> Bool:
    """Return which platforms can fire, by the symbol of their type."""
    types = [kind.startswith(ARMED) for kind in world.catalogue.symbol]
    mask: Bool = np.array(types, dtype=np.bool_)[world.force.type[rows]]
    return mask


def _on_order(world: World, t: int, span: int) -> int:
    """Return when a bout begins that may begin at ``t``: all of a range fire together."""
    since = world.elapsed(t + ORDER_MS - 1, ORDER_MS) * ORDER_MS
    return min(world.start_ms + since, t + span // 2)


class Allowance(TypedDict):
    """What platforms may fire; see `Bouts`."""

    share: float
    limit: int
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fire:
    """Carries out ``fire``."""

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return the two events; the platforms stay where they are."""
        params, force = order.params, world.force
        number = heads(world, state)
        rows = np.unique(order.rows).astype(np.int32)
        rows = rows[(force.kind[rows] != PERSON) & (force.kind[rows] != TARGET)]
        rows = rows[(state.carrier[rows] < 0) & manned(world, rows, number)]
        rows = rows[number[rows] > 0]
        if rows.size == 0:
            raise OrderRefusedError(
                f"none of {order.rows.size} platforms is manned and free to fire"
            )
        duration = max(0, int(params["duration_ms"]))
        firing = rows[armed(world, rows)]
        if firing.size == 0:
            text = f"{rows.size} platforms stand by, none of them armed"
            return Effects(end_ms=t + duration, events=[event(order, t, "stands_by", text)])
        rows = firing
        targets = np.unique(np.asarray(params["targets"], dtype=np.int32))
        targets = targets[force.kind[targets] == TARGET]
        if targets.size == 0:
            raise OrderRefusedError("there are no targets to fire at")
        t_lat, t_lon = state.lat[targets], state.lon[targets]
        if "place" in params:
            place = int(params["place"])
            out = ~world.places.contains(place, t_lat, t_lon)
            if out.any():
                raise OrderRefusedError(
                    f"{out.sum()} of {targets.size} targets stand outside "
                    f"{world.places.name[place]}: nobody fires out of a range"
                )
        top = root(state, rows)
        _, range_m = inverse(state.lat[top], state.lon[top], t_lat.mean(), t_lon.mean())
        names = [world.catalogue.id[kind] for kind in force.type[rows]]
        by_type = {name: names.count(name) for name in sorted(set(names))}
        data: dict[str, object] = {
            "platforms": by_type,
            "persons": int(number[rows].sum()),
            "targets": int(targets.size),
            "least_range_m": round(float(range_m.min())),
            "greatest_range_m": round(float(range_m.max())),
        }
        effects = Effects(end_ms=t + duration)
        words = f"{rows.size} platforms fire at {targets.size} targets"
        for when, kind, text in (
            (t, "live_fire_started", words),
            (t + duration, "cease_fire", f"cease fire: {words}"),
        ):
            effects.events.append(event(order, when, kind, text, **data))
        bouts = max(1, -(-duration // BOUT_MS))
        span = duration // bouts
        begins = [_on_order(world, t + bout * span, span) for bout in range(bouts)]
        bout = np.repeat(np.arange(bouts), rows.size)
        effects.bouts = Bouts(
            shooter=np.tile(rows, bouts), t=np.array(begins, dtype=np.int64)[bout], number=bout,
            lat=np.tile(state.lat[top], bouts), lon=np.tile(state.lon[top], bouts),
            alt=np.tile(state.alt[top], bouts), targets=targets, of=bouts, span_ms=span,
            **allowance(order),
        )  # fmt: skip
        return effects


def allowance(order: Order) -> Allowance:
    """Return what an order lets its platforms fire, as `Bouts` has it."""
    params = order.params
    return {
        "share": float(params.get("share", 1.0)),
        "limit": int(params.get("limit", -1)),
        "kinds": tuple(params.get("kinds", ())),
    }
