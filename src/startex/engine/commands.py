"""Who commands the units of a side in a play: for each nation the lowest superior of all of them.

The lead nation is that of the unit named first. Who belongs to a nation that has no unit in the
side answers to the lead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from startex.engine.communications.chains import Chains
from startex.engine.desk import Report
from startex.engine.sensing.roster import Sides
from startex.engine.tracking.levels import Level

Int32 = npt.NDArray[np.int32]
Bool = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Commands:
    """Commands by serial, side (whether the opposing one) and nation, the lead nation first.

    Parameters
    ----------
    chains
        Who is above whom.
    nation
        Of each unit.
    """

    chains: Chains
    nation: Sequence[str]
    _of: dict[tuple[int, bool], dict[str, int]] = field(default_factory=dict)

    def begin(self, serial: int, opposing: Sides, others: Sides) -> None:
        """Take note of both sides of a play, the lead unit of each first."""
        for side, units in ((True, opposing), (False, others)):
            by_nation: dict[str, list[int]] = {}
            for unit, _ in units:
                by_nation.setdefault(self.nation[unit], []).append(unit)
            self._of[serial, side] = {
                nation: self._superior(among) for nation, among in by_nation.items()
            }

    def end(self, serial: int) -> None:
        """Forget a play."""
        for side in (True, False):
            self._of.pop((serial, side), None)

    def on(self, serial: int) -> bool:
        """Tell whether a play is on."""
        return (serial, True) in self._of

    def all(self, serial: int, *, opposing: bool) -> tuple[int, ...]:
        """Return the commands of a side, the lead first."""
        return tuple(self._of.get((serial, opposing), {}).values())

    def of(self, serial: int, unit: int, *, opposing: bool) -> int:
        """Return who commands a unit in a play, -1 where the side has nobody."""
        commands = self._of.get((serial, opposing), {})
        lead = next(iter(commands.values()), -1)
        return commands.get(self.nation[unit], lead)

    def commands(self, serial: int, unit: int, *, opposing: bool) -> bool:
        """Tell whether a unit is a command of a side."""
        return unit in self._of.get((serial, opposing), {}).values()

    def _superior(self, units: list[int]) -> int:
        up = self.chains.up[np.array(units)]
        shared = np.cumprod((up == up[:1]).all(axis=0) & (up[0] >= 0)).sum()
        return int(up[0, shared - 1]) if shared else units[0]


@dataclass(slots=True)
class Sharing:
    """What units tell others: what is news to themselves.

    That is an opposing platform, on land an opposing unit, of which they have heard nothing, or
    less, from anybody; and that contact is lost, where they had told that it was made.

    Parameters
    ----------
    ground, group
        Whether an entity stands on the ground; the unit it belongs to in a play.
    """

    ground: Bool
    group: Int32
    _levels: dict[tuple[int, bool, int, bool, int], Level] = field(default_factory=dict)
    _told: set[tuple[int, int]] = field(default_factory=set)  # who tells, detection

    def is_news(self, report: Report, unit: int) -> bool:
        """Take note of a report that a unit has; tell whether it says more than any before."""
        ashore = bool(self.ground[report.target])
        subject = int(self.group[report.target]) if ashore else report.target
        key = report.serial, report.opposing, unit, ashore, subject
        before = self._levels.get(key)
        if report.gained and (before is None or report.level > before):
            self._levels[key] = report.level
            self._told.add((unit, report.detection))
            return True
        return not report.gained and (unit, report.detection) in self._told

    def end(self, serial: int) -> None:
        """Forget a play."""
        self._levels = {key: level for key, level in self._levels.items() if key[0] != serial}
