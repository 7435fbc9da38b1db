"""How to cite a row: BibTeX, RIS and CSL-JSON, for every dataset."""

from urllib.parse import quote

from app.api.context import AppContext
from app.api.endpoints.common import refuse_parameters
from app.api.endpoints.items import content_location, find_item, located_304
from app.api.endpoints.related import fetch_by_ids, fetch_captions
from app.api.endpoints.snapshot import render_consistently
from app.datasets import DATASETS
from app.http.conditional import NotModified
from app.http.response import ApiResponse
from app.model.dataset import Dataset
from app.model.rows import Record, from_json
from app.renderers.captions import caption
from app.renderers.citations import WRITERS
from app.renderers.citations.citation import Citation, cite
from app.renderers.representations import Representation
from app.renderers.urls import absolute_url


async def get_citation(
    context: AppContext, dataset: Dataset, key: str, query_string: bytes, representation: Representation
) -> ApiResponse:
    """Return a row as a citation. Raises Problem (400, 404, 503)."""
    refuse_parameters(query_string)
    row_ids: list[str] = []

    async def render() -> bytes:
        item = await find_item(context, dataset, key, b"", representation.suffix)
        row_ids.append(item.row_id)
        return WRITERS[representation.name](await build_citation(context, dataset, from_json(item.row_json)))

    etag_key = f"{dataset.name}/{key}{representation.suffix} cited"
    try:
        response = await render_consistently(context, etag_key, representation.content_type, render, dataset)
    except NotModified as unmodified:
        raise await located_304(context, dataset, key, b"", representation.suffix, unmodified) from None
    row_id = row_ids[-1]
    response.headers["Content-Disposition"] = (
        f"inline; filename*=UTF-8''{quote(row_id, safe='')}{representation.suffix}"
    )
    if row_id != key:
        response.headers["Content-Location"] = content_location(context, dataset, row_id, representation.suffix, b"")
    return response


async def build_citation(context: AppContext, dataset: Dataset, row: Record) -> Citation:
    """Return the citation of a row, with the issue that printed it and the document that it belongs to."""
    source = row["source"] or {}
    issue_id, document_id = source.get("issue_id"), row.get("document_id") or source.get("document_id")
    issues = await fetch_by_ids(context, DATASETS["issues"], [issue_id] if issue_id else [])
    documents = await fetch_by_ids(context, DATASETS["documents"], [document_id] if document_id else [])
    has_number = "document_number" in dataset.fields_by_name  # a citation has a place of its own for the number
    title = row["title"] if has_number else caption(dataset, row, await fetch_captions(context, dataset, [row]))
    url = absolute_url(context.settings.public_base_url, f"/v1/{dataset.name}/{quote(row['id'], safe='')}")
    return cite(dataset, row, title, url, issues.get(issue_id or ""), documents.get(document_id or ""))
