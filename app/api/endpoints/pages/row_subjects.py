"""The datasets whose rows have pages of their own kind: each has a module and a template."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.api.endpoints.pages.page import PageRequest
from app.model.dataset import Dataset
from app.model.rows import Record


@dataclass(frozen=True, slots=True)
class RowSubject:
    """What the page of a row shows besides its fields.

    `load` takes the values of the generic page and returns those that the template needs besides.
    """

    template: str
    load: Callable[[PageRequest, Dataset, Record, Mapping[str, Any]], Awaitable[dict[str, Any]]]


ROW_SUBJECTS: Mapping[str, RowSubject] = {}
"""By dataset."""
