"""The page of the commitments: what falls due, what is past due, counted from today."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from app.api.endpoints.pages.page import PageRequest
from app.model.dataset import Dataset
from app.query.params.dataset_query import DatasetQuery, parse_condition
from app.renderers.site.addresses import PAGING, without

SOON_DAYS = 90
DUE_PARAMETERS = ("due_to", "due_to__gte", "due_to__gt", "due_to__lte", "due_to__lt", "due_to__isnull", "due_to__in")


@dataclass(frozen=True, slots=True)
class DueGroup:
    """Commitments that fall due in the same stretch of time: its name, their number, and the page that lists them."""

    label: str
    count: int
    link: str
    is_selected: bool


async def load_commitments(
    request: PageRequest,
    dataset: Dataset,
    query: DatasetQuery,
    values: Mapping[str, Any],  # noqa: ARG001
) -> dict[str, Any]:
    """Return the stretches of time in which the commitments of a query fall due. Raises DatabaseUnavailable."""
    context, text = request.context, request.text
    today = context.today()
    soon = today + timedelta(days=SOON_DAYS)
    day, last_soon = today.isoformat(), soon.isoformat()
    stretches: list[tuple[str, list[tuple[str, str]]]] = [
        (text("已过期限", "Past due"), [("lt", day)]),
        (text(f"{SOON_DAYS}天内到期", f"Due within {SOON_DAYS} days"), [("gte", day), ("lte", last_soon)]),
        (text("以后到期", "Due later"), [("gt", last_soon)]),
        (text("未写明期限", "No date given"), [("isnull", "true")]),
    ]
    spec, pairs = dataset.fields_by_name["due_to"], dict(request.pairs)
    others = tuple(each for each in query.conditions if each.field != spec.name)
    rest, given = without(request.pairs, *DUE_PARAMETERS, *PAGING), [name for name in pairs if name in DUE_PARAMETERS]
    groups = []
    for label, filters in stretches:
        conditions = tuple(parse_condition(spec, op, value, len(filters)) for op, value in filters)
        counted = replace(query, conditions=(*others, *conditions), cursor=None, plan_key=None)
        parameters = [(f"due_to__{op}", value) for op, value in filters]
        groups.append(
            DueGroup(
                label,
                await context.repository.count(dataset, counted, today),
                request.addresses.page(f"/{dataset.name}", [*rest, *parameters]),
                len(given) == len(parameters) and all(pairs.get(name) == value for name, value in parameters),
            )
        )
    return {"due_groups": groups, "today": today.isoformat()}
