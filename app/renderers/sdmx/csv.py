"""SDMX-CSV 1.0 and 2.0: one line for each observation, or for each series where no observations are wanted."""

from collections.abc import Callable, Iterable, Iterator

from app.model.rows import csv_text
from app.renderers.sdmx.codelists import COMPONENTS, Component, flow_name
from app.renderers.sdmx.message import FLOW_REFERENCE, Message
from app.renderers.sdmx.observations import POSITIONS, DataSet, Values, group_by_series

BATCH_LINES = 1000
"""Lines written at once."""


def write_csv_1(message: Message) -> Iterator[str]:
    """Yield SDMX-CSV 1.0, with the dataflow in the first column."""
    return _write_lines(message, ("DATAFLOW",), lambda _: (_flow_label(message),))


def write_csv_2(message: Message) -> Iterator[str]:
    """Yield SDMX-CSV 2.0, with structure and action in the first columns."""
    header = ("STRUCTURE", "STRUCTURE_ID", "ACTION")
    return _write_lines(message, header, lambda dataset: ("dataflow", _flow_label(message), dataset.action[0]))


def _write_lines(
    message: Message, header: tuple[str, ...], first_cells: Callable[[DataSet], tuple[str, ...]]
) -> Iterator[str]:
    columns = [component for component in COMPONENTS if _is_shown(message, component)]
    yield csv_text([[*header, *(_heading(message, component) for component in columns)]])
    for dataset in message.datasets:
        start = first_cells(dataset)
        lines = [[*start, *cells] for cells in _lines(message, dataset, columns)]
        for index in range(0, len(lines), BATCH_LINES):
            yield csv_text(lines[index : index + BATCH_LINES])


def _is_shown(message: Message, component: Component) -> bool:
    layout = message.layout
    attributes = (*layout.series_attributes, *layout.observation_attributes)
    return component.role != "attribute" or component.id in attributes


def _lines(message: Message, dataset: DataSet, columns: list[Component]) -> Iterator[list[str]]:
    layout = message.layout
    observations: Iterable[Values] = dataset.observations
    filled = {component.id for component in columns}
    if not layout.with_observations:
        observations = (group[0] for group in group_by_series(layout, dataset.observations).values())
        filled = {*layout.series_key, *layout.series_attributes}
    names = _names(message, columns) if message.labels == "both" else {}
    columns_with_labels = [
        (component.id in filled, POSITIONS[component.id], names.get(component.id, {})) for component in columns
    ]
    for observation in observations:
        cells = [
            (observation[position] or "", labels) if shown else ("", labels)
            for shown, position, labels in columns_with_labels
        ]
        yield [labels.get(cell, cell) for cell, labels in cells]


def _names(message: Message, columns: list[Component]) -> dict[str, dict[str, str]]:
    """Return codes with their names, for each coded component."""
    return {
        component.id: {
            term.id: f"{term.id}: {term.preferred_name}" for term in message.codelists[component.codelist].terms
        }
        for component in columns
        if component.codelist
    }


def _heading(message: Message, component: Component) -> str:
    return f"{component.id}: {component.info.label_en}" if message.labels == "both" else component.id


def _flow_label(message: Message) -> str:
    return f"{FLOW_REFERENCE}: {flow_name().preferred_name}" if message.labels == "both" else FLOW_REFERENCE
