"""Events of an order: what systems report, with the order's unit, serial and cause filled in."""

from __future__ import annotations

from typing import Any

from startex.engine.effects import Event
from startex.engine.orders import Order


def tell(
    order: Order,
    t: int,
    kind: str,
    text: str,
    *,
    actor: int = -1,
    target: int = -1,
    place: int = -1,
    **data: Any,
) -> Event:
    """Return an event of an order.

    Parameters
    ----------
    order
        Gives unit, serial and cause.
    t
        When, ms.
    kind, text
        What happened, as a word and in words.
    actor, target, place
        Entity rows and place index, -1 for none.
    data
        Figures that belong to it, SI.
    """
    return Event(
        t=int(t),
        kind=kind,
        text=text,
        actor=int(actor),
        unit=order.unit,
        target=int(target),
        place=int(place),
        serial=order.serial,
        cause=order.cause,
        data=data,
    )
