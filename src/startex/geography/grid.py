"""Shortest ways over the cells of the land and water mask.

A window of one-arc-minute cells is divided into blocks; each block's most open cell represents it,
and is joined to the blocks around (16 directions) where the straight line between them is passable
cell by cell. So straits two cells wide stay open in blocks of twelve. Near both ends of a way the
single cells are searched. Dijkstra's algorithm comes from SciPy; `tighten` then pulls the way taut.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from startex.geography.paths import Float64
from startex.geography.surface import METRES_PER_CELL, Surface

Bool = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
Cells = npt.NDArray[np.int64]  # (k, 2): row and column within the window

CLEARANCE = 3
"""Cells that a way keeps from the other surface where there is room."""

SHORE_PENALTY = 0.6
"""A way right at the shore counts as this much longer than one in the clear; assumed."""

_SHORE_FACTOR = np.append(
    0.0, 1.0 + SHORE_PENALTY * (1.0 - np.arange(CLEARANCE + 1) / CLEARANCE)
)  # by clearance; there is no way over closed cells

MAX_NODES = 75_000
MAX_WINDOW = 40_000_000
NEAR = 40  # cells around each end that are searched singly

_BLOCKS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 24, 30, 40, 60)
_MOVES = ((0, 1), (1, 0), (1, 1), (1, -1), (1, 2), (2, 1), (1, -2), (2, -1))
_ALL_MOVES = sorted([(down, right) for down, right in _MOVES] + [(-d, -r) for d, r in _MOVES])
_FORTH, _BACK = (  # rank of each move, and of its reverse, among all by the number of the node
    np.array([_ALL_MOVES.index((sign * down, sign * right)) for down, right in _MOVES])
    for sign in (1, -1)
)
_TREES_KEPT = 24
_NEAR_MOVES = ((0, 1), (1, -1), (1, 0), (1, 1))  # ascending by the number of the cell
_NEAR_KEPT = 64
_FIRST_REACH = 1.5  # a way is looked for within so many times the cost of the straight line first


@dataclass(frozen=True, slots=True)
class Window:
    """Cells [row0, row1) x [column0, column1) of the mask; columns may pass the date line."""

    row0: int
    row1: int
    column0: int
    column1: int

    @property
    def size(self) -> int:
        """Number of cells."""
        return (self.row1 - self.row0) * (self.column1 - self.column0)


class Grid:
    """A window in which ways over one surface are searched.

    Parameters
    ----------
    surface
        Land and water.
    window
        Where. Its sides must be multiples of 120 cells.
    water
        True: ways on water; False: on land.
    """

    def __init__(self, surface: Surface, window: Window, *, water: bool) -> None:
        self.window = window
        land = surface.window(window.row0, window.row1, window.column0, window.column1)
        self.passable: Bool = ~land if water else land
        self.clearance = _clearance(self.passable)
        rows, columns = self.passable.shape
        fits = (b for b in _BLOCKS if (rows // b) * (columns // b) <= MAX_NODES)
        self.block = next(fits, _BLOCKS[-1])
        self._nodes()
        graph = self._edges()
        self._edges_count = graph.nnz
        room = np.zeros((2 * NEAR + 1) ** 2)  # for the edges of the start of a way
        self._data = np.concatenate([graph.data, room])
        self._indices = np.concatenate([graph.indices, room.astype(graph.indices.dtype)])
        self._indptr = np.append(graph.indptr, graph.indptr[-1])
        self._trees: OrderedDict[tuple[int, int], tuple[float, Float64, npt.NDArray[np.int32]]] = (
            OrderedDict()
        )
        self._surroundings: OrderedDict[tuple[int, int], _Near] = OrderedDict()

    def cell(self, lat: float, lon: float) -> tuple[int, int]:
        """Return (row, column) within the window of a point; the longitude may be of any turn."""
        row = int(np.floor((lat + 90.0) * 60.0)) - self.window.row0
        column = int(np.floor((lon + 180.0) * 60.0)) - self.window.column0
        return row, column % (360 * 60)

    def degrees(self, cells: Cells) -> tuple[Float64, Float64]:
        """Return (lat, lon) of the middles of cells."""
        row, column = cells.astype(np.float64).T
        lat: Float64 = (row + (self.window.row0 + 0.5)) / 60.0 - 90.0
        lon: Float64 = (column + (self.window.column0 + 0.5)) / 60.0 - 180.0
        return lat, lon

    def search(self, start: tuple[int, int], end: tuple[int, int]) -> Cells | None:
        """Return the cells of a short way between two passable cells, None if there is none."""
        near_start, near_end = self._near(start), self._near(end)
        best, way = np.inf, None
        if near_start.holds(end):
            local = near_start.distance_to(end)
            if np.isfinite(local):
                best, way = local, near_start.way(end)
        reached, cost = near_end.nodes(self)
        if reached.size:
            a, b = np.array([start]), np.array([end])
            limit = _FIRST_REACH * float(self.cost(a, b, np.array([1], dtype=np.uint8))[0])
            distance, before = self._tree(start, near_start, limit)
            total = distance[reached] + cost
            if total.min() > limit:  # all within the limit is sure, what lies beyond it is not
                distance, before = self._tree(start, near_start, np.inf)
                total = distance[reached] + cost
            chosen = int(np.argmin(total))
            if total[chosen] < best:
                node = int(reached[chosen])
                middle = self._walk(before, node)
                first = near_start.way((int(middle[0, 0]), int(middle[0, 1])))
                last = near_end.way((int(middle[-1, 0]), int(middle[-1, 1])))[::-1]
                way = np.concatenate(
                    [first, middle[1:-1], last] if len(middle) > 1 else [first, last]
                )
        return None if way is None else _without_repeats(way)

    def _nodes(self) -> None:
        """Choose each block's cell: the clearest, then the one nearest the block's middle."""
        b = self.block
        rows, columns = self.passable.shape[0] // b, self.passable.shape[1] // b
        side = np.abs(2 * np.arange(b) - (b - 1))
        central = (4 * b - (side[:, None] + side[None, :])).astype(np.int16)
        worth = self.clearance[: rows * b, : columns * b].astype(np.int16) * np.int16(8 * b)
        worth = worth.reshape(rows, b, columns, b) + central[None, :, None, :]
        flat = worth.transpose(0, 2, 1, 3).reshape(rows * columns, b * b)
        inner = np.argmax(flat, axis=1)
        block_row, block_column = np.divmod(np.arange(rows * columns), columns)
        row, column = block_row * b + inner // b, block_column * b + inner % b
        self._at = row.reshape(rows, columns), column.reshape(rows, columns)
        used = self.passable[row, column]
        self.number = np.full(rows * columns, -1, dtype=np.int64)
        self.number[used] = np.arange(np.count_nonzero(used))
        self.number = self.number.reshape(rows, columns)
        self.nodes: Cells = np.stack([row[used], column[used]], axis=1)
        whole = self.clearance[: rows * b, : columns * b].reshape(rows, b, columns, b) > 0
        self.open = whole.all(axis=(1, 3))

    def _edges(self) -> csr_array:
        """Join nodes by moves between their blocks, all blocks at once."""
        rows, columns = self.number.shape
        fan = np.zeros((len(_ALL_MOVES), rows, columns))
        neighbour = np.zeros(fan.shape, dtype=np.int32)
        row, column = self._at  # of each block's cell, whatever there is
        used, sure = self.number >= 0, self._surrounded()
        for number, (down, right) in enumerate(_MOVES):
            low, high = max(0, -right), columns - max(0, right)
            here = (slice(0, rows - down), slice(low, high))
            there = (slice(down, rows), slice(low + right, high + right))
            both = used[here] & used[there]
            clear = np.where(both, 1 + CLEARANCE, 0).astype(np.uint8)
            check = both & ~(sure[here] & sure[there])
            clear[check] = self._least_clearance(
                np.stack([row[here][check], column[here][check]], axis=1),
                np.stack([row[there][check], column[there][check]], axis=1),
            )
            length = self._length(row[here], row[there] - row[here], column[there] - column[here])
            weight = length * _SHORE_FACTOR[clear]
            forth, back = _FORTH[number], _BACK[number]
            fan[forth][here] = fan[back][there] = weight
            neighbour[forth][here], neighbour[back][there] = self.number[there], self.number[here]
        return _joined(fan[:, used], neighbour[:, used])

    def _surrounded(self) -> Bool:
        """Return True for blocks that are wholly passable, as are all two around them."""
        closed = np.pad(~self.open, 2, constant_values=True)
        rows, columns = self.open.shape
        near = np.zeros(self.open.shape, dtype=np.bool_)
        for i in range(5):
            for j in range(5):
                near |= closed[i : i + rows, j : j + columns]
        return ~near

    def _least_clearance(self, a: Cells, b: Cells) -> npt.NDArray[np.uint8]:
        """Return the least clearance of the cells on straight lines between cells."""
        steps = 3 * self.block + 1
        least = self.clearance[a[:, 0], a[:, 1]]
        for part in np.arange(1, steps + 1) / steps:
            cell = np.floor(a + (b - a) * part + 0.5).astype(np.int64)
            least = np.minimum(least, self.clearance[cell[:, 0], cell[:, 1]])
        return least

    def cost(self, a: Cells, b: Cells, clear: npt.NDArray[np.uint8]) -> Float64:
        """Return the cost of straight lines between cells: length, more near the shore."""
        weight: Float64 = self._length(a[:, 0], *(b - a).T) * _SHORE_FACTOR[clear]
        return weight

    def lengths(self, row: Rows, down: int, right: int) -> Float64:
        """Return the length of a move from cells of each row, metres."""
        return self._length(row, np.full(row.size, down), np.full(row.size, right))

    def _length(self, row: Rows, down: Rows, right: Rows) -> Float64:
        middle = 0.5 * (row + (row + down)) + self.window.row0 + 0.5
        cosine = np.cos(np.radians(middle / 60.0 - 90.0))
        length: Float64 = METRES_PER_CELL * np.hypot(down, right * cosine)
        return length

    def _tree(
        self, start: tuple[int, int], near: _Near, limit: float
    ) -> tuple[Float64, npt.NDArray[np.int32]]:
        """Return costs from a start cell to every node up to a limit, and the node before each."""
        known = self._trees.get(start)
        if known is not None and known[0] >= limit:
            return known[1:]
        count = len(self.nodes)
        reached, cost = near.nodes(self)
        last = self._edges_count + reached.size  # the start is one more node, after all others
        self._indptr[-1] = last
        self._data[self._edges_count : last] = np.maximum(cost, 1e-6)
        self._indices[self._edges_count : last] = reached
        extended = csr_array(
            (self._data[:last], self._indices[:last], self._indptr), shape=(count + 1, count + 1)
        )
        distance, before = dijkstra(extended, indices=count, return_predecessors=True, limit=limit)
        self._trees[start] = limit, distance, before
        if len(self._trees) > _TREES_KEPT:
            self._trees.popitem(last=False)
        return distance, before

    def _near(self, cell: tuple[int, int]) -> _Near:
        """Return the surroundings of an end; ports are the ends of many ways."""
        known = self._surroundings.get(cell)
        if known is None:
            known = self._surroundings[cell] = _Near(self, cell)
            if len(self._surroundings) > _NEAR_KEPT:
                self._surroundings.popitem(last=False)
        return known

    def _walk(self, before: npt.NDArray[np.int32], node: int) -> Cells:
        chain = [node]
        while 0 <= before[chain[-1]] < len(self.nodes):
            chain.append(int(before[chain[-1]]))
        return self.nodes[chain[::-1]]


class _Near:
    """The single cells around an end, with ways from it to each of them."""

    def __init__(self, grid: Grid, cell: tuple[int, int]) -> None:
        rows: int = grid.passable.shape[0]
        columns: int = grid.passable.shape[1]
        self.row0, self.row1 = max(cell[0] - NEAR, 0), min(cell[0] + NEAR + 1, rows)
        self.column0, self.column1 = max(cell[1] - NEAR, 0), min(cell[1] + NEAR + 1, columns)
        inside = (slice(self.row0, self.row1), slice(self.column0, self.column1))
        passable = grid.passable[inside]
        self.shape: tuple[int, int] = (self.row1 - self.row0, self.column1 - self.column0)
        clearance = grid.clearance[inside]
        index = np.arange(passable.size, dtype=np.int32).reshape(self.shape)
        height, width = self.shape
        fan = np.zeros((2 * len(_NEAR_MOVES), height, width))
        neighbour = np.zeros(fan.shape, dtype=np.int32)
        for forth, (down, right) in enumerate(_NEAR_MOVES):
            low, high = max(0, -right), width - max(0, right)
            here = (slice(0, height - down), slice(low, high))
            there = (slice(down, height), slice(low + right, high + right))
            length = grid.lengths(np.arange(self.row0, self.row1 - down), down, right)
            clear = np.minimum(clearance[here], clearance[there])  # 0: one of them is closed
            weight = length[:, None] * _SHORE_FACTOR[clear]
            onward, back = len(_NEAR_MOVES) + forth, len(_NEAR_MOVES) - 1 - forth
            fan[onward][here] = fan[back][there] = weight
            neighbour[onward][here], neighbour[back][there] = index[there], index[here]
        graph = _joined(fan.reshape(len(fan), -1), neighbour.reshape(len(fan), -1))
        self.distance, self.before = dijkstra(
            graph, indices=self._index(cell), return_predecessors=True
        )

    def _index(self, cell: tuple[int, int]) -> int:
        return (cell[0] - self.row0) * self.shape[1] + cell[1] - self.column0

    def holds(self, cell: tuple[int, int]) -> bool:
        """Return True if a cell is one of those searched."""
        return self.row0 <= cell[0] < self.row1 and self.column0 <= cell[1] < self.column1

    def distance_to(self, cell: tuple[int, int]) -> float:
        """Return the cost of the way to a cell, inf if there is none."""
        return float(self.distance[self._index(cell)])

    def nodes(self, grid: Grid) -> tuple[npt.NDArray[np.int64], Float64]:
        """Return the grid's nodes that can be reached, and the cost of each."""
        b = grid.block
        part = grid.number[
            self.row0 // b : (self.row1 - 1) // b + 1,
            self.column0 // b : (self.column1 - 1) // b + 1,
        ].ravel()
        number = part[part >= 0]
        row, column = grid.nodes[number].T
        inside = (
            (row >= self.row0) & (row < self.row1)
            & (column >= self.column0) & (column < self.column1)
        )  # fmt: skip
        number, row, column = number[inside], row[inside], column[inside]
        cost = self.distance[(row - self.row0) * self.shape[1] + column - self.column0]
        reached = np.isfinite(cost)
        return number[reached], cost[reached]

    def way(self, cell: tuple[int, int]) -> Cells:
        """Return the cells from the end to a cell that can be reached."""
        chain = [self._index(cell)]
        while self.before[chain[-1]] >= 0:
            chain.append(int(self.before[chain[-1]]))
        index = np.array(chain[::-1], dtype=np.int64)
        found: Cells = np.empty((index.size, 2), dtype=np.int64)
        found[:, 0] = index // self.shape[1] + self.row0
        found[:, 1] = index % self.shape[1] + self.column0
        return found


