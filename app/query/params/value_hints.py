"""Values as users of other services write them, and how they are written here.

A text field takes every text but those that no row has and that mean something elsewhere: an empty one, `null`, and
one with an operator of PostgREST. They would find nothing and say nothing.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping

from app.model.dataset import FieldSpec
from app.model.values import BadValue, StoredValue, clip, get_value_parser
from app.parser.text.document_numbers import usual_characters, usual_form

LOWERCASED_OPERATORS = ("contains", "startswith")
POSTGREST_OPERATORS: Mapping[str, str] = {
    "eq": "eq",
    "neq": "ne",
    "gt": "gt",
    "gte": "gte",
    "lt": "lt",
    "lte": "lte",
    "like": "contains",
    "ilike": "contains",
    "in": "in",
    "is": "isnull",
    "cs": "has",
}
"""PostgREST's operators, which stand in the value (`year_from=gte.2022`), with their names here."""
POSTGREST_VALUE = re.compile(
    r"(not\.)?(?:(eq|neq|gte?|lte?)\.(.+)|(i?like)\.(.*[*%].*)|(in)\.\((.*)\)|(is)\.(null|true|false)|(cs)\.\{(.*)\})",
    re.DOTALL,
)
NULL_WORDS = frozenset(("", "null", "NULL"))
PART_OF_DATE = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2]))?")


def lower_ascii(text: str) -> str:
    """Return a text with ASCII letters in lower case and all others unchanged, as `lower` of both databases does."""
    return "".join(chr(ord(char) + 32) if "A" <= char <= "Z" else char for char in text)


def lower_number(text: str) -> str:
    """Return a part of a document's number as the usual form has it, with ASCII letters in lower case."""
    return lower_ascii(usual_characters(text))


def parse_text(text: str) -> str:
    """Return the value of a text field. Raises BadValue for a text that means something else in other services."""
    if text in NULL_WORDS or ("." in text[:6] and POSTGREST_VALUE.fullmatch(text)):
        raise BadValue(f"'{clip(text)}' is no text that a row has" if text else "is empty")
    return text


def parse_number_text(text: str) -> str:
    """Return the usual form of a document's number. Raises BadValue, as `parse_text` does."""
    return usual_form(parse_text(text))


def get_operand_parser(spec: FieldSpec, op: str) -> Callable[[str], StoredValue]:
    """Return the function that parses the value of an operator on one value; it raises BadValue."""
    if op in LOWERCASED_OPERATORS:
        return lower_number if spec.info.official_number else lower_ascii
    if op == "eq" and spec.kind == "string" and not spec.info.enum:
        return parse_number_text if spec.info.official_number else parse_text
    return get_value_parser(spec)


def value_hint(spec: FieldSpec, op: str, text: str) -> str:
    """Return a sentence that says how to ask for what a refused value means elsewhere, or an empty string."""
    if match := POSTGREST_VALUE.fullmatch(text):
        return _postgrest_hint(spec, match)
    if op == "isnull":
        return ""
    if text in NULL_WORDS:
        leave_out = "" if text else "Leave it out for all rows."
        isnull = f"For rows without a value, write {spec.name}__isnull=true." if spec.nullable else ""
        return " ".join(filter(None, (leave_out, isnull)))
    part = PART_OF_DATE.fullmatch(text)
    if part and spec.kind == "date":
        year, first, last = int(part[1]), int(part[2] or 1), int(part[2] or 12)
        if year and {"gte", "lte"} <= set(spec.operators):
            end = f"{year:04d}-{last:02d}-{monthrange(year, last)[1]}"
            return f"For all its days, write {spec.name}__gte={year:04d}-{first:02d}-01&{spec.name}__lte={end}."
    if "," in text and op == "eq" and "in" in spec.operators:
        return f"For one of several values, write {spec.name}__in={clip(text)}."
    return ""


def _postgrest_hint(spec: FieldSpec, match: re.Match[str]) -> str:
    negated, *parts = match.groups()
    typed, value = (part for part in parts if part is not None)
    op = POSTGREST_OPERATORS[typed]
    if op == "isnull" and value != "null":
        op = "eq"
    if op in LOWERCASED_OPERATORS:
        value = value.strip("*%")
    if negated and op == "isnull":
        negated, value = None, "false"
    elif op == "isnull":
        value = "true"
    elif negated and op == "eq":
        negated, op = None, "ne"
    if negated:
        return "The operator is not part of the value; write 'filter' with NOT."
    name = spec.name if op == "eq" else f"{spec.name}__{op}"
    return f"The operator is part of the parameter's name; write {name}={clip(value)}."
