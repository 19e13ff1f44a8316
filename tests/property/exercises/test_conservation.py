"""Nothing is lost in a generated exercise, and its record is sound."""

from __future__ import annotations

import numpy as np
import pytest
from drawn import LARGE, Arguments, arguments, drawn_plan, examples, outcomes, ran
from hypothesis import given

import startex
from startex.engine.state import STATUSES

LOST = {"called_off", "not_held", "partly_held"}


def _nothing_is_lost(made: Arguments) -> None:
    with ran(drawn_plan(made)) as run:
        _persons_are_in_one_carrier_each(run)
        _statuses_sum_to_everybody(run)
        _carriers_are_not_overfull(run)
        _loads_are_whole(run)
        assert [str(problem) for problem in run.verify()] == []
        assert [str(problem) for problem in run.verify_deep()] == []
        assert LOST.isdisjoint(outcomes(run).values()), outcomes(run)


def _instants(run: startex.Run) -> np.ndarray:
    """Every instant at which anybody boards or alights, and the ends of the run; ms."""
    rides = run.table("carriers")
    header = run.manifest.header
    edges = [
        column.drop_null().to_numpy() for column in (rides.column("t0"), rides.column("t1"))
    ]  # fmt: skip
    return np.unique(np.concatenate([*edges, [header.sim_start, header.sim_end]]))


def _persons_are_in_one_carrier_each(run: startex.Run) -> None:
    """Between any two rides of a person there is neither a gap nor an overlap."""
    rows = run.sql(
        "select e.entity, c.t0, coalesce(c.t1, ?) as t1 from entities e "
        "left join carriers c using (entity) where e.kind = 'person' order by 1, 2",
        [run.manifest.header.sim_end + 1],
    )
    entity, t0, t1 = (rows.column(name).to_numpy() for name in ("entity", "t0", "t1"))
    assert entity.size
    same = entity[1:] == entity[:-1]
    assert np.array_equal(t0[1:][same], t1[:-1][same])
    first, last = np.append(True, ~same), np.append(~same, True)
    assert np.all(t0[first] == run.manifest.header.sim_start)
    assert np.all(t1[last] == run.manifest.header.sim_end + 1)


def _statuses_sum_to_everybody(run: startex.Run) -> None:
    """At every change of a status the counts over all statuses add up to all entities."""
    rows = run.table("statuses")
    entity, t = rows.column("entity").to_numpy(), rows.column("t").to_numpy()
    status = np.array([STATUSES.index(word) for word in rows.column("status").to_pylist()])
    everybody = run.manifest.counts["entities"]
    now = np.full(everybody, -1)
    for instant in np.unique(t):
        at = t == instant
        assert np.unique(entity[at]).size == at.sum(), "two statuses at once"
        now[entity[at]] = status[at]
        counts = np.bincount(now + 1, minlength=len(STATUSES) + 1)
        assert counts[0] == 0
        assert counts.sum() == everybody


def _carriers_are_not_overfull(run: startex.Run) -> None:
    """Nowhere are more persons aboard than crew and seats allow, whether in teams or not."""
    load = run.sql(
        "with heads as (select carrier as team, count(*) as persons from carriers c "
        "join entities e using (entity) where e.kind = 'person' and c.t1 is null group by 1), "
        "riders as (select c.entity, c.carrier, c.t0, coalesce(c.t1, ?) as t1, "
        "coalesce(h.persons, 0) as persons from carriers c join entities e using (entity) "
        "left join heads h on h.team = c.entity where e.kind = 'team'), "
        "edges as (select carrier, t0 as t, persons as n from riders "
        "union all select carrier, t1, -persons from riders) "
        "select carrier, t, sum(n) as n from edges group by 1, 2 order by 1, 2",
        [run.manifest.header.sim_end + 1],
    )
    if not load.num_rows:
        return
    room = {
        row["entity"]: row["room"]
        for row in run.sql(
            "select entity, coalesce(nullif(c.seats, 'nan'::double), 0) + "
            "coalesce(nullif(c.train_seats, 'nan'::double), 0) + "
            "coalesce(nullif(c.jumpers, 'nan'::double), 0) + "
            "coalesce(nullif(c.crew, 'nan'::double), 0) as room "
            "from entities e join catalogue c using (type)"
        ).to_pylist()
    }
    aboard: dict[int, int] = {}
    for row in load.to_pylist():
        carrier = row["carrier"]
        aboard[carrier] = aboard.get(carrier, 0) + int(row["n"])
        assert aboard[carrier] <= room[carrier], (carrier, row["t"])
        assert aboard[carrier] >= 0


def _loads_are_whole(run: startex.Run) -> None:
    """What boards a train, ship or aircraft leaves it or is aboard at the end; nothing twice."""
    rides = run.sql(
        "select entity, t0, coalesce(t1, ?) as t1 from carriers order by 1, 2",
        [run.manifest.header.sim_end + 1],
    )
    entity, t0, t1 = (rides.column(name).to_numpy() for name in ("entity", "t0", "t1"))
    assert np.all(t1 > t0)
    same = entity[1:] == entity[:-1]
    assert np.all(t0[1:][same] >= t1[:-1][same]), "aboard two things at once"
    counted = run.manifest.counts
    for instant in _instants(run)[:: max(1, _instants(run).size // 12)]:
        where = run.positions(at=int(instant))
        assert where.num_rows == counted["entities"]


@given(arguments())
@examples(6)
def test_nothing_is_lost(made: Arguments) -> None:
    """Persons, platforms and loads are accounted for at every instant; the audit is sound."""
    _nothing_is_lost(made)


@pytest.mark.long
@pytest.mark.timeout(1800)
@given(arguments(LARGE))
@examples(25)
def test_nothing_is_lost_in_larger_ones(made: Arguments) -> None:
    """Persons, platforms and loads are accounted for at every instant; the audit is sound."""
    _nothing_is_lost(made)
