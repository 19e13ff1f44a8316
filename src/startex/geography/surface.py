"""Land and water: a mask of one arc-minute for questions, polygons for drawing.

Data: Natural Earth 4.1.0, land 1:10m and 1:50m, lakes 1:50m (public domain). What lies between
the cell's centre and its edge, and how far 1:10m generalises a coast, is `COAST_TOLERANCE_M`.
Rivers, canals and harbour basins are not in the data: the Amur is land here, below its estuary.
"""

from __future__ import annotations

import json
import math
import zlib
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import shapely
import shapely.affinity

from startex.foundation.errors import StartexError
from startex.geography.paths import Float64

Bool = npt.NDArray[np.bool_]
Scale = Literal["10m", "50m"]

CELL_DEG = 1.0 / 60.0
ROWS, COLUMNS = 180 * 60, 360 * 60

COAST_TOLERANCE_M = 3_000.0
"""Within this distance of a coast, land and water are not told apart: half a cell's diagonal
(1.3 km) and the generalisation of the 1:10m coast (harbours, moles, river mouths)."""

LAKE_TOLERANCE_M = 5_000.0
"""The same for the shores of lakes: 1:50m, kept to 0.036 degrees of longitude."""

COAST_DISTANCE_LIMIT_M = 150_000.0
"""Distances to the coast are reported up to this."""

METRES_PER_CELL = 1852.0
"""Length of one arc-minute of latitude (a nautical mile), for estimates."""

_TILE = 5  # degrees: side of the squares in which distances to the coast are worked out


class NoGroundError(StartexError):
    """A place has no room of the kind that is wanted; ``lat``, ``lon`` (deg) are its middle."""

    def __init__(self, message: str, lat: float = math.nan, lon: float = math.nan) -> None:
        super().__init__(message)
        self.lat, self.lon = lat, lon


