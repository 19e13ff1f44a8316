"""Physical constants that several models share, each with its source."""

from __future__ import annotations

SPEED_OF_LIGHT_M_S = 299_792_458.0
"""Exact (SI, 2019)."""

BOLTZMANN_J_K = 1.380649e-23
"""Exact (SI, 2019)."""

REFERENCE_TEMPERATURE_K = 290.0
"""Of the source behind a noise figure, by convention (IEEE)."""

EARTH_RADIUS_M = 6_371_000.0
"""Mean radius, rounded as the radio and radar books have it."""

STANDARD_REFRACTION = 4.0 / 3.0
"""Factor of the effective Earth for radio waves in a standard atmosphere (ITU-R P.834)."""
