"""Which held document a relation names: by its number, or by its title where it is named without one."""

import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.datasets import DATASETS
from app.parser.text.document_numbers import document_id, normal_number, order_giver, parse_number
from app.parser.text.normalise import key

Named = tuple[str | None, str]
"""What a document is named by: its number, if it has one, and its title."""
ISSUED = re.compile(r".*关于印发(.+)的通知")


class Held:
    """The documents held, those of a load included, by number, and by a title that only one of them bears."""

    def __init__(self, documents: Mapping[str, Named]) -> None:
        self._documents = documents
        self._numbers: dict[str, str] = {}
        self._titles: dict[str, str | None] = {}
        for identifier, (number, title) in documents.items():
            if number and parse_number(number):
                self._numbers.setdefault(normal_number(number), identifier)
            whole = key(title)
            issued = ISSUED.fullmatch(whole)
            for name in {whole, issued[1] if issued else whole}:
                # Two bearers of one title: which of them is meant is not known.
                self._titles[name] = None if name in self._titles else identifier

    def target(self, relation: Mapping[str, Any]) -> str | None:
        """The id of the document that a relation names; null when it is not held, or is the relation's own."""
        number, title = relation.get("target_number"), relation.get("target_title")
        if isinstance(number, str):
            found = self._numbered(number)
        else:
            found = self._titles.get(key(title)) if isinstance(title, str) else None
        return None if found == relation.get("document_id") else found

    def _numbered(self, number: str) -> str | None:
        """The document of a number. Of an order only the id tells who gave it; of others two may sound alike."""
        if parse_number(number):
            return self._numbers.get(normal_number(number))
        order = document_id(number, "", None) if order_giver(number) else None
        return order if order in self._documents else None


def stored_documents(connection: sa.Connection) -> dict[str, Named]:
    """The numbers and titles of the stored documents by id."""
    columns = DATASETS["documents"].table.c
    select = sa.select(columns.id, columns.document_number, columns.title).order_by(columns.id)
    return {row.id: (row.document_number, row.title) for row in connection.execute(select)}
