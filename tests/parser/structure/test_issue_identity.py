"""Which issue a text is, where head and back cover agree and where they do not."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.parser.structure.issue_identity import (
    NO_DECISIONS,
    IssueDecisions,
    IssueIdentity,
    IssueNumber,
    NotAGazetteError,
    identify_issue,
    parse_issue_id,
)
from app.parser.text.normalise import split_lines

HEAD = "# 2023.11\n\n总第88期（月刊）\n\n出版日期：2023年12月5日\n"
BODY = "\n一些文字。\n" * 20
BACK = "**2023**\n\n第 11 期 (总第88期)\n"


def identify(text: str, decisions: IssueDecisions = NO_DECISIONS) -> IssueIdentity:
    return identify_issue(split_lines(text), decisions)


@pytest.mark.parametrize(
    ("head", "back", "issue_id"),
    [
        (HEAD, BACK, "2023-11"),
        (HEAD, "", "2023-11"),
        (HEAD.replace("2023.11", "2023年第11期"), BACK, "2023-11"),
        (HEAD.replace("2023.11", "2023.11-12"), BACK.replace("第 11 期", "第11、12期"), "2023-11_12"),
        (HEAD.replace("2023.11", "2023年第11-12期合刊").replace("第88期", "第88-89期"), "", "2023-11_12"),
        (HEAD.replace("2023.11", "2023.11（增刊）"), BACK.replace("期 (", "期增刊("), "2023-11-s1"),
        (HEAD.replace("2023.11", "2023.11\n\n增刊2"), "", "2023-11-s2"),
    ],
)
def test_an_issue_has_an_id_of_its_own(head: str, back: str, issue_id: str) -> None:
    identity = identify(head + BODY + back)
    assert (identity.issue_id, identity.cumulative_number, identity.doubts) == (issue_id, 88, ())
    assert identity.published_on == date(2023, 12, 5)


@pytest.mark.parametrize(
    ("back", "said", "option"),
    [
        (BACK.replace("11", "10"), r"number 2023-11 \(line 1\), 2023-10", "--issue"),
        (BACK.replace("2023", "2022"), r"number 2023-11 \(line 1\), 2022-11", "--issue"),
        (BACK.replace("88", "89"), r"serial number 88 \(line 3\), 89", "--serial"),
        (BACK + "\n出版日期：2023年12月6日\n", "day of publication 2023-12-05 .line 5., 2023-12-06", "--published-on"),
    ],
)
def test_head_and_back_cover_that_disagree_are_left_to_the_operator(back: str, said: str, option: str) -> None:
    identity = identify(HEAD + BODY + back)
    assert identity.issue_id == "2023-11"
    (contradiction,) = identity.contradictions
    assert re.search(f"disagree: {said}.*decide with {option}", str(contradiction))
    assert len(identity.doubts) == 1
    assert identity.doubts[0].line > len(HEAD.splitlines())


def test_the_operator_decides() -> None:
    back = BACK.replace("11", "10").replace("88", "87") + "\n出版日期：2023年11月5日\n"
    decisions = IssueDecisions(IssueNumber(2023, 10), 87, date(2023, 11, 5))
    identity = identify(HEAD + BODY + back, decisions)
    assert (identity.issue_id, identity.cumulative_number, identity.published_on) == (
        "2023-10",
        87,
        date(2023, 11, 5),
    )
    assert [each.printed for each in identity.doubts] == ["2023-11", "88", "2023-12-05"]
    assert identity.contradictions == ()


def test_a_text_without_a_cover_is_what_the_operator_says() -> None:
    with pytest.raises(NotAGazetteError, match="no issue number and no date"):
        identify(BODY)
    identity = identify(BODY, IssueDecisions(IssueNumber(2023, 11), None, date(2023, 12, 5)))
    assert (identity.issue_id, identity.cumulative_number) == ("2023-11", None)


def test_a_number_in_the_running_text_is_not_the_cover() -> None:
    text = "\n第三期工程验收\n\n2024.12\n\n2022年\n"
    assert identify(HEAD + BODY + text + BODY + BACK).issue_id == "2023-11"


@pytest.mark.parametrize("text", ["2021-5", "2021-00", "2021-06_05", "2021-05-s0", "２０２１-05", "2021-05\n", "x", ""])
def test_what_is_no_id_of_an_issue(text: str) -> None:
    assert parse_issue_id(text) is None


@given(st.integers(1900, 2099), st.integers(1, 98), st.booleans(), st.one_of(st.none(), st.integers(1, 99)))
def test_an_id_says_what_it_was_made_of(year: int, number: int, combined: bool, supplement: int | None) -> None:
    issue = IssueNumber(year, number, number + 1 if combined else None, supplement)
    assert parse_issue_id(issue.issue_id) == issue


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("临江市人民政府公报\n2021年第6期（总第226期）\n2021年6月30日", "2021-06 226 2021-06-30"),
        ("国务院公报\n\n2021年第6号\n\n（总号：1653）\n\n2月28日", "2021-06 1653 2021-02-28"),
        ("临江市人民政府公报 2021年第5期 （总第485期） 3月5日出版", "2021-05 485 2021-03-05"),
        ("临江市人民政府公报\n2021\n第15期\n（总第1300期）\n出版日期：2021年5月31日", "2021-15 1300 2021-05-31"),
        ("临江政报\n二〇二一年第五期（总第三百二十期）\n二〇二一年五月三十日出版", "2021-05 320 2021-05-30"),
        ("临江市人民政府公报\n2021·16\n（总第853期）\n出版日期：2021-06-10", "2021-16 853 2021-06-10"),
        (
            "临江市人民政府公报\n２０２１年第５期（总第２２５期）\n出版日期：２０２１年６月２０日",
            "2021-05 225 2021-06-20",
        ),
        ("临江市人民政府公报\n2021年5月号（总第225期）\n2021年6月20日", "2021-05 225 2021-06-20"),
        ("临江市人民政府公报\n2021年第5、6期（合刊）\n2021年7月1日出版", "2021-05_06 None 2021-07-01"),
        ("临江政报\n2021.5—6\n2021.07.01", "2021-05_06 None 2021-07-01"),
        ("临江市人民政府公报\n2021年第5期\n增刊\n编印日期：2021年7月1日", "2021-05-s1 None 2021-07-01"),
        ("临江市人民政府公报\n第5期\n总第225期\n印刷日期：2021年6月18日", "2021-05 225 2021-06-18"),
        (
            "临江市人民政府公报\n2021年第5期\n印刷日期：2021年6月18日\n出版日期：2021年6月20日",
            "2021-05 None 2021-06-20",
        ),
        ("【临江市人民政府公报】\n【2021年第5期】\n【总第225期】\n【2021年6月18日】", "2021-05 225 2021-06-18"),
        ("（2021年第5期 总第225期）\n（2021年6月18日出版）\nISSN 1672-1578\nCN 33-1234/D", "2021-05 225 2021-06-18"),
        ("月刊 1984年创刊 第15卷 第5期\n准印证号：浙内准字第C021号\n2021年6月18日", "2021-05 None 2021-06-18"),
        ("2021年5月31日 第10期 总第225期\n临江市人民政府公报", "2021-10 225 2021-05-31"),
        ("临江市人民政府公报\n2021年第五期\n出版时间：\n2021年6月18日", "2021-05 None 2021-06-18"),
        (
            "2 0 2 1 年 第 5 期\n2 0 2 1 年 6 月 2 0 日\n主管：临江市人民政府 主办：临江市人民政府办公室",
            "2021-05 None 2021-06-20",
        ),
        ("国务院公报\n一九八一年\n第十五号\n（总号：362）\n七月二十五日", "1981-15 362 1981-07-25"),
        ("GAZETTE 2021·05\n临江市人民政府公报\n总第0225期\n2021年6月20日 星期日", "2021-05 225 2021-06-20"),
        ("第6期\n\n2021年\n\n临江市人民政府办公室编 2021年6月30日", "2021-06 None 2021-06-30"),
    ],
)
def test_forms_of_a_masthead(head: str, said: str) -> None:
    identity = identify(head + CONTENTS + BODY)
    assert f"{identity.issue_id} {identity.cumulative_number} {identity.published_on}" == said
    assert identity.contradictions == ()


CONTENTS = "\n\n目录\n\n关于甲的通知（临政发〔2021〕5号）……（2）\n\n临政发〔2021〕5号\n\n2021年5月3日\n"


@pytest.mark.parametrize(
    ("head", "option"),
    [
        ("临江市人民政府公报\n2021年增刊\n2021年7月1日", "--issue"),
        ("临江市人民政府公报\n2021年增刊第1期\n2021年7月1日", "--issue"),
        ("临江市人民政府公报\n第12期\n总第225期\n2022年1月18日", "--issue"),
        ("临江市人民政府公报\n2021年第5期（上）\n2021年6月18日", "--issue"),
        ("临江市人民政府公报\n2021年第5期合刊\n2021年6月18日", "--issue"),
        ("临江市人民政府公报\n2021年\n5—6\n合刊\n2021年7月18日", "--issue"),
        ("临江市人民政府公报\n总第225期\n2021年6月20日", "--issue"),
        ("临江市人民政府公报\n2021年第5期\n总第225期\n2021年6月", "--published-on"),
        ("临江市人民政府公报\n2021年第5期\n每月20日出版", "--published-on"),
        ("临江市人民政府公报\n2021年第5期\n编印日期：2021年6月20日\n印刷日期：2021年6月18日", "--published-on"),
        ("临江市人民政府公报\n2021年第12期\n1月18日出版", "--published-on"),
    ],
)
def test_what_the_print_leaves_open_is_asked_for(head: str, option: str) -> None:
    with pytest.raises(NotAGazetteError, match=option):
        identify(head + CONTENTS + BODY)
    decisions = IssueDecisions(IssueNumber(2021, 5), None, date(2021, 6, 20))
    assert identify(head + CONTENTS + BODY, decisions).issue_id == "2021-05"


def test_a_supplement_does_not_take_its_number_from_the_back_cover() -> None:
    with pytest.raises(NotAGazetteError, match=r"增刊.*--issue"):
        identify("临江市人民政府公报\n2021年增刊\n2021年7月1日" + CONTENTS + BODY + "\n2021年第5期（总第225期）\n")


def test_a_day_of_printing_is_said_to_be_one() -> None:
    assert (
        identify("2021年第5期\n印刷日期：2021年6月18日").remark
        == "印刷 2021-06-18: the print names no day of publication"
    )
    assert identify("2021年第5期\n2021年6月18日").remark is None


def test_a_day_far_from_the_year_is_left_to_the_operator() -> None:
    identity = identify("2021年第5期\n出版日期：2012年6月18日")
    assert [each.option for each in identity.contradictions] == ["--published-on"]


def test_running_heads_say_which_issue_it_is() -> None:
    heads = "".join(f"\n甲市人民政府公报 2023年第10期 {page}\n\n{BODY}" for page in range(3))
    identity = identify(HEAD + BODY + heads)
    assert [each.option for each in identity.contradictions] == ["--issue"]
    assert not identify(HEAD + BODY + heads.replace("第10期", "第11期")).contradictions


def test_an_imprint_that_says_all_again_is_no_second_issue() -> None:
    imprint = "\n甲市人民政府公报\n2023年第11期（总第88期）\n出版日期：2023年12月5日\n主办：甲市人民政府\n"
    identity = identify(HEAD + CONTENTS + BODY + imprint)
    assert (identity.contradictions, identity.repeated_at) == ((), None)
    assert identify(HEAD + CONTENTS + BODY + HEAD.replace("2023.11", "2023年第11期") + CONTENTS).repeated_at


@given(
    st.lists(
        st.sampled_from(["第5期", "2021年", "总第5期", "2021年6月20日", "增刊", "甲市人民政府公报", "", "一些文字。"]),
        max_size=40,
    )
)
def test_any_lines_are_an_issue_or_refused(parts: list[str]) -> None:
    try:
        identity = identify("\n".join(parts))
    except NotAGazetteError:
        return
    assert (identity.number, identity.published_on) == (5, date(2021, 6, 20))
