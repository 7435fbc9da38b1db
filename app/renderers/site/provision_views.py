"""The provisions of a document as a page shows them: in their hierarchy, each with what belongs to it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.datasets import DATASETS
from app.model.rows import Record
from app.renderers.akoma_ntoso.structure import ProvisionNode, build_trees, split_heading, text_after_children
from app.renderers.captions import truncate
from app.renderers.row_names import row_name
from app.renderers.site.addresses import PageAddresses
from app.renderers.site.cells import row_path
from app.renderers.site.commitment_words import CommitmentWords, commitment_in_words
from app.renderers.site.language import translator

PROVISIONS, RELATIONS = DATASETS["provisions"], DATASETS["relations"]
FIRST_HEADING, LAST_HEADING = 3, 6
"""The levels of HTML headings for provisions; those of the page stand above."""
MAX_LABEL = 28
"""Characters of a line of the outline."""
FULL_WIDTH_ENDINGS = ("、", "）")
CHAPTER, PARAGRAPH, ANNEX = "chapter", "heading", "annex"


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """A commitment beside its provision: its page, its words, and what is noted on it."""

    link: str
    words: CommitmentWords
    notes: str | None


@dataclass(frozen=True, slots=True)
class RelationLine:
    """A document that is named, or that names this one. `link` is empty where it is not held."""

    kind: str
    label: str
    title: str
    number: str
    link: str
    place: str = ""
    """The provision that names it."""
    place_link: str = ""


@dataclass(slots=True)
class ProvisionView:
    """A provision with its children.

    `heading_level` is the level of its HTML heading, 0 where its number runs into the text. `page` names the printed
    page or pages to mark in the margin; it is empty where they are those of the provision before.
    """

    row: Record
    anchor: str
    name: str
    link: str
    number: str
    heading: str
    heading_level: int
    before: Sequence[str]
    """The paragraphs before its children; empty where no text is loaded."""
    after: Sequence[str]
    abstract: str
    """Our abstract, where it stands in the place of the text or beside it."""
    page: str
    responsible: Sequence[tuple[str, str]]
    """Each body and the page of all provisions that name it."""
    commitments: Sequence[CommitmentLine]
    relations: Sequence[RelationLine]
    others: Sequence[tuple[str, str]]
    """Other rows that refer to the provision: what they are and how many, and their page."""
    children: list["ProvisionView"] = field(default_factory=list)

    @property
    def gap(self) -> str:
        """Return what stands between its number and what follows; a full-width mark has its own space."""
        return "" if self.number.endswith(FULL_WIDTH_ENDINGS) else " "

    @property
    def label(self) -> str:
        """Return its line in the outline: number and heading. A paragraph without a heading has its first words."""
        opening = self.before[0] if self.row["level"] == PARAGRAPH and self.before else ""
        return truncate(f"{self.number}{self.gap}{self.heading or opening}", MAX_LABEL) or self.name

    def walk(self) -> Iterator["ProvisionView"]:
        """Yield it and all provisions below it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class ProvisionRows:
    """The rows around the provisions of a document, in the order of the text."""

    document: Record
    provisions: Sequence[Record]
    commitments: Sequence[Record]
    relations: Sequence[Record]
    counts: Mapping[str, Mapping[str, int]]
    """For each other dataset whose rows refer to provisions, their number by provision."""


def provision_anchor(document_id: str, provision_id: str) -> str:
    """Return the anchor of a provision within the page of its document: `ch2-art6`, its path without dots."""
    return provision_id.removeprefix(f"{document_id}.").replace(".", "-")


def provision_link(addresses: PageAddresses, document_id: str, provision_id: str) -> str:
    """Return the link to a provision within the page of its document."""
    page = addresses.page(row_path("documents", document_id))
    return f"{page}#{provision_anchor(document_id, provision_id)}"


def build_provision_views(rows: ProvisionRows, addresses: PageAddresses, day: str | None = None) -> list[ProvisionView]:
    """Return the provisions of a document as trees. `day` is the day for which deadlines are past or not."""
    return _Builder(rows, addresses, day).build()


