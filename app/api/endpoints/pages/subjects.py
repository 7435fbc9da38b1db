"""The datasets whose pages show more than a table: each has a module and a template of its own."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.api.endpoints.pages.page import PageRequest
from app.model.dataset import Dataset
from app.query.params.dataset_query import DatasetQuery


@dataclass(frozen=True, slots=True)
class Subject:
    """What the page of a dataset shows above its table.

    `load` takes the values of the generic page and returns those that the template needs besides.
    """

    template: str
    load: Callable[[PageRequest, Dataset, DatasetQuery, Mapping[str, Any]], Awaitable[dict[str, Any]]]


SUBJECTS: Mapping[str, Subject] = {}
"""By dataset."""
