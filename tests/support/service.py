"""The service on a database of the tests, with a fixed clock."""

from datetime import UTC, date, datetime
from typing import Any

from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings

TODAY = date(2021, 7, 1)
NOW = datetime(2021, 7, 1, 4, 0, tzinfo=UTC)


def client_for(url: str, **settings: Any) -> TestClient:
    """Return a client of the service on a database, with a fixed clock."""
    return client_with(Settings(database_url=url, **settings))


def client_with(config: Settings) -> TestClient:
    """Return a client of the service with some settings, with a fixed clock."""
    return TestClient(create_app(config, lambda: TODAY, lambda: NOW), raise_server_exceptions=False)
