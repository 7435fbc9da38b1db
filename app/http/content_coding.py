"""Content codings: zstd, brotli and gzip, by `Accept-Encoding` (RFC 9110, section 12.5.3)."""

import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Protocol

import brotli
import zstandard

from app.concurrency import run_in_executor

MIN_CODED_BYTES = 256
"""Shorter bodies are sent without a coding. A page of rows is never so short."""
COMPRESSIBLE_TYPES = ("text/", "application/json", "application/x-ndjson", "application/xml")
COMPRESSIBLE_SUFFIXES = ("+json", "+xml", "+csv")
"""Structured syntax suffixes of media types that are text (RFC 6838, section 4.2.8)."""
MIN_THREADED_BYTES = 16_384
"""Shorter chunks of a stream are coded on the event loop, in less than a millisecond."""
EXECUTOR = ThreadPoolExecutor(2, thread_name_prefix="coding")
LEVEL_GZIP, LEVEL_BROTLI, LEVEL_ZSTD = 5, 4, 3


class Encoder(Protocol):
    """Compresses a body chunk by chunk."""

    def compress(self, data: bytes, /) -> bytes:
        """Add a chunk and return the bytes that are ready."""

    def flush(self) -> bytes:
        """Return the remaining bytes."""


class _Brotli:
    def __init__(self, window_bits: int = 22) -> None:
        self._compressor = brotli.Compressor(quality=LEVEL_BROTLI, lgwin=window_bits)

    def compress(self, data: bytes) -> bytes:
        """Add a chunk and return the bytes that are ready."""
        sent: bytes = self._compressor.process(data)
        return sent

    def flush(self) -> bytes:
        """Return the remaining bytes."""
        rest: bytes = self._compressor.finish()
        return rest


ENCODERS: dict[str, Callable[[], Encoder]] = {
    "zstd": lambda: zstandard.ZstdCompressor(level=LEVEL_ZSTD).compressobj(),
    "br": _Brotli,
    "gzip": lambda: zlib.compressobj(LEVEL_GZIP, wbits=31),
}
"""Content codings by name, the preferred first."""
STREAM_ENCODERS: dict[str, Callable[[], Encoder]] = {**ENCODERS, "br": lambda: _Brotli(window_bits=18)}
"""For streams, of which many may be open: brotli's usual window takes some 16 MB each."""


@lru_cache(maxsize=256)
def preferred_coding(header: bytes) -> str | None:
    """Return the content coding for an `Accept-Encoding` header, or None for no coding."""
    qualities = _qualities(header)
    anything = qualities.get("*", 0.0)
    candidates = [(qualities.get(name, anything), -place, name) for place, name in enumerate(ENCODERS)]
    quality, _, name = max(candidates)
    return name if quality > 0 and quality >= qualities.get("identity", 0.0) else None


@lru_cache(maxsize=256)
def forbids_identity(header: bytes) -> bool:
    """Whether an `Accept-Encoding` header refuses a body without a coding."""
    qualities = _qualities(header)
    return qualities.get("identity", qualities.get("*", 1.0)) <= 0


def _qualities(header: bytes) -> dict[str, float]:
    qualities: dict[str, float] = {}
    for part in header[:1000].decode("latin-1").lower().split(","):
        name, _, parameter = part.strip().partition(";")
        try:
            quality = float(parameter.strip().removeprefix("q=")) if parameter.strip().startswith("q=") else 1.0
        except ValueError:
            quality = 0.0
        qualities[name.strip().removeprefix("x-")] = quality
    return qualities


@lru_cache(maxsize=128)
def is_compressible(media_type: str) -> bool:
    """Whether bodies of a media type shrink. Office and Parquet files are compressed already."""
    name = media_type.partition(";")[0].rstrip()
    return name.startswith(COMPRESSIBLE_TYPES) or name.endswith(COMPRESSIBLE_SUFFIXES)


def coded_etag(tag: bytes, coding: str) -> bytes:
    """Return the entity tag of a coded body: a strong validator differs between codings."""
    return tag[:-1] + b"-" + coding.encode() + b'"' if tag.endswith(b'"') else tag


def encode_body(body: bytes, coding: str) -> bytes:
    """Return a whole body in a content coding."""
    encoder = ENCODERS[coding]()
    return encoder.compress(body) + encoder.flush()


async def encode_chunk(encoder: Encoder, chunk: bytes, is_last: bool) -> bytes:
    """Return the next coded bytes of a stream.

    A long chunk is coded in a thread: some streams together would leave the event loop no time for other requests.
    """

    def encode() -> bytes:
        return encoder.compress(chunk) + (encoder.flush() if is_last else b"")

    return encode() if len(chunk) < MIN_THREADED_BYTES else await run_in_executor(EXECUTOR, lambda: None, encode)
