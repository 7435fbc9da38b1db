"""Errors that callers may see, each with its HTTP status, rendered in one shape (RFC 9457)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

PATH = "/:@!$&'()*+,;="
"""What a path holds unquoted beside letters, digits and `-._~` (RFC 3986, section 3.3)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one parameter, and what would be right."""

    parameter: str
    detail: str
    allowed: tuple[str, ...] | None = None

    def as_dict(self) -> dict[str, Any]:
        """The fault as the problem document shows it."""
        return {"parameter": self.parameter, "detail": self.detail, "allowed": self.allowed}


@dataclass(eq=False)
class Problem(Exception):
    """A refused request. `detail` is written for the caller and holds no internals."""

    status: int
    detail: str
    errors: tuple[Fault, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def document(self, instance: str) -> dict[str, Any]:
        """The RFC 9457 members; `instance` is the path that was asked, shown as a URI reference."""
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "instance": quote(instance.encode("utf-8", "replace"), safe=PATH),
        }
        if self.errors:
            body["errors"] = [fault.as_dict() for fault in self.errors]
        return body


def bad_request(faults: Iterable[Fault]) -> Problem:
    """A 400 that lists every faulty parameter."""
    found = tuple(faults)
    return Problem(400, "; ".join(f"{fault.parameter}: {fault.detail}" for fault in found), found)


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint for a misspelt word: ` Did you mean 'x'?`, or nothing."""
    match = get_close_matches(word[:64], list(known), n=1, cutoff=0.5)
    return f" Did you mean '{match[0]}'?" if match else ""


class StartupError(Exception):
    """Why a command cannot start, in one line for the operator."""
