"""A row in its two rendered forms, JSON object and CSV line, made once when the row is loaded.

Both databases store and hand out the same text, so answers are the same to the byte, and decimals
keep the number of places that was printed.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson

from app.model.cells import to_cell
from app.model.dataset import SOURCE, Dataset

Record = dict[str, Any]
FORMULA = re.compile(r"'*[=+\-@\t\r]")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?\Z")


def _default(value: Any) -> Any:
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    raise TypeError(f"{type(value).__name__} has no JSON form")


def to_json(value: Any) -> str:
    """Compact JSON; decimals are numbers with all their printed places, Chinese stands unescaped."""
    return orjson.dumps(value, default=_default).decode()


def from_json(text: str | bytes) -> Record:
    """A rendered row again as a record; numbers with a point are Decimals."""
    record: Record = json.loads(text, parse_float=Decimal)
    return record


def render(dataset: Dataset, record: Mapping[str, Any]) -> tuple[str, str]:
    """The stored forms of a row: its JSON object and its CSV line."""
    row = ordered(dataset, record)
    cells = flat(row, dataset.flat_columns)
    return to_json(row), csv_text([[guarded(cell) for cell in cells]])


def ordered(dataset: Dataset, record: Mapping[str, Any]) -> Record:
    """A record with every member of the dataset, in the order of an answer."""
    row = {name: record.get(name) for name in dataset.members}
    given = record.get("source") or {}
    row["source"] = {name: given.get(name) for name in SOURCE}
    return row


def flat(record: Mapping[str, Any], columns: Iterable[str]) -> list[str]:
    """The cells of a record under flattened column names."""
    cells: list[str] = []
    for column in columns:
        outer, dot, inner = column.partition(".")
        value = record.get(outer)
        if dot:
            value = value.get(inner) if isinstance(value, dict) else None
        cells.append(to_cell(value))
    return cells


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets a leading `'`.

    Numbers stay numbers, the sign of a negative one included. Text that looks guarded is guarded
    once more: to take one `'` off every cell that `FORMULA` matches behind it gives the text back.
    """
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.match(cell) else cell


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows as RFC 4180 text with CRLF line ends."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def project(record: Mapping[str, Any], members: Sequence[str]) -> Record:
    """Only the members wanted; `source.table` gives `{"source": {"table": …}}`."""
    wanted: Record = {}
    for member in members:
        outer, dot, inner = member.partition(".")
        value = record.get(outer)
        if not dot:
            wanted[outer] = value
        elif not isinstance(value, dict):
            wanted.setdefault(outer, None)
        elif isinstance(wanted.setdefault(outer, {}), dict):
            wanted[outer].setdefault(inner, value.get(inner))
    return wanted


def splice(row_json: bytes, computed: Mapping[str, str]) -> bytes:
    """A rendered row with its computed fields filled in; it was rendered with null in their places.

    Within a JSON string a quote is escaped, so `"status":null` can only be the member itself.
    """
    for name, value in computed.items():
        row_json = row_json.replace(f'"{name}":null'.encode(), f'"{name}":"{value}"'.encode(), 1)
    return row_json
