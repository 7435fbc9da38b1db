"""Statements that group rows."""

from typing import Any

import apsw
import pytest

from app.db.reader import Rows, Statement
from tests.support.service import client_for


@pytest.mark.parametrize("by", ["area_id", "period"])
@pytest.mark.parametrize("narrowed", [{}, {"period__gte": "2010-01"}])
def test_groups_of_an_indicator_are_read_from_an_index_alone(
    loaded_sqlite: str, narrowed: dict[str, str], by: str
) -> None:
    asked = {"by": by, "metric": "avg:value,sum:cumulative", "indicator_id": "retail_sales", **narrowed}
    with client_for(loaded_sqlite) as client:
        reader = client.app.app.context.repository.reader  # type: ignore[attr-defined]
        sent: list[str] = []
        fetch = reader.fetch

        async def noting(statement: Statement, values: Any) -> Rows:
            sent.append(statement.sql)
            rows: Rows = await fetch(statement, values)
            return rows

        reader.fetch = noting
        assert client.get("/v1/observations/aggregate", params=asked).status_code == 200
    [sql] = [sql for sql in sent if "GROUP BY" in sql]
    connection = apsw.Connection(loaded_sqlite.removeprefix("sqlite:///"), flags=apsw.SQLITE_OPEN_READONLY)
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", ("x",) * sql.count("?"))]
    connection.close()
    assert "COVERING INDEX ix_observations_measures" in plan[0]
