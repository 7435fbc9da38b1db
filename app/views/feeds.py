"""What is new in a dataset, or among the rows of any question: Atom and JSON Feed."""

from dataclasses import replace
from functools import partial
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from app import describe
from app.answers import Answer, Desk
from app.dataset import Dataset
from app.datasets import DATASETS
from app.feeds.atom import write_atom
from app.feeds.content import content, summary
from app.feeds.feed import Entry, Feed, Link, identifier, newest
from app.feeds.jsonfeed import write_json_feed
from app.formats.offers import AKOMA_NTOSO, FEEDS, Offer
from app.formats.rows import Record, from_json
from app.legal.captions import caption, issue_title
from app.legal.naming import anchor
from app.links import absolute, quoted
from app.query.ask import FEED, Ask, Condition, read_ask, split_query
from app.query.cursor import Cursor, encode
from app.routes import SUFFIXED, CollectionForm, desk_of, operation, query_of, to_response
from app.store import Page
from app.views.related import by_id, having, names_for
from app.views.view import records, settled

ISSUES, CHANGES, DOCUMENTS = DATASETS["issues"], DATASETS["changes"], DATASETS["documents"]
WRITERS = {"atom": write_atom, "feed": write_json_feed}
JSON = "application/json"
SERVICE = "公报开放数据"
NEVER = "1970-01-01"
"""When nothing was loaded yet."""


async def feed(desk: Desk, dataset: Dataset, query: bytes, offer: Offer) -> Answer:
    """A page of a question as a feed; raises Problem (400, 503)."""
    ask = replace(
        read_ask(dataset, split_query(query, desk.settings.max_parameters), FEED, desk.settings, order=newest(dataset)),
        count=False,
    )

    async def make() -> bytes:
        page = await desk.store.page(dataset, ask, desk.today())
        return WRITERS[offer.name](await told(desk, dataset, ask, page, offer))

    identity = f"{dataset.name}{offer.suffix}?{ask.given}"
    return await settled(desk, identity, offer.media_type, make, dataset)


async def told(desk: Desk, dataset: Dataset, ask: Ask, page: Page, offer: Offer) -> Feed:
    """The page as a feed; raises Unavailable."""
    rows = [from_json(row) for row in page.rows]
    latest = await records(desk, ISSUES, Ask(sort=newest(ISSUES), limit=1))
    entries = await entries_of(desk, dataset, rows, await beginning(desk))
    base = desk.settings.public_base_url
    narrowed = [(name, value) for name, value in ask.given if name not in ("cursor", "limit", "sort")]
    path = absolute(base, f"/v1/{dataset.name}")
    said = "，".join(f"{name}={value}" for name, value in narrowed)
    publisher = (latest[0]["publisher"] or latest[0]["title"]) if latest else SERVICE
    name = latest[0]["title"] if latest else SERVICE
    return Feed(
        identifier=identifier(dataset.name, "", *(f"{name}={value}" for name, value in sorted(narrowed))),
        title=f"{name} · {dataset.title_zh}{f'（{said}）' if said else ''}",
        subtitle=dataset.description_en,
        updated=max((entry.updated for entry in entries), default=latest[0]["published_on"] if latest else NEVER),
        author=publisher,
        home=path + asked(narrowed),
        links=pages(f"{path}{offer.suffix}", ask, page, offer),
        entries=entries,
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


async def beginning(desk: Desk) -> str:
    """The first day in the log: since then there are the rows that no issue printed; raises Unavailable."""
    first = await records(desk, CHANGES, Ask(sort=(("at", False), ("id", False)), limit=1))
    return str(first[0]["at"]) if first else NEVER


async def entries_of(desk: Desk, dataset: Dataset, rows: list[Record], begun: str) -> list[Entry]:
    """The rows as entries, each with the day of its issue and of its own last change; raises Unavailable."""
    sources = [row["source"] or {} for row in rows]
    issues = await by_id(desk, ISSUES, [source["issue_id"] for source in sources if source.get("issue_id")])
    changed = await last_changes(desk, dataset, [row["id"] for row in rows])
    names = await names_for(desk, dataset, rows)
    issuers: dict[str, Record] = {}
    if dataset is not DOCUMENTS:
        issuers = await by_id(desk, DOCUMENTS, [key for row in rows if (key := document_of(row))])
    base = desk.settings.public_base_url
    found = []
    for row, source in zip(rows, sources, strict=True):
        issue = row if dataset is ISSUES else issues.get(source.get("issue_id") or "")
        document = row if dataset is DOCUMENTS else issuers.get(document_of(row) or "")
        published = row.get("at") or row.get("published_on") or (issue["published_on"] if issue else None)
        updated = max(filter(None, (published, changed.get(row["id"]))), default=begun)
        author = (document["issuer"] if document else None) or (issue["publisher"] if issue else None)
        found.append(
            Entry(
                identifier=identifier(dataset.name, row["id"]),
                title=caption(dataset, row, names),
                url=absolute(base, address(dataset, row["id"])),
                updated=updated,
                published=published,
                summary=summary(row),
                content=content(dataset, row, names),
                author=author,
                category=(dataset.name, dataset.title_zh),
                links=links_of(base, dataset, row, issue, document),
            )
        )
    return found


def document_of(row: Record) -> str | None:
    """The document that a row is part of."""
    key: str | None = row.get("document_id") or (row["source"] or {}).get("document_id")
    return key


def links_of(base: str, dataset: Dataset, row: Record, issue: Record | None, document: Record | None) -> list[Link]:
    """The legal text where there is one, the issue that printed the row, the row that a change is about."""
    found = []
    if dataset is DOCUMENTS or "path" in dataset.by_name:
        place = f"#{anchor(row['path'])}" if "path" in row else ""
        path = address(DOCUMENTS, document_of(row) or row["id"]) + AKOMA_NTOSO.suffix + place
        found.append(Link("alternate", absolute(base, path), AKOMA_NTOSO.media_type, AKOMA_NTOSO.title))
    if dataset is CHANGES and row["dataset"] in DATASETS:
        target = address(DATASETS[row["dataset"]], row["row_id"])
        found.append(Link("related", absolute(base, target), JSON, row["row_id"]))
    if document is not None and document is not row:
        found.append(Link("related", absolute(base, address(DOCUMENTS, document["id"])), JSON, document["title"]))
    if issue is not None and issue is not row:
        found.append(Link("via", absolute(base, address(ISSUES, issue["id"])), JSON, issue_title(issue)))
    return found


def address(dataset: Dataset, key: str) -> str:
    """The path of a row."""
    return f"/v1/{dataset.name}/{quote(key, safe='')}"


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
    made = APIRouter(prefix="/v1")
    for dataset in DATASETS.values():
        for offer in FEEDS.values():
            add_feed(made, dataset, offer)
    return made


def add_feed(made: APIRouter, dataset: Dataset, offer: Offer) -> None:
    """The address of a dataset that ends in a feed's suffix."""
    described = operation(
        f"What is new in {dataset.title_en}, as {offer.title}",
        {offer.media_type: {"schema": {"type": "object" if offer.name == "feed" else "string"}}},
        describe.parameters(dataset, FEED),
        description="The rows of a question as entries, the newest first; `next` leads to older ones.",
        problems=SUFFIXED,
    )

    @made.get(f"/{dataset.name}{offer.suffix}", tags=[dataset.name], **described)
    async def what_is_new(request: Request) -> Response:
        return to_response(request, await feed(desk_of(request), dataset, query_of(request), offer))
