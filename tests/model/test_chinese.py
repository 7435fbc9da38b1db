"""Traditional characters, in the function and in what callers ask."""

import pytest
from starlette.testclient import TestClient

from app.model.chinese import simplify


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
