"""The annexes of a document, and the first rows of every dataset that it prints."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.api.endpoints.pages.page import PageRequest
from app.api.endpoints.pages.table import fetch_table_rows
from app.datasets import DATASETS
from app.model.dataset import Dataset
from app.model.rows import Record, parse_rows
from app.parser.text.normalise import match_key
from app.query.params.dataset_query import DatasetQuery, FilterCondition
from app.renderers.akoma_ntoso.document import collect_annexes
from app.renderers.akoma_ntoso.structure import build_trees
from app.renderers.site.cells import Column, column, has_remarks, join_rows
from app.renderers.site.provision_views import ProvisionView

FIRST_ROWS = 10
"""Rows of a table on the page of a document; a link leads to all."""
AMONG_PROVISIONS = ("provisions", "relations", "commitments")
"""The datasets whose rows stand among the provisions of a document, not in tables."""


@dataclass(frozen=True, slots=True)
class TableHeading:
    """The head of a column of an annex table. It cannot be sorted here."""

    column: Column
    link: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True)
class AnnexTable:
    """The first rows of a dataset that a document prints, and the page that has all."""

    title: str
    printed_title: str
    headings: Sequence[TableHeading]
    table_body: str
    has_notes: bool
    total: int
    is_whole: bool
    """Whether the rows shown are all."""
    link: str


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex: its name, whether its content is held, its running text, its tables.

    `anchor` is empty for a second annex of the same number.
    """

    anchor: str
    number: str
    title: str
    is_held: bool
    view: ProvisionView | None
    tables: Sequence[AnnexTable]


async def fetch_tables(request: PageRequest, document_id: str) -> list[AnnexTable]:
    """Return the first rows of every dataset that has rows of a document. Raises DatabaseUnavailable."""
    tables = []
    for dataset in DATASETS.values():
        if dataset.name not in AMONG_PROVISIONS and refers_to(dataset, "document_id", "documents"):
            table = await fetch_table(request, dataset, document_id)
            if table.total:
                tables.append(table)
    return tables


async def fetch_table(request: PageRequest, dataset: Dataset, document_id: str) -> AnnexTable:
    """Return the first rows of a document in a dataset. Raises DatabaseUnavailable."""
    context, addresses = request.context, request.addresses
    query = DatasetQuery(
        conditions=(FilterCondition("document_id", "eq", (document_id,)),),
        sort=dataset.default_sort,
        limit=FIRST_ROWS,
    )
    page = await context.repository.fetch_page(dataset, query, context.today())
    rows = parse_rows(dataset, page.rows)
    shown = [name for name in dataset.shown_fields if name != "document_id"]
    columns = [
        column(dataset, name, request.language, addresses.base, position == 0) for position, name in enumerate(shown)
    ]
    table_rows = await fetch_table_rows(request, dataset, columns, page.rows)
    return AnnexTable(
        title=request.text(dataset.title_zh, dataset.title_en),
        printed_title=next((row["source"]["table"] for row in rows if row["source"] and row["source"]["table"]), ""),
        headings=[TableHeading(each) for each in columns],
        table_body=join_rows(table_rows),
        has_notes=has_remarks(table_rows),
        total=page.total or 0,
        is_whole=page.total == len(rows),
        link=addresses.page(f"/{dataset.name}", [("document_id", document_id)]),
    )


def place_tables(
    request: PageRequest,
    document: Record,
    provisions: Sequence[Record],
    roots: Sequence[ProvisionView],
    tables: Sequence[AnnexTable],
) -> tuple[list[Annex], list[AnnexTable]]:
    """Return the annexes with the tables that bear their titles, and the tables that belong to none."""
    views, annexes, anchors = {view.row["path"]: view for view in roots}, [], {""}
    for annex, node in collect_annexes(document, build_trees(provisions)):
        view = views.get(annex["path"]) if node else None
        anchor = view.anchor if view else annex["path"]
        title, number = annex["title"] or "", annex["number"] or ""
        annexes.append(
            Annex(
                anchor="" if anchor in anchors else anchor,
                number=request.text(f"附件{number}", f"Annex {number}".strip()),
                title=title,
                is_held=bool(annex["held"]),
                view=view,
                tables=[table for table in tables if title and match_key(table.printed_title) == match_key(title)],
            )
        )
        anchors.add(anchor)
    placed = [table for annex in annexes for table in annex.tables]
    return annexes, [table for table in tables if table not in placed]


def refers_to(dataset: Dataset, field: str, target: str) -> bool:
    """Return whether a field of a dataset holds ids of another one."""
    spec = dataset.fields_by_name.get(field)
    return spec is not None and spec.info.references == target
