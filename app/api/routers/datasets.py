"""HTTP: one router a dataset, generated from its declaration, and the addresses beside them."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.endpoints import exports
from app.api.endpoints.collection import get_collection
from app.api.endpoints.directory import get_schema
from app.api.endpoints.groups import aggregate, facets
from app.api.endpoints.items import get_item
from app.api.endpoints.queryables import SCHEMA_JSON, queryables
from app.api.prefix_router import PrefixRouter
from app.api.responses import CollectionForm, ItemForm, desk_of, exported, query_of, to_response
from app.api.schemas import datasets as dataset_schemas
from app.api.schemas import groups as group_schemas
from app.api.schemas.operations import (
    KEYED,
    LISTED,
    SUFFIXED,
    by_accept,
    format_content,
    item_parameters,
    json_content,
    operation,
    schema_ref,
)
from app.http.negotiation import accepted
from app.model.dataset import Dataset
from app.query.params.dataset_query import PAGE
from app.renderers.representations import ALL, TABLES
from app.renderers.tabular.formats import FORMATS, Format


def dataset_router(
    dataset: Dataset,
    collection_forms: Mapping[str, CollectionForm] | None = None,
    item_forms: Mapping[str, ItemForm] | None = None,
) -> APIRouter:
    """The addresses of one dataset: collection, its other formats, schema, item.

    The forms are those that `Accept` may name beside JSON and tables, by their names among the offers.
    """
    of_all, of_one = collection_forms or {}, item_forms or {}
    all_offers = {**TABLES, **{name: ALL[name] for name in of_all}}
    one_offers = {**TABLES, **{name: ALL[name] for name in of_one}}
    router = PrefixRouter(prefix=f"/v1/{dataset.name}", tags=[dataset.name])
    title = dataset.title_en
    described = operation(
        f"List {title}",
        json_content(schema_ref(f"{dataset_schemas.component(dataset)}Page")),
        dataset_schemas.parameters(dataset, PAGE),
        description=f"{dataset.description_en} One page as JSON. {by_accept(all_offers)}",
        problems=LISTED,
        headers=("Link", *dataset.notice),
    )

    @router.get("", **described)
    async def collection(request: Request) -> Response:
        name = accepted(request.headers.get("accept"), all_offers)
        form = FORMATS.get(name)
        if name in of_all:
            return to_response(request, await of_all[name](desk_of(request), dataset, query_of(request)))
        if form is not None:
            return await exported(
                request, exports.export_collection(desk_of(request), dataset, query_of(request), form)
            )
        return to_response(request, await get_collection(desk_of(request), dataset, query_of(request)))

    text = "The data dictionary: names, types, labels, units, enumerations, operators."
    dictionary = json_content(schema_ref("Dictionary"))

    @router.get("/schema", **operation(f"Fields of {title}", dictionary, [], description=text, problems=LISTED))
    async def schema(request: Request) -> Response:
        return to_response(request, await get_schema(desk_of(request), dataset, query_of(request)))

    add_groups(router, dataset)
    for form in FORMATS.values():
        add_format(router, dataset, form)

    whole = operation(
        f"One of {title}",
        json_content(schema_ref(dataset_schemas.component(dataset))),
        item_parameters(dataset),
        description=f"One row by its id. {dataset.description_en} {by_accept(one_offers)}",
        headers=("Link", *dataset.notice, *(("Content-Location",) if "document_number" in dataset.by_name else ())),
    )

    @router.get("/{id}", **whole)
    async def item(request: Request) -> Response:
        name = accepted(request.headers.get("accept"), one_offers)
        form = FORMATS.get(name)
        desk, key = desk_of(request), request.path_params["id"]
        if name in of_one:
            return to_response(request, await of_one[name](desk, dataset, key, query_of(request)))
        if form is not None:
            return await exported(request, exports.export_item(desk, dataset, key, query_of(request), form))
        return to_response(request, await get_item(desk, dataset, key, query_of(request)))

    return router


def add_groups(router: APIRouter, dataset: Dataset) -> None:
    """The addresses of a dataset that count and add up, and the fields that `filter` may name."""
    title, name = dataset.title_en, dataset_schemas.component(dataset)
    counted = operation(
        f"Values of {title}",
        json_content(schema_ref(f"{name}Facets")),
        group_schemas.facet_parameters(dataset),
        description="The values of some fields with their counts, the most frequent first.",
        problems=LISTED,
    )
    grouped = operation(
        f"Groups of {title}",
        json_content(schema_ref(f"{name}Groups")),
        group_schemas.aggregate_parameters(dataset),
        description="Counts, sums, averages, least and greatest values of groups of rows.",
        problems=LISTED,
    )
    named = operation(
        f"What a filter of {title} may name",
        {SCHEMA_JSON: {"schema": {"type": "object"}}},
        [],
        description="The fields that `filter` takes, as a JSON Schema (OGC API – Features, Part 3).",
        problems=LISTED,
    )

    @router.get("/facets", **counted)
    async def get_facets(request: Request) -> Response:
        return to_response(request, await facets(desk_of(request), dataset, query_of(request)))

    @router.get("/aggregate", **grouped)
    async def get_aggregate(request: Request) -> Response:
        return to_response(request, await aggregate(desk_of(request), dataset, query_of(request)))

    @router.get("/queryables", **named)
    async def get_queryables(request: Request) -> Response:
        return to_response(request, await queryables(desk_of(request), dataset, query_of(request)))


def add_format(router: APIRouter, dataset: Dataset, form: Format) -> None:
    """The addresses of a dataset that end in a format's suffix."""
    summary, content = f"{dataset.title_en} as {form.title}", format_content(form)
    parameters = dataset_schemas.parameters(dataset, exports.export_parameters(form))
    filed = ("Content-Disposition", *dataset.notice)
    all_rows = operation(
        summary,
        content,
        parameters,
        description=f"All matching rows as {form.title}. {dataset.description_en}",
        problems=SUFFIXED,
        headers=filed,
    )
    one_row = operation(
        f"One of {summary}",
        content,
        item_parameters(dataset),
        description=f"One row by its id as {form.title}.",
        problems=KEYED,
        headers=filed,
    )

    @router.get(form.suffix, **all_rows)
    async def table(request: Request) -> Response:
        return await exported(request, exports.export_collection(desk_of(request), dataset, query_of(request), form))

    @router.get(f"/{{id}}{form.suffix}", **one_row)
    async def item_table(request: Request) -> Response:
        key = request.path_params["id"]
        return await exported(request, exports.export_item(desk_of(request), dataset, key, query_of(request), form))
