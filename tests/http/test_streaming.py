"""Ranges of files, and work that ends with its client."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient

from app.errors import Problem
from app.http.response import ApiResponse
from app.http.streaming import cancel_on_disconnect, parse_range


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-3", 206, 0, 4),
        ("bytes=4-", 206, 4, None),
        ("bytes=-4", 206, -4, None),
        ("bytes=-99999999", 206, 0, None),
        ("bytes=2-99999999", 206, 2, None),
        ("BYTES= 0 - 0 ", 206, 0, 1),
        ("bytes=5-4", 200, 0, None),
        ("bytes=0-1,4-5", 200, 0, None),
        ("bytes=x", 200, 0, None),
        ("bytes=-", 200, 0, None),
        ("rows=0-1", 200, 0, None),
    ],
)
def test_ranges_of_files(
    client: TestClient, suffix: str, asked: str, status: int, first: int, last: int | None
) -> None:
    path = f"/v1/urban-villages.{suffix}"
    headers = {"Accept-Encoding": "identity"}
    whole = client.get(path, headers=headers)
    part = client.get(path, headers={**headers, "Range": asked})
    assert part.status_code == status
    assert part.content == whole.content[first:last]
    assert part.headers["content-length"] == str(len(part.content))
    assert part.headers["etag"] == whole.headers["etag"]
    if status == 206:
        size = len(whole.content)
        start = first % size
        assert part.headers["content-range"] == f"bytes {start}-{start + len(part.content) - 1}/{size}"


def test_ranges_beyond_the_end_and_of_another_version(client: TestClient) -> None:
    path = "/v1/urban-villages.xlsx"
    whole = client.get(path)
    for asked in ("bytes=99999999-", "bytes=-0"):
        refused = client.get(path, headers={"Range": asked})
        assert refused.status_code == 416
        assert refused.headers["content-range"] == f"bytes */{len(whole.content)}"
        assert refused.headers["content-type"] == "application/problem+json"
    part = {"Range": "bytes=0-1"}
    assert client.get(path, headers={**part, "If-Range": whole.headers["etag"]}).status_code == 206
    assert client.get(path, headers={**part, "If-Range": '"other"'}).status_code == 200
    head = client.head(path, headers=part)
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(whole.content)))


@given(first=st.integers(0, 50), last=st.integers(0, 50), size=st.integers(0, 30))
def test_a_range_lies_within_the_file(first: int, last: int, size: int) -> None:
    for header in (f"bytes={first}-{last}", f"bytes={first}-", f"bytes=-{last}"):
        with suppress(Problem):
            part = parse_range(header, size)
            assert part is None or (0 <= part[0] < part[0] + part[1] <= size)


def test_a_range_of_an_unmodified_file_is_304(client: TestClient) -> None:
    path = "/v1/urban-villages.csv"
    first = client.get(path)
    for met in ({"If-None-Match": first.headers["etag"]}, {"If-Modified-Since": first.headers["last-modified"]}):
        assert client.get(path, headers={"Range": "bytes=0-9", **met}).status_code == 304
    part = client.get(path, headers={"Range": "bytes=0-9"})
    assert (part.status_code, len(part.content)) == (206, 10)
    assert {"vary", "cache-control", "etag"} <= part.headers.keys()


def test_what_has_no_ranges_is_sent_whole(client: TestClient) -> None:
    for path in ("/v1/urban-villages", "/data.json", "/v1/documents.atom"):
        whole = client.get(path)
        answer = client.get(path, headers={"Range": "bytes=0-9"})
        assert (answer.status_code, answer.content) == (200, whole.content)
        assert "content-range" not in answer.headers


def test_scripts_of_other_sites_may_read_what_ranges_need(client: TestClient) -> None:
    part = client.get("/v1/urban-villages.csv", headers={"Range": "bytes=0-9", "Origin": "https://example.org"})
    exposed = {name.strip().lower() for name in part.headers["access-control-expose-headers"].split(",")}
    assert {"content-range", "accept-ranges", "etag", "content-disposition"} <= exposed & set(part.headers)


class Work:
    """Work that makes a response when it is allowed to, and does not mind being cancelled."""

    def __init__(self) -> None:
        self.allowed = asyncio.Event()
        self.closed = asyncio.Event()

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield nothing that matters."""
        try:
            yield b""
        finally:
            self.closed.set()

    async def run(self) -> ApiResponse:
        """Return a stream that has begun, also when cancelled."""
        with suppress(asyncio.CancelledError):
            await self.allowed.wait()
        stream = self.chunks()
        await anext(stream)
        return ApiResponse("text/plain", stream=stream)


async def stay_connected() -> dict[str, Any]:
    """Receive nothing."""
    await asyncio.Event().wait()
    raise AssertionError


def refuse() -> None:
    """Refuse a slow request."""
    raise Problem(503, "There are too many.")


def test_only_slow_work_asks_for_a_slot() -> None:
    async def run() -> None:
        quick, slow = Work(), Work()
        quick.allowed.set()
        response = await cancel_on_disconnect(stay_connected, quick.run(), 60, refuse)
        await response.aclose()
        response = await cancel_on_disconnect(stay_connected, slow.run(), 0, slow.allowed.set)
        assert not slow.closed.is_set()
        await response.aclose()

    asyncio.run(run())


def test_a_response_that_nobody_takes_is_closed() -> None:
    async def disconnect() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def run() -> None:
        gone, refused, cancelled = Work(), Work(), Work()
        with pytest.raises(ClientDisconnect):
            await cancel_on_disconnect(disconnect, gone.run(), 60, refuse)
        with pytest.raises(Problem):
            await cancel_on_disconnect(stay_connected, refused.run(), 0, refuse)
        waiting = asyncio.ensure_future(cancel_on_disconnect(stay_connected, cancelled.run(), 60, refuse))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert all(work.closed.is_set() for work in (gone, refused, cancelled))

    asyncio.run(run())
