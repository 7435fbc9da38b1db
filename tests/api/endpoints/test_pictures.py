"""Pictures of series, facets and aggregates, on both databases."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from app.api.endpoints.pictures import load_groups_picture, parse_aggregate_picture
from app.datasets import DATASETS
from app.db.engine import open_engine
from app.model.rows import render_row
from app.query.params.grouping import groupable_fields, metric_names
from tests.support.served import get, running
from tests.support.service import client_for
from tests.support.svg import Picture

VILLAGES = "/v1/urban-villages"
SERIES = "/v1/indicators/retail_sales/series.svg"
BY_DISTRICT = f"{VILLAGES}/aggregate.svg?by=district"
OBSERVATIONS, VILLAGE_ROWS = DATASETS["observations"], DATASETS["urban-villages"]


def picture(client: TestClient, address: str) -> Picture:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/svg+xml"
    drawn = Picture(answer.text)
    drawn.assert_sound()
    return drawn


def faults(client: TestClient, address: str) -> dict[str, str]:
    answer = client.get(address)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return {fault["parameter"]: fault["detail"] for fault in answer.json()["errors"]}


def test_bars_stand_alone(client: TestClient) -> None:
    drawn = picture(client, f"{BY_DISTRICT}&plan=拆迁")
    assert drawn.title == "城中村改造清单：按所属区"
    assert drawn.words("sub") == ["78条记录；改造计划为“拆迁”"]
    assert drawn.words("head") == ["所属区", "记录数"]
    figures = client.get(f"{VILLAGES}/facets?by=district&plan=拆迁").json()["data"]["district"]
    assert drawn.words("value") == [str(entry["count"]) for entry in figures]
    assert "龙湾区 41" in drawn.hints()
    small = drawn.words("small")
    assert "来源：温州市人民政府公报 2021年第5期（总第225期）" in small
    revision = client.get("/readyz").json()["revision"]
    assert f"数据版本 {revision[:12]}" in small
    assert f"{VILLAGES}/aggregate?by=district&plan=拆迁" in small
    assert drawn.description.startswith("78条记录；改造计划为“拆迁”。龙湾区 41，")


def test_the_address_leads_to_the_same_figures(client: TestClient) -> None:
    for address in (f"{BY_DISTRICT}&plan=拆迁&lang=en&width=400", f"{SERIES}?measure=cumulative&lang=en"):
        link = picture(client, address).root.find(".//{http://www.w3.org/2000/svg}a")
        assert link is not None
        assert client.get(link.get("href", "")).status_code == 200


def test_the_address_is_under_the_public_base(loaded_url: str) -> None:
    with client_for(loaded_url, public_base_url="https://data.example.org") as client:
        drawn = picture(client, BY_DISTRICT)
        assert f"https://data.example.org{VILLAGES}/aggregate?by=district" in drawn.words("small")


def test_english_pictures_have_english_words(client: TestClient) -> None:
    drawn = picture(client, f"{VILLAGES}/aggregate.svg?by=plan&lang=en&year_to__gte=2022")
    assert drawn.root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert drawn.title == "Urban villages to be renovated, by plan"
    assert [each.text for each in drawn.texts if each.text in ("Demolition", "Upgrade")] == ["Demolition", "Upgrade"]
    assert "records; " in drawn.words("sub")[0]
    assert client.get(f"{BY_DISTRICT}&lang=en").headers["content-language"] == "en"
    assert client.get(BY_DISTRICT).headers["content-language"] == "zh-Hans"


def test_referenced_rows_have_names(client: TestClient) -> None:
    drawn = picture(client, "/v1/observations/facets.svg?by=indicator_id&area_id=330300")
    labels = {each.text for each in drawn.texts}
    assert {"财政总收入", "居民消费价格总指数"} <= labels
    assert not {"fiscal_revenue", "cpi"} & labels
    assert drawn.words("sub") == ["9条记录；地区为“温州市”"]
    codes = picture(client, "/v1/water-sections/facets.svg?by=target_class")
    assert {"Ⅲ类", "Ⅳ类"} <= {each.text for each in codes.texts}


def test_facets_and_aggregates_are_drawn_alike(client: TestClient) -> None:
    facets = picture(client, f"{VILLAGES}/facets.svg?by=street")
    aggregate = picture(client, f"{VILLAGES}/aggregate.svg?by=street")
    assert facets.words("value") == aggregate.words("value")
    assert [int(value) for value in facets.words("value")] == sorted(map(int, facets.words("value")), reverse=True)
    assert sum(map(int, facets.words("value"))) == 102


def test_a_limit_is_a_number_of_bars(client: TestClient) -> None:
    drawn = picture(client, f"{VILLAGES}/facets.svg?by=street&limit=3")
    assert len(drawn.words("value")) == 3
    streets = client.get(f"{VILLAGES}/facets?by=street").json()["meta"]["groups"]["street"]
    assert f"另有{streets - 3}项未画出。" in drawn.words("small")
    by_name = picture(client, f"{VILLAGES}/aggregate.svg?by=district&sort=-district&limit=2")
    shown = [row["district"] for row in client.get(f"{VILLAGES}/aggregate?by=district&sort=-district").json()["data"]]
    assert [hint.split()[0] for hint in by_name.hints()[:2]] == shown[:2]


def test_years_are_columns_in_their_order(client: TestClient) -> None:
    drawn = picture(client, f"{VILLAGES}/aggregate.svg?by=year_to")
    assert drawn.words("value") == ["23", "18", "22", "39"]
    assert [word for word in drawn.words("tick") if word.startswith("20") and len(word) > 3] == [
        "2021年", "2022年", "2023年", "2024年", "2025年",
    ]  # fmt: skip
    assert drawn.count("line", "missing") == 0, "no village in 2024 is none, not a missing figure"


def test_two_fields_are_bars_made_of_parts(client: TestClient) -> None:
    drawn = picture(client, f"{VILLAGES}/aggregate.svg?by=district,plan")
    rows = client.get(f"{VILLAGES}/aggregate?by=district,plan").json()["data"]
    labels = {"demolition": "拆迁", "upgrade": "整治提升"}
    for row in rows:
        assert f"{row['district']}, {labels[row['plan']]} {row['count']}" in drawn.hints()
    assert drawn.words("value") == ["53", "25", "14", "9", "1"]


def test_two_fields_with_many_values_are_a_grid(client: TestClient) -> None:
    drawn = picture(client, f"{VILLAGES}/aggregate.svg?by=street,district&metric=avg:year_to")
    rows = client.get(f"{VILLAGES}/aggregate?by=street,district&metric=avg:year_to").json()["data"]
    assert drawn.count("rect", "part") == len(rows)
    assert "颜色越深，数值越大；空格表示没有记录。" in drawn.words("small")


def test_averages_are_short(client: TestClient) -> None:
    drawn = picture(client, "/v1/village-tasks/aggregate.svg?by=street&metric=avg:number")
    assert all("." not in word or len(word.partition(".")[2]) in (1, 2) for word in drawn.words("value"))
    assert any("." in word for word in drawn.words("value"))


def test_a_picture_without_rows_says_so(client: TestClient) -> None:
    for address in (
        f"{BY_DISTRICT}&district=x",
        f"{SERIES}?period=1999-01",
        f"{VILLAGES}/facets.svg?by=plan&q=没有的词",
    ):
        drawn = picture(client, address)
        assert "没有符合条件的记录。" in [each.text for each in drawn.texts]
        assert "没有符合条件的记录。" in drawn.description
    missing = picture(client, "/v1/indicators/rmb_deposits/series.svg?measure=value")
    assert "原文没有这些数值。" in [each.text for each in missing.texts]


def test_a_month_is_a_column_with_the_printed_figure(client: TestClient) -> None:
    drawn = picture(client, "/v1/indicators/industrial_value_added/series.svg")
    assert drawn.title == "温州市规模以上工业增加值"
    assert drawn.words("sub") == ["当月（亿元）"]
    assert drawn.words("value") == ["108.30"]
    assert drawn.words("head") == ["亿元", "月份"]
    change = picture(client, "/v1/indicators/fiscal_revenue/series.svg?measure=value_yoy&lang=en")
    assert (change.words("value"), change.words("head")) == (["-0.3"], ["%", "Month"])


def test_a_balance_is_drawn_as_one(client: TestClient) -> None:
    drawn = picture(client, "/v1/indicators/rmb_loans/series.svg")
    assert drawn.words("sub") == ["月末余额（亿元）"]
    assert drawn.words("value") == ["14583.30"]
    index = picture(client, "/v1/indicators/cpi/series.svg?lang=en")
    assert index.words("sub") == ["Month (same period of the previous year = 100)"]


def test_the_year_before_is_marked_as_derived(client: TestClient) -> None:
    drawn = picture(client, "/v1/indicators/retail_sales/series.svg?derive=prior_year")
    point = client.get("/v1/indicators/retail_sales/series?derive=prior_year").json()["data"][0]
    assert drawn.words("value") == [str(point["derived"]["prior_year"]), "81.80"]
    assert "斜纹柱为上年同期数，由本期数和同比推算。" in drawn.words("small")


@pytest.fixture
def months(writable_url: str) -> Iterator[TestClient]:
    """Return a client of a database with 24 more months, of which one is absent and one has no figure."""
    with open_engine(writable_url) as engine, engine.begin() as connection:
        for place in (place for place in range(24) if place != 7):
            year, month = divmod(2019 * 12 + 4 + place, 12)
            period = f"{year}-{month + 1:02d}"
            value = None if place == 12 else Decimal(100 + place) / 2
            insert_observation(connection, period, value)
    with client_for(writable_url) as client:
        yield client


def insert_observation(connection: sa.Connection, period: str, value: Decimal | None, **changes: Any) -> None:
    status = "missing" if value is None else "normal"
    row = {
        "id": f"retail_sales.330300.{period}.2021-05", "indicator_id": "retail_sales", "area_id": "330300",
        "period": period, "value": value, "value_status": status, "value_yoy": Decimal("1.0"),
        "value_yoy_status": "normal", "cumulative": value, "cumulative_status": status, "cumulative_yoy": None,
        "cumulative_yoy_status": "missing", "issue_id": "2021-05", "published_on": date(2021, 6, 20), "notes": None,
        "source": {"issue_id": "2021-05", "lines": [1, 1]}, **changes,
    }  # fmt: skip
    row_json, row_csv = render_row(OBSERVATIONS, row)
    stored = {spec.name: row[spec.name] for spec in OBSERVATIONS.stored_fields}
    extra = {"row_json": row_json, "row_csv": row_csv, "row_issue": "2021-05", "row_line": 1}
    connection.execute(sa.insert(OBSERVATIONS.table).values(stored | extra))


def test_many_months_are_a_line_with_gaps_that_are_named(months: TestClient) -> None:
    drawn = picture(months, SERIES)
    assert drawn.count("path", "line") == 3
    assert drawn.count("line", "missing") == 2
    assert "缺2019年12月、2020年5月（共2期无数值）。" in drawn.words("small")
    assert drawn.words("value")[0] == "81.80"
    few = picture(months, f"{SERIES}?period__gte=2020-12&period__lte=2021-04")
    assert few.count("path", "line") == 0
    assert len(few.words("value")) == 5
    assert "月份不早于 2020-12" in few.words("sub")[0]
    yearly = picture(months, f"{SERIES}?measure=cumulative&lang=en")
    assert yearly.count("path", "line") > 3


def test_earlier_vintages_are_hollow_dots(months: TestClient, writable_url: str) -> None:
    with open_engine(writable_url) as engine, engine.begin() as connection:
        key, period, day = "retail_sales.330300.2020-10.2020-11", "2020-10", date(2020, 11, 20)
        superseded = {"row_superseded_on": date(2021, 6, 20)}
        insert_observation(connection, period, Decimal("12.34"), id=key, published_on=day)
        table = OBSERVATIONS.table
        connection.execute(sa.update(table).where(table.c.id == key).values(superseded))
    drawn = picture(months, f"{SERIES}?vintages=all")
    assert drawn.count("circle", "earlier") == 1
    assert "2020年10月 12.34" in drawn.hints()
    assert picture(months, SERIES).count("circle", "earlier") == 0


def test_pictures_are_as_wide_and_high_as_asked(client: TestClient) -> None:
    for width in (280, 360, 1600):
        assert picture(client, f"{BY_DISTRICT}&width={width}").width == width
    assert picture(client, f"{BY_DISTRICT}&height=700").height == 700
    assert picture(client, f"{SERIES}?height=200").height > 200, "a drawing is not squeezed"


@pytest.mark.parametrize(
    ("address", "parameters"),
    [
        (f"{BY_DISTRICT}&width=279&height=9999&lang=fr", {"width", "height", "lang"}),
        (f"{BY_DISTRICT}&widht=300", {"widht"}),
        (f"{VILLAGES}/aggregate.svg", {"by"}),
        (f"{VILLAGES}/aggregate.svg?by=district,plan,street", {"by"}),
        (f"{VILLAGES}/aggregate.svg?by=plan&metric=count,sum:year_to", {"metric"}),
        (f"{VILLAGES}/aggregate.svg?by=plan&metric=max:street", {"metric"}),
        (f"{VILLAGES}/aggregate.svg?by=plan&offset=1", {"offset"}),
        (f"{VILLAGES}/facets.svg?by=plan,district", {"by"}),
        (f"{VILLAGES}/facets.svg", {"by"}),
        (f"{VILLAGES}/facets.svg?by=plan&measure=value", {"measure"}),
        (f"{SERIES}?measure=x&derive=monthly_from_cumulative&wdth=1", {"measure", "derive", "wdth"}),
        (f"{SERIES}?measure=value_yoy&derive=prior_year", {"derive"}),
        (f"{SERIES}?lang=zh&lang=en", {"lang"}),
    ],
)
def test_every_fault_is_named(client: TestClient, address: str, parameters: set[str]) -> None:
    assert set(faults(client, address)) == parameters


def test_a_misspelt_parameter_gets_a_hint(client: TestClient) -> None:
    assert "'width'" in faults(client, f"{BY_DISTRICT}&widht=300")["widht"]
    assert "'measure'" in faults(client, f"{SERIES}?mesure=value")["mesure"]


def test_an_unknown_indicator_is_a_404(client: TestClient) -> None:
    assert client.get("/v1/indicators/eggs/series.svg").status_code == 404
    assert client.get(f"{VILLAGES}/schema.svg").status_code == 404
    assert client.get("/v1/eggs/facets.svg?by=x").status_code == 404


def test_too_many_groups_are_refused(loaded_url: str) -> None:
    with client_for(loaded_url, max_groups=101) as client:
        assert "101 groups" in faults(client, f"{VILLAGES}/facets.svg?by=id")["by"]


def test_pictures_have_validators_and_a_policy_of_their_own(client: TestClient) -> None:
    for address in (BY_DISTRICT, f"{VILLAGES}/facets.svg?by=plan", SERIES):
        first = client.get(address)
        assert first.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
        assert first.headers["cache-control"].startswith("public, max-age=")
        again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        head = client.head(address)
        assert (head.status_code, head.headers["etag"]) == (200, first.headers["etag"])
        coded = client.get(address, headers={"Accept-Encoding": "br"})
        assert coded.headers["content-encoding"] == "br"
        assert coded.text == first.text
    tags = {client.get(f"{BY_DISTRICT}{more}").headers["etag"] for more in ("", "&lang=en", "&width=300")}
    assert len(tags) == 3


def test_the_status_of_documents_depends_on_the_day(client: TestClient) -> None:
    address = "/v1/documents/aggregate.svg?by=status"
    assert "stale-while-revalidate" not in client.get(address).headers["cache-control"]
    assert picture(client, f"{address}&on=2030-01-01").words("sub")[0].endswith("以 2030-01-01 当日为准")
    assert picture(client, address).words("sub")[0].endswith("以 2021-07-01 当日为准")
    assert "当日" not in picture(client, "/v1/documents/aggregate.svg?by=issuer").words("sub")[0]


def test_browsers_get_pictures_by_the_short_way_and_then_from_the_cache(loaded_url: str) -> None:
    accept = "Accept: image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
    with running(loaded_url) as served:
        for lines in ((accept,), ("Accept: image/svg+xml",)):
            [(status, headers, body)] = served.ask(get(BY_DISTRICT, *lines))
            assert (status, headers[b"content-type"]) == (200, b"image/svg+xml")
            Picture(body.decode()).assert_sound()
        before = served.app.calls
        assert served.ask(get(BY_DISTRICT, accept))[0][2] == body
        assert served.app.calls == before


def test_a_page_gets_the_text_that_replaces_a_picture(client: TestClient) -> None:
    context = client.app.app.context  # type: ignore[attr-defined]  # the gateway's application
    pairs = (("by", "district"), ("plan", "upgrade"), ("lang", "zh"))
    dataset = VILLAGE_ROWS

    async def alt() -> str:
        question = parse_aggregate_picture(context, dataset, pairs)
        return (await load_groups_picture(context, dataset, "aggregate", question)).alt

    assert client.portal is not None
    told = client.portal.call(alt)
    assert told.startswith("城中村改造清单：按所属区。24条记录；改造计划为“整治提升”。龙湾区 12")


MIXED_UNITS = {"commitments": "unit", "observations": "indicator_id"}
"""The field by which figures of one unit are taken together, in datasets that have several."""


@pytest.mark.slow
@pytest.mark.parametrize("name", list(DATASETS))
def test_every_field_and_metric_of_every_dataset_can_be_drawn(client: TestClient, name: str) -> None:
    dataset = DATASETS[name]
    fields = groupable_fields(dataset)
    for field in fields:
        picture(client, f"/v1/{name}/facets.svg?by={field}&lang=en")
    for first, second in pairwise(fields):
        picture(client, f"/v1/{name}/aggregate.svg?by={first},{second}&width=320")
    for metric in metric_names(dataset):
        kind, _, field = metric.partition(":")
        if kind == "count" or dataset.fields_by_name[field].kind in ("integer", "number"):
            by = MIXED_UNITS.get(name, fields[-1]) if kind in ("sum", "avg") else fields[-1]
            picture(client, f"/v1/{name}/aggregate.svg?by={by}&metric={metric}")


def test_pictures_are_in_the_catalogue(client: TestClient) -> None:
    path = f"{VILLAGES}/facets.svg?by=district"
    assert picture(client, path).title == "城中村改造清单：按所属区"
    entries = client.get("/", headers={"Accept": "application/json"}).json()["datasets"]
    [entry] = [entry for entry in entries if entry["name"] == "urban-villages"]
    assert entry["links"]["svg"] == path
    assert client.get(f"{VILLAGES}.jsonld").json()["image"].endswith(path)
    assert f"{path}>" in client.get("/catalog.ttl").text
