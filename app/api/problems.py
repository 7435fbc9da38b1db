"""Problem documents (RFC 9457). SDMX addresses have a form of their own."""

from app.db.reader import DatabaseBusy, DatabaseUnavailable, QueryTimeout
from app.errors import Problem
from app.http.response import ApiResponse
from app.model.rows import to_json
from app.renderers.sdmx.errors import is_sdmx_path, render_error
from app.renderers.urls import with_prefix

PROBLEM_JSON = "application/problem+json"


def problem_response(problem: Problem, path: str, accept: bytes, base: str) -> ApiResponse:
    """Return a problem in the form of its address.

    `path` is decoded; `accept` is the `Accept` header, `base` the configured public base.
    """
    shown = with_prefix(base, path.encode("utf-8", "replace").decode("utf-8", "replace"))
    if is_sdmx_path(path):
        media_type, body = render_error(problem, accept.decode("latin-1") or None)
    else:
        media_type, body = PROBLEM_JSON, to_json(problem.document(shown)).encode()
    headers = {"Content-Language": "en", "Cache-Control": "no-store", **problem.headers}
    return ApiResponse(media_type, body, headers, status=problem.status)


def service_unavailable(error: DatabaseUnavailable) -> Problem:
    """Return the 503 for a database that does not answer, or a query that takes too long."""
    if isinstance(error, QueryTimeout):
        detail = "The query takes longer than is allowed. Narrow it with filters, or ask for fewer groups."
        return Problem(503, detail, headers={"Retry-After": "60"})
    if isinstance(error, DatabaseBusy):
        detail = "Too many large answers are being made at the moment. Try again soon."
        return Problem(503, detail, headers={"Retry-After": "10"})
    return Problem(503, "The database does not answer at the moment. Try again soon.", headers={"Retry-After": "5"})
