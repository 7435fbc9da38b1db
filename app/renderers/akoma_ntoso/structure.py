"""The structure of a document in Akoma Ntoso: preamble, hierarchy, attachments, and the text where it is loaded."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from app.model.rows import Record
from app.renderers.akoma_ntoso.naming import anchor, kind_of
from app.renderers.xml import add

INCOMPLETE = "incomplete"
"""The `status` of what is printed, but not held here."""


@dataclass(slots=True)
class Node:
    """A provision and those below it."""

    row: Record
    children: list["Node"] = field(default_factory=list)

    @property
    def paragraphs(self) -> list[str]:
        """Its own paragraphs, without those of its children."""
        return [text for text in (self.row["text"] or "").split("\n") if text]

    def below(self) -> Iterator["Node"]:
        """All that stands below, in order."""
        for child in self.children:
            yield child
            yield from child.below()


def forest(provisions: Sequence[Record]) -> list[Node]:
    """The provisions, which come in the order of the text, as trees by their paths."""
    nodes = {row["path"]: Node(row) for row in provisions}
    roots: list[Node] = []
    for path, node in nodes.items():
        parent = nodes.get(path.rpartition(".")[0])
        (roots if parent is None else parent.children).append(node)
    return roots


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes provisions as elements. `body` is the whole running text, null while none is loaded."""

    body: str | None
    agents: Mapping[str, str]
    """The identifiers of the bodies responsible, by their names."""

    def preamble(self, parent: ET.Element, node: Node) -> None:
        """The text before the first numbered provision."""
        path = node.row["path"]
        made = add(parent, "preamble", eId=anchor(path), GUID=node.row["id"], status=self.status(node))
        self.paragraphs(made, node.paragraphs or [""])

    def hierarchy(self, parent: ET.Element, node: Node) -> None:
        """A numbered provision with its number, heading, text and children."""
        path, row = node.row["path"], node.row
        element = kind_of(path).element
        agents = " ".join(f"#{self.agents[name]}" for name in row["responsible"] or () if name in self.agents)
        made = add(
            parent,
            element,
            name=row["level"] if element == "hcontainer" else None,
            eId=anchor(path),
            GUID=row["id"],
            status=self.status(node),
            refersTo=agents or None,
        )
        if row["number"]:
            add(made, "num", row["number"])
        self.content(made, node)

    def content(self, made: ET.Element, node: Node) -> None:
        """Heading, text and children; the text of a list stands before or behind it, as it is printed."""
        heading, paragraphs = headed(node.row["heading"], node.paragraphs)
        if heading:
            add(made, "heading", heading)
        behind = self.behind(node, paragraphs)
        before = [text for text in paragraphs if text not in behind]
        if not node.children:
            if paragraphs:
                self.paragraphs(add(made, "content"), paragraphs)
            return
        if before:
            self.paragraphs(add(made, "intro"), before)
        for child in node.children:
            self.hierarchy(made, child)
        if behind:
            self.paragraphs(add(made, "wrapUp"), behind)

    def paragraphs(self, parent: ET.Element, texts: Sequence[str]) -> None:
        """One `p` a paragraph."""
        for text in texts:
            add(parent, "p", text or None)

    def status(self, node: Node) -> str | None:
        """`incomplete` for a provision whose text is not loaded."""
        return INCOMPLETE if self.body is None and not node.children and not node.row["text"] else None

    def behind(self, node: Node, paragraphs: Sequence[str]) -> list[str]:
        """Those of a provision's own paragraphs that follow its children.

        The lines tell whether there are any, the running text tells which.
        """
        if not node.children or not paragraphs or not self.body:
            return []
        if last_line(node) <= max(map(last_line, node.below())):
            return []
        opening = next((text for child in node.below() for text in child.paragraphs), None)
        start = self.body.find(opening) if opening else -1
        return [text for text in paragraphs if start >= 0 and self.body.find(text) > start]


def last_line(node: Node) -> int:
    """The last line of a provision in the text of the issue; 0 when it is not known."""
    lines = (node.row["source"] or {}).get("lines")
    return lines[1] if lines else 0


def headed(heading: str | None, paragraphs: list[str]) -> tuple[str | None, list[str]]:
    """The heading as printed, with its brackets and stop, and the paragraphs without it: it runs into the first."""
    if not heading or not paragraphs:
        return heading, paragraphs
    spaced = r"\s*".join(map(re.escape, heading))
    found = re.match(rf"\s*([\[【〔(（]?\s*{spaced}\s*[\]】〕)）]?\s*[。.:：]?)\s*", paragraphs[0])
    if found is None:
        return heading, paragraphs
    rest = paragraphs[0][found.end() :]
    return found[1].strip(), [rest, *paragraphs[1:]] if rest else paragraphs[1:]
