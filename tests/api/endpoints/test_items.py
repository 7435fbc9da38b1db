"""Single rows."""

from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from app.renderers.representations import AKOMA_NTOSO, CITATIONS, TABLE_FORMATS


def test_a_document_is_found_by_its_number(client: TestClient) -> None:
    answer = client.get("/v1/documents/温政办〔2021〕28号")
    assert answer.status_code == 200
    assert answer.headers["content-location"] == "/v1/documents/wenzhengban-2021-28"
    assert answer.json() == client.get("/v1/documents/wenzhengban-2021-28").json()


@pytest.mark.parametrize(
    "typed",
    [
        "温政办[2021]28号",
        "温政办(2021)28号",
        "温政办（2021）28号",
        "温政办【２０２１】２８号",
        "溫政辦〔2021〕28號",
        "温政办︻2021︼28号",
        "温政办 〔2021〕 第 28 号",
        "温政办〔2021〕28",
        "温政办2021 28号",
    ],
)
def test_a_number_in_any_bracket_is_an_address(client: TestClient, typed: str) -> None:
    usual = client.get("/v1/documents/wenzhengban-2021-28")
    for suffix in ("", ".csv", ".bib", ".xml"):
        found = client.get(f"/v1/documents/{quote(typed)}{suffix}")
        assert found.status_code == 200, found.text
        assert found.content == client.get(f"/v1/documents/wenzhengban-2021-28{suffix}").content
    found = client.get(f"/v1/documents/{quote(typed)}")
    assert found.headers["content-location"] == "/v1/documents/wenzhengban-2021-28"
    assert found.json() == usual.json()


NUMBER, BY_ID = f"/v1/documents/{quote('温政办〔2021〕28号')}", "/v1/documents/wenzhengban-2021-28"
FORMS = {
    **{each.suffix: each.media_type for each in (*TABLE_FORMATS.values(), *CITATIONS.values(), AKOMA_NTOSO)},
    "": "application/json",
}


@pytest.mark.parametrize("suffix", list(FORMS))
def test_the_address_of_a_document_is_in_the_form_that_was_asked_for(client: TestClient, suffix: str) -> None:
    by_suffix = client.get(f"{NUMBER}{suffix}")
    by_accept = client.get(NUMBER, headers={"Accept": FORMS[suffix]})
    for answer in (by_suffix, by_accept, client.head(f"{NUMBER}{suffix}")):
        assert answer.headers["content-location"] == f"{BY_ID}{suffix}"
    there = client.get(by_suffix.headers["content-location"])
    assert there.content == by_suffix.content == by_accept.content
    assert "content-location" not in there.headers
    unchanged = client.get(f"{NUMBER}{suffix}", headers={"If-None-Match": by_suffix.headers["etag"]})
    assert (unchanged.status_code, unchanged.headers["content-location"]) == (304, f"{BY_ID}{suffix}")


@pytest.mark.parametrize("suffix", ["", ".csv", ".xml"])
def test_the_address_of_a_document_keeps_the_parameters(client: TestClient, suffix: str) -> None:
    query = "on=2024-06-10" if suffix == ".xml" else "fields=id,status&on=2024-06-10"
    answer = client.get(f"{NUMBER}{suffix}?{query}")
    assert answer.headers["content-location"] == f"{BY_ID}{suffix}?{query}"
    assert client.get(answer.headers["content-location"]).content == answer.content


@pytest.mark.parametrize("typed", ["温政办[2021]27号", "温政发[2021]28号", "[2021]28号", "温政办[2021]"])
def test_a_number_that_no_document_has_is_a_404(client: TestClient, typed: str) -> None:
    assert client.get(f"/v1/documents/{quote(typed)}").status_code == 404
