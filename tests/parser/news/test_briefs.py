"""News briefs and the imprint."""

from __future__ import annotations

from datetime import date

from app.parser.news.briefs import extract_back_matter, extract_briefs
from app.parser.structure.imprint import extract_back_items
from tests.support.invented_lines import context, is_accounted, lines

NEWS = """
# 政 务 简 讯

## 甲市举行第一场 汇报会

3月5日，甲市举行汇报会，各部门

先后发言。

## 一、分题
会议要求抓好落实。

乙区启动创建工作
3月9日，乙区启动创建工作。
"""

BACK = """
《云州市人民政府公报》赠阅范围：
各村委会；有关企业等。
## 云州市人民政府公报
---
主办：云州市人民政府
GAZETTE OF THE PEOPLE'S GOVERNMENT
**2022**
第 3 期 (总第99期)
3月8日，某赛事在本市举行
（王五/摄）

12月30日，某展览开幕

无从归类的一行

# 南浦县做好三件事
近年来,南浦县做了三件事。
## 一、第一件
第一件事
很要紧。
图1:现场
"""


def test_briefs() -> None:
    source = lines(NEWS)
    reading = extract_briefs(source, context(None), 1)
    first, second = reading.rows
    assert (first.id, first.fields["kind"], first.fields["date"]) == ("2022-03.1", "brief", date(2022, 3, 5))
    assert first.fields["title"] == "甲市举行第一场汇报会"
    assert first.fields["text"] == "3月5日，甲市举行汇报会，各部门先后发言。\n一、分题\n会议要求抓好落实。"
    assert (second.fields["title"], second.fields["date"]) == ("乙区启动创建工作", date(2022, 3, 9))
    assert is_accounted(reading, source)
    assert not reading.unread


def test_back_matter() -> None:
    source = lines(BACK)
    reading = extract_back_matter(source, context(None), 6)
    assert [(row.id, row.fields["kind"], row.fields["date"]) for row in reading.rows] == [
        ("2022-03.6", "photo", date(2022, 3, 8)),
        ("2022-03.7", "photo", date(2021, 12, 30)),
        ("2022-03.8", "feature", None),
    ]
    photo, _, feature = reading.rows
    assert photo.fields["text"] == "3月8日，某赛事在本市举行\n（王五/摄）"
    assert photo.fields["title"] is None
    assert feature.fields["title"] == "南浦县做好三件事"
    assert feature.fields["text"] == "近年来,南浦县做了三件事。\n一、第一件\n第一件事很要紧。\n图1:现场"
    assert [item.start for item in reading.unread] == ["无从归类的一行"]
    imprint = extract_back_items(source)
    reading.read_lines |= imprint.lines
    assert is_accounted(reading, source)
    assert imprint.items == [
        {"label": "赠阅范围", "value": "各村委会；有关企业等。"},
        {"label": None, "value": "云州市人民政府公报"},
        {"label": "主办", "value": "云州市人民政府"},
        {"label": None, "value": "GAZETTE OF THE PEOPLE'S GOVERNMENT"},
    ]


def test_a_feature_whose_heading_mark_is_lost() -> None:
    story = "近年来,南浦县做了三件事。" + "第一件事很要紧，" * 8 + "都已完成。"
    source = lines(f"3月8日，某赛事在本市举行\n（王五/摄）\n\n南浦县做好“三件事”\n\n{story}\n\n一、第一件")
    reading = extract_back_matter(source, context(None), 1)
    assert [row.fields["kind"] for row in reading.rows] == ["photo", "feature"]
    assert reading.rows[1].fields["title"] == "南浦县做好“三件事”"
    assert is_accounted(reading, source)
    assert not reading.unread
