"""Why something happened: from an outcome back through its causes to the order and the sensor.

Events name their causes. Where a chain passes through fire, orders and reports, what stands in
other tables belongs between two events: the shot with its chance and draw, the order and the
report that messages carried, the contact that somebody had. `Causes` joins them in.

A message or a contact is taken where it can have been what somebody acted on: an order to the unit
that acted about the same target, and the last that had come; a report to the one who ordered about
the same contact, and the first that had come.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from startex.foundation.errors import UsageError, did_you_mean
from startex.recording import explaining
from startex.recording.explaining import Step

if TYPE_CHECKING:
    from startex.recording.reader import Run

Row = Mapping[str, Any]

TROUBLE = ("serial_delayed", "serial_called_off", "order_refused", "order_delayed", "left_behind")
"""Kinds of event that say something did not go as planned."""

OUTCOMES = ("out_of_action", "intercepted", "turned_home", *TROUBLE)
"""Kinds of event that are outcomes: somebody will ask why."""

ACTS = ("fired", "intercepted", "chase_started")
"""Kinds of event that somebody ordered because of what he knew."""

LONGEST = 40
"""Steps after which a chain is cut off; a chain of causes of a sound run is shorter."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An event that is an outcome; ``serial`` empty for none."""

    event: int
    t: int
    kind: str
    serial: str
    text: str


