"""The map in a browser: load, play, seek, zoom, search, question, sides, links, export."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import startex
from startex.view.export import export
from startex.view.server import Server

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from test_sea_plays import _hunt, _run

from map_client import Map, iso, link_to, same_places

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tutorial_run):
    with Server(tutorial_run.folder).running() as found:
        yield found


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    return _run(tmp_path_factory.mktemp("played"), *_hunt(20, mines="moored"))


def test_positions_are_those_of_the_store(browser, address, tutorial_run) -> None:
    header = tutorial_run.manifest.header
    with Map(browser, address.root) as shown:
        for share in (0.0, 0.31, 0.9, 0.47, 0.471, 1.0, 0.05):
            t = round(header.sim_start + share * (header.sim_end - header.sim_start))
            same_places(shown, tutorial_run, t)
        assert shown.told == []
        assert all(url.startswith((address.root, "data:")) for url in shown.asked)


def test_plays_and_stops_by_key_and_button(browser, address, tutorial_run) -> None:
    header = tutorial_run.manifest.header
    with Map(browser, address.root) as shown:
        shown.seek(header.sim_start)
        shown.page.select_option("select[aria-label=Speed]", "600")
        shown.page.keyboard.press("Escape")
        shown.page.click(".play")
        shown.wait_until(f"startex.t > {header.sim_start + 60_000}")
        shown.page.click(".play")
        stopped = shown.t
        shown.page.wait_for_timeout(150)
        assert shown.t == stopped < header.sim_end
        shown.page.click("#maps canvas", position={"x": 600, "y": 400})
        shown.page.keyboard.press("Shift+ArrowRight")
        assert shown.t == min(stopped + 3_600_000, header.sim_end)
        shown.page.keyboard.press("End")
        assert shown.t == header.sim_end
        shown.page.keyboard.press("Home")
        shown.page.keyboard.press(" ")
        shown.wait_until(f"startex.t > {header.sim_start}")
        shown.page.keyboard.press(" ")


def test_the_next_event_is_the_next_of_the_store(browser, address, tutorial_run) -> None:
    first, second, *_ = tutorial_run.sql(
        "select distinct t from events where kind = 'serial_started' order by t"
    )["t"].to_pylist()
    with Map(browser, address.root) as shown:
        shown.seek(second - 1)
        shown.page.keyboard.press(".")
        shown.page.wait_for_selector(".card[data-kind=event] h2")
        assert shown.t == second
        shown.page.keyboard.press(",")
        assert first <= shown.t < second


def test_units_come_apart_down_to_the_person(browser, address, tutorial_run) -> None:
    t = tutorial_run.manifest.header.sim_start
    entities = tutorial_run.table("entities").to_pylist()
    where = tutorial_run.positions(t).to_pylist()
    vehicle = next(
        e["entity"] for e in entities if e["kind"] == "vehicle" and where[e["entity"]]["lat"]
    )
    lat, lon = where[vehicle]["lat"], where[vehicle]["lon"]
    seen: dict[float, tuple[int, int]] = {}
    for metres in (2000.0, 5.0, 0.2):
        link = link_to(lat, lon, metres, t=iso(t))
        with Map(browser, address.root + link) as shown:
            shown.settle()
            kinds = [entities[item["id"]]["kind"] for item in shown.drawn("entity")]
            seen[metres] = (len(shown.drawn("unit")), kinds.count("person"))
            if metres == 0.2:
                assert vehicle in [item["id"] for item in shown.drawn("entity")]
    assert seen[2000.0][0] > 0 and seen[2000.0][1] == 0  # units alone
    assert seen[0.2][1] > 0  # persons around what they ride


def test_search_card_figure_quote(browser, address, tutorial_run) -> None:
    ship = tutorial_run.sql("select * from entities where kind in ('ship', 'vehicle')").to_pylist()[
        0
    ]
    with Map(browser, address.root) as shown:
        page = shown.page
        page.keyboard.press("/")
        page.keyboard.type(ship["name"])
        page.wait_for_selector("#found [role=option] button")
        page.keyboard.press("Enter")
        page.wait_for_selector(".card[data-kind=entity] h2, .card[data-kind=unit] h2")
        assert ship["name"].split(" / ")[0] in page.locator(".card h2").inner_text()
        # a figure of the review, its claim, the quote, and back
        page.click("role=tab[name=Figures]")
        page.wait_for_selector(".figures .pick", timeout=60_000)
        claimed = next(f for f in _figures(tutorial_run) if f["claims"])
        page.click(f".figures .pick:text-is('{claimed['label']}')")
        page.wait_for_selector(f".card .value:has-text('{claimed['text']}')")
        page.click(f".card .claims .pick:has-text('{claimed['claims'][0]}')")
        quote = tutorial_run.sql(
            "select quote from claims where claim = ?", [claimed["claims"][0]]
        ).to_pylist()[0]["quote"]
        page.wait_for_selector(".card[data-kind=claim] blockquote")
        assert page.locator("blockquote").inner_text().split() == quote.split()
        page.click(".card-bar button[aria-label=Back]")
        page.wait_for_selector(".card[data-kind=figure]")
        assert shown.told == []


def _figures(run: startex.Run) -> list[dict]:
    from startex.review.measures import measure

    return [figure.to_json() for figure in measure(run.folder).book]


def test_the_link_restores_view_time_and_selection(browser, address, tutorial_run) -> None:
    unit = tutorial_run.sql("select id from units where parent is not null").to_pylist()[0]["id"]
    header = tutorial_run.manifest.header
    t = (header.sim_start + header.sim_end) // 2 // 1000 * 1000
    with Map(browser, address.root) as shown:
        shown.seek(t)
        shown.page.evaluate(f"location.hash = location.hash + '&show=unit:{unit}&list=serials'")
        shown.page.wait_for_selector(".card[data-kind=unit] h2")
        shown.seek(t)
        shown.page.keyboard.press("+")
        shown.page.wait_for_timeout(900)
        link = shown.page.evaluate("location.hash")
        drawn = shown.page.evaluate("startex.drawn")
    assert f"show=unit:{unit}" in link and "list=serials" in link
    with Map(browser, address.root + link) as again:
        again.page.wait_for_selector(".card[data-kind=unit] h2")
        again.page.wait_for_selector(".list-body .check")
        assert again.t == t
        again.settle()
        found = again.page.evaluate("startex.drawn")
    assert [(i["kind"], i["id"]) for i in found] == [(i["kind"], i["id"]) for i in drawn]


def test_who_is_lost_sees_the_whole_exercise_again(browser, address) -> None:
    with Map(browser, address.root) as shown:
        shown.settle()
        whole = shown.page.evaluate("startex.drawn")
        shown.page.click("#maps canvas", position={"x": 700, "y": 300})
        for _ in range(20):
            shown.page.keyboard.press("ArrowRight")
        shown.settle()
        assert shown.page.evaluate("startex.drawn") != whole
        shown.page.keyboard.press("Escape")
        shown.page.keyboard.press("w")
        shown.settle()
        again = shown.page.evaluate("startex.drawn")
        assert [(i["kind"], i["id"]) for i in again] == [(i["kind"], i["id"]) for i in whole]


def test_clicking_a_symbol_selects_it_and_measuring_measures(browser, address) -> None:
    with Map(browser, address.root) as shown:
        shown.settle()
        item = next(i for i in shown.drawn("unit") if 0 < i["x"] < 1200 and 0 < i["y"] < 600)
        shown.page.click("#maps canvas", position={"x": item["x"], "y": item["y"]})
        shown.page.wait_for_selector(".card h2")
        shown.page.keyboard.press("Escape")
        shown.page.wait_for_selector(".card", state="detached")
        shown.page.click("text=Measure")
        before = shown.page.screenshot()
        shown.page.mouse.move(400, 500)
        shown.page.mouse.down()
        shown.page.mouse.move(800, 300, steps=4)
        shown.page.mouse.up()
        shown.settle()
        assert shown.page.screenshot() != before
        assert shown.told == []


def test_what_a_side_knows_is_less_than_the_truth(browser, played) -> None:
    (serial,) = played.sql(
        "select * from serials where opfor is not null and opfor <> '' limit 1"
    ).to_pylist()
    tracks = played.sql("select t0, coalesce(t1, t0 + 1) t1 from tracks where not opposing")
    t = tracks.to_pylist()[0]["t0"] + 1000
    hidden = set(
        played.sql(
            "select e.entity from entities e join units u using (unit) "
            "where list_contains(string_split(?, ','), u.id) or list_contains(string_split(?, ';'),"
            " u.id)",
            [serial["opfor"], serial["opfor"]],
        )["entity"].to_pylist()
    )
    units = played.table("entities")["unit"].to_pylist()
    enemy = next(e for e in hidden if played.positions(t)["lat"][e].as_py() is not None)
    where = played.positions(t).to_pylist()[enemy]
    seen = {}
    with Server(played.folder).running() as found:
        for side in ("truth", "training", "opposing"):
            link = link_to(where["lat"], where["lon"], 50, t=iso(t), sides=side)
            with Map(browser, found.root + link) as shown:
                shown.page.wait_for_timeout(700)
                drawn = shown.page.evaluate("startex.drawn")
                assert any("/picture?" in url for url in shown.asked) == (side != "truth")
                assert shown.told == []
            seen[side] = {i["id"] if i["kind"] == "unit" else units[i["id"]] for i in drawn}
    those = {units[e] for e in hidden}
    assert seen["truth"] & those and seen["opposing"] & those
    assert not seen["training"] & those


def test_side_by_side_on_a_phone_in_the_dark(browser, played) -> None:
    link = "#sides=truth,opposing&theme=dark"
    with (
        Server(played.folder).running() as found,
        Map(browser, found.root + link, 390, 780) as shown,
    ):
        boxes = [c.bounding_box() for c in shown.page.locator("#maps canvas").all()]
        assert len(boxes) == 2 and boxes[1]["y"] > boxes[0]["y"]
        assert shown.page.evaluate("document.documentElement.scrollWidth") <= 390
        assert shown.page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert shown.told == []


def test_an_exported_file_needs_no_server(browser, played, tmp_path) -> None:
    export(played.folder, tmp_path / "run.html")
    header = played.manifest.header
    with Map(browser, (tmp_path / "run.html").as_uri()) as shown:
        page = shown.page
        same_places(shown, played, (header.sim_start + header.sim_end) // 2)
        page.click("role=tab[name=Figures]")
        page.wait_for_selector(".figures .pick")
        page.fill("#search", played.table("units")["name"].to_pylist()[0])
        page.wait_for_selector("#found [role=option] button")
        page.keyboard.press("Enter")
        page.wait_for_selector(".card h2")
        ship = next(i for i in shown.drawn("unit") if 0 < i["x"] < 900 and 0 < i["y"] < 600)
        page.click("#maps canvas", position={"x": ship["x"], "y": ship["y"]})
        page.wait_for_selector(".card .facts")
        page.select_option("#picture-0", "training")
        page.wait_for_timeout(500)
        page.keyboard.press("Home")
        page.keyboard.press(".")
        page.wait_for_selector(".card[data-kind=event] h2")
        assert shown.told == []
        assert {url.split(":")[0] for url in shown.asked} <= {"file", "data"}
