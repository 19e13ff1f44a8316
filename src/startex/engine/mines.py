"""Mines that go off: what comes within the reach of a fuze unknown is struck.

A mine has a fuze, a sensor of definite range (the half width of its actuation), and a charge that
has a chance to put out of action what is there (the encounter model of mine warfare at its
plainest: a ship that passes within the actuation width actuates the mine, and is damaged with a
chance; e.g. Washburn and Kress, "Combat Modeling", 2009, chapter 8). Nobody decides that it goes
off. While anybody of the other side has the mine in contact, all are warned and keep clear of it.
The charge is notional: the dummy floats on, without it.
"""

from __future__ import annotations

from collections.abc import Sequence

from startex.engine.sensing.component import Sensing
from startex.engine.sensing.contacts import Contact
from startex.engine.sensing.roster import Roster
from startex.forces.armament_figures import DOMAINS

MINE = DOMAINS.index("mine")


def is_mine(roster: Roster, row: int) -> bool:
    """Tell whether an entity is a mine."""
    return bool(roster.signatures.domain[roster.force.type[row]] == MINE)


def strikes(sensing: Sensing, contacts: Sequence[Contact]) -> list[Contact]:
    """Return, of contacts that fuzes have made, those of mines that the other side knows not."""
    if not contacts:
        return []
    roster = sensing.roster
    known = {
        (contact.serial, contact.target, contact.opposing)
        for contact in sensing.contacts.values()
        if contact.open
    }
    return [
        contact
        for contact in contacts
        if (contact.serial, contact.looker, not contact.opposing) not in known
        and not roster.out[contact.target]
    ]
