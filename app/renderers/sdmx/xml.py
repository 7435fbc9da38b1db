"""SDMX-ML 2.1 data messages, structure-specific and generic, written in pieces.

pysdmx's writers are not used, because they need pandas, write `108.30` as 108.3, keep one data set for each structure
(so no vintages), and write a dataScope and an action that the official schema rejects.
"""

from collections.abc import Iterable, Iterator, Mapping

from app.renderers.sdmx.codelists import AGENCY, FLOW, VERSION
from app.renderers.sdmx.errors import COMMON_NAMESPACE, MESSAGE_NAMESPACE
from app.renderers.sdmx.message import FLOW_URN, Message, data_namespace
from app.renderers.sdmx.observations import DataSet, Values, group_by_series, named_values
from app.renderers.xml import DECLARATION, Attributes, empty_element, end_tag, start_tag, text_element

_DATA = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def write_structure_specific(message: Message) -> Iterator[str]:
    """Yield a structure-specific message: components are attributes."""
    namespace = data_namespace(FLOW_URN, message.layout.at_observation)
    spaces = {"ss": f"{_DATA}/structurespecific", "ns1": namespace}
    yield from _write_header("mes:StructureSpecificData", spaces, message, [("namespace", namespace)])
    for dataset in message.datasets:
        attributes = [
            ("xsi:type", "ns1:DataSetType"),
            ("ss:structureRef", FLOW),
            ("ss:dataScope", "DataStructure"),
            *_dataset_attributes(dataset, "ss:"),
        ]
        yield f"{start_tag('mes:DataSet', attributes)}\n"
        yield from _specific_series(message, dataset)
        yield f"{end_tag('mes:DataSet')}\n"
    yield f"{end_tag('mes:StructureSpecificData')}\n"


def _specific_series(message: Message, dataset: DataSet) -> Iterator[str]:
    layout = message.layout
    on_observation = (*layout.observation_key, "OBS_VALUE", *layout.observation_attributes)
    if not layout.series_key:
        yield from _specific_observations(dataset.observations, on_observation)
        return
    for observations in group_by_series(layout, dataset.observations).values():
        on_series = named_values(observations[0], (*layout.series_key, *layout.series_attributes))
        if layout.with_observations:
            yield f"{start_tag('Series', on_series)}\n"
            yield from _specific_observations(observations, on_observation)
            yield f"{end_tag('Series')}\n"
        else:
            yield f"{empty_element('Series', on_series)}\n"


def _specific_observations(observations: Iterable[Values], names: Iterable[str]) -> Iterator[str]:
    for observation in observations:
        yield f"{empty_element('Obs', named_values(observation, names))}\n"


def write_generic(message: Message) -> Iterator[str]:
    """Yield a generic message: components are named by elements."""
    yield from _write_header("mes:GenericData", {"gen": f"{_DATA}/generic"}, message)
    layout = message.layout
    for dataset in message.datasets:
        attributes = [("structureRef", FLOW), *_dataset_attributes(dataset, "")]
        yield f"{start_tag('mes:DataSet', attributes)}\n"
        if not layout.series_key:
            yield from (_generic_observation(message, observation, "ObsKey") for observation in dataset.observations)
        else:
            for observations in group_by_series(layout, dataset.observations).values():
                first = observations[0]
                yield f"{start_tag('gen:Series')}{_values('SeriesKey', named_values(first, layout.series_key))}"
                yield f"{_values('Attributes', named_values(first, layout.series_attributes))}\n"
                if layout.with_observations:
                    yield from (
                        _generic_observation(message, observation, "ObsDimension") for observation in observations
                    )
                yield f"{end_tag('gen:Series')}\n"
        yield f"{end_tag('mes:DataSet')}\n"
    yield f"{end_tag('mes:GenericData')}\n"


def _generic_observation(message: Message, observation: Values, key: str) -> str:
    pairs = named_values(observation, message.layout.observation_key)
    position = _values(key, pairs) if key == "ObsKey" else _component("gen:ObsDimension", *pairs[0])
    values = named_values(observation, ("OBS_VALUE",))
    value = "".join(empty_element("gen:ObsValue", [("value", text)]) for _, text in values)
    attributes = _values("Attributes", named_values(observation, message.layout.observation_attributes))
    return f"{start_tag('gen:Obs')}{position}{value}{attributes}{end_tag('gen:Obs')}\n"


def _values(group: str, pairs: Attributes) -> str:
    inner = "".join([_component("gen:Value", name, value) for name, value in pairs])
    return f"{start_tag(f'gen:{group}')}{inner}{end_tag(f'gen:{group}')}" if inner else ""


def _component(element: str, name: str, value: str) -> str:
    return empty_element(element, [("id", name), ("value", value)])


def _write_header(root: str, spaces: Mapping[str, str], message: Message, more: Attributes = ()) -> Iterator[str]:
    yield DECLARATION
    declared = {"mes": MESSAGE_NAMESPACE, "com": COMMON_NAMESPACE, "xsi": _XSI, **spaces}
    yield f"{start_tag(root, [(f'xmlns:{prefix}', uri) for prefix, uri in declared.items()])}\n"
    header, dimension = message.header, message.layout.at_observation
    yield f"{start_tag('mes:Header')}{text_element('mes:ID', header.id)}{text_element('mes:Test', 'false')}"
    yield f"{text_element('mes:Prepared', header.prepared)}{empty_element('mes:Sender', [('id', AGENCY)])}"
    structure = [("structureID", FLOW), *more, ("dimensionAtObservation", dimension)]
    yield f"{start_tag('mes:Structure', structure)}{start_tag('com:StructureUsage')}"
    reference = [("agencyID", AGENCY), ("id", FLOW), ("version", VERSION)]
    yield empty_element("Ref", [*reference, ("class", "Dataflow"), ("package", "datastructure")])
    yield f"{end_tag('com:StructureUsage')}{end_tag('mes:Structure')}{end_tag('mes:Header')}\n"


def _dataset_attributes(dataset: DataSet, prefix: str) -> Iterator[tuple[str, str]]:
    yield f"{prefix}action", dataset.action
    if dataset.valid_from:
        yield f"{prefix}validFromDate", dataset.valid_from
