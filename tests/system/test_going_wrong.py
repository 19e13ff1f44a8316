"""When something goes wrong, the run says so, as an event with its cause; nothing vanishes."""

from __future__ import annotations

import yaml

import startex
from startex.engine.simulation import Simulation


def _edit(folder, serial: str, **changes) -> None:
    path = folder / "serials.yaml"
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    row = next(row for row in rows if row["serial"] == serial)
    for key, value in changes.items():
        if key == "params":
            row.setdefault("params", {}).update(value)
        else:
            row[key] = value
    path.write_text(yaml.safe_dump(rows, sort_keys=False, allow_unicode=True), encoding="utf-8")


def _serials(run) -> dict[str, dict]:
    return {row["serial"]: row for row in run.table("serials").to_pylist()}


def _causes(run, event: dict) -> list[str]:
    """Kinds of events from an event back to the first cause."""
    by_id = {row["event"]: row for row in run.table("events").to_pylist()}
    kinds = [event["kind"]]
    while event["cause"] is not None:
        event = by_id[event["cause"]]
        kinds.append(event["kind"])
    return kinds


def test_a_slow_march_delays_what_follows_and_the_causes_lead_back(tutorial_folder, tmp_path):
    _edit(tutorial_folder, "s03-march-kaz", params={"speed_km_h": 16})
    _edit(tutorial_folder, "s07-occupy", start="2025-06-14T09:31+05:00")
    run = startex.simulate(startex.load(tutorial_folder), out=tmp_path / "run", seed=1)
    serials = _serials(run)
    assert serials["s03-march-kaz"]["outcome"] == "held_late"
    later = [row for row in serials.values() if "kaz-company" in (row["units"] or "").split(";")]
    touched = [row for row in later if row["outcome"] in ("held_late", "called_off")]
    assert len(touched) >= 2
    delays = [e for e in run.table("events").to_pylist() if e["kind"] == "serial_delayed"]
    assert delays
    assert all(event["text"] for event in delays)
    chains = [_causes(run, event) for event in delays if event["cause"] is not None]
    assert any("serial_started" in chain[1:] for chain in chains)


def test_a_range_taken_keeps_the_next_serial_waiting(tutorial_folder, tmp_path) -> None:
    _edit(tutorial_folder, "s07-occupy", books_range=True, priority=5)
    _edit(tutorial_folder, "s09-fire", books_range=True)
    run = startex.simulate(startex.load(tutorial_folder), out=tmp_path / "run", seed=1)
    serials = _serials(run)
    fire, occupy = serials["s09-fire"], serials["s07-occupy"]
    assert fire["start"] is None or occupy["end"] is None or fire["start"] >= occupy["end"]


def test_an_order_that_cannot_be_carried_out_is_refused_with_its_reason(tutorial_folder, tmp_path):
    """A patrol that is to begin far beyond the time it has: nobody gets there."""
    _edit(
        tutorial_folder, "s05-patrol", end="2025-06-14T08:31+05:00",
    )  # fmt: skip
    run = startex.simulate(startex.load(tutorial_folder), out=tmp_path / "run", seed=1)
    patrol = _serials(run)["s05-patrol"]
    refused = [e for e in run.table("events").to_pylist() if e["kind"] == "order_refused"]
    assert patrol["outcome"] == "not_held"
    assert [event["serial"] for event in refused] == ["s05-patrol"]
    assert _causes(run, refused[0]) == ["order_refused", "serial_started"]
    assert patrol["reason"] in refused[0]["text"]


def test_a_quiet_month_costs_nothing(tutorial_folder, tmp_path, monkeypatch) -> None:
    """Cost follows events: a month more in which nothing is planned adds no work to the engine."""
    instants: list[int] = []
    original = Simulation._instant

    def counted(self, t):
        instants.append(t)
        original(self, t)

    monkeypatch.setattr(Simulation, "_instant", counted)
    short = startex.simulate(startex.load(tutorial_folder), out=tmp_path / "a", seed=1)
    first = len(instants)
    path = tutorial_folder / "scenario.yaml"
    text = path.read_text(encoding="utf-8").replace("end: 2025-06-15T", "end: 2025-07-15T")
    path.write_text(text, encoding="utf-8")
    long = startex.simulate(startex.load(tutorial_folder), out=tmp_path / "b", seed=1)
    assert long.manifest.header.sim_end > short.manifest.header.sim_end
    assert len(instants) - first == first
    assert long.manifest.counts["legs"] == short.manifest.counts["legs"]
