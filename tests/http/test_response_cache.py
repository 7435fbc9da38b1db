"""Responses kept in memory."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.http.request import CacheKey
from app.http.response import WireResponse
from app.http.response_cache import ResponseCache
from tests.support.service import client_for
from tests.support.statements import counted_statements

VILLAGES = "/v1/urban-villages?limit=20"


def test_rows_requested_once_do_not_evict_other_responses(loaded_sqlite: str) -> None:
    """Requesting all rows once evicts no other response; a row requested twice is kept as well."""
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


def test_a_repeated_request_needs_no_database(client: TestClient) -> None:
    first = client.get(f"{VILLAGES}&offset=1")
    with counted_statements(client) as asked:
        again = client.get(f"{VILLAGES}&offset=1")
    assert asked == []
    assert again.content == first.content
    assert {k: v for k, v in again.headers.items() if k != "x-request-id"} == {
        k: v for k, v in first.headers.items() if k != "x-request-id"
    }


def test_what_nobody_asks_for_any_more_is_dropped() -> None:
    cache = ResponseCache(10**6)
    keys: list[CacheKey] = [(f"/{n}", b"", "json", None) for n in range(3)]
    for key in keys:
        cache.put(key, WireResponse(200, b"", b"x" * 1000), "1")
    assert cache.drop_unused() == 0
    assert cache.get(keys[1], "1") is not None
    assert cache.drop_unused() > 2000
    assert [cache.get(key, "1") is not None for key in keys] == [False, True, False]
    cache.put(keys[0], WireResponse(200, b"", b""), "1")
    assert cache.drop_unused() == 0
    assert cache.drop_unused() > 1000
    assert cache.is_empty()
    assert cache.drop_unused() == 0


def test_the_mark_of_unused_responses_is_never_in_the_way() -> None:
    cache = ResponseCache(100_000)
    for number in range(500):
        key = (f"/{number}", b"", "json", None)
        cache.put(key, WireResponse(200, b"", b"x" * 1000), "1")
        if number % 7 == 0:
            cache.drop_unused()
        assert cache.get(key, "1") is not None


def test_the_service_forgets_unused_responses(loaded_sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.http.gateway.CACHED_SECONDS", 0.05)
    with client_for(loaded_sqlite) as client:
        app: Any = client.app
        client.get(VILLAGES)
        assert not app.cache.is_empty()
        while not app.cache.is_empty():
            assert client.get("/healthz").status_code == 200
