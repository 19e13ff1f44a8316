"""Makes the pictures of the README from the review of a run, with a headless Chromium.

Usage: python builders/pictures.py runs/vostok-2022/review.html
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
WIDTH = 1280


def main(review: str) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("no chromium on this machine")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 900})
        page.goto(Path(review).resolve().as_uri())
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURES / "review-top.png", clip=_area(page, "#forces"))
        for name, title in (("review-theatre", "The theatre"),):
            figure = page.locator("figure", has_text=title).first
            figure.screenshot(path=PICTURES / f"{name}.png")
        browser.close()


def _area(page, after: str) -> dict[str, float]:
    """The part of the page above an element."""
    end = page.locator(after).first.bounding_box()
    return {"x": 140, "y": 30, "width": WIDTH - 280, "height": max(200, end["y"] - 60)}


if __name__ == "__main__":
    main(*sys.argv[1:])
