"""The review in a browser: figures tell their source, nothing is fetched, it prints."""

from __future__ import annotations

import pytest

from startex.review.report import write_review

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(small, tmp_path_factory) -> str:
    path, _ = write_review(small.folder, tmp_path_factory.mktemp("html") / "review.html")
    return path.as_uri()


def opened(browser, address, **options):
    context = browser.new_context(**options)
    page = context.new_page()
    page.seen = []
    page.on("console", lambda message: page.seen.append(message.text))
    page.on("pageerror", lambda error: page.seen.append(str(error)))
    page.on("request", lambda request: page.seen.append(request.url))
    page.goto(address)
    return page


def test_nothing_is_fetched_and_no_error_told(browser, address):
    page = opened(browser, address)
    assert page.seen == [address]


def test_clicking_a_figure_shows_its_source(browser, address):
    page = opened(browser, address)
    page.locator('.standfirst [data-f="forces.persons"]').click()
    box = page.locator("#source")
    assert box.is_visible()
    assert "In all 68 persons" in box.inner_text()
    assert "Rows of" in box.inner_text() or "Entities of kind person" in box.inner_text()
    page.keyboard.press("Escape")
    assert not box.is_visible()
    assert page.evaluate("document.activeElement.dataset.f") == "forces.persons"


def test_keyboard_opens_a_source(browser, address):
    page = opened(browser, address)
    page.locator('.standfirst [data-f="forces.nations"]').focus()
    page.keyboard.press("Enter")
    assert page.locator("#source").is_visible()


def test_a_cell_tells_how_it_was_computed(browser, address):
    page = opened(browser, address)
    page.locator('[data-f="presence.range.persons.day_2"]').click()
    text = page.locator("#source").inner_text()
    assert "36" in text and "Range" in text and "local noon" in text


def test_works_without_script(browser, address):
    page = opened(browser, address, java_script_enabled=False)
    page.locator('.standfirst [data-f="forces.persons"]').click()
    assert page.url.endswith("#f-forces-persons")
    assert "In all 68 persons" in page.locator("#f-forces-persons").inner_text()


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_sticks_out(browser, address, width):
    page = opened(browser, address, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_prints(browser, address):
    page = opened(browser, address)
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF") and len(pdf) > 20_000
