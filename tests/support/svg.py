"""Read pictures: that they are well-formed and self-contained, and what stands where."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from app.renderers.charts.lettering import text_width
from app.renderers.charts.style import SMALL_SIZE, TEXT_SIZE, TITLE_SIZE

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {
    "svg", "title", "desc", "style", "defs", "pattern", "rect", "text", "line", "path", "circle", "a",
}  # fmt: skip
SIZES = {"title": TITLE_SIZE, "head": SMALL_SIZE, "small": SMALL_SIZE, "tick": SMALL_SIZE, "on": SMALL_SIZE}
MOVED = re.compile(r"translate\(([-\d.]+) ([-\d.]+)\)")


@dataclass(frozen=True)
class Lettering:
    """A text of a picture, with the left and right end that it is estimated to have."""

    text: str
    classes: tuple[str, ...]
    left: float
    right: float
    y: float


class Picture:
    """A parsed picture."""

    def __init__(self, source: str) -> None:
        self.root = ET.fromstring(source)
        self.width, self.height = float(self.root.get("width", "")), float(self.root.get("height", ""))

    @property
    def title(self) -> str:
        """The title for readers who do not see the picture."""
        return self.root.findtext(f"{SVG}title", "")

    @property
    def description(self) -> str:
        """The figures as sentences."""
        return self.root.findtext(f"{SVG}desc", "")

    @property
    def texts(self) -> list[Lettering]:
        """All texts in the order in which they are drawn."""
        return [_lettering(element) for element in self.root.iter(f"{SVG}text")]

    def words(self, css_class: str) -> list[str]:
        """Return the texts of a class."""
        return [each.text for each in self.texts if css_class in each.classes]

    def count(self, name: str, css_class: str) -> int:
        """Return the number of elements of a class."""
        return sum(css_class in (element.get("class") or "").split() for element in self.root.iter(f"{SVG}{name}"))

    def hints(self) -> list[str]:
        """Return the titles of parts of the picture."""
        return [element.text or "" for element in self.root.iter(f"{SVG}title")][1:]

    def assert_sound(self) -> None:
        """Check what holds for every picture."""
        assert self.root.tag == f"{SVG}svg"
        assert self.root.get("viewBox") == f"0 0 {self.width:g} {self.height:g}"
        assert self.root.get("role") == "img"
        assert self.root.get("aria-labelledby") == "title desc"
        assert self.title
        assert self.description
        ids = [element.get("id") for element in self.root.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
        for element in self.root.iter():
            assert element.tag.removeprefix(SVG) in ELEMENTS
            assert not {"style", "onload", "onclick"} & set(element.keys())
        for each in self.texts:
            assert each.left >= -1, each
            assert each.right <= self.width + 1, each
            assert 0 <= each.y <= self.height, each


def _lettering(element: ET.Element) -> Lettering:
    title = element.find(f"{SVG}title")
    text = (element.text or "") if title is None else (title.tail or "")
    classes = tuple((element.get("class") or "").split())
    width = text_width(text, next((SIZES[name] for name in classes if name in SIZES), TEXT_SIZE))
    if moved := MOVED.match(element.get("transform") or ""):
        x, y, width = float(moved[1]), float(moved[2]), width * 0.766
    else:
        x, y = float(element.get("x", "")), float(element.get("y", ""))
    left = x - width if "end" in classes else x - width / 2 if "middle" in classes else x
    return Lettering(text, classes, left, left + width, y)
