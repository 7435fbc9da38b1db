"""SDMX-ML 2.1 data messages, structure-specific and generic, written in pieces.

pysdmx's writers are not used, because they need pandas, write `108.30` as 108.3, keep one data set for each structure
(so no vintages), and write a dataScope and an action that the official schema rejects.
"""

from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import quoteattr

from app.renderers.sdmx.codelists import AGENCY, FLOW, VERSION
from app.renderers.sdmx.errors import COMMON_NAMESPACE, MESSAGE_NAMESPACE
from app.renderers.sdmx.message import FLOW_URN, Message, data_namespace
from app.renderers.sdmx.observations import DataSet, Values, group_by_series, named_values

_DATA = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
Pairs = Iterable[tuple[str, str]]


def write_structure_specific(message: Message) -> Iterator[str]:
    """Yield a structure-specific message: components are attributes."""
    namespace = data_namespace(FLOW_URN, message.layout.at_observation)
    spaces = {"ss": f"{_DATA}/structurespecific", "ns1": namespace}
    yield from _write_header("StructureSpecificData", spaces, message, f' namespace="{namespace}"')
    for dataset in message.datasets:
        attributes = [
            ("ss:structureRef", FLOW),
            ("ss:dataScope", "DataStructure"),
            *_dataset_attributes(dataset, "ss:"),
        ]
        yield f'<mes:DataSet xsi:type="ns1:DataSetType"{_attributes(attributes)}>\n'
        yield from _specific_series(message, dataset)
        yield "</mes:DataSet>\n"
    yield "</mes:StructureSpecificData>\n"


def _specific_series(message: Message, dataset: DataSet) -> Iterator[str]:
    layout = message.layout
    on_observation = (*layout.observation_key, "OBS_VALUE", *layout.observation_attributes)
    if not layout.series_key:
        yield from (
            f"<Obs{_attributes(named_values(observation, on_observation))}/>\n" for observation in dataset.observations
        )
        return
    for observations in group_by_series(layout, dataset.observations).values():
        yield f"<Series{_attributes(named_values(observations[0], (*layout.series_key, *layout.series_attributes)))}"
        if layout.with_observations:
            yield ">\n"
            yield from (
                f"<Obs{_attributes(named_values(observation, on_observation))}/>\n" for observation in observations
            )
            yield "</Series>\n"
        else:
            yield "/>\n"


def write_generic(message: Message) -> Iterator[str]:
    """Yield a generic message: components are named by elements."""
    yield from _write_header("GenericData", {"gen": f"{_DATA}/generic"}, message)
    layout = message.layout
    for dataset in message.datasets:
        attributes = [("structureRef", FLOW), *_dataset_attributes(dataset, "")]
        yield f"<mes:DataSet{_attributes(attributes)}>\n"
        if not layout.series_key:
            yield from (_generic_observation(message, observation, "ObsKey") for observation in dataset.observations)
        else:
            for observations in group_by_series(layout, dataset.observations).values():
                yield f"<gen:Series>{_values('SeriesKey', named_values(observations[0], layout.series_key))}"
                yield f"{_values('Attributes', named_values(observations[0], layout.series_attributes))}\n"
                if layout.with_observations:
                    yield from (
                        _generic_observation(message, observation, "ObsDimension") for observation in observations
                    )
                yield "</gen:Series>\n"
        yield "</mes:DataSet>\n"
    yield "</mes:GenericData>\n"


def _generic_observation(message: Message, observation: Values, key: str) -> str:
    pairs = named_values(observation, message.layout.observation_key)
    position = _values(key, pairs) if key == "ObsKey" else _element("ObsDimension", *pairs[0])
    value = "".join(f"<gen:ObsValue value={quoteattr(text)}/>" for _, text in named_values(observation, ("OBS_VALUE",)))
    attributes = _values("Attributes", named_values(observation, message.layout.observation_attributes))
    return f"<gen:Obs>{position}{value}{attributes}</gen:Obs>\n"


def _values(group: str, pairs: Pairs) -> str:
    inner = "".join(_element("Value", name, value) for name, value in pairs)
    return f"<gen:{group}>{inner}</gen:{group}>" if inner else ""


def _element(element: str, name: str, value: str) -> str:
    return f'<gen:{element} id="{name}" value={quoteattr(value)}/>'


def _write_header(root: str, spaces: Mapping[str, str], message: Message, more: str = "") -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    declared = {"mes": MESSAGE_NAMESPACE, "com": COMMON_NAMESPACE, "xsi": _XSI, **spaces}
    yield f"<mes:{root}{_attributes((f'xmlns:{prefix}', uri) for prefix, uri in declared.items())}>\n"
    header, dimension = message.header, message.layout.at_observation
    yield f"<mes:Header><mes:ID>{header.id}</mes:ID><mes:Test>false</mes:Test>"
    yield f'<mes:Prepared>{header.prepared}</mes:Prepared><mes:Sender id="{AGENCY}"/>'
    yield f'<mes:Structure structureID="{FLOW}"{more} dimensionAtObservation="{dimension}"><com:StructureUsage>'
    yield f'<Ref agencyID="{AGENCY}" id="{FLOW}" version="{VERSION}" class="Dataflow" package="datastructure"/>'
    yield "</com:StructureUsage></mes:Structure></mes:Header>\n"


def _dataset_attributes(dataset: DataSet, prefix: str) -> Iterator[tuple[str, str]]:
    yield f"{prefix}action", dataset.action
    if dataset.valid_from:
        yield f"{prefix}validFromDate", dataset.valid_from


def _attributes(pairs: Pairs) -> str:
    return "".join([f" {name}={quoteattr(value)}" for name, value in pairs])
