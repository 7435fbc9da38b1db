"""Documents that neither a number nor the contents list announces."""

from typing import Any

import pytest

from app.parser import parse
from app.parser.records import Line
from app.parser.structure.unlisted_documents import HEAD_FORMS, HeadForm, find_issuer, find_unlisted_title
from tests.support.invented_issue import AREAS

HEAD = "# 2021.6\n\n总第226期\n\n出版日期：2021年7月20日\n\n主办：临江市人民政府\n\n# 临江市人民政府公报\n\n"
NOTICE = """\
临江市人民政府关于印发临江市护林行动计划（2021—2023年）的通知

临政发〔2021〕3号

各区人民政府：

现将《临江市护林行动计划（2021—2023年）》印发给你们。

临江市人民政府

2021年5月3日

（此件公开发布）

临江市护林行动方案（2021—2023年）

为护林，制定本计划。

一、目标

到2023年，新增林地500亩。

"""
REGULATION = """\
临江市护林条例

（2021年2月3日临江市第九届人民代表大会常务委员会第三次会议通过　\
2021年3月9日松山省第十届人民代表大会常务委员会第八次会议批准）

第一条 为了护林，根据《松山省护林条例》，制定本条例。

第二条 本条例自2021年6月1日起施行。

"""
ANNOUNCEMENT = """\
临江市人民代表大会常务委员会公告

第七号

《临江市护林条例》已于2021年2月3日经临江市第九届人民代表大会常务委员会第三次会议通过，现予公布，自2021年6月1日起施行。

临江市人民代表大会常务委员会

2021年3月20日

临江市护林条例

第一条 为了护林，制定本条例。

"""
DECISION = """\
临江市人民代表大会常务委员会关于修改《临江市停车条例》的决定

（2021年4月2日临江市第九届人民代表大会常务委员会第四次会议通过）

会议决定对《临江市停车条例》作如下修改：

一、将第三条修改为：“泊位应当公示。”

本决定自2021年7月1日起施行。

临江市停车条例

（2015年1月1日临江市第七届人民代表大会常务委员会第三次会议通过　根据2021年4月2日\
《临江市人民代表大会常务委员会关于修改〈临江市停车条例〉的决定》修正）

第一条 为了停车，制定本条例。

第二条 本条例自2015年3月1日起施行。

"""
REPORT = """\
政府工作报告

——2021年2月5日在临江市第九届人民代表大会第一次会议上

临江市市长 李江

各位代表：

现在，我向大会报告工作。

一、工作回顾

全市新增林地500亩。

"""
PUBLIC_NOTICE = """\
临江市人民政府通告

为做好护林工作，根据《林木条例》的规定，现将有关事项通告如下。

一、禁止采伐。

二、本通告自发布之日起施行。

临江市人民政府

2021年5月8日

"""
BULLETIN = """\
临江市2020年国民经济和社会发展统计公报

临江市统计局

2021年3月8日

一、综合

全市生产总值10亿元。

"""
CONTENTS = """\
## 法规规章

临江市护林条例……（02）

## 市政府文件

临江市人民政府关于印发临江市护林行动计划（2021—2023年）的通知（临政发〔2021〕3号）……（05）

临江市人民政府通告……（06）

政府工作报告……（07）

临江市2020年国民经济与社会发展统计公报……（08）

临江市人民代表大会常务委员会关于修改《临江市停车条例》的决定……（09）

"""


def documents(text: str) -> dict[str, dict[str, Any]]:
    return {row["title"]: row for row in parse(text, AREAS).rows["documents"]}


TITLES = [
    "临江市人民政府关于印发临江市护林行动计划（2021—2023年）的通知",
    "临江市护林条例",
    "临江市人民政府通告",
    "政府工作报告",
    "临江市人民代表大会常务委员会关于修改《临江市停车条例》的决定",
    "临江市2020年国民经济和社会发展统计公报",
]


