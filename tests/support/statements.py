"""The statements that the service sends to its database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.testclient import TestClient

from app.http.gateway import GatewayMiddleware


@contextmanager
def counted_statements(client: TestClient) -> Iterator[list[str]]:
    """Yield a growing list of the statements that responses send to the database."""
    front = client.app
    assert isinstance(front, GatewayMiddleware)
    reader: Any = front.app.context.repository.reader
    asked: list[str] = []
    fetch = reader.fetch

    async def counting(statement: Any, values: Any) -> Any:
        if "FROM data_state" not in statement.sql or "row_json" in statement.sql or "count" in statement.sql:
            asked.append(statement.sql)
        return await fetch(statement, values)

    reader.fetch = counting
    yield asked
    reader.fetch = fetch
