"""The addresses of a dataset: its collection and its rows in every representation, its schema, groups and filters."""

from collections.abc import Coroutine, Mapping
from typing import Any

from app.api.context import AppContext
from app.api.endpoints import exports
from app.api.endpoints.catalog import ENTRY_DOCUMENTS, get_entry_document
from app.api.endpoints.citations import get_citation
from app.api.endpoints.collection import get_collection
from app.api.endpoints.directory import get_schema
from app.api.endpoints.feeds import get_feed
from app.api.endpoints.groups import get_aggregate, get_facets
from app.api.endpoints.items import get_item
from app.api.endpoints.jsonstat import JSON_STAT_PARAMS as JSON_STAT_PARAMETERS
from app.api.endpoints.jsonstat import get_json_stat
from app.api.endpoints.legal_documents import get_legal_xml
from app.api.endpoints.pictures import get_aggregate_picture, get_facets_picture
from app.api.endpoints.queryables import SCHEMA_JSON, get_queryables
from app.api.routers.descriptions import describe_tables
from app.api.routers.endpoint_router import Endpoint, EndpointRouter
from app.api.schemas import groups as group_schemas
from app.api.schemas.json_schema import schema_name, schema_ref
from app.api.schemas.operations import (
    COLLECTION_PROBLEMS,
    describe_accept,
    item_parameters,
    json_content,
    operation,
    picture_content,
    representation_content,
    table_content,
)
from app.api.schemas.parameters import collection_parameters
from app.http.negotiation import negotiate
from app.http.request import CacheableRequest
from app.http.response import ApiResponse
from app.model.dataset import Dataset
from app.query.params.dataset_query import FEED_PARAMS, PAGE_PARAMS
from app.renderers.representations import (
    AKOMA_NTOSO,
    CITATIONS,
    FEEDS,
    JSON,
    JSON_STAT,
    MEDIA_TYPES,
    PICTURE,
    TABLE_FORMATS,
    Representation,
    TableFormat,
)

SHARED_PICTURE = ("picture", "A picture as SVG.")
Parameters = Mapping[str, str]
ApiCall = Coroutine[Any, Any, ApiResponse]


def dataset_router(dataset: Dataset) -> EndpointRouter:
    """Return the router of a dataset. What has a suffix comes before `/{id}`, which matches any ending."""
    router = EndpointRouter(prefix=f"/v1/{dataset.name}", tags=[dataset.name])
    collection: dict[str, Endpoint] = {"json": collection_endpoint(dataset)}
    item: dict[str, Endpoint] = {"json": item_endpoint(dataset)}
    add_entry_documents(router, dataset)
    if dataset.name == "documents":
        item[AKOMA_NTOSO.name] = add_legal_xml(router, dataset)
    for citation in CITATIONS.values():
        item[citation.name] = add_citation(router, dataset, citation)
    for feed in FEEDS.values():
        collection[feed.name] = add_feed(router, dataset, feed)
    if dataset.name == "observations":
        add_json_stat(router, dataset)
    for table in TABLE_FORMATS.values():
        collection[table.name], item[table.name] = add_table_format(router, dataset, table)
    describe_tables(router, dataset)
    add_collection(router, dataset, collection)
    add_groups(router, dataset)
    add_item(router, dataset, item)
    return router


def add_collection(router: EndpointRouter, dataset: Dataset, endpoints: Mapping[str, Endpoint]) -> None:
    """Add the collection, as JSON and by `Accept` in its other representations, and the dataset's schema."""
    media_types = in_accept_order(endpoints)
    title, name = dataset.title_en, schema_name(dataset)
    router.add_endpoint(
        "",
        negotiated_endpoint(endpoints, media_types),
        json_endpoint=endpoints["json"],
        **operation(
            f"List {title}",
            json_content(schema_ref(f"{name}Page")),
            collection_parameters(dataset, PAGE_PARAMS),
            description=f"One page of rows as JSON. {describe_accept(media_types)}",
            problems=COLLECTION_PROBLEMS,
            headers=("Link", *dataset.deprecation_headers),
        ),
    )
    router.add_endpoint(
        "/schema",
        lambda context, request, _: get_schema(context, dataset, request.query_string),
        json_only=True,
        **operation(
            f"Fields of {title}",
            json_content(schema_ref("Dictionary")),
            [],
            description="The data dictionary: names, types, labels, units, enumerations, operators.",
            problems=COLLECTION_PROBLEMS,
            shared=("Dictionary", "The fields of a dataset."),
        ),
    )


