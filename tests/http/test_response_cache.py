"""Responses kept in memory."""

from starlette.testclient import TestClient

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
