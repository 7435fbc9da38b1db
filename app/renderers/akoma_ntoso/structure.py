"""The structure of a document in Akoma Ntoso: preamble, hierarchy, and the text where it is loaded."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from app.model.rows import Record
from app.renderers.akoma_ntoso.naming import anchor, hierarchy_element
from app.renderers.xml import add_element

INCOMPLETE = "incomplete"
"""The `status` of an element that is printed but whose text is not loaded."""


@dataclass(slots=True)
class ProvisionNode:
    """A provision and its children."""

    row: Record
    children: list["ProvisionNode"] = field(default_factory=list)

    @property
    def paragraphs(self) -> list[str]:
        """Its own paragraphs, without those of its children."""
        return [text for text in (self.row["text"] or "").split("\n") if text]

    def descendants(self) -> Iterator["ProvisionNode"]:
        """Yield all provisions below it, in order."""
        for child in self.children:
            yield child
            yield from child.descendants()


def build_trees(provisions: Sequence[Record]) -> list[ProvisionNode]:
    """Return the provisions, which come in the order of the text, as trees by their paths."""
    nodes = {row["path"]: ProvisionNode(row) for row in provisions}
    roots: list[ProvisionNode] = []
    for path, node in nodes.items():
        parent = nodes.get(path.rpartition(".")[0])
        (roots if parent is None else parent.children).append(node)
    return roots


@dataclass(frozen=True, slots=True)
class ProvisionWriter:
    """A writer of provisions as elements. `body` is the whole running text, or None while it is not loaded."""

    body: str | None
    agents: Mapping[str, str]
    """The ids of the responsible bodies by name."""

    def write_preamble(
        self, parent: ET.Element, node: ProvisionNode, plan_title: Sequence[str] = (), title_after: int = 0
    ) -> None:
        """Write the text before the first numbered provision.

        The title of a plan that the document issues stands below its first `title_after` paragraphs.
        """
        path = node.row["path"]
        element = add_element(parent, "preamble", eId=anchor(path), GUID=node.row["id"], status=self.status(node))
        paragraphs = node.paragraphs or [""]
        above = min(title_after or len(paragraphs), len(paragraphs))
        self.write_paragraphs(element, paragraphs[:above])
        for line in plan_title:
            add_element(add_element(element, "p"), "docTitle", line)
        self.write_paragraphs(element, paragraphs[above:])

    def write_provision(self, parent: ET.Element, node: ProvisionNode) -> None:
        """Write a numbered provision with its number, heading, text and children."""
        path, row = node.row["path"], node.row
        tag = hierarchy_element(path).element
        agents = " ".join(f"#{self.agents[name]}" for name in row["responsible"] or () if name in self.agents)
        element = add_element(
            parent,
            tag,
            name=row["level"] if tag == "hcontainer" else None,
            eId=anchor(path),
            GUID=row["id"],
            status=self.status(node),
            refersTo=agents or None,
        )
        if row["number"]:
            add_element(element, "num", row["number"])
        self._write_content(element, node)

    def _write_content(self, element: ET.Element, node: ProvisionNode) -> None:
        """Write heading, text and children. Text around a list stands before or after it, as printed."""
        heading, paragraphs = split_heading(node.row["heading"], node.paragraphs)
        if heading:
            add_element(element, "heading", heading)
        after = text_after_children(node, paragraphs, self.body)
        before = [text for text in paragraphs if text not in after]
        if not node.children:
            if paragraphs:
                self.write_paragraphs(add_element(element, "content"), paragraphs)
            return
        if before:
            self.write_paragraphs(add_element(element, "intro"), before)
        for child in node.children:
            self.write_provision(element, child)
        if after:
            self.write_paragraphs(add_element(element, "wrapUp"), after)

    def write_paragraphs(self, parent: ET.Element, texts: Sequence[str]) -> None:
        """Write one `p` for each paragraph."""
        for text in texts:
            add_element(parent, "p", text or None)

    def status(self, node: ProvisionNode) -> str | None:
        """Return `incomplete` for a provision whose text is not loaded, else None."""
        return INCOMPLETE if self.body is None and not node.children and not node.row["text"] else None


def text_after_children(node: ProvisionNode, paragraphs: Sequence[str], body: str | None) -> list[str]:
    """Return those of a provision's own paragraphs that follow its children.

    The line numbers tell whether there are any, the running text of the document tells which.
    """
    if not node.children or not paragraphs or not body:
        return []
    if last_line(node) <= max(map(last_line, node.descendants())):
        return []
    opening = next((text for child in node.descendants() for text in child.paragraphs), None)
    start = body.find(opening) if opening else -1
    return [text for text in paragraphs if start >= 0 and body.find(text) > start]


def last_line(node: ProvisionNode) -> int:
    """Return the last line of a provision in the text of the issue, or 0 where it is unknown."""
    lines = (node.row["source"] or {}).get("lines")
    return lines[1] if lines else 0


def split_heading(heading: str | None, paragraphs: list[str]) -> tuple[str | None, list[str]]:
    """Return the heading as printed, and the paragraphs without it.

    A heading runs into the first paragraph, where it has brackets or a full stop that the row's heading lacks.
    """
    if not heading or not paragraphs:
        return heading, paragraphs
    pattern = r"\s*".join(map(re.escape, heading))
    match = re.match(rf"\s*([\[【〔(（]?\s*{pattern}\s*[\]】〕)）]?\s*[。.:：]?)\s*", paragraphs[0])
    if match is None:
        return heading, paragraphs
    rest = paragraphs[0][match.end() :]
    return match[1].strip(), [rest, *paragraphs[1:]] if rest else paragraphs[1:]
