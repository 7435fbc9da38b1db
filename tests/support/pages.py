"""What tests ask of every page for people."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from starlette.testclient import TestClient

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
"""The `Accept` header of a browser."""
LOADED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}
"""Elements that make a browser load something, and the attributes that say what."""
LOADED_RELATIONS = ("stylesheet", "icon", "preload")


class Page:
    """A page, parsed strictly."""

    def __init__(self, client: TestClient, path: str, status: int = 200) -> None:
        self.path = path
        self.answer = client.get(path, headers={"Accept": BROWSER}, follow_redirects=False)
        assert self.answer.status_code == status, f"{path}: {self.answer.status_code} {self.answer.text[:300]}"
        html5lib.HTMLParser(strict=True).parse(self.answer.text)
        self.tree: Element = html5lib.parse(self.answer.text, namespaceHTMLElements=False)

    @property
    def text(self) -> str:
        """The text of the page, with single blanks."""
        return " ".join("".join(self.tree.itertext()).split())

    def elements(self, path: str) -> list[Element]:
        """Return the elements at a path of ElementTree."""
        return self.tree.findall(path)

    def texts(self, path: str) -> list[str]:
        """Return the texts of the elements at a path."""
        return [text_of(element) for element in self.elements(path)]

    def links(self) -> Iterator[str]:
        """Yield the addresses of all links, as paths of this service."""
        for element in self.tree.iter("a"):
            yield urljoin(self.path, element.get("href") or "")

    def link_to(self, text: str) -> str:
        """Return the address behind the first link with a text."""
        return next(urljoin(self.path, a.get("href") or "") for a in self.tree.iter("a") if text in text_of(a))

    def loaded(self) -> Iterator[str]:
        """Yield the addresses of everything that a browser loads with the page."""
        for tag, attribute in LOADED.items():
            for element in self.tree.iter(tag):
                value = element.get(attribute)
                if value and (tag != "link" or element.get("rel") in LOADED_RELATIONS):
                    yield value

    def attribute(self, path: str, name: str) -> Any:
        """Return an attribute of the first element at a path."""
        element = self.tree.find(path)
        return None if element is None else element.get(name)


def text_of(element: Element) -> str:
    """Return the text of an element, with single blanks."""
    return " ".join("".join(element.itertext()).split())


def is_ours(address: str) -> bool:
    """Return whether an address is a path of this service."""
    return not urlsplit(address).netloc and address.startswith("/")
