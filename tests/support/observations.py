"""Invented observations."""

from datetime import date
from decimal import Decimal
from typing import Any


def observation(number: int, text: str | None = None, value: Decimal | None = None) -> dict[str, Any]:
    """Return an invented row."""
    return {
        "id": f"i.a.{number:07}", "indicator_id": text or "i", "area_id": "a", "period": "2021-05", "value": value,
        "value_status": "normal", "value_yoy": None, "value_yoy_status": "missing", "cumulative": None,
        "cumulative_status": "missing", "cumulative_yoy": None, "cumulative_yoy_status": "missing",
        "issue_id": "2021-05", "published_on": date(2021, 6, 20), "notes": text,
        "source": {"issue_id": "2021-05", "row": number, "lines": [number, number]},
        "printed": {"value": text or "—", "value_yoy": "", "cumulative": "", "cumulative_yoy": ""} if number else None,
    }  # fmt: skip
