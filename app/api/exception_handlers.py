"""What FastAPI calls when an endpoint raises."""

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.api.endpoints.directory import find_dataset
from app.api.problems import problem_response
from app.errors import Problem
from app.http.conditional import NotModified
from app.http.gateway import ALLOW
from app.renderers.representations import FEEDS
from app.renderers.tabular.formats import FORMATS


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem_response(error, request)


async def _on_not_modified(request: Request, error: Exception) -> Response:  # noqa: ARG001
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers=dict(error.headers))


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path = request.scope["path"]
    if error.status_code == 405:
        problem = Problem(405, f"Only {ALLOW} are allowed; no address writes.", headers={"Allow": ALLOW})
    elif error.status_code == 404:
        problem = not_found(path)
    else:
        problem = Problem(error.status_code, "The request was refused.")
    return problem_response(problem, request)


def not_found(path: str) -> Problem:
    """The 404 for a path that no route has, with the nearest dataset."""
    parts = path.split("/")
    if len(parts) > 2 and parts[1] == "v1":
        name, dot, suffix = parts[2].partition(".")
        try:
            find_dataset(name)
        except Problem as problem:
            return problem
        if dot and len(parts) == 3:
            suffixes = [form.suffix for form in FORMATS.values()] + [offer.suffix for offer in FEEDS.values()]
            known = ", ".join(suffixes)
            return Problem(404, f"There is no format '.{suffix[:20]}'; JSON needs no suffix, and there are: {known}.")
    return Problem(404, "There is nothing at this address; /v1 lists the datasets.")


async def _on_crash(request: Request, error: Exception) -> Response:  # noqa: ARG001
    return problem_response(Problem(500, "The service failed to answer; the failure is logged."), request)
