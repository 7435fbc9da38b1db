"""Made-up rows in the shape of the gazette's: 102 villages, and observations by indicator, region and month."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from app.model.rows import Record

REGIONS = 20
MONTHS = 250
SERIES = REGIONS * MONTHS
"""The observations of one indicator: more rows mean more indicators, so that a question about one stays the same."""
FIRST_YEAR = 2001
VILLAGES = 102
DOCUMENT = "bench-2021-1"
ISSUE = "2021-05"
NUMERALS = "甲乙丙丁戊己庚辛壬癸"
MEASURES = ("value", "value_yoy", "cumulative", "cumulative_yoy")


def indicator_id(n: int) -> str:
    """The n-th indicator; ids of one length, so that their order is that of the numbers."""
    return f"indicator_{n:05d}"


def area_id(n: int) -> str:
    """The n-th region."""
    return f"3303{n + 1:02d}"


def month(n: int) -> tuple[int, int]:
    """The n-th month as year and month."""
    return FIRST_YEAR + n // 12, n % 12 + 1


def observation_id(n: int) -> str:
    """The id of the n-th observation in the default order."""
    series, at = divmod(n, MONTHS)
    indicator, area = divmod(series, REGIONS)
    (year, number), (later, issue) = month(at), month(at + 1)
    return f"{indicator_id(indicator)}.{area_id(area)}.{year}-{number:02d}.{later}-{issue:02d}"


def observation_key(n: int) -> tuple[str, ...]:
    """The sort key of the n-th observation in the default order."""
    indicator, area, period, issue = observation_id(n).split(".")
    return (indicator, area, period, f"{issue}-20", observation_id(n))


def source(table: str | None, row: int, issue: str) -> Record:
    """Where a row was read."""
    digest = sha256(f"{table}/{row}".encode()).hexdigest()
    return {"issue_id": issue, "page_from": 3, "table": table, "row": row, "lines": [row, row], "sha256": digest}


def figure(n: int, measure: int) -> Decimal | None:
    """A made-up figure with two places; every 97th is missing, as the print has a dash."""
    if (n + measure) % 97 == 0:
        return None
    return Decimal((n * 7919 + measure * 104_729) % 9_999_991).scaleb(-2)


def observation(n: int) -> Record:
    """The n-th observation."""
    key = observation_id(n)
    indicator, area, period, issue = key.split(".")
    year, number = map(int, issue.split("-"))
    record: Record = {
        "id": key,
        "indicator_id": indicator,
        "area_id": area,
        "period": period,
        "issue_id": issue,
        "published_on": date(year, number, 20),
        "source": source("indicators", n % 1000 + 1, issue),
    }
    printed: dict[str, Any] = {}
    for position, name in enumerate(MEASURES):
        value = figure(n, position)
        record[name] = value
        record[f"{name}_status"] = "missing" if value is None else "normal"
        printed[name] = "—" if value is None else str(value)
    return record | {"printed": printed}


def villages() -> Iterator[Record]:
    """102 villages, 41 of them to be demolished."""
    for n in range(1, VILLAGES + 1):
        number = f"{NUMERALS[n // 10 % 10]}{NUMERALS[n % 10]}"
        row: Record = {
            "number": n,
            "district": f"{NUMERALS[n % 4]}区",
            "street": f"{NUMERALS[n % 9]}街道",
            "village": f"{number}村",
            "plan": "demolition" if n % 5 in (1, 3) else "upgrade",
            "year_from": 2021 + n % 3,
            "year_to": 2023 + n % 3,
        }
        printed = {name: str(value) for name, value in row.items()}
        yield row | {
            "id": f"{DOCUMENT}.district-{n:03d}",
            "document_id": DOCUMENT,
            "district_code": f"3303{n % 4 + 1:02d}",
            "printed": printed,
            "source": source("villages", n, ISSUE) | {"document_id": DOCUMENT},
        }


def indicators(rows: int) -> Iterator[Record]:
    """The indicators of that many observations."""
    for n in range(-(-rows // SERIES)):
        key = indicator_id(n)
        names = {"name_zh": f"指标{n}", "name_en": f"Indicator {n}", "unit": "CNY", "unit_zh": "亿元"}
        yield {"id": key, **names, "position": n + 1, "source": source("indicators", n + 1, ISSUE)}


def areas() -> Iterator[Record]:
    """The regions."""
    for n in range(REGIONS):
        names = {"name_zh": f"{NUMERALS[n // 10]}{NUMERALS[n % 10]}区", "name_en": f"Region {n}"}
        yield {"id": area_id(n), **names, "code": area_id(n), "level": "district", "source": source(None, n, ISSUE)}
