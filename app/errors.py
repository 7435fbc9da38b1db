"""Errors that callers may see, each with its HTTP status, as problem documents (RFC 9457)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

PATH_SAFE_CHARACTERS = "/:@!$&'()*+,;="
"""The characters that a path may hold unquoted besides letters, digits and `-._~` (RFC 3986, section 3.3)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One invalid parameter: what is wrong with it, and which values are allowed."""

    parameter: str
    detail: str
    allowed: tuple[str, ...] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the fault as a member of a problem document's `errors`."""
        return {"parameter": self.parameter, "detail": self.detail, "allowed": self.allowed}


@dataclass(eq=False)
class Problem(Exception):
    """An error response. `detail` is written for the caller and reveals no internals."""

    status: int
    detail: str
    errors: tuple[Fault, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def document(self, instance: str) -> dict[str, Any]:
        """Return the problem document (RFC 9457); `instance` is the request path, which is shown as a URI reference."""
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "instance": quote(instance.encode("utf-8", "replace"), safe=PATH_SAFE_CHARACTERS),
        }
        if self.errors:
            body["errors"] = [fault.as_dict() for fault in self.errors]
        return body


def bad_request(faults: Iterable[Fault]) -> Problem:
    """Build a Problem (400) that lists every fault."""
    errors = tuple(faults)
    return Problem(400, "; ".join(f"{fault.parameter}: {fault.detail}" for fault in errors), errors)


def add_sentence(detail: str, sentence: str) -> str:
    """Return a message with another sentence behind it, if there is one."""
    if not sentence:
        return detail
    return f"{detail}{'' if detail.endswith(('.', '?')) else '.'} {sentence}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint for a misspelt word (` Did you mean 'x'?`), or an empty string if no known word is close."""
    match = get_close_matches(word[:64], list(known), n=1, cutoff=0.5)
    return f" Did you mean '{match[0]}'?" if match else ""


class StartupError(Exception):
    """The reason why a command cannot start, in one line for the operator."""
