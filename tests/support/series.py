"""A series of one indicator: the bundled month with invented earlier ones, one of them in two vintages."""

from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.datasets import DATASETS
from app.datasets.observations import Observation
from app.db.engine import open_engine
from app.model.rows import from_json, render_row

SERIES = "/v1/indicators/retail_sales/series"
MEASURES = ("value", "value_yoy", "cumulative", "cumulative_yoy")
POINTS = [
    # period, issue, published, value, yoy, cumulative, cumulative yoy, superseded
    ("2021-01", "2021-01", "2021-02-20", "80.10", "10.0", "80.10", "10.0", None),
    ("2021-03", "2021-03", "2021-04-20", "90.00", "-100.0", "241.5", None, "2021-05-20"),
    ("2021-03", "2021-04", "2021-05-20", "90.00", "0.5", "242.00", None, None),
    ("2021-04", "2021-04", "2021-05-20", None, None, "325.675", "7", None),
]


def add_months(url: str) -> None:
    """Add the earlier months to a database that has the bundled issue."""
    table = Observation.__table__  # type: ignore[attr-defined]  # SQLModel sets it on tables
    dataset = DATASETS["observations"]
    with open_engine(url) as engine, engine.begin() as connection:
        wanted = sa.select(table.c.row_json).where(table.c.indicator_id == "retail_sales")
        pattern = from_json(connection.execute(wanted).scalar_one())
        for period, issue, published, *figures, superseded in POINTS:
            values = {name: None if f is None else Decimal(f) for name, f in zip(MEASURES, figures, strict=True)}
            statuses = {f"{name}_status": "missing" if v is None else "normal" for name, v in values.items()}
            keys = {"id": f"retail_sales.330300.{period}.{issue}", "period": period, "issue_id": issue}
            row = pattern | keys | values | statuses | {"published_on": published}
            row_json, row_csv = render_row(dataset, row)
            stored = {name: row[name] for name in table.c.keys() if name in row}  # noqa: SIM118
            stored |= {"published_on": date.fromisoformat(published), "row_json": row_json, "row_csv": row_csv}
            stored |= {"row_issue": issue, "row_line": 1}
            stored["row_superseded_on"] = date.fromisoformat(superseded) if superseded else None
            connection.execute(table.insert(), stored)
