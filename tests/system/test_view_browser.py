"""The view in a browser: the page keeps its own policy, columns are read as documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from startex.view.server import Server

pytestmark = pytest.mark.browser

PAGE = Path(__file__).resolve().parents[2] / "docs" / "view.md"


def _opened(browser, address: str):
    page = browser.new_context().new_page()
    told: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    return page, told, asked


def test_page_and_columns_in_a_browser(browser, tutorial_run) -> None:
    (decoder,) = re.findall(r"^```js\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    t = tutorial_run.manifest.header.sim_end
    with Server(tutorial_run.folder).running() as address:
        page, told, asked = _opened(browser, f"{address.root}api")
        assert page.locator("h1").inner_text() == tutorial_run.manifest.header.notes["title"]
        margin = page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth")
        assert margin == "896px"  # the style sheet was let in
        found = page.evaluate(
            f"""async () => {{
                {decoder}
                const where = (await columns("/api/v1/positions?t={t}")).found;
                const who = (await columns("/api/v1/entities")).found;
                return [Array.from(where.lat), Array.from(where.aboard), who.name,
                        Array.from(who.kind, (code) => who.kind.words[code])];
            }}"""
        )
        assert told == [] and all(url.startswith((address.root, "data:")) for url in asked)
        page.context.close()
    wanted, entities = tutorial_run.positions(t), tutorial_run.table("entities")
    lat = wanted["lat"].fill_null(float("nan")).to_pylist()
    assert found[0] == pytest.approx(lat, abs=1e-5, nan_ok=True)
    assert found[1] == wanted["aboard"].fill_null(-1).to_pylist()
    assert found[2:] == [entities["name"].to_pylist(), entities["kind"].cast("string").to_pylist()]


def test_the_token_is_kept_and_vanishes_from_the_address(browser, tutorial_run) -> None:
    with Server(tutorial_run.folder, "0.0.0.0", remote=True).running() as address:
        root = f"http://127.0.0.1:{address.port}/"
        page, _, _ = _opened(browser, f"{root}?token={address.token}")
        assert page.url == root
        assert page.evaluate("document.cookie") == ""  # scripts do not see it
        status = "async (path) => (await fetch(path)).status"
        assert page.evaluate(status, "/api/v1/run") == 200
        stranger, _, _ = _opened(browser, root)
        assert stranger.evaluate(status, "/api/v1/run") == 401
        page.context.close()
        stranger.context.close()
