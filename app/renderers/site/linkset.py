"""What the service offers, as links: gathered from its routes, so that nothing on offer is left out or made up."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.model.dataset import Dataset
from app.renderers.catalog.catalogue import Catalogue
from app.renderers.site.dataset_entry import entry

API_CATALOG = "/.well-known/api-catalog"
LINKSET = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
RELATIONS = {
    API_CATALOG: "api-catalog",
    "/openapi.json": "service-desc",
    "/docs": "service-doc",
    "/healthz": "status",
    "/readyz": "status",
    "/v1/search": "search",
}
"""Addresses that have a relation of their own (RFC 9727, RFC 8631, OpenSearch); see `relation`."""
PARTS = {
    "service": ("服务", "The list of datasets, search, series, health"),
    "catalogue": ("目录", "The catalogue, as each harvester reads it"),
    "sdmx": ("统计数据交换", "The indicators as an SDMX 2.1 service"),
    "home": ("发现", "What browsers, programs and crawlers look for"),
}
"""The parts of the service beside the datasets, in Chinese and English; each is a tag of its operations."""
RELATION_OF_PART = {"catalogue": "service-meta", "home": "related"}
"""What the addresses of a part are to the service, where they are no APIs (RFC 8631)."""


@dataclass(frozen=True, slots=True)
class Place:
    """One address that needs no key: where it is, what it is, in which media type, in which part of the service."""

    path: str
    title: str
    media_type: str
    part: str

    @property
    def relation(self) -> str:
        """What it is to the service."""
        return RELATIONS.get(self.path.partition("?")[0]) or RELATION_OF_PART.get(self.part, "item")


DOCUMENTS = (
    Place("/openapi.json", "OpenAPI 3.1", "application/json", "service"),
    Place("/docs", "Every address, to try out", "text/html", "service"),
)
"""What is described by no route."""


def outside(places: Iterable[Place], names: Iterable[str]) -> list[Place]:
    """The places that belong to no dataset."""
    heads = tuple(f"/v1/{name}{end}" for name in names for end in ("/", "."))
    known = {f"/v1/{name}" for name in names}
    return [place for place in places if place.path not in known and not place.path.startswith(heads)]


def dataset_entries(
    places: Iterable[Place], datasets: Mapping[str, Dataset], base: str, totals: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    """Every dataset with all its links: those of `/v1`, and what else its routes offer under a suffix."""
    paths = [place.path for place in places]
    for name, dataset in datasets.items():
        found = entry(dataset, base, totals.get(name, 0))
        links: dict[str, str] = found["links"]
        suffixes = [path.removeprefix(f"/v1/{name}.") for path in paths if path.startswith(f"/v1/{name}.")]
        others = {suffix: f"{base}/v1/{name}.{suffix}" for suffix in suffixes}
        yield found | {"links": links | {key: url for key, url in others.items() if url not in links.values()}}


def landing(places: Iterable[Place], catalogue: Catalogue, totals: Mapping[str, int]) -> dict[str, Any]:
    """What a program reads at `/`."""
    every, base = [*DOCUMENTS, *places], catalogue.base
    datasets = {entry.dataset.name: entry.dataset for entry in catalogue.entries}
    about_zh, about_en = catalogue.about()
    links = [
        {"rel": "self", "href": f"{base}/", "type": "application/json", "title": catalogue.title_en},
        {"rel": "alternate", "href": f"{base}/", "type": "text/html", "title": catalogue.title_en},
    ]
    links += [
        {"rel": place.relation, "href": f"{base}{place.path}", "type": place.media_type, "title": place.title}
        for place in outside(every, datasets)
        if place.path != "/"
    ]
    return {
        "title_zh": catalogue.title_zh,
        "title_en": catalogue.title_en,
        "description_zh": about_zh,
        "description_en": about_en,
        "licence": catalogue.licence.en,
        "revision": catalogue.revision,
        "links": links,
        "datasets": list(dataset_entries(every, datasets, base, totals)),
    }


def api_catalog(places: Iterable[Place], names: Iterable[str], base: str) -> dict[str, Any]:
    """The linkset of RFC 9727: the APIs there are, and of each what describes it (RFC 9264, RFC 8631)."""
    every = outside([*DOCUMENTS, *places], list(names))
    described: dict[str, list[dict[str, str]]] = {}
    for place in every:
        if place.relation in ("service-desc", "service-doc", "service-meta", "status"):
            target = {"href": f"{base}{place.path}", "type": place.media_type}
            described.setdefault(place.relation, []).append(target)
    apis = [{"href": f"{base}{place.path}"} for place in every if place.relation == "item"]
    return {"linkset": [{"anchor": f"{base}{API_CATALOG}", "item": apis}, {"anchor": f"{base}/v1", **described}]}


def link_header(places: Iterable[Place], names: Iterable[str], base: str) -> str:
    """The RFC 8288 header of `/`: the API catalogue and what describes the service."""
    wanted = ("api-catalog", "service-desc", "service-doc", "service-meta", "status")
    return ", ".join(
        f'<{base}{place.path}>; rel="{place.relation}"; type="{place.media_type.partition(";")[0]}"'
        for place in outside([*DOCUMENTS, *places], list(names))
        if place.relation in wanted
    )
