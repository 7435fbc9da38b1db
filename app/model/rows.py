"""The two rendered forms of a row, a JSON object and a CSV line, built once when the row is loaded.

Both databases store and return the same text. Responses are therefore the same to the byte, and decimals
keep the number of places that was printed.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson

from app.model.cells import format_cell
from app.model.dataset import SOURCE_MEMBERS, Dataset

Record = dict[str, Any]
FORMULA_CHARACTERS = "=+@＝＋－＠\t\r\n-"
"""What a formula may begin with (OWASP, CSV Injection). East Asian spreadsheets read the full-width characters, too.

The hyphen is the last, so that the characters can stand in a pattern as they are.
"""
FORMULA_START = re.compile(f"'*[{FORMULA_CHARACTERS}]")
"""The beginning of a text that a spreadsheet may take for a formula, or that looks as if it were escaped."""
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?\Z")


def _json_default(value: Any) -> Any:
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def to_json(value: Any) -> str:
    """Return compact JSON. Decimals are numbers with all their printed places; Chinese is not escaped."""
    return orjson.dumps(value, default=_json_default).decode()


def from_json(text: str | bytes) -> Record:
    """Parse a rendered row. Numbers with a decimal point become Decimals."""
    record: Record = json.loads(text, parse_float=Decimal)
    return record


def parse_rows(dataset: Dataset, rows: Iterable[bytes]) -> list[Record]:
    """Parse the rendered rows of a dataset as `from_json` does, faster where no field is a decimal."""
    has_decimals = any(spec.kind in ("number", "objects") for spec in dataset.fields)
    return [from_json(row) for row in rows] if has_decimals else [orjson.loads(row) for row in rows]


def render_row(dataset: Dataset, record: Mapping[str, Any]) -> tuple[str, str]:
    """Return the stored forms of a row: its JSON object and its CSV line."""
    row = in_field_order(dataset, record)
    cells = flatten(row, dataset.flat_columns)
    return to_json(row), csv_text([[escape_formula(cell) for cell in cells]])


def in_field_order(dataset: Dataset, record: Mapping[str, Any]) -> Record:
    """Return a record with every member of the dataset, in the order of a response."""
    row = {name: record.get(name) for name in dataset.members}
    source = record.get("source") or {}
    row["source"] = {name: source.get(name) for name in SOURCE_MEMBERS}
    return row


def flatten(record: Mapping[str, Any], columns: Iterable[str]) -> list[str]:
    """Return the cells of a record for flattened column names such as `source.table`."""
    cells: list[str] = []
    for column in columns:
        outer, dot, inner = column.partition(".")
        value = record.get(outer)
        if dot:
            value = value.get(inner) if isinstance(value, dict) else None
        cells.append(format_cell(value))
    return cells


def escape_formula(cell: str) -> str:
    """Return a cell that no spreadsheet reads as a formula: text that starts like one gets a leading `'`.

    Numbers stay unchanged, negative ones too. Text that already looks escaped is escaped once more. Removing
    one leading `'` wherever `FORMULA_START` matches the rest of the cell therefore restores the text.
    """
    return f"'{cell}" if FORMULA_START.match(cell) and not NUMBER.match(cell) else cell


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV (RFC 4180) with CRLF line ends."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def select_fields(record: Mapping[str, Any], members: Sequence[str]) -> Record:
    """Return only the named members; `source.table` gives `{"source": {"table": …}}`."""
    selected: Record = {}
    for member in members:
        outer, dot, inner = member.partition(".")
        value = record.get(outer)
        if not dot:
            selected[outer] = value
        elif not isinstance(value, dict):
            selected.setdefault(outer, None)
        elif isinstance(selected.setdefault(outer, {}), dict):
            selected[outer].setdefault(inner, value.get(inner))
    return selected


def fill_computed(row_json: bytes, names: tuple[str, ...], values: Sequence[str]) -> bytes:
    """Return a rendered row with its computed fields filled in; it was rendered with null in their place.

    They stand together. Quotes are escaped in JSON strings, so `"status":null` can only be the member itself.
    """
    filled = ",".join([f'"{name}":"{value}"' for name, value in zip(names, values, strict=True)])
    return row_json.replace(_empty_members(names), filled.encode(), 1)


@lru_cache
def _empty_members(names: tuple[str, ...]) -> bytes:
    return ",".join([f'"{name}":null' for name in names]).encode()
