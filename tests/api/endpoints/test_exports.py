"""Exports: the same values, names and parameters in every format."""

import csv
import hashlib
import io
import itertools
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from urllib.parse import quote

import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pytest
from starlette.testclient import TestClient

from app.datasets import DATASETS
from app.model.rows import to_json
from app.query.repository import DataVersion
from app.renderers.representations import TABLE_FORMATS
from app.renderers.tabular.xlsx import MAX_CELL_LENGTH
from tests.support.service import client_for

Rows = list[dict[str, Any]]


def json_rows(client: TestClient, name: str) -> Rows:
    text = client.get(f"/v1/{name}?limit=1000").text
    rows: Rows = json.loads(text, parse_float=Decimal)["data"]
    return rows


def parquet_rows(content: bytes) -> Rows:
    rows: Rows = pa.parquet.read_table(io.BytesIO(content)).to_pylist()
    return rows


def plain(value: Any) -> Any:
    """Return a value as JSON has it: dates as text, numbers by their value."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.slow
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
    """Return whether a spreadsheet cell has the value of a CSV cell."""
    if value is None:
        return cell == ""
    if isinstance(value, bool):
        return cell == str(value).lower()
    if isinstance(value, int | float):
        return Decimal(repr(value)) == Decimal(cell)
    if isinstance(value, datetime):
        return value.date().isoformat() == cell
    return str(value) == cell.removeprefix("'").replace("\r\n", "\n") or value == cell or len(value) == MAX_CELL_LENGTH


@pytest.mark.parametrize("name", list(TABLE_FORMATS))
def test_suffix_and_accept_agree(client: TestClient, name: str) -> None:
    as_it_is = {"Accept-Encoding": "identity"}
    accept = as_it_is | {"Accept": TABLE_FORMATS[name].media_type}
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
    assert one.content == client.get(item, headers={"Accept": TABLE_FORMATS[name].media_type}).content
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
    assert all(form.suffix in detail for form in TABLE_FORMATS.values())
    refused = client.get("/v1/urban-villages", headers={"Accept": "text/html"})
    assert refused.status_code == 406
    assert all(form.media_type in refused.json()["detail"] for form in TABLE_FORMATS.values())


def test_limit_and_offset_are_optional_and_unbounded(client: TestClient) -> None:
    for name in ("csv", "ndjson"):
        extra = name == "csv"
        assert len(client.get(f"/v1/urban-villages.{name}").text.splitlines()) == 102 + extra
        assert len(client.get(f"/v1/urban-villages.{name}?limit=5000&offset=2").text.splitlines()) == 100 + extra
    assert len(parquet_rows(client.get("/v1/urban-villages.parquet?limit=7&offset=99").content)) == 3
    assert parquet_rows(client.get("/v1/urban-villages.parquet?village=none").content) == []


def test_fields_select_columns_in_every_format(client: TestClient) -> None:
    query = "limit=1&fields=village,source.row,printed.year_from"
    expected = {"village": "老涂", "source": {"row": 1}, "printed": {"year_from": "2021"}}
    assert json.loads(client.get(f"/v1/urban-villages.ndjson?{query}").text) == expected
    assert parquet_rows(client.get(f"/v1/urban-villages.parquet?{query}").content) == [expected]
    assert client.get(f"/v1/urban-villages.csv?{query}").text.splitlines()[0] == "village,source.row,printed.year_from"
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/v1/urban-villages.xlsx?{query}").content))
    assert list(book.worksheets[0].values) == [("village", "source.row", "printed.year_from"), ("老涂", 1, "2021")]


def test_files_are_the_same_bytes_every_time(loaded_url: str) -> None:
    made: dict[str, set[str]] = {}
    for _ in range(2):
        with client_for(loaded_url) as client:
            for name in TABLE_FORMATS:
                content = client.get(f"/v1/water-sections.{name}").content
                made.setdefault(name, set()).add(hashlib.sha256(content).hexdigest())
    assert all(len(digests) == 1 for digests in made.values())


NUMBER = f"/v1/documents/{quote('温政办〔2021〕28号')}"


def test_files_of_single_rows_have_names(client: TestClient) -> None:
    name = 'attachment; filename="wenzhengban-2021-28.csv"'
    for path in ("/v1/documents/wenzhengban-2021-28.csv", f"{NUMBER}.csv"):
        assert client.get(path).headers["content-disposition"] == name


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_an_export_is_a_503_while_loads_keep_changing_the_data(
    monkeypatch: pytest.MonkeyPatch, loaded_sqlite: str, suffix: str
) -> None:
    with client_for(loaded_sqlite) as client:
        repository = client.app.app.api.state.context.repository  # type: ignore[attr-defined]  # the gateway's
        revisions = itertools.count()

        async def refresh() -> DataVersion:
            repository.version = repository.version._replace(revision=str(next(revisions)))
            return cast(DataVersion, repository.version)

        monkeypatch.setattr(repository, "refresh", refresh)
        response = client.get(f"/v1/areas{suffix}")
        assert (response.status_code, response.headers["retry-after"]) == (503, "5")
        monkeypatch.undo()
        assert client.get(f"/v1/areas{suffix}").status_code == 200
