"""Parse a query string into decoded parameters."""

import re
from collections.abc import Collection
from urllib.parse import unquote_to_bytes

from app.errors import Fault, Problem, bad_request
from app.model.values import clip
from app.query.params.name_hints import unknown_name

BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
ParameterPairs = tuple[tuple[str, str], ...]
GIVEN_TWICE = "is given twice; a parameter may be given once. Several values of a field are one list: field__in=a,b."


def parse_query_string(raw: bytes, max_parameters: int) -> ParameterPairs:
    """Return the decoded (name, value) pairs of a query string.

    Raises Problem (400) for too many parameters, invalid percent-encoding, invalid UTF-8, NUL characters, and
    parameters that are given twice.
    """
    if not raw:
        return ()
    text = raw.decode("latin-1")
    if text.count("&") >= max_parameters:
        raise bad_request([Fault("parameters", f"at most {max_parameters} parameters may be given")])
    pairs: list[tuple[str, str]] = []
    faults: list[Fault] = []
    if text.isascii() and text.isprintable() and "%" not in text and "+" not in text:
        plain = [part.partition("=") for part in text.split("&") if part]
        pairs, text = [(name, value) for name, _, value in plain], ""
    for part in text.split("&"):
        if not part:
            continue
        name, _, value = part.partition("=")
        try:
            pairs.append((_decode(name), _decode(value)))
        except ValueError as error:
            faults.append(Fault(clip(name), str(error)))
    names = [name for name, _ in pairs]
    twice = dict.fromkeys(name for name in names if names.count(name) > 1) if len(set(names)) < len(names) else ()
    faults += [Fault(clip(name), GIVEN_TWICE) for name in twice]
    if faults:
        raise bad_request(faults)
    return tuple(pairs)


def _decode(text: str) -> str:
    if BAD_PERCENT.search(text):
        raise ValueError("has an invalid percent-encoding; write a literal % as %25")
    try:
        decoded = unquote_to_bytes(text.replace("+", " ").encode("latin-1")).decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("is not valid UTF-8") from None
    if "\x00" in decoded:
        raise ValueError("contains a NUL character")
    return decoded


def unknown_parameter(name: str, known: Collection[str]) -> Problem:
    """Build the Problem (400) for a parameter that an endpoint does not take."""
    return bad_request([Fault(clip(name), unknown_name(name, known))])
