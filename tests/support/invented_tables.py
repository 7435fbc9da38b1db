"""Invented tables of a plan, and what the parser reads of them."""

from __future__ import annotations

from typing import Any

from app.parser.data_tables.water_sections import KIND
from app.parser.records import ReadResult
from app.parser.table_dispatch import extract_table
from app.parser.tables.table_kind import KnownRows, NamedSection
from tests.support.invented_lines import context, lines

HEAD = "断面名称|2021年水质现状|水质目标|主要超标因子|所属水系||涉及地区|重点控制范围"

SECTIONS = f"""
## 断面控制范围
附件1
{HEAD}
||||云江|柳溪||
柳渡(国控)|III|Ⅲ|总磷|云江|柳溪|东溪区|东溪柳塘街道、清腾街道
白桥（省控）|劣Ⅴ类|IV|氨氮、总磷|东溪区、南浦市||东溪区柳塘街道, 南浦市白石镇|
石闸(市控)|5类|4类|氨氮|||松桥街道|
江口(市控)|V|IV|氨氮|云江北港市||北港市|北港
新坝(省控)|IV|III|—|主河道||西岭区|西岭松桥街道
双闸(省控)|IV|III|氨氮|山南|横江|北港市|北港市
双桥(市控)|V|IV|氨氮|河网|山南河道|北港市|北港市
"""

NAMED = {
    "石闸": NamedSection(["西岭"], 1),
    "江口": NamedSection(["北港"], 1),
    "龙口": NamedSection(["北港", "南浦"], 1),
}


def sections() -> ReadResult:
    return extract_table(KIND, lines(SECTIONS), context(), KnownRows(NAMED))


def by_name(reading: ReadResult) -> dict[str, Any]:
    return {str(row.fields["name"]): row for row in reading.rows}


DOCUMENT = "yunzhengban-2022-7"

LIST = """
附件1
## 云州市旧村改造清单
序号|所属区|所属街道|涉及行政村(区块)|改造计划|改造年份
总计5个(拆迁类4个、整治类1个)|||||
1|东溪区|柳塘街道|上河|拆迁|2022
2||清腾街道|下河|整治提升|2023—2025
东溪区小计2个(拆迁类1个、整治类1个)|||||
1|海新产业集聚区|江湾街道|沙头|拆迁|2022
2|海新产业集聚区|新城街道|沙尾|拆迁|２０２４年
海新小计2个(拆迁类)|||||
一|西岭区|松桥街道|高坪|搬迁|明年
"""
