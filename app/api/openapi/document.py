"""The OpenAPI 3.1 document: what the routers say of their addresses, with ids, headers, examples and components."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from app.api.endpoints import series
from app.api.endpoints.derivations import DERIVATION_NOTES
from app.api.openapi.components import ComponentCollector
from app.api.openapi.examples import (
    Examples,
    build_examples,
    row_example,
    sample_rows,
    single_row_page,
)
from app.api.openapi.operation_ids import operation_id
from app.api.openapi.sample_payloads import sample_start
from app.api.schemas import datasets, groups, parameters, sdmx, service
from app.api.schemas.json_schema import Component, Json, choice_of, enum_name, schema_name
from app.api.schemas.parameters import SAMPLE_DATASET
from app.api.schemas.service import HEADERS
from app.datasets import DATASETS
from app.model.dataset import Choice
from app.query.params.grouping import metric_names
from app.renderers.catalog.catalogue import build_imprint
from app.renderers.representations import TABLE_FORMATS
from app.renderers.site.linkset import SERVICE_PARTS
from app.settings import Settings

DESCRIPTION = "A city's government gazette as open data: every value can be traced to issue, page, table and row."
SITE_LABEL = "网址"
"""The label of the city's web site in the masthead."""


class HasPath(Protocol):
    """An address."""

    @property
    def path(self) -> str:
        """Its path template."""


class DescribedRouter(Protocol):
    """What the document takes from a router (`app.api.routers.endpoint_router.EndpointRouter`)."""

    routes: list[BaseRoute]
    operations: dict[str, Json]
    """By path, what describes the operation."""

    @property
    def endpoint_routes(self) -> Sequence[HasPath]:
        """The addresses that have an endpoint."""


def build_document(api: FastAPI, settings: Settings) -> Json:
    """Return the document. Ordinary FastAPI routes appear in it as FastAPI describes them."""
    routers: list[DescribedRouter] = api.state.routers
    document = get_openapi(
        title=settings.catalogue_title,
        version=api.version,
        description=describe_service(settings),
        routes=ordinary_routes(api, routers),
    )
    document["info"] |= {"contact": contact_info()} | licence_info(settings)
    document["servers"] = [{"url": settings.public_base_url or "/", "description": "This service."}]
    for path, operation in _operations(document["paths"], "get"):
        if _has_default_id(path, operation):
            operation["operationId"] = operation_id(path)
    document["security"] = []  # nobody needs a key
    collector = ComponentCollector(settings)
    paths: Json = collector.resolve(build_paths(routers, build_examples(settings.public_base_url)))
    for path, by_method in document["paths"].items():
        paths[path] = paths.get(path, {}) | by_method
    document["paths"] = paths
    used_tags = {tag for _, operation in _operations(paths) for tag in operation.get("tags", ())}
    document["tags"] = [tag for tag in known_tags() if tag["name"] in used_tags]
    document["components"] = merge_components(
        document.get("components", {}),
        collector.resolve(build_components(settings.public_base_url)),
        collector.sections,
    )
    used_headers = _used_headers(paths, document["components"]["responses"])
    document["components"]["headers"] = {name: header for name, header in HEADERS.items() if name in used_headers}
    return document


def ordinary_routes(api: FastAPI, routers: Iterable[DescribedRouter]) -> list[BaseRoute]:
    """Return the routes that only FastAPI can describe, of the routers and of the application."""
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    endpoints = {route.path for router in routers for route in router.endpoint_routes}
    ordinary = [route for route in routes if not ("GET" in (route.methods or ()) and route.path in endpoints)]
    routed = {(route.path, *sorted(route.methods or ())) for route in routes}
    others = (route for route in api.routes if isinstance(route, APIRoute))
    return [*ordinary, *(route for route in others if (route.path, *sorted(route.methods or ())) not in routed)]


def describe_service(settings: Settings) -> str:
    """Return the description of the service. A licence without an address is said here: OpenAPI has no place for it."""
    operators = ", ".join(f"`__{op}` ({meaning})" for op, meaning in parameters.OPERATOR_MEANINGS.items())
    parts = [DESCRIPTION, f"Filters are `field=value` and `field__op=value`: {operators}."]
    return "\n\n".join([*parts, *([] if settings.licence_url else [f"Licence: {settings.licence}"])])


def licence_info(settings: Settings) -> Json:
    """Return the licence, if it has an address."""
    return {"license": {"name": settings.licence, "url": settings.licence_url}} if settings.licence_url else {}


def build_paths(routers: Iterable[DescribedRouter], examples: Examples) -> Json:
    """Return the paths that the routers describe, each with its one operation. It still holds components."""
    paths: Json = {}
    for router in routers:
        for path, described in sorted(router.operations.items()):
            operation = {
                "tags": described["tags"],
                "summary": described["summary"],
                "description": described["description"],
                "operationId": operation_id(path),
                "parameters": [_with_id_example(path, each) for each in described["openapi_extra"]["parameters"]],
                "responses": {
                    status: _with_example(response, examples.get(getattr(response, "key", path), {}))
                    if status == 200
                    else response
                    for status, response in described["responses"].items()
                },
            }
            paths[path] = {"get": {name: member for name, member in operation.items() if member}}
    return paths


def _operations(paths: Json, *methods: str) -> Iterator[tuple[str, Json]]:
    """Yield each operation with its path: all of them, or those of some methods."""
    for path, by_method in paths.items():
        for method, operation in by_method.items():
            if not methods or method in methods:
                yield path, operation


