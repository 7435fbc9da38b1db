"""The structures behind the data (SDMX artefacts), as pysdmx models them, and their references."""

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
    build_codelists,
    concept_scheme,
    flow_name,
    organisation_schemes,
)

_URN = "urn:sdmx:org.sdmx.infomodel"


@dataclass(frozen=True, slots=True)
class Artefact:
    """A maintainable structure: its resource name, and the keys of the structures that it refers to.

    `scheme` is set for a list of terms.
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


ArtefactIndex = Mapping[tuple[str, str], Artefact]
"""All structures by kind and id."""


def all_artefacts(indicators: Iterable[Record], areas: Iterable[Record]) -> ArtefactIndex:
    """Return every structure that the service maintains."""
    schemes = [*organisation_schemes(), concept_scheme(), *build_codelists(indicators, areas).values()]
    scheme_artefacts = [
        Artefact(scheme.kind, scheme.agency, scheme.id, scheme.name, scheme=scheme) for scheme in schemes
    ]
    references = (
        ("conceptscheme", CONCEPTS),
        *((scheme.kind, scheme.id) for scheme in scheme_artefacts if scheme.kind == "codelist"),
    )
    artefacts = [
        Artefact("dataflow", AGENCY, FLOW, flow_name(), (("datastructure", FLOW),)),
        Artefact("datastructure", AGENCY, FLOW, flow_name(), references),
        *scheme_artefacts,
    ]
    return {artefact.key: artefact for artefact in artefacts}


def to_pysdmx(artefact: Artefact, as_stub: bool, term_ids: tuple[str, ...], with_names: bool) -> Any:
    """Return an artefact as pysdmx models it. `term_ids` are the selected terms of a scheme, none for all.

    Without names, ids stand in their place.

    A stub is complete here and is reduced when its message is written: pysdmx writes no data structure without
    components.
    """
    from pysdmx import model

    name = artefact.name.preferred_name if with_names else artefact.id
    shared: dict[str, Any] = {"id": artefact.id, "name": name, "version": VERSION}
    shared["agency"] = artefact.agency
    shared["is_external_reference"] = as_stub
    if artefact.kind == "dataflow":
        structure = f"{_URN}.datastructure.DataStructure={AGENCY}:{FLOW}({VERSION})"
        return model.Dataflow(**shared, structure=structure)
    if artefact.kind == "datastructure":
        components = model.Components([_to_pysdmx_component(component) for component in COMPONENTS])
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
    terms = [term for term in artefact.scheme.terms if not term_ids or term.id in term_ids]
    items = [item(id=term.id, name=term.preferred_name if with_names else term.id) for term in terms]
    # The agency scheme is maintained by SDMX; this service knows only its own entry.
    partial = artefact.agency != AGENCY or len(items) < len(artefact.scheme.terms)
    return scheme(**shared, items=items, is_partial=partial)


def _to_pysdmx_component(component: Component) -> Any:
    from pysdmx import model

    roles = {"measure": model.Role.MEASURE, "attribute": model.Role.ATTRIBUTE}
    role = roles.get(component.role, model.Role.DIMENSION)
    codelist_urn = component.codelist and f"{_URN}.codelist.Codelist={AGENCY}:{component.codelist}({VERSION})"
    return model.Component(
        id=component.id,
        required=component.required,
        role=role,
        concept=model.ItemReference("Concept", AGENCY, CONCEPTS, VERSION, component.id),
        local_dtype=None if codelist_urn else model.DataType(component.text_type),
        local_enum_ref=codelist_urn or None,
        attachment_level=(",".join(component.related_dimensions) or "O") if component.role == "attribute" else None,
    )
