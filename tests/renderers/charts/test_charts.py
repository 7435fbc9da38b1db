"""Drawings of invented figures, whatever their size, sign and labels."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from app.renderers.charts.bars import RankedBars
from app.renderers.charts.figures import Group, join_rest
from app.renderers.charts.grid import Grid
from app.renderers.charts.picture import Caption, Drawing, EmptyDrawing, Size, picture_alt, render_picture
from app.renderers.charts.stack import MAX_PARTS, StackedBars
from app.renderers.charts.timeline import period_at
from app.renderers.charts.timeplot import TimePlot, TimePoint
from app.renderers.site.language import LANGUAGES, Language, choose_chinese
from tests.support.svg import Picture

LABELS = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=40)
FIGURES = st.one_of(st.none(), st.integers(-(10**9), 10**12), st.decimals(-(10**9), 10**12, allow_nan=False, places=2))
AMOUNTS = st.one_of(st.none(), st.integers(0, 10**6))
WIDTHS = st.integers(280, 1600)


def caption(language: Language = "zh") -> Caption:
    return Caption(language, "标题", "102条记录", "来源：甲市公报", "0123456789ab", "/v1/x?by=街道", "/v1/x?by=%E8")


def picture(drawing: Drawing, size: Size | None = None, language: Language = "zh") -> Picture:
    drawn = Picture(render_picture(caption(language), drawing, size or Size()))
    drawn.assert_sound()
    return drawn


@settings(max_examples=60)
@given(st.lists(st.tuples(LABELS, FIGURES), min_size=1, max_size=25), WIDTHS, st.sampled_from(LANGUAGES))
def test_bars_of_any_figures(groups: list[tuple[str, Decimal | int | None]], width: int, lang: Language) -> None:
    drawing = RankedBars([Group(label, value) for label, value in groups], ("所属区", "记录数"), hidden=3)
    drawn = picture(drawing, Size(width), lang)
    assert drawn.width == width
    assert len(drawn.words("value")) == len(groups)


@settings(max_examples=60)
@given(
    st.lists(LABELS, min_size=1, max_size=20),
    st.lists(LABELS, min_size=1, max_size=MAX_PARTS),
    WIDTHS,
    st.data(),
)
def test_stacks_of_any_amounts(rows: list[str], parts: list[str], width: int, data: st.DataObject) -> None:
    cells = [[data.draw(AMOUNTS) for _ in parts] for _ in rows]
    groups = [Group(label, sum(filter(None, values))) for label, values in zip(rows, cells, strict=True)]
    drawn = picture(StackedBars(groups, parts, cells, ("所属区", "记录数"), "改造计划"), Size(width))
    filled = sum(bool(value) for values in cells for value in values)
    assert drawn.count("rect", "part") == filled + len(parts)  # with the key


@settings(max_examples=60)
@given(
    st.lists(LABELS, min_size=1, max_size=20),
    st.lists(LABELS, min_size=1, max_size=7),
    WIDTHS,
    st.data(),
)
def test_grids_of_any_figures(rows: list[str], columns: list[str], width: int, data: st.DataObject) -> None:
    cells = [[data.draw(FIGURES) for _ in columns] for _ in rows]
    drawn = picture(Grid(rows, columns, cells, "街道", "年份", 1, 0), Size(width))
    empty = sum(value is None for values in cells for value in values)
    assert drawn.count("rect", "empty") == empty
    assert drawn.count("rect", "part") == len(rows) * len(columns) - empty


@settings(max_examples=60)
@given(
    st.sampled_from(("day", "month", "quarter", "year")),
    st.lists(st.tuples(st.integers(1, 5), FIGURES), min_size=1, max_size=60),
    WIDTHS,
    st.booleans(),
)
def test_times_of_any_figures(
    unit: str, steps: list[tuple[int, Decimal | int | None]], width: int, is_line: bool
) -> None:
    position, points = 9000 if unit == "quarter" else 2000 if unit == "year" else 24_000, []
    for step, value in [*steps, (1, 5)]:
        position += step
        points.append(TimePoint(period_at(unit, position), value, prior=value))
    drawn = picture(TimePlot(points, "亿元", "月份", is_line), Size(width))
    gaps = position - points[0].period.position + 1 - sum(point.value is not None for point in points)
    assert drawn.count("line", "missing") == gaps
    assert ("无数值" in drawn.description) == (gaps > 0)


def months(*values: str | None) -> list[TimePoint]:
    return [
        TimePoint(period_at("month", 2020 * 12 + place), None if value is None else Decimal(value))
        for place, value in enumerate(values)
    ]


def test_figures_stand_as_they_are_printed() -> None:
    drawn = picture(TimePlot(months("108.30", "-0.3", "102.0"), "亿元", "月份", is_line=False))
    assert drawn.words("value") == ["108.30", "-0.3", "102.0"]
    assert "2020年1月 108.30，2020年2月 -0.3" in drawn.description


def test_a_gap_is_no_line_and_is_named() -> None:
    plot = TimePlot(months("1", "2", None, "4", "5", "6", "7", "8"), "亿元", "月份", is_line=True)
    drawn = picture(plot)
    assert drawn.count("path", "line") == 2
    assert "缺2020年3月（共1期无数值）。" in drawn.words("small")
    assert drawn.count("line", "missing") == 1


def test_figures_that_add_up_begin_anew_each_year() -> None:
    points = months(*(str(value) for value in range(1, 16)))
    assert picture(TimePlot(points, "亿元", "月份", is_line=True)).count("path", "line") == 1
    assert picture(TimePlot(points, "亿元", "月份", is_line=True, restarts_each_year=True)).count("path", "line") == 2


def test_a_line_that_does_not_begin_at_zero_says_so() -> None:
    drawn = picture(TimePlot(months("101.1", "101.4", "101.2"), "指数", "月份", is_line=True))
    assert "纵轴不从零开始。" in drawn.words("small")


def test_negative_bars_lie_left_of_zero() -> None:
    drawn = picture(RankedBars([Group("甲", 3), Group("乙", -2)], ("区", "合计")))
    three, minus_two = drawn.texts[4:8:2], [each for each in drawn.texts if each.text == "-2"]
    assert "end" in minus_two[0].classes
    assert minus_two[0].right < next(each.left for each in drawn.texts if each.text == "3"), three


def test_a_long_label_is_cut_and_its_whole_text_is_a_title() -> None:
    name = "一个很长的名字" * 12
    drawn = picture(RankedBars([Group(name, 1)], ("区", "记录数")), Size(300))
    assert name in drawn.hints()
    assert any(each.text.endswith("…") for each in drawn.texts)


def test_groups_behind_the_first_are_one_unless_it_dwarfs_them() -> None:
    groups = [Group(str(value), value) for value in (9, 8, 3, 2, 1)]
    shown, hidden = join_rest(groups, 3, is_additive=True, text=choose_chinese)
    assert ([group.label for group in shown], hidden) == (["9", "8", "其他（3项）"], 0)
    assert shown[-1].value == 6
    assert join_rest(groups, 2, is_additive=True, text=choose_chinese) == (groups[:2], 3)
    assert join_rest(groups, 3, is_additive=False, text=choose_chinese) == (groups[:3], 2)
    assert join_rest(groups, 5, is_additive=True, text=choose_chinese) == (groups, 0)


def test_what_xml_forbids_is_replaced_and_the_rest_escaped() -> None:
    drawn = picture(RankedBars([Group("<b>&\x00\ufffe", 1)], ("区", "记录数")))
    assert "<b>&\ufffd\ufffd" in [each.text for each in drawn.texts]


def test_an_empty_picture_says_why() -> None:
    drawn = picture(EmptyDrawing("没有符合条件的记录。"))
    assert "没有符合条件的记录。" in [each.text for each in drawn.texts]
    assert drawn.description == "102条记录。没有符合条件的记录。来源：甲市公报。"


def test_an_alternative_text_is_title_and_figures() -> None:
    drawing = RankedBars([Group("龙湾区", 53), Group("鹿城区", 14)], ("区", "记录数"))
    assert picture_alt(caption(), drawing) == "标题。102条记录。龙湾区 53，鹿城区 14。"
    many = RankedBars([Group("很长的标签" * 20, value) for value in range(30)], ("区", "记录数"))
    assert len(picture_alt(caption(), many)) == 400


def test_a_height_stretches_a_picture() -> None:
    bars = RankedBars([Group("甲", 1), Group("乙", 2)], ("区", "记录数"))
    assert picture(bars, Size(480, 500)).height == 500
    assert picture(bars, Size(480, 200)).height > 200 or picture(bars).height <= 200
