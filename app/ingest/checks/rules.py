"""Evaluate the rule of a check. A rule is a query of this service, so that anyone can repeat it.

`urban-villages?plan=demolition` counts the matching rows, `… >= 41` asks for at least as many. `A?…#field = B?…#field`
compares two sets of values; the detail names the values that only one of them has.
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
from app.model.values import clip
from app.query.params.dataset_query import TABLE_PARAMS, DatasetQuery, parse_dataset_query
from app.query.sql.select import bind_values, count_select, query_shape, rows_select
from app.settings import Settings

AT_LEAST = " >= "
"""Stands between a query and the number of rows that it must at least find."""
MAX_NAMED_VALUES = 20
"""Differing values that the detail of a set comparison names."""
MAX_VALUE_LENGTH = 100
"""Characters of each."""


class InvalidRuleError(ValueError):
    """A rule that is not a query of this service; the message says why."""


def evaluate_check(connection: sa.Connection, check: Record) -> Record:
    """Return the check with its current count, its status and, when it fails, what differs."""
    try:
        counted, detail = _evaluate_rule(connection, str(check["rule"]))
    except InvalidRuleError as error:
        return check | {"counted": None, "status": CheckStatus.failed.value, "detail": f"cannot be counted: {error}"}
    declared = check.get("declared")
    is_enough = declared is not None and AT_LEAST in str(check["rule"]) and Decimal(counted) >= declared
    passed = declared is not None and (Decimal(counted) == declared or is_enough) and not detail
    status = CheckStatus.passed if passed else CheckStatus.failed
    if not passed and not detail:
        detail = f"declared {declared}, counted {counted}"
    return check | {"counted": Decimal(counted), "status": status.value, "detail": detail or None}


def _evaluate_rule(connection: sa.Connection, rule: str) -> tuple[int, str]:
    rule = rule.partition(AT_LEAST)[0]
    left, equals, right = rule.partition(" = ")
    if not equals or "#" not in left:
        return _count_rows(connection, rule), ""
    first, second = _fetch_values(connection, left), _fetch_values(connection, right)
    detail = [
        *_describe_missing("only in the first", first - second),
        *_describe_missing("only in the second", second - first),
    ]
    return len(first & second), "; ".join(detail)


def _describe_missing(where: str, values: set[str]) -> Iterable[str]:
    if values:
        named = sorted(values)
        more = f" and {len(named) - MAX_NAMED_VALUES} more" if len(named) > MAX_NAMED_VALUES else ""
        yield f"{where}: {', '.join(clip(value, MAX_VALUE_LENGTH) for value in named[:MAX_NAMED_VALUES])}{more}"


def _parse_query(text: str) -> tuple[Dataset, DatasetQuery]:
    name, _, parameters = text.strip().partition("?")
    dataset = DATASETS.get(name)
    if dataset is None:
        raise InvalidRuleError(f"there is no dataset '{name}'")
    pairs = tuple((key, value) for key, _, value in (part.partition("=") for part in parameters.split("&") if part))
    try:
        return dataset, parse_dataset_query(dataset, pairs, TABLE_PARAMS, Settings())
    except Problem as problem:
        raise InvalidRuleError(problem.detail) from None


def _count_rows(connection: sa.Connection, text: str) -> int:
    dataset, query = _parse_query(text)
    return int(_execute(connection, dataset, query, count_select(dataset, query_shape(dataset, query))).scalar_one())


def _fetch_values(connection: sa.Connection, text: str) -> set[str]:
    address, _, field = text.partition("#")
    dataset, query = _parse_query(address)
    if field.strip() not in dataset.fields_by_name:
        raise InvalidRuleError(f"{dataset.name} has no field '{field.strip()}'")
    values: set[str] = set()
    for row in _execute(connection, dataset, query, rows_select(dataset, query_shape(dataset, query))):
        value = from_json(row[0]).get(field.strip())
        values.update(str(member) for member in (value if isinstance(value, list) else [value]) if member is not None)
    return values


def _execute(
    connection: sa.Connection, dataset: Dataset, query: DatasetQuery, select: sa.Select[Any]
) -> sa.CursorResult[Any]:
    """Run a query past the types of the columns: its values have the stored form already, as for a reader."""
    compiled = select.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    values = _bind_values(dataset, query)
    parameters = {name: values.get(name, literal) for name, literal in compiled.params.items()}
    if compiled.positional:
        return connection.exec_driver_sql(str(compiled), tuple(parameters[name] for name in compiled.positiontup or ()))
    return connection.exec_driver_sql(str(compiled), parameters)


def _bind_values(dataset: Dataset, query: DatasetQuery) -> dict[str, Any]:
    if dataset.as_of_view and dataset.as_of_view.today_option:
        return {dataset.as_of_view.today_option: "9999-12-31", **bind_values(dataset, query)}
    return bind_values(dataset, query)
