"""The datasets whose pages show more than a table: commitments, water, villages, diary, checks."""

from starlette.testclient import TestClient

from tests.support.pages import Page


def test_commitments_by_the_day_they_fall_due(client: TestClient) -> None:
    page = Page(client, "/commitments")
    tiles = page.elements(".//ul[@class='tiles']/li/a")
    assert len(tiles) == 4
    total = 0
    for tile in tiles:
        count = int("".join(tile.itertext()).split()[0])
        listed = client.get(f"/v1{tile.get('href')}").json()["meta"]["total"]
        assert listed == count
        total += count
    assert total == client.get("/v1/commitments?limit=0").json()["meta"]["total"]
    assert tiles[0].get("href") == "/commitments?due_to__lt=2021-07-01"
    assert "max-age" in page.answer.headers["cache-control"]
    assert "stale-while-revalidate" not in page.answer.headers["cache-control"]  # it changes at midnight


def test_each_section_from_its_class_to_its_targets(client: TestClient) -> None:
    page = Page(client, "/water-sections")
    courses = page.elements(".//section[@aria-labelledby='courses']//tbody/tr")
    shown = {
        "".join(row[0].itertext()).strip(): [" ".join("".join(cell.itertext()).split()) for cell in row]
        for row in courses
    }
    assert len(shown) == client.get("/v1/water-sections?limit=0").json()["meta"]["total"]
    assert shown["蒲岐"] == ["蒲岐", "东干河流域", "Ⅳ类", "提升到Ⅲ类", "", "", "Ⅲ类"]
    assert shown["江口渡"][2] == "—"


def test_villages_by_district_and_year(client: TestClient) -> None:
    page = Page(client, "/urban-villages?plan=demolition")
    table = page.elements(".//section[@aria-labelledby='by-year']//table")[0]
    for link in table.iter("a"):
        href, text = link.get("href") or "", "".join(link.itertext())
        if text.isdigit():
            assert client.get(f"/v1{href}").json()["meta"]["total"] == int(text)
    totals = ["".join(cell.itertext()) for cell in table.findall("./tfoot/tr/td")]
    assert int(totals[-1]) == client.get("/v1/urban-villages?plan=demolition&limit=0").json()["meta"]["total"]


def test_the_diary_by_day_and_by_person(client: TestClient) -> None:
    page = Page(client, "/events?date=2021-05-18")
    assert page.texts(".//ol[@class='diary']//h3") == ["2021年5月18日 星期二"]
    person = page.link_to("姚高员")
    theirs = Page(client, person.replace("date=2021-05-18&", ""))
    rows = client.get("/v1/events?participants__has=姚高员&limit=0").json()["meta"]["total"]
    assert f"{rows} 条" in theirs.text


def test_the_checks_tell_known_failures_apart(client: TestClient) -> None:
    page = Page(client, "/checks")
    failed = client.get("/v1/checks?status=fail&limit=0").json()["meta"]["total"]
    assert [text.split(" ")[0] for text in page.texts(".//ul[@class='tiles']/li")][1] == str(failed)
    assert page.link_to("项不符") == "/checks?status=fail"
