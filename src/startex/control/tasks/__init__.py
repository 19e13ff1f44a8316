"""The task vocabulary at work: each word of `scenario.vocabulary` drafts its orders here.

A new task is one more entry in the vocabulary and one more function here; nothing else changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from startex.control.brief import Brief, Draft
from startex.control.tasks import air, decontamination, defence, ground, movement, sea, shore

TaskOrders = Callable[[Brief], list[Draft]]
"""Answers a brief with drafts of orders; an empty list when nobody can take part.

Raises `control.brief.CannotBeHeldError` when something is lacking that may yet come.
"""

TASK_ORDERS: Mapping[str, TaskOrders] = {
    "march": movement.march,
    "rail": movement.rail,
    "sail": movement.sail,
    "transfer_flight": movement.transfer_flight,
    "withdraw": movement.withdraw,
    "assemble": ground.assemble,
    "occupy": ground.occupy,
    "drill": ground.drill,
    "defend": defence.defend,
    "decontaminate": decontamination.decontaminate,
    "live_fire": ground.live_fire,
    "river_crossing": ground.river_crossing,
    "issue": ground.issue,
    "return_equipment": ground.return_equipment,
    "ceremony": ground.ceremony,
    "conference": ground.conference,
    "patrol": sea.patrol,
    "escort": sea.escort,
    "form_up": sea.form_up,
    "rendezvous": sea.rendezvous,
    "replenish": sea.replenish,
    "sortie": air.sortie,
    "alert": air.alert,
    "airlift": air.airlift,
    "airborne_drop": air.airborne_drop,
    "landing": shore.landing,
}
