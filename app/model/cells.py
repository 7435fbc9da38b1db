"""Convert one value to a CSV cell and back. Data packages and CSV responses use the same format.

A null is an empty cell. The members of a list are joined by `;`; a member that contains `;` is quoted, as
RFC 4180 quotes a comma. A list of objects is compact JSON.
"""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from app.model.column_types import to_millionths
from app.model.dataset import SOURCE_MEMBERS, Dataset, FieldSpec
from app.model.values import BadValue, parse_boolean, parse_date, parse_integer, parse_month


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
    csv.writer(out, delimiter=";", lineterminator="").writerow([format_cell(member) for member in members])
    return out.getvalue()


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
    try:
        value = Decimal(text)
        to_millionths(value)
    except (InvalidOperation, ValueError):
        raise BadValue(f"'{text[:60]}' is not a decimal with at most six places") from None
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


def parse_enum_code(spec: FieldSpec, text: str) -> str:
    """Return the text if it is a code of the field's enumeration. Raises BadValue otherwise."""
    assert spec.info.enum
    codes = tuple(member.value for member in spec.info.enum)
    if text not in codes:
        raise BadValue(f"'{text[:60]}' is not one of {', '.join(codes)}")
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


def parse_cell(spec: FieldSpec, text: str) -> Any:
    """Return the typed value of a cell: null for an empty cell, or an empty list where the field is not nullable.

    Raises BadValue when the text does not fit the field.
    """
    if "\x00" in text:
        raise BadValue("contains a NUL character")
    if text == "":
        if spec.nullable:
            return None
        if spec.kind in ("list", "objects"):
            return []
        raise BadValue("is empty, but the field must have a value")
    return parse_enum_code(spec, text) if spec.info.enum else CELL_PARSERS[spec.kind](text)


def unflatten(dataset: Dataset, cells: Mapping[str, str]) -> dict[str, Any]:
    """Build `source` and `printed` from the flattened cells that are present.

    `printed` is null when all its cells are empty. Raises BadValue when a cell does not fit.
    """
    row: dict[str, Any] = {}
    source = {name: cells[f"source.{name}"] for name in SOURCE_MEMBERS if f"source.{name}" in cells}
    if source:
        row["source"] = {
            name: CELL_PARSERS[SOURCE_MEMBERS[name]](text) if text else None for name, text in source.items()
        }
    printed = {name: cells[f"printed.{name}"] for name in dataset.printed_fields if f"printed.{name}" in cells}
    if printed:
        row["printed"] = printed if any(printed.values()) else None
    return row
