"""The drawing of a series."""

from decimal import Decimal
from typing import Any

from app.renderers.charts.picture import Caption, EmptyDrawing, Size, render_picture
from app.renderers.charts.series_drawing import build_series_drawing
from app.renderers.charts.timeplot import TimePlot
from tests.support.svg import Picture


def point(period: str, value: str | None, **derived: Any) -> dict[str, Any]:
    return {"period": period, "value": None if value is None else Decimal(value), "derived": derived}


def plot(points: list[dict[str, Any]], *, is_index: bool = False) -> TimePlot:
    drawing = build_series_drawing(points, "value", "亿元", "zh", is_index=is_index, is_balance=False)
    assert isinstance(drawing, TimePlot)
    caption = Caption("zh", "标题", "当月（亿元）", "来源：公报", "0123", "/v1/x", "/v1/x")
    Picture(render_picture(caption, drawing, Size())).assert_sound()
    return drawing


def test_up_to_six_periods_are_columns() -> None:
    months = [point(f"2021-{month:02d}", "1.50") for month in range(1, 8)]
    assert not plot(months[:6]).is_line
    assert plot(months).is_line


def test_an_index_has_its_base_on_the_axis() -> None:
    months = [point(f"2021-{month:02d}", f"101.{month}") for month in range(1, 9)]
    assert plot(months, is_index=True).axis.low == 100


def test_quarters_and_years_are_periods_too() -> None:
    quarters = [point(f"2021-Q{number}", "1.5") for number in (1, 2, 4)]
    drawing = plot([point("2021", "9"), *quarters])
    assert (drawing.time_head, len(drawing.points), len(drawing.missing)) == ("季度", 3, 1)
    assert drawing.remarks == ("另有1期长度不同，未画出。",)


def test_the_last_vintage_counts() -> None:
    drawing = plot([point("2021-01", "1.0"), point("2021-01", "2.0"), point("2021-01", "2.0"), point("2021-02", "3")])
    assert [(each.value, each.earlier) for each in drawing.points] == [
        (Decimal("2.0"), (Decimal("1.0"),)), (Decimal(3), ()),
    ]  # fmt: skip


def test_a_series_without_figures_is_empty() -> None:
    for points in ([], [point("2021-01", None)]):
        drawing = build_series_drawing(points, "value", "亿元", "zh", is_index=False, is_balance=False)
        assert isinstance(drawing, EmptyDrawing)
