"""The steps of a chain of causes in words: an event, a shot, a message, a contact, a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]

_PUT_OUT = ("out_of_action", "target_destroyed")
_WAYS = (("staff_ms", "staff"), ("sending_ms", "sending"), ("queue_ms", "waiting for nets"),
         ("liaison_ms", "between nations"))  # fmt: skip
"""What the time of a message is made of."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a chain, latest first; each is a reason of the one before.

    ``what``: the table it stands in (events, shots, orders, messages, detections, serials, claims);
    ``id``: its key there; ``t``: ms, None for what has no time; ``data``: its row, or the figures
    of an event.
    """

    what: str
    id: str
    t: int | None
    kind: str
    text: str
    data: dict[str, Any]


def event_step(row: Row, data: dict[str, Any]) -> Step:
    """Return an event; ``error_m`` of its data is told where it has one."""
    text = str(row["text"])
    if row["kind"] == "detected" and isinstance(data.get("error_m"), int | float):
        text += f", placed within {metres(data['error_m'])} (standard error)"
    return _step("events", row["event"], row["t"], row["kind"], text, data)


def deciding(shots: Sequence[Row]) -> Row:
    """Return the shot of a round that put the target out, else the one with the best chance."""
    return max(shots, key=lambda s: (s["result"] in _PUT_OUT, s["probability"], -s["shot"]))


def shot_step(shots: Sequence[Row], names: Sequence[str]) -> Step:
    """Return the shot that decided, with how many others there were in its round."""
    shot = deciding(shots)
    rounds = f"{_counted(shot['rounds'], 'round')}, " if shot["rounds"] else ""
    word = "hit" if shot["draw"] < shot["probability"] else "miss"
    text = (
        f"shot {shot['shot']}: {names[shot['shooter']]} with {shot['weapon']}, {rounds}"
        f"at {metres(shot['range_m'])}; "
        f"model {plain(shot['model'])}, chance of a hit {shot['probability']:.3f}, "
        f"draw {shot['draw']:.3f}: {word}; {_counted(shot['hits'], 'hit')}, {plain(shot['result'])}"
    )
    others = len(shots) - 1
    if others:
        hits = sum(s["hits"] for s in shots) - shot["hits"]
        text += f"; in the same round {_counted(others, 'other shot')} with {_counted(hits, 'hit')}"
    return _step("shots", shot["shot"], shot["t"], "shot", text, dict(shot))


def order_step(row: Row, units: Mapping[int, str]) -> Step:
    """Return an order as it was given to a unit, and when it began to be carried out."""
    waited = ""
    if row["t_start"] is not None and row["t_start"] > row["t_issued"]:
        waited = f", begun {lasting(row['t_start'] - row['t_issued'])} later"
    text = f"order {row['order']}: {units.get(row['unit'], '')} {plain(row['kind'])}{waited}"
    return _step("orders", row["order"], row["t_issued"], row["kind"], text, dict(row))


def overrun_step(row: Row, serial: Row, units: Mapping[int, str]) -> Step:
    """Return the order that kept a serial from ending as planned."""
    begun = row["t_start"] if row["t_start"] is not None else row["t_issued"]
    after = begun - serial["planned_start"]
    when = f"{lasting(after)} after the planned start" if after > 0 else "as planned"
    text = (
        f"order {row['order']} ended last: {units.get(row['unit'], '?')} {plain(row['kind'])}, "
        f"begun {when}, took {lasting(row['t_end'] - begun)}, "
        f"{lasting(row['t_end'] - serial['planned_end'])} past the planned end"
    )
    return _step("orders", row["order"], row["t_end"], row["kind"], text, dict(row))


def message_step(row: Row, units: Mapping[int, str]) -> Step:
    """Return a message at its receipt: who to whom, over what, how long and why so long."""
    parts = ", ".join(f"{word} {lasting(row[name])}" for name, word in _WAYS if row[name])
    over = f" over {', '.join(str(row['net']).split(';'))}" if row["net"] else ""
    text = (
        f"{plain(row['kind'])} {row['message']} ({row['precedence']}) from "
        f"{units.get(row['sender'], '?')} to {units.get(row['receiver'], '?')}{over}: "
        f"{lasting(row['t_received'] - row['t_sent'])} on the way"
        + (f" ({parts})" if parts else "")
    )
    return _step("messages", row["message"], row["t_received"], row["kind"], text, dict(row))


def contact_step(
    row: Row, track: Row | None, names: Sequence[str], units: Mapping[int, str], *, own: bool
) -> Step:
    """Return a contact: who had whom, by what, how far, how well placed, and what it became.

    ``own``: whoever acted had it, and needed no order over a net.
    """
    text = (
        f"contact {row['detection']} of {units.get(row['unit'], '?')}: {names[row['looker']]} had "
        f"{names[row['target']]} at {metres(row['range_m'])} ({row['sensor']})"
    )
    if own:
        text = f"no order over a net, but {text}"
    if track is not None:
        text += f", placed within {metres(track['error_m'])} (standard error)"
        for name in ("t_classified", "t_identified"):
            if track[name] is not None:
                after = track[name] - row["t"]
                text += f", {name[2:]} " + (f"after {lasting(after)}" if after > 0 else "at once")
    if row["t_lost"] is not None:
        text += f", lost after {lasting(row['t_lost'] - row['t'])}"
    return _step("detections", row["detection"], row["t"], "contact", text, dict(row))


def serial_step(row: Row, place: str) -> Step:
    """Return a serial as planned, and how it went."""
    text = f"planned serial {row['serial']}: {row['name']} ({plain(row['task'])}"
    text += f", {place})" if place else ")"
    if row["start"] is None:
        text += "; it never started"
    elif row["start"] == row["planned_start"]:
        text += "; it started on time"
    else:
        late = row["start"] - row["planned_start"]
        text += f"; it started {lasting(abs(late))} {'late' if late > 0 else 'early'}"
    text += f", outcome {plain(row['outcome'])}"
    if row.get("reason"):
        text += f": {row['reason']}"
    if not row["claim"]:
        text += f"; assumed: {row.get('assumed') or 'no reason is given'}"
    return _step("serials", row["serial"], row["planned_start"], "serial", text, dict(row))


def claim_step(row: Row) -> Step:
    """Return a claim that reports a serial, verbatim."""
    said = row.get("quote") or row.get("value") or ""
    by = ", ".join(str(row[name]) for name in ("speaker", "source") if row.get(name))
    text = f"claim {row['claim']}: “{said}”" + (f" ({by})" if by else "")
    return _step("claims", row["claim"], None, "claim", text, dict(row))


def metres(value: float) -> str:
    """Return a distance for a reader: ``300 m``, ``66.4 km``."""
    return f"{value:.0f} m" if value < 1000.0 else f"{value / 1000.0:.1f} km"


def lasting(ms: int) -> str:
    """Return a time that passes, for a reader: ``45 s``, ``11 min 43 s``, ``2 h 5 min``."""
    seconds = round(ms / 1000)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min" + (f" {seconds % 60} s" if seconds % 60 else "")
    minutes = round(seconds / 60)
    return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")


def plain(word: str) -> str:
    """Return a word of the store for a reader."""
    return str(word).replace("_", " ")


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _step(what: str, key: Any, t: int | None, kind: str, text: str, data: dict[str, Any]) -> Step:
    return Step(what, str(key), t, str(kind), text, data)
