"""Commitments of the bundled issue, read by hand in the print."""

from typing import Any

import pytest
from starlette.testclient import TestClient

PLAN, VILLAGES = "wenzhengban-2021-28", "wenzhengban-2021-29"


def found(client: TestClient, **conditions: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get("/v1/commitments", params={"limit": "200", **conditions}).json()["data"]
    return rows


@pytest.mark.parametrize(
    ("key", "value", "unit", "due_to"),
    [
        (f"{PLAN}.s1.i1.3", 90, "%", "2021-12-31"),
        (f"{PLAN}.s1.i1.4", 93, "%", "2022-12-31"),
        (f"{PLAN}.s1.i1.5", 93, "%", "2023-12-31"),
        (f"{PLAN}.s1.i1.6", None, None, "2022-12-31"),
        (f"{PLAN}.s1.i1.7", None, None, "2023-12-31"),
        (f"{PLAN}.s1.i2.3", None, None, "2021-12-31"),
        (f"{PLAN}.s2.i5.n2.1", 9, "个", None),
        (f"{VILLAGES}.s2.1", 102, "个", None),
        (f"{VILLAGES}.s2.2", 204, "平方公里", None),
        (f"{VILLAGES}.s2.3", 69, "个", None),
        (f"{VILLAGES}.s2.4", 33, "个", None),
        (f"{VILLAGES}.s3.i1.1", 41, "个", "2023-12-31"),
        (f"{VILLAGES}.s3.i1.2", 78, "个", "2025-12-31"),
    ],
)
def test_a_commitment_keeps_its_id_and_value(
    client: TestClient, key: str, value: int | None, unit: str | None, due_to: str | None
) -> None:
    row = client.get(f"/v1/commitments/{key}").json()
    assert (row["value"], row["unit"], row["due_to"]) == (value, unit, due_to)


def test_all_members_after_one_date_are_served(client: TestClient) -> None:
    subjects = [row["subject_zh"] for row in found(client, provision_id=f"{PLAN}.s2.i2.n1", due_to="2023-12-31")]
    assert subjects == [
        "园区和企业雨、污水收集系统完备",
        "园区均应建成污水集中处理设施并稳定达标运行",
        "入园企业废水须经预处理达到集中处理设施的接入要求",
    ]


def test_the_duties_of_annex_2_are_served_with_those_who_bear_them(client: TestClient) -> None:
    rows = found(client, provision_id=f"{PLAN}.annex2")
    dated = [row for row in rows if row["due_to"] == "2021-04-30"]
    assert (len(dated), len(rows)) == (8, 18)
    assert dated[0]["responsible"] == ["龙湾区", "温州经开区"]
    assert sum("每季度" in (row["notes"] or "") for row in rows) == 9


def test_what_all_bodies_bear_holds_for_the_whole_chapter(client: TestClient) -> None:
    [row] = found(client, provision_id=f"{PLAN}.s2.i5.n3")
    assert row["responsible"] == ["有关县〔市、区〕政府", "功能区管委会"]
