"""Checks across issues: cumulative figures against last month's, issue numbers and serial numbers in sequence.

Each is a row of `checks` whose rule names the rows that it compares, so that anyone can repeat it.
There is no check where a figure is missing.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from app.datasets import DATASETS
from app.datasets.checks import CheckStatus
from app.datasets.observations import Observation
from app.model.rows import Record, from_json, in_field_order
from app.parser.structure.issue_identity import parse_issue_id

CUMULATIVE = "cumulative"
NUMBER = "number"
SERIAL = "serial"
KINDS = (CUMULATIVE, NUMBER, SERIAL)
RATIO_UNITS = ("index", "percent")
"""Units of figures that cannot be added up over months."""
INDICATORS_PER_QUERY = 500


def is_sequence_check(check: Record) -> bool:
    """Tell whether a row of `checks` is a check across issues: `2021-06.cumulative.retail_sales`, `2021-06.serial`."""
    return str(check["id"]).split(".")[1:2] in [[kind] for kind in KINDS]


def indicator_of(check: Record) -> str | None:
    """Return the indicator of a check of cumulative figures, None for other checks."""
    parts = str(check["id"]).split(".")
    return parts[2] if parts[1:2] == [CUMULATIVE] and len(parts) > 2 else None


def sequence_checks(connection: sa.Connection, indicators: Iterable[str] | None = None) -> dict[str, Record]:
    """Count the checks across all stored issues, by id; those of figures only for `indicators` when given."""
    checks = [*_issue_checks(connection), *_cumulative_checks(connection, indicators)]
    return {check["id"]: check for check in checks}


def _cumulative_checks(connection: sa.Connection, indicators: Iterable[str] | None) -> Iterator[Record]:
    table = DATASETS["indicators"].table.c
    names = {
        key: (name, unit, printed)
        for key, name, unit, printed in connection.execute(
            sa.select(table.id, table.name_zh, table.unit, table.unit_zh)
        ).all()
    }
    areas = DATASETS["areas"].table.c
    cities = set(connection.execute(sa.select(areas.id).where(areas.level == "city")).scalars())
    wanted = sorted(names if indicators is None else names.keys() & set(indicators))
    adding = [key for key in wanted if names[key][1] not in RATIO_UNITS and "%" not in (names[key][2] or "")]
    for start in range(0, len(adding), INDICATORS_PER_QUERY):
        for before, now in pairwise(_read_latest_vintages(connection, adding[start : start + INDICATORS_PER_QUERY])):
            if _follows(before, now):
                suffix = "" if now["area_id"] in cities else f".{now['area_id']}"
                yield _cumulative_check(before, now, names[now["indicator_id"]][0], suffix)


def _read_latest_vintages(connection: sa.Connection, indicators: list[str]) -> Iterator[Record]:
    """Yield the latest vintages of these indicators, ordered by indicator, area and month."""
    columns = Observation.__table__.c  # type: ignore[attr-defined]  # SQLModel sets it on tables
    select = sa.select(columns.row_json).where(
        columns.indicator_id.in_(indicators), columns.row_superseded_on.is_(None), columns.cumulative.is_not(None)
    )
    order = (columns.indicator_id, columns.area_id, columns.period)
    for text in connection.execute(select.order_by(*order)).scalars():
        yield from_json(text)


def _follows(before: Record, now: Record) -> bool:
    """Tell whether two rows belong to one series and to consecutive months of one year, with figures to add up."""
    same_series = all(before[name] == now[name] for name in ("indicator_id", "area_id"))
    (year, month), (next_year, next_month) = before["period"].split("-"), now["period"].split("-")
    return same_series and year == next_year and int(month) + 1 == int(next_month) and now["value"] is not None


def _cumulative_check(before: Record, now: Record, name: str, suffix: str) -> Record:
    last, value, total = (Decimal(each) for each in (before["cumulative"], now["value"], now["cumulative"]))
    series = f"observations?indicator_id={now['indicator_id']}&area_id={now['area_id']}&period="
    difference = total - last - value
    tolerance = sum((_rounding_error(figure) for figure in (last, value, total)), Decimal(0))
    passed = abs(difference) <= tolerance
    return _build_check(
        f"{now['period']}.{CUMULATIVE}.{now['indicator_id']}{suffix}",
        f"{name}: accumulated to {before['period']} and the value of {now['period']} against the new total",
        f"{series}{before['period']}#cumulative + {series}{now['period']}#value = {series}{now['period']}#cumulative",
        total,
        last + value,
        passed,
        f"difference {difference:f}, within ±{tolerance:f} of printed precision"
        if passed
        else f"difference {difference:f}, more than ±{tolerance:f} of printed precision",
        now["source"],
    )


def _rounding_error(figure: Decimal) -> Decimal:
    """Return half of the last printed decimal place, the most by which rounding changes a figure."""
    exponent = figure.as_tuple().exponent
    assert isinstance(exponent, int), "figures are finite"
    return Decimal(5).scaleb(exponent - 1)


def _issue_checks(connection: sa.Connection) -> Iterator[Record]:
    table = DATASETS["issues"].table.c
    rows = connection.execute(sa.select(table.row_json).order_by(table.year, table.number, table.id))
    issues = [from_json(text) for text in rows.scalars()]
    for before, now in pairwise([issue for issue in issues if not _is_supplement(issue)]):
        yield _number_check(before, now)
        if before["cumulative_number"] is not None and now["cumulative_number"] is not None:
            yield _serial_check(before, now)


def _is_supplement(issue: Record) -> bool:
    """Tell whether an issue is a supplement, which has the number of another issue."""
    number = parse_issue_id(issue["id"])
    return number is not None and number.supplement is not None


def _number_check(before: Record, now: Record) -> Record:
    """Check that the number is the previous one plus one, or 1 in a new year, and that the issue appeared later."""
    last = before["number_to"] or before["number"]
    expected = last + 1 if before["year"] == now["year"] else 1
    details = []
    if now["number"] != expected:
        details.append(f"{now['year']}-{expected:02d} does not come before it among the issues held")
    if now["published_on"] <= before["published_on"]:
        details.append(f"published on {now['published_on']}, not after {before['id']} ({before['published_on']})")
    return _build_check(
        f"{now['id']}.{NUMBER}",
        f"number of {now['id']} after {before['id']}",
        f"issues?id={before['id']}#{'number_to' if before['number_to'] else 'number'} + 1 = "
        f"issues?id={now['id']}#number",
        Decimal(now["number"]),
        Decimal(expected),
        not details,
        "; ".join(details) or None,
        now["source"],
    )


def _serial_check(before: Record, now: Record) -> Record:
    """Check that the serial number grew as much as the number; from year to year, at least as much.

    A combined issue has one serial number or as many as numbers; the next issue follows the first or the last of them.
    """
    last, serial = before["cumulative_number"], now["cumulative_number"]
    step = now["number"] - before["number"] if before["year"] == now["year"] else now["number"]
    exact = before["year"] == now["year"]
    if exact and before["number_to"] and serial == last + now["number"] - before["number_to"]:
        step = now["number"] - before["number_to"]
    passed = serial == last + step if exact else serial >= last + step
    return _build_check(
        f"{now['id']}.{SERIAL}",
        f"serial number of {now['id']} after {before['id']}",
        f"issues?id={before['id']}#cumulative_number + {step} {'=' if exact else '<='} "
        f"issues?id={now['id']}#cumulative_number",
        Decimal(serial),
        Decimal(last + step if exact or not passed else serial),
        passed,
        None if passed else f"serial {serial}, but {before['id']} has serial {last}",
        now["source"],
    )


def _build_check(
    key: str,
    subject: str,
    rule: str,
    declared: Decimal,
    counted: Decimal,
    passed: bool,
    detail: str | None,
    source: dict[str, Any],
) -> Record:
    return in_field_order(
        DATASETS["checks"],
        {
            "id": key,
            "subject": subject,
            "rule": rule,
            "declared": declared,
            "counted": counted,
            "status": (CheckStatus.passed if passed else CheckStatus.failed).value,
            "detail": detail,
            "source": source | {"table": None, "row": None, "compiled_by": None},
        },
    )
