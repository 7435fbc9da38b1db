"""The gateway in front of FastAPI: it answers what it can by itself, and finishes every response.

1. A response given before comes from the cache, or is a 304: no parsing, no SQL.
2. An address of the route table goes straight to its endpoint, past FastAPI's router, whose work would cost more
   than the response. Both use the same endpoints.
3. Everything else goes to FastAPI.

`try_fast_response` does 1, and 2 for endpoints that always return a whole body. The server's protocol calls it
before there is an ASGI call (see `app.http.server`); under any other server the ASGI call does the same.
"""

import asyncio
import itertools
import logging
import re
import secrets
from collections.abc import Collection, Coroutine, Mapping
from contextvars import Token
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from starlette.requests import ClientDisconnect

from app.errors import Problem
from app.http.client_limits import ClientCounter, Network, Slot, client_address
from app.http.conditional import CONDITIONAL_HEADERS, CURRENT_CONDITIONAL_REQUEST, ConditionalRequest, NotModified
from app.http.file_cache import InMemoryFile
from app.http.finish import finish_response, not_modified_from_headers, serialise_response
from app.http.memory import MemoryTrimmer
from app.http.negotiation import best_match
from app.http.request import ALLOWED_METHODS, CacheableRequest, HeadRequest, method_not_allowed
from app.http.response import COMMON_HEADERS, ApiResponse, WireResponse, serialise_headers
from app.http.response_cache import ResponseCache
from app.http.response_sender import Header, HeadOnlySent, Receive, ResponseSender, Scope, Send
from app.http.root_path import strip_root_path
from app.http.streaming import cancel_on_disconnect, stream_response

SAFE_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:/+=-]{1,128}\Z")
PREFLIGHT_HEADERS = [
    (b"access-control-allow-methods", ALLOWED_METHODS.encode()),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
    (b"allow", ALLOWED_METHODS.encode()),
]
QUICK_SECONDS = 1.0
"""A response that is made within this time does not count as a slow one."""
CACHED_SECONDS = 30
"""A response that was not asked for in so many seconds leaves the cache."""
TRIMMED_BYTES = 1_048_576
"""Memory is given back to the system when so many bytes leave the cache."""
UNCACHEABLE_HEADERS = frozenset((b"range", b"if-match", b"if-unmodified-since"))
"""Headers of requests that a cached response may not answer as it stands."""
logger = logging.getLogger("gazette")


class DataVersion(Protocol):
    """Which data there is."""

    @property
    def cache_key(self) -> str:
        """What a cached response must agree with: the revision, and the file it came from."""

    @property
    def loaded_at(self) -> datetime:
        """When the data was loaded."""


class VersionedData(Protocol):
    """Knows the current version of the data."""

    @property
    def version(self) -> DataVersion:
        """The current version."""


class Application(Protocol):
    """What the gateway asks of the application behind it."""

    media_types: tuple[tuple[str, str], ...]
    """Names and media types of all representations, for `Accept`; JSON is named `json`."""

    @property
    def data(self) -> VersionedData:
        """The data, with its current version."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by FastAPI's routes."""

    def check_request(self, request: CacheableRequest) -> Problem | None:
        """Return what is wrong with a request that no endpoint should see. May drop ignored parameters from it."""

    def call_fast_endpoint(self, request: CacheableRequest) -> Coroutine[Any, Any, ApiResponse] | None:
        """Call the endpoint of an address whose response is always a whole body."""

    def call_endpoint(self, request: CacheableRequest) -> Coroutine[Any, Any, ApiResponse] | None:
        """Call the endpoint of any address of the route table."""

    def problem_response(self, problem: Problem, path: str, accept: bytes) -> ApiResponse:
        """Return a problem in the form of its address."""


App = TypeVar("App", bound=Application)


