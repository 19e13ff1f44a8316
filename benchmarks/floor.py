"""The least that a run can cost: legs computed and tables written, once, in large pieces."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from startex.geography.geodesy import direct, inverse
from startex.recording import tables
from startex.recording.manifest import read_manifest
from startex.recording.writer import RunWriter


@dataclass
class Floor:
    """Processor seconds of the whole process."""

    legs: int
    moving: int
    geodesics_s: float
    store_s: float

    @property
    def total_s(self) -> float:
        """All of it."""
        return self.geodesics_s + self.store_s


def measure(run: Path, threads: int) -> Floor:
    """Return the floor of a finished run.

    Every leg that moves gets the azimuth and length of its geodesic, and from these its end, each
    in one call over all legs. Every table is encoded, written durably, read back and digested by
    the program's own writer, in the same segments.
    """
    legs = pq.read_table(run / "legs", columns=["lat0", "lon0", "lat1", "lon1"])
    lat0, lon0, lat1, lon1 = (legs.column(name).to_numpy() for name in legs.column_names)
    moves = (lat0 != lat1) | (lon0 != lon1)
    lat0, lon0, lat1, lon1 = (column[moves] for column in (lat0, lon0, lat1, lon1))
    begin = time.process_time()
    azimuth, length = inverse(lat0, lon0, lat1, lon1)
    end_lat, _ = direct(lat0, lon0, azimuth, length)
    geodesics_s = time.process_time() - begin
    assert np.abs(end_lat - lat1).max() < 1e-6, "the geodesics do not lead where the legs do"
    return Floor(len(legs), lat0.size, geodesics_s, _write_again(run, threads))


def _write_again(run: Path, threads: int) -> float:
    manifest = read_manifest(run)

    def table(path: str, name: str) -> object:
        return tables.conform(name, pq.read_table(run / path))

    segments = [
        {file.table: table(file.path, file.table) for file in files} for files in manifest.segments
    ]
    static = {file.table: table(file.path, file.table) for file in manifest.static}
    with tempfile.TemporaryDirectory() as folder:
        begin = time.process_time()
        with RunWriter(Path(folder) / "run", manifest.header, threads=threads) as writer:
            for index, segment in enumerate(segments):
                writer.write_segment(index, segment)
            for name, rows in static.items():
                writer.write_static(name, rows)
            again = writer.finish(manifest.counts)
        spent = time.process_time() - begin
    assert again.digest == manifest.digest, "written again, the run has another digest"
    return spent
