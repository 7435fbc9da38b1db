"""Spreadsheets."""

import io
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest
from starlette.testclient import TestClient

from app.datasets import DATASETS
from app.model.rows import render_row
from app.renderers.representations import TABLE_FORMATS
from app.renderers.tabular.export_spec import ExportSpec
from app.renderers.tabular.xlsx import MAX_CELL_LENGTH, XlsxWriter
from tests.support.observations import observation
from tests.support.service import client_for

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


def test_xlsx_has_typed_cells_and_a_dictionary(client: TestClient) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(client.get("/v1/observations.xlsx?indicator_id=industrial_value_added").content)
    )
    sheet, about = book.worksheets
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:AB{sheet.max_row}"
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


@pytest.mark.parametrize("text", HOSTILE)
def test_xlsx_has_no_formulas_and_no_hyperlinks(text: str) -> None:
    file = io.BytesIO()
    writer = XlsxWriter(ExportSpec(DATASETS["observations"]), file)
    exact, beyond = Decimal("-3.50"), Decimal("9223372036854.775807")
    rows = [observation(1, text, exact), observation(2, "x" * 40_000, beyond)]
    writer.write([render_row(DATASETS["observations"], row)[0].encode() for row in rows])
    writer.close()
    sheet = openpyxl.load_workbook(file).worksheets[0]
    first, second = ({str(h.value): c for h, c in zip(sheet[1], sheet[n], strict=True)} for n in (2, 3))
    assert first["notes"].data_type == "s"
    assert first["notes"].hyperlink is None
    assert str(first["notes"].value).replace("\r\n", "\n").replace("_x000D_", "") == text.replace("\r\n", "\n")
    assert first["value"].value == -3.5
    assert second["value"].value == str(beyond)
    assert len(str(second["notes"].value)) == MAX_CELL_LENGTH


def test_a_spreadsheet_has_a_row_limit(loaded_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLE_FORMATS, "xlsx", replace(TABLE_FORMATS["xlsx"], max_rows=100))
    with client_for(loaded_url) as client:
        refused = client.get("/v1/urban-villages.xlsx")
        assert refused.status_code == 400
        [fault] = refused.json()["errors"]
        assert fault["parameter"] == "limit"
        assert "102" in fault["detail"]
        assert ".csv" in fault["detail"]
        for query in ("limit=100", "offset=2", "plan=upgrade"):
            assert client.get(f"/v1/urban-villages.xlsx?{query}").status_code == 200
