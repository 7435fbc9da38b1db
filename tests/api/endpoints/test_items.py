"""Single rows."""

from starlette.testclient import TestClient


def test_a_document_is_found_by_its_number(client: TestClient) -> None:
    answer = client.get("/v1/documents/温政办〔2021〕28号")
    assert answer.status_code == 200
    assert answer.headers["content-location"] == "/v1/documents/wenzhengban-2021-28"
    assert answer.json() == client.get("/v1/documents/wenzhengban-2021-28").json()
