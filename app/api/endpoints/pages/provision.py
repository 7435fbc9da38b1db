"""The page of a provision: the provision in its place in the document, and a link to it there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.api.endpoints.pages.annex_tables import AMONG_PROVISIONS, refers_to
from app.api.endpoints.pages.page import PageRequest
from app.api.endpoints.related import fetch_by_ids, fetch_where_in
from app.datasets import DATASETS
from app.errors import Problem
from app.model.dataset import Dataset
from app.model.rows import Record
from app.query.params.controls import Sort
from app.query.params.dataset_query import DatasetQuery, FilterCondition
from app.query.sql.groups import GroupShape
from app.query.sql.select import count_shape
from app.renderers.row_names import row_name
from app.renderers.site.cells import row_path
from app.renderers.site.provision_views import (
    ProvisionRows,
    ProvisionView,
    build_provision_views,
    provision_link,
)

DOCUMENTS, PROVISIONS, RELATIONS, COMMITMENTS = (
    DATASETS[name] for name in ("documents", "provisions", "relations", "commitments")
)
PRINTED_ORDER: Sort = (("row_line", False), ("id", False))


async def load_provision(
    request: PageRequest,
    dataset: Dataset,  # noqa: ARG001
    row: Record,
    values: Mapping[str, Any],
) -> dict[str, Any]:
    """Return a provision in its place in the document. Raises Problem (404), DatabaseUnavailable."""
    document_id = row["document_id"]
    documents = await fetch_by_ids(request.context, DOCUMENTS, [document_id])
    document = documents.get(document_id)
    if document is None:
        raise Problem(404, "the document of this provision is not held")
    rows = await fetch_provision_rows(request, document)
    views = [view for root in build_provision_views(rows, request.addresses) for view in root.walk()]
    before, after = neighbours(views, row["id"])
    by_path = {view.row["path"]: view for view in views}
    steps = row["path"].split(".")
    document_name = row_name(DOCUMENTS, document).zh
    return {
        "title": f"{values['title']} · {document_name}",
        "trail": (
            ("/documents", request.text(DOCUMENTS.title_zh, DOCUMENTS.title_en)),
            (row_path("documents", document_id), document_name),
        ),
        "document": document,
        "provision": build_alone(request, rows, row),
        "ancestors": [by_path[path] for n in range(1, len(steps)) if (path := ".".join(steps[:n])) in by_path],
        "previous": before,
        "next": after,
        "in_document": provision_link(request.addresses, document_id, row["id"]),
        "document_link": request.addresses.page(row_path("documents", document_id)),
        "fields": [field for field in values["fields"] if field.name not in ("text", "abstract_zh", "abstract_en")],
    }


def build_alone(request: PageRequest, rows: ProvisionRows, row: Record) -> ProvisionView:
    """Return a provision with those below it; its headings begin at the first level, wherever it stands."""
    inside = f"{row['path']}."
    branch = [each for each in rows.provisions if each["id"] == row["id"] or each["path"].startswith(inside)]
    views = build_provision_views(replace(rows, provisions=branch), request.addresses)
    return next(view for view in views if view.row["id"] == row["id"])


def neighbours(views: Sequence[ProvisionView], provision_id: str) -> tuple[ProvisionView | None, ProvisionView | None]:
    """Return the provisions before and after one. Of two with the same path, only the last stands among the views."""
    position = next((n for n, view in enumerate(views) if view.row["id"] == provision_id), None)
    if position is None:
        return None, None
    return views[position - 1] if position else None, views[position + 1] if position + 1 < len(views) else None


async def fetch_provision_rows(request: PageRequest, document: Record) -> ProvisionRows:
    """Return the rows around the provisions of a document. Raises DatabaseUnavailable."""
    context, keys = request.context, [document["id"]]
    provisions, commitments, relations = [
        await fetch_where_in(context, dataset, "document_id", keys, (), PRINTED_ORDER)
        for dataset in (PROVISIONS, COMMITMENTS, RELATIONS)
    ]
    counts = {
        other.name: await count_by_provision(request, other, document["id"])
        for other in DATASETS.values()
        if other.name not in AMONG_PROVISIONS and refers_to(other, "provision_id", "provisions")
    }
    return ProvisionRows(document, provisions, commitments, relations, counts)


async def count_by_provision(request: PageRequest, dataset: Dataset, document_id: str) -> dict[str, int]:
    """Return the numbers of rows by the provision that they refer to. Raises DatabaseUnavailable."""
    context = request.context
    query = DatasetQuery(conditions=(FilterCondition("document_id", "eq", (document_id,)),))
    shape = GroupShape(count_shape(dataset, query), ("provision_id",))
    max_groups = context.settings.max_groups
    [groups], _ = await context.repository.fetch_groups(dataset, query, [shape], max_groups, context.today())
    return {group[0]: group[1] for group in groups if group[0]}
