"""The status of documents and its day, which never part, on both databases."""

import csv
import io
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pytest
from starlette.testclient import TestClient

from app.datasets import DATASETS
from tests.support.service import TODAY

DOCUMENTS = "/v1/documents"
DAYS = [("", TODAY.isoformat()), ("on=2024-06-10", "2024-06-10")]


def asked(client: TestClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def csv_rows(client: TestClient, query: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"{DOCUMENTS}.csv?{query}").text, newline="")))


@pytest.mark.parametrize(("query", "day"), DAYS)
def test_every_form_tells_the_day_of_the_status(client: TestClient, query: str, day: str) -> None:
    page = asked(client, f"{DOCUMENTS}?{query}")
    assert page["meta"]["on"] == day
    assert {row["status_on"] for row in page["data"]} == {day}
    statuses = {row["id"]: row["status"] for row in page["data"]}
    rows = csv_rows(client, query)
    assert {row["id"]: (row["status"], row["status_on"]) for row in rows} == {
        row_id: (status, day) for row_id, status in statuses.items()
    }
    lines = client.get(f"{DOCUMENTS}.ndjson?{query}").text.splitlines()
    assert len(lines) == len(rows)
    assert all(f'"status_on":"{day}"' in line for line in lines)
    table = pa.parquet.read_table(io.BytesIO(client.get(f"{DOCUMENTS}.parquet?{query}").content))
    assert table.schema.field("status_on").type == pa.date32()
    assert {each.isoformat() for each in table["status_on"].to_pylist()} == {day}
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{DOCUMENTS}.xlsx?{query}").content)).worksheets[0]
    heads, *cells = sheet.values
    assert {row[heads.index("status_on")].date().isoformat() for row in cells} == {day}
    row_id = page["data"][0]["id"]
    assert asked(client, f"{DOCUMENTS}/{row_id}?{query}")["status_on"] == day


@pytest.mark.parametrize(("query", "day"), DAYS)
def test_counts_tell_their_day(client: TestClient, query: str, day: str) -> None:
    assert asked(client, f"{DOCUMENTS}/facets?by=status&{query}")["meta"]["on"] == day
    assert asked(client, f"{DOCUMENTS}/aggregate?by=status&{query}")["meta"]["on"] == day
    assert asked(client, f"{DOCUMENTS}?limit=0&{query}")["meta"]["on"] == day


def test_other_datasets_have_no_day(client: TestClient) -> None:
    assert "on" not in asked(client, "/v1/areas?limit=1")["meta"]
    assert "on" not in asked(client, "/v1/areas/facets?by=level")["meta"]


def test_a_file_and_a_row_keep_the_day_behind_the_status(client: TestClient) -> None:
    rows = csv_rows(client, "fields=status,id&on=2024-06-10")
    assert list(rows[0]) == ["status", "status_on", "id"]
    assert list(csv_rows(client, "fields=status_on,status")[0]) == ["status_on", "status"]
    assert list(csv_rows(client, "fields=id,title")[0]) == ["id", "title"]
    assert list(csv_rows(client, "fields=status&lang=zh")[0]) == ["效力状态", "效力状态日期"]
    row_id = asked(client, DOCUMENTS)["data"][0]["id"]
    row = asked(client, f"{DOCUMENTS}/{row_id}?fields=id,status&on=2024-06-10")
    assert (list(row), row["status_on"]) == (["id", "status", "status_on"], "2024-06-10")
    # A page has the day in `meta`, so it has the members that were asked for and no other.
    assert list(asked(client, f"{DOCUMENTS}?fields=id,status")["data"][0]) == ["id", "status"]


def test_the_columns_of_the_csv_are_described(client: TestClient) -> None:
    [heads] = csv.reader(io.StringIO(client.get(f"{DOCUMENTS}.csv?limit=0").text, newline=""))
    assert heads.index("status_on") == heads.index("status") + 1
    metadata = asked(client, f"{DOCUMENTS}.csv-metadata.json")
    columns = metadata["tables"][0]["tableSchema"]["columns"]
    assert [column["name"] for column in columns] == heads
    [column] = [column for column in columns if column["name"] == "status_on"]
    assert (column["datatype"], column["required"]) == ("date", True)
    package = asked(client, "/datapackage.json")
    [resource] = [each for each in package["resources"] if each["name"] == "documents"]
    [field] = [each for each in resource["schema"]["fields"] if each["name"] == "status_on"]
    assert (field["type"], field["constraints"]) == ("date", {"required": True})
    [entry] = [each for each in asked(client, f"{DOCUMENTS}/schema")["fields"] if each["name"] == "status_on"]
    assert (entry["type"], entry["ops"], entry["sortable"]) == ("date", [], False)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("status_on=2024-06-10", "The parameter 'on' chooses it."),
        ("status_on__gte=2024-06-10", "The parameter 'on' chooses it."),
        ("filter=status_on = DATE('2024-06-10')", "The parameter 'on' chooses it."),
        ("sort=status_on", "is not a sort key"),
    ],
)
def test_the_day_is_no_filter(client: TestClient, query: str, words: str) -> None:
    answer = client.get(f"{DOCUMENTS}?{query}")
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert words in error["detail"]
    assert client.get(f"{DOCUMENTS}/facets?by=status_on").status_code == 400


def test_with_day_adds_only_what_is_missing() -> None:
    documents = DATASETS["documents"]
    assert documents.with_day(("id", "status", "title")) == ("id", "status", "status_on", "title")
    assert documents.with_day(("status_on", "status")) == ("status_on", "status")
    assert documents.with_day(("id",)) == ("id",)
    assert DATASETS["checks"].with_day(("status",)) == ("status",)
