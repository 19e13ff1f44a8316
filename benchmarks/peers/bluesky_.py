"""BlueSky, headless: aircraft with routes, its own autopilot, its own detection or a KD-tree.

Variants: ``own`` asks BlueSky's conflict detection (the compiled one of the package) for losses of
separation each second, with the distance as its protected zone; ``kdtree`` leaves detection off
and searches BlueSky's positions as the bare NumPy loop does.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
import time
from importlib import resources
from pathlib import Path

import numpy as np
from benchmarks.peers.answer import Answer, arguments
from benchmarks.peers.numpy_kdtree import near
from benchmarks.peers.workload import waypoints_needed

SETTINGS = {
    "simdt": 1.0,
    "fms_dt": 1.0,
    "asas_dt": 1.0,
    "performance_model": "off",
    "prefer_compiled": True,
    "enabled_plugins": [],
}
"""Beyond the defaults of the package: all at 1 s, no performance model, compiled where there is."""

NM_M = 1852.0
UNSET = -999.0
"""What BlueSky takes for no altitude and no speed at a waypoint."""

ALTITUDE_M = 0.0
"""At sea level calibrated, true and ground speed are the same."""


def start(folder: str):
    """Return BlueSky, ready and empty, with a step of one second and no performance model."""
    import bluesky as bs
    from bluesky import settings

    settings_file = f"{folder}/settings.cfg"
    text = resources.files("bluesky").joinpath("resources/default.cfg").read_text()
    for name, value in SETTINGS.items():
        text += f"\n{name} = {value!r}\n"
    Path(settings_file).write_text(text)
    with contextlib.redirect_stdout(io.StringIO()):
        bs.init(mode="sim", detached=True, workdir=folder, configfile=settings_file)
    assert settings.simdt == 1.0
    return bs


def command(bs, line: str) -> None:
    """Run a line of BlueSky's command language."""
    bs.stack.stack(line)
    bs.stack.simstack.process()


def create(bs, work) -> None:
    """Create one aircraft an entity, bound for its first waypoint, with its route.

    All but the last waypoint are added without `addwpt_simple`, which looks through the names of
    all aircraft for each.
    """
    needed = waypoints_needed(work)
    d_lat = work.lat[:, 1] - work.lat[:, 0]
    d_lon = (work.lon[:, 1] - work.lon[:, 0]) * np.cos(np.radians(work.lat[:, 0]))
    bs.traf.cre(
        [f"E{k:05d}" for k in range(work.size)],
        "EC35",
        work.lat[:, 0].copy(),
        work.lon[:, 0].copy(),
        np.degrees(np.arctan2(d_lon, d_lat)) % 360.0,
        np.full(work.size, ALTITUDE_M),
        work.speed_m_s.copy(),
    )
    with contextlib.redirect_stdout(io.StringIO()):
        for k, name in enumerate(bs.traf.id):
            route = bs.traf.ap.route[k]
            last = int(needed[k])
            for number in range(1, last):
                way = (float(work.lat[k, number]), float(work.lon[k, number]))
                named = f"{name}-{number}"
                route.addwpt_data(False, number - 1, named, *way, route.wplatlon, UNSET, UNSET)
            way = (float(work.lat[k, last]), float(work.lon[k, last]))
            route.addwpt_simple(k, f"{name}-{last}", route.wplatlon, *way)
            route.calcfp()
            route.direct(k, route.wpname[0])
    bs.traf.swlnav[:] = True
    bs.traf.swvnav[:] = False
    bs.traf.swvnavspd[:] = False


def run(work, answer: Answer, variant: str, budget_s: float) -> None:
    """Step through the window, or as far as the budget lasts."""
    with tempfile.TemporaryDirectory() as folder:
        bs = start(folder)
        create(bs, work)
        if variant == "own":
            command(bs, "CDMETHOD CSTATEBASED")
            command(bs, f"ZONER {work.within_m / NM_M!r}")
            command(bs, "DTLOOK 0")
            answer.facts["detection"] = bs.traf.cd._selected().__name__
            bs.traf.cd.rpz[:] = work.within_m
            row = {name: k for k, name in enumerate(bs.traf.id)}
        answer.facts["performance"] = bs.traf.perf._selected().__name__
        bs.sim.op()
        answer.watch.lap("setup")
        begin = time.process_time()
        for second in range(1, work.duration_s + 1):
            bs.sim.step()
            answer.watch.lap("move")
            if variant == "own":
                i, j = opposite(bs.traf.cd.lospairs, row, work.first)
            else:
                i, j = near(bs.traf.lat, bs.traf.lon, work.first, work.within_m)
            answer.watch.lap("pairs")
            answer.report(second, bs.traf.lat.copy(), bs.traf.lon.copy(), i, j)
            if time.process_time() - begin > budget_s:
                break
        assert abs(bs.sim.simt - len(answer.counts)) < 1e-6


def opposite(pairs: list[tuple[str, str]], row: dict[str, int], first: int):
    """Return the pairs of names that are of opposite sides, each once, as indices."""
    both = [(row[a], row[b]) for a, b in pairs]
    array = np.array(both, dtype=np.int64).reshape(-1, 2)
    array = array[(array[:, 0] < first) & (array[:, 1] >= first)]
    return array[:, 0], array[:, 1] - first


if __name__ == "__main__":
    work, path, budget, args = arguments()
    answer = Answer(work)
    run(work, answer, args.variant, budget)
    answer.save(path)
