"""Supply over time of two units and three items, added up on paper."""

from __future__ import annotations

import pytest
from test_report import Page

from hunt_examples import tables, write
from startex.review.figures import FigureBook
from startex.review.play import play
from startex.review.record import Record
from startex.review.report import review
from startex.review.stocks import LOWEST, stocks
from store_examples import START

DAY = 86_400_000
SHIPS, TRAINS = 1, 2


def _row(unit, item, day, on_hand, consumed=0, received=0, issued=0, holding="basic"):
    measure = "rounds" if item.endswith("rounds") else "g" if item == "rations" else "ml"
    return {
        "unit": unit, "item": item, "holding": holding, "t": START + day * DAY, "measure": measure,
        "on_hand": on_hand, "consumed": consumed, "received": received, "issued": issued,
    }  # fmt: skip


SUPPLY = [
    # 10 m3 at first; a day uses 4; then trains give 2, and outside 3
    _row(SHIPS, "fuel", 0, 6_000_000, consumed=4_000_000),
    _row(SHIPS, "fuel", 1, 9_000_000, consumed=2_000_000, received=5_000_000),
    _row(TRAINS, "fuel", 0, 20_000_000, holding="trains"),
    _row(TRAINS, "fuel", 1, 18_000_000, issued=2_000_000, holding="trains"),
    _row(SHIPS, "tank_gun_rounds", 0, 40),
    _row(SHIPS, "tank_gun_rounds", 1, 10, consumed=30),
    _row(TRAINS, "tank_gun_rounds", 0, 40),
    _row(TRAINS, "tank_gun_rounds", 1, 40),
    _row(SHIPS, "rations", 0, 3_000_000),
    _row(SHIPS, "rations", 1, 3_000_000),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    rows = {**tables(), "supply": SUPPLY}
    return write(tmp_path_factory.mktemp("supply") / "run", rows).folder


@pytest.fixture(scope="module")
def found(folder):
    record, book = Record(folder), FigureBook()
    play(record, book)
    return stocks(record, book)


def test_all_units_are_added_up_and_what_trains_pass_on_comes_from_nowhere(found) -> None:
    fuel = found.over_time[0]
    assert (fuel.kind, fuel.unit) == ("fuel", "m³")
    assert fuel.on_hand.tolist() == [26.0, 27.0]
    assert fuel.used.tolist() == [4.0, 2.0]
    assert fuel.delivered.tolist() == [0.0, 3.0]
    assert [stock.kind for stock in found.over_time] == ["fuel", "rations", "ammunition"]


def test_at_first_and_used_and_come_in_balance(found) -> None:
    """On hand at first + from outside = on hand + used; rations nobody ate are left out."""
    assert [row.item for row in found.items] == ["fuel", "tank gun rounds"]
    for row in found.items:
        first, used, outside, end, _ = (figure.value for figure in row.figures)
        assert first + outside == end + used
    assert [figure.value for figure in found.items[0].figures] == [30, 6, 3, 27, 86.7]
    assert found.items[1].figures[4].value == 62.5  # 50 of 80


def test_the_units_that_fell_lowest_come_with_when_and_what_they_had_in_the_end(found) -> None:
    fuel, rounds = found.lowest
    assert (fuel.unit, fuel.share, fuel.t, fuel.last) == ("Frigates", 0.6, START, 0.9)
    assert (rounds.item, rounds.share, rounds.t) == ("tank gun rounds", 0.25, START + DAY)


def test_only_the_lowest_are_listed(tmp_path) -> None:
    items = [f"gun_{n}_rounds" for n in range(LOWEST + 3)]
    rows = [_row(SHIPS, item, 0, n, consumed=90) for n, item in enumerate(items)]
    folder = write(tmp_path / "run", {**tables(), "supply": rows}).folder
    record, book = Record(folder), FigureBook()
    play(record, book)
    shares = [low.share for low in stocks(record, book).lowest]
    assert len(shares) == LOWEST and shares == sorted(shares) and shares[0] == 0.0


def test_a_run_without_accounts_has_none(tmp_path) -> None:
    record = Record(write(tmp_path / "run", tables()).folder)
    assert stocks(record, FigureBook()).over_time == ()


def test_the_page_shows_it(folder) -> None:
    made = review(folder)
    page = Page(made.html)
    figures = {figure["id"]: figure["text"] for figure in made.figures["figures"]}
    assert {"supply.fuel.least", "supply.fuel.used"} <= set(page.figures) <= set(figures)
    inside = {link[1:] for link in page.links if link.startswith("#")}
    assert inside <= set(page.ids) and len(page.ids) == len(set(page.ids))
    assert "On hand between 26 and 27 m³; used in all 6.0, come in 3.0." in made.html
