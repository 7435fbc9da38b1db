"""Rows as SDMX observations, and the layout of observations in a message."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from app.datasets.observations import MEASURES
from app.model.rows import Record
from app.renderers.sdmx.codelists import ATTRIBUTES, COMPONENT_IDS, DIMENSIONS, MONTHLY, STATUSES, to_code

Values = tuple[str | None, ...]
"""One observation: a value of each component, in their order."""
FLAT = "AllDimensions"
FULL, DATA_ONLY, KEYS_ONLY, NO_DATA = "full", "dataonly", "serieskeysonly", "nodata"
DETAILS = (FULL, DATA_ONLY, KEYS_ONLY, NO_DATA)
POSITIONS = {name: position for position, name in enumerate(COMPONENT_IDS)}
"""The position of each component in `Values`."""
Units = Mapping[tuple[str, str], tuple[str | None, str | None]]


def to_observations(row: Record, measures: Iterable[str], units: Units) -> Iterator[Values]:
    """Yield the observations of one row, one for each measure, with the digits of the print."""
    for measure in measures:
        value = row[measure]
        number = None if value is None else Decimal(value)
        yield (
            MONTHLY,
            to_code(row["area_id"]),
            to_code(row["indicator_id"]),
            measure,
            row["period"],
            None if number is None else format(number, "f"),
            STATUSES[row[f"{measure}_status"]],
            *units.get((row["indicator_id"], measure), (None, None)),
            None if number is None else str(max(-int(number.as_tuple().exponent), 0)),
            row["issue_id"],
            (row.get("source") or {}).get("compiled_by"),
        )


@dataclass(slots=True)
class DataSet:
    """Observations under one action. A vintage has the day from which it was valid."""

    action: str
    valid_from: str | None = None
    observations: list[Values] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which components stand on a series and which on its observations.

    An attribute stands on the series if all dimensions that it belongs to are in the series key.
    """

    at_observation: str
    detail: str
    series_key: tuple[str, ...]
    series_attributes: tuple[str, ...]
    observation_key: tuple[str, ...]
    observation_attributes: tuple[str, ...]

    @property
    def with_observations(self) -> bool:
        """Whether observations are wanted at all."""
        return self.detail in (FULL, DATA_ONLY)


def build_layout(at_observation: str, detail: str) -> Layout:
    """Return the layout for a dimension at the observation (or `AllDimensions`) and a level of detail."""
    flat = at_observation == FLAT
    series = () if flat else tuple(name for name in DIMENSIONS if name != at_observation)
    attributes = () if detail in (DATA_ONLY, KEYS_ONLY) else ATTRIBUTES
    on_series = tuple(
        attribute.id
        for attribute in attributes
        if attribute.related_dimensions and set(attribute.related_dimensions) <= set(series)
    )
    on_observation = tuple(attribute.id for attribute in attributes if attribute.id not in on_series)
    return Layout(at_observation, detail, series, on_series, DIMENSIONS if flat else (at_observation,), on_observation)


def group_by_series(layout: Layout, observations: Iterable[Values]) -> dict[Values, list[Values]]:
    """Return the observations by series key, in the order in which the series first appear."""
    positions = [POSITIONS[name] for name in layout.series_key]
    series: dict[Values, list[Values]] = {}
    for observation in observations:
        series.setdefault(tuple(observation[position] for position in positions), []).append(observation)
    return series


def named_values(observation: Values, names: Iterable[str]) -> list[tuple[str, str]]:
    """Return the named components of an observation that have a value."""
    return [(name, value) for name in names if (value := observation[POSITIONS[name]]) is not None]


def select_measures(names: Iterable[str]) -> tuple[str, ...]:
    """Return the selected measures in the order of their declaration; all of them if none is named."""
    selected = set(names)
    return tuple(measure for measure in MEASURES if not selected or measure in selected)
