"""Startex: ways in closed form, recorded in a run store; who was near whom is asked of the store.

Variants: ``exercise`` is the product whole: a scenario folder is loaded, checked, run by the
engine and recorded. ``legs`` writes the same legs with the library (`geography.geodesy.cut`,
`recording.writer.RunWriter`), without scenario, orders and engine.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
from benchmarks.peers.answer import Answer, arguments
from benchmarks.peers.exercise import START_MS
from benchmarks.peers.workload import waypoints_needed


def by_exercise(work, answer: Answer, folder: Path, scenario: Path):
    """Run the scenario folder; return the run."""
    import startex

    loaded = startex.load(str(scenario))
    answer.watch.lap("setup")
    until = START_MS + 1000 * work.duration_s
    run = startex.simulate(loaded, seed=0, out=folder, until_ms=until + 1)
    answer.facts["legs"] = len(run.table("legs"))
    answer.watch.lap("move")
    return run


def by_legs(work, answer: Answer, folder: Path):
    """Record the ways as legs; return the run."""
    from startex.geography.geodesy import cut
    from startex.recording.manifest import Header
    from startex.recording.reader import Run
    from startex.recording.writer import RunWriter

    needed = waypoints_needed(work)
    answer.watch.lap("setup")
    columns: dict[str, list] = {name: [] for name in ("entity", "t", "lat", "lon")}
    for row in range(work.size):
        path = cut(work.lat[row, : needed[row] + 1], work.lon[row, : needed[row] + 1])
        columns["lat"].append(path.lat)
        columns["lon"].append(path.lon)
        columns["t"].append(np.round(1000.0 * path.s / work.speed_m_s[row]).astype(np.int64))
        columns["entity"].append(np.full(path.s.size, row, np.int32))
    entity, t, lat, lon = (np.concatenate(part) for part in columns.values())
    leg = np.flatnonzero(entity[1:] == entity[:-1])
    zero = np.zeros(leg.size)
    legs = pa.table(
        {
            "entity": entity[leg], "t0": START_MS + t[leg], "t1": START_MS + t[leg + 1],
            "lat0": lat[leg], "lon0": lon[leg], "alt0": zero,
            "lat1": lat[leg + 1], "lon1": lon[leg + 1], "alt1": zero,
            "mode": pa.array(["sea"] * leg.size),
        }
    )  # fmt: skip
    end = START_MS + max(int(t.max()), 1000 * work.duration_s) + 1
    header = Header("peers", "0" * 64, "as-is", 0, START_MS, end, "0")
    with RunWriter(folder, header) as writer:
        writer.write_static("entities", entities(work))
        writer.write_segment(0, {"legs": legs})
        writer.finish()
    answer.facts["legs"] = leg.size
    run = Run(folder)
    answer.watch.lap("move")
    return run


def entities(work) -> pa.Table:
    """Return the table of entities: one ship a row of the workload."""
    from startex.recording import tables

    count = work.size
    sides = ["coalition"] * work.first + ["opposing"] * (count - work.first)
    fixed = {
        "entity": np.arange(count, dtype=np.int32), "side": sides, "kind": ["ship"] * count,
        "name": [f"Craft {row}" for row in range(count)], "unit": np.zeros(count, np.int32),
        "nation": ["KAZ"] * count, "owner_nation": ["KAZ"] * count, "sidc": ["1" * 20] * count,
        "counted": np.ones(count, bool), "key": np.arange(count, dtype=np.uint64),
        "start_lat": work.lat[:, 0], "start_lon": work.lon[:, 0], "start_alt": np.zeros(count),
    }  # fmt: skip
    schema = tables.schema("entities")
    return pa.table(
        {
            field.name: pa.array(fixed[field.name])
            if field.name in fixed
            else pa.nulls(count, pa.string() if pa.types.is_dictionary(field.type) else field.type)
            for field in schema
        }
    )


def craft(run, work) -> np.ndarray:
    """Return the entity row of each craft of the workload, in its order, shape (n,)."""
    if not len(run.table("units")):
        return np.arange(work.size)
    units = run.sql(
        "select e.entity, u.name from entities e join units u on e.unit = u.unit "
        "where e.kind = 'ship'"
    )
    by_unit = dict(zip(units["name"].to_pylist(), units["entity"].to_pylist(), strict=True))
    return np.array([by_unit[f"Craft {row}"] for row in range(work.size)])


def report(run, work, answer: Answer) -> None:
    """Ask the run who was near whom, and read each second's pairs off the answer."""
    rows = craft(run, work)
    number = np.full(int(rows.max()) + 1, -1)
    number[rows] = np.arange(work.size)
    last = START_MS + 1000 * work.duration_s
    met = run.encounters(
        work.within_m, (START_MS, last), first=rows[: work.first], second=rows[work.first :]
    )
    first = number[met["entity"].to_numpy()]
    second = number[met["other"].to_numpy()] - work.first
    t0, t1 = met["t0"].to_numpy(), met["t1"].to_numpy()
    answer.facts["encounters"] = met.num_rows
    answer.watch.lap("pairs")
    for s in range(1, work.duration_s + 1):
        t = START_MS + 1000 * s
        near = np.flatnonzero((t0 <= t) & (t <= t1))
        i, j = first[near], second[near]
        answer.watch.lap("pairs")
        where = run.lookup.locate(rows, t) if s == 1 or s % 60 == 0 else None
        nowhere = np.empty(0)
        lat, lon = (nowhere, nowhere) if where is None else (where.lat, where.lon)
        answer.report(s, lat, lon, i, j)


if __name__ == "__main__":
    work, path, _, args = arguments()
    answer = Answer(work)
    folder = path.with_suffix(".run")
    shutil.rmtree(folder, ignore_errors=True)
    if args.variant == "exercise":
        run = by_exercise(work, answer, folder, path.parent / "exercise")
    else:
        run = by_legs(work, answer, folder)
    report(run, work, answer)
    start = run.lookup.locate(craft(run, work), START_MS)
    answer.facts["run_mb"] = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6
    answer.save(path)
    np.savez(path.with_suffix(".start.npz"), lat=start.lat, lon=start.lon)
    shutil.rmtree(folder)
