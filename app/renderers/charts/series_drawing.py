"""Choose the drawing for a series: columns while there are few points, else a line."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from app.model.rows import Record
from app.renderers.charts.figures import Figure
from app.renderers.charts.group_drawing import NO_FIGURES, NO_ROWS
from app.renderers.charts.picture import Drawing, EmptyDrawing
from app.renderers.charts.timeline import parse_period
from app.renderers.charts.timeplot import TimePlot, TimePoint
from app.renderers.site.language import Language, Text

MAX_COLUMNS = 6
INDEX_BASE = Decimal(100)
PERIOD_HEADS = {"month": Text("月份", "Month"), "quarter": Text("季度", "Quarter"), "year": Text("年份", "Year")}
OTHER_PERIODS = Text("另有{count}期长度不同，未画出。", "And {count} periods of another length, not shown.")
PRIOR_FIELDS = {"value": "prior_year", "cumulative": "prior_year_cumulative"}
"""The derived figure of the year before, by measure."""


def build_series_drawing(
    points: Sequence[Record], measure: str, label: str, language: Language, *, is_index: bool, is_balance: bool
) -> Drawing:
    """Return the drawing of one measure of a series; `points` are in the order of periods and vintages."""
    if not points:
        return EmptyDrawing(NO_ROWS.in_language(language))
    all_points = _latest_vintages(points, measure)
    [(unit, _)] = Counter(point.period.unit for point in all_points).most_common(1)
    time_points = [point for point in all_points if point.period.unit == unit]
    if all(point.value is None for point in time_points):
        return EmptyDrawing(NO_FIGURES.in_language(language))
    others = len(all_points) - len(time_points)
    remarks = (OTHER_PERIODS.in_language(language).format(count=others),) if others else ()
    head = PERIOD_HEADS[unit].in_language(language)
    is_line = len(time_points) > MAX_COLUMNS
    reference = INDEX_BASE if is_index and is_line and not measure.endswith("_yoy") else Decimal(0)
    restarts = measure == "cumulative" and not is_index and not is_balance
    return TimePlot(time_points, label, head, is_line, reference, restarts_each_year=restarts, remarks=remarks)


def _latest_vintages(points: Sequence[Record], measure: str) -> list[TimePoint]:
    """Return a point for each period. The last vintage counts; earlier ones are kept where they differ."""
    vintages: dict[str, list[Record]] = {}
    for point in points:
        vintages.setdefault(point["period"], []).append(point)
    found = []
    for text, rows in vintages.items():
        period = parse_period(text)
        if period is not None:
            *earlier, last = rows
            value: Figure = last[measure]
            prior = last.get("derived", {}).get(PRIOR_FIELDS.get(measure))
            others = {row[measure] for row in earlier} - {None, value}
            found.append(TimePoint(period, value, prior, tuple(sorted(others))))
    return found
