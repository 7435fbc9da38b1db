"""`/docs` in a real browser: quick, below a prefix, within its policy, usable by all."""

import re
from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, CDPSession, Page, Route, sync_playwright

from tests.support.served import running

pytestmark = [pytest.mark.system, pytest.mark.slow]
CHROMIUM = "/usr/bin/chromium"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
PREFIX = "/gazette"
ROW, AREAS, LIST = ".opblock", 'nav a[href="#/areas"]', "#operations-areas-list_areas"
FIRST_ROW_SECONDS, OPENING_SECONDS = 2.0, 1.5


@pytest.fixture(scope="module")
def base(loaded_sqlite: str) -> Iterator[str]:
    """Return the address of a running service."""
    with running(loaded_sqlite) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return Debian's Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    """Return an empty page. Complaints of the console and requests to other hosts fail the test."""
    complaints: list[str] = []
    page = browser.new_context(base_url=base, viewport={"width": 1280, "height": 900}).new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith((base, "data:")) else complaints.append(asked.url))
    yield page
    page.context.close()
    assert complaints == []


def work_seconds(session: CDPSession) -> float:
    """Return the processor time that the page's main thread has used, which other processes do not change."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(float(metric["value"]) for metric in metrics if metric["name"] == "TaskDuration")


def test_the_first_row_is_there_soon_and_an_operation_opens_fast(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto("/docs", wait_until="commit")
    page.wait_for_selector(ROW)
    first_row = work_seconds(session)
    assert first_row <= FIRST_ROW_SECONDS
    page.click(AREAS)
    page.wait_for_selector(LIST)
    before = work_seconds(session)
    page.click(f"{LIST} .opblock-summary-control")
    page.wait_for_selector(f'{LIST} tr[data-param-name="operators"]')
    assert work_seconds(session) - before <= OPENING_SECONDS


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
