"""The page of a row: its fields beside what is printed, where it stands, what it is connected with, its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from app.api.endpoints.citations import build_citation
from app.api.endpoints.items import parse_item_query
from app.api.endpoints.pages.page import PageRequest, redirect, respond_page
from app.api.endpoints.pages.row_subjects import ROW_SUBJECTS
from app.api.endpoints.related import fetch_captions, fetch_names
from app.api.problems import service_unavailable
from app.datasets import DATASETS
from app.db.reader import DatabaseUnavailable
from app.errors import Problem
from app.http.response import ApiResponse
from app.model.dataset import Dataset
from app.model.rows import Record, from_json
from app.model.values import clip, parse_document_key
from app.query.params.dataset_query import DatasetQuery, FilterCondition
from app.renderers.captions import caption
from app.renderers.citations.text import CITATION_STYLES
from app.renderers.representations import CITATIONS
from app.renderers.row_names import Names, references, row_name
from app.renderers.site.cells import column, field_label, row_path
from app.renderers.site.templates import Frame

MAX_RELATED_ROWS = 8
NUMBER_FIELD = "document_number"
CHANGES = DATASETS["changes"]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a row: its label, its value as HTML, and what the print has in its place."""

    name: str
    label: str
    unit: str | None
    value: Markup
    printed: str | None
    """The printed cell; None where the field was not read from a table."""
    is_editorial: bool


@dataclass(frozen=True, slots=True)
class RelatedRows:
    """Rows of one dataset that refer to this one by one field: the first of them, and a link to all."""

    title: str
    field: str
    total: int
    link: str
    rows: Sequence[tuple[str, str]]
    """Link and caption."""


async def get_row_page(request: PageRequest, dataset: Dataset, key: str) -> ApiResponse:
    """Return the page of a row. Raises Problem (400, 404, 503), NotModified."""
    subject = ROW_SUBJECTS.get(dataset.name)
    own_parameters = subject.parameters if subject else ()
    pairs = tuple(pair for pair in request.pairs if pair[0] not in own_parameters)
    options = parse_item_query(dataset, pairs, can_expand=True).options
    if not key.isascii() and (row_id := await find_id_by_number(request, dataset, key)):
        return redirect(request.addresses.page(row_path(dataset.name, row_id), request.pairs))

    async def build() -> tuple[Frame, Mapping[str, Any]]:
        row = await find_row(request, dataset, key, options)
        values = await build_row_page(request, dataset, row, subject is None or subject.shows_related)
        if subject:
            values |= await subject.load(request, dataset, row, values)
        return row_frame(request, dataset, row, values), values

    return await respond_page(request, subject.template if subject else "row.html", build, dataset)


async def find_id_by_number(request: PageRequest, dataset: Dataset, key: str) -> str | None:
    """Return the id of the document with a number, in any bracket and width. No id has other characters than ASCII.

    Raises Problem (503).
    """
    if NUMBER_FIELD not in dataset.fields_by_name:
        return None
    context, number = request.context, parse_document_key(key)
    try:
        row = await context.repository.find_by_field(dataset, NUMBER_FIELD, number, {}, context.today())
    except DatabaseUnavailable as error:
        raise service_unavailable(error) from None
    return from_json(row.row_json)["id"] if row else None


async def find_row(request: PageRequest, dataset: Dataset, key: str, options: Mapping[str, str]) -> Record:
    """Return a row by its id. Raises Problem (404), DatabaseUnavailable."""
    context = request.context
    row = await context.repository.find_by_id(dataset, key, dict(options), context.today())
    if row is None:
        raise Problem(404, f"{dataset.name} has no row '{clip(key)}'.")
    return from_json(row.row_json)


def row_frame(request: PageRequest, dataset: Dataset, row: Record, values: Mapping[str, Any]) -> Frame:
    """Return what surrounds the page of a row."""
    text, addresses = request.text, request.addresses
    return Frame(
        title=values["title"],
        description=values["caption"],
        path=row_path(dataset.name, row["id"]),
        pairs=request.pairs,
        data=addresses.api(f"/v1{row_path(dataset.name, row['id'])}", request.pairs),
        linked_data=values.get("linked_data", ""),
        trail=values.get("trail") or ((f"/{dataset.name}", text(dataset.title_zh, dataset.title_en)),),
        indexed=not request.pairs,
    )


