"""Pictures of the map from the command line: one as PNG, several as an animation.

The page itself is shown in a Chromium without a window and photographed, so that a picture is what
a person would see. Needs Chromium or Chrome, and the extra ``startex[pictures]`` (Playwright).
"""

from __future__ import annotations

import contextlib
import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from startex.foundation.errors import StartexError
from startex.recording.wholefile import write_whole
from startex.view.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
"""Programs that are looked for, the first that is there is used."""

ENDINGS = (".png", ".gif", ".webp")
FRAME_MS = 100
"""How long each picture of an animation stands."""

_SETTLED_MS = 600  # names, symbols and cards that come after the first frame
_WAIT_MS = 120_000


@dataclass(frozen=True, slots=True)
class Shot:
    """What is photographed.

    Attributes
    ----------
    link
        What the address of the page holds after ``#``: where, when, what is selected.
    begin, until
        Instants (ms since 1970-01-01 UTC) of the first and last picture; None: as in the link.
    frames
        Pictures of an animation.
    width, height
        Pixels.
    """

    link: str = ""
    begin: int | None = None
    until: int | None = None
    frames: int = 60
    width: int = 1280
    height: int = 800


def photograph(run: Path, out: Path, shot: Shot) -> int:
    """Write a picture, or an animation where ``out`` ends in .gif or .webp; return its bytes.

    Raises
    ------
    StartexError
        If there is no browser, the page does not come up, or the file cannot be written.
    StoreError
        If there is no run, it cannot be read, or it did not come to an end.
    """
    with Server(run).running() as address, _page(shot) as page:
        data = _taken(page, f"{address.url}#{shot.link}", out.suffix.lower(), shot)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(out, data)
    except OSError as error:
        raise StartexError(f"cannot write {out}: {error.strerror}") from error
    return len(data)


def _taken(page: Page, url: str, ending: str, shot: Shot) -> bytes:
    page.goto(url)
    page.wait_for_selector("html.loaded, html.failed", state="attached", timeout=_WAIT_MS)
    if page.locator("html.failed").count():
        raise StartexError(f"the page says: {page.locator('#told').inner_text()}")
    if shot.begin is not None:
        _seek(page, shot.begin)
    page.wait_for_timeout(_SETTLED_MS)
    for loading in page.locator("p:text-matches('^Loading')").all():
        loading.wait_for(state="hidden", timeout=_WAIT_MS)
    if ending == ".png":
        return bytes(page.screenshot())
    begin = int(page.evaluate("startex.t"))
    until = begin if shot.until is None else shot.until
    images = []
    for frame in range(shot.frames):
        _seek(page, begin + (until - begin) * frame // max(1, shot.frames - 1))
        images.append(page.screenshot())
    return _animated(images, ending.lstrip("."))


def _seek(page: Page, t: int) -> None:
    page.evaluate("t => startex.seek(t)", t)


def _animated(images: list[bytes], kind: str) -> bytes:
    from PIL import Image  # noqa: PLC0415  (late: few ask for it)

    opened = [Image.open(io.BytesIO(image)).convert("RGB") for image in images]
    if kind == "gif":  # one palette for all, or colours flicker
        palette = opened[len(opened) // 2].quantize(256)
        opened = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in opened]
    made = io.BytesIO()
    options: dict[str, Any] = {"optimize": True} if kind == "gif" else {"quality": 80}
    opened[0].save(
        made, kind, save_all=True, append_images=opened[1:], duration=FRAME_MS, loop=0, **options
    )
    return made.getvalue()


def printed(html: str) -> bytes:
    """Return a page that needs nothing else as PDF, on the paper that its style sheet names.

    Raises
    ------
    StartexError
        If there is no browser, or it does not start.
    """
    with _page(Shot()) as page:
        page.set_content(html, wait_until="load")
        return bytes(page.pdf(prefer_css_page_size=True, print_background=True))


@contextlib.contextmanager
def _page(shot: Shot) -> Iterator[Page]:
    start = _playwright()
    with start() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=browser_path(), args=["--no-sandbox", "--hide-scrollbars"]
            )
        except Exception as error:
            first = str(error).strip().splitlines()[0]
            raise StartexError(f"the browser does not start: {first}") from error
        try:
            yield browser.new_page(viewport={"width": shot.width, "height": shot.height})
        finally:
            browser.close()


def _playwright() -> Callable[[], Any]:
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415  (an extra)
    except ImportError as error:
        raise StartexError(
            "pictures need Playwright, which is not installed: pip install 'startex[pictures]'"
        ) from error
    return sync_playwright


def browser_path() -> str:
    """Return the browser that is used.

    Raises
    ------
    StartexError
        If there is none.
    """
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    raise StartexError(f"pictures need a browser, one of {', '.join(BROWSERS)}; none is installed")
