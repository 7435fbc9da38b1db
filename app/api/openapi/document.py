"""The OpenAPI 3.1 document: what FastAPI collects from the routes, with ids, headers, examples and components."""

import re
from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.api.endpoints import series
from app.api.openapi.examples import build_examples, sample_rows
from app.api.openapi.sample_payloads import sample_start
from app.api.schemas import datasets, groups, service
from app.api.schemas.datasets import schema_name
from app.api.schemas.json_schema import Json
from app.api.schemas.service import HEADERS
from app.datasets import DATASETS
from app.model.dataset import Dataset
from app.renderers.catalog.catalogue import build_imprint
from app.renderers.site.linkset import SERVICE_PARTS
from app.settings import Settings

DESCRIPTION = "A city's government gazette as open data: every value can be traced to issue, page, table and row."
SITE_LABEL = "网址"
"""The label of the city's web site in the masthead."""
NUMBER = re.compile(r"[0-9.]+\Z")
WORD = re.compile(r"[A-Za-z0-9]+")


def build_document(api: FastAPI, settings: Settings) -> Json:
    """Return the document. Ordinary FastAPI routes appear in it as FastAPI describes them."""
    document = get_openapi(
        title=settings.catalogue_title, version=api.version, description=DESCRIPTION, routes=api.routes
    )
    licence = {"name": settings.licence} | ({"url": settings.licence_url} if settings.licence_url else {})
    document["info"] |= {"contact": contact_info(), "license": licence}
    document["servers"] = [{"url": settings.public_base_url or "/", "description": "This service."}]
    paths = document["paths"]
    examples = build_examples(settings.public_base_url)
    for path, operation in _operations(paths, "get"):
        if _has_default_id(path, operation):
            operation["operationId"] = operation_id(path)
        _add_id_example(path, operation)
        _add_response_example(operation, examples.get(path, {}))
    used_tags = {tag for _, operation in _operations(paths) for tag in operation.get("tags", ())}
    document["tags"] = [tag for tag in known_tags() if tag["name"] in used_tags]
    generated, components = document.get("components", {}), build_components()
    components["schemas"] = generated.get("schemas", {}) | components["schemas"]
    components |= {"headers": header_components(paths), "parameters": share_parameters(paths)}
    document["components"] = generated | components
    return document


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


def share_parameters(paths: Json) -> Json:
    """Replace the parameters that the exports and feeds of a dataset have in common by references.

    Returns the parameters that are referred to, by their component names.
    """
    shared: Json = {}
    for name, dataset in DATASETS.items():
        collection = paths.get(f"/v1/{name}", {}).get("get", {})
        known = {parameter["name"]: parameter for parameter in collection.get("parameters", ())}
        for path, operation in _operations(paths, "get"):
            if path.startswith(f"/v1/{name}."):
                parameters = operation.get("parameters", [])
                for index, parameter in enumerate(parameters):
                    if known.get(parameter["name"]) == parameter:
                        key = f"{schema_name(dataset)}.{parameter['name']}"
                        shared[key] = parameter
                        parameters[index] = {"$ref": f"#/components/parameters/{key}"}
    return shared


def known_tags() -> Iterator[Json]:
    """Yield every tag with its description: the parts of the service, then the datasets."""
    for name, (title_zh, title_en) in SERVICE_PARTS.items():
        yield {"name": name, "description": f"{title_zh} · {title_en}"}
    for dataset in DATASETS.values():
        yield {"name": dataset.name, "description": f"{dataset.title_zh} · {dataset.description_en}"}


def build_components() -> Json:
    """Return the schemas and examples that operations refer to."""
    schemas: Json = {"Problem": datasets.problem_schema(), "Source": datasets.source_schema()}
    schemas |= service.service_schemas()
    schemas["SearchPage"] = service.search_schema(list(DATASETS))
    observation = datasets.row_schema(series.OBSERVATIONS)
    schemas["Series"] = groups.series_schema(observation, series.SERIES_FIELDS, dict(series.DERIVATION_NOTES))
    for dataset in DATASETS.values():
        name = schema_name(dataset)
        schemas[name] = datasets.row_schema(dataset)
        schemas[f"{name}Page"] = datasets.page_schema(dataset)
        schemas[f"{name}Facets"] = groups.facet_schema(dataset)
        schemas[f"{name}Groups"] = groups.aggregate_schema(dataset)
    return {"schemas": schemas, "examples": service.problem_examples()}


def header_components(paths: Json) -> Json:
    """Return the headers that some response has. Those about deprecation may be on none."""
    responses = (response for _, operation in _operations(paths) for response in operation["responses"].values())
    used = {name for response in responses for name in response.get("headers", {})}
    return {name: header for name, header in HEADERS.items() if name in used}


def _has_default_id(path: str, operation: Json) -> bool:
    """Whether the id of a GET operation is the one that FastAPI generates, which ends in the path and the method."""
    default_ending = re.sub(r"\W", "_", path) + "_get"
    return str(operation["operationId"]).endswith(default_ending)


def operation_id(path: str) -> str:
    """Return the id of an operation, which generators use as method name: `list_areas`, `get_area_csv`."""
    words = [word for word in path.strip("/").split("/") if word and word != "v1" and not NUMBER.match(word)]
    if not words:
        return "list_datasets" if path == "/v1" else "get_home"
    head, _, suffix = words[0].partition(".")
    dataset = DATASETS.get(head)
    if dataset is None:
        return "_".join(["get", *_identifier_words(words)])
    if len(words) == 1:
        return "_".join(["list", *_identifier_words([head, suffix])])
    key = re.fullmatch(r"\{id\}(\..*)?", words[1])
    if key:
        return "_".join(["get", row_name(dataset), *_identifier_words([key[1] or "", *words[2:]])])
    return "_".join(["get", *_identifier_words(words)])


def _identifier_words(words: list[str]) -> list[str]:
    return [part.lower() for word in words for part in WORD.findall(word)]


def row_name(dataset: Dataset) -> str:
    """Return the name of one row in snake case."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", schema_name(dataset)).lower()


def _add_id_example(path: str, operation: Json) -> None:
    """Add an example of the id in the path, if there is a sample row of the dataset."""
    for parameter in operation.get("parameters", ()):
        head = path.split("/")[2].partition(".")[0] if path.startswith("/v1/") else ""
        if parameter["in"] == "path" and parameter["name"] == "id" and head in sample_rows():
            parameter.setdefault("example", sample_rows()[head]["id"])


def _add_response_example(operation: Json, examples: Json) -> None:
    """Add an example to each content of a 200 that has none, if one is known for its media type."""
    for media_type, content in operation["responses"].get("200", {}).get("content", {}).items():
        example = examples.get(media_type) or sample_start(media_type)
        if example and not content.keys() & {"example", "examples"}:
            content["examples"] = {"bundled": example}
