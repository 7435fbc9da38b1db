"""HTTP: one router a dataset, generated from its declaration, and the addresses beside them."""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app import answers, describe, describe_groups, exports, groups, queryables, search, series
from app.dataset import Dataset
from app.db.reader import Unavailable
from app.desk import Answer, Desk, unavailable
from app.formats.offers import ALL, TABLES
from app.formats.plan import FORMATS, Format
from app.negotiation import accepted
from app.operations import (
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
from app.query.ask import PAGE
from app.routing import PrefixRouter
from app.sending import Filed, Streamed, unless_gone, wanted_range

CollectionForm = Callable[[Desk, Dataset, bytes], Awaitable[Answer]]
"""Answers a question about a dataset in one form; the query string comes last."""
ItemForm = Callable[[Desk, Dataset, str, bytes], Awaitable[Answer]]
"""Answers a row of a dataset in one form: its key, and the query string."""


def to_response(request: Request, answer: Answer) -> Response:
    """An answer as Starlette sends it."""
    if answer.whole is not None:
        asked = wanted_range(request, answer.headers)
        return Filed(answer.whole, answer.headers, answer.media_type, asked)
    if answer.stream is not None:
        return Streamed(answer.stream, answer.headers, answer.media_type)
    return Response(answer.body, headers=answer.headers, media_type=answer.media_type)


def desk_of(request: Request) -> Desk:
    """What answering needs, put there by `create_app`."""
    desk: Desk = request.app.state.desk
    return desk


def query_of(request: Request) -> bytes:
    """The query string as it came."""
    query: bytes = request.scope["query_string"]
    return query


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
        json_content(schema_ref(f"{describe.component(dataset)}Page")),
        describe.parameters(dataset, PAGE),
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
            return await exported(request, exports.table(desk_of(request), dataset, query_of(request), form))
        return to_response(request, await answers.collection(desk_of(request), dataset, query_of(request)))

    text = "The data dictionary: names, types, labels, units, enumerations, operators."
    dictionary = json_content(schema_ref("Dictionary"))

    @router.get("/schema", **operation(f"Fields of {title}", dictionary, [], description=text, problems=LISTED))
    async def schema(request: Request) -> Response:
        return to_response(request, await answers.schema(desk_of(request), dataset, query_of(request)))

    add_groups(router, dataset)
    for form in FORMATS.values():
        add_format(router, dataset, form)

    whole = operation(
        f"One of {title}",
        json_content(schema_ref(describe.component(dataset))),
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
            return await exported(request, exports.item(desk, dataset, key, query_of(request), form))
        return to_response(request, await answers.item(desk, dataset, key, query_of(request)))

    return router


def add_groups(router: APIRouter, dataset: Dataset) -> None:
    """The addresses of a dataset that count and add up, and the fields that `filter` may name."""
    title, name = dataset.title_en, describe.component(dataset)
    counted = operation(
        f"Values of {title}",
        json_content(schema_ref(f"{name}Facets")),
        describe_groups.facet_parameters(dataset),
        description="The values of some fields with their counts, the most frequent first.",
        problems=LISTED,
    )
    grouped = operation(
        f"Groups of {title}",
        json_content(schema_ref(f"{name}Groups")),
        describe_groups.aggregate_parameters(dataset),
        description="Counts, sums, averages, least and greatest values of groups of rows.",
        problems=LISTED,
    )
    named = operation(
        f"What a filter of {title} may name",
        {queryables.SCHEMA_JSON: {"schema": {"type": "object"}}},
        [],
        description="The fields that `filter` takes, as a JSON Schema (OGC API – Features, Part 3).",
        problems=LISTED,
    )

    @router.get("/facets", **counted)
    async def facets(request: Request) -> Response:
        return to_response(request, await groups.facets(desk_of(request), dataset, query_of(request)))

    @router.get("/aggregate", **grouped)
    async def aggregate(request: Request) -> Response:
        return to_response(request, await groups.aggregate(desk_of(request), dataset, query_of(request)))

    @router.get("/queryables", **named)
    async def fields(request: Request) -> Response:
        return to_response(request, await queryables.queryables(desk_of(request), dataset, query_of(request)))


def add_format(router: APIRouter, dataset: Dataset, form: Format) -> None:
    """The addresses of a dataset that end in a format's suffix."""
    summary, content = f"{dataset.title_en} as {form.title}", format_content(form)
    parameters = describe.parameters(dataset, exports.controls_of(form))
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
        return await exported(request, exports.table(desk_of(request), dataset, query_of(request), form))

    @router.get(f"/{{id}}{form.suffix}", **one_row)
    async def item_table(request: Request) -> Response:
        key = request.path_params["id"]
        return await exported(request, exports.item(desk_of(request), dataset, key, query_of(request), form))


async def exported(request: Request, work: Awaitable[Answer]) -> Response:
    """The answer of an export, which stops when the client is gone."""
    return to_response(request, await unless_gone(request, work))


SEARCH = operation(
    "Search all datasets",
    json_content(schema_ref("SearchPage")),
    describe.search_parameters(),
    description="The rows of all datasets that hold some words, the best first.",
    problems=LISTED,
    headers=("Link",),
)
SERIES = operation(
    "One indicator over time",
    json_content(schema_ref("Series")),
    describe_groups.series_parameters(series.OBSERVATIONS, series.TAKEN, series.DERIVE),
    description="All measures of one indicator and area by month, on request with what can be derived from them.",
)
LIST = operation(
    "List the datasets",
    json_content(schema_ref("DatasetList")),
    [],
    description="Every dataset with its titles, its number of rows and its links.",
    problems=LISTED,
)
HEALTH = operation(
    "Whether the process is alive",
    json_content(schema_ref("Health")),
    [],
    description="Answers as long as the process does; asks no database.",
    problems=(400, 414),
    kept=False,
)
READINESS = operation(
    "Whether the database answers",
    json_content(schema_ref("Readiness")),
    [],
    description="Asks the database which data it holds.",
    problems=SUFFIXED,
    kept=False,
)


def service_router() -> APIRouter:
    """The list of datasets, and whether the service is alive and ready."""
    router = APIRouter(tags=["service"])

    @router.get("/v1", **LIST)
    async def datasets(request: Request) -> Response:
        return to_response(request, await answers.datasets(desk_of(request), query_of(request)))

    @router.get("/v1/search", **SEARCH)
    async def everywhere(request: Request) -> Response:
        return to_response(request, await search.everywhere(desk_of(request), query_of(request)))

    @router.get("/v1/indicators/{id}/series", **SERIES)
    async def one_series(request: Request) -> Response:
        key = request.path_params["id"]
        return to_response(request, await series.series(desk_of(request), key, query_of(request)))

    @router.get("/healthz", **HEALTH)
    async def health() -> Response:
        return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})

    @router.get("/readyz", **READINESS)
    async def ready(request: Request) -> Response:
        try:
            state = await desk_of(request).store.refresh()
        except Unavailable as error:
            raise unavailable(error) from None
        return JSONResponse({"status": "ok", "revision": state.revision}, headers={"Cache-Control": "no-store"})

    return router
