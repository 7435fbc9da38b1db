"""Bounds on what one request may cost: each is a setting, documented, and holds at its edge."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.db import postgres
from app.db.reader import Statement
from app.http.gateway import Front
from app.settings import Settings
from tests import packages
from tests.conftest import client_for

VILLAGES = "/v1/urban-villages"
BOUNDS = [spec for spec in fields(Settings) if "about" in spec.metadata]
SLOW = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(60)",
}
"""Statements that do not end by themselves."""


def test_every_bound_is_a_documented_setting() -> None:
    assert len(BOUNDS) >= 15
    text = (Path(__file__).parent.parent / "openapi.md").read_text(encoding="utf-8")
    for spec in BOUNDS:
        assert f"| `{spec.name.upper()}` | {spec.default} | {spec.metadata['about']} |" in text
        assert getattr(Settings.from_environment({spec.name.upper(): "7"}), spec.name) == 7
        for wrong in ("0", "-1", "x", "1.5", "٣"):
            with pytest.raises(ValueError, match=spec.name.upper()):
                Settings.from_environment({spec.name.upper(): wrong})


@pytest.mark.parametrize(
    ("bound", "most", "address", "allowed", "beyond", "parameter"),
    [
        ("max_parameters", 2, "", "limit=1&count=true", "limit=1&count=true&offset=0", "parameters"),
        ("max_filters", 2, "", "number__gt=1&number__lt=9", "number__gt=1&number__lt=9&number__ne=5", "filters"),
        ("max_in_values", 3, "", "number__in=1,2,3", "number__in=1,2,3,4", "number__in"),
        ("max_in_values", 2, "", "filter=number IN (1,2)", "filter=number IN (1,2,3)", "filter"),
        ("max_sort_keys", 2, "", "sort=village,-number", "sort=village,-number,street", "sort"),
        ("max_sort_keys", 1, "/aggregate", "by=plan&sort=plan", "by=plan&sort=plan,-count", "sort"),
        ("max_filter_bytes", 13, "", "filter=village='桥'", "filter=village='桥 '", "filter"),
        ("max_filter_depth", 2, "", "filter=((number=1))", "filter=(((number=1)))", "filter"),
        ("max_filter_nodes", 7, "", "filter=number=1 OR number=2", "filter=NOT number=1 OR number=2", "filter"),
        ("max_by_fields", 2, "/facets", "by=plan,street", "by=plan,street,village", "by"),
        ("max_by_fields", 2, "/aggregate", "by=plan,street", "by=plan,street,village", "by"),
        ("max_metrics", 1, "/aggregate", "metric=count", "metric=count,min:number", "metric"),
        ("max_groups", 78, "/facets", "by=id&plan=demolition", "by=id", "by"),
        ("max_groups", 2, "/aggregate", "by=plan", "by=district", "by"),
        ("max_search_alternatives", 3, "", "q=a OR b OR c", "q=a OR b OR c OR d", "q"),
        ("max_search_alternatives", 3, "", "q=a -b -c", "q=a -b -c -d", "q"),
    ],
)
def test_bounds_hold_at_their_edge(
    loaded_sqlite: str, bound: str, most: int, address: str, allowed: str, beyond: str, parameter: str
) -> None:
    with client_for(loaded_sqlite, **{bound: most}) as client:
        assert client.get(f"{VILLAGES}{address}?{allowed}").status_code == 200
        refused = client.get(f"{VILLAGES}{address}?{beyond}")
    assert refused.status_code == 400
    [fault] = refused.json()["errors"]
    assert fault["parameter"] == parameter
    assert str(most) in fault["detail"]


def test_an_address_is_bounded_in_bytes(loaded_sqlite: str) -> None:
    with client_for(loaded_sqlite, max_url_bytes=60) as client:
        query = "filter=number=1".ljust(60 - len(VILLAGES), "0")
        assert client.get(f"{VILLAGES}?{query}").status_code in (200, 400)
        refused = client.get(f"{VILLAGES}?{query}0")
        assert refused.status_code == 414
        assert refused.headers["content-type"] == "application/problem+json"
        assert client.get("/" + "x" * 59).status_code == 404
        assert client.get("/" + "x" * 60).status_code == 414


@pytest.mark.parametrize(
    "path",
    [
        VILLAGES,
        "/v1/events?q=yaogaoyuan",
        "/v1/search?q=城中村",
        f"{VILLAGES}/facets?by=village",
        f"{VILLAGES}/aggregate?by=village",
        "/v1/indicators/cpi/series",
    ],
)
def test_an_answer_is_bounded_in_bytes(client: TestClient, loaded_url: str, path: str) -> None:
    whole = client.get(path).content
    with client_for(loaded_url, max_result_bytes=len(whole)) as exact:
        assert exact.get(path).content == whole
    with client_for(loaded_url, max_result_bytes=len(whole) - 1) as less:
        refused = less.get(path)
        assert refused.status_code == 400
        assert str(len(whole) - 1) in refused.json()["detail"]
        assert less.get("/v1/urban-villages.csv").status_code == 200


def test_a_series_is_bounded_in_rows(writable_url: str, tmp_path: Path) -> None:
    content = packages.tables()
    again = {"id": "eggs.330300.1999-02.1999-01", "period": "1999-02"}
    content["observations"].append(packages.OBSERVATION | again)
    packages.load(writable_url, packages.write(tmp_path, content))
    with client_for(writable_url, max_series_points=2) as client:
        assert len(client.get("/v1/indicators/eggs/series").json()["data"]) == 2
    with client_for(writable_url, max_series_points=1) as client:
        refused = client.get("/v1/indicators/eggs/series")
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["parameter"] == "period"
        assert client.get("/v1/indicators/eggs/series?period=1999-02").status_code == 200


@contextmanager
def endless(client: TestClient) -> Iterator[None]:
    """Whatever is asked of the database takes for ever."""
    front = client.app
    assert isinstance(front, Front)
    reader: Any = front.desk.store.reader
    fetch, slow = reader.fetch, Statement(SLOW[reader.dialect.name], (), {})
    reader.fetch = lambda statement, values: fetch(slow, {})  # noqa: ARG005
    yield
    reader.fetch = fetch


@pytest.mark.parametrize(
    "path",
    [
        f"{VILLAGES}?number=1",
        f"{VILLAGES}/x",
        f"{VILLAGES}/facets?by=plan",
        "/v1/search?q=城",
        "/v1/indicators/cpi/series",
        f"{VILLAGES}.xlsx",
    ],
)
def test_a_question_that_takes_too_long_is_a_503(hasty: TestClient, path: str) -> None:
    with endless(hasty):
        answer = hasty.get(path)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert "longer than is allowed" in answer.json()["detail"]
    assert hasty.get(f"{VILLAGES}?limit=1").status_code == 200


@pytest.fixture(scope="module")
def hasty(loaded_url: str) -> Iterator[TestClient]:
    """A client of a service that ends statements after a twentieth of a second."""
    with client_for(loaded_url, statement_seconds=0.05) as client:
        yield client


def test_a_connection_that_is_out_does_not_hold_up_the_end(
    loaded_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "CLOSING", 0.05)

    async def end() -> bool:
        reader = postgres.PostgresReader(loaded_postgres)
        await reader.open()
        await reader.pool.acquire()
        await reader.close()
        return reader.pool.is_closing() is True

    assert asyncio.run(asyncio.wait_for(end(), 20))
