"""The datasets whose rows have pages of their own kind: each has a module and a template."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.api.endpoints.pages.document import load_document
from app.api.endpoints.pages.indicator import INDICATOR_PARAMETERS, load_indicator
from app.api.endpoints.pages.issue import load_issue
from app.api.endpoints.pages.page import PageRequest
from app.api.endpoints.pages.provision import load_provision
from app.model.dataset import Dataset
from app.model.rows import Record


@dataclass(frozen=True, slots=True)
class RowSubject:
    """What the page of a row shows besides its fields.

    `load` takes the values of the generic page and returns those that the template needs besides.
    """

    template: str
    load: Callable[[PageRequest, Dataset, Record, Mapping[str, Any]], Awaitable[dict[str, Any]]]
    parameters: tuple[str, ...] = ()
    """The parameters of the page that `load` takes."""
    shows_related: bool = True
    """Whether the page lists the rows that refer to this one; false where `load` shows them in its own way."""


ROW_SUBJECTS: Mapping[str, RowSubject] = {
    "documents": RowSubject("document.html", load_document, shows_related=False),
    "indicators": RowSubject("indicator.html", load_indicator, INDICATOR_PARAMETERS),
    "issues": RowSubject("issue.html", load_issue),
    "provisions": RowSubject("provision.html", load_provision, shows_related=False),
}
"""By dataset."""
