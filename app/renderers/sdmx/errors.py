"""SDMX's own form of a refused request: `mes:Error` of SDMX-ML, or the `errors` of SDMX-JSON."""

from collections.abc import Mapping
from xml.sax.saxutils import escape

from app.errors import Fault, Problem
from app.model.rows import to_json
from app.renderers.sdmx.media_types import DATA, STRUCTURES, wanted

PATH = "/sdmx/2.1"
CODES: Mapping[int, tuple[int, str]] = {
    403: (150, "Semantic error"),
    404: (100, "No results found"),
    413: (130, "Response too large due to client request"),
    500: (500, "Internal server error"),
    501: (501, "Not implemented"),
    503: (503, "Service unavailable"),
}
"""The standard's codes by HTTP status (SDMX 2.1 section 07, web services guidelines)."""
SYNTAX = (140, "Syntax error")
"""Every other refusal: the request is not one of the interface's."""
MESSAGE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
COMMON = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common"


def is_sdmx(path: str) -> bool:
    """Whether an address belongs to the SDMX service."""
    return path == PATH or path.startswith(f"{PATH}/")


def refusal(problem: Problem, accept: str | None) -> tuple[str, bytes]:
    """The media type and body of a refusal, as JSON for who would have got JSON."""
    code, title = CODES.get(problem.status, SYNTAX)
    detail = "; ".join(map(_said, problem.errors)) or problem.detail
    if _prefers_json(accept):
        return "application/json", to_json({"errors": [{"code": code, "title": title, "detail": detail}]}).encode()
    text = escape("".join(char for char in detail if char.isprintable()))
    return "application/xml", (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<mes:Error xmlns:mes="{MESSAGE}" xmlns:com="{COMMON}">'
        f'<mes:ErrorMessage code="{code}"><com:Text xml:lang="en">{title}: {text}</com:Text></mes:ErrorMessage>'
        "</mes:Error>\n"
    ).encode()


def _said(fault: Fault) -> str:
    """A fault in words; the form has no place of its own for what would be right."""
    right = f" Allowed: {', '.join(fault.allowed)}." if fault.allowed else ""
    return f"{fault.parameter}: {fault.detail}{right}"


def _prefers_json(accept: str | None) -> bool:
    try:
        return wanted(accept, (*DATA, *STRUCTURES)).form.family == "json"
    except Problem:
        return False