def contact_info() -> Json:
    """Return the publisher of the gazette, as the masthead of the bundled issue prints it."""
    masthead = sample_rows()["issues"]
    imprint = build_imprint(masthead)
    site = next((line["value"] for line in masthead["imprint"] if line["label"] == SITE_LABEL), None)
    contact = {"name": imprint.contact, "url": f"http://{site}" if site else None, "email": imprint.email}
    return {name: value for name, value in contact.items() if value}


def known_tags() -> Iterator[Json]:
    """Yield every tag with its description: the parts of the service, then the datasets."""
    for name, (title_zh, title_en) in SERVICE_PARTS.items():
        yield {"name": name, "description": f"{title_zh} · {title_en}"}
    for dataset in DATASETS.values():
        yield {"name": dataset.name, "description": f"{dataset.title_zh} · {dataset.description_en}"}


def build_components(base: str) -> Json:
    """Return the schemas and examples that operations refer to. `base` is the public base address."""
    schemas: Json = {
        "Problem": datasets.problem_schema(),
        "Source": datasets.source_schema(),
        "PageMeta": datasets.page_meta_schema(),
        "PageLinks": datasets.page_links_schema(),
        "Facets": groups.facets_schema(),
        "Groups": groups.groups_schema(),
        "SearchPage": service.search_schema(),
        "SdmxErrors": sdmx.errors_schema(),
        "FilterLanguage": choice_of(["cql2-text"]),
        "Language": choice_of(["zh", "en"]),
        "TableFormat": choice_of(table.suffix.removeprefix(".") for table in TABLE_FORMATS.values()),
    }
    schemas |= service.service_schemas()
    schemas["Series"] = groups.series_schema(
        series.OBSERVATIONS, series.META_REFERENCES, series.SERIES_FIELDS, dict(DERIVATION_NOTES)
    )
    schemas |= parameters.list_schemas()
    for choices in enumerations():
        schemas[enum_name(choices)] = datasets.enum_schema(choices)
        schemas[f"{enum_name(choices)}List"] = parameters.choice_list_schema(choices)
    for dataset in DATASETS.values():
        name = schema_name(dataset)
        row = sample_rows().get(dataset.name)
        schemas[name] = datasets.row_schema(dataset) | ({"examples": [row_example(row)]} if row else {})
        schemas[f"{name}Page"] = datasets.page_schema(dataset)
        schemas[f"{name}Member"] = parameters.member_schema(dataset)
        schemas[f"{name}SortKey"] = parameters.sort_key_schema(dataset)
        schemas[f"{name}Filters"] = parameters.filters_schema(dataset)
        schemas[f"{name}Operators"] = parameters.operators_schema(dataset)
        schemas[f"{name}Group"] = groups.group_field_schema(dataset)
        schemas[f"{name}Metric"] = choice_of(metric_names(dataset))
    if SAMPLE_DATASET in sample_rows():
        page = single_row_page(base)
        schemas["PageMeta"]["examples"], schemas["PageLinks"]["examples"] = [page["meta"]], [page["links"]]
    return {"schemas": schemas, "examples": service.problem_examples()}


def enumerations() -> Iterator[type[Choice]]:
    """Yield the enumerations of all fields. Raises ValueError for two with one name."""
    known: dict[str, type[Choice]] = {}
    for choices in (spec.info.enum for dataset in DATASETS.values() for spec in dataset.fields if spec.info.enum):
        if known.setdefault(enum_name(choices), choices) is not choices:
            raise ValueError(f"two enumerations are named {enum_name(choices)}")
    yield from known.values()


def merge_components(*parts: Json) -> Json:
    """Return the components of several parts of the document, by their sections."""
    merged: Json = {}
    for part in parts:
        for section, components in part.items():
            merged[section] = merged.get(section, {}) | components
    return merged


def _used_headers(paths: Json, responses: Json) -> set[str]:
    """Return the headers that some response has. Those about deprecation may be on none."""
    inline = [response for _, operation in _operations(paths) for response in operation["responses"].values()]
    return {name for response in (*inline, *responses.values()) for name in response.get("headers", {})}


def _has_default_id(path: str, operation: Json) -> bool:
    """Whether the id of a GET operation is the one that FastAPI generates, which ends in the path and the method."""
    default_ending = re.sub(r"\W", "_", path) + "_get"
    return str(operation["operationId"]).endswith(default_ending)


def _with_id_example(path: str, parameter: Json) -> Json:
    """Return a parameter of a path, with the id of a sample row as its example if it is the id of a row."""
    head = path.split("/")[2].partition(".")[0] if path.startswith("/v1/") else ""
    head = SAMPLE_DATASET if head == "{dataset}" else head
    if parameter["in"] != "path" or parameter["name"] != "id" or head not in sample_rows():
        return parameter
    return _like(parameter, {"example": sample_rows()[head]["id"]} | parameter)


def _with_example(response: Json, examples: Json) -> Json:
    """Return a response with an example in each content that has none, if one is known for its media type."""
    content = {
        media_type: {**each, **_example_of(media_type, each, examples)}
        for media_type, each in response.get("content", {}).items()
    }
    return _like(response, {**response, "content": content})


def _example_of(media_type: str, content: Json, examples: Json) -> Json:
    example = examples.get(media_type) or sample_start(media_type)
    return {"examples": {"bundled": example}} if example and not content.keys() & {"example", "examples"} else {}


def _like(original: Json, changed: Json) -> Json:
    """Return a changed part as the component that the original is, if it is one."""
    return Component(original.section, original.key, changed) if isinstance(original, Component) else changed
