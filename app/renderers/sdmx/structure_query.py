"""Which structures a question means: addresses and parameters of the structure interface (SDMX REST API 1.5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.errors import Fault, Problem, bad_request, nearest
from app.model.values import BadValue, clip
from app.query.params.controls import read_choice
from app.query.params.query_string import Pairs
from app.renderers.sdmx.artefacts import Artefact, Catalogue
from app.renderers.sdmx.codelists import VERSION

ALL_KINDS = ("dataflow", "datastructure", "conceptscheme", "codelist", "agencyscheme", "dataproviderscheme")
KINDS: Mapping[str, tuple[str, ...]] = {
    **{kind: (kind,) for kind in ALL_KINDS},
    "organisationscheme": ("agencyscheme", "dataproviderscheme"),
    "structure": ALL_KINDS,
}
"""The resources of addresses, with the kinds of artefacts that each means."""
ABSENT = (
    "metadata", "metadatastructure", "categoryscheme", "hierarchicalcodelist", "dataconsumerscheme",
    "organisationunitscheme", "metadataflow", "reportingtaxonomy", "provisionagreement", "structureset", "process",
    "categorisation", "contentconstraint", "actualconstraint", "allowedconstraint", "attachmentconstraint",
    "transformationscheme", "rulesetscheme", "userdefinedoperatorscheme", "customtypescheme",
    "namepersonalisationscheme", "namealiasscheme",
)  # fmt: skip
"""Resources of the standard that the service has none of."""
OTHERS: Mapping[str, str] = {
    "data": "data are asked for as /data/{flow}/{key}/{provider}",
    "availableconstraint": "what there is is asked for as /availableconstraint/{flow}/{key}/{provider}/{component}",
    "schema": "a schema is asked for as /schema/{context}/{agency}/{id}/{version}",
}
"""The resources that are no structures, for who comes to them by half an address."""
REFERENCES = ("none", "parents", "parentsandsiblings", "children", "descendants", "all", *KINDS)
STUBS = ("allstubs", "referencestubs", "allcompletestubs", "referencecompletestubs")
DETAILS = ("full", *STUBS, "referencepartial")


@dataclass(frozen=True, slots=True)
class Chosen:
    """An artefact of an answer; a stub is only named, `only` are the terms wanted of it."""

    artefact: Artefact
    is_stub: bool = False
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StructureAsk:
    """A question for structures that passed every check; an empty tuple means all."""

    kinds: tuple[str, ...]
    agencies: tuple[str, ...]
    ids: tuple[str, ...]
    items: tuple[str, ...]
    references: str
    detail: str


PARAMETERS: Mapping[str, tuple[str, ...]] = {"references": REFERENCES, "detail": DETAILS}
"""What a structure query takes, the default first."""


def read_structure_ask(path: Mapping[str, str], pairs: Pairs) -> StructureAsk:
    """The question of an address and its parameters; raises Problem (400, 404, 501)."""
    resource = path["resource"]
    if resource in ABSENT:
        raise Problem(501, f"The service keeps nothing of the kind '{resource}'; there are: {', '.join(KINDS)}.")
    if resource in OTHERS:
        raise Problem(404, f"Nothing is at this address; {OTHERS[resource]}.")
    if resource not in KINDS:
        raise Problem(404, f"There is no resource '{clip(resource)}'.{nearest(resource, (*OTHERS, *KINDS))}")
    values, faults = {"references": "none", "detail": "full"}, []
    for name, value in pairs:
        if name not in PARAMETERS:
            faults.append(Fault(clip(name), f"is an unknown parameter.{nearest(name, PARAMETERS)}"))
            continue
        try:
            values[name] = read_choice(value, PARAMETERS[name])
        except BadValue as error:
            faults.append(Fault(name, str(error), error.allowed))
    if faults:
        raise bad_request(faults)
    versions = _words(path.get("version", "latest"), "latest")
    if versions and VERSION not in versions:
        raise Problem(404, f"There is no version '{clip('+'.join(versions))}' of anything; there is {VERSION}.")
    agencies, ids, items = (_words(path.get(name, "all")) for name in ("agency", "id", "item"))
    return StructureAsk(KINDS[resource], agencies, ids, items, values["references"], values["detail"])


def _words(text: str, *more: str) -> tuple[str, ...]:
    """The words of a part of an address, none where one of them means all."""
    words = tuple(text.split("+"))
    return () if any(word in ("all", *more) for word in words) else words


def chosen(found: Catalogue, ask: StructureAsk) -> list[Chosen]:
    """The artefacts of an answer: those that match, then what `references` adds; raises Problem (404)."""
    matches = [each for each in found.values() if _matches(each, ask)]
    if not matches:
        raise Problem(404, "No structure matches the query.")
    added = [each for each in _added(found, matches, ask.references) if each not in matches]
    everything = [Chosen(each, ask.detail.startswith("all"), ask.items) for each in matches]
    return everything + [Chosen(each, ask.detail in STUBS) for each in added]


def _matches(artefact: Artefact, ask: StructureAsk) -> bool:
    if artefact.kind not in ask.kinds or (ask.ids and artefact.id not in ask.ids):
        return False
    if ask.items and (artefact.scheme is None or not set(artefact.scheme.ids) & set(ask.items)):
        return False
    return not ask.agencies or artefact.agency in ask.agencies


def _added(found: Catalogue, matches: list[Artefact], references: str) -> list[Artefact]:
    children = _children(found, matches)
    parents = [each for each in found.values() if any(match.key in each.refers_to for match in matches)]
    if references == "none":
        return []
    if references == "children":
        return children
    if references == "descendants":
        return _descendants(found, matches)
    if references == "parents":
        return parents
    around = _unique([*parents, *_children(found, parents)])
    if references == "parentsandsiblings":
        return around
    everything = _unique([*around, *_descendants(found, matches)])
    return [each for each in everything if references == "all" or each.kind in KINDS[references]]


def _children(found: Catalogue, artefacts: Iterable[Artefact]) -> list[Artefact]:
    return _unique(found[key] for each in artefacts for key in each.refers_to)


def _descendants(found: Catalogue, artefacts: list[Artefact]) -> list[Artefact]:
    children = _children(found, artefacts)
    return _unique([*children, *_descendants(found, children)]) if children else []


def _unique(artefacts: Iterable[Artefact]) -> list[Artefact]:
    return list({each.key: each for each in artefacts}.values())
