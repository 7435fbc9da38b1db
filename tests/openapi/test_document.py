"""The OpenAPI document keeps its word: every example is what the service answers, every promise of an answer holds."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest
from starlette.testclient import TestClient

from app.api.openapi import document as openapi_document
from app.api.openapi import examples
from app.datasets import DATASETS
from app.main import create_app
from app.settings import Settings
from tests import packages
from tests.conftest import client_for

Json = dict[str, Any]


@cache
def document() -> Json:
    made: Json = json.loads(json.dumps(create_app(Settings()).api.openapi()))
    return made


@cache
def known() -> examples.Examples:
    return examples.examples()


def operations() -> Iterator[tuple[str, Json]]:
    for path, methods in document()["paths"].items():
        assert list(methods) == ["get"], "no address writes"
        yield path, methods["get"]


def parameters(operation: Json) -> list[Json]:
    shared = document()["components"]["parameters"]
    return [shared[p["$ref"].rpartition("/")[2]] if "$ref" in p else p for p in operation["parameters"]]


def address(path: str, operation: Json) -> str:
    """The address of an operation with the examples of its keys, and a value for what is required."""
    query = []
    for parameter in parameters(operation):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(str(parameter["example"]), safe=",+."))
        elif parameter["required"]:
            value = parameter.get("example") or parameter["schema"]["items"]["enum"][0]
            query.append(f"{parameter['name']}={value}")
    return path + ("?" + "&".join(query) if query else "")


SHOWN = ("documents", "observations", "urban-villages")
"""The datasets all of whose addresses are asked; the others' come from the same functions."""
ADDRESSES = [
    (path, address(path, operation))
    for path, operation in operations()
    if operation["tags"][0] not in DATASETS or operation["tags"][0] in SHOWN
]


def faults(value: Any, content: Json) -> list[str]:
    """What of a value does not fit the schema of a content, in a line each."""
    schema = {**content["schema"], "components": document()["components"]}
    found = jsonschema.Draft202012Validator(schema).iter_errors(value)
    return [f"{fault.json_path}: {fault.message[:200]}" for fault in found]


def values_of(content: Json) -> list[Any]:
    named = content.get("examples", {}).values()
    return [content["example"]] if "example" in content else [example["value"] for example in named]


def test_the_document_is_the_same_each_time() -> None:
    examples.bundled.cache_clear()
    assert json.loads(json.dumps(create_app(Settings()).api.openapi())) == document()


def test_names_are_unique_and_good_for_methods() -> None:
    names = [operation["operationId"] for _, operation in operations()]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and name.islower() for name in names)
    assert {"list_urban_villages", "get_urban_village", "list_urban_villages_csv", "get_home"} <= set(names)


def test_every_tag_is_told_and_used() -> None:
    told = {tag["name"]: tag["description"] for tag in document()["tags"]}
    assert set(told) == {tag for _, operation in operations() for tag in operation["tags"]}
    assert told["water-targets"].startswith("断面水质目标 · ")


def test_whose_service_this_is() -> None:
    about = document()["info"]
    assert about["version"].split(".")[0] == "1"
    assert about["contact"] == {
        "name": "温州市政府公报中心",
        "url": "http://www.wenzhou.gov.cn",
        "email": "wzsgb@wenzhou.cn",
    }
    assert "outside copyright" in about["license"]["name"]
    assert document()["servers"][0]["url"] == "/"
    told = create_app(Settings(public_base_url="https://data.example.org", licence="CC0", licence_url="https://x.org"))
    assert told.api.openapi()["servers"][0]["url"] == "https://data.example.org"
    assert told.api.openapi()["info"]["license"] == {"name": "CC0", "url": "https://x.org"}


def test_every_answer_has_an_example_that_fits_its_schema() -> None:
    for path, operation in operations():
        for media_type, content in operation["responses"]["200"]["content"].items():
            found = values_of(content)
            assert found, f"{path} shows no {media_type}"
            for value in found:
                assert value, path
                assert not faults(value, content), path


def test_addresses_in_examples_are_under_the_public_base() -> None:
    base = "https://data.example.org"
    made = json.dumps(create_app(Settings(public_base_url=base)).api.openapi()["paths"], ensure_ascii=False)
    assert "127.0.0.1" not in made
    assert f"Sitemap: {base}/sitemap.xml" in made
    for path in ("/v1/documents", "/catalog#areas", "/v1/documents/queryables", "/v1/areas.csv"):
        assert f'"{base}{path}' in made


