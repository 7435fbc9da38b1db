"""Exports: the same values in every format, typed files, parts of files, clients that hang up."""

import csv
import hashlib
import io
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.datasets import DATASETS
from app.db.postgres_copy import unescaped
from app.model.rows import FORMULA, guarded, render, to_json
from app.renderers.tabular.formats import FORMATS, Plan
from app.renderers.tabular.parquet import ParquetWriter
from app.renderers.tabular.xlsx import LONGEST_CELL, XlsxWriter
from tests.conftest import client_for

Rows = list[dict[str, Any]]
HOSTILE = [
    "=1+1",
    "+86",
    "-x",
    "@SUM(A1)",
    "\tx",
    "http://example.org",
    "'=x",
    "a\r\nb",
    '"q",;',
    "NA",
    "null",
    "中\U0001f600",
]
"""Texts that one reader or another takes for something else."""


def json_rows(client: TestClient, name: str) -> Rows:
    text = client.get(f"/v1/{name}?limit=1000").text
    rows: Rows = json.loads(text, parse_float=Decimal)["data"]
    return rows


def parquet_rows(content: bytes) -> Rows:
    rows: Rows = pa.parquet.read_table(io.BytesIO(content)).to_pylist()
    return rows


def plain(value: Any) -> Any:
    """A value as JSON has it: dates as text, numbers by their value."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("name", list(DATASETS))
def test_every_format_holds_the_values_of_json(client: TestClient, name: str) -> None:
    rows = json_rows(client, name)
    ndjson = client.get(f"/v1/{name}.ndjson").text.splitlines()
    assert [json.loads(line, parse_float=Decimal) for line in ndjson] == rows
    parquet = parquet_rows(client.get(f"/v1/{name}.parquet").content)
    if name == "changes":
        for row in rows:
            for cell in row["changed"]:
                cell |= {k: v if v is None or isinstance(v, str) else to_json(v) for k, v in cell.items()}
    assert [plain(row) for row in parquet] == rows
    cells = list(csv.DictReader(io.StringIO(client.get(f"/v1/{name}.csv").text)))
    assert [row["id"] for row in cells] == [row["id"] for row in rows]
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/v1/{name}.xlsx").content))
    heading, *lines = book.worksheets[0].iter_rows(values_only=True)
    assert list(heading) == list(cells[0])
    for line, row in zip(lines, cells, strict=True):
        for value, (column, cell) in zip(line, row.items(), strict=True):
            assert same_cell(value, cell), (column, value, cell)


def same_cell(value: Any, cell: str) -> bool:
    """Whether a spreadsheet's cell says what a CSV's says."""
    if value is None:
        return cell == ""
    if isinstance(value, bool):
        return cell == str(value).lower()
    if isinstance(value, int | float):
        return Decimal(repr(value)) == Decimal(cell)
    if isinstance(value, datetime):
        return value.date().isoformat() == cell
    return str(value) == cell.removeprefix("'").replace("\r\n", "\n") or value == cell or len(value) == LONGEST_CELL


@pytest.mark.parametrize("name", list(FORMATS))
def test_suffix_and_accept_agree(client: TestClient, name: str) -> None:
    as_it_is = {"Accept-Encoding": "identity"}
    accept = as_it_is | {"Accept": FORMATS[name].media_type}
    by_suffix = client.get(f"/v1/urban-villages.{name}?district=龙湾区", headers=as_it_is)
    by_accept = client.get("/v1/urban-villages?district=龙湾区", headers=accept)
    assert by_suffix.status_code == by_accept.status_code == 200
    assert by_suffix.content == by_accept.content
    assert by_suffix.headers["etag"] == by_accept.headers["etag"]
    assert f".{name}" in by_suffix.headers["content-disposition"]
    assert client.get(f"/v1/urban-villages.{name}", headers={"Accept": "application/json"}).content
    assert by_suffix.headers["accept-ranges"] == "bytes"
    assert by_suffix.headers["content-length"] == str(len(by_suffix.content))
    page = client.get("/v1/urban-villages?district=龙湾区&limit=3").json()
    assert client.get(page["links"][name]).content == by_suffix.content
    item = f"/v1/urban-villages/{page['data'][0]['id']}"
    one = client.get(f"{item}.{name}")
    assert one.content == client.get(item, headers={"Accept": FORMATS[name].media_type}).content
    assert one.status_code == 200


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("urban-villages.csv?cursor=x", "cursor"),
        ("urban-villages.ndjson?bom=true", "bom"),
        ("urban-villages.ndjson?lang=zh", "lang"),
        ("urban-villages.xlsx?bom=true", "bom"),
        ("urban-villages.parquet?lang=zh", "lang"),
        ("urban-villages.parquet?distrct=x", "distrct"),
        ("urban-villages.csv?lang=fr", "lang"),
    ],
)
def test_parameters_that_a_format_lacks_are_refused(client: TestClient, path: str, parameter: str) -> None:
    answer = client.get(f"/v1/{path}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == parameter


def test_formats_on_offer_are_named(client: TestClient) -> None:
    detail = client.get("/v1/urban-villages.xls").json()["detail"]
    assert all(form.suffix in detail for form in FORMATS.values())
    refused = client.get("/v1/urban-villages", headers={"Accept": "text/html"})
    assert refused.status_code == 406
    assert all(form.media_type in refused.json()["detail"] for form in FORMATS.values())


def test_limit_and_offset_are_optional_and_unbounded(client: TestClient) -> None:
    for name in ("csv", "ndjson"):
        extra = name == "csv"
        assert len(client.get(f"/v1/urban-villages.{name}").text.splitlines()) == 102 + extra
        assert len(client.get(f"/v1/urban-villages.{name}?limit=5000&offset=2").text.splitlines()) == 100 + extra
    assert len(parquet_rows(client.get("/v1/urban-villages.parquet?limit=7&offset=99").content)) == 3
    assert parquet_rows(client.get("/v1/urban-villages.parquet?village=none").content) == []


def test_fields_cut_every_format(client: TestClient) -> None:
    query = "limit=1&fields=village,source.row,printed.year_from"
    expected = {"village": "老涂", "source": {"row": 1}, "printed": {"year_from": "2021"}}
    assert json.loads(client.get(f"/v1/urban-villages.ndjson?{query}").text) == expected
    assert parquet_rows(client.get(f"/v1/urban-villages.parquet?{query}").content) == [expected]
    assert client.get(f"/v1/urban-villages.csv?{query}").text.splitlines()[0] == "village,source.row,printed.year_from"
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/v1/urban-villages.xlsx?{query}").content))
    assert list(book.worksheets[0].values) == [("village", "source.row", "printed.year_from"), ("老涂", 1, "2021")]


def test_parquet_has_real_types(client: TestClient) -> None:
    table = pa.parquet.read_table(io.BytesIO(client.get("/v1/observations.parquet?value=108.3").content))
    assert table.schema.field("value").type == pa.decimal128(19, 6)
    assert table.schema.field("published_on").type == pa.date32()
    assert table.schema.field("source").type.field("lines").type == pa.list_(pa.field("element", pa.int64()))
    assert table.schema.field("value_yoy").metadata[b"unit"] == b"%"
    first = table.to_pylist()[0]
    assert first["value"] == Decimal("108.30")
    assert first["printed"]["value"] == "108.30"
    documents = pa.parquet.read_table(io.BytesIO(client.get("/v1/documents.parquet").content))
    assert documents.schema.field("is_normative").type == pa.bool_()
    annexes = [row for rows in documents.column("annexes").to_pylist() for row in rows]
    assert {type(annex["held"]) for annex in annexes} == {bool}
    assert "in_force" in documents.column("status").to_pylist()


def test_xlsx_has_typed_cells_and_a_dictionary(client: TestClient) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(client.get("/v1/observations.xlsx?indicator_id=industrial_value_added").content)
    )
    sheet, about = book.worksheets
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:AA{sheet.max_row}"
    cells = {str(head.value): cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (cells["value"].value, cells["value"].data_type, cells["value"].number_format) == (108.3, "n", "0.00")
    assert cells["published_on"].value == datetime(2021, 6, 20)  # noqa: DTZ001
    assert cells["printed.value"].data_type == "s"
    words = [cell for row in about.values for cell in row if cell]
    assert "Copyright" in " ".join(map(str, words))
    assert client.get("/v1/observations").json()["meta"]["revision"] in words
    assert set(DATASETS["observations"].flat_columns) <= set(words)
    chinese = openpyxl.load_workbook(io.BytesIO(client.get("/v1/urban-villages.xlsx?lang=zh").content)).worksheets[0]
    rows = list(chinese.values)
    assert "改造方式" in rows[0] or "村" in "".join(map(str, rows[0]))
    assert any("拆迁" in row for row in rows[1:])


def observation(number: int, text: str | None = None, value: Decimal | None = None) -> dict[str, Any]:
    """An invented row."""
    return {
        "id": f"i.a.{number:07}", "indicator_id": text or "i", "area_id": "a", "period": "2021-05", "value": value,
        "value_status": "normal", "value_yoy": None, "value_yoy_status": "missing", "cumulative": None,
        "cumulative_status": "missing", "cumulative_yoy": None, "cumulative_yoy_status": "missing",
        "issue_id": "2021-05", "published_on": date(2021, 6, 20), "notes": text,
        "source": {"issue_id": "2021-05", "row": number, "lines": [number, number]},
        "printed": {"value": text or "—", "value_yoy": "", "cumulative": "", "cumulative_yoy": ""} if number else None,
    }  # fmt: skip


TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1) | st.sampled_from(
    HOSTILE
)
VALUES = st.none() | st.decimals(-(10**12), 10**12, places=2) | st.just(Decimal("-9223372036854.775807"))


@settings(max_examples=60, deadline=None)
@given(cells=st.lists(st.tuples(TEXTS, VALUES), min_size=1, max_size=8))
def test_parquet_from_either_stored_form_is_the_same(cells: list[tuple[str, Decimal | None]]) -> None:
    dataset = DATASETS["observations"]
    rendered = [render(dataset, observation(n, text, value)) for n, (text, value) in enumerate(cells)]
    flat = ParquetWriter(Plan(dataset), io.BytesIO())
    nested = ParquetWriter(Plan(dataset, anew=True), io.BytesIO())
    assert (flat.form, nested.form) == ("row_csv", "row_json")
    table = flat.table([line.encode() for _, line in rendered])
    assert table.equals(nested.table([row.encode() for row, _ in rendered]))
    assert table.column("notes").to_pylist() == [text for text, _ in cells]
    assert table.column("value").to_pylist() == [value for _, value in cells]


@given(text=st.text() | st.sampled_from(HOSTILE))
def test_the_guard_of_a_cell_can_be_taken_off(text: str) -> None:
    cell = guarded(text)
    assert not cell.startswith(("=", "@", "\t", "\r"))
    off = cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell
    assert off == text


@pytest.mark.parametrize("text", HOSTILE)
def test_xlsx_holds_no_formula_and_no_address(text: str) -> None:
    file = io.BytesIO()
    writer = XlsxWriter(Plan(DATASETS["observations"]), file)
    exact, beyond = Decimal("-3.50"), Decimal("9223372036854.775807")
    rows = [observation(1, text, exact), observation(2, "x" * 40_000, beyond)]
    writer.write([render(DATASETS["observations"], row)[0].encode() for row in rows])
    writer.close()
    sheet = openpyxl.load_workbook(file).worksheets[0]
    first, second = ({str(h.value): c for h, c in zip(sheet[1], sheet[n], strict=True)} for n in (2, 3))
    assert first["notes"].data_type == "s"
    assert first["notes"].hyperlink is None
    assert str(first["notes"].value).replace("\r\n", "\n").replace("_x000D_", "") == text.replace("\r\n", "\n")
    assert first["value"].value == -3.5
    assert second["value"].value == str(beyond)
    assert len(str(second["notes"].value)) == LONGEST_CELL


@given(texts=st.lists(TEXTS | st.sampled_from(["a\\", "\\r", "\\n\r\n", "\\\r"]), min_size=1))
def test_copied_values_come_back(texts: list[str]) -> None:
    meant = {8: rb"\b", 9: rb"\t", 10: rb"\n", 11: rb"\v", 12: rb"\f", 13: rb"\r", 92: rb"\\"}
    values = [f"{text}\r\n".encode() for text in texts]
    escaped = [b"".join(meant.get(byte, bytes([byte])) for byte in value) + b"\n" for value in values]
    assert unescaped(b"".join(escaped)) == b"".join(values)


def test_files_are_the_same_bytes_every_time(loaded_url: str) -> None:
    made: dict[str, set[str]] = {}
    for _ in range(2):
        with client_for(loaded_url) as client:
            for name in FORMATS:
                content = client.get(f"/v1/water-sections.{name}").content
                made.setdefault(name, set()).add(hashlib.sha256(content).hexdigest())
    assert all(len(digests) == 1 for digests in made.values())
