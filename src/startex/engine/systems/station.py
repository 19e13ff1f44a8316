"""Ships keep station on a guide: escort, steaming in company after a rendezvous."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Effects, Event
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems.base import World
from startex.engine.systems.formations import Stations, company, stations, together
from startex.engine.systems.patterns import rounded
from startex.engine.systems.replenishment import replenish
from startex.engine.systems.sea import (
    SPACING_M,
    afloat,
    company_speed,
    distance_m,
    joining,
    ship_speeds,
    ships_of,
    via_path,
)
from startex.engine.systems.telling import tell
from startex.engine.systems.tracks import settle, until
from startex.foundation.clock import format_time

Int32 = npt.NDArray[np.int32]

SCREEN_M = 4_000.0
"""Distance of escorts from the convoy where the order names none; assumed: about two miles."""

TURN_M = 3_000.0
"""Width of the turn in which a company reverses its course, at least; assumed."""


class KeepStation:
    """Carries out ``keep_station``: ships move in formation along a path.

    Parameters of the order:

    - ``path``: (lat, lon) points that the guide passes, at least two (a course to and fro is
      turned in half circles), or ``lane``: id of a way;
    - ``speed_m_s`` (default: usual speed of the slowest);
    - ``formation``: one of `formations.FORMATIONS` (default screen); ``spacing_m``;
    - ``convoy``: rows of ships escorted (optional): they form two columns, the other ships of the
      order stand round them at ``screen_m``; without it the first ship is the guide;
    - ``until_ms``: end (optional; else the end of the path); ``place`` (optional);
    - ``replenish``: {``tanker``: row, ``transfer_ms``, ``abeam_m``} (optional): the other ships
      come alongside the tanker in turn, see `replenishment.replenish`; ``path`` may then be absent.

    Ships come to the path's beginning from wherever they are, each so as to be there when all
    are; from then on they keep station. Refused when the path is shorter than the formation or
    they cannot meet before ``until_ms``.
    """

    def may_be_interrupted(self, order: Order) -> bool:
        """Tell whether ships may be taken out of the order: not while they are supplied."""
        return not order.params.get("replenish")

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return the company's movements (see `engine.systems.base.System.start`)."""
        rows = ships_of(order, world)
        afloat(rows, world, state)
        if order.params.get("replenish"):
            return replenish(order, rows, t, world, state)
        params = order.params
        speed = company_speed(rows, world, params.get("speed_m_s"))
        convoy = np.intersect1d(np.asarray(params.get("convoy", ()), dtype=np.int32), rows)
        rows, where = _stations(rows, convoy.astype(np.int32), order)
        if params.get("lane"):
            path = world.router.line(str(params["lane"]))
        else:
            points = [(float(a), float(b)) for a, b in params["path"]]
            reach = float(np.max(np.abs(where.right_m)))
            path = via_path(world, rounded(points, max(TURN_M, 4.0 * reach)))
        limit = ship_speeds(rows, world)[1]
        try:
            tracks = together(
                company(
                    world.router.surface, path, where, speed, limit, SPACING_M["line_ahead"],
                    tapered=False,
                )
            )  # fmt: skip
        except ValueError as error:
            raise OrderRefusedError(f"{error} ({path.length_m / 1000:.0f} km)") from error
        begin = min(track.start_ms for track in tracks)
        tracks, moment = joining(world, state, rows, tracks, limit, t)
        met = begin + moment
        end = int(params.get("until_ms", max(track.end_ms for track in tracks)))
        if met >= end:
            raise OrderRefusedError(
                f"the ships cannot meet before {format_time(end)}; they would at {format_time(met)}"
            )
        tracks = [until(track, end) for track in tracks]
        effects = Effects(t)
        settle(effects, rows, tracks)
        effects.events += _events(order, rows, int(convoy.size), met, effects.end_ms)
        effects.events[-1].data["nautical_miles"] = round(
            sum(distance_m(track) for track in tracks) / 1852.0, 1
        )
        return effects


def _stations(rows: Int32, convoy: Int32, order: Order) -> tuple[Int32, Stations]:
    """Return ships, the guide first, and their stations."""
    params = order.params
    formation = str(params.get("formation") or "screen")
    spacing = float(params.get("spacing_m") or SPACING_M.get(formation, 500.0))
    if convoy.size == 0:
        guide = params.get("guide")
        if guide is not None and int(guide) in rows:
            rows = np.concatenate([rows[rows == int(guide)], rows[rows != int(guide)]])
        return rows, stations(rows.size, formation, spacing)
    escorts = np.setdiff1d(rows, convoy).astype(np.int32)
    body = stations(convoy.size, "column_pair", SPACING_M["column_pair"])
    ahead, right = body.ahead_m, body.right_m
    if escorts.size:
        screen = stations(escorts.size + 1, "screen", float(params.get("screen_m") or SCREEN_M))
        middle_ahead, middle_right = 0.5 * float(ahead.min()), 0.5 * float(right.max())
        depth = 0.5 * float(np.ptp(ahead))
        out = np.hypot(screen.ahead_m[1:], screen.right_m[1:])
        wider = (out + depth) / out
        ahead = np.concatenate([ahead, middle_ahead + wider * screen.ahead_m[1:]])
        right = np.concatenate([right, middle_right + wider * screen.right_m[1:]])
    return np.concatenate([convoy, escorts]), Stations(ahead, right)


def _events(order: Order, rows: Int32, convoy: int, met: int, end: int) -> list[Event]:
    place = int(order.params.get("place", -1))
    formed = f"{rows.size} ships met"
    if convoy:
        formed = f"convoy of {convoy} formed up with {rows.size - convoy} escorts"
    guide, count = int(rows[0]), int(rows.size)
    return [
        tell(
            order, met, "company_formed", formed, actor=guide, place=place,
            ships=count, convoy=convoy,
        ),
        tell(
            order, end, "company_dissolved", f"{count} ships released", actor=guide, place=place,
            ships=count, convoy=convoy,
        ),
    ]  # fmt: skip
