"""Horizontal bars: one for each group, the figure at its end, the label before or above it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.renderers.charts.canvas import Canvas
from app.renderers.charts.figures import (
    Group,
    describe_groups,
    format_figure,
    hidden_note,
    to_decimal,
)
from app.renderers.charts.lettering import cut, text_width
from app.renderers.charts.scale import ZERO
from app.renderers.charts.style import REST_FILL, SERIES_FILLS, SMALL_SIZE, TEXT_SIZE
from app.renderers.site.language import Translate

HEAD_HEIGHT = 22
ROW, MAX_ROW, BAR = 26.0, 44.0, 17.0
TALL_ROW, LABEL_LINE, TALL_BAR = 40.0, 19.0, 13.0
"""Rows whose label stands above the bar."""
MAX_LABEL_SHARE = 0.36
"""Labels that need more of the width stand above their bars."""
GAP = 8


@dataclass(frozen=True, slots=True)
class BarLayout:
    """Where the parts of the rows lie, from left to right."""

    label_width: float
    """Zero where labels stand above the bars."""
    start: float
    """The left end of the bars' room, below zero where figures are negative."""
    zero: float
    scale: float
    """Pixels for one unit of the figures."""

    @property
    def has_labels_above(self) -> bool:
        """Whether labels stand above their bars."""
        return self.label_width == 0


def layout_bars(groups: Sequence[Group], label_head: str, width: float) -> BarLayout:
    """Return the layout of some rows; all lengths count from the left end of the drawing."""
    widest = max(text_width(label_head, SMALL_SIZE), *(text_width(group.label, TEXT_SIZE) for group in groups))
    label_width = widest + 2 if widest <= width * MAX_LABEL_SHARE else 0.0
    start = label_width + GAP if label_width else 0.0
    values = [to_decimal(group.value) for group in groups]
    low, high = min([*values, ZERO]), max([*values, ZERO])
    texts = {True: 0.0, False: 0.0}
    for group, value in zip(groups, values, strict=True):
        texts[value < 0] = max(texts[value < 0], text_width(format_figure(group.value), TEXT_SIZE) + GAP)
    room = max(width - start - texts[False] - texts[True], 20)
    span = float(high - low) or 1.0
    return BarLayout(label_width, start, start + texts[True] + room * float(-low) / span, room / span)


def row_height(layout: BarLayout) -> float:
    """Return the height that one row needs."""
    return TALL_ROW if layout.has_labels_above else ROW


def draw_heads(
    canvas: Canvas, layout: BarLayout, left: float, top: float, width: float, heads: tuple[str, str]
) -> None:
    """Draw what the labels and the bars stand for."""
    label_head, value_head = heads
    if layout.has_labels_above:
        canvas.text(left, top + SMALL_SIZE, cut(f"{label_head} · {value_head}", width, SMALL_SIZE), "head")
        return
    label = cut(label_head, layout.label_width, SMALL_SIZE)
    canvas.text(left + layout.label_width, top + SMALL_SIZE, label, "head end", label_head)
    room = width - layout.start
    canvas.text(left + layout.start, top + SMALL_SIZE, cut(value_head, room, SMALL_SIZE), "head", value_head)


def draw_label(
    canvas: Canvas, layout: BarLayout, group: Group, left: float, y: float, row: float, width: float
) -> float:
    """Draw the label of a row that begins at `y`, and return where its bar begins."""
    if layout.has_labels_above:
        space = (row - LABEL_LINE - TALL_BAR) / 2
        canvas.fitted_text(left, y + space + TEXT_SIZE, group.label, width)
        return y + space + LABEL_LINE
    canvas.fitted_text(
        left + layout.label_width, y + row / 2 + TEXT_SIZE * 0.36, group.label, layout.label_width, "end"
    )
    return y + (row - BAR) / 2


def draw_base(canvas: Canvas, layout: BarLayout, x: float, y: float, row: float) -> None:
    """Draw the zero line of a row whose bar begins at `y`. Lines of rows meet, except where labels stand between."""
    if layout.has_labels_above:
        canvas.line(x, y - 1, x, y + TALL_BAR + 1, "base")
    else:
        middle = y + BAR / 2
        canvas.line(x, middle - row / 2, x, middle + row / 2, "base")


@dataclass(frozen=True, slots=True)
class RankedBars:
    """Bars in the order of their groups. `hidden` groups are not among them."""

    groups: Sequence[Group]
    heads: tuple[str, str]
    """What the labels are, and what the bars measure."""
    hidden: int = 0

    def notes(self, width: float, text: Translate) -> list[str]:  # noqa: ARG002
        """Return how many groups are not shown."""
        return hidden_note(self.hidden, text)

    def describe(self, text: Translate) -> str:
        """Return the figures."""
        return describe_groups(self.groups, self.hidden, text)

    def height(self, width: float) -> float:
        """Return the height of all rows."""
        return HEAD_HEIGHT + row_height(layout_bars(self.groups, self.heads[0], width)) * len(self.groups)

    def draw(self, canvas: Canvas, left: float, top: float, width: float, height: float, text: Translate) -> None:  # noqa: ARG002
        """Draw heads, labels, bars and figures."""
        layout = layout_bars(self.groups, self.heads[0], width)
        row = min((height - HEAD_HEIGHT) / len(self.groups), MAX_ROW)
        draw_heads(canvas, layout, left, top, width, self.heads)
        bar_height = TALL_BAR if layout.has_labels_above else BAR
        zero = left + layout.zero
        for position, group in enumerate(self.groups):
            y = draw_label(canvas, layout, group, left, top + HEAD_HEIGHT + position * row, row, width)
            length = float(to_decimal(group.value)) * layout.scale
            figure, baseline = format_figure(group.value), y + bar_height / 2 + TEXT_SIZE * 0.36
            fill = REST_FILL if group.is_rest else SERIES_FILLS[0]
            canvas.fill_rect(fill, min(zero, zero + length), y, abs(length), bar_height, f"{group.label} {figure}")
            if length < 0:
                canvas.text(zero + length - 4, baseline, figure, "value end")
            else:
                canvas.text(zero + length + 5, baseline, figure, "value")
            draw_base(canvas, layout, zero, y, row)
