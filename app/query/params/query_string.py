"""A query string in, its decoded parameters out."""

import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from app.errors import Fault, Problem, bad_request, nearest
from app.model.values import clip

BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
Pairs = tuple[tuple[str, str], ...]


def split_query(raw: bytes, most: int) -> Pairs:
    """The (name, value) pairs of a query string, decoded.

    Raises Problem (400) for more than `most`, invalid percent-encoding, invalid UTF-8, NUL, a parameter given twice.
    """
    if not raw:
        return ()
    text = raw.decode("latin-1")
    if text.count("&") >= most:
        raise bad_request([Fault("parameters", f"at most {most} parameters may be given")])
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
    faults += [Fault(clip(name), "is given twice; a parameter may be given once") for name in twice]
    if faults:
        raise bad_request(faults)
    return tuple(pairs)


def _decode(text: str) -> str:
    if BAD_PERCENT.search(text):
        raise ValueError("has an invalid percent-encoding; a literal % is written %25")
    try:
        decoded = unquote_to_bytes(text.replace("+", " ").encode("latin-1")).decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("is not valid UTF-8") from None
    if "\x00" in decoded:
        raise ValueError("holds a NUL character")
    return decoded


def unknown_parameter(name: str, known: Iterable[str]) -> Problem:
    """The 400 for a parameter that a route does not have."""
    return bad_request([Fault(clip(name), f"is an unknown parameter.{nearest(name, known)}")])
