"""The XML schema of structure-specific data (SDMX 2.1, section 3B).

A validator needs it beside the official schemas.
"""

from collections.abc import Iterable, Iterator, Mapping

from app.renderers.sdmx.codelists import COMPONENTS, TIME, Component, Scheme
from app.renderers.sdmx.errors import COMMON_NAMESPACE
from app.renderers.sdmx.observations import FLAT, Layout
from app.renderers.xml import DECLARATION, empty_element, end_tag, start_tag

OFFICIAL_SCHEMAS = "https://registry.sdmx.org/schemas/v2_1/"
"""Where the official schemas are."""
_DATA = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/structurespecific"
_TYPES = {
    "Decimal": "xs:decimal",
    "ObservationalTimePeriod": "common:ObservationalTimePeriodType",
    "String": "xs:string",
}
_BY_ID = {component.id: component for component in COMPONENTS}
_ANNOTATED = empty_element("xs:element", [("ref", "common:Annotations"), ("minOccurs", "0")])
_PROVIDER = empty_element(
    "xs:element",
    [
        ("name", "DataProvider"),
        ("type", "common:DataProviderReferenceType"),
        ("form", "unqualified"),
        ("minOccurs", "0"),
    ],
)


def write_schema(namespace: str, layout: Layout, codelists: Mapping[str, Scheme]) -> bytes:
    """Return the schema of a namespace for one layout of the data."""
    return "".join(_write_parts(namespace, layout, codelists)).encode()


def _write_parts(namespace: str, layout: Layout, codelists: Mapping[str, Scheme]) -> Iterator[str]:
    spaces = {"xs": "http://www.w3.org/2001/XMLSchema", "": namespace, "data": _DATA, "common": COMMON_NAMESPACE}
    declared = [(f"xmlns:{prefix}" if prefix else "xmlns", uri) for prefix, uri in spaces.items()]
    forms = [("elementFormDefault", "qualified"), ("attributeFormDefault", "unqualified")]
    yield DECLARATION
    yield f"{start_tag('xs:schema', [*declared, ('targetNamespace', namespace), *forms])}\n"
    for space, file in ((_DATA, "SDMXDataStructureSpecific.xsd"), (COMMON_NAMESPACE, "SDMXCommon.xsd")):
        yield f"{empty_element('xs:import', [('namespace', space), ('schemaLocation', OFFICIAL_SCHEMAS + file)])}\n"
    for codelist in codelists.values():
        yield start_tag("xs:simpleType", [("name", codelist.id)])
        yield f"{start_tag('xs:restriction', [('base', 'xs:string')])}\n"
        yield from (f"{empty_element('xs:enumeration', [('value', code)])}\n" for code in codelist.ids)
        yield f"{end_tag('xs:restriction')}{end_tag('xs:simpleType')}\n"
    flat = layout.at_observation == FLAT
    inner = _element("Obs" if flat else "Series")
    group = f"{empty_element('xs:attributeGroup', [('ref', 'data:SetAttributeGroup')])}\n"
    yield from _write_restriction("DataSetType", f"{_ANNOTATED}{_PROVIDER}{inner}", [group])
    if not flat:
        on_series = _attributes(layout.series_key, layout.series_attributes)
        yield from _write_restriction("SeriesType", f"{_ANNOTATED}{_element('Obs')}", on_series)
    on_observation = _attributes(layout.observation_key, ("OBS_VALUE", *layout.observation_attributes))
    yield from _write_restriction("ObsType", _ANNOTATED, on_observation)
    yield f"{end_tag('xs:schema')}\n"


def _element(name: str) -> str:
    occurs = [("form", "unqualified"), ("minOccurs", "0"), ("maxOccurs", "unbounded")]
    return empty_element("xs:element", [("name", name), ("type", f"{name}Type"), *occurs])


def _write_restriction(name: str, elements: str, attributes: Iterable[str]) -> Iterator[str]:
    """Yield a type of the official schemas, restricted to the components of this one."""
    yield f"{start_tag('xs:complexType', [('name', name)])}{start_tag('xs:complexContent')}"
    yield f"{start_tag('xs:restriction', [('base', f'data:{name}')])}\n"
    yield f"{start_tag('xs:sequence')}{elements}{end_tag('xs:sequence')}\n"
    yield from attributes
    yield f"{end_tag('xs:restriction')}{end_tag('xs:complexContent')}{end_tag('xs:complexType')}\n"


def _attributes(required: Iterable[str], optional: Iterable[str]) -> Iterator[str]:
    """Yield attributes. Dimensions are required; values and attributes may be missing (`detail`, missing figures)."""
    attributes = [*((name, "required") for name in required), *((name, "optional") for name in optional)]
    for name, use in attributes:
        described = [("name", name), ("type", _attribute_type(_BY_ID[name])), ("use", use)]
        yield f"{empty_element('xs:attribute', described)}\n"
    if TIME not in [name for name, _ in attributes]:
        yield f"{empty_element('xs:attribute', [('name', TIME), ('use', 'prohibited')])}\n"


def _attribute_type(component: Component) -> str:
    return component.codelist or _TYPES[component.text_type]
