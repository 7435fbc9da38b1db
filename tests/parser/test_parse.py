"""A complete invented issue, and damaged, cut and shuffled texts."""

import random
import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.parser import NotAGazetteError, ParsedIssue, parse
from tests.support.invented_issue import AREAS, ISSUE, by_id


def test_the_issue(parsed: ParsedIssue) -> None:
    issue = by_id(parsed, "issues")["2023-11"]
    assert (issue["cumulative_number"], issue["published_on"]) == (88, date(2023, 12, 5))
    assert issue["publisher"] == "临江市人民政府"
    assert [entry["page"] for entry in issue["contents"]] == [3, 6, 12, 14, 20, 22, 24]


def test_documents(parsed: ParsedIssue) -> None:
    documents = by_id(parsed, "documents")
    assert list(documents) == ["linzhengfa-2023-15", "linzhengfa-2023-16", "linzhengban-2023-41"]
    opinions = documents["linzhengfa-2023-15"]
    assert (opinions["document_type"], opinions["registration_number"]) == ("opinions", "LJCC00-2023-0009")
    assert (opinions["page_from"], opinions["page_to"]) == (6, 11)
    assert (opinions["signed_on"], opinions["expires_on"]) == (date(2023, 11, 3), date(2026, 12, 31))
    assert opinions["effective_on"] == date(2023, 11, 3)
    assert "derived" in opinions["notes"]
    assert documents["linzhengfa-2023-16"]["effective_on"] == date(2024, 1, 1)


def test_relations(parsed: ParsedIssue) -> None:
    found = [(row["relation"], row["target_number"], row["provision_id"]) for row in parsed.rows["relations"]]
    assert found == [
        ("based_on", "松政发〔2022〕9号", "linzhengfa-2023-15.pre"),
        ("repeals", "临政办〔2019〕7号", "linzhengfa-2023-15.s3.n2"),
        ("amends", "临江市人民政府令第30号", "linzhengfa-2023-16.pre"),
    ]


def test_every_line_is_read_or_listed(parsed: ParsedIssue) -> None:
    assert parsed.read_count + len(parsed.unread) == parsed.nonblank_count
    assert [(unread.start, unread.reason) for unread in parsed.unread] == [
        ("姓名\t电话", "unknown table"),
        ("甲\t1", "unknown table"),
        ("任命王某为处长。", "unknown section"),
    ]


def test_sources_name_lines_pages_and_digest(parsed: ParsedIssue) -> None:
    source = by_id(parsed, "provisions")["linzhengban-2023-41.s2.n1"]["source"]
    first, last = source["lines"]
    assert ISSUE.split("\n")[first - 1].startswith("1.摸底排查")
    assert last == first + 2
    assert (source["page_from"], source["page_to"], len(source["sha256"])) == (14, 19, 64)


def test_a_repealed_document_of_the_same_issue_is_linked() -> None:
    text = ISSUE.replace("《临江市冰雪扶持办法》（临政办〔2019〕7号）", "《碧水通知》（临政办〔2023〕41号）")
    repeal = next(row for row in parse(text, AREAS).rows["relations"] if row["relation"] == "repeals")
    assert repeal["target_id"] == "linzhengban-2023-41"


def accounted(text: str) -> None:
    try:
        found = parse(text, AREAS)
    except NotAGazetteError:
        return
    assert found.read_count + len(found.unread) == found.nonblank_count
    for rows in found.rows.values():
        assert len({row["id"] for row in rows}) == len(rows)


def test_cut_at_any_line() -> None:
    lines = ISSUE.split("\n")
    for end in range(0, len(lines), 3):
        accounted("\n".join(lines[:end]))
        accounted("\n".join(lines[:12] + lines[end:]))


@given(st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_shuffled_and_damaged(chance: random.Random) -> None:
    lines = ISSUE.split("\n")
    chance.shuffle(lines)
    accounted("\n".join(lines))
    text = list(ISSUE)
    for _ in range(200):
        text[chance.randrange(len(text))] = chance.choice("\n\t#。一（）()0年月日号第《》〔〕<%附件：")
    accounted("".join(text))


@pytest.mark.slow
@pytest.mark.parametrize(
    "noise", ["《", "（", "2023年", "5%，", "村王", "一、\n", "附件1\n", "a\tb\n", "临政办〔2023〕2号\n", "政务简讯\n"]
)
def test_time_grows_linearly(noise: str) -> None:
    def seconds(count: int) -> float:
        start = time.perf_counter()
        accounted(ISSUE + noise * count)
        return time.perf_counter() - start

    seconds(100)
    assert seconds(8000) < 40 * max(seconds(800), 0.05)
