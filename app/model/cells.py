"""Convert one value to a CSV cell and back. Data packages and CSV responses use the same format.

A null is an empty cell. The members of a list are joined by `;`; a member that contains `;` is quoted, as
RFC 4180 quotes a comma. A list of objects is compact JSON.
"""

import csv
import io
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import orjson

from app.errors import did_you_mean
from app.model.column_types import to_millionths
from app.model.dataset import SOURCE_MEMBERS, Dataset, FieldSpec
from app.model.text_rules import MAX_LENGTHS, MAX_STRING_LENGTH, check_text
from app.model.values import BadValue, clip, parse_boolean, parse_date, parse_integer, parse_month
from app.parser.text.document_numbers import usual_form

DECIMAL = re.compile(r"[+-]?([0-9]{1,13}(\.[0-9]{1,6})?|\.[0-9]{1,6})\Z")
SHA256 = re.compile(r"[0-9a-f]{64}\Z")
MEMBER_TYPES: Mapping[str, type] = {"string": str, "integer": int, "boolean": bool, "list": list}
MEMBER_KIND_NAMES: Mapping[str, str] = {
    "string": "a string",
    "integer": "an integer of at most 64 bits",
    "boolean": "true or false",
    "list": "a list of strings",
}


def format_cell(value: Any) -> str:
    """Return the text of a cell for a typed value."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case []:
            return ""
        case [dict(), *_]:
            return orjson.dumps(value, default=_json_default).decode()
        case list():
            return join_list(value)
        case _:
            return str(value)


def _json_default(value: Any) -> Any:
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    raise TypeError


def join_list(members: list[Any]) -> str:
    """Return a list as the text of one cell."""
    out = io.StringIO()
    # A line end that is one of these characters makes the writer quote the members that contain them.
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow([format_cell(member) for member in members])
    return out.getvalue().removesuffix("\r\n")


def split_list(text: str) -> list[str]:
    """Return the members of a list cell. Raises BadValue when a quote is not closed."""
    try:
        return next(iter(csv.reader([text], delimiter=";", strict=True)), [])
    except csv.Error:
        raise BadValue("is not a list joined by ';'") from None


def parse_decimal(text: str) -> Decimal:
    """Parse an exact decimal, keeping the printed number of decimal places.

    Raises BadValue for more than six places and for values that do not fit 64 bits.
    """
    if not DECIMAL.match(text):
        raise BadValue(f"'{clip(text)}' is not a decimal with at most six places")
    value = Decimal(text)
    try:
        to_millionths(value)
    except ValueError as error:
        raise BadValue(f"'{clip(text)}' is {error}") from None
    return value


def parse_objects(text: str) -> list[Any]:
    """Parse a JSON list of objects. Raises BadValue for anything else."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, list) or not all(isinstance(member, dict) for member in value):
        raise BadValue("is not a JSON list of objects")
    return value


def complete_objects(spec: FieldSpec, objects: list[Any]) -> list[dict[str, Any]]:
    """Return the objects of a field with all their members, in the declared order; missing ones are null.

    Raises BadValue for an unknown member, and for a value that is not of the member's kind.
    """
    for each in objects:
        for name, value in each.items():
            if name not in spec.info.members:
                raise BadValue(
                    f"has an object with the unknown member '{clip(name)}'.{did_you_mean(name, spec.info.members)}"
                )
            if value is not None:
                _check_member(name, spec.info.member_kinds.get(name, "string"), value)
    completed = [{name: each.get(name) for name in spec.info.members} for each in objects]
    number = spec.info.number_member
    for each in completed if number else ():
        each[number] = usual_form(each[number]) if each[number] else each[number]
    return completed


def _check_member(name: str, kind: str, value: Any) -> None:
    texts: list[Any] = [value] if kind == "string" else value if isinstance(value, list) else []
    if type(value) is not MEMBER_TYPES[kind] or not all(isinstance(text, str) for text in texts):
        raise BadValue(f"has an object whose '{name}' is not {MEMBER_KIND_NAMES[kind]}")
    for text in texts:
        check_text(text)


