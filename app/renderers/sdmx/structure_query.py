"""Addresses and parameters of the structure interface, parsed into a query (SDMX REST API 1.5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.errors import Fault, Problem, bad_request, did_you_mean
from app.model.values import BadValue, clip
from app.query.params.controls import parse_choice
from app.query.params.name_hints import unknown_name
from app.query.params.query_string import ParameterPairs
from app.renderers.sdmx.artefacts import Artefact, ArtefactIndex
from app.renderers.sdmx.codelists import VERSION
from app.renderers.sdmx.format_parameter import STRUCTURE_CHOICE

ARTEFACT_KINDS = ("dataflow", "datastructure", "conceptscheme", "codelist", "agencyscheme", "dataproviderscheme")
RESOURCES: Mapping[str, tuple[str, ...]] = {
    **{kind: (kind,) for kind in ARTEFACT_KINDS},
    "organisationscheme": ("agencyscheme", "dataproviderscheme"),
    "structure": ARTEFACT_KINDS,
}
"""Resources in addresses, with the kinds of artefacts that each stands for."""
UNSUPPORTED_RESOURCES = (
    "metadata", "metadatastructure", "categoryscheme", "hierarchicalcodelist", "dataconsumerscheme",
    "organisationunitscheme", "metadataflow", "reportingtaxonomy", "provisionagreement", "structureset", "process",
    "categorisation", "contentconstraint", "actualconstraint", "allowedconstraint", "attachmentconstraint",
    "transformationscheme", "rulesetscheme", "userdefinedoperatorscheme", "customtypescheme",
    "namepersonalisationscheme", "namealiasscheme",
)  # fmt: skip
"""Resources of the standard that the service does not have."""
OTHER_RESOURCES: Mapping[str, str] = {
    "data": "data are at /data/{flow}/{key}/{provider}",
    "availableconstraint": "available data are at /availableconstraint/{flow}/{key}/{provider}/{component}",
    "schema": "schemas are at /schema/{context}/{agency}/{id}/{version}",
}
"""Resources that are not structures, with a hint for callers of an incomplete address."""
REFERENCES = ("none", "parents", "parentsandsiblings", "children", "descendants", "all", *RESOURCES)
STUBS = ("allstubs", "referencestubs", "allcompletestubs", "referencecompletestubs")
DETAILS = ("full", *STUBS, "referencepartial")


@dataclass(frozen=True, slots=True)
class SelectedArtefact:
    """An artefact of the response. A stub is only named; `term_ids` are the selected terms, none for all."""

    artefact: Artefact
    is_stub: bool = False
    term_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StructureQuery:
    """A valid query for structures. An empty tuple means all."""

    kinds: tuple[str, ...]
    agencies: tuple[str, ...]
    ids: tuple[str, ...]
    items: tuple[str, ...]
    references: str
    detail: str


PARAMETERS: Mapping[str, tuple[str, ...]] = {"references": REFERENCES, "detail": DETAILS}
"""Parameters of a structure query; the default value comes first."""


def parse_structure_query(path: Mapping[str, str], pairs: ParameterPairs) -> StructureQuery:
    """Parse an address and its parameters; raises Problem (400, 404, 501)."""
    resource = path["resource"]
    if resource in UNSUPPORTED_RESOURCES:
        raise Problem(501, f"The service has no resource '{resource}'. It has: {', '.join(RESOURCES)}.")
    if resource in OTHER_RESOURCES:
        raise Problem(404, f"There is nothing at this address; {OTHER_RESOURCES[resource]}.")
    if resource not in RESOURCES:
        raise Problem(
            404, f"There is no resource '{clip(resource)}'.{did_you_mean(resource, (*OTHER_RESOURCES, *RESOURCES))}"
        )
    values, faults = {"references": "none", "detail": "full"}, []
    for name, value in pairs:
        if name not in PARAMETERS:
            known = (*PARAMETERS, *STRUCTURE_CHOICE.parameters)
            faults.append(Fault(clip(name), unknown_name(name, known)))
            continue
        try:
            values[name] = parse_choice(value, PARAMETERS[name])
        except BadValue as error:
            faults.append(Fault(name, str(error), error.allowed))
    if faults:
        raise bad_request(faults)
    versions = _split_words(path.get("version", "latest"), "latest")
    if versions and VERSION not in versions:
        raise Problem(404, f"There is no version '{clip('+'.join(versions))}'. The only one is {VERSION}.")
    agencies, ids, items = (_split_words(path.get(name, "all")) for name in ("agency", "id", "item"))
    return StructureQuery(RESOURCES[resource], agencies, ids, items, values["references"], values["detail"])


def _split_words(text: str, *wildcards: str) -> tuple[str, ...]:
    """Return the words of a part of an address, none if one of them means all."""
    words = tuple(text.split("+"))
    return () if any(word in ("all", *wildcards) for word in words) else words


def select_artefacts(index: ArtefactIndex, query: StructureQuery) -> list[SelectedArtefact]:
    """Return the artefacts that match, then those that `references` adds; raises Problem (404)."""
    matches = [artefact for artefact in index.values() if _matches(artefact, query)]
    if not matches:
        raise Problem(404, "No structure matches the query.")
    referenced = [artefact for artefact in _referenced(index, matches, query.references) if artefact not in matches]
    selected = [SelectedArtefact(artefact, query.detail.startswith("all"), query.items) for artefact in matches]
    return selected + [SelectedArtefact(artefact, query.detail in STUBS) for artefact in referenced]


def _matches(artefact: Artefact, query: StructureQuery) -> bool:
    if artefact.kind not in query.kinds or (query.ids and artefact.id not in query.ids):
        return False
    if query.items and (artefact.scheme is None or not set(artefact.scheme.ids) & set(query.items)):
        return False
    return not query.agencies or artefact.agency in query.agencies


def _referenced(index: ArtefactIndex, matches: list[Artefact], references: str) -> list[Artefact]:
    children = _children(index, matches)
    parents = [artefact for artefact in index.values() if any(match.key in artefact.refers_to for match in matches)]
    if references == "none":
        return []
    if references == "children":
        return children
    if references == "descendants":
        return _descendants(index, matches)
    if references == "parents":
        return parents
    parents_and_siblings = _unique([*parents, *_children(index, parents)])
    if references == "parentsandsiblings":
        return parents_and_siblings
    artefacts = _unique([*parents_and_siblings, *_descendants(index, matches)])
    return [artefact for artefact in artefacts if references == "all" or artefact.kind in RESOURCES[references]]


def _children(index: ArtefactIndex, artefacts: Iterable[Artefact]) -> list[Artefact]:
    return _unique(index[key] for artefact in artefacts for key in artefact.refers_to)


def _descendants(index: ArtefactIndex, artefacts: list[Artefact]) -> list[Artefact]:
    children = _children(index, artefacts)
    return _unique([*children, *_descendants(index, children)]) if children else []


def _unique(artefacts: Iterable[Artefact]) -> list[Artefact]:
    return list({artefact.key: artefact for artefact in artefacts}.values())
