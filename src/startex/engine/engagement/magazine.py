"""Magazines: rounds on hand by platform and weapon, taken, refilled, never below zero."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from startex.forces.armament_tables import Fits

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Magazine:
    """One row for each weapon of each platform, sorted by entity and weapon, shape (m,).

    ``issued`` is what it started with and was refilled with; ``issued == on_hand + fired`` always.

    Attributes
    ----------
    entity, weapon
        Rows of the platform and of the weapon.
    count
        Pieces of it on the platform.
    capacity
        Rounds a full load holds.
    issued, on_hand, fired
        Rounds.
    held
        Whether weapon control may not use it.
    """

    entity: Int64
    weapon: Int64
    count: Int64
    capacity: Int64
    issued: Int64
    on_hand: Int64
    fired: Int64
    held: Bool
    _key: Int64 = field(repr=False)
    _weapons: int = field(repr=False)

    @classmethod
    def of(cls, kind: Int32, fits: Fits, weapons: int) -> Magazine:
        """Return full magazines.

        Parameters
        ----------
        kind
            Type of each entity (row of the catalogue), -1 for persons.
        fits
            What each type carries.
        weapons
            Number of weapons there are.
        """
        types = np.maximum(kind.astype(np.int64), 0)
        number = np.where(kind >= 0, fits.first[types + 1] - fits.first[types], 0)
        entity = np.repeat(np.arange(kind.size), number)
        start = np.cumsum(number) - number
        row = fits.first[types][entity] + np.arange(entity.size) - start[entity]
        load = fits.rounds[row]
        return cls(
            entity=entity,
            weapon=fits.item[row],
            count=fits.count[row],
            capacity=load.copy(),
            issued=load.copy(),
            on_hand=load.copy(),
            fired=np.zeros(entity.size, dtype=np.int64),
            held=np.zeros(entity.size, dtype=np.bool_),
            _key=entity * weapons + fits.item[row],
            _weapons=weapons,
        )

    def slot(self, entity: npt.ArrayLike, weapon: npt.ArrayLike) -> Int64:
        """Return the rows of weapons of platforms, -1 where a platform has no such weapon."""
        wanted = np.asarray(entity, dtype=np.int64) * self._weapons + np.asarray(weapon)
        at = np.searchsorted(self._key, wanted)
        if not self._key.size:
            return np.full(np.shape(wanted), -1)
        found = self._key[np.minimum(at, self._key.size - 1)] == wanted
        return np.where(found, at, -1)

    def hold(self, rows: npt.ArrayLike, held: Bool) -> None:
        """Hold weapons of platforms, or free them: ``held`` by row of weapon, shape (weapons,)."""
        mine = np.isin(self.entity, rows)
        self.held[mine] = held[self.weapon[mine]]

    def take(self, slot: Int64, rounds: Int64) -> Int64:
        """Take rounds for firing; return what was there to take, shape of ``slot``.

        A slot may stand several times: the first rows are served first.

        Raises
        ------
        ValueError
            If rounds are negative.
        """
        if (rounds < 0).any():
            raise ValueError(f"{int(rounds.min())} rounds cannot be fired; give 0 or more")
        got = np.zeros(slot.size, dtype=np.int64)
        real = np.flatnonzero(slot >= 0)
        order = real[np.argsort(slot[real], kind="stable")]
        where, wanted = slot[order], rounds[order]
        new = np.ones(where.size, dtype=np.bool_)
        new[1:] = where[1:] != where[:-1]
        first = np.maximum.accumulate(np.where(new, np.arange(where.size), 0))
        asked = np.cumsum(wanted)
        before = asked - wanted
        before = before - before[first]
        got[order] = np.minimum(np.maximum(self.on_hand[where] - before, 0), wanted)
        np.subtract.at(self.on_hand, where, got[order])
        np.add.at(self.fired, where, got[order])
        return got

    def put_back(self, slot: Int64, rounds: Int64) -> None:
        """Return rounds that were taken and not fired after all.

        Raises
        ------
        ValueError
            If more come back than were fired from a slot, or than there is room for.
        """
        real = slot >= 0
        back = np.bincount(slot[real], weights=rounds[real], minlength=self.fired.size)
        back = back.astype(np.int64)
        if (rounds < 0).any() or (back > self.fired).any():
            raise ValueError("more rounds come back than were fired; give those that were taken")
        if (self.on_hand + back > self.capacity).any():
            raise ValueError("no room for rounds that come back; put them back before a refill")
        self.on_hand += back
        self.fired -= back

    def refill(self, slot: Int64, rounds: Int64) -> Int64:
        """Issue rounds to slots, each slot once; return what there was room for.

        Raises
        ------
        ValueError
            If rounds are negative, or a slot stands twice.
        """
        if (rounds < 0).any() or np.unique(slot).size != slot.size:
            raise ValueError("give each slot once, with 0 or more rounds")
        real = slot >= 0
        got = np.zeros(slot.size, dtype=np.int64)
        room = self.capacity[slot[real]] - self.on_hand[slot[real]]
        got[real] = np.minimum(rounds[real], room)
        self.on_hand[slot[real]] += got[real]
        self.issued[slot[real]] += got[real]
        return got
