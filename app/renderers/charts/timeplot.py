"""Figures over time: columns while there are few, a line when there are many. What is missing is a gap."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from app.renderers.charts.canvas import Canvas, Point
from app.renderers.charts.figures import Figure, format_figure, to_decimal
from app.renderers.charts.lettering import cut, text_width
from app.renderers.charts.scale import ZERO, Axis, line_axis, tick_label, zero_based_axis
from app.renderers.charts.style import SERIES_FILLS, SMALL_SIZE, TEXT_SIZE
from app.renderers.charts.timeline import Period, choose_ticks, missing_between, name_ranges
from app.renderers.site.language import Translate

DEFAULT_PLOT_HEIGHT = 200.0
HEAD_HEIGHT, TICK_LINES, AXIS_HEAD = 26, 40, 18
TOP_ROOM = 16
"""Room above the highest figure for its label."""
AXIS_GAP, MAX_TICKS = 8, 6
TICK_PIXELS = {"day": 58, "month": 44, "quarter": 44, "year": 44}
"""The room that a label of an axis of time needs."""
MAX_COLUMN, COLUMN_SHARE = 46.0, 0.62
MAX_NAMED_GAPS = 6
MAX_DOTS = 150
"""A line with more figures has a dot for the last one only."""
MAX_LISTED = 12
"""A description lists so many figures; of more it tells the last, the highest and the lowest."""


@dataclass(frozen=True, slots=True)
class TimePoint:
    """A figure of a period. Its value is None where the print has none."""

    period: Period
    value: Figure
    prior: Figure = None
    """The figure of the year before, where it was asked for."""
    earlier: tuple[Figure, ...] = ()
    """The figures of earlier vintages that differ."""


@dataclass(frozen=True)
class TimePlot:
    """Points in the order of time, all of one unit; at least one has a value.

    `is_line` draws a line, else columns from zero. `reference` is where the axis has its base: zero, or 100 for an
    index. `zero_filled` says that a period without a point is zero, as in counts, and not missing.
    """

    points: Sequence[TimePoint]
    value_head: str
    time_head: str
    is_line: bool
    reference: Decimal = ZERO
    zero_filled: bool = False
    restarts_each_year: bool = False
    """Whether figures add up from January on, so that no line leads from one year to the next."""
    remarks: tuple[str, ...] = ()
    """Notes on what the points do not show."""

    @cached_property
    def valued(self) -> list[TimePoint]:
        """The points with a value."""
        return [point for point in self.points if point.value is not None]

    @cached_property
    def axis(self) -> Axis:
        """The axis of the figures."""
        values = [to_decimal(point.value) for point in self.valued]
        values += [
            to_decimal(value) for point in self.points for value in (point.prior, *point.earlier) if value is not None
        ]
        if self.is_line:
            return line_axis(values, MAX_TICKS, self.reference)
        return zero_based_axis(values, MAX_TICKS, all(isinstance(point.value, int) for point in self.valued))

    @cached_property
    def has_prior(self) -> bool:
        """Whether there are figures of the year before."""
        return any(point.prior is not None for point in self.points)

    @property
    def missing(self) -> list[Period]:
        """Return the periods without a figure."""
        if self.zero_filled:
            return []
        empty = [point.period for point in self.points if point.value is None]
        gaps = missing_between([point.period for point in self.points])
        return sorted([*empty, *gaps], key=lambda period: period.position)

    def notes(self, width: float, text: Translate) -> list[str]:  # noqa: ARG002
        """Return what is missing, and how to read the rest."""
        notes = list(self.remarks)
        if self.missing:
            ranges = name_ranges(self.missing, text)
            named = text("、", ", ").join(ranges[:MAX_NAMED_GAPS])
            more = text("等", " and others") if len(ranges) > MAX_NAMED_GAPS else ""
            count = len(self.missing)
            notes.append(
                text(f"缺{named}{more}（共{count}期无数值）。", f"No figures for {named}{more} ({count} in all).")
            )
        if self.is_line and self.axis.low > 0:
            notes.append(text("纵轴不从零开始。", "The vertical axis does not begin at zero."))
        if self.has_prior:
            how = text("虚线" if self.is_line else "斜纹柱", "The dashed line" if self.is_line else "Hatched columns")
            notes.append(
                text(
                    f"{how}为上年同期数，由本期数和同比推算。", f"{how}: a year before, derived from figure and change."
                )
            )
        if any(point.earlier for point in self.points):
            notes.append(text("空心点为以前各期所载的数值。", "Hollow dots: figures of earlier issues."))
        return notes

    def describe(self, text: Translate) -> str:
        """Return the figures; of many, the last, the highest and the lowest."""
        if len(self.valued) <= MAX_LISTED:
            return text("，", "; ").join(self._told(point, text) for point in self.valued)
        first, last = self.valued[0], self.valued[-1]
        low, high = self._extremes()
        parts = [
            text(
                f"{first.period.name(text)}至{last.period.name(text)}共{len(self.valued)}期",
                f"{len(self.valued)} figures from {first.period.name(text)} to {last.period.name(text)}",
            ),
            f"{text('最近', 'last: ')}{self._told(last, text)}",
            f"{text('最高', 'highest: ')}{self._told(high, text)}",
            f"{text('最低', 'lowest: ')}{self._told(low, text)}",
        ]
        return text("，", "; ").join(parts)

    def _told(self, point: TimePoint, text: Translate) -> str:
        prior = "" if point.prior is None else text("（上年同期", " (a year before ") + format_figure(point.prior)
        return f"{point.period.name(text)} {format_figure(point.value)}{prior and prior + text('）', ')')}"

    def _extremes(self) -> tuple[TimePoint, TimePoint]:
        low = min(self.valued, key=lambda point: to_decimal(point.value))
        return low, max(self.valued, key=lambda point: to_decimal(point.value))

    def height(self, width: float) -> float:  # noqa: ARG002
        """Return the height of heads, plot and labels."""
        return HEAD_HEIGHT + TOP_ROOM + DEFAULT_PLOT_HEIGHT + TICK_LINES + AXIS_HEAD

    def draw(self, canvas: Canvas, left: float, top: float, width: float, height: float, text: Translate) -> None:
        """Draw axes, then columns or the line, then labels."""
        frame = self._frame(left, top, width, height)
        canvas.text(left, top + SMALL_SIZE, cut(self.value_head, width, SMALL_SIZE), "head", self.value_head)
        for tick in self.axis.ticks:
            y = frame.y(tick)
            canvas.line(frame.left, y, frame.right, y, "base" if tick == self._base() else "grid")
            canvas.text(frame.left - AXIS_GAP, y + SMALL_SIZE * 0.36, tick_label(tick), "tick end")
        self._draw_time_axis(canvas, frame, text)
        for period in self.missing:
            x = frame.x(period.position)
            canvas.line(x, frame.top, x, frame.bottom, "missing")
        if self.is_line:
            self._draw_line(canvas, frame, text)
        else:
            self._draw_columns(canvas, frame, text)

    def _base(self) -> Decimal:
        return self.reference if self.is_line else ZERO

    def _frame(self, left: float, top: float, width: float, height: float) -> "PlotFrame":
        tick_width = max(text_width(tick_label(tick), SMALL_SIZE) for tick in self.axis.ticks)
        positions = [point.period.position for point in self.points]
        plot_left = left + tick_width + AXIS_GAP
        last_label = text_width(format_figure(self.valued[-1].value), TEXT_SIZE) / 2 if self.is_line else 0
        return PlotFrame(
            left,
            plot_left,
            left + width - max(last_label, 4),
            left + width,
            top + HEAD_HEIGHT + TOP_ROOM,
            top + height - TICK_LINES - AXIS_HEAD,
            positions[0],
            positions[-1],
            self.axis,
            inset=not self.is_line,
        )

    def _draw_time_axis(self, canvas: Canvas, frame: "PlotFrame", text: Translate) -> None:
        unit = self.points[0].period.unit
        max_ticks = max(1, int((frame.right - frame.left) / TICK_PIXELS[unit]))
        y = frame.bottom + SMALL_SIZE + 6
        for tick in choose_ticks(unit, frame.first, frame.last, max_ticks, text):
            x = frame.x(tick.position)
            canvas.line(x, frame.bottom, x, frame.bottom + 4, "base")
            for line, label in enumerate(filter(None, (tick.label, tick.year))):
                middle = frame.keep_inside(x, text_width(label, SMALL_SIZE))
                canvas.text(middle, y + line * (SMALL_SIZE + 4), label, "tick middle")
        canvas.text(
            (frame.left + frame.right) / 2, frame.bottom + TICK_LINES + SMALL_SIZE, self.time_head, "head middle"
        )

    def _draw_line(self, canvas: Canvas, frame: "PlotFrame", text: Translate) -> None:
        for run in self._runs([point.prior for point in self.points]):
            self._draw_run(canvas, frame, run, "prior", "prior-dot")
        for run in self._runs([point.value for point in self.points]):
            self._draw_run(canvas, frame, run, "line", "dot")
        has_dots = len(self.valued) <= MAX_DOTS
        for point in self.valued if has_dots else self.valued[-1:]:
            x = frame.x(point.period.position)
            for value in point.earlier:
                canvas.circle(
                    x, frame.y(to_decimal(value)), 3, "earlier", f"{point.period.name(text)} {format_figure(value)}"
                )
            radius = 4 if point is self.valued[-1] else 2.2
            canvas.circle(x, frame.y(to_decimal(point.value)), radius, "dot", self._told(point, text))
        self._draw_line_labels(canvas, frame)

    def _runs(self, values: Sequence[Figure]) -> Iterator[list[tuple[int, Figure]]]:
        """Yield the figures that a line connects, with the positions of their periods."""
        run: list[tuple[int, Figure]] = []
        year = None
        for point, value in zip(self.points, values, strict=True):
            position = point.period.position
            is_new_year = self.restarts_each_year and point.period.year != year
            if run and (value is None or position != run[-1][0] + 1 or is_new_year):
                yield run
                run = []
            if value is not None:
                run.append((position, value))
                year = point.period.year
        if run:
            yield run

    def _draw_run(self, canvas: Canvas, frame: "PlotFrame", run: list[tuple[int, Figure]], line: str, dot: str) -> None:
        points: list[Point] = [(frame.x(position), frame.y(to_decimal(value))) for position, value in run]
        if len(points) > 1:
            canvas.path(points, line)
        else:
            canvas.circle(*points[0], 3, dot)

    def _draw_line_labels(self, canvas: Canvas, frame: "PlotFrame") -> None:
        """Label the last, the highest and the lowest figure, unless a label would cover another."""
        low, high = self._extremes()
        taken: list[tuple[float, float, float]] = []
        for point, is_below in ((self.valued[-1], self.valued[-1] is low), (high, False), (low, True)):
            figure, x = format_figure(point.value), frame.x(point.period.position)
            half = text_width(figure, TEXT_SIZE) / 2
            x = frame.keep_inside(x, 2 * half)
            y = frame.y(to_decimal(point.value))
            y += TEXT_SIZE + 6 if is_below and y + TEXT_SIZE + 8 < frame.bottom else -9
            if all(abs(x - other) > half + width or abs(y - level) > TEXT_SIZE for other, width, level in taken):
                canvas.text(x, y, figure, "value middle halo")
                taken.append((x, half, y))

    def _draw_columns(self, canvas: Canvas, frame: "PlotFrame", text: Translate) -> None:
        series = 2 if self.has_prior else 1
        column = max(min(frame.pitch * COLUMN_SHARE, MAX_COLUMN * series), 1.5) / series
        widest = max(text_width(format_figure(value), TEXT_SIZE) for p in self.valued for value in (p.value, p.prior))
        labels_fit, main_labels_fit = widest + 4 <= frame.pitch / series, widest + 4 <= frame.pitch
        zero, highest = frame.y(ZERO), self._extremes()[1]
        for point in self.points:
            start = frame.x(point.period.position) - column * series / 2
            values = [(point.prior, SERIES_FILLS[1])] if self.has_prior else []
            for place, (value, fill) in enumerate([*values, (point.value, SERIES_FILLS[0])]):
                if value is None:
                    continue
                x, y, figure = start + place * column, frame.y(to_decimal(value)), format_figure(value)
                canvas.fill_rect(fill, x, min(y, zero), column, abs(y - zero), f"{point.period.name(text)} {figure}")
                is_main = place == series - 1
                if labels_fit or (is_main and (main_labels_fit or point is highest)):
                    baseline = y + TEXT_SIZE + 2 if value < 0 else y - 5
                    middle = frame.keep_inside(x + column / 2, text_width(figure, TEXT_SIZE))
                    canvas.text(middle, baseline, figure, "value middle halo")
        canvas.line(frame.left, zero, frame.right, zero, "base")


@dataclass(frozen=True, slots=True)
class PlotFrame:
    """The rectangle of a plot, and where periods and figures lie in it."""

    start: float
    left: float
    right: float
    end: float
    """`start` and `end` are the ends of the drawing, beyond which no label may reach."""
    top: float
    bottom: float
    first: int
    last: int
    axis: Axis
    inset: bool
    """Whether the first and the last period keep half their width from the edges, as columns need."""

    @property
    def pitch(self) -> float:
        """Return the distance between two periods."""
        count = self.last - self.first + (1 if self.inset or self.first == self.last else 0)
        return (self.right - self.left) / count

    def x(self, position: int) -> float:
        """Return where the middle of a period lies."""
        is_inset = self.inset or self.first == self.last
        return self.left + (position - self.first + (0.5 if is_inset else 0)) * self.pitch

    def keep_inside(self, x: float, width: float) -> float:
        """Return the middle of a label, moved so far that the label stays within the drawing."""
        return min(max(x, self.start + width / 2), self.end - width / 2)

    def y(self, value: Decimal) -> float:
        """Return the height of a figure."""
        return self.bottom - (self.bottom - self.top) * self.axis.share(value)
