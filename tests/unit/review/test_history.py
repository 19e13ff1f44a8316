"""Who found whom, how well it was known over time, and why: of a play written by hand."""

from __future__ import annotations

import pytest
from test_report import Page

from hunt_examples import S, t, tables, write
from startex.review.figures import FigureBook
from startex.review.history import LISTED, histories, short_name, spells
from startex.review.reasons import reasons
from startex.review.record import Record
from startex.review.report import review


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write(tmp_path_factory.mktemp("hunt") / "run", tables()).folder


@pytest.fixture(scope="module")
def hunt(folder):
    (found,) = histories(Record(folder), FigureBook())
    return found


def test_the_share_found_and_how_well_it_was_known_are_those_of_the_tables(hunt) -> None:
    training, opposing = (
        {figure.id.rpartition(".")[2]: figure.value for figure in side.figures}
        for side in hunt.sides
    )
    assert training == {
        "party": 2, "party_found": 2, "share": 100.0, "classified": 1, "identified": 0,
        "others": 0, "lost": 0, "held_min": 84.5,
    }  # fmt: skip
    assert (opposing["party"], opposing["party_found"], opposing["held_min"]) == (3, 0, None)


def test_a_target_names_who_found_it_first_and_how_long_it_was_held(hunt) -> None:
    boat, other = hunt.sides[0].targets
    assert (boat.target, boat.looker, boat.sensor) == ("Boat", "Plane", "radar-strike")
    assert (boat.found_ms, boat.classified_ms, boat.identified_ms) == (10 * S, 100 * S, None)
    assert (boat.held_ms, boat.lost, boat.out_ms) == (8990 * S, 0, 700 * S)
    assert other.out_ms == 700 * S
    (radar,) = hunt.sides[0].sensors
    assert (radar.contacts, radar.targets, radar.first_ms) == (4, 2, 10 * S)


def test_curves_count_who_is_in_contact_at_each_instant(hunt) -> None:
    curves = hunt.sides[0].curves
    at = dict(
        zip((curves.t * 3600).round().astype(int).tolist(), range(curves.t.size), strict=True)
    )
    assert curves.contact[at[0]] == 0
    assert (curves.contact[at[10]], curves.classified[at[10]], curves.found[at[10]]) == (2, 0, 2)
    assert (curves.contact[at[100]], curves.classified[at[100]]) == (2, 1)
    assert not curves.identified.any()
    assert not hunt.sides[1].curves.contact.any()


def test_spells_of_several_sensors_are_one_while_they_overlap() -> None:
    def row(number, begin, lost, target=1):
        return {"detection": number, "t": begin, "t_lost": lost, "target": target}

    found = spells([row(0, 0, 10), row(1, 5, 30), row(2, 12, 20), row(3, 40, None)], 50)
    assert found == {1: [(0, 30), (40, 50)]}
    assert spells([row(0, 0, 90), row(1, 95, None)], 50)[1][0] == (0, 50)


def test_outcomes_come_with_their_steps_and_the_plan_once(folder) -> None:
    found = reasons(Record(folder), FigureBook())
    assert set(found) == {"hunt"}
    hunt = found["hunt"]
    assert [one.event for one in hunt.outcomes] == [4, 5, 9]
    assert [step.what for step in hunt.plan] == ["serials", "claims"]
    assert not {"serials", "claims"} & {step.what for one in hunt.outcomes for step in one.steps}


def test_the_page_shows_it_with_every_figure_and_every_link(folder) -> None:
    made = review(folder)
    page = Page(made.html)
    figures = {figure["id"]: figure["text"] for figure in made.figures["figures"]}
    assert {"play.hunt.training.share", "play.hunt.outcomes"} <= set(page.figures)
    for name, shown in page.figures.items():
        assert {text.strip() for text in shown} == {figures[name]}
    inside = {link[1:] for link in page.links if link.startswith("#")}
    assert inside <= set(page.ids) and len(page.ids) == len(set(page.ids))
    assert "chance of a hit 0.680, draw 0.018: hit" in made.html
    assert "What the training side knew, The hunt" in made.html
    assert "2 of 2 opponents found" in made.html


def test_long_lists_are_cut_and_say_how_many_more_there_are(tmp_path) -> None:
    rows = tables()
    boats = LISTED + 7
    last = rows["entities"][-1]
    rows["entities"] += [
        {**last, "entity": 5 + n, "name": f"Boat {n}", "key": 5 + n} for n in range(boats)
    ]
    rows["units"][3]["last"] = 5 + boats
    contact = rows["detections"][0]
    rows["detections"] = [
        {**contact, "detection": n, "target": 5 + n, "t": contact["t"] + n} for n in range(boats)
    ]
    rows["messages"] = []
    folder = write(tmp_path / "run", rows).folder
    (found,) = histories(Record(folder), FigureBook())
    assert len(found.sides[0].targets) == LISTED and found.sides[0].more == 7
    assert "And 7 more." in review(folder).html


def test_parked_aircraft_and_their_crews_cannot_be_found(tmp_path) -> None:
    """Of two aircraft and a team only the one that flies; with a vehicle the team counts."""
    for vehicle in (False, True):
        rows = tables()
        kinds = ["aircraft", "aircraft", "team", "vehicle" if vehicle else "person"]
        rows["entities"] += [
            {**rows["entities"][-1], "entity": 5 + n, "name": f"N{n}", "key": 5 + n, "kind": kind}
            for n, kind in enumerate(kinds)
        ]
        rows["units"][3].update(first=5, own_last=9, last=9)
        rows["legs"] = [
            {"entity": row, "t0": begin, "t1": begin + 60 * S, "lat0": 0.0, "lon0": 0.0,
             "alt0": 0.0, "lat1": 0.0, "lon1": 0.1, "alt1": 0.0, "mode": "air"}
            for row, begin in ((5, t(100)), (6, t(10_000)))
        ]  # fmt: skip
        folder = write(tmp_path / f"run{vehicle}", rows).folder
        (found,) = histories(Record(folder), FigureBook())
        assert found.sides[0].figures[0].value == (3 if vehicle else 1)


def test_names_are_cut_to_their_last_two_parts() -> None:
    assert short_name("A / B / C / Tank no. 1") == "C / Tank no. 1"
    assert short_name("Nanchang 101") == "Nanchang 101"


def test_a_message_from_nobody_is_left_out_and_stops_no_review(tmp_path) -> None:
    rows = tables()
    rows["messages"].append({**rows["messages"][0], "message": 9, "sender": -1})
    made = review(write(tmp_path / "run", rows).folder)
    figures = {figure["id"]: figure["value"] for figure in made.figures["figures"]}
    assert figures["reporting.messages"] == len(rows["messages"]) - 1


def test_what_kept_a_serial_from_ending_stands_with_what_went_wrong(tmp_path) -> None:
    rows = tables()
    rows["serials"][0].update(end=t(9600), outcome="held_late")
    rows["orders"] = [{**rows["orders"][0], "t_end": t(9600), "params": None}]
    html = review(write(tmp_path / "run", rows).folder).html
    assert "Because order 4 ended last: Frigates intercept" in html
