"""What a system is: it turns an order into effects, reading one state and changing nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, runtime_checkable

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Effects
from startex.engine.orders import Order
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems.index import Index
from startex.forces.catalogue import Catalogue
from startex.forces.force import Force
from startex.geography.places import Places
from startex.geography.routes import Router

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

Instants = TypeVar("Instants", int, Int64)


def _calm(t: int, lat: float, lon: float) -> tuple[float, float]:
    """Return no wind."""
    return 0.0, 0.0


@dataclass(frozen=True, slots=True)
class World:
    """Everything that stays the same throughout a run.

    ``wind`` tells the mean wind at a time (ms) and place (degrees): speed, m/s, and where it comes
    from, degrees; calm where nothing is known. ``figures`` holds catalogue columns by
    (name, default), one value a type, the default also for what has no type (type -1, the last);
    see `seating.figure`, which fills it.
    """

    force: Force
    catalogue: Catalogue
    places: Places
    router: Router
    seed: int
    start_ms: int
    end_ms: int
    wind: Callable[[int, float, float], tuple[float, float]] = field(default=_calm, repr=False)
    figures: dict[tuple[str, float], Float64] = field(default_factory=dict, repr=False)
    index: Index = field(init=False, repr=False)

    def __post_init__(self) -> None:
        index = Index(self.force, self.places, self.router.ways)
        object.__setattr__(self, "index", index)

    def elapsed(self, t: Instants, unit_ms: int) -> Instants:
        """Return how many whole units of ``unit_ms`` have passed at ``t`` since the start.

        The counter of draws that differ from time to time: an exercise held a week later draws
        the same.
        """
        return (t - self.start_ms) // unit_ms


class System(Protocol):
    """Carries out the orders of one kind."""

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return what the order brings about when it starts at ``t``.

        Reads ``state`` (never writes it). Books shared means in ``resources`` (trains, ramps,
        lanes); bookings count at once, in the order of order ids.

        Raises
        ------
        OrderRefusedError
            If the order cannot be carried out now; nothing may have been booked then.
        """
        ...


@runtime_checkable
class InterruptibleSystem(System, Protocol):
    """Platforms may be taken out of its orders while those run.

    Only where nobody goes aboard or ashore, nothing is booked, and events tell no more than legs.
    """

    def may_be_interrupted(self, order: Order) -> bool:
        """Tell whether platforms may be taken out of this order of its kind."""
        ...


@runtime_checkable
class BatchSystem(System, Protocol):
    """Can also start many orders of its kind in one go, for speed; it books no shared means."""

    def start_all(
        self, orders: Sequence[Order], t: int, world: World, state: State
    ) -> list[Effects | None]:
        """Return what each of several orders brings about when all start at ``t``.

        The orders, in the order of their ids, concern different platforms, all free. The answers
        together say what `start` would say of each; legs and boardings of all may stand in the
        first. None for an order with anything out of the ordinary: `start` carries it out, or says
        why it cannot be.
        """
        ...
