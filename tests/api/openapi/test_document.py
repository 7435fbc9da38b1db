"""The OpenAPI document: complete, consistent, and true of every response."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from pydantic import BaseModel
from starlette.testclient import TestClient

from app.api.openapi import examples
from app.api.openapi.document import build_document
from app.api.routers.datasets import add_groups
from app.api.routers.endpoint_router import EndpointRouter
from app.datasets import DATASETS
from app.main import create_app
from app.model.dataset import Dataset
from app.settings import Settings
from tests.support.openapi import Json, addresses, document, parameters, resolved, response
from tests.support.service import client_for


def operations() -> Iterator[tuple[str, Json]]:
    for path, methods in document()["paths"].items():
        assert list(methods) == ["get"], "no address writes"
        yield path, methods["get"]


SHOWN = ("documents", "observations", "urban-villages")
"""The datasets all of whose addresses are asked; the others' come from the same functions."""

ADDRESSES = [
    (path, address)
    for path, operation in operations()
    if operation["tags"][0] not in DATASETS or operation["tags"][0] in SHOWN
    for address in addresses(path, operation)
]


def faults(value: Any, content: Json) -> list[str]:
    """Return one line for each part of a value that does not fit the schema of a content."""
    schema = {**content["schema"], "components": document()["components"]}
    found = jsonschema.Draft202012Validator(schema).iter_errors(value)
    return [f"{fault.json_path}: {fault.message[:200]}" for fault in found]


def values_of(content: Json) -> list[Any]:
    """Return the examples of a content, or those of its schema; a page has those of its parts."""
    if found := [example["value"] for example in content.get("examples", {}).values()]:
        return found
    if "example" in content:
        return [content["example"]]
    schema = resolved(content["schema"])
    parts = {name: resolved(part) for name, part in schema.get("properties", {}).items()}
    if parts.keys() == {"data", "meta", "links"}:
        [row], [meta], [links] = (
            part["examples"] for part in (resolved(parts["data"]["items"]), parts["meta"], parts["links"])
        )
        return [{"data": [row], "meta": meta, "links": links}]
    return list(schema.get("examples", ()))


def test_the_document_is_the_same_each_time() -> None:
    examples.sample_rows.cache_clear()
    assert json.loads(json.dumps(create_app(Settings()).app.api.openapi())) == document()


def test_the_document_is_small(loaded_sqlite: str) -> None:
    with client_for(loaded_sqlite) as client:
        assert len(client.get("/openapi.json").content) <= 600_000


def test_names_are_unique_and_good_for_methods() -> None:
    names = [operation["operationId"] for _, operation in operations()]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and name.islower() for name in names)
    assert {"list_urban_villages", "get_urban_village", "export_urban_villages", "get_home", "get_row_bib"} <= set(
        names
    )


def test_every_reference_leads_to_a_component_and_every_component_is_used() -> None:
    text = json.dumps(document())
    referred = {tuple(ref.split("/")) for ref in re.findall(r'"\$ref": "#/components/([^"]+)"', text)}
    assert len(referred) == len(re.findall(r'"\$ref": "([^"]+)"', text)) - (
        len(re.findall(r'"\$ref": "#/components/[^"]+"', text)) - len(referred)
    )
    components = document()["components"]
    assert referred == {(section, key) for section, found in components.items() for key in found}
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", key) for found in components.values() for key in found)


def test_every_tag_is_described_and_used() -> None:
    told = {tag["name"]: tag["description"] for tag in document()["tags"]}
    assert set(told) == {tag for _, operation in operations() for tag in operation["tags"]}
    assert told["water-targets"].startswith("断面水质目标 · ")


def test_the_document_names_the_publisher() -> None:
    about = document()["info"]
    assert about["version"].split(".")[0] == "1"
    assert about["contact"] == {
        "name": "温州市政府公报中心",
        "url": "http://www.wenzhou.gov.cn",
        "email": "wzsgb@wenzhou.cn",
    }
    assert document()["servers"][0]["url"] == "/"
    told = create_app(Settings(public_base_url="https://data.example.org"))
    assert told.app.api.openapi()["servers"][0]["url"] == "https://data.example.org"


def test_a_licence_without_an_address_is_said_in_words() -> None:
    about = document()["info"]
    assert "license" not in about
    assert "outside copyright" in about["description"]
    told = create_app(Settings(licence="CC0", licence_url="https://x.org")).app.api.openapi()["info"]
    assert told["license"] == {"name": "CC0", "url": "https://x.org"}
    assert "CC0" not in told["description"]


def test_bounds_are_those_of_the_settings() -> None:
    settings = Settings(max_offset=123, max_sort_keys=2, max_by_fields=1, max_metrics=5, max_filters=6)
    api = create_app(settings).app.api
    components = build_document(api, settings)["components"]
    assert components["parameters"]["page.offset"]["schema"]["maximum"] == 123
    assert components["parameters"]["Area.sort"]["schema"]["maxItems"] == 2
    assert components["parameters"]["Area.by"]["schema"]["maxItems"] == 1
    assert components["parameters"]["Area.metric"]["schema"]["maxItems"] == 5
    assert components["schemas"]["AreaOperators"]["maxProperties"] == 6
    defaults = document()["components"]["parameters"]["Area.sort"]["schema"]
    assert defaults["maxItems"] == Settings().max_sort_keys


def test_every_response_has_an_example_that_fits_its_schema() -> None:
    for path, operation in operations():
        for media_type, content in response(operation, "200")["content"].items():
            found = values_of(content)
            assert found, f"{path} shows no {media_type}"
            for value in found:
                assert value, path
                assert not faults(value, content), path


