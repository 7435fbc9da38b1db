"""The pages in a real browser: the ways of a journalist, with and without JavaScript, on wide and narrow screens."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import AXE, watched_page

pytestmark = [pytest.mark.system, pytest.mark.slow]
WIDE, NARROW = 1280, 360
KINDS_OF_PAGES = (
    "/",
    "/about",
    "/datasets",
    "/search?q=江口渡",
    "/urban-villages?district=龙湾区",
    "/urban-villages?distrikt=1",
    "/urban-villages?year_to__gte=2040",
    "/water-sections",
    "/water-sections/puqi",
    "/commitments",
    "/events",
    "/checks",
    "/changes",
    "/documents",
    "/documents/wenzhengban-2021-28",
    "/documents/wenzhengban-2021-30?on=2024-06-10",
    "/indicators/retail_sales",
    "/issues/2021-05",
    "/embed/indicators/cpi",
    "/nowhere",
)


@pytest.fixture(params=[(WIDE, True), (NARROW, True), (WIDE, False), (NARROW, False)], ids=str)
def page(browser: Browser, base: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return an empty page, wide or narrow, with or without JavaScript. Its complaints fail the test."""
    width, has_script = request.param
    context = browser.new_context(
        base_url=base, viewport={"width": width, "height": 900}, java_script_enabled=has_script
    )
    with watched_page(context, base) as page:
        yield page


def rows(page: Page) -> list[str]:
    """Return the heads of the rows of the data table."""
    return page.locator("table.data tbody th").all_inner_texts()


def test_which_villages_of_a_district_go_and_when(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="城中村改造", exact=True).click()
    page.locator("select[name=district]").select_option(label="龙湾区（53）")
    if "district" not in page.url:  # without a script, or by the keyboard, the button submits
        page.get_by_role("button", name="筛选").click()
    page.wait_for_url("**/urban-villages?district=*")
    assert "所属区为“龙湾区”" in page.locator(".sentence").inner_text()
    assert "青山" in rows(page)
    page.get_by_role("link", name="改造截止年份").first.click()
    assert page.locator("th[aria-sort=ascending]").count() == 1


def test_which_sections_must_reach_class_iii_by_2021(page: Page) -> None:
    page.goto("/water-sections")
    course = page.locator("section[aria-labelledby=courses] tbody tr", has_text="蒲岐")
    assert "提升到Ⅲ类" in course.locator("td").nth(2).inner_text()
    course.get_by_role("link", name="蒲岐").click()
    assert page.locator("h1").inner_text() == "蒲岐"
    assert "乐清市" in page.locator("main").inner_text()


def test_how_retail_sales_went(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="限额以上消费品零售总额").first.click()
    assert "81.80" in page.locator("table.data").inner_text()
    page.get_by_role("link", name="本年累计", exact=True).click()
    assert "measure=cumulative" in page.url


def test_whether_a_document_is_in_force_and_what_it_repealed(page: Page) -> None:
    page.goto("/search?q=30号")
    page.get_by_role("link", name="温州市工业企业市域内跨行政区域迁移管理暂行办法").first.click()
    standing = page.locator("section.standing").inner_text()
    assert "2021年7月1日" in standing
    assert "有效" in standing
    assert "温政办〔2016〕23号" in page.locator("section[aria-labelledby=relations]").inner_text()


def test_what_the_mayor_did_on_a_day(page: Page) -> None:
    page.goto("/events")
    page.locator("select[name='participants__has']").select_option(value="姚高员")
    if "participants" not in page.url:
        page.get_by_role("button", name="筛选").click()
    page.wait_for_url("**participants__has=*")
    assert "5月18日" in page.locator(".diary").inner_text()


def test_who_promised_what_by_when(page: Page) -> None:
    page.goto("/commitments?value=90")
    assert "2021-12-31" in page.locator("table.data").inner_text()
    page.goto("/commitments")
    page.locator(".tiles a").first.click()
    assert "due_to__lt=2021-07-01" in page.url


def test_the_table_as_a_spreadsheet(page: Page) -> None:
    page.goto("/urban-villages?district=龙湾区")
    with page.expect_download() as download:
        page.locator("a[download][href*='.xlsx'][href*='district']").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    assert download.value.failure() is None


def test_every_mention_of_a_place(page: Page) -> None:
    page.goto("/")
    page.locator("#home-finder").fill("江口渡")
    page.locator("#home-finder").press("Enter")
    page.wait_for_url("**/search?q=*")
    assert page.locator("mark").count() >= 2


def test_columns_are_chosen_in_a_form(page: Page) -> None:
    page.goto("/urban-villages")
    page.get_by_text("选择列").click()
    page.get_by_role("checkbox", name="标识").check()
    page.get_by_role("button", name="显示这些列").click()
    page.wait_for_url("**fields=id*")
    assert page.locator("table.data thead").inner_text().startswith("标识")


def test_no_page_is_wider_than_the_screen(browser: Browser, base: str) -> None:
    context = browser.new_context(base_url=base, viewport={"width": NARROW, "height": 900})
    with watched_page(context, base) as page:
        for path in KINDS_OF_PAGES:
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_a_figure_is_copied_and_the_search_is_one_key_away(browser: Browser, base: str) -> None:
    context = browser.new_context(base_url=base, permissions=["clipboard-read", "clipboard-write"])
    with watched_page(context, base) as page:
        page.goto("/documents/wenzhengban-2021-30")
        page.get_by_role("button", name="复制").first.click()
        page.wait_for_function("document.querySelector('[data-copy][aria-label]')")
        assert "温政办〔2021〕30号" in page.evaluate("navigator.clipboard.readText()")
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "finder"


def test_the_keyboard_alone_reaches_the_content_and_submits(browser: Browser, base: str) -> None:
    context = browser.new_context(base_url=base)
    with watched_page(context, base) as page:
        page.goto("/urban-villages")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#content"
        page.locator("form.filters input[name=q]").focus()
        page.keyboard.type("蟾钟")
        page.keyboard.press("Enter")
        page.wait_for_url("**q=*")
        assert rows(page) == ["蟾钟"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_has_a_barrier(browser: Browser, base: str, language: str, scheme: str) -> None:
    """Axe runs in the page, past its policy."""
    context = browser.new_context(base_url=base, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    violations = []
    for path in KINDS_OF_PAGES:
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        page.evaluate(AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        violations += [(path, each["id"], each["nodes"][0]["html"][:200]) for each in found]
    context.close()
    assert violations == []
