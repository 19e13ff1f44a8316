"""Rail movement: trains a day over a line, tonnage, trains needed, loading time.

Equation::

    TD  = floor((NT + 1) / 2 * 86400 v / L)
    NTL = ceil(0.5 GTL)         NDT = NTL TD
    T   = max(ceil(sum l / C), ceil(P / S))
    LT  = ceil(n / r) t

``NT`` passing tracks that count (5 miles or more from the one before), ``v`` mean speed of trains
(m/s), ``L`` length of the division (m), ``TD`` trains a day each way on a single track; ``GTL``
gross and ``NTL`` net load of a train in one unit of mass, ``NDT`` net tonnage of the division a
day; ``l`` wagon length that each load takes (m), ``C`` wagon length of a train (m), ``P`` persons,
``S`` seats of a train; ``n`` vehicles loaded over ``r`` ramps, ``t`` seconds each.

Source: US Army Transportation School, subcourse TR0603, "Rail Operations Planning", paragraphs
2.13 and 2.14 (rule of thumb: 10 trains a day on a single, 30 on a double track).

Left out: gradients and engines, loads too high or wide for the line, empty trains on their way
back.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.foundation.errors import OutsideValidityError
from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

SECONDS_PER_DAY = 86_400.0
PAYLOAD_SHARE = 0.5
"""Net over gross trainload (TR0603)."""


def train_density_per_day(
    passing_tracks: npt.ArrayLike, speed_m_s: npt.ArrayLike, division_length_m: npt.ArrayLike
) -> Float64:
    """Return trains a day each way on a single-track division, not rounded; arguments broadcast."""
    trains: Float64 = (
        (whole("passing_tracks", passing_tracks, 0) + 1.0)
        / 2.0
        * SECONDS_PER_DAY
        * within("speed_m_s", speed_m_s, 0, above=True)
        / within("division_length_m", division_length_m, 0, above=True)
    )
    return trains


def whole_trains(trains: npt.ArrayLike) -> Float64:
    """Return the whole trains in a train density; a thing within 1e-9 of whole counts as whole."""
    result: Float64 = np.floor(within("trains", trains, 0) * (1.0 + 1e-9))
    return result


def net_trainload(gross: npt.ArrayLike, payload_share: npt.ArrayLike = PAYLOAD_SHARE) -> Float64:
    """Return the net load of a train in the unit of ``gross``, rounded up to a whole unit."""
    load: Float64 = np.ceil(
        within("gross", gross, 0) * within("payload_share", payload_share, 0, 1, above=True)
    )
    return load


def division_tonnage_per_day(net_load: npt.ArrayLike, trains_per_day: npt.ArrayLike) -> Float64:
    """Return the net tonnage a day of a division; that of a line is the least of its divisions."""
    tonnage: Float64 = within("net_load", net_load, 0) * within("trains_per_day", trains_per_day, 0)
    return tonnage


def trains_needed(
    load_length_m: npt.ArrayLike,
    persons: npt.ArrayLike,
    capacity_m: npt.ArrayLike,
    seats: npt.ArrayLike,
) -> Float64:
    """Return the least number of trains by total wagon length and by seats; arguments broadcast.

    Loads are not split, so that `load_in_order` may need more.
    """
    by_length = np.ceil(
        within("load_length_m", load_length_m, 0)
        / within("capacity_m", capacity_m, 0, above=True)
        * (1.0 - 1e-12)
    )
    by_seats = np.ceil(whole("persons", persons, 0) / whole("seats", seats, 1))
    needed: Float64 = np.maximum(by_length, by_seats)
    return needed


def load_in_order(
    length_m: npt.ArrayLike, persons: npt.ArrayLike, capacity_m: float, seats: float
) -> Int64:
    """Return the train of each load when trains are filled in order and no load is split.

    Parameters
    ----------
    length_m, persons
        Wagon length of each load and who travels with it, shape (k,).
    capacity_m, seats
        Of each train.

    Returns
    -------
    Train of each load from 0, shape (k,), never decreasing.

    Raises
    ------
    OutsideValidityError
        If a load is longer than a train, or brings more persons than it has seats.
    """
    limit = float(within("capacity_m", capacity_m, 0, above=True))
    places = float(whole("seats", seats, 0))
    length, people = np.broadcast_arrays(
        within("length_m", length_m, 0, limit), whole("persons", persons, 0)
    )
    if (people > places).any():
        raise OutsideValidityError(
            f"persons is {people.max():g} with one load; a train has {places:g} seats"
        )
    taken_m = np.concatenate([[0.0], np.cumsum(length.ravel())])
    taken = np.concatenate([[0.0], np.cumsum(people.ravel())])
    train = np.zeros(length.size, dtype=np.int64)
    first, number = 0, 0
    while first < length.size:
        full = np.searchsorted(taken_m, taken_m[first] + limit + 1e-6, side="right") - 1
        crowded = np.searchsorted(taken, taken[first] + places, side="right") - 1
        last = max(int(min(full, crowded)), first + 1)
        train[first:last] = number
        first, number = last, number + 1
    return train


def loading_time_s(vehicles: npt.ArrayLike, ramps: npt.ArrayLike, each_s: npt.ArrayLike) -> Float64:
    """Return the time to load (or unload) vehicles over ramps side by side; arguments broadcast."""
    time: Float64 = np.ceil(whole("vehicles", vehicles, 0) / whole("ramps", ramps, 1)) * within(
        "each_s", each_s, 0
    )
    return time
