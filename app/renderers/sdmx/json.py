"""SDMX-JSON data messages, 1.0 and 2.0, which pysdmx does not write.

A code is written as its position in a list of values that the message itself holds.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from app.model.rows import to_json
from app.renderers.sdmx.codelists import AGENCY, COMPONENTS, DIMENSIONS, MAINTAINER_NAME, Component, Term, flow_name
from app.renderers.sdmx.message import FLOW_URN, Message
from app.renderers.sdmx.observations import POSITIONS, DataSet, Values, group_by_series

SCHEMA = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/data-message/tools/schemas"
COMPONENTS_BY_ID = {component.id: component for component in COMPONENTS}
OBS_VALUE = COMPONENTS_BY_ID["OBS_VALUE"]
ValuePositions = dict[str, dict[str, int]]
"""For each component, the values that occur and their positions in its list."""


def write_json_1(message: Message) -> Iterator[str]:
    """Yield SDMX-JSON 1.0."""
    positions = value_positions(message)
    structure = _structure(message, positions, {"primaryMeasure": OBS_VALUE.id})
    datasets = [_dataset(message, dataset, positions) for dataset in message.datasets]
    yield from _write_message(message, "1.0", {"structure": structure, "dataSets": datasets})


def write_json_2(message: Message) -> Iterator[str]:
    """Yield SDMX-JSON 2.0: structures are a list, and the measure is described like other components."""
    positions = value_positions(message)
    measure = {
        **_describe_component(OBS_VALUE),
        "isMandatory": OBS_VALUE.required,
        "format": {"dataType": OBS_VALUE.text_type},
    }
    structure = {
        "dataSets": list(range(len(message.datasets))),
        **_structure(message, positions, {"observation": {}}),
        "measures": {"observation": [measure] if message.layout.with_observations else []},
    }
    datasets = [{"structure": 0, **_dataset(message, dataset, positions)} for dataset in message.datasets]
    yield from _write_message(message, "2.0.0", {"structures": [structure], "dataSets": datasets})


def _write_message(message: Message, version: str, data: dict[str, Any]) -> Iterator[str]:
    meta = {
        "schema": f"{SCHEMA}/{version}/sdmx-json-data-schema.json",
        "id": message.header.id,
        "prepared": message.header.prepared,
        "test": False,
        "contentLanguages": ["en", "zh"],
        "sender": _describe_term(Term(AGENCY, *MAINTAINER_NAME)),
    }
    yield to_json({"meta": meta, "data": data, "errors": []})


def value_positions(message: Message) -> ValuePositions:
    """Return the values that occur: codes in the order of their list, all others sorted."""
    positions: ValuePositions = {}
    for component in COMPONENTS:
        index = POSITIONS[component.id]
        values = {
            value
            for dataset in message.datasets
            for observation in dataset.observations
            if (value := observation[index]) is not None
        }
        codes = message.codelists[component.codelist].ids if component.codelist else ()
        ordered = [code for code in codes if code in values]
        ordered += sorted(values.difference(ordered))
        positions[component.id] = {value: position for position, value in enumerate(ordered)}
    return positions


def _structure(message: Message, positions: ValuePositions, relationship: dict[str, Any]) -> dict[str, Any]:
    layout = message.layout

    def dimensions(names: Iterable[str]) -> list[dict[str, Any]]:
        return [
            {
                **_describe_component(COMPONENTS_BY_ID[name]),
                "keyPosition": DIMENSIONS.index(name),
                "values": _list_values(message, name, positions),
            }
            for name in names
        ]

    def attributes(names: Iterable[str]) -> list[dict[str, Any]]:
        described = []
        for name in names:
            related = list(COMPONENTS_BY_ID[name].related_dimensions)
            attribute_relationship = {"dimensions": related} if related else relationship
            described.append(
                {
                    **_describe_component(COMPONENTS_BY_ID[name]),
                    "relationship": attribute_relationship,
                    "values": _list_values(message, name, positions),
                }
            )
        return described

    with_observations = layout.with_observations
    return {
        "links": [{"urn": FLOW_URN, "rel": "dataflow"}],
        **{name: text for name, text in _describe_term(flow_name()).items() if name != "id"},
        "dimensions": {
            "dataSet": [],
            "series": dimensions(layout.series_key),
            "observation": dimensions(layout.observation_key if with_observations else ()),
        },
        "attributes": {
            "dataSet": [],
            "series": attributes(_held(layout.series_attributes, positions)),
            "observation": attributes(_held(layout.observation_attributes if with_observations else (), positions)),
        },
    }


def _held(names: Iterable[str], positions: ValuePositions) -> list[str]:
    """Return the attributes without those that need no value and have none in the message: a list may not be empty."""
    return [name for name in names if positions[name] or COMPONENTS_BY_ID[name].required]


def _list_values(message: Message, name: str, positions: ValuePositions) -> list[dict[str, Any]]:
    codelist = COMPONENTS_BY_ID[name].codelist
    terms = {term.id: term for term in message.codelists[codelist].terms} if codelist else {}
    return [_describe_term(terms.get(value) or Term(value, value, None)) for value in positions[name]]


def _describe_component(component: Component) -> dict[str, Any]:
    return _describe_term(Term(component.id, component.info.label_en, component.info.label_zh))


def _describe_term(term: Term) -> dict[str, Any]:
    return {"id": term.id, "name": term.preferred_name, **({"names": term.names} if term.zh else {})}


def _dataset(message: Message, dataset: DataSet, positions: ValuePositions) -> dict[str, Any]:
    layout = message.layout
    described: dict[str, Any] = {"action": dataset.action, "links": [{"urn": FLOW_URN, "rel": "dataflow"}]}
    if dataset.valid_from:
        described["validFrom"] = dataset.valid_from
    if not layout.series_key:
        return {**described, "observations": _observations(message, dataset.observations, positions)}
    series: dict[str, Any] = {}
    for observations in group_by_series(layout, dataset.observations).values():
        entry: dict[str, Any] = {}
        if held := _held(layout.series_attributes, positions):
            entry["attributes"] = _indices(observations[0], held, positions)
        if layout.with_observations:
            entry["observations"] = _observations(message, observations, positions)
        series[_key(observations[0], layout.series_key, positions)] = entry
    return {**described, "series": series}


def _observations(message: Message, observations: Iterable[Values], positions: ValuePositions) -> dict[str, Any]:
    layout, index = message.layout, POSITIONS[OBS_VALUE.id]
    held = _held(layout.observation_attributes, positions)
    return {
        _key(observation, layout.observation_key, positions): [
            # Keep the digits as printed: 108.30 is not 108.3.
            None if (value := observation[index]) is None else orjson.Fragment(value.encode()),
            *_indices(observation, held, positions),
        ]
        for observation in observations
    }


def _key(observation: Values, names: Iterable[str], positions: ValuePositions) -> str:
    return ":".join(str(positions[name][str(observation[POSITIONS[name]])]) for name in names)


def _indices(observation: Values, names: Iterable[str], positions: ValuePositions) -> list[int | None]:
    return [None if (value := observation[POSITIONS[name]]) is None else positions[name][value] for name in names]
