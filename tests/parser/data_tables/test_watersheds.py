"""Tables of watersheds."""

from __future__ import annotations

import pytest

from app.parser.data_tables.water_sections import link_watersheds
from app.parser.data_tables.watersheds import KIND, PROBLEM_WORDS
from app.parser.records import ReadResult
from app.parser.table_dispatch import extract_table
from app.parser.tables.table_kind import KnownRows
from tests.support.invented_lines import context, is_accounted, lines
from tests.support.invented_tables import by_name, sections

SHEDS = """
## 治理清单
片区、流域名称|攻坚目标|主要问题|攻坚任务|责任单位
柳溪片区|柳渡、白桥断面水质达到Ⅲ类。|污染,淤积等。|<ol><li>1.先做甲；</li> <li>2.4月底前做乙。</li> </ol>|东溪区 南浦县
北港流域|1.江口断面水质稳定;2.北港龙口断面达到Ⅲ类。|雨污合流。|1.做丙；2.5月前做丁，补0.3处；3.做戊。|北港市
"""


def test_watersheds_and_their_link() -> None:
    water = sections()
    source = lines(SHEDS, first=60)
    known = KnownRows()
    known.add_rows(water.rows)
    sheds = extract_table(KIND, source, context(), known)
    first, second = sheds.rows
    assert first.id == "yunzhengban-2022-7.1"
    assert first.fields["section_ids"] == ["liudu", "baiqiao"]
    assert first.fields["problems"] == ["污染", "淤积"]
    assert first.fields["responsible"] == ["东溪区", "南浦县"]
    assert first.fields["tasks"] == ["1.先做甲；", "2.4月底前做乙。"]
    assert first.printed is not None
    assert "tasks" not in first.printed
    assert second.fields["section_ids"] == ["jiangkou", "longkou"]
    assert second.fields["tasks"] == ["1.做丙；", "2.5月前做丁，补0.3处；", "3.做戊。"]
    assert is_accounted(sheds, source)
    linked = by_name(ReadResult(rows=link_watersheds([*water.rows, *sheds.rows])))
    assert linked["柳渡"].fields["watershed_id"] == first.id
    assert linked["龙口"].fields["watershed_id"] == second.id
    assert linked["石闸"].fields["watershed_id"] is None


def problems(cell: str) -> object:
    table = f"## 治理清单\n片区、流域名称|攻坚目标|主要问题|攻坚任务|责任单位\n柳溪片区|达标|{cell}|1.做甲。|东溪区"
    (row,) = extract_table(KIND, lines(table), context(), KnownRows()).rows
    return row.fields["problems"]


def test_a_mark_between_whole_problems_separates_them() -> None:
    assert problems("农业面源污染，泥浆入河、保洁不到位、河道淤积等。") == [
        "农业面源污染",
        "泥浆入河",
        "保洁不到位",
        "河道淤积",
    ]
    assert problems("生活、农业、工业污染，建筑垃圾、泥浆污染") == ["生活、农业、工业污染", "建筑垃圾、泥浆污染"]


@pytest.mark.parametrize("example", [example for _, example in PROBLEM_WORDS])
def test_each_row_of_problem_words(example: str) -> None:
    assert problems(f"{example}、河道淤积") == [example, "河道淤积"]
