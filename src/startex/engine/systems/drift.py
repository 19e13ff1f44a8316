"""Mines afloat: they drift with the wind, or lie at their moorings.

What floats awash goes with the surface water, which a steady wind drives at about three hundredths
of its speed (e.g. Wu, J. Phys. Oceanogr. 5, 1975, "Wind-induced drift currents"; the figure of
oil-spill practice), taken straight downwind. Left out: currents, tides, the Earth's turning (some
ten degrees), waves, the wind that changes on the way: that of the start holds to the end.
"""

from __future__ import annotations

from startex.engine.effects import Effects
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems.base import World
from startex.engine.systems.seating import KIND_CODE, figure, of_kind
from startex.engine.systems.telling import tell
from startex.engine.systems.tracks import run, settle, stand, until
from startex.geography.geodesy import cut, direct

TARGET = KIND_CODE["target"]

WIND_SHARE = 0.03
"""Of the wind's speed, with which what floats awash drifts."""

STILL_M_S = 0.01
"""Nothing drifts that is slower."""

_PARTS = 16


class Drift:
    """Carries out ``drift``: targets afloat drift until a time.

    Parameters of the order: ``until_ms``, ``moored`` (whether they stay where they are), ``place``
    (optional). What would drift ashore stops before it.
    """

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return the drift (see `engine.systems.base.System.start`)."""
        rows = of_kind(world, order.rows, TARGET)
        if not rows.size:
            raise OrderRefusedError("nothing that floats is among the platforms ordered")
        end = int(order.params["until_ms"])
        effects, tracks, farthest = Effects(max(t, end)), [], 0.0
        for row in rows.tolist():
            lat, lon = float(state.lat[row]), float(state.lon[row])
            speed, towards = 0.0, 0.0
            if not order.params.get("moored", False):
                wind, blows_from = world.wind(t, lat, lon)
                most = float(figure(world, [row], "speed_max_m_s", default=1.0)[0])
                speed, towards = min(WIND_SHARE * wind, most), (blows_from + 180.0) % 360.0
            length = speed * (end - t) / 1000.0
            if speed < STILL_M_S or length < 1.0:
                tracks.append(stand(t, lat, lon))
                continue
            length = _afloat(world, lat, lon, towards, length)
            to = direct(lat, lon, towards, length)
            way = cut([lat, float(to[0])], [lon, float(to[1])])
            tracks.append(until(run(way, t, speed, "sea"), end) if length else stand(t, lat, lon))
            farthest = max(farthest, length)
        settle(effects, rows, tracks)
        effects.end_ms = max(t, end)
        effects.row_end_ms[:] = effects.end_ms
        word = "drift" if farthest else "lie at their moorings"
        effects.events.append(
            tell(
                order, t, "mines_laid", f"{rows.size} mines {word}", actor=int(rows[0]),
                place=int(order.params.get("place", -1)), mines=int(rows.size),
                kilometres=round(farthest / 1000.0, 1),
            )
        )  # fmt: skip
        return effects


def _afloat(world: World, lat: float, lon: float, towards: float, length: float) -> float:
    """Return how far something drifts before it comes ashore, m: a whole part of ``length``."""
    for part in range(1, _PARTS + 1):
        at = direct(lat, lon, towards, length * part / _PARTS)
        if bool(world.router.surface.is_land(float(at[0]), float(at[1]))):
            return length * (part - 1) / _PARTS
    return length
