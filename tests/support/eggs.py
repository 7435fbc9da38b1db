"""Two small invented issues of statistics: the second one revises a figure of the first."""

from tests.support.packages import INDICATOR, ISSUE, OBSERVATION, Tables

MEASURES = ("value", "value_yoy", "cumulative", "cumulative_yoy")
AREAS = [
    {"id": "330300", "name_zh": "临江市", "name_en": "Linjiang", "level": "city"},
    {"id": "zone-kaifaqu", "name_zh": "开发区", "level": "functional_zone", "parent_id": "330300"},
]
EGGS = INDICATOR | {
    "id": "eggs",
    "name_zh": "鸡蛋",
    "name_en": "Eggs & <hens>",
    "unit": "100_million_CNY",
    "unit_zh": "亿元",
}
PRICE = INDICATOR | {
    "id": "egg_price",
    "name_zh": "蛋价",
    "unit": "index",
    "unit_zh": "%",
    "parent_id": "eggs",
    "position": "2",
}


def observation(indicator: str, area: str, period: str, issue: str, published: str, *figures: str) -> dict[str, str]:
    """Return one row; an empty figure is printed as a dash."""
    row = OBSERVATION | {"id": f"{indicator}.{area}.{period}.{issue}", "indicator_id": indicator, "area_id": area}
    row |= {"period": period, "issue_id": issue, "published_on": published, "source.issue_id": issue}
    for measure, figure in zip(MEASURES, figures, strict=True):
        row |= {measure: figure, f"{measure}_status": "normal" if figure else "missing"}
        row[f"printed.{measure}"] = figure or "—"
    return row


def issue(number: int, published: str, rows: list[dict[str, str]]) -> Tables:
    """Return the tables of one issue of 1999."""
    own = {"source.issue_id": f"1999-{number:02d}"}
    about = ISSUE | own | {"id": f"1999-{number:02d}", "number": str(number), "published_on": published}
    return {
        "issues": [about],
        "areas": AREAS,
        "indicators": [EGGS | own, PRICE | own],
        "observations": rows,
    }


FIRST = [
    observation("eggs", "330300", "1999-01", "1999-01", "1999-02-01", "1.50", "-3.0", "1.50", ""),
    observation("egg_price", "330300", "1999-01", "1999-01", "1999-02-01", "102.0", "", "102.0", ""),
]
SECOND = [
    observation("eggs", "330300", "1999-01", "1999-02", "1999-03-01", "1.60", "-2.5", "1.60", ""),
    observation("eggs", "330300", "1999-02", "1999-02", "1999-03-01", "", "", "3.25", "0.0"),
    observation("eggs", "zone-kaifaqu", "1999-02", "1999-02", "1999-03-01", "7", "1.0", "9", "1.0"),
]
