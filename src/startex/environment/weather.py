"""A row of weather.csv as it stands in the file, and as the program keeps it, in SI."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pydantic import Field, field_validator, model_validator

from startex.foundation.clock import parse_time
from startex.foundation.provenance import Provenance
from startex.foundation.quantities import to_si

MEASURES: tuple[str, ...] = (
    "wind_m_s",
    "wind_from_deg",
    "visibility_m",
    "sea_state",
    "rain_mm_h",
    "temperature_c",
    "cloud_cover",
)
"""What is known of the weather: attributes of `Weather` and of `conditions.Conditions`."""


@dataclass(frozen=True, slots=True)
class Weather:
    """The weather of an area from an instant on, until the next of the same area.

    A measure that is nan is left to the next wider area.

    Attributes
    ----------
    area
        Place id; empty: everywhere.
    t
        Since when, milliseconds since the epoch.
    wind_m_s
        Mean wind 10 m above the ground.
    wind_from_deg
        Where the wind comes from, degrees from true north.
    visibility_m
        Meteorological optical range.
    sea_state
        Degree of the sea on the Douglas scale (WMO code table 3700), 0 to 9.
    rain_mm_h
        Rate of rain.
    temperature_c
        Temperature of the air, degrees Celsius.
    cloud_cover
        Share of the sky that is covered, 0 to 1.
    claim
        Claim ids.
    assumed
        Reason where there is no claim.
    """

    area: str
    t: int
    wind_m_s: float = math.nan
    wind_from_deg: float = math.nan
    visibility_m: float = math.nan
    sea_state: float = math.nan
    rain_mm_h: float = math.nan
    temperature_c: float = math.nan
    cloud_cover: float = math.nan
    claim: tuple[str, ...] = ()
    assumed: str = ""


class WeatherRow(Provenance):
    """A row of weather.csv. A blank cell: as in the next wider area; all blank: all of it again.

    Attributes
    ----------
    area
        Place id; empty: everywhere.
    from_
        Since when (column ``from``), ISO 8601 with offset; until the next row of the area.
    wind_kn, wind_from_deg
        Mean wind, knots, and where it comes from, degrees from true north; both or neither.
    visibility_km
        Meteorological optical range, kilometres.
    sea_state
        Douglas scale, 0 to 9.
    rain_mm_h
        Millimetres an hour.
    temperature_c
        Degrees Celsius.
    cloud_percent
        Share of the sky that is covered.
    """

    area: str = ""
    from_: str = Field(alias="from")
    wind_kn: float | None = Field(default=None, ge=0.0, le=200.0)
    wind_from_deg: float | None = Field(default=None, ge=0.0, le=360.0)
    visibility_km: float | None = Field(default=None, gt=0.0, le=300.0)
    sea_state: int | None = Field(default=None, ge=0, le=9)
    rain_mm_h: float | None = Field(default=None, ge=0.0, le=500.0)
    temperature_c: float | None = Field(default=None, ge=-90.0, le=60.0)
    cloud_percent: float | None = Field(default=None, ge=0.0, le=100.0)

    @field_validator("from_")
    @classmethod
    def _is_time(cls, text: str) -> str:
        parse_time(text)
        return text

    @model_validator(mode="after")
    def _whole_wind(self) -> WeatherRow:
        if (self.wind_kn is None) != (self.wind_from_deg is None):
            raise ValueError(
                "wind needs speed and direction: give both 'wind_kn' and 'wind_from_deg', or "
                "neither; of calm air the direction does not matter"
            )
        return self

    @property
    def t_ms(self) -> int:
        """Since when, milliseconds since the epoch."""
        return parse_time(self.from_)

    def weather(self) -> Weather:
        """Return the row in SI."""
        return Weather(
            area=self.area,
            t=self.t_ms,
            wind_m_s=_si(self.wind_kn, "kn"),
            # North is one direction, however it is written.
            wind_from_deg=math.nan if self.wind_from_deg is None else self.wind_from_deg % 360.0,
            visibility_m=_si(self.visibility_km, "km"),
            sea_state=_si(self.sea_state, "1"),
            rain_mm_h=_si(self.rain_mm_h, "1"),
            temperature_c=_si(self.temperature_c, "1"),
            cloud_cover=_si(self.cloud_percent, "%"),
            claim=self.claim,
            assumed=self.assumed,
        )


def _si(value: float | None, unit: str) -> float:
    return math.nan if value is None else to_si(float(value), unit)
