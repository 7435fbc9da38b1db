"""Exports that are longer than what is finished before it is sent: lengths, ranges, and files that cannot be made."""

import hashlib
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.api.endpoints import text_exports
from app.datasets import DATASETS
from app.http import file_cache
from tests.support.graphs import get_json
from tests.support.served import get, running
from tests.support.service import client_for

PLAIN = {"Accept-Encoding": "identity"}
WHOLE = [f"/v1/{name}.{suffix}" for name in DATASETS for suffix in ("csv", "ndjson")]
LARGE = ["/v1/urban-villages.csv", "/v1/urban-villages.ndjson", "/v1/documents.csv", "/v1/documents.ndjson"]
SELECTED = [
    "/v1/urban-villages.csv?year_from__gte=2000",
    "/v1/urban-villages.ndjson?filter=number > 0",
    "/v1/urban-villages.csv?lang=zh&bom=true",
    "/v1/urban-villages.csv?fields=id,village,source.sha256&sort=-number",
    "/v1/documents.ndjson?on=2021-06-10",
]
"""Exports whose length nobody knows before they are made."""


@pytest.fixture(scope="module", autouse=True)
def everything_is_long() -> Iterator[None]:
    """Finish almost nothing before it is sent, so that the bundled data is large."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_exports, "BUFFERED_BYTES", 100)
        yield


def ask(client: TestClient, address: str, method: str = "GET", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer: httpx.Response = client.request(method, address, headers={**PLAIN, **named})
    return answer


def streams(client: TestClient) -> list[Any]:
    """Return a list that grows whenever rows of an export are read from the database."""
    reader = client.app.app.context.repository.reader  # type: ignore[attr-defined]  # the gateway's
    opened: list[Any] = []

    def counted(method: Callable[..., Any]) -> Callable[..., Any]:
        def open_stream(*arguments: Any) -> Any:
            opened.append(arguments)
            return method(*arguments)

        return open_stream

    # SQLite's `stream_csv` reads through its `stream`.
    for name in ("stream", "stream_csv"):
        setattr(reader, name, counted(getattr(reader, name)))
    return opened


@pytest.mark.slow
@pytest.mark.parametrize("address", WHOLE)
def test_a_whole_export_has_the_length_of_the_catalogue(client: TestClient, address: str) -> None:
    answer = ask(client, address)
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["accept-ranges"] == "bytes"
    head = ask(client, address, "HEAD")
    assert (head.content, head.headers["content-length"]) == (b"", str(len(answer.content)))
    assert head.headers["etag"] == answer.headers["etag"]
    name, _, suffix = address.removeprefix("/v1/").partition(".")
    entry = next(e for e in get_json(client, "/schema.jsonld")["dataset"] if e["@id"].endswith(f"#{name}"))
    [known] = [each for each in entry["distribution"] if each["contentUrl"].endswith(f"/{name}.{suffix}")]
    if "sha256" in known:
        assert known["contentSize"] == f"{len(answer.content)} B"
        assert known["sha256"] == hashlib.sha256(answer.content).hexdigest()


def test_a_byte_order_mark_and_another_order_have_their_length(client: TestClient) -> None:
    for query in ("bom=true", "sort=-number", "lang=en", "count=false&filter-lang=cql2-text"):
        answer = ask(client, f"/v1/urban-villages.csv?{query}")
        assert answer.headers["content-length"] == str(len(answer.content))


def test_the_first_rows_of_a_selection_are_not_delayed(loaded_url: str) -> None:
    with client_for(loaded_url) as client:
        for address in SELECTED:
            answer = ask(client, address)
            assert "content-length" not in answer.headers
            assert answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize("address", [*LARGE, *SELECTED])
def test_ranges_and_the_head_have_the_length(client: TestClient, address: str) -> None:
    whole = ask(client, address)
    size = len(whole.content)
    head = ask(client, address, "HEAD")
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(size), b"")
    for asked, first, last in (
        ("0-3", 0, 4),
        ("1000-", 1000, size),
        ("-7", size - 7, size),
        (f"5-{2 * size}", 5, size),
    ):
        part = ask(client, address, Range=f"bytes={asked}")
        assert (part.status_code, part.content) == (206, whole.content[first:last])
        assert part.headers["content-range"] == f"bytes {first}-{last - 1}/{size}"
        assert part.headers["content-length"] == str(last - first)
        assert part.headers["etag"] == whole.headers["etag"] == head.headers["etag"]
    beyond = ask(client, address, Range=f"bytes={size}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    for condition, status in ((whole.headers["etag"], 206), (whole.headers["last-modified"], 206), ('"other"', 200)):
        answer = ask(client, address, Range="bytes=0-3", If_Range=condition)
        assert answer.status_code == status
    assert ask(client, address, Range="bytes=0-3", If_None_Match=whole.headers["etag"]).status_code == 304
    assert ask(client, address).content == whole.content


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(1, 30_000), max_size=4), address=st.sampled_from([LARGE[0], SELECTED[0]]))
def test_the_parts_of_an_export_make_up_the_whole(client: TestClient, cuts: list[int], address: str) -> None:
    """As polars, fsspec and download managers read it."""
    size = int(ask(client, address, "HEAD").headers["content-length"])
    edges = [0, *sorted({cut for cut in cuts if cut < size}), size]
    parts = [ask(client, address, Range=f"bytes={first}-{last - 1}").content for first, last in pairwise(edges)]
    assert b"".join(parts) == ask(client, address).content


def test_ranges_read_the_database_once(loaded_url: str) -> None:
    with client_for(loaded_url) as client:
        opened = streams(client)
        for _ in range(3):
            assert ask(client, SELECTED[0], "HEAD").status_code == 200
            assert ask(client, SELECTED[0], Range="bytes=10-20").status_code == 206
            assert ask(client, SELECTED[0]).headers["content-length"]  # the file is there already
        assert len(opened) <= 4, "to see that it is long, and to write it; each counts twice on SQLite"


def test_ranges_are_never_taken_from_compressed_bytes(client: TestClient) -> None:
    plain = ask(client, LARGE[0])
    coded = client.get(LARGE[0], headers={"Accept-Encoding": "gzip"})
    assert (coded.headers["content-encoding"], coded.content) == ("gzip", plain.content)
    for tag, status in ((coded.headers["etag"], 200), (plain.headers["etag"], 206)):
        again = {"Accept-Encoding": "gzip", "Range": "bytes=0-9", "If-Range": tag}
        assert client.get(LARGE[0], headers=again).status_code == status
    part = client.get(LARGE[0], headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"})
    assert (part.content, "content-encoding" in part.headers) == (plain.content[:10], False)


def test_a_file_that_the_cache_cannot_hold_is_read_again(loaded_url: str) -> None:
    with client_for(loaded_url, export_cache_bytes=2000) as client:
        whole = ask(client, LARGE[0])
        size = len(whole.content)
        assert size > 2000
        assert ask(client, LARGE[0], "HEAD").headers["content-length"] == str(size)
        for asked, first, last in (("0-3", 0, 4), ("1900-2100", 1900, 2101), ("-7", size - 7, size)):
            part = ask(client, LARGE[0], Range=f"bytes={asked}")
            assert (part.status_code, part.content) == (206, whole.content[first:last])
            assert part.headers["content-range"] == f"bytes {first}-{last - 1}/{size}"
        assert ask(client, LARGE[0], Range=f"bytes={size}-").status_code == 416
        for address in (*SELECTED, "/v1/documents.csv"):
            head, part = ask(client, address, "HEAD"), ask(client, address, Range="bytes=0-3")
            assert "content-length" not in head.headers
            assert (head.headers["accept-ranges"], part.headers["accept-ranges"]) == ("none", "none")
            assert (part.status_code, part.content) == (200, ask(client, address).content)
        assert len(client.app.app.context.file_cache._files) == 0  # type: ignore[attr-defined]


def test_no_room_for_a_file_leaves_the_stream(monkeypatch: pytest.MonkeyPatch, loaded_url: str, tmp_path: Path) -> None:
    with client_for(loaded_url) as client:
        expected = {address: ask(client, address).content for address in (*LARGE, *SELECTED)}
    with client_for(loaded_url) as client:
        monkeypatch.setattr(file_cache, "temp_directory", lambda: str(tmp_path / "missing"))
        for address, content in expected.items():
            part = ask(client, address, Range="bytes=3-5")
            assert part.content in (content, content[3:6])
            assert ask(client, address, "HEAD").status_code == 200
            assert ask(client, address).content == content
        assert ask(client, LARGE[0], Range="bytes=3-5").status_code == 206, "its length is known without a file"


def test_lengths_hold_on_the_wire(loaded_sqlite: str) -> None:
    """A response that is shorter or longer than its head says would break the connection."""
    with running(loaded_sqlite) as served:
        for address in ("/v1/urban-villages.csv", "/v1/observations.ndjson?sort=-id", "/v1/documents.csv"):
            head = get(address, *(f"{name}: {value}" for name, value in PLAIN.items())).replace(b"GET", b"HEAD", 1)
            whole, last = served.ask(get(address, "Accept-Encoding: identity"), get("/v1"))
            assert int(whole[1][b"content-length"]) == len(whole[2])
            assert last[0] == 200
            with served.connect() as connection:
                connection.sendall(head + get("/v1"))
                received = b""
                while b"HTTP/1.1 200" not in received[20:]:
                    received += connection.recv(65536)
                assert b"content-length: %d\r\n" % len(whole[2]) in received
                assert b"\r\n\r\nHTTP/1.1 200" in received, "no body follows the head"
            [part] = served.ask(get(address, "Accept-Encoding: identity", "Range: bytes=100-199"))
            assert (part[0], part[2]) == (206, whole[2][100:200])
