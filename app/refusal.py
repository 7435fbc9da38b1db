"""A refused request in the form of its address: SDMX's own below the SDMX service, else a problem document."""

from app.errors import Problem
from app.formats.rows import to_json
from app.sdmx.faults import is_sdmx, refusal

PROBLEM = "application/problem+json"


def rendered(problem: Problem, path: str, accept: str | None) -> tuple[str, bytes]:
    """The media type and the body."""
    if is_sdmx(path):
        return refusal(problem, accept)
    return PROBLEM, to_json(problem.document(path)).encode()
