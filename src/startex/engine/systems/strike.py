"""Attack runs of aircraft over a range: when they are over the targets, and from how high."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Bouts, Effects
from startex.engine.orders import Order
from startex.engine.state import State
from startex.engine.systems.base import World
from startex.engine.systems.fire import TARGET, allowance
from startex.engine.systems.telling import tell
from startex.engine.systems.tracks import Track
from startex.geography.geodesy import inverse

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]

OVER_M = 100.0
"""A vertex of the track this near to the point circled is a pass over it."""

RUN_MS = 60_000
"""Time in which weapons are released on one pass; assumed: a minute."""

MOST_PASSES = 2
"""Attack runs of an aircraft in one sortie; assumed."""


def strike(
    effects: Effects, order: Order, rows: Int32, tracks: Sequence[Track],
    point: tuple[float, float], world: World, state: State,
) -> None:  # fmt: skip
    """Add to a sortie the bouts that it fires at the ``targets`` of its order, if any.

    Each aircraft has a bout on each pass over ``point``, from where its track is then. ``share``,
    ``limit`` and ``kinds`` are as in the order ``fire``; targets outside the order's
    ``target_place`` are not fired at.
    """
    params = order.params
    targets = np.unique(np.asarray(params.get("targets", ()), dtype=np.int32))
    targets = targets[world.force.kind[targets] == TARGET]
    place = int(params.get("target_place", -1))
    if targets.size and place >= 0:
        inside = world.places.contains(place, state.lat[targets], state.lon[targets])
        targets = targets[inside]
    passes = [_passes(track, point) for track in tracks]
    most = max((found.size for found in passes), default=0)
    if not targets.size or not most:
        return
    who = np.repeat(np.arange(rows.size), [found.size for found in passes])
    number = np.concatenate([np.arange(found.size) for found in passes])
    columns = {
        name: np.concatenate(
            [getattr(track, name)[at] for track, at in zip(tracks, passes, strict=True)]
        )
        for name in ("t", "lat", "lon", "alt")
    }
    first = np.lexsort((who, columns["t"]))
    effects.bouts = Bouts(
        shooter=rows[who][first], t=columns["t"][first], number=number[first],
        lat=columns["lat"][first], lon=columns["lon"][first],
        alt=columns["alt"][first], targets=targets, of=most, span_ms=RUN_MS,
        opening=len(effects.events), **allowance(order),
    )  # fmt: skip
    effects.events.append(
        tell(
            order, int(columns["t"].min()), "attack",
            f"{rows.size} aircraft attack {targets.size} targets in {most} passes",
            actor=int(rows[0]), place=place, aircraft=int(rows.size), targets=int(targets.size),
            passes=most,
        )
    )  # fmt: skip


def _passes(track: Track, point: tuple[float, float]) -> Int64:
    """Return the vertices at which a track passes a point in the air, one for each pass."""
    _, away = inverse(track.lat, track.lon, *point)
    near = np.flatnonzero((away <= OVER_M) & (track.alt > 0.0))
    apart = np.diff(track.t[near], prepend=np.iinfo(np.int64).min // 2)
    found: Int64 = near[apart > RUN_MS].astype(np.int64)[:MOST_PASSES]
    return found
