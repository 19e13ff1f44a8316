"""What a system is: it turns an order into effects, reading one state and changing nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

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


@dataclass(frozen=True, slots=True)
class World:
    """Everything that stays the same throughout a run.

    ``figures`` holds catalogue columns by (name, default), one value a type, the default also for
    what has no type (type -1, the last); see `seating.figure`, which fills it.
    """

    force: Force
    catalogue: Catalogue
    places: Places
    router: Router
    seed: int
    start_ms: int
    end_ms: int
    figures: dict[tuple[str, float], Float64] = field(default_factory=dict, repr=False)
    index: Index = field(init=False, repr=False)

    def __post_init__(self) -> None:
        index = Index(self.force, self.places, self.router.ways)
        object.__setattr__(self, "index", index)


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
