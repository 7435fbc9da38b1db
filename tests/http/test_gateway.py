"""What every request passes: methods, repeated headers, request ids."""

from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from app.renderers.site.assets import ASSETS


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_writing_methods_are_refused(client: TestClient, method: str) -> None:
    answer = client.request(method, "/v1/urban-villages")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.json()["status"] == 405


def test_options_and_head(client: TestClient) -> None:
    answer = client.options("/v1/urban-villages")
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    for path in ("/v1/urban-villages", "/v1/urban-villages.csv", "/healthz"):
        head, whole = client.head(path), client.get(path)
        assert head.status_code == 200
        assert head.content == b""
        assert head.headers.get("etag") == whole.headers.get("etag")


def test_request_ids_are_echoed_when_safe(client: TestClient) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "abc-1"}).headers["x-request-id"] == "abc-1"
    for unsafe in ("a b", "<script>", "x" * 200):
        assert client.get("/healthz", headers={"X-Request-ID": unsafe}).headers["x-request-id"] != unsafe


VILLAGES = "/v1/urban-villages?limit=20"

VILLAGE = "/v1/urban-villages/wenzhengban-2021-29.longwan-01"

SHORT = "/v1/urban-villages/aggregate?metric=count"

NUMBER = f"/v1/documents/{quote('温政办〔2021〕28号')}"

KINDS = [
    "/v1", VILLAGES, VILLAGE, SHORT, NUMBER, "/v1/documents?limit=1", "/v1/urban-villages/schema",
    "/v1/urban-villages/queryables", "/v1/urban-villages/facets?by=plan", "/v1/indicators/cpi/series",
    "/v1/search?q=城中村", "/v1/urban-villages.csv", "/v1/urban-villages.csv?lang=zh&bom=true", "/v1/events.ndjson",
    "/v1/urban-villages.xlsx", "/v1/urban-villages.parquet", f"{VILLAGE}.csv", f"{VILLAGE}.xlsx", "/openapi.json",
    "/docs", ASSETS["site.css"].path, ASSETS["icon.svg"].path, "/v1/urban-villages/facets.svg?by=plan",
]  # fmt: skip
"""An address of every kind."""


@pytest.mark.parametrize("path", KINDS)
def test_head_is_get_without_a_body(client: TestClient, path: str) -> None:
    for coding in ("identity", "gzip"):
        head, whole = (client.request(m, path, headers={"Accept-Encoding": coding}) for m in ("HEAD", "GET"))
        assert head.content == b""
        assert dict(head.headers) | {"x-request-id": ""} == dict(whole.headers) | {"x-request-id": ""}
        assert "accept-encoding" in whole.headers["vary"].lower()


def test_repeated_headers_are_merged(client: TestClient) -> None:
    tag = client.get(VILLAGES).headers["etag"]
    twice = [("If-None-Match", '"x"'), ("If-None-Match", tag)]
    assert client.get(VILLAGES, headers=twice).status_code == 304
    accepts = [("Accept", "image/png"), ("Accept", "text/csv")]
    assert client.get(VILLAGES, headers=accepts).headers["content-type"].startswith("text/csv")
    ids = [("X-Request-ID", "a"), ("X-Request-ID", "b")]
    assert client.get(VILLAGES, headers=ids).headers["x-request-id"] not in ("a", "b", "a, b")
    ranges = [("Range", "bytes=0-1"), ("Range", "bytes=2-3")]
    assert client.get("/v1/urban-villages.csv", headers=ranges).status_code == 200
