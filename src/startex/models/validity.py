"""Guards of the stated validity of a model."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from startex.foundation.errors import OutsideValidityError

Float64 = npt.NDArray[np.float64]


def within(
    name: str,
    values: npt.ArrayLike,
    low: float = -np.inf,
    high: float = np.inf,
    *,
    above: bool = False,
    below: bool = False,
) -> Float64:
    """Return ``values`` as float64, of the same shape.

    Parameters
    ----------
    name
        What messages call them, with unit.
    values
        Any shape.
    low, high
        Closed interval of validity; with ``above``, ``low`` itself is outside, with ``below``
        ``high`` is.

    Raises
    ------
    OutsideValidityError
        If any value is nan, infinite or outside; names the first and how many.
    """
    result = np.asarray(values, dtype=np.float64)
    if _surely_within(result, low, high, above=above, below=below):
        return result
    fits = np.isfinite(result)
    fits &= result > low if above else result >= low
    fits &= result < high if below else result <= high
    if not fits.all():
        bad = result[~fits].ravel()
        limits = " and ".join(
            f"{relation} {bound:g}"
            for relation, bound in (
                ("above" if above else "at least", low),
                ("below" if below else "at most", high),
            )
            if np.isfinite(bound)
        )
        more = f" ({bad.size} such values)" if bad.size > 1 else ""
        raise OutsideValidityError(
            f"{name} is {bad[0]:g}{more}; the model holds for {limits or 'finite values'}"
        )
    return result


def _surely_within(result: Float64, low: float, high: float, *, above: bool, below: bool) -> bool:
    """Tell by the least and the greatest whether all values fit: quick where, as usual, they do."""
    if result.ndim == 0:
        least = most = float(result)
    elif result.size:
        least, most = float(result.min()), float(result.max())
    else:
        return True
    # not a number: neither is true
    fits = (low < least if above else low <= least) and (most < high if below else most <= high)
    return fits and math.isfinite(least) and math.isfinite(most)


def whole(name: str, values: npt.ArrayLike, low: float = 0.0) -> Float64:
    """Return ``values`` as float64 after checking that they are whole numbers from ``low``."""
    result = within(name, values, low)
    if (result != np.floor(result)).any():
        bad = result[result != np.floor(result)].ravel()[0]
        raise OutsideValidityError(f"{name} is {bad:g}; it counts whole things")
    return result
