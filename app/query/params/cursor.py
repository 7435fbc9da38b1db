"""Cursors: the sort keys of a row, and the query that they belong to, as one opaque string.

A page continues after the key of its cursor, not after a row, so a cursor survives a load that removes the row.
A checksum detects damaged and invented cursors. The data is public, so no secret is needed.
"""

import base64
import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import orjson

from app.model.column_types import INT64_MAX

SortKeyValues = tuple[str | int | None, ...]
VERSION = 1
CHECKSUM_BYTES = 6
MAX_CURSOR_LENGTH = 4096


class BadCursor(ValueError):
    """A cursor that this service did not issue, or not for this query. The message is for the caller."""


class Cursor(NamedTuple):
    """Where a page continues: after `key`, or before it when `backward` is set."""

    key: SortKeyValues
    backward: bool = False


def _checksum(payload: bytes) -> bytes:
    return hashlib.blake2b(payload, digest_size=CHECKSUM_BYTES, person=b"gazette-cursor").digest()


def scope_digest(*parts: str) -> str:
    """Return a short digest of the query that a cursor belongs to: dataset, order, filters."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=6).hexdigest()


def encode_cursor(cursor: Cursor, scope: str) -> str:
    """Return a cursor as an opaque string."""
    content = [VERSION, scope, int(cursor.backward), *cursor.key]
    payload = orjson.dumps(content)
    return base64.urlsafe_b64encode(_checksum(payload) + payload).rstrip(b"=").decode()


def decode_cursor(text: str, scope: str, key_types: Sequence[type]) -> Cursor:
    """Parse an opaque cursor; `key_types` are the Python types of the sort keys.

    Raises BadCursor when the cursor is damaged or invented, or belongs to another query.
    """
    try:
        if len(text) > MAX_CURSOR_LENGTH or not text.isascii():
            raise ValueError
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        payload = raw[CHECKSUM_BYTES:]
        if raw[:CHECKSUM_BYTES] != _checksum(payload):
            raise ValueError
        version, given_scope, backward, *key = orjson.loads(payload)
    except (ValueError, TypeError):
        raise BadCursor("is not a cursor of this service; use one from the `links` of a page") from None
    if version != VERSION or given_scope != scope:
        raise BadCursor("belongs to another sort, other filters or another dataset; start again without it")
    if backward not in (0, 1) or len(key) != len(key_types) or not all(map(_fits, key, key_types)):
        raise BadCursor("is not a cursor of this service; use one from the `links` of a page")
    return Cursor(tuple(key), bool(backward))


def _fits(value: object, kind: type) -> bool:
    if value is None:
        return True
    if kind is int:
        return type(value) is int and -INT64_MAX - 1 <= value <= INT64_MAX
    return isinstance(value, str) and "\x00" not in value
