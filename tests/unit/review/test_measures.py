"""Figures of the review against values worked out by hand (see small_run for the run)."""

from __future__ import annotations

import numpy as np
import pytest

from startex.review.measures import Measures, measure
from startex.review.record import Record

DEGREE_KM = 111.319490793


@pytest.fixture(scope="module")
def found(small) -> Measures:
    return measure(small.folder)


def value(found: Measures, name: str) -> float:
    return found.book[name].value


class TestForces:
    def test_totals(self, found):
        # 2 companies x 3 x 6, 2 ships x 5, 2 aircraft x 2, 2 x 6 Chinese, 6 Indians
        assert value(found, "forces.persons") == 36 + 10 + 4 + 12 + 6
        assert value(found, "forces.ground_vehicles") == 9
        assert value(found, "forces.aircraft") == 2
        assert value(found, "forces.ships") == 2
        assert value(found, "forces.nations") == 3

    def test_by_nation_adds_up(self, found):
        assert [n.code for n in found.forces.nations] == ["RUS", "CHN", "IND"]
        assert [n.value("person") for n in found.forces.nations] == [50, 12, 6]
        assert value(found, "forces.IND.vehicle") == 1

    def test_uncounted_stand_apart(self, found):
        assert value(found, "forces.uncounted.train") == 1
        assert value(found, "forces.uncounted.ship") == 1
        assert value(found, "forces.uncounted.team") == 9
        assert value(found, "forces.uncounted.parachute") == 4

    def test_claims_of_units_and_figures(self, found):
        assert found.book["forces.CHN.person"].claims == ("T-2",)
        assert found.book["forces.persons"].claims == ("T-2",)

    def test_everybody_is_accounted_for(self, found):
        assert value(found, "accounting.persons_least") == 68
        assert value(found, "accounting.persons_unaccounted") == 0
        assert value(found, "accounting.platforms_unaccounted") == 0
        # the start, and per jumper the same two instants
        assert value(found, "accounting.instants") == 3

    def test_status_history(self, found):
        history = found.forces.history
        assert (history.count.sum(axis=0) == 68).all()
        assert history.count[history.status.index("exercising")].tolist() == [0, 18]


class TestMovement:
    def test_road(self, found):
        assert value(found, "movement.road.vehicles") == 3
        assert value(found, "movement.road.vehicle_km") == round(3 * 1.5 * DEGREE_KM)
        assert value(found, "movement.road.persons") == 18
        assert value(found, "movement.road.person_km") == round(18 * 1.5 * DEGREE_KM)

    def test_dismounted_teams_do_not_ride_across_country(self, found):
        assert value(found, "movement.cross_country.persons") == 6  # crews only
        assert value(found, "movement.cross_country.vehicle_km") == round(0.15 * DEGREE_KM)
        assert value(found, "movement.foot.persons") == 12
        assert value(found, "movement.foot.person_km") == round(12 * 0.01 * DEGREE_KM)

    def test_rail_carries_vehicles_and_those_in_them(self, found):
        assert value(found, "movement.rail.persons") == 18
        assert value(found, "movement.rail.person_km") == round(18 * DEGREE_KM)
        assert value(found, "movement.rail.vehicles_carried") == 3
        assert value(found, "movement.rail.vehicle_km_carried") == round(3 * DEGREE_KM)
        assert value(found, "movement.rail.vehicles") == 0
        assert value(found, "movement.trains") == 1
        assert value(found, "movement.train_km") == round(DEGREE_KM)

    def test_rail_is_split_at_local_midnight(self, found):
        series = next(s for s in found.movement.days if s.mode == "rail")
        assert series.values.tolist() == [56, 56, 0]  # 4 of 8 hours each, 55.66 km

    def test_sea_without_the_merchant_ship(self, found):
        assert value(found, "movement.nautical_miles") == round(2 * DEGREE_KM / 1.852)
        assert value(found, "movement.sea.persons") == 10

    def test_air(self, found):
        assert value(found, "movement.sorties") == 3
        assert value(found, "movement.flying_hours") == round(1.5 + 1.0 + 1.0)
        # 4 aircrew and 4 jumpers; jumpers fly 1.6 degrees, as far as the drop
        assert value(found, "movement.air.persons") == 8
        flown = 2 * 2 * 1.0 + 2 * 2 * 1.6 + 4 * 1.6
        assert value(found, "movement.air.person_km") == round(flown * DEGREE_KM)

    def test_jumps(self, found):
        assert value(found, "movement.jumps") == 4


