"""SDMX-CSV 1.0 and 2.0: one line an observation, or a series where observations are not wanted."""

from collections.abc import Callable, Iterable, Iterator

from app.model.rows import csv_text
from app.renderers.sdmx.codelists import COMPONENTS, Component, flow_name
from app.renderers.sdmx.message import FLOW_REFERENCE, Message
from app.renderers.sdmx.observations import AT, DataSet, Values, series_of

PART = 1000
"""Lines that are written at once."""


def version_1(message: Message) -> Iterator[str]:
    """With the dataflow in the first column."""
    return _written(message, ("DATAFLOW",), lambda _: (_flow(message),))


def version_2(message: Message) -> Iterator[str]:
    """With structure and action in the first columns."""
    head = ("STRUCTURE", "STRUCTURE_ID", "ACTION")
    return _written(message, head, lambda dataset: ("dataflow", _flow(message), dataset.action[0]))


def _written(message: Message, head: tuple[str, ...], start: Callable[[DataSet], tuple[str, ...]]) -> Iterator[str]:
    columns = [component for component in COMPONENTS if _is_shown(message, component)]
    yield csv_text([[*head, *(_heading(message, component) for component in columns)]])
    for dataset in message.datasets:
        first = start(dataset)
        lines = [[*first, *cells] for cells in _lines(message, dataset, columns)]
        for at in range(0, len(lines), PART):
            yield csv_text(lines[at : at + PART])


def _is_shown(message: Message, component: Component) -> bool:
    layout = message.layout
    attributes = (*layout.series_attributes, *layout.observation_attributes)
    return component.role != "attribute" or component.id in attributes


def _lines(message: Message, dataset: DataSet, columns: list[Component]) -> Iterator[list[str]]:
    layout = message.layout
    points: Iterable[Values] = dataset.points
    filled = {component.id for component in columns}
    if not layout.with_observations:
        points = (group[0] for group in series_of(layout, dataset.points).values())
        filled = {*layout.series_key, *layout.series_attributes}
    names = _names(message, columns) if message.labels == "both" else {}
    places = [(component.id in filled, AT[component.id], names.get(component.id, {})) for component in columns]
    for point in points:
        cells = [(point[at] or "", labels) if shown else ("", labels) for shown, at, labels in places]
        yield [labels.get(cell, cell) for cell, labels in cells]


def _names(message: Message, columns: list[Component]) -> dict[str, dict[str, str]]:
    """Of each coded component, its codes with their names."""
    return {
        component.id: {term.id: f"{term.id}: {term.best}" for term in message.codelists[component.codelist].terms}
        for component in columns
        if component.codelist
    }


def _heading(message: Message, component: Component) -> str:
    return f"{component.id}: {component.fact.en}" if message.labels == "both" else component.id


def _flow(message: Message) -> str:
    return f"{FLOW_REFERENCE}: {flow_name().best}" if message.labels == "both" else FLOW_REFERENCE
