"""Page numbers and running heads are removed from sentences and tables."""

from app.parser import parse
from app.parser.text.normalise import split_lines
from app.parser.text.page_furniture import split_page_furniture
from tests.support.invented_issue import AREAS, ISSUE


def test_furniture_is_removed() -> None:
    text = "— 4 —\n·12·\n第3页\n甲市人民政府公报2023年第11期\n2023\n24\n- 附件\n-0.3\n"
    assert [each.start for each in split_page_furniture(split_lines(text))[1]] == ["— 4 —", "·12·", "第3页"]
    heads = [f"甲市人民政府公报  2023年第11期  {page}" for page in (3, 4, 5)]
    assert [each.reason for each in split_page_furniture(split_lines("\n".join(heads)))[1]] == ["a running head"] * 3


def test_bare_numbers_are_of_pages_when_they_increase_from_page_to_page() -> None:
    page = "一些文字。\n" * 8
    numbers = [each.line for each in split_page_furniture(split_lines(f"{page}3\n{page}4\n{page}６\n{page}"))[1]]
    assert numbers == [9, 18, 27]
    for text in (
        f"{page}3\n{page}4\n",
        "3\n4\n5\n6\n",
        f"{page}6\n{page}5\n{page}4\n",
        f"{page}3\n{page}20\n{page}40\n",
    ):
        assert split_page_furniture(split_lines(text))[1] == []


def test_the_name_alone_is_a_running_head_when_it_is_often_printed() -> None:
    text = "甲市人民政府公报\n一些文字。\n"
    assert split_page_furniture(split_lines(text * 4))[1] == []
    assert [each.line for each in split_page_furniture(split_lines(text * 5))[1]] == [3, 5, 7, 9]


def test_a_page_number_within_a_torn_sentence() -> None:
    wanted = parse(ISSUE, AREAS)
    found = parse(ISSUE.replace("形成清单报\n\n市政府", "形成清单报\n\n— 14 —\n\n市政府"), AREAS)
    assert [each.start for each in found.unread if each.reason == "a page number"] == ["— 14 —"]
    assert len(found.unread) == len(wanted.unread) + 1
    assert found.read_count + len(found.unread) == found.nonblank_count

    def texts(rows: list[dict[str, object]]) -> list[object]:
        return [row["text"] for row in rows]

    assert texts(found.rows["provisions"]) == texts(wanted.rows["provisions"])
