"""The tree of provisions: chapters, articles, headings and numbered items of a document."""

import re
from collections.abc import Sequence

from app.parser.documents.provision_tree import Provision
from app.parser.documents.responsible_bodies import Responsibility
from app.parser.records import Row
from app.parser.structure.annexes import Annex
from app.parser.structure.document_layout import Layout
from app.parser.structure.paragraphs import Paragraph, paragraphs
from app.parser.tables.grid import is_table_line
from app.parser.text.normalise import fold, key, unspaced
from app.parser.text.numbering import ANNEX, ARTICLE, ITEM, Marker, Rank
from app.parser.text.slugs import unique

_PREAMBLE = Rank(0, "pre", "preamble")
_SENTENCE_START = re.compile(r"(?:本(?!地)|对|自|由|从|在|凡|除|经(?!费|营|济)|按|其他|符合)|.*\d")
_BRACKETED_HEADING = re.compile(r"[\[(]([^\])\d]{2,14})[\])]\s?")
_LEAD_IN = re.compile(r"(?:为|如下|以下|下列.*|包括)$")
_LONGEST_RUN_IN = 24
_LONGEST_ALONE = 16


def read_provisions(layout: Layout) -> list[Provision]:
    """Return a document's provisions in text order, those of annexes with running text last."""
    taken: dict[str, int] = {}
    title = key(layout.title)
    flow = [part for part in layout.paragraphs if not _is_title(part, title)]
    found = _Tree(Provision(_PREAMBLE, "pre", None), taken, at_root=True).grow(flow)
    alone = len(layout.annexes) == 1
    for annex in layout.annexes:
        if annex.content and not _is_table(annex):
            found += _Tree(_annex_root(annex, alone), taken, at_root=False).grow(paragraphs(annex.content))
    Responsibility().assign(found)
    return [provision for provision in found if provision.last]


def _is_table(annex: Annex) -> bool:
    return any(is_table_line(line) for line in annex.content)


def _annex_root(annex: Annex, alone: bool) -> Provision:
    number = annex.number or 1
    label = annex.label or ("附件" if alone else f"附件{number}")
    root = Provision(ANNEX, f"annex{number}", None, number, label.rstrip("：:"), annex.title, heading_only=True)
    root.cover(min(annex.head), max(annex.head))
    return root


def _is_title(paragraph: Paragraph, title: str) -> bool:
    """Tell whether a paragraph repeats (part of) the title, as the plan under a covering note does."""
    if paragraph.marker:
        return False
    return paragraph.is_heading or (len(paragraph.text) < 60 and key(paragraph.text) in title)


