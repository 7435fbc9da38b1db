"""Which issue a text is, where head and back cover agree and where they do not."""

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
def test_head_and_back_cover_that_disagree_are_refused(back: str, said: str, option: str) -> None:
    with pytest.raises(NotAGazetteError, match=f"disagree: {said}.*{option}"):
        identify(HEAD + BODY + back)


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
