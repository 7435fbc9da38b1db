"""Re-counting what the gazette declares. A rule is a query of this service, so anyone can follow it.

`urban-villages?plan=demolition` counts the rows that match. `A?…#field = B?…#field` compares two
sets of values; what is in one only is named in the detail.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.datasets import DATASETS
from app.datasets.checks import CheckStatus
from app.errors import Problem
from app.model.dataset import Dataset
from app.model.rows import Record, from_json
from app.query.params.dataset_query import TABLE, read_ask
from app.query.sql.select import bind, count_select, rows_select, shape_of
from app.settings import Settings

MOST_NAMED = 20
"""How many differing members the detail of a set check names."""


class BadRule(ValueError):
    """A rule that is no query of this service; the message says why."""


def recount(connection: sa.Connection, check: Record) -> Record:
    """The check with what is counted now, its status and, when it fails, what differs."""
    try:
        counted, detail = _evaluate(connection, str(check["rule"]))
    except BadRule as error:
        return check | {"counted": None, "status": CheckStatus.failed.value, "detail": f"cannot be counted: {error}"}
    declared = check.get("declared")
    right = declared is not None and Decimal(counted) == declared and not detail
    status = CheckStatus.passed if right else CheckStatus.failed
    if not right and not detail:
        detail = f"declared {declared}, counted {counted}"
    return check | {"counted": Decimal(counted), "status": status.value, "detail": detail or None}


def _evaluate(connection: sa.Connection, rule: str) -> tuple[int, str]:
    left, equals, right = rule.partition(" = ")
    if not equals or "#" not in left:
        return _count(connection, rule), ""
    mine, theirs = _values(connection, left), _values(connection, right)
    detail = [*_missing("only in the first", mine - theirs), *_missing("only in the second", theirs - mine)]
    return len(mine & theirs), "; ".join(detail)


def _missing(where: str, members: set[str]) -> Iterable[str]:
    if members:
        named = sorted(members)
        more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        yield f"{where}: {', '.join(named[:MOST_NAMED])}{more}"


def _question(query: str) -> tuple[Dataset, Any]:
    name, _, parameters = query.strip().partition("?")
    dataset = DATASETS.get(name)
    if dataset is None:
        raise BadRule(f"there is no dataset '{name}'")
    pairs = tuple((key, value) for key, _, value in (part.partition("=") for part in parameters.split("&") if part))
    try:
        return dataset, read_ask(dataset, pairs, TABLE, Settings())
    except Problem as problem:
        raise BadRule(problem.detail) from None


def _count(connection: sa.Connection, query: str) -> int:
    dataset, ask = _question(query)
    select = count_select(dataset, shape_of(dataset, ask))
    return int(connection.execute(select, _values_for(dataset, ask)).scalar_one())


def _values(connection: sa.Connection, query: str) -> set[str]:
    query, _, field = query.partition("#")
    dataset, ask = _question(query)
    if field.strip() not in dataset.by_name:
        raise BadRule(f"{dataset.name} has no field '{field.strip()}'")
    select = rows_select(dataset, shape_of(dataset, ask))
    rows = connection.execute(select, _values_for(dataset, ask))
    values: set[str] = set()
    for row in rows:
        value = from_json(row[0]).get(field.strip())
        values.update(str(member) for member in (value if isinstance(value, list) else [value]) if member is not None)
    return values


def _values_for(dataset: Dataset, ask: Any) -> dict[str, Any]:
    if dataset.perspective and dataset.perspective.today:
        return {dataset.perspective.today: "9999-12-31", **bind(dataset, ask)}
    return bind(dataset, ask)
