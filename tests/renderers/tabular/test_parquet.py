"""Parquet files."""

import io
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet
from starlette.testclient import TestClient


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
