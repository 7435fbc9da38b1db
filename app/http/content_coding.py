"""Content codings: zstd, brotli and gzip, as the client likes them (RFC 9110, section 12.5.3)."""

import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

import brotli
import zstandard

MIN_CODED_BYTES = 256
"""Shorter bodies are sent as they are. A page is never so short: whether it is coded is known before it is made."""
COMPRESSIBLE_TYPES = ("text/", "application/json", "application/x-ndjson", "application/xml")
COMPRESSIBLE_SUFFIXES = ("+json", "+xml", "+csv")
"""What the names of media types end in that are JSON or XML underneath (RFC 6838, section 4.2.8)."""
LEVEL_GZIP, LEVEL_BROTLI, LEVEL_ZSTD = 5, 4, 3


class Encoder(Protocol):
    """Compresses a body part by part."""

    def compress(self, data: bytes, /) -> bytes:
        """What can be sent of the parts so far."""

    def flush(self) -> bytes:
        """The rest."""


class _Brotli:
    def __init__(self) -> None:
        self._compressor = brotli.Compressor(quality=LEVEL_BROTLI)

    def compress(self, data: bytes) -> bytes:
        """What can be sent of the parts so far."""
        sent: bytes = self._compressor.process(data)
        return sent

    def flush(self) -> bytes:
        """The rest."""
        rest: bytes = self._compressor.finish()
        return rest


ENCODERS: dict[str, Callable[[], Encoder]] = {
    "zstd": lambda: zstandard.ZstdCompressor(level=LEVEL_ZSTD).compressobj(),
    "br": _Brotli,
    "gzip": lambda: zlib.compressobj(LEVEL_GZIP, wbits=31),
}
"""Codings, the preferred first."""


@lru_cache(maxsize=256)
def preferred_coding(header: bytes) -> str | None:
    """The coding for an `Accept-Encoding` header, None for the body as it is."""
    qualities = _qualities(header)
    anything = qualities.get("*", 0.0)
    liked = [(qualities.get(name, anything), -place, name) for place, name in enumerate(ENCODERS)]
    quality, _, name = max(liked)
    return name if quality > 0 and quality >= qualities.get("identity", 0.0) else None


@lru_cache(maxsize=256)
def forbids_identity(header: bytes) -> bool:
    """Whether an `Accept-Encoding` header refuses the body as it is."""
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
    """The ETag of a coded representation: a strong validator tells the codings apart."""
    return tag[:-1] + b"-" + coding.encode() + b'"' if tag.endswith(b'"') else tag


def encode_body(body: bytes, coding: str) -> bytes:
    """Return a whole body in a content coding."""
    encoder = ENCODERS[coding]()
    return encoder.compress(body) + encoder.flush()
