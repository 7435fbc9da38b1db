"""Validators, 304s before any SQL, content codings, and how a load in another process is seen."""

import asyncio
import gzip
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import brotli
import pytest
import zstandard
from starlette.testclient import TestClient

from app.http.gateway import Front
from tests import packages
from tests.conftest import client_for

VILLAGES = "/v1/urban-villages?limit=20"


@contextmanager
def counted_statements(client: TestClient) -> Iterator[list[str]]:
    """The statements that answers put to the database, in a list that grows."""
    front = client.app
    assert isinstance(front, Front)
    reader: Any = front.desk.store.reader
    asked: list[str] = []
    fetch = reader.fetch

    async def counting(statement: Any, values: Any) -> Any:
        if "FROM data_state" not in statement.sql or "row_json" in statement.sql or "count" in statement.sql:
            asked.append(statement.sql)
        return await fetch(statement, values)

    reader.fetch = counting
    yield asked
    reader.fetch = fetch


@pytest.mark.parametrize(
    "path", [VILLAGES, "/v1/urban-villages/wenzhengban-2021-29.longwan-01", "/v1/documents", "/v1"]
)
def test_what_the_client_has_is_not_asked_again(client: TestClient, path: str) -> None:
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


def test_rows_asked_for_once_leave_other_answers_in_memory(loaded_sqlite: str) -> None:
    """Whoever goes through all rows pushes nobody out; a row that is asked for again is kept as well."""
    with client_for(loaded_sqlite, answer_cache_bytes=200_000) as client:
        rows = client.get("/v1/urban-villages?limit=200").json()["data"]
        client.get(VILLAGES)
        for row in rows:
            assert client.get(f"/v1/urban-villages/{row['id']}").json() == row
        with counted_statements(client) as asked:
            client.get(VILLAGES)
            assert asked == []
            client.get(f"/v1/urban-villages/{rows[0]['id']}")
            assert len(asked) == 1
            client.get(f"/v1/urban-villages/{rows[0]['id']}")
            assert len(asked) == 1


