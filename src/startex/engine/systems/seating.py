"""Who is aboard what: heads, seats and slots, read from the state."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.engine.state import State
from startex.engine.systems.base import World
from startex.forces.definitions import KINDS

Bool = npt.NDArray[np.bool_]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

KIND_CODE = {kind: code for code, kind in enumerate(KINDS)}
"""Code of each kind of entity in `Force.kind`."""

PERSON, VEHICLE, TEAM, TRAIN = (KIND_CODE[kind] for kind in ("person", "vehicle", "team", "train"))

BUSY_RETRY_MS = 10 * 60_000
"""When to ask again for a platform whose order has no known end, ms."""


def figure(world: World, rows: npt.ArrayLike, column: str, *, default: float = np.nan) -> Float64:
    """Return a catalogue column for rows; ``default`` where the type has no such figure."""
    key = column, default
    table = world.figures.get(key)
    if table is None:
        known: Float64 = np.append(getattr(world.catalogue, column), np.nan)  # type -1: none
        table = world.figures[key] = np.where(np.isnan(known), default, known)
    values: Float64 = table[world.force.type[np.asarray(rows)]]
    return values


def of_kind(world: World, rows: Int32, kind: int) -> Int32:
    """Return the rows of one kind, ascending and without repeats."""
    ordered = ascending(rows)
    found: Int32 = ordered[world.force.kind[ordered] == kind]
    return found


def ascending(rows: Int32) -> Int32:
    """Return rows ascending and without repeats; nearly always they are so already."""
    return rows if (rows[1:] > rows[:-1]).all() else np.unique(rows).astype(np.int32)


def aboard(state: State, carriers: npt.ArrayLike) -> Int32:
    """Return the rows directly aboard any of ``carriers``, ascending."""
    return state.aboard(np.asarray(carriers, dtype=np.int32))


def heads(world: World, state: State) -> Int64:
    """Return how many persons are directly aboard each entity, shape (n,)."""
    if state.heads is not None:
        return state.heads
    own = state.carrier[world.force.kind == PERSON]
    return np.bincount(own[own >= 0], minlength=state.carrier.size)


def root(state: State, rows: npt.ArrayLike) -> Int32:
    """Return the outermost carrier of each row; the row itself where nothing carries it."""
    top = np.asarray(rows, dtype=np.int32).copy()
    while np.any(carried := state.carrier[top] >= 0):
        top = np.where(carried, state.carrier[top], top)
    return top


def persons_with(world: World, state: State, rows: Int32) -> Int64:
    """Return how many persons are in each row, or in what is aboard it; shape of ``rows``.

    ``rows`` ascending, without repeats, none aboard another.
    """
    head_count = heads(world, state)
    count = head_count[rows].astype(np.int64)
    inside, of = rows, np.arange(rows.size)
    while inside.size:
        riders = aboard(state, inside)
        riders = riders[world.force.kind[riders] != PERSON]
        by = np.argsort(inside, kind="stable")
        of = of[by[np.searchsorted(inside[by], state.carrier[riders])]]
        np.add.at(count, of, head_count[riders])
        inside = riders
    return count


def manned(world: World, rows: Int32, head_count: Int64) -> Bool:
    """Return which platforms have somebody to drive them: a person aboard, or need no crew."""
    needs = figure(world, rows, "crew", default=1.0) > 0
    return (head_count[rows] > 0) | ~needs


def passengers(world: World, state: State, vehicles: Int32, head_count: Int64) -> Int64:
    """Return how many seats beyond the crew's are taken in each vehicle, shape of ``vehicles``."""
    riders = aboard(state, vehicles)
    teams = riders[world.force.kind[riders] != PERSON]
    each, of = np.unique(vehicles, return_inverse=True)
    aboard_of = np.searchsorted(each, state.carrier[teams])
    riding = np.bincount(aboard_of, weights=head_count[teams], minlength=each.size)
    riding = riding.astype(np.int64)[of]
    crew = figure(world, vehicles, "crew", default=0.0).astype(np.int64)
    taken: Int64 = riding + np.maximum(0, head_count[vehicles] - crew)
    return taken


def free_seats(world: World, state: State, vehicles: Int32, head_count: Int64) -> Int64:
    """Return how many seats beyond the crew's are free in each vehicle, never below 0."""
    seats = figure(world, vehicles, "seats", default=0.0).astype(np.int64)
    free: Int64 = np.maximum(0, seats - passengers(world, state, vehicles, head_count))
    return free


def slots_aboard(
    world: World, state: State, riders: Int32, carriers: Int32, head_count: Int64
) -> Int32:
    """Return a free slot for each rider, unlike any other aboard its carrier.

    Slots count seats: crew seats first (kept free for the crew), then whoever is aboard, then
    the riders in ascending order, each team taking as many as it has persons.

    Parameters
    ----------
    riders, carriers
        Shape (k,); rider ``riders[i]`` boards ``carriers[i]``.
    head_count
        From `heads`.
    """
    present = aboard(state, carriers)
    present = present[(world.force.kind[present] == PERSON) | (head_count[present] > 0)]
    each, of = np.unique(carriers, return_inverse=True)
    base = figure(world, each, "crew", default=0.0).astype(np.int64)
    np.maximum.at(
        base,
        np.searchsorted(each, state.carrier[present]),
        state.slot[present].astype(np.int64) + np.maximum(1, head_count[present]),
    )
    order = np.lexsort((riders, carriers))
    size = np.maximum(1, head_count[riders[order]])
    total = np.cumsum(size) - size
    first = np.searchsorted(carriers[order], carriers[order])
    slots = np.empty(riders.size, dtype=np.int32)
    slots[order] = base[of[order]] + total - total[first]
    return slots


def busy(state: State, rows: npt.ArrayLike, t: int, order: int = -1) -> Bool:
    """Return which rows carry out an order other than ``order`` at ``t``."""
    row = np.asarray(rows, dtype=np.int64)
    other: Bool = (state.order[row] >= 0) & (state.order[row] != order)
    return other | (state.free_ms[row] > t)


def retry_at(state: State, rows: npt.ArrayLike, t: int) -> int:
    """Return when busy rows may be free: the latest known end, or a while after ``t``."""
    known = int(np.max(state.free_ms[np.asarray(rows, dtype=np.int64)], initial=t))
    return known if known > t else t + BUSY_RETRY_MS
