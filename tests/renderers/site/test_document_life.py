"""The life of a document in words."""

from typing import Any

import pytest

from app.datasets.documents import DocumentStatus
from app.renderers.site.document_life import (
    STATUS_PHRASES,
    Repeal,
    first_repeal,
    life_events,
    status_sentence,
)
from app.renderers.site.language import Language

TODAY = "2021-07-01"
REPEALING = {"id": "b", "document_number": "临政办〔2024〕1号", "title": "新办法", "effective_on": "2024-02-01"}
REPEAL = Repeal("2024-02-01", REPEALING)


def document(status: str, **fields: Any) -> dict[str, Any]:
    days = {"signed_on": "2021-04-30", "published_on": "2021-06-20", "effective_on": "2021-06-10", "expires_on": None}
    return {"status": status, **days, **fields}


@pytest.mark.parametrize(
    ("row", "day", "repeal", "language", "sentence"),
    [
        (
            document("expired", expires_on="2024-06-09"),
            "2024-06-10",
            None,
            "zh",
            "2024年6月10日：已失效（有效期至2024年6月9日）",
        ),
        (
            document("expired", expires_on="2024-06-09"),
            "2024-06-10",
            None,
            "en",
            "10 June 2024: expired (in force until 9 June 2024)",
        ),
        (
            document("not_yet_in_force"),
            "2021-06-09",
            None,
            "zh",
            "2021年6月9日：尚未生效（2021年6月10日起施行）",
        ),
        (
            document("in_force", expires_on="2024-06-09"),
            TODAY,
            None,
            "zh",
            "今天（2021年7月1日）：有效（2021年6月10日起施行，有效期至2024年6月9日）",
        ),
        (
            document("in_force"),
            TODAY,
            None,
            "en",
            "Today, 1 July 2021: in force (from 10 June 2021; no last day is printed)",
        ),
        (
            document("repealed"),
            "2024-02-01",
            REPEAL,
            "zh",
            "2024年2月1日：已废止（自2024年2月1日起由临政办〔2024〕1号废止）",
        ),
        (document("repealed"), "2024-02-01", None, "en", "1 February 2024: repealed"),
        (
            document("unknown", effective_on=None),
            TODAY,
            None,
            "zh",
            "今天（2021年7月1日）：效力未载明（原文没有写明施行日期）",
        ),
    ],
)
def test_status_on_a_day(
    row: dict[str, Any], day: str, repeal: Repeal | None, language: Language, sentence: str
) -> None:
    assert status_sentence(row, day, TODAY, repeal, language) == sentence


def test_every_status_has_a_phrase() -> None:
    assert {status for status, condition in STATUS_PHRASES if not condition} == set(DocumentStatus)


def test_the_first_repeal_that_works_counts() -> None:
    later = {**REPEALING, "id": "c", "effective_on": "2025-01-01"}
    undated = {**REPEALING, "id": "d", "effective_on": None}
    cited = {**REPEALING, "id": "e", "effective_on": "2020-01-01"}
    repeals = [({"relation": "repeals"}, other) for other in (later, undated, REPEALING)]
    assert first_repeal([*repeals, ({"relation": "cites"}, cited)]) == REPEAL
    assert first_repeal([({"relation": "repeals"}, undated)]) is None


def test_a_repealing_document_without_number_is_called_by_its_title() -> None:
    assert Repeal("2024-02-01", {**REPEALING, "document_number": None}).name == "《新办法》"


def test_the_day_asked_for_stands_among_the_events() -> None:
    row = document("in_force", expires_on="2024-06-09")
    events = life_events(row, "2021-06-10", REPEAL, "zh")
    assert [(event.kind, event.is_past) for event in events] == [
        ("signed", True),
        ("effective", True),
        ("chosen", True),
        ("published", False),
        ("repealed", False),
        ("expires", False),
    ]
    assert [event.label for event in events if event.kind == "expires"] == ["有效期最后一日"]
