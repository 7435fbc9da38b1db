"""Content coding of responses, negotiated as RFC 9110 says."""

import asyncio
import gzip
from typing import Any

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.http.content_coding import MIN_THREADED_BYTES, STREAM_ENCODERS, encode_chunk

VILLAGES = "/v1/urban-villages?limit=20"


@pytest.mark.parametrize(
    ("coding", "decode"),
    [
        ("gzip", gzip.decompress),
        ("br", brotli.decompress),
        ("zstd", lambda b: zstandard.ZstdDecompressor().decompressobj().decompress(b)),
    ],
)
@pytest.mark.parametrize("path", [VILLAGES, "/v1/urban-villages.csv", "/openapi.json"])
def test_each_content_coding_decodes_to_the_same_body(client: TestClient, coding: str, decode: Any, path: str) -> None:
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
def test_accept_encoding_decides_the_coding(client: TestClient, accepts: str, coding: str | None) -> None:
    assert client.get(VILLAGES, headers={"Accept-Encoding": accepts}).headers.get("content-encoding") == coding


SHORT = "/v1/urban-villages/aggregate?metric=count"


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
def test_a_forbidden_identity_coding_is_not_used(client: TestClient, accepts: str, coding: str) -> None:
    client.get(SHORT, headers={"Accept-Encoding": coding})
    for path in (SHORT, VILLAGES, "/v1/urban-villages.xlsx", "/healthz"):
        assert client.get(path, headers={"Accept-Encoding": accepts}).headers["content-encoding"] == coding
    assert "content-encoding" not in client.get(SHORT, headers={"Accept-Encoding": coding}).headers


@pytest.mark.parametrize("accepts", ["identity;q=0", "*;q=0", "deflate, identity;q=0.0"])
def test_no_acceptable_coding_is_a_406(client: TestClient, accepts: str) -> None:
    refused = client.get(VILLAGES, headers={"Accept-Encoding": accepts})
    assert refused.status_code == 406
    assert "zstd" in refused.json()["detail"]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 3 * MIN_THREADED_BYTES), max_size=5), st.sampled_from(sorted(STREAM_ENCODERS)))
def test_a_stream_is_coded_alike_on_the_event_loop_and_in_a_thread(sizes: list[int], coding: str) -> None:
    chunks = [bytes([n % 251]) * size for n, size in enumerate([*sizes, 0])]
    direct = STREAM_ENCODERS[coding]()
    expected = b"".join(map(direct.compress, chunks)) + direct.flush()

    async def encode() -> bytes:
        encoder = STREAM_ENCODERS[coding]()
        last = len(chunks) - 1
        return b"".join([await encode_chunk(encoder, chunk, n == last) for n, chunk in enumerate(chunks)])

    assert asyncio.run(encode()) == expected
