"""What is said of unknown parameters."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.datasets import DATASETS
from app.query.params.appended import APPENDED_PARAMETERS
from app.query.params.dataset_query import (
    FEED_PARAMS,
    PAGE_PARAMS,
    TABLE_PARAMS,
    filters_by_label,
    parameter_names,
)
from app.query.params.name_hints import HABITS, OPERATOR_ADVICE, OPERATOR_HABITS, plain, unknown_name

VILLAGES = "/v1/urban-villages"
KINDS = {"page": PAGE_PARAMS, "table": TABLE_PARAMS, "feed": FEED_PARAMS}


@pytest.mark.parametrize(
    ("path", "query", "hint"),
    [
        (VILLAGES, "page=2", "'offset'"),
        (VILLAGES, "per_page=2", "'limit'"),
        (VILLAGES, "pageSize=2", "'limit'"),
        (VILLAGES, "page[size]=2", "'limit'"),
        (VILLAGES, "page[number]=2", "'offset'"),
        (VILLAGES, "rows=2", "'limit'"),
        (VILLAGES, "start=2", "'offset'"),
        (VILLAGES, "_size=2", "'limit'"),
        (VILLAGES, "_next=2", "'cursor'"),
        (VILLAGES, "_sort=id", "'sort'"),
        (VILLAGES, "_search=x", "'q'"),
        (VILLAGES, "$limit=2", "'limit'"),
        (VILLAGES, "$offset=2", "'offset'"),
        (VILLAGES, "$skip=2", "'offset'"),
        (VILLAGES, "$top=2", "'limit'"),
        (VILLAGES, "$where=x", "'filter'"),
        (VILLAGES, "$filter=x", "'filter'"),
        (VILLAGES, "$orderby=x", "'sort'"),
        (VILLAGES, "$select=x", "'fields'"),
        (VILLAGES, "$q=x", "'q'"),
        (VILLAGES, "select=id", "'fields'"),
        (VILLAGES, "fl=id", "'fields'"),
        (VILLAGES, "order=id", "'sort'"),
        (VILLAGES, "order_by=id", "'sort'"),
        (VILLAGES, "search=x", "'q'"),
        (VILLAGES, "query=x", "'q'"),
        (VILLAGES, "keyword=x", "'q'"),
        (VILLAGES, "关键词=x", "'q'"),
        (VILLAGES, "where=x", "'filter'"),
        (VILLAGES, "or=(a.eq.1)", "'filter'"),
        (VILLAGES, "and=(a.eq.1)", "'filter'"),
        (VILLAGES, "format=csv", ".csv"),
        (VILLAGES, "f=json", ".csv"),
        (VILLAGES, "lang=zh", "/schema"),
        (VILLAGES, "key=x", "No key"),
        (VILLAGES, "api_key=x", "No key"),
        (VILLAGES, "access_token=x", "No key"),
        (VILLAGES, "callback=x", "CORS"),
        (VILLAGES, "_facet=plan", "/facets"),
        (VILLAGES, "bbox=1,2,3,4", "no coordinates"),
        (VILLAGES, "distrct=x", "'district'"),
        (VILLAGES, "District=x", "'district'"),
        (VILLAGES, "yearFrom=2021", "'year_from'"),
        (VILLAGES, "year=2021", "'year_from'"),
        (VILLAGES, "district.eq=x", "'district"),
        (VILLAGES, "year_from.gt=2021", "'year_from__gt'"),
        (VILLAGES, "year_from[gte]=2021", "'year_from__gte'"),
        (VILLAGES, "filter[year_from][$gte]=2021", "'year_from__gte'"),
        (VILLAGES, "filters[district]=x", "'district'"),
        (VILLAGES, "refine.district=x", "'district'"),
        (VILLAGES, "district[]=x", "'district'"),
        (VILLAGES, "year_from>=2021", "'year_from__gte'"),
        (VILLAGES, "year_from>2021", "'year_from__gt'"),
        (VILLAGES, "year_from<=2021", "'year_from__lte'"),
        (VILLAGES, "district!=x", "'district__ne'"),
        (VILLAGES, "district__exact=x", "'district'"),
        (VILLAGES, "district__icontains=x", "'contains'"),
        (VILLAGES, "district__not=x", "'ne'"),
        (VILLAGES, "year_from__max=x", "'lte'"),
        (VILLAGES, "year_from__between=2021,2022", "Write year_from__gte and year_from__lte."),
        (VILLAGES, "year_from__range=2021,2022", "Write year_from__gte and year_from__lte."),
        (VILLAGES, "district__not_in=x,y", "filter=district NOT IN"),
        (VILLAGES, "district__nin=x,y", "filter=district NOT IN"),
        (VILLAGES, "district__regex=x", "'contains'"),
        (VILLAGES, "district__endswith=x", "'contains'"),
        (VILLAGES, "district__contain=x", "'contains'"),
        (VILLAGES, "village_name=x", "'village'"),
        (VILLAGES, "district_name=x", "'district'"),
        (VILLAGES, "distrct__in=x", "'district__in'"),
        ("/v1/water-sections", "arreas=x", "'areas__has'"),
        (VILLAGES, "startPeriod=2021", "'year_from__gte'"),
        ("/v1/observations", "startPeriod=2021", "'period__gte'"),
        ("/v1/documents", "published_until=2021", "'published_on__lte'"),
        ("/v1/documents", "发文字号=x", "'document_number'"),
        ("/v1/documents", "Title=x", "'title'"),
        ("/v1/documents", "type=notice", "'document_type'"),
        ("/v1/documents.csv", "page=2", "'offset'"),
        ("/v1/documents.atom", "page=2", "next page"),
        ("/v1/documents.atom", "per_page=2", "'limit'"),
        ("/v1/documents/wenzhengban-2021-28", "select=id", "'fields'"),
        ("/v1/documents/wenzhengban-2021-28", "format=csv", ".csv"),
        ("/v1/indicators/cpi/series", "startPeriod=2021", "'period__gte'"),
        (f"{VILLAGES}/facets", "by=plan&facet=plan", "'by'"),
        (f"{VILLAGES}/aggregate", "group_by=plan", "'by'"),
        (f"{VILLAGES}/aggregate", "measures=count", "'metric'"),
        ("/v1/search", "q=x&query=x", "'q'"),
        ("/v1/search", "q=x&rows=2", "'limit'"),
        ("/v1/search", "q=x&index=areas", "'dataset'"),
        ("/sdmx/2.1/data/INDICATORS", "startperiod=2021", "startPeriod"),
    ],
)
def test_a_habit_of_another_service_is_understood(client: TestClient, path: str, query: str, hint: str) -> None:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert hint in answer.text.replace("&apos;", "'")


def proposed(detail: str) -> list[str]:
    """Return the parameters that a hint names."""
    return re.findall(r"'([^']+)'", detail)


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.example)
def test_a_habit_names_no_field_but_those_it_means(habit: object) -> None:
    """No habit leads to a field that happens to be spelt alike, such as `village` for `page`."""
    for dataset in DATASETS.values():
        for controls in KINDS.values():
            known = parameter_names(dataset, controls)
            for typed in habit.typed.split():  # type: ignore[attr-defined]
                labels = filters_by_label(dataset)
                if typed in map(plain, known) or typed in labels:
                    continue
                names = proposed(unknown_name(typed, known, labels))
                meant = {here for each in HABITS if typed in each.typed.split() for here in each.here}
                assert set(names) <= {*meant, *controls, "id", "x", "y", "lang", "limit"}, (dataset.name, typed)


def test_every_habit_has_an_example_of_its_own(client: TestClient) -> None:
    for habit in HABITS:
        name = habit.example.partition("=")[0]
        assert plain(name) in habit.typed.split(), name
        assert client.get(f"/v1/areas?{habit.example}").status_code == 400


def test_operators_that_are_said_otherwise_have_an_example_of_their_own(client: TestClient) -> None:
    for advice in OPERATOR_ADVICE:
        field, _, op = advice.example.partition("=")[0].partition("__")
        assert plain(op) in advice.typed.split()
        answer = client.get(f"{VILLAGES}?{advice.example}")
        [fault] = answer.json()["errors"]
        assert fault["detail"].endswith(advice.advice.format(field=field))


def test_no_guess_of_an_operator_is_far_fetched(client: TestClient) -> None:
    for op in ("btw", "xyz", "foo", "zh"):
        [fault] = client.get(f"{VILLAGES}?year_from__{op}=1").json()["errors"]
        assert fault["detail"] == f"'{op}' is not an operator of year_from."


def test_no_habit_and_no_appended_parameter_hides_a_parameter_of_ours() -> None:
    ours = {name for dataset in DATASETS.values() for kind in KINDS.values() for name in parameter_names(dataset, kind)}
    for appended in APPENDED_PARAMETERS:
        start = appended.name.rstrip("*")
        assert not [name for name in ours if (name.startswith(start) if "*" in appended.name else name == start)]
    operators = {op for dataset in DATASETS.values() for spec in dataset.fields for op in spec.operators}
    advised = {typed for each in OPERATOR_ADVICE for typed in each.typed.split()}
    assert not operators & {*OPERATOR_HABITS, *advised}
    assert not advised & set(OPERATOR_HABITS)
    assert set(OPERATOR_HABITS.values()) <= operators


@given(st.text(max_size=40), st.sampled_from(list(DATASETS)))
@example("page", "urban-villages")
@example("[[[[", "areas")
@example("\ud800", "areas")
def test_a_guess_is_close_or_none(name: str, dataset: str) -> None:
    known = parameter_names(DATASETS[dataset], PAGE_PARAMS)
    detail = unknown_name(name, known, filters_by_label(DATASETS[dataset]))
    assert detail.startswith("is an unknown parameter")
    assert all(each in (*known, "id", "x", "y", "lang") for each in proposed(detail.partition("unknown")[2]))
