"""Chinese tables and expanded JSON name what they refer to, so that nobody joins by hand."""

import csv
import io
import json
import re
from decimal import Decimal
from html import unescape
from typing import Any

import openpyxl
import pytest
from starlette.testclient import TestClient

from app.datasets import DATASETS
from tests.support.service import client_for
from tests.support.statements import counted_reads

Table = list[dict[str, str]]


def chinese_table(client: TestClient, name: str, query: str = "") -> tuple[list[str], Table]:
    answer = client.get(f"/v1/{name}.csv?lang=zh{query}")
    assert answer.status_code == 200
    reader = csv.DictReader(io.StringIO(answer.text, newline=""))
    rows = list(reader)
    return list(reader.fieldnames or ()), rows


def names_of(client: TestClient, name: str, field: str) -> dict[str, str]:
    return {row["id"]: row[field] for row in client.get(f"/v1/{name}?limit=1000").json()["data"]}


@pytest.mark.parametrize("name", list(DATASETS))
def test_each_referenced_id_has_its_name_behind_it(client: TestClient, name: str) -> None:
    heads, rows = chinese_table(client, name)
    assert len(set(heads)) == len(heads)
    for spec in DATASETS[name].fields:
        if not spec.info.references:
            continue
        head = heads[heads.index(spec.info.label_zh) + 1]
        assert head.endswith("标题" if spec.info.references == "documents" else "名称")
        named = [row for row in rows if row[spec.info.label_zh]]
        assert all(row[head] for row in named)
        assert all(not row[head] for row in rows if not row[spec.info.label_zh])
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"/v1/{name}.xlsx?lang=zh").content)).worksheets[0]
    lines = list(sheet.values)
    assert list(lines[0]) == heads
    plain = csv.reader(io.StringIO(client.get(f"/v1/{name}.csv").text, newline=""))
    assert next(plain) == list(DATASETS[name].flat_columns)


@pytest.mark.parametrize(
    ("name", "head", "name_head", "target", "field"),
    [
        ("water-targets", "断面", "断面名称", "water-sections", "name"),
        ("water-targets", "公文", "公文标题", "documents", "title"),
        ("observations", "指标", "指标名称", "indicators", "name_zh"),
        ("observations", "地区", "地区名称", "areas", "name_zh"),
        ("urban-villages", "所属区代码", "所属区名称", "areas", "name_zh"),
        ("village-tasks", "城中村", "城中村名称", "urban-villages", "village"),
    ],
)
def test_the_name_is_that_of_the_row_referred_to(
    client: TestClient, name: str, head: str, name_head: str, target: str, field: str
) -> None:
    _, rows = chinese_table(client, name)
    names = names_of(client, target, field)
    named = [row for row in rows if row[head]]
    assert named
    assert [row[name_head] for row in named] == [names[row[head]] for row in named]


def test_lists_are_joined_and_indicators_have_their_unit(client: TestClient) -> None:
    _, rows = chinese_table(client, "watersheds")
    sections = names_of(client, "water-sections", "name")
    listed = [row for row in rows if ";" in row["断面"]]
    assert listed
    assert [row["断面名称"] for row in listed] == [
        ";".join(sections[row_id] for row_id in row["断面"].split(";")) for row in listed
    ]
    heads, rows = chinese_table(client, "observations", "&fields=period,indicator_id,value")
    assert heads == ["月份", "指标", "指标名称", "单位", "当月"]
    units = {row["指标"]: row["单位"] for row in rows}
    assert (units["retail_sales"], units["cpi"]) == (
        names_of(client, "indicators", "unit_zh")["retail_sales"],
        "上年同期=100",
    )
    assert {row["当月"] for row in rows} >= {"108.30"}  # printed decimals stay


def test_people_are_named_with_their_titles(client: TestClient) -> None:
    event = client.get("/v1/events?limit=1").json()["data"][0]
    _, rows = chinese_table(client, "events", f"&id={event['id']}")
    label = DATASETS["events"].fields_by_name["participants"].info.label_zh
    people = [f"{one['name']}（{one['title']}）" if one["title"] else one["name"] for one in event["participants"]]
    assert rows[0][label] == ";".join(people)
    sheet = openpyxl.load_workbook(
        io.BytesIO(client.get(f"/v1/events.xlsx?lang=zh&id={event['id']}&fields=participants").content)
    ).worksheets[0]
    assert [cell.value for cell in sheet["A"]] == [label, ";".join(people)]


def test_facets_of_references_have_names(client: TestClient) -> None:
    names = names_of(client, "water-sections", "name")
    facets = client.get("/v1/water-targets/facets?by=section_id,document_id").json()["data"]
    assert facets["section_id"]
    assert all(entry["label"] == names[entry["value"]] for entry in facets["section_id"])
    numbers = names_of(client, "documents", "document_number")
    assert all(entry["label"] == numbers[entry["value"]] for entry in facets["document_id"])
    [listed, *_] = client.get("/v1/watersheds/facets?by=section_ids").json()["data"]["section_ids"]
    assert listed["label"] == names[listed["value"]]
    unset = client.get("/v1/village-tasks/facets?by=village_id").json()["data"]["village_id"]
    assert [entry["label"] for entry in unset if entry["value"] is None] in ([], [None])


