from __future__ import annotations

from typing import Any

import pytest

from app.parser.data_tables.control_areas import read_control_areas
from app.parser.data_tables.water_sections import link, read_class, read_water_sections
from app.parser.data_tables.watersheds import read_watersheds
from app.parser.records import Reading
from app.parser.text.places import Places
from tests.gazette.invented import AREAS, context, is_accounted, lines

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
NAMED = {"石闸": ["西岭"], "江口": ["北港"], "龙口": ["北港", "南浦"]}
SHEDS = """
## 治理清单
片区、流域名称|攻坚目标|主要问题|攻坚任务|责任单位
柳溪片区|柳渡、白桥断面水质达到Ⅲ类。|污染,淤积等。|<ol><li>1.先做甲；</li> <li>2.4月底前做乙。</li> </ol>|东溪区 南浦县
北港流域|1.江口断面水质稳定;2.北港龙口断面达到Ⅲ类。|雨污合流。|1.做丙；2.5月前做丁，补0.3处；3.做戊。|北港市
"""


def sections() -> Reading:
    return read_water_sections(lines(SECTIONS), context(), NAMED)


def by_name(reading: Reading) -> dict[str, Any]:
    return {str(row.fields["name"]): row for row in reading.rows}


def test_plain_row_with_a_misread_street() -> None:
    row = by_name(sections())["柳渡"]
    assert (row.id, row.row, row.table) == ("liudu", 1, "断面控制范围")
    assert row.fields["control_level"] == "national"
    assert (row.fields["baseline_year"], row.fields["baseline_class"], row.fields["target_class"]) == (
        2021,
        "III",
        "III",
    )
    assert (row.fields["river_system"], row.fields["river"]) == ("云江", "柳溪")
    assert row.fields["control_areas"] == [{"area": "东溪区", "places": ["柳塘街道", "清塍街道"]}]
    assert row.printed["control_areas"] == "东溪柳塘街道、清腾街道"
    assert row.printed["control_level"] == row.printed["name"] == "柳渡(国控)"
    assert "清腾街道 is officially 清塍街道" in row.notes


def test_slid_cells_are_known_by_what_they_hold() -> None:
    row = by_name(sections())["白桥"]
    assert row.fields["baseline_class"] == "inferior_V"
    assert row.fields["areas"] == ["东溪区", "南浦县"]
    assert row.fields["area_codes"] == ["990101", "990121"]
    assert row.fields["river_system"] is None
    assert row.fields["control_areas"] == [
        {"area": "东溪区", "places": ["柳塘街道"]},
        {"area": "南浦县", "places": ["白石镇"]},
    ]
    assert row.printed["river_system"] == "东溪区、南浦市"
    assert row.printed["control_areas"] == ""
    assert "南浦市, officially 南浦县" in row.notes


def test_areas_proved_by_the_plan() -> None:
    row = by_name(sections())["石闸"]
    assert row.fields["areas"] == ["西岭区"]
    assert row.fields["control_areas"] == [{"area": "西岭区", "places": ["松桥街道"]}]
    assert "goals" in row.notes


def test_water_and_area_run_together() -> None:
    row = by_name(sections())["江口"]
    assert row.fields["river_system"] == "云江"
    assert row.fields["control_areas"] == [{"area": "北港市", "places": []}]


def test_river_levels_are_not_guessed() -> None:
    rows = by_name(sections())
    assert (rows["新坝"].fields["river_system"], rows["新坝"].fields["river"]) == (None, "主河道")
    assert rows["新坝"].fields["exceedance_factors"] == []
    for name in ("双闸", "双桥"):
        assert rows[name].fields["river_system"] is None
        assert rows[name].notes


def test_section_missing_from_the_table() -> None:
    row = by_name(sections())["龙口"]
    assert row.table is None
    assert row.printed is None
    assert row.fields["areas"] == ["北港市", "南浦县"]
    assert row.fields["target_class"] is None
    assert "missing from the table" in row.notes


def test_section_missing_from_the_table_has_the_class_that_the_goals_promise() -> None:
    reading = read_water_sections(lines(SECTIONS), context(), NAMED, classes={"龙口": "II", "石闸": "III"})
    rows = by_name(reading)
    assert rows["龙口"].fields["target_class"] == "II"
    assert "target class is the one promised there" in rows["龙口"].notes
    assert (rows["龙口"].fields["baseline_class"], rows["龙口"].fields["control_level"]) == (None, None)
    assert rows["石闸"].fields["target_class"] == "IV", "the table's own cell stands"


def test_every_line_is_accounted_for() -> None:
    source = lines(SECTIONS)
    reading = read_water_sections(source, context(), NAMED)
    assert is_accounted(reading, source)
    assert not reading.unread


def test_row_without_a_name_is_unread() -> None:
    source = lines(f"{HEAD}\n柳渡(国控)|III|III|总磷|云江|柳溪|东溪区|东溪柳塘街道\n|IV|III|总磷||||")
    reading = read_water_sections(source, context(), {})
    assert [item.line for item in reading.unread] == [3]
    assert is_accounted(reading, source)


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("Ⅲ类", "III"),
        ("III", "III"),
        ("3类", "III"),
        ("三类", "III"),
        ("劣Ⅴ", "inferior_V"),
        ("劣III", None),
        ("lll", None),
        ("", None),
    ],
)
def test_water_class(cell: str, wanted: str | None) -> None:
    notes: list[str] = []
    assert read_class(cell, notes, "class") == wanted
    assert bool(notes) == (wanted is None)


def test_place_without_proof_has_no_area() -> None:
    notes: list[str] = []
    assert read_control_areas("新城街道", [], Places(AREAS), notes) == [{"area": None, "places": ["新城街道"]}]
    assert notes


def test_watersheds_and_their_link() -> None:
    water = sections()
    source = lines(SHEDS, first=60)
    sheds = read_watersheds(source, context(), {str(row.fields["name"]): row.id for row in water.rows})
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
    linked = by_name(Reading(rows=link([*water.rows, *sheds.rows])))
    assert linked["柳渡"].fields["watershed_id"] == first.id
    assert linked["龙口"].fields["watershed_id"] == second.id
    assert linked["石闸"].fields["watershed_id"] is None
