"""Traditional characters, in the function and in what callers ask."""

import pytest
from starlette.testclient import TestClient

from app.model.chinese import simplify, spellings


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("龍灣區", "龙湾区"),
        ("拆遷", "拆迁"),
        ("乾隆著作", "乾隆著作"),
        ("垟岙", "垟岙"),
        ("温政办〔2021〕30号", "温政办〔2021〕30号"),
        ("longwan", "longwan"),
        ("", ""),
    ],
)
def test_traditional_characters_are_simplified(typed: str, meant: str) -> None:
    assert simplify(typed) == meant


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("/v1/urban-villages?district=龍灣區", "/v1/urban-villages?district=龙湾区"),
        ("/v1/urban-villages?district__in=龍灣區,甌海區", "/v1/urban-villages?district__in=龙湾区,瓯海区"),
        ("/v1/urban-villages?plan=拆遷", "/v1/urban-villages?plan=拆迁"),
        ("/v1/water-sections?areas__has=樂清市", "/v1/water-sections?areas__has=乐清市"),
        ("/v1/documents?title__contains=勞動模範", "/v1/documents?title__contains=劳动模范"),
        ("/v1/urban-villages?filter=district='龍灣區'", "/v1/urban-villages?filter=district='龙湾区'"),
        ("/v1/search?q=龍灣區", "/v1/search?q=龙湾区"),
        ("/v1/urban-villages?q=龍灣", "/v1/urban-villages?q=龙湾"),
    ],
)
def test_traditional_characters_find_simplified_text(client: TestClient, traditional: str, simplified: str) -> None:
    found, wanted = client.get(traditional).json(), client.get(simplified).json()
    assert wanted["meta"]["total"] > 0
    assert found["data"] == wanted["data"]


def test_a_text_has_one_or_two_spellings() -> None:
    assert spellings("龙湾区") == ("龙湾区",)
    assert spellings("龍灣區") == ("龍灣區", "龙湾区")


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("village=浹底", 1),
        ("village__in=浹底,横浹", 2),
        ("village__contains=浹", 2),
        ("village__startswith=浹", 1),
        ("village__ne=浹底&village__isnull=false", 101),
        ("filter=village = '浹底'", 1),
        ("filter=village <> '浹底'", 101),
        ("filter=village IN ('浹底', '横浹')", 2),
        ("filter=village LIKE '%25浹%25'", 2),
        ("filter=CASEI(village) = CASEI('浹底')", 1),
        ("q=浹底", 1),
        ("q=浃底", 1),
        ("q=橫浹", 1),
    ],
)
def test_what_is_printed_in_traditional_characters_is_found(client: TestClient, query: str, total: int) -> None:
    for _ in range(2):  # the second time from the template of the first
        assert client.get(f"/v1/urban-villages?limit=1&{query}").json()["meta"]["total"] == total


def test_a_spelling_does_not_change_the_statement_of_others(client: TestClient) -> None:
    """Queries of one form share a statement, but a text in two spellings needs another one."""
    wanted = {"浹底": 1, "龍灣": 0, "青山": 1, "横浹": 1}
    for _ in range(2):
        found = {name: client.get(f"/v1/urban-villages?village={name}").json()["meta"]["total"] for name in wanted}
        assert found == wanted
