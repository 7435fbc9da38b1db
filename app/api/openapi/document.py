"""The OpenAPI 3.1 document: what FastAPI gathers from the routes, with names, headers, examples and components."""

import re
from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.api.endpoints import series
from app.api.openapi.examples import bundled, examples
from app.api.openapi.sample_payloads import beginning
from app.api.schemas import datasets, groups, service
from app.api.schemas.datasets import Json, component
from app.api.schemas.service import HEADERS
from app.datasets import DATASETS
from app.model.dataset import Dataset
from app.renderers.catalog.catalogue import imprint_of
from app.renderers.site.linkset import PARTS
from app.settings import Settings

DESCRIPTION = "A city's government gazette as open data: every value can be traced to issue, page, table and row."
SITE = "网址"
"""What the masthead calls the city's own site."""
NUMBER = re.compile(r"[0-9.]+\Z")
WORD = re.compile(r"[A-Za-z0-9]+")


def document(api: FastAPI, settings: Settings) -> Json:
    """The whole document."""
    schema = get_openapi(
        title=settings.catalogue_title, version=api.version, description=DESCRIPTION, routes=api.routes
    )
    licence = {"name": settings.licence} | ({"url": settings.licence_url} if settings.licence_url else {})
    schema["info"] |= {"contact": contact(), "license": licence}
    schema["servers"] = [{"url": settings.public_base_url or "/", "description": "This service."}]
    found = examples(settings.public_base_url)
    operations = [(path, operation) for path, methods in schema["paths"].items() for operation in methods.values()]
    for path, operation in operations:
        operation["operationId"] = operation_id(path)
        _give_keys(path, operation)
        _give_examples(operation, found.get(path, {}))
    used = {tag for _, operation in operations for tag in operation["tags"]}
    schema["tags"] = [tag for tag in tags() if tag["name"] in used]
    schema["components"] = (
        components() | {"headers": headers(schema["paths"])} | {"parameters": share_parameters(schema["paths"])}
    )
    return schema


def contact() -> Json:
    """Who answers for the gazette, as the masthead of the bundled issue prints it."""
    masthead = bundled()["issues"]
    imprint = imprint_of(masthead)
    site = next((line["value"] for line in masthead["imprint"] if line["label"] == SITE), None)
    known = {"name": imprint.contact, "url": f"http://{site}" if site else None, "email": imprint.email}
    return {name: value for name, value in known.items() if value}


def share_parameters(paths: Json) -> Json:
    """Let the other forms of a collection refer to its parameters, for they are many; answers those referred to."""
    shared: Json = {}
    for name, dataset in DATASETS.items():
        known = {parameter["name"]: parameter for parameter in paths[f"/v1/{name}"]["get"]["parameters"]}
        for path, methods in paths.items():
            if path.startswith(f"/v1/{name}.") and "parameters" in methods["get"]:
                listed = methods["get"]["parameters"]
                for place, parameter in enumerate(listed):
                    if known.get(parameter["name"]) == parameter:
                        key = f"{component(dataset)}.{parameter['name']}"
                        shared[key] = parameter
                        listed[place] = {"$ref": f"#/components/parameters/{key}"}
    return shared


def tags() -> Iterator[Json]:
    """Every tag with what it is for: the parts of the service, then the datasets."""
    for name, (title_zh, title_en) in PARTS.items():
        yield {"name": name, "description": f"{title_zh} · {title_en}"}
    for dataset in DATASETS.values():
        yield {"name": dataset.name, "description": f"{dataset.title_zh} · {dataset.description_en}"}


def components() -> Json:
    """The schemas and examples that operations refer to."""
    schemas: Json = {"Problem": datasets.problem_schema(), "Source": datasets.source_schema()}
    schemas |= service.schemas()
    schemas["SearchPage"] = datasets.search_schema(list(DATASETS))
    observation = datasets.row_schema(series.OBSERVATIONS)
    schemas["Series"] = groups.series_schema(observation, series.MEMBERS, dict(series.NOTES))
    for dataset in DATASETS.values():
        name = component(dataset)
        schemas[name] = datasets.row_schema(dataset)
        schemas[f"{name}Page"] = datasets.page_schema(dataset)
        schemas[f"{name}Facets"] = groups.facet_schema(dataset)
        schemas[f"{name}Groups"] = groups.aggregate_schema(dataset)
    return {"schemas": schemas, "examples": service.problem_examples()}


def headers(paths: Json) -> Json:
    """The headers that answers have: of those that tell of deprecation there may be none."""
    answered = (response for methods in paths.values() for response in methods["get"]["responses"].values())
    used = {name for response in answered for name in response.get("headers", {})}
    return {name: header for name, header in HEADERS.items() if name in used}


def operation_id(path: str) -> str:
    """The name of an operation, from which generators name their methods: `list_areas`, `get_area_csv`."""
    words = [word for word in path.strip("/").split("/") if word and word != "v1" and not NUMBER.match(word)]
    if not words:
        return "list_datasets" if path == "/v1" else "get_home"
    head, _, suffix = words[0].partition(".")
    dataset = DATASETS.get(head)
    if dataset is None:
        return "_".join(["get", *_plain(words)])
    if len(words) == 1:
        return "_".join(["list", *_plain([head, suffix])])
    key = re.fullmatch(r"\{id\}(\..*)?", words[1])
    if key:
        return "_".join(["get", singular(dataset), *_plain([key[1] or "", *words[2:]])])
    return "_".join(["get", *_plain(words)])


def _plain(words: list[str]) -> list[str]:
    return [found.lower() for word in words for found in WORD.findall(word)]


def singular(dataset: Dataset) -> str:
    """What one row is called."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", component(dataset)).lower()


def _give_keys(path: str, operation: Json) -> None:
    """An example of the id in the path."""
    for parameter in operation.get("parameters", ()):
        head = path.split("/")[2].partition(".")[0] if path.startswith("/v1/") else ""
        if parameter["in"] == "path" and parameter["name"] == "id" and head in bundled():
            parameter.setdefault("example", bundled()[head]["id"])


def _give_examples(operation: Json, known: Json) -> None:
    """An example of each answer that brings none."""
    for media_type, content in operation["responses"]["200"].get("content", {}).items():
        example = known.get(media_type) or beginning(media_type)
        if example and not content.keys() & {"example", "examples"}:
            content["examples"] = {"bundled": example}