class _Tree:
    """Grows the provisions of one run of paragraphs below one root."""

    def __init__(self, root: Provision, taken: dict[str, int], at_root: bool) -> None:
        self._root = root
        self._taken = taken
        # The preamble is a leaf: what follows it stands beside it, not under it.
        self._stack: list[Provision] = [] if at_root else [root]
        self._found = [root]
        self._articles = 0
        self._last: dict[tuple[int, int], Provision] = {}
        taken[root.path] = 1

    def grow(self, flow: Sequence[Paragraph]) -> list[Provision]:
        following = _next_markers(flow)
        for index, (paragraph, marker) in enumerate(zip(flow, following, strict=True)):
            if paragraph.marker:
                self._open(paragraph, paragraph.marker, flow[index + 1] if index + 1 < len(flow) else None)
            else:
                self._owner(marker).texts.append(paragraph.text)
                self._note_lines(paragraph)
        return self._found

    def _note_lines(self, paragraph: Paragraph) -> None:
        owner = self._stack[-1] if self._stack else self._root
        owner.cover(paragraph.first, paragraph.last)

    def _owner(self, following: Marker | None) -> Provision:
        """Return the provision that an unnumbered paragraph belongs to.

        Inside a list it continues the item before it; after a list's last item it belongs to
        the provision that the list stands in.
        """
        if not self._stack:
            return self._root
        current = self._stack[-1]
        if current.rank.depth < ITEM.depth or current.heading_only or current.parent is None:
            return current
        goes_on = following is not None and (
            following.rank.depth > current.rank.depth
            or (following.rank == current.rank and following.ordinal == current.ordinal + 1)
        )
        if not goes_on:
            self._stack.pop()
        return self._stack[-1] if self._stack else self._root

    def _open(self, paragraph: Paragraph, marker: Marker, below: Paragraph | None) -> None:
        while self._stack and self._stack[-1].rank.depth >= marker.rank.depth:
            self._stack.pop()
        parent = self._stack[-1] if self._stack else None
        path = f"{parent.path}." if parent else ""
        path = unique(f"{path}{marker.rank.prefix}{marker.ordinal}", self._taken)
        provision = Provision(marker.rank, path, parent, marker.ordinal, marker.printed)
        provision.cover(paragraph.first, paragraph.last)
        place = (id(parent), marker.rank.depth)
        sibling = self._last.get(place)
        # Headings come in rows: after an item that is a sentence, a short sentence is an item too.
        may_be_alone = paragraph.is_marked or sibling is None or sibling.heading_only
        provision.heading, provision.heading_only = _heading(paragraph, marker, below if may_be_alone else None)
        if not (provision.heading_only and paragraph.is_heading):
            provision.texts.append(paragraph.body.strip())
        self._check_sequence(provision, sibling)
        self._last[place] = provision
        self._found.append(provision)
        self._stack.append(provision)

    def _check_sequence(self, provision: Provision, sibling: Provision | None) -> None:
        if provision.rank is ARTICLE:
            before, self._articles = self._articles, provision.ordinal
        else:
            before = sibling.ordinal if sibling else 0
        if provision.ordinal != before + 1:
            printed = f"after number {before}" if before else "at the start of its list"
            provision.notes.append(f"number {provision.number} out of sequence: stands {printed}")


def _next_markers(flow: Sequence[Paragraph]) -> list[Marker | None]:
    """Return for each paragraph the next number after it."""
    result: list[Marker | None] = []
    following: Marker | None = None
    for paragraph in reversed(flow):
        result.append(following)
        following = paragraph.marker or following
    return result[::-1]


def _heading(paragraph: Paragraph, marker: Marker, below: Paragraph | None) -> tuple[str | None, bool]:
    """Return the printed or run-in heading, and whether the paragraph is nothing but that."""
    body = paragraph.body.strip()
    if paragraph.is_heading:
        return unspaced(body) or None, True
    folded = fold(body)
    if marker.rank is ARTICLE and (match := _BRACKETED_HEADING.match(folded)):
        return unspaced(body[match.start(1) : match.end(1)]), False
    end = re.search(r"[。:]", folded[: _LONGEST_RUN_IN + 1])
    if end is None:
        return None, False
    lead = unspaced(body[: end.start()])
    alone = end.end() == len(folded)
    if not lead or _SENTENCE_START.match(lead):
        return None, False
    if end[0] == ":":
        return (None, False) if not alone or _LEAD_IN.search(lead) or "," in fold(lead) else (lead, False)
    if alone and not (_has_text_below(below, marker) and len(lead) <= _LONGEST_ALONE and "," not in fold(lead)):
        return None, False
    return lead, alone


def _has_text_below(below: Paragraph | None, marker: Marker) -> bool:
    return below is not None and (below.marker is None or below.marker.rank.depth > marker.rank.depth)


def provision_rows(document_id: str, provisions: Sequence[Provision]) -> list[Row]:
    """Return the rows of the dataset `provisions`, in text order."""
    return [
        Row(
            "provisions",
            f"{document_id}.{provision.path}",
            {
                "document_id": document_id,
                "path": provision.path,
                "level": provision.rank.level,
                "number": provision.number,
                "heading": provision.heading,
                "responsible": list(provision.responsible),
                "abstract_zh": None,
                "abstract_en": None,
                "text": provision.text or None,
            },
            provision.first,
            provision.last,
            document_id,
            notes="; ".join(provision.notes) or None,
        )
        for provision in provisions
    ]
