"""Parse one value of a query, by the kind of its field, into the form in which the database stores it."""

import csv
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache

from app.errors import did_you_mean
from app.model.chinese import simplify
from app.model.column_types import INT64_MAX, to_millionths
from app.model.dataset import Choice, FieldSpec
from app.parser.text.document_numbers import usual_form

StoredValue = str | int
INTEGER = re.compile(r"[+-]?[0-9]{1,20}\Z")
NUMBER = re.compile(r"[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][+-]?[0-9]{1,2})?\Z")
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])\Z")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
BOOLEANS = {"true": 1, "false": 0}


class BadValue(ValueError):
    """A value that does not fit its field. The message is for the caller; `allowed` lists the values that fit."""

    def __init__(self, message: str, allowed: tuple[str, ...] | None = None) -> None:
        super().__init__(message)
        self.allowed = allowed


def parse_integer(text: str) -> int:
    """Parse an integer of at most 64 bits. Raises BadValue."""
    if not INTEGER.match(text):
        raise BadValue(f"'{clip(text)}' is not a whole number")
    number = int(text)
    if not -INT64_MAX - 1 <= number <= INT64_MAX:
        raise BadValue(f"'{clip(text)}' does not fit 64 bits")
    return number


def parse_number(text: str) -> int:
    """Parse an exact decimal and return it in millionths. Raises BadValue."""
    if not NUMBER.match(text):
        raise BadValue(f"'{clip(text)}' is not a number")
    try:
        return to_millionths(Decimal(text))
    except (InvalidOperation, ValueError) as error:
        raise BadValue(f"'{clip(text)}' is {error}") from None


def parse_date(text: str) -> str:
    """Parse a calendar day (`YYYY-MM-DD`). Raises BadValue."""
    try:
        if not DATE.match(text):
            raise ValueError
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadValue(f"'{clip(text)}' is not a date of the form YYYY-MM-DD") from None


def parse_month(text: str) -> str:
    """Parse a month (`YYYY-MM`). Raises BadValue."""
    if not MONTH.match(text):
        raise BadValue(f"'{clip(text)}' is not a month of the form YYYY-MM")
    return text


def parse_boolean(text: str) -> int:
    """Parse `true` or `false` and return 1 or 0. Raises BadValue."""
    if text not in BOOLEANS:
        raise BadValue(f"'{clip(text)}' is neither true nor false", ("true", "false"))
    return BOOLEANS[text]


VALUE_PARSERS: Mapping[str, Callable[[str], StoredValue]] = {
    "integer": parse_integer,
    "number": parse_number,
    "date": parse_date,
    "month": parse_month,
    "boolean": parse_boolean,
}


def parse_value(spec: FieldSpec, text: str) -> StoredValue:
    """Return the stored form of a field's value. For an enumeration, the text is a code or a Chinese label.

    Raises BadValue with a message for the caller.
    """
    return get_value_parser(spec)(text)


def get_value_parser(spec: FieldSpec) -> Callable[[str], StoredValue]:
    """Return the function that parses the values of a field; see `parse_value`."""
    if spec.info.official_number or spec.info.number_member:
        return usual_form
    return _build_choice_parser(spec.info.enum, spec.name) if spec.info.enum else VALUE_PARSERS.get(spec.kind, str)


def parse_document_key(text: str) -> str:
    """Return the number of a document, typed in any bracket, width and spelling, as it is stored."""
    return usual_form(simplify(text))


@cache
def _build_choice_parser(enum: type[Choice], field: str) -> Callable[[str], str]:
    codes = tuple(member.value for member in enum)
    known = dict(zip(codes, codes, strict=True))
    for member in enum:
        known.setdefault(member.label_zh, member.value)

    def parse(text: str) -> str:
        code = known.get(text) or known.get(simplify(text))
        if code is None:
            raise BadValue(f"'{clip(text)}' is not a value of {field}.{did_you_mean(text, known)}", codes)
        return code

    return parse


def parse_list(text: str) -> list[str]:
    """Parse a comma-separated list whose members may be quoted (RFC 4180). Raises BadValue."""
    try:
        rows = list(csv.reader([text], strict=True))
    except csv.Error:
        raise BadValue("is not a comma-separated list: a quote is not closed, or text follows one") from None
    if len(rows) != 1 or not rows[0]:
        raise BadValue("is an empty list")
    return rows[0]


def clip(text: str, length: int = 60) -> str:
    """Return a value as a message may quote it: short and without control characters."""
    shown = "".join(char if char.isprintable() else "�" for char in text[: length + 1])
    return shown if len(shown) <= length else shown[:length] + "…"
