"""Lines joined to paragraphs."""

from app.parser.structure.paragraphs import join_paragraphs
from app.parser.text.normalise import split_lines


def test_a_torn_paragraph_is_joined_and_a_heading_is_not() -> None:
    found = join_paragraphs(split_lines("## 一、目标\n\n推进全市河\n\n道整治。\n\n二、任务\n\n加强巡查。"))
    assert [paragraph.text for paragraph in found] == ["一、目标", "推进全市河道整治。", "二、任务", "加强巡查。"]
