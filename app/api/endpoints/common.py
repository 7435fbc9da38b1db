"""What several endpoints share."""

from app.api.context import Desk
from app.errors import Fault, bad_request
from app.query.params.query_string import Pairs, split_query, unknown_parameter

ANY = 2**31
"""No bound on the number of parameters, where the first is refused."""


def spelled(pairs: Pairs) -> str:
    """Decoded parameters in one text."""
    return "\x1f".join(["=".join(pair) for pair in pairs])


def bounded(desk: Desk, body: bytes) -> bytes:
    """A JSON answer that is not too long; raises Problem (400)."""
    most = desk.settings.max_result_bytes
    if len(body) > most:
        detail = f"the answer has {len(body)} bytes, and at most {most} are allowed; ask for fewer rows or `fields`"
        raise bad_request([Fault("limit", detail)])
    return body


def refuse_parameters(query: bytes) -> None:
    """Raises Problem (400) for any parameter, on addresses that take none."""
    for name, _ in split_query(query, ANY):
        raise unknown_parameter(name, ())
