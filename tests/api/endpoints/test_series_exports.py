"""A series in every table format, on both databases."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import openpyxl
import pyarrow.parquet
import pytest
from starlette.testclient import TestClient

from app.api.endpoints.derivations import DERIVATION_NOTES, DERIVATIONS
from app.datasets import DATASETS
from app.renderers.representations import TABLE_FORMATS
from tests.support.series import SERIES, add_months
from tests.support.service import client_for

ALL_DERIVED = [field for name in DERIVATIONS for field in DERIVATION_NOTES[name]["fields"]]
QUERIES = ["", "vintages=all&derive=prior_year,monthly_from_cumulative", "as_of=2021-04-20", "period__gte=2021-04"]
Rows = list[dict[str, Any]]


@pytest.fixture
def months(writable_url: str) -> Iterator[TestClient]:
    """Return a client of the bundled issue with earlier months of one indicator, one of them in two vintages."""
    add_months(writable_url)
    with client_for(writable_url) as client:
        yield client


def points(client: TestClient, query: str) -> Rows:
    """Return the points of the JSON form, flat, with what `meta` says of the ids."""
    page = json.loads(client.get(f"{SERIES}?{query}").text, parse_float=Decimal)
    about = {name: page["meta"][name] for name in ("indicator_id", "area_id")}
    return [flat({**about, **point}) for point in page["data"]]


def flat(row: dict[str, Any]) -> dict[str, Any]:
    derived = row.pop("derived", None) or {}
    return row | {f"derived.{name}": value for name, value in derived.items()}


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def as_cell(value: Any) -> str:
    return "" if value is None else str(value)


@pytest.mark.parametrize("query", QUERIES)
def test_every_format_has_the_points_of_the_json(months: TestClient, query: str) -> None:
    expected = points(months, query)
    assert expected
    answers = {name: months.get(f"{SERIES}{table.suffix}?{query}") for name, table in TABLE_FORMATS.items()}
    assert {name: answer.headers["content-type"] for name, answer in answers.items()} == {
        name: table.content_type for name, table in TABLE_FORMATS.items()
    }
    cells = read_csv(answers["csv"].text)
    assert cells == [{name: as_cell(value) for name, value in row.items()} for row in expected]
    lines = [flat(json.loads(line, parse_float=Decimal)) for line in answers["ndjson"].text.splitlines()]
    assert lines == expected
    heads, *values = openpyxl.load_workbook(io.BytesIO(answers["xlsx"].content)).worksheets[0].values
    sheet = [dict(zip(heads, row, strict=True)) for row in values]
    for row in sheet:
        assert isinstance(row["published_on"], datetime)
        row["published_on"] = row["published_on"].date().isoformat()
    assert sheet == [
        {name: float(value) if isinstance(value, Decimal) else value for name, value in row.items()} for row in expected
    ]
    table = [flat(row) for row in pyarrow.parquet.read_table(io.BytesIO(answers["parquet"].content)).to_pylist()]
    for row in table:
        assert isinstance(row["published_on"], date)
        row["published_on"] = row["published_on"].isoformat()
    assert table == expected


@pytest.mark.parametrize("name", list(TABLE_FORMATS))
def test_accept_suffix_and_head_agree(client: TestClient, name: str) -> None:
    table = TABLE_FORMATS[name]
    identity = {"Accept-Encoding": "identity"}
    by_suffix = client.get(f"{SERIES}{table.suffix}?derive=prior_year", headers=identity)
    by_accept = client.get(f"{SERIES}?derive=prior_year", headers={**identity, "Accept": table.media_type})
    assert by_suffix.content == by_accept.content
    assert by_suffix.headers["etag"] == by_accept.headers["etag"]
    assert by_suffix.headers["content-length"] == str(len(by_suffix.content))
    head = client.head(f"{SERIES}{table.suffix}?derive=prior_year", headers=identity)
    assert (head.content, head.headers["content-length"]) == (b"", by_suffix.headers["content-length"])
    assert unquote(by_suffix.headers["content-disposition"]).endswith(f'_derive=prior_year{table.suffix}"')
    assert 'filename="retail_sales-series-' in by_suffix.headers["content-disposition"]
    unchanged = client.get(
        f"{SERIES}{table.suffix}?derive=prior_year", headers={"If-None-Match": by_suffix.headers["etag"]}
    )
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    part = client.get(f"{SERIES}{table.suffix}?derive=prior_year", headers={**identity, "Range": "bytes=3-9"})
    assert (part.status_code, part.content) == (206, by_suffix.content[3:10])


def test_json_is_the_default_and_every_form_has_a_tag_of_its_own(client: TestClient) -> None:
    for accept in ("", "*/*", "application/json", "text/html, */*;q=0.1"):
        assert client.get(SERIES, headers={"Accept": accept}).headers["content-type"] == "application/json"
    addresses = [SERIES, *(f"{SERIES}{table.suffix}" for table in TABLE_FORMATS.values()), f"{SERIES}.csv?lang=zh"]
    assert len({client.get(address).headers["etag"] for address in addresses}) == len(addresses)
    refused = client.get(SERIES, headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert all(table.media_type in refused.json()["detail"] for table in TABLE_FORMATS.values())


def test_chinese_tables_have_labels_and_names(months: TestClient) -> None:
    answer = months.get(f"{SERIES}.csv?lang=zh&derive=prior_year,monthly_from_cumulative&bom=true")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["content-language"] == "zh"
    rows = read_csv(answer.content.decode("utf-8-sig"))
    labels = {spec.name: spec.info.label_zh for spec in DATASETS["observations"].fields}
    assert list(rows[0])[:6] == [labels["indicator_id"], "指标名称", "单位", labels["area_id"], "地区名称", "月份"]
    last = rows[-1]
    assert (last["指标名称"], last["单位"], last["地区名称"], last["期次名称"]) == (
        "限额以上消费品零售总额", "亿元", "温州市", "2021年第5期",
    )  # fmt: skip
    assert (last["当月"], last["当月状态"], last["推算的上年同期当月值"]) == ("81.80", "正常", "81.8")
    assert len(rows[0]) == len(set(rows[0])) == 13 + 4 + len(ALL_DERIVED)
    workbook = openpyxl.load_workbook(io.BytesIO(months.get(f"{SERIES}.xlsx?lang=zh&derive=prior_year").content))
    assert next(iter(workbook.worksheets[0].values)) == (*list(rows[0])[:17], *list(rows[0])[17:19])
    about = [row[:2] for row in workbook.worksheets[1].values]
    assert any(row[0] == "indicator" and "限额以上消费品零售总额" in str(row[1]) for row in about)
    assert any(DERIVATION_NOTES["prior_year"]["formula"] in str(row[1]) for row in about)


def test_lines_have_names_on_request(client: TestClient) -> None:
    [line] = client.get(f"{SERIES}.ndjson?expand=names&derive=prior_year").text.splitlines()
    row = json.loads(line)
    assert row["names"] == {
        "indicator_id": "限额以上消费品零售总额", "unit": "亿元", "area_id": "温州市", "issue_id": "2021年第5期",
    }  # fmt: skip
    assert set(row["derived"]) == {"prior_year", "prior_year_cumulative"}


@pytest.mark.parametrize("name", list(TABLE_FORMATS))
def test_a_series_without_rows_is_an_empty_table(client: TestClient, name: str) -> None:
    answer = client.get(f"{SERIES}{TABLE_FORMATS[name].suffix}?period=1999-01&derive=prior_year")
    assert answer.status_code == 200
    if name == "csv":
        assert answer.text.count("\r\n") == 1
    elif name == "ndjson":
        assert answer.content == b""
    elif name == "parquet":
        assert pyarrow.parquet.read_table(io.BytesIO(answer.content)).num_rows == 0
    else:
        assert len(list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].values)) == 1


@pytest.mark.parametrize(
    ("suffix", "query", "parameters"),
    [
        (".csv", "expand=names", {"expand"}),
        (".xlsx", "bom=true", {"bom"}),
        (".parquet", "lang=zh&expand=names", {"lang", "expand"}),
        (".ndjson", "lang=zh", {"lang"}),
        (".csv", "lang=de&derive=x&period=2021", {"lang", "derive", "period"}),
        (".csv", "limit=1&fields=value", {"limit", "fields"}),
    ],
)
def test_what_a_form_does_not_take_is_refused(
    client: TestClient, suffix: str, query: str, parameters: set[str]
) -> None:
    answer = client.get(f"{SERIES}{suffix}?{query}")
    assert answer.status_code == 400
    assert {error["parameter"] for error in answer.json()["errors"]} == parameters


def test_an_unknown_indicator_or_suffix_is_a_404(client: TestClient) -> None:
    for table in TABLE_FORMATS.values():
        assert client.get(f"/v1/indicators/none/series{table.suffix}").status_code == 404
    assert client.get(f"{SERIES}.pdf").status_code == 404


def test_a_series_that_is_too_long_is_refused(writable_url: str) -> None:
    add_months(writable_url)
    with client_for(writable_url, max_series_points=2) as small:
        for table in TABLE_FORMATS.values():
            answer = small.get(f"{SERIES}{table.suffix}")
            assert answer.status_code == 400
            assert [error["parameter"] for error in answer.json()["errors"]] == ["period"]
            assert small.get(f"{SERIES}{table.suffix}?period__gte=2021-04").status_code == 200
