"""The numbers of chapters, articles and items."""

import pytest

from app.parser.text.numbering import find_marker


@pytest.mark.parametrize(
    ("printed", "prefix", "ordinal"),
    [
        ("第二章 总则", "ch", 2),
        ("第十二条 本办法", "art", 12),
        ("三、保障", "s", 3),
        ("（四）监督", "i", 4),
        ("(四)监督", "i", 4),
        ("5.排查", "n", 5),
        ("５．排查", "n", 5),
        ("(6)其他", "p", 6),
        ("③其他", "c", 3),
    ],
)
def test_numbers_of_every_kind(printed: str, prefix: str, ordinal: int) -> None:
    marker = find_marker(printed)
    assert marker is not None
    assert (marker.rank.prefix, marker.ordinal) == (prefix, ordinal)


@pytest.mark.parametrize("printed", ["2023年完成", "第三条规定的情形", "3.5公里", "一是加强", "第一种情形"])
def test_text_that_is_no_number(printed: str) -> None:
    assert find_marker(printed) is None
