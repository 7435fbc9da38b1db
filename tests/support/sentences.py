"""Extracts from single sentences."""

from datetime import date
from typing import Any

from app.parser.documents.commitments import extract_commitments
from app.parser.documents.provision_tree import Provision
from app.parser.documents.provisions import extract_provisions
from app.parser.structure.document_layout import DocumentLayout
from app.parser.structure.paragraphs import join_paragraphs
from app.parser.text.normalise import split_lines


def commitments(text: str, title: str = "碧水行动计划（2024—2026年）") -> list[dict[str, Any]]:
    flow = join_paragraphs(split_lines(text))
    layout = DocumentLayout(title, None, None, None, date(2023, 2, 1), flow, flow, [], [], [])
    return [dict(row.fields) for row in extract_commitments("doc", layout, extract_provisions(layout)).rows]


def tree(text: str, title: str = "") -> dict[str, Provision]:
    flow = join_paragraphs(split_lines(text))
    layout = DocumentLayout(title, None, None, None, None, flow, flow, [], [], [])
    return {provision.path: provision for provision in extract_provisions(layout)}
