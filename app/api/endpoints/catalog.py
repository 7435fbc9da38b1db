"""The catalogue for harvesters: RDF, the Chinese core metadata, several kinds of JSON, table schemas."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.api.context import AppContext
from app.api.endpoints.common import refuse_parameters
from app.api.endpoints.snapshot import fetch_records, render_consistently
from app.concurrency import run_in_executor
from app.datasets import DATASETS
from app.db.data_state import DataState, load_stats
from app.errors import Fault, bad_request
from app.http.negotiation import negotiate
from app.http.response import ApiResponse
from app.model.dataset import Dataset
from app.model.rows import to_json
from app.model.values import BadValue, parse_date
from app.query.params.dataset_query import DatasetQuery
from app.query.params.query_string import parse_query_string, unknown_parameter
from app.renderers.catalog import csvw
from app.renderers.catalog.catalogue import Catalogue, DatasetEntry, Licence, build_imprint, changed_since
from app.renderers.catalog.chinese import chinese_catalogue
from app.renderers.catalog.frictionless import data_package
from app.renderers.catalog.project_open_data import data_json
from app.renderers.catalog.schemaorg import schema_catalogue, schema_dataset
from app.renderers.representations import CSVW, JSON, RDF_FORMATS, SCHEMA_ORG

RDF_MEDIA_TYPES: Mapping[str, str] = {name: each.media_type for name, each in RDF_FORMATS.items()}
"""The representations of `/catalog` by name, the preferred first."""
MODIFIED_SINCE = "modified_since"
EXECUTOR = ThreadPoolExecutor(1, thread_name_prefix="catalogue")
ISSUES = DATASETS["issues"]
NEWEST_ISSUE_QUERY = DatasetQuery(sort=(("published_on", True), ("id", False)), limit=1)
STATS_SELECT = sa.select(DataState.__table__.c.facts)  # type: ignore[attr-defined]  # SQLModel sets it on tables


@dataclass(frozen=True, slots=True)
class CatalogDocument:
    """One document of the catalogue in plain JSON, with what OpenAPI says of it."""

    summary: str
    media_type: str
    render: Callable[..., Any]
    description: str


CATALOG_DOCUMENTS: Mapping[str, CatalogDocument] = {
    "/catalog.zh.json": CatalogDocument(
        "The catalogue in Chinese",
        JSON,
        chinese_catalogue,
        "Core metadata of 政务信息资源目录编制指南（试行） (发改高技〔2017〕1272号), element by element.",
    ),
    "/data.json": CatalogDocument("The catalogue as data.json", JSON, data_json, "Project Open Data 1.1."),
    "/schema.jsonld": CatalogDocument(
        "The catalogue as schema.org",
        SCHEMA_ORG.media_type,
        schema_catalogue,
        "A `DataCatalog` of `Dataset`s.",
    ),
    "/datapackage.json": CatalogDocument(
        "The CSVs as a Data Package",
        JSON,
        data_package,
        "Frictionless, version 2: every CSV with its Table Schema, keys, enumerations and units.",
    ),
}
"""Documents of the whole catalogue by their paths; each is rendered from the `Catalogue`."""
ENTRY_DOCUMENTS: Mapping[str, CatalogDocument] = {
    SCHEMA_ORG.suffix: CatalogDocument(
        "as schema.org", SCHEMA_ORG.media_type, schema_dataset, "A `Dataset` for search engines."
    ),
    CSVW.suffix: CatalogDocument(
        "as CSVW",
        CSVW.media_type,
        csvw.table_group,
        "Metadata of the CSV as CSV on the Web wants it: columns, datatypes, keys.",
    ),
}
"""Documents of one dataset by their suffixes; each is rendered from the `Catalogue` and the `DatasetEntry`."""


async def get_negotiated_catalog(context: AppContext, query_string: bytes, accept: bytes) -> ApiResponse:
    """Return the catalogue in the RDF format that `Accept` prefers. Raises Problem (400, 406, 503), NotModified."""
    name = negotiate(accept, RDF_MEDIA_TYPES)
    response = await get_catalog(context, query_string, name)
    base = context.settings.public_base_url
    others = (f'<{base}/catalog.{other}>; rel="alternate"; type="{kind}"' for other, kind in RDF_MEDIA_TYPES.items())
    response.headers |= {"Content-Location": f"{base}/catalog.{name}", "Link": ", ".join(others)}
    return response


async def get_catalog(context: AppContext, query_string: bytes, name: str) -> ApiResponse:
    """Return the catalogue in an RDF format. Raises Problem (400, 503), NotModified."""
    since = parse_modified_since(parse_query_string(query_string, context.settings.max_parameters))

    async def render() -> bytes:
        return await run_in_executor(EXECUTOR, lambda: None, render_rdf, await build_catalogue(context), since, name)

    return await render_consistently(context, f"/catalog.{name}?{since or ''}", RDF_FORMATS[name].content_type, render)


async def get_catalog_document(context: AppContext, path: str, query_string: bytes) -> ApiResponse:
    """Return a document of the whole catalogue. Raises Problem (400, 503), NotModified."""
    refuse_parameters(query_string)
    document = CATALOG_DOCUMENTS[path]

    async def render() -> bytes:
        return to_json(document.render(await build_catalogue(context))).encode()

    return await render_consistently(context, path, document.media_type, render)


async def get_entry_document(context: AppContext, dataset: Dataset, suffix: str, query_string: bytes) -> ApiResponse:
    """Return a document of one dataset. Raises Problem (400, 503), NotModified."""
    refuse_parameters(query_string)
    document = ENTRY_DOCUMENTS[suffix]

    async def render() -> bytes:
        catalogue = await build_catalogue(context)
        entry = next(entry for entry in catalogue.entries if entry.dataset is dataset)
        return to_json(document.render(catalogue, entry)).encode()

    return await render_consistently(context, f"/v1/{dataset.name}{suffix}", document.media_type, render)


def parse_modified_since(pairs: tuple[tuple[str, str], ...]) -> str | None:
    """Parse `modified_since`, a day. Raises Problem (400)."""
    since = None
    for name, value in pairs:
        if name != MODIFIED_SINCE:
            raise unknown_parameter(name, (MODIFIED_SINCE,))
        try:
            since = parse_date(value)
        except BadValue as error:
            raise bad_request([Fault(name, str(error), error.allowed)]) from None
    return since


def render_rdf(catalogue: Catalogue, since: str | None, name: str) -> bytes:
    """Return the catalogue in an RDF format. Call it in a thread: the RDF library is large and loaded on first use."""
    from app.renderers.catalog import dcat, rdf

    graph = dcat.build_graph(catalogue, catalogue.entries if since is None else changed_since(catalogue, since))
    return {"ttl": rdf.to_turtle, "jsonld": rdf.to_json_ld, "rdf": rdf.to_rdf_xml}[name](graph)


async def build_catalogue(context: AppContext) -> Catalogue:
    """Return the catalogue of the data as it is now. Raises DatabaseUnavailable."""
    settings = context.settings
    rows = await context.repository.fetch("stats", lambda: STATS_SELECT, {})
    stats = load_stats(rows[0][0]) if rows else {}
    newest = await fetch_records(context, ISSUES, NEWEST_ISSUE_QUERY)
    return Catalogue(
        base=settings.public_base_url,
        title_zh=settings.catalogue_title_zh,
        title_en=settings.catalogue_title,
        licence=Licence(settings.licence_zh, settings.licence, settings.licence_url),
        imprint=build_imprint(newest[0] if newest else None),
        revision=context.repository.version.revision,
        entries=tuple(
            DatasetEntry(dataset, stats[name]) if name in stats else DatasetEntry(dataset)
            for name, dataset in DATASETS.items()
        ),
    )
