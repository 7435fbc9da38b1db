"""Kinds of tables, recognised by their headers."""

from __future__ import annotations

import pytest

from app.parser.data_tables.uncleared_buildings import KIND as UNCLEARED_BUILDINGS
from app.parser.table_dispatch import recognise_table
from tests.support.invented_lines import lines


@pytest.mark.parametrize(
    ("header", "kind"),
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
def test_kind_by_header(header: str, kind: str | None) -> None:
    found = recognise_table(lines(header))
    assert (found and found.name) == kind


def test_building_table_needs_its_title() -> None:
    assert recognise_table(lines("## 未清零建筑清单\n序号|所在区|所在街道|项目名称|类别")) is UNCLEARED_BUILDINGS
