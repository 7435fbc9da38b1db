"""The operands of a comparison in a filter: fields and literals, and the value of a literal for a field."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_FLOOR, Context, Decimal
from fnmatch import fnmatchcase
from typing import Any

from app.db.text_matching import casefold, like_patterns
from app.errors import did_you_mean
from app.model.column_types import INT64_MAX
from app.model.dataset import FieldSpec
from app.model.values import NUMBER, BadValue, StoredValue, clip, parse_date, parse_number, parse_value
from app.parser.text.document_numbers import usual_form
from app.query.cql.lexer import BadFilter

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})\Z"
)
LITERAL_KINDS = {"integer": "number", "number": "number", "boolean": "flag", "date": "date"}
"""The kind of literal that a kind of field is compared with; all others are compared with text."""
LITERAL_NAMES = {
    "text": "a text",
    "number": "a number",
    "flag": "true or false",
    "date": "a date",
    "timestamp": "a timestamp",
}
DECIMAL_PLACES = {"integer": 0, "number": 6}
"""The number of decimal places that a kind of field can store."""
EXACT_CONTEXT = Context(prec=200)
"""A context that is precise enough for every number that `NUMBER` matches."""
DATE_COMPATIBLE = ("text", "timestamp")
"""The literals that date fields accept besides dates, if the literal is a day."""


@dataclass(frozen=True, slots=True)
class Operand:
    """One operand: a field, or a literal of kind `text`, `number`, `flag`, `date` or `timestamp`.

    `fold` is set inside CASEI. `like_pattern` is the value of a text as a pattern of LIKE.
    """

    position: int
    spec: FieldSpec | None = None
    kind: str = ""
    value: str = ""
    fold: bool = False
    like_pattern: str = ""


def to_stored_value(left: Operand, right: Operand, exact: bool) -> StoredValue:
    """Return the stored value of the literal `right` for the field `left`. Raises BadFilter.

    Comparisons for order are not `exact`: any text can be ordered among the codes of an enumeration.
    """
    spec = left.spec
    assert spec is not None
    expected = LITERAL_KINDS.get(spec.kind, "text")
    if right.kind != expected and not (expected == "date" and right.kind in DATE_COMPATIBLE and not right.fold):
        hint = f"; write '{clip(right.value)}' in quotes" if expected == "text" and right.kind == "number" else ""
        raise BadFilter(
            right.position,
            f"{spec.name} is compared with {LITERAL_NAMES[expected]}, not {LITERAL_NAMES[right.kind]}{hint}",
        )
    text = _integer_text(right.value) if spec.kind == "integer" else right.value
    if right.kind == "timestamp":
        text = timestamp_day(right)
    if left.fold or right.fold:
        return _casefolded_value(spec, text, right, left.fold)
    if spec.info.enum and not exact:
        return next((member.value for member in spec.info.enum if member.label_zh == text), text)
    try:
        return parse_value(spec, text)
    except BadValue as error:
        raise BadFilter(right.position, str(error), error.allowed) from None


def next_lower_value(spec: FieldSpec, literal: Operand) -> int | None:
    """Return the next lower stored value of a number with more decimal places than the field has, else None."""
    if spec.kind not in DECIMAL_PLACES or literal.kind != "number" or not NUMBER.match(literal.value):
        return None
    exact = Decimal(literal.value).scaleb(DECIMAL_PLACES[spec.kind], EXACT_CONTEXT)
    below = exact.to_integral_value(ROUND_FLOOR, EXACT_CONTEXT)
    return int(below) if below != exact and abs(below) < INT64_MAX else None


def compare_literals(op: str, left: Operand, right: Operand) -> bool:
    """Return the result of comparing two literals. Raises BadFilter when their kinds differ."""
    if left.kind != right.kind:
        raise BadFilter(
            right.position, f"{LITERAL_NAMES[left.kind]} cannot be compared with {LITERAL_NAMES[right.kind]}"
        )
    return COMPARISONS[op](literal_value(left), literal_value(right))


def timestamp_day(operand: Operand) -> str:
    """Return the day of a timestamp. Raises BadFilter unless it is midnight UTC, because the fields are days."""
    day, _, time = utc_timestamp(operand).partition("T")
    if time == "00:00:00.000000+00:00":
        return day
    raise BadFilter(
        operand.position, "the field is a day without a time; write DATE('YYYY-MM-DD'), or a timestamp at T00:00:00Z"
    )


def utc_timestamp(operand: Operand) -> str:
    """Return a timestamp in UTC, in a form that sorts as text. Raises BadFilter."""
    try:
        if not TIMESTAMP.match(operand.value):
            raise ValueError
        return datetime.fromisoformat(operand.value).astimezone(UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError):
        text = clip(operand.value)
        raise BadFilter(operand.position, f"'{text}' is not a timestamp of the form YYYY-MM-DDThh:mm:ssZ") from None


def _integer_text(text: str) -> str:
    """Return a number without decimal places if they are all zero, so that an integer field accepts `2022.0`."""
    if NUMBER.match(text):
        number = Decimal(text)
        if number.adjusted() < 20 and number == number.to_integral_value():
            return str(int(number))
    return text


def _casefolded_value(spec: FieldSpec, text: str, literal: Operand, field_folded: bool) -> str:
    """Return the value for a case-insensitive comparison; for an enumeration, only one of its codes.

    Raises BadFilter.
    """
    text = usual_form(text) if spec.info.official_number else text
    folded = casefold(text) or ""
    if spec.info.enum:
        for member in spec.info.enum:
            if folded in (casefold(member.value), casefold(member.label_zh)):
                return (casefold(member.value) or "") if field_folded else member.value
        codes = tuple(member.value for member in spec.info.enum)
        raise BadFilter(
            literal.position, f"'{clip(text)}' is not a value of {spec.name}.{did_you_mean(text, codes)}", codes
        )
    return folded if literal.fold else text


def literal_value(operand: Operand) -> StoredValue:
    """Return the value of a literal that is not compared with a field. Raises BadFilter."""
    if operand.kind == "timestamp":
        return utc_timestamp(operand)
    try:
        if operand.kind == "number":
            return parse_number(operand.value)
        if operand.kind == "date":
            return parse_date(operand.value)
    except BadValue as error:
        raise BadFilter(operand.position, str(error)) from None
    return casefold(operand.value) or "" if operand.fold else operand.value


def enum_codes_like(spec: FieldSpec, pattern: str, fold: bool) -> list[str]:
    """Return the codes of an enumeration that match a CQL2 pattern by code or by Chinese label."""
    codes = []
    for member in spec.info.enum or ():
        texts = (member.value, member.label_zh)
        if any(matches_pattern((casefold(text) or "") if fold else text, pattern) for text in texts):
            codes.append(member.value)
    return codes


def matches_pattern(text: str, pattern: str) -> bool:
    """Return whether a text matches a CQL2 pattern."""
    return fnmatchcase(text, like_patterns(pattern)[1])
