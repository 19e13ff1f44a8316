"""The map of Vostok-2022 whole, in a browser: as somebody would use it who wants to know."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import startex
from startex.view.export import export
from startex.view.server import Server

sys.path.insert(0, str(Path(__file__).parents[1]))

from map_client import Map, link_to, same_places

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.timeout(900)]

SHIP = "Nanchang 101"


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> startex.Run:
    out = tmp_path_factory.mktemp("vostok") / "map"
    return startex.simulate(startex.load("vostok-2022"), out=out, seed=0, threads=2)


def test_from_the_theatre_to_the_soldier_and_from_a_figure_to_its_quote(
    browser, run, tmp_path
) -> None:
    header = run.manifest.header
    with Server(run.folder).running() as address, Map(browser, address.root) as shown:
        page = shown.page
        for share in (0.2, 0.7, 0.45):
            t = round(header.sim_start + share * (header.sim_end - header.sim_start))
            same_places(shown, run, t)
        page.select_option("select[aria-label=Speed]", "86400")
        shown.seek(header.sim_start)
        page.click(".play")
        shown.wait_until(f"startex.t > {header.sim_start + 3 * 86_400_000}")
        page.click(".play")

        _search(shown, SHIP)
        assert page.locator(".card h2").inner_text() == SHIP
        _search(shown, "Sergeyevsky range")
        page.wait_for_selector(".card[data-kind=place]")

        page.click("role=tab[name=Figures]")
        page.wait_for_selector(".figures .pick", timeout=120_000)
        page.click(".figures .pick:text-is('Ground vehicles in the announced totals')")
        page.click(".card .claims .pick:has-text('S000-15')")
        page.wait_for_selector("blockquote:has-text('5,000 vehicles including 140 warplanes')")
        assert page.locator(".card h3:has-text('Contradicted')").count() >= 1
        assert shown.told == []
        assert all(url.startswith((address.root, "data:")) for url in shown.asked)


def test_persons_are_seen_one_by_one_on_a_range(browser, run) -> None:
    t = "2022-09-06T03:00:00Z"
    entities = run.table("entities").to_pylist()
    where = run.positions(t).to_pylist()
    soldier = next(
        e["entity"] for e in entities
        if e["kind"] == "person" and e["role"] == "rifleman"
        and abs(where[e["entity"]]["lat"] - 44.4) < 0.2
    )  # fmt: skip
    spot = where[soldier]
    link = link_to(spot["lat"], spot["lon"], 0.3, t=t)
    with Server(run.folder).running() as address, Map(browser, address.root + link) as shown:
        shown.settle()
        persons = [i for i in shown.drawn("entity") if entities[i["id"]]["kind"] == "person"]
        assert soldier in [i["id"] for i in persons]


def test_what_the_escorts_know_and_the_file_that_needs_no_server(browser, run, tmp_path) -> None:
    link = link_to(41.6, 137.2, 700, t="2022-09-02T00:30:00Z", sides="truth,training")
    size = export(run.folder, tmp_path / "vostok.html")
    assert size < 40e6
    with Map(browser, (tmp_path / "vostok.html").as_uri() + link) as shown:
        assert shown.page.locator("#maps canvas").count() == 2
        same_places(shown, run, 1_662_078_600_000)
        _search(shown, SHIP)
        assert shown.told == []
        assert {url.split(":")[0] for url in shown.asked} <= {"file", "data"}


def _search(shown: Map, name: str) -> None:
    page = shown.page
    page.fill("#search", name)
    page.wait_for_selector(f"#found [role=option] button:has-text('{name}')")
    page.keyboard.press("Enter")
    page.wait_for_selector(f".card h2:has-text('{name}')")
