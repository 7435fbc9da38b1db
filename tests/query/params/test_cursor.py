"""Cursors: no walk repeats or misses a row, in any sort order and direction."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.datasets import DATASETS

TABLES = ["commitments", "water-sections", "water-targets", "urban-villages", "observations", "documents", "briefs"]

FILTERS = {
    "commitments": [{}, {"kind": "deadline"}, {"value__isnull": "false"}],
    "urban-villages": [{}, {"plan": "upgrade"}, {"year_from__gte": "2023"}],
    "documents": [{}, {"status": "in_force"}, {"on": "2020-01-01"}],
    "observations": [{}, {"vintages": "all"}],
}


@st.composite
def walks(draw: st.DrawFn) -> tuple[str, dict[str, str], int]:
    """Draw a dataset, query parameters and a page size."""
    name = draw(st.sampled_from(TABLES))
    keys = [spec.name for spec in DATASETS[name].fields if spec.sortable]
    chosen = draw(st.lists(st.sampled_from(keys), unique=True, max_size=4))
    sort = ",".join(f"{draw(st.sampled_from(['', '-']))}{key}" for key in chosen)
    params = dict(draw(st.sampled_from(FILTERS.get(name, [{}]))))
    return name, params | ({"sort": sort} if sort else {}), draw(st.integers(1, 40))


def walk(client: TestClient, url: str, direction: str) -> list[list[dict[str, Any]]]:
    pages = []
    following: str | None = url
    while following is not None:
        answer = client.get(following)
        assert answer.status_code == 200, answer.text
        pages.append(answer.json()["data"])
        following = answer.json()["links"][direction]
        assert len(pages) < 300
    return pages


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=walks())
def test_cursors_neither_repeat_nor_miss_a_row(client: TestClient, asked: tuple[str, dict[str, str], int]) -> None:
    name, params, limit = asked
    whole = client.get(f"/v1/{name}", params={**params, "limit": "1000"}).json()["data"]
    first = client.get(f"/v1/{name}", params={**params, "limit": str(limit)})
    pages = walk(client, str(first.url), "next")
    assert [row for page in pages for row in page] == whole
    assert all(len(page) == limit for page in pages[:-1])
    if len(pages) > 1:
        last = client.get(f"/v1/{name}", params={**params, "limit": str(limit), "offset": str(len(whole) - 1)})
        back = [*walk(client, last.json()["links"]["prev"], "prev")][::-1]
        assert [row for page in back for row in page] == whole[:-1]


def test_a_cursor_is_bound_to_its_query(client: TestClient) -> None:
    cursor = client.get("/v1/urban-villages?limit=2").json()["links"]["next"].partition("cursor=")[2]
    assert client.get(f"/v1/urban-villages?limit=9&fields=id&cursor={cursor}").status_code == 200
    for other in (
        "urban-villages?sort=village&",
        "urban-villages?plan=upgrade&",
        "documents?",
        "urban-villages?offset=0&",
    ):
        answer = client.get(f"/v1/{other}cursor={cursor}")
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["parameter"] in ("cursor", "offset")


@pytest.mark.parametrize("position", range(0, 60, 7))
def test_a_damaged_cursor_is_refused(client: TestClient, position: int) -> None:
    cursor = client.get("/v1/urban-villages?limit=2").json()["links"]["next"].partition("cursor=")[2]
    damaged = cursor[:position] + ("A" if cursor[position] != "A" else "B") + cursor[position + 1 :]
    answer = client.get("/v1/urban-villages", params={"limit": "2", "cursor": damaged})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "cursor"
