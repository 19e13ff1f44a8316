"""What a task is told, and the drafts of orders that it answers with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.picture import Picture
from startex.foundation.clock import LONG_AGO_MS, MS_PER_MINUTE
from startex.geography.routes import Router
from startex.scenario.serials import Serial

Int32 = npt.NDArray[np.int32]

M_S_PER_KM_H = 1.0 / 3.6
M_S_PER_KN = 1852.0 / 3600.0
"""Conversion at the edge: a serial's parameters carry km/h and knots, orders carry m/s."""


class CannotBeHeldError(Exception):
    """A serial that cannot start now; the message says what is found and what is needed."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An order to be given, before it has a number.

    Attributes
    ----------
    kind, rows, params, unit
        As in `engine.orders.Order`.
    after
        Positions, in the list of drafts of the serial, of those that must end first.
    not_before_ms
        Earliest start.
    """

    kind: str
    rows: Int32
    params: Mapping[str, Any]
    unit: int
    after: tuple[int, ...] = ()
    not_before_ms: int = LONG_AGO_MS


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything a task may use to draft its orders.

    Attributes
    ----------
    serial
        The serial as planned.
    t
        Time of drafting, ms.
    end_ms
        When the serial should be over: its planned end, moved by the delay of its start.
    units, support, opfor
        Unit rows of the training audience, of the support and of the opposing force.
    place
        Index of the serial's place.
    picture
        What is known of own forces.
    router
        Ways on land, water and in the air.
    seed
        Seed of the run, for keyed draws.
    """

    serial: Serial
    t: int
    end_ms: int
    units: tuple[int, ...]
    support: tuple[int, ...]
    opfor: tuple[int, ...]
    place: int
    picture: Picture
    router: Router
    seed: int
    unit_row: Mapping[str, int] = field(repr=False)

    @property
    def everybody(self) -> tuple[int, ...]:
        """Unit rows of all who take part."""
        return self.units + self.support + self.opfor

    def param(self, name: str, default: Any = None) -> Any:
        """Return a task parameter as written, or ``default``."""
        return self.serial.params.get(name, default)

    def minutes(self, name: str, default: float = 0.0) -> int:
        """Return a parameter in minutes as ms."""
        return round(float(self.param(name, default)) * MS_PER_MINUTE)

    def speed_m_s(self) -> float | None:
        """Return the ordered speed, m/s, or None where the serial names none."""
        if "speed_km_h" in self.serial.params:
            return float(self.param("speed_km_h")) * M_S_PER_KM_H
        if "speed_kn" in self.serial.params:
            return float(self.param("speed_kn")) * M_S_PER_KN
        return None

    def place_index(self, name: str, default: int | None = None) -> int:
        """Return the place index of a parameter that holds a place id."""
        value = self.param(name)
        if value is None:
            return self.place if default is None else default
        return self.picture.places.index(str(value))

    def unit_rows(self, name: str) -> tuple[int, ...]:
        """Return the unit rows of a parameter that holds one unit id or a list of them."""
        value = self.param(name, ())
        ids = (value,) if isinstance(value, str) else tuple(value)
        return tuple(self.unit_row[str(item)] for item in ids)

    def point(self, place: int) -> tuple[float, float]:
        """Return latitude and longitude of a place, degrees."""
        return float(self.picture.places.lat[place]), float(self.picture.places.lon[place])

    def via(self) -> list[tuple[float, float]]:
        """Return the points of the ``via`` places."""
        places = self.picture.places
        return [self.point(places.index(str(item))) for item in self.param("via", ())]
