"""A small exercise at sea, off Brittany: raiders against ships, mines, intruders. Fictional."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from startex.foundation.clock import parse_time
from startex.testing.plan import Plan, place, way

WHY = "invented for a test"
MIDDLE = (46.6, -4.6)
START = "2031-06-10T00:00Z"
END = "2031-06-12T00:00Z"

_WEATHER = (
    "area,from,wind_kn,wind_from_deg,visibility_km,sea_state,rain_mm_h,temperature_c,"
    "cloud_percent,claim,assumed\n"
    f",{START},20,270,20,2,0,15,20,,invented for a test\n"
)


def exercise(folder: Path, units: list[dict[str, Any]], serials: list[dict[str, Any]]) -> Path:
    """Write a scenario with units (id, home, platforms) and serials (id, task, hours, ...).

    Places: ``area`` (30 km about `MIDDLE`), ``near`` (3 km about it), ``close`` (8 km to
    the east), ``away`` (90 km to the west),
    ``field`` (an airfield on land), and the lane ``lane`` from ``away`` to ``area``.
    """
    plan = Plan("at-sea", "At sea", parse_time(START), parse_time(END))
    points = [
        ("area", "sea_area", MIDDLE, 30_000.0), ("near", "sea_area", MIDDLE, 3_000.0),
        ("close", "sea_area", (46.6, -4.5), 2_000.0),
        ("away", "sea_area", (46.6, -5.8), 4_000.0), ("field", "airfield", (47.98, -3.9), 2_500.0),
    ]  # fmt: skip
    plan.places = [place(i, i.capitalize(), kind, at, r, WHY) for i, kind, at, r in points]
    plan.ways = [way("lane", "Lane", "lane", ("away", "area"), [(46.6, -5.8), MIDDLE])]
    plan.origins = [{"origin": "nobody", "name": "Nobody", "kind": "other", "nation": "FRA"}]
    plan.units = [
        {
            "unit": unit["unit"], "name": unit["unit"].capitalize(), "nation": "FRA",
            "side": "coalition", "echelon": "group", "home": unit["home"],
            "parts": [{"platform": name, "count": n} for name, n in unit["parts"].items()],
            "counted": not any(name.startswith("target") for name in unit["parts"]),
            "provenance": {"assumed": WHY},
        }
        for unit in units
    ]  # fmt: skip
    day = START[:8]
    plan.serials = [
        {
            "serial": one["serial"], "name": one["serial"].capitalize(), "task": one["task"],
            "place": one.get("place", "area"), "phase": "implementation",
            "start": f"{day}{10 + one['hours'][0] // 24}T{one['hours'][0] % 24:02d}:00Z",
            "end": f"{day}{10 + one['hours'][1] // 24}T{one['hours'][1] % 24:02d}:00Z",
            "units": one["units"], "opfor": one.get("opfor", []), "support": one.get("support", []),
            "params": one.get("params", {}), "assumed": WHY,
        }
        for one in serials
    ]  # fmt: skip
    plan.policies = [
        {
            "policy": "plain",
            "name": "Plain",
            "summary": "Nothing to settle.",
            "rules": [{"origins": ["nobody"]}],
        }
    ]
    plan.write(folder)
    (folder / "weather.csv").write_text(_WEATHER, encoding="utf-8")
    return folder
