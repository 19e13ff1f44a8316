"""All that the store tells of one entity, unit, place or serial at an instant."""

from __future__ import annotations

import dataclasses

from startex.foundation.clock import format_time
from startex.recording.causation import parsed
from startex.recording.whereabouts import unit_whereabouts, whereabouts
from startex.view.archive import Archive, Row, counted, id_list
from startex.view.evidence import briefs
from startex.view.motion import aboard
from startex.view.problems import RefusedError
from startex.view.tables import known, serial_row, with_claims

KINDS = ("entity", "unit", "place", "serial")

MOST_LISTED = 100
"""Rows of a list on a card; how many there are is told beside it."""

_TAKING_PART = (("units", "training"), ("support", "support"), ("opfor", "opposing"))


def card(archive: Archive, asked: Row) -> Row:
    """Return a card: who, where, aboard what, under which orders, on which claims."""
    t = archive.end if asked["t"] is None else archive.instant("t", asked["t"])
    make = {"entity": _entity, "unit": _unit, "place": _place, "serial": _serial}[asked["kind"]]
    found = make(archive, asked["id"], t)
    return {"kind": asked["kind"], "t": t, "at": format_time(t), **found}


def _entity(archive: Archive, key: str, t: int) -> Row:
    row = _row_of(archive, key)
    entity = archive.entities.slice(row, 1).to_pylist()[0]
    del entity["key"]
    where = dataclasses.asdict(whereabouts(archive.run, row, t))
    chain = archive.unit_chain(entity["unit"])
    riders = aboard(archive, row, t)
    names = archive.entities.column("name")
    unit = archive.units[entity["unit"]]
    return {
        "entity": entity,
        "unit": with_claims(unit),
        "type": _type(archive, entity["type"]),
        "where": where,
        "aboard": _list([{"entity": rider, "name": str(names[rider])} for rider in riders]),
        "orders": _list(_orders(archive, chain, t)),
        "supply": _supply(archive, chain, t),
        "mishaps": [m for m in archive.rows("mishaps") if m["entity"] == row and m["t0"] <= t],
        "claims": briefs(archive, unit["claim"]),
    }


def _row_of(archive: Archive, key: str) -> int:
    """Return the row of an entity by its name or its row."""
    names = archive.entities.column("name")
    found = names.index(key).as_py()
    if found < 0 and key.isascii() and key.isdigit() and int(key) < len(names):
        found = int(key)
    if found < 0:
        allowed = counted(names, "row")
        raise RefusedError(404, f"there is no entity {key!a}; {allowed}, search tells the names")
    return int(found)


def _unit(archive: Archive, key: str, t: int) -> Row:
    row = archive.index("units", "id").get(key)
    if row is None and key.isascii() and key.isdigit() and int(key) < len(archive.units):
        row = archive.units[int(key)]
    if row is None:
        row = known(archive, "units", "id", key)
    number = int(row["unit"])
    chain = archive.unit_chain(number)
    strengths = [s for s in archive.rows("strengths") if s["unit"] == number and s["t"] <= t]
    return {
        "unit": with_claims(row),
        "above": [_named(archive.units[above]) for above in chain[1:]],
        "below": _list([_named(u) for u in archive.units if u["parent"] == number]),
        "where": dataclasses.asdict(unit_whereabouts(archive.run, number, t)),
        "orders": _list(_orders(archive, chain, t)),
        "supply": _supply(archive, chain, t),
        "strength": max(strengths, key=lambda s: s["t"], default=None),
        "serials": [
            {"serial": s["serial"], "name": s["name"], "task": s["task"], "as": role}
            for s in archive.rows("serials")
            for column, role in _TAKING_PART
            if row["id"] in id_list(s[column])
        ],
        "claims": briefs(archive, row["claim"]),
    }


def _place(archive: Archive, key: str, t: int) -> Row:
    row = known(archive, "places", "place", key)
    return {
        "place": with_claims({name: value for name, value in row.items() if name != "polygon"}),
        "serials": _list(
            [serial_row(s) for s in archive.rows("serials") if s["place"] == row["place"]]
        ),
        "home_of": _list([_named(u) for u in archive.units if u["home"] == row["place"]]),
        "claims": briefs(archive, row["claim"]),
    }


def _serial(archive: Archive, key: str, t: int) -> Row:
    row = known(archive, "serials", "serial", key)
    given = [o for o in archive.rows("orders") if o["serial"] == key and o["t_issued"] <= t]
    return {
        "serial": serial_row(row),
        "place": archive.index("places", "place").get(row["place"]),
        "orders": _list([_order(order) for order in given]),
        "outcomes": archive.run.outcomes(key).to_pylist(),
        "claims": briefs(archive, row["claim"]),
    }


def _named(unit: Row) -> Row:
    return {name: unit[name] for name in ("unit", "id", "name", "echelon", "nation")}


def _orders(archive: Archive, chain: list[int], t: int) -> list[Row]:
    """Return the orders under way for a unit or those above it, its own first."""
    under_way = [
        order
        for order in archive.rows("orders")
        if order["unit"] in chain
        and order["t_start"] is not None
        and order["t_start"] <= t
        and (order["t_end"] is None or order["t_end"] > t)
    ]
    under_way.sort(key=lambda order: (chain.index(order["unit"]), order["order"]))
    return [_order(order) for order in under_way]


def _order(order: Row) -> Row:
    return {**order, "params": parsed(order["params"])}


def _supply(archive: Archive, chain: list[int], t: int) -> Row | None:
    """Return the last accounts of a unit, else of the nearest above it that has any by then."""
    by_unit: dict[int, dict[tuple[str, str], Row]] = {}
    for row in archive.rows("supply"):
        if row["unit"] in chain and row["t"] <= t:
            latest = by_unit.setdefault(row["unit"], {})
            key = row["item"], row["holding"]
            if key not in latest or latest[key]["t"] <= row["t"]:
                latest[key] = row
    for unit in chain:
        if unit in by_unit:
            held = [row for _, row in sorted(by_unit[unit].items())]
            return {"unit": unit, "accounts": held}
    return None


def _type(archive: Archive, key: str | None) -> Row | None:
    """Return what the catalogue says of a type, without what does not apply to it."""
    row = archive.index("catalogue", "type").get(key) if key else None
    return row and {name: value for name, value in row.items() if value is not None}


def _list(rows: list[Row]) -> Row:
    return {"count": len(rows), "first": rows[:MOST_LISTED]}
