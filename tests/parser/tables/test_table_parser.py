"""Rows of tables."""

from __future__ import annotations

from app.parser.data_tables.urban_villages import KIND as URBAN_VILLAGES
from app.parser.tables.table_parser import parse_table
from tests.support.invented_lines import lines

VILLAGES = """
附件3

## 云州市旧村改造 (2022-2026年)清单

序号|所属区|所属街道|涉及行政村(区块)|改造计划|改造年份
总计2个(拆迁类1个、整治类1个)|||||
1|东溪区|柳塘街道|上河|拆迁|2022

序 号|所属区|所属街道|涉及行政村（区块）|改造计划|改造年份
2|东溪区|柳塘街道|下河|整治提升|2023-2024
东溪区小计2个
"""


def test_rows_totals_title_and_repeated_head() -> None:
    source = lines(VILLAGES)
    table = parse_table(source, URBAN_VILLAGES)
    assert table.title == "云州市旧村改造(2022-2026年)清单"
    assert [(row.number, row.first_line, row.cells["village"]) for row in table.rows] == [
        (1, 7, "上河"),
        (2, 10, "下河"),
    ]
    assert [(group.counted, group.total, group.rows_before) for group in table.totals] == [("", 2, 0), ("东溪区", 2, 2)]
    assert not table.unread
    assert table.read_lines == {line.number for line in source if line.text.strip()}


def test_stray_lines_are_unread_with_a_reason() -> None:
    source = lines("1|东溪区|柳塘街道|上河|拆迁|2022\n" + VILLAGES.strip() + "\n注：另有一处不在表中。", first=40)
    table = parse_table(source, URBAN_VILLAGES)
    assert [(item.line, item.reason) for item in table.unread] == [
        (40, "a row before the table's head"),
        (source[-1].number, "stands beside a table, not in it"),
    ]


def test_missing_trailing_cells_are_empty() -> None:
    table = parse_table(lines("序号|所属区|所属街道|行政村|改造计划|改造年份\n1|东溪区|柳塘街道|上河"), URBAN_VILLAGES)
    assert table.rows[0].cells["years"] == ""
