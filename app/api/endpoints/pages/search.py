"""The page of a search: the hits in all datasets, grouped by dataset."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app.api.endpoints.pages.page import PageRequest, refuse_page_parameters, respond_page
from app.api.endpoints.related import fetch_captions
from app.api.endpoints.search import fetch_hits
from app.datasets import DATASETS
from app.http.response import ApiResponse
from app.model.dataset import Dataset
from app.model.rows import Record, from_json
from app.query.fulltext.highlights import build_highlights, parse_readings
from app.query.params.dataset_query import DatasetQuery, FilterCondition
from app.query.params.search_query import SEARCH_PARAMS, SearchQuery, parse_search_query
from app.renderers.captions import caption
from app.renderers.site.addresses import query_text
from app.renderers.site.cells import field_label, row_path
from app.renderers.site.templates import Frame

MAX_HITS = 200
HITS_OF_A_GROUP = 8
MAX_HIGHLIGHTS = 3
DOCUMENTS = DATASETS["documents"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that was found: its page, its caption, and the marked places."""

    link: str
    title: str
    places: tuple[tuple[str, Markup], ...]
    """Labels of fields, and their texts with the words marked."""


@dataclass(frozen=True, slots=True)
class HitGroup:
    """The hits in one dataset: the first of them, how many there are, and the page that lists all."""

    title: str
    total: int
    link: str
    hits: tuple[Hit, ...]


async def get_search_page(request: PageRequest) -> ApiResponse:
    """Return the page of a search; without `q` the form alone. Raises Problem (400, 503), NotModified."""
    refuse_page_parameters(request, SEARCH_PARAMS)
    values = dict(request.pairs)
    query = None
    if "q" in values:
        # The page shows the first hits of each dataset; the dataset's own page turns over the rest.
        pairs = tuple((name, value) for name, value in request.pairs if name in ("q", "dataset"))
        query = parse_search_query((*pairs, ("limit", str(MAX_HITS))), DATASETS, request.context.settings)

    async def build() -> tuple[Frame, Mapping[str, Any]]:
        text, words = request.text, values.get("q", "")
        groups, total = await find_groups(request, query, words) if query else ([], 0)
        frame = Frame(
            title=text(f"搜索：{words}", f"Search: {words}") if words else text("搜索", "Search"),
            description=text(
                "在公文、村名、断面、人名等全部数据中搜索", "Search documents, villages, people and all other data"
            ),
            path="/search",
            pairs=request.pairs,
            data=request.addresses.api(f"/v1/search{query_text(request.pairs)}") if words else "",
            indexed=False,
        )
        with_text = FilterCondition("body", "isnull", (False,))
        texts = await request.context.repository.count(
            DOCUMENTS, DatasetQuery(conditions=(with_text,)), request.context.today()
        )
        return frame, {"words": words, "groups": groups, "total": total, "has_text": texts > 0}

    return await respond_page(request, "search.html", build)


async def find_groups(request: PageRequest, query: SearchQuery, words: str) -> tuple[list[HitGroup], int]:
    """Return the hits by dataset, the dataset with the best hit first, and their number. Raises DatabaseUnavailable."""
    context = request.context
    rows, total, _ = await fetch_hits(context, query)
    by_dataset: dict[str, list[tuple[Record, str]]] = {}
    for name, _, row_json, readings, *_ in rows:
        by_dataset.setdefault(name, []).append((from_json(row_json), readings))
    groups = []
    for name, found in by_dataset.items():
        dataset = DATASETS[name]
        records = [record for record, _ in found[:HITS_OF_A_GROUP]]
        names = await fetch_captions(context, dataset, records)
        hits = tuple(
            Hit(
                request.addresses.page(row_path(name, record["id"])),
                caption(dataset, record, names),
                marked_places(request, dataset, record, query, readings),
            )
            for record, readings in found[:HITS_OF_A_GROUP]
        )
        number = await context.repository.count(dataset, DatasetQuery(fulltext=query.fulltext), context.today())
        link = request.addresses.page(f"/{name}", [("q", words)])
        groups.append(HitGroup(request.text(dataset.title_zh, dataset.title_en), number, link, hits))
    return groups, total or 0


def marked_places(
    request: PageRequest, dataset: Dataset, record: Record, query: SearchQuery, readings: str
) -> tuple[tuple[str, Markup], ...]:
    """Return the places of a row where the words stand. Their texts are escaped already, but for the marks."""
    highlights = build_highlights(dataset, record, query.fulltext, parse_readings(readings))
    places = []
    for each in highlights[:MAX_HIGHLIGHTS]:
        spec = dataset.fields_by_name.get(each["field"])
        label = field_label(spec.info, request.language) if spec else each["field"]
        places.append((label, Markup(each["text"])))
    return tuple(places)
