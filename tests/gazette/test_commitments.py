"""Figures, limits and promises about water sections, as (sentence, expected) pairs."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.parser.documents.commitments import read_commitments
from app.parser.documents.provisions import read_provisions
from app.parser.documents.water_targets import read_targets, split_names
from app.parser.records import Context
from app.parser.structure.document_layout import Layout
from app.parser.structure.paragraphs import paragraphs
from app.parser.text.normalise import split_lines
from tests.gazette.invented_issue import AREAS

CONTEXT = Context("2023-11", date(2023, 12, 5), AREAS, "doc")


def commitments(text: str, title: str = "碧水行动计划（2024—2026年）") -> list[dict[str, Any]]:
    flow = paragraphs(split_lines(text))
    layout = Layout(title, None, None, None, date(2023, 2, 1), flow, flow, [], [], [])
    return [dict(row.fields) for row in read_commitments("doc", layout, read_provisions(layout))]


@pytest.mark.parametrize(
    ("sentence", "kind", "comparator", "value", "unit"),
    [
        ("劳模享受一次性补助450元。", "amount", "eq", "450", "元"),
        ("劳模每月享受津贴450元。", "amount", "eq", "450", "元/月"),
        ("每人每年给予补助1200元。", "amount", "eq", "1200", "元/年"),
        ("2024年底排查整治率达100%。", "target", "eq", "100", "%"),
        ("形成东片、西片等6大重点区域。", "target", "eq", "6", "个"),
        ("东区41个行政村作为本轮改造重点范围。", "target", "eq", "41", "个"),
        ("按6:4比例分成(迁出地占比4)。", "rate", "eq", "40", "%"),
        ("对企业给予不超过投资额15%的补助。", "rate", "lte", "15", "%"),
        ("按不低于70%给予补助。", "rate", "gte", "70", "%"),
        ("全市优良比例达到85.5%以上。", "target", "gte", "85.5", "%"),
        ("年满65周岁的居民。", "threshold", "gte", "65", "周岁"),
        ("日供水90吨以上的水站。", "threshold", "gte", "90", "吨"),
        ("到2025年，全市海洋生产总值达到1800亿元以上。", "target", "gte", "1800", "亿元"),
        ("港口吞吐量突破1.5亿吨。", "target", "gte", "1.5", "亿吨"),
        ("集装箱吞吐量达到120万标箱。", "target", "gte", "120", "万标箱"),
        ("年产值500万元以上的企业。", "threshold", "gte", "500", "万元"),
        ("办公室在5个工作日内答复。", "deadline", "lte", "5", "个工作日"),
        ("公示时间不少于7天。", "deadline", "gte", "7", "天"),
        ("按照6:4比例分成。", "rate", "eq", "60", "%"),
        ("给予全额补助。", "rate", "eq", "100", "%"),
        ("建成绿道45公里以上。", "target", "gte", "45", "公里"),
        ("每站确定两名护林员。", "target", "eq", "2", "名"),
    ],
)
def test_one_figure(sentence: str, kind: str, comparator: str, value: str, unit: str) -> None:
    (found,) = commitments(sentence)
    assert (found["kind"], found["comparator"], found["value"], found["unit"]) == (
        kind,
        comparator,
        Decimal(value),
        unit,
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "湖区面积共36平方公里。",
        "渔户约1.2万户。",
        "在1971年至1975年期间建成。",
        "根据《若干意见》（临政发〔2013〕52号）精神。",
        "近三年经营情况。",
        "共计31个行政村。",
    ],
)
def test_background_promises_nothing(sentence: str) -> None:
    assert commitments(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "due_from", "due_to"),
    [
        ("2024年4月底前完成排查。", None, date(2024, 4, 30)),
        ("到2025年，基本实现全覆盖。", None, date(2025, 12, 31)),
        ("2024年到2025年，持续巩固成果。", date(2024, 1, 1), date(2025, 12, 31)),
        ("各站须于7月底前报送台账。", None, date(2023, 7, 31)),
        ("1月底前完成方案。", None, None),
        ("当年10月20日前报送名单。", None, None),
        ("计划三年内完成修缮17座以上。", date(2024, 1, 1), date(2026, 12, 31)),
    ],
)
def test_limits(sentence: str, due_from: date | None, due_to: date | None) -> None:
    (found,) = commitments(sentence)
    assert (found["due_from"], found["due_to"]) == (due_from, due_to)


@pytest.mark.parametrize(
    ("sentence", "subject"),
    [
        ("县级护林员按不低于70%给予补助。", "县级护林员给予补助"),
        ("鼓励获得4A以上信用等级的协会承接。", "信用等级"),
        ("围绕改善目标，利用3年时间，通过补种等方式，对残林实施改造。", "残林实施改造"),
        ("按6:4比例计算划转收入（迁出地占比6）。", "计算划转收入"),
        ("计划三年内完成修缮17座以上，五年内完成30座。", "修缮"),
        ("到2025年，" + "甲乙" * 25 + "。", "甲乙" * 19 + "甲…"),
    ],
)
def test_subject(sentence: str, subject: str) -> None:
    assert commitments(sentence)[-1]["subject_zh"] == subject


@pytest.mark.parametrize(
    ("sentence", "body"),
    [
        ("当年10月20日前，迁出地林业部门向财政部门提供名单。", "迁出地林业部门"),
        ("护林办公室应当公示名单，公示时间不少于7天。", "护林办公室"),
        ("各县(市、区)政府要落实责任，每站确定两名护林员。", "各县(市、区)政府"),
    ],
)
def test_the_body_that_must_act(sentence: str, body: str) -> None:
    assert [found["responsible"] for found in commitments(sentence)] == [[body]]


def test_a_condition_is_not_striven_for() -> None:
    (found,) = commitments("鼓励获得4A以上信用等级的协会承接。")
    assert (found["kind"], found["certainty"]) == ("threshold", "firm")


def test_validity_has_the_days_of_the_closing_article() -> None:
    (found,) = commitments("本办法自2023年4月1日起施行,有效期2年。")
    assert (found["subject_zh"], found["due_to"]) == ("本办法有效期", date(2025, 3, 31))


def test_a_subject_has_no_date_whatever_the_width_of_its_figures() -> None:
    (found,) = commitments("２０２４年底全市河道排查率达１００%。")
    assert (found["subject_zh"], found["value"]) == ("全市河道排查率", Decimal(100))


def test_striving_is_told_from_promising() -> None:
    first, second = commitments("2024年优良比例力争达到80%以上，2025年优良比例达到85%以上。")
    assert (first["certainty"], second["certainty"]) == ("strive", "firm")
    assert (first["due_to"], second["due_to"]) == (date(2024, 12, 31), date(2025, 12, 31))


def targets(text: str) -> list[tuple[Any, ...]]:
    flow = paragraphs(split_lines("## 一、工作目标\n" + text))
    title = "碧水行动计划（2024—2026年）"
    layout = Layout(title, None, None, None, None, flow, flow, [], [], [])
    found = read_targets(title, read_provisions(layout), CONTEXT).reading
    names = ("year_from", "year_to", "target_class", "commitment", "certainty")
    return [(row.id, *(row.fields[name] for name in names)) for row in found.rows]


def test_water_targets() -> None:
    assert targets(
        "梅滩断面水质稳定在Ⅲ类。2024年，东山柳桥、西山区杏渡2个断面水质力争提升到Ⅱ类。2025年，柳桥断面水质消除Ⅴ类。"
    ) == [
        ("meitan.2026.1", 2024, 2026, "III", "hold", "firm"),
        ("liuqiao.2024.1", 2024, 2024, "II", "reach", "strive"),
        ("xingdu.2024.1", 2024, 2024, "II", "reach", "strive"),
        ("liuqiao.2025.1", 2025, 2025, None, "eliminate_V", "firm"),
    ]


def test_years_of_the_plans_title_are_told_and_the_last_promised_class_is_known() -> None:
    flow = paragraphs(
        split_lines(
            "## 一、工作目标\n梅滩断面水质稳定在Ⅲ类。2025年，柳桥断面水质提升到Ⅲ类。2026年，柳桥断面水质达到Ⅱ类。"
        )
    )
    title = "碧水行动计划（2024—2026年）"
    layout = Layout(title, None, None, None, None, flow, flow, [], [], [])
    found = read_targets(title, read_provisions(layout), CONTEXT)
    assert [(row.id, row.notes) for row in found.reading.rows] == [
        ("meitan.2026.1", "no year printed; the years are those of the plan's title"),
        ("liuqiao.2025.1", None),
        ("liuqiao.2026.1", None),
    ]
    assert found.classes == {"梅滩": "III", "柳桥": "II"}


def test_areas_go_with_the_names_after_them() -> None:
    assert split_names("东山柳桥、梅滩，东山、西山杏渡和竹港", AREAS) == [
        ("柳桥", ["东山区"]),
        ("梅滩", ["东山区"]),
        ("杏渡", ["东山区", "西山区"]),
        ("竹港", ["东山区", "西山区"]),
    ]
