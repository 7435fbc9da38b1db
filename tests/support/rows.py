"""Rows in responses of the service."""

from typing import Any

from starlette.testclient import TestClient


def rows(client: TestClient, path: str, **params: str) -> list[dict[str, Any]]:
    answer = client.get(path, params={"limit": "1000", **params})
    assert answer.status_code == 200, answer.text
    data: list[dict[str, Any]] = answer.json()["data"]
    return data


def total(client: TestClient, path: str, **params: str) -> int:
    answer = client.get(path, params={"limit": "1", **params})
    assert answer.status_code == 200, answer.text
    number: int = answer.json()["meta"]["total"]
    return number
