"""What the map costs in a browser: first picture, seeking, frames while playing and moving.

Chromium without a window and without a graphics card, so everything is drawn by the processor.

Example: python -m benchmarks.view_map runs/vostok-2022 --save
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from startex.recording.reader import Run
from startex.view.export import export
from startex.view.pictures import browser_path
from startex.view.server import Server

RESULT = Path(__file__).parent / "results" / "map.md"
THEATRE = "at=45.3,134.1,3100"
RANGE = "at=44.41,131.57,40"
PERSONS = "at=44.4029,131.6129,0.3"
SECONDS = 4

_FRAMES = """seconds => new Promise(done => {
  let n = 0; const begin = performance.now();
  const step = () => { n++; const t = performance.now() - begin;
    t > seconds * 1000 ? done(n / t * 1000) : requestAnimationFrame(step); };
  requestAnimationFrame(step); })"""
_SEEK = """async ts => { const took = [];
  for (const t of ts) { const begin = performance.now(); await startex.seek(t);
    took.push(performance.now() - begin); } return took; }"""
_DRAG = """seconds => new Promise(done => {
  const canvas = document.querySelector('#maps canvas'); let x = 700, n = 0;
  const send = kind => canvas.dispatchEvent(new PointerEvent(kind,
    {clientX: x, clientY: 400, pointerId: 1, buttons: 1}));
  const begin = performance.now(); send('pointerdown');
  const step = () => { n++; x += n % 80 < 40 ? 5 : -5; send('pointermove');
    const t = performance.now() - begin;
    if (t > seconds * 1000) { send('pointerup'); done(n / t * 1000); }
    else requestAnimationFrame(step); };
  step(); })"""


def main(arguments: Sequence[str]) -> int:
    """Measure, and print or save the result; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--save", action="store_true")
    options = parser.parse_args(arguments)
    text = report(options.run, options.repeat)
    print(text)
    if options.save:
        RESULT.write_text(text, encoding="utf-8")
    return 0


def report(folder: Path, repeat: int) -> str:
    """Return what was measured, as Markdown."""
    from playwright.sync_api import sync_playwright

    run = Run(folder)
    rows: list[tuple[str, str, str]] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path(), args=["--no-sandbox", "--enable-precise-memory-info"]
        )
        version = browser.version
        first, loaded = zip(*(_opened(browser, folder) for _ in range(repeat)), strict=True)
        rows.append(("first picture after opening, s", _span(first), "2"))
        rows.append(("all movements loaded after opening, s", _span(loaded), ""))
        with Server(folder).running() as address:
            rows += _measured(browser, address.root, run)
        rows += _exported(browser, folder)
        browser.close()
    counts = run.manifest.counts
    lines = [f"| {name} | {found} | {goal} |" for name, found, goal in rows]
    return "\n".join(
        [
            f"# The map of {run.manifest.header.scenario} in a browser",
            "",
            f"{counts['entities']:,} entities, {counts['legs']:,} legs; "
            "window of 1440 × 900 pixels; drawn by the processor.",
            "",
            "| what | measured | goal |",
            "|---|---:|---:|",
            *lines,
            "",
            f"Chromium {version}, {os.cpu_count()} cores of {platform.machine()}, "
            f"best and worst of {repeat} where two figures stand; the server runs beside it on the "
            "same cores.",
            "",
        ]
    )


def _page(browser: Any) -> Any:
    return browser.new_context(viewport={"width": 1440, "height": 900}).new_page()


def _opened(browser: Any, folder: Path) -> tuple[float, float]:
    """Return seconds to the first picture and to all movements, of a server just started."""
    with Server(folder).running() as address:
        page = _page(browser)
        begin = time.perf_counter()
        page.goto(address.root, wait_until="commit")
        page.wait_for_selector("html.ready", state="attached", timeout=120_000)
        first = time.perf_counter() - begin
        page.wait_for_selector("html.loaded", state="attached", timeout=120_000)
        loaded = time.perf_counter() - begin
        page.context.close()
    return first, loaded


def _measured(browser: Any, root: str, run: Run) -> list[tuple[str, str, str]]:
    header = run.manifest.header
    rows = []
    page = _page(browser)
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.update({answer.url: _sent(answer)}))
    page.goto(root)
    page.wait_for_selector("html.loaded", state="attached", timeout=120_000)
    page.wait_for_timeout(2000)
    own = sum(size for url, size in sizes.items() if "/api/" not in url)
    data = sum(size for url, size in sizes.items() if "/api/" in url)
    rows.append(("the page itself, as sent, MB", f"{own / 1e6:.1f}", ""))
    rows.append(("data of the run, as sent, MB", f"{data / 1e6:.0f}", ""))
    memory = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
    rows.append(("memory of scripts, MB", f"{memory:.0f}", ""))
    span = header.sim_end - header.sim_start
    instants = [header.sim_start + round(span * share / 21) for share in (4, 19, 9, 15, 2, 11, 17)]
    for name, link in (("theatre", THEATRE), ("a range", RANGE), ("persons", PERSONS)):
        page.evaluate("link => { location.hash = link; }", f"{link}&t={_iso(header, 0.65)}")
        page.wait_for_timeout(1500)
        took = page.evaluate(_SEEK, instants)
        rows.append((f"seek, {name}: median and longest, ms", _both(took), "150"))
        for speed in ("3600", "86400"):
            page.evaluate("t => startex.seek(t)", header.sim_start + round(span * 0.3))
            page.select_option("select[aria-label=Speed]", speed)
            page.click(".play")
            frames = page.evaluate(_FRAMES, SECONDS)
            page.click(".play")
            pace = "1 h/s" if speed == "3600" else "1 day/s"
            rows.append((f"frames a second while playing {pace}, {name}", f"{frames:.0f}", "15"))
        rows.append(
            (f"frames a second while dragging, {name}", f"{page.evaluate(_DRAG, 3):.0f}", "")
        )
    page.context.close()
    return rows


def _exported(browser: Any, folder: Path) -> list[tuple[str, str, str]]:
    begin = time.perf_counter()
    out = folder.parent / ".map-benchmark.html"
    try:
        size = export(folder, out)
        took = time.perf_counter() - begin
        page = _page(browser)
        begin = time.perf_counter()
        page.goto(out.resolve().as_uri(), wait_until="commit")
        page.wait_for_selector("html.loaded", state="attached", timeout=120_000)
        opened = time.perf_counter() - begin
        page.context.close()
    finally:
        out.unlink(missing_ok=True)
    return [
        ("exported file, MB", f"{size / 1e6:.1f}", ""),
        ("time to export, s", f"{took:.1f}", ""),
        ("time to open the exported file, all movements there, s", f"{opened:.1f}", ""),
    ]


def _sent(answer: Any) -> int:
    """Return the bytes of an answer as they came; what tells no length counts as nothing."""
    return int(answer.headers.get("content-length", 0))


def _iso(header: Any, share: float) -> str:
    from startex.foundation.clock import format_time

    return format_time(header.sim_start + round((header.sim_end - header.sim_start) * share))


def _span(found: Sequence[float]) -> str:
    return f"{min(found):.1f} to {max(found):.1f}"


def _both(found: Sequence[float]) -> str:
    return f"{statistics.median(found):.0f} and {max(found):.0f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
