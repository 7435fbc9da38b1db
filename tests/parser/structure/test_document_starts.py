"""Starts of documents: numbers above and below titles, and orders."""

from typing import Any

import pytest

from app.parser import parse
from app.parser.structure.contents import ContentsEntry
from app.parser.structure.document_starts import is_document
from tests.support.invented_issue import AREAS, ISSUE, by_id

HEAD = """\
# 2023.12

总第89期

出版日期：2024年1月5日

## 市政府令

临江市危险住宅处置规定（临江市人民政府令第16号）……（02）

## 市府办文件

临江市人民政府办公室关于公布绿道清单的通知（临政办〔2023〕50号）……（05）

关于白某任职的通知（临政干〔2023〕9号）……（08）

"""

ORDER = """\
# 临江市人民政府令

第１６号

《临江市危险住宅处置规定》已经审议通过，现予公布，自2024年2月1日起施行。

市长 李江

2023年12月3日

## 临江市危险住宅处置规定

第一条 为处置危险住宅，制定本规定。

"""

LIST = """\
# 临江市人民政府办公室

关于公布绿道清单的通知

临政办【2023】50号

各区政府：

现予公布。

附件：绿道清单

临江市人民政府办公室

2023年12月7日

附件

绿道清单

绿道	里程
柳桥	3

"""

NUMBER_FIRST = """\
临政干〔2023〕9号

# 关于白某任职的通知

各区政府：

白某任临江市某局副局长。

临江市人民政府

2023年12月9日
"""


def documents(text: str) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in parse(text, AREAS).rows["documents"]}


def test_a_number_above_its_title_leaves_the_document_before_it_whole() -> None:
    found = documents(HEAD + LIST + NUMBER_FIRST)
    assert list(found) == ["linzhengban-2023-50", "linzhenggan-2023-9"]
    first, second = found.values()
    assert (str(first["signed_on"]), first["annexes"][0]["held"]) == ("2023-12-07", True)
    assert (second["title"], str(second["signed_on"]), second["notes"]) == (
        "关于白某任职的通知",
        "2023-12-09",
        None,
    )


def test_a_number_above_a_title_that_the_contents_list_does_not_name() -> None:
    found = documents(HEAD.partition("## 市政府令")[0] + LIST + NUMBER_FIRST)
    assert [row["title"] for row in found.values()] == [
        "临江市人民政府办公室关于公布绿道清单的通知",
        "关于白某任职的通知",
    ]


def test_an_order_bears_the_title_of_what_it_issues() -> None:
    parsed = parse(HEAD + ORDER + LIST + NUMBER_FIRST, AREAS)
    order = parsed.rows["documents"][0]
    assert (order["id"], order["document_number"], order["title"]) == (
        "linjiangshirenminzhengfuling-16",
        "临江市人民政府令第16号",
        "临江市危险住宅处置规定",
    )
    assert (order["issuer"], order["page_from"], str(order["effective_on"])) == ("临江市人民政府", 2, "2024-02-01")
    assert not [row for row in parsed.rows.get("relations", []) if row["document_id"] == order["id"]]
    assert [each.number for each in parsed.declared if "contents list" in each.subject] == [3]


def test_an_order_without_a_contents_list_takes_the_title_of_its_text() -> None:
    order = next(iter(documents(HEAD.partition("## 市政府令")[0] + ORDER).values()))
    assert (order["document_number"], order["title"]) == ("临江市人民政府令第16号", "临江市危险住宅处置规定")


PASSED_ON = """\
临江市人民政府办公室

转发市民政局等单位关于加强养老服务若干意见的通知

临政办〔2023〕51号

各区政府：

《养老服务若干意见》已经市政府同意，现转发给你们。

临江市人民政府办公室

2023年12月8日

加强养老服务若干意见

为加强养老服务，提出以下意见。

一、加大补助

每张床位补助不低于1.2万元，最高不超过300万元。
"""


def test_a_document_that_is_passed_on_has_one_title_and_one_row() -> None:
    entry = "临江市人民政府办公室转发市民政局等单位关于加强养老服务若干意见的通知（临政办〔2023〕51号）……（09）\n\n"
    for head in (HEAD + entry, HEAD):
        parsed = parse(head + PASSED_ON, AREAS)
        assert [row["id"] for row in parsed.rows["documents"]] == ["linzhengban-2023-51"]
        assert parsed.rows["documents"][0]["issuer"] == "临江市人民政府办公室"
        preamble = parsed.rows["provisions"][0]["text"]
        assert preamble.endswith("\n为加强养老服务，提出以下意见。")
        subjects = [row["subject_zh"] for row in parsed.rows["commitments"]]
        assert subjects == ["每张床位补助", "每张床位补助"]


def test_a_document_without_number_line_is_found_by_its_listed_title() -> None:
    found = by_id(parse(ISSUE.replace("\n临政发〔2023〕16号\n", "\n"), AREAS), "documents")
    assert found["linzhengfa-2023-16"]["notes"] == "number taken from the contents list"


@pytest.mark.parametrize(
    ("section", "title", "expected"),
    [
        ("市政府文件", "临江市护林条例", True),
        ("市政府文件", "临江市主要农副产品价格行情", True),
        ("法规", "政府工作报告", True),
        (None, "临江市人民政府令", True),
        (None, "临江市2020年国民经济和社会发展统计公报", True),
        (None, "关于下达经济指标的通知", True),
        ("人事任免", "11月份市政府人事任免", False),
        ("人事任免", "临江市人民政府关于白某任职的通知", True),
        ("政务简讯", "市政府研究护林规划", False),
        ("统计资料", "临江市主要经济指标", False),
        (None, "《临江市护林条例》解读", False),
        (None, "5月份市政府记事", False),
    ],
)
def test_which_entries_name_documents(section: str | None, title: str, expected: bool) -> None:
    assert is_document(ContentsEntry(section, title, None, 2, 1)) is expected


def test_a_title_above_its_number_ends_with_the_document_before_it() -> None:
    text = LIST + "临江市人民政府对\n\n第12号建议的答复\n\n临政函〔2023〕8号\n\n李代表：\n\n感谢支持。\n"
    found = documents(HEAD.partition("## 市政府令")[0] + text)
    assert [row["title"] for row in found.values()] == [
        "临江市人民政府办公室关于公布绿道清单的通知",
        "临江市人民政府对第12号建议的答复",
    ]
