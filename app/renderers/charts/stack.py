"""Horizontal bars made of parts: how the groups of one field divide into those of another."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.renderers.charts.bars import (
    BAR,
    HEAD_HEIGHT,
    MAX_ROW,
    TALL_BAR,
    draw_base,
    draw_heads,
    draw_label,
    layout_bars,
    row_height,
)
from app.renderers.charts.canvas import Canvas
from app.renderers.charts.figures import Figure, Group, describe_groups, format_figure, hidden_note, to_decimal
from app.renderers.charts.lettering import cut, text_width
from app.renderers.charts.style import SERIES_FILLS, SMALL_SIZE, TEXT_SIZE
from app.renderers.site.language import Translate

MAX_PARTS = len(SERIES_FILLS)
KEY_LINE, KEY_SWATCH, KEY_GAP = 21, 14, 16


@dataclass(frozen=True, slots=True)
class StackedBars:
    """Rows in their order, each with its total, and a figure for each of the parts, of which there are few."""

    groups: Sequence[Group]
    parts: Sequence[str]
    figures: Sequence[Sequence[Figure]]
    """By row, the figures of its parts."""
    heads: tuple[str, str]
    part_head: str
    """What the parts are."""
    hidden: int = 0

    def notes(self, width: float, text: Translate) -> list[str]:  # noqa: ARG002
        """Return how many groups are not shown."""
        return hidden_note(self.hidden, text)

    def describe(self, text: Translate) -> str:
        """Return the totals, with the parts of each."""
        detailed = [
            Group(f"{group.label}{text('（', ' (')}{self._describe_parts(figures, text)}{text('）', ')')}", group.value)
            for group, figures in zip(self.groups, self.figures, strict=True)
        ]
        return describe_groups(detailed, self.hidden, text)

    def _describe_parts(self, figures: Sequence[Figure], text: Translate) -> str:
        parts = zip(self.parts, figures, strict=True)
        return text("、", ", ").join(f"{part} {format_figure(value)}" for part, value in parts if value)

    def height(self, width: float) -> float:
        """Return the height of the key and of all rows."""
        rows = row_height(layout_bars(self.groups, self.heads[0], width)) * len(self.groups)
        return KEY_LINE * len(self._key_lines(width)) + 6 + HEAD_HEIGHT + rows

    def draw(self, canvas: Canvas, left: float, top: float, width: float, height: float, text: Translate) -> None:  # noqa: ARG002
        """Draw the key, then each row with its parts and its total."""
        key_bottom = self._draw_key(canvas, left, top, width) + 6
        layout = layout_bars(self.groups, self.heads[0], width)
        row = min((top + height - key_bottom - HEAD_HEIGHT) / len(self.groups), MAX_ROW)
        draw_heads(canvas, layout, left, key_bottom, width, self.heads)
        bar_height = TALL_BAR if layout.has_labels_above else BAR
        zero, first = left + layout.zero, key_bottom + HEAD_HEIGHT
        for place, group in enumerate(self.groups):
            y = draw_label(canvas, layout, group, left, first + place * row, row, width)
            x = zero
            for position, (part, value) in enumerate(zip(self.parts, self.figures[place], strict=True)):
                length = float(to_decimal(value)) * layout.scale
                if not value or length <= 0:
                    continue
                fill, figure = SERIES_FILLS[position], format_figure(value)
                canvas.fill_rect(fill, x, y, length, bar_height, f"{group.label}, {part} {figure}")
                if text_width(figure, SMALL_SIZE) + 6 <= length:
                    baseline = y + bar_height / 2 + SMALL_SIZE * 0.36
                    canvas.text(x + length / 2, baseline, figure, f"on on-{fill.name} middle")
                x += length
            baseline = y + bar_height / 2 + TEXT_SIZE * 0.36
            canvas.text(x + 5, baseline, format_figure(group.value), "value")
            draw_base(canvas, layout, zero, y, row)

    def _key_lines(self, width: float) -> list[list[tuple[int, str, float]]]:
        """Return the lines of the key: position, label and left end of each part. The head begins the first line."""
        lines: list[list[tuple[int, str, float]]] = [[]]
        x = text_width(self.part_head, SMALL_SIZE) + KEY_GAP
        for position, part in enumerate(self.parts):
            label = cut(part, width - KEY_SWATCH - 6, TEXT_SIZE)
            needed = KEY_SWATCH + 6 + text_width(label, TEXT_SIZE)
            if x > 0 and x + needed > width:
                lines.append([])
                x = 0
            lines[-1].append((position, label, x))
            x += needed + KEY_GAP
        return lines

    def _draw_key(self, canvas: Canvas, left: float, top: float, width: float) -> float:
        canvas.text(left, top + TEXT_SIZE, cut(self.part_head, width, SMALL_SIZE), "head", self.part_head)
        y = top
        for line in self._key_lines(width):
            for position, label, x in line:
                canvas.fill_rect(SERIES_FILLS[position], left + x, y + 2, KEY_SWATCH, KEY_SWATCH)
                canvas.text(left + x + KEY_SWATCH + 6, y + TEXT_SIZE, label, "", self.parts[position])
            y += KEY_LINE
        return y
