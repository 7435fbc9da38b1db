"""The two sides of a comparison in a filter: fields and literals, and what a literal means to a field."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_FLOOR, Context, Decimal
from fnmatch import fnmatchcase
from typing import Any

from app.db.text_matching import fold_text, patterns
from app.errors import nearest
from app.model.column_types import INT64_MAX
from app.model.dataset import FieldSpec
from app.model.values import NUMBER, BadValue, Stored, clip, read_date, read_number, read_value
from app.query.cql.lexer import BadFilter

COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
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
LITERAL_OF = {"integer": "number", "number": "number", "boolean": "flag", "date": "date"}
"""The literal that a kind of field takes; all others take text."""
NAMES = {
    "text": "a text",
    "number": "a number",
    "flag": "true or false",
    "date": "a date",
    "timestamp": "a timestamp",
}
PLACES = {"integer": 0, "number": 6}
"""The places after the point that the numbers of a kind of field have."""
EXACTLY = Context(prec=200)
"""Holds any number of a filter with all its digits, see NUMBER."""
SAME_AS_DATE = ("text", "timestamp")
"""Literals that a day is compared with too, where they are one."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a field, or a literal of kind `text` `number` `flag` `date` `timestamp`.

    `pattern` is what a text means to LIKE.
    """

    at: int
    spec: FieldSpec | None = None
    kind: str = ""
    value: str = ""
    fold: bool = False
    pattern: str = ""


def stored_value(left: Side, right: Side, exact: bool) -> Stored:
    """The literal `right`, read by the kind of the field `left`; raises BadFilter.

    Where the comparison is not `exact` but of order, any text has its place among an enumeration's codes.
    """
    spec = left.spec
    assert spec is not None
    wanted = LITERAL_OF.get(spec.kind, "text")
    if right.kind != wanted and not (wanted == "date" and right.kind in SAME_AS_DATE and not right.fold):
        hint = f"; write '{clip(right.value)}' in quotes" if wanted == "text" and right.kind == "number" else ""
        raise BadFilter(right.at, f"{spec.name} is compared with {NAMES[wanted]}, not {NAMES[right.kind]}{hint}")
    text = _whole(right.value) if spec.kind == "integer" else right.value
    if right.kind == "timestamp":
        text = beginning(right)
    if left.fold or right.fold:
        return _fold_value(spec, text, right, left.fold)
    if spec.fact.enum and not exact:
        return next((member.value for member in spec.fact.enum if member.label_zh == text), text)
    try:
        return read_value(spec, text)
    except BadValue as error:
        raise BadFilter(right.at, str(error), error.allowed) from None


def step_below(spec: FieldSpec, literal: Side) -> int | None:
    """The stored value next below a number that has more places than the field has; None of all others."""
    if spec.kind not in PLACES or literal.kind != "number" or not NUMBER.match(literal.value):
        return None
    exact = Decimal(literal.value).scaleb(PLACES[spec.kind], EXACTLY)
    below = exact.to_integral_value(ROUND_FLOOR, EXACTLY)
    return int(below) if below != exact and abs(below) < INT64_MAX else None


def two_values(op: str, left: Side, right: Side) -> bool:
    """What the comparison of two literals gives; raises BadFilter when they are of two kinds."""
    if left.kind != right.kind:
        raise BadFilter(right.at, f"{NAMES[left.kind]} is compared with {NAMES[right.kind]}")
    return COMPARE[op](plain_value(left), plain_value(right))


def beginning(side: Side) -> str:
    """The day of a timestamp, which must be its beginning: the fields are days."""
    day, _, time = moment(side).partition("T")
    if time == "00:00:00.000000+00:00":
        return day
    raise BadFilter(side.at, "a day has no time; write DATE('YYYY-MM-DD'), or a timestamp at T00:00:00Z")


def moment(side: Side) -> str:
    """A timestamp in the one form that is ordered as text, in UTC; raises BadFilter."""
    try:
        if not TIMESTAMP.match(side.value):
            raise ValueError
        return datetime.fromisoformat(side.value).astimezone(UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError):
        shown = clip(side.value)
        raise BadFilter(side.at, f"'{shown}' is no timestamp of the form YYYY-MM-DDThh:mm:ssZ") from None


def _whole(text: str) -> str:
    """A number without its places when they are all zero, so that a whole-number field takes `2022.0`."""
    if NUMBER.match(text):
        number = Decimal(text)
        if number.adjusted() < 20 and number == number.to_integral_value():
            return str(int(number))
    return text


def _fold_value(spec: FieldSpec, text: str, literal: Side, field_folded: bool) -> str:
    """A text that is compared without regard to case; of an enumeration only what it can hold."""
    wanted = fold_text(text) or ""
    if spec.fact.enum:
        for member in spec.fact.enum:
            if wanted in (fold_text(member.value), fold_text(member.label_zh)):
                return (fold_text(member.value) or "") if field_folded else member.value
        codes = tuple(member.value for member in spec.fact.enum)
        raise BadFilter(literal.at, f"'{clip(text)}' is no value of {spec.name}.{nearest(text, codes)}", codes)
    return wanted if literal.fold else text


def plain_value(side: Side) -> Stored:
    """What a literal means where no field is near; raises BadFilter."""
    if side.kind == "timestamp":
        return moment(side)
    try:
        if side.kind == "number":
            return read_number(side.value)
        if side.kind == "date":
            return read_date(side.value)
    except BadValue as error:
        raise BadFilter(side.at, str(error)) from None
    return fold_text(side.value) or "" if side.fold else side.value


def like_codes(spec: FieldSpec, pattern: str, fold: bool) -> list[str]:
    """The codes of an enumeration which themselves, or whose Chinese labels, match a CQL2 pattern."""
    fitting = []
    for member in spec.fact.enum or ():
        texts = (member.value, member.label_zh)
        if any(matches((fold_text(text) or "") if fold else text, pattern) for text in texts):
            fitting.append(member.value)
    return fitting


def matches(text: str, pattern: str) -> bool:
    """Whether a text matches a CQL2 pattern."""
    return fnmatchcase(text, patterns(pattern)[1])
