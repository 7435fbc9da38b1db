"""The provisions of a document and of its annexes, and their rows."""

from __future__ import annotations

from collections.abc import Sequence

from app.parser.documents.provision_tree import PREAMBLE, Provision, ProvisionTreeBuilder
from app.parser.documents.responsible_bodies import assign_responsible_bodies
from app.parser.records import ParsedRow
from app.parser.structure.annexes import Annex
from app.parser.structure.document_layout import DocumentLayout
from app.parser.structure.paragraphs import Paragraph, join_paragraphs
from app.parser.text.damage import find_damage
from app.parser.text.normalise import match_key
from app.parser.text.numbering import ANNEX


def extract_provisions(layout: DocumentLayout) -> list[Provision]:
    """Return the provisions of a document in text order, then those of its annexes: what is not in their tables."""
    used_paths: dict[str, int] = {}
    title = match_key(layout.title)
    flow = [part for part in layout.paragraphs if not _is_title(part, title)]
    provisions = ProvisionTreeBuilder(Provision(PREAMBLE, "pre", None), used_paths, root_is_leaf=True).build(flow)
    is_only_annex = len(layout.annexes) == 1
    for annex in layout.annexes:
        if annex.content:
            provisions += ProvisionTreeBuilder(_annex_root(annex, is_only_annex), used_paths, root_is_leaf=False).build(
                join_paragraphs(annex.prose)
            )
    assign_responsible_bodies(provisions)
    return [provision for provision in provisions if provision.last_line]


def build_provision_rows(document_id: str, provisions: Sequence[Provision]) -> list[ParsedRow]:
    """Return the rows of the dataset `provisions`, in text order."""
    return [
        ParsedRow(
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
            provision.first_line,
            provision.last_line,
            document_id,
            notes="; ".join([*provision.notes, *find_damage(provision.text)]) or None,
        )
        for provision in provisions
    ]


def _annex_root(annex: Annex, is_only_annex: bool) -> Provision:
    number = annex.number or 1
    label = annex.label or ("附件" if is_only_annex else f"附件{number}")
    root = Provision(ANNEX, f"annex{number}", None, number, label.rstrip("：:"), annex.title, heading_only=True)
    root.extend_span(min(annex.heading_lines), max(annex.heading_lines))
    return root


def _is_title(paragraph: Paragraph, title: str) -> bool:
    """Tell whether a paragraph repeats the title or a part of it, as a plan under a covering notice does."""
    if paragraph.marker:
        return False
    return paragraph.is_heading or (len(paragraph.text) < 60 and match_key(paragraph.text) in title)
