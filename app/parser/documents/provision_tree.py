"""One provision and its place in the document."""

from dataclasses import dataclass, field

from app.parser.text.numbering import Rank


@dataclass(slots=True)
class Provision:
    """One node: where it stands, its printed number and heading, and its own paragraphs."""

    rank: Rank
    path: str
    parent: "Provision | None"
    ordinal: int = 0
    number: str | None = None
    heading: str | None = None
    texts: list[str] = field(default_factory=list)
    first: int = 0
    last: int = 0
    notes: list[str] = field(default_factory=list)
    responsible: list[str] = field(default_factory=list)
    heading_only: bool = False

    def cover(self, first: int, last: int) -> None:
        """Take these lines into the span."""
        self.first = min(self.first or first, first)
        self.last = max(self.last, last)

    @property
    def text(self) -> str:
        """Own paragraphs, without those of the children."""
        return "\n".join(self.texts)
