"""Whether the service says that it is ready."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.api.endpoints import health


def test_readiness_does_not_wait_for_a_database_that_cannot_even_be_cancelled(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository: Any = client.app.app.context.repository  # type: ignore[attr-defined]
    released = asyncio.Event()

    async def refresh() -> None:
        while not released.is_set():
            with suppress(asyncio.CancelledError):  # like a thread that waits for a lock
                await released.wait()

    monkeypatch.setattr(health, "READINESS_SECONDS", 0.05)
    monkeypatch.setattr(repository, "refresh", refresh)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get("/healthz").status_code == 200
    monkeypatch.undo()
    assert client.portal is not None
    client.portal.call(released.set)
    assert client.get("/readyz").status_code == 200
