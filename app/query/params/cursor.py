"""Cursors: the sort keys of a row, and what they were made for, in one opaque word.

A cursor goes on from its key, not from a row: it survives a load that removes the row. It carries a
check sum, so that a damaged or invented one is refused; the data is public, so it needs no secret.
"""

import base64
import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import orjson

from app.model.column_types import INT64_MAX

Key = tuple[str | int | None, ...]
VERSION = 1
CHECK_BYTES = 6
LONGEST = 4096


class BadCursor(ValueError):
    """A cursor that is not ours, or not for this query; the message is for the caller."""


class Cursor(NamedTuple):
    """Where a page goes on: behind `key`, or, when `backward`, before it."""

    key: Key
    backward: bool = False


def _check(payload: bytes) -> bytes:
    return hashlib.blake2b(payload, digest_size=CHECK_BYTES, person=b"gazette-cursor").digest()


def purpose(*parts: str) -> str:
    """A short digest of what a cursor is made for: dataset, order, filters."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=6).hexdigest()


def encode(cursor: Cursor, made_for: str) -> str:
    """The opaque word for a cursor."""
    content = [VERSION, made_for, int(cursor.backward), *cursor.key]
    payload = orjson.dumps(content)
    return base64.urlsafe_b64encode(_check(payload) + payload).rstrip(b"=").decode()


def decode(word: str, made_for: str, kinds: Sequence[type]) -> Cursor:
    """The cursor behind a word; `kinds` are the Python types of the sort keys.

    Raises BadCursor when the word was damaged, invented, or made for another query.
    """
    try:
        if len(word) > LONGEST or not word.isascii():
            raise ValueError
        raw = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
        payload = raw[CHECK_BYTES:]
        if raw[:CHECK_BYTES] != _check(payload):
            raise ValueError
        version, given, backward, *key = orjson.loads(payload)
    except (ValueError, TypeError):
        raise BadCursor("is not a cursor of this service; take it from `links` of a page") from None
    if version != VERSION or given != made_for:
        raise BadCursor("was made for another sort, other filters or another dataset; start again without it")
    if backward not in (0, 1) or len(key) != len(kinds) or not all(map(_fits, key, kinds)):
        raise BadCursor("is not a cursor of this service; take it from `links` of a page")
    return Cursor(tuple(key), bool(backward))


def _fits(value: object, kind: type) -> bool:
    if value is None:
        return True
    if kind is int:
        return type(value) is int and -INT64_MAX - 1 <= value <= INT64_MAX
    return isinstance(value, str) and "\x00" not in value