class GatewayMiddleware(Generic[App]):
    """The outermost ASGI application."""

    def __init__(
        self, app: App, cache: ResponseCache, slow_requests: ClientCounter, trusted_proxies: tuple[Network, ...] = ()
    ) -> None:
        self.app = app
        self._data = app.data
        self.cache = cache
        self.slow_requests = slow_requests
        self.trusted_proxies = trusted_proxies
        self._memory = MemoryTrimmer()
        self._cache_timer: asyncio.TimerHandle | None = None
        self._id_prefix = secrets.token_hex(6).encode()
        self._id_counter = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope = strip_root_path(scope)
        headers = merge_duplicate_headers(scope)
        raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
        request_id, head_only = self.request_id_header(headers), scope["method"] == "HEAD"
        kind = HeadRequest if head_only else CacheableRequest
        request = kind(scope["path"], raw_path, scope["query_string"], headers)
        if not head_only and scope["method"] != "GET":
            await self._handle_options_or_405(scope, request, send, request_id)
            return
        revision = self._data.version.cache_key
        sender = ResponseSender(
            send,
            request,
            request_id,
            head_only,
            self._data.version.loaded_at,
            lambda response, finished: self._store(request, response, finished, revision),
            lambda problem: self._serialise_problem(request, problem),
        )
        fast = self.try_fast_response(request)
        if fast is not None:
            await sender.send_finished(fast if isinstance(fast, WireResponse) else await fast)
            return
        token = CURRENT_CONDITIONAL_REQUEST.set(request.conditional_request)
        try:
            await self._respond(scope, request, receive, sender)
        except NotModified as unmodified:
            await sender.send_finished(not_modified_from_headers(unmodified.headers))
        except Problem as problem:
            await sender.send_finished(self._finish_problem(request, problem))
        except (HeadOnlySent, ClientDisconnect):
            pass
        except Exception:
            if sender.started:
                raise
            await sender.send_finished(self._internal_error(request))
        finally:
            CURRENT_CONDITIONAL_REQUEST.reset(token)

    async def _respond(self, scope: Scope, request: CacheableRequest, receive: Receive, sender: ResponseSender) -> None:
        """Answer by an endpoint of the route table, else by FastAPI. Raises Problem, NotModified, HeadOnlySent."""
        # Conditional headers are judged here and by nobody else. A HEAD takes no `Range` (RFC 9110, section 14.2).
        removed: Collection[bytes] = CONDITIONAL_HEADERS if request.is_conditional else ()
        if sender.head_only:
            scope, removed = {**scope, "method": "GET"}, {*removed, b"range"}
        if removed:
            scope = {**scope, "headers": [header for header in scope["headers"] if header[0] not in removed]}
        call = self.app.call_endpoint(request)
        if call is None:
            await self.app(scope, receive, sender)
            return
        response: ApiResponse | None = None
        try:
            with self.slow_requests.slot(client_address(scope, request.headers, self.trusted_proxies)) as slot:
                response = await cancel_on_disconnect(receive, call, QUICK_SECONDS, slot.take)
                if response.stream is None and response.file is None:
                    await sender.send_response(response)
                    return
                if not isinstance(response.file, InMemoryFile):
                    await self._take_or_close(slot, response)
                await stream_response(response, dict(scope["headers"]))(scope, receive, sender)
        finally:
            call.close()  # where it was never started
            if response is None or response.stream is not None or response.file is not None:
                self._memory.schedule()

    async def _take_or_close(self, slot: Slot, response: ApiResponse) -> None:
        """Take a slot for a response that is sent while its client reads. Raises Problem (503)."""
        try:
            slot.take()
        except Problem:
            await response.aclose()
            raise

    def try_fast_response(self, request: CacheableRequest) -> WireResponse | Coroutine[Any, Any, WireResponse] | None:
        """Return the finished response, or the coroutine that makes it; None for what needs an ASGI call."""
        try:
            if request.accept and request.path.startswith("/v1"):
                request.wants_json = best_match(request.accept, self.app.media_types) == "json"
            is_cacheable = not request.identity_forbidden and UNCACHEABLE_HEADERS.isdisjoint(request.headers)
            if is_cacheable:
                cached = self.cache.get(request.cache_key, self._data.version.cache_key)
                if cached is not None:
                    return cached.for_request(request) if request.is_conditional else cached
            query_string = request.query_string
            problem = self.app.check_request(request)
            if problem is not None:
                return self._finish_problem(request, problem)
            if is_cacheable and request.query_string is not query_string:  # the address ignores a part of it
                cached = self.cache.get(request.cache_key, self._data.version.cache_key)
                if cached is not None:
                    return cached.for_request(request) if request.is_conditional else cached
            call = self.app.call_fast_endpoint(request)
        except Exception:
            return self._internal_error(request)
        return None if call is None else self._finish_fast(request, call)

    async def _finish_fast(self, request: CacheableRequest, call: Coroutine[Any, Any, ApiResponse]) -> WireResponse:
        """Return the finished response of an endpoint, or of the problem that it raises."""
        revision, condition = self._data.version.cache_key, request.conditional_request
        token: Token[ConditionalRequest | None] | None = None
        if condition is not None:
            token = CURRENT_CONDITIONAL_REQUEST.set(condition)
        try:
            response = await call
            finished = finish_response(response, request, self._data.version.loaded_at)
            self._store(request, response, finished, revision)
            return finished
        except Problem as problem:
            return self._finish_problem(request, problem)
        except NotModified as unmodified:
            return not_modified_from_headers(unmodified.headers)
        except Exception:
            return self._internal_error(request)
        finally:
            if token is not None:
                CURRENT_CONDITIONAL_REQUEST.reset(token)

    def _store(self, request: CacheableRequest, response: ApiResponse, finished: WireResponse, revision: str) -> None:
        """Cache a finished 200 that was made from one revision, which is still the current one."""
        if (
            finished.status == 200
            and not request.identity_forbidden
            and response.is_cacheable
            and revision == self._data.version.cache_key
        ):
            self.cache.put(request.cache_key, finished, revision, response.cache_on_second_request)
            self._watch_cache()

    def _watch_cache(self) -> None:
        """Have unused responses dropped from the cache from time to time, while there are any."""
        if self._cache_timer is None and not self.cache.is_empty():
            self._cache_timer = asyncio.get_running_loop().call_later(CACHED_SECONDS, self._drop_unused)

    def _drop_unused(self) -> None:
        self._cache_timer = None
        if self.cache.drop_unused() >= TRIMMED_BYTES:
            self._memory.schedule()
        self._watch_cache()

    async def _handle_options_or_405(
        self, scope: Scope, request: CacheableRequest, send: Send, request_id: Header
    ) -> None:
        if scope["method"] == "OPTIONS":
            response = WireResponse(204, serialise_headers([*PREFLIGHT_HEADERS, *COMMON_HEADERS]), b"")
        else:
            response = self._serialise_problem(request, method_not_allowed())
        headers = [*response.headers, request_id]
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": response.body})

    def _serialise_problem(self, request: CacheableRequest, problem: Problem) -> WireResponse:
        """Return a problem as it is, without a content coding."""
        response = self.app.problem_response(problem, request.path, request.accept)
        return serialise_response(response, response.headers, response.body)

    def _finish_problem(self, request: CacheableRequest, problem: Problem) -> WireResponse:
        response = self.app.problem_response(problem, request.path, request.accept)
        return finish_response(response, request, self._data.version.loaded_at)

    def _internal_error(self, request: CacheableRequest) -> WireResponse:
        """Log the current exception and return the 500, which tells nothing of it."""
        logger.exception("Request failed")
        return self._finish_problem(request, internal_error())

    def request_id_header(self, headers: Mapping[bytes, bytes]) -> Header:
        """Return `X-Request-ID`: the client's where its characters are safe, else a new one."""
        given = headers.get(b"x-request-id", b"")
        if given and SAFE_REQUEST_ID.match(given):
            return (b"x-request-id", given)
        return (b"x-request-id", b"%b-%x" % (self._id_prefix, next(self._id_counter)))


def internal_error() -> Problem:
    """Return the 500, which tells nothing of its cause."""
    return Problem(500, "The service failed to answer. The error has been logged.")


def merge_duplicate_headers(scope: Scope) -> dict[bytes, bytes]:
    """Return the headers by name. Values of a repeated header are joined by commas, also in the scope."""
    headers = dict(scope["headers"])
    if len(headers) < len(scope["headers"]):
        headers = {}
        for name, value in scope["headers"]:
            headers[name] = headers[name] + b", " + value if name in headers else value
        scope["headers"] = list(headers.items())
    return headers