def add_groups(router: EndpointRouter, dataset: Dataset) -> None:
    """Add what counts and adds up, and the fields that `filter` may name."""
    title = dataset.title_en
    router.add_endpoint(
        "/facets",
        lambda context, request, _: get_facets(context, dataset, request.query_string),
        json_only=True,
        **operation(
            f"Values of {title}",
            json_content(schema_ref("Facets")),
            group_schemas.facet_parameters(dataset),
            description="The values of some fields with their counts, the most frequent first.",
            problems=COLLECTION_PROBLEMS,
            shared=("Facets", "The values of each field of `by`."),
        ),
    )
    router.add_endpoint(
        "/aggregate",
        lambda context, request, _: get_aggregate(context, dataset, request.query_string),
        json_only=True,
        **operation(
            f"Groups of {title}",
            json_content(schema_ref("Groups")),
            group_schemas.aggregate_parameters(dataset),
            description="Counts, sums, averages, minima and maxima of groups of rows.",
            problems=COLLECTION_PROBLEMS,
            shared=("Groups", "One row for each group."),
        ),
    )
    add_pictures(router, dataset)
    router.add_endpoint(
        "/queryables",
        lambda context, request, _: get_queryables(context, dataset, request.query_string),
        json_only=True,
        **operation(
            f"What a filter of {title} may name",
            {SCHEMA_JSON: {"schema": {"type": "object"}}},
            [],
            description="The fields that `filter` takes, as a JSON Schema (OGC API – Features, Part 3).",
            problems=COLLECTION_PROBLEMS,
            shared=("Queryables", "A JSON Schema of the fields."),
        ),
    )


def add_pictures(router: EndpointRouter, dataset: Dataset) -> None:
    """Add the pictures of counts and sums. Each is a whole body, so it may take the short way that JSON takes."""

    def facets(context: AppContext, request: CacheableRequest, _: Parameters) -> ApiCall:
        return get_facets_picture(context, dataset, request.query_string)

    def aggregate(context: AppContext, request: CacheableRequest, _: Parameters) -> ApiCall:
        return get_aggregate_picture(context, dataset, request.query_string)

    router.add_endpoint(
        f"/facets{PICTURE.suffix}",
        facets,
        json_endpoint=facets,
        **operation(
            f"Values of {dataset.title_en}, as a picture",
            picture_content(),
            group_schemas.facets_picture_parameters(dataset),
            description="The values of a field as bars, with title, filters, source and revision; it stands alone.",
            problems=COLLECTION_PROBLEMS,
            shared=SHARED_PICTURE,
        ),
    )
    router.add_endpoint(
        f"/aggregate{PICTURE.suffix}",
        aggregate,
        json_endpoint=aggregate,
        **operation(
            f"Groups of {dataset.title_en}, as a picture",
            picture_content(),
            group_schemas.aggregate_picture_parameters(dataset),
            description="One figure of each group: bars, columns over time, bars made of parts, or a grid.",
            problems=COLLECTION_PROBLEMS,
            shared=SHARED_PICTURE,
        ),
    )


def add_item(router: EndpointRouter, dataset: Dataset, endpoints: Mapping[str, Endpoint]) -> None:
    """Add one row by its id, as JSON and by `Accept` in its other representations."""
    media_types = in_accept_order(endpoints)
    location = ("Content-Location",) if "document_number" in dataset.fields_by_name else ()
    router.add_endpoint(
        "/{id}",
        negotiated_endpoint(endpoints, media_types),
        json_endpoint=endpoints["json"],
        **operation(
            f"One of {dataset.title_en}",
            json_content(schema_ref(schema_name(dataset))),
            item_parameters(dataset),
            description=f"One row by its id. {describe_accept(media_types)}",
            headers=("Link", *dataset.deprecation_headers, *location),
        ),
    )


def add_table_format(router: EndpointRouter, dataset: Dataset, table: TableFormat) -> tuple[Endpoint, Endpoint]:
    """Add collection and row under the suffix of a table format, and return their endpoints."""

    def export_collection(context: AppContext, request: CacheableRequest, _: Parameters) -> ApiCall:
        return exports.export_collection(context, dataset, request, table)

    def export_item(context: AppContext, request: CacheableRequest, parameters: Parameters) -> ApiCall:
        return exports.export_item(context, dataset, parameters["id"], request.query_string, table)

    router.add_endpoint(
        table.suffix,
        export_collection,
        is_described=False,
        **operation(f"{dataset.title_en} as {table.title}", table_content([table]), []),
    )
    router.add_endpoint(f"/{{id}}{table.suffix}", export_item, include_in_schema=False)
    return export_collection, export_item


