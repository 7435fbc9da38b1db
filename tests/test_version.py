"""There is one version, and everything that tells a version tells this one."""

import re
import tomllib
from datetime import date
from importlib.metadata import metadata, version
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import DCAT, RDF
from starlette.testclient import TestClient

import app
from app.cli.main import main
from app.version import VERSION

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_it_is_a_semantic_version() -> None:
    assert re.fullmatch(r"[1-9]\d*\.(0|[1-9]\d*)\.(0|[1-9]\d*)", VERSION)


def test_the_package_takes_it_from_the_code() -> None:
    assert "version" not in PROJECT["project"]
    hatch = PROJECT["tool"]["hatch"]["version"]
    found = re.search(hatch["pattern"], (ROOT / hatch["path"]).read_text(encoding="utf-8"))
    assert found is not None
    assert found["version"] == VERSION == version("gazette")


def test_the_command_tells_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"gazette {VERSION}\n"


@pytest.mark.slow
def test_the_api_tells_it(client: TestClient) -> None:
    answer = client.get("/version")
    assert answer.json() == {"name": "gazette", "version": VERSION}
    assert answer.headers["api-version"] == VERSION
    assert client.get("/openapi.json").json()["info"]["version"] == VERSION
    assert client.get("/version?x=1").status_code == 400


@pytest.mark.slow
def test_the_catalogue_tells_it_of_its_services(client: TestClient) -> None:
    graph = rdflib.Graph().parse(data=client.get("/catalog.ttl").content, format="turtle")
    services = set(graph.subjects(RDF.type, DCAT.DataService))
    told = {str(graph.value(service, rdflib.URIRef(f"{DCAT}version"))) for service in services}
    assert (len(services), told) == (2, {VERSION})


@pytest.mark.slow
def test_its_first_number_is_in_every_address(client: TestClient) -> None:
    major = VERSION.partition(".")[0]
    paths = client.get("/openapi.json").json()["paths"]
    assert {found[1] for path in paths if (found := re.match(r"/v(\d+)(?:/|$)", path))} == {major}


def test_the_image_tells_it() -> None:
    labels = dict(re.findall(r'org\.opencontainers\.image\.(\w+)="([^"]*)"', (ROOT / "Dockerfile").read_text()))
    assert labels == {"title": "gazette", "description": PROJECT["project"]["description"], "version": VERSION}


def test_the_changelog_begins_with_what_is_unreleased_and_then_this_release() -> None:
    headings = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == "Unreleased"
    releases = [heading.split(" - ") for heading in headings[1:]]
    assert releases[0][0] == VERSION
    days = [date.fromisoformat(day) for _, day in releases]
    assert days == sorted(days, reverse=True)


def test_the_metadata_says_what_the_package_is() -> None:
    told = metadata("gazette")
    assert f"{told['Summary']}." == f"{PROJECT['project']['description']}." == app.__doc__
    assert told.get_all("Author") or told.get_all("Author-email")
    assert "Typing :: Typed" in (told.get_all("Classifier") or [])
    assert (ROOT / "app/py.typed").read_bytes() == b""


def test_the_lock_has_every_dependency_on_every_platform() -> None:
    names = {re.split(r"[\[<>=;]", entry)[0].lower() for entry in PROJECT["project"]["dependencies"]}
    locked = re.findall(r"^([a-z0-9._-]+)==[^ ]+( ; .*)? \\$", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert names - {name for name, marker in locked if not marker} == set()
