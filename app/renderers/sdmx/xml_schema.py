"""The XML schema of structure-specific data (SDMX 2.1, section 3B).

A validator needs it beside the official schemas.
"""

from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import quoteattr

from app.renderers.sdmx.codelists import COMPONENTS, TIME, Component, Scheme
from app.renderers.sdmx.errors import COMMON_NAMESPACE
from app.renderers.sdmx.observations import FLAT, Layout

OFFICIAL_SCHEMAS = "https://registry.sdmx.org/schemas/v2_1/"
"""Where the official schemas are."""
_DATA = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/structurespecific"
_TYPES = {
    "Decimal": "xs:decimal",
    "ObservationalTimePeriod": "common:ObservationalTimePeriodType",
    "String": "xs:string",
}
_BY_ID = {component.id: component for component in COMPONENTS}
_ANNOTATED = '<xs:element ref="common:Annotations" minOccurs="0"/>'


def write_schema(namespace: str, layout: Layout, codelists: Mapping[str, Scheme]) -> bytes:
    """Return the schema of a namespace for one layout of the data."""
    return "".join(_write_parts(namespace, layout, codelists)).encode()


def _write_parts(namespace: str, layout: Layout, codelists: Mapping[str, Scheme]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    yield f' xmlns="{namespace}" xmlns:data="{_DATA}" xmlns:common="{COMMON_NAMESPACE}" targetNamespace="{namespace}"'
    yield ' elementFormDefault="qualified" attributeFormDefault="unqualified">\n'
    for space, file in ((_DATA, "SDMXDataStructureSpecific.xsd"), (COMMON_NAMESPACE, "SDMXCommon.xsd")):
        yield f'<xs:import namespace="{space}" schemaLocation="{OFFICIAL_SCHEMAS}{file}"/>\n'
    for codelist in codelists.values():
        yield f'<xs:simpleType name="{codelist.id}"><xs:restriction base="xs:string">\n'
        yield from (f"<xs:enumeration value={quoteattr(code)}/>\n" for code in codelist.ids)
        yield "</xs:restriction></xs:simpleType>\n"
    flat = layout.at_observation == FLAT
    provider = (
        '<xs:element name="DataProvider" type="common:DataProviderReferenceType" form="unqualified" minOccurs="0"/>'
    )
    inner = _element("Obs" if flat else "Series")
    group = '<xs:attributeGroup ref="data:SetAttributeGroup"/>\n'
    yield from _write_restriction("DataSetType", f"{_ANNOTATED}{provider}{inner}", [group])
    if not flat:
        on_series = _attributes(layout.series_key, layout.series_attributes)
        yield from _write_restriction("SeriesType", f"{_ANNOTATED}{_element('Obs')}", on_series)
    on_observation = _attributes(layout.observation_key, ("OBS_VALUE", *layout.observation_attributes))
    yield from _write_restriction("ObsType", _ANNOTATED, on_observation)
    yield "</xs:schema>\n"


def _element(name: str) -> str:
    return f'<xs:element name="{name}" type="{name}Type" form="unqualified" minOccurs="0" maxOccurs="unbounded"/>'


def _write_restriction(name: str, elements: str, attributes: Iterable[str]) -> Iterator[str]:
    """Yield a type of the official schemas, restricted to the components of this one."""
    yield f'<xs:complexType name="{name}"><xs:complexContent><xs:restriction base="data:{name}">\n'
    yield f"<xs:sequence>{elements}</xs:sequence>\n"
    yield from attributes
    yield "</xs:restriction></xs:complexContent></xs:complexType>\n"


def _attributes(required: Iterable[str], optional: Iterable[str]) -> Iterator[str]:
    """Yield attributes. Dimensions are required; values and attributes may be missing (`detail`, missing figures)."""
    attributes = [*((name, "required") for name in required), *((name, "optional") for name in optional)]
    for name, use in attributes:
        yield f'<xs:attribute name="{name}" type="{_attribute_type(_BY_ID[name])}" use="{use}"/>\n'
    if TIME not in [name for name, _ in attributes]:
        yield f'<xs:attribute name="{TIME}" use="prohibited"/>\n'


def _attribute_type(component: Component) -> str:
    return component.codelist or _TYPES[component.text_type]
