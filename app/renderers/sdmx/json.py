"""SDMX-JSON data messages, 1.0 and 2.0: codes are places in lists of values that the message itself holds.

pysdmx writes no SDMX-JSON data.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from app.model.rows import to_json
from app.renderers.sdmx.codelists import AGENCY, COMPONENTS, DIMENSIONS, WHO, Component, Term, flow_name
from app.renderers.sdmx.message import FLOW_URN, Message
from app.renderers.sdmx.observations import AT, DataSet, Values, series_of

SCHEMA = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/data-message/tools/schemas"
BY_ID = {component.id: component for component in COMPONENTS}
VALUE = BY_ID["OBS_VALUE"]
Places = dict[str, dict[str, int]]
"""Of each component, the values that occur and where each stands in its list."""


def version_1(message: Message) -> Iterator[str]:
    """SDMX-JSON 1.0."""
    places = places_of(message)
    structure = _structure(message, places, {"primaryMeasure": VALUE.id})
    sets = [_dataset(message, each, places) for each in message.datasets]
    yield from _written(message, "1.0", {"structure": structure, "dataSets": sets})


def version_2(message: Message) -> Iterator[str]:
    """SDMX-JSON 2.0: structures are a list, and the measure is described like the rest."""
    places = places_of(message)
    measure = {**_about(VALUE), "isMandatory": VALUE.required, "format": {"dataType": VALUE.text}}
    structure = {
        "dataSets": list(range(len(message.datasets))),
        **_structure(message, places, {"observation": {}}),
        "measures": {"observation": [measure] if message.layout.with_observations else []},
    }
    sets = [{"structure": 0, **_dataset(message, each, places)} for each in message.datasets]
    yield from _written(message, "2.0.0", {"structures": [structure], "dataSets": sets})


def _written(message: Message, version: str, data: dict[str, Any]) -> Iterator[str]:
    meta = {
        "schema": f"{SCHEMA}/{version}/sdmx-json-data-schema.json",
        "id": message.heading.id,
        "prepared": message.heading.prepared,
        "test": False,
        "contentLanguages": ["en", "zh"],
        "sender": _named(Term(AGENCY, *WHO)),
    }
    yield to_json({"meta": meta, "data": data, "errors": []})


def places_of(message: Message) -> Places:
    """The values that occur: codes in the order of their list, all others sorted."""
    found: Places = {}
    for component in COMPONENTS:
        at = AT[component.id]
        held = {value for dataset in message.datasets for point in dataset.points if (value := point[at]) is not None}
        known = message.codelists[component.codelist].ids if component.codelist else ()
        ordered = [code for code in known if code in held]
        ordered += sorted(held.difference(ordered))
        found[component.id] = {value: place for place, value in enumerate(ordered)}
    return found


def _structure(message: Message, places: Places, relationship: dict[str, Any]) -> dict[str, Any]:
    layout = message.layout

    def dimensions(names: Iterable[str]) -> list[dict[str, Any]]:
        return [
            {**_about(BY_ID[name]), "keyPosition": DIMENSIONS.index(name), "values": _list(message, name, places)}
            for name in names
        ]

    def attributes(names: Iterable[str]) -> list[dict[str, Any]]:
        found = []
        for name in names:
            related = list(BY_ID[name].related)
            belongs = {"dimensions": related} if related else relationship
            found.append({**_about(BY_ID[name]), "relationship": belongs, "values": _list(message, name, places)})
        return found

    seen = layout.with_observations
    return {
        "links": [{"urn": FLOW_URN, "rel": "dataflow"}],
        **{name: text for name, text in _named(flow_name()).items() if name != "id"},
        "dimensions": {
            "dataSet": [],
            "series": dimensions(layout.series_key),
            "observation": dimensions(layout.observation_key if seen else ()),
        },
        "attributes": {
            "dataSet": [],
            "series": attributes(layout.series_attributes),
            "observation": attributes(layout.observation_attributes if seen else ()),
        },
    }


def _list(message: Message, name: str, places: Places) -> list[dict[str, Any]]:
    codelist = BY_ID[name].codelist
    terms = {term.id: term for term in message.codelists[codelist].terms} if codelist else {}
    return [_named(terms.get(value) or Term(value, value, None)) for value in places[name]]


def _about(component: Component) -> dict[str, Any]:
    return _named(Term(component.id, component.fact.en, component.fact.zh))


def _named(term: Term) -> dict[str, Any]:
    return {"id": term.id, "name": term.best, **({"names": term.names} if term.zh else {})}


def _dataset(message: Message, dataset: DataSet, places: Places) -> dict[str, Any]:
    layout = message.layout
    about: dict[str, Any] = {"action": dataset.action, "links": [{"urn": FLOW_URN, "rel": "dataflow"}]}
    if dataset.valid_from:
        about["validFrom"] = dataset.valid_from
    if not layout.series_key:
        return {**about, "observations": _observations(message, dataset.points, places)}
    series: dict[str, Any] = {}
    for points in series_of(layout, dataset.points).values():
        entry: dict[str, Any] = {}
        if layout.series_attributes:
            entry["attributes"] = _indices(points[0], layout.series_attributes, places)
        if layout.with_observations:
            entry["observations"] = _observations(message, points, places)
        series[_key(points[0], layout.series_key, places)] = entry
    return {**about, "series": series}


def _observations(message: Message, points: Iterable[Values], places: Places) -> dict[str, Any]:
    layout, at = message.layout, AT[VALUE.id]
    return {
        _key(point, layout.observation_key, places): [
            # The digits as they were printed: 108.30 is not 108.3.
            None if (value := point[at]) is None else orjson.Fragment(value.encode()),
            *_indices(point, layout.observation_attributes, places),
        ]
        for point in points
    }


def _key(point: Values, names: Iterable[str], places: Places) -> str:
    return ":".join(str(places[name][str(point[AT[name]])]) for name in names)


def _indices(point: Values, names: Iterable[str], places: Places) -> list[int | None]:
    return [None if (value := point[AT[name]]) is None else places[name][value] for name in names]
