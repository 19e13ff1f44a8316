"""A contact: a unit has detected a target."""

from __future__ import annotations

from dataclasses import dataclass

SECOND_MS = 1_000
"""A contact is told at the whole second after it was made."""


@dataclass(slots=True)
class Contact:
    """A target that a unit has, or will have, detected.

    Attributes
    ----------
    unit, target
        Leaf unit that detects; platform detected.
    looker, sensor
        Platform and sensor (row in its table) of the first detection.
    serial
        Play it belongs to.
    t, until
        Detection, and when the target leaves the reach, ms.
    open
        Whether the detection has happened.
    lat, lon, alt
        Where the target is then, degrees and m.
    range_m
        Straight line between the two.
    opposing
        Whether the opposing force detects.
    looker_lat, looker_lon
        From where, degrees.
    intercept
        Whether its radar was heard.
    """

    unit: int
    target: int
    looker: int
    sensor: int
    serial: int
    t: int
    until: int
    open: bool = False
    lat: float = float("nan")
    lon: float = float("nan")
    alt: float = 0.0
    range_m: float = float("nan")
    opposing: bool = False
    looker_lat: float = float("nan")
    looker_lon: float = float("nan")
    intercept: bool = False

    @property
    def key(self) -> tuple[int, int, bool]:
        """Unit, target, and whether its radar was heard."""
        return self.unit, self.target, self.intercept
