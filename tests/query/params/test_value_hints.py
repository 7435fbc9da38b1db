"""Values as other services take them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.datasets import DATASETS
from app.model.values import BadValue
from app.query.params.value_hints import POSTGREST_VALUE, parse_text

VILLAGES, DOCUMENTS = "/v1/urban-villages", "/v1/documents"


@pytest.mark.parametrize(
    ("path", "query", "hint"),
    [
        (VILLAGES, "district=eq.龙湾区", "write district=龙湾区."),
        (VILLAGES, "year_from=gte.2021", "write year_from__gte=2021."),
        (VILLAGES, "year_from=lt.2021", "write year_from__lt=2021."),
        (VILLAGES, "district=neq.龙湾区", "write district__ne=龙湾区."),
        (VILLAGES, "district=not.eq.龙湾区", "write district__ne=龙湾区."),
        (VILLAGES, "district=like.*湾*", "write district__contains=湾."),
        (VILLAGES, "district=ilike.%25湾%25", "write district__contains=湾."),
        (VILLAGES, "district=in.(龙湾区,瓯海区)", "write district__in=龙湾区,瓯海区."),
        (VILLAGES, "plan=in.(upgrade)", "write plan__in=upgrade."),
        (VILLAGES, "district=not.in.(龙湾区)", "'filter' with NOT"),
        (DOCUMENTS, "expires_on=is.null", "write expires_on__isnull=true."),
        (DOCUMENTS, "document_number=is.null", "write document_number__isnull=true."),
        (DOCUMENTS, "document_number=not.is.null", "write document_number__isnull=false."),
        (DOCUMENTS, "is_normative=is.true", "write is_normative=true."),
        (DOCUMENTS, "document_number=", "write document_number__isnull=true."),
        (DOCUMENTS, "document_number=null", "write document_number__isnull=true."),
        (DOCUMENTS, "expires_on=", "write expires_on__isnull=true."),
        (DOCUMENTS, "expires_on=null", "write expires_on__isnull=true."),
        (VILLAGES, "district=", "Leave it out"),
        (DOCUMENTS, "signed_on=2021", "signed_on__gte=2021-01-01&signed_on__lte=2021-12-31"),
        (DOCUMENTS, "signed_on=2024-02", "signed_on__gte=2024-02-01&signed_on__lte=2024-02-29"),
        (VILLAGES, "plan=demolition,upgrade", "plan__in=demolition,upgrade"),
        (VILLAGES, "year_from=2021,2022", "year_from__in=2021,2022"),
        (VILLAGES, "plan=upgrade&plan=demolition", "field__in=a,b"),
        (VILLAGES, "sort=year_from desc", "'-year_from'"),
        (VILLAGES, "sort=year_from:desc", "'-year_from'"),
        (VILLAGES, "sort=year_from.desc.nullslast", "'-year_from'"),
        (VILLAGES, "sort=year_from asc", "'year_from'"),
        (VILLAGES, "sort=%2Byear_from", "'year_from'"),
        (VILLAGES, "sort=year_from,desc", "sort=-"),
    ],
)
def test_a_refused_value_says_how_it_is_written_here(client: TestClient, path: str, query: str, hint: str) -> None:
    for _ in range(2):  # the second time, the query's template is known
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == 400
        [fault] = answer.json()["errors"]
        assert hint in fault["detail"]


@pytest.mark.parametrize("text", ["eq", "in.", "like.a", "is.nulls", "a.eq.b", "gt.", "温.州", "not.x", "null.", "nil"])
def test_other_texts_are_taken_as_they_are(client: TestClient, text: str) -> None:
    assert parse_text(text) == text
    answer = client.get(VILLAGES, params={"district": text})
    assert (answer.status_code, answer.json()["meta"]["total"]) == (200, 0)


@given(st.text(max_size=12))
def test_nothing_but_foreign_values_is_refused(text: str) -> None:
    refused = text in ("", "null", "NULL") or POSTGREST_VALUE.fullmatch(text) is not None
    try:
        assert parse_text(text) == text
        assert not refused
    except BadValue:
        assert refused


FORMS = ["温政办[2021]28号", "温政办(2021)28号", "温政办（２０２１）28号", "温政办 【2021】 28 号", "温政办〔2021〕28"]
FORMS += ["溫政辦〔2021〕28號", "温政办「2021」28号", "温政办︵2021︶28号"]
USUAL = "温政办〔2021〕28号"
QUERIES = [
    ("documents", "document_number", "{}", 1),
    ("documents", "document_number__in", "温政办〔2021〕29号,{}", 2),
    ("documents", "document_number__ne", "{}", 4),
    ("documents", "document_number__gte", "{}", 5),
    ("documents", "document_number__contains", "{}", 1),
    ("documents", "document_number__startswith", "{}", 1),
    ("documents", "filter", "document_number = '{}'", 1),
    ("documents", "filter", "'{}' <> document_number", 4),
    ("documents", "filter", "document_number IN ('{}', 'x')", 1),
    ("documents", "filter", "document_number LIKE '%{}%'", 1),
    ("documents", "filter", "CASEI(document_number) = CASEI('{}')", 1),
    ("documents", "filter", "CASEI(document_number) LIKE CASEI('{}%')", 1),
    ("relations", "target_number__ne", "{}", 13),
    ("issues", "contents__has", "{}", 1),
    ("issues", "filter", "A_CONTAINS(contents, ('{}', '市府办文件'))", 1),
    ("issues", "filter", "A_OVERLAPS(contents, ('{}', 'x'))", 1),
    ("issues", "filter", "A_CONTAINEDBY(contents, ('{}'))", 0),
]


@pytest.mark.parametrize(("dataset", "parameter", "value", "total"), QUERIES)
@pytest.mark.parametrize("form", [*FORMS, USUAL])
def test_a_document_number_is_the_same_in_any_form(
    client: TestClient, dataset: str, parameter: str, value: str, total: int, form: str
) -> None:
    if parameter.endswith(("contains", "startswith")) or "LIKE" in value:
        form = form if form.endswith(("号", "號")) else f"{form}号"  # a part of a number is not completed
    answer = client.get(f"/v1/{dataset}", params={parameter: value.format(form)})
    assert answer.status_code == 200, answer.text
    assert answer.json()["meta"]["total"] == total
    usual = client.get(f"/v1/{dataset}", params={parameter: value.format(USUAL)})
    assert answer.json()["data"] == usual.json()["data"]


@pytest.mark.parametrize(
    ("dataset", "parameter", "value", "total"),
    [
        ("relations", "target_number", "温政办【2016】3号", 1),
        ("relations", "target_number__in", "温政办(2016)3,浙政办发［2015］133号", 3),
        ("relations", "target_number__startswith", "温政办(2014", 3),
        ("relations", "target_number", "第 １４７ 号", 1),
        ("documents", "registration_number", "zjcc01－2021－0002", 1),
        ("documents", "registration_number__in", "ZJCC01 - 2021 - 0002,ZJCC00—2021—0002", 2),
        ("documents", "document_number__contains", "[2021]3", 2),
        ("documents", "document_number__contains", "（ 2021", 5),
        ("issues", "contents__has", "温政办[2021]27号", 0),
        ("issues", "contents__has", "市府办文件", 1),
    ],
)
def test_every_number_field_takes_any_form(
    client: TestClient, dataset: str, parameter: str, value: str, total: int
) -> None:
    answer = client.get(f"/v1/{dataset}", params={parameter: value})
    assert (answer.status_code, answer.json()["meta"]["total"]) == (200, total)


NO_DOCUMENT_NUMBERS = {"provisions.number"}
"""Texts whose names speak of other numbers."""


def test_every_field_that_holds_document_numbers_says_so() -> None:
    fields = [(f"{dataset.name}.{spec.name}", spec) for dataset in DATASETS.values() for spec in dataset.fields]
    holders = {name for name, spec in fields if spec.info.official_number or spec.info.number_member}
    named = {name for name, spec in fields if "number" in spec.name and spec.kind == "string"}
    members = {name for name, spec in fields if "document_number" in spec.info.members}
    assert holders == (named | members) - NO_DOCUMENT_NUMBERS
