"""The report and the comparison in a browser: nothing fetched, nothing too wide, no error."""

from __future__ import annotations

import pytest

from startex.ensemble.comparepage import page as compare_page
from startex.ensemble.report import write_report

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def addresses(factorial, pair, tmp_path_factory) -> list[str]:
    folder = tmp_path_factory.mktemp("html")
    path, _ = write_report(factorial.folder, folder / "report.html")
    other = folder / "compare.html"
    other.write_text(compare_page(pair[0].compare(pair[1])), encoding="utf-8")
    return [path.as_uri(), other.as_uri()]


@pytest.mark.parametrize("width", [390, 1300])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_and_fetch_nothing(browser, addresses, width, scheme) -> None:
    for address in addresses:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        shown = context.new_page()
        seen: list[str] = []
        shown.on("console", lambda message, to=seen: to.append(message.text))
        shown.on("pageerror", lambda error, to=seen: to.append(str(error)))
        shown.on("request", lambda request, to=seen: to.append(request.url))
        shown.goto(address)
        assert seen == [address]
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
        context.close()
