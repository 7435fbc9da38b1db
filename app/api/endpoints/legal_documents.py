"""An official document as legal XML."""

import asyncio
from urllib.parse import quote

from app.api.context import AppContext
from app.api.endpoints.items import content_location, find_item, located_304, parse_item_query
from app.api.endpoints.related import fetch_by_ids, fetch_where_in
from app.api.endpoints.snapshot import render_consistently
from app.datasets import DATASETS
from app.http.conditional import NotModified
from app.http.response import ApiResponse
from app.model.dataset import Dataset
from app.model.rows import Record, from_json
from app.query.params.controls import Sort
from app.query.params.query_string import parse_query_string, unknown_parameter
from app.renderers.akoma_ntoso.document import write_akoma_ntoso
from app.renderers.akoma_ntoso.document_rows import DocumentRows
from app.renderers.representations import AKOMA_NTOSO
from app.renderers.urls import absolute_url

DOCUMENTS = DATASETS["documents"]
PRINTED_ORDER: Sort = (("row_line", False), ("id", False))


async def get_legal_xml(context: AppContext, dataset: Dataset, key: str, query_string: bytes) -> ApiResponse:
    """Return a document as Akoma Ntoso, with its status on a day. Raises Problem (400, 404, 503)."""
    members, _, options = parse_item_query(dataset, parse_query_string(query_string, context.settings.max_parameters))
    if members is not None:
        raise unknown_parameter("fields", ["on"])
    row_ids: list[str] = []

    async def render() -> bytes:
        item = await find_item(context, dataset, key, query_string, AKOMA_NTOSO.suffix)
        row_ids.append(item.row_id)
        source = await fetch_legal_source(
            context, from_json(item.row_json), options.get("on", context.today().isoformat())
        )
        return await asyncio.to_thread(write_akoma_ntoso, source)

    etag_key = f"{dataset.name}/{key}{AKOMA_NTOSO.suffix}?{options}"
    try:
        response = await render_consistently(context, etag_key, AKOMA_NTOSO.media_type, render, dataset)
    except NotModified as unmodified:
        raise await located_304(context, dataset, key, query_string, AKOMA_NTOSO.suffix, unmodified) from None
    if row_ids[-1] != key:
        location = content_location(context, dataset, row_ids[-1], AKOMA_NTOSO.suffix, query_string)
        response.headers["Content-Location"] = location
    return response


async def fetch_legal_source(context: AppContext, document: Record, on: str) -> DocumentRows:
    """Return a document with its issue, provisions and relations. Raises DatabaseUnavailable."""
    key = document["id"]
    issue_id = document["source"]["issue_id"]
    issues = await fetch_by_ids(context, DATASETS["issues"], [issue_id] if issue_id else [])
    relations = DATASETS["relations"]
    incoming = await fetch_where_in(context, relations, "target_id", [key])
    citing_documents = await fetch_by_ids(context, DOCUMENTS, [row["document_id"] for row in incoming])
    path = f"/v1/documents/{quote(key, safe='')}{AKOMA_NTOSO.suffix}"
    return DocumentRows(
        document=document,
        issue=issues.get(issue_id),
        provisions=await fetch_where_in(context, DATASETS["provisions"], "document_id", [key], (), PRINTED_ORDER),
        relations=await fetch_where_in(context, relations, "document_id", [key], (), PRINTED_ORDER),
        incoming_relations=[
            (row, citing_documents[row["document_id"]]) for row in incoming if row["document_id"] != key
        ],
        url=absolute_url(context.settings.public_base_url, path),
        service_name=context.settings.catalogue_title_zh,
        status_date=on,
    )
