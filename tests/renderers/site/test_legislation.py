"""A document as `Legislation` of schema.org."""

from typing import Any

import pytest

from app.renderers.site.addresses import PageAddresses
from app.renderers.site.document_life import Repeal
from app.renderers.site.legislation import describe_legislation

TO = PageAddresses("https://example.org/gazette", "en")
DOCUMENT: dict[str, Any] = {
    "id": "a-2021-1",
    "title": "办法",
    "document_number": "甲政〔2021〕1号",
    "registration_number": None,
    "issuer": "甲市人民政府",
    "abstract_zh": "摘要",
    "abstract_en": "Abstract",
    "signed_on": "2021-04-30",
    "published_on": "2021-06-20",
    "effective_on": "2021-06-10",
    "expires_on": "2024-06-09",
    "status": "expired",
}
RELATION = {
    "relation": "repeals",
    "target_id": "a-2016-3",
    "target_title": "旧办法",
    "target_number": "甲政〔2016〕3号",
}


def test_what_is_known_and_nothing_else() -> None:
    described = describe_legislation(DOCUMENT, None, [RELATION, RELATION, {**RELATION, "target_id": None}], None, TO)
    assert described["@id"] == "https://example.org/gazette/documents/a-2021-1"
    assert described["url"] == "https://example.org/gazette/documents/a-2021-1?lang=en"
    assert described["abstract"] == "Abstract"
    assert described["legislationLegalForce"] == "https://schema.org/NotInForce"
    assert described["temporalCoverage"] == "2021-06-10/2024-06-09"
    held = {"@type": "Legislation", "name": "旧办法", "legislationIdentifier": "甲政〔2016〕3号"}
    assert described["legislationRepeals"] == [
        {"@type": "Legislation", "@id": "https://example.org/gazette/documents/a-2016-3", **held},
        held,
    ]
    assert "identifier" not in described
    assert "isPartOf" not in described
    assert [each["encodingFormat"] for each in described["encoding"]] == ["application/akn+xml", "application/json"]


@pytest.mark.parametrize(
    ("fields", "repeal", "coverage"),
    [
        ({"effective_on": None}, None, None),
        ({"expires_on": None}, None, "2021-06-10/.."),
        ({}, "2023-01-01", "2021-06-10/2023-01-01"),
        ({}, "2025-01-01", "2021-06-10/2024-06-09"),
    ],
)
def test_time_in_force_ends_with_the_first_end(
    fields: dict[str, Any], repeal: str | None, coverage: str | None
) -> None:
    row = {**DOCUMENT, **fields}
    described = describe_legislation(row, None, [], Repeal(repeal, DOCUMENT) if repeal else None, TO)
    assert described.get("temporalCoverage") == coverage


def test_an_unknown_status_is_not_claimed() -> None:
    assert "legislationLegalForce" not in describe_legislation({**DOCUMENT, "status": "unknown"}, None, [], None, TO)
