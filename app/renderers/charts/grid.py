"""A grid of cells for two fields with many values: the darker, the larger, with the figure in each cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.renderers.charts.canvas import Canvas
from app.renderers.charts.figures import Figure, Group, describe_groups, format_figure, to_decimal
from app.renderers.charts.lettering import cut, text_width
from app.renderers.charts.scale import ZERO
from app.renderers.charts.style import NEGATIVE_SHADES, SHADES, SMALL_SIZE, TEXT_SIZE, Fill
from app.renderers.site.language import Text, Translate

ROW = 26.0
MAX_LABEL_SHARE = 0.34
GAP, HEAD_GAP = 8, 6
MIN_CELL, MAX_CELL = 24.0, 96.0
MAX_TURNED_LENGTH = 110.0
"""Pixels that a turned heading may be long."""
TURN_SINE, TURN_COSINE = 0.643, 0.766
HEAD_LINE = 20


def max_columns(width: float) -> int:
    """Return how many columns a grid has room for beside the widest labels."""
    return max(2, int((width * (1 - MAX_LABEL_SHARE) - GAP) / MIN_CELL))


def choose_shade(value: Decimal, largest: Decimal) -> Fill:
    """Return the fill of a figure; `largest` is the largest amount of all figures."""
    shades = NEGATIVE_SHADES if value < 0 else SHADES
    position = int(abs(value) * len(shades) / largest) if largest else 0
    return shades[min(position, len(shades) - 1)]


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows and columns in their order, and the figures of the cells by row."""

    rows: Sequence[str]
    columns: Sequence[str]
    figures: Sequence[Sequence[Figure]]
    row_head: str
    column_head: str
    hidden_rows: int = 0
    hidden_columns: int = 0

    def notes(self, width: float, text: Translate) -> list[str]:  # noqa: ARG002
        """Return how to read the cells, and how much is not shown."""
        notes = [text("颜色越深，数值越大；空格表示没有记录。", "The darker, the larger; an empty cell has no rows.")]
        hidden = [(self.hidden_rows, Text("行", "rows")), (self.hidden_columns, Text("列", "columns"))]
        named = [text(f"{count}{name.zh}", f"{count} {name.en}") for count, name in hidden if count]
        if named:
            notes.append(text(f"另有{'、'.join(named)}未画出。", f"Not shown: {' and '.join(named)} more."))
        return notes

    def describe(self, text: Translate) -> str:
        """Return the size of the grid and its largest cells."""
        cells = [
            Group(f"{row}{text('、', ', ')}{column}", value)
            for row, figures in zip(self.rows, self.figures, strict=True)
            for column, value in zip(self.columns, figures, strict=True)
            if value is not None
        ]
        cells.sort(key=lambda cell: -to_decimal(cell.value))
        size = text(
            f"{len(self.rows)}行{len(self.columns)}列，最大的是",
            f"{len(self.rows)} rows, {len(self.columns)} columns; largest: ",
        )
        return size + describe_groups(cells, 0, text)

    def height(self, width: float) -> float:
        """Return the height of headings and rows."""
        return HEAD_LINE + self._heading_height(width) + ROW * len(self.rows)

    def draw(self, canvas: Canvas, left: float, top: float, width: float, height: float, text: Translate) -> None:  # noqa: ARG002
        """Draw headings, labels and cells."""
        label_width, cell = self._layout(width)
        start = left + label_width + GAP
        heading_bottom = top + HEAD_LINE + self._heading_height(width)
        row_height = (top + height - heading_bottom) / len(self.rows)
        head_width = width - label_width - GAP
        canvas.text(start, top + SMALL_SIZE, cut(self.column_head, head_width, SMALL_SIZE), "head", self.column_head)
        row_head = cut(self.row_head, label_width, SMALL_SIZE)
        canvas.text(left + label_width, heading_bottom - HEAD_GAP, row_head, "head end", self.row_head)
        self._draw_headings(canvas, start, heading_bottom - HEAD_GAP, cell, width + left)
        largest = max((abs(to_decimal(value)) for figures in self.figures for value in figures), default=ZERO)
        for place, (row, figures) in enumerate(zip(self.rows, self.figures, strict=True)):
            y = heading_bottom + place * row_height
            baseline = y + row_height / 2 + TEXT_SIZE * 0.36
            canvas.fitted_text(left + label_width, baseline, row, label_width, "end")
            for position, (column, value) in enumerate(zip(self.columns, figures, strict=True)):
                x = start + position * cell
                if value is None:
                    canvas.rect(x + 0.5, y + 0.5, cell - 1, row_height - 1, "empty")
                    continue
                fill, figure = choose_shade(to_decimal(value), largest), format_figure(value)
                canvas.fill_rect(fill, x, y, cell, row_height, f"{row}, {column} {figure}")
                if text_width(figure, SMALL_SIZE) <= cell:
                    canvas.text(
                        x + cell / 2, y + row_height / 2 + SMALL_SIZE * 0.36, figure, f"on on-{fill.name} middle"
                    )

    def _layout(self, width: float) -> tuple[float, float]:
        """Return the width of the labels and of a cell."""
        widest = max((text_width(label, TEXT_SIZE) for label in (*self.rows, self.row_head)), default=0)
        label_width = min(widest + 2, width * MAX_LABEL_SHARE)
        cells = width - label_width - GAP - self._overhang()
        return label_width, min(cells / len(self.columns), MAX_CELL)

    def _overhang(self) -> float:
        """Return how far the last turned heading may reach beyond its column."""
        return 0.0 if len(self.columns) <= 4 else 24.0

    def _turned(self, width: float) -> bool:
        _, cell = self._layout(width)
        return any(text_width(column, SMALL_SIZE) > cell - 4 for column in self.columns)

    def _heading_height(self, width: float) -> float:
        if not self._turned(width):
            return SMALL_SIZE + 2 * HEAD_GAP
        longest = max(text_width(column, SMALL_SIZE) for column in self.columns)
        return min(longest, MAX_TURNED_LENGTH) * TURN_SINE + SMALL_SIZE + HEAD_GAP

    def _draw_headings(self, canvas: Canvas, start: float, baseline: float, cell: float, right: float) -> None:
        is_turned = any(text_width(column, SMALL_SIZE) > cell - 4 for column in self.columns)
        for position, column in enumerate(self.columns):
            x = start + (position + 0.5) * cell
            if is_turned:
                room = min(MAX_TURNED_LENGTH, (right - x) / TURN_COSINE)
                canvas.turned_text(x, baseline, cut(column, room, SMALL_SIZE), "tick", column)
            else:
                canvas.text(x, baseline, column, "tick middle")
