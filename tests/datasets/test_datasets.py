"""The datasets, on both databases."""

import pytest
from starlette.testclient import TestClient

from app.datasets import DATASETS
from tests.support.rows import total


@pytest.mark.parametrize("dataset", list(DATASETS))
def test_every_dataset_has_its_bundled_rows(client: TestClient, dataset: str) -> None:
    expected = {
        "issues": 1, "documents": 5, "water-sections": 18, "water-targets": 21, "watersheds": 9, "urban-villages": 102,
        "village-tasks": 23, "uncleared-buildings": 7, "indicators": 9, "observations": 9, "events": 33, "briefs": 12,
        "changes": 1,
    }  # fmt: skip
    number = total(client, f"/v1/{dataset}")
    assert number == expected.get(dataset, number)
    assert number > 0


def test_observations_come_in_the_printed_order(client: TestClient) -> None:
    rows = client.get("/v1/observations").json()["data"]
    assert [row["source"]["row"] for row in rows] == list(range(1, 10))
    assert rows[0]["indicator_id"] == "industrial_value_added"
