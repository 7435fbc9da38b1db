"""Conditional requests, negotiation and the headers of every answer, as RFC 9110 has them, on both databases."""

import asyncio
from typing import Any
from urllib.parse import quote

import pytest
import uvicorn
from starlette.testclient import TestClient
from uvicorn.server import ServerState

from app.http.server import Protocol
from tests.conftest import client_for

VILLAGES = "/v1/urban-villages?limit=20"
VILLAGE = "/v1/urban-villages/wenzhengban-2021-29.longwan-01"
SHORT = "/v1/urban-villages/aggregate?metric=count"
NUMBER = f"/v1/documents/{quote('温政办〔2021〕28号')}"
KINDS = [
    "/v1", VILLAGES, VILLAGE, SHORT, NUMBER, "/v1/documents?limit=1", "/v1/urban-villages/schema",
    "/v1/urban-villages/queryables", "/v1/urban-villages/facets?by=plan", "/v1/indicators/cpi/series",
    "/v1/search?q=城中村", "/v1/urban-villages.csv", "/v1/urban-villages.csv?lang=zh&bom=true", "/v1/events.ndjson",
    "/v1/urban-villages.xlsx", "/v1/urban-villages.parquet", f"{VILLAGE}.csv", f"{VILLAGE}.xlsx", "/openapi.json",
    "/docs", "/docs/assets/swagger-ui.css", "/docs/assets/favicon.png",
]  # fmt: skip
"""An address of every kind."""
KEPT_IN_304 = ("etag", "cache-control", "vary", "content-location", "last-modified", "access-control-allow-origin")


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize("coding", ["identity", "br"])
def test_a_304_tells_what_the_200_would(client: TestClient, path: str, coding: str) -> None:
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


@pytest.mark.parametrize("path", KINDS)
def test_head_is_get_without_a_body(client: TestClient, path: str) -> None:
    for coding in ("identity", "gzip"):
        head, whole = (client.request(m, path, headers={"Accept-Encoding": coding}) for m in ("HEAD", "GET"))
        assert head.content == b""
        assert dict(head.headers) | {"x-request-id": ""} == dict(whole.headers) | {"x-request-id": ""}
        assert "accept-encoding" in whole.headers["vary"].lower()


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
def test_a_date_has_one_of_three_forms(client: TestClient, date: str, status: int) -> None:
    for path in (VILLAGES, VILLAGE, SHORT):
        assert client.get(path, headers={"If-Modified-Since": date.encode("latin-1")}).status_code == status


def test_repeated_headers_are_one_list(client: TestClient) -> None:
    tag = client.get(VILLAGES).headers["etag"]
    twice = [("If-None-Match", '"x"'), ("If-None-Match", tag)]
    assert client.get(VILLAGES, headers=twice).status_code == 304
    accepts = [("Accept", "image/png"), ("Accept", "text/csv")]
    assert client.get(VILLAGES, headers=accepts).headers["content-type"].startswith("text/csv")
    ids = [("X-Request-ID", "a"), ("X-Request-ID", "b")]
    assert client.get(VILLAGES, headers=ids).headers["x-request-id"] not in ("a", "b", "a, b")
    ranges = [("Range", "bytes=0-1"), ("Range", "bytes=2-3")]
    assert client.get("/v1/urban-villages.csv", headers=ranges).status_code == 200


@pytest.mark.parametrize("path", ["/v1/urban-villages/none", "/v1/urban-villages?x=1", "/v1/none", "/nothing"])
def test_what_is_not_there_is_not_unmodified(client: TestClient, path: str) -> None:
    for headers in (
        {"If-None-Match": "*"},
        {"If-Modified-Since": "Sun, 06 Nov 2033 08:49:37 GMT"},
        {"If-Match": '"x"'},
    ):
        assert client.get(path, headers=headers).status_code in (400, 404)


@pytest.mark.parametrize("path", [VILLAGES, VILLAGE, SHORT, "/v1/urban-villages.csv", "/v1/urban-villages.xlsx"])
def test_an_answer_may_be_wanted_only_as_it_was(client: TestClient, path: str) -> None:
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


def test_a_part_that_the_client_has_is_not_sent_again(client: TestClient) -> None:
    path = "/v1/urban-villages.csv"
    first = client.get(path)
    for met in ({"If-None-Match": first.headers["etag"]}, {"If-Modified-Since": first.headers["last-modified"]}):
        assert client.get(path, headers={"Range": "bytes=0-9", **met}).status_code == 304
    part = client.get("/docs/assets/swagger-ui.css", headers={"Range": "bytes=0-9"})
    assert (part.status_code, len(part.content)) == (206, 10)
    assert {"vary", "cache-control", "etag"} <= part.headers.keys()


