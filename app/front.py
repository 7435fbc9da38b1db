"""The way in, plain ASGI, and the hot path: what most requests ask for is answered here.

1. An answer given before is sent again from memory, or as a 304: no parsing, no SQL.
2. A page, a row, groups or a search as JSON go straight to the functions that answer them, past the
   router, whose work would cost more than the answer's own. The routes give the same answers by the same functions.
3. Everything else goes to the routes.

On the way out each answer gets its request id, CORS headers, content coding, and its place in the cache.
"""

import itertools
import logging
import re
import secrets
from collections.abc import Collection
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI

from app import answers, groups, search
from app.answers import JSON, Answer, Desk
from app.cache import AnswerCache, Key
from app.conditions import CONDITION, CONDITIONAL, NotModified, condition_of
from app.datasets import DATASETS
from app.encoding import ENCODERS, refuses_plain, wanted_coding
from app.errors import Fault, Problem, bad_request
from app.formats.offers import ITEM_SUFFIXES
from app.negotiation import LONGEST, not_acceptable, prefers_json, takes
from app.query.ask import BAD_PERCENT, unknown_parameter
from app.sdmx.faults import is_sdmx
from app.wayout import CORS, HeadDone, Message, Receive, Scope, Send, WayOut, send_kept, send_problem

ALLOW = "GET, HEAD, OPTIONS"
REQUEST_ID = re.compile(rb"[A-Za-z0-9._:/+=-]{1,128}\Z")
PREFLIGHT = [
    (b"access-control-allow-methods", ALLOW.encode()),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
    (b"allow", ALLOW.encode()),
]
GROUPS = {"facets": groups.facets, "aggregate": groups.aggregate}
WORDS = ("schema", "facets", "aggregate", "queryables", "series")
JSON_TYPES = (JSON, "application/schema+json")
NOT_FROM_MEMORY = frozenset((b"range", b"if-match", b"if-unmodified-since"))
"""Headers of requests whose answer is no kept one as it stands, or has to be refused first."""
UNASKED = ("/healthz", "/readyz", "/openapi.json", "/docs")
"""Addresses that take no parameters."""
logger = logging.getLogger("gazette")


