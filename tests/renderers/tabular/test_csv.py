"""CSV downloads."""

import csv
import io

import pytest
from starlette.testclient import TestClient

from app.datasets import DATASETS


@pytest.mark.parametrize("dataset", list(DATASETS))
def test_csv_has_the_values_of_json(client: TestClient, dataset: str) -> None:
    answer = client.get(f"/v1/{dataset}.csv")
    assert answer.headers["content-type"].startswith("text/csv; charset=utf-8")
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    data = client.get(f"/v1/{dataset}?limit=1000").json()["data"]
    assert [row["id"] for row in rows] == [row["id"] for row in data]
    assert [row["source.sha256"] for row in rows] == [row["source"]["sha256"] or "" for row in data]
    assert answer.text == client.get(f"/v1/{dataset}", headers={"Accept": "text/csv"}).text
    for row, cells in zip(data, rows, strict=True):
        for name, value in row.items():
            if isinstance(value, str) and not value.startswith(("=", "+", "-", "@")):
                assert cells[name] == value


def test_csv_for_a_spreadsheet(client: TestClient) -> None:
    text = client.get("/v1/observations.csv?bom=true&lang=zh&fields=period,value,value_status,printed.value").text
    assert text.startswith("﻿月份,当月,当月状态,原文.当月\r\n2021-05,")
    assert "2021-05,102.0,正常,102.0\r\n" in text
    assert ",,缺失,—\r\n" in text
    assert client.get("/v1/observations.csv?cursor=x").status_code == 400
    assert client.get("/v1/urban-villages.csv?limit=5000&offset=100").text.count("\r\n") == 3
