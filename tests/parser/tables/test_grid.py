"""Rows of tables written as HTML or Markdown."""

from __future__ import annotations

from app.parser.data_tables.urban_villages import KIND as URBAN_VILLAGES
from app.parser.tables.grid import iter_grid_rows
from app.parser.tables.table_parser import parse_table
from tests.support.invented_lines import lines


def test_html_rows_with_spans_and_entities() -> None:
    source = lines(
        "<table><tr><td>序号</td><td>所属区</td><td>所属街道</td><td>行政村</td><td>改造计划</td><td>改造年份</td></tr>\n"
        '<tr><td>1</td><td rowspan="2">东溪区</td><td>柳塘街道</td><td>上&nbsp;</td>'
        "<td>拆迁</td><td>2022</td></tr><tr>\n"
        "<td>2</td><td>柳塘街道</td><td>下河</td>\n<td>拆迁</td><td>2023</td></tr></table>"
    )
    table = parse_table(source, URBAN_VILLAGES)
    assert [(row.first_line, row.last_line, row.cells["district"], row.cells["village"]) for row in table.rows] == [
        (2, 2, "东溪区", "上"),
        (2, 4, "东溪区", "下河"),
    ]
    assert table.read_lines == {1, 2, 3, 4}


def test_markdown_rows() -> None:
    source = lines("a")[:0] + [
        line._replace(text=line.text.replace("\t", "|")) for line in lines("|a|b|\n|---|---|\n|1|2|")
    ]
    assert [tuple(cell.strip() for cell in row.cells) for row in iter_grid_rows(source)] == [("a", "b"), ("1", "2")]


def test_an_empty_first_cell_of_a_markdown_row_stays() -> None:
    source = [line._replace(text="||1|2|") for line in lines("a")]
    assert [row.cells for row in iter_grid_rows(source)] == [("", "1", "2")]
