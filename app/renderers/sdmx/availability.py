"""What data there are for a question: the `availableconstraint` resource, written by pysdmx."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import Fault, Problem, bad_request
from app.model.values import BadValue, clip
from app.query.params.controls import read_choice
from app.query.params.query_string import Pairs
from app.renderers.sdmx.codelists import DIMENSIONS, MONTHLY, TIME, Scheme
from app.renderers.sdmx.data_query import PARAMETERS, DataAsk, no_results, read_data_ask
from app.renderers.sdmx.message import FLOW_URN, Heading
from app.renderers.sdmx.structure_message import in_form

OF_DATA = ("startPeriod", "endPeriod", "asOf")
OWN: Mapping[str, tuple[str, ...]] = {"mode": ("exact", "available"), "references": ("none",)}
"""The parameters beside those of data; of the modes only the first is offered."""


@dataclass(frozen=True, slots=True)
class Available:
    """The codes of each dimension for which there are data, the ends of time, and how much there is."""

    codes: Mapping[str, Sequence[str]]
    first: str
    last: str
    series: int
    observations: int


def read_availability_ask(key: str, codelists: Mapping[str, Scheme], pairs: Pairs, most_values: int) -> DataAsk:
    """The question for data of an availability query; raises Problem (400, 403, 501)."""
    faults = []
    for name, value in pairs:
        try:
            if name in OWN and read_choice(value, OWN[name]) == "available":
                raise Problem(501, "mode=available is not offered; mode=exact tells what the query itself finds.")
        except BadValue as error:
            faults.append(Fault(name, str(error), error.allowed))
    if faults:
        raise bad_request(faults)
    rest = tuple((name, value) for name, value in pairs if name not in OWN)
    allowed = {name: PARAMETERS[name] for name in OF_DATA}
    return read_data_ask(key, codelists, rest, most_values, allowed)


def available(rows: Sequence[Sequence[Any]], asked: DataAsk) -> Available:
    """From one row for each indicator and area: both, the number of months, the first and the last month."""
    return Available(
        {
            "FREQ": [MONTHLY],
            "REF_AREA": sorted({row[1] for row in rows}),
            "INDICATOR": sorted({row[0] for row in rows}),
            "TRANSFORMATION": asked.measures,
        },
        min(row[3] for row in rows),
        max(row[4] for row in rows),
        len(rows) * len(asked.measures),
        sum(row[2] for row in rows) * len(asked.measures),
    )


def components_of(text: str) -> tuple[str, ...]:
    """The dimensions that an address names; raises Problem (404)."""
    if text == "all":
        return DIMENSIONS
    if text not in DIMENSIONS:
        raise no_results(f"There is no dimension '{clip(text)}'; there are {', '.join(DIMENSIONS)}.")
    return (text,)


def availability_message(form: str, found: Available, components: Sequence[str], heading: Heading) -> bytes:
    """The constraint as a structure message in SDMX-ML or SDMX-JSON."""
    from pysdmx import model

    values = [
        model.CubeKeyValue(id=name, values=[model.CubeValue(code) for code in codes])
        for name, codes in found.codes.items()
        if name in components
    ]
    if TIME in components:
        start, end = (model.TimePeriodBoundary(month) for month in (found.first, found.last))
        span = model.CubeTimeRange(start_period=start, end_period=end)
        values.append(model.CubeKeyValue(id=TIME, time_range=span))
    constraint = model.AvailabilityConstraint(
        constraint_attachment=model.ConstraintAttachment(data_provider=None, dataflows=[FLOW_URN]),
        cube_region=model.CubeRegion(key_values=values),
        series_count=found.series,
        obs_count=found.observations,
    )
    return in_form(form, [constraint], heading).encode()
