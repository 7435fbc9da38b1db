"""The way in, and the hot path: what most requests ask for is answered here, whichever way they came.

1. An answer given before is sent again from memory, or as a 304: no parsing, no SQL.
2. A page, a row, groups or a search as JSON go straight to the functions that answer them, past the
   router, whose work would cost more than the answer's own. The routes give the same answers by the same functions.
3. Everything else goes to the routes.

`Front.begin` is 1 and 2, for the server's own protocol (`app.serving`), which sends a reply as it is, and for ASGI.
"""

import itertools
import logging
import re
import secrets
from collections.abc import Collection, Coroutine, Mapping
from typing import Any

from fastapi import FastAPI

from app.api.context import Desk
from app.api.dispatch import GROUPS, WORDS, refuse
from app.api.endpoints.collection import get_collection
from app.api.endpoints.items import get_item
from app.api.endpoints.search import search_all
from app.datasets import DATASETS
from app.errors import Problem
from app.http.conditional import CONDITION, CONDITIONAL, NotModified
from app.http.request import Request
from app.http.response import CORS, CORS_LINES, Head, Reply, answered, instead, lines_of, pairs, reply_of
from app.http.response_cache import AnswerCache
from app.http.response_sender import HeadDone, Message, Receive, Scope, Send, WayOut, send_problem, send_reply, told
from app.http.result import JSON, Answer
from app.renderers.representations import ITEM_SUFFIXES

ALLOW = "GET, HEAD, OPTIONS"
REQUEST_ID = re.compile(rb"[A-Za-z0-9._:/+=-]{1,128}\Z")
PREFLIGHT = [
    (b"access-control-allow-methods", ALLOW.encode()),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
    (b"allow", ALLOW.encode()),
]
NOT_FROM_MEMORY = frozenset((b"range", b"if-match", b"if-unmodified-since"))
"""Headers of requests whose answer is no kept one as it stands, or has to be refused first."""
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
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        request = Request(scope["path"], raw, scope["query_string"], headers)
        identity, head_only = self.identity(headers), scope["method"] == "HEAD"
        if not head_only and scope["method"] != "GET":
            await self._other(scope, request, _identified(send, identity))
            return
        found = self.begin(request)
        if found is not None:
            await send_reply(send, found if isinstance(found, Reply) else await found, identity, head_only)
            return
        way_out = WayOut(self.desk.store, self.cache, send, identity, request, head_only)
        token = CONDITION.set(request.condition)
        without: Collection[bytes] = CONDITIONAL if request.condition else ()
        if head_only:  # to the head alone `Range` does not apply (RFC 9110, section 14.2)
            scope, without = {**scope, "method": "GET"}, {*without, b"range"}
        try:
            await self.api(_without(scope, without) if without else scope, receive, way_out)
        except NotModified as unmodified:
            await way_out.not_modified(unmodified.headers)
        except HeadDone:
            pass
        finally:
            CONDITION.reset(token)

    def begin(self, request: Request) -> Reply | Coroutine[Any, Any, Reply] | None:
        """The hot path: a reply that is at hand, or the work that finds one; None for what the routes answer."""
        try:
            if not request.strict and NOT_FROM_MEMORY.isdisjoint(request.headers):
                kept = self.cache.get(request.key, self.desk.store.state.revision)
                if kept is not None:
                    return kept.asked_by(request) if request.conditional else kept
            refusal = refuse(request, self.desk.settings.max_url_bytes)
            if refusal is not None:
                return refused(request, refusal)
            straight = self._straight(request.path, request.query) if request.plain else None
        except Exception:
            return failed(request)
        return None if straight is None else self._found(request, straight)

    async def _found(self, request: Request, straight: Coroutine[Any, Any, Answer]) -> Reply:
        """The reply of an answer that is found past the routes, or of the problem with it."""
        revision, condition = self.desk.store.state.revision, request.condition
        token = CONDITION.set(condition) if condition else None
        try:
            answer = await straight
            coding = request.coding_of(len(answer.body))
            if condition and (unmodified := instead(Head(pairs(answer.headers)), coding, condition)):
                return unmodified
            reply = answered(answer.headers, JSON, answer.body, coding)
            if not request.strict and revision == self.desk.store.state.revision and answer.lasting:
                self.cache.put(request.key, reply, revision, answer.cheap)
            return reply
        except Problem as problem:
            return refused(request, problem)
        except NotModified as unmodified:
            return Reply(304, lines_of(pairs(unmodified.headers)) + CORS_LINES, b"")
        except Exception:
            return failed(request)
        finally:
            if token:
                CONDITION.reset(token)

    def _straight(self, path: str, query: bytes) -> Coroutine[Any, Any, Answer] | None:
        """A page, a row, groups or a search as JSON; None for all that the routes answer."""
        if not path.startswith("/v1/"):
            return None
        name, slash, key = path[4:].partition("/")
        dataset = DATASETS.get(name)
        if dataset is None:
            return search_all(self.desk, query) if path == "/v1/search" else None
        if not slash:
            return get_collection(self.desk, dataset, query)
        if key in GROUPS:
            return GROUPS[key](self.desk, dataset, query)
        if key in WORDS or "/" in key or key.endswith(ITEM_SUFFIXES):
            return None
        return get_item(self.desk, dataset, key, query)

    async def _other(self, scope: Scope, request: Request, send: Send) -> None:
        if scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": PREFLIGHT})
            await send({"type": "http.response.body", "body": b""})
            return
        problem = Problem(405, f"Only {ALLOW} are allowed; no address writes.", headers={"Allow": ALLOW})
        await send_problem(send, problem, request)

    def identity(self, headers: Mapping[bytes, bytes]) -> tuple[bytes, bytes]:
        """The caller's request id when its characters are safe, else one of ours, as a header."""
        given = headers.get(b"x-request-id", b"")
        if given and REQUEST_ID.match(given):
            return (b"x-request-id", given)
        return (b"x-request-id", b"%b-%x" % (self._id_start, next(self._id_count)))


def joined(scope: Scope) -> dict[bytes, bytes]:
    """The headers by their names; one that came twice is joined by commas, for the routes as well."""
    headers = dict(scope["headers"])
    if len(headers) < len(scope["headers"]):
        headers = {}
        for name, value in scope["headers"]:
            headers[name] = headers[name] + b", " + value if name in headers else value
        scope["headers"] = list(headers.items())
    return headers


def refused(request: Request, problem: Problem) -> Reply:
    """The reply that tells a problem."""
    headers, body = told(problem, request)
    head = Head(headers)
    head.default(b"vary", b"Accept-Encoding")
    return reply_of(problem.status, head, body, request.coding_of(len(body)))


def failed(request: Request) -> Reply:
    """The reply to a request on which the service itself failed."""
    logger.exception("failed to answer")
    return refused(request, Problem(500, "The service failed to answer; the failure is logged."))


def _without(scope: Scope, names: Collection[bytes]) -> Scope:
    """A request without some headers: conditions are judged here, and by nobody else."""
    return {**scope, "headers": [header for header in scope["headers"] if header[0] not in names]}


def _identified(send: Send, identity: tuple[bytes, bytes]) -> Send:
    async def identified(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *CORS, identity]
        await send(message)

    return identified
