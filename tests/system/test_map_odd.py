"""The map of odd runs, in awkward hands, and with a server that fails."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from startex.view.export import export
from startex.view.server import Server

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from test_sea_plays import _hunt, _run

from map_client import Map, iso, link_to
from odd_runs import bare, moved

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture(scope="module")
def address(tutorial_run):
    with Server(tutorial_run.folder).running() as found:
        yield found


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    return _run(tmp_path_factory.mktemp("played"), *_hunt(20, mines="moored"))


def _middle(run) -> tuple[float, float]:
    where = [p for p in run.positions(run.manifest.header.sim_start).to_pylist() if p["lat"]]
    return (
        sum(p["lat"] for p in where) / len(where),
        sum(p["lon"] for p in where) / len(where),
    )


@pytest.mark.parametrize(
    ("lat", "lon"), [(51.5, 0.0), (0.0, 180.0), (89.6, 30.0)], ids=["Greenwich", "date", "pole"]
)
def test_a_run_of_few_tables_opens_where_it_is(browser, tutorial_run, tmp_path, lat, lon) -> None:
    run = bare(tutorial_run, tmp_path / "run", moved(lat, lon, _middle(tutorial_run)))
    export(run.folder, tmp_path / "run.html")
    with Server(run.folder).running() as found:
        for url in (found.root, (tmp_path / "run.html").as_uri()):
            with Map(browser, url) as shown:
                shown.settle()
                assert shown.drawn("unit"), "nobody is seen"
                for name in ("Serials", "Events"):
                    shown.page.click(f"role=tab[name={name}]")
                    assert "Loading" not in shown.page.locator(".list-body").inner_text()
                seen = shown.drawn("unit")
                item = next(i for i in seen if 350 < i["x"] < 1190 and 0 < i["y"] < 600)
                shown.page.click("#maps canvas", position={"x": item["x"], "y": item["y"]})
                shown.page.wait_for_selector(".card h2")
                assert shown.told == []


def test_a_run_without_positions_and_one_of_an_instant_come_up(
    browser, tutorial_run, tmp_path
) -> None:
    def forget(rows) -> None:
        for row in rows["entities"]:
            row.update({name: None for name in row if name.startswith("start_")})

    kept = ("entities", "units")
    begin = tutorial_run.manifest.header.sim_start
    runs = [
        bare(tutorial_run, tmp_path / "nowhere", forget, kept),
        bare(tutorial_run, tmp_path / "instant", sim_end=begin),
        bare(tutorial_run, tmp_path / "minutes", sim_end=begin + 300_000),
    ]
    for run in runs:
        with Server(run.folder).running() as found, Map(browser, found.root) as shown:
            shown.page.keyboard.press(" ")
            shown.page.locator(".timeline canvas").hover()
            shown.page.mouse.wheel(0, -400)
            shown.page.keyboard.press("End")
            shown.wait_until(f"startex.t === {run.manifest.header.sim_end}")
            assert shown.told == []


def test_the_card_and_the_lists_go_with_the_clock(browser, address, tutorial_run) -> None:
    header = tutorial_run.manifest.header
    serials = tutorial_run.sql("select * from serials where start is not null order by start")
    serial = serials.to_pylist()[0]
    unit = serial["units"] if isinstance(serial["units"], str) else serial["units"][0]
    unit = unit.replace(";", ",").split(",")[0]
    link = f"#t={iso(header.sim_start)}&show=unit:{unit}&list=events"
    with Map(browser, address.root + link) as shown:
        page = shown.page
        page.wait_for_selector(".card h2")
        early = page.locator(".list-body").inner_text()
        orders = page.locator(".card-body").inner_text()
        shown.seek(serial["start"] + 1000)
        page.wait_for_timeout(800)
        assert page.locator(".list-body").inner_text() != early
        assert page.locator(".card-body").inner_text() != orders


def test_from_one_kind_of_card_to_another(browser, address, tutorial_run) -> None:
    """An answer that comes late belongs to another card."""
    unit = tutorial_run.table("units")["id"].to_pylist()[0]
    serial = tutorial_run.table("serials")["serial"].to_pylist()[0]
    place = tutorial_run.table("places")["place"].to_pylist()[0]
    with Map(browser, address.root) as shown:
        for what in (f"unit:{unit}", f"serial:{serial}", "entity:0", f"place:{place}"):
            shown.page.evaluate(f"location.hash = 'show={what}'")
            shown.page.wait_for_selector(f".card[data-kind={what.split(':')[0]}] h2")
        assert shown.told == []


def test_a_server_that_stops_is_told_of_and_taken_up_again(browser, tutorial_run) -> None:
    unit = tutorial_run.table("units")["id"].to_pylist()[0]
    with Server(tutorial_run.folder).running() as found, Map(browser, found.root) as shown:
        page = shown.page
        page.route("**/api/**", lambda route: route.abort())
        page.evaluate(f"location.hash = 'show=unit:{unit}'")
        page.wait_for_selector("role=alert")
        assert "does not answer" in page.locator("role=alert").inner_text()
        page.keyboard.press("End")
        assert shown.t == tutorial_run.manifest.header.sim_end
        page.unroute("**/api/**")
        page.wait_for_selector(".card h2", timeout=10_000)
        page.wait_for_selector("role=alert", state="detached")


def test_a_busy_server_is_asked_again(browser, address, tutorial_run) -> None:
    unit = tutorial_run.table("units")["id"].to_pylist()[0]
    with Map(browser, address.root) as shown:
        refused = []

        def busy(route) -> None:
            if len(refused) > 2:
                return route.continue_()
            refused.append(route.request.url)
            return route.fulfill(status=(429, 503)[len(refused) % 2], headers={"Retry-After": "1"})

        shown.page.route("**/api/v1/card/**", busy)
        shown.page.evaluate(f"location.hash = 'show=unit:{unit}'")
        shown.page.wait_for_selector("role=alert")
        shown.page.wait_for_selector(".card h2", timeout=15_000)
        shown.page.wait_for_selector("role=alert", state="detached")
        assert len(refused) == 3


def test_a_picture_does_not_betray_the_enemy_that_is_selected(browser, played) -> None:
    tracks = played.sql("select * from tracks where not opposing").to_pylist()
    t, enemy = tracks[0]["t0"] + 1000, tracks[0]["target"]
    where = played.positions(t).to_pylist()[enemy]
    seen = {}
    with Server(played.folder).running() as found:
        for side in ("truth", "training"):
            link = link_to(where["lat"], where["lon"], 50, t=iso(t), sides=side)
            with Map(browser, f"{found.root}{link}&show=entity:{enemy}") as shown:
                shown.page.wait_for_timeout(600)
                seen[side] = [item["id"] for item in shown.drawn("entity")]
    assert enemy in seen["truth"] and enemy not in seen["training"]


def test_a_link_to_a_picture_that_the_run_lacks_shows_all(browser, address) -> None:
    with Map(browser, address.root) as plain:
        plain.settle()
        drawn = len(plain.drawn("unit"))
    with Map(browser, address.root + "#sides=opposing,training") as shown:
        shown.settle()
        assert len(shown.page.locator("#maps canvas").all()) == 1
        assert len(shown.drawn("unit")) == drawn


def test_by_keyboard_alone(browser, address, tutorial_run) -> None:
    header = tutorial_run.manifest.header
    with Map(browser, address.root) as shown:
        page = shown.page
        names = []
        for _ in range(40):
            page.keyboard.press("Tab")
            names.append(
                page.evaluate(
                    "(e => e === document.body ? '' : (e.getAttribute('aria-label') ||"
                    " e.textContent || e.placeholder).trim())(document.activeElement)"
                )
            )
            if names[-1] == "Time":
                break
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", names[-1]
        assert names[-1] == "Time" and all(names), names
        shown.seek(header.sim_start)
        page.keyboard.press("ArrowRight")
        assert shown.t > header.sim_start
        page.keyboard.press("ArrowLeft")
        assert shown.t == header.sim_start
        # a menu closes by Escape, with the focus in it, and its boxes leave the keys alone
        page.click("text=Layers")
        page.locator(".menu input").first.click()
        page.keyboard.press("m")
        assert page.get_attribute("text=Measure", "aria-pressed") == "true"
        page.keyboard.press("Escape")
        page.wait_for_selector(".menu", state="detached")
        assert shown.told == []


def test_search_takes_anything(browser, address, tutorial_run) -> None:
    name = tutorial_run.table("units")["name"].to_pylist()[-1]
    with Map(browser, address.root) as shown:
        page = shown.page
        for odd in ("'\"%_\\", "<b>&amp;", "\U0001f6a2 é\u0301", "../..", "x" * 500):
            page.fill("#search", odd)
            page.wait_for_selector("#found li")
        # Enter before the answer takes what is written, not what was found before
        page.fill("#search", tutorial_run.table("units")["name"].to_pylist()[0])
        page.wait_for_selector("#found [role=option]")
        page.fill("#search", name)
        page.keyboard.press("Enter")
        page.wait_for_selector(".card h2")
        assert page.locator(".card h2").inner_text() == name
        assert not page.locator("#found").count()
        assert shown.told == []


def test_measuring_in_the_second_map_and_in_the_middle_of_a_drag(browser, played) -> None:
    with (
        Server(played.folder).running() as found,
        Map(browser, found.root + "#sides=truth,opposing") as shown,
    ):
        page = shown.page
        page.mouse.move(800, 300)
        page.mouse.down()
        page.keyboard.press("m")
        page.mouse.move(900, 350, steps=3)
        page.mouse.up()
        before = page.locator("#maps canvas").nth(1).screenshot()
        page.mouse.move(750, 300)
        page.mouse.down()
        page.mouse.move(1000, 400, steps=3)
        page.mouse.up()
        shown.settle()
        assert page.locator("#maps canvas").nth(1).screenshot() != before
        page.keyboard.press("Escape")
        item = next(i for i in shown.drawn("unit") if 330 < i["x"] < 560 and 0 < i["y"] < 550)
        page.locator("#maps canvas").nth(1).click(position={"x": item["x"], "y": item["y"]})
        assert shown.told == []


def test_pinching_zooms(browser, address) -> None:
    with Map(browser, address.root, 390, 780) as shown:
        page = shown.page
        session = page.context.new_cdp_session(page)

        def touch(kind: str, apart: float | None) -> None:
            y = page.locator("#maps canvas").bounding_box()["y"] + 250
            points = [] if apart is None else [{"x": 200 - apart, "y": y, "id": 0}]
            points += [] if apart is None else [{"x": 200 + apart, "y": y, "id": 1}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        page.wait_for_timeout(500)
        before = float(page.evaluate("location.hash").split("at=")[1].split("&")[0].split(",")[2])
        touch("touchStart", 30)
        for apart in range(35, 125, 5):
            touch("touchMove", apart)
        touch("touchEnd", None)
        page.wait_for_timeout(900)
        after = float(page.evaluate("location.hash").split("at=")[1].split("&")[0].split(",")[2])
        assert after == pytest.approx(before / 4, rel=0.1)
        assert shown.told == []


def test_following_keeps_the_mover_in_the_middle_until_dragged(browser, address, tutorial_run):
    leg = tutorial_run.sql(
        "select * from legs where mode <> 'hold' order by t1 - t0 desc, entity limit 1"
    ).to_pylist()[0]
    link = f"#t={iso(leg['t0'])}&show=entity:{leg['entity']}"
    with Map(browser, address.root + link) as shown:
        page = shown.page
        page.wait_for_selector(".card h2")
        page.click("text=Show on map")
        page.click("text=Follow")
        page.select_option("select[aria-label=Speed]", "60")
        page.click(".play")
        shown.wait_until(f"startex.t > {leg['t0'] + 30_000}")
        page.set_viewport_size({"width": 1000, "height": 700})
        page.wait_for_timeout(300)
        page.click(".play")
        shown.settle()
        box = page.locator("#maps canvas").bounding_box()
        item = next(i for i in shown.drawn("entity") if i["id"] == leg["entity"])
        assert item["x"] == pytest.approx(box["width"] / 2, abs=2)
        assert item["y"] == pytest.approx(box["height"] / 2, abs=2)
        page.mouse.move(box["x"] + 200, box["y"] + 400)
        page.mouse.down()
        page.mouse.move(box["x"] + 260, box["y"] + 400, steps=4)
        page.mouse.up()
        shown.settle()
        item = next(i for i in shown.drawn("entity") if i["id"] == leg["entity"])
        assert item["x"] == pytest.approx(box["width"] / 2 + 60, abs=4)
        assert page.get_attribute("text=Follow", "aria-pressed") == "false"


def test_who_prefers_dark_gets_dark_and_a_link_overrules(browser, address) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    for link, theme in (("", "dark"), ("#theme=light", "light")):
        page.goto("about:blank")
        page.goto(address.root + link)
        page.wait_for_selector("html.loaded", state="attached")
        assert page.evaluate("document.documentElement.dataset.theme") == theme
    page.wait_for_timeout(900)
    assert "theme=light" in page.evaluate("location.hash")
    context.close()


def test_320_pixels_are_enough(browser, address, tutorial_run) -> None:
    unit = tutorial_run.table("units")["id"].to_pylist()[0]
    with Map(browser, address.root + f"#show=unit:{unit}&list=units", 320, 640) as shown:
        shown.page.wait_for_selector(".card h2")
        assert shown.page.evaluate("document.documentElement.scrollWidth") <= 320
        assert shown.page.locator("#maps canvas").bounding_box()["height"] > 150
        for name in ("button.play", ".card-bar button", "#search"):
            box = shown.page.locator(name).first.bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= 320, name
        assert shown.told == []


def test_the_legend_has_the_colours_of_the_list(browser, address, tutorial_run) -> None:
    nations = set(tutorial_run.table("units")["nation"].to_pylist())
    with Map(browser, address.root + "#list=units") as shown:
        page = shown.page
        page.click("text=Layers")
        colour = "e => getComputedStyle(e).backgroundColor"
        for by in ("nation", "side"):
            page.click(f"text=Colours by {by}")
            items = page.locator(".legend li").all()
            legend = {i.inner_text(): i.locator("i").evaluate(colour) for i in items}
            used = {i.evaluate(colour) for i in page.locator(".branch .swatch").all()}
            assert used <= set(legend.values())
            assert len(set(legend.values())) == len(legend)
            assert (by == "side") or nations <= set(legend) | {"Neutral"}


def test_a_figure_that_is_not_there_is_said_to_be_missing(browser, address) -> None:
    with Map(browser, address.root + "#show=figure:nothing") as shown:
        shown.page.wait_for_selector(".card .problem")
        assert "nothing" in shown.page.locator(".card .problem").inner_text()
