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


@contextmanager
def counted_reads(client: TestClient) -> Iterator[list[str]]:
    """Yield a growing list of all reads of the database, those of whole datasets and single rows included."""
    front = client.app
    assert isinstance(front, GatewayMiddleware)
    reader: Any = front.app.context.repository.reader
    asked: list[str] = []
    originals = {name: getattr(reader, name) for name in ("fetch", "stream", "lookup")}

    def counting(name: str) -> Any:
        def read(*arguments: Any) -> Any:
            asked.append(name)
            return originals[name](*arguments)

        return read

    for name in originals:
        setattr(reader, name, counting(name))
    yield asked
    for name, original in originals.items():
        setattr(reader, name, original)