@pytest.mark.parametrize("contents", ["", CONTENTS])
def test_documents_without_a_number_are_named_in_the_contents_list_or_not(contents: str) -> None:
    found = documents(HEAD + contents + NOTICE + REGULATION + PUBLIC_NOTICE + REPORT + DECISION + BULLETIN)
    assert list(found) == TITLES
    regulation = found["临江市护林条例"]
    assert (regulation["id"], regulation["document_number"]) == ("linjiangshihulintiaoli", None)
    assert (regulation["issuer"], regulation["signed_on"], str(regulation["effective_on"])) == (
        "临江市人民代表大会常务委员会",
        None,
        "2021-06-01",
    )
    assert regulation["notes"] == (
        "adopted on 2021-02-03 by 临江市人民代表大会常务委员会; approved on 2021-03-09 by 松山省人民代表大会常务委员会"
    )
    decision = found[TITLES[4]]
    assert (decision["issuer"], str(decision["effective_on"])) == ("临江市人民代表大会常务委员会", "2021-07-01")
    assert (found["政府工作报告"]["issuer"], found["政府工作报告"]["signed_on"]) == (None, None)
    assert (found["临江市人民政府通告"]["issuer"], str(found["临江市人民政府通告"]["signed_on"])) == (
        "临江市人民政府",
        "2021-05-08",
    )
    assert (found[TITLES[5]]["issuer"], found[TITLES[5]]["document_type"]) == ("临江市统计局", "bulletin")
    assert all(len(row["id"]) <= 80 for row in found.values())


@pytest.mark.parametrize("contents", ["", CONTENTS])
def test_an_announcement_and_the_regulation_that_it_issues_are_one_document(contents: str) -> None:
    found = documents(HEAD + contents + NOTICE + ANNOUNCEMENT)
    assert list(found) == TITLES[:2]
    announcement = found["临江市护林条例"]
    assert (announcement["document_number"], announcement["id"]) == (
        "临江市人民代表大会常务委员会公告第7号",
        "linjiangshirenmindaibiaodahuichangwuweiyuanhuigonggao-7",
    )
    assert (str(announcement["signed_on"]), str(announcement["effective_on"])) == ("2021-03-20", "2021-06-01")
    assert announcement["section"] == ("法规规章" if contents else None)


def test_the_plan_that_a_notice_issues_is_part_of_it_though_its_title_differs() -> None:
    parsed = parse(HEAD + NOTICE, AREAS)
    assert len(parsed.rows["documents"]) == 1
    assert [row["path"] for row in parsed.rows["provisions"]] == ["pre", "s1"]
    assert "护林行动方案" not in parsed.rows["provisions"][0]["text"]
    assert "公开发布" not in parsed.rows["provisions"][0]["text"]
    assert "\n临江市护林行动方案（2021—2023年）\n" in parsed.rows["documents"][0]["body"]


def test_a_line_without_full_stop_above_a_title_is_no_part_of_it() -> None:
    found = documents(HEAD + NOTICE + "二、措施\n\n各区落实责任\n\n" + REGULATION)
    assert list(found) == TITLES[:2]


def test_an_order_that_issues_a_decision_and_a_report_that_is_passed_on() -> None:
    order = "\n\n".join(
        [
            *("临江市人民政府令", "第9号"),
            "《临江市人民政府关于修改部分规章的决定》已经通过，现予公布，自2021年6月1日起施行。",
            *("市长　李江", "2021年5月9日", "临江市人民政府关于修改", "部分规章的决定"),
            *("为了改革，市政府决定：", "一、修改一部规章。（附件1）", "本决定自2021年6月1日起施行。", ""),
        ]
    )
    report = "\n\n".join(
        [
            *(
                "临江市人民政府批转市林业局关于护林情况报告的通知",
                "临政发〔2021〕8号",
                "各区人民政府：",
                "现转发给你们。",
            ),
            *("临江市人民政府", "2021年5月9日", "关于护林情况的报告", "市政府：", "一、情况", "全市护林。"),
            *("临江市林业局", "2021年5月1日", ""),
        ]
    )
    parsed = parse(HEAD + order + report, AREAS)
    texts = {row["id"]: row["text"] for row in parsed.rows["provisions"]}
    assert [row["title"] for row in parsed.rows["documents"]] == [
        "临江市人民政府关于修改部分规章的决定",
        "临江市人民政府批转市林业局关于护林情况报告的通知",
    ]
    assert texts["linjiangshirenminzhengfuling-9.pre"].endswith("施行。\n为了改革，市政府决定：")
    assert texts["linjiangshirenminzhengfuling-9.s1"] == "修改一部规章。（附件1）\n本决定自2021年6月1日起施行。"
    assert texts["linzhengfa-2021-8.pre"] == "各区人民政府：\n现转发给你们。\n市政府："
    assert texts["linzhengfa-2021-8.s1"] == "全市护林。"


