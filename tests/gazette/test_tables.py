from __future__ import annotations

import pytest

from app.parser.tables.grid import grid
from app.parser.tables.table import kind_of, read_table
from tests.gazette.invented import lines

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


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("断面名称|2021年水质现状|水质目标|主要超标因子|所属水系||涉及地区|重点控制范围", "water-sections"),
        ("监测断面|水质目标|重点控制范围", "water-sections"),
        ("片区、流域名称|治理目标|主要问题|治理任务|责任单位", "watersheds"),
        ("序号|所在县（市、区）|所属街道|行政村|改造方式|完成年份", "urban-villages"),
        ("改造年份|改造计划|涉及行政村|所属街道|所属区|序号", "urban-villages"),
        ("序号|所属区|所属街道|所属行政村|任务类别|改造计划|年度任务", "village-tasks"),
        ("指 标|单位|当月|同比±%|累计|同比±%", "indicators"),
        ("姓名|职务|电话", None),
        ("序号|所在区|所在街道|项目名称|类别", None),
    ],
)
def test_kind_by_head(head: str, kind: str | None) -> None:
    assert kind_of(lines(head)) == kind


def test_building_table_needs_its_title() -> None:
    assert kind_of(lines("## 未清零建筑清单\n序号|所在区|所在街道|项目名称|类别")) == "uncleared-buildings"


def test_rows_totals_title_and_repeated_head() -> None:
    source = lines(VILLAGES)
    table = read_table(source, "urban-villages")
    assert table.title == "云州市旧村改造(2022-2026年)清单"
    assert [(row.number, row.first, row.cells["village"]) for row in table.rows] == [(1, 7, "上河"), (2, 10, "下河")]
    assert [(group.who, group.total, group.after) for group in table.groups] == [("", 2, 0), ("东溪区", 2, 2)]
    assert not table.unread
    assert table.claimed == {line.number for line in source if line.text.strip()}


def test_html_rows_with_spans_and_entities() -> None:
    source = lines(
        "<table><tr><td>序号</td><td>所属区</td><td>所属街道</td><td>行政村</td><td>改造计划</td><td>改造年份</td></tr>\n"
        '<tr><td>1</td><td rowspan="2">东溪区</td><td>柳塘街道</td><td>上&nbsp;</td>'
        "<td>拆迁</td><td>2022</td></tr><tr>\n"
        "<td>2</td><td>柳塘街道</td><td>下河</td>\n<td>拆迁</td><td>2023</td></tr></table>"
    )
    table = read_table(source, kind_of(source) or "indicators")
    assert [(row.first, row.last, row.cells["district"], row.cells["village"]) for row in table.rows] == [
        (2, 2, "东溪区", "上"),
        (2, 4, "东溪区", "下河"),
    ]
    assert table.claimed == {1, 2, 3, 4}


def test_markdown_rows() -> None:
    source = lines("a")[:0] + [
        line._replace(text=line.text.replace("\t", "|")) for line in lines("|a|b|\n|---|---|\n|1|2|")
    ]
    assert [tuple(cell.strip() for cell in row.cells) for row in grid(source)] == [("a", "b"), ("1", "2")]


def test_strays_are_unread_with_a_reason() -> None:
    source = lines("1|东溪区|柳塘街道|上河|拆迁|2022\n" + VILLAGES.strip() + "\n注：另有一处不在表中。", first=40)
    table = read_table(source, "urban-villages")
    assert [(item.line, item.why) for item in table.unread] == [
        (40, "a row before the table's head"),
        (source[-1].number, "stands beside a table, not in it"),
    ]


def test_missing_trailing_cells_are_empty() -> None:
    table = read_table(lines("序号|所属区|所属街道|行政村|改造计划|改造年份\n1|东溪区|柳塘街道|上河"), "urban-villages")
    assert table.rows[0].cells["years"] == ""
