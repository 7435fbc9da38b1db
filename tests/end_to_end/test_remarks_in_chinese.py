"""Remarks and checks in Chinese exports and pages."""

from starlette.testclient import TestClient


def test_notes_of_rows(client: TestClient) -> None:
    answer = client.get("/v1/water-sections.csv?lang=zh&id=jiangkoudu")
    assert "方案目标中写有此断面，表中没有" in answer.text
    assert "named in the plan" in client.get("/v1/water-sections.csv?id=jiangkoudu").text


def test_subjects_and_details_of_checks(client: TestClient) -> None:
    answer = client.get("/v1/checks.csv?lang=zh&status=fail")
    assert "目标写明的断面与表中断面" in answer.text
    assert "仅见于前者：jiangkoudu" in answer.text


def test_pages(client: TestClient) -> None:
    chinese, english = (client.get(f"/water-sections/jiangkoudu?lang={lang}").text for lang in ("zh", "en"))
    assert "方案目标中写有此断面，表中没有" in chinese
    assert "missing from the table" in english
    assert "目标写明的断面与表中断面" in client.get("/checks?lang=zh&status=fail").text
