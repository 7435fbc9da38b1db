"""The imprint in the masthead and on the last pages."""

from __future__ import annotations

import pytest

from app.parser.structure.imprint import LABELS, ImprintReader, extract_back_items, extract_masthead_items, is_prose
from tests.support.invented_lines import lines


def items(text: str) -> list[tuple[str | None, str | None]]:
    return [(item["label"], item["value"]) for item in extract_masthead_items(lines(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("主管：甲市人民政府 主办：甲市人民政府办公室", [("主管", "甲市人民政府"), ("主办", "甲市人民政府办公室")]),
        ("主办 甲市人民政府办公室", [("主办", "甲市人民政府办公室")]),
        ("甲市人民政府办公室主办 2021年6月20日出版", [("主办", "甲市人民政府办公室"), (None, "2021年6月20日出版")]),
        ("（总号：1653）", [(None, "（总号：1653）")]),
        ("出版时间：\n2021年6月20日", [("出版时间", "2021年6月20日")]),
        ("主办：甲市人民政府\n目　录", [("主办", "甲市人民政府")]),
        ("编委：赵一 钱二\n孙三 李四", [("编委", "赵一 钱二 孙三 李四")]),
        ("主办：甲市人民政府\n2021年第5期", [("主办", "甲市人民政府"), (None, "2021年第5期")]),
    ],
)
def test_labels_and_values(text: str, expected: list[tuple[str | None, str | None]]) -> None:
    assert items(text) == expected


@pytest.mark.parametrize("label", LABELS)
def test_each_label_opens_a_line_of_the_imprint(label: str) -> None:
    (line,) = lines(f"{label}：甲乙丙")
    assert ImprintReader().accepts(line)
    assert items(line.text) == [(label, "甲乙丙")]


def test_the_last_pages_are_data() -> None:
    back = extract_back_items(
        lines(
            "《甲市人民政府公报》赠阅范围：\n\n全市各村委会。\n\n《甲市人民政府公报》集中赠阅点：\n甲市图书馆\n甲市档案馆\n"
            "---\nGAZETTE OF THE PEOPLE'S GOVERNMENT\nOF JIA MUNICIPALITY\n电话：0000-1234567\n3月8日，某赛事举行\n"
        )
    )
    assert [(item["label"], item["value"]) for item in back.items] == [
        ("赠阅范围", "全市各村委会。"),
        ("集中赠阅点", "甲市图书馆 甲市档案馆"),
        (None, "GAZETTE OF THE PEOPLE'S GOVERNMENT OF JIA MUNICIPALITY"),
        ("电话", "0000-1234567"),
    ]
    assert back.lines == {1, 3, 5, 6, 7, 8, 9, 10, 11}


def test_running_text_is_no_imprint() -> None:
    assert is_prose("各区人民政府要加强组织领导，明确责任分工，确保各项任务按时完成，并于年底前将情况报市政府办公室。")
    assert not is_prose("主任：赵一")