def _joined(fan: Float64, neighbour: npt.NDArray[np.int32]) -> csr_array:
    """Return a graph from the weights of each node's edges (0: none) and the nodes they lead to.

    Both have shape (edges of a node, nodes), neighbours ascending.
    """
    fan, neighbour = np.ascontiguousarray(fan.T), np.ascontiguousarray(neighbour.T)
    there = fan > 0.0
    indptr = np.zeros(len(fan) + 1, dtype=np.int32)
    np.cumsum(np.count_nonzero(there, axis=1), out=indptr[1:])
    return csr_array((fan[there], neighbour[there], indptr), shape=(len(fan), len(fan)))


def _clearance(passable: Bool) -> npt.NDArray[np.uint8]:
    """Return 0 on closed cells, else 1 + steps to the nearest closed one, to 1 + `CLEARANCE`."""
    level = passable.astype(np.uint8)
    inner = passable
    for _ in range(CLEARANCE):
        shrunk = inner.copy()
        shrunk[1:] &= inner[:-1]
        shrunk[:-1] &= inner[1:]
        shrunk[:, 1:] &= inner[:, :-1]
        shrunk[:, :-1] &= inner[:, 1:]
        inner = shrunk
        level += inner
    return level


def _without_repeats(way: Cells) -> Cells:
    moved = np.any(np.diff(way, axis=0) != 0, axis=1)
    kept: Cells = way[np.concatenate([[True], moved])]
    return kept
