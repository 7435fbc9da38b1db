"""Find the stored document that a relation names: by its number, or by its title where it has no number."""

import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.datasets import DATASETS
from app.parser.text.document_numbers import build_document_id, normalise_number, order_issuer, parse_number
from app.parser.text.normalise import match_key

DocumentName = tuple[str | None, str]
"""A document's number, if it has one, and its title."""
ISSUING_NOTICE_TITLE = re.compile(r".*关于印发(.+)的通知")


class DocumentIndex:
    """Documents by number and by title, those of the current load included. A title of two documents finds neither."""

    def __init__(self, documents: Mapping[str, DocumentName]) -> None:
        self._documents = documents
        self._numbers: dict[str, str] = {}
        self._titles: dict[str, str | None] = {}
        for identifier, (number, title) in documents.items():
            if number and parse_number(number):
                self._numbers.setdefault(normalise_number(number), identifier)
            full_title = match_key(title)
            issued = ISSUING_NOTICE_TITLE.fullmatch(full_title)
            for name in {full_title, issued[1] if issued else full_title}:
                # Two documents have this title; which one a relation means is not known.
                self._titles[name] = None if name in self._titles else identifier

    def find_target(self, relation: Mapping[str, Any]) -> str | None:
        """Return the id of the document that a relation names; None when it is not held, or is the relation's own."""
        number, title = relation.get("target_number"), relation.get("target_title")
        if isinstance(number, str):
            target = self._find_by_number(number)
        else:
            target = self._titles.get(match_key(title)) if isinstance(title, str) else None
        return None if target == relation.get("document_id") else target

    def _find_by_number(self, number: str) -> str | None:
        """Return the document with a number. An order is looked up by id: only the id tells who issued it."""
        if parse_number(number):
            return self._numbers.get(normalise_number(number))
        order = build_document_id(number, "", None) if order_issuer(number) else None
        return order if order in self._documents else None


def read_stored_documents(connection: sa.Connection) -> dict[str, DocumentName]:
    """Return number and title of the stored documents, by id."""
    columns = DATASETS["documents"].table.c
    select = sa.select(columns.id, columns.document_number, columns.title).order_by(columns.id)
    return {row.id: (row.document_number, row.title) for row in connection.execute(select)}
