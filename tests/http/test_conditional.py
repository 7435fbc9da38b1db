"""Conditional requests (RFC 9110, section 13), on both databases."""

from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from app.renderers.site.assets import ASSETS
from tests.support.statements import counted_statements

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

KEPT_IN_304 = ("etag", "cache-control", "vary", "content-location", "last-modified", "access-control-allow-origin")


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize("coding", ["identity", "br"])
def test_a_304_has_the_headers_of_the_200(client: TestClient, path: str, coding: str) -> None:
    plain = {"Accept-Encoding": coding}
    first = client.get(path, headers=plain)
    assert first.status_code == 200
    tag, date = first.headers["etag"], first.headers["last-modified"]
    for met in (
        {"If-None-Match": tag},
        {"If-None-Match": f"W/{tag}"},
        {"If-None-Match": f'"a", W/"b",{tag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": date},
        {"If-None-Match": tag, "If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
    ):
        answer = client.get(path, headers=plain | met)
        assert (answer.status_code, answer.content) == (304, b""), met
        assert all(answer.headers.get(name) == first.headers.get(name) for name in KEPT_IN_304), met
    assert client.head(path, headers=plain | {"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("date", "status"),
    [
        ("Sun, 06 Nov 2033 08:49:37 GMT", 304),
        ("Sunday, 06-Nov-33 08:49:37 GMT", 304),
        ("Sun Nov  6 08:49:37 2033", 304),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 200),
        ("Sun, 06 Nov 2033 08:49:37 +0000", 200),
        ("Sun, 06 Nov 2033 99:99:99 GMT", 200),
        ("Sun, 66 Nov 2033 08:49:37 GMT", 200),
        ("Sun, 06 Nov 0000 08:49:37 GMT", 200),
        ("2033-11-06T08:49:37Z", 200),
        ("6 Nov 2033", 200),
        ("Sun, 06 Nov 2033 08:49:37 GMT, Sun, 06 Nov 2033 08:49:37 GMT", 200),
        ("", 200),
        ("x" * 5000, 200),
        ("ÿ", 200),
    ],
)
def test_dates_are_parsed_in_three_formats(client: TestClient, date: str, status: int) -> None:
    for path in (VILLAGES, VILLAGE, SHORT):
        assert client.get(path, headers={"If-Modified-Since": date.encode("latin-1")}).status_code == status


@pytest.mark.parametrize("path", ["/v1/urban-villages/none", "/v1/urban-villages?x=1", "/v1/none", "/nothing"])
def test_a_missing_resource_is_never_304(client: TestClient, path: str) -> None:
    for headers in (
        {"If-None-Match": "*"},
        {"If-Modified-Since": "Sun, 06 Nov 2033 08:49:37 GMT"},
        {"If-Match": '"x"'},
    ):
        assert client.get(path, headers=headers).status_code in (400, 404)


@pytest.mark.parametrize("path", [VILLAGES, VILLAGE, SHORT, "/v1/urban-villages.csv", "/v1/urban-villages.xlsx"])
def test_if_match_and_if_unmodified_since_are_honoured(client: TestClient, path: str) -> None:
    first = client.get(path)
    tag, date = first.headers["etag"], first.headers["last-modified"]
    for headers in ({"If-Match": f'"x", {tag}'}, {"If-Match": "*"}, {"If-Unmodified-Since": date},
                    {"If-Unmodified-Since": "nonsense"}):  # fmt: skip
        assert client.get(path, headers=headers).content == first.content
    for headers in ({"If-Match": '"x"'}, {"If-Match": f"W/{tag}"}, {"If-Match": '"x"', "If-None-Match": tag},
                    {"If-Unmodified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"}):  # fmt: skip
        refused = client.get(path, headers=headers)
        assert refused.status_code == 412
        assert refused.headers["content-type"] == "application/problem+json"
        assert client.head(path, headers=headers).status_code == 412


@pytest.mark.parametrize(
    "path", [VILLAGES, "/v1/urban-villages/wenzhengban-2021-29.longwan-01", "/v1/documents", "/v1"]
)
def test_a_met_condition_needs_no_database(client: TestClient, path: str) -> None:
    first = [client.get(path), client.get(path)][0]  # a row is kept from the second time on
    with counted_statements(client) as asked:
        for headers in (
            {"If-None-Match": first.headers["etag"]},
            {"If-None-Match": f'"x", W/{first.headers["etag"]}'},
            {"If-None-Match": "*"},
            {"If-Modified-Since": first.headers["last-modified"]},
        ):
            answer = client.get(path, headers=headers)
            assert answer.status_code == 304, headers
            assert answer.content == b""
            assert answer.headers["etag"] == first.headers["etag"]
            assert {"cache-control", "vary", "last-modified", "x-request-id"} <= answer.headers.keys()
    assert asked == []


def test_an_unmet_condition_returns_the_full_response(client: TestClient) -> None:
    first = client.get(VILLAGES)
    for headers in (
        {"If-None-Match": '"other"'},
        {"If-None-Match": '"other"', "If-Modified-Since": first.headers["last-modified"]},
        {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
        {"If-Modified-Since": "nonsense"},
    ):
        assert client.get(VILLAGES, headers=headers).content == first.content
