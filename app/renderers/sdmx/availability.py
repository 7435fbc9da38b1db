"""The `availableconstraint` resource: which data exist for a query. pysdmx writes the message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import Fault, Problem, bad_request
from app.model.values import BadValue, clip
from app.query.params.controls import parse_choice
from app.query.params.query_string import ParameterPairs
from app.renderers.sdmx.codelists import DIMENSIONS, MONTHLY, TIME, Scheme, to_code
from app.renderers.sdmx.data_query import PARAMETERS, SdmxDataQuery, no_results, parse_data_query
from app.renderers.sdmx.message import FLOW_URN, MessageHeader
from app.renderers.sdmx.structure_message import write_structures

DATA_PARAMETERS = ("startPeriod", "endPeriod", "asOf")
OWN_PARAMETERS: Mapping[str, tuple[str, ...]] = {"mode": ("exact", "available"), "references": ("none",)}
"""Parameters beside those of data queries. Of the modes only the first is supported."""


@dataclass(frozen=True, slots=True)
class Availability:
    """The codes of each dimension for which there are data, the first and last period, and the counts."""

    codes: Mapping[str, Sequence[str]]
    first: str
    last: str
    series: int
    observations: int


def parse_availability_query(
    key: str, codelists: Mapping[str, Scheme], pairs: ParameterPairs, max_values: int
) -> SdmxDataQuery:
    """Parse an availability query into the data query it is about; raises Problem (400, 403, 501)."""
    faults = []
    for name, value in pairs:
        try:
            if name in OWN_PARAMETERS and parse_choice(value, OWN_PARAMETERS[name]) == "available":
                raise Problem(501, "mode=available is not supported; mode=exact returns what the query itself finds.")
        except BadValue as error:
            faults.append(Fault(name, str(error), error.allowed))
    if faults:
        raise bad_request(faults)
    data_pairs = tuple((name, value) for name, value in pairs if name not in OWN_PARAMETERS)
    allowed = {name: PARAMETERS[name] for name in DATA_PARAMETERS}
    return parse_data_query(key, codelists, data_pairs, max_values, allowed)


def build_availability(rows: Sequence[Sequence[Any]], query: SdmxDataQuery) -> Availability:
    """Build the availability from rows of indicator, area, number of months, first month and last month."""
    return Availability(
        {
            "FREQ": [MONTHLY],
            "REF_AREA": sorted({to_code(row[1]) for row in rows}),
            "INDICATOR": sorted({to_code(row[0]) for row in rows}),
            "TRANSFORMATION": query.measures,
        },
        min(row[3] for row in rows),
        max(row[4] for row in rows),
        len(rows) * len(query.measures),
        sum(row[2] for row in rows) * len(query.measures),
    )


def parse_components(text: str) -> tuple[str, ...]:
    """Parse the dimensions that an address names; raises Problem (404)."""
    if text == "all":
        return DIMENSIONS
    if text not in DIMENSIONS:
        raise no_results(f"There is no dimension '{clip(text)}'. The dimensions are {', '.join(DIMENSIONS)}.")
    return (text,)


def write_availability_message(
    format_name: str, availability: Availability, components: Sequence[str], header: MessageHeader
) -> bytes:
    """Return the constraint as a structure message in SDMX-ML or SDMX-JSON."""
    from pysdmx import model

    values = [
        model.CubeKeyValue(id=name, values=[model.CubeValue(code) for code in codes])
        for name, codes in availability.codes.items()
        if name in components
    ]
    if TIME in components:
        start, end = (model.TimePeriodBoundary(month) for month in (availability.first, availability.last))
        span = model.CubeTimeRange(start_period=start, end_period=end)
        values.append(model.CubeKeyValue(id=TIME, time_range=span))
    constraint = model.AvailabilityConstraint(
        constraint_attachment=model.ConstraintAttachment(data_provider=None, dataflows=[FLOW_URN]),
        cube_region=model.CubeRegion(key_values=values),
        series_count=availability.series,
        obs_count=availability.observations,
    )
    return write_structures(format_name, [constraint], header).encode()
