"""The catalogue for harvesters: RDF, the Chinese core metadata, several kinds of JSON, table schemas."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from app.api.context import AppContext
from app.api.endpoints.snapshot import fetch_records, fetch_stats, render_consistently
from app.api.links import query_suffix
from app.concurrency import run_in_executor
from app.datasets import DATASETS
from app.errors import Fault, bad_request
from app.http.negotiation import negotiate
from app.http.response import ApiResponse
from app.model.dataset import Dataset
from app.model.rows import to_json
from app.model.values import BadValue, parse_date
from app.query.params.controls import parse_choice
from app.query.params.dataset_query import DatasetQuery
from app.query.params.query_string import parse_query_string, unknown_parameter
from app.renderers.catalog import csvw
from app.renderers.catalog.catalogue import Catalogue, DatasetEntry, Licence, build_imprint, changed_since
from app.renderers.catalog.chinese import chinese_catalogue
from app.renderers.catalog.frictionless import data_package
from app.renderers.catalog.project_open_data import data_json
from app.renderers.catalog.schemaorg import schema_catalogue, schema_dataset
from app.renderers.catalog.vocabularies import LANGUAGES
from app.renderers.representations import CSVW, JSON, RDF_FORMATS, SCHEMA_ORG

RDF_MEDIA_TYPES: Mapping[str, str] = {name: each.media_type for name, each in RDF_FORMATS.items()}
"""The representations of `/catalog` by name, the preferred first."""
MODIFIED_SINCE, LANGUAGE = "modified_since", "lang"
EXECUTOR = ThreadPoolExecutor(1, thread_name_prefix="catalogue")
ISSUES = DATASETS["issues"]
NEWEST_ISSUE_QUERY = DatasetQuery(sort=(("published_on", True), ("id", False)), limit=1)


@dataclass(frozen=True, slots=True)
class CatalogDocument:
    """One document of the catalogue in plain JSON, with what OpenAPI says of it."""

    summary: str
    media_type: str
    render: Callable[..., Any]
    description: str
    languages: tuple[str, ...] = tuple(LANGUAGES)
    """The languages that `lang` may name."""


CATALOG_DOCUMENTS: Mapping[str, CatalogDocument] = {
    "/catalog.zh.json": CatalogDocument(
        "The catalogue in Chinese",
        JSON,
        chinese_catalogue,
        "Core metadata of 政务信息资源目录编制指南（试行） (发改高技〔2017〕1272号), element by element.",
        ("zh",),
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
    query = query_suffix(parse_query_string(query_string, context.settings.max_parameters))
    urls = {other: f"{context.settings.public_base_url}/catalog.{other}{query}" for other in RDF_MEDIA_TYPES}
    others = (f'<{urls[other]}>; rel="alternate"; type="{kind}"' for other, kind in RDF_MEDIA_TYPES.items())
    response.headers |= {"Content-Location": urls[name], "Link": ", ".join(others)}
    return response


async def get_catalog(context: AppContext, query_string: bytes, name: str) -> ApiResponse:
    """Return the catalogue in an RDF format. Raises Problem (400, 503), NotModified."""
    options = parse_catalog_query(context, query_string, {MODIFIED_SINCE: parse_date, LANGUAGE: parse_language})
    since, language = options.get(MODIFIED_SINCE), options.get(LANGUAGE)

    async def render() -> bytes:
        catalogue = await build_catalogue(context, language)
        return await run_in_executor(EXECUTOR, lambda: None, render_rdf, catalogue, since, name)

    response = await render_consistently(
        context, f"/catalog.{name}?{since or ''}&{language or ''}", RDF_FORMATS[name].content_type, render
    )
    return with_language(response, language)


async def get_catalog_document(context: AppContext, path: str, query_string: bytes) -> ApiResponse:
    """Return a document of the whole catalogue. Raises Problem (400, 503), NotModified."""
    document = CATALOG_DOCUMENTS[path]
    language = parse_document_language(context, query_string, document)

    async def render() -> bytes:
        return to_json(document.render(await build_catalogue(context, language))).encode()

    response = await render_consistently(context, f"{path}?{language or ''}", document.media_type, render)
    return with_language(response, language)


async def get_entry_document(context: AppContext, dataset: Dataset, suffix: str, query_string: bytes) -> ApiResponse:
    """Return a document of one dataset. Raises Problem (400, 503), NotModified."""
    document = ENTRY_DOCUMENTS[suffix]
    language = parse_document_language(context, query_string, document)

    async def render() -> bytes:
        catalogue = await build_catalogue(context, language)
        entry = next(entry for entry in catalogue.entries if entry.dataset is dataset)
        return to_json(document.render(catalogue, entry)).encode()

    etag_key = f"/v1/{dataset.name}{suffix}?{language or ''}"
    return with_language(await render_consistently(context, etag_key, document.media_type, render), language)


def with_language(response: ApiResponse, language: str | None) -> ApiResponse:
    """Say in which one language the texts of a response are."""
    if language:
        response.headers["Content-Language"] = language
    return response


def parse_document_language(context: AppContext, query_string: bytes, document: CatalogDocument) -> str | None:
    """Return the one language that a document shall have, or None. Raises Problem (400)."""
    parse = {LANGUAGE: lambda text: parse_choice(text, document.languages)}
    return parse_catalog_query(context, query_string, parse).get(LANGUAGE)


def parse_language(text: str) -> str:
    """Parse the language of the catalogue. Raises BadValue."""
    return parse_choice(text, tuple(LANGUAGES))


def parse_catalog_query(
    context: AppContext, query_string: bytes, parsers: Mapping[str, Callable[[str], str]]
) -> Mapping[str, str]:
    """Parse parameters, each by its parser. Raises Problem (400)."""
    options = {}
    for name, value in parse_query_string(query_string, context.settings.max_parameters):
        if name not in parsers:
            raise unknown_parameter(name, tuple(parsers))
        try:
            options[name] = parsers[name](value)
        except BadValue as error:
            raise bad_request([Fault(name, str(error), error.allowed)]) from None
    return options


def render_rdf(catalogue: Catalogue, since: str | None, name: str) -> bytes:
    """Return the catalogue in an RDF format. Call it in a thread: the RDF library is large and loaded on first use."""
    from app.renderers.catalog import dcat, rdf

    graph = dcat.build_graph(catalogue, catalogue.entries if since is None else changed_since(catalogue, since))
    return {"ttl": rdf.to_turtle, "jsonld": rdf.to_json_ld, "rdf": rdf.to_rdf_xml}[name](graph)


async def build_catalogue(context: AppContext, language: str | None = None) -> Catalogue:
    """Return the catalogue of the data as it is now, in one language or in both. Raises DatabaseUnavailable."""
    settings = context.settings
    stats = await fetch_stats(context)
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
        language=language,
    )
