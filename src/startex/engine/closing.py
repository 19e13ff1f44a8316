"""When a target comes within reach, and where it can be met: what a side's plot works out.

Both go on as they go now: the way of the one as seen from the other is straight, so that it enters
a range, or is met by a ship of a given speed, where a quadratic says (motion in relative axes; e.g.
Washburn and Kress, "Combat Modeling", 2009). Whoever turns is plotted anew; positions are
earth-centred, so that there is neither pole nor date line. Validity: some tens of km, within which
the curve of the sea makes metres.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.engine.desk import Approach
from startex.engine.engagement.component import Engagement
from startex.engine.log import Log
from startex.engine.sensing.component import Sensing
from startex.engine.sensing.motion import Motion
from startex.forces.definitions import KINDS
from startex.foundation.clock import MS_PER_MINUTE, MS_PER_SECOND
from startex.geography.geodesy import direct, inverse
from startex.geography.neighbours import cartesian
from startex.geography.paths import POSITION_DECIMALS

Int32 = npt.NDArray[np.int32]
Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

SOON_MS = 5 * MS_PER_SECOND
"""No target is tried again sooner; assumed: a salvo is laid within that."""

AHEAD_MS = 30 * MS_PER_MINUTE
"""Nobody is plotted farther ahead: by then somebody has turned; assumed."""

FARTHEST_MS = 6 * 60 * MS_PER_MINUTE
"""No ship is sent on a longer run; assumed."""

_SHIP = KINDS.index("ship")


def relative(ways: Motion, rows: Int64, target: int, t: int) -> tuple[Float64, Float64]:
    """Return where rows are as seen from a target, m, and their velocity past it, m/s.

    Shapes (k, 4): earth-centred axes and height. Where either is known no longer in a second, it
    is taken as still.
    """
    both = np.append(rows, target)
    places = []
    for moment in (t, t + MS_PER_SECOND):
        lat, lon, alt = ways.at(both, np.full(both.size, float(moment)))
        places.append(np.column_stack([cartesian(lat, lon), alt]))
    speed = np.where(np.isfinite(places[1] - places[0]), places[1] - places[0], 0.0)
    return places[0][:-1] - places[0][-1], speed[:-1] - speed[-1]


def enters_s(apart: Float64, past: Float64, reach_m: Float64) -> Float64:
    """Return in how many seconds straight ways enter a range, shape (k,); inf for never.

    ``apart`` (m) and ``past`` (m/s) have shape (k, d). 0 for who is inside already.
    """
    a, b = (past * past).sum(axis=1), (apart * past).sum(axis=1)
    c = (apart * apart).sum(axis=1) - reach_m * reach_m
    inner = b * b - a * c
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        s = np.where((b < 0.0) & (inner >= 0.0), c / (np.sqrt(np.maximum(inner, 0.0)) - b), np.inf)
    return np.where(c <= 0.0, 0.0, s)


def meets_s(apart: Float64, target_m_s: Float64, speed_m_s: Float64) -> Float64:
    """Return in how many seconds chasers of a speed meet a target on a straight course; inf: never.

    Parameters
    ----------
    apart
        From each chaser to the target, m, shape (k, d).
    target_m_s
        Velocity of the target, shape (d,).
    speed_m_s
        Of each chaser, shape (k,).
    """
    # |apart + target s| = speed s
    a = float((target_m_s * target_m_s).sum()) - speed_m_s**2
    b = (apart * target_m_s).sum(axis=1)
    c = (apart * apart).sum(axis=1)
    inner = b * b - a * c
    root = np.sqrt(np.maximum(inner, 0.0))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        both = np.stack([(-b - root) / a, (-b + root) / a, np.where(b < 0.0, -0.5 * c / b, np.inf)])
    level = np.abs(a) < 1e-9 * np.maximum(speed_m_s**2, 1e-9)  # as fast as each other
    both[:2, level], both[2, ~level] = np.inf, np.inf
    both[:, inner < 0.0] = np.inf
    both[~(both >= 0.0)] = np.inf
    return np.where(c == 0.0, 0.0, both.min(axis=0))


def next_chance(
    engagement: Engagement, ways: Motion, rows: Int64, target: int, t: int, ready: Int64, able: Bool
) -> int:
    """Return when one of some platforms may be able to fire at a target next, ms; 0 for not soon.

    That is when the target enters the range of one of its weapons that has rounds left, or, for
    those who could fire but for the time since their last salvo, when that is over.

    Parameters
    ----------
    engagement
        Magazines and weapons.
    ways
        Where rows and target are, from ``t`` on.
    rows, ready, able
        Platforms, shape (k,); when each may fire again, ms; who has a weapon that could do
        something from where he is.
    """
    box, weapons = engagement.magazine, engagement.armament.weapons
    first = np.searchsorted(box.entity, rows)
    number = np.searchsorted(box.entity, rows, side="right") - first
    who = np.repeat(np.arange(rows.size), number)
    slot = np.repeat(first - (np.cumsum(number) - number), number) + np.arange(who.size)
    domain = engagement.signatures.domain[engagement.force.type[target]]
    weapon = box.weapon[slot]
    usable = weapons.against[weapon, domain]
    usable &= ~box.held[slot]
    usable &= (box.on_hand[slot] > 0) | np.isnan(weapons.rounds_per_salvo[weapon])
    who, weapon = who[usable], weapon[usable]
    apart, past = relative(ways, rows, target, t)
    enters = enters_s(apart[who], past[who], weapons.max_range_m[weapon])
    enters = enters[(enters > 0.0) & (enters * MS_PER_SECOND <= AHEAD_MS)]
    times = [t + MS_PER_SECOND * int(np.ceil(enters.min()))] if enters.size else []
    if able.any():
        times.append(int(ready[able].min()))
    soon = min(times, default=0)
    return max(soon, t + SOON_MS) if soon else 0


def next_nearer(ways: Motion, rows: Int64, target: int, t: int, reach_m: Float64) -> int:
    """Return when one of some platforms comes within its range of a target, ms; 0 for not soon.

    ``reach_m``: one for each of the rows, less than it is away now.
    """
    seconds = enters_s(*relative(ways, rows, target, t), reach_m)
    soonest = float(seconds.min(initial=np.inf))
    if not soonest * MS_PER_SECOND <= AHEAD_MS:
        return 0
    return t + max(MS_PER_SECOND * int(np.ceil(soonest)), SOON_MS)


def approach(
    sensing: Sensing, engagement: Engagement, log: Log, t: int, serial: int, target: int,
    among: Int32, *, opposing: bool,
) -> Approach | None:  # fmt: skip
    """Return who of some ships can be at a target first; see `engine.desk.Desk.approach`."""
    held = any(
        contact.open and contact.target == target and contact.opposing == opposing
        for contact in sensing.contacts.values()
        if contact.serial == serial
    )
    roster = sensing.roster
    rows = np.intersect1d(among, roster.platforms_of(serial, opposing=opposing)).astype(np.int64)
    rows = rows[(roster.force.kind[rows] == _SHIP) & ~engagement.out_of_action(rows)]
    if not held or not rows.size:
        return None
    ways = sensing.ways(t, np.union1d(rows, [target]), log)
    both = np.append(rows, target)
    ends = [ways.at(both, np.full(both.size, float(t + ms)))[:2] for ms in (0, MS_PER_SECOND)]
    (lat, lon), (then_lat, then_lon) = ends
    afloat = np.isfinite(lat[:-1])
    if not afloat.any() or not np.isfinite(lat[-1]):
        return None
    course, pace = inverse(lat[-1], lon[-1], then_lat[-1], then_lon[-1])
    pace = np.nan_to_num(pace)  # m in one second; its ways are known no longer: it stands
    kept = np.append(afloat, True)
    rows, lat, lon = rows[afloat], lat[kept], lon[kept]
    bearing, away = inverse(lat[:-1], lon[:-1], lat[-1], lon[-1])
    east, north = np.sin(np.radians(bearing)) * away, np.cos(np.radians(bearing)) * away
    angle = np.radians(np.nan_to_num(course))
    velocity = np.array([np.sin(angle) * pace, np.cos(angle) * pace])
    most = engagement.catalogue.speed_max_m_s[roster.force.type[rows]]
    usual = engagement.catalogue.speed_cruise_m_s[roster.force.type[rows]]
    speed = np.where(np.isfinite(most), most, np.nan_to_num(usual))
    meets = meets_s(np.column_stack([east, north]), velocity, speed)
    best = int(np.lexsort((rows, meets))[0])
    if not meets[best] * MS_PER_SECOND <= FARTHEST_MS:
        return None
    seconds = int(np.ceil(meets[best]))
    at_lat, at_lon = direct(lat[-1], lon[-1], float(np.nan_to_num(course)), float(pace) * seconds)
    return Approach(
        int(rows[best]), round(float(away[best]), 1), t + MS_PER_SECOND * max(seconds, 1),
        round(float(at_lat), POSITION_DECIMALS), round(float(at_lon), POSITION_DECIMALS),
    )  # fmt: skip
