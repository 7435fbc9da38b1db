"""Reading one value of a query by the kind of its field, into the form in which it is stored."""

import csv
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache

from app.errors import nearest
from app.model.column_types import INT64_MAX, to_millionths
from app.model.dataset import Choice, FieldSpec

Stored = str | int
INTEGER = re.compile(r"[+-]?[0-9]{1,20}\Z")
NUMBER = re.compile(r"[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][+-]?[0-9]{1,2})?\Z")
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])\Z")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
FLAGS = {"true": 1, "false": 0}


class BadValue(ValueError):
    """A value that does not fit its field; the message is for the caller, `allowed` what would fit."""

    def __init__(self, message: str, allowed: tuple[str, ...] | None = None) -> None:
        super().__init__(message)
        self.allowed = allowed


def read_integer(text: str) -> int:
    """A whole number of at most 64 bits; raises BadValue."""
    if not INTEGER.match(text):
        raise BadValue(f"'{clip(text)}' is no whole number")
    number = int(text)
    if not -INT64_MAX - 1 <= number <= INT64_MAX:
        raise BadValue(f"'{clip(text)}' is beyond 64 bits")
    return number


def read_number(text: str) -> int:
    """An exact decimal in millionths; raises BadValue."""
    if not NUMBER.match(text):
        raise BadValue(f"'{clip(text)}' is no number")
    try:
        return to_millionths(Decimal(text))
    except (InvalidOperation, ValueError) as error:
        raise BadValue(f"'{clip(text)}' is {error}") from None


def read_date(text: str) -> str:
    """A calendar day; raises BadValue."""
    try:
        if not DATE.match(text):
            raise ValueError
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadValue(f"'{clip(text)}' is no date of the form YYYY-MM-DD") from None


def read_month(text: str) -> str:
    """A month; raises BadValue."""
    if not MONTH.match(text):
        raise BadValue(f"'{clip(text)}' is no month of the form YYYY-MM")
    return text


def read_flag(text: str) -> int:
    """True or false; raises BadValue."""
    if text not in FLAGS:
        raise BadValue(f"'{clip(text)}' is neither true nor false", ("true", "false"))
    return FLAGS[text]


READERS: Mapping[str, Callable[[str], Stored]] = {
    "integer": read_integer,
    "number": read_number,
    "date": read_date,
    "month": read_month,
    "boolean": read_flag,
}


def read_value(spec: FieldSpec, text: str) -> Stored:
    """The stored form of a value for a field; an enumeration takes its code or its Chinese label.

    Raises BadValue with a message for the caller.
    """
    return value_reader(spec)(text)


def value_reader(spec: FieldSpec) -> Callable[[str], Stored]:
    """What reads the values of a field, see `read_value`."""
    return _choice_reader(spec.fact.enum, spec.name) if spec.fact.enum else READERS.get(spec.kind, str)


@cache
def _choice_reader(enum: type[Choice], field: str) -> Callable[[str], str]:
    codes = tuple(member.value for member in enum)
    known = dict(zip(codes, codes, strict=True))
    for member in enum:
        known.setdefault(member.label_zh, member.value)

    def read(text: str) -> str:
        code = known.get(text)
        if code is None:
            raise BadValue(f"'{clip(text)}' is no value of {field}.{nearest(text, known)}", codes)
        return code

    return read


def read_list(text: str) -> list[str]:
    """The members of a comma-separated list, with RFC 4180 quotes; raises BadValue."""
    try:
        rows = list(csv.reader([text], strict=True))
    except csv.Error:
        raise BadValue("is no comma-separated list: a quote is not closed, or text follows one") from None
    if len(rows) != 1 or not rows[0]:
        raise BadValue("is an empty list")
    return rows[0]


def clip(text: str, length: int = 60) -> str:
    """A value as a message may repeat it: short and without control characters."""
    shown = "".join(char if char.isprintable() else "�" for char in text[: length + 1])
    return shown if len(shown) <= length else shown[:length] + "…"
