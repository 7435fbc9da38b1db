"""Media types of SDMX data."""

import pytest
from starlette.testclient import TestClient

from tests.support.sdmx import CSV_1, CSV_2, DATA, GENERIC, SPECIFIC, VND, ask

JSON_1, JSON_2 = f"{VND}data+json;version=1.0.0", f"{VND}data+json;version=2.0.0"


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, SPECIFIC), ("*/*", SPECIFIC), ("application/xml", SPECIFIC), ("text/xml;q=0.5", SPECIFIC),
        (f"{VND}genericdata+xml", GENERIC), ("application/json", JSON_1), ("text/csv", CSV_1),
        (f"{VND}data+json;version=1.0", JSON_1), (f'{VND}data+json; version="2"', JSON_2), (f"{VND}data+json", JSON_1),
        (f"{VND}data+csv;version=2.0.0", CSV_2), ("application/json, text/plain, */*", JSON_1),
        ("text/csv;q=0.4, application/xml;q=0.3", CSV_1), (f"{VND}data+json;version=3.0, text/csv", CSV_1),
    ],
)  # fmt: skip
def test_accept_chooses_format_and_version(eggs: TestClient, accept: str | None, content_type: str) -> None:
    answer = ask(eggs, f"{DATA}/M.330300.eggs.value", accept)
    assert answer.headers["content-type"].replace("; charset=utf-8", "").replace("; ", ";") == content_type
    assert "Accept" in answer.headers["vary"]
