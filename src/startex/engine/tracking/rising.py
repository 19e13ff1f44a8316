"""When tracks become better known: by time in contact, or when the target has come near enough.

Times are worked out ahead from the legs, as contacts are, and anew when somebody's legs change; a
level is reached at an update of the track.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from startex.engine.sensing.motion import Motion
from startex.engine.tracking.closing import NEVER, first_within
from startex.engine.tracking.levels import Level

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

_ROOM = 64
_NONE = np.empty(0, np.int64)


@dataclass(slots=True)
class Rising:
    """Owns the times at which tracks reach levels.

    Parameters
    ----------
    start_ms
        Of the exercise: updates are counted from there.
    """

    start_ms: int
    _due: list[tuple[int, int, int]] = field(default_factory=list)  # when, number, level
    _next: Int64 = field(default_factory=lambda: np.full((2, _ROOM), NEVER))  # by level and number
    _pair: Int64 = field(default_factory=lambda: np.zeros((2, _ROOM), np.int64))  # looker, target
    _limit: Float64 = field(default_factory=lambda: np.zeros((2, _ROOM)))  # 0: nothing to come
    _period: Int64 = field(default_factory=lambda: np.ones(_ROOM, np.int64))  # of updates, ms
    _fresh: list[int] = field(default_factory=list)  # to be worked out at the next chance
    _first: int = 0  # nothing to come for any track before

    def by_time(self, number: int, level: Level, t: int, period_ms: int) -> None:
        """Let a track reach a level at the first update from ``t`` on."""
        self._make_room(number)
        self._period[number] = period_ms
        self._enter(number, level, t)

    def by_range(
        self, number: int, pair: tuple[int, int], limits_m: tuple[float, float], period_ms: int
    ) -> None:
        """Let a track reach levels within ranges between looker and target; 0 for one it has."""
        self._make_room(number)
        self._pair[:, number], self._limit[:, number] = pair, limits_m
        self._period[number] = period_ms
        self._fresh.append(number)

    def forget(self, number: int) -> None:
        """Let a track reach nothing any more."""
        self.drop(number, Level.IDENTIFIED)

    def drop(self, number: int, level: int) -> None:
        """Let a track that has reached a level reach neither that nor a lower one again."""
        if number < self._period.size:
            self._next[:level, number] = NEVER
            self._limit[:level, number] = 0.0

    def next_time(self) -> int | None:
        """Return when a track reaches a level, ms."""
        while self._due and self._stale(self._due[0]):
            heapq.heappop(self._due)
        return self._due[0][0] if self._due else None

    def take(self, t: int) -> dict[int, Level]:
        """Return the tracks that reach levels by ``t``, ascending, and which."""
        found: dict[int, Level] = {}
        while self._due and self._due[0][0] <= t:
            item = heapq.heappop(self._due)
            if not self._stale(item):
                _, number, level = item
                found[number] = max(found.get(number, Level.DETECTED), Level(level))
                self.drop(number, level)
        return dict(sorted(found.items()))

    def concerned(self, touched: Int32 | None, moving: Callable[[list[int]], set[int]]) -> Int64:
        """Return the tracks to be worked out: new ones, and those of whom the legs have changed.

        ``touched``: rows whose legs have changed; None for all. ``moving``: who of some rows has
        legs to run: a new track of two that stand still comes to nothing.
        """
        if not self._fresh and touched is not None and not touched.size:
            return _NONE
        fresh, self._fresh = self._fresh, []
        fresh = [number for number in fresh if self._limit[1, number] > 0.0]
        if touched is not None and fresh:
            pairs = self._pair[:, fresh]
            run = moving(list(dict.fromkeys(pairs.ravel().tolist())))
            every = zip(fresh, *pairs.tolist(), strict=True)
            fresh = [number for number, one, other in every if one in run or other in run]
        if touched is not None and not touched.size:
            return np.array(fresh, dtype=np.int64)
        live = self._first + np.flatnonzero(self._limit[1, self._first :] > 0.0)
        self._first = int(live[0]) if live.size else self._first
        if touched is None:
            return live
        looker, target = self._pair[:, live]
        again = np.isin(looker, touched) | np.isin(target, touched) | np.isin(live, fresh)
        return live[again]

    def pairs(self, numbers: Int64) -> tuple[Int64, Int64]:
        """Return lookers and targets of tracks."""
        return self._pair[0, numbers], self._pair[1, numbers]

    def plan(self, t: int, numbers: Int64, ways: Motion) -> None:
        """Work out from ``t`` on when tracks reach levels, from the ways of all concerned."""
        limits = self._limit[:, numbers]
        dues = first_within(ways, self.pairs(numbers), limits, t)
        for level in (Level.CLASSIFIED, Level.IDENTIFIED):
            at = (limits[level - 1] > 0.0).nonzero()[0]
            some, when = numbers[at], dues[level - 1, at]
            self._next[level - 1, some] = NEVER
            for number, due in zip(some.tolist(), when.tolist(), strict=True):
                if due != NEVER:
                    self._enter(number, level, max(due, t + 1))

    def _enter(self, number: int, level: Level, t: int) -> None:
        period = int(self._period[number])
        due = self.start_ms - (self.start_ms - t) // period * period
        self._next[level - 1, number] = due
        heapq.heappush(self._due, (due, number, int(level)))

    def _stale(self, item: tuple[int, int, int]) -> bool:
        t, number, level = item
        return bool(self._next[level - 1, number] != t)

    def _make_room(self, number: int) -> None:
        while number >= self._period.size:
            self._next = np.hstack([self._next, np.full_like(self._next, NEVER)])
            self._pair = np.hstack([self._pair, np.zeros_like(self._pair)])
            self._limit = np.hstack([self._limit, np.zeros_like(self._limit)])
            self._period = np.hstack([self._period, np.ones_like(self._period)])
