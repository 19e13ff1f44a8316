"""Mesa: one agent an entity on its continuous space, a plane.

The space is Mesa's newer one (`mesa.experimental.continuous_space`), which measures the distances
from one point to all agents at once; the older one does the same. Agents move by `AgentSet.do`.
"""

from __future__ import annotations

import time
from random import Random

import numpy as np
from benchmarks.peers.answer import Answer, arguments
from benchmarks.peers.workload import LEGS, LONGEST_LEG_M, SIDE_M
from mesa import Model
from mesa.experimental.continuous_space import ContinuousSpace, ContinuousSpaceAgent


class Craft(ContinuousSpaceAgent):
    """An entity that follows its waypoints."""

    def __init__(self, model: Model, space: ContinuousSpace, row: int, way, speed_m_s: float):
        super().__init__(space, model)
        self.row = row
        self.x, self.y = way[0]
        self.way = iter(way[1:])
        self.to_x, self.to_y = next(self.way)
        self.speed_m_s = speed_m_s
        self.position = (self.x, self.y)

    def move(self) -> None:
        """Go on by a second."""
        left = self.speed_m_s
        while True:
            east, north = self.to_x - self.x, self.to_y - self.y
            length = (east * east + north * north) ** 0.5
            if length > left:
                self.x += east * left / length
                self.y += north * left / length
                break
            self.x, self.y = self.to_x, self.to_y
            left -= length
            following = next(self.way, None)
            if following is None:
                break
            self.to_x, self.to_y = following
        self.position = (self.x, self.y)


class Square(Model):
    """The square with both sides."""

    def __init__(self, work) -> None:
        super().__init__(seed=1)
        reach = 0.5 * SIDE_M + LEGS * LONGEST_LEG_M
        self.space = ContinuousSpace(
            [[-reach, reach], [-reach, reach]], random=Random(1), n_agents=work.size
        )
        ways = np.stack([work.x, work.y], axis=2).tolist()
        speeds = work.speed_m_s.tolist()
        self.craft = [Craft(self, self.space, k, ways[k], speeds[k]) for k in range(work.size)]
        self.first = work.first
        self.within_m = work.within_m

    def step(self) -> None:
        """Move everybody on by a second."""
        self.agents.do("move")

    def pairs(self) -> tuple[list[int], list[int]]:
        """Return who of the first side is near whom of the second."""
        i: list[int] = []
        j: list[int] = []
        for craft in self.craft[: self.first]:
            near, _ = self.space.get_agents_in_radius(craft.position, self.within_m)
            for other in near:
                if other.row >= self.first:
                    i.append(craft.row)
                    j.append(other.row - self.first)
        return i, j


def run(work, answer: Answer, budget_s: float) -> None:
    """Step through the window, or as far as the budget lasts."""
    model = Square(work)
    answer.watch.lap("setup")
    begin = time.process_time()
    for second in range(1, work.duration_s + 1):
        model.step()
        answer.watch.lap("move")
        i, j = model.pairs()
        answer.watch.lap("pairs")
        x, y = model.space.agent_positions.T
        answer.report(second, y.copy(), x.copy(), np.array(i), np.array(j))
        if time.process_time() - begin > budget_s:
            break
    answer.facts["plane"] = True


if __name__ == "__main__":
    work, path, budget, _ = arguments()
    answer = Answer(work)
    run(work, answer, budget)
    answer.save(path)
