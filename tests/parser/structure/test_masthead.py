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
