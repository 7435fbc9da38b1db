"""Checks across issues: accumulated figures that must follow from last month's, numbers that must follow each other.

Each is a row of `checks` whose rule names the rows that it compares, so that anyone can follow it.
Nothing is checked where a figure is missing.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from app.datasets import DATASETS
from app.datasets.checks import CheckStatus
from app.datasets.observations import Observation
from app.model.rows import Record, from_json, ordered

CUMULATIVE = "cumulative"
NUMBER = "number"
SERIAL = "serial"
KINDS = (CUMULATIVE, NUMBER, SERIAL)
RATIOS = ("index", "percent")
"""Units of figures that do not add up over months."""
CHUNK = 500


def is_sequence(check: Record) -> bool:
    """Whether a row of `checks` is one of these: `2021-06.cumulative.retail_sales`, `2021-06.serial`."""
    return str(check["id"]).split(".")[1:2] in [[kind] for kind in KINDS]


def indicator_of(check: Record) -> str | None:
    """The indicator that a check of accumulated figures is about."""
    parts = str(check["id"]).split(".")
    return parts[2] if parts[1:2] == [CUMULATIVE] and len(parts) > 2 else None


def sequence_checks(connection: sa.Connection, indicators: Iterable[str] | None = None) -> dict[str, Record]:
    """The checks across all issues held, by id, counted now; those of figures only for `indicators` when given."""
    checks = [*_numbers(connection), *_figures(connection, indicators)]
    return {check["id"]: check for check in checks}


def _figures(connection: sa.Connection, indicators: Iterable[str] | None) -> Iterator[Record]:
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
    adding = [key for key in wanted if names[key][1] not in RATIOS and "%" not in (names[key][2] or "")]
    for start in range(0, len(adding), CHUNK):
        for before, now in pairwise(_latest(connection, adding[start : start + CHUNK])):
            if _follows(before, now):
                suffix = "" if now["area_id"] in cities else f".{now['area_id']}"
                yield _figure_check(before, now, names[now["indicator_id"]][0], suffix)


def _latest(connection: sa.Connection, indicators: list[str]) -> Iterator[Record]:
    """The latest vintages of these indicators, month after month."""
    columns = Observation.__table__.c  # type: ignore[attr-defined]  # SQLModel sets it on tables
    select = sa.select(columns.row_json).where(
        columns.indicator_id.in_(indicators), columns.row_superseded_on.is_(None), columns.cumulative.is_not(None)
    )
    order = (columns.indicator_id, columns.area_id, columns.period)
    for text in connection.execute(select.order_by(*order)).scalars():
        yield from_json(text)


def _follows(before: Record, now: Record) -> bool:
    """Whether two rows are of one series and of neighbouring months of one year, with the figures to add up."""
    same = all(before[name] == now[name] for name in ("indicator_id", "area_id"))
    (year, month), (next_year, next_month) = before["period"].split("-"), now["period"].split("-")
    return same and year == next_year and int(month) + 1 == int(next_month) and now["value"] is not None


def _figure_check(before: Record, now: Record, name: str, suffix: str) -> Record:
    last, value, total = (Decimal(each) for each in (before["cumulative"], now["value"], now["cumulative"]))
    series = f"observations?indicator_id={now['indicator_id']}&area_id={now['area_id']}&period="
    difference = total - last - value
    tolerance = sum((_half_a_place(figure) for figure in (last, value, total)), Decimal(0))
    right = abs(difference) <= tolerance
    return _check(
        f"{now['period']}.{CUMULATIVE}.{now['indicator_id']}{suffix}",
        f"{name}: accumulated to {before['period']} and the value of {now['period']} against the new total",
        f"{series}{before['period']}#cumulative + {series}{now['period']}#value = {series}{now['period']}#cumulative",
        total,
        last + value,
        right,
        f"difference {difference:f}, within ±{tolerance:f} of printed precision"
        if right
        else f"difference {difference:f}, more than ±{tolerance:f} of printed precision",
        now["source"],
    )


def _half_a_place(figure: Decimal) -> Decimal:
    """What rounding to the printed places may have changed."""
    exponent = figure.as_tuple().exponent
    assert isinstance(exponent, int), "figures are finite"
    return Decimal(5).scaleb(exponent - 1)


def _numbers(connection: sa.Connection) -> Iterator[Record]:
    table = DATASETS["issues"].table.c
    rows = connection.execute(sa.select(table.row_json).order_by(table.year, table.number, table.id))
    for before, now in pairwise([from_json(text) for text in rows.scalars()]):
        yield _number_check(before, now)
        if before["cumulative_number"] is not None and now["cumulative_number"] is not None:
            yield _serial_check(before, now)


def _number_check(before: Record, now: Record) -> Record:
    """Numbers go up by one within a year and begin anew with 1; a later issue is published later."""
    expected = before["number"] + 1 if before["year"] == now["year"] else 1
    details = []
    if now["number"] != expected:
        details.append(f"{now['year']}-{expected:02d} does not come before it among the issues held")
    if now["published_on"] <= before["published_on"]:
        details.append(f"published on {now['published_on']}, not after {before['id']} ({before['published_on']})")
    return _check(
        f"{now['id']}.{NUMBER}",
        f"number of {now['id']} after {before['id']}",
        f"issues?id={before['id']}#number + 1 = issues?id={now['id']}#number",
        Decimal(now["number"]),
        Decimal(expected),
        not details,
        "; ".join(details) or None,
        now["source"],
    )


def _serial_check(before: Record, now: Record) -> Record:
    """Serial numbers go up with the numbers; into another year, where the last number is not known, at least as far."""
    last, serial = before["cumulative_number"], now["cumulative_number"]
    step = now["number"] - before["number"] if before["year"] == now["year"] else now["number"]
    exact = before["year"] == now["year"]
    right = serial == last + step if exact else serial >= last + step
    return _check(
        f"{now['id']}.{SERIAL}",
        f"serial number of {now['id']} after {before['id']}",
        f"issues?id={before['id']}#cumulative_number + {step} {'=' if exact else '<='} "
        f"issues?id={now['id']}#cumulative_number",
        Decimal(serial),
        Decimal(last + step if exact or not right else serial),
        right,
        None if right else f"serial {serial}, but {before['id']} has serial {last}",
        now["source"],
    )


def _check(
    key: str,
    subject: str,
    rule: str,
    declared: Decimal,
    counted: Decimal,
    right: bool,
    detail: str | None,
    source: dict[str, Any],
) -> Record:
    return ordered(
        DATASETS["checks"],
        {
            "id": key,
            "subject": subject,
            "rule": rule,
            "declared": declared,
            "counted": counted,
            "status": (CheckStatus.passed if right else CheckStatus.failed).value,
            "detail": detail,
            "source": {"issue_id": source["issue_id"], "lines": source["lines"]},
        },
    )
