"""Measures of one run: those of the review by name, SQL, and what every ensemble has."""

from __future__ import annotations

import numpy as np
import pytest

import startex
from startex.ensemble.design import Query
from startex.ensemble.measures import check_queries, measured, present, starts
from startex.foundation.clock import parse_time
from startex.foundation.errors import StoreError, UsageError
from startex.review.figures import FigureBook
from startex.review.measures import measure
from startex.review.parts import PARTS, enter
from startex.review.record import Record


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> startex.Run:
    out = tmp_path_factory.mktemp("runs") / "day"
    return startex.simulate(startex.load("three-nations-day"), out=out, seed=3, threads=1)


@pytest.fixture(scope="module")
def book(run) -> FigureBook:
    return measure(run.folder).book


def test_the_parts_together_are_the_review(run, book) -> None:
    parts = FigureBook()
    enter(Record(run.folder), parts)
    assert [figure.to_json() for figure in parts] == [figure.to_json() for figure in book]


def test_each_part_enters_what_it_says_it_does(run) -> None:
    for part in PARTS:
        patterns = [f"{begin}*" for begin in part.begins]
        found = FigureBook()
        enter(Record(run.folder), found, patterns)
        of_part = FigureBook()
        for other in PARTS:  # stocks read what the play has entered
            if other is part or set(part.begins) & set(other.begins):
                other.enter(Record(run.folder), of_part)
        for figure in of_part:
            assert any(figure.id.startswith(b) for p in PARTS for b in p.begins)
        assert {f.id for f in of_part if f.id.startswith(part.begins)} <= {f.id for f in found}


@pytest.mark.parametrize("pattern", ["movement.*", "serials.late", "supply.fuel.*", "*.persons"])
def test_a_pattern_gives_the_figures_it_matches_and_no_others(run, book, pattern) -> None:
    from fnmatch import fnmatchcase

    wanted = {
        figure.id
        for figure in book
        if fnmatchcase(figure.id, pattern) and not isinstance(figure.value, str)
    }
    found = {name for name, key, _, _ in measured(run.folder, [pattern]) if not key}
    assert found == wanted
    assert wanted


def test_figures_are_those_of_the_review_before_rounding(run, book) -> None:
    exact = {name: value for name, key, value, _ in measured(run.folder, ["*"]) if not key}
    for name, value in exact.items():
        figure = book[name]
        if value is None:
            assert figure.value is None
        else:
            assert abs(value - figure.value) <= 0.5 * 10.0**-figure.decimals * (1 + 1e-9)
    assert any(value not in (None, round(value or 0)) for value in exact.values())


def test_starts_are_those_of_the_serials(run) -> None:
    rows = {(name, key): value for name, key, value, _ in starts(Record(run.folder))}
    for serial in run.table("serials").to_pylist():
        late_h = (serial["start"] - serial["planned_start"]) / 3.6e6
        assert rows["serial_start_delay", serial["serial"]] == pytest.approx(late_h)
        assert rows["serial_started_on_time", serial["serial"]] == float(late_h <= 0.25)


def test_a_serial_that_never_started_has_no_delay_and_was_not_on_time(run) -> None:
    record = Record(run.folder)
    record.rows("serials")[0] |= {"start": None}
    first = record.rows("serials")[0]["serial"]
    rows = {(name, key): value for name, key, value, _ in starts(record)}
    assert rows["serial_start_delay", first] is None
    assert rows["serial_started_on_time", first] == 0.0


def test_persons_present_are_those_whose_status_says_so(run) -> None:
    rows = present(Record(run.folder))
    assert [key for _, key, _, _ in rows] == ["2025-06-14", "2025-06-15"]
    people = run.table("entities").to_pandas().query("kind == 'person' and counted")
    for _, day, value, unit in rows:
        where = run.positions(parse_time(f"{day}T00:00Z"), people["entity"])
        status = np.array(where.column("status").to_pylist())
        assert value == np.isin(status, ["in_place", "exercising"]).sum()
        assert unit == "persons"


def test_sql_gives_a_number_or_rows_of_key_and_number(run) -> None:
    queries = (
        Query("legs", "select count(*) from legs", "legs"),
        Query("by_mode", "select mode, count(*) from legs group by mode"),
        Query("nothing", "select max(t) from shots where false"),
    )
    rows = measured(run.folder, ["serials.late"], queries)
    mine = {(name, key): value for name, key, value, _ in rows if name in ("legs", "by_mode")}
    assert mine["legs", ""] == len(run.table("legs"))
    by_mode = [value for (name, _), value in mine.items() if name == "by_mode"]
    assert sum(by_mode) == mine["legs", ""]
    assert ("nothing", "", None, "") in rows
    assert list(rows) == sorted(rows, key=lambda row: row[:2])


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("select mode, 1 from legs", "gives a key twice"),
        ("select mode from legs limit 1", "no number"),
        ("select entity from legs", "one number, or rows"),
    ],
)
def test_sql_that_gives_something_else_is_refused(run, query, why) -> None:
    with pytest.raises(StoreError, match=why):
        measured(run.folder, ["serials.late"], (Query("odd", query),))


def test_sql_is_tried_before_anything_is_run() -> None:
    check_queries((Query("legs", "select count(*) from legs"),))
    wrong = (Query("a", "select nothing from legs"), Query("b", "select 1, 2, 3"), Query("c", "x"))
    with pytest.raises(UsageError, match=r"sql a: .*sql b: 3 columns.*sql c: "):
        check_queries(wrong)
