"""Addresses and parameters of the data interface in, a checked question out (SDMX REST API 1.5)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.errors import Fault, Problem, bad_request, nearest
from app.model.values import BadValue, clip
from app.query.params.controls import read_choice
from app.query.params.dataset_query import Ask, Condition
from app.query.params.query_string import Pairs
from app.renderers.sdmx.codelists import AGENCY, CODELISTS, FLOW, KEY, TIME, VERSION, Scheme
from app.renderers.sdmx.message import FLOW_URN, STRUCTURE_URN, namespace_of
from app.renderers.sdmx.observations import DETAILS, FLAT, FULL, KEYS_ONLY, NO_DATA, Layout, in_measures, layout_of
from app.renderers.sdmx.periods import first_month, last_month, moment

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
"""What a data query takes; `updatedAfter` is refused with 501, for no record tells when an observation came."""
SORT = (("indicator_id", False), ("area_id", False), ("period", False), ("published_on", False), ("id", False))
BY_VINTAGE = (("published_on", False), ("issue_id", False), *SORT[:3], ("id", False))
OBSERVED = (TIME, FLAT, *KEY)
"""What may stand at the observation."""
MOST_COUNT = 1_000_000


@dataclass(frozen=True, slots=True)
class DataAsk:
    """A question for data that passed every check."""

    measures: tuple[str, ...]
    conditions: tuple[Condition, ...]
    as_of: str | None
    history: bool
    first: int
    last: int
    layout: Layout

    def ask(self, most: int) -> Ask:
        """The same question to the observations; one row more than `most` tells that there are too many."""
        options = {"vintages": "all" if self.history else "latest", **({"as_of": self.as_of} if self.as_of else {})}
        sort = BY_VINTAGE if self.history else SORT
        return Ask(conditions=self.conditions, sort=sort, limit=most + 1, count=False, options=options)


def read_schema_ask(path: Mapping[str, str], pairs: Pairs) -> tuple[str, Layout]:
    """The namespace and arrangement of the schema of an address and its parameters; raises Problem (400, 404)."""
    urns = {"dataflow": FLOW_URN, "datastructure": STRUCTURE_URN}
    context, version = path["context"], path.get("version", "latest")
    if context not in urns:
        raise no_results(f"There is no schema of a '{clip(context)}'; there is one of {' and '.join(urns)}.")
    if path["agency"] != AGENCY or path["id"] != FLOW or version not in ("latest", VERSION):
        raise no_results(f"There is a schema of {AGENCY}/{FLOW}/{VERSION} alone.")
    at, faults = TIME, []
    for name, value in pairs:
        try:
            if name == "dimensionAtObservation":
                at = read_choice(value, OBSERVED)
            elif name == "explicitMeasure":
                read_choice(value, ("false",))
            else:
                raise BadValue(
                    f"is an unknown parameter.{nearest(name, ('dimensionAtObservation', 'explicitMeasure'))}"
                )
        except BadValue as error:
            faults.append(Fault(clip(name), str(error), error.allowed))
    if faults:
        raise bad_request(faults)
    return namespace_of(urns[context], at), layout_of(at, FULL)


def no_results(detail: str) -> Problem:
    """The 404 for what does not exist or holds nothing."""
    return Problem(404, detail)


def check_flow(text: str) -> None:
    """Raises Problem (400, 404) unless a reference `agency,flow,version` or a part of it means the dataflow."""
    words = text.split(",")
    if not 1 <= len(words) <= 3 or not all(words):
        raise bad_request([Fault("flow", "is written as flow, agency,flow or agency,flow,version")])
    agency, flow, version = ("all", words[0], "latest") if len(words) == 1 else (*words, "latest")[:3]
    if agency not in ("all", AGENCY) or flow not in ("all", FLOW) or version not in ("all", "latest", VERSION):
        raise no_results(f"There is no dataflow '{clip(text)}'; there is {AGENCY},{FLOW},{VERSION}.")


def check_provider(text: str) -> None:
    """Raises Problem (404) unless the provider is, or may be, the gazette."""
    if not any(each in ("all", AGENCY, f"all,{AGENCY}", f"{AGENCY},{AGENCY}") for each in text.split("+")):
        raise no_results(f"There is no data provider '{clip(text)}'; there is {AGENCY}.")


def read_key(text: str, codelists: Mapping[str, Scheme]) -> tuple[tuple[str, ...], ...]:
    """The codes wanted of each dimension of the key, none for all of them.

    Raises Problem (400) for a key of the wrong length and for codes that no list has.
    """
    if text == "all":
        return ((),) * len(KEY)
    parts = text.split(".")
    if len(parts) != len(KEY):
        raise bad_request([Fault("key", f"has {len(parts)} parts; a key is {'.'.join(KEY)}, each part may be empty")])
    wanted = tuple(tuple(dict.fromkeys(part.split("+"))) if part else () for part in parts)
    faults = []
    for name, codes in zip(KEY, wanted, strict=True):
        known = codelists[CODELISTS[name]].ids
        for code in codes:
            if code not in known:
                faults.append(Fault("key", f"'{clip(code)}' is no code of {name}.{nearest(code, known)}"))
    if faults:
        raise bad_request(faults[:20])
    return wanted


def read_data_ask(
    key_text: str,
    codelists: Mapping[str, Scheme],
    pairs: Pairs,
    most_values: int,
    allowed: Mapping[str, str] = PARAMETERS,
) -> DataAsk:
    """The question of a key and parameters, of which only some may be allowed.

    Raises Problem: 400 that lists every fault, 403 for a question that contradicts itself, 501.
    """
    key = read_key(key_text, codelists)
    values = dict(pairs)
    faults = [
        Fault(clip(name), f"is an unknown parameter.{nearest(name, allowed)}")
        for name in values
        if name not in allowed and name != "updatedAfter"
    ]

    def take(name: str, read: Callable[[str], T], absent: T) -> T:
        try:
            return read(values[name]) if name in values else absent
        except BadValue as error:
            faults.append(Fault(name, str(error), error.allowed))
            return absent

    begin, end = take("startPeriod", first_month, ""), take("endPeriod", last_month, "")
    first, last = take("firstNObservations", _count, 0), take("lastNObservations", _count, 0)
    at = take("dimensionAtObservation", lambda text: read_choice(text, OBSERVED), TIME)
    detail = take("detail", lambda text: read_choice(text, DETAILS), FULL)
    history = take("includeHistory", lambda text: read_choice(text, ("true", "false")), "false") == "true"
    as_of = take("asOf", _day, "")
    areas, indicators, measures = key[1], key[2], key[3]
    if max(len(areas), len(indicators)) > most_values:
        faults.append(Fault("key", f"names more than {most_values} codes of one dimension"))
    if faults:
        raise bad_request(faults)
    _refuse(values, begin, end, at, detail)
    chosen: list[tuple[str, str, Sequence[str]]] = [("area_id", "in", areas), ("indicator_id", "in", indicators)]
    chosen += [("period", "gte", (begin,) if begin else ()), ("period", "lte", (end,) if end else ())]
    conditions = tuple(Condition(field, op, tuple(codes)) for field, op, codes in chosen if codes)
    return DataAsk(in_measures(measures), conditions, as_of or None, history, first, last, layout_of(at, detail))


def _refuse(values: Mapping[str, str], begin: str, end: str, at: str, detail: str) -> None:
    if "updatedAfter" in values:
        raise Problem(
            501,
            "updatedAfter is not offered: no record tells when each observation reached the data. "
            "asOf and includeHistory tell what each issue said, /v1/changes what a load changed.",
        )
    if begin and end and begin > end:
        raise Problem(403, "No whole month lies between startPeriod and endPeriod.")
    if at == FLAT and detail in (KEYS_ONLY, NO_DATA):
        raise Problem(403, f"detail={detail} asks for series, which {FLAT} does not have.")


def _count(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,6}", text) or int(text) > MOST_COUNT:
        raise BadValue(f"must be a whole number from 1 to {MOST_COUNT}")
    return int(text)


def _day(text: str) -> str:
    try:
        return moment(text).isoformat()
    except ValueError:
        raise BadValue(f"'{clip(text)}' is no date", ("2021-06-20", "2021-06-20T00:00:00+08:00")) from None
