"""The page of a dataset: the filter in words, a form, counts, the table, downloads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.api.endpoints.pages.facets import (
    build_facets,
    facet_choices,
    fetch_facet_groups,
    group_references,
    label_groups,
)
from app.api.endpoints.pages.page import HTML, PageRequest, page_headers, respond_page
from app.api.endpoints.pages.subjects import SUBJECTS
from app.api.endpoints.pages.table import fetch_table_rows
from app.api.endpoints.related import fetch_names
from app.api.links import NON_FEED_PARAMS
from app.datasets import DATASETS
from app.errors import Problem
from app.http.response import ApiResponse
from app.model.dataset import Dataset
from app.query.page import Page
from app.query.params.controls import MAX_LIMIT
from app.query.params.cursor import Cursor, encode_cursor
from app.query.params.dataset_query import DatasetQuery
from app.renderers.representations import FEEDS, TABLE_FORMATS
from app.renderers.row_names import Names
from app.renderers.site.addresses import PAGING, replaced, without
from app.renderers.site.cells import Column, column, field_label, has_remarks, join_rows
from app.renderers.site.filter_form import build_controls
from app.renderers.site.filter_words import describe_order, filter_references, parameter_phrase
from app.renderers.site.language import Language
from app.renderers.site.snippets import query_snippets
from app.renderers.site.templates import Frame, render_template

DOCUMENTS = DATASETS["documents"]
"""Its rows depend on the current day: a page that does so too has its entity tag and freshness."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column: its text, the page sorted by it, and how the present page is sorted by it."""

    column: Column
    link: str
    order: str
    """`ascending`, `descending` or empty, as `aria-sort` has it."""


async def get_dataset_page(request: PageRequest, dataset: Dataset) -> ApiResponse:
    """Return the page of a dataset. A query with a fault gives the form with what is wrong, as a 400.

    Raises Problem (503), NotModified.
    """
    try:
        query = request.context.parse_cache.parse_page_query(dataset, request.pairs)
    except Problem as problem:
        if problem.status != 400:
            raise
        return faulty_query_page(request, dataset, problem)
    subject = SUBJECTS.get(dataset.name)

    async def build() -> tuple[Frame, Mapping[str, Any]]:
        values = await build_dataset_page(request, dataset, query)
        if subject:
            values |= await subject.load(request, dataset, query, values)
        return dataset_frame(request, dataset, values), values

    dated = DOCUMENTS if subject and subject.depends_on_today else dataset
    return await respond_page(request, subject.template if subject else "dataset.html", build, dated)


def dataset_frame(request: PageRequest, dataset: Dataset, values: Mapping[str, Any]) -> Frame:
    """Return what surrounds the page of a dataset."""
    text, addresses = request.text, request.addresses
    title = text(dataset.title_zh, dataset.title_en)
    api_path, in_words = f"/v1/{dataset.name}", values["sentence"]
    feed_pairs = without(request.pairs, *NON_FEED_PARAMS)
    return Frame(
        title=text(f"{title}：{in_words}", f"{title}: {in_words}") if request.pairs else title,
        description=text(dataset.description_zh, dataset.description_en),
        path=f"/{dataset.name}",
        pairs=request.pairs,
        data=addresses.api(api_path, request.pairs),
        feeds=tuple(
            (feed.media_type, addresses.api(f"{api_path}{feed.suffix}", feed_pairs), f"{title} ({feed.title})")
            for feed in FEEDS.values()
        ),
        trail=(("/datasets", text("数据", "Data")),),
        indexed=not request.pairs,
    )


async def build_dataset_page(request: PageRequest, dataset: Dataset, query: DatasetQuery) -> dict[str, Any]:
    """Return the values of the template. Raises DatabaseUnavailable, Problem (503)."""
    context, addresses = request.context, request.addresses
    page = await context.repository.fetch_page(dataset, query, context.today())
    facet_groups = await fetch_facet_groups(request, dataset, query)
    values = dict(request.pairs)
    wanted = [*filter_references(dataset, request.pairs), *group_references(dataset, facet_groups)]
    names = await fetch_names(context, wanted)
    labelled = label_groups(request, dataset, facet_groups, names)
    columns = table_columns(request, dataset, query)
    rows = await fetch_table_rows(request, dataset, columns, page.rows)
    first, more, hidden = build_controls(dataset, values, facet_choices(labelled), request.language)
    phrases = filter_links(request, dataset, values, names)
    csv_url = addresses.absolute_api(f"/v1/{dataset.name}.csv", export_pairs(request))
    return {
        "dataset": dataset,
        "problem": None,
        "query_values": values,
        "sentence": sentence(request, dataset, values, phrases),
        "phrases": phrases,
        "controls": first,
        "more_controls": more,
        "hidden": hidden,
        "facets": build_facets(request, dataset, labelled),
        "headings": [heading(request, dataset, each, query) for each in columns],
        "has_rows": bool(rows),
        "table_body": join_rows(rows),
        "has_notes": has_remarks(rows),
        "total": page.total,
        "dataset_total": context.repository.version.totals.get(dataset.name, 0),
        "paging": paging(request, dataset, query, page),
        "all_columns": column_choices(dataset, request.language, tuple([each.name for each in columns])),
        "downloads": downloads(request, dataset),
        "snippets": query_snippets(csv_url, request.text),
        "api_url": addresses.absolute_api(f"/v1/{dataset.name}", request.pairs),
        "rows": page.rows,
        "max_limit": MAX_LIMIT,
    }


