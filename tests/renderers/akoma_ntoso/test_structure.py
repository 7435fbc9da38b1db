"""Headings and text of provisions."""

import pytest

from app.renderers.akoma_ntoso.structure import split_heading


@pytest.mark.parametrize(
    ("heading", "text", "expected"),
    [
        ("目标", ["目标。做好。", "再做。"], ("目标。", ["做好。", "再做。"])),
        ("情形", ["[情形] 有三种：", "其他"], ("[情形]", ["有三种：", "其他"])),
        ("目标", ["目 标："], ("目 标：", [])),
        ("目标", ["别的"], ("目标", ["别的"])),
        ("目标", [], ("目标", [])),
        (None, ["文"], (None, ["文"])),
    ],
)
def test_a_run_in_heading_appears_once(
    heading: str | None, text: list[str], expected: tuple[str | None, list[str]]
) -> None:
    assert split_heading(heading, text) == expected
