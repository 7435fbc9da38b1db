"""The page of an indicator, and its picture to embed."""

from starlette.testclient import TestClient

from tests.support.pages import Page, text_of


def test_the_figures_are_as_printed(client: TestClient) -> None:
    page = Page(client, "/indicators/retail_sales")
    [row] = page.elements(".//table[@class='data']/tbody/tr")
    assert [text_of(cell) for cell in row][:5] == ["2021-05", "81.80", "0.0", "407.48", "22.5"]
    assert page.link_to("2021年第5期") == "/issues/2021-05"


def test_the_measure_can_be_chosen(client: TestClient) -> None:
    page = Page(client, "/indicators/retail_sales?measure=cumulative_yoy")
    assert page.texts(".//nav[@class='switch']//a[@aria-current]") == ["本年累计同比"]
    picture = page.attribute(".//figure//img", "src")
    assert "measure=cumulative_yoy" in picture
    assert client.get(picture).status_code == 200
    assert Page(client, "/indicators/retail_sales?measure=wrong", 400)
    assert Page(client, "/indicators/retail_sales?unknown=1", 400)


def test_a_balance_shows_its_balance(client: TestClient) -> None:
    page = Page(client, "/indicators/rmb_loans")
    assert page.texts(".//nav[@class='switch']//a[@aria-current]") == ["月末余额"]
    assert "14583.30" in page.text


def test_other_sites_may_embed_the_picture_and_nothing_else(client: TestClient) -> None:
    embedded = Page(client, Page(client, "/indicators/cpi").link_to("嵌入其他网页"))
    assert "frame-ancestors *" in embedded.answer.headers["content-security-policy"]
    assert embedded.elements(".//figure//img")
    assert not embedded.elements(".//nav")
    groups = Page(client, "/embed/urban-villages/facets?by=plan")
    assert client.get(groups.attribute(".//figure//img", "src")).status_code == 200
    assert Page(client, "/embed/urban-villages/other", 404)


def test_no_year_before_is_derived_from_growth_at_constant_prices(client: TestClient) -> None:
    page = Page(client, "/indicators/industrial_value_added")
    [row] = page.elements(".//table[@class='data']/tbody/tr")
    assert [text_of(cell) for cell in row][5] == "—"


def test_units_are_words_in_english_too(client: TestClient) -> None:
    assert "CNY 100 million" in Page(client, "/indicators/retail_sales?lang=en").text
    assert "100_million_CNY" not in Page(client, "/?lang=en").texts(".//table[@class='data']")[0]
