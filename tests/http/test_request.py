"""Request targets that cannot be read."""

import pytest
from starlette.testclient import TestClient


@pytest.mark.parametrize("key", ["a%00b", "%FF", "%E4%BD", "%zz", "%"])
def test_an_undecodable_path_is_refused(client: TestClient, key: str) -> None:
    answer = client.get(f"/v1/documents/{key}")
    assert answer.status_code == 400
    assert [fault["parameter"] for fault in answer.json()["errors"]] == ["path"]