def parse_line_span(text: str) -> list[int]:
    """Parse the first and the last line of a row in the text of its issue. Raises BadValue."""
    lines = [parse_integer(member) for member in split_list(text)]
    if len(lines) != 2 or not 1 <= lines[0] <= lines[1]:
        raise BadValue(f"'{clip(text)}' is not a first and a last line, counted from 1 and joined by ';'")
    return lines


def parse_page(text: str) -> int:
    """Parse the number of a page, counted from 1. Raises BadValue."""
    number = parse_integer(text)
    if number < 1:
        raise BadValue(f"'{clip(text)}' is not the number of a page")
    return number


def parse_sha256(text: str) -> str:
    """Parse a SHA-256 digest in lower-case hexadecimal digits. Raises BadValue."""
    if not SHA256.match(text):
        raise BadValue(f"'{clip(text)}' is not a SHA-256 digest of 64 lower-case hexadecimal digits")
    return text


def parse_enum_code(spec: FieldSpec, text: str) -> str:
    """Return the text if it is a code of the field's enumeration. Raises BadValue otherwise."""
    assert spec.info.enum
    codes = tuple(member.value for member in spec.info.enum)
    if text not in codes:
        raise BadValue(f"'{clip(text)}' is not one of {', '.join(codes)}")
    return text


CELL_PARSERS: Mapping[str, Callable[[str], Any]] = {
    "string": str,
    "prose": str,
    "integer": parse_integer,
    "number": parse_decimal,
    "boolean": lambda text: bool(parse_boolean(text)),
    "date": lambda text: date.fromisoformat(parse_date(text)),
    "month": parse_month,
    "list": split_list,
    "objects": parse_objects,
    "integers": lambda text: [parse_integer(member) for member in split_list(text)],
}
SOURCE_PARSERS: Mapping[str, Callable[[str], Any]] = {
    "page_from": parse_page,
    "page_to": parse_page,
    "lines": parse_line_span,
    "sha256": parse_sha256,
}
"""The members of `source` that are more than a value of their kind."""


def parse_cell(spec: FieldSpec, text: str) -> Any:
    """Return the typed value of a cell: null for an empty cell, or an empty list where the field is not nullable.

    A number of a document gets the usual form, whatever brackets the cell has. Raises BadValue when the text does not
    fit the field.
    """
    check_text(text, MAX_LENGTHS.get(spec.kind, MAX_STRING_LENGTH))
    if text == "":
        if spec.nullable:
            return None
        if spec.kind in ("list", "objects"):
            return []
        raise BadValue("is empty, but the field must have a value")
    if spec.info.enum:
        return parse_enum_code(spec, text)
    value = CELL_PARSERS[spec.kind](text)
    if spec.kind == "list":
        for member in value:
            check_text(member)
    if spec.info.official_number:
        return usual_form(value)
    return complete_objects(spec, value) if spec.kind == "objects" else value


def parse_source_cell(member: str, text: str) -> Any:
    """Return the typed value of a member of `source`, null for an empty cell. Raises BadValue."""
    if not text:
        return None
    check_text(text)
    return SOURCE_PARSERS.get(member, CELL_PARSERS[SOURCE_MEMBERS[member]])(text)


def unflatten(dataset: Dataset, cells: Mapping[str, str]) -> dict[str, Any]:
    """Build `source` and `printed` from the flattened cells that are present.

    `printed` is null when all its cells are empty. Raises BadValue when a cell does not fit.
    """
    row: dict[str, Any] = {}
    source = {name: cells[f"source.{name}"] for name in SOURCE_MEMBERS if f"source.{name}" in cells}
    if source:
        row["source"] = {name: parse_source_cell(name, text) for name, text in source.items()}
    printed = {name: cells[f"printed.{name}"] for name in dataset.printed_fields if f"printed.{name}" in cells}
    if printed:
        row["printed"] = printed if any(printed.values()) else None
    return row
