"""Debian's Chromium, and what every test in it asks of a page."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
"""The script that looks for barriers (axe-core)."""
REFUSED = "Failed to load resource: the server responded with a status of 40"
"""What the console says of a page that is itself a 400 or 404."""


@contextmanager
def launched_browser() -> Iterator[Browser]:
    """Run Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@contextmanager
def watched_page(context: BrowserContext, base: str, kinds: Collection[str] = ("error", "warning")) -> Iterator[Page]:
    """Open a page. At the end, messages of some kinds on the console and requests to other hosts than `base` fail."""
    complaints: list[str] = []
    page = context.new_page()

    def note(is_complaint: bool, text: str) -> None:
        if is_complaint and REFUSED not in text:
            complaints.append(text)

    page.on("console", lambda message: note(message.type in kinds, message.text))
    page.on("pageerror", lambda error: note(True, str(error)))
    page.on("request", lambda asked: note(not asked.url.startswith((base, "data:")), asked.url))
    yield page
    context.close()
    assert not complaints, complaints
