"""SDMX-ML 2.1 data messages, structure-specific and generic, written piece by piece.

Own code instead of pysdmx's writers, which need pandas, write `108.30` as 108.3, keep one data set a
structure (so no vintages), and put a dataScope and an action that the official schema refuses.
"""

from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import quoteattr

from app.renderers.sdmx.codelists import AGENCY, FLOW, VERSION
from app.renderers.sdmx.errors import COMMON, MESSAGE
from app.renderers.sdmx.message import FLOW_URN, Message, namespace_of
from app.renderers.sdmx.observations import DataSet, Values, named, series_of

_DATA = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
Pairs = Iterable[tuple[str, str]]


def specific(message: Message) -> Iterator[str]:
    """A structure-specific message: components are attributes."""
    namespace = namespace_of(FLOW_URN, message.layout.at_observation)
    spaces = {"ss": f"{_DATA}/structurespecific", "ns1": namespace}
    yield from _head("StructureSpecificData", spaces, message, f' namespace="{namespace}"')
    for dataset in message.datasets:
        facts = [("ss:structureRef", FLOW), ("ss:dataScope", "DataStructure"), *_about(dataset, "ss:")]
        yield f'<mes:DataSet xsi:type="ns1:DataSetType"{_attributes(facts)}>\n'
        yield from _specific_series(message, dataset)
        yield "</mes:DataSet>\n"
    yield "</mes:StructureSpecificData>\n"


def _specific_series(message: Message, dataset: DataSet) -> Iterator[str]:
    layout = message.layout
    on_observation = (*layout.observation_key, "OBS_VALUE", *layout.observation_attributes)
    if not layout.series_key:
        yield from (f"<Obs{_attributes(named(point, on_observation))}/>\n" for point in dataset.points)
        return
    for points in series_of(layout, dataset.points).values():
        yield f"<Series{_attributes(named(points[0], (*layout.series_key, *layout.series_attributes)))}"
        if layout.with_observations:
            yield ">\n"
            yield from (f"<Obs{_attributes(named(point, on_observation))}/>\n" for point in points)
            yield "</Series>\n"
        else:
            yield "/>\n"


def generic(message: Message) -> Iterator[str]:
    """A generic message: components are named by elements."""
    yield from _head("GenericData", {"gen": f"{_DATA}/generic"}, message)
    layout = message.layout
    for dataset in message.datasets:
        facts = [("structureRef", FLOW), *_about(dataset, "")]
        yield f"<mes:DataSet{_attributes(facts)}>\n"
        if not layout.series_key:
            yield from (_generic_observation(message, point, "ObsKey") for point in dataset.points)
        else:
            for points in series_of(layout, dataset.points).values():
                yield f"<gen:Series>{_values('SeriesKey', named(points[0], layout.series_key))}"
                yield f"{_values('Attributes', named(points[0], layout.series_attributes))}\n"
                if layout.with_observations:
                    yield from (_generic_observation(message, point, "ObsDimension") for point in points)
                yield "</gen:Series>\n"
        yield "</mes:DataSet>\n"
    yield "</mes:GenericData>\n"


def _generic_observation(message: Message, point: Values, key: str) -> str:
    pairs = named(point, message.layout.observation_key)
    where = _values(key, pairs) if key == "ObsKey" else _element("ObsDimension", *pairs[0])
    value = "".join(f"<gen:ObsValue value={quoteattr(text)}/>" for _, text in named(point, ("OBS_VALUE",)))
    attributes = _values("Attributes", named(point, message.layout.observation_attributes))
    return f"<gen:Obs>{where}{value}{attributes}</gen:Obs>\n"


def _values(group: str, pairs: Pairs) -> str:
    inner = "".join(_element("Value", name, value) for name, value in pairs)
    return f"<gen:{group}>{inner}</gen:{group}>" if inner else ""


def _element(element: str, name: str, value: str) -> str:
    return f'<gen:{element} id="{name}" value={quoteattr(value)}/>'


def _head(root: str, spaces: Mapping[str, str], message: Message, more: str = "") -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    declared = {"mes": MESSAGE, "com": COMMON, "xsi": _XSI, **spaces}
    yield f"<mes:{root}{_attributes((f'xmlns:{prefix}', uri) for prefix, uri in declared.items())}>\n"
    heading, dimension = message.heading, message.layout.at_observation
    yield f"<mes:Header><mes:ID>{heading.id}</mes:ID><mes:Test>false</mes:Test>"
    yield f'<mes:Prepared>{heading.prepared}</mes:Prepared><mes:Sender id="{AGENCY}"/>'
    yield f'<mes:Structure structureID="{FLOW}"{more} dimensionAtObservation="{dimension}"><com:StructureUsage>'
    yield f'<Ref agencyID="{AGENCY}" id="{FLOW}" version="{VERSION}" class="Dataflow" package="datastructure"/>'
    yield "</com:StructureUsage></mes:Structure></mes:Header>\n"


def _about(dataset: DataSet, prefix: str) -> Iterator[tuple[str, str]]:
    yield f"{prefix}action", dataset.action
    if dataset.valid_from:
        yield f"{prefix}validFromDate", dataset.valid_from


def _attributes(pairs: Pairs) -> str:
    return "".join([f" {name}={quoteattr(value)}" for name, value in pairs])
