"""A page that shows a map, driven in a real browser."""

from __future__ import annotations

import numpy as np

import startex
from startex.foundation.clock import format_time as iso

__all__ = ["Map", "iso", "link_to", "same_places"]


class Map:
    """A page that shows a map; notes what goes wrong, and what it asks for."""

    def __init__(
        self, browser, address: str, width: int = 1200, height: int = 800, state: str = "loaded"
    ) -> None:
        self.page = browser.new_context(
            viewport={"width": width, "height": height}, has_touch=width < 500
        ).new_page()
        self.told: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.told.append(message.text))
        self.page.on("pageerror", lambda error: self.told.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(address)
        self.page.wait_for_selector(f"html.{state}", state="attached", timeout=60_000)

    def __enter__(self) -> Map:
        return self

    def __exit__(self, *_: object) -> None:
        self.page.context.close()

    @property
    def t(self) -> int:
        return int(self.page.evaluate("startex.t"))

    def seek(self, t: int) -> None:
        self.page.evaluate("t => startex.seek(t)", t)

    def drawn(self, kind: str) -> list[dict]:
        return [item for item in self.page.evaluate("startex.drawn") if item["kind"] == kind]

    def wait_until(self, what: str) -> None:
        """Wait until an expression holds; the page's policy lets no text be run in it later."""
        for _ in range(600):
            if self.page.evaluate(what):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{what} does not come true")

    def settle(self) -> None:
        self.page.evaluate(
            "() => new Promise(d => requestAnimationFrame(() => requestAnimationFrame(d)))"
        )


def link_to(lat: float, lon: float, metres: float, **rest: str) -> str:
    return "#" + "&".join([f"at={lat},{lon},{metres}", *(f"{k}={v}" for k, v in rest.items())])


def same_places(shown: Map, run: startex.Run, t: int) -> None:
    """The page, which works positions out itself, says what `Run.positions` says."""
    shown.seek(t)
    found = shown.page.evaluate(
        "n => Array.from({length: n}, (_, e) => { const w = startex.where(e);"
        " return [w.lat, w.lon, w.root]; })",
        len(run.table("entities")),
    )
    wanted = run.positions(t)
    lat = np.array([np.nan if row[0] is None else row[0] for row in found], dtype=float)
    lon = np.array([np.nan if row[1] is None else row[1] for row in found], dtype=float)
    np.testing.assert_allclose(lat, wanted["lat"].to_numpy(zero_copy_only=False), atol=2e-5)
    apart = (lon - wanted["lon"].to_numpy(zero_copy_only=False) + 180.0) % 360.0 - 180.0
    assert np.nanmax(np.abs(apart)) < 4e-5
    carrier = wanted["carrier"].fill_null(-1).to_numpy()
    roots = np.array([row[2] for row in found])
    np.testing.assert_array_equal(roots, np.where(carrier < 0, np.arange(len(roots)), carrier))