class Surface:
    """The shipped land and water of the Earth; read once a process, on first use, never changed."""

    @property
    def packed(self) -> npt.NDArray[np.uint8]:
        """The mask of land, a bit a cell, eight a byte, shape (`ROWS`, `COLUMNS` // 8)."""
        return _land_mask()

    def is_land(self, lat: npt.ArrayLike, lon: npt.ArrayLike) -> Bool:
        """Return True where a point is on land, False on the sea and on a lake.

        Parameters
        ----------
        lat, lon
            Degrees, broadcast against each other; any turn of longitude.
        """
        row = np.floor((np.asarray(lat, dtype=np.float64) + 90.0) * 60.0).astype(np.int64)
        column = np.floor((np.asarray(lon, dtype=np.float64) + 180.0) * 60.0).astype(np.int64)
        return self.cell_is_land(np.clip(row, 0, ROWS - 1), column)

    def surely_land(self, south: float, north: float, west: float, east: float) -> bool:
        """Return True where a box (degrees) is found to be all land at a glance.

        Looks at eight cells at a time, so water near the box makes it False too, as does the date
        line: then `is_land` tells.
        """
        row0, row1 = math.floor((south + 90.0) * 60.0), math.floor((north + 90.0) * 60.0)
        byte0, byte1 = math.floor((west + 180.0) * 7.5), math.floor((east + 180.0) * 7.5)
        if row0 < 0 or row1 >= ROWS or byte0 < 0 or byte1 >= COLUMNS // 8:
            return False
        return bool(self.packed[row0 : row1 + 1, byte0 : byte1 + 1].min() == 255)

    def cell_is_land(self, row: npt.ArrayLike, column: npt.ArrayLike) -> Bool:
        """Return True where cells of the mask are land.

        Parameters
        ----------
        row, column
            Whole numbers: row 0 touches the South Pole, column 0 the date line; columns wrap.
        """
        column = np.asarray(column) % COLUMNS
        byte = self.packed[np.asarray(row), column >> 3]
        found: Bool = ((byte >> (7 - (column & 7)).astype(np.uint8)) & 1).astype(np.bool_)
        return found

    def window(self, row0: int, row1: int, column0: int, column1: int) -> Bool:
        """Return the mask of rows [row0, row1) and columns [column0, column1), True on land.

        Columns may run over the date line; rows beyond a pole are land.
        """
        columns = np.arange(column0, column1)
        first, last = column0 >> 3, (column1 - 1) >> 3
        inside = self.packed[max(row0, 0) : min(row1, ROWS)]
        packed = inside[:, np.arange(first, last + 1) % (COLUMNS // 8)]
        bits = np.unpackbits(packed, axis=1)[:, columns - first * 8].astype(np.bool_)
        below, above = max(-row0, 0), max(row1 - ROWS, 0)
        if below or above:
            bits = np.pad(bits, ((below, above), (0, 0)), constant_values=True)
        return bits

    def coast_distance_m(self, lat: npt.ArrayLike, lon: npt.ArrayLike) -> Float64:
        """Return the distance to the nearest cell of the other kind, metres.

        On water, how far land is; on land, how far water. Good to about two cells (4 km), and
        never more than `COAST_DISTANCE_LIMIT_M`.
        """
        a, b = np.broadcast_arrays(
            np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64)
        )
        flat_lat, flat_lon = a.ravel(), (b.ravel() + 180.0) % 360.0 - 180.0
        tile_row = np.clip(np.floor(flat_lat / _TILE), -90 // _TILE, 90 // _TILE - 1)
        tile_column = np.floor(flat_lon / _TILE)
        result = np.empty(flat_lat.size)
        tiles = np.unique(np.stack([tile_row, tile_column], axis=1), axis=0)
        for south, west in tiles:
            rows = np.flatnonzero((tile_row == south) & (tile_column == west))
            distance = _distances(int(south) * _TILE, int(west) * _TILE)
            i = np.floor((flat_lat[rows] - south * _TILE) * 60.0).astype(np.int64)
            j = np.floor((flat_lon[rows] - west * _TILE) * 60.0).astype(np.int64)
            last = _TILE * 60 - 1
            result[rows] = distance[np.clip(i, 0, last), np.clip(j, 0, last)]
        return result.reshape(a.shape)

    def polygons(
        self,
        west: float,
        south: float,
        east: float,
        north: float,
        scale: Scale = "50m",
    ) -> list[shapely.Polygon]:
        """Return the land within a box as polygons (lon, lat), clipped to it.

        Parameters
        ----------
        west, south, east, north
            Degrees; ``east`` may pass 180, then longitudes in the result do too.
        scale
            "50m" for maps of a theatre, "10m" for maps of a range.
        """
        return _clipped(_polygons(f"land-{scale}"), west, south, east, north)

    def lakes(self, west: float, south: float, east: float, north: float) -> list[shapely.Polygon]:
        """Return the lakes within a box as polygons, as `polygons`; to be drawn over the land."""
        return _clipped(_polygons("lakes-50m"), west, south, east, north)


def _read(name: str) -> bytes:
    return (resources.files("startex") / "data" / "surface" / name).read_bytes()


@cache
def _land_mask() -> npt.NDArray[np.uint8]:
    """Return the mask of land, a bit a cell, shape (`ROWS`, `COLUMNS` // 8); not writeable."""
    raw = zlib.decompress(_read("land-mask-1min.bin"))
    mask = np.frombuffer(raw, dtype=np.uint8).reshape(ROWS, COLUMNS // 8)
    mask.flags.writeable = False
    return mask


@lru_cache(maxsize=64)
def _distances(south: int, west: int) -> npt.NDArray[np.float32]:
    """Return distances to the coast (m) of the cells of a tile, from a window wider than it."""
    cosine = max(np.cos(np.radians(abs(south + _TILE / 2) + _TILE / 2)), 0.05)
    margin = int(COAST_DISTANCE_LIMIT_M / METRES_PER_CELL) + 1
    side = min(int(margin / cosine) + 1, COLUMNS // 4)
    row0, column0 = (south + 90) * 60, (west + 180) * 60
    size = _TILE * 60
    land = Surface().window(
        row0 - margin, row0 + size + margin, column0 - side, column0 + size + side
    )
    middle = np.cos(np.radians(south + _TILE / 2))
    sampling = (METRES_PER_CELL, METRES_PER_CELL * max(middle, 0.02))
    inside = (slice(margin, margin + size), slice(side, side + size))
    limit = COAST_DISTANCE_LIMIT_M
    to_water = _distance_within(land, sampling, inside, limit)
    to_land = _distance_within(~land, sampling, inside, limit)
    distances = np.minimum(np.maximum(to_water, to_land), limit).astype(np.float32)
    distances.flags.writeable = False
    return distances


def _distance_within(
    kind: Bool, sampling: tuple[float, float], inside: tuple[slice, slice], limit: float
) -> Float64:
    """Return the distance of True cells to the nearest False one (0 on False cells)."""
    if kind.all():
        return np.full(kind[inside].shape, limit)
    from scipy import ndimage  # noqa: PLC0415  (late: its import takes a quarter of a second)

    distances: Float64 = ndimage.distance_transform_edt(kind, sampling=sampling)[inside]
    return distances


@lru_cache(maxsize=3)
def _polygons(name: str) -> shapely.STRtree:
    """Return the polygons of a data file: a header line of JSON, then packed differences.

    After unpacking: ring sizes, hole flags, x and y differences, all little-endian int32.
    """
    header, _, packed = _read(f"{name}.bin").partition(b"\n")
    about: dict[str, Any] = json.loads(header)
    rings, vertices = about["rings"], about["vertices"]
    numbers = np.frombuffer(zlib.decompress(packed), dtype="<i4")
    sizes, holes = numbers[:rings], numbers[rings : 2 * rings]
    steps = numbers[2 * rings :].reshape(2, vertices).T
    points = np.cumsum(steps, axis=0, dtype=np.int64) * about["scale"] + about["translate"]
    ring_of = np.repeat(np.arange(rings), sizes)
    outlines = shapely.linearrings(points, indices=ring_of)
    shell = np.cumsum(holes == 0) - 1
    polygons = [
        shapely.Polygon(group[0], group[1:])
        for group in np.split(outlines, np.flatnonzero(np.diff(shell)) + 1)
    ]
    return shapely.STRtree(polygons)


def _clipped(
    tree: shapely.STRtree, west: float, south: float, east: float, north: float
) -> list[shapely.Polygon]:
    result: list[shapely.Polygon] = []
    for turn in (-360.0, 0.0, 360.0):
        box = (west - turn, south, east - turn, north)
        for number in np.sort(tree.query(shapely.box(*box))):
            part = shapely.clip_by_rect(tree.geometries[number], *box)
            if turn and not part.is_empty:
                part = shapely.affinity.translate(part, xoff=turn)
            pieces = shapely.get_parts(part)
            result += [p for p in pieces if isinstance(p, shapely.Polygon) and not p.is_empty]
    return result
