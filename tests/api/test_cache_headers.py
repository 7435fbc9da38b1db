"""Validators and freshness of responses."""

import pytest
from starlette.testclient import TestClient


def test_a_response_that_depends_on_today_is_cached_for_a_short_time(client: TestClient) -> None:
    assert client.get("/v1/documents").headers["cache-control"] == "public, max-age=60"
    assert "stale-while-revalidate" in client.get("/v1/events").headers["cache-control"]


def test_validators_depend_on_the_query(client: TestClient) -> None:
    first = client.get("/v1/urban-villages?limit=2")
    assert first.headers["etag"] == client.get("/v1/urban-villages?limit=2").headers["etag"]
    assert first.headers["etag"] != client.get("/v1/urban-villages?limit=3").headers["etag"]
    assert "last-modified" in first.headers
    assert first.headers["cache-control"].startswith("public, max-age=")
    assert "Accept" in first.headers["vary"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/openapi.json", "/docs", "/", "/v1", "/v1/areas.csv"])
def test_every_200_has_validators(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["last-modified"].endswith("GMT")
    again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
