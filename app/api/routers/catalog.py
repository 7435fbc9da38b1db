"""The catalogue for those who harvest it: RDF, the Chinese core metadata, JSON of several kinds, table schemas."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.context import Desk
from app.api.endpoints.common import refuse_parameters
from app.api.endpoints.snapshot import records, settled
from app.api.responses import desk_of, query_of, to_response
from app.api.schemas.operations import LISTED, SUFFIXED, operation
from app.concurrency import in_thread
from app.datasets import DATASETS
from app.db.data_state import DataState, read_facts
from app.errors import Fault, bad_request
from app.http.negotiation import accepted
from app.http.result import Answer
from app.model.dataset import Dataset
from app.model.rows import to_json
from app.model.values import BadValue, read_date
from app.query.params.dataset_query import Ask
from app.query.params.query_string import split_query, unknown_parameter
from app.renderers.catalog import csvw
from app.renderers.catalog.catalogue import CSVW_SUFFIX, Catalogue, Entry, Licence, changed_since, imprint_of
from app.renderers.catalog.chinese import chinese_catalogue
from app.renderers.catalog.frictionless import data_package
from app.renderers.catalog.project_open_data import data_json
from app.renderers.catalog.schemaorg import schema_catalogue, schema_dataset

JSON = "application/json"
JSON_LD = "application/ld+json"
RDF: Mapping[str, str] = {"ttl": "text/turtle", "jsonld": JSON_LD, "rdf": "application/rdf+xml"}
"""The forms of `/catalog` by the ends of their addresses, the preferred first."""
TITLES = {"ttl": "Turtle", "jsonld": "JSON-LD", "rdf": "RDF/XML"}
SINCE = "modified_since"
THREADS = ThreadPoolExecutor(1, thread_name_prefix="catalogue")
ISSUES = DATASETS["issues"]
NEWEST = Ask(sort=(("published_on", True), ("id", False)), limit=1)
FACTS = sa.select(DataState.__table__.c.facts)  # type: ignore[attr-defined]  # SQLModel sets it on tables
WHOLE: Mapping[str, tuple[str, str, Callable[[Catalogue], Any], str]] = {
    "/catalog.zh.json": (
        "The catalogue in Chinese",
        JSON,
        chinese_catalogue,
        "Core metadata of 政务信息资源目录编制指南（试行） (发改高技〔2017〕1272号), element by element.",
    ),
    "/data.json": ("The catalogue as data.json", JSON, data_json, "Project Open Data 1.1."),
    "/schema.jsonld": ("The catalogue as schema.org", JSON_LD, schema_catalogue, "A `DataCatalog` of `Dataset`s."),
    "/datapackage.json": (
        "The CSVs as a Data Package",
        JSON,
        data_package,
        "Frictionless, version 2: every CSV with its Table Schema, keys, enumerations and units.",
    ),
}
"""The forms of the whole catalogue that are plain JSON: summary, media type, renderer, description."""
EACH: Mapping[str, tuple[str, str, Callable[[Catalogue, Entry], Any], str]] = {
    ".jsonld": ("as schema.org", JSON_LD, schema_dataset, "A `Dataset` for search engines."),
    CSVW_SUFFIX: (
        "as CSVW",
        csvw.MEDIA_TYPE,
        csvw.table_group,
        "Metadata of the CSV as CSV on the Web wants it: columns, datatypes, keys.",
    ),
}
"""The forms of one dataset's entry, by the ends of their addresses."""


def catalogue_router() -> APIRouter:
    """The addresses of the whole catalogue, and those of each dataset's entry."""
    router = APIRouter()
    since = {
        "name": SINCE,
        "in": "query",
        "required": False,
        "description": "Only datasets that changed on this day or later.",
        "schema": {"type": "string", "format": "date"},
    }
    about = "DCAT-AP 3.0.1: catalogue, datasets, distributions, the service. Suffix or `Accept` chooses the form."
    content = {media_type: _content(media_type) for media_type in RDF.values()}
    described = operation(
        "The catalogue as DCAT-AP",
        content,
        [since],
        description=about,
        problems=LISTED,
        headers=("Link", "Content-Location"),
    )

    @router.get("/catalog", tags=["catalogue"], **described)
    async def negotiated(request: Request) -> Response:
        form = accepted(request.headers.get("accept"), RDF)
        answer = await rdf_answer(desk_of(request), query_of(request), form)
        base = desk_of(request).settings.public_base_url
        others = (f'<{base}/catalog.{name}>; rel="alternate"; type="{kind}"' for name, kind in RDF.items())
        answer.headers |= {"Content-Location": f"{base}/catalog.{form}", "Link": ", ".join(others)}
        return to_response(request, answer)

    for form in RDF:
        _add_rdf(router, form, since)
    for path in WHOLE:
        _add_whole(router, path)
    for dataset in DATASETS.values():
        for suffix in EACH:
            _add_each(router, dataset, suffix)
    return router


