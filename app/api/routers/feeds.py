"""What is new in a dataset, or among the rows of any question: Atom and JSON Feed."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.context import Desk
from app.api.endpoints.related import by_id, having, names_for
from app.api.endpoints.snapshot import records, settled
from app.api.prefix_router import PrefixRouter
from app.api.responses import CollectionForm, desk_of, query_of, to_response
from app.api.schemas import datasets
from app.api.schemas.operations import SUFFIXED, form_content, operation
from app.datasets import DATASETS
from app.http.result import Answer
from app.model.dataset import Dataset
from app.model.rows import Record, from_json
from app.query.page import Page
from app.query.params.cursor import Cursor, encode
from app.query.params.dataset_query import FEED, Ask, Condition, read_ask
from app.query.params.query_string import split_query
from app.renderers.feeds.atom import write_atom
from app.renderers.feeds.entries import CHANGES, DOCUMENTS, ISSUES, Around, document_of, entries, issue_of
from app.renderers.feeds.feed import Feed, Link, identifier, newest
from app.renderers.feeds.json_feed import write_json_feed
from app.renderers.representations import FEEDS, Offer
from app.renderers.urls import absolute, quoted

WRITERS: Mapping[str, Callable[[Feed], bytes]] = {"atom": write_atom, "feed": write_json_feed}
NEVER = "1970-01-01"
"""When nothing was loaded yet."""


async def feed(desk: Desk, dataset: Dataset, query: bytes, offer: Offer) -> Answer:
    """A page of a question as a feed; raises Problem (400, 503)."""
    given = split_query(query, desk.settings.max_parameters)
    ask = replace(read_ask(dataset, given, FEED, desk.settings, order=newest(dataset)), count=False)

    async def make() -> bytes:
        page = await desk.store.page(dataset, ask, desk.today())
        rows = [from_json(row) for row in page.rows]
        latest = await records(desk, ISSUES, Ask(sort=newest(ISSUES), limit=1))
        around = await around_of(desk, dataset, rows)

        def render() -> bytes:
            return WRITERS[offer.name](told(desk, dataset, ask, page, offer, rows, latest, around))

        return await asyncio.to_thread(render)

    return await settled(desk, f"{dataset.name}{offer.suffix}?{ask.given}", offer.media_type, make, dataset)


def told(
    desk: Desk,
    dataset: Dataset,
    ask: Ask,
    page: Page,
    offer: Offer,
    rows: list[Record],
    latest: list[Record],
    around: Around,
) -> Feed:
    """The page as a feed, named after the gazette of the latest issue."""
    base = desk.settings.public_base_url
    narrowed = [(name, value) for name, value in ask.given if name not in ("cursor", "limit", "sort")]
    path = absolute(base, f"/v1/{dataset.name}")
    said = "，".join(f"{name}={value}" for name, value in narrowed)
    service = desk.settings.catalogue_title_zh
    name = latest[0]["title"] if latest else service
    made = entries(base, dataset, rows, around)
    return Feed(
        identifier=identifier(dataset.name, "", *(f"{name}={value}" for name, value in sorted(narrowed))),
        title=f"{name} · {dataset.title_zh}{f'（{said}）' if said else ''}",
        subtitle=dataset.description_zh,
        updated=max((entry.updated for entry in made), default=latest[0]["published_on"] if latest else NEVER),
        author=service if dataset.provenance else (latest[0]["publisher"] if latest else None) or name,
        home=path + asked(narrowed),
        links=pages(f"{path}{offer.suffix}", ask, page, offer),
        entries=made,
    )


def asked(pairs: list[tuple[str, str]]) -> str:
    """The query string of some parameters, with its question mark."""
    return "?" * bool(pairs) + "&".join(f"{quoted(name)}={quoted(value)}" for name, value in pairs)


def pages(path: str, ask: Ask, page: Page, offer: Offer) -> list[Link]:
    """The page itself and its neighbours."""
    rest = [pair for pair in ask.given if pair[0] != "cursor"]

    def turn(rel: str, cursor: Cursor | None) -> list[Link]:
        if cursor is None:
            return []
        return [Link(rel, path + asked([*rest, ("cursor", encode(cursor, ask.made_for))]), offer.media_type)]

    return [
        Link("self", path + asked(list(ask.given)), offer.media_type),
        Link("first", path + asked(rest), offer.media_type),
        *turn("previous", page.preceding),
        *turn("next", page.following),
    ]


async def around_of(desk: Desk, dataset: Dataset, rows: list[Record]) -> Around:
    """What the entries of some rows need beside them; raises Unavailable."""
    documents: dict[str, Record] = {}
    if dataset is not DOCUMENTS:
        documents = await by_id(desk, DOCUMENTS, [key for row in rows if (key := document_of(row))])
    first = await records(desk, CHANGES, Ask(sort=(("at", False), ("id", False)), limit=1))
    return Around(
        issues=await by_id(desk, ISSUES, [key for row in rows if (key := issue_of(row))]),
        documents=documents,
        changed=await last_changes(desk, dataset, [row["id"] for row in rows]),
        names=await names_for(desk, dataset, rows),
        begun=str(first[0]["at"]) if first else NEVER,
    )


async def last_changes(desk: Desk, dataset: Dataset, keys: list[str]) -> dict[str, str]:
    """The day of the last change of each row that changed since its issue was loaded; raises Unavailable."""
    if dataset is CHANGES:
        return {}
    of_dataset = (Condition("dataset", "eq", (dataset.name,)),)
    found = await having(desk, CHANGES, "row_id", keys, of_dataset, (("at", False), ("id", False)))
    return {change["row_id"]: change["at"] for change in found}


def collection_forms() -> dict[str, CollectionForm]:
    """What answers a question as a feed, by the names in `FEEDS`."""
    return {offer.name: partial(_fed_as, offer) for offer in FEEDS.values()}


async def _fed_as(offer: Offer, desk: Desk, dataset: Dataset, query: bytes) -> Answer:
    return await feed(desk, dataset, query, offer)


def feeds_router() -> APIRouter:
    """The addresses of feeds, two a dataset."""
    made = PrefixRouter(prefix="/v1")
    for dataset in DATASETS.values():
        for offer in FEEDS.values():
            add_feed(made, dataset, offer)
    return made


def add_feed(made: APIRouter, dataset: Dataset, offer: Offer) -> None:
    """The address of a dataset that ends in a feed's suffix."""
    described = operation(
        f"What is new in {dataset.title_en}, as {offer.title}",
        {offer.media_type: form_content(offer.name)},
        datasets.parameters(dataset, FEED),
        description="The rows of a question as entries, the newest first; `next` leads to older ones.",
        problems=SUFFIXED,
    )

    @made.get(f"/{dataset.name}{offer.suffix}", tags=[dataset.name], **described)
    async def what_is_new(request: Request) -> Response:
        return to_response(request, await feed(desk_of(request), dataset, query_of(request), offer))