async def build_row_page(request: PageRequest, dataset: Dataset, row: Record, with_related: bool) -> dict[str, Any]:
    """Return the values of the template. Raises DatabaseUnavailable."""
    context = request.context
    names = await fetch_names(context, row_references(dataset, row))
    own_name = row_name(dataset, row)
    own_path = row_path(dataset.name, row["id"])
    citation = replace(await build_citation(context, dataset, row), url=request.addresses.absolute(own_path))
    captions = await fetch_captions(context, dataset, [row])
    return {
        "dataset": dataset,
        "row": row,
        "names": names,
        "title": own_name.zh if request.language == "zh" else own_name.en,
        "caption": caption(dataset, row, captions),
        "fields": field_views(request, dataset, row, names),
        "source": row["source"] or {},
        "related": await fetch_related(request, dataset, row) if with_related else [],
        "history": await fetch_history(request, dataset, row),
        "citations": [(style.title, style.write(citation)) for style in CITATION_STYLES],
        "citation_files": [
            (each.title, request.addresses.api(f"/v1{own_path}{each.suffix}")) for each in CITATIONS.values()
        ],
        "api_url": request.addresses.absolute_api(f"/v1{own_path}"),
    }


def row_references(dataset: Dataset, row: Record) -> list[tuple[str, str]]:
    """Return dataset and id of all rows that a row names, its source included."""
    source = row["source"] or {}
    found = list(references(dataset, [row]))
    for target, member in (("issues", "issue_id"), ("documents", "document_id")):
        if source.get(member):
            found.append((target, source[member]))
    if dataset is CHANGES:
        found.append((row["dataset"], row["row_id"]))
    return found


def field_views(request: PageRequest, dataset: Dataset, row: Record, names: Names) -> list[FieldView]:
    """Return the fields of a row in their order. `notes` stand apart, and so does the status of a figure."""
    printed, views = row.get("printed") or {}, []
    for spec in dataset.fields:
        if spec.name == "notes" or (spec.name.removesuffix("_status") in printed and spec.name.endswith("_status")):
            continue
        shown = column(dataset, spec.name, request.language, request.addresses.base, False, is_full=True)
        cell = printed.get(spec.name)
        views.append(
            FieldView(
                spec.name,
                field_label(spec.info, request.language),
                spec.info.unit,
                Markup(shown.render(row, names)),
                str(cell) if cell is not None else None,
                spec.info.editorial,
            )
        )
    return views


async def fetch_related(request: PageRequest, dataset: Dataset, row: Record) -> list[RelatedRows]:
    """Return the rows that refer to a row, by dataset and field. Raises DatabaseUnavailable."""
    found = []
    for other in DATASETS.values():
        for spec in other.fields:
            if spec.info.references == dataset.name:
                op = "has" if spec.kind == "list" else "eq"
                related = await fetch_referring_rows(request, other, spec.name, op, row["id"])
                if related.total:
                    found.append(related)
    return found


async def fetch_referring_rows(request: PageRequest, other: Dataset, field: str, op: str, row_id: str) -> RelatedRows:
    """Return the rows of a dataset that have an id in a field. Raises DatabaseUnavailable."""
    context, text = request.context, request.text
    query = DatasetQuery(
        conditions=(FilterCondition(field, op, (row_id,)),), sort=other.default_sort, limit=MAX_RELATED_ROWS
    )
    page = await context.repository.fetch_page(other, query, context.today())
    rows = [from_json(each) for each in page.rows]
    captions = await fetch_captions(context, other, rows) if rows else {}
    parameter = field if op == "eq" else f"{field}__{op}"
    label = field_label(other.fields_by_name[field].info, request.language)
    return RelatedRows(
        title=text(other.title_zh, other.title_en),
        field=label,
        total=page.total or 0,
        link=request.addresses.page(f"/{other.name}", [(parameter, row_id)]),
        rows=[
            (request.addresses.page(row_path(other.name, each["id"])), caption(other, each, captions)) for each in rows
        ],
    )


async def fetch_history(request: PageRequest, dataset: Dataset, row: Record) -> list[Record]:
    """Return the logged changes of a row, the newest first. Raises DatabaseUnavailable."""
    if dataset is CHANGES:
        return []
    context = request.context
    query = DatasetQuery(
        conditions=(FilterCondition("dataset", "eq", (dataset.name,)), FilterCondition("row_id", "eq", (row["id"],))),
        sort=CHANGES.default_sort,
        limit=MAX_RELATED_ROWS,
    )
    page = await context.repository.fetch_page(CHANGES, query, context.today())
    return [from_json(each) for each in page.rows]