def _content(media_type: str) -> dict[str, Any]:
    return {"schema": {"type": "object" if media_type == JSON_LD else "string"}}


def _add_rdf(router: APIRouter, form: str, since: dict[str, Any]) -> None:
    content = {RDF[form]: _content(RDF[form])}
    described = operation(f"The catalogue as {TITLES[form]}", content, [since], problems=SUFFIXED)

    @router.get(f"/catalog.{form}", tags=["catalogue"], **described)
    async def rdf(request: Request) -> Response:
        return to_response(request, await rdf_answer(desk_of(request), query_of(request), form))


def _add_whole(router: APIRouter, path: str) -> None:
    summary, media_type, render, about = WHOLE[path]
    content = {media_type: {"schema": {"type": "object"}}}

    @router.get(path, tags=["catalogue"], **operation(summary, content, [], description=about, problems=SUFFIXED))
    async def whole(request: Request) -> Response:
        desk = desk_of(request)
        refuse_parameters(query_of(request))

        async def make() -> bytes:
            return to_json(render(await catalogue_of(desk))).encode()

        return to_response(request, await settled(desk, path, media_type, make))


def _add_each(router: APIRouter, dataset: Dataset, suffix: str) -> None:
    ending, media_type, render, about = EACH[suffix]
    content = {media_type: {"schema": {"type": "object"}}}
    described = operation(f"{dataset.title_en} {ending}", content, [], description=about, problems=SUFFIXED)
    path = f"/v1/{dataset.name}{suffix}"

    @router.get(path, tags=[dataset.name], **described)
    async def each(request: Request) -> Response:
        desk = desk_of(request)
        refuse_parameters(query_of(request))

        async def make() -> bytes:
            catalogue = await catalogue_of(desk)
            entry = next(entry for entry in catalogue.entries if entry.dataset is dataset)
            return to_json(render(catalogue, entry)).encode()

        return to_response(request, await settled(desk, path, media_type, make))


async def rdf_answer(desk: Desk, query: bytes, form: str) -> Answer:
    """The catalogue in a form of RDF; raises Problem (400, 503), NotModified."""
    since = read_since(split_query(query, desk.settings.max_parameters))

    async def make() -> bytes:
        return await in_thread(THREADS, lambda: None, rendered, await catalogue_of(desk), since, form)

    return await settled(desk, f"/catalog.{form}?{since or ''}", RDF[form], make)


def read_since(given: tuple[tuple[str, str], ...]) -> str | None:
    """The day that `modified_since` names; raises Problem (400)."""
    since = None
    for name, value in given:
        if name != SINCE:
            raise unknown_parameter(name, (SINCE,))
        try:
            since = read_date(value)
        except BadValue as error:
            raise bad_request([Fault(name, str(error), error.allowed)]) from None
    return since


def rendered(catalogue: Catalogue, since: str | None, form: str) -> bytes:
    """The bytes of a form. The library of RDF is big and loaded when first used: call it in a thread."""
    from app.renderers.catalog import dcat, rdf

    graph = dcat.graph_of(catalogue, catalogue.entries if since is None else changed_since(catalogue, since))
    return {"ttl": rdf.turtle, "jsonld": rdf.json_ld, "rdf": rdf.rdf_xml}[form](graph)


async def catalogue_of(desk: Desk) -> Catalogue:
    """What the catalogue says now; raises Unavailable."""
    settings = desk.settings
    rows = await desk.store.fetch("facts", lambda: FACTS, {})
    facts = read_facts(rows[0][0]) if rows else {}
    newest = await records(desk, ISSUES, NEWEST)
    return Catalogue(
        base=settings.public_base_url,
        title_zh=settings.catalogue_title_zh,
        title_en=settings.catalogue_title,
        licence=Licence(settings.licence_zh, settings.licence, settings.licence_url),
        imprint=imprint_of(newest[0] if newest else None),
        revision=desk.store.state.revision,
        entries=tuple(
            Entry(dataset, facts[name]) if name in facts else Entry(dataset) for name, dataset in DATASETS.items()
        ),
    )
