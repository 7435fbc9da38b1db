"""Finish responses: validators, 304 and 412, content coding, headers. Every response is finished here and nowhere else.

`finish_response` is for a whole body, from the fast path and from FastAPI's routes alike; `finish_stream_head` is
for a body that is sent chunk by chunk.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b

from app.errors import Problem
from app.http.conditional import ConditionalRequest, format_http_date
from app.http.content_coding import coded_etag, encode_body, is_compressible
from app.http.request import CacheableRequest
from app.http.response import (
    BODY_HEADERS,
    COMMON_HEADER_LINES,
    COMMON_HEADERS,
    MAX_AGE_SECONDS,
    ApiResponse,
    HeaderList,
    WireResponse,
    header_pairs,
    serialise_headers,
    serialise_text_headers,
)


def finish_response(response: ApiResponse, request: CacheableRequest, loaded_at: datetime) -> WireResponse:
    """Return a response with a whole body as it is sent, or the 304 that replaces it.

    `loaded_at` is when the data was loaded: the `Last-Modified` of a response that brings none of its own.
    Raises Problem (412) when the request's precondition fails.
    """
    headers, body = response.headers, response.body
    if "ETag" not in headers or "Vary" not in headers:
        set_default_headers(response, loaded_at, whole=True)
    coding = choose_coding(response, request, len(body))
    if request.is_conditional and response.status in (200, 206):
        not_modified = not_modified_response(header_pairs(headers), coding, request.conditional_request)
        if not_modified is not None:
            return not_modified
    if coding:
        body = encode_body(body, coding)
        headers = coded_headers(headers, coding)
    return serialise_response(response, headers, body)


def serialise_response(response: ApiResponse, headers: Mapping[str, str], body: bytes) -> WireResponse:
    """Return a response with these headers and this body, and with the headers that every response has."""
    lines = serialise_text_headers(headers)
    if response.status != 304:
        lines += b"content-type: %b\r\ncontent-length: %d\r\n" % (response.media_type.encode(), len(body))
    return WireResponse(response.status, lines + COMMON_HEADER_LINES, body)


def finish_stream_head(
    response: ApiResponse, length: bytes | None, request: CacheableRequest, loaded_at: datetime
) -> WireResponse | tuple[HeaderList, str | None]:
    """Return the headers of a streamed body and its content coding, or the 304 that replaces the response.

    `length` is the value of `Content-Length` where the response has one. Raises Problem (412).
    """
    set_default_headers(response, loaded_at, whole=False)
    coding = choose_coding(response, request, None)
    if request.is_conditional and response.status in (200, 206):
        not_modified = not_modified_response(header_pairs(response.headers), coding, request.conditional_request)
        if not_modified is not None:
            return not_modified
    headers = header_pairs(coded_headers(response.headers, coding) if coding else response.headers)
    headers.append((b"content-type", response.media_type.encode()))
    if length is not None and not coding:
        headers.append((b"content-length", length))
    return [*headers, *COMMON_HEADERS], coding


def set_default_headers(response: ApiResponse, loaded_at: datetime, whole: bool) -> None:
    """Give a response the caching headers that it lacks. A whole body gets an entity tag from its digest."""
    headers = response.headers
    headers.setdefault("Vary", "Accept-Encoding")
    if response.status not in (200, 206, 304):
        return
    if whole and response.status == 200 and "ETag" not in headers:
        headers["ETag"] = f'"{blake2b(response.body, digest_size=12).hexdigest()}"'
    headers.setdefault("Last-Modified", format_http_date(loaded_at))
    headers.setdefault("Cache-Control", f"public, max-age={MAX_AGE_SECONDS}")


def choose_coding(response: ApiResponse, request: CacheableRequest, size: int | None) -> str | None:
    """Return the content coding of a body of `size` bytes (None for a stream), or None for no coding."""
    if request.coding is None or response.status in (206, 304):
        return None
    if not request.identity_forbidden and not is_compressible(response.media_type):
        return None
    return request.coding if size is None else request.coding_for_size(size)


def coded_headers(headers: Mapping[str, str], coding: str) -> dict[str, str]:
    """Return the headers of a coded body, with an entity tag of its own (RFC 9110, section 8.8.3)."""
    coded = {**headers, "Content-Encoding": coding}
    if "ETag" in headers:
        coded["ETag"] = coded_etag(headers["ETag"].encode(), coding).decode()
    return coded


def not_modified_response(
    headers: HeaderList, coding: str | None, condition: ConditionalRequest | None
) -> WireResponse | None:
    """Return the 304 for a response that the client has, else None. Raises Problem (412) when a precondition fails.

    This is the last place to decide: here it is certain that there is a response.
    """
    if condition is None:
        return None
    if condition.precondition_failed(headers, coding):
        raise Problem(412, "The answer has changed in the meantime. Repeat the request without the precondition.")
    etag = condition.matching_etag_for_response(headers, coding)
    if etag is None:
        return None
    kept = [(name, etag if name == b"etag" else value) for name, value in headers if name not in BODY_HEADERS]
    return WireResponse(304, serialise_headers(kept) + COMMON_HEADER_LINES, b"")


def not_modified_from_headers(headers: Mapping[str, str]) -> WireResponse:
    """Return the 304 of an endpoint that found its response unchanged before it was made."""
    return WireResponse(304, serialise_headers(header_pairs(headers)) + COMMON_HEADER_LINES, b"")