def add_citation(router: EndpointRouter, dataset: Dataset, citation: Representation) -> Endpoint:
    """Add a row's citation, and return its endpoint."""

    def endpoint(context: AppContext, request: CacheableRequest, parameters: Parameters) -> ApiCall:
        return get_citation(context, dataset, parameters["id"], request.query_string, citation)

    router.add_endpoint(f"/{{id}}{citation.suffix}", endpoint, include_in_schema=False)
    return endpoint


def add_feed(router: EndpointRouter, dataset: Dataset, feed: Representation) -> Endpoint:
    """Add a feed of the collection, and return its endpoint."""

    def endpoint(context: AppContext, request: CacheableRequest, _: Parameters) -> ApiCall:
        return get_feed(context, dataset, request.query_string, feed)

    router.add_endpoint(
        feed.suffix,
        endpoint,
        ignores_appended=True,
        **operation(
            f"What is new in {dataset.title_en}, as {feed.title}",
            {feed.media_type: representation_content(feed.name)},
            collection_parameters(dataset, FEED_PARAMS, as_json=False),
            description="The rows of a query as entries, the newest first; `next` leads to older ones.",
            problems=COLLECTION_PROBLEMS,
            shared=(f"{feed.name}.entries", f"Entries as {feed.title}."),
        ),
    )
    return endpoint


def add_legal_xml(router: EndpointRouter, dataset: Dataset) -> Endpoint:
    """Add a document as legal XML, and return its endpoint."""

    def endpoint(context: AppContext, request: CacheableRequest, parameters: Parameters) -> ApiCall:
        return get_legal_xml(context, dataset, parameters["id"], request.query_string)

    router.add_endpoint(
        f"/{{id}}{AKOMA_NTOSO.suffix}",
        endpoint,
        **operation(
            f"One of {dataset.title_en}, as {AKOMA_NTOSO.title}",
            {AKOMA_NTOSO.media_type: {"schema": {"type": "string"}}},
            [parameter for parameter in item_parameters(dataset) if parameter["name"] not in ("fields", "expand")],
            description="Metadata, structure, references, and the text where it is loaded. Each provision has an "
            "`eId`, the anchor of its address, and its own id as `GUID`.",
            headers=("Content-Location",),
        ),
    )
    return endpoint


def add_json_stat(router: EndpointRouter, dataset: Dataset) -> None:
    """Add the observations as a cube."""
    router.add_endpoint(
        JSON_STAT.suffix,
        lambda context, request, _: get_json_stat(context, request.query_string),
        **operation(
            f"{dataset.title_en} as JSON-stat",
            {JSON: {"schema": {"type": "object"}}},
            collection_parameters(dataset, JSON_STAT_PARAMETERS),
            description="The same query as a JSON-stat 2.0 dataset: indicator, area, period (issue) and measure.",
            problems=COLLECTION_PROBLEMS,
        ),
    )


def add_entry_documents(router: EndpointRouter, dataset: Dataset) -> None:
    """Add the descriptions of the dataset for search engines and for readers of its CSV."""
    for suffix in ENTRY_DOCUMENTS:
        add_entry_document(router, dataset, suffix)


def add_entry_document(router: EndpointRouter, dataset: Dataset, suffix: str) -> None:
    """Add one description of the dataset."""
    document = ENTRY_DOCUMENTS[suffix]
    router.add_endpoint(
        suffix,
        lambda context, request, _: get_entry_document(context, dataset, suffix, request.query_string),
        is_described=False,
        **operation(
            f"{dataset.title_en} {document.summary}",
            {document.media_type: {"schema": {"type": "object"}}},
            [],
        ),
    )


def collection_endpoint(dataset: Dataset) -> Endpoint:
    """Return the endpoint of the collection as JSON."""
    return lambda context, request, _: get_collection(context, dataset, request.query_string)


def item_endpoint(dataset: Dataset) -> Endpoint:
    """Return the endpoint of a row as JSON."""
    return lambda context, request, parameters: get_item(context, dataset, parameters["id"], request.query_string)


def in_accept_order(endpoints: Mapping[str, Endpoint]) -> dict[str, str]:
    """Return the media types of some endpoints by name, the preferred first."""
    return {name: media_type for name, media_type in MEDIA_TYPES.items() if name in endpoints}


def negotiated_endpoint(endpoints: Mapping[str, Endpoint], media_types: Mapping[str, str]) -> Endpoint:
    """Return the endpoint that leaves the choice of a representation to `Accept`."""

    async def endpoint(context: AppContext, request: CacheableRequest, parameters: Parameters) -> ApiResponse:
        return await endpoints[negotiate(request.accept, media_types)](context, request, parameters)

    return endpoint
