"""What FastAPI does with exceptions. All of them end as problem documents, but for the 304."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.api.endpoints.directory import find_dataset
from app.api.endpoints.pages.problem_page import respond_with_problem
from app.api.responses import get_context, to_starlette_response
from app.errors import Fault, Problem, bad_request
from app.http.conditional import NotModified
from app.http.gateway import internal_error
from app.http.request import method_not_allowed
from app.renderers.representations import COLLECTION_SUFFIXES
from app.renderers.urls import with_prefix


def add_exception_handlers(api: FastAPI) -> None:
    """Register the handlers."""
    api.add_exception_handler(Problem, handle_problem)
    api.add_exception_handler(NotModified, handle_not_modified)
    api.add_exception_handler(HTTPException, handle_http_exception)
    api.add_exception_handler(RequestValidationError, handle_validation_error)
    api.add_exception_handler(Exception, handle_internal_error)


async def handle_problem(request: Request, error: Exception) -> Response:
    """Send a problem."""
    assert isinstance(error, Problem)
    accept = request.headers.get("accept", "").encode("latin-1")
    response = respond_with_problem(get_context(request), error, request.scope["path"], accept)
    return to_starlette_response(response, request)


async def handle_not_modified(request: Request, error: Exception) -> Response:  # noqa: ARG001
    """Send a 304."""
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers=dict(error.headers))


async def handle_http_exception(request: Request, error: Exception) -> Response:
    """Send the problem for an error of the router's: no such address, no such method."""
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        problem = method_not_allowed()
    elif error.status_code == 404:
        problem = not_found(request.scope["path"], get_context(request).settings.public_base_url)
    else:
        problem = Problem(error.status_code, "The request was refused.")
    return await handle_problem(request, problem)


async def handle_validation_error(request: Request, error: Exception) -> Response:
    """Send the 400 for parameters that FastAPI refused, on a route that declares them in the ordinary way."""
    assert isinstance(error, RequestValidationError)
    faults = [Fault(str(each["loc"][-1]), each["msg"]) for each in error.errors()]
    return await handle_problem(request, bad_request(faults))


async def handle_internal_error(request: Request, error: Exception) -> Response:  # noqa: ARG001
    """Send a 500. The server logs the exception."""
    return await handle_problem(request, internal_error())


def not_found(path: str, base: str) -> Problem:
    """Return the 404 for a path that no route has, with the nearest dataset or the known suffixes.

    `base` is the configured public base.
    """
    parts = path.split("/")
    if len(parts) > 2 and parts[1] == "v1":
        name, dot, suffix = parts[2].partition(".")
        try:
            find_dataset(name)
        except Problem as problem:
            return problem
        if dot and len(parts) == 3:
            known = ", ".join(COLLECTION_SUFFIXES)
            return Problem(404, f"There is no format '.{suffix[:20]}'. JSON needs no suffix; the others are: {known}.")
    return Problem(404, f"There is nothing at this address. {with_prefix(base, '/v1')} lists the datasets.")
