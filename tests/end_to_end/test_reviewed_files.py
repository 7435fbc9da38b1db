"""Legal XML, citations and feeds equal reviewed files."""

import pytest
from starlette.testclient import TestClient

from tests.support.goldens import assert_golden


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("wenzhengban-2021-29.xml", "/v1/documents/wenzhengban-2021-29.xml"),
        ("wenzhengban-2021-29.bib", "/v1/documents/wenzhengban-2021-29.bib"),
        ("wenzhengban-2021-29.ris", "/v1/documents/wenzhengban-2021-29.ris"),
        ("wenzhengban-2021-29.csl.json", "/v1/documents/wenzhengban-2021-29.csl.json"),
        ("lucheng-01.bib", "/v1/urban-villages/wenzhengban-2021-29.lucheng-01.bib"),
        ("documents.atom", "/v1/documents.atom?issuer=温州市人民政府"),
        ("observations.feed.json", "/v1/observations.feed.json?indicator_id=retail_sales"),
    ],
)
def test_a_response_equals_the_reviewed_file(client: TestClient, name: str, address: str) -> None:
    assert_golden(name, client.get(address).content)