@pytest.mark.parametrize(
    ("accepts", "coding"),
    [
        ("identity;q=0, gzip", "gzip"),
        ("*;q=0, br;q=0.1", "br"),
        ("identity;q=0, *", "zstd"),
        ("x-gzip, identity;q=0", "gzip"),
        ("gzip;q=0.001, identity;q=0.000", "gzip"),
    ],
)
def test_who_refuses_a_plain_body_gets_none(client: TestClient, accepts: str, coding: str) -> None:
    client.get(SHORT, headers={"Accept-Encoding": coding})
    for path in (SHORT, VILLAGES, "/v1/urban-villages.xlsx", "/healthz"):
        assert client.get(path, headers={"Accept-Encoding": accepts}).headers["content-encoding"] == coding
    assert "content-encoding" not in client.get(SHORT, headers={"Accept-Encoding": coding}).headers


@pytest.mark.parametrize("accepts", ["identity;q=0", "*;q=0", "deflate, identity;q=0.0"])
def test_no_coding_is_a_406(client: TestClient, accepts: str) -> None:
    refused = client.get(VILLAGES, headers={"Accept-Encoding": accepts})
    assert refused.status_code == 406
    assert "zstd" in refused.json()["detail"]


@pytest.mark.parametrize("address", ["/v1", "/v1/search?q=x", *(f"/v1/urban-villages/{word}" for word in
                                     ("schema", "facets?by=plan", "aggregate", "queryables"))])  # fmt: skip
def test_addresses_that_answer_json_alone(client: TestClient, address: str) -> None:
    for accept in ("application/json", "application/*;q=0.1", "*/*", "text/csv, */*;q=0.1", ""):
        assert client.get(address, headers={"Accept": accept}).status_code == 200, accept
    for accept in ("text/csv", "image/png", "application/json;q=0", "nonsense", "ÿ"):
        refused = client.get(address, headers={"Accept": accept.encode("latin-1")})
        assert refused.status_code == 406, accept
        assert "application/json" in refused.json()["detail"]
        assert "accept" in refused.headers["vary"].lower()


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/openapi.json", "/docs"])
def test_addresses_without_parameters_take_none(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200
    for query in ("x=1", "x", "%ff", "a=1&b=2"):
        refused = client.get(f"{path}?{query}")
        assert refused.status_code == 400
        assert "unknown parameter" in refused.json()["errors"][0]["detail"]


def test_languages_are_told(client: TestClient) -> None:
    def language(path: str) -> str | None:
        found: str | None = client.get(path).headers.get("content-language")
        return found

    assert language("/v1/urban-villages.csv?lang=zh") == "zh"
    assert language("/v1/urban-villages.xlsx?lang=zh") == "zh"
    assert language("/v1/urban-villages.csv") is None
    assert language("/nothing") == language("/v1/urban-villages?x=1") == "en"


def test_files_of_rows_have_names(client: TestClient) -> None:
    name = 'attachment; filename="wenzhengban-2021-28.csv"'
    for path in ("/v1/documents/wenzhengban-2021-28.csv", f"{NUMBER}.csv"):
        assert client.get(path).headers["content-disposition"] == name


@pytest.mark.parametrize(
    ("path", "instance"),
    [
        ("/v1/none/温州", "/v1/none/%E6%B8%A9%E5%B7%9E"),
        ("/v1/urban-villages/a%3Fb%23c", "/v1/urban-villages/a%3Fb%23c"),
        ("/v1/none/a%3Fb%23c%20d", "/v1/none/a%3Fb%23c%20d"),
        ("//[/nothing", "//%5B/nothing"),
    ],
)
def test_a_problem_names_its_address_as_a_uri(client: TestClient, path: str, instance: str) -> None:
    answer = client.get(f"http://testserver{path}", headers={"Host": "["})
    assert answer.status_code == 404
    assert answer.json()["instance"] == instance


class Wire:
    """A connection that keeps what is sent."""

    def __init__(self) -> None:
        self.sent = b""
        self.closed = False

    def write(self, data: bytes) -> None:
        self.sent += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def get_extra_info(self, name: str) -> Any:
        del name


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GARBAGE\r\n\r\n", b"400 Bad Request"),
        (b"FOO /v1 HTTP/1.1\r\nHost: x\r\n\r\n", b"400 Bad Request"),
        (b"GET /v1/a\x00b HTTP/1.1\r\nHost: x\r\n\r\n", b"400 Bad Request"),
        (b"GET /v1?\xff HTTP/1.1\r\nHost: x\r\n\r\n", b"400 Bad Request"),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"414 "),
    ],
)
def test_what_is_no_http_is_a_problem_too(loaded_sqlite: str, request_: bytes, status: bytes) -> None:
    wire = Wire()

    async def send() -> None:
        config = uvicorn.Config(client_for(loaded_sqlite).app, http=Protocol, log_config=None)
        protocol = Protocol(config, ServerState(), {})
        protocol.connection_made(wire)  # type: ignore[arg-type]  # as much of a transport as is used
        protocol.data_received(request_)

    asyncio.run(send())
    head, _, body = wire.sent.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 " + status)
    assert b"content-type: application/problem+json" in head
    assert f"content-length: {len(body)}".encode() in head
    assert b'"status":4' in body
    assert wire.closed
