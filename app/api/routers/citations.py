"""How to cite a row: BibTeX, RIS and CSL-JSON of every dataset, by suffix and by `Accept`."""

from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.context import Desk
from app.api.endpoints.common import refuse_parameters
from app.api.endpoints.items import find_item
from app.api.endpoints.related import by_id, names_for
from app.api.endpoints.snapshot import settled
from app.api.prefix_router import PrefixRouter
from app.api.responses import ItemForm, desk_of, query_of, to_response
from app.api.schemas.operations import KEYED, form_content, operation, path_parameter
from app.datasets import DATASETS
from app.http.result import Answer
from app.model.dataset import Dataset
from app.model.rows import Record, from_json
from app.renderers.captions import caption
from app.renderers.citations.bibtex import write_bibtex
from app.renderers.citations.citation import Citation, cite
from app.renderers.citations.csl_json import write_csl
from app.renderers.citations.ris import write_ris
from app.renderers.representations import CITATIONS, Offer
from app.renderers.urls import absolute

WRITERS: Mapping[str, Callable[[Citation], bytes]] = {"bib": write_bibtex, "ris": write_ris, "csl": write_csl}
CHARSET = {"csl": ""}
"""JSON is always UTF-8; the others say it."""


async def citation(desk: Desk, dataset: Dataset, key: str, query: bytes, offer: Offer) -> Answer:
    """A row as a citation; raises Problem (400, 404, 503)."""
    refuse_parameters(query)
    own_ids: list[str] = []

    async def make() -> bytes:
        found = await find_item(desk, dataset, key, b"", offer.suffix)
        own_ids.append(found.own_id)
        return WRITERS[offer.name](await cited(desk, dataset, from_json(found.row)))

    media_type = offer.media_type + CHARSET.get(offer.name, "; charset=utf-8")
    answer = await settled(desk, f"{dataset.name}/{key}{offer.suffix} cited", media_type, make, dataset)
    own_id = own_ids[-1]
    answer.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(own_id, safe='')}{offer.suffix}"
    return located(desk, dataset, key, own_id, offer.suffix, answer)


def located(desk: Desk, dataset: Dataset, key: str, own_id: str, suffix: str, answer: Answer) -> Answer:
    """The answer with the address of the row itself, where it was asked for by its document number."""
    if own_id != key:
        path = f"/v1/{dataset.name}/{quote(own_id, safe='')}{suffix}"
        answer.headers["Content-Location"] = f"{desk.settings.public_base_url}{path}"
    return answer


async def cited(desk: Desk, dataset: Dataset, row: Record) -> Citation:
    """The citation of a row, with the issue that printed it and the document that it is part of."""
    source = row["source"] or {}
    issue_id, document_id = source.get("issue_id"), row.get("document_id") or source.get("document_id")
    issues = await by_id(desk, DATASETS["issues"], [issue_id] if issue_id else [])
    documents = await by_id(desk, DATASETS["documents"], [document_id] if document_id else [])
    numbered = "document_number" in dataset.by_name  # a citation has a place of its own for the number
    title = row["title"] if numbered else caption(dataset, row, await names_for(desk, dataset, [row]))
    url = absolute(desk.settings.public_base_url, f"/v1/{dataset.name}/{quote(row['id'], safe='')}")
    return cite(dataset, row, title, url, issues.get(issue_id or ""), documents.get(document_id or ""))


def item_forms() -> dict[str, ItemForm]:
    """What answers a row in the forms of a citation, by the names in `CITATIONS`."""
    return {offer.name: partial(_cited_as, offer) for offer in CITATIONS.values()}


async def _cited_as(offer: Offer, desk: Desk, dataset: Dataset, key: str, query: bytes) -> Answer:
    return await citation(desk, dataset, key, query, offer)


def citations_router() -> APIRouter:
    """The addresses of citations, three a dataset."""
    made = PrefixRouter(prefix="/v1")
    for dataset in DATASETS.values():
        for offer in CITATIONS.values():
            add_citation(made, dataset, offer)
    return made


def add_citation(made: APIRouter, dataset: Dataset, offer: Offer) -> None:
    """The address of a row that ends in a citation's suffix."""
    described = operation(
        f"How to cite one of {dataset.title_en}, as {offer.title}",
        {offer.media_type: form_content(offer.name)},
        [path_parameter()],
        description=f"One row by its id as {offer.title}: title, number, issuer, day, issue, pages, address.",
        problems=KEYED,
        headers=("Content-Disposition", "Content-Location"),
    )

    @made.get(f"/{dataset.name}/{{id}}{offer.suffix}", tags=[dataset.name], **described)
    async def cite_row(request: Request) -> Response:
        key = request.path_params["id"]
        return to_response(request, await citation(desk_of(request), dataset, key, query_of(request), offer))
