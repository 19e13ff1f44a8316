"""Ensembles of a small made exercise whose truth is known."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np

from startex.testing.ensembles import write_ensemble

SERIALS = ("s04-sail", "s06-drop", "s09-fire")


def exercise(point: dict[str, Any], seed: int) -> dict[tuple[str, str], tuple[float | None, str]]:
    """Return the measures of one run: delays in h that grow with the wind and the persons."""
    draws = np.random.default_rng(seed)
    persons = 300.0 if point.get("persons", "T-1") == "T-1" else 260.0
    wind = float(point.get("wind", 8.0))
    chance = draws.exponential(0.3, 3)
    delay = chance * np.array([0.4, 1.0, 0.6]) + np.array([0.0, 0.06, 0.02]) * max(0.0, wind - 7.0)
    delay = delay + (persons - 260.0) / 200.0 * np.array([0.2, 0.0, 1.0])
    jumped = wind <= 12.0 + draws.normal(0.0, 1.0)
    found: dict[tuple[str, str], tuple[float | None, str]] = {
        ("serials.held", ""): (2.0 + jumped - (delay > 0.25).sum(), "serials"),
        ("serials.late", ""): (float((delay > 0.25).sum()), "serials"),
        ("serials.partly", ""): (0.0, "serials"),
        ("serials.not_held", ""): (float(not jumped), "serials"),
        ("serials.open", ""): (0.0, "serials"),
        ("serials.longest_delay", ""): (float(delay.max()), "h"),
        ("forces.persons", ""): (persons, "persons"),
        ("movement.road.person_km", ""): (persons * 90.0 + draws.normal(0.0, 200.0), "person-km"),
    }
    for number, serial in enumerate(SERIALS):
        started = serial != "s06-drop" or jumped
        found["serial_start_delay", serial] = (float(delay[number]) if started else None, "h")
        on_time = started and delay[number] <= 0.25
        found["serial_started_on_time", serial] = (float(on_time), "")
    for day in range(1, 6):
        share = min(1.0, 0.25 * day + 0.05 * draws.normal())
        found["persons_present", f"2024-06-0{day}"] = (persons * share, "persons")
    return found


WIND = {"name": "wind", "path": "weather.range.wind_m_s", "unit": "m/s", "distribution": "uniform"}
PERSONS = {"name": "persons", "claim": "persons", "distribution": "levels"}


def factorial(folder: Path, *, replications: int = 40, **more: Any) -> Path:
    """Write an ensemble over two claims and two winds; seed 9 fails in a strong wind."""

    def outcome(point: dict[str, Any], seed: int) -> Any:
        if seed == 9 and point["wind"] > 10.0:
            return "ValueError: the wind has no direction\n  in weather.csv, line 12"
        return exercise(point, seed)

    points = [{"persons": p, "wind": w} for p, w in itertools.product(("T-1", "T-2"), (6.0, 12.0))]
    design = {"kind": "factorial", "factors": [PERSONS, WIND], **more.pop("design", {})}
    return write_ensemble(
        folder, points, outcome, replications=replications, design=design,
        header={"scenario": "three-nations-day", "title": "Three Nations Day"}, **more,
    )  # fmt: skip


def policies(folder: Path, policy: str, *, replications: int = 30, **more: Any) -> Path:
    """Write an ensemble of one policy: ``announced`` has 300 persons, ``counted`` 260."""
    persons = "T-1" if policy == "announced" else "T-2"
    return write_ensemble(
        folder,
        [{"policy": policy}],
        lambda _, seed: exercise({"persons": persons}, seed),
        replications=replications,
        header={"scenario": "three-nations-day", "title": "Three Nations Day"},
        **more,
    )


def latin(folder: Path, *, points: int = 200) -> Path:
    """Write an ensemble over drawn winds and claims, one run a point."""
    draws = np.random.default_rng(7)
    winds = draws.permutation((np.arange(points) + draws.random(points)) / points) * 10.0 + 4.0
    claims = draws.permutation(np.arange(points) % 2)
    rows = [{"persons": f"T-{c + 1}", "wind": float(w)} for c, w in zip(claims, winds, strict=True)]
    return write_ensemble(
        folder, rows, exercise, common=False, design={"kind": "latin", "factors": [PERSONS, WIND]},
        header={"scenario": "three-nations-day", "title": "Three Nations Day"},
    )  # fmt: skip
