"""Who plays on which side, who looks out with what, and whose contact it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from startex.forces.armament_figures import DOMAINS, SENSOR_KINDS
from startex.forces.armament_tables import Fits, SensorTable
from startex.forces.definitions import KINDS
from startex.forces.force import Force
from startex.forces.signatures import Signatures
from startex.foundation.streams import entity_key

Int8 = npt.NDArray[np.int8]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]
Bool = npt.NDArray[np.bool_]
Float64 = npt.NDArray[np.float64]

Sides = Sequence[tuple[int, Int32]]
"""Units and their platforms."""

_NOBODY = np.empty(0, np.int32)
_PERSON, _TARGET = KINDS.index("person"), KINDS.index("target")


@dataclass(slots=True)
class Roster:
    """Columns of who can look and who is looked for.

    Parameters
    ----------
    force, sensors, signatures, fits
        Who there is, what they look with, how they are found, who carries what.

    Attributes
    ----------
    rows, sensor, led, keys
        Channels: a platform once for each of its sensors, shape (c,); ``led`` those that serve
        their own serial only; ``keys`` of their draws.
    side, serial, group, out
        Of each entity, shape (n,): 1 for who plays the enemy, else 0; the play it takes part in, -1
        for none; the unit whose contact it is; whether it is out of action.
    ground, closed
        Whether an entity stands on the ground; whether it plays the enemy for those of its serial
        alone, shape (n,).
    optical, names, errors
        Of sensors: whether they need sight; keys of their draws, shape (s,); errors of bearing and
        range, shape (3, s), see `SensorTable.errors`.
    air
        Whether a type is found in the air, shape (types,).
    nation
        Number of the nation of each unit, shape (units,).
    intercept, radar
        Of sensors: whether they listen for radars; whether they are radars, shape (s,).
    radiates, silent
        Of each entity, shape (n,): whether it has a radar, which is on unless it is under water or
        silent; whether it is told not to radiate.
    """

    force: Force
    sensors: SensorTable
    signatures: Signatures
    fits: Fits
    rows: Int64 = field(init=False)
    sensor: Int64 = field(init=False)
    led: Bool = field(init=False)
    keys: UInt64 = field(init=False)
    side: Int8 = field(init=False)
    serial: Int32 = field(init=False)
    group: Int32 = field(init=False)
    out: Bool = field(init=False)
    ground: Bool = field(init=False)
    closed: Bool = field(init=False)
    optical: Bool = field(init=False)
    names: UInt64 = field(init=False)
    errors: Float64 = field(init=False)
    air: Bool = field(init=False)
    platform: Bool = field(init=False)
    nation: Int64 = field(init=False)
    intercept: Bool = field(init=False)
    radar: Bool = field(init=False)
    radiates: Bool = field(init=False)
    silent: Bool = field(init=False)
    _neutral: Bool = field(init=False)
    _plays: dict[int, tuple[Int32, Int32]] = field(default_factory=dict)  # both sides by serial
    _sides: dict[tuple[int, bool], Int64] = field(default_factory=dict)  # see `platforms_of`
    _known: dict[int, tuple[Int64, Int64]] = field(default_factory=dict)  # see `_able`

    def __post_init__(self) -> None:
        force, n = self.force, self.force.kind.size
        self.side, self.out = np.zeros(n, dtype=np.int8), np.zeros(n, dtype=np.bool_)
        self.closed = np.zeros(n, dtype=np.bool_)
        self.serial, self.group = np.full(n, -1, dtype=np.int32), force.unit.copy()
        on_land = [KINDS.index("vehicle"), KINDS.index("team"), KINDS.index("target")]
        self.ground = np.isin(force.kind, on_land)
        self.platform = force.kind != _PERSON
        self.nation = np.unique(np.array(force.units.nation), return_inverse=True)[1]
        neutral = np.array([side == "neutral" for side in force.units.side], dtype=np.bool_)
        self._neutral = neutral[force.unit]
        seeing = [SENSOR_KINDS.index("visual"), SENSOR_KINDS.index("thermal")]
        self.optical = np.isin(self.sensors.kind, seeing)
        self.names = np.array([entity_key(name) for name in self.sensors.id], dtype=np.uint64)
        self.errors = self.sensors.errors()
        self.air = self.signatures.domain == DOMAINS.index("air")
        kind = force.type.astype(np.int64)
        first = self.fits.first[np.maximum(kind, 0)]
        count = np.where(kind < 0, 0, self.fits.first[np.maximum(kind, 0) + 1] - first)
        rows = np.repeat(np.arange(n), count)
        of = np.repeat(first - np.cumsum(count) + count, count) + np.arange(rows.size)
        self._keep_leaders(rows, self.fits.item[of])
        self.keys = force.key[self.rows] ^ self.names[self.sensor]
        self.intercept = self.sensors.kind == SENSOR_KINDS.index("esm")
        self.radar = np.isin(
            self.sensors.kind, [SENSOR_KINDS.index(k) for k in ("radar_air", "radar_surface")]
        )
        self.radiates, self.silent = np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_)
        self.radiates[rows[self.radar[self.fits.item[of]]]] = True
        under = self.signatures.domain == DOMAINS.index("subsurface")
        self.radiates &= ~under[np.maximum(kind, 0)]

    def _keep_leaders(self, rows: Int64, sensor: Int64) -> None:
        """Keep channels but those of the led: a unit on land looks out through its leader."""
        on_land = np.isin(self.force.kind[rows], [KINDS.index("vehicle"), KINDS.index("team")])
        led = self.optical[sensor] & on_land
        key = self.force.unit[rows].astype(np.int64) * len(self.sensors.id) + sensor
        first = np.zeros(rows.size, dtype=np.bool_)
        first[np.unique(np.where(led, key, -1 - np.arange(rows.size)), return_index=True)[1]] = True
        kept = np.flatnonzero(~led | first)
        self.rows, self.sensor, self.led = rows[kept], sensor[kept], led[kept]

    @property
    def playing(self) -> bool:
        """Whether any play is on."""
        return bool(self._plays)

    def begin(
        self, serial: int, opposing: Sides, others: Sides, *, closed: bool = False
    ) -> tuple[Int32, Int32]:
        """Let platforms take their sides in a play; return those of both, see `Sensing.begin`."""
        enemy, own = (
            np.concatenate([_NOBODY, *(rows for _, rows in side)]) for side in (opposing, others)
        )
        self._plays[serial] = enemy, own
        self._sides.clear()
        self._known.clear()
        self.side[enemy] = 1
        self.closed[enemy] = closed | (self.force.kind[enemy] == _TARGET)
        for unit, rows in (*opposing, *others):
            self.serial[rows] = serial
            self.group[rows[self.ground[rows]]] = unit
        return enemy, own

    def end(self, serial: int) -> Int32:
        """Let a play end; return those who were the enemy."""
        enemy, own = self._plays.pop(serial)
        self._sides.clear()
        self._known.clear()
        for rows in (enemy, own):
            self.side[rows], self.serial[rows] = 0, -1
            self.group[rows], self.closed[rows] = self.force.unit[rows], False
        return enemy

    def put_out(self, rows: Int32, *, out: bool) -> None:
        """Let platforms be out of action, or not any more."""
        self.out[rows] = out
        self._known.clear()

    def desk(self, rows: Int64, sensor: Int64) -> Int64:
        """Return whose contact it is: the unit; for intercepts its number and that of all units.

        A unit keeps bearings to emitters beside what it sees: the one does not replace the other.
        """
        count = len(self.force.units.id)
        return self.group[rows].astype(np.int64) + count * self.intercept[sensor]

    def hears(self, sensor: Int64, rows: Int64, targets: Int64) -> Bool:
        """Tell which channels can work at all: silent ones use no radar, silence is not heard."""
        on = self.radiates[targets] & ~self.silent[targets]
        allowed: Bool = np.where(self.intercept[sensor], on, True)
        return allowed & ~(self.radar[sensor] & self.silent[rows])

    def platforms_of(self, serial: int, *, opposing: bool) -> Int64:
        """Return the platforms of one side of a play, ascending; not to be changed."""
        if serial not in self._plays:
            return np.empty(0, np.int64)
        found = self._sides.get((serial, opposing))
        if found is None:
            rows = self._plays[serial][0 if opposing else 1]
            found = self._sides[serial, opposing] = np.unique(rows).astype(np.int64)
        return found

    def takes_part(self, row: int, serial: int) -> bool:
        """Tell whether a platform belongs to either side of a play."""
        return bool(self.serial[row] == serial)

    def parts(
        self, mine: int, changed: Int32 | None, units: set[int] | None
    ) -> Iterator[tuple[Int64, Int64]]:
        """Yield channels that look, and the targets for which they must look anew.

        Of what has changed: those of changed units look at all, all others at changed targets.
        Whoever is on the ground looks at his own serial and at aircraft, and is looked at by his
        own serial alone; the enemy of a closed play looks at, and is looked at by, his own serial.
        """
        able, targets = self._able(mine)
        if changed is None:
            yield from self._split(able, targets)
            return
        marked = np.zeros(self.nation.size, dtype=np.bool_)
        marked[list(units or ())] = True
        moved = np.zeros(self.side.size, dtype=np.bool_)
        moved[changed] = True
        again = marked[self.group[self.rows[able]]]
        yield from self._split(able[again], targets)
        yield from self._split(able[~again], targets[moved[targets]])

    def parts_again(
        self, mine: int, pairs: Sequence[tuple[int, int]]
    ) -> Iterator[tuple[Int64, Int64]]:
        """Yield the channels of units of a side that have lost a target, with all that are lost.

        ``pairs``: desks (see `desk`) and targets. See `parts`.
        """
        if not pairs:
            return
        able, targets = self._able(mine)
        units, wanted = np.zeros(self.nation.size, dtype=np.bool_), np.zeros_like(self.out)
        for desk, target in pairs:
            units[desk % self.nation.size] = wanted[target] = True
        aims = targets[wanted[targets]]
        if aims.size:
            yield from self._split(able[units[self.group[self.rows[able]]]], aims)

    def _able(self, mine: int) -> tuple[Int64, Int64]:
        """Return the channels of a side that can look, and the targets of the other."""
        if mine not in self._known:
            rows = self.rows
            able = (self.side[rows] == mine) & ~self._neutral[rows] & ~self.out[rows]
            able &= ~self.led | (self.serial[rows] >= 0)
            targets = (self.side == 1 - mine) & self.platform & ~self.out
            self._known[mine] = able.nonzero()[0], targets.nonzero()[0]
        return self._known[mine]

    def _split(self, lookers: Int64, aims: Int64) -> Iterator[tuple[Int64, Int64]]:
        if not lookers.size or not aims.size:
            return
        rows, low = self.rows[lookers], self.ground[aims] | self.closed[aims]
        shut, ground = self.closed[rows], self.ground[rows]
        aloft, of_serial = self.air[self.force.type[aims]], self.serial[aims]
        parts = ((~shut & ground, aloft), (~shut & ~ground, True), (shut, False))
        for some, beyond in parts:
            at = lookers[some]
            if not at.size:
                continue
            serials = self.serial[rows[some]]
            players = at[serials >= 0]
            own = np.zeros(aims.size, dtype=np.bool_)
            for serial in set(serials[serials >= 0].tolist()):
                own |= of_serial == serial
            high = ~low & (own | beyond)
            for who, of in ((players, aims[low & own]), (at, aims[high])):
                if who.size and of.size:
                    yield who, of
