"""Tables of uncleared buildings."""

from __future__ import annotations

from app.parser.data_tables.uncleared_buildings import KIND
from app.parser.table_dispatch import extract_table
from app.parser.tables.table_kind import KnownRows
from tests.support.invented_lines import context, is_accounted, lines
from tests.support.invented_tables import DOCUMENT

BUILDINGS = """
## 2022年计划完成的云州市 未“清零”建筑清单
序号|所在区|所在街道|项目名称|类别
1|东溪区|柳塘街道|河边小学|其他
2|东溪区|柳塘街道|老街教堂|特殊建筑（教堂）
东溪区待“清零”建筑2处
1|西岭区|松桥街道|桥头楼|厂房
"""


def test_buildings() -> None:
    source = lines(BUILDINGS)
    reading = extract_table(KIND, source, context(), KnownRows())
    first, second, third = reading.rows
    assert first.id == f"{DOCUMENT}.building-dongxi-01"
    assert first.table == "2022年计划完成的云州市未“清零”建筑清单"
    assert (first.fields["category"], first.fields["category_detail"], first.fields["due_year"]) == (
        "other",
        None,
        2022,
    )
    assert (second.fields["category"], second.fields["category_detail"]) == ("special_building", "教堂")
    assert third.fields["category"] is None
    assert [(item.rule, item.number) for item in reading.declared] == [
        (f"uncleared-buildings?document_id={DOCUMENT}&district=东溪区", 2)
    ]
    assert is_accounted(reading, source)
