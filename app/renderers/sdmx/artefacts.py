"""The structures behind the data as pysdmx models them, and which of them refers to which."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.model.rows import Record
from app.renderers.sdmx.codelists import (
    AGENCY,
    COMPONENTS,
    CONCEPTS,
    FLOW,
    VERSION,
    Component,
    Scheme,
    Term,
    codelists,
    concepts,
    flow_name,
    organisations,
)

_URN = "urn:sdmx:org.sdmx.infomodel"


@dataclass(frozen=True, slots=True)
class Artefact:
    """One maintainable structure: its kind as an address names it, and the keys of those that it refers to.

    `scheme` is given where it is a list of terms.
    """

    kind: str
    agency: str
    id: str
    name: Term
    refers_to: tuple[tuple[str, str], ...] = ()
    scheme: Scheme | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Kind and id."""
        return self.kind, self.id


Catalogue = Mapping[tuple[str, str], Artefact]
"""All structures by kind and id."""


def catalogue(indicators: Iterable[Record], areas: Iterable[Record]) -> Catalogue:
    """Everything that the service maintains."""
    schemes = [*organisations(), concepts(), *codelists(indicators, areas).values()]
    listed = [Artefact(each.kind, each.agency, each.id, each.name, scheme=each) for each in schemes]
    used = (("conceptscheme", CONCEPTS), *((each.kind, each.id) for each in listed if each.kind == "codelist"))
    found = [
        Artefact("dataflow", AGENCY, FLOW, flow_name(), (("datastructure", FLOW),)),
        Artefact("datastructure", AGENCY, FLOW, flow_name(), used),
        *listed,
    ]
    return {artefact.key: artefact for artefact in found}


def modelled(artefact: Artefact, as_stub: bool, only: tuple[str, ...]) -> Any:
    """An artefact as pysdmx has it; `only` are the terms wanted of a scheme, none for all.

    A stub is whole here, and cut when its message is written, for pysdmx writes no data structure without components.
    """
    from pysdmx import model

    shared: dict[str, Any] = {"id": artefact.id, "name": artefact.name.best, "version": VERSION}
    shared["agency"] = artefact.agency
    shared["is_external_reference"] = as_stub
    if artefact.kind == "dataflow":
        structure = f"{_URN}.datastructure.DataStructure={AGENCY}:{FLOW}({VERSION})"
        return model.Dataflow(**shared, structure=structure)
    if artefact.kind == "datastructure":
        components = model.Components([_component(component) for component in COMPONENTS])
        return model.DataStructureDefinition(**shared, components=components)
    assert artefact.scheme is not None
    if artefact.scheme.kind == "agencyscheme":
        shared.pop("id")
    kinds: dict[str, tuple[Any, Any]] = {
        "codelist": (model.Codelist, model.Code),
        "conceptscheme": (model.ConceptScheme, model.Concept),
        "agencyscheme": (model.AgencyScheme, model.Agency),
        "dataproviderscheme": (model.DataProviderScheme, model.DataProvider),
    }
    scheme, item = kinds[artefact.kind]
    terms = [term for term in artefact.scheme.terms if not only or term.id in only]
    items = [item(id=term.id, name=term.best) for term in terms]
    # The agencies are SDMX's list, of which we know ourselves alone.
    partial = artefact.agency != AGENCY or len(items) < len(artefact.scheme.terms)
    return scheme(**shared, items=items, is_partial=partial)


def _component(component: Component) -> Any:
    from pysdmx import model

    roles = {"measure": model.Role.MEASURE, "attribute": model.Role.ATTRIBUTE}
    role = roles.get(component.role, model.Role.DIMENSION)
    coded = component.codelist and f"{_URN}.codelist.Codelist={AGENCY}:{component.codelist}({VERSION})"
    return model.Component(
        id=component.id,
        required=component.required,
        role=role,
        concept=model.ItemReference("Concept", AGENCY, CONCEPTS, VERSION, component.id),
        local_dtype=None if coded else model.DataType(component.text),
        local_enum_ref=coded or None,
        attachment_level=(",".join(component.related) or "O") if component.role == "attribute" else None,
    )
