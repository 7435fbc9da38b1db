"""Rows that match a filter."""

from typing import Any

from starlette.testclient import TestClient

VILLAGES = "/v1/urban-villages"


def rows(client: TestClient, path: str, **params: str) -> list[dict[str, Any]]:
    answer = client.get(path, params={"limit": "1000", **params})
    assert answer.status_code == 200, answer.text
    data: list[dict[str, Any]] = answer.json()["data"]
    assert len(data) == answer.json()["meta"]["total"]
    return data


def number(client: TestClient, dataset: str, text: str) -> int:
    return len(rows(client, f"/v1/{dataset}", filter=text))
