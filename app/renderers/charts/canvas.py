"""The elements of a picture. All text goes through the escaper of `app.renderers.xml`."""

from collections.abc import Iterable, Sequence

from app.renderers.charts.lettering import cut
from app.renderers.charts.style import TEXT_SIZE, Fill
from app.renderers.xml import empty_element, end_tag, escape_text, start_tag, text_element

Point = tuple[float, float]
PATTERN_SIZE = "10"


class Canvas:
    """Collects elements in the order in which they are drawn. Coordinates are pixels from the top left."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.patterns: dict[str, Fill] = {}

    def text(self, x: float, y: float, text: str, classes: str = "", full: str = "") -> None:
        """Add a text on its baseline; `full` is the whole text of one that was cut."""
        attributes = [("x", number(x)), ("y", number(y)), *_class(classes)]
        if full and full != text:
            content = f"{text_element('title', full)}{escape_text(text)}"
            self.parts.append(f"{start_tag('text', attributes)}{content}{end_tag('text')}")
        else:
            self.parts.append(text_element("text", text, attributes))

    def turned_text(self, x: float, y: float, text: str, classes: str, full: str) -> None:
        """Add a text that rises to the right from a point."""
        attributes = [("transform", f"translate({number(x)} {number(y)}) rotate(-40)"), *_class(classes)]
        title = text_element("title", full) if full != text else ""
        self.parts.append(f"{start_tag('text', attributes)}{title}{escape_text(text)}{end_tag('text')}")

    def fitted_text(self, x: float, y: float, text: str, width: float, classes: str = "") -> None:
        """Add a text of the usual size that is cut to a width."""
        self.text(x, y, cut(text, width, TEXT_SIZE), classes, text)

    def rect(self, x: float, y: float, width: float, height: float, classes: str, title: str = "") -> None:
        """Add a rectangle; `title` is its text for readers who point at it."""
        attributes = [
            ("x", number(x)),
            ("y", number(y)),
            ("width", number(max(width, 0))),
            ("height", number(max(height, 0))),
            *_class(classes),
        ]
        self._shape("rect", attributes, title)

    def fill_rect(self, fill: Fill, x: float, y: float, width: float, height: float, title: str = "") -> None:
        """Add a rectangle with a fill."""
        if fill.pattern:
            self.patterns[fill.name] = fill
        self.rect(x, y, width, height, f"{fill.name} part", title)

    def line(self, x1: float, y1: float, x2: float, y2: float, classes: str) -> None:
        """Add a straight line."""
        ends = zip(("x1", "y1", "x2", "y2"), map(number, (x1, y1, x2, y2)), strict=True)
        self.parts.append(empty_element("line", [*ends, *_class(classes)]))

    def path(self, points: Sequence[Point], classes: str) -> None:
        """Add a line through points."""
        steps = "L".join(f"{number(x)} {number(y)}" for x, y in points)
        self.parts.append(empty_element("path", [("d", f"M{steps}"), *_class(classes)]))

    def circle(self, x: float, y: float, radius: float, classes: str, title: str = "") -> None:
        """Add a circle."""
        attributes = [("cx", number(x)), ("cy", number(y)), ("r", number(radius)), *_class(classes)]
        self._shape("circle", attributes, title)

    def link(self, x: float, y: float, text: str, url: str, classes: str) -> None:
        """Add a text that links to an address."""
        self.parts.append(start_tag("a", [("href", url)]))
        self.text(x, y, text, classes)
        self.parts.append(end_tag("a"))

    def pattern_definitions(self) -> str:
        """Return the definitions of the patterns that were used."""
        size = [("width", PATTERN_SIZE), ("height", PATTERN_SIZE)]
        definitions = [
            f"{start_tag('pattern', [('id', f'p-{name}'), *size, ('patternUnits', 'userSpaceOnUse')])}"
            f"{empty_element('rect', [*size, ('class', f'back-{name}')])}"
            f"{empty_element('path', [('d', fill.pattern), ('class', 'hatch')])}{end_tag('pattern')}"
            for name, fill in self.patterns.items()
        ]
        return f"{start_tag('defs')}{''.join(definitions)}{end_tag('defs')}" if definitions else ""

    def _shape(self, name: str, attributes: Iterable[tuple[str, str]], title: str) -> None:
        if title:
            self.parts.append(f"{start_tag(name, attributes)}{text_element('title', title)}{end_tag(name)}")
        else:
            self.parts.append(empty_element(name, attributes))


def number(value: float) -> str:
    """Return a coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def _class(classes: str) -> list[tuple[str, str]]:
    return [("class", classes)] if classes else []