def faulty_query_page(request: PageRequest, dataset: Dataset, problem: Problem) -> ApiResponse:
    """Return the page for a query with a fault: the form, and what is wrong."""
    values = dict(request.pairs)
    first, more, hidden = build_controls(dataset, values, {}, request.language)
    title = request.text(dataset.title_zh, dataset.title_en)
    frame = Frame(
        title=request.text(f"{title}：查询有误", f"{title}: faulty query"),
        description=request.text(dataset.description_zh, dataset.description_en),
        path=f"/{dataset.name}",
        pairs=(),
        trail=(("/datasets", request.text("数据", "Data")),),
        indexed=False,
    )
    faulty = {fault.parameter for fault in problem.errors}
    content = {
        "dataset": dataset,
        "problem": problem,
        "query_values": values,
        "controls": first,
        "more_controls": more,
        "hidden": [pair for pair in hidden if pair[0] not in faulty],
    }
    body = render_template("faulty_query.html", frame, request.site, request.addresses, content)
    headers = {**page_headers(request.language), "Cache-Control": "no-store"}
    return ApiResponse(HTML, body, headers, status=400)


def sentence(
    request: PageRequest, dataset: Dataset, values: Mapping[str, str], phrases: Sequence[tuple[str, str, str]]
) -> str:
    """Return the whole query in words; `phrases` are those of its filters."""
    text = request.text
    joined = text("，且", " and ").join([phrase for phrase, _, _ in phrases])
    if "sort" in values:
        order = describe_order(dataset, values["sort"], request.language)
        joined = text("；", "; ").join(filter(None, (joined, order)))
    return joined or text("全部", "all")


def filter_links(
    request: PageRequest, dataset: Dataset, values: Mapping[str, str], names: Names
) -> list[tuple[str, str, str]]:
    """Return each filter in words, its parameter, and the page without it."""
    phrases, path = [], f"/{dataset.name}"
    for name, value in values.items():
        phrase = parameter_phrase(dataset, name, value, names, request.language)
        if phrase:
            phrases.append((phrase, name, request.addresses.page(path, without(request.pairs, name, *PAGING))))
    return phrases


def table_columns(request: PageRequest, dataset: Dataset, query: DatasetQuery) -> list[Column]:
    """Return the columns of the table: those that `fields` names, or the dataset's own."""
    chosen = [name for name in query.fields or () if name in dataset.fields_by_name]
    names, base = chosen or dataset.shown_fields, request.addresses.base
    return [column(dataset, name, request.language, base, position == 0) for position, name in enumerate(names)]


@lru_cache(maxsize=128)
def column_choices(dataset: Dataset, language: Language, shown: tuple[str, ...]) -> tuple[tuple[str, str, bool], ...]:
    """Return all columns of a dataset: name, label, and whether the table shows it."""
    return tuple((spec.name, field_label(spec.info, language), spec.name in shown) for spec in dataset.fields)


def heading(request: PageRequest, dataset: Dataset, each: Column, query: DatasetQuery) -> Heading:
    """Return the head of a column. A click sorts by it, a second click the other way round."""
    if not each.sortable:
        return Heading(each, "", "")
    field, descending = query.sort[0]
    order = "" if field != each.name else "descending" if descending else "ascending"
    key = f"-{each.name}" if order == "ascending" else each.name
    pairs = replaced(request.pairs, "sort", key)
    return Heading(each, request.addresses.page(f"/{dataset.name}", pairs), order)


def paging(request: PageRequest, dataset: Dataset, query: DatasetQuery, page: Page) -> dict[str, str]:
    """Return the links to the first, the previous and the next page, where there are any."""
    pairs, path = without(request.pairs, *PAGING), f"/{dataset.name}"

    def turn(cursor: Cursor | None) -> str:
        if cursor is None:
            return ""
        return request.addresses.page(path, [*pairs, ("cursor", encode_cursor(cursor, query.cursor_scope))])

    first = request.addresses.page(path, pairs) if page.previous_cursor else ""
    return {"first": first, "previous": turn(page.previous_cursor), "next": turn(page.next_cursor)}


def export_pairs(request: PageRequest) -> list[tuple[str, str]]:
    """Return the parameters with which an export has the rows of the page's query."""
    return without(request.pairs, "limit", "offset", "cursor", "count", "expand")


def downloads(request: PageRequest, dataset: Dataset) -> list[dict[str, str]]:
    """Return the files to download: the rows of this query, and all rows."""
    files = []
    for table in TABLE_FORMATS.values():
        options: list[tuple[str, str]] = []
        if "lang" in table.extra_parameters and request.language == "zh":
            options.append(("lang", "zh"))
        if "bom" in table.extra_parameters:
            options.append(("bom", "true"))
        path = f"/v1/{dataset.name}{table.suffix}"
        files.append(
            {
                "title": table.title,
                "view": request.addresses.api(path, [*export_pairs(request), *options]),
                "all": request.addresses.api(path, options),
            }
        )
    return files
