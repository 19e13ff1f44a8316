"""Visibility: contrast and light after their way through the air.

Equation::

    beta = -ln(e) / V      T = exp(-beta R)      C = C_0 exp(-beta R)
    R = V ln(C_0 / C_t) / -ln(e)

``V`` meteorological visibility (m), ``e`` contrast threshold by which it is defined (0.05 for the
meteorological optical range, 0.02 in Koschmieder's own), ``beta`` extinction (1/m), ``R`` way (m),
``C_0`` contrast at the target against the sky at the horizon, ``C_t`` least that the observer
sees.

Source: Koschmieder (1924); WMO No. 8, "Guide to Instruments and Methods of Observation", chapter
on visibility. Validity: level way, air alike throughout, target against the horizon by day.
Left out: infrared bands, backgrounds other than the sky, light scattered in between.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.validity import within

Float64 = npt.NDArray[np.float64]

METEOROLOGICAL_THRESHOLD = 0.05
KOSCHMIEDER_THRESHOLD = 0.02


def extinction_per_m(
    visibility_m: npt.ArrayLike, threshold: npt.ArrayLike = METEOROLOGICAL_THRESHOLD
) -> Float64:
    """Return the extinction of air of a visibility, 1/m; arguments broadcast."""
    least = within("threshold", threshold, 0, 1, above=True, below=True)
    rate: Float64 = -np.log(least) / within("visibility_m", visibility_m, 0, above=True)
    return rate


def transmission(
    range_m: npt.ArrayLike,
    visibility_m: npt.ArrayLike,
    threshold: npt.ArrayLike = METEOROLOGICAL_THRESHOLD,
) -> Float64:
    """Return the share of light, or of contrast, that is left after a way; they broadcast."""
    left: Float64 = np.exp(
        -extinction_per_m(visibility_m, threshold) * within("range_m", range_m, 0)
    )
    return left


def apparent_contrast(
    contrast: npt.ArrayLike,
    range_m: npt.ArrayLike,
    visibility_m: npt.ArrayLike,
    threshold: npt.ArrayLike = METEOROLOGICAL_THRESHOLD,
) -> Float64:
    """Return the contrast against the horizon after a way, of either sign; they broadcast."""
    seen: Float64 = within("contrast", contrast, -1.0) * transmission(
        range_m, visibility_m, threshold
    )
    return seen


def sighting_range_m(
    contrast: npt.ArrayLike,
    least_contrast: npt.ArrayLike,
    visibility_m: npt.ArrayLike,
    threshold: npt.ArrayLike = METEOROLOGICAL_THRESHOLD,
) -> Float64:
    """Return the range at which contrast has fallen to the least that is seen, metres.

    0 where it is below that at the target already; arguments broadcast.
    """
    start = np.abs(within("contrast", contrast, -1.0))
    least = within("least_contrast", least_contrast, 0, above=True)
    ratio = np.maximum(start / least, 1.0)
    reach: Float64 = np.log(ratio) / extinction_per_m(visibility_m, threshold)
    return reach
