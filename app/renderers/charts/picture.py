"""A whole picture: what stands around a drawing, so that it can be understood alone, and the drawing itself."""

from dataclasses import dataclass
from typing import Protocol

from app.renderers.charts.canvas import Canvas, number
from app.renderers.charts.lettering import text_width, wrap
from app.renderers.charts.style import SMALL_SIZE, STYLE, TEXT_SIZE, TITLE_SIZE
from app.renderers.site.language import HTML_LANGUAGE_TAGS, Language, Translate, translator
from app.renderers.xml import DECLARATION, empty_element, end_tag, start_tag, text_element

NAMESPACE = "http://www.w3.org/2000/svg"
DEFAULT_WIDTH, MIN_WIDTH, MAX_WIDTH = 480, 280, 1600
MIN_HEIGHT, MAX_HEIGHT = 200, 2400
MARGIN = 16
TITLE_LINE, TEXT_LINE, SMALL_LINE = 25, 20, 17
MAX_TITLE_LINES, MAX_SUBTITLE_LINES, MAX_NOTE_LINES, MAX_SOURCE_LINES, MAX_ADDRESS_LINES = 3, 4, 4, 3, 3
MAX_ALT_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Caption:
    """What a picture says in words."""

    language: Language
    title: str
    subtitle: str
    """What is measured, in which unit, and which rows were chosen."""
    source: str
    """Who printed the figures, and where."""
    revision: str
    shown_address: str
    """The address of the same figures as a reader can copy it."""
    url: str
    """The same address as programs need it."""

    @property
    def text(self) -> Translate:
        """Return the function that chooses between a Chinese and an English text."""
        return translator(self.language)


class Drawing(Protocol):
    """What shows the figures."""

    def notes(self, width: float, text: Translate) -> list[str]:
        """Return what readers must know: what is missing, what is not shown."""

    def describe(self, text: Translate) -> str:
        """Return the figures as sentences."""

    def height(self, width: float) -> float:
        """Return the height that the drawing needs."""

    def draw(self, canvas: Canvas, left: float, top: float, width: float, height: float, text: Translate) -> None:
        """Draw within a rectangle, which is at least as high as the drawing needs."""


@dataclass(frozen=True, slots=True)
class Size:
    """The size that was asked for. Without a height, or with too small a one, the drawing decides."""

    width: int = DEFAULT_WIDTH
    height: int | None = None


def render_picture(caption: Caption, drawing: Drawing, size: Size) -> str:
    """Return the picture as an SVG document."""
    text, width = caption.text, size.width - 2 * MARGIN
    title = wrap(caption.title, width, TITLE_SIZE, MAX_TITLE_LINES)
    subtitle = wrap(caption.subtitle, width, TEXT_SIZE, MAX_SUBTITLE_LINES)
    notes = [line for note in drawing.notes(width, text) for line in wrap(note, width, SMALL_SIZE, MAX_NOTE_LINES)]
    source = wrap(caption.source, width, SMALL_SIZE, MAX_SOURCE_LINES)
    address = wrap(caption.shown_address, width, SMALL_SIZE, MAX_ADDRESS_LINES)
    top = MARGIN + TITLE_LINE * len(title) + TEXT_LINE * len(subtitle) + 12
    below = SMALL_LINE * (len(notes) + len(source) + 1 + len(address)) + 24
    height = max(drawing.height(width), (size.height or 0) - top - below - MARGIN)
    total_height = round(top + height + below + MARGIN)
    canvas = Canvas()
    y = float(MARGIN)
    for line in title:
        canvas.text(MARGIN, y + TITLE_SIZE, line, "title")
        y += TITLE_LINE
    for line in subtitle:
        canvas.text(MARGIN, y + TEXT_SIZE, line, "sub")
        y += TEXT_LINE
    drawing.draw(canvas, MARGIN, top, width, height, text)
    _draw_footer(canvas, caption, [*notes, *source], address, top + height + 14, width)
    return _document(caption, drawing, canvas, size.width, total_height)


def _draw_footer(
    canvas: Canvas, caption: Caption, lines: list[str], address: list[str], y: float, width: float
) -> None:
    canvas.line(MARGIN, y, MARGIN + width, y, "grid")
    y += 4
    for line in lines:
        canvas.text(MARGIN, y + SMALL_SIZE, line, "small")
        y += SMALL_LINE
    canvas.text(MARGIN, y + SMALL_SIZE, caption.text("数据版本 ", "Data revision ") + caption.revision, "small")
    y += SMALL_LINE
    for line in address:
        canvas.link(MARGIN, y + SMALL_SIZE, line, caption.url, "small")
        y += SMALL_LINE


def _document(caption: Caption, drawing: Drawing, canvas: Canvas, width: int, height: int) -> str:
    root = [
        ("xmlns", NAMESPACE),
        ("width", str(width)),
        ("height", str(height)),
        ("viewBox", f"0 0 {width} {height}"),
        ("preserveAspectRatio", "xMinYMin meet"),
        ("role", "img"),
        ("aria-labelledby", "title desc"),
        ("xml:lang", HTML_LANGUAGE_TAGS[caption.language]),
    ]
    paper = [("width", number(width)), ("height", number(height)), ("class", "paper")]
    parts = [
        start_tag("svg", root),
        text_element("title", caption.title, [("id", "title")]),
        text_element("desc", description(caption, drawing), [("id", "desc")]),
        text_element("style", STYLE),
        canvas.pattern_definitions(),
        empty_element("rect", paper),
        *canvas.parts,
        end_tag("svg"),
    ]
    return DECLARATION + "\n".join(filter(None, parts)) + "\n"


def description(caption: Caption, drawing: Drawing) -> str:
    """Return what a picture shows, as sentences for readers who do not see it."""
    text = caption.text
    stop, end = text("。", ". "), text("。", ".")
    parts = (caption.subtitle, drawing.describe(text), *drawing.notes(DEFAULT_WIDTH, text), caption.source)
    return stop.join(part.rstrip("。. ") for part in parts if part) + end


def picture_alt(caption: Caption, drawing: Drawing) -> str:
    """Return the text that replaces a picture in a page: its title, what is measured, its figures."""
    text = caption.text
    parts = [part.rstrip("。. ") for part in (caption.title, caption.subtitle, drawing.describe(text)) if part]
    alt = text("。", ". ").join(parts) + text("。", ".")
    return alt if len(alt) <= MAX_ALT_LENGTH else f"{alt[: MAX_ALT_LENGTH - 1]}…"


@dataclass(frozen=True, slots=True)
class EmptyDrawing:
    """Says why there is nothing to see."""

    reason: str

    def notes(self, width: float, text: Translate) -> list[str]:  # noqa: ARG002
        """Return nothing."""
        return []

    def describe(self, text: Translate) -> str:  # noqa: ARG002
        """Return the reason."""
        return self.reason

    def height(self, width: float) -> float:  # noqa: ARG002
        """Return the height of the sentence, with room around it."""
        return 96

    def draw(self, canvas: Canvas, left: float, top: float, width: float, height: float, text: Translate) -> None:  # noqa: ARG002
        """Draw the sentence in the middle of a frame."""
        canvas.rect(left, top, width, height, "missing")
        lines = wrap(self.reason, width - 32, TEXT_SIZE, 3)
        y = top + height / 2 - TEXT_LINE * (len(lines) - 1) / 2 + TEXT_SIZE / 3
        for line in lines:
            canvas.text(left + (width - text_width(line, TEXT_SIZE)) / 2, y, line)
            y += TEXT_LINE
