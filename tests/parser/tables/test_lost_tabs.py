"""Tables that lost their tabs are read, or unread with the reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.parser import parse
from app.parser.records import Line
from app.parser.table_dispatch import recognise_table
from app.parser.tables.lost_tabs import HEAD_WORDS, restore_tabs
from app.parser.text.normalise import split_lines
from tests.support.invented_issue import AREAS
from tests.support.issues import issue_text

FIGURES = {
    "一、财政总收入": ("亿元", "20.10", "1.0", "110.30", "2.0"),
    "#税收收入": ("亿元", "10.00", "—", "50.00", "-3.5"),
    "二、住户存款": ("亿元", "—", "—", "900.10", "8.2"),
}
TEXT = issue_text(11, figures=FIGURES)
ROW = "一、财政总收入\t亿元\t20.10\t1.0\t110.30\t2.0"


def restored(text: str) -> tuple[list[str], list[tuple[int, str]]]:
    lines, unread = restore_tabs(split_lines(text), lambda head: recognise_table(head) is not None)
    return [line.text for line in lines], [(each.line, each.reason) for each in unread]


def facts(text: str) -> dict[str, list[dict[str, object]]]:
    rows = parse(text, AREAS).rows
    return {
        name: [{key: value for key, value in row.items() if key != "source"} for row in rows.get(name, [])]
        for name in ("observations", "indicators", "issues")
    }


@pytest.mark.parametrize("separator", ["  ", "     ", " | ", "|", "\u3000\u3000", "｜", " │ "])
def test_cells_between_wide_gaps_or_bars_are_read(separator: str) -> None:
    text = TEXT.replace("\t", separator)
    assert facts(text) == facts(TEXT)
    assert len(parse(text, AREAS).unread) == len(parse(TEXT, AREAS).unread)


@pytest.mark.parametrize("tags", ["td", "TD"])
def test_cells_between_tags_are_read(tags: str) -> None:
    rows = [
        f"<tr>\n{''.join(f'<{tags}>{cell}</{tags}>' for cell in line.split(chr(9)))}\n</tr>" if "\t" in line else line
        for line in TEXT.split("\n")
    ]
    assert facts("\n".join(rows)) == facts(TEXT)


def test_markdown_is_read() -> None:
    rows = [f"| {line.replace(chr(9), ' | ')} |" if "\t" in line else line for line in TEXT.split("\n")]
    head = next(index for index, line in enumerate(rows) if line.startswith("|"))
    rows.insert(head + 1, "|---|---|---|---|---|---|")
    assert facts("\n".join(rows)) == facts(TEXT)


def test_a_single_space_never_separates_cells() -> None:
    parsed = parse(TEXT.replace("\t", " "), AREAS)
    assert not parsed.rows.get("observations")
    torn = {each.line for each in parsed.unread}
    printed = TEXT.split("\n")
    assert {number for number, text in enumerate(printed, 1) if "\t" in text} <= torn


def test_a_row_with_an_empty_cell_between_spaces_is_not_shifted() -> None:
    text = TEXT.replace("二、住户存款\t亿元\t—\t—\t", "二、住户存款\t亿元\t\t\t").replace("\t", "   ")
    values = {row["id"]: row for row in parse(text, AREAS).rows["observations"]}
    assert len(values) == 2
    assert "a row of a table without tabs that has another number of cells than the head" in [
        each.reason for each in parse(text, AREAS).unread
    ]


def test_a_row_among_others_may_have_lost_its_tabs() -> None:
    assert facts(TEXT.replace(ROW, ROW.replace("\t", "   "))) == facts(TEXT)
    parsed = parse(TEXT.replace(ROW, ROW.replace("\t", " ")), AREAS)
    assert len(parsed.rows["observations"]) == 2
    [line] = [number for number, text in enumerate(TEXT.split("\n"), 1) if text == ROW]
    assert line in {each.line for each in parsed.unread}


def test_a_head_with_other_cells_than_its_rows_is_unread() -> None:
    head = "指标  单位  本月  累计\n"
    rows = "财政收入  亿元  1.0  2.0  3.0  4.0\n税收收入  亿元  1.5  2.5  3.5  4.5\n"
    lines, unread = restored(head + rows)
    assert lines == ["", "", "", ""]
    assert {reason for _, reason in unread} == {"a table whose head has another number of cells than its rows"}


def test_a_table_with_subtotals_between_its_rows() -> None:
    lines, unread = restored("序号  名称  年份\n1  甲村  2021\n小计1个\n2  乙村  2022\n")
    assert lines == ["序号\t名称\t年份", "1\t甲村\t2021", "小计1个", "2\t乙村\t2022", ""]
    assert unread == []


@pytest.mark.parametrize(
    "text",
    [
        "马一  王二  李三\n赵四  钱五  孙六\n",
        "一、  总体要求\n二、  主要任务\n",
        "临江市人民政府        2021年5月3日\n",
        "- 临政发〔2021〕8号      关于甲的通知\n- 临政办〔2021〕9号      关于乙的通知\n",
        "会议指出， 要 抓好 2021 年 工作。\n会议要求， 要 抓好 2022 年 工作。\n三、 要 抓好 2023 年 工作；\n",
        "LJCC01 - 2021 - 0002\nLJCC01 - 2021 - 0003\nLJCC01 - 2021 - 0004\n",
        "甲|乙\n",
        "关于甲的通知 …… 02\n关于乙的通知 …… 05\n关于丙的通知 …… 09\n",
        "关于甲的通知  ……  02\n关于乙的通知  ……  05\n关于丙的通知  ……  09\n",
    ],
)
def test_other_lines_stay_as_they_are(text: str) -> None:
    assert restored(text) == (text.split("\n"), [])


@pytest.mark.parametrize(("pattern", "example"), HEAD_WORDS)
def test_each_word_of_a_head_is_known(pattern: str, example: str) -> None:
    assert restored(f"甲乙  {example}  {example}\n丙  丁  戊\n")[0][0].count("\t") == 2, pattern


@given(st.lists(st.text(alphabet="序号名称1 \t|#甲。\u3000<td>", max_size=30), max_size=30))
def test_every_line_stays_or_is_reported(texts: list[str]) -> None:
    source = [Line(number, text) for number, text in enumerate(texts, 1)]
    lines, unread = restore_tabs(source, lambda head: recognise_table(head) is not None)
    left_out = {each.line for each in unread}
    assert [line.number for line in lines] == [line.number for line in source]
    for before, after in zip(source, lines, strict=True):
        if before.number in left_out:
            assert after.text == ""
        else:
            squeezed = [text.translate(dict.fromkeys(map(ord, " \t|\u3000"))) for text in (before.text, after.text)]
            assert squeezed[0] == squeezed[1]