def test_problems_are_declared_and_have_examples() -> None:
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for example in document()["components"]["examples"].values():
        assert not faults(example["value"], problem)
    for path, operation in operations():
        refused = {status: response for status, response in operation["responses"].items() if status >= "400"}
        assert {"400", "414"} <= set(refused), path
        assert ("404" in refused) == ("{" in path), path
        for response in refused.values():
            assert path.startswith("/sdmx/") or list(response["content"]) == ["application/problem+json"], path


@pytest.fixture(scope="module")
def sqlite_client(loaded_sqlite: str) -> Iterator[TestClient]:
    with client_for(loaded_sqlite) as client:
        yield client


@pytest.mark.parametrize(("path", "asked"), ADDRESSES)
def test_every_address_answers_as_it_says(sqlite_client: TestClient, path: str, asked: str) -> None:
    answer = sqlite_client.get(asked)
    assert answer.status_code == 200, answer.text
    response = document()["paths"][path]["get"]["responses"]["200"]
    media_type = answer.headers["content-type"].replace("; ", ";")
    known = {
        name: content for name, content in response["content"].items() if media_type.startswith(name.replace("; ", ";"))
    }
    assert known, f"{media_type} is not declared"
    optional = {"Link", "Content-Location"}
    assert {name for name in response["headers"] if name not in answer.headers} <= optional
    [content] = known.values()
    if "json" in media_type and "ndjson" not in media_type:
        assert not faults(answer.json(), content)
    assert sqlite_client.get(f"{asked}{'&' if '?' in asked else '?'}unheard-of=1").status_code == 400


@pytest.mark.parametrize("name", list(DATASETS))
def test_examples_are_what_the_service_answers(client: TestClient, name: str) -> None:
    row = examples.bundled()[name]
    day = {"on": "2021-06-20"} if name == "documents" else {}
    found = {path: forms for path, forms in known().items() if path.startswith(f"/v1/{name}")}
    path, one = f"/v1/{name}", {"id": row["id"], **day}
    told = found[f"{path}/{{id}}"]["application/json"]["value"]
    answer = client.get(f"{path}/{row['id']}", params=day).json()
    assert {field: answer[field] for field in told} == told
    assert {field for field, value in answer.items() if field not in told and value is not None} == set()
    for address in (path, f"{path}/facets", f"{path}/aggregate"):
        expected = found[address]["application/json"]["value"]
        by = {"by": next(iter(expected["data"]))} if address.endswith("/facets") else {}
        by |= {"by": next(iter(expected["data"][0]))} if address.endswith("/aggregate") else {}
        answer = client.get(address, params={**one, **by}).json()
        if address == path:
            assert expected["data"] == [told]
        else:
            assert answer["data"] == expected["data"]
        meta = {key: value for key, value in answer["meta"].items() if key != "revision"}
        assert meta == {key: value for key, value in expected["meta"].items() if key != "revision"}
    assert list(client.get(path, params=one).json()["links"]) == list(found[path]["application/json"]["value"]["links"])
    for suffix, media_type in ((".csv", "text/csv"), (".ndjson", "application/x-ndjson")):
        text = found[f"{path}{suffix}"][media_type]["value"]
        assert client.get(f"{path}/{row['id']}{suffix}", params=day).text == text


def test_the_example_of_a_series_is_what_the_service_answers(client: TestClient) -> None:
    expected = known()["/v1/indicators/{id}/series"]["application/json"]["value"]
    answer = client.get(f"/v1/indicators/{expected['meta']['indicator_id']}/series").json()
    assert answer["data"] == expected["data"]
    assert {**answer["meta"], "revision": ""} == {**expected["meta"], "revision": ""}


def test_a_dataset_without_rows_in_the_first_bundled_issue_needs_no_example_of_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bare = packages.tables()
    packages.write(tmp_path / "1999-01", {"issues": bare["issues"], "areas": bare["areas"]})
    packages.write(tmp_path / "1999-02", bare)
    monkeypatch.setattr(examples, "SEED", tmp_path)
    found = examples.bundled.__wrapped__()
    assert list(found) == ["issues", "indicators", "observations", "areas", "changes"]
    assert found["indicators"]["id"] == "eggs"
    monkeypatch.setattr(openapi_document, "bundled", lambda: {"issues": found["issues"]})
    operation = {"parameters": [{"name": "id", "in": "path"}]}
    openapi_document._give_keys("/v1/documents/{id}", operation)
    assert operation == {"parameters": [{"name": "id", "in": "path"}]}
