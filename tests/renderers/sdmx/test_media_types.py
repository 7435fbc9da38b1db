"""Media types of SDMX data."""

import pytest
from starlette.testclient import TestClient

from tests.support.sdmx import CSV_1, CSV_2, DATA, GENERIC, SPECIFIC, VND, ask

JSON_1, JSON_2 = f"{VND}data+json;version=1.0.0", f"{VND}data+json;version=2.0.0"


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, SPECIFIC), ("*/*", SPECIFIC), ("*", SPECIFIC), ("application/*", SPECIFIC),
        (f"{VND}genericdata+xml", GENERIC), (f"{VND}data+json;version=1.0", JSON_1),
        (f'{VND}data+json; version="2"', JSON_2), (f"{VND}data+json", JSON_1), (f"{VND}data+csv;version=2.0.0", CSV_2),
        ("application/xml", "application/xml"), ("text/xml;q=0.5", "text/xml"), ("text/csv", "text/csv"),
        ("application/json", "application/json"), ("application/json, text/plain, */*", "application/json"),
        ("text/csv;q=0.4, application/xml;q=0.3", "text/csv"), (f"{VND}data+json;version=3.0, text/csv", "text/csv"),
        ("text/*", "text/csv"), ("text/*, application/xml;q=0.9", "text/csv"), ("TEXT/*;q=0.1", "text/csv"),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", "application/xml"),
    ],
)  # fmt: skip
def test_accept_chooses_format_and_version(eggs: TestClient, accept: str | None, content_type: str) -> None:
    answer = ask(eggs, f"{DATA}/M.330300.eggs.value", accept)
    assert answer.headers["content-type"].replace("; charset=utf-8", "").replace("; ", ";") == content_type
    assert "Accept" in answer.headers["vary"]


def test_a_generic_type_names_the_format_that_is_preferred(eggs: TestClient) -> None:
    key = f"{DATA}/M.330300.eggs.value"
    for generic, own in (("text/*", CSV_1), ("application/json", JSON_1), ("text/xml", SPECIFIC)):
        assert ask(eggs, key, generic).content == ask(eggs, key, own).content


@pytest.mark.parametrize("accept", ["text/html", "text/*;q=0", "text/csv;q=0, text/*", "image/*", "*/*;q=0"])
def test_nothing_else_is_on_offer(eggs: TestClient, accept: str) -> None:
    assert eggs.get(DATA, headers={"Accept": accept}).status_code == 406
