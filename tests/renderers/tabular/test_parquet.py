"""Parquet files."""

import io
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.api.endpoints.derivations import derived_columns
from app.datasets import DATASETS
from app.model.rows import to_json
from app.renderers.tabular.export_spec import ExportSpec
from app.renderers.tabular.parquet import ParquetWriter

LARGEST_DERIVED = Decimal(2**63 - 1) * 100
"""The largest stored figure a year before, if it has grown by -99.999999 per cent."""


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


@given(st.lists(st.none() | st.decimals(-LARGEST_DERIVED, LARGEST_DERIVED, places=6), min_size=1, max_size=4))
def test_derived_figures_are_exact(figures: list[Decimal | None]) -> None:
    spec = ExportSpec(DATASETS["observations"], ("period",), rerender=True, extra=derived_columns(["prior_year"]))
    rows = [{"period": "2021-05", "derived": {"prior_year": each, "prior_year_cumulative": None}} for each in figures]
    file = io.BytesIO()
    writer = ParquetWriter(spec, file)
    writer.write([to_json(row).encode() for row in rows])
    writer.close()
    table = pa.parquet.read_table(io.BytesIO(file.getvalue()))
    assert [row["prior_year"] for row in table.column("derived").to_pylist()] == figures
