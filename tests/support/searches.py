"""Search requests to the service."""

from typing import Any

from starlette.testclient import TestClient


def found(client: TestClient, dataset: str, **params: str) -> list[str]:
    answer = client.get(f"/v1/{dataset}", params={"limit": "1000", **params})
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert page["meta"]["total"] == len(page["data"])
    return [row["id"] for row in page["data"]]


def everywhere(client: TestClient, **params: str) -> dict[str, Any]:
    answer = client.get("/v1/search", params=params)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page
