"""From a scenario, a policy and a seed to a simulation that is ready to run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.assemble.placing import place_force
from startex.control.board import Board
from startex.engine.communications.network import Network
from startex.engine.effects import Event
from startex.engine.engagement.component import Engagement
from startex.engine.log import Recorder
from startex.engine.sensing.component import Sensing
from startex.engine.sensing.outlook import Conditions, Outlook
from startex.engine.sensing.roster import Roster
from startex.engine.simulation import Simulation
from startex.engine.state import State, new_state
from startex.engine.supply.component import Supply
from startex.engine.supply.plan import Plan
from startex.engine.supply.reach import Depots
from startex.engine.systems.base import World
from startex.engine.systems.register import SYSTEMS
from startex.environment.light import DAYLIGHT, daylight
from startex.forces.signatures import signatures
from startex.foundation.clock import MS_PER_MINUTE
from startex.foundation.errors import Problem, ScenarioError
from startex.geography.geojson import read_collection
from startex.geography.routes import Router
from startex.geography.surface import NoGroundError, Surface
from startex.scenario.resolve import Resolved, numbers, resolve
from startex.scenario.scenario import Scenario

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Exercise:
    """A scenario as one policy and one seed have it, ready to be simulated.

    Attributes
    ----------
    scenario, resolved
        What was read, and what the policy made of it.
    world
        What stays the same throughout the run.
    state
        Where everybody stands at the start; the simulation will change it.
    board
        Control, with the serials in the order in which they are tried.
    """

    scenario: Scenario
    resolved: Resolved
    world: World
    state: State
    board: Board

    def simulation(self, recorder: Recorder) -> Simulation:
        """Return the simulation of this exercise; to be run once."""
        armament, world = self.scenario.armament, self.world
        roster = Roster(
            world.force, armament.sensors, signatures(world.catalogue), armament.sensor_fits
        )
        conditions = _conditions(self.scenario)
        sensing = Sensing(Outlook(roster, self.state, conditions, world.seed, world.start_ms))
        engagement = Engagement(world.force, world.catalogue, armament, world.seed)
        serials = [run.serial.serial for run in self.board.runs]
        network = Network(world.force, self.scenario.communications, world.seed, serials)
        return Simulation(
            world, self.state, SYSTEMS, self.board, recorder, sensing, engagement, network,
            serials, self._supply(),
        )  # fmt: skip

    def _supply(self) -> Supply:
        world = self.world
        return Supply(
            world.force, world.catalogue, self.scenario.armament,
            Depots.of_places(world.places, world.force.units.home), world.seed, world.start_ms,
            Plan(utc_offset_h=self.scenario.utc_offset_h),
        )  # fmt: skip


LIGHT_ENOUGH = DAYLIGHT.index("civil_twilight")
"""From this light on the eye needs no instrument."""


_CELLS_A_DEGREE = 20
_CELL_MS = 10 * MS_PER_MINUTE
"""Weather and light are asked for once in such a cell of place and time: they change slowly."""


def _conditions(scenario: Scenario) -> Conditions:
    """Return the visibility, and whether there is light, by time and place."""
    seen: dict[int, tuple[float, bool]] = {}

    def conditions(t: Float64, lat: Float64, lon: Float64) -> tuple[Float64, npt.NDArray[np.bool_]]:
        when = np.floor(t / _CELL_MS).astype(np.int64)
        north = np.rint(lat * _CELLS_A_DEGREE).astype(np.int64)
        east = np.rint(lon * _CELLS_A_DEGREE).astype(np.int64)
        cells = (when << 32) + (north << 16) + east
        # those that stand still ask for the same again and again
        new = np.ones(cells.size, dtype=np.bool_)
        new[1:] = cells[1:] != cells[:-1]
        at = new.nonzero()[0]
        wanted, first, of = np.unique(cells[at], return_index=True, return_inverse=True)
        first, of = at[first], of[np.cumsum(new) - 1]
        names = wanted.tolist()
        unknown = np.array([i for i, name in enumerate(names) if name not in seen], dtype=np.int64)
        if unknown.size:
            one = first[unknown]
            times = when[one] * _CELL_MS
            where = north[one] / _CELLS_A_DEGREE, east[one] / _CELLS_A_DEGREE
            visibility = scenario.environment.conditions(times, *where).visibility_m
            light = daylight(scenario.sky.sun_altitude_deg(times, *where)) >= LIGHT_ENOUGH
            both = zip(visibility.tolist(), light.tolist(), strict=True)
            seen.update(zip(wanted[unknown].tolist(), both, strict=True))
        told = np.array([seen[name] for name in names]).reshape(-1, 2)
        return told[of, 0], told[of, 1] > 0.0

    return conditions


def _wind(scenario: Scenario) -> Callable[[int, float, float], tuple[float, float]]:
    """Return the mean wind (m/s, and where it comes from) by time and place; calm if unknown."""

    def wind(t: int, lat: float, lon: float) -> tuple[float, float]:
        found = scenario.environment.conditions(t, lat, lon)
        speed, blows_from = float(found.wind_m_s), float(found.wind_from_deg)
        return (speed, blows_from) if np.isfinite(speed + blows_from) else (0.0, 0.0)

    return wind


def build(scenario: Scenario, policy: str, seed: int) -> Exercise:
    """Resolve the figures, expand the order of battle and place everybody.

    Parameters
    ----------
    scenario
        As loaded.
    policy
        One of the scenario's policies.
    seed
        0 to 2**32 - 1.

    Raises
    ------
    StartexError
        If the policy is unknown or the order of battle cannot be met with its figures.
    """
    resolved = resolve(scenario, policy, seed)
    scenario.expansions.clear()  # the forces under other policies are in nobody's way now
    router = Router(Surface(), scenario.ways, scenario.places)
    world = World(
        force=resolved.force,
        catalogue=scenario.catalogue,
        places=scenario.places,
        router=router,
        seed=seed,
        start_ms=scenario.start_ms,
        end_ms=scenario.end_ms,
        wind=_wind(scenario),
    )
    state = new_state(resolved.force, scenario.start_ms)
    try:
        place_force(world, state)
    except NoGroundError as error:
        raise ScenarioError([_no_ground(scenario, error)]) from error
    unit_row = {unit: row for row, unit in enumerate(resolved.force.units.id)}
    settled = numbers(resolved.figures)
    serials = tuple(serial.settled(settled) for serial in scenario.serials)
    board = Board(serials, _context(scenario), unit_row, router, seed, scenario.utc_offset_h)
    return Exercise(scenario, resolved, world, state, board)


def _no_ground(scenario: Scenario, error: NoGroundError) -> Problem:
    """Return a place without ground for those at home there as a problem of its file."""
    name = "places.geojson"
    document = read_collection(scenario.folder / name, name)
    for index, feature in enumerate(document.data["features"]):
        place = scenario.places[scenario.places.index(feature["properties"]["place"])]
        if (place.lat, place.lon) == (error.lat, error.lon):
            where = ("features", index, "properties", "place")
            return document.problem(where, f"{error}.")
    return document.problem(("features",), f"{error}.")


def _context(scenario: Scenario) -> list[Event]:
    """What is only recorded: announcements, protests and the like, within the run's time."""
    events = [
        Event(
            t=event.t,
            kind="context",
            text=event.text,
            place=scenario.places.index(event.place) if event.place else -1,
            data={"claim": list(event.claim), "assumed": event.assumed},
        )
        for event in scenario.events
        if scenario.start_ms <= event.t <= scenario.end_ms
    ]
    return sorted(events, key=lambda event: (event.t, event.text))
