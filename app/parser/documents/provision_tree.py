"""The tree of provisions: chapters, articles, headings and numbered items of one run of paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.parser.structure.paragraphs import Paragraph
from app.parser.text.normalise import fold_width, remove_spaces
from app.parser.text.numbering import ARTICLE, ITEM, Marker, Rank
from app.parser.text.slugs import unique_id

PREAMBLE = Rank(0, "pre", "preamble")
# Words that begin a sentence, not a heading.
_SENTENCE_START = re.compile(r"(?:本(?!地)|对|自|由|从|在|凡|除|经(?!费|营|济)|按|其他|符合)|.*\d")
# 第三条 [适用范围] …
_BRACKETED_HEADING = re.compile(r"[\[(]([^\])\d]{2,14})[\])]\s?")
# 目标如下： introduces a list and is no heading.
_LEAD_IN = re.compile(r"(?:为|如下|以下|下列.*|包括)$")
_MAX_RUN_IN_HEADING_LENGTH = 24
_MAX_NEXT_HEADING_LENGTH = 40
"""The longest heading of an item whose neighbour has one as well."""
_MAX_BARE_HEADING_LENGTH = 16


@dataclass(slots=True)
class Provision:
    """One provision: its place in the tree, its printed number and heading, and its own paragraphs.

    `path` joins the numbers from the top (`ch1.art6`); `first_line` and `last_line` are its span.
    """

    rank: Rank
    path: str
    parent: Provision | None
    ordinal: int = 0
    number: str | None = None
    heading: str | None = None
    paragraphs: list[str] = field(default_factory=list)
    first_line: int = 0
    last_line: int = 0
    notes: list[str] = field(default_factory=list)
    responsible: list[str] = field(default_factory=list)
    heading_only: bool = False

    def extend_span(self, first: int, last: int) -> None:
        """Extend the span so that it includes these lines."""
        self.first_line = min(self.first_line or first, first)
        self.last_line = max(self.last_line, last)

    @property
    def text(self) -> str:
        """The provision's own paragraphs, one a line, without those of its children."""
        return "\n".join(self.paragraphs)


