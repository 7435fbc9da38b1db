"""Parameters of facets and aggregates."""

import pytest
from starlette.testclient import TestClient

VILLAGES = "/v1/urban-villages"


@pytest.mark.parametrize(
    ("address", "parameter", "hint"),
    [
        ("facets", "by", "missing"),
        ("facets?by=", "by", "empty"),
        ("facets?by=distrct", "by", "district"),
        ("facets?by=notes", "by", "not a field"),
        ("facets?by=source", "by", "not a field"),
        ("facets?by=plan,plan", "by", "twice"),
        ("facets?by=id,plan,street,village,district", "by", "at most 4"),
        ("facets?by=plan&limit=-1", "limit", "1000"),
        ("facets?by=plan&sort=plan", "sort", "unknown"),
        ("facets?by=plan&offset=1", "offset", "unknown"),
        ("facets?bye=plan&by=plan", "bye", "'by'"),
        ("facets?by=plan&by=plan", "by", "twice"),
        ("facets?by=plan&filter=plan", "filter", "comparison"),
        ("aggregate?metric=", "metric", "empty"),
        ("aggregate?metric=sum", "metric", "sum:"),
        ("aggregate?metric=sum:plan", "metric", "not a metric"),
        ("aggregate?metric=sum:district", "metric", "not a metric"),
        ("aggregate?metric=median:year_from", "metric", "not a metric"),
        ("aggregate?metric=sum:year_form", "metric", "sum:year_from"),
        ("aggregate?metrc=count", "metrc", "'metric'"),
        ("aggregate?by=plan&sort=district", "sort", "not a column"),
        ("aggregate?by=plan&sort=", "sort", "empty"),
        ("aggregate?by=plan&sort=plan,-plan", "sort", "twice"),
        ("aggregate?by=plan&fields=plan", "fields", "unknown"),
        ("aggregate?by=plan&cursor=x", "cursor", "unknown"),
        ("aggregate?limit=1001", "limit", "1000"),
        ("queryables?x=1", "x", "unknown"),
    ],
)
def test_faults_are_named(client: TestClient, address: str, parameter: str, hint: str) -> None:
    answer = client.get(f"{VILLAGES}/{address}")
    assert answer.status_code == 400, answer.text
    [fault] = answer.json()["errors"]
    assert fault["parameter"] == parameter
    assert hint in fault["detail"] + " ".join(fault["allowed"] or [])
