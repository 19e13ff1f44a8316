"""Sums and shares in whole numbers: what is handed out is what was there, to the unit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Int64 = npt.NDArray[np.int64]

_EXACT = 2**53


def sum_by(group: npt.NDArray[np.integer], amount: Int64, groups: int) -> Int64:
    """Return the sum of amounts by group, shape (groups,).

    Raises
    ------
    OverflowError
        If a sum could be too large to be exact: 2**53 millilitres are 9 cubic kilometres.
    """
    found = np.bincount(group, weights=amount, minlength=groups)
    if found.size and max(found.max(), -found.min()) >= _EXACT:
        raise OverflowError(f"{found.max():.0f} units are too many for an account that balances")
    total: Int64 = found.astype(np.int64)
    return total


def share(group: npt.NDArray[np.integer], wanted: Int64, there: Int64) -> Int64:
    """Return what each is given where all want from the group's stock, shape of ``wanted``.

    Everything where there is enough; else in proportion to what is wanted, the rest that rounding
    leaves to the first of the group. No more than wanted, and in sum ``min(there, sum of wanted)``.

    Parameters
    ----------
    group
        Number of the stock that each wants from, shape (k,).
    wanted
        Not negative, shape (k,).
    there
        Stocks, not negative, shape (groups,).
    """
    asked = sum_by(group, wanted, there.size)
    short = asked > there
    if not short[group].any():
        return wanted.copy()
    ratio = np.where(short, there / np.maximum(asked, 1), 1.0)
    given = np.where(short[group], np.floor(wanted * ratio[group] * (1.0 - 1e-12)), wanted).astype(
        np.int64
    )
    left = np.minimum(there, asked) - sum_by(group, given, there.size)
    order = np.argsort(group, kind="stable")
    where, room = group[order], (wanted - given)[order]
    before = np.cumsum(room) - room
    first = np.ones(where.size, dtype=np.bool_)
    first[1:] = where[1:] != where[:-1]
    start = np.maximum.accumulate(np.where(first, np.arange(where.size), 0))
    given[order] += np.clip(left[where] - (before - before[start]), 0, room)
    return given