class Front:
    """Wraps the routes."""

    def __init__(self, api: FastAPI, desk: Desk) -> None:
        self.api = api
        self.desk = desk
        self.cache = AnswerCache(desk.settings.answer_cache_bytes)
        self._id_start = secrets.token_hex(6).encode()
        self._id_count = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.api(scope, receive, send)
            return
        headers = joined(scope)
        identity = self._request_id(headers.get(b"x-request-id", b""))
        method: str = scope["method"]
        if method not in ("GET", "HEAD"):
            await self._other(scope, _identified(send, identity))
            return
        coding = wanted_coding(headers[b"accept-encoding"]) if b"accept-encoding" in headers else None
        accept = headers.get(b"accept", b"")
        # Below /v1 many headers mean plain JSON: they share an answer. What another one gets depends on the address.
        plain = not accept or (scope["path"].startswith("/v1") and prefers_json(accept))
        form = "json" if plain else accept[:LONGEST].decode("latin-1")
        key: Key = (scope["path"], scope["query_string"], form, coding)
        strict = b"q=0" in headers.get(b"accept-encoding", b"") and refuses_plain(headers[b"accept-encoding"])
        kept = None
        if not strict and NOT_FROM_MEMORY.isdisjoint(headers):
            kept = self.cache.get(key, self.desk.store.state.revision)
        if kept is not None and headers.get(b"if-none-match", b"") == kept.tag:
            await send({"type": "http.response.start", "status": 304, "headers": [*kept.unmodified, identity]})
            await send({"type": "http.response.body", "body": b""})
            return
        condition = condition_of(headers, coding)
        if kept is not None:
            await send_kept(send, kept, condition, identity, method)
            return
        way_out = WayOut(self.desk.store, self.cache, send, identity, key, method == "HEAD", strict)
        token = CONDITION.set(condition)
        try:
            await self._answer(scope, receive, way_out, key, accept)
        except NotModified as unmodified:
            await way_out.not_modified(unmodified.headers)
        except HeadDone:
            pass
        finally:
            CONDITION.reset(token)

    async def _answer(self, scope: Scope, receive: Receive, way_out: "WayOut", key: Key, accept: bytes) -> None:
        path, query, form, _ = key
        try:
            if refusal := refuse(scope, self.desk.settings.max_url_bytes):
                raise refusal
            if way_out.strict and not key[3]:
                raise Problem(406, f"None of the codings asked for is on offer; there are: {', '.join(ENCODERS)}.")
            if form != "json" and is_json_only(path) and not takes(accept, *JSON_TYPES):
                raise not_acceptable(*JSON_TYPES)
            answer = await self._straight(path, query) if form == "json" else None
        except Problem as problem:
            await send_problem(way_out, problem, path, accept)
        except NotModified:
            raise
        except Exception:
            logger.exception("failed to answer")
            failure = Problem(500, "The service failed to answer; the failure is logged.")
            await send_problem(way_out, failure, path, accept)
        else:
            if answer is not None:
                await way_out.answer(answer)
            elif scope["method"] == "HEAD":
                # To the head alone `Range` does not apply (RFC 9110, section 14.2).
                await self.api(_without({**scope, "method": "GET"}, {*CONDITIONAL, b"range"}), receive, way_out)
            else:
                await self.api(_without(scope, CONDITIONAL) if CONDITION.get() else scope, receive, way_out)

    async def _straight(self, path: str, query: bytes) -> Answer | None:
        """A page, a row, groups or a search as JSON; None for all that the routes answer."""
        if not path.startswith("/v1/"):
            return None
        name, slash, key = path[4:].partition("/")
        dataset = DATASETS.get(name)
        if dataset is None:
            return await search.everywhere(self.desk, query) if path == "/v1/search" else None
        if not slash:
            return await answers.collection(self.desk, dataset, query)
        if key in GROUPS:
            return await GROUPS[key](self.desk, dataset, query)
        if key in WORDS or "/" in key or key.endswith(ITEM_SUFFIXES):
            return None
        return await answers.item(self.desk, dataset, key, query)

    async def _other(self, scope: Scope, send: Send) -> None:
        if scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": PREFLIGHT})
            await send({"type": "http.response.body", "body": b""})
            return
        problem = Problem(405, f"Only {ALLOW} are allowed; no address writes.", headers={"Allow": ALLOW})
        await send_problem(send, problem, scope["path"], joined(scope).get(b"accept", b""))

    def _request_id(self, given: bytes) -> tuple[bytes, bytes]:
        """The caller's request id when its characters are safe, else one of ours, as a header."""
        if given and REQUEST_ID.match(given):
            return (b"x-request-id", given)
        return (b"x-request-id", b"%b-%x" % (self._id_start, next(self._id_count)))


def is_json_only(path: str) -> bool:
    """Whether an address answers JSON and nothing else."""
    return path in ("/v1", "/v1/search") or (path.startswith("/v1/") and path.rpartition("/")[2] in WORDS)


def joined(scope: Scope) -> dict[bytes, bytes]:
    """The headers by their names; one that came twice is joined by commas, for the routes as well."""
    headers = dict(scope["headers"])
    if len(headers) < len(scope["headers"]):
        headers = {}
        for name, value in scope["headers"]:
            headers[name] = headers[name] + b", " + value if name in headers else value
        scope["headers"] = list(headers.items())
    return headers


def refuse(scope: Scope, most_bytes: int) -> Problem | None:
    """The problem with an address that no route should see."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    if len(raw) + len(scope["query_string"]) > most_bytes:
        return Problem(414, f"The address is longer than {most_bytes} bytes; ask for less at once.")
    path: str = scope["path"]
    if b"%" in raw or not raw.isascii():
        if BAD_PERCENT.search(raw.decode("latin-1")):
            return bad_request([Fault("path", "has an invalid percent-encoding; a literal % is written %25")])
        try:
            if "\x00" in unquote_to_bytes(raw).decode("utf-8"):
                return bad_request([Fault("path", "holds a NUL character")])
        except UnicodeDecodeError:
            return bad_request([Fault("path", "is not valid UTF-8")])
    if path in UNASKED and scope["query_string"]:
        name = scope["query_string"].decode("latin-1").partition("=")[0]
        return unknown_parameter(name, ())
    if len(path) > 1 and path.endswith("/") and not is_sdmx(path):
        return Problem(404, f"Addresses do not end in a slash; ask for '{path.rstrip('/')[:200]}'.")
    return None


def _without(scope: Scope, names: Collection[bytes]) -> Scope:
    """A request without some headers: conditions are judged here, and by nobody else."""
    return {**scope, "headers": [header for header in scope["headers"] if header[0] not in names]}


def _identified(send: Send, identity: tuple[bytes, bytes]) -> Send:
    async def identified(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *CORS, identity]
        await send(message)

    return identified
