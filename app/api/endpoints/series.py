"""One indicator over time, and on request what can be derived from the printed figures.

Nothing derived stands in a printed field: it is under `derived`, which only appears when it is asked
for, and `meta.derived` says by which formula and rounding it was made. All arithmetic is decimal.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from app.api.cache_headers import fresh_headers
from app.api.context import Desk
from app.api.endpoints.common import bounded
from app.api.problems import unavailable
from app.datasets import DATASETS
from app.db.reader import Unavailable
from app.errors import Fault, Problem, bad_request, nearest
from app.http.result import JSON, Answer
from app.model.rows import Record, from_json, to_json
from app.model.values import clip
from app.query.page import Page
from app.query.params.dataset_query import Ask, Condition, parameter_names, read_ask
from app.query.params.query_string import Pairs, split_query
from app.query.repository import TRIES, Seen

OBSERVATIONS = DATASETS["observations"]
INDICATORS = DATASETS["indicators"]
WHOLE_CITY = "330300"
MEASURES = ("value", "value_yoy", "cumulative", "cumulative_yoy")
MEMBERS = (
    "period",
    *(name for measure in MEASURES for name in (measure, f"{measure}_status")),
    "issue_id",
    "published_on",
)
TAKEN = [
    name
    for name in parameter_names(OBSERVATIONS, ())
    if name in ("area_id", "as_of", "vintages") or name.partition("__")[0] == "period"
]
"""Of the observations' own parameters, those that a series takes."""
BALANCES = ("rmb_deposits", "household_deposits", "rmb_loans")
"""Indicators whose accumulated column holds a balance, which is no sum of months."""
DERIVE = ("prior_year", "monthly_from_cumulative")
NOTES: Mapping[str, Mapping[str, Any]] = {
    "prior_year": {
        "derived": True,
        "fields": ["prior_year", "prior_year_cumulative"],
        "formula": "value / (1 + value_yoy / 100); cumulative / (1 + cumulative_yoy / 100)",
        "rounding": "half to even, to the places of the printed figure",
        "null": "where a figure is missing, and for an index, which already is a ratio to the previous year",
    },
    "monthly_from_cumulative": {
        "derived": True,
        "fields": ["monthly_from_cumulative"],
        "formula": "cumulative - cumulative of the month before in the same year; January: cumulative",
        "rounding": "none, the difference is exact",
        "null": "where a figure is missing, and for an index or a balance; of several vintages of the month "
        "before, the latest seen counts, and with vintages=all the latest published by the same day",
    },
}
EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)


async def get_series(desk: Desk, indicator_id: str, query: bytes) -> Answer:
    """The observations of one indicator in one area, by month; raises Problem (400, 404, 503)."""
    ask, derive = read_series(desk, indicator_id, split_query(query, desk.settings.max_parameters))
    today = desk.today()
    identity, revision = f"indicators/{indicator_id}/series?{ask.given}", desk.store.state.revision
    headers = fresh_headers(desk, OBSERVATIONS, identity, revision, today)
    try:
        indicator, page, earlier = await found(desk, indicator_id, ask, bool(derive), today)
    except Unavailable as error:
        raise unavailable(error) from None
    if indicator is None:
        raise Problem(404, f"indicators holds no row '{clip(indicator_id)}'.")
    if page.following is not None or earlier.following is not None:
        most = desk.settings.max_series_points
        raise bad_request([Fault("period", f"the series has more than {most} rows; ask for fewer months")])
    if page.revision != revision:
        headers = fresh_headers(desk, OBSERVATIONS, identity, page.revision, today)
    about = from_json(indicator.row)
    rows = [from_json(row) for row in page.rows]
    data = [{name: row[name] for name in MEMBERS} for row in rows]
    if derive:
        vintages = [from_json(row) for row in earlier.rows]
        known_then = ask.options.get("vintages") == "all"
        for shown, row in zip(data, rows, strict=True):
            seen = [v for v in vintages if not known_then or v["published_on"] <= row["published_on"]]
            shown["derived"] = derived(row, seen, derive, about)
    body = {"data": data, "meta": meta_of(about, ask, page.total, derive, page.revision)}
    return Answer(JSON, bounded(desk, to_json(body).encode()), headers)


async def found(desk: Desk, indicator_id: str, ask: Ask, both: bool, today: date) -> tuple[Seen | None, Page, Page]:
    """The indicator, the rows asked for, and all that the month before is looked up in, from one revision.

    Raises Unavailable.
    """
    for _ in range(TRIES):
        indicator = await desk.store.item(INDICATORS, indicator_id, {}, today)
        page = await desk.store.page(OBSERVATIONS, ask, today)
        earlier = await desk.store.page(OBSERVATIONS, whole_of(ask), today) if both else page
        if page.revision == earlier.revision and (indicator is None or indicator.revision == page.revision):
            return indicator, page, earlier
    raise Unavailable("the data does not stand still")


