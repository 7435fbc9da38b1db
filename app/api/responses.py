"""Between FastAPI and the endpoints: the context of a request, and a result as a Starlette response."""

from fastapi import Request
from starlette.responses import Response

from app.api.context import AppContext
from app.http.response import ApiResponse
from app.http.streaming import stream_response


def get_context(request: Request) -> AppContext:
    """Return the context that `create_app` made."""
    context: AppContext = request.app.state.context
    return context


def to_starlette_response(response: ApiResponse, request: Request) -> Response:
    """Return an endpoint's result as Starlette sends it. Raises Problem (416)."""
    if response.stream is not None or response.file is not None:
        return stream_response(response, dict(request.scope["headers"]))
    headers = {**response.headers, "Content-Type": response.media_type}
    return Response(response.body, response.status, headers)