class Causes:
    """The causes in a run, indexed once for many questions.

    Parameters
    ----------
    run
        The run; tables it lacks have no rows, and chains go on without them.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.events: dict[int, Row] = _numbered(run.table("events").to_pylist())
        entities = run.table("entities")
        self.name: list[str] = entities.column("name").to_pylist()
        self._kind: list[str] = entities.column("kind").cast("string").to_pylist()
        self._unit: list[int] = entities.column("unit").to_pylist()
        self._row = {row: at for at, row in enumerate(entities.column("entity").to_pylist())}
        units = run.table("units").to_pylist()
        self.unit_name = {row["unit"]: str(row["name"]) for row in units}
        self._parent = {row["unit"]: row["parent"] for row in units}
        self.serials = {row["serial"]: row for row in run.table("serials").to_pylist()}
        self._place = {row["place"]: row["name"] for row in run.table("places").to_pylist()}
        self._claims = {row["claim"]: row for row in run.table("claims").to_pylist()}
        self._shots = _grouped(run.table("shots").to_pylist(), "serial", "target", "t")
        self._contacts: dict[int, Row] = {
            row["detection"]: row for row in run.table("detections").to_pylist()
        }
        self._held = _grouped(self._contacts.values(), "serial", "target")
        self._tracks = {row["track"]: row for row in run.table("tracks").to_pylist()}
        self._index_messages()
        self._index_orders()

    def _index_messages(self) -> None:
        self._orders_to: dict[tuple[Any, ...], list[Row]] = {}
        self._reports_to: dict[tuple[Any, ...], list[Row]] = {}
        for row in self.run.table("messages").to_pylist():
            contact = self._contacts.get(row["about"])
            if row["t_received"] is None or contact is None:
                continue
            if row["kind"] == "order":
                key = row["serial"], contact["target"], row["receiver"]
                self._orders_to.setdefault(key, []).append(row)
            elif row["kind"] == "contact_report":
                self._reports_to.setdefault((row["about"], row["receiver"]), []).append(row)

    def _index_orders(self) -> None:
        self._orders: dict[tuple[Any, ...], list[Row]] = {}
        rows = self.run.table("orders").to_pylist()
        self._by_serial = _grouped(rows, "serial")
        for row in rows:
            target = parsed(row["params"]).get("target") if "target" in (row["params"] or "") else 0
            if target:
                self._orders.setdefault((row["serial"], row["unit"], target), []).append(row)

    def outcomes(self, serial: str | None = None) -> list[Outcome]:
        """Return the outcomes of a serial, or all, in the order of time."""
        return [found for found in self._outcomes if serial in (None, found.serial)]

    @cached_property
    def _outcomes(self) -> list[Outcome]:
        found = [
            Outcome(number, row["t"], row["kind"], row["serial"] or "", row["text"])
            for number, row in self.events.items()
            if row["kind"] in OUTCOMES
        ]
        return sorted(found, key=lambda outcome: (outcome.t, outcome.event))

    def chain(self, event: int) -> list[Step]:
        """Return an event and what led to it, back to the plan of the serial and its claims.

        Raises
        ------
        KeyError
            If there is no such event.
        """
        steps: list[Step] = []
        seen: set[int] = set()
        at: int | None = event
        row = self.events[event]
        while at is not None and at in self.events and at not in seen and len(steps) < LONGEST:
            row = self.events[at]
            seen.add(at)
            steps.append(explaining.event_step(row, parsed(row["data"])))
            shots = self._salvo(row)
            if shots:
                steps.append(explaining.shot_step(shots, self.name))
            if row["kind"] in ACTS and row["target"] is not None:
                who = explaining.deciding(shots)["shooter"] if shots else row["actor"]
                steps += self._ordered(row, who, self.events.get(row["cause"], {}))
            at = row["cause"]
        for serial in dict.fromkeys((row["serial"], self.events[event]["serial"])):
            if serial in self.serials:
                steps += self.plan(serial)
        return steps

    def serial_chain(self, serial: str) -> list[Step]:
        """Return why a serial went as it did: what troubled it last, its causes, its plan.

        Raises
        ------
        KeyError
            If there is no such serial.
        """
        row = self.serials[serial]
        mine = [e for e in self.outcomes(serial) if e.kind in TROUBLE]
        if not mine:
            return self._overrun(row) + self.plan(row["serial"])
        caused = [e for e in mine if self.events[e.event]["cause"] in self.events]
        return self.chain(max(caused or mine, key=lambda e: (e.t, e.event)).event)

    def _overrun(self, serial: Row) -> list[Step]:
        """Return the order that ended last, where a serial ended after its planned end."""
        ended = [
            row
            for row in self._by_serial.get((serial["serial"],), ())
            if row["t_end"] is not None and row["t_end"] > serial["planned_end"]
        ]
        if serial["end"] is None or serial["end"] <= serial["planned_end"] or not ended:
            return []
        last = max(ended, key=lambda row: (row["t_end"], row["order"]))
        return [explaining.overrun_step(last, serial, self.unit_name)]

    def plan(self, serial: str) -> list[Step]:
        """Return the serial as planned, and the claims that report it."""
        row = self.serials[serial]
        named = [c.strip() for c in str(row["claim"] or "").split(",") if c.strip()]
        return [
            explaining.serial_step(row, self._place.get(row["place"], row["place"] or "")),
            *(explaining.claim_step(self._claims[c]) for c in named if c in self._claims),
        ]

    def _ordered(self, act: Row, who: int | None, cause: Row) -> list[Step]:
        """Return the order, the reports and the contact behind what somebody did."""
        steps: list[Step] = []
        if who is None or who not in self._row:
            return steps
        unit = self._unit[self._row[who]]
        units = self._above(unit)
        t = act["t"]
        for order in [o for u in units for o in self._orders.get(
            (act["serial"], u, act["target"]), ()) if o["t_issued"] <= t][-1:]:  # fmt: skip
            steps.append(explaining.order_step(order, self.unit_name))
            t = order["t_issued"]
        message = self._message_to(unit, act, t)
        steps += self._reported(message) if message else self._own(who, units, act, cause)
        return steps

    def _salvo(self, event: Row) -> list[Row]:
        """Return the rows of ``shots`` that an event tells of; none where it tells of none."""
        data = parsed(event["data"])
        among = self._shots.get((event["serial"], event["target"], event["t"]), ())
        if event["kind"] != "fired" and "shot" not in data:
            return []
        if "shots" not in data:
            return [s for s in among if s["shot"] == data.get("shot", s["shot"])]
        return [s for s in among if s["cause"] == event["cause"]] or list(among)

    def _message_to(self, unit: int, act: Row, t: int) -> Row | None:
        """Return the last order about the target that the unit had got by ``t``."""
        among = self._orders_to.get((act["serial"], act["target"], unit), ())
        had = [m for m in among if m["t_received"] <= t]
        return max(had, key=lambda m: (m["t_received"], m["message"]), default=None)

    def _reported(self, order: Row) -> list[Step]:
        """Return an order's way, who passed it on, the reports it rests on, and the contact."""
        steps: list[Step] = []
        contact = self._contacts[order["about"]]
        at: Row | None = order
        while at is not None and len(steps) < LONGEST:  # who ordered may have been ordered to
            order = at
            steps.append(explaining.message_step(order, self.unit_name))
            act = {"serial": order["serial"], "target": contact["target"]}
            at = self._message_to(order["sender"], act, order["t_sent"])
            if at is not None and at["t_received"] != order["t_sent"]:
                at = None  # it had decided by itself since
        contact = self._contacts[order["about"]]
        return steps + self._told(contact, order["sender"], order["t_sent"])

    def _told(self, contact: Row, unit: int, t: int) -> list[Step]:
        """Return how a contact came to be known to a unit, from the last report to the sensor."""
        steps: list[Step] = []
        seen = {unit}
        while unit != contact["unit"]:
            among = self._reports_to.get((contact["detection"], unit), ())
            had = [m for m in among if m["t_received"] <= t]
            if not had:
                break
            first = min(had, key=lambda m: (m["t_received"], m["message"]))
            steps.append(explaining.message_step(first, self.unit_name))
            unit, t = first["sender"], first["t_sent"]
            if unit in seen:
                break
            seen.add(unit)
        return [*steps, self._contact(contact)]

    def _own(self, who: int, units: Sequence[int], act: Row, cause: Row) -> list[Step]:
        """Return the contact on which a unit acted by itself, or what had been reported to it."""
        t = act["t"]
        held = [
            c
            for c in self._held.get((act["serial"], act["target"]), ())
            if c["t"] <= t and (c["t_lost"] is None or c["t_lost"] >= t) and c["unit"] in units
        ]
        if held:
            best = max(held, key=lambda c: (c["looker"] == who, c["t"]))
            return [self._contact(best, own=self._kind[self._row[who]] != "target")]
        for contact in self._held.get((act["serial"], act["target"]), ()):
            if contact["looker"] == cause.get("actor") and contact["t"] <= t:
                for unit in units:
                    steps = self._told(contact, unit, t)
                    if len(steps) > 1:
                        return steps
        return []

    def _contact(self, contact: Row, *, own: bool = False) -> Step:
        track = self._tracks.get(contact["detection"])
        return explaining.contact_step(contact, track, self.name, self.unit_name, own=own)

    def _above(self, unit: int | None) -> list[int]:
        found: list[int] = []
        while unit is not None and unit not in found:
            found.append(unit)
            unit = self._parent.get(unit)
        return found


