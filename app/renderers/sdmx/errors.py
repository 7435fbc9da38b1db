"""SDMX's form of an error response: `mes:Error` of SDMX-ML, or `errors` of SDMX-JSON."""

from collections.abc import Mapping

from app.errors import Fault, Problem
from app.model.rows import to_json
from app.renderers.sdmx.media_types import DATA_FORMATS, STRUCTURE_FORMATS, negotiate_format
from app.renderers.xml import DECLARATION, end_tag, start_tag, text_element

SDMX_PATH = "/sdmx/2.1"
ERROR_CODES: Mapping[int, tuple[int, str]] = {
    403: (150, "Semantic error"),
    404: (100, "No results found"),
    413: (130, "Response too large due to client request"),
    500: (500, "Internal server error"),
    501: (501, "Not implemented"),
    503: (503, "Service unavailable"),
}
"""The standard's codes by HTTP status (SDMX 2.1 section 07, web services guidelines)."""
SYNTAX_ERROR = (140, "Syntax error")
"""All other errors: the request is not one that the interface knows."""
MESSAGE_NAMESPACE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
COMMON_NAMESPACE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common"


def is_sdmx_path(path: str) -> bool:
    """Return whether a path belongs to the SDMX service."""
    return path == SDMX_PATH or path.startswith(f"{SDMX_PATH}/")


def render_error(problem: Problem, accept: str | None) -> tuple[str, bytes]:
    """Return the media type and body of an error: JSON if `Accept` prefers it, else XML."""
    code, title = ERROR_CODES.get(problem.status, SYNTAX_ERROR)
    detail = "; ".join(map(_fault_text, problem.errors)) or problem.detail
    if _prefers_json(accept):
        return "application/json", to_json({"errors": [{"code": code, "title": title, "detail": detail}]}).encode()
    parts = (
        DECLARATION,
        start_tag("mes:Error", [("xmlns:mes", MESSAGE_NAMESPACE), ("xmlns:com", COMMON_NAMESPACE)]),
        start_tag("mes:ErrorMessage", [("code", str(code))]),
        text_element("com:Text", f"{title}: {detail}", [("xml:lang", "en")]),
        end_tag("mes:ErrorMessage"),
        end_tag("mes:Error"),
    )
    return "application/xml", f"{''.join(parts)}\n".encode()


def _fault_text(fault: Fault) -> str:
    """Return a fault in words. The format has no field for allowed values."""
    detail = f"{fault.parameter}: {fault.detail}"
    return f"{detail.removesuffix('.')}. Allowed: {', '.join(fault.allowed)}." if fault.allowed else detail


def _prefers_json(accept: str | None) -> bool:
    try:
        return negotiate_format(accept, (*DATA_FORMATS, *STRUCTURE_FORMATS)).sdmx_format.family == "json"
    except Problem:
        return False
