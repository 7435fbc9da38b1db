"""One value as a CSV cell, and back. The files of a data package and the CSV answers share this form.

An absent value is an empty cell; the members of a list are joined by `;` (a member that holds one
is quoted, as RFC 4180 quotes a comma); lists of objects are compact JSON.
"""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from app.model.column_types import to_millionths
from app.model.dataset import SOURCE, Dataset, FieldSpec
from app.model.values import BadValue, read_date, read_flag, read_integer, read_month


def to_cell(value: Any) -> str:
    """A typed value as the text of a cell."""
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
            return orjson.dumps(value, default=_plain).decode()
        case list():
            return join(value)
        case _:
            return str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    raise TypeError


def join(members: list[Any]) -> str:
    """A list in one cell."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="").writerow([to_cell(member) for member in members])
    return out.getvalue()


def split(text: str) -> list[str]:
    """The members of a list cell; raises BadValue."""
    try:
        return next(iter(csv.reader([text], delimiter=";", strict=True)), [])
    except csv.Error:
        raise BadValue("is no list joined by ';'") from None


def read_decimal(text: str) -> Decimal:
    """An exact decimal that keeps its printed number of places; raises BadValue."""
    try:
        value = Decimal(text)
        to_millionths(value)
    except (InvalidOperation, ValueError):
        raise BadValue(f"'{text[:60]}' is no decimal of at most six places") from None
    return value


def read_objects(text: str) -> list[Any]:
    """A list of objects; raises BadValue."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, list) or not all(isinstance(member, dict) for member in value):
        raise BadValue("is no JSON list of objects")
    return value


def read_choice(spec: FieldSpec, text: str) -> str:
    """A code of the field's enumeration; raises BadValue."""
    assert spec.fact.enum
    codes = tuple(member.value for member in spec.fact.enum)
    if text not in codes:
        raise BadValue(f"'{text[:60]}' is none of {', '.join(codes)}")
    return text


FROM_CELL: Mapping[str, Callable[[str], Any]] = {
    "string": str,
    "prose": str,
    "integer": read_integer,
    "number": read_decimal,
    "boolean": lambda text: bool(read_flag(text)),
    "date": lambda text: date.fromisoformat(read_date(text)),
    "month": read_month,
    "list": split,
    "objects": read_objects,
    "integers": lambda text: [read_integer(member) for member in split(text)],
}


def from_cell(spec: FieldSpec, text: str) -> Any:
    """The typed value of a cell; an empty cell is null, or an empty list where null is not allowed.

    Raises BadValue when the text does not fit the field.
    """
    if "\x00" in text:
        raise BadValue("holds a NUL character")
    if text == "":
        if spec.nullable:
            return None
        if spec.kind in ("list", "objects"):
            return []
        raise BadValue("is empty, but the field must have a value")
    return read_choice(spec, text) if spec.fact.enum else FROM_CELL[spec.kind](text)


def unflatten(dataset: Dataset, cells: Mapping[str, str]) -> dict[str, Any]:
    """`source` and `printed` from their flattened cells, as far as they are there; raises BadValue.

    `printed` is null when every cell of it is empty.
    """
    row: dict[str, Any] = {}
    source = {name: cells[f"source.{name}"] for name in SOURCE if f"source.{name}" in cells}
    if source:
        row["source"] = {name: FROM_CELL[SOURCE[name]](text) if text else None for name, text in source.items()}
    printed = {name: cells[f"printed.{name}"] for name in dataset.printed if f"printed.{name}" in cells}
    if printed:
        row["printed"] = printed if any(printed.values()) else None
    return row
