"""The rows that the XML of a document is made from, as the service serves them."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.model.rows import Record


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """A document with the rows around it."""

    document: Record
    issue: Record | None
    provisions: Sequence[Record]
    """In the order of the text."""
    relations: Sequence[Record]
    incoming_relations: Sequence[tuple[Record, Record]]
    """Relations of other documents to this one, each with the other document."""
    url: str
    """The absolute URL of the XML."""
    service_name: str
    """The title of this service."""
    status_date: str
    """The day for which the status is stated (ISO 8601)."""
