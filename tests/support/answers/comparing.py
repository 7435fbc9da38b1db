"""Two recordings side by side: which answers differ, and where first."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.answers.databases import DATABASES
from tests.support.answers.masking import decoded, masked
from tests.support.answers.recording import REQUESTS, read_exchanges, read_requests
from tests.support.answers.wire import Answer, Request

SHOWN = 60
"""Bytes, or characters, that are shown from the first difference on."""
LONGEST_TARGET = 200
ANSWER_NUMBER = re.compile(r"answer \d+: ")


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that differs."""

    database: str
    place: int
    request: Request
    findings: tuple[str, ...]

    @property
    def kinds(self) -> frozenset[str]:
        """What differs, without how: `status line`, `header etag`, `order of headers`, `body`."""
        return frozenset(
            "body" if kind.startswith("body") else kind.partition(":")[0]
            for kind in (ANSWER_NUMBER.sub("", finding) for finding in self.findings)
            if not kind.startswith(" ")
        )

    def lines(self) -> Iterator[str]:
        """The difference for a reader."""
        asked = repr(self.request.raw) if self.request.raw else f"{self.request.method} {self.request.target}"
        shown = asked if len(asked) <= LONGEST_TARGET else f"{asked[:LONGEST_TARGET]}… ({len(asked)} characters)"
        yield f"{self.database} #{self.place} [{self.request.part}] {shown}"
        yield from (f"      > {name}: {value}" for name, value in self.request.headers)
        yield from (f"    {finding}" for finding in self.findings)


def compare(first: Path, second: Path) -> Iterator[Difference]:
    """The differences of two recordings; raises ValueError when they do not answer the same requests."""
    requests = read_requests(first / REQUESTS)
    if requests != read_requests(second / REQUESTS):
        raise ValueError("the recordings answer different requests; record one with --requests of the other")
    for database in DATABASES:
        before, after = read_exchanges(first, database), read_exchanges(second, database)
        if not len(before) == len(after) == len(requests):
            raise ValueError(f"a recording on {database} is not complete")
        for place, request in enumerate(requests):
            (ours, our_end), (theirs, their_end) = before[place], after[place]
            findings = list(_differences(request, ours, theirs))
            if our_end != their_end:
                findings.append(f"the connection ended: {our_end} | {their_end}")
            if findings:
                yield Difference(database, place, request, tuple(findings))


def _differences(request: Request, ours: tuple[Answer, ...], theirs: tuple[Answer, ...]) -> Iterator[str]:
    if len(ours) != len(theirs):
        yield f"number of answers: {len(ours)} | {len(theirs)}"
    for number, (one, other) in enumerate(zip(ours, theirs, strict=False), start=1):
        if one == other:
            continue
        which = f"answer {number}: " if len(ours) > 1 else ""
        yield from (f"{which}{finding}" for finding in _differs(request, one, other))


def _differs(request: Request, one: Answer, other: Answer) -> Iterator[str]:
    coding, other_coding = one.header("content-encoding"), other.header("content-encoding")
    try:
        one, other = masked(request, one), masked(request, other)
    except ValueError as error:
        yield f"{error}"
        return
    if one.status_line != other.status_line:
        yield f"status line: {one.status_line} | {other.status_line}"
    # The order of headers with different names says nothing (RFC 9110, section 5.3).
    if sorted(one.headers, key=_name) != sorted(other.headers, key=_name):
        yield from _header_differences(one, other)
    if one.chunked != other.chunked:
        yield f"chunked: {one.chunked} | {other.chunked}"
    if one.body != other.body:
        ours = _without_path_order(request, _plain(one.body, coding))
        theirs = _without_path_order(request, _plain(other.body, other_coding))
        if ours != theirs or not request.target.startswith("/openapi.json"):
            yield from _body_differences(ours, theirs)


def _name(header: tuple[str, str]) -> str:
    return header[0]


def _without_path_order(request: Request, body: bytes) -> bytes:
    """Return the body; that of the OpenAPI document with its members sorted, for their order says nothing."""
    try:
        if request.target.startswith("/openapi.json"):
            return json.dumps(json.loads(body), sort_keys=True).encode()
    except ValueError:
        pass
    return body


def _plain(body: bytes, coding: str) -> bytes:
    """A body to show: decoded, unless it is so already or is broken."""
    try:
        return decoded(body, coding)
    except ValueError:
        return body


def _header_differences(one: Answer, other: Answer) -> Iterator[str]:
    ours, theirs = list(one.headers), list(other.headers)
    gone = [header for header in ours if header not in theirs]
    come = [header for header in theirs if header not in ours]
    for name, value in gone:
        now = next((theirs for known, theirs in come if known == name), None)
        yield f"header {name}: {value} | {'(none)' if now is None else now}"
    for name, value in come:
        if name not in (known for known, _ in gone):
            yield f"header {name}: (none) | {value}"
    if not gone and not come:
        yield f"order of headers: {', '.join(name for name, _ in ours)} | {', '.join(name for name, _ in theirs)}"


def _body_differences(one: bytes, other: bytes) -> Iterator[str]:
    if one == other:
        yield "body: the same, coded differently"
        return
    try:
        path = first_path(json.loads(one), json.loads(other))
    except ValueError:
        path = None
    if path is not None:
        where, ours, theirs = path
        yield f"body at {where or 'the top'}: {_cut(ours)} | {_cut(theirs)}"
        return
    pairs = enumerate(zip(one, other, strict=False))
    place = next((place for place, (ours, theirs) in pairs if ours != theirs), min(len(one), len(other)))
    begin = max(place - 10, 0)
    yield f"body of {len(one)} | {len(other)} bytes, from byte {place}:"
    yield f"  {one[begin : place + SHOWN]!r}"
    yield f"  {other[begin : place + SHOWN]!r}"


def _cut(value: Any) -> str:
    text = "(none)" if value is ABSENT else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 2 * SHOWN else f"{text[: 2 * SHOWN]}…"


ABSENT = object()


def first_path(one: Any, other: Any, path: str = "") -> tuple[str, Any, Any] | None:
    """Where two JSON values differ first, with both values there; None when only their writing differs."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in dict.fromkeys((*one, *other)):
            found = first_path(one.get(name, ABSENT), other.get(name, ABSENT), f"{path}.{name}")
            if found:
                return found
        return None if list(one) == list(other) else (f"{path} (order of members)", list(one), list(other))
    if isinstance(one, list) and isinstance(other, list):
        for place in range(max(len(one), len(other))):
            ours = one[place] if place < len(one) else ABSENT
            theirs = other[place] if place < len(other) else ABSENT
            if found := first_path(ours, theirs, f"{path}[{place}]"):
                return found
        return None
    return None if one is other or (type(one) is type(other) and one == other) else (path, one, other)
