"""The rows of a page as the body of a table."""

from collections.abc import Sequence

from app.api.endpoints.pages.page import PageRequest
from app.api.endpoints.related import fetch_names
from app.model.dataset import Dataset
from app.model.rows import parse_rows
from app.renderers.row_names import references
from app.renderers.site.addresses import query_text
from app.renderers.site.cells import Column, TableRow, place_words, render_row


async def fetch_table_rows(
    request: PageRequest, dataset: Dataset, columns: Sequence[Column], rows: Sequence[bytes]
) -> list[TableRow]:
    """Return rows as HTML, with the names of the rows that they refer to. Raises DatabaseUnavailable.

    `rows` are the rendered rows. Only those that were not shown before are parsed.
    """
    context, addresses = request.context, request.addresses
    table = (dataset.name, request.language, tuple(each.name for each in columns))
    known = context.table_rows.of_table(context.repository.version.cache_key, table)
    new = [row for row in rows if row not in known]
    if new:
        records = parse_rows(dataset, new)
        names = await fetch_names(context, references(dataset, records))
        place = place_words(request.language, addresses.base, query_text(addresses.page_pairs(())))
        for row, record in zip(new, records, strict=True):
            context.table_rows.add(known, row, render_row(dataset, columns, record, names, place))
    return [known[row] for row in rows]
