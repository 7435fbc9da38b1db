"""L1, the limit: a bare ASGI function that answers the bytes of our own answers, kept in memory.

`BENCH_ANSWERS` names a JSON file: path → [status, [[header, value], …], body].
"""

import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

Message = MutableMapping[str, Any]


def _read() -> dict[str, tuple[Message, Message]]:
    given = json.loads(Path(os.environ["BENCH_ANSWERS"]).read_text())
    answers: dict[str, tuple[Message, Message]] = {}
    for path, (status, headers, body) in given.items():
        pairs = [(name.encode(), value.encode()) for name, value in headers]
        start = {"type": "http.response.start", "status": status, "headers": pairs}
        answers[path] = (start, {"type": "http.response.body", "body": body.encode()})
    return answers


ANSWERS = _read()


async def app(scope: Message, receive: object, send: Callable[[Message], Awaitable[None]]) -> None:  # noqa: ARG001
    """Answer by the path alone."""
    if scope["type"] != "http":
        return
    start, body = ANSWERS[scope["path"]]
    await send(start)
    await send(body)
