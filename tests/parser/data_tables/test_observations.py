"""Tables of indicators and their observations."""

from __future__ import annotations

from decimal import Decimal

from app.parser.table_dispatch import extract_statistics
from tests.support.invented_lines import context, is_accounted, lines

TABLE = """
## 云州市2022年3月份国民经济主要统计指标
指标|单位|当月|同比 ±%|累计|同比 ±%
一、规模以上工业增加值|亿元|10.30|9.8|1,489.60|−25.3
二、社会消费品零售总额|亿元|81.80|0.0|40 7.48|—
三、金融机构人民币存款余额|亿元|—||１55.25|8.2
＃住户存款|亿元|/|-|90.58|10.9
四、居民消费价格总指数|%|102.0|—|101.4|—
其中：食品烟酒类|%|1o1.7|—|101.5|—
#居住类|%|100.1|—|100.0|—
云州市统计局制
"""


def test_indicators() -> None:
    source = lines(TABLE)
    reading = extract_statistics(source, context(None))
    found = {row.id: row.fields for row in reading.rows if row.dataset == "indicators"}
    assert list(found) == [
        "industrial_value_added",
        "shehuixiaofeipinlingshouzonge",
        "rmb_deposits",
        "household_deposits",
        "cpi",
        "cpi_food_tobacco_alcohol",
        "juzhulei",
    ]
    assert found["household_deposits"]["parent_id"] == "rmb_deposits"
    assert found["juzhulei"]["parent_id"] == "cpi"
    assert (found["juzhulei"]["unit"], found["juzhulei"]["unit_zh"]) == ("index", "%")
    assert found["industrial_value_added"]["name_zh"] == "规模以上工业增加值"
    assert {doubt.printed for doubt in reading.doubts if "not seen before" in doubt.reason} == {
        "社会消费品零售总额",
        "居住类",
    }
    assert is_accounted(reading, source)
    assert not reading.unread


def test_observations() -> None:
    rows = {
        row.id.partition(".")[0]: row
        for row in extract_statistics(lines(TABLE), context(None)).rows
        if row.dataset == "observations"
    }
    first = rows["industrial_value_added"]
    assert first.id == "industrial_value_added.990100.2022-03.2022-03"
    assert (first.fields["value"], first.fields["cumulative"]) == (Decimal("10.30"), Decimal("1489.60"))
    assert (first.fields["cumulative_yoy"], first.fields["value_status"]) == (Decimal("-25.3"), "normal")
    assert first.printed is not None
    assert first.printed["cumulative"] == "1,489.60"
    odd = rows["shehuixiaofeipinlingshouzonge"]
    assert (odd.fields["cumulative"], odd.fields["cumulative_status"]) == (None, "missing")
    assert odd.notes is not None
    assert rows["cpi_food_tobacco_alcohol"].fields["value"] is None
    assert rows["household_deposits"].fields["value_status"] == "missing"
    assert rows["rmb_deposits"].fields["cumulative"] == Decimal("155.25")


def test_two_level_head() -> None:
    source = lines(
        "## 云州市2022年3月份主要指标\n指标|单位|本月||累计|\n"
        "||绝对值|同比±%|绝对值|同比±%\n财政总收入|亿元|1.0|2.0|3.0|4.0"
    )
    reading = extract_statistics(source, context(None))
    fields = reading.rows[1].fields
    figures = [str(fields[name]) for name in ("value", "value_yoy", "cumulative", "cumulative_yoy")]
    assert figures == ["1.0", "2.0", "3.0", "4.0"]
    assert is_accounted(reading, source)


def test_marks_of_parts_may_be_lost_or_doubled() -> None:
    damaged = TABLE.replace("＃住户", "住户").replace("其中：食品", "食品").replace("一、规模", "### 一、规模")
    found = {row.id: row.fields for row in extract_statistics(lines(damaged), context(None)).rows}
    assert found["household_deposits"]["parent_id"] == "rmb_deposits"
    assert found["cpi_food_tobacco_alcohol"]["parent_id"] == "cpi"
    assert found["industrial_value_added"]["parent_id"] is None


def test_a_row_that_lost_a_cell_is_unread() -> None:
    source = lines(TABLE.replace("|10.30|9.8|", "|9.8|"))
    reading = extract_statistics(source, context(None))
    assert "industrial_value_added" not in {row.id for row in reading.rows}
    assert [item.reason for item in reading.unread] == ["fewer cells than the table's head"]
    assert is_accounted(reading, source)


def test_a_column_of_a_new_kind_is_reported() -> None:
    head = "## 云州市2022年3月份主要指标\n指标|单位|当月|排位|累计\n财政总收入|亿元|1.0|4|3.0"
    reading = extract_statistics(lines(head), context(None))
    assert reading.rows[1].fields["cumulative"] == Decimal("3.0")
    assert ("排位", "a rank, not a figure; its cells are not read") in [
        (doubt.printed, doubt.reason) for doubt in reading.doubts
    ]


def test_a_second_table_without_a_heading_mark_is_not_run_into_the_first() -> None:
    other = "云州市分县主要经济指标（2022年1—3月）\n地区|增加值|增长\n东溪区|20.1|3.3\n西岭区|30.2|4.4"
    source = lines(f"{TABLE}\n{other}")
    reading = extract_statistics(source, context(None))
    assert len([row for row in reading.rows if row.dataset == "indicators"]) == 7
    assert [item.reason for item in reading.unread] == ["unknown table"] * 4
    assert is_accounted(reading, source)


def test_rows_of_another_head_are_unread() -> None:
    source = lines(
        f"{TABLE.rstrip().removesuffix('云州市统计局制')}地区|增加值|增长|人口|增长|面积\n东溪区|20.1|3.3|5|1.0|7"
    )
    reading = extract_statistics(source, context(None))
    assert len([row for row in reading.rows if row.dataset == "observations"]) == 7
    assert [item.reason for item in reading.unread] == ["not a row under this head"] * 2
    assert is_accounted(reading, source)


def test_an_unlisted_city_is_reported() -> None:
    source = lines("## 青州市2022年3月份主要指标\n指标|单位|当月|累计\n居民消费价格指数（上年同期=100）|%|101.0|101.3")
    reading = extract_statistics(source, context(None))
    indicator, figures = reading.rows
    assert (indicator.id, figures.fields["area_id"]) == ("cpi", "990100")
    assert "青州市 is not in the official list" in (figures.notes or "")
    assert "青州市 is not in the official list; taken as the whole city" in [doubt.reason for doubt in reading.doubts]


def test_no_month_leaves_the_table_unread() -> None:
    source = lines("## 主要指标\n指标|单位|当月|累计\n财政总收入|亿元|1.0|3.0")
    reading = extract_statistics(source, context(None))
    assert not reading.rows
    assert [item.line for item in reading.unread] == [3]
