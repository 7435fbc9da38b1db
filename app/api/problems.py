"""Problem documents (RFC 9457) for every address: SDMX has a form of its own."""

from fastapi import Request
from starlette.responses import Response

from app.db.reader import TooExpensive, Unavailable
from app.errors import Problem
from app.model.rows import to_json
from app.renderers.sdmx.errors import is_sdmx, refusal

PROBLEM = "application/problem+json"


def rendered(problem: Problem, path: str, accept: str | None) -> tuple[str, bytes]:
    """The media type and the body."""
    if is_sdmx(path):
        return refusal(problem, accept)
    return PROBLEM, to_json(problem.document(path)).encode()


def unavailable(error: Unavailable) -> Problem:
    """The 503 when the database does not answer, or the question takes too long."""
    if isinstance(error, TooExpensive):
        detail = "The question takes longer than is allowed; narrow it by filters, or ask for fewer groups."
        return Problem(503, detail, headers={"Retry-After": "60"})
    return Problem(503, "The database does not answer at the moment; try again soon.", headers={"Retry-After": "5"})


def problem_response(problem: Problem, request: Request) -> Response:
    """A problem as a response, in the form of its address."""
    media_type, body = rendered(problem, request.scope["path"], request.headers.get("accept"))
    headers = {"Content-Language": "en", "Cache-Control": "no-store", **problem.headers}
    return Response(body, problem.status, headers, media_type)