class TestPresence:
    def test_every_day_adds_up(self, found):
        rows = found.presence.rows
        for day in range(3):
            assert sum(row.persons[day].value for row in rows) == 68
            assert sum(row.platforms[day].value for row in rows) == 13

    def test_noons(self, found):
        def persons(label: str) -> list[int]:
            row = next(r for r in found.presence.rows if label in (r.place, r.label))
            return [figure.value for figure in row.persons]

        # day 1: the 12 Chinese and the crew of the Indian vehicle; then A and the jumpers
        assert persons("range") == [14, 36, 36]
        assert persons("garrison") == [18, 0, 0]
        # A, at noon of day 1, passes 180.0: within the station; B comes on day 2
        assert persons("station-east") == [18, 18, 18]
        assert persons("port") == [10, 0, 0]
        # two ships at noon of day 2 are at 178.45, inside the polygon
        assert persons("sea-area") == [0, 10, 10]
        assert persons("airfield") == [8, 4, 4]


class TestSerials:
    def test_outcomes(self, found):
        assert value(found, "serials.planned") == 6
        assert value(found, "serials.held") == 2
        assert value(found, "serials.late") == 1
        assert value(found, "serials.partly") == 1
        assert value(found, "serials.not_held") == 1
        assert value(found, "serials.open") == 1

    def test_delays(self, found):
        assert value(found, "serials.S2.delay_min") == 60
        assert value(found, "serials.S3.delay_min") is None
        assert value(found, "serials.longest_delay") == 1.0

    def test_overrun(self, found):
        rows = {row.serial: row for row in found.timeline.rows}
        assert rows["S2"].overrun_min == 120
        assert rows["S3"].overrun_min == 0

    def test_objectives(self, found):
        movement, fire = found.timeline.objectives
        assert (movement.planned.value, movement.held.value) == (2, 2)
        assert (fire.planned.value, fire.held.value) == (1, 0)
        assert fire.claims == ("T-1", "T-3")


class TestCauses:
    def test_chain_is_followed_to_its_beginning(self, found):
        trouble = next(t for t in found.troubles.serials if t.row.serial == "S3")
        assert [link.event for link in trouble.chain] == [5, 4, 3, 2]
        assert trouble.chain[-1].text == "B goes by rail: no train is free"

    def test_roots(self, found):
        root = found.troubles.roots[0]
        assert root.link.event == 2
        assert root.serials == ("S3",)

    def test_that_a_serial_started_is_no_cause(self, found):
        trouble = next(t for t in found.troubles.serials if t.row.serial == "S5")
        assert [link.event for link in trouble.chain] == [6]

    def test_refused_orders(self, found):
        trouble = next(t for t in found.troubles.serials if t.row.serial == "S5")
        assert trouble.refused == ("drop: too few seats",)
        assert value(found, "orders.refused") == 1

    def test_serials_that_went_well_are_not_listed(self, found):
        assert [t.row.serial for t in found.troubles.serials] == ["S2", "S5", "S3"]


class TestClaims:
    def test_counts(self, found):
        assert value(found, "claims.all") == 3
        assert value(found, "claims.used") == 2
        assert value(found, "claims.origins") == 2

    def test_conflict(self, found):
        (conflict,) = found.claims.conflicts
        assert [c.id for c in conflict.claims] == ["T-2", "T-3"]
        assert conflict.chosen == ("T-2",)
        assert conflict.origins == 2

    def test_policy(self, found):
        changed = [row for row in found.claims.policy if row.changed]
        assert [(row.id, row.value.value, row.default.value) for row in changed] == [
            ("persons_total", 68, 100)
        ]
        assert value(found, "policy.changed") == 1


def test_figures_are_named_once_and_explain_themselves(found):
    names = [figure.id for figure in found.book]
    assert len(names) == len(set(names)) == len({figure.anchor for figure in found.book})
    assert all(figure.computed and figure.label and figure.tables for figure in found.book)
    assert np.isfinite([f.value for f in found.book if isinstance(f.value, float)]).all()


def test_a_total_that_is_not_the_figure_on_record_says_so(small, monkeypatch) -> None:
    """A run of fewer than the scenario's figure must not wear that figure's claims."""
    told = measure(small.folder).forces
    assert told.fewer == ()
    assert told.totals[0].claims

    def one_more(record, name, original=Record.rows):
        rows = original(record, name)
        return [{**row, "value": row["value"] + 1.0} for row in rows] if name == "figures" else rows

    monkeypatch.setattr(Record, "rows", one_more)
    found = measure(small.folder).forces
    (total, announced), *_ = found.fewer
    assert announced.value == total.value + 1
    assert total is found.totals[0]
    assert total.claims == ()
    assert total.assumed
