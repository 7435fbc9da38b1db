"""Which held document a relation names: by its number, or by its title where it is named without one."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from app.datasets import DATASETS
from app.gazette.numbers import document_id, order_giver, parse_number
from app.gazette.text import key

ISSUED = re.compile(r".*关于印发(.+)的通知")


class Held:
    """The documents held, those of a load included: their ids, and the one document that bears a title."""

    def __init__(self, documents: Iterable[tuple[str, str]]) -> None:
        self._ids: set[str] = set()
        self._titles: dict[str, str | None] = {}
        for identifier, title in documents:
            self._ids.add(identifier)
            whole = key(title)
            issued = ISSUED.fullmatch(whole)
            for name in {whole, issued[1] if issued else whole}:
                # Two bearers of one title: which of them is meant is not known.
                self._titles[name] = None if name in self._titles else identifier

    def target(self, relation: Mapping[str, Any]) -> str | None:
        """The id of the document that a relation names; null when it is not held, or is the relation's own."""
        number, title = relation.get("target_number"), relation.get("target_title")
        if isinstance(number, str):
            named = document_id(number, "", None) if parse_number(number) or order_giver(number) else None
            found = named if named in self._ids else None
        else:
            found = self._titles.get(key(title)) if isinstance(title, str) else None
        return None if found == relation.get("document_id") else found


def stored_documents(connection: sa.Connection) -> dict[str, str]:
    """The titles of the stored documents by id."""
    columns = DATASETS["documents"].table.c
    return {row.id: row.title for row in connection.execute(sa.select(columns.id, columns.title))}
