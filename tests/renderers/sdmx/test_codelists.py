"""SDMX code lists."""

import re

from starlette.testclient import TestClient

from tests.support.sdmx import JSON, SDMX, ask


def test_code_lists_have_both_names_and_parents(client: TestClient) -> None:
    body = ask(client, f"{SDMX}/codelist", JSON).json()
    lists = {each["id"]: {code["id"]: code for code in each["codes"]} for each in body["data"]["codelists"]}
    assert lists["CL_INDICATOR"]["cpi"]["names"]["zh"] == "居民消费价格总指数"
    assert lists["CL_INDICATOR"]["household_deposits"]["parent"] == "rmb_deposits"
    assert lists["CL_AREA"]["330302"]["parent"] == "330300"
    assert lists["CL_TRANSFORMATION"]["cumulative_yoy"]["names"] == {
        "en": "Accumulated, year on year",
        "zh": "累计同比",
    }
    assert {code: entry["names"]["zh"] for code, entry in lists["CL_OBS_STATUS"].items()} == {"A": "正常", "O": "缺失"}
    assert set(lists["CL_UNIT"]) == {"CNY", "IX", "PT"}
    codes = [code for codes in lists.values() for code in codes]
    assert [code for code in codes if not re.fullmatch(r"[A-Za-z0-9_@$-]+", code)] == []
    areas = client.get("/v1/areas?limit=1000").json()["data"]
    assert set(lists["CL_AREA"]) == {area["id"] for area in areas}
