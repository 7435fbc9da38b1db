from __future__ import annotations

from app.parser.data_tables.uncleared_buildings import read_uncleared_buildings
from app.parser.data_tables.urban_villages import read_urban_villages
from app.parser.data_tables.village_tasks import read_village_tasks
from tests.gazette.invented import context, is_accounted, lines

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
PLAN = """
## 2022年云州市旧村改造计划清单
序号|所属区|所属街道|所属行政村|任务类别|改造计划|年度任务
1|东溪区|柳塘街道|上河|行政村|拆迁|完成签约
2|海新产业集聚区|江湾街道|沙头|区块|拆迁|完成拆除
3|西岭区|松桥街道|未列村|片区|拆迁|完成签约
"""
BUILDINGS = """
## 2022年计划完成的云州市 未“清零”建筑清单
序号|所在区|所在街道|项目名称|类别
1|东溪区|柳塘街道|河边小学|其他
2|东溪区|柳塘街道|老街教堂|特殊建筑（教堂）
东溪区待“清零”建筑2处
1|西岭区|松桥街道|桥头楼|厂房
"""


def test_village_rows() -> None:
    source = lines(LIST)
    reading = read_urban_villages(source, context())
    assert [row.id.removeprefix(f"{DOCUMENT}.") for row in reading.rows] == [
        "dongxi-01",
        "dongxi-02",
        "haixin-01",
        "haixin-02",
        "xiling-01",
    ]
    first, second, third, fourth, last = reading.rows
    assert (first.fields["street_code"], first.fields["year_from"], first.fields["year_to"]) == (
        "990101001",
        2022,
        2022,
    )
    assert first.notes is None
    assert (second.fields["district"], second.fields["street"]) == ("东溪区", "清塍街道")
    assert (second.fields["plan"], second.fields["year_from"], second.fields["year_to"]) == ("upgrade", 2023, 2025)
    assert second.printed is not None
    assert (second.printed["district"], second.printed["street"], second.printed["year_to"]) == (
        "",
        "清腾街道",
        "2023—2025",
    )
    assert (third.fields["district_code"], third.fields["street_code"]) == ("zone-haixinchanyejijuqu", "990181001")
    assert (fourth.fields["street_code"], fourth.fields["year_to"]) == (None, 2024)
    assert (last.fields["number"], last.fields["plan"], last.fields["year_from"]) == (None, None, None)
    assert is_accounted(reading, source)
    assert not reading.unread


def test_declared_totals() -> None:
    declared = {
        item.rule.partition("&")[2]: item.declared for item in read_urban_villages(lines(LIST), context()).declared
    }
    assert declared == {
        "": 5,
        "plan=demolition": 4,
        "plan=upgrade": 1,
        "district=东溪区": 2,
        "district=东溪区&plan=demolition": 1,
        "district=东溪区&plan=upgrade": 1,
        "district=海新产业集聚区": 2,
        "district=海新产业集聚区&plan=demolition": 2,
    }


def test_tasks_refer_to_the_list() -> None:
    villages = read_urban_villages(lines(LIST), context()).rows
    ids = {
        (str(row.fields["district"]), str(row.fields["street"]), str(row.fields["village"])): row.id for row in villages
    }
    source = lines(PLAN, first=50)
    reading = read_village_tasks(source, context(), ids)
    first, second, third = reading.rows
    assert (first.id, first.fields["village_id"]) == (f"{DOCUMENT}.2022-01", f"{DOCUMENT}.dongxi-01")
    assert (second.fields["unit_type"], second.fields["task"]) == ("block", "complete_demolition")
    assert (third.fields["village_id"], third.fields["unit_type"]) == (None, None)
    assert third.notes is not None
    assert reading.declared[0].rule == (
        f"village-tasks?document_id={DOCUMENT}&year=2022#village_id"
        f" = urban-villages?document_id={DOCUMENT}&year_from=2022#id"
    )
    assert is_accounted(reading, source)


def test_missing_column_is_a_doubt() -> None:
    source = lines("## 清单\n序号|所属区|所属街道|行政村|改造计划\n1|东溪区|柳塘街道|上河|拆迁")
    reading = read_urban_villages(source, context())
    assert reading.rows[0].fields["year_from"] is None
    assert reading.rows[0].printed is not None
    assert "year_from" not in reading.rows[0].printed
    assert any("columns missing: years" in doubt.why for doubt in reading.doubts)


def test_buildings() -> None:
    source = lines(BUILDINGS)
    reading = read_uncleared_buildings(source, context())
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
    assert [(item.rule, item.declared) for item in reading.declared] == [
        (f"uncleared-buildings?document_id={DOCUMENT}&district=东溪区", 2)
    ]
    assert is_accounted(reading, source)
