"""SDMX code lists."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from starlette.testclient import TestClient

from app.renderers.sdmx.codelists import from_code, to_code
from tests.support import packages
from tests.support.sdmx import DATA, JSON, SDMX, ask, lines
from tests.support.service import client_for


def test_code_lists_have_both_names_and_parents(client: TestClient) -> None:
    body = ask(client, f"{SDMX}/codelist", JSON).json()
    lists = {each["id"]: {code["id"]: code for code in each["codes"]} for each in body["data"]["codelists"]}
    assert lists["CL_INDICATOR"]["cpi"]["names"]["zh"] == "居民消费价格总指数"
    assert lists["CL_INDICATOR"]["household_deposits"]["parent"] == "rmb_deposits"
    assert lists["CL_AREA"]["330302"]["parent"] == "330300"
    assert lists["CL_TRANSFORMATION"]["cumulative_yoy"]["names"] == {
        "en": "Year to date, year on year",
        "zh": "累计同比",
    }
    assert {code: entry["names"]["zh"] for code, entry in lists["CL_OBS_STATUS"].items()} == {"A": "正常", "O": "缺失"}
    assert set(lists["CL_UNIT"]) == {"CNY", "IX", "PT"}
    codes = [code for codes in lists.values() for code in codes]
    assert [code for code in codes if not re.fullmatch(r"[A-Za-z0-9_@$-]+", code)] == []
    areas = client.get("/v1/areas?limit=1000").json()["data"]
    assert set(lists["CL_AREA"]) == {area["id"] for area in areas}


def test_ids_and_units_that_are_no_codes_are_escaped(empty_url: str, tmp_path: Path) -> None:
    content = packages.tables()
    content["indicators"].append(content["indicators"][0] | {"id": "a.b:c", "unit": 'CNY/"t"<1', "name_zh": "蛋<价>&"})
    content["observations"].append(content["observations"][0] | {"id": "a.b", "indicator_id": "a.b:c"})
    packages.load(empty_url, packages.write(tmp_path, content))
    with client_for(empty_url) as client:
        body = ask(client, f"{SDMX}/codelist", JSON).json()
        lists = {each["id"]: {code["id"]: code for code in each["codes"]} for each in body["data"]["codelists"]}
        assert lists["CL_INDICATOR"]["a@2E@b@3A@c"]["names"]["zh"] == "蛋<价>&"
        assert lists["CL_UNIT"]["CNY@2F@@22@t@22@@3C@1"]["names"]["en"] == 'CNY/"t"<1'
        assert "蛋&lt;价&gt;&amp;" in ask(client, f"{SDMX}/codelist").text
        found = lines(client, f"{DATA}/M.330300.a@2E@b@3A@c.value")
        assert [line["OBS_VALUE"] for line in found] == ["1.50"]
        available = ask(client, f"{SDMX}/availableconstraint/INDICATORS/M..a@2E@b@3A@c.").text
        assert "a@2E@b@3A@c" in available
        etree.fromstring(available.encode())


@given(st.text(max_size=50))
def test_a_code_leads_back_to_its_id(text: str) -> None:
    assert from_code(to_code(text)) == text
    assert re.fullmatch(r"[A-Za-z0-9_@$-]*", to_code(text))
