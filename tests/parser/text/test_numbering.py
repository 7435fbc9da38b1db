"""The numbers of chapters, articles and items."""

import pytest

from app.parser.text.numbering import find_marker, has_decimal_numbers


@pytest.mark.parametrize(
    ("printed", "prefix", "ordinal"),
    [
        ("第二章 总则", "ch", 2),
        ("第十二条 本办法", "art", 12),
        ("三、保障", "s", 3),
        ("（四）监督", "i", 4),
        ("(四)监督", "i", 4),
        ("5.排查", "n", 5),
        ("5.2021年底前排查", "n", 5),
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


@pytest.mark.parametrize(
    ("printed", "ordinal", "depth"),
    [("1　总则", 1, 6), ("1.2　等级划分", 2, 7), ("5.1.3 所有企业", 3, 8), ("4.2国家级响应", 2, 7)],
)
def test_decimal_numbers(printed: str, ordinal: int, depth: int) -> None:
    marker = find_marker(printed, decimals=True)
    assert marker is not None
    assert (marker.rank.prefix, marker.ordinal, marker.rank.depth) == ("n", ordinal, depth)
    assert find_marker("3.5万元", decimals=True) is None
    assert has_decimal_numbers(["目录", "1　总则", "1.1　目的"])
    assert not has_decimal_numbers(["1.总则", "11.1 公里"])
