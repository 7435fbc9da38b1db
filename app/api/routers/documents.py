"""An official document as legal XML."""

import asyncio
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.context import Desk
from app.api.endpoints.items import find_item, read_item_ask
from app.api.endpoints.related import by_id, having
from app.api.endpoints.snapshot import settled
from app.api.prefix_router import PrefixRouter
from app.api.responses import ItemForm, desk_of, query_of, to_response
from app.api.routers.citations import located
from app.api.schemas.operations import KEYED, item_parameters, operation
from app.datasets import DATASETS
from app.http.result import Answer
from app.model.dataset import Dataset
from app.model.rows import Record, from_json
from app.query.params.controls import Sort
from app.query.params.query_string import split_query, unknown_parameter
from app.renderers.akoma_ntoso.document import write_akoma_ntoso
from app.renderers.akoma_ntoso.source import Dossier
from app.renderers.representations import AKOMA_NTOSO
from app.renderers.urls import absolute

DOCUMENTS = DATASETS["documents"]
IN_ORDER: Sort = (("row_line", False), ("id", False))


async def legal_xml(desk: Desk, dataset: Dataset, key: str, query: bytes) -> Answer:
    """A document as Akoma Ntoso, its status as on a day; raises Problem (400, 404, 503)."""
    members, options = read_item_ask(dataset, split_query(query, desk.settings.max_parameters))
    if members is not None:
        raise unknown_parameter("fields", ["on"])
    own_ids: list[str] = []

    async def make() -> bytes:
        found = await find_item(desk, dataset, key, query, AKOMA_NTOSO.suffix)
        own_ids.append(found.own_id)
        dossier = await dossier_of(desk, from_json(found.row), options.get("on", desk.today().isoformat()))
        return await asyncio.to_thread(write_akoma_ntoso, dossier)

    identity = f"{dataset.name}/{key}{AKOMA_NTOSO.suffix}?{options}"
    answer = await settled(desk, identity, AKOMA_NTOSO.media_type, make, dataset)
    return located(desk, dataset, key, own_ids[-1], AKOMA_NTOSO.suffix, answer)


async def dossier_of(desk: Desk, document: Record, on: str) -> Dossier:
    """A document with its issue, provisions and relations; raises Unavailable."""
    key = document["id"]
    issue_id = document["source"]["issue_id"]
    issues = await by_id(desk, DATASETS["issues"], [issue_id] if issue_id else [])
    relations = DATASETS["relations"]
    naming = await having(desk, relations, "target_id", [key])
    others = await by_id(desk, DOCUMENTS, [row["document_id"] for row in naming])
    path = f"/v1/documents/{quote(key, safe='')}{AKOMA_NTOSO.suffix}"
    return Dossier(
        document=document,
        issue=issues.get(issue_id),
        provisions=await having(desk, DATASETS["provisions"], "document_id", [key], (), IN_ORDER),
        relations=await having(desk, relations, "document_id", [key], (), IN_ORDER),
        incoming=[(row, others[row["document_id"]]) for row in naming if row["document_id"] != key],
        address=absolute(desk.settings.public_base_url, path),
        service=desk.settings.catalogue_title_zh,
        on=on,
    )


def item_forms(dataset: Dataset) -> dict[str, ItemForm]:
    """What answers a document as legal XML; nothing for a row of another dataset."""
    return {AKOMA_NTOSO.name: legal_xml} if dataset is DOCUMENTS else {}


def documents_router() -> APIRouter:
    """The address of a document as legal XML."""
    made = PrefixRouter(prefix=f"/v1/{DOCUMENTS.name}", tags=[DOCUMENTS.name])
    described = operation(
        f"One of {DOCUMENTS.title_en}, as {AKOMA_NTOSO.title}",
        {AKOMA_NTOSO.media_type: {"schema": {"type": "string"}}},
        [known for known in item_parameters(DOCUMENTS) if known["name"] != "fields"],
        description="Metadata, structure, references, and the text where it is loaded. Each provision has an `eId`, "
        "the anchor of its address, and its own id as `GUID`.",
        problems=KEYED,
        headers=("Content-Location",),
    )

    @made.get(f"/{{id}}{AKOMA_NTOSO.suffix}", **described)
    async def document_as_xml(request: Request) -> Response:
        key = request.path_params["id"]
        return to_response(request, await legal_xml(desk_of(request), DOCUMENTS, key, query_of(request)))

    return made