class ProvisionTreeBuilder:
    """Builds the provisions of one run of paragraphs below a root.

    `used_paths` is shared by the trees of a document, so that all their paths differ.
    """

    def __init__(self, root: Provision, used_paths: dict[str, int], root_is_leaf: bool) -> None:
        self._root = root
        self._used_paths = used_paths
        # The preamble is a leaf: the provisions after it are its siblings.
        self._stack: list[Provision] = [] if root_is_leaf else [root]
        self._provisions = [root]
        self._last_of_rank: dict[int, Provision] = {}
        self._last_sibling: dict[tuple[int, int], Provision] = {}
        used_paths[root.path] = 1

    def build(self, flow: Sequence[Paragraph]) -> list[Provision]:
        """Return the root and the provisions of the paragraphs, in text order."""
        following = _next_markers(flow)
        for index, (paragraph, marker) in enumerate(zip(flow, following, strict=True)):
            if paragraph.marker:
                self._add_numbered(paragraph, paragraph.marker, flow[index + 1] if index + 1 < len(flow) else None)
            else:
                self._owner(marker).paragraphs.append(paragraph.text)
                self._extend_owner_span(paragraph)
        return self._provisions

    def _extend_owner_span(self, paragraph: Paragraph) -> None:
        owner = self._stack[-1] if self._stack else self._root
        owner.extend_span(paragraph.first_line, paragraph.last_line)

    def _owner(self, following: Marker | None) -> Provision:
        """Return the provision that an unnumbered paragraph belongs to.

        Inside a list it continues the item before it. After the last item of a list it belongs to the
        provision that contains the list.
        """
        if not self._stack:
            return self._root
        current = self._stack[-1]
        if current.rank.depth < ITEM.depth or current.heading_only or current.parent is None:
            return current
        list_continues = following is not None and (
            following.rank.depth > current.rank.depth
            or (following.rank == current.rank and following.ordinal == current.ordinal + 1)
        )
        if not list_continues:
            self._stack.pop()
        return self._stack[-1] if self._stack else self._root

    def _add_numbered(self, paragraph: Paragraph, marker: Marker, below: Paragraph | None) -> None:
        while self._stack and self._stack[-1].rank.depth >= marker.rank.depth:
            self._stack.pop()
        parent = self._stack[-1] if self._stack else None
        path = f"{parent.path}." if parent else ""
        path = unique_id(f"{path}{marker.rank.prefix}{marker.ordinal}", self._used_paths)
        provision = Provision(marker.rank, path, parent, marker.ordinal, marker.printed)
        provision.extend_span(paragraph.first_line, paragraph.last_line)
        place = (id(parent), marker.rank.depth)
        sibling = self._last_sibling.get(place)
        # All items of a list have headings, or none: after an item that is a sentence, a short sentence is no heading.
        may_be_heading = paragraph.has_heading_mark or sibling is None or sibling.heading is not None
        neighbour = sibling or self._last_of_rank.get(marker.rank.depth)
        has_neighbour = neighbour is not None and neighbour.heading is not None
        provision.heading, provision.heading_only = _find_heading(
            paragraph, marker, below if may_be_heading else None, has_neighbour
        )
        if not (provision.heading_only and paragraph.is_heading):
            provision.paragraphs.append(paragraph.body.strip())
        self._check_sequence(provision, sibling)
        self._last_sibling[place] = self._last_of_rank[marker.rank.depth] = provision
        self._provisions.append(provision)
        self._stack.append(provision)

    def _check_sequence(self, provision: Provision, sibling: Provision | None) -> None:
        """Note a number that follows neither its neighbour nor, as articles do, the last number of its kind."""
        last = self._last_of_rank.get(provision.rank.depth)
        before = last.ordinal if last and provision.rank is ARTICLE else sibling.ordinal if sibling else 0
        if provision.ordinal != before + 1 and (last is None or provision.ordinal != last.ordinal + 1):
            printed = f"after number {before}" if before else "at the start of its list"
            provision.notes.append(f"number {provision.number} out of sequence: stands {printed}")


def _next_markers(flow: Sequence[Paragraph]) -> list[Marker | None]:
    """Return for each paragraph the marker of the next numbered paragraph after it."""
    result: list[Marker | None] = []
    following: Marker | None = None
    for paragraph in reversed(flow):
        result.append(following)
        following = paragraph.marker or following
    return result[::-1]


def _find_heading(
    paragraph: Paragraph, marker: Marker, below: Paragraph | None, has_neighbour: bool
) -> tuple[str | None, bool]:
    """Return the heading of a numbered paragraph, and whether the paragraph consists of the heading alone.

    With `has_neighbour` the paragraph before it of the same kind has a heading, and this one may be longer.
    """
    body = paragraph.body.strip()
    if paragraph.is_heading:
        return remove_spaces(body) or None, True
    folded = fold_width(body)
    if marker.rank is ARTICLE and (match := _BRACKETED_HEADING.match(folded)):
        return remove_spaces(body[match.start(1) : match.end(1)]), False
    end = re.search(r"[。:]", folded[: (_MAX_NEXT_HEADING_LENGTH if has_neighbour else _MAX_RUN_IN_HEADING_LENGTH) + 1])
    if end is None:
        return None, False
    lead = remove_spaces(body[: end.start()])
    stands_alone = end.end() == len(folded)
    if not lead or _SENTENCE_START.match(lead):
        return None, False
    if end[0] == ":":
        return (None, False) if not stands_alone or _LEAD_IN.search(lead) or "," in fold_width(lead) else (lead, False)
    longest = _MAX_RUN_IN_HEADING_LENGTH if has_neighbour else _MAX_BARE_HEADING_LENGTH
    is_short = len(lead) <= longest and "," not in fold_width(lead)
    if stands_alone and not (_has_text_below(below, marker) and is_short):
        return None, False
    return lead, stands_alone


def _has_text_below(below: Paragraph | None, marker: Marker) -> bool:
    return below is not None and (below.marker is None or below.marker.rank.depth > marker.rank.depth)
