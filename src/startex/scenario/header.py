"""What scenario.yaml and the rows of events.csv say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from pydantic import Field, field_validator

from startex.foundation.clock import MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE, parse_time
from startex.foundation.provenance import Frozen, Provenance

_EPOCH_DAY = date(1970, 1, 1).toordinal()


class Header(Frozen):
    """The file scenario.yaml.

    Attributes
    ----------
    scenario
        Short name: small letters, digits and hyphens.
    title, summary
        What the exercise is called, and what it is, in words.
    start, end
        First and last instant simulated, ISO 8601 with offset.
    utc_offset_h
        Local time of the exercise, hours ahead of UTC.
    policies
        Ids of policies that may be chosen; the first is the default.
    include_catalogue
        Folder within the scenario with own types (types.csv, figures.csv, sources.csv).
    """

    scenario: str = Field(pattern="^[a-z0-9][a-z0-9-]*$", max_length=64)
    title: str = Field(min_length=1)
    summary: str = Field(min_length=1)
    start: str
    end: str
    utc_offset_h: float = Field(ge=-12.0, le=14.0, allow_inf_nan=False)
    policies: tuple[str, ...] = Field(min_length=1)
    include_catalogue: str = ""

    @field_validator("start", "end")
    @classmethod
    def _is_time(cls, text: str) -> str:
        parse_time(text)
        return text

    @property
    def start_ms(self) -> int:
        """First instant, milliseconds since the epoch."""
        return parse_time(self.start)

    @property
    def end_ms(self) -> int:
        """Last instant, milliseconds since the epoch."""
        return parse_time(self.end)


class EventRow(Provenance):
    """A row of events.csv: something reported that the run records and does not simulate.

    Attributes
    ----------
    date
        Local day, ``2022-09-05``.
    time
        Local time, ``16:50``; empty where the reports name none.
    place
        Place id; empty: nowhere in particular.
    text
        What happened, in words.
    """

    date: str
    time: str = ""
    place: str = ""
    text: str = Field(min_length=1)

    @field_validator("date")
    @classmethod
    def _is_day(cls, text: str) -> str:
        try:
            date.fromisoformat(text)
        except ValueError as error:
            raise ValueError(f"{text!r} is no day; write it like 2022-09-05") from error
        return text

    @field_validator("time")
    @classmethod
    def _is_time(cls, text: str) -> str:
        try:
            if text and time.fromisoformat(text).tzinfo is not None:
                raise ValueError("local time has no offset")
        except ValueError as error:
            raise ValueError(f"{text!r} is no local time; write it like 16:50") from error
        return text

    def t_ms(self, utc_offset_h: float) -> int:
        """Return the instant, milliseconds since the epoch; noon where no time is named."""
        at = time.fromisoformat(self.time or "12:00")
        days = date.fromisoformat(self.date).toordinal() - _EPOCH_DAY
        minutes = at.hour * 60 + at.minute
        return days * MS_PER_DAY + minutes * MS_PER_MINUTE - round(utc_offset_h * MS_PER_HOUR)


@dataclass(frozen=True, slots=True)
class ContextEvent:
    """An event that is recorded, not simulated.

    Attributes
    ----------
    t
        Milliseconds since the epoch.
    exact
        Whether the reports name the time of day; else ``t`` is local noon.
    place
        Place id, or empty.
    text
        What happened.
    claim
        Claim ids.
    assumed
        Reason where there is no claim.
    """

    t: int
    exact: bool
    place: str
    text: str
    claim: tuple[str, ...]
    assumed: str
