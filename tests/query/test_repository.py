"""The revision of the data that a response belongs to."""

import asyncio
from typing import Any

import pytest
from starlette.testclient import TestClient


def test_a_row_has_the_revision_it_was_read_from(client: TestClient) -> None:
    """A newer revision may be known when the row arrives."""
    path = "/v1/urban-villages/wenzhengban-2021-29.longwan-01?fields=id,village"
    first = client.get(path)
    repository: Any = client.app.app.context.repository  # type: ignore[attr-defined]
    version, lookup, refresh = repository.version, repository.reader.lookup, repository.refresh

    async def nothing_newer() -> Any:
        return repository.version

    async def then_news(*arguments: Any) -> Any:
        row = await lookup(*arguments)
        repository.version = version._replace(revision="a later one")
        return row

    repository.reader.lookup, repository.refresh = then_news, nothing_newer
    again = client.get(path, headers={"Accept-Encoding": "identity"})
    repository.reader.lookup, repository.version, repository.refresh = lookup, version, refresh
    assert again.content == first.content
    assert again.headers["etag"] == first.headers["etag"]


def test_watching_for_new_data_continues_after_a_failure(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    repository: Any = client.app.app.context.repository  # type: ignore[attr-defined]
    monkeypatch.setattr("app.query.repository.WATCH_INTERVAL_SECONDS", 0)
    looked = 0

    async def refresh() -> None:
        nonlocal looked
        looked += 1
        if looked == 3:
            raise asyncio.CancelledError
        raise RuntimeError("a connection in disorder")

    monkeypatch.setattr(repository, "refresh", refresh)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(repository.watch())
    assert looked == 3
