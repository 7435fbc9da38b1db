"""The page of an issue."""

from starlette.testclient import TestClient

from tests.support.pages import Page


def test_the_contents_list_is_as_printed_and_linked(client: TestClient) -> None:
    page = Page(client, "/issues/2021-05")
    issue = client.get("/v1/issues/2021-05").json()
    lines = page.texts(".//ol[@class='contents']/li")
    assert [line.split(" ")[0] for line in lines] == [str(line["page"]) for line in issue["contents"]]
    assert page.link_to("主要统计指标") == "/observations?issue_id=2021-05"
    assert page.link_to("简讯5则") == "/briefs?id__startswith=2021-05."


def test_the_masthead_and_the_checks(client: TestClient) -> None:
    page = Page(client, "/issues/2021-05")
    assert "浙内准字第C021号" in page.text
    checks = client.get("/v1/checks?id__startswith=2021-05.&limit=0").json()["meta"]["total"]
    passed = client.get("/v1/checks?id__startswith=2021-05.&status=pass&limit=0").json()["meta"]["total"]
    assert f"{checks} 项中 {passed} 项相符" in page.text
