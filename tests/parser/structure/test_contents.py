"""The contents list of an issue."""

import re

import pytest

from app.parser import ParsedIssue, parse
from tests.support.invented_issue import AREAS, ISSUE, by_id


@pytest.mark.parametrize("leaders", ["……\\1", "\t\\1", "    \\1", " / \\1", "（\\1）", "……[\\1]", "——— \\1"])
def test_forms_of_the_contents_list(parsed: ParsedIssue, leaders: str) -> None:
    text = re.sub(r"…+[（(](\d\d)[）)]", leaders, ISSUE)
    assert by_id(parse(text, AREAS), "issues")["2023-11"]["contents"] == parsed.rows["issues"][0]["contents"]


def test_an_issue_without_a_contents_list(parsed: ParsedIssue) -> None:
    start, end = ISSUE.index("## 市政府令"), ISSUE.index("LJCC00")
    catalogue = "\n## 11月份市政府、市政府办公室发文目录\n\n- 临政发〔2023〕15号 关于加快冰雪产业发展的若干意见\n"
    found = parse(ISSUE[:start] + ISSUE[end:] + catalogue, AREAS)
    issue = by_id(found, "issues")["2023-11"]
    assert (issue["title"], issue["publisher"], issue["contents"]) == ("临江市人民政府公报", "临江市人民政府", [])
    assert list(by_id(found, "documents")) == list(by_id(parsed, "documents"))
    assert list(by_id(found, "events")) == list(by_id(parsed, "events"))
    assert "11月份市政府、市政府办公室发文目录" not in [each.start for each in found.unread]
