"""The contents list of an issue as printed, each line with a link to what it announces."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.api.endpoints.pages.page import PageRequest
from app.api.endpoints.related import fetch_where_in
from app.datasets import DATASETS
from app.model.rows import Record
from app.renderers.site.cells import row_path

DOCUMENTS = DATASETS["documents"]


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """A line of the contents list. `link` is empty where nothing is held of what it announces."""

    section: str
    title: str
    number: str
    page: int | None
    link: str


PARTS_OF_AN_ISSUE: Sequence[tuple[re.Pattern[str], str, str]] = (
    (re.compile("记事|纪事"), "events", ""),
    (re.compile("简讯|要闻|动态|专题"), "briefs", "id__startswith"),
    (re.compile("统计|经济指标"), "observations", "issue_id"),
)
"""What a section or title announces, the dataset that holds it, and the parameter that takes the issue."""
PREFIX_PARAMETER = "id__startswith"


async def contents_lines(request: PageRequest, issue: Record) -> list[ContentsLine]:
    """Return the contents list of an issue. Raises DatabaseUnavailable."""
    lines = issue["contents"] or []
    numbers = [line["document_number"] for line in lines if line["document_number"]]
    held = await fetch_where_in(request.context, DOCUMENTS, "document_number", numbers) if numbers else []
    documents = {row["document_number"]: row["id"] for row in held}
    totals = request.context.repository.version.totals
    return [
        ContentsLine(
            line["section"] or "",
            line["title"] or "",
            line["document_number"] or "",
            line["page"],
            line_link(request, issue, line, documents, totals),
        )
        for line in lines
    ]


def line_link(
    request: PageRequest, issue: Record, line: Record, documents: Mapping[str, str], totals: Mapping[str, int]
) -> str:
    """Return the page of what a line announces, or an empty string."""
    document_id = documents.get(line["document_number"] or "")
    if document_id:
        return request.addresses.page(row_path("documents", document_id))
    if line["document_number"]:
        return ""
    announced = f"{line['section'] or ''} {line['title'] or ''}"
    for pattern, dataset, parameter in PARTS_OF_AN_ISSUE:
        if pattern.search(announced) and totals.get(dataset):
            value = f"{issue['id']}." if parameter == PREFIX_PARAMETER else issue["id"]
            return request.addresses.page(f"/{dataset}", [(parameter, value)] if parameter else [])
    return ""
