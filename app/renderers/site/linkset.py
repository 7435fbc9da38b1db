"""Links to everything the service offers. They come from its routes, so that none is missing or invented."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.model.dataset import Dataset
from app.renderers.catalog.catalogue import Catalogue, DatasetEntry
from app.renderers.representations import FEEDS, PICTURE, TABLE_FORMATS

API_CATALOG = "/.well-known/api-catalog"
LINKSET = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
RELATIONS = {
    API_CATALOG: "api-catalog",
    "/openapi.json": "service-desc",
    "/docs": "service-doc",
    "/healthz": "status",
    "/readyz": "status",
    "/version": "service-meta",
    "/v1/search": "search",
}
"""Relations of single addresses (RFC 9727, RFC 8631, OpenSearch)."""
SERVICE_PARTS = {
    "service": ("服务", "The list of datasets, search, series, health"),
    "catalogue": ("目录", "The catalogue, as each harvester reads it"),
    "sdmx": ("统计数据交换", "The indicators as an SDMX 2.1 service"),
    "home": ("发现", "What browsers, programs and crawlers look for"),
}
"""The parts of the service beside the datasets, in Chinese and English. Each is a tag of its operations."""
RELATION_OF_PART = {"catalogue": "service-meta", "home": "related"}
"""Relations of the addresses of a part that are not APIs (RFC 8631)."""
DESCRIBING_RELATIONS = ("service-desc", "service-doc", "service-meta", "status")
"""Relations of an API to what describes it (RFC 8631)."""
API_CATALOG_RELATIONS = ("item", *DESCRIBING_RELATIONS)
"""The relations that the API catalogue has."""


@dataclass(frozen=True, slots=True)
class ServiceLink:
    """An address without path parameters: its path, title, media type, and the part of the service it belongs to."""

    path: str
    title: str
    media_type: str
    part: str

    @property
    def relation(self) -> str:
        """The relation of the address to the service."""
        return RELATIONS.get(self.path.partition("?")[0]) or RELATION_OF_PART.get(self.part, "item")


UNROUTED_LINKS = (
    ServiceLink("/openapi.json", "OpenAPI 3.1", "application/json", "service"),
    ServiceLink("/docs", "Every address, to try out", "text/html", "service"),
)
"""Addresses that no described route has."""


def links_outside_datasets(links: Iterable[ServiceLink], names: Iterable[str]) -> list[ServiceLink]:
    """Return the links that belong to no dataset."""
    prefixes = tuple(f"/v1/{name}{end}" for name in names for end in ("/", "."))
    collections = {f"/v1/{name}" for name in names}
    return [link for link in links if link.path not in collections and not link.path.startswith(prefixes)]


def dataset_summary(dataset: Dataset, base: str, total: int) -> dict[str, Any]:
    """Return a dataset with its links under the public base. `total` is its number of rows."""
    path = f"{base}/v1/{dataset.name}"
    return {
        "name": dataset.name,
        "title_zh": dataset.title_zh,
        "title_en": dataset.title_en,
        "total": total,
        "links": {"self": path, "schema": f"{path}/schema", **representation_links(path)},
    }


def representation_links(path: str) -> dict[str, str]:
    """Return the links to the other representations of a collection, by name."""
    return {each.name: f"{path}{each.suffix}" for each in (*TABLE_FORMATS.values(), *FEEDS.values())}


def dataset_entries(
    links: Iterable[ServiceLink], datasets: Mapping[str, Dataset], base: str, totals: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    """Yield every dataset with all its links: those of `/v1`, and whatever its routes offer under a suffix."""
    paths = [link.path for link in links]
    for name, dataset in datasets.items():
        summary = dataset_summary(dataset, base, totals.get(name, 0))
        summary_links: dict[str, str] = summary["links"]
        suffixes = [path.removeprefix(f"/v1/{name}.") for path in paths if path.startswith(f"/v1/{name}.")]
        others = {suffix: f"{base}/v1/{name}.{suffix}" for suffix in suffixes}
        others[PICTURE.name] = f"{base}{DatasetEntry(dataset).picture_path}"
        yield summary | {
            "links": summary_links | {key: url for key, url in others.items() if url not in summary_links.values()}
        }


def build_landing(
    routed_links: Iterable[ServiceLink], catalogue: Catalogue, totals: Mapping[str, int]
) -> dict[str, Any]:
    """Return what a program reads at `/`."""
    all_links, base = [*UNROUTED_LINKS, *routed_links], catalogue.base
    datasets = {entry.dataset.name: entry.dataset for entry in catalogue.entries}
    about_zh, about_en = catalogue.descriptions()
    links = [
        {"rel": "self", "href": f"{base}/", "type": "application/json", "title": catalogue.title_en},
        {"rel": "alternate", "href": f"{base}/", "type": "text/html", "title": catalogue.title_en},
    ]
    links += [
        {"rel": link.relation, "href": f"{base}{link.path}", "type": link.media_type, "title": link.title}
        for link in links_outside_datasets(all_links, datasets)
        if link.path != "/"
    ]
    return {
        "title_zh": catalogue.title_zh,
        "title_en": catalogue.title_en,
        "description_zh": about_zh,
        "description_en": about_en,
        "licence": catalogue.licence.en,
        "revision": catalogue.revision,
        "links": links,
        "datasets": list(dataset_entries(all_links, datasets, base, totals)),
    }


def build_api_catalog(routed_links: Iterable[ServiceLink], names: Iterable[str], base: str) -> dict[str, Any]:
    """Return the linkset of RFC 9727: the APIs, and what describes each of them (RFC 9264, RFC 8631)."""
    links = links_outside_datasets([*UNROUTED_LINKS, *routed_links], list(names))
    described: dict[str, list[dict[str, str]]] = {}
    for link in links:
        if link.relation in DESCRIBING_RELATIONS:
            target = {"href": f"{base}{link.path}", "type": link.media_type}
            described.setdefault(link.relation, []).append(target)
    apis = [{"href": f"{base}{link.path}"} for link in links if link.relation == "item"]
    return {"linkset": [{"anchor": f"{base}{API_CATALOG}", "item": apis}, {"anchor": f"{base}/v1", **described}]}


def build_link_header(routed_links: Iterable[ServiceLink], names: Iterable[str], base: str) -> str:
    """Return the `Link` header of `/` (RFC 8288): the API catalogue and what describes the service."""
    wanted = ("api-catalog", *DESCRIBING_RELATIONS)
    return ", ".join(
        f'<{base}{link.path}>; rel="{link.relation}"; type="{link.media_type.partition(";")[0]}"'
        for link in links_outside_datasets([*UNROUTED_LINKS, *routed_links], list(names))
        if link.relation in wanted
    )
