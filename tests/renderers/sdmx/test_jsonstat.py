"""The cube of JSON-stat 2.0: valid, exact, bounded, read by pyjstat."""

import json
from decimal import Decimal
from typing import Any

import pytest
from jsonstat_validator import validate_jsonstat
from pyjstat import pyjstat
from starlette.testclient import TestClient

from tests.support.goldens import assert_golden
from tests.support.service import client_for

CUBE = "/v1/observations.jsonstat"


def cube(client: TestClient, query: str = "") -> Any:
    """Return the cube with exact numbers."""
    answer = client.get(CUBE + query)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json"), answer.text
    assert validate_jsonstat(answer.json())
    return json.loads(answer.text, parse_float=Decimal)


def test_the_cube_equals_the_reviewed_file(eggs: TestClient) -> None:
    assert_golden("observations.jsonstat.json", eggs.get(f"{CUBE}?vintages=all").content)


def at(found: Any, **wanted: str) -> tuple[Any, str | None]:
    """Return value and status of one cell."""
    place = 0
    for name, size in zip(found["id"], found["size"], strict=True):
        index = found["dimension"][name]["category"]["index"]
        assert len(index) == size
        place = place * size + index.index(wanted[name])
    return found["value"][place], found["status"].get(str(place))


def test_cells_have_value_and_status(eggs: TestClient) -> None:
    found = cube(eggs)
    assert (found["id"], found["size"]) == (["indicator", "area", "period", "measure"], [2, 2, 2, 4])
    assert len(found["value"]) == 32
    january = {"indicator": "eggs", "area": "330300", "period": "1999-01"}
    assert str(at(found, **january, measure="value")[0]) == "1.60"
    assert at(found, **january, measure="cumulative_yoy") == (None, "O")
    # No such figure was printed at all: null, and no status.
    assert at(found, **{**january, "area": "zone-kaifaqu"}, measure="value") == (None, None)
    assert found["updated"] == "1999-03-01"
    every = cube(eggs, "?vintages=all")
    assert every["id"] == ["indicator", "area", "period", "issue", "measure"]
    assert [str(at(every, **january, issue=issue, measure="value")[0]) for issue in ("1999-01", "1999-02")] == [
        "1.50",
        "1.60",
    ]
    then = cube(eggs, "?as_of=1999-02-15")
    assert (then["size"], then["updated"]) == ([2, 1, 1, 4], "1999-02-01")


def test_the_bundled_month(client: TestClient) -> None:
    found = cube(client)
    assert '"value":[108.30,9.8,489.60,25.3,' in client.get(CUBE).text
    assert found["role"] == {"time": ["period"], "geo": ["area"], "metric": ["indicator", "measure"]}
    units = found["dimension"]["indicator"]["category"]["unit"]
    assert units["retail_sales"] == {"label": "Yuan renminbi, hundred millions", "decimals": 2}
    assert units["cpi"]["label"].startswith("Index")
    chinese = cube(client, "?lang=zh")
    assert chinese["dimension"]["indicator"]["category"]["label"]["cpi"] == "居民消费价格总指数"
    assert chinese["dimension"]["indicator"]["category"]["unit"]["retail_sales"]["label"] == "亿元"
    assert chinese["source"].endswith("温州市人民政府公报")
    assert chinese["dimension"]["measure"]["category"]["label"]["value_yoy"] == "当月同比"
    assert chinese["href"] == "http://127.0.0.1:8000/v1/observations.jsonstat?lang=zh"
    assert chinese["extension"]["status"]["label"] == {"O": "缺失"}


def test_filters_narrow_the_cube(client: TestClient) -> None:
    one = cube(client, "?indicator_id=cpi")
    assert (one["size"], [str(value) for value in one["value"]]) == ([1, 1, 1, 4], ["102.0", "None", "101.4", "None"])
    assert cube(client, "?filter=indicator_id='cpi' OR value>100")["size"][0] == 4
    assert cube(client, "?period=2030-01")["value"] == []


# Its own readers call what it has deprecated.
@pytest.mark.filterwarnings("ignore:Shouldn't use this function")
def test_pyjstat_reads_it(eggs: TestClient) -> None:
    frame = pyjstat.Dataset.read(eggs.get(CUBE).text).write("dataframe")
    assert len(frame) == 32
    wanted = (frame["Indicator"] == "Eggs & <hens>") & (frame["Month"] == "1999-02") & (frame["value"] == 3.25)
    assert frame[wanted]["Measure"].tolist() == ["Year to date"]


@pytest.mark.parametrize(
    ("query", "parameter", "hint"),
    [
        ("perid=1999-01", "perid", "'period'"),
        ("period=1999", "period", "YYYY-MM"),
        ("limit=5", "limit", "unknown"),
        ("fields=value", "fields", "unknown"),
        ("lang=fr", "lang", "not allowed"),
        ("vintages=some", "vintages", "latest"),
    ],
)
def test_faults_are_named(eggs: TestClient, query: str, parameter: str, hint: str) -> None:
    answer = eggs.get(f"{CUBE}?{query}")
    assert answer.status_code == 400
    [fault] = answer.json()["errors"]
    assert fault["parameter"] == parameter
    assert hint in fault["detail"] + " ".join(fault["allowed"] or [])


def test_a_cube_is_bounded(eggs_url: str) -> None:
    with client_for(eggs_url, max_statistics_rows=3) as few:
        assert "at most 3 rows" in few.get(CUBE).text
        # Three rows, but room for thirty cells and no more.
        assert few.get(f"{CUBE}?indicator_id=eggs").status_code == 200
        assert "at most 30 cells" in few.get(f"{CUBE}?value__isnull=false").text


def test_validators(eggs: TestClient) -> None:
    first = eggs.get(CUBE)
    assert eggs.get(CUBE, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert eggs.get(f"{CUBE}?lang=zh").headers["etag"] != first.headers["etag"]
