"""What the XML of a document is made from: rows as they are served."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.model.rows import Record


@dataclass(frozen=True, slots=True)
class Dossier:
    """A document with all that its XML tells."""

    document: Record
    issue: Record | None
    provisions: Sequence[Record]
    """In the order of the text."""
    relations: Sequence[Record]
    incoming: Sequence[tuple[Record, Record]]
    """Relations of other documents that name this one, each with its own document."""
    address: str
    """The absolute address of the XML."""
    service: str
    """What this service is called."""
    on: str
    """The day for which the status is told."""
