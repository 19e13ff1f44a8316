"""A cell of a generated exercise: one site, its places, and the contingents that train there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from startex.foundation.clock import MS_PER_MINUTE
from startex.geography.surface import Surface
from startex.testing.chance import Chance
from startex.testing.plan import Plan, Row, place, time_text, way
from startex.testing.sites import Site

NATIONS = {
    "ARM": "Armenian", "AUS": "Australian", "BRA": "Brazilian", "CAN": "Canadian",
    "CHL": "Chilean", "EGY": "Egyptian", "ESP": "Spanish", "FIN": "Finnish", "GEO": "Georgian",
    "GHA": "Ghanaian", "IDN": "Indonesian", "IRL": "Irish", "ITA": "Italian", "JPN": "Japanese",
    "KAZ": "Kazakh", "KEN": "Kenyan", "MNG": "Mongolian", "NOR": "Norwegian", "PER": "Peruvian",
    "PHL": "Philippine", "POL": "Polish", "THA": "Thai", "TUR": "Turkish", "VNM": "Vietnamese",
}  # fmt: skip
"""Nations that may take part; nothing is meant by the choice."""

WHY = "generated"
"""What every figure of a generated exercise says of its origin."""

LATEST_START_MIN = 90
"""Contingents begin up to this much after each other, in steps of 5 minutes."""


@dataclass(slots=True)
class Cell:
    """A cell in the making.

    Attributes
    ----------
    number, prefix
        Number from 0, and what its id has before it.
    host
        Nation whose ranges, railway and airfields these are.
    site
        Where it lies.
    chance
        Its draws.
    plan
        Where its rows go.
    """

    number: int
    host: str
    site: Site
    chance: Chance
    plan: Plan
    prefix: str = "c"

    @property
    def id(self) -> str:
        """The id of the cell, which begins all ids in it."""
        return f"{self.prefix}{self.number:04d}"

    @property
    def label(self) -> str:
        """What names in the cell end with."""
        return f"{self.prefix.upper()}{self.number}"

    def at(self, name: str) -> str:
        """Return the id of one of its places."""
        return f"{self.id}-{name}"

    def add_places(self, surface: Surface) -> None:
        """Add the places and ways of the cell."""
        site, plan, number = self.site, self.plan, self.label
        points: list[tuple[str, str, str, tuple[float, float], float]] = [
            ("barracks", "Barracks", "town", site.point(7_000.0, -3_000.0), 2_500.0),
            ("park", "Equipment park", "park", site.point(12_000.0, 6_000.0), 1_500.0),
            ("airfield", "Airfield", "airfield", site.point(9_000.0, 3_000.0), 2_500.0),
            ("area", "Training area", "range", site.point(21_000.0, -4_000.0), 4_500.0),
            ("drop-zone", "Drop zone", "point", site.point(21_000.0, -3_000.0), 1_500.0),
            ("river", "Crossing place", "river", site.point(19_000.0, 5_000.0), 2_000.0),
            ("range", "Range", "range", site.point(32_000.0, 4_000.0), 5_000.0),
            ("station", "Station", "station", site.point(14_000.0, -7_000.0), 1_500.0),
            ("far-airfield", "Far airfield", "airfield", site.far, 2_500.0),
            ("depot", "Depot station", "station", (site.far[0] + 0.03, site.far[1]), 1_500.0),
        ]
        if site.coastal:
            shore = site.shore_m(surface, 0.0)
            beach = site.shore_m(surface, 6_000.0)
            points += [
                ("port", "Port", "port", site.point(shore + 500.0), 3_000.0),
                ("beach", "Beach", "beach", site.point(beach + 300.0, 6_000.0), 1_500.0),
                ("sea", "Sea area", "sea_area", site.point(-26_000.0), 9_000.0),
                ("roads", "Roads", "sea_area", site.point(-14_000.0, -4_000.0), 2_500.0),
            ]
        for place_id, name, kind, at, radius_m in points:
            plan.places.append(
                place(self.at(place_id), f"{name} {number}", kind, at, radius_m, WHY)
            )
        where = {row[0]: row[3] for row in points}
        plan.ways.append(
            way(self.at("railway"), f"Railway {number}", "rail",
                (self.at("depot"), self.at("station")), [where["depot"], where["station"]],
                detour=1.1, headway_min=15)
        )  # fmt: skip
        if site.coastal:
            plan.ways.append(
                way(self.at("lane"), f"Sea lane {number}", "lane",
                    (self.at("roads"), self.at("sea")), [where["roads"], where["sea"]])
            )  # fmt: skip

    def add_host(self) -> None:
        """Add the unit above all contingents of the cell, which holds nobody itself."""
        self.plan.units.append(
            {
                "unit": self.id, "name": f"Force of Cell {self.label}", "nation": self.host,
                "side": "coalition", "echelon": "group", "home": self.at("barracks"),
                "provenance": {"assumed": WHY},
            }
        )  # fmt: skip


@dataclass(slots=True)
class Contingent:
    """A contingent in the making: units with one schedule.

    Attributes
    ----------
    cell, kind
        Where it trains, and what it is (a word of `contingents.KINDS`).
    nation
        Its own.
    size
        0 small, 1 usual, 2 large.
    start_ms
        When its schedule begins.
    units, serials, figures, claims
        The rows made so far.
    """

    cell: Cell
    kind: str
    nation: str
    size: int
    start_ms: int
    units: list[Row] = field(default_factory=list)
    serials: list[Row] = field(default_factory=list)
    figures: list[Row] = field(default_factory=list)
    claims: list[Row] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The id of its first unit, which begins all its ids."""
        return f"{self.cell.id}-{self.kind}"

    def unit(
        self, suffix: str, name: str, home: str, parts: Sequence[Row], *, echelon: str = "company",
        symbol: str = "121104", **more: Any,
    ) -> str:  # fmt: skip
        """Add a unit and return its id."""
        unit = f"{self.id}-{suffix}" if suffix else self.id
        row = {
            "unit": unit, "name": f"{NATIONS[self.nation]} {name} {self.cell.label}",
            "parent": self.cell.id, "nation": self.nation, "side": "coalition",
            "echelon": echelon, "symbol": symbol, "home": self.cell.at(home),
            "parts": list(parts), **more, "provenance": {"assumed": WHY},
        }  # fmt: skip
        self.units.append(row)
        return unit

    def stores(self, suffix: str, name: str, home: str, parts: Sequence[Row]) -> str:
        """Add what is not counted (trains, targets, parachutes), of the host; return its id."""
        unit = f"{self.id}-{suffix}"
        self.units.append(
            {
                "unit": unit, "name": f"{name} {self.cell.label}", "nation": self.cell.host,
                "side": "neutral", "echelon": "", "home": self.cell.at(home), "counted": False,
                "parts": list(parts), "provenance": {"assumed": WHY},
            }
        )  # fmt: skip
        return unit

    def serial(
        self, task: str, place_name: str, start_h: float, end_h: float, units: Sequence[str],
        *, phase: str = "implementation", after: Sequence[int] = (1,), support: Sequence[str] = (),
        opfor: Sequence[str] = (), books_range: bool = False,
        more: Mapping[str, Any] | None = None, **params: Any,
    ) -> None:  # fmt: skip
        """Add a serial, ``start_h`` to ``end_h`` hours after the schedule begins.

        It waits for those so many places before it (``after``); ``more`` and ``params`` are what
        the task needs.
        """
        number = len(self.serials)
        waits = [self.serials[-before]["serial"] for before in after]
        params = {**(more or {}), **params}
        row: Row = {
            "serial": f"{self.id}-{number}", "name": f"{self.id}: {task.replace('_', ' ')}",
            "task": task, "place": self.cell.at(place_name), "phase": phase,
            "start": self._time(start_h), "end": self._time(end_h), "units": list(units),
        }  # fmt: skip
        if support:
            row["support"] = list(support)
        if opfor:
            row["opfor"] = list(opfor)
        if waits:
            row["after"] = waits
        if books_range:
            row["books_range"] = True
        if params:
            row["params"] = params
        row["assumed"] = WHY
        self.serials.append(row)

    def _time(self, hours: float) -> str:
        return time_text(self.start_ms + round(hours * 60) * MS_PER_MINUTE)

    def draw(self, name: str, low: int, high: int) -> int:
        """Return a whole number drawn for this contingent."""
        return self.cell.chance.integer(f"{self.kind}|{name}", low, high)


Maker = Callable[[Contingent], None]
"""Adds the units and the schedule of a kind of contingent."""
