"""Heads of statistics tables: a column is what its head says, and one that is not understood is unread."""

from __future__ import annotations

from datetime import date

import pytest

from app.parser.records import IssueContext, Line, ReadResult
from app.parser.table_dispatch import extract_document_tables, extract_statistics
from app.parser.tables.statistics_section import MAKERS, find_compiler, find_units
from app.parser.tables.statistics_words import HEAD_WORDS, HeadWord, read_words
from app.parser.tables.table_kind import KnownRows
from app.parser.text.normalise import match_key
from tests.support.invented_lines import AREAS, is_accounted, lines
from tests.support.statistics_tables import TABLES

MEASURES = ("value", "value_yoy", "cumulative", "cumulative_yoy")
CONTEXT = IssueContext("2022-06", date(2022, 7, 20), AREAS, None)


def observed(reading: ReadResult) -> list[str]:
    rows = [row for row in reading.rows if row.dataset == "observations"]
    return [
        " ".join(
            [
                *row.id.split(".")[:3],
                *(str(value) if (value := row.fields[name]) is not None else "—" for name in MEASURES),
            ]
        )
        for row in rows
    ]


@pytest.mark.parametrize(
    ("table", "expected", "unread"),
    TABLES,
    ids=[table[1][:30] for table in map(str.splitlines, (t[0] for t in TABLES))],
)
def test_columns_are_what_their_heads_say(table: str, expected: list[str], unread: list[str]) -> None:
    source = lines(table)
    reading = extract_statistics(source, CONTEXT)
    assert observed(reading) == expected
    assert [doubt.printed for doubt in reading.doubts if doubt.reason.endswith("its cells are not read")] == unread
    assert is_accounted(reading, source)


@pytest.mark.parametrize("word", HEAD_WORDS, ids=lambda word: word.example)
def test_each_row_of_words(word: HeadWord) -> None:
    words = read_words(match_key(word.example))
    assert words is not None
    assert words[0][0] is word


@pytest.mark.parametrize("head", ["神秘栏", "全省", "与全省差距", "同比神秘"])
def test_a_head_with_an_unknown_word_is_not_understood(head: str) -> None:
    assert read_words(head) is None


def test_html_on_one_line() -> None:
    head = "<tr><td rowspan=2>指标</td><td rowspan=2>单位</td><td colspan=2>本月</td><td colspan=2>累计</td></tr>"
    second = "<tr><td>绝对值</td><td>增长%</td><td>绝对值</td><td>增长%</td></tr>"
    data = "<tr><td>财政总收入</td><td>亿元</td><td>1.0</td><td>2.0</td><td>3.0</td><td>4.0</td></tr>"
    table = f"<table><tr><td colspan=6>2022年6月主要经济指标</td></tr>{head}{second}{data}</table>"
    reading = extract_statistics(lines(table), CONTEXT)
    assert observed(reading) == ["fiscal_revenue 990100 2022-06 1.0 2.0 3.0 4.0"]


@pytest.mark.parametrize("example", [example for _, example in MAKERS])
def test_each_row_of_makers(example: str) -> None:
    assert find_compiler(example) == "云州市统计局"


def test_units_and_other_lines() -> None:
    assert find_units("（单位：亿元、%）") == "亿元、%"
    assert find_compiler("财政总收入由税收和非税收入组成") is None
    assert find_compiler("制表人：钱二宝") is None


def test_the_maker_stands_on_all_rows_of_its_table() -> None:
    table = "## 云州市2022年6月主要指标\n指标|单位|本月|累计\n财政总收入|亿元|1.0|3.0\n云州市统计局制"
    other = "## 2022年6月分区指标\n地区|财政总收入（亿元）|增长%\n东溪区|1.0|3.0"
    reading = extract_statistics(lines(f"{table}\n{other}"), CONTEXT)
    assert [row.compiled_by for row in reading.rows] == ["云州市统计局", "云州市统计局", None]


def test_a_list_in_a_document_is_no_table_of_statistics() -> None:
    source = lines("## 2022年各区任务\n地区|数量|金额\n东溪区|3|4.0")
    reading = extract_document_tables([source], CONTEXT, KnownRows())
    assert not reading.rows
    assert [item.reason for item in reading.unread] == ["unknown table"] * 3


def test_a_figure_of_a_second_table_is_one_fact() -> None:
    table = "## 云州市2022年6月主要指标\n指标|单位|1-6月|±%\n财政总收入|亿元|30.0|3.0"
    districts = "## 分区财政总收入（2022年1-6月）\n地区|1-6月|±%\n全市|30.0|3.0\n东溪区|20.0|{}"
    reading = extract_statistics(lines(f"{table}\n{districts.format('1.0')}"), CONTEXT)
    assert [row.id for row in reading.rows if row.dataset == "indicators"] == ["fiscal_revenue"]
    assert observed(reading) == [
        "fiscal_revenue 990100 2022-06 — — 30.0 3.0",
        "fiscal_revenue 990101 2022-06 — — 20.0 1.0",
    ]
    contradicting = extract_statistics(lines(f"{table}\n{districts.replace('30.0', '31.0').format('1.0')}"), CONTEXT)
    assert observed(contradicting) == observed(reading)
    assert "another figure than in a table above; not read" in [doubt.reason for doubt in contradicting.doubts]


def test_the_whole_city_beside_its_districts() -> None:
    head = "指标|单位|总量|||增速||\n||全市|东溪区|西岭区|全市|东溪区|西岭区"
    table = f"## 2022年1-6月分区指标\n{head}\n财政总收入|亿元|30|20|10|3.0|2.0|1.0"
    assert observed(extract_statistics(lines(table), CONTEXT)) == [
        "fiscal_revenue 990100 2022-06 — — 30 3.0",
        "fiscal_revenue 990101 2022-06 — — 20 2.0",
        "fiscal_revenue 990102 2022-06 — — 10 1.0",
    ]


def test_an_index_is_no_growth() -> None:
    table = "## 2022年6月价格\n指标|单位|环比|同比|累计同比\n居民消费价格总指数|%|100.1|102.0|1.4"
    reading = extract_statistics(lines(table), CONTEXT)
    assert observed(reading) == ["cpi 990100 2022-06 — — — 1.4"]
    assert "an index stands under a head of growth; not read" in [doubt.reason for doubt in reading.doubts]


def test_the_head_of_the_first_column_may_be_left_out() -> None:
    table = "## 2022年6月主要指标\n|单位|6月|±%\n财政总收入|亿元|1.0|2.0"
    assert observed(extract_statistics(lines(table), CONTEXT)) == ["fiscal_revenue 990100 2022-06 1.0 2.0 — —"]


def test_bars_and_a_title_in_the_grid() -> None:
    text = (
        "| 2022年1—6月主要经济指标 | | | |\n| --- | --- | --- | --- |\n| | | 单位：亿元 | |\n"
        "| 指标 | 1—6月 | 上年同期 | 比上年同期增长（%） |\n| 财政总收入 | 3.0 | 2.9 | 4.0 |"
    )
    source = [Line(number, part) for number, part in enumerate(text.split("\n"), 1)]
    reading = extract_statistics(source, CONTEXT)
    assert observed(reading) == ["fiscal_revenue 990100 2022-06 — — 3.0 4.0"]
    assert reading.rows[0].fields["unit"] == "100_million_CNY"
    assert is_accounted(reading, source)