def why(causes: Causes, event: int | None = None, serial: str | None = None) -> pa.Table:
    """Return what led to an event, or to how a serial went, from the last step to the first.

    Where the chain of events passes through fire, orders and reports, the shot, the order, the
    messages and the contact stand between them; it ends with the serial as planned and the claims
    that report it.

    Parameters
    ----------
    causes
        Of the run.
    event, serial
        Id of an event, or of a serial: one of them.

    Returns
    -------
    Columns ``step`` from 0, ``what`` (table of the store), ``id`` (key there), ``t`` (ms, null for
    claims), ``kind``, ``text``, ``data`` (JSON: the row, or the figures of the event).

    Raises
    ------
    UsageError
        If there is no such event or serial, or not just one of them is given.
    """
    if (event is None) == (serial is None):
        raise UsageError("say of what: an event or a serial, one of them")
    if serial is not None:
        steps = causes.serial_chain(_known(causes, serial))
    elif event in causes.events:
        steps = causes.chain(event)
    else:
        last = max(causes.events, default=-1)
        allowed = f"events run from 0 to {last}" if last >= 0 else "the run has no events"
        raise UsageError(f"there is no event {event}; {allowed}")
    data = [json.dumps(s.data, ensure_ascii=False, sort_keys=True) for s in steps]
    return pa.table(
        {
            "step": pa.array(range(len(steps)), pa.int32()),
            "what": pa.array([s.what for s in steps], pa.string()),
            "id": pa.array([s.id for s in steps], pa.string()),
            "t": pa.array([s.t for s in steps], pa.int64()),
            "kind": pa.array([s.kind for s in steps], pa.string()),
            "text": pa.array([s.text for s in steps], pa.string()),
            "data": pa.array(data, pa.string()),
        }
    )


def outcomes(causes: Causes, serial: str | None = None) -> pa.Table:
    """Return the events that are outcomes, of a serial or all: of which somebody will ask why.

    Returns
    -------
    Columns ``event``, ``t`` (ms), ``kind`` (one of `OUTCOMES`), ``serial``, ``text``; by time.

    Raises
    ------
    UsageError
        If there is no such serial.
    """
    found = causes.outcomes(None if serial is None else _known(causes, serial))
    return pa.table(
        {
            "event": pa.array([o.event for o in found], pa.int64()),
            "t": pa.array([o.t for o in found], pa.int64()),
            "kind": pa.array([o.kind for o in found], pa.string()),
            "serial": pa.array([o.serial for o in found], pa.string()),
            "text": pa.array([o.text for o in found], pa.string()),
        }
    )


def _known(causes: Causes, serial: str) -> str:
    if serial not in causes.serials:
        raise UsageError(f"there is no serial {serial!r}; {did_you_mean(serial, causes.serials)}")
    return serial


def _numbered(rows: list[dict[str, Any]]) -> dict[int, Row]:
    """Return events by id; by row, and without causes, where a run gives them none."""
    found: dict[int, Row] = {row["event"]: row for row in rows}
    if len(found) == len(rows):
        return found
    return {at: {**row, "event": at, "cause": None} for at, row in enumerate(rows)}


def _grouped(rows: Any, *names: str) -> dict[tuple[Any, ...], list[Row]]:
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in names), []).append(row)
    return found


def parsed(text: str | None) -> dict[str, Any]:
    """Return the object in a JSON cell; empty where there is none."""
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