def expanded(client: TestClient, path: str, query: str = "") -> Any:
    answer = client.get(f"{path}?expand=names{query}")
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text, parse_float=Decimal)


@pytest.mark.parametrize("name", list(DATASETS))
def test_expanded_rows_have_the_names_of_chinese_tables(client: TestClient, name: str) -> None:
    dataset = DATASETS[name]
    references = {spec.name: spec.info for spec in dataset.fields if spec.info.references}
    heads, lines = chinese_table(client, name)
    by_id = {line["标识"]: line for line in lines}
    rows = expanded(client, f"/v1/{name}", "&limit=1000")["data"]
    assert len(rows) == len(lines)
    for row in rows:
        assert set(references) <= set(row["names"])
        for field, info in references.items():
            cell = by_id[row["id"]][heads[heads.index(info.label_zh) + 1]]
            told = row["names"][field]
            assert (";".join(told) if isinstance(row[field], list) else told or "") == cell
            assert (told is None) == (row[field] is None)


def test_expanded_observations_have_their_unit_and_their_decimals(client: TestClient) -> None:
    rows = {row["indicator_id"]: row for row in expanded(client, "/v1/observations")["data"]}
    sales = rows["retail_sales"]
    assert sales["names"] == {
        "indicator_id": "限额以上消费品零售总额", "unit": "亿元", "area_id": "温州市", "issue_id": "2021年第5期",
    }  # fmt: skip
    assert rows["cpi"]["names"]["unit"] == "上年同期=100"
    plain = client.get("/v1/observations?indicator_id=retail_sales").text
    text = client.get("/v1/observations?indicator_id=retail_sales&expand=names").text
    assert plain.partition('"meta"')[0].removesuffix("}],") in text
    assert '"value":81.80' in text


def test_names_follow_the_selected_fields(client: TestClient) -> None:
    [row] = expanded(client, "/v1/observations", "&limit=1&fields=value,indicator_id")["data"]
    assert list(row) == ["value", "indicator_id", "names"]
    assert list(row["names"]) == ["indicator_id", "unit"]
    assert expanded(client, "/v1/observations", "&limit=1&fields=value")["data"][0]["names"] == {}
    assert expanded(client, "/v1/events", "&limit=1")["data"][0]["names"] == {}
    hits = expanded(client, "/v1/water-targets", "&q=III&fields=section_id,highlights")["data"]
    hits += expanded(client, "/v1/urban-villages", "&q=龙湾&limit=3&fields=village,district_code,highlights")["data"]
    assert hits
    assert all({"names", "highlights"} < set(hit) for hit in hits)
    whole = expanded(client, "/v1/urban-villages", "&q=龙湾&limit=1")["data"][0]
    assert whole["names"]["district_code"] == "龙湾区"


def test_expanded_pages_are_read_to_the_end(client: TestClient) -> None:
    link, seen = "/v1/urban-villages?limit=40&expand=names&fields=id,district_code", []
    while link:
        page = client.get(link).json()
        seen += page["data"]
        link = page["links"]["next"]
    assert len({row["id"] for row in seen}) == len(seen) == 102
    assert all(row["names"]["district_code"] for row in seen)


def test_a_row_and_lines_are_expanded_too(client: TestClient) -> None:
    page = expanded(client, "/v1/water-targets", "&limit=1000")["data"]
    row_id = page[0]["id"]
    assert expanded(client, f"/v1/water-targets/{row_id}") == page[0]
    short = client.get(f"/v1/water-targets/{row_id}?expand=names&fields=section_id").json()
    assert short == {"section_id": page[0]["section_id"], "names": {"section_id": page[0]["names"]["section_id"]}}
    lines = client.get("/v1/water-targets.ndjson?expand=names").text.splitlines()
    assert [json.loads(line, parse_float=Decimal) for line in lines] == page
    cut = client.get("/v1/water-targets.ndjson?expand=names&fields=section_id&limit=1").json()
    assert cut == short
    [line] = client.get(f"/v1/water-targets/{row_id}.ndjson?expand=names&fields=section_id").text.splitlines()
    assert json.loads(line) == short
    assert client.get("/v1/water-targets/none?expand=names").status_code == 404


def test_a_document_is_expanded_at_its_number(client: TestClient) -> None:
    answer = client.get("/v1/documents/温政办〔2021〕28号?expand=names&fields=id")
    assert answer.json() == {"id": "wenzhengban-2021-28", "names": {}}
    assert answer.headers["content-location"] == "/v1/documents/wenzhengban-2021-28?expand=names&fields=id"


