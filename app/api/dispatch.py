"""Which endpoint answers a path, for requests that need no router."""

from urllib.parse import unquote_to_bytes

from app.api.endpoints import groups
from app.errors import Fault, Problem, bad_request
from app.http.content_coding import ENCODERS
from app.http.negotiation import not_acceptable, takes
from app.http.request import Request
from app.http.result import JSON
from app.query.params.query_string import BAD_PERCENT, unknown_parameter
from app.renderers.sdmx.errors import is_sdmx

GROUPS = {"facets": groups.facets, "aggregate": groups.aggregate}
WORDS = ("schema", "facets", "aggregate", "queryables", "series")
JSON_TYPES = (JSON, "application/schema+json")
UNASKED = ("/healthz", "/readyz", "/openapi.json", "/docs")
"""Addresses that take no parameters."""


def is_json_only(path: str) -> bool:
    """Whether an address answers JSON and nothing else."""
    return path in ("/v1", "/v1/search") or (path.startswith("/v1/") and path.rpartition("/")[2] in WORDS)


def refuse(request: Request, most_bytes: int) -> Problem | None:
    """The problem with a request that no route should see."""
    raw, path = request.raw_path, request.path
    if len(raw) + len(request.query) > most_bytes:
        return Problem(414, f"The address is longer than {most_bytes} bytes; ask for less at once.")
    if b"%" in raw or not raw.isascii():
        if BAD_PERCENT.search(raw.decode("latin-1")):
            return bad_request([Fault("path", "has an invalid percent-encoding; a literal % is written %25")])
        try:
            if "\x00" in unquote_to_bytes(raw).decode("utf-8"):
                return bad_request([Fault("path", "holds a NUL character")])
        except UnicodeDecodeError:
            return bad_request([Fault("path", "is not valid UTF-8")])
    if path in UNASKED and request.query:
        return unknown_parameter(request.query.decode("latin-1").partition("=")[0], ())
    if len(path) > 1 and path.endswith("/") and not is_sdmx(path):
        return Problem(404, f"Addresses do not end in a slash; ask for '{path.rstrip('/')[:200]}'.")
    if request.strict and not request.coding:
        return Problem(406, f"None of the codings asked for is on offer; there are: {', '.join(ENCODERS)}.")
    if not request.plain and is_json_only(path) and not takes(request.accept, *JSON_TYPES):
        return not_acceptable(*JSON_TYPES)
    return None
