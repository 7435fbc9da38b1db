"""The statistics of the catalogue are true: sizes, checksums, days, coverage."""

import hashlib
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.datasets import DATASETS
from app.db.data_state import DatasetStats, load_stats
from app.db.engine import migrate, open_engine
from app.ingest.pipeline import load_bundled
from tests.support import packages
from tests.support.packages import fetch, load, tables, write
from tests.support.service import client_for


def facts_in(url: str) -> dict[str, DatasetStats]:
    [(text,)] = fetch(url, "SELECT facts FROM data_state")
    return load_stats(text)


def assert_true(url: str) -> None:
    """Assert that every download has the size and checksum of the catalogue."""
    found = facts_in(url)
    with client_for(url) as client:
        for entry in client.get("/schema.jsonld").json()["dataset"]:
            name = entry["@id"].partition("#")[2]
            told = {
                (each["name"], each["contentSize"], each["sha256"])
                for each in entry["distribution"]
                if "sha256" in each
            }
            served = set()
            for form in found[name].files:
                body = client.get(f"/v1/{name}.{form}").content
                served.add((form.upper(), f"{len(body)} B", hashlib.sha256(body).hexdigest()))
            assert told == served, name


def test_every_size_and_checksum_is_that_of_the_download(loaded_url: str) -> None:
    assert_true(loaded_url)
    found = facts_in(loaded_url)
    # The status of documents depends on the day: of them nothing can be promised.
    assert {name for name in DATASETS if not found[name].files} == {"documents"}
    assert all(set(facts.files) == {"csv", "ndjson"} for name, facts in found.items() if name != "documents")


def test_both_databases_have_the_same_statistics(loaded_sqlite: str, loaded_postgres: str) -> None:
    assert facts_in(loaded_sqlite) == facts_in(loaded_postgres)
    with client_for(loaded_sqlite) as one, client_for(loaded_postgres) as other:
        for path in ("/catalog.ttl", "/catalog.jsonld", "/catalog.rdf", "/catalog.zh.json", "/datapackage.json"):
            assert one.get(path).content == other.get(path).content, path


def february() -> packages.Tables:
    """Return the tables of February, which revise a figure of January."""
    content = tables()
    for rows in content.values():
        for row in rows:
            if "source.issue_id" in row:
                row["source.issue_id"] = "1999-02"
    content["issues"][0] |= {"id": "1999-02", "number": "2", "published_on": "1999-03-01"}
    january = content["observations"][0] | {"issue_id": "1999-02", "published_on": "1999-03-01", "value": "1.60"}
    january |= {"id": "eggs.330300.1999-01.1999-02", "printed.value": "1.60"}
    own = january | {"id": "eggs.330300.1999-02.1999-02", "period": "1999-02"}
    content["observations"] = [january, own]
    return content


def test_vintages_days_and_coverage(empty_url: str, tmp_path: Path) -> None:
    load(empty_url, write(tmp_path / "one", tables(), created="1999-02-02"))
    first = facts_in(empty_url)
    assert first["observations"].covers == ("1999-01", "1999-01")
    assert first["issues"].covers == ("1999-02-01", "1999-02-01")
    assert first["areas"].covers == ("1999-02-01", "1999-02-01")
    assert (first["observations"].issued, first["observations"].modified) == ("1999-02-02", "1999-02-02")
    assert first["events"] == DatasetStats(None, None, None, first["events"].files)
    load(empty_url, write(tmp_path / "two", february(), created="1999-03-02"))
    second = facts_in(empty_url)
    assert (second["observations"].issued, second["observations"].modified) == ("1999-02-02", "1999-03-02")
    assert second["observations"].covers == ("1999-01", "1999-02")
    assert second["indicators"].modified == "1999-02-02", "what is shared came with the first issue and did not change"
    assert second["areas"].modified == "1999-03-02", "rows of no issue may have come with any package"
    assert_true(empty_url)
    with client_for(empty_url) as client:
        served = client.get("/v1/observations.csv").text
        assert "1999-01.1999-02," in served
        assert "1999-01.1999-01," not in served
        turtle = client.get("/catalog.ttl?modified_since=1999-03-02").text
        assert "#observations> a dcat:Dataset" in turtle
        assert "#indicators> a dcat:Dataset" not in turtle


def test_a_correction_changes_the_modification_day_of_its_dataset_only(empty_url: str, tmp_path: Path) -> None:
    content = tables()
    load(empty_url, write(tmp_path / "one", content, created="1999-02-02"))
    content["indicators"][0]["name_zh"] = "鸭蛋"
    load(empty_url, write(tmp_path / "two", content, created="1999-05-05"))
    found = facts_in(empty_url)
    assert (found["indicators"].issued, found["indicators"].modified) == ("1999-02-02", "1999-05-05")
    assert found["observations"].modified == "1999-02-02"
    assert (found["changes"].issued, found["changes"].modified) == ("1999-02-02", "1999-05-05")
    assert_true(empty_url)


def test_the_order_of_loads_does_not_matter(tmp_path: Path) -> None:
    found: list[Any] = []
    one = write(tmp_path / "one", tables(), created="1999-02-02")
    two = write(tmp_path / "two", february(), created="1999-03-02")
    for name, order in (("a", (one, two)), ("b", (two, one))):
        url = f"sqlite:///{tmp_path}/{name}.db"
        with open_engine(url) as engine:
            migrate(engine)
        for directory in order:
            load(url, directory)
        facts = facts_in(url)
        found.append({name: (facts[name].modified, facts[name].covers) for name in ("issues", "observations")})
    assert found[0] == found[1]


def test_an_older_database_is_completed_before_it_is_served(writable_url: str) -> None:
    before = facts_in(writable_url)
    loaded_at = fetch(writable_url, "SELECT loaded_at FROM data_state")
    with open_engine(writable_url) as engine:
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE data_state SET facts = NULL"))
        with client_for(writable_url) as client:
            assert client.get("/catalog.ttl").status_code == 200
        load_bundled(engine)
    assert facts_in(writable_url) == before
    assert fetch(writable_url, "SELECT loaded_at FROM data_state") == loaded_at
