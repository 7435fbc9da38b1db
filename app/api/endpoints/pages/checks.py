"""The page of the checks: what the gazette says of its own numbers, counted again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.api.endpoints.pages.page import PageRequest
from app.model.dataset import Dataset
from app.query.params.dataset_query import DatasetQuery, FilterCondition


async def load_checks(
    request: PageRequest,
    dataset: Dataset,
    query: DatasetQuery,
    values: Mapping[str, Any],  # noqa: ARG001
) -> dict[str, Any]:
    """Return how many checks pass, and how many fail for a known reason. Raises DatabaseUnavailable."""
    context, today = request.context, request.context.today()

    async def count(*conditions: FilterCondition) -> int:
        counted = replace(query, conditions=(*query.conditions, *conditions), cursor=None, plan_key=None)
        return await context.repository.count(dataset, counted, today)

    fails = FilterCondition("status", "eq", ("fail",))
    return {
        "passed": await count(FilterCondition("status", "eq", ("pass",))),
        "failed": await count(fails),
        "acknowledged": await count(fails, FilterCondition("acknowledged", "isnull", (False,))),
        "failed_link": request.addresses.page(f"/{dataset.name}", [("status", "fail")]),
    }
