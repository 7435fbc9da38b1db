"""Rows of documents: body, annexes as provisions, several signers."""

from app.parser import ParsedIssue, parse
from tests.support.invented_issue import AREAS

HEAD = "# 2021.6\n\n总第226期\n\n出版日期：2021年7月20日\n\n主办：临江市人民政府\n\n# 临江市人民政府公报\n\n"
DOCUMENT = """\
临江市林业局关于护林收费的通知

临林发〔2021〕3号

各区林业局：

现将有关事项通知如下：

一、收费标准见附件1。

附件：1.护林收费标准

2.2021年造林计划

3.2022年造林计划

临江市林业局

临江市财政局

2021年5月3日

附件1

护林收费标准

单位：元

项目\t标准
\t主干道\t其他道路
占道\t3\t2

说明：1.不足1平方米的按1平方米计收。

2.未经批准的，不得低于100元。

附件2

2021年造林计划

到2021年底，新增林地500亩。
"""


def parsed() -> ParsedIssue:
    return parse(HEAD + DOCUMENT, AREAS)


def test_the_body_keeps_its_lines_and_the_empty_cells_of_its_tables() -> None:
    body = parsed().rows["documents"][0]["body"]
    assert (
        "\n附件：1.护林收费标准\n2.2021年造林计划\n3.2022年造林计划\n临江市林业局\n临江市财政局\n2021年5月3日\n" in body
    )
    assert "\n项目\t标准\n\t主干道\t其他道路\n占道\t3\t2\n" in body


def test_annexes_are_provisions_also_beside_an_unknown_table() -> None:
    found = parsed()
    paths = {row["path"]: row for row in found.rows["provisions"]}
    assert list(paths) == ["pre", "s1", "annex1", "annex1.n1", "annex1.n2", "annex2"]
    assert (paths["annex1"]["heading"], paths["annex1.n2"]["text"]) == ("护林收费标准", "未经批准的，不得低于100元。")
    assert paths["annex2"]["text"] == "到2021年底，新增林地500亩。"
    assert [each.reason for each in found.unread] == ["unknown table"] * 4
    assert found.rows["documents"][0]["annexes"] == [
        {"number": 1, "title": "护林收费标准", "held": True},
        {"number": 2, "title": "2021年造林计划", "held": True},
        {"number": 3, "title": "2022年造林计划", "held": False},
    ]


def test_several_signers_have_a_line_each() -> None:
    row = parsed().rows["documents"][0]
    assert (row["issuer"], row["notes"]) == ("临江市林业局", "signed by 临江市林业局、临江市财政局")


def test_a_number_at_the_end_of_the_title() -> None:
    text = DOCUMENT.replace("的通知\n\n临林发〔2021〕3号\n", "的通知（临林发〔2021〕3号）\n", 1)
    contents = "## 部门文件\n\n临江市林业局关于护林收费的通知（临林发〔2021〕3号）……（02）\n\n"
    for head in (HEAD, HEAD + contents):
        row = parse(head + text, AREAS).rows["documents"][0]
        assert (row["title"], row["document_number"]) == ("临江市林业局关于护林收费的通知", "临林发〔2021〕3号")
