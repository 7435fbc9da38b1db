"""Rows of observations as SDMX observations, and those arranged as a message holds them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from app.datasets.observations import MEASURES
from app.model.rows import Record
from app.renderers.sdmx.codelists import ATTRIBUTES, DIMENSIONS, IDS, MONTHLY, STATUSES

Values = tuple[str | None, ...]
"""One observation: a value of every component, in their order."""
FLAT = "AllDimensions"
FULL, DATA_ONLY, KEYS_ONLY, NO_DATA = "full", "dataonly", "serieskeysonly", "nodata"
DETAILS = (FULL, DATA_ONLY, KEYS_ONLY, NO_DATA)
AT = {name: place for place, name in enumerate(IDS)}
"""Where each component stands in `Values`."""
Units = Mapping[tuple[str, str], tuple[str | None, str | None]]


def points_of(row: Record, measures: Iterable[str], units: Units) -> Iterator[Values]:
    """The observations of one row, one a measure; the digits of each value are those of the print."""
    for measure in measures:
        value = row[measure]
        number = None if value is None else Decimal(value)
        yield (
            MONTHLY,
            row["area_id"],
            row["indicator_id"],
            measure,
            row["period"],
            None if number is None else format(number, "f"),
            STATUSES[row[f"{measure}_status"]],
            *units.get((row["indicator_id"], measure), (None, None)),
            None if number is None else str(max(-int(number.as_tuple().exponent), 0)),
            row["issue_id"],
        )


@dataclass(slots=True)
class DataSet:
    """Observations under one action; a vintage says from which day on it was valid."""

    action: str
    valid_from: str | None = None
    points: list[Values] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which components stand on a series and which on its observations.

    An attribute stands on the series when all dimensions that it belongs to are part of the series key.
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


def layout_of(at_observation: str, detail: str) -> Layout:
    """The arrangement for a dimension at the observation (or `AllDimensions`) and an amount of detail."""
    flat = at_observation == FLAT
    series = () if flat else tuple(name for name in DIMENSIONS if name != at_observation)
    wanted = () if detail in (DATA_ONLY, KEYS_ONLY) else ATTRIBUTES
    on_series = tuple(each.id for each in wanted if each.related and set(each.related) <= set(series))
    on_observation = tuple(each.id for each in wanted if each.id not in on_series)
    return Layout(at_observation, detail, series, on_series, DIMENSIONS if flat else (at_observation,), on_observation)


def series_of(layout: Layout, points: Iterable[Values]) -> dict[Values, list[Values]]:
    """The observations by their series key, in the order in which the series first appear."""
    places = [AT[name] for name in layout.series_key]
    found: dict[Values, list[Values]] = {}
    for point in points:
        found.setdefault(tuple(point[place] for place in places), []).append(point)
    return found


def named(point: Values, names: Iterable[str]) -> list[tuple[str, str]]:
    """The components of a point that have a value, with their names."""
    return [(name, value) for name in names if (value := point[AT[name]]) is not None]


def in_measures(wanted: Iterable[str]) -> tuple[str, ...]:
    """The measures wanted, in the order of the declaration; all where none is named."""
    chosen = set(wanted)
    return tuple(measure for measure in MEASURES if not chosen or measure in chosen)
