"""Helpers that several endpoints share."""

from collections.abc import Mapping
from datetime import date

from app.api.context import AppContext
from app.errors import Fault, bad_request
from app.model.dataset import Dataset
from app.query.params.query_string import ParameterPairs, parse_query_string, unknown_parameter

UNLIMITED = 2**31
"""The limit of parameters at addresses that refuse any parameter."""
EPOCH = "1970-01-01"
"""The day that dates a response as long as no data is loaded."""


def answered_day(dataset: Dataset, options: Mapping[str, str], today: date) -> dict[str, str]:
    """Return the day that an answer depends on, by the name of its parameter; empty where there is none."""
    option = dataset.today_option
    return {} if option is None else {option: options.get(option, today.isoformat())}


def query_key(pairs: ParameterPairs) -> str:
    """Return decoded parameters as one text, for an entity tag."""
    return "\x1f".join(["=".join(pair) for pair in pairs])


def enforce_max_size(context: AppContext, body: bytes) -> bytes:
    """Return the body of a JSON response. Raises Problem (400) if it is too long."""
    max_bytes = context.settings.max_result_bytes
    if len(body) > max_bytes:
        detail = f"the result has {len(body)} bytes, but only {max_bytes} are allowed; ask for fewer rows or `fields`"
        raise bad_request([Fault("limit", detail)])
    return body


def refuse_parameters(query_string: bytes) -> None:
    """Raise Problem (400) for any parameter, at an address that takes none."""
    for name, _ in parse_query_string(query_string, UNLIMITED):
        raise unknown_parameter(name, ())
