"""The page of an issue: its contents list as printed, its masthead, how its checks came out."""

from collections.abc import Mapping
from typing import Any

from app.api.endpoints.pages.contents import contents_lines
from app.api.endpoints.pages.page import PageRequest
from app.datasets import DATASETS
from app.model.dataset import Dataset
from app.model.rows import Record
from app.query.params.dataset_query import DatasetQuery, FilterCondition
from app.renderers.captions import issue_title

CHECKS = DATASETS["checks"]


async def load_issue(
    request: PageRequest,
    dataset: Dataset,  # noqa: ARG001
    row: Record,
    values: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what the page of an issue shows besides its fields. Raises DatabaseUnavailable."""
    context, today = request.context, request.context.today()
    belongs = FilterCondition("id", "startswith", (f"{row['id']}.",))
    passed = DatasetQuery(conditions=(belongs, FilterCondition("status", "eq", ("pass",))))
    return {
        "title": issue_title(row) if request.language == "zh" else f"{row['title']} {values['title']}",
        "contents": await contents_lines(request, row),
        "imprint": [line for line in row["imprint"] or [] if line["label"]],
        "slogans": [line["value"] for line in row["imprint"] or [] if not line["label"]],
        "checks_total": await context.repository.count(CHECKS, DatasetQuery(conditions=(belongs,)), today),
        "checks_passed": await context.repository.count(CHECKS, passed, today),
        "checks_link": request.addresses.page("/checks", [("id__startswith", f"{row['id']}.")]),
    }
