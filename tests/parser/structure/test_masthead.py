"""The masthead of an issue."""

import pytest

from app.parser import NotAGazetteError, parse
from tests.support.invented_issue import AREAS, ISSUE


@pytest.mark.parametrize("text", ["", " \n\n", "%PDF-1.7", "没有期号的文字\n", "2023.11\n"])
def test_text_that_is_no_gazette_is_refused(text: str) -> None:
    with pytest.raises(NotAGazetteError):
        parse(text, AREAS)


def test_two_issues_are_refused() -> None:
    other = (
        ISSUE.replace("# 2023.11", "# 2023.12").replace("总第88期", "总第89期").replace("2023年12月5日", "2024年1月5日")
    )
    with pytest.raises(NotAGazetteError, match="more than one issue"):
        parse(ISSUE + other, AREAS)


HEAD = "临江市人民政府公报\n2021年第5期（总第225期）\n2021年6月20日出版\n"
CONTENTS = "目录\n临江市人民政府关于甲的通知（临政发〔2021〕5号）……（2）\n"
DOCUMENT = "临江市人民政府关于甲的通知\n临政发〔2021〕5号\n各区人民政府：\n现通知如下。\n临江市人民政府\n2021年5月3日\n"


@pytest.mark.parametrize(
    ("head", "title", "publisher"),
    [
        (HEAD, "临江市人民政府公报", None),
        (HEAD + "主管：临江市人民政府 主办：临江市人民政府办公室\n", "临江市人民政府公报", "临江市人民政府办公室"),
        (HEAD + "出版：2021年6月20日\n编印：临江市公报编辑部\n", "临江市人民政府公报", "临江市公报编辑部"),
        (HEAD.replace("\n", " | ", 2), "临江市人民政府公报", None),
        (HEAD.replace("公报\n", "公报\n（临江政报）\n"), "临江市人民政府公报", None),
        (HEAD.replace("临江市人民政府公报", "《临江政报》"), "临江政报", None),
        (HEAD.replace("公报\n", "公报·"), "临江市人民政府公报", None),
    ],
)
def test_title_and_publisher(head: str, title: str, publisher: str | None) -> None:
    (issue,) = parse(head + CONTENTS + DOCUMENT, AREAS).rows["issues"]
    assert (issue["id"], issue["cumulative_number"]) == ("2021-05", 225)
    assert (issue["title"], issue["publisher"]) == (title, publisher)


def test_the_imprint_of_the_last_pages_is_that_of_the_issue() -> None:
    back = "主办：临江市人民政府\n《临江市人民政府公报》赠阅范围：\n全市各村委会\n2021年第5期（总第225期）\n"
    text = HEAD + "主办：临江市人民政府\n" + CONTENTS + DOCUMENT + back
    parsed = parse(text, AREAS)
    (issue,) = parsed.rows["issues"]
    assert [(item["label"], item["value"]) for item in issue["imprint"]] == [
        (None, "临江市人民政府公报"),
        (None, "2021年第5期（总第225期）"),
        (None, "2021年6月20日出版"),
        ("主办", "临江市人民政府"),
        ("赠阅范围", "全市各村委会"),
    ]
    assert parsed.unread == []


def test_what_stands_above_the_first_document_and_is_no_imprint_is_unread() -> None:
    prose = "各区人民政府要加强组织领导，明确责任分工，确保各项任务按时完成，并于年底前将情况报市政府办公室。\n"
    parsed = parse(HEAD + prose + "甲\t1\n" + CONTENTS + DOCUMENT, AREAS)
    assert [each.line for each in parsed.unread] == [4, 5]


def test_a_combined_issue_and_a_supplement() -> None:
    (combined,) = parse(HEAD.replace("第5期", "第5、6期合刊", 1) + CONTENTS + DOCUMENT, AREAS).rows["issues"]
    assert (combined["id"], combined["number"], combined["number_to"]) == ("2021-05_06", 5, 6)
    (supplement,) = parse(HEAD.replace("第5期", "第5期增刊", 1) + CONTENTS + DOCUMENT, AREAS).rows["issues"]
    assert (supplement["id"], supplement["number"], supplement["number_to"]) == ("2021-05-s1", 5, None)