class _Builder:
    """Builds the views of one document."""

    def __init__(self, rows: ProvisionRows, addresses: PageAddresses, day: str | None) -> None:
        self.rows = rows
        self.addresses = addresses
        self.language = addresses.language
        self.text = translator(addresses.language)
        self.document_id: str = rows.document["id"]
        self.body: str | None = rows.document["body"]
        self.commitments: dict[str, list[CommitmentLine]] = defaultdict(list)
        for row in rows.commitments:
            line = CommitmentLine(
                addresses.page(row_path("commitments", row["id"])),
                commitment_in_words(row, self.language, day),
                row["notes"],
            )
            self.commitments[row["provision_id"]].append(line)
        self.relations: dict[str | None, list[RelationLine]] = defaultdict(list)
        for row in rows.relations:
            self.relations[row["provision_id"]].append(relation_line(row, addresses))
        self.pages = page_marks(rows.document, rows.provisions)

    def build(self) -> list[ProvisionView]:
        return [self.view(node, FIRST_HEADING) for node in build_trees(self.rows.provisions)]

    def view(self, node: ProvisionNode, level: int) -> ProvisionView:
        row = node.row
        has_heading = bool(row["heading"]) or row["level"] == CHAPTER
        _, paragraphs = split_heading(row["heading"], node.paragraphs)
        after = text_after_children(node, paragraphs, self.body)
        name = row_name(PROVISIONS, row)
        next_level = min(level + has_heading, LAST_HEADING)
        return ProvisionView(
            row=row,
            anchor=provision_anchor(self.document_id, row["id"]),
            name=self.text(name.zh, name.en),
            link=self.addresses.page(row_path("provisions", row["id"])),
            number=row["number"] or "",
            heading=row["heading"] or "",
            heading_level=level if has_heading else 0,
            before=[paragraph for paragraph in paragraphs if paragraph not in after],
            after=after,
            abstract=self.abstract(row),
            page=self.page(row["id"]),
            responsible=[
                (body, self.addresses.page("/provisions", [("responsible__has", body)]))
                for body in row["responsible"] or ()
            ],
            commitments=self.commitments[row["id"]],
            relations=self.relations[row["id"]],
            others=list(self.others(row["id"])),
            children=[self.view(child, next_level) for child in node.children],
        )

    def page(self, provision_id: str) -> str:
        """Return the mark of a printed page. The last page of the last document of an issue is not known."""
        if provision_id not in self.pages:
            return ""
        first, last = self.pages[provision_id]
        if last is None:
            return self.text(f"{first}页起", f"from p. {first}")
        if last == first:
            return self.text(f"{first}页", f"p. {first}")
        return self.text(f"{first}–{last}页", f"pp. {first}–{last}")

    def abstract(self, row: Record) -> str:
        """Return the abstract in the place of a text that is not loaded; the English one stands beside the text."""
        if self.language == "en":
            return row["abstract_en"] or ("" if self.body else row["abstract_zh"]) or ""
        return "" if self.body or row["text"] else row["abstract_zh"] or ""

    def others(self, provision_id: str) -> Iterator[tuple[str, str]]:
        for name, counts in self.rows.counts.items():
            if count := counts.get(provision_id):
                title = self.text(DATASETS[name].title_zh, DATASETS[name].title_en)
                label = self.text(f"{title} {count} 条", f"{title}: {count}")
                yield label, self.addresses.page(f"/{name}", [("provision_id", provision_id)])


def relation_line(row: Record, addresses: PageAddresses, place: Record | None = None) -> RelationLine:
    """Return the document that a relation names. `place` is the provision that names it."""
    target, document_id = row["target_id"], row["document_id"]
    name = row_name(PROVISIONS, place) if place else None
    return RelationLine(
        kind=row["relation"],
        label=relation_label(row["relation"], addresses),
        title=row["target_title"] or "",
        number=row["target_number"] or "",
        link=addresses.page(row_path("documents", target)) if target else "",
        place=(name.zh if addresses.language == "zh" else name.en) if name else "",
        place_link=provision_link(addresses, document_id, row["provision_id"]) if row["provision_id"] else "",
    )


def relation_label(kind: str, addresses: PageAddresses) -> str:
    """Return what a document does with the one that it names: `废止`."""
    enum = RELATIONS.fields_by_name["relation"].info.enum
    if enum is None:
        return kind
    member = enum.of(kind)
    return member.label_zh if addresses.language == "zh" else member.label_en


def page_marks(document: Record, provisions: Sequence[Record]) -> dict[str, tuple[int, int | None]]:
    """Return the printed pages to mark in the margin, by provision: the first and the last, None if it is not known.

    The first mark has the pages of the document. A provision whose pages are only known to be those of the whole
    document has no mark of its own, and neither has one that begins on the page marked before.
    """
    whole = (document["page_from"], document["page_to"])
    marks: dict[str, tuple[int, int | None]] = {}
    shown: int | None = None
    for row in provisions:
        source = row["source"] or {}
        first, last = pages = source.get("page_from"), source.get("page_to")
        if first is None:
            continue
        is_vague = pages == whole and first != last
        if is_vague and not marks:
            marks[row["id"]] = first, last
        elif not is_vague and first != shown:
            marks[row["id"]] = first, first
            shown = first
    return marks


def responsible_bodies(provisions: Sequence[Record]) -> list[tuple[str, int]]:
    """Return the bodies that a document makes responsible, with the number of their provisions, the most first."""
    return Counter(body for row in provisions for body in dict.fromkeys(row["responsible"] or ())).most_common()
