"""Invented issues that follow each other: a repeal, figures, and rows of the service."""

from datetime import date
from typing import Any

from tests.support.issues import Document, Figures
from tests.support.service import client_for

REPEAL = Document(
    "临政办〔2023〕50号",
    "临江市人民政府办公室关于印发临江市养路办法的通知",
    "2024年2月1日",
    "《临江市冬季养路办法》（临政办〔2023〕41号）",
)

DAY = date(2024, 1, 31)


def get(url: str, question: str) -> list[dict[str, Any]]:
    with client_for(url) as client:
        answer = client.get(f"/v1/{question}")
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()["data"]
        return rows


def total(value: str, cumulative: str) -> Figures:
    return {"一、财政总收入": ("亿元", value, "1.0", cumulative, "2.0")}
