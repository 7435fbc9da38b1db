"""From an endpoint result to a Starlette response."""

from collections.abc import Awaitable, Callable

from fastapi import Request
from starlette.responses import Response

from app.api.context import Desk
from app.http.result import Answer
from app.http.streaming import Filed, Streamed, unless_gone, wanted_range
from app.model.dataset import Dataset

CollectionForm = Callable[[Desk, Dataset, bytes], Awaitable[Answer]]
"""Answers a question about a dataset in one form; the query string comes last."""
ItemForm = Callable[[Desk, Dataset, str, bytes], Awaitable[Answer]]
"""Answers a row of a dataset in one form: its key, and the query string."""


def to_response(request: Request, answer: Answer) -> Response:
    """An answer as Starlette sends it."""
    if answer.whole is not None:
        asked = wanted_range(request, answer.headers)
        return Filed(answer.whole, answer.headers, answer.media_type, asked)
    if answer.stream is not None:
        return Streamed(answer.stream, answer.headers, answer.media_type)
    return Response(answer.body, headers=answer.headers, media_type=answer.media_type)


def desk_of(request: Request) -> Desk:
    """What answering needs, put there by `create_app`."""
    desk: Desk = request.app.state.desk
    return desk


def query_of(request: Request) -> bytes:
    """The query string as it came."""
    query: bytes = request.scope["query_string"]
    return query


async def exported(request: Request, work: Awaitable[Answer]) -> Response:
    """The answer of an export, which stops when the client is gone."""
    return to_response(request, await unless_gone(request, work))