def test_a_regulation_that_a_notice_only_cites_is_a_document() -> None:
    citing = NOTICE.replace("各区人民政府：\n\n", "各区人民政府：\n\n根据《临江市护林条例》的规定，特制定计划。\n\n")
    assert list(documents(HEAD + citing + REGULATION)) == TITLES[:2]


def test_a_headline_among_the_news_is_no_document() -> None:
    news = "## 政务简讯\n\n临江市人民政府关于护林的决定\n\n5月3日，市政府召开会议，研究全市护林工作并作出决定。\n\n"
    assert list(documents(HEAD + NOTICE + news)) == TITLES[:1]
    assert list(documents(HEAD + NOTICE + news + REGULATION)) == TITLES[:2]


def test_an_annex_is_no_document() -> None:
    annex = "附件\n\n临江市护林办法\n\n第一条 为了护林，制定本办法。\n\n"
    assert list(documents(HEAD + NOTICE + annex)) == TITLES[:1]
    listed = NOTICE.replace("临江市人民政府\n\n2021年", "附件：临江市护林办法\n\n临江市人民政府\n\n2021年", 1)
    assert list(documents(HEAD + listed + annex.replace("附件\n\n", ""))) == TITLES[:1]


BELOW = {
    "adoption": "（2021年2月3日临江市第九届人民代表大会第三次会议通过）",
    "article": "第一条 为了护林，制定本条例。",
    "addressee": "各区人民政府，市政府各部门：",
    "serial": "（第7号）",
    "sentence": "为了做好全市护林工作，根据有关法律的规定，现将有关事项通告如下。",
    "address": "各位代表：",
    "delivery": "——2021年2月5日在临江市第九届人民代表大会第一次会议上",
    "issuer": "临江市统计局",
    "part": "一、综合",
}


@pytest.mark.parametrize("form", HEAD_FORMS, ids=lambda form: form.example)
def test_the_example_of_every_form(form: HeadForm) -> None:
    for below in form.below:
        assert find_unlisted_title([Line(1, form.example), Line(2, BELOW[below])], 0) == (0,)
    assert find_unlisted_title([Line(1, form.example), Line(2, "临江市林业局")], 0) in ((), (0,))
    assert find_unlisted_title([Line(1, form.example)], 0) == ()


@pytest.mark.parametrize(
    ("title", "issuer"),
    [
        ("临江市人民政府关于护林的通知", "临江市人民政府"),
        ("临江市林业局、财政局关于护林的通知", "临江市林业局、财政局"),
        ("临江市人民政府办公室转发市林业局关于护林意见的通知", "临江市人民政府办公室"),
        ("临江市人民政府通告", "临江市人民政府"),
        ("临江市人民政府办公室对第12号建议的答复", "临江市人民政府办公室"),
        ("对外贸易局关于护林的通知", "对外贸易局"),
        ("中共临江市委、临江市人民政府印发《关于护林的意见》", "中共临江市委、临江市人民政府"),
        ("关于护林的通知", None),
        ("政府工作报告", None),
        ("临江市护林条例", None),
    ],
)
def test_the_issuer_in_a_title(title: str, issuer: str | None) -> None:
    assert find_issuer(title) == issuer