def meta_of(about: Record, ask: Ask, total: int | None, derive: Iterable[str], revision: str) -> Record:
    """What the series is of, and how its derived fields were made."""
    area = next(condition.values[0] for condition in ask.conditions if condition.field == "area_id")
    names = {f"indicator_{name}": about[name] for name in ("id", "name_zh", "name_en", "unit", "unit_zh")}
    notes = {"derived": {name: NOTES[name] for name in derive}} if derive else {}
    return {"dataset": OBSERVATIONS.name, **names, "area_id": area, "total": total, **notes, "revision": revision}


def read_series(desk: Desk, indicator_id: str, pairs: Pairs) -> tuple[Ask, tuple[str, ...]]:
    """The question for the observations, and what is to be derived; raises Problem (400) that lists every fault."""
    faults: list[Fault] = []
    derive: tuple[str, ...] = ()
    passed: list[tuple[str, str]] = []
    for name, value in pairs:
        if name == "derive":
            derive = _derive(value, faults)
        elif name in TAKEN:
            passed.append((name, value))
        else:
            faults.append(Fault(clip(name), f"is an unknown parameter.{nearest(name, ['derive', *TAKEN])}"))
    ask = Ask()
    try:
        ask = read_ask(OBSERVATIONS, tuple(passed), (), desk.settings)
    except Problem as problem:
        faults += problem.errors
    if faults:
        raise bad_request(faults)
    chosen = [Condition("indicator_id", "eq", (indicator_id,))]
    if not any(condition.field == "area_id" for condition in ask.conditions):
        chosen.append(Condition("area_id", "eq", (WHOLE_CITY,)))
    sort = (("period", False), ("published_on", False), ("id", False))
    most = desk.settings.max_series_points
    return replace(ask, conditions=(*chosen, *ask.conditions), sort=sort, limit=most, given=pairs), derive


def _derive(text: str, faults: list[Fault]) -> tuple[str, ...]:
    words = text.split(",")
    for n, word in enumerate(words):
        if word not in DERIVE:
            faults.append(Fault("derive", f"'{clip(word)}' cannot be derived.{nearest(word, DERIVE)}", DERIVE))
        elif word in words[:n]:
            faults.append(Fault("derive", f"names '{word}' twice"))
    return tuple(word for word in DERIVE if word in words)


def whole_of(ask: Ask) -> Ask:
    """Every month and vintage that the question may see: what the month before is looked up in."""
    conditions = tuple(c for c in ask.conditions if c.field in ("indicator_id", "area_id"))
    return replace(ask, conditions=conditions, options={**ask.options, "vintages": "all"}, count=False)


def derived(row: Record, vintages: Iterable[Record], derive: Iterable[str], about: Record) -> Record:
    """The derived fields of one row; `about` is its indicator."""
    is_index = about["unit"] == "index"
    is_balance = about["id"] in BALANCES or "余额" in about["name_zh"]
    found: Record = {}
    if "prior_year" in derive:
        for name, measure in (("prior_year", "value"), ("prior_year_cumulative", "cumulative")):
            found[name] = None if is_index else prior_year(number(row[measure]), number(row[f"{measure}_yoy"]))
    if "monthly_from_cumulative" in derive:
        found["monthly_from_cumulative"] = None if is_index or is_balance else monthly(row, vintages)
    return found


def prior_year(value: Decimal | None, change: Decimal | None) -> Decimal | None:
    """The figure a year before, from a figure and its change in per cent, with the figure's own places."""
    if value is None or change is None or change == -100:
        return None
    before = EXACT.divide(value * 100, 100 + change)
    return before.quantize(Decimal(1).scaleb(int(value.as_tuple().exponent)), context=EXACT)


def monthly(row: Record, vintages: Iterable[Record]) -> Decimal | None:
    """The month's share of what has accumulated since January."""
    year, month = row["period"].split("-")
    cumulative = number(row["cumulative"])
    if month == "01" or cumulative is None:
        return cumulative
    before = f"{year}-{int(month) - 1:02d}"
    same = [vintage for vintage in vintages if vintage["period"] == before]
    earlier = number(max(same, key=lambda vintage: vintage["published_on"])["cumulative"]) if same else None
    return None if earlier is None else cumulative - earlier


def number(value: Any) -> Decimal | None:
    """A figure of a row; whole ones are read from JSON as integers."""
    return None if value is None else Decimal(value)
