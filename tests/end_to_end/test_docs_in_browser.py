"""`/docs` in a real browser: a part at a time, below a prefix, within its policy, usable by all."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.support.browser import AXE, watched_page

pytestmark = [pytest.mark.system, pytest.mark.slow]
PREFIX = "/gazette"
ROW, AREAS, LIST = ".opblock", 'nav a[href="#/areas"]', "#operations-areas-list_areas"
MAX_ROWS, MAX_ELEMENTS = 40, 3000
"""What the page shows of one part. All parts at once took the viewer many seconds."""


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    """Return an empty page. Errors on its console, but not the viewer's warnings, and other hosts fail the test."""
    context = browser.new_context(base_url=base, viewport={"width": 1280, "height": 900})
    with watched_page(context, base, kinds=("error",)) as page:
        yield page


def test_a_part_is_little_work_and_an_operation_opens(page: Page) -> None:
    page.goto("/docs")
    page.wait_for_selector(ROW)
    for part in (None, AREAS):
        if part:
            page.click(part)
            page.wait_for_selector(LIST)
        assert 0 < page.locator(ROW).count() <= MAX_ROWS
        assert page.evaluate("document.getElementsByTagName('*').length") <= MAX_ELEMENTS
    page.click(f"{LIST} .opblock-summary-control")
    page.wait_for_selector(f'{LIST} tr[data-param-name="operators"]')


def strip_prefix(route: Route) -> None:
    """Ask for an address as a proxy does that strips the prefix; refuse what is outside of it."""
    before, found, rest = route.request.url.partition(f"{PREFIX}/")
    if found:
        route.continue_(url=f"{before}/{rest}")
    else:
        route.abort()


def test_an_operation_is_tried_out_below_a_prefix(page: Page, base: str) -> None:
    page.context.route(re.compile("^http"), strip_prefix)
    page.goto(f"{PREFIX}/docs#/areas/list_areas")
    page.click(f"{LIST} .try-out__btn")
    page.fill(f'{LIST} tr[data-param-name="limit"] input', "1")
    page.fill(f'{LIST} tr[data-param-name="operators"] textarea', '{"name_zh__startswith": "温州"}')
    page.click(f"{LIST} .execute")
    answer = page.inner_text(f"{LIST} .live-responses-table")
    assert '"id": "330300"' in answer
    asked = page.inner_text(f"{LIST} .request-url pre")
    assert asked.startswith(f"{base}{PREFIX}/v1/areas?")
    assert "name_zh__startswith=%E6%B8%A9%E5%B7%9E" in asked
    assert page.locator("nav a").first.evaluate("link => link.href") == f"{base}{PREFIX}/docs#/service"


def test_a_part_has_its_operations_only_and_a_link_of_its_own(page: Page) -> None:
    page.goto("/docs#/events/list_events")
    assert page.locator("#operations-events-list_events .opblock-body").is_visible()
    assert page.locator("nav a[aria-current]").inner_text().split()[0] == "events"
    assert {
        text.split("/")[2].partition(".")[0] for text in page.locator(".opblock-summary-path").all_inner_texts()
    } == {"events"}
    page.click(AREAS)
    page.wait_for_selector(LIST)
    assert page.locator("nav a[aria-current]").inner_text().split()[0] == "areas"


def test_nothing_is_inaccessible_but_what_the_viewer_makes(page: Page) -> None:
    page.goto("/docs")
    page.wait_for_selector(ROW)
    page.evaluate(AXE)
    violations = page.evaluate("axe.run({exclude: ['.swagger-ui']}).then(found => found.violations)")
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in violations] == []
    assert page.locator("html").get_attribute("lang") == "en"
