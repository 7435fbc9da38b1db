"""Addresses and parameters of the data interface, parsed into a query (SDMX REST API 1.5)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.errors import Fault, Problem, bad_request, did_you_mean
from app.model.values import BadValue, clip
from app.query.params.controls import parse_choice
from app.query.params.dataset_query import DatasetQuery, FilterCondition
from app.query.params.name_hints import unknown_name
from app.query.params.query_string import ParameterPairs
from app.renderers.sdmx.codelists import AGENCY, CODELISTS, FLOW, KEY, TIME, VERSION, Scheme, from_code
from app.renderers.sdmx.format_parameter import DATA_CHOICE
from app.renderers.sdmx.message import FLOW_URN, STRUCTURE_URN, data_namespace
from app.renderers.sdmx.observations import (
    DETAILS,
    FLAT,
    FULL,
    KEYS_ONLY,
    NO_DATA,
    Layout,
    build_layout,
    select_measures,
)
from app.renderers.sdmx.periods import first_month, last_month, parse_day

T = TypeVar("T")
PARAMETERS: Mapping[str, str] = {
    "startPeriod": "The first period, inclusive: a year, month, day, date and time, or reporting period (2021-Q2).",
    "endPeriod": "The last period, inclusive.",
    "firstNObservations": "At most so many observations of each series, from the first on.",
    "lastNObservations": "At most so many observations of each series, counted back from the last.",
    "dimensionAtObservation": f"TIME_PERIOD (the default), another dimension, or {FLAT}: no series.",
    "detail": f"How much: {', '.join(DETAILS)}.",
    "includeHistory": "true: every vintage, one data set an issue, from the day on which it was published.",
    "asOf": "Only what issues published by this day (or date and time) said.",
}
"""Parameters of a data query. `updatedAfter` is answered with 501: no row tells when it reached the data."""
SORT = (("indicator_id", False), ("area_id", False), ("period", False), ("published_on", False), ("id", False))
VINTAGE_SORT = (("published_on", False), ("issue_id", False), *SORT[:3], ("id", False))
OBSERVATION_DIMENSIONS = (TIME, FLAT, *KEY)
"""What may stand at the observation."""
MAX_OBSERVATIONS = 1_000_000


@dataclass(frozen=True, slots=True)
class SdmxDataQuery:
    """A valid query for data."""

    measures: tuple[str, ...]
    conditions: tuple[FilterCondition, ...]
    as_of: str | None
    with_history: bool
    first_count: int
    last_count: int
    layout: Layout

    def dataset_query(self, max_rows: int) -> DatasetQuery:
        """Return the query to the observations, limited to one row over `max_rows` to show that there are too many."""
        options = {
            "vintages": "all" if self.with_history else "latest",
            **({"as_of": self.as_of} if self.as_of else {}),
        }
        sort = VINTAGE_SORT if self.with_history else SORT
        return DatasetQuery(conditions=self.conditions, sort=sort, limit=max_rows + 1, count=False, options=options)


def parse_schema_query(path: Mapping[str, str], pairs: ParameterPairs) -> tuple[str, Layout]:
    """Parse the address of a schema into its namespace and layout; raises Problem (400, 404)."""
    urns = {"dataflow": FLOW_URN, "datastructure": STRUCTURE_URN}
    context, version = path["context"], path.get("version", "latest")
    if context not in urns:
        raise no_results(f"There is no schema of a '{clip(context)}', only of a {' or a '.join(urns)}.")
    if path["agency"] != AGENCY or path["id"] != FLOW or version not in ("latest", VERSION):
        raise no_results(f"The only schema is that of {AGENCY}/{FLOW}/{VERSION}.")
    at_observation, faults = TIME, []
    for name, value in pairs:
        try:
            if name == "dimensionAtObservation":
                at_observation = parse_choice(value, OBSERVATION_DIMENSIONS)
            elif name == "explicitMeasure":
                parse_choice(value, ("false",))
            else:
                raise BadValue(unknown_name(name, ("dimensionAtObservation", "explicitMeasure")))
        except BadValue as error:
            faults.append(Fault(clip(name), str(error), error.allowed))
    if faults:
        raise bad_request(faults)
    return data_namespace(urns[context], at_observation), build_layout(at_observation, FULL)


def no_results(detail: str) -> Problem:
    """Return the 404 for what does not exist or holds nothing."""
    return Problem(404, detail)


def check_flow(text: str) -> None:
    """Raise Problem (400, 404) unless a reference `agency,flow,version`, or a part of it, means the dataflow."""
    parts = text.split(",")
    if not 1 <= len(parts) <= 3 or not all(parts):
        raise bad_request([Fault("flow", "is written as flow, agency,flow or agency,flow,version")])
    agency, flow, version = ("all", parts[0], "latest") if len(parts) == 1 else (*parts, "latest")[:3]
    if agency not in ("all", AGENCY) or flow not in ("all", FLOW) or version not in ("all", "latest", VERSION):
        raise no_results(f"There is no dataflow '{clip(text)}'. The only one is {AGENCY},{FLOW},{VERSION}.")


def check_provider(text: str) -> None:
    """Raise Problem (404) unless the provider is, or may be, the gazette."""
    if not any(each in ("all", AGENCY, f"all,{AGENCY}", f"{AGENCY},{AGENCY}") for each in text.split("+")):
        raise no_results(f"There is no data provider '{clip(text)}'. The only one is {AGENCY}.")


def parse_key(text: str, codelists: Mapping[str, Scheme]) -> tuple[tuple[str, ...], ...]:
    """Parse a key into the selected codes of each dimension, none for all of them.

    Raises Problem (400) for a key of the wrong length and for unknown codes.
    """
    if text == "all":
        return ((),) * len(KEY)
    parts = text.split(".")
    if len(parts) != len(KEY):
        raise bad_request([Fault("key", f"has {len(parts)} parts; a key is {'.'.join(KEY)}, each part may be empty")])
    selected = tuple(tuple(dict.fromkeys(part.split("+"))) if part else () for part in parts)
    faults = []
    for name, codes in zip(KEY, selected, strict=True):
        known_codes = codelists[CODELISTS[name]].ids
        for code in codes:
            if code not in known_codes:
                faults.append(Fault("key", f"'{clip(code)}' is not a code of {name}.{did_you_mean(code, known_codes)}"))
    if faults:
        raise bad_request(faults[:20])
    return selected


def parse_data_query(
    key_text: str,
    codelists: Mapping[str, Scheme],
    pairs: ParameterPairs,
    max_values: int,
    allowed: Mapping[str, str] = PARAMETERS,
) -> SdmxDataQuery:
    """Parse a key and parameters, of which `allowed` restricts the names.

    Raises Problem: 400 with every fault, 403 for a contradictory query, 501 for `updatedAfter`.
    """
    key = parse_key(key_text, codelists)
    values = dict(pairs)
    faults = [
        Fault(clip(name), unknown_name(name, (*allowed, *DATA_CHOICE.parameters)))
        for name in values
        if name not in allowed and name != "updatedAfter"
    ]

    def parse(name: str, parser: Callable[[str], T], default: T) -> T:
        try:
            return parser(values[name]) if name in values else default
        except BadValue as error:
            faults.append(Fault(name, str(error), error.allowed))
            return default

    start, end = parse("startPeriod", first_month, ""), parse("endPeriod", last_month, "")
    first, last = parse("firstNObservations", _parse_count, 0), parse("lastNObservations", _parse_count, 0)
    at_observation = parse("dimensionAtObservation", lambda text: parse_choice(text, OBSERVATION_DIMENSIONS), TIME)
    detail = parse("detail", lambda text: parse_choice(text, DETAILS), FULL)
    with_history = parse("includeHistory", lambda text: parse_choice(text, ("true", "false")), "false") == "true"
    as_of = parse("asOf", _parse_as_of, "")
    areas, indicators, measures = key[1], key[2], key[3]
    if max(len(areas), len(indicators)) > max_values:
        faults.append(Fault("key", f"names more than {max_values} codes of one dimension"))
    if faults:
        raise bad_request(faults)
    _check_combination(values, start, end, at_observation, detail)
    filters: list[tuple[str, str, Sequence[str]]] = [
        ("area_id", "in", [from_code(code) for code in areas]),
        ("indicator_id", "in", [from_code(code) for code in indicators]),
    ]
    filters += [("period", "gte", (start,) if start else ()), ("period", "lte", (end,) if end else ())]
    conditions = tuple(FilterCondition(field, op, tuple(codes)) for field, op, codes in filters if codes)
    return SdmxDataQuery(
        select_measures(measures),
        conditions,
        as_of or None,
        with_history,
        first,
        last,
        build_layout(at_observation, detail),
    )


def _check_combination(values: Mapping[str, str], start: str, end: str, at_observation: str, detail: str) -> None:
    if "updatedAfter" in values:
        raise Problem(
            501,
            "updatedAfter is not supported: no row tells when an observation reached the data. "
            "Use asOf and includeHistory for what each issue said, and the dataset 'changes' for what a load changed.",
        )
    if start and end and start > end:
        raise Problem(403, "No whole month lies between startPeriod and endPeriod.")
    if at_observation == FLAT and detail in (KEYS_ONLY, NO_DATA):
        raise Problem(403, f"detail={detail} asks for series, which {FLAT} does not have.")


def _parse_count(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,6}", text) or int(text) > MAX_OBSERVATIONS:
        raise BadValue(f"must be a whole number from 1 to {MAX_OBSERVATIONS}")
    return int(text)


def _parse_as_of(text: str) -> str:
    try:
        return parse_day(text).isoformat()
    except ValueError:
        raise BadValue(f"'{clip(text)}' is not a date", ("2021-06-20", "2021-06-20T00:00:00+08:00")) from None
