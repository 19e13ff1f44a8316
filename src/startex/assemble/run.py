"""Run a scenario into a folder, or finish a run that was interrupted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from startex.assemble.build import Exercise, build
from startex.assemble.gate import Gate
from startex.assemble.live import LiveRecord
from startex.assemble.recorder import StoreRecorder
from startex.assemble.tables import after_tables, before_tables
from startex.foundation.clock import format_time
from startex.foundation.errors import StartexError, UsageError, did_you_mean
from startex.recording.live import LiveRun
from startex.recording.manifest import MANIFEST, Header, read_manifest
from startex.recording.reader import Run
from startex.recording.writer import RunWriter
from startex.scenario.load import load_scenario
from startex.scenario.scenario import Scenario
from startex.version import __version__

Progress = Callable[[int], None]
"""Called with the simulated time (ms) as the run goes on."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A run that is watched: ``gate`` paces it, ``show`` is given what is known, now and then.

    ``end`` is given all legs of a run that has ended, in the parts in which they were shown.
    """

    gate: Gate
    show: Callable[[LiveRun], None]
    end: Callable[[Sequence[pa.Table]], None] = lambda parts: None


def simulate(
    scenario: Scenario,
    *,
    out: str | Path | None = None,
    policy: str | None = None,
    seed: int = 0,
    until_ms: int | None = None,
    threads: int = 2,
    progress: Progress | None = None,
    watch: Watch | None = None,
    durable: bool = True,
) -> Run:
    """Run a scenario and return the run.

    Parameters
    ----------
    scenario
        As `startex.load` returns it.
    out
        Folder of the run: new or empty. When not given, ``runs/SCENARIO-POLICY-SEED``; and if
        that holds this very run already, it is returned as it is.
    policy
        Which claims to believe; the scenario's first policy when not given.
    seed
        Of everything left to chance, 0 to 2**32 - 1.
    until_ms
        Stop here (ms since the epoch) and leave a run that `resume` finishes.
    threads
        Threads that encode and write; the content of the run does not depend on it.
    progress
        Called with the simulated time.
    watch
        Who watches and paces the run; its content does not depend on it.
    durable
        Whether the folder survives a kill or a power cut meanwhile, and can be resumed; one that
        is soon thrown away need not.

    Raises
    ------
    StartexError
        If the policy is unknown, the forces cannot be made up, or the folder cannot be written.
    """
    policy = policy or scenario.policies[0]
    if policy not in scenario.policies:
        raise UsageError(f"no policy {policy!r}; {did_you_mean(policy, scenario.policies)}")
    if not 0 <= seed < 2**32:
        raise UsageError(f"seed {seed} is out of range: 0 to {2**32 - 1}")
    _check_until(until_ms, scenario)
    header = _header(scenario, policy, seed)
    if out is None:
        out = default_folder(scenario, policy, seed)
        if until_ms is None and (found := _same_run(Path(out), header)) is not None:
            return found
    exercise = [build(scenario, policy, seed)]
    writer = RunWriter(out, header, threads=threads, durable=durable)
    return _run(exercise, writer, until_ms, progress, watch)


def _check_until(until_ms: int | None, scenario: Scenario) -> None:
    if until_ms is not None and until_ms < scenario.start_ms:
        raise UsageError(
            f"nothing to run until {format_time(until_ms)}: "
            f"{scenario.name} begins at {format_time(scenario.start_ms)}"
        )


def default_folder(scenario: Scenario, policy: str, seed: int) -> Path:
    """Return the folder of a run for which none is named, below the working folder."""
    return Path("runs") / f"{scenario.name}-{policy}-{seed}"


def _same_run(folder: Path, header: Header) -> Run | None:
    """Return the complete run in a folder if it is a function of the same things."""
    if not (folder / MANIFEST).is_file():
        return None
    run = Run(folder)
    same = run.manifest.complete and run.manifest.header.identity() == header.identity()
    return run if same else None


def resume(
    folder: str | Path, *, threads: int = 2, until_ms: int | None = None,
    progress: Progress | None = None,
) -> Run:  # fmt: skip
    """Finish an interrupted run: the same bytes as if nothing had happened.

    The run is replayed from its start, which takes seconds, needs no second description of the
    state, and proves every stored segment anew.

    Raises
    ------
    StartexError
        If there is no unfinished run, or its scenario has changed since.
    """
    manifest = read_manifest(Path(folder))
    if manifest.foreign:
        raise StartexError(f"another program wrote the run in {folder}: only it can go on with it")
    header = manifest.header
    scenario = load_scenario(header.notes.get("scenario_folder", header.scenario))
    found = _header(scenario, header.policy, header.seed)
    if found.identity() != header.identity():
        raise StartexError(
            f"{folder} cannot be resumed: the scenario or the program has changed since "
            f"(scenario {header.scenario_digest[:12]} then, {found.scenario_digest[:12]} now; "
            f"version {header.version} then, {found.version} now); run it anew"
        )
    _check_until(until_ms, scenario)
    writer = RunWriter.resume(folder, found, threads=threads)
    with writer:
        return _run([build(scenario, header.policy, header.seed)], writer, until_ms, progress)


def _header(scenario: Scenario, policy: str, seed: int) -> Header:
    return Header(
        scenario=scenario.name,
        scenario_digest=scenario.digest,
        policy=policy,
        seed=seed,
        sim_start=scenario.start_ms,
        sim_end=scenario.end_ms,
        version=__version__,
        notes={
            "title": scenario.title,
            "scenario_folder": _reference(scenario),
            "utc_offset_h": f"{scenario.utc_offset_h:g}",
        },
    )


def _reference(scenario: Scenario) -> str:
    """Return how to find the scenario again: its name when it is shipped, else its path."""
    from startex.scenario.load import SHIPPED  # noqa: PLC0415

    folder = Path(scenario.folder).resolve()
    return scenario.name if folder.parent == SHIPPED.resolve() else str(folder)


def _run(
    handed: list[Exercise],
    writer: RunWriter,
    until_ms: int | None,
    progress: Progress | None,
    watch: Watch | None = None,
) -> Run:
    """Run the only exercise in ``handed``, which is taken out: its memory is free at the end."""
    with writer:
        complete, tables = _simulate(handed.pop(), writer, until_ms, progress, watch)
        if complete:
            for name, table in tables.items():
                writer.write_static(name, table)
            writer.finish()
    return Run(writer.folder)


def _simulate(
    exercise: Exercise,
    writer: RunWriter,
    until_ms: int | None,
    progress: Progress | None,
    watch: Watch | None,
) -> tuple[bool, dict[str, pa.Table]]:
    """Write all segments; return whether the run came to its end, and the tables written last."""
    before = before_tables(exercise)
    for name, table in before.items():
        writer.write_static(name, table)
    serials = [run.serial.serial for run in exercise.board.runs]
    recorder = StoreRecorder(writer, exercise.world.places, serials)
    if watch is None:
        simulation = exercise.simulation(recorder)
        reached = simulation.run(until_ms, progress)
    else:
        record = LiveRecord(writer, recorder, exercise, before, until_ms)
        simulation = exercise.simulation(record)
        with watch.gate.looking(lambda t: watch.show(record.look(simulation, t))):
            reached = simulation.run(until_ms, progress, watch.gate.pass_on)
        watch.end(record.parts())
    tables = after_tables(exercise, simulation)
    complete = reached >= exercise.world.end_ms
    if not complete:
        writer.interrupt(reached, {**recorder.tail, **tables})
    return complete, tables
