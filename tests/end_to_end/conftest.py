"""A running service, and a browser for the tests marked `system`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support.served import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def base(loaded_sqlite: str) -> Iterator[str]:
    """Return the address of a running service."""
    with running(loaded_sqlite) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Return Debian's Chromium."""
    from tests.support.browser import launched_browser

    with launched_browser() as chromium:
        yield chromium
