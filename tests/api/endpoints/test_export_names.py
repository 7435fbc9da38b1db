"""Chinese tables name what they refer to, so that nobody joins by hand."""

import csv
import io

import openpyxl
import pytest
from starlette.testclient import TestClient

from app.datasets import DATASETS

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
