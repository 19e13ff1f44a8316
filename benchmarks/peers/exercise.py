"""The workload as an exercise of Startex: a scenario folder; every craft is ordered to sail.

One unit, one serial and so many named places a craft: the files a user would write, no short cut.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.peers.workload import Workload, waypoints_needed

from startex.testing.plan import Plan, place, time_text

START_MS = 1_780_300_800_000  # 2026-06-01T08:00Z
ASSUMED = {"assumed": "the workload of the benchmark"}
M_S_PER_KN = 1852.0 / 3600.0
TYPE = "fast-craft"
FIGURES = (("crew", "1", "1"), ("seats", "0", "1"), ("length_m", "20", "m"), ("width_m", "6", "m"),
           ("mass_kg", "40", "t"), ("speed_max_m_s", "60", "kn"), ("speed_cruise_m_s", "30", "kn"),
           ("range_m", "2000", "nmi"))  # fmt: skip


def write(work: Workload, folder: Path) -> Path:
    """Write the scenario folder and return it."""
    plan = Plan(
        "peers", "The workload of the benchmark against peers", START_MS, START_MS + 7_200_000
    )
    plan.policies.append({"policy": "as-is", "name": "As is", "summary": "Nothing is disputed.",
                          "rules": [{"origins": ["b"]}]})  # fmt: skip
    plan.sources.append({"source": "B", "title": "Benchmark", "publisher": "Startex",
                         "date": "2026", "reached_as": "original", "origin": "b"})  # fmt: skip
    plan.origins.append({"origin": "b", "name": "Benchmark", "kind": "background", "nation": ""})
    plan.claims.append({
        "claim": "B-1", "kind": "seed", "class": "fact", "quote": "Two sides follow waypoints.",
        "says": [{"subject": "exercise", "field": "workload", "text": "two sides"}],
        "said_by": "benchmark", "source": "B", "origin": "b", "asserted": "2026",
    })  # fmt: skip
    needed = waypoints_needed(work)
    for row in range(work.size):
        name = f"e{row:05d}"
        stops = [f"{name}-{k}" for k in range(needed[row] + 1)]
        for k, stop in enumerate(stops):
            at = (float(work.lat[row, k]), float(work.lon[row, k]))
            plan.places.append(place(stop, stop, "point", at, 500.0, ASSUMED["assumed"]))
        plan.units.append({
            "unit": name, "name": f"Craft {row}", "nation": "KAZ", "echelon": "team",
            "side": "coalition" if row < work.first else "opposing", "home": stops[0],
            "parts": [{"platform": TYPE}], "provenance": ASSUMED,
        })  # fmt: skip
        plan.serials.append({
            "serial": f"s-{name}", "name": f"Craft {row} sails", "task": "sail",
            "place": stops[-1], "phase": "implementation",
            "start": time_text(START_MS), "end": time_text(START_MS + 5_400_000), "units": [name],
            "params": {"speed_kn": float(work.speed_m_s[row] / M_S_PER_KN), "via": stops[1:-1]},
            **ASSUMED,
        })  # fmt: skip
    plan.write(folder)
    with (folder / "scenario.yaml").open("a", encoding="utf-8") as file:
        file.write("include_catalogue: catalogue\n")
    catalogue = folder / "catalogue"
    catalogue.mkdir()
    (catalogue / "types.csv").write_text(
        f"type,name,kind,symbol,crew_roles,note\n{TYPE},Fast craft,ship,30120204,ship,\n"
    )
    lines = [f"{TYPE},{name},{value},{unit},,assumed\n" for name, value, unit in FIGURES]
    (catalogue / "figures.csv").write_text(
        "type,figure,value,unit,source,assumed\n" + "".join(lines)
    )
    return folder
