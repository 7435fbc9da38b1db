"""Parquet files from stored CSV lines."""

import io
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from app.datasets import DATASETS
from app.model.rows import render_row
from app.renderers.tabular.export_spec import ExportSpec
from app.renderers.tabular.parquet import ParquetWriter
from tests.support.observations import observation

HOSTILE = [
    "=1+1",
    "+86",
    "-x",
    "@SUM(A1)",
    "\tx",
    "\n=1",
    "＝1+1",
    "'＠x",
    "http://example.org",
    "'=x",
    "a\r\nb",
    '"q",;',
    "NA",
    "null",
    "中\U0001f600",
]
"""Texts that one reader or another takes for something else."""

TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1) | st.sampled_from(
    HOSTILE
)

VALUES = st.none() | st.decimals(-(10**12), 10**12, places=2) | st.just(Decimal("-9223372036854.775807"))


@settings(max_examples=60, deadline=None)
@given(cells=st.lists(st.tuples(TEXTS, VALUES), min_size=1, max_size=8))
def test_parquet_from_either_stored_form_is_the_same(cells: list[tuple[str, Decimal | None]]) -> None:
    dataset = DATASETS["observations"]
    rendered = [render_row(dataset, observation(n, text, value)) for n, (text, value) in enumerate(cells)]
    flat = ParquetWriter(ExportSpec(dataset), io.BytesIO())
    nested = ParquetWriter(ExportSpec(dataset, rerender=True), io.BytesIO())
    assert (flat.row_column, nested.row_column) == ("row_csv", "row_json")
    table = flat.to_table([line.encode() for _, line in rendered])
    assert table.equals(nested.to_table([row.encode() for row, _ in rendered]))
    assert table.column("notes").to_pylist() == [text for text, _ in cells]
    assert table.column("value").to_pylist() == [value for _, value in cells]