def test_addresses_in_examples_are_under_the_public_base() -> None:
    base = "https://data.example.org"
    made = json.dumps(create_app(Settings(public_base_url=base)).app.api.openapi(), ensure_ascii=False)
    assert "127.0.0.1" not in made
    assert f"Sitemap: {base}/sitemap.xml" in made
    for path in ("/v1/urban-villages", "/catalog#issues", "/v1/urban-villages/queryables", "/v1/urban-villages.csv"):
        assert f'"{base}{path}' in made


def test_problems_are_declared_and_have_examples() -> None:
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for example in document()["components"]["examples"].values():
        assert not faults(example["value"], problem)
    for path, operation in operations():
        refused = {status for status in operation["responses"] if status not in ("200", "206", "304")}
        assert refused == {"400", "default"} | ({"404"} if "{" in path.replace("{format}", "") else set()), path
        for status in refused:
            content = response(operation, status)["content"]
            assert path.startswith("/sdmx/") or list(content) == ["application/problem+json"], path
    others = resolved({"$ref": "#/components/responses/Problem"})
    assert {"406", "414", "503"} <= set(re.findall(r"\d{3}", others["description"]))
    assert "Retry-After" in others["headers"]


def test_a_default_is_never_a_value_that_some_request_may_not_have() -> None:
    """Some generated clients send every default: an `offset` beside a `cursor`, a `bom` to Parquet."""
    for path, operation in operations():
        for parameter in parameters(operation):
            if "default" in resolved(parameter["schema"]):
                assert parameter["name"] not in ("offset", "bom"), path


class LatestArea(BaseModel):
    """The response of an ordinary route."""

    id: str


def add_ordinary_routes(router: EndpointRouter, dataset: Dataset) -> None:
    """Add two routes to the areas as FastAPI's tutorial writes them, besides what `add_groups` adds."""
    add_groups(router, dataset)
    if dataset.name != "areas":
        return

    @router.get("/latest")
    async def latest(level: int = 1) -> LatestArea:
        return LatestArea(id=f"level {level}")

    @router.post("/latest", status_code=201, operation_id="set_latest")
    async def set_latest(area: LatestArea) -> None:
        raise NotImplementedError(area)


def test_ordinary_routes_need_no_description(monkeypatch: pytest.MonkeyPatch, loaded_sqlite: str) -> None:
    monkeypatch.setattr("app.api.routers.datasets.add_groups", add_ordinary_routes)
    with client_for(loaded_sqlite) as client:
        assert client.get("/v1/areas/latest?level=3").json() == {"id": "level 3"}
        assert client.get("/v1/areas/330300").status_code == 200
        described = client.get("/openapi.json").json()
    operations = described["paths"]["/v1/areas/latest"]
    assert list(operations) == ["get", "post"]
    assert operations["get"]["operationId"] == "get_areas_latest"
    assert operations["get"]["tags"] == ["areas"]
    assert operations["post"]["operationId"] == "set_latest"
    [content] = operations["get"]["responses"]["200"]["content"].values()
    schema = {**content["schema"], "components": described["components"]}
    jsonschema.Draft202012Validator(schema).validate({"id": "330300"})
    assert "HTTPValidationError" in described["components"]["schemas"]
    del described["paths"]["/v1/areas/latest"]
    assert described["paths"] == document()["paths"]


def test_a_route_of_the_application_may_have_no_tags_and_no_200() -> None:
    api = create_app(Settings()).app.api

    @api.delete("/cache", status_code=204)
    async def clear_cache() -> None:
        raise NotImplementedError

    described = api.openapi()
    assert list(described["paths"]["/cache"]["delete"]["responses"]) == ["204"]
    assert [tag["name"] for tag in described["tags"]] == [tag["name"] for tag in document()["tags"]]


@pytest.fixture(scope="module")
def sqlite_client(loaded_sqlite: str) -> Iterator[TestClient]:
    with client_for(loaded_sqlite) as client:
        yield client


@pytest.mark.slow
@pytest.mark.parametrize(("path", "asked"), ADDRESSES)
def test_every_address_answers_as_documented(sqlite_client: TestClient, path: str, asked: str) -> None:
    answer = sqlite_client.get(asked)
    assert answer.status_code == 200, answer.text
    described = response(document()["paths"][path]["get"], "200")
    media_type = answer.headers["content-type"].replace("; ", ";")
    known = {
        name: content
        for name, content in described["content"].items()
        if media_type.startswith(name.replace("; ", ";"))
    }
    assert known, f"{media_type} is not declared"
    optional = {"Link", "Content-Location"}
    assert {name for name in described["headers"] if name not in answer.headers} <= optional
    [content] = known.values()
    if "json" in media_type and "ndjson" not in media_type:
        assert not faults(answer.json(), content)
    assert sqlite_client.get(f"{asked}{'&' if '?' in asked else '?'}unheard-of=1").status_code == 400
    for headers in ({"If-None-Match": "*"}, {"If-Match": '"x"'}, {"Range": "bytes=1-2"}, {"Range": "bytes=9999999-"}):
        answer = sqlite_client.get(asked, headers=headers)
        responses = document()["paths"][path]["get"]["responses"]
        status = str(answer.status_code)
        assert status in responses or answer.status_code >= 400, "`default` is for problems"
        described = response(document()["paths"][path]["get"], status if status in responses else "default")
        if status != "304":
            media_type = answer.headers["content-type"].replace("; ", ";")
            assert any(media_type.startswith(name.replace("; ", ";")) for name in described["content"]), headers