def test_a_condition_that_is_not_met_answers_anew(client: TestClient) -> None:
    first = client.get(VILLAGES)
    for headers in (
        {"If-None-Match": '"other"'},
        {"If-None-Match": '"other"', "If-Modified-Since": first.headers["last-modified"]},
        {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
        {"If-Modified-Since": "nonsense"},
    ):
        assert client.get(VILLAGES, headers=headers).content == first.content


def test_a_question_asked_before_needs_no_database(client: TestClient) -> None:
    first = client.get(f"{VILLAGES}&offset=1")
    with counted_statements(client) as asked:
        again = client.get(f"{VILLAGES}&offset=1")
    assert asked == []
    assert again.content == first.content
    assert {k: v for k, v in again.headers.items() if k != "x-request-id"} == {
        k: v for k, v in first.headers.items() if k != "x-request-id"
    }


@pytest.mark.parametrize(
    ("coding", "decode"),
    [
        ("gzip", gzip.decompress),
        ("br", brotli.decompress),
        ("zstd", lambda b: zstandard.ZstdDecompressor().decompressobj().decompress(b)),
    ],
)
@pytest.mark.parametrize("path", [VILLAGES, "/v1/urban-villages.csv", "/openapi.json"])
def test_codings_are_negotiated(client: TestClient, coding: str, decode: Any, path: str) -> None:
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    with client.stream("GET", path, headers={"Accept-Encoding": coding}) as coded:
        body = b"".join(coded.iter_raw())
    assert coded.headers["content-encoding"] == coding
    assert decode(body) == plain.content
    assert len(body) < len(plain.content) / 2
    if "etag" in plain.headers:
        assert coded.headers["etag"] != plain.headers["etag"]
        headers = {"Accept-Encoding": coding, "If-None-Match": coded.headers["etag"]}
        unmodified = client.get(path, headers=headers)
        assert (unmodified.status_code, unmodified.headers["etag"]) == (304, coded.headers["etag"])


@pytest.mark.parametrize(
    ("accepts", "coding"),
    [
        ("gzip;q=0, *", "zstd"),
        ("br;q=0.5, gzip", "gzip"),
        ("identity", None),
        ("", None),
        ("deflate", None),
        ("gzip;q=x", None),
    ],
)
def test_the_client_decides_the_coding(client: TestClient, accepts: str, coding: str | None) -> None:
    assert client.get(VILLAGES, headers={"Accept-Encoding": accepts}).headers.get("content-encoding") == coding


def test_an_answer_about_today_is_fresh_until_midnight(client: TestClient) -> None:
    assert client.get("/v1/documents").headers["cache-control"] == "public, max-age=60"
    assert "stale-while-revalidate" in client.get("/v1/events").headers["cache-control"]


def test_a_load_elsewhere_is_seen_within_a_second(writable_url: str, tmp_path: Path) -> None:
    with client_for(writable_url) as client:
        first = client.get("/v1/issues")
        assert first.json()["meta"]["total"] == 1
        packages.load(writable_url, packages.write(tmp_path, packages.tables()))
        deadline = time.monotonic() + 1.0
        while (answer := client.get("/v1/issues")).json()["meta"]["total"] == 1:
            assert time.monotonic() < deadline
        assert answer.headers["etag"] != first.headers["etag"]
        assert answer.json()["meta"]["revision"] != first.json()["meta"]["revision"]
        assert client.get("/v1/issues", headers={"If-None-Match": first.headers["etag"]}).status_code == 200
        assert len(client.get("/v1/issues/1999-01").json()) > 3


INTERRUPTED = [
    "/v1/issues?count=true",
    "/v1/issues?year={year}",
    "/v1/issues?year={year}&offset=1",
    "/v1/issues?year__gt=1900&limit=1",
    "/v1/search?q=公报&dataset=issues",
    "/v1/search?q=公报&dataset=issues&offset=50",
    "/v1/issues/facets?by=year,number",
    "/v1/issues/facets?by=year&year={year}",
    "/v1/issues/aggregate?by=year&year={year}",
    "/v1/issues.csv?year={year}",
    "/v1/issues.xlsx?year={year}",
]


def test_a_load_in_the_middle_of_an_answer_leaves_no_trace(writable_url: str, tmp_path: Path) -> None:
    """It comes after the first statement of each answer, which is then wholly of the data before, or behind."""

    with client_for(writable_url) as client, client_for(writable_url) as other:
        front, undisturbed = client.app, other.app
        assert isinstance(front, Front)
        assert isinstance(undisturbed, Front)

        def fresh(path: str) -> tuple[bytes, str]:
            assert other.portal is not None
            other.portal.call(undisturbed.desk.store.refresh)
            answer = other.get(path)
            return answer.content, answer.headers["etag"]

        reader: Any = front.desk.store.reader
        fetch = reader.fetch
        for year, template in enumerate(INTERRUPTED, 1901):
            path = template.format(year=year)
            issue = packages.ISSUE | {"id": f"{year}-01", "year": str(year), "source.issue_id": f"{year}-01"}
            waiting = [packages.write(tmp_path / str(year), {"issues": [issue]})]

            async def interrupted(statement: Any, values: Any, waiting: list[Path] = waiting) -> Any:
                rows = await fetch(statement, values)
                if waiting:
                    packages.load(writable_url, waiting.pop())
                return rows

            before = fresh(path)
            assert client.portal is not None
            client.portal.call(front.desk.store.refresh)  # else it may still read the snapshot of the load before
            reader.fetch = interrupted
            answer = client.get(path)
            reader.fetch = fetch
            assert waiting == []
            assert answer.status_code == 200
            assert before != fresh(path)
            assert (answer.content, answer.headers["etag"]) in (before, fresh(path)), path


def test_a_row_is_told_by_the_revision_it_was_read_from(client: TestClient) -> None:
    """Another state may be known by the time that a row is there."""
    path = "/v1/urban-villages/wenzhengban-2021-29.longwan-01?fields=id,village"
    first = client.get(path)
    store: Any = client.app.desk.store  # type: ignore[attr-defined]
    state, find, refresh = store.state, store.reader.find, store.refresh

    async def nothing_newer() -> Any:
        return store.state

    async def then_news(*asked: Any) -> Any:
        row = await find(*asked)
        store.state = state._replace(revision="a later one")
        return row

    store.reader.find, store.refresh = then_news, nothing_newer
    again = client.get(path, headers={"Accept-Encoding": "identity"})
    store.reader.find, store.state, store.refresh = find, state, refresh
    assert again.content == first.content
    assert again.headers["etag"] == first.headers["etag"]


def test_the_look_for_new_data_goes_on_after_a_failure(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    store: Any = client.app.desk.store  # type: ignore[attr-defined]
    monkeypatch.setattr("app.query.repository.WATCH_SECONDS", 0)
    looked = 0

    async def refresh() -> None:
        nonlocal looked
        looked += 1
        if looked == 3:
            raise asyncio.CancelledError
        raise RuntimeError("a connection in disorder")

    monkeypatch.setattr(store, "refresh", refresh)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(store.watch())
    assert looked == 3