@pytest.mark.parametrize(
    "path", ["/v1/observations", "/v1/observations.ndjson", "/v1/observations/cpi.330300.2021-05.2021-05"]
)
def test_expanded_answers_are_conditional(client: TestClient, path: str) -> None:
    plain, answer = client.get(path), client.get(f"{path}?expand=names")
    assert plain.headers["etag"] != answer.headers["etag"]
    again = client.get(f"{path}?expand=names", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    uncoded = {"Accept-Encoding": "identity"}
    for one in (
        client.head(f"{path}?expand=names", headers=uncoded),
        client.get(f"{path}?expand=names", headers=uncoded),
    ):
        assert one.headers["content-length"] == str(len(answer.content))


def test_links_to_other_formats_can_be_followed(client: TestClient) -> None:
    links = expanded(client, "/v1/observations", "&indicator_id=cpi")["links"]
    assert {name for name, link in links.items() if link and "expand=names" in link} == {"self", "first", "ndjson"}
    for link in filter(None, links.values()):
        assert client.get(link).status_code == 200


def test_groups_of_references_have_names_on_request(client: TestClient) -> None:
    query = "by=section_id,commitment&metric=count,min:year_to"
    plain = client.get(f"/v1/water-targets/aggregate?{query}").json()["data"]
    groups = expanded(client, "/v1/water-targets/aggregate", f"&{query}")["data"]
    names = names_of(client, "water-sections", "name")
    assert [group.pop("names") for group in groups] == [{"section_id": names[group["section_id"]]} for group in plain]
    assert groups == plain
    [group, *_] = expanded(client, "/v1/watersheds/aggregate", "&by=section_ids")["data"]
    assert group["names"] == {"section_ids": names[group["section_ids"]]}
    [group] = expanded(client, "/v1/observations/aggregate", "&by=indicator_id&indicator_id=cpi")["data"]
    assert group["names"] == {"indicator_id": "居民消费价格总指数", "unit": "上年同期=100"}
    unset = expanded(client, "/v1/village-tasks/aggregate", "&by=village_id")["data"]
    assert all((group["names"]["village_id"] is None) == (group["village_id"] is None) for group in unset)
    assert expanded(client, "/v1/areas/aggregate")["data"] == [{"count": 201, "names": {}}]
    picture = client.get("/v1/water-targets/aggregate.svg?by=section_id&expand=names")
    assert [error["parameter"] for error in picture.json()["errors"]] == ["expand"]


@pytest.mark.parametrize("value", ["", "name", "names,names", "all"])
@pytest.mark.parametrize(
    "path", ["/v1/areas", "/v1/areas.ndjson", "/v1/areas/330300", "/v1/areas/330300.ndjson", "/v1/areas/aggregate"]
)
def test_another_expansion_is_refused(client: TestClient, path: str, value: str) -> None:
    answer = client.get(path, params={"expand": value})
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert (error["parameter"], error["allowed"]) == ("expand", ["names"])


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet", ".atom", "/facets", "/schema"])
def test_what_is_not_json_rows_is_not_expanded(client: TestClient, suffix: str) -> None:
    answer = client.get(f"/v1/areas{suffix}?expand=names")
    assert answer.status_code == 400
    assert {error["parameter"] for error in answer.json()["errors"]} >= {"expand"}
    if suffix in (".csv", ".xlsx"):
        assert "lang=zh" in answer.json()["detail"]


def test_each_dataset_that_is_referred_to_is_read_once(loaded_url: str) -> None:
    with client_for(loaded_url) as fresh:
        fresh.get("/readyz")
        with counted_reads(fresh) as reads:
            rows = expanded(fresh, "/v1/water-targets", "&limit=1000")["data"]
        assert len(rows) == 21
        referenced = {spec.info.references for spec in DATASETS["water-targets"].fields if spec.info.references}
        assert len(referenced) == 3
        assert len(reads) == 2 + len(referenced)  # the page, its total, and the names
        with counted_reads(fresh) as reads:
            expanded(fresh, "/v1/water-targets", "&limit=10")
        assert reads.count("stream") == 0  # the names of this revision are known
        with counted_reads(fresh) as reads:
            fresh.get("/v1/water-targets?limit=10&fields=section_id")
        assert reads.count("stream") == 0


def test_a_page_for_people_takes_the_parameter(client: TestClient) -> None:
    for path in ("/observations", "/observations/cpi.330300.2021-05.2021-05"):
        answer = client.get(f"{path}?expand=names")
        assert answer.status_code == 200
    answer = client.get("/observations?expand=names&indicator_id=cpi")
    files = [unescape(link) for link in re.findall(r'href="([^"]*\.csv[^"]*)"', answer.text)]
    assert any("indicator_id=cpi" in link for link in files)
    assert all(client.get(link).status_code == 200 for link in files)
